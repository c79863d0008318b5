package figure

import (
	"github.com/gawah-project/gawah/internal/record"
)

// estimate is what one dataset row says: its low, best and high, in one claim or
// in three, as one interval.
type estimate struct {
	lo, hi    int64
	point     int64
	points    int // 0, 1, or 2 for more than one
	lower     bool
	upper     bool
	open      bool
	claims    int
	unsettled bool // best 0 beside a high above 0
}

// estimates gathers the compilers' claims by source. Bounds in the wrong order
// are taken as the least and the greatest number printed.
func (w *work) estimates() []estimate {
	w.dropCopies()
	var sources index
	var es []estimate
	for i := range w.items {
		it := &w.items[i]
		if it.stage != compiler {
			continue
		}
		n := sources.number(string(it.said.Claim.Source))
		if n == len(es) {
			es = append(es, estimate{})
		}
		it.group = n
		es[n].put(it.said.Claim.Role, &it.reading)
	}
	for i := range es {
		e := &es[i]
		if !e.upper {
			e.open = true // a low alone
		}
		if e.points == 1 && e.point == 0 && e.hi > 0 {
			e.points, e.unsettled = 0, true
		}
	}
	return es
}

// dropCopies leaves out a compiler's number that says it was taken from another
// compiler's claim in the set and is the same: one estimate, not two.
func (w *work) dropCopies() {
	var o origins
	for i := range w.items {
		c := w.items[i].said.Claim
		if w.items[i].stage != compiler || len(c.DerivedFrom) == 0 {
			continue
		}
		o.items = w.items
		for _, d := range c.DerivedFrom {
			j, ok := o.claim(record.ClaimID(d.ID))
			if !ok || d.Kind != record.KindClaim {
				continue
			}
			for w.items[j].reason == Repeats {
				j = w.items[j].of
			}
			from := &w.items[j]
			if j != i && from.stage == compiler && from.said.Claim.Role == c.Role && from.reading.same(&w.items[i].reading) {
				w.drop(i, Repeats, j)
				break
			}
		}
	}
}

func (e *estimate) put(role record.Role, r *reading) {
	lo := r.lo
	if r.upperOnly {
		lo = r.hi // the only number printed
	}
	if e.claims++; e.claims == 1 {
		e.lo, e.hi = lo, r.hi
	}
	e.lo, e.hi = min(e.lo, lo), max(e.hi, r.hi)
	e.open = e.open || r.open
	e.lower = e.lower || !r.upperOnly && role != record.CompiledHigh
	e.upper = e.upper || !r.open && role != record.CompiledLow
	if !r.pointed || role == record.CompiledLow || role == record.CompiledHigh {
		return
	}
	if e.points == 0 {
		e.point, e.points = r.point, 1
	} else if r.point != e.point {
		e.points = 2
	}
}

// low is the estimate's lowest number, 0 where it states none.
func (e *estimate) low() int64 {
	if !e.lower {
		return 0
	}
	return e.lo
}

// number is the estimate as one value: its best, else its low.
func (e *estimate) number() int64 {
	if e.points == 1 {
		return e.point
	}
	return e.low()
}

// compiledSpan sets Low and High over all compilers.
func (w *work) compiledSpan(es []estimate) {
	f := w.figure
	f.Status, f.Below = CompiledOnly, true
	var lo, hi int64
	for i := range es {
		e := &es[i]
		hi = max(hi, e.hi)
		f.Open = f.Open || e.open
		if e.lower {
			if f.Below || e.lo < lo {
				lo = e.lo
			}
			f.Below = false
		}
	}
	f.Low, f.High = w.number(lo), w.number(max(lo, hi))
	w.use(compiler, all, "")
	for i := range w.items {
		it := &w.items[i]
		if it.stage == used && es[it.group].unsettled && it.reading.pointed && it.reading.point == 0 &&
			it.said.Claim.Role != record.CompiledLow {
			it.reason = Unconfirmed
		}
	}
}

// compiledRange is how gawah and ucdp show compilers where nothing else is
// known: from the least to the greatest, best only where all give the same.
func (w *work) compiledRange() {
	es := w.estimates()
	w.compiledSpan(es)
	agreed := true
	for i := range es {
		agreed = agreed && es[i].points == 1 && es[i].point == es[0].point
	}
	if agreed {
		w.figure.Best = w.number(es[0].point)
	}
	w.approximate()
}

// compiledMinMax is compiledRange without a best, and never open.
func (w *work) compiledMinMax() {
	w.compiledSpan(w.estimates())
	w.figure.Open = false
	w.approximate()
}

// compiledLowest takes the least number of all compilers.
func (w *work) compiledLowest() {
	es := w.estimates()
	n := es[0].low()
	for i := range es {
		n = min(n, es[i].low())
	}
	w.compiledOne(es, n, (*estimate).low)
}

// compiledMajority takes the number that most compilers give, the lowest where
// there is no majority.
func (w *work) compiledMajority() {
	es := w.estimates()
	numbers := make([]int64, len(es))
	for i := range es {
		numbers[i] = es[i].number()
	}
	w.compiledOne(es, majorityOrLowest(numbers), (*estimate).number)
}

func (w *work) compiledOne(es []estimate, n int64, of func(*estimate) int64) {
	w.figure.Status = CompiledOnly
	w.single(n)
	w.use(compiler, func(it *item) bool { return of(&es[it.group]) == n }, NotChosen)
	w.approximate()
}

// majorityOrLowest returns the number that more than half of numbers are, and
// the least where there is none.
func majorityOrLowest(numbers []int64) int64 {
	least := numbers[0]
	for _, n := range numbers {
		least = min(least, n)
		count := 0
		for _, m := range numbers {
			if m == n {
				count++
			}
		}
		if 2*count > len(numbers) {
			return n
		}
	}
	return least
}
