package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/record"
)

// GDELT's DOC 2.0 API answers "timelinevolraw" with counts and "timelinevol" with
// shares in percent, both as JSON and as a table Date,Series,Value. Its table has
// the counts and the totals of a day as two rows; its JSON has the total beside
// the count as "norm". Short spans come by the hour or quarter.

// The series of a GDELT timeline, folded as [table.Key] folds.
const (
	gdeltMatched = "articlecount"
	gdeltAll     = "totalmonitoredarticles"
	gdeltShare   = "volumeintensity"
)

// seriesKey folds the name of a series.
func seriesKey(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// gdeltPoint is what one instant has of each series.
type gdeltPoint struct {
	day           string
	line, allLine int
	matched, all  string
}

// gdeltRow gathers the rows of an instant, which become days when all are read.
func (b *daysBuilder) gdeltRow(h *table.Header) (func(*table.Row), error) {
	date, _ := h.Column("Date")
	series, _ := h.Column("Series")
	value, _ := h.Column("Value")
	b.sums = true
	half := map[string]*gdeltPoint{} // by instant as printed, waiting for its other series
	seen := map[string]int{}
	return func(row *table.Row) {
		line := int(row.Line)
		if len(row.Cells) <= max(date, series, value) {
			b.refuse(line, "", say("row_cells", "cells", len(row.Cells)))
			return
		}
		at := strings.TrimSpace(row.Cells[date])
		day, fine, ok := coverageDay(at)
		if !ok {
			b.refuse(line, "Date", say("series_day", "cell", at))
			return
		}
		kind := seriesKey(row.Cells[series])
		if first, twice := seen[at+"\n"+kind]; twice {
			b.refuse(line, "Date", say("series_there", "day", at, "line", first))
			return
		}
		seen[at+"\n"+kind] = line
		p := half[at]
		if p == nil {
			p = &gdeltPoint{day: day}
			half[at] = p
		}
		switch kind {
		case gdeltMatched:
			if _, err := coverageCount(row.Cells[value]); err != nil {
				b.refuse(line, "Value", err)
				return
			}
			p.matched, p.line = row.Cells[value], line
		case gdeltAll:
			p.all, p.allLine = row.Cells[value], line
			b.file.Rows-- // one day is one row
			if p.matched == "" {
				return
			}
		case gdeltShare:
			b.gdeltShare(line, day, fine, row.Cells[value])
			return
		default:
			b.refuse(line, "Series", say("series_kind", "cell", row.Cells[series]))
			return
		}
		if p.matched == "" {
			return
		}
		// The total comes in the next row, or does not come at all.
		b.gdeltCount(p)
	}, nil
}

// gdeltCount enters an instant: first without its total, then with it.
func (b *daysBuilder) gdeltCount(p *gdeltPoint) {
	n, err := coverageCount(p.matched)
	if err != nil {
		b.refuse(p.line, "value", err)
		return
	}
	if b.instants == nil {
		b.instants = map[*gdeltPoint]record.DayCount{}
	}
	d := record.DayCount{Day: p.day, Matched: n, All: -1}
	if p.all != "" {
		if d.All, err = coverageCount(p.all); err != nil {
			b.note(p.allLine, "Value", say("series_total", "day", p.day, "cell", p.all))
			d.All = -1
		}
	}
	if d.All >= 0 && d.Matched > d.All {
		b.refuse(p.line, "Value", say("series_more_than_all", "matched", d.Matched, "all", d.All))
		delete(b.instants, p)
		return
	}
	b.instants[p] = d
}

func (b *daysBuilder) gdeltShare(line int, day string, fine bool, value string) {
	if fine {
		b.refuse(line, "Date", say("series_hours"))
		return
	}
	s, err := coverageShare(value)
	if err != nil {
		b.refuse(line, "Value", err)
		return
	}
	b.add(line, record.DayCount{Day: day, Matched: -1, All: -1, Share: s}, "Value")
}

// gdeltTimeline is the JSON form.
type gdeltTimeline struct {
	Details struct {
		Title string `json:"title"`
	} `json:"query_details"`
	Timeline []struct {
		Series string `json:"series"`
		Data   []struct {
			Date  string      `json:"date"`
			Value json.Number `json:"value"`
			Norm  json.Number `json:"norm"`
		} `json:"data"`
	} `json:"timeline"`
}

// json reads a document, whose members say which export it is.
func (b *daysBuilder) json(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	var doc json.RawMessage
	if err := d.Decode(&doc); err != nil {
		return fmt.Errorf("the file is no whole JSON document (it breaks off or is damaged at byte %d)", d.InputOffset())
	}
	var rest json.RawMessage
	if err := d.Decode(&rest); !errors.Is(err, io.EOF) {
		return errors.New("the file holds more than one JSON document")
	}
	if doc[0] == '{' {
		var t gdeltTimeline
		var members map[string]json.RawMessage
		if json.Unmarshal(doc, &members) != nil {
			return wrongCoverage("JSON")
		}
		if _, ok := members["timeline"]; ok {
			if err := json.Unmarshal(doc, &t); err != nil {
				return fmt.Errorf("the timeline is not as GDELT writes it: %s", jsonMismatch(err))
			}
			return b.gdeltJSON(&t)
		}
	}
	return b.mediaCloudJSON(doc)
}

// jsonMismatch says what does not fit, without the words of the file.
func jsonMismatch(err error) string {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("%s is %s where it should not be", e.Field, e.Value)
	}
	return "a member has another type"
}

func (b *daysBuilder) gdeltJSON(t *gdeltTimeline) error {
	b.file.Format, b.file.Tool, b.file.Query = GDELTCoverage, record.ToolGDELT, strings.TrimSpace(t.Details.Title)
	b.sums = true
	totals := map[string]string{}
	known := false
	for _, s := range t.Timeline {
		if seriesKey(s.Series) == gdeltAll {
			for _, p := range s.Data {
				totals[p.Date] = p.Value.String()
			}
		}
	}
	line := 0
	for _, s := range t.Timeline {
		kind := seriesKey(s.Series)
		if kind == gdeltAll {
			continue
		}
		if kind != gdeltMatched && kind != gdeltShare {
			b.note(0, "series", say("series_kind_passed", "cell", s.Series))
			continue
		}
		if known {
			b.note(0, "series", say("series_second"))
			continue
		}
		known = true
		seen := map[string]int{}
		for _, p := range s.Data {
			line++
			b.file.Rows++
			day, fine, ok := coverageDay(p.Date)
			if !ok {
				b.refuse(line, "date", say("series_day", "cell", p.Date))
				continue
			}
			if first, twice := seen[p.Date]; twice {
				b.refuse(line, "date", say("series_there", "day", p.Date, "line", first))
				continue
			}
			seen[p.Date] = line
			if kind == gdeltShare {
				b.gdeltShare(line, day, fine, p.Value.String())
				continue
			}
			norm := p.Norm.String()
			if norm == "" {
				norm = totals[p.Date]
			}
			if p.Value == "" {
				b.refuse(line, "value", say("series_no_count", "day", day))
				continue
			}
			b.gdeltCount(&gdeltPoint{day: day, line: line, allLine: line, matched: p.Value.String(), all: norm})
		}
	}
	if !known {
		return wrongCoverage("a GDELT timeline of something else than articles (mode timelinevolraw or timelinevol is meant)")
	}
	return nil
}

// The columns of GDELT's table of mentions, which comes without a header.
const (
	mentionColumns  = 16
	mentionTime     = 2
	mentionAddress  = 5
	eventColumns    = 61
	gdeltInstantLen = 14 // YYYYMMDDhhmmss
)

// isMentions recognises the first row of a table of mentions.
func isMentions(cells []string) bool {
	return len(cells) == mentionColumns && allDigits(cells[0]) && len(cells[1]) == gdeltInstantLen && allDigits(cells[1]) &&
		len(cells[mentionTime]) == gdeltInstantLen && allDigits(cells[mentionTime])
}

// isEventExport recognises the first row of GDELT's table of events.
func isEventExport(cells []string) bool {
	return len(cells) == eventColumns && allDigits(cells[0]) && len(cells[1]) == 8 && allDigits(cells[1])
}

// mentions counts, per day, the distinct documents of a table of mentions. How
// many documents there were in all it does not say. A document that mentions
// several events of the table counts once; how many more rows it had is noted.
func (b *daysBuilder) mentions(data []byte) error {
	t, err := table.New(bytes.NewReader(data), table.Options{NoHeader: true, Delimiter: '\t', MaxRecord: 1 << 20, MaxBytes: maxCoverageFile})
	if err != nil {
		return err
	}
	defer t.Close()
	b.file.Format, b.file.Tool = GDELTCoverage, record.ToolGDELT
	at, address := mentionTime, mentionAddress
	seen := map[string]string{}
	repeats := 0
	for first := true; ; first = false {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read the mentions: %w", err)
		}
		if row.Role != table.RoleData {
			continue
		}
		line := int(row.Line)
		if first {
			if h := table.NewHeader(row.Cells); len(h.Missing("MentionTimeDate", "MentionIdentifier")) == 0 {
				at, _ = h.Column("MentionTimeDate")
				address, _ = h.Column("MentionIdentifier")
				continue
			}
		}
		b.file.Rows++
		if row.Refused || len(row.Cells) <= max(at, address) {
			b.refuse(line, "", say("row_unread"))
			continue
		}
		day, _, ok := coverageDay(row.Cells[at])
		if !ok {
			b.refuse(line, "MentionTimeDate", say("not_time", "cell", row.Cells[at]))
			continue
		}
		id := strings.TrimSpace(row.Cells[address])
		if id == "" {
			b.refuse(line, "MentionIdentifier", say("mention_document"))
			continue
		}
		if seen[id] == day {
			repeats++
			continue
		}
		seen[id] = day
		d := b.at[day]
		if d == nil {
			d = &builtDay{record.DayCount{Day: day, All: -1}, line}
			b.at[day] = d
		}
		d.Matched++
	}
	if repeats > 0 {
		b.note(0, "MentionIdentifier", say("mention_repeats", "n", repeats))
	}
	return nil
}
