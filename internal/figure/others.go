package figure

import (
	"github.com/gawah-project/gawah/internal/record"
)

// numbers returns one number for each origin that gives one, with the origin,
// and leaves out the claims that state an upper bound only.
func (w *work) numbers() (ns []int64, of []int) {
	for i := range w.items {
		if it := &w.items[i]; it.stage == current && it.reading.upperOnly {
			w.drop(i, UpperBound, -1)
		}
	}
	for g := range w.groups {
		n, some := int64(0), false
		for i := w.groups[g].first; i < len(w.items); i++ {
			it := &w.items[i]
			if it.stage != current || it.group != g {
				continue
			}
			if v := it.reading.number(); !some || v < n {
				n = v
			}
			some = true
		}
		if some {
			ns, of = append(ns, n), append(of, g)
		}
	}
	return ns, of
}

// single makes n the whole figure.
func (w *work) single(n int64) {
	w.figure.Low, w.figure.Best, w.figure.High = w.number(n), w.number(n), w.number(n)
}

// choose makes n the figure and the claims that give it the used ones.
func (w *work) choose(n int64) {
	w.assess()
	w.single(n)
	w.use(current, func(it *item) bool { return it.reading.number() == n }, NotChosen)
	w.approximate()
}

// acledCovers: fatalities are the only number ACLED gives.
func acledCovers(m record.Measure, _ record.Scope) bool { return m == record.Killed }

// acled1 follows the FAQ of the Armed Conflict Location & Event Data Project:
// the most conservative report is the figure. "At least 80" is 80, words become
// numbers by the project's own table, and nothing is open. Later information
// revises in place, which is what keeping each origin's latest claim does.
//
// Not followed: totals divided over days and places, and figures for reports
// without any number, which are the work of its editors.
func (w *work) acled1() {
	ns, _ := w.numbers()
	if len(ns) == 0 {
		return
	}
	n := ns[0]
	for _, v := range ns {
		n = min(n, v)
	}
	w.choose(n)
}

// gtdCovers: the Global Terrorism Database counts attackers with the victims,
// and has columns for these measures only.
func gtdCovers(m record.Measure, s record.Scope) bool {
	switch m {
	case record.Killed, record.Injured, record.Attackers_, record.AttackersKilled, record.AttackersInjured, record.Hostages:
		return s.Attackers != record.AttackersExcluded
	}
	return false
}

// gtd1 follows the codebook of the Global Terrorism Database (START, University
// of Maryland) in this order: the number of the most recent reliable source; where
// the most recent ones differ, the number that the majority of independent
// sources give; where there is no majority, the lowest. Words are too vague and
// leave the cell blank.
//
// Not followed: its editors' judgement of what is credible, beyond leaving out
// what is marked unreliable; the cell that holds only victims or only attackers.
func (w *work) gtd1() {
	ns, of := w.numbers()
	if len(ns) == 0 {
		return
	}
	newest := int64(undated)
	for _, g := range of {
		newest = max(newest, w.groups[g].asOf)
	}
	n, settled := int64(0), newest != undated
	for i, first := 0, true; i < len(of); i++ {
		if w.groups[of[i]].asOf != newest {
			continue
		}
		settled = settled && (first || ns[i] == n) && w.undivided(of[i])
		n, first = ns[i], false
	}
	if !settled {
		n = majorityOrLowest(ns)
	}
	w.choose(n)
}

// undivided reports whether all current claims of an origin give one number.
func (w *work) undivided(g int) bool {
	n, some := int64(0), false
	for i := range w.items {
		if it := &w.items[i]; it.stage == current && it.group == g {
			if some && it.reading.number() != n {
				return false
			}
			n, some = it.reading.number(), true
		}
	}
	return true
}

// ucdpCovers: the Uppsala Conflict Data Program counts deaths only, and in
// one-sided violence not those of the attackers.
func ucdpCovers(m record.Measure, s record.Scope) bool {
	return m == record.Killed && s.Attackers != record.AttackersIncluded
}

// ucdp1 follows the codebook of the Georeferenced Event Dataset of the Uppsala
// Conflict Data Program (Högbladh, version 19.1): low and high are the lowest and
// highest number in reliable reports; best is the number of the most reliable
// ones and, where these differ, the lower. Reliability is that recorded with the
// claim (HURIDOCS MT42: 01, then 02, then the rest; 04 and 05 are left out).
//
// Not followed, because a claim does not say it: whether a death is a direct one,
// the sum over sides, civilians and unknown, the even split of a total over
// places, the subtraction of known events from aggregates, the best of 0 where
// the perpetrator is uncertain, and editors' leaving out of unreasonable highs.
func (w *work) ucdp1() {
	rank := 3
	best, some := int64(0), false
	for i := range w.items {
		it := &w.items[i]
		if it.stage != current || it.reading.upperOnly {
			continue
		}
		r, n := reliabilityRank(it.said.Claim.Reliability), it.reading.number()
		if !some || r < rank || r == rank && n < best {
			rank, best, some = r, n, true
		}
	}
	w.use(current, all, "")
	w.span()
	w.assess()
	w.figure.Open = false
	if some {
		w.figure.Best = w.number(best)
	}
	w.approximate()
}

func reliabilityRank(code string) int {
	switch code {
	case "01":
		return 1
	case "02":
		return 2
	}
	return 3
}

// ibcCovers: Iraq Body Count records the violent deaths of civilians. A scope
// that says nothing about who is counted is accepted as its sources define it.
func ibcCovers(m record.Measure, s record.Scope) bool {
	if m != record.Killed || s.Attackers == record.AttackersIncluded {
		return false
	}
	switch s.Counted {
	case "", record.CountedCivilians, record.CountedWomen, record.CountedChildren, record.CountedGroup:
		return true
	}
	return false
}

// ibc1 follows the methods page of Iraq Body Count: the minimum and the maximum
// that the sources give, no best; under two independent sources the entry is
// provisional, and its claims are marked so.
//
// Not followed: the subtraction of recorded deaths from the totals of morgues,
// which needs to know which deaths they are.
func (w *work) ibc1() {
	w.use(current, all, "")
	w.span()
	w.assess()
	w.figure.Open = false
	w.approximate()
	if w.figure.Status != Provisional {
		return
	}
	for i := range w.items {
		if w.items[i].stage == used {
			w.items[i].reason = BelowCorroboration
		}
	}
}
