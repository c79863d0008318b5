package lang

import (
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/record/edtf"
)

// Date writes an EDTF text, such as "2013-01-10" or "2003/2017", for a
// reader. A text that is not a date is returned unchanged, and nothing for
// an empty one.
func (p *Printer) Date(text string) string {
	if text == "" {
		return ""
	}
	d, err := edtf.Parse(text)
	if err != nil {
		return text
	}
	return p.When(d)
}

// When writes a date for a reader; "date.none" for the zero Date.
func (p *Printer) When(d edtf.Date) string {
	if d.IsZero() {
		return p.T("date.none")
	}
	if !d.IsInterval() {
		return p.qualified(d, p.single(d))
	}
	start, end := d.Ends()
	switch {
	case d.StartKind() == edtf.EndOpen && d.EndKind() == edtf.EndOpen:
		return p.T("date.none")
	case d.StartKind() == edtf.EndOpen:
		return p.T("date.until", "date", p.When(end))
	case d.StartKind() == edtf.EndUnknown:
		return p.T("date.by", "date", p.When(end))
	case d.EndKind() == edtf.EndOpen:
		return p.T("date.since", "date", p.When(start))
	case d.EndKind() == edtf.EndUnknown:
		return p.T("date.from", "date", p.When(start))
	}
	if start.String() == end.String() {
		return p.When(start)
	}
	plain := !start.Approximate() && !start.Uncertain() && !end.Approximate() && !end.Uncertain() &&
		!start.Unspecified() && !end.Unspecified()
	a, b := firstDay(start), firstDay(end)
	switch {
	case plain && start.Precision() == edtf.PrecisionYear && end.Precision() == edtf.PrecisionYear && a.year > 0:
		return p.leftToRight(strconv.Itoa(a.year) + "–" + strconv.Itoa(b.year))
	case plain && start.Precision() == edtf.PrecisionDay && end.Precision() == edtf.PrecisionDay && a.year == b.year && a.month == b.month:
		return p.T("date.day", "day", p.leftToRight(strconv.Itoa(a.day)+"–"+strconv.Itoa(b.day)), "month", p.month(a.month), "year", p.year(a.year))
	}
	return p.T("date.span", "start", p.When(start), "end", p.When(end))
}

// Clock writes the time of day of a date that has one, in the zone it was
// written in; nothing for another.
func (p *Printer) Clock(d edtf.Date) string {
	_, clock, ok := strings.Cut(strings.TrimRight(d.String(), "?~%"), "T")
	if !ok {
		return ""
	}
	zone := ""
	if i := strings.IndexAny(clock, "Z+-"); i >= 0 {
		clock, zone = clock[:i], clock[i:]
	}
	switch {
	case zone == "":
		return clock
	case zone == "Z":
		return p.T("date.zone", "time", p.leftToRight(clock), "zone", "UTC")
	}
	return p.T("date.zone", "time", p.leftToRight(clock), "zone", p.leftToRight("UTC"+zone))
}

type civil struct{ year, month, day int }

func firstDay(d edtf.Date) civil {
	day, _ := d.Earliest()
	y, m, n := day.Civil()
	return civil{y, m, n}
}

func (p *Printer) qualified(d edtf.Date, s string) string {
	switch {
	case d.Approximate() && d.Uncertain():
		return p.T("date.about_perhaps", "date", s)
	case d.Approximate():
		return p.T("date.about", "date", s)
	case d.Uncertain():
		return p.T("date.perhaps", "date", s)
	}
	return s
}

// single writes a date without its qualifier.
func (p *Printer) single(d edtf.Date) string {
	first := firstDay(d)
	switch d.Precision() {
	case edtf.PrecisionDateTime:
		return p.T("date.at", "date", p.day(first), "time", p.Clock(d))
	case edtf.PrecisionDay:
		return p.day(first)
	case edtf.PrecisionMonth:
		return p.T("date.month", "month", p.month(first.month), "year", p.year(first.year))
	case edtf.PrecisionSeason:
		key := map[int]string{3: "date.spring", 6: "date.summer", 9: "date.autumn", 12: "date.winter"}[first.month]
		return p.T(key, "year", p.year(first.year))
	case edtf.PrecisionDecade, edtf.PrecisionCentury:
		latest, _ := d.Latest()
		last, _, _ := latest.Civil()
		if first.year > 0 {
			return p.leftToRight(strconv.Itoa(first.year) + "–" + strconv.Itoa(last))
		}
		return p.T("date.span", "start", p.year(first.year), "end", p.year(last))
	}
	return p.year(first.year)
}

func (p *Printer) day(c civil) string {
	return p.T("date.day", "day", strconv.Itoa(c.day), "month", p.month(c.month), "year", p.year(c.year))
}

func (p *Printer) month(m int) string {
	// A message of its own for each month, named by its number.
	return p.T("month." + strconv.Itoa(m))
}

// year writes a year without grouping; 0 and below count back from 1 BC.
func (p *Printer) year(y int) string {
	if y > 0 {
		return strconv.Itoa(y)
	}
	return p.T("date.bc", "year", strconv.Itoa(1-y))
}
