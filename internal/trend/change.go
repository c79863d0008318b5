package trend

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"sort"
)

// changeSet is how far below the greatest statistic a division may lie to be in
// the approximate range: χ² of one degree of freedom at 0.95.
const changeSet = 3.84

// tie is the rounding within which two statistics are the same.
const tie = 1e-9

// mostTime bounds the end of a span, so that its sums of gaps fit 32 bits.
const mostTime = 1 << 30

// Division is the best division of a span into two rates.
type Division struct {
	Before int   // events before it
	At     int64 // its time
	// Next is whether the division is best just before the next event, which is
	// at At; otherwise it is best just after the last one, which is at At.
	Next      bool
	Statistic float64 // 2Λ
	// Earliest and Latest are the ends of the times at which 2Λ is within 3.84
	// of the greatest: an approximate range, which may have holes.
	Earliest, Latest int64
	P                float64 // (1 + r)/(B + 1) over shuffled gaps
}

// FindChange looks for one change of rate in the times of events between 0 and
// end, ascending, in whole units of any length. Divisions leave at least
// EdgeAttacks events on each side and cut no two events of the same time.
//
// The n+1 gaps, those at the ends included, are shuffled, which keeps attacks
// that come in bursts as bursty as they are. It returns an error for fewer than
// 2 × EdgeAttacks events and when all of them have the same time.
func FindChange(times []int64, end int64, permutations int, seed uint64) (Division, error) {
	return findChange(times, end, permutations, newGenerator(seed, streamAllGaps))
}

func findChange(times []int64, end int64, permutations int, g *generator) (Division, error) {
	n := len(times)
	switch {
	case n < 2*EdgeAttacks || n > MostEvents:
		return Division{}, fmt.Errorf("trend: a change is looked for in %d to %d events", 2*EdgeAttacks, MostEvents)
	case end <= 0 || end > mostTime || times[0] <= 0 || times[n-1] >= end || !slices.IsSorted(times):
		return Division{}, fmt.Errorf("trend: the times of events must ascend from above 0 to below the end of the span, which is at most %d", mostTime)
	case permutations < 1:
		return Division{}, fmt.Errorf("trend: a search for a change needs shuffles")
	}
	c := newCurve(n, end)
	best, ok := c.best(times)
	if !ok {
		return Division{}, fmt.Errorf("trend: events of one day cannot be divided")
	}
	best.Earliest, best.Latest = c.within(times, best.Statistic-changeSet-tie)
	reach := c.reach(best.Statistic - tie)
	gaps := make([]int32, n+1)
	last := int64(0)
	for i, t := range times {
		gaps[i] = int32(t - last)
		last = t
	}
	gaps[n] = int32(end - last)
	as := 1
	for range permutations {
		if shuffledReaches(gaps, reach, g) {
			as++
		}
	}
	best.P = float64(as) / float64(permutations+1)
	return best, nil
}

// curve is 2Λ as a function of the events before a time and of that time.
type curve struct {
	n    int
	end  float64
	xlnx []float64 // k ln k
}

func newCurve(n int, end int64) *curve {
	c := &curve{n: n, end: float64(end), xlnx: make([]float64, n+1)}
	for k := 2; k <= n; k++ {
		c.xlnx[k] = float64(k) * math.Log(float64(k))
	}
	return c
}

func (c *curve) at(k int, t int64) float64 {
	// With u = t/end the terms in end cancel.
	u := float64(t) / c.end
	rest := float64(int64(c.end)-t) / c.end
	return 2 * (c.xlnx[k] + c.xlnx[c.n-k] - c.xlnx[c.n] - float64(k)*math.Log(u) - float64(c.n-k)*math.Log(rest))
}

// divisions calls f for each number of events k that a division may have before
// it, with the times between which it lies.
func (c *curve) divisions(times []int64, f func(k int, from, to int64)) {
	for k := EdgeAttacks; k <= c.n-EdgeAttacks; k++ {
		if from, to := times[k-1], times[k]; from < to {
			f(k, from, to)
		}
	}
}

// best returns the division of the greatest statistic, the first of equals.
// Between two events the curve sags, so that its ends suffice.
func (c *curve) best(times []int64) (Division, bool) {
	var d Division
	found := false
	c.divisions(times, func(k int, from, to int64) {
		if s := c.at(k, from); !found || s > d.Statistic+tie {
			d, found = Division{Before: k, At: from, Statistic: s}, true
		}
		if s := c.at(k, to); s > d.Statistic+tie {
			d = Division{Before: k, At: to, Next: true, Statistic: s}
		}
	})
	return d, found
}

// within returns the first and the last whole time at which the statistic is at
// least floor.
func (c *curve) within(times []int64, floor float64) (earliest, latest int64) {
	earliest = int64(c.end)
	c.divisions(times, func(k int, from, to int64) {
		first, last := to+1, from-1
		if c.at(k, from) >= floor {
			first, last = from, from
		}
		if c.at(k, to) >= floor {
			first, last = min(first, to), to
		}
		if first > last {
			return
		}
		// Where one end is in and the other is not, the curve crosses once.
		span := int(to - from)
		if first == to {
			first = from + int64(sort.Search(span, func(i int) bool { return c.at(k, from+int64(i)) >= floor }))
		}
		if last == from {
			last = from + int64(sort.Search(span, func(i int) bool { return c.at(k, from+int64(i)) < floor })) - 1
		}
		earliest, latest = min(earliest, first), max(latest, last)
	})
	return earliest, latest
}

// bound holds the times up to which, and from which on, a division after a
// number of events has a statistic of some height.
type bound struct{ upTo, from int32 }

// reach returns the bounds of every number of events for a height: shuffled
// series are then compared in whole numbers, without a logarithm, and no two
// machines differ.
func (c *curve) reach(height float64) []bound {
	bounds := make([]bound, c.n+1)
	for k := range bounds {
		if k < EdgeAttacks || k > c.n-EdgeAttacks {
			bounds[k] = bound{-1, math.MaxInt32}
			continue
		}
		// The curve falls to 0 at the mean and rises again; at 0 and at the end
		// it is infinite.
		mid := int(float64(k) / float64(c.n) * c.end)
		bounds[k] = bound{
			upTo: int32(sort.Search(mid+1, func(t int) bool { return c.at(k, int64(t)) < height })) - 1,
			from: int32(mid+1) + int32(sort.Search(int(c.end)-mid-1, func(t int) bool { return c.at(k, int64(mid+1+t)) >= height })),
		}
	}
	return bounds
}

// shuffledReaches shuffles the gaps from the front and reports whether a
// division of the series they make reaches its bound. It stops at the first
// that does: what is left unshuffled is shuffled the next time, since any order
// is as good a start as any other.
func shuffledReaches(gaps []int32, reach []bound, g *generator) bool {
	t := int32(0)
	state := *g // in a register
	reached := false
	for k, b := range reach {
		left := uint64(len(gaps) - k)
		hi, lo := bits.Mul64(state.next(), left) // below, which is too long to be inlined
		if lo < left {
			hi = state.again(hi, lo, left)
		}
		i := k + int(hi)
		gap := gaps[i]
		gaps[i] = gaps[k]
		gaps[k] = gap
		// Bounds are seldom reached and gaps of 0, which cannot be divided, are
		// common where many attacks fall on one day: ask in this order.
		if (t <= b.upTo || t+gap >= b.from) && gap > 0 {
			reached = true
			break
		}
		t += gap
	}
	*g = state
	return reached
}
