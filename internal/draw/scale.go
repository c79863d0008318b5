package draw

import (
	"math"
	"slices"
)

// extreme is the ratio of largest to smallest number from which a linear
// scale would press everything but the largest against its left end.
const extreme = 40

// scale maps numbers to x positions between left and right.
type scale struct {
	left, right float64
	lo, hi      float64
	log         bool
	// zeroAt is where 0 stands on a logarithmic scale that has to show it.
	zero   bool
	zeroAt float64
}

// newScale fits a scale to the values. Without values it spans 0 to 1.
func newScale(values []float64, left, right float64) scale {
	s := scale{left: left, right: right, lo: 0, hi: 1}
	if len(values) == 0 {
		return s
	}
	lo, hi := slices.Min(values), slices.Max(values)
	least := math.Inf(1)
	for _, v := range values {
		if v > 0 {
			least = math.Min(least, v)
		}
	}
	if lo >= 0 && !math.IsInf(least, 1) && hi/least > extreme {
		s.log, s.zero = true, lo == 0
		if s.zero {
			s.zeroAt = left
			s.left = left + math.Min(34, (right-left)/5)
		}
		s.lo = math.Log10(least) - 0.06
		// A decade not far below the least number gives the eye a start.
		if d := math.Floor(math.Log10(least)); math.Log10(least)-d < 0.4 {
			s.lo = d - 0.02
		}
		s.hi = math.Log10(hi)
		s.hi += (s.hi - s.lo) * 0.08
		return s
	}
	span := hi - lo
	if span == 0 {
		// One number alone stands in the middle of a scale with others to
		// compare it with.
		room := math.Max(math.Abs(hi)*0.5, 2)
		lo, hi = lo-room, hi+room
		if least > 0 && !math.IsInf(least, 1) {
			lo = math.Max(lo, 0)
		}
		span = hi - lo
	}
	floor := lo - span*0.12
	if lo >= 0 && (floor < 0 || lo <= span/2) {
		floor = 0
	}
	// One step below the least and one above the largest leaves room for
	// the arrows of open claims.
	s.lo, s.hi = floor, hi+span*0.14
	return s
}

// at returns the position of v, kept inside the scale.
func (s scale) at(v float64) float64 {
	if s.log {
		if v <= 0 {
			if s.zero {
				return s.zeroAt
			}
			return s.left
		}
		v = math.Log10(v)
	}
	if s.hi == s.lo {
		return s.left
	}
	x := s.left + (v-s.lo)/(s.hi-s.lo)*(s.right-s.left)
	return math.Max(math.Min(s.left, s.zeroAtOrLeft()), math.Min(s.right, x))
}

func (s scale) zeroAtOrLeft() float64 {
	if s.zero {
		return s.zeroAt
	}
	return s.left
}

// ticks returns round numbers on the scale whose labels, as wide as width
// says, stand at least gap apart.
func (s scale) ticks(width func(int64) float64, gap float64) []int64 {
	for _, set := range s.candidates() {
		ok := len(set) > 0
		for i := 1; i < len(set) && ok; i++ {
			a, b := s.at(float64(set[i-1])), s.at(float64(set[i]))
			ok = b-a >= (width(set[i-1])+width(set[i]))/2+gap
		}
		if ok {
			return set
		}
	}
	return nil
}

// candidates are sets of ticks from the finest to the coarsest.
func (s scale) candidates() [][]int64 {
	var sets [][]int64
	if s.log {
		lo, hi := math.Pow(10, s.lo), math.Pow(10, s.hi)
		for _, steps := range [][]float64{{1, 2, 5}, {1, 3}, {1}} {
			sets = append(sets, s.decades(steps, 1, lo, hi))
		}
		for every := 2; every <= 18; every++ {
			sets = append(sets, s.decades([]float64{1}, every, lo, hi))
		}
		return sets
	}
	// From a step that gives about a dozen ticks upwards.
	step := math.Pow(10, math.Floor(math.Log10(math.Max((s.hi-s.lo)/12, 1))))
	for range 12 {
		for _, m := range []float64{1, 2, 5} {
			d := step * m
			if d < 1 || (s.hi-s.lo)/d > 12 {
				continue
			}
			var set []int64
			// Counted, because beyond 2^53 adding a step may change nothing.
			first := math.Ceil(s.lo/d) * d
			for i := range 14 {
				v := first + float64(i)*d
				if v > s.hi || v > 9e18 || len(set) > 0 && int64(v) <= set[len(set)-1] {
					break
				}
				set = append(set, int64(v))
			}
			sets = append(sets, set)
		}
		step *= 10
	}
	return sets
}

func (s scale) decades(steps []float64, every int, lo, hi float64) []int64 {
	var set []int64
	if s.zero {
		set = append(set, 0)
	}
	for e := 0; e <= 18; e += every {
		for _, m := range steps {
			if v := m * math.Pow(10, float64(e)); v >= lo && v <= hi && v < math.MaxInt64 {
				set = append(set, int64(v))
			}
		}
	}
	return set
}
