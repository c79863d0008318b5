package exchange

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
)

// Media Cloud counts stories over time as date, count, total_count and ratio,
// as a table and as JSON: a list of days, or a document that has the list as
// "counts" or under "count_over_time". Only the counts are read; the ratio
// follows from them.

// mediaCloudDay is one entry. Older exports call the total "total".
type mediaCloudDay struct {
	Date  string      `json:"date"`
	Count json.Number `json:"count"`
	All   json.Number `json:"total_count"`
	Total json.Number `json:"total"`
}

// mediaCloudJSON reads the list of days wherever the document has it.
func (b *daysBuilder) mediaCloudJSON(data json.RawMessage) error {
	list, ok := countList(data, 4)
	if !ok {
		return wrongCoverage("JSON without counts over time")
	}
	b.file.Format, b.file.Tool = MediaCloudCoverage, record.ToolMediaCloud
	for i, raw := range list {
		line := i + 1
		b.file.Rows++
		var p mediaCloudDay
		if err := json.Unmarshal(raw, &p); err != nil {
			what := say("mediacloud")
			if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && e.Field != "" {
				what = say("mediacloud_member", "field", e.Field)
			}
			b.refuse(line, "", what)
			continue
		}
		d := record.DayCount{All: -1}
		if d.Day, _, ok = coverageDay(p.Date); !ok {
			b.refuse(line, "date", say("series_day", "cell", p.Date))
			continue
		}
		if p.Count == "" {
			b.refuse(line, "count", say("series_no_count", "day", d.Day))
			continue
		}
		var err error
		if d.Matched, err = coverageCount(p.Count.String()); err != nil {
			b.refuse(line, "count", err)
			continue
		}
		all := p.All
		if all == "" {
			all = p.Total
		}
		if all != "" {
			if d.All, err = coverageCount(all.String()); err != nil {
				b.refuse(line, "total_count", err)
				continue
			}
		}
		b.add(line, d, "count")
	}
	return nil
}

// countList finds a list of objects that have a date and a count, at most depth
// members down.
func countList(data json.RawMessage, depth int) ([]json.RawMessage, bool) {
	text := strings.TrimSpace(string(data))
	if depth == 0 || text == "" {
		return nil, false
	}
	if text[0] == '[' {
		var list []json.RawMessage
		if json.Unmarshal(data, &list) != nil || len(list) == 0 {
			return nil, false
		}
		var first map[string]json.RawMessage
		if json.Unmarshal(list[0], &first) != nil {
			return nil, false
		}
		_, day := first["date"]
		_, count := first["count"]
		return list, day && count
	}
	var members map[string]json.RawMessage
	if text[0] != '{' || json.Unmarshal(data, &members) != nil {
		return nil, false
	}
	for _, name := range []string{"count_over_time", "counts", "results", "data"} {
		if m, ok := members[name]; ok {
			if list, ok := countList(m, depth-1); ok {
				return list, true
			}
		}
	}
	return nil, false
}
