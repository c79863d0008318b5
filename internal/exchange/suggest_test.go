package exchange

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// uses writes what a suggestion makes of each column, in the order of the header.
func uses(m *Mapping, header []string) []string {
	of := map[string]string{}
	for _, c := range m.Columns() {
		field := strings.TrimRight(c.Field, "0123456789.[]")
		if i := strings.IndexByte(field, '['); i >= 0 {
			field = field[:i]
		}
		of[c.Name] += " " + field
	}
	for _, c := range m.Measures {
		for _, n := range []string{c.Column, c.Low, c.Best, c.High} {
			of[n] = " " + string(c.Measure)
		}
	}
	for _, c := range m.Attributes {
		of[c.Column] = " " + string(c.Attribute)
	}
	for _, c := range m.Statements {
		of[c.Column] = " text: " + c.Topic
	}
	var out []string
	for _, n := range header {
		out = append(out, strings.TrimSpace(of[n]))
	}
	return out
}

// TestSuggestedColumns gives invented tables with headers as lists of attacks have
// them. What may mean two things is left for a person to say.
func TestSuggestedColumns(t *testing.T) {
	for _, test := range []struct {
		name   string
		table  string // cells between bars
		want   string
		format DateFormat
	}{
		{
			"plain words", "when|what|where|dead|link\n2021-01-03|Testfall at the mine|Example Town|11|https://example.org/1\n2021-01-04|Testfall on the road|Example City|3|https://example.org/2",
			"date.column|event_title|place.site|killed|text: listed sources", DateISO,
		},
		{
			"the same attack twice", "id|when|what|where|dead\n1|2021-01-03|bombing|Example Town|11\n2|2021-01-04|bombing|Example Town|3",
			"key|date.column|type|place.site|killed", DateISO,
		},
		{
			"underscores", "event_id|event_date|place_name|city|fatalities|wounded|source_url|headline|description\nA-1|25/01/2031|Testfall Road|Example|4|5|https://example.org/1|Testfall one|short\nA-2|26/01/2031|Testfall Road|Example|4|5|https://example.org/1|Testfall two|text",
			"key|date.column|place.site|place.town|killed|injured|text: listed sources|event_title|text: description", DateDMY,
		},
		{
			"words run together", "EventID|EventDate|Town|Deaths|Hurt|Link\n7|January 10, 2031|Example|4|5|https://example.org/1\n9|January 12, 2031|Example|4|5|https://example.org/1",
			"key|date.column|place.town|killed|injured|text: listed sources", DateNamed,
		},
		{
			"days of the week and of the month", "no|day|weekday|where\n1|3|Monday|Example\n2|4|Tuesday|Example", "key|other|other|place.site", "",
		},
		{
			"dates of other things", "no|date added|report_date|candidate\n1|2031-01-03|2031-01-03|Testfall\n2|2031-01-04|2031-01-04|Testfall", "key|other|other|other", "",
		},
		{
			"a header in another language", "شمارہ|تاریخ|تفصیل\n1|2031-01-03|الف\n2|2031-01-05|ب", "key|date.column|other", DateISO,
		},
		{
			"two columns of days", "a|b|c\nx|2031-01-03|2031-01-03\ny|2031-01-05|2031-01-06", "key|other|other", "",
		},
		{
			"a last day", "no|start|end|town\n1|2031-01-03|2031-01-04|Example\n2|2031-01-05|2031-01-06|Example", "key|date.column|date.end|place.town", DateISO,
		},
		{
			"killed and killed of some", "no|police killed|killed in hospital|killed|casualties\n1|1|2|3|4\n2|1|2|3|4", "key|other|other|killed|other", "",
		},
		{
			"numbers that link", "no|link|where\n1|17|3\n2|18|4", "key|other|other", "",
		},
		{
			"a header that says nothing of addresses", "date|more|town\n2031-01-03|https://example.org/a|Example\n2031-01-03|https://example.org/b|Example",
			"date.column|text: listed sources|place.town", DateISO,
		},
		{
			"an identifier without a name", "date|town|file\n2031-01-03|Example|PK-0031\n2031-01-04|Example|PK-0047", "date.column|place.town|key", DateISO,
		},
		{
			"people of a place", "no|residents|president\n1|a|b\n2|a|b", "key|other|other", "",
		},
	} {
		var rows [][]string
		for line := range strings.SplitSeq(test.table, "\n") {
			rows = append(rows, strings.Split(line, "|"))
		}
		m := SuggestMapping(rows[0], rows[1:])
		if diff := cmp.Diff(strings.Split(test.want, "|"), uses(m, rows[0])); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.name, diff)
		}
		if m.Date.Format != test.format {
			t.Errorf("%s: dates are read as %q, want %q", test.name, m.Date.Format, test.format)
		}
		if m.Key == "" {
			m.Key = rows[0][0]
		}
		if m.Date.Column != "" && m.Date.Format == "" {
			continue
		}
		if err := m.Validate(); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		for _, c := range m.Columns() {
			if !slices.Contains(rows[0], c.Name) {
				t.Errorf("%s: there is no column %q", test.name, c.Name)
			}
		}
	}
}

func TestDateFormatOfCells(t *testing.T) {
	for _, test := range []struct {
		cells string
		want  DateFormat
	}{
		{"2021-01-03|2021-02-13", DateISO},
		{"2021-01-03|2021-02-13T10:00|2021-03", DateISO},
		{"2021-01-03|unknown|2021-31-10|2021-01-05|2021-01-06", DateISO}, // a gap and a mistake
		{"unknown|?|2021-01-05", ""},
		{"2021/01/03|2021/02/13", DateYMD},
		{"03/01/2021|13/02/2021", DateDMY},
		{"01/03/2021|02/13/2021", DateMDY},
		{"03.01.2021|04.01.2021", ""}, // day or month
		{"13.01.2021|01.13.2021", ""}, // both, by two hands
		{"3 January 2021|Feb 13, 2021", DateNamed},
		{"03/01/21", ""},
		{"", ""},
	} {
		if got := dateFormatOf(strings.Split(test.cells, "|")); got != test.want {
			t.Errorf("%s: %q, want %q", test.cells, got, test.want)
		}
	}
	var many []string
	for i := range 20 {
		many = append(many, fmt.Sprintf("0%d/0%d/2021", i%9+1, i%7+1))
	}
	if got := dateFormatOf(many); got != "" {
		t.Errorf("days that may be months are read as %q", got)
	}
}
