package edtf

import (
	"cmp"
	"math"
)

// Compare orders dates for a chronological list: by earliest day, then by latest
// day, so that within one start the more exact date comes first. An open or
// unknown start sorts before every day, an open or unknown end after every day,
// and the zero Date after everything. Dates with the same bounds are ordered by
// their time of day (dates without one first; a time without offset is read as
// UTC) and last by their text, so that Compare is 0 exactly where a == b.
//
// Two times near midnight in different zones are ordered by the day as written;
// use [Date.Instant] where moments matter.
func Compare(a, b Date) int {
	if a.IsZero() || b.IsZero() {
		return cmp.Compare(truth(a.IsZero()), truth(b.IsZero()))
	}
	alo, ahi := a.span()
	blo, bhi := b.span()
	return cmp.Or(
		cmp.Compare(alo, blo),
		cmp.Compare(ahi, bhi),
		cmp.Compare(a.moment(), b.moment()),
		cmp.Compare(a.text, b.text),
	)
}

// Compare is the function Compare as a method: -1, 0 or +1.
func (d Date) Compare(e Date) int { return Compare(d, e) }

// Overlaps reports whether d and e can mean a common day. Open and unknown ends
// exclude nothing on their side; the zero Date overlaps nothing.
func (d Date) Overlaps(e Date) bool {
	if d.IsZero() || e.IsZero() {
		return false
	}
	dlo, dhi := d.span()
	elo, ehi := e.span()
	return dlo <= ehi && elo <= dhi
}

// Contains reports whether every day that e can mean lies within the bounds of d.
// Open and unknown ends reach without limit, so 2011/.. contains 2013/, and 2013
// does not. The zero Date contains nothing and is contained in nothing.
func (d Date) Contains(e Date) bool {
	if d.IsZero() || e.IsZero() {
		return false
	}
	dlo, dhi := d.span()
	elo, ehi := e.span()
	return dlo <= elo && ehi <= dhi
}

// ContainsDay reports whether day lies within the bounds of d.
func (d Date) ContainsDay(day Day) bool {
	lo, hi := d.span()
	return !d.IsZero() && lo <= day && day <= hi
}

// span returns the bounds with the ends that have no day at the limits of Day.
func (d Date) span() (lo, hi Day) {
	lo, hi = d.lo, d.hi
	if d.StartKind() != EndKnown {
		lo = math.MinInt64
	}
	if d.EndKind() != EndKnown {
		hi = math.MaxInt64
	}
	return lo, hi
}

// moment returns the seconds since 1970 of a date with a time, and the least
// integer for any other.
func (d Date) moment() int64 {
	if d.prec != PrecisionDateTime {
		return math.MinInt64
	}
	c, err := parseClock(d.text, d.text[len("2006-01-02T"):])
	if err != nil {
		return math.MinInt64
	}
	return int64(d.lo)*86400 + int64(c.hour)*3600 + int64(c.minute-c.offset)*60 + int64(c.second)
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}
