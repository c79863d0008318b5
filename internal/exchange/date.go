package exchange

import (
	"fmt"
	"strings"

	"github.com/gawah-project/gawah/internal/record/edtf"
)

// DateFormat says how a column prints its dates.
type DateFormat string

// The date formats a mapping can name. ISO accepts a year, a month or a day
// (2013, 2013-01, 2013-01-10, with or without a time) and any other EDTF level 1
// text; the two numeric ones accept the separators / - . and a space; Named
// accepts months as English words in any order ("10 Jan 2013", "Thursday,
// January 10, 2013").
const (
	DateISO   DateFormat = "iso"
	DateDMY   DateFormat = "d/m/y"
	DateMDY   DateFormat = "m/d/y"
	DateYMD   DateFormat = "y/m/d"
	DateNamed DateFormat = "named"
)

// DateFormats lists the formats in the order in which forms offer them.
func DateFormats() []DateFormat {
	return []DateFormat{DateISO, DateDMY, DateMDY, DateYMD, DateNamed}
}

var monthNames = [...]string{
	"", "January", "February", "March", "April", "May", "June",
	"July", "August", "September", "October", "November", "December",
}

var weekdayNames = [...]string{"", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

// civil is a calendar date; day and month are 0 where they are not known.
type civil struct{ year, month, day int }

// printed is the cell, or where a date stands in several, its three numbers.
func (c civil) printed(cell string) string {
	if cell == "" {
		return fmt.Sprintf("%d-%d-%d", c.year, c.month, c.day)
	}
	return cell
}

// check says what is wrong with a date that a cell prints, nil when it exists. The
// cell is blank for a date that stands in several.
func (c civil) check(cell string) error {
	switch {
	case c.year < 1 || c.year > 9999:
		return say("date_year", "cell", c.printed(cell), "year", c.year)
	case c.month < 0 || c.month > 12:
		if c.month <= edtf.DaysInMonth(c.year, c.day) {
			return say("date_month_swapped", "cell", c.printed(cell), "month", c.month)
		}
		return say("date_month", "cell", c.printed(cell), "month", c.month)
	case c.month == 0 && c.day != 0:
		return say("date_day_alone", "cell", c.printed(cell), "day", c.day)
	case c.day < 0 || c.month > 0 && c.day > edtf.DaysInMonth(c.year, c.month):
		return say("date_day", "cell", c.printed(cell), "day", c.day, "month", monthNames[c.month], "year", c.year)
	}
	return nil
}

// date returns the EDTF date to the precision known. The date must have passed
// check.
func (c civil) date() edtf.Date {
	var b [10]byte
	digits(b[0:4], c.year)
	n := 4
	if c.month > 0 {
		b[4] = '-'
		digits(b[5:7], c.month)
		n = 7
		if c.day > 0 {
			b[7] = '-'
			digits(b[8:10], c.day)
			n = 10
		}
	}
	d, err := edtf.Parse(string(b[:n]))
	if err != nil {
		return edtf.Date{}
	}
	return d
}

func digits(b []byte, n int) {
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
}

// isoDay reads YYYY-MM-DD at the start of s; what follows must be nothing or a
// time of day.
func isoDay(s string) (civil, bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' || len(s) > 10 && s[10] != ' ' && s[10] != 'T' {
		return civil{}, false
	}
	y, ok1 := plainInt(s[0:4])
	m, ok2 := plainInt(s[5:7])
	d, ok3 := plainInt(s[8:10])
	return civil{int(y), int(m), int(d)}, ok1 && ok2 && ok3
}

// readDate reads a cell in the given format. weekday (1 Monday to 7 Sunday) is
// what the cell names, 0 for none.
func readDate(cell string, format DateFormat) (date edtf.Date, weekday int, err error) {
	s := strings.TrimSpace(cell)
	var c civil
	switch format {
	case DateISO, "":
		var ok bool
		if c, ok = isoDay(s); !ok {
			d, err := edtf.Parse(s)
			if err != nil {
				return edtf.Date{}, 0, say("not_date", "cell", s)
			}
			return d, 0, nil
		}
	case DateNamed:
		if c, weekday, err = namedDate(s); err != nil {
			return edtf.Date{}, 0, err
		}
	default:
		if c, err = numericDate(s, format); err != nil {
			return edtf.Date{}, 0, err
		}
	}
	if err := c.check(s); err != nil {
		return edtf.Date{}, 0, err
	}
	return c.date(), weekday, nil
}

func numericDate(s string, format DateFormat) (civil, error) {
	day, _, _ := strings.Cut(s, " ")
	parts := strings.FieldsFunc(day, func(r rune) bool { return r == '/' || r == '-' || r == '.' })
	if len(parts) != 3 {
		parts = strings.Fields(s)
	}
	if len(parts) != 3 {
		return civil{}, say("date_form", "cell", s, "form", format)
	}
	var n [3]int
	for i, p := range parts {
		v, ok := plainInt(p)
		if !ok || len(p) > 4 {
			return civil{}, say("date_form", "cell", s, "form", format)
		}
		n[i] = int(v)
	}
	year := 2
	c := civil{n[2], n[1], n[0]}
	switch format {
	case DateMDY:
		c = civil{n[2], n[0], n[1]}
	case DateYMD:
		c, year = civil{n[0], n[1], n[2]}, 0
	}
	if len(parts[year]) != 4 {
		return civil{}, say("date_century", "cell", s)
	}
	return c, nil
}

// namedDate reads a date whose month is an English word, with or without the
// day of the week: "Thursday-January 10-2013", "Friday, June 18, 2004",
// "16 May 2025", "May 2013".
func namedDate(s string) (c civil, weekday int, err error) {
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ' ' || r == '-' || r == ',' || r == '/' || r == '.' }) {
		if n, ok := plainInt(strings.TrimRight(word, "stndrh")); ok {
			switch {
			case len(word) == 4 && allDigits(word) && c.year == 0:
				c.year = int(n)
			case n >= 1 && n <= 99 && c.day == 0:
				c.day = int(n)
			default:
				return c, 0, say("date_numbers", "cell", s)
			}
			continue
		}
		if m := prefixOf(word, monthNames[:]); m > 0 && c.month == 0 {
			c.month = m
			continue
		}
		if d := prefixOf(word, weekdayNames[:]); d > 0 && weekday == 0 {
			weekday = d
			continue
		}
		return c, 0, say("date_word", "cell", s, "word", word)
	}
	if c.year == 0 || c.month == 0 {
		return c, 0, say("date_named", "cell", s)
	}
	return c, weekday, nil
}

// prefixOf returns the index of the name that word is or abbreviates with at
// least three letters, 0 for none.
func prefixOf(word string, names []string) int {
	if len(word) < 3 {
		return 0
	}
	for i, n := range names {
		if i > 0 && len(word) <= len(n) && strings.EqualFold(n[:len(word)], word) {
			return i
		}
	}
	return 0
}

// wrongWeekday returns the weekday that a single day really is when it is
// another one than named, "" otherwise.
func wrongWeekday(d edtf.Date, named int) string {
	day, ok := d.Earliest()
	if !ok || named == 0 || d.Precision() != edtf.PrecisionDay || day.Weekday() == named {
		return ""
	}
	return weekdayNames[day.Weekday()]
}

// spanDate joins two days into the shortest honest text: the day, the whole
// month or year when they are its first and last day, else an interval. Both
// must exist and be in order.
func spanDate(a, b civil, wholeUnits bool) edtf.Date {
	if a == b {
		return a.date()
	}
	if wholeUnits && a.year == b.year && a.day == 1 {
		switch {
		case a.month == b.month && b.day == edtf.DaysInMonth(b.year, b.month):
			return civil{a.year, a.month, 0}.date()
		case a.month == 1 && b.month == 12 && b.day == 31:
			return civil{a.year, 0, 0}.date()
		}
	}
	d, err := edtf.NewInterval(a.date(), b.date())
	if err != nil {
		return edtf.Date{}
	}
	return d
}

// before reports whether a is an earlier day than b.
func (c civil) before(b civil) bool {
	if c.year != b.year {
		return c.year < b.year
	}
	if c.month != b.month {
		return c.month < b.month
	}
	return c.day < b.day
}
