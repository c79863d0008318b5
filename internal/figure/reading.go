package figure

import (
	"math"

	"github.com/gawah-project/gawah/internal/record"
)

// reading is a claim's number as bounds. lo and hi are always usable: an open
// claim has hi = lo, one without a lower bound lo = 0.
type reading struct {
	lo, hi, point int64
	ok            bool // it states a number
	open          bool // nothing bounds it above
	upperOnly     bool // nothing bounds it below: "up to 80"
	pointed       bool // the source stands by point
	approx        bool // about
	word          string
}

// read applies the table of operators. Numbers below zero are no numbers;
// bounds in the wrong order, which a dataset may print, are taken as the least
// and the greatest of what was printed.
func read(c *record.Claim, words *WordTable) reading {
	for _, n := range [...]*int64{c.Low, c.High, c.Best} {
		if n != nil && *n < 0 {
			return reading{}
		}
	}
	switch c.Operator {
	case record.Exact, record.About, record.Between:
		r := bounds(c)
		r.approx = r.ok && c.Operator == record.About
		return r
	case record.AtLeast, record.MoreThan:
		if c.Low == nil {
			return reading{}
		}
		return reading{lo: *c.Low, hi: *c.Low, ok: true, open: true}
	case record.AtMost, record.LessThan:
		if c.High == nil {
			return reading{}
		}
		if c.Low == nil || *c.Low == 0 {
			return reading{hi: *c.High, ok: true, upperOnly: true}
		}
		return reading{lo: min(*c.Low, *c.High), hi: max(*c.Low, *c.High), ok: true}
	case record.InWords:
		return words.read(c.Words)
	}
	return reading{}
}

func bounds(c *record.Claim) reading {
	switch {
	case c.Low == nil && c.High == nil:
		return reading{}
	case c.High == nil:
		return reading{lo: *c.Low, hi: *c.Low, ok: true, open: true}
	case c.Low == nil:
		return reading{hi: *c.High, ok: true, upperOnly: true}
	}
	r := reading{lo: min(*c.Low, *c.High), hi: max(*c.Low, *c.High), ok: true}
	switch {
	case c.Best != nil && c.Operator == record.Between:
		r.point, r.pointed = *c.Best, true
		r.lo, r.hi = min(r.lo, r.point), max(r.hi, r.point)
	case r.lo == r.hi:
		r.point, r.pointed = r.lo, true
	}
	return r
}

// number is the single value of a claim for rules that keep only one: the point
// its source stands by, else its lower bound.
func (r *reading) number() int64 {
	if r.pointed {
		return r.point
	}
	return r.lo
}

// same reports whether two claims say the same number. "About 80" repeats "80".
func (r *reading) same(o *reading) bool {
	return r.lo == o.lo && r.hi == o.hi && r.open == o.open && r.upperOnly == o.upperOnly &&
		r.pointed == o.pointed && r.point == o.point
}

// agreement returns the values that the claim is compatible with. "About n" is
// compatible with a tenth of n on either side, rounded down: 72 to 88 for
// "about 80", exactly 5 for "about 5". This decides only whether claims agree; no
// figure is ever widened by it.
func (r *reading) agreement() (lo, hi int64) {
	lo, hi = r.lo, r.hi
	if r.approx {
		lo, hi = lo-lo/10, add(hi, hi/10)
	}
	if r.open {
		hi = math.MaxInt64
	}
	return lo, hi
}

// admits reports whether v is compatible with the claim.
func (r *reading) admits(v int64) bool {
	lo, hi := r.agreement()
	return lo <= v && v <= hi
}

// add adds numbers that are not negative and stops at the greatest there is.
func add(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
