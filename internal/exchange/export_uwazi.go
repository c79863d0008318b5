package exchange

import (
	"io"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// mainMeasures have columns of their own in the wide tables.
var mainMeasures = []record.Measure{record.Killed, record.Injured, record.Missing, record.Abducted, record.Detained, record.Participants}

// measureLabel turns a measure into a column label: "Killed".
func measureLabel(m record.Measure) string {
	s := strings.ReplaceAll(string(m), "_", " ")
	return strings.ToUpper(s[:1]) + s[1:]
}

// ExportUwazi writes a table that Uwazi's CSV import accepts, for one template
// whose properties have the labels of the header: text, but for Date (date),
// "Date range" (date range), Place_geolocation (geolocation) and the numbers
// (numeric). Titles are unique, since Uwazi links by title. A date stands in a
// date column only when the day is known; "Date as recorded" always holds what is
// known. Text that a spreadsheet would run as a formula gets an apostrophe in
// front, which our own import takes away again.
func ExportUwazi(w io.Writer, x Export) (*LossReport, error) {
	loss := &LossReport{Format: "uwazi"}
	loss.add("", "claims", "Uwazi has no type for a claim: they stand as text in the column Claims, without operator, scope and review as fields")
	header := []string{
		"Title", uwaziCode, "Address", "Type", "Date", "Date range", "Date as recorded", "Place_geolocation", "Place precision",
		"Site", "Town", "District", "Province", "Country", "Summary",
	}
	for _, m := range mainMeasures {
		label := measureLabel(m)
		for _, part := range []string{"low", "best", "high", "open", "status", "origins", "rule"} {
			header = append(header, label+" "+part)
		}
	}
	header = append(header, "Claims", "Listed sources")
	out := newSheetWriter(w)
	if err := out.row(header...); err != nil {
		return loss, err
	}
	var titles keySet
	err := x.each(loss, func(e *ExportEvent) error {
		title := english(e.Event.Title)
		if titles.has(title) {
			title += " (" + e.Event.Slug + ")"
		}
		titles.add(title, 1)
		cells := []string{TextCell(title), TextCell(e.Event.Slug), x.address(&e.Event), string(e.Event.Type)}
		cells = append(cells, uwaziDates(e, loss)...)
		p := e.Event.Where
		point := ""
		if p.Point != nil {
			point = coordinate(p.Point.Lat) + "|" + coordinate(p.Point.Lon)
		}
		cells = append(cells, point, string(p.Precision), TextCell(p.Site), TextCell(p.Town), TextCell(p.District), TextCell(p.Province), p.Country,
			TextCell(english(e.Event.Summary)))
		for _, m := range mainMeasures {
			cells = append(cells, figureCells(e.figure(m))...)
		}
		e.outside(loss, mainMeasures...)
		if len(e.Event.Title) > 1 || len(e.Event.Summary) > 1 {
			loss.add(e.Event.Slug, "title, summary", "only the English text is written")
		}
		cells = append(cells, TextCell(claimLines(e)), TextCell(sourceLines(e)))
		return out.row(cells...)
	})
	if err != nil {
		return loss, err
	}
	return loss, out.finish()
}

// uwaziDates returns the three date cells.
func uwaziDates(e *ExportEvent, loss *LossReport) []string {
	d := e.Event.When.Date
	text := d.String()
	switch {
	case d.IsZero():
		return []string{"", "", ""}
	case d.Precision() == edtf.PrecisionDay && !d.Approximate() && !d.Uncertain():
		return []string{text, "", text}
	case d.IsInterval() && !d.Approximate() && !d.Uncertain():
		start, end := d.Ends()
		if (start.IsZero() || start.Precision() == edtf.PrecisionDay) && (end.IsZero() || end.Precision() == edtf.PrecisionDay) && d.StartKind() != edtf.EndOpen && d.EndKind() != edtf.EndOpen {
			return []string{"", start.String() + ":" + end.String(), text}
		}
	}
	loss.add(e.Event.Slug, "date", "the day is not known for certain; the date stands in a text column only")
	return []string{"", "", text}
}

// figureCells are low, best, high, open, status, origins and rule, all blank
// where there is no figure.
func figureCells(f *figure.Figure) []string {
	if f == nil {
		return make([]string, 7)
	}
	return []string{number(f.Low), number(f.Best), number(f.High), truth(f.Open), string(f.Status), strconv.Itoa(f.Origins), string(f.Rule)}
}

// claimLines writes the claims as text, one on a line.
func claimLines(e *ExportEvent) string {
	var b strings.Builder
	for i := range e.Claims {
		line := claimLine(&e.Claims[i])
		if line == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	return b.String()
}

func claimLine(c *ClaimWithSource) string {
	m := &c.Claim
	var said string
	switch m.Kind {
	case record.KindMeasure:
		said = measureLabel(m.Measure) + ": " + numberText(m)
		if m.ScopePrinted != "" {
			said += " [" + m.ScopePrinted + "]"
		}
	case record.KindAttribute:
		said = measureLabel(record.Measure(m.Attribute)) + ": " + m.Value.Text
	default:
		said = m.Topic + ": " + english(m.Statement)
	}
	by := c.Source.Publisher
	if by == "" {
		by = english(c.Source.Title)
	}
	if when := c.Source.Published.Date.String(); when != "" {
		by += ", " + when
	}
	if m.AttributedTo.Text != "" {
		by += ", quoting " + m.AttributedTo.Text
	}
	return strings.Join(strings.Fields(said), " ") + " — " + by
}

// numberText writes a measure claim's number with its operator, or its words.
func numberText(m *record.Claim) string {
	if m.Words != "" {
		return m.Words
	}
	switch m.Operator {
	case record.AtLeast:
		return "at least " + number(m.Low)
	case record.MoreThan:
		if m.Low != nil {
			return "more than " + itoa(*m.Low-1)
		}
	case record.AtMost, record.LessThan:
		return "at most " + number(m.High)
	case record.About:
		return "about " + number(m.Low)
	case record.Between:
		text := number(m.Low) + " to " + number(m.High)
		if m.Best != nil {
			text += ", best " + number(m.Best)
		}
		return text
	}
	return number(m.Low)
}

func sourceLines(e *ExportEvent) string {
	var lines []string
	for _, s := range e.sources() {
		line := s.Publisher
		if line != "" {
			line += ": "
		}
		line += strings.Join(strings.Fields(english(s.Title)), " ")
		if when := s.Published.Date.String(); when != "" {
			line += ", " + when
		}
		if s.URL != "" {
			line += ", " + s.URL
		} else if s.Locator != "" {
			line += ", " + s.Locator
		}
		if s.Credit != "" {
			line += " (" + s.Credit + ")"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
