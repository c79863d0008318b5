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
	// Next is whether the division is best just before the next event; otherwise
	// it is best just after the last one.
	Next      bool
	Statistic float64 // 2Λ
	// Earliest and Latest are the ends of the times at which 2Λ is within 3.84
	// of the greatest: an approximate range, which may have holes.
	Earliest, Latest int64
	P                float64 // (1 + r)/(B + 1) over shuffled gaps
}

// findChange looks for one change of rate in the times of events between 0 and
// end, ascending, in whole units of any length. An event lasts for width from its
// time on: 0, or 1 where only its day is known, which is then on one side of a
// division. Divisions leave at least EdgeAttacks events on each side and cut no
// two events of the same time.
//
// The gaps between them, those at the ends included, are shuffled, which keeps
// events that come in bursts as bursty as they are. Events of the same time stay
// together: the gaps between such times are shuffled and, by themselves, the
// numbers of events at them. Shuffling gaps of 0 like others would scatter the
// numbers of a day far wider than they are, and where several fall on most days
// nothing would be found. It returns an error for fewer than 2 × EdgeAttacks
// events and when all of them have the same time.
func findChange(times []int64, width, end int64, permutations int, g *generator) (Division, error) {
	n := len(times)
	switch {
	case n < 2*EdgeAttacks || n > MostEvents:
		return Division{}, fmt.Errorf("trend: a change is looked for in %d to %d events", 2*EdgeAttacks, MostEvents)
	case end <= 0 || end > mostTime || times[0]+width <= 0 || times[n-1] >= end || !slices.IsSorted(times):
		return Division{}, fmt.Errorf("trend: the times of events must ascend within the span, which is at most %d", mostTime)
	case permutations < 1:
		return Division{}, fmt.Errorf("trend: a search for a change needs shuffles")
	}
	c := newCurve(times, width, end)
	best, ok := c.best()
	if !ok {
		return Division{}, fmt.Errorf("trend: events of one day cannot be divided")
	}
	best.Earliest, best.Latest = c.within(best.Statistic - changeSet - tie)
	reach := c.reach(best.Statistic - tie)
	history := newHistory(times, width, end)
	as := 1
	for range permutations {
		if history.shuffledReaches(reach, g) {
			as++
		}
	}
	best.P = float64(as) / float64(permutations+1)
	return best, nil
}

// curve is 2Λ of a history, as a function of the events before a time and of
// that time.
type curve struct {
	times []int64
	width int64
	n     int
	end   float64
	xlnx  []float64 // k ln k
}

func newCurve(times []int64, width, end int64) *curve {
	n := len(times)
	c := &curve{times: times, width: width, n: n, end: float64(end), xlnx: make([]float64, n+1)}
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
func (c *curve) divisions(f func(k int, from, to int64)) {
	for k := EdgeAttacks; k <= c.n-EdgeAttacks; k++ {
		if last, next := c.times[k-1], c.times[k]; last < next {
			f(k, last+c.width, next)
		}
	}
}

// best returns the division of the greatest statistic, the first of equals.
// Between two events the curve sags, so that its ends suffice.
func (c *curve) best() (Division, bool) {
	var d Division
	found := false
	c.divisions(func(k int, from, to int64) {
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
func (c *curve) within(floor float64) (earliest, latest int64) {
	earliest = int64(c.end)
	c.divisions(func(k int, from, to int64) {
		in := func(i int) bool { return c.at(k, from+int64(i)) >= floor }
		// Where one end is in and the other is not, the curve crosses once.
		first, last, span := from, to, int(to-from)
		switch left, right := in(0), in(span); {
		case !left && !right:
			return
		case !left:
			first = from + int64(sort.Search(span, in))
		case !right:
			last = from + int64(sort.Search(span, func(i int) bool { return !in(i) })) - 1
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

// history is what is shuffled: the gaps between times with events, one more than
// there are such times, and how many events each has, nil when all have one.
type history struct {
	gaps, events []int32
	width        int32
}

func newHistory(times []int64, width, end int64) history {
	h := history{width: int32(width)}
	free := int64(0) // the end of the last event
	several := false
	for i, t := range times {
		if i > 0 && t == times[i-1] {
			h.events[len(h.events)-1]++
			several = true
			continue
		}
		h.gaps = append(h.gaps, int32(t-free))
		h.events = append(h.events, 1)
		free = t + width
	}
	h.gaps = append(h.gaps, int32(end-free))
	if !several {
		h.events = nil
	}
	return h
}

// shuffledReaches shuffles the history from the front, at each time the gap first
// and then the number of events, and reports whether a division of what comes of
// it reaches its bound. It stops at the first that does: what is left is shuffled
// the next time, since any order is as good a start as any other.
func (h history) shuffledReaches(reach []bound, g *generator) bool {
	state := *g // in a register, as both draws are written out: here the time goes
	reached := false
	gaps, events := h.gaps, h.events
	t, k := int32(0), 0
	for len(gaps) > 0 {
		left := uint64(len(gaps))
		i, lo := bits.Mul64(state.next(), left)
		if lo < left {
			i = state.again(i, lo, left)
		}
		gap := gaps[i]
		gaps[i] = gaps[0]
		gaps[0] = gap
		gaps = gaps[1:]
		if b := reach[k]; t <= b.upTo || t+gap >= b.from {
			reached = true
			break
		}
		t += gap + h.width
		k++
		if left = uint64(len(events)); left > 0 {
			i, lo := bits.Mul64(state.next(), left)
			if lo < left {
				i = state.again(i, lo, left)
			}
			n := events[i]
			events[i] = events[0]
			events[0] = n
			events = events[1:]
			k += int(n) - 1
		}
	}
	*g = state
	return reached
}
