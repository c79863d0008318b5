package trend

import "sort"

// bins are whole months or weeks, counted from the boundary in both directions.
type bins struct {
	starts []day // of each bin, and the end of the last
	later  int   // the first bin of the later period
}

func newBins(f frame, unit Bin) bins {
	step := func(n int) day {
		if unit == Week {
			return f.boundary + day(7*n)
		}
		return f.boundary.addMonths(n)
	}
	var b bins
	for n := 1; step(-n) >= f.from; n++ {
		b.later++
	}
	for n := -b.later; step(n) <= f.end; n++ {
		b.starts = append(b.starts, step(n))
	}
	return b
}

func (b bins) len() int { return max(0, len(b.starts)-1) }

// of returns the bin that the attack lies in, or false.
func (b bins) of(a *Attack) (int, bool) {
	i := sort.Search(len(b.starts), func(i int) bool { return b.starts[i] > a.from }) - 1
	return i, i >= 0 && i < b.len() && a.to < b.starts[i+1]
}

// split returns counts of bins before and after the boundary.
func (b bins) split(counts []int64) (before, after []int64) {
	later := min(b.later, len(counts))
	return counts[:later], counts[later:]
}
