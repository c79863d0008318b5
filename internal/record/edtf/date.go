package edtf

import (
	"strings"
	"time"
)

// Precision is the finest unit that a date states.
type Precision uint8

// The precisions, from nothing known to a time of day. PrecisionWeek is the unit
// of a [Relative] only: the format has no weeks, they resolve to an interval.
const (
	PrecisionNone     Precision = iota // the zero Date
	PrecisionInterval                  // 2011/2013
	PrecisionCentury                   // 20XX
	PrecisionDecade                    // 201X
	PrecisionYear                      // 2013, 2013-XX, 2013-XX-XX
	PrecisionSeason                    // 2013-21
	PrecisionMonth                     // 2013-01, 2013-01-XX
	PrecisionWeek
	PrecisionDay      // 2013-01-10
	PrecisionDateTime // 2013-01-10T20:50+05:00
)

var precisionNames = [...]string{
	"none", "interval", "century", "decade", "year", "season", "month", "week", "day", "datetime",
}

// String returns the English word for p, such as "month".
func (p Precision) String() string {
	if int(p) < len(precisionNames) {
		return precisionNames[p]
	}
	return "invalid"
}

// EndKind says what is known of one end of a date.
type EndKind uint8

// The three kinds of end.
const (
	EndKnown   EndKind = iota // the end has a day
	EndOpen                   // "..": no end, or still going on
	EndUnknown                // empty: there is an end, the source does not know it
)

type flags uint8

const (
	flagApproximate flags = 1 << iota
	flagUncertain
	flagUnspecified
	flagOpenStart
	flagUnknownStart
	flagOpenEnd
	flagUnknownEnd
)

// Date is an EDTF date of level 0 or 1. It is a small value: == compares the
// canonical text, and a Date can be a map key. The zero Date means "no date" and
// is written as "". Only Parse, UnmarshalText and the constructors make others.
type Date struct {
	// All other fields are functions of text; == therefore means the same text.
	text string
	// lo and hi are 0 where the flags say that the end is open or unknown.
	lo, hi Day
	prec   Precision
	flags  flags
}

// String returns the canonical EDTF text; "" for the zero Date.
func (d Date) String() string { return d.text }

// IsZero reports whether d is the zero Date, which means "no date".
func (d Date) IsZero() bool { return d.text == "" }

// MarshalText returns the EDTF text, so that JSON holds it as a string.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.text), nil }

// UnmarshalText reads an EDTF date; empty text gives the zero Date. On an error
// d is unchanged and the error is an [*Error].
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	p, err := Parse(string(b))
	if err != nil {
		return err
	}
	*d = p
	return nil
}

// Earliest returns the first day that d can mean. ok is false if the start is
// open or unknown, or d is zero. For a date with a time it is the day as written,
// in the zone of the writer.
func (d Date) Earliest() (day Day, ok bool) {
	return d.lo, d.text != "" && d.flags&(flagOpenStart|flagUnknownStart) == 0
}

// Latest returns the last day that d can mean. ok is false if the end is open or
// unknown, or d is zero.
func (d Date) Latest() (day Day, ok bool) {
	return d.hi, d.text != "" && d.flags&(flagOpenEnd|flagUnknownEnd) == 0
}

// Precision returns the finest unit d states: 2013-XX states a year, 2013-01-XX a
// month. Every interval is PrecisionInterval.
func (d Date) Precision() Precision { return d.prec }

// Approximate reports whether d, or an end of it, carries ~ or %.
func (d Date) Approximate() bool { return d.flags&flagApproximate != 0 }

// Uncertain reports whether d, or an end of it, carries ? or %.
func (d Date) Uncertain() bool { return d.flags&flagUncertain != 0 }

// Unspecified reports whether d, or an end of it, has digits written as X.
func (d Date) Unspecified() bool { return d.flags&flagUnspecified != 0 }

// IsInterval reports whether d is written with two ends.
func (d Date) IsInterval() bool { return d.prec == PrecisionInterval }

// StartKind says whether the start of d is known, open or unknown. It is
// EndKnown for everything but an interval; the zero Date has unknown ends.
func (d Date) StartKind() EndKind {
	switch {
	case d.flags&flagOpenStart != 0:
		return EndOpen
	case d.text == "" || d.flags&flagUnknownStart != 0:
		return EndUnknown
	}
	return EndKnown
}

// EndKind is StartKind for the end of d.
func (d Date) EndKind() EndKind {
	switch {
	case d.flags&flagOpenEnd != 0:
		return EndOpen
	case d.text == "" || d.flags&flagUnknownEnd != 0:
		return EndUnknown
	}
	return EndKnown
}

// Ends returns both ends of an interval as dates of their own; an end that is
// open or unknown is the zero Date. For any other date both are d itself.
func (d Date) Ends() (start, end Date) {
	if !d.IsInterval() {
		return d, d
	}
	a, b, _ := strings.Cut(d.text, "/")
	if d.StartKind() == EndKnown {
		start = MustParse(a)
	}
	if d.EndKind() == EndKnown {
		end = MustParse(b)
	}
	return start, end
}

// Instant returns the first moment of a date with a time and an offset, and how
// long it lasts: a minute where no second is written, otherwise a second. The
// time keeps the written offset. ok is false for every other date, also for one
// with a time but no offset, since that is no single moment.
func (d Date) Instant() (t time.Time, width time.Duration, ok bool) {
	if d.prec != PrecisionDateTime {
		return time.Time{}, 0, false
	}
	c, err := parseClock(d.text, d.text[len("2006-01-02T"):])
	if err != nil || !c.zoned {
		return time.Time{}, 0, false
	}
	zone := time.UTC
	if c.offset != 0 {
		zone = time.FixedZone("", c.offset*60)
	}
	y, m, day := d.lo.Civil()
	width = time.Minute
	if c.seconds {
		width = time.Second
	}
	return time.Date(y, time.Month(m), day, c.hour, c.minute, c.second, 0, zone), width, true
}
