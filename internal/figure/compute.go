package figure

import (
	"cmp"
	"slices"

	"github.com/gawah-project/gawah/internal/record"
)

// item is a claim on its way through a rule.
type item struct {
	said      *Said
	stated    int64 // the time the claim says it holds for, or undated
	published int64
	asOf      int64  // set once the origin is known
	origin    string // remembered for claims that others derive from
	group     int    // number of the origin, or of the compiler's source
	reading   reading
	stage     stage
	reason    Reason
	of        int // item that Use.Of names, -1 for none
}

// stage is how far a claim has come.
type stage uint8

const (
	left      stage = iota // left out, for reason
	candidate              // counted, in scope, with a number
	compiler               // the same, but a compiler's
	current                // what its origin says now: the rule decides on these
	used
)

// group is one origin with what it says now.
type group struct {
	key    string
	asOf   int64
	first  int // first current item, -1 for none
	lo, hi int64
	// agreeLo and agreeHi span what the origin's claims are compatible with.
	agreeLo, agreeHi int64
	point            int64
	pointed          bool // the origin supports exactly one value, point
}

type work struct {
	def    *definition
	figure *Figure
	items  []item
	groups []group
	slab   []int64
}

// Compute makes the figure for one subject, measure and scope. said holds the
// claims on that subject that the reader may see: of every kind, measure, scope
// and review state, each once. What does not count is listed with its reason.
//
// The result depends on nothing but the arguments, and not on the order of said.
// It shares no memory with them. A rule that does not exist counts nothing.
func Compute(rule Rule, measure record.Measure, scope record.Scope, said []Said) Figure {
	f := Figure{Rule: rule, Measure: measure, Scope: scope, Status: None}
	w := work{def: lookup(rule), figure: &f, items: sorted(said)}
	if w.def == nil {
		w.def = &definition{rule: rule, covers: func(record.Measure, record.Scope) bool { return false }}
	}
	w.slab = make([]int64, 0, 3*len(w.items)+3)
	w.sift()
	w.supersede()
	if !w.convertible() {
		w.list()
		return f
	}
	w.separate()
	if w.trace() {
		w.def.decide(&w)
	}
	if f.Status == None && w.has(compiler) {
		w.def.compiled(&w)
	}
	w.list()
	return f
}

// sorted brings the claims into the one order on which everything else relies.
func sorted(said []Said) []item {
	items := make([]item, 0, len(said))
	for i := range said {
		if said[i].Claim == nil {
			continue
		}
		items = append(items, item{
			said: &said[i], stated: statedAsOf(&said[i]), published: moment(said[i].Published), of: -1, group: -1,
		})
	}
	slices.SortFunc(items, func(a, b item) int {
		if c := cmp.Compare(a.time(), b.time()); c != 0 {
			return c
		}
		if c := cmp.Compare(a.published, b.published); c != 0 {
			return c
		}
		x, y := a.said.Claim, b.said.Claim
		return cmp.Or(cmp.Compare(x.ID, y.ID), cmp.Compare(x.Source, y.Source))
	})
	return items
}

func (it *item) time() int64 {
	if it.stated != undated {
		return it.stated
	}
	return it.published
}

func (w *work) drop(i int, reason Reason, of int) {
	it := &w.items[i]
	it.stage, it.reason, it.of = left, reason, of
}

// sift keeps the counted claims with the measure and scope.
func (w *work) sift() {
	covered := w.def.covers(w.figure.Measure, w.figure.Scope)
	for i := range w.items {
		it := &w.items[i]
		c := it.said.Claim
		switch {
		case c.Kind != record.KindMeasure:
			it.reason = OtherKind
			continue
		case c.Measure != w.figure.Measure:
			it.reason = OtherMeasure
			continue
		}
		it.reading = read(c, w.def.words)
		switch {
		case c.Review.State == record.Retracted:
			it.reason = Withdrawn
		case !c.Review.State.Counts():
			it.reason = NotAccepted
		case c.Form == record.Component:
			it.reason = Part
		case c.Form != record.Incident:
			it.reason = OtherForm
		case c.Scope != w.figure.Scope:
			it.reason = OtherScope
		case !covered:
			it.reason = OtherDefinition
		default:
			it.stage = candidate
		}
	}
}

// supersede takes out what a counted claim of the same source or outlet says it
// replaces. It does not matter what the replacing claim counts: a source that
// moved its number to another scope no longer stands by it in this one. Claims
// that replace each other in a circle replace nothing.
func (w *work) supersede() {
	var replaces map[record.ClaimID][]record.ClaimID
	for i := range w.items {
		if c := w.items[i].said.Claim; len(c.Supersedes) > 0 && c.Review.State.Counts() {
			if replaces == nil {
				replaces = make(map[record.ClaimID][]record.ClaimID)
			}
			replaces[c.ID] = c.Supersedes
		}
	}
	if replaces == nil {
		return
	}
	byID := make(map[record.ClaimID]int, len(w.items))
	for i := range w.items {
		byID[w.items[i].said.Claim.ID] = i
	}
	for i := range w.items {
		by := w.items[i].said
		for _, id := range replaces[by.Claim.ID] {
			j, ok := byID[id]
			if !ok || i == j || w.items[j].stage != candidate && w.items[j].reason != Superseded {
				continue
			}
			old := w.items[j].said
			same := old.Claim.Source == by.Claim.Source || old.Outlet != "" && old.Outlet == by.Outlet
			if same && !reaches(replaces, id, by.Claim.ID) {
				w.drop(j, Superseded, i)
			}
		}
	}
	for i := range w.items {
		if w.items[i].stage == candidate {
			w.supersedeRepeat(i, byID)
		}
	}
}

// supersedeRepeat takes out a claim that repeats, directly or through others, the
// number of a report that was replaced.
func (w *work) supersedeRepeat(i int, byID map[record.ClaimID]int) {
	at := i
	for range w.items {
		before := -1
		for _, d := range w.items[at].said.Claim.DerivedFrom {
			if j, ok := byID[record.ClaimID(d.ID)]; ok && d.Kind == record.KindClaim && j != at {
				before = j
				break
			}
		}
		if before < 0 || !w.items[before].reading.same(&w.items[i].reading) {
			return
		}
		at = before
		if old := &w.items[at]; old.reason == Superseded && !old.said.Claim.Role.Compiled() {
			w.drop(i, Superseded, old.of)
			return
		}
	}
}

func reaches(edges map[record.ClaimID][]record.ClaimID, from, to record.ClaimID) bool {
	seen := map[record.ClaimID]bool{from: true}
	for queue := []record.ClaimID{from}; len(queue) > 0; queue = queue[1:] {
		for _, next := range edges[queue[0]] {
			if next == to {
				return true
			}
			if !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return false
}

// convertible reports whether the candidates can be put in one figure: sums of
// money in two currencies cannot.
func (w *work) convertible() bool {
	unit, several := "", false
	for i := range w.items {
		if it := &w.items[i]; it.stage == candidate {
			several = several || unit != "" && it.said.Claim.Unit != unit
			unit = it.said.Claim.Unit
		}
	}
	if !several {
		w.figure.Unit = unit
		return true
	}
	for i := range w.items {
		if w.items[i].stage == candidate {
			w.drop(i, OtherUnit, -1)
		}
	}
	return false
}

// separate takes out what states no number, and sets compilers aside.
func (w *work) separate() {
	for i := range w.items {
		it := &w.items[i]
		if it.stage != candidate {
			continue
		}
		switch r := it.said.Claim.Reliability; {
		case !it.reading.ok:
			w.drop(i, NoNumber, -1)
		case it.said.Claim.Role.Compiled():
			it.stage = compiler
		case w.def.reliableOnly && (r == "04" || r == "05"):
			w.drop(i, Unreliable, -1)
		}
	}
}

func (w *work) has(s stage) bool {
	return slices.ContainsFunc(w.items, func(it item) bool { return it.stage == s })
}

// trace groups the reports by origin and keeps what each origin says now: its
// claims with the latest time. Of claims with equal numbers among these the
// earliest published stands for all, an exact one before one that says "about".
// It reports whether there are any.
func (w *work) trace() bool {
	o := origins{items: w.items}
	var keys index
	for i := range w.items {
		it := &w.items[i]
		if it.stage != candidate {
			continue
		}
		var key string
		key, it.asOf = o.of(i)
		it.group = keys.number(key)
		if it.group == len(w.groups) {
			w.groups = append(w.groups, group{key: keys.keys[it.group], asOf: it.asOf, first: -1})
		}
		g := &w.groups[it.group]
		g.asOf = max(g.asOf, it.asOf)
	}
	for _, approx := range [...]bool{false, true} {
		for i := range w.items {
			it := &w.items[i]
			if it.stage == candidate && it.reading.approx == approx && it.asOf == w.groups[it.group].asOf {
				w.keep(i)
			}
		}
	}
	for i := range w.items {
		it := &w.items[i]
		if it.stage != candidate {
			continue
		}
		reason := OutOfDate
		if it.asOf == undated {
			reason = Undated
		}
		w.drop(i, reason, w.groups[it.group].first)
	}
	return len(w.groups) > 0
}

func (w *work) keep(i int) {
	it := &w.items[i]
	g := &w.groups[it.group]
	if g.first >= 0 {
		for j := range w.items {
			if w.items[j].stage == current && w.items[j].group == it.group && w.items[j].reading.same(&it.reading) {
				w.drop(i, Repeats, j)
				return
			}
		}
	}
	it.stage = current
	lo, hi := it.reading.agreement()
	if g.first < 0 {
		g.first, g.lo, g.hi, g.agreeLo, g.agreeHi = i, it.reading.lo, it.reading.hi, lo, hi
		g.point, g.pointed = it.reading.point, it.reading.pointed
		return
	}
	g.first = min(g.first, i)
	g.lo, g.hi = min(g.lo, it.reading.lo), max(g.hi, it.reading.hi)
	g.agreeLo, g.agreeHi = min(g.agreeLo, lo), max(g.agreeHi, hi)
	g.point, g.pointed = w.stands(it.group)
}

// stands returns the value that an origin supports: the one it states, provided
// that everything else it says at the same time can be true with it. An origin
// that says 120 and 121 supports neither.
func (w *work) stands(group int) (point int64, ok bool) {
	for i := range w.items {
		if it := &w.items[i]; it.stage == current && it.group == group && it.reading.pointed {
			if ok && it.reading.point != point {
				return 0, false
			}
			point, ok = it.reading.point, true
		}
	}
	for i := range w.items {
		if it := &w.items[i]; ok && it.stage == current && it.group == group && !it.reading.admits(point) {
			return 0, false
		}
	}
	return point, ok
}

// number puts n where the figure can point at it.
func (w *work) number(n int64) *int64 {
	w.slab = append(w.slab, n)
	return &w.slab[len(w.slab)-1]
}

// use marks the items for which the condition holds as used, and the rest of
// their stage as left out for reason.
func (w *work) use(from stage, condition func(*item) bool, reason Reason) {
	for i := range w.items {
		it := &w.items[i]
		if it.stage != from {
			continue
		}
		if condition(it) {
			it.stage, it.reason = used, Used
		} else {
			w.drop(i, reason, -1)
		}
	}
}

func all(*item) bool { return true }

// span sets Low, High, Open and Below from the used items.
func (w *work) span() {
	f := w.figure
	var lo, hi int64
	lower, some := false, false
	for i := range w.items {
		it := &w.items[i]
		if it.stage != used {
			continue
		}
		r := &it.reading
		if !r.upperOnly {
			if !lower || r.lo < lo {
				lo = r.lo
			}
			lower = true
		}
		hi = max(hi, r.hi)
		f.Open = f.Open || r.open
		some = true
	}
	if !some {
		return
	}
	// An upper bound below what others count stays visible as the conflict it is:
	// Status says so, and High is never under Low.
	f.Below = !lower
	f.Low, f.High = w.number(lo), w.number(max(hi, lo))
}

// approximate sets Approx: one of the figure's numbers is stated only as "about".
func (w *work) approximate() {
	f := w.figure
	for _, n := range [...]*int64{f.Low, f.Best, f.High} {
		if n == nil {
			continue
		}
		about, exact := false, false
		for i := range w.items {
			it := &w.items[i]
			r := &it.reading
			if it.stage != used || r.lo != *n && r.hi != *n && (!r.pointed || r.point != *n) {
				continue
			}
			about = about || r.approx
			exact = exact || !r.approx
		}
		f.Approx = f.Approx || about && !exact
	}
}

// assess sets Origins and Status from everything the rule weighed.
func (w *work) assess() {
	w.figure.Origins = len(w.groups)
	w.figure.Status = Corroborated
	lo, hi := w.groups[0].agreeLo, w.groups[0].agreeHi
	for i := range w.groups {
		lo, hi = max(lo, w.groups[i].agreeLo), min(hi, w.groups[i].agreeHi)
	}
	switch {
	case len(w.groups) == 1:
		w.figure.Status = Provisional
	case lo > hi:
		w.figure.Status = Disputed
	}
}

// list writes down what became of every claim.
func (w *work) list() {
	w.figure.Claims = make([]Use, len(w.items))
	for i := range w.items {
		it := &w.items[i]
		u := &w.figure.Claims[i]
		u.Claim, u.Used, u.Reason = it.said.Claim.ID, it.stage == used, it.reason
		if it.stage == compiler {
			u.Reason = CompiledBeside
		}
		if it.of >= 0 {
			u.Of = w.items[it.of].said.Claim.ID
		}
		if it.group >= 0 && !it.said.Claim.Role.Compiled() {
			u.Origin = w.groups[it.group].key
		}
		r := &it.reading
		if !r.ok {
			continue
		}
		u.Open, u.Approx, u.Word = r.open, r.approx, r.word
		if !r.upperOnly {
			u.Low = w.number(r.lo)
		}
		if r.pointed {
			u.Best = w.number(r.point)
		}
		if !r.open {
			u.High = w.number(r.hi)
		}
	}
}
