package edtf

import (
	"fmt"
)

// NewYear returns the date of a whole year.
func NewYear(year int) (Date, error) { return Parse(yearText(year)) }

// NewMonth returns the date of a whole month. Years beyond -9999 to 9999 have no
// months in this format and are refused.
func NewMonth(year, month int) (Date, error) {
	text := fmt.Sprintf("%s-%02d", yearText(year), month)
	if DaysInMonth(year, month) == 0 {
		return Date{}, noSuchMonth(text, year, month, "")
	}
	return Parse(text)
}

// NewDay returns the date of one day, or an error that names what does not exist.
func NewDay(year, month, day int) (Date, error) {
	return Parse(fmt.Sprintf("%s-%02d-%02d", yearText(year), month, day))
}

// Date returns the date of day d. Days outside the years -9999 to 9999 cannot be
// written and are refused.
func (d Day) Date() (Date, error) { return NewDay(d.Civil()) }

// NewInterval returns the interval from start to end. A zero end is unknown; use
// Parse for open ends. Ends that are themselves intervals or have a time are
// refused.
func NewInterval(start, end Date) (Date, error) {
	return Parse(start.text + "/" + end.text)
}

// WithQualifiers returns d with exactly the given qualifiers instead of its own,
// on both ends of an interval. It refuses a date with a time, which can carry
// none at level 1.
func (d Date) WithQualifiers(approximate, uncertain bool) (Date, error) {
	mark := ""
	switch {
	case approximate && uncertain:
		mark = "%"
	case approximate:
		mark = "~"
	case uncertain:
		mark = "?"
	}
	if d.IsZero() {
		return Date{}, refuse(CodeEmpty, "", "there is no date to qualify")
	}
	if !d.IsInterval() {
		return Parse(unqualified(d.text) + mark)
	}
	start, end := d.Ends()
	return Parse(endText(start, d.StartKind(), mark) + "/" + endText(end, d.EndKind(), mark))
}

func endText(d Date, kind EndKind, mark string) string {
	switch kind {
	case EndOpen:
		return ".."
	case EndUnknown:
		return ""
	}
	return unqualified(d.text) + mark
}

func unqualified(text string) string {
	if n := len(text); n > 0 && isQualifier(text[n-1]) {
		return text[:n-1]
	}
	return text
}

func yearText(year int) string {
	switch {
	case year < -9999 || year > 9999:
		return fmt.Sprintf("Y%d", year)
	case year < 0:
		return fmt.Sprintf("-%04d", -year)
	}
	return fmt.Sprintf("%04d", year)
}
