package trend

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// counting is one computation of version trend/1 under way.
type counting struct {
	p        Params
	f        frame
	bins     bins
	boundary string // ID of the attack's event that set the boundary
}

// compute1 is trend/1. The events are checked and in canonical order.
func compute1(p Params, events []Event) (Result, error) {
	f, err := p.frame()
	if err != nil {
		return Result{}, err
	}
	if int64(p.Permutations)*int64(len(events)) > mostPlaced {
		return Result{}, fmt.Errorf("trend: permutations must be at most %d for %d events", mostPlaced/len(events), len(events))
	}
	c := counting{p: p, f: f, bins: newBins(f, p.Bin), boundary: p.BoundaryEvent}
	if c.boundary != "" && !slices.ContainsFunc(events, func(e Event) bool { return e.ID == c.boundary }) {
		return Result{}, fmt.Errorf("trend: boundary_event must be in the input")
	}
	attacks := join(events, p.JoinHours)
	r := Result{
		Version: "trend/1", Generator: Generator, InputSHA256: Hash(encode(events)), Params: p,
		Events: len(events), Joined: len(events) - len(attacks), Attacks: len(attacks),
	}
	var in, strict []Attack
	for i := range attacks {
		if a := &attacks[i]; a.to < f.from || a.from >= f.end {
			r.Outside++
		} else {
			in = append(in, *a)
			if a.Strict() {
				strict = append(strict, *a)
			}
		}
	}
	if r.All, err = c.analyse(in, streamAllBins, streamAllGaps); err != nil {
		return Result{}, err
	}
	if r.Strict, err = c.analyse(strict, streamStrictBins, streamStrictGaps); err != nil {
		return Result{}, err
	}
	if c.compares() {
		if r.Undecided, err = c.undecided(in); err != nil {
			return Result{}, err
		}
		if r.Victims, err = c.victims(in); err != nil {
			return Result{}, err
		}
	}
	if p.Groups {
		if r.Groups, err = c.groups(in); err != nil {
			return Result{}, err
		}
	}
	return settle(r)
}

// settle returns the result as it will be read back from its JSON, so that what
// is shown on the day of publication is what is shown later.
func settle(r Result) (Result, error) {
	b, err := json.Marshal(r)
	if err != nil {
		return Result{}, fmt.Errorf("trend: write the result: %w", err)
	}
	var out Result
	if err := json.Unmarshal(b, &out); err != nil {
		return Result{}, fmt.Errorf("trend: read the result: %w", err)
	}
	return out, nil
}

// compares reports whether two periods may be compared at all.
func (c *counting) compares() bool { return c.f.split && c.p.Ground != GroundData }

// inside reports whether all days of the attack are in the span.
func (c *counting) inside(a *Attack) bool { return a.from >= c.f.from && a.to < c.f.end }

// set reports whether the attack set the boundary.
func (c *counting) set(a *Attack) bool {
	return c.boundary != "" && slices.Contains(a.Events, c.boundary)
}

func (c *counting) period(from, end day, attacks int64) (Period, error) {
	p := Period{From: from.String(), To: (end - 1).String(), Days: int64(end - from), Attacks: attacks}
	years := float64(p.Days) / 365.25
	p.Yearly = Number(float64(attacks) / years)
	var err error
	p.Interval, err = PoissonInterval(attacks, years, c.p.Alpha)
	return p, err
}

// tally is what is counted of a set of attacks.
type tally struct {
	whole         int64
	before, after int64   // without the attack that set the boundary
	inBins        []int64 // all
	compared      []int64 // by bins, without the attack that set the boundary
	days          []int64 // of those with a known day, from the first of the span
	binned        int
	set           int
}

func (c *counting) tally(attacks []Attack) tally {
	t := tally{inBins: make([]int64, c.bins.len()), compared: make([]int64, c.bins.len())}
	for i := range attacks {
		a := &attacks[i]
		if !c.inside(a) {
			continue
		}
		t.whole++
		if a.dated() {
			t.days = append(t.days, int64(a.from-c.f.from))
		}
		set := c.set(a)
		bin, binned := c.bins.of(a)
		if binned {
			t.binned++
			t.inBins[bin]++
		}
		switch {
		case set:
			t.set++
			continue
		case a.to < c.f.boundary:
			t.before++
		case a.from >= c.f.boundary:
			t.after++
		}
		if binned {
			t.compared[bin]++
		}
	}
	slices.Sort(t.days)
	return t
}

func (c *counting) analyse(attacks []Attack, forBins, forGaps stream) (Analysis, error) {
	t := c.tally(attacks)
	a, err := c.compare(t, forBins)
	if err != nil {
		return Analysis{}, err
	}
	for i, n := range t.inBins {
		a.Bins = append(a.Bins, BinCount{
			From: c.bins.starts[i].String(), To: (c.bins.starts[i+1] - 1).String(),
			Later: c.f.split && i >= c.bins.later, Attacks: n,
		})
	}
	if d, err := SeriesDispersionOf(t.inBins); err == nil {
		a.Series = &d
	}
	if len(t.days) < c.p.Minimum {
		if !c.compares() && !slices.Contains(a.Published.Refused, TooFewAttacks) {
			a.Published.Refused = append(a.Published.Refused, TooFewAttacks)
		}
		return a, nil
	}
	if a.Laplace, err = c.laplace(t.days, a.Series); err != nil {
		return Analysis{}, err
	}
	if t.days[EdgeAttacks-1] == t.days[len(t.days)-EdgeAttacks] {
		return a, nil // all but the edges on one day: nothing can be divided
	}
	if a.Change, err = c.change(t.days, forGaps); err != nil {
		return Analysis{}, err
	}
	if !c.compares() {
		a.Published.Method = ChangePoint
		a.Published.Finding = a.Change.Finding
		a.Published.Ratio, a.Published.P = &a.Change.Ratio, &a.Change.P
	}
	return a, nil
}

// compare is the comparison of the two periods with the choice of its method.
func (c *counting) compare(t tally, forBins stream) (Analysis, error) {
	a := Analysis{
		Attacks: int(t.whole), AtBoundary: t.set,
		Unbinned: int(t.whole) - t.binned, Undated: int(t.whole) - len(t.days),
		Published: Published{Finding: NotTested},
	}
	refuse := func(why Reason) (Analysis, error) {
		a.Published.Refused = append(a.Published.Refused, why)
		return a, nil
	}
	var err error
	if a.Whole, err = c.period(c.f.from, c.f.end, t.whole); err != nil {
		return a, err
	}
	if !c.f.split {
		return refuse(NoBoundary)
	}
	before, err := c.period(c.f.from, c.f.boundary, t.before)
	if err != nil {
		return a, err
	}
	after, err := c.period(c.f.boundary, c.f.end, t.after)
	if err != nil {
		return a, err
	}
	a.Before, a.After = &before, &after
	if !c.compares() {
		return refuse(BoundaryFromData)
	}
	if int(t.before+t.after) < c.p.Minimum {
		return refuse(TooFewAttacks)
	}
	exact, err := CompareRates(t.before, float64(before.Days), t.after, float64(after.Days), c.p.Alpha)
	if err != nil {
		return a, err
	}
	a.Exact = &exact
	early, late := c.bins.split(t.compared)
	if len(early) == 0 || len(late) == 0 || len(t.compared) < LeastBins {
		return refuse(TooFewBins)
	}
	dispersion, err := DispersionOf(early, late)
	if err != nil {
		return refuse(NothingInBins)
	}
	a.Dispersion = &dispersion
	shuffle, err := shuffleBins(early, late, c.p.Permutations, newGenerator(c.p.Seed, forBins))
	if err != nil {
		return a, err
	}
	a.Shuffle = &shuffle
	// Without variation in any bin there is nothing to scale by.
	if t.before > 0 && t.after > 0 && dispersion.Phi > 0 {
		quasi, err := CompareQuasi(t.before, float64(before.Days), t.after, float64(after.Days), float64(dispersion.Phi), dispersion.DF, c.p.Alpha)
		if err != nil {
			return a, err
		}
		a.Quasi = &quasi
	}
	pub := &a.Published
	pub.Ratio = &exact.Ratio
	switch {
	case dispersion.Phi.round() <= DispersionLimit:
		pub.Method, pub.P, pub.Interval = ConditionalBinomial, &exact.P, &exact.Interval
	case t.before >= LeastForRatio && t.after >= LeastForRatio:
		pub.Method, pub.P, pub.Interval = QuasiPoisson, &a.Quasi.P, &a.Quasi.Interval
	default:
		pub.Method, pub.P = BinShuffle, &shuffle.P
	}
	pub.Finding = c.finding(*pub.P, exact.Ratio)
	return a, nil
}

func (c *counting) finding(p, ratio Number) Finding {
	switch {
	case float64(p.round()) >= c.p.Alpha || ratio == 1:
		return NoClearChange
	case ratio > 1:
		return Rising
	default:
		return Falling
	}
}

func (c *counting) laplace(days []int64, series *SeriesDispersion) (*LaplaceTest, error) {
	noons := make([]float64, len(days))
	for i, d := range days {
		noons[i] = float64(d) + 0.5
	}
	l, err := LaplaceOf(noons, float64(c.f.days()))
	if err != nil {
		return nil, err
	}
	l.Holds = series != nil && series.D.round() <= DispersionLimit
	return &l, nil
}

func (c *counting) change(days []int64, s stream) (*Change, error) {
	end := c.f.days()
	d, err := findChange(days, 1, end, c.p.Permutations, newGenerator(c.p.Seed, s))
	if err != nil {
		return nil, err
	}
	date := func(t int64) string { return (c.f.from + day(t)).String() }
	after := len(days) - d.Before
	ch := &Change{
		Day: date(d.At), Earliest: date(d.Earliest), Latest: date(d.Latest),
		Before: d.Before, After: after,
		Ratio:     Number(float64(after) / float64(end-d.At) / float64(d.Before) * float64(d.At)),
		Statistic: Number(d.Statistic), P: Number(d.P), Permutations: c.p.Permutations,
	}
	ch.Finding = c.finding(ch.P, ch.Ratio)
	return ch, nil
}

// undecided compares the periods with the attacks of unclear date where they
// make the ratio least, and where they make it greatest.
func (c *counting) undecided(attacks []Attack) (*Undecided, error) {
	var u Undecided
	var before, after, lowBefore, highAfter int64
	for i := range attacks {
		a := &attacks[i]
		if c.set(a) {
			continue
		}
		inside := c.inside(a)
		couldBefore, couldAfter := a.from < c.f.boundary, a.to >= c.f.boundary
		switch {
		case inside && !couldAfter:
			before++
		case inside && !couldBefore:
			after++
		default:
			u.Attacks++
			// What could be outside of the span is left out where that serves.
			if couldBefore {
				lowBefore++
			} else if inside {
				after++
			}
			if couldAfter {
				highAfter++
			} else if inside {
				before++
			}
		}
	}
	if u.Attacks == 0 || before+after+lowBefore == 0 || before+after+highAfter == 0 {
		return nil, nil
	}
	if int(before+after)+u.Attacks < c.p.Minimum {
		return nil, nil
	}
	t0, t1 := float64(c.f.boundary-c.f.from), float64(c.f.end-c.f.boundary)
	var err error
	if u.Lowest, err = CompareRates(before+lowBefore, t0, after, t1, c.p.Alpha); err != nil {
		return nil, err
	}
	u.Highest, err = CompareRates(before, t0, after+highAfter, t1, c.p.Alpha)
	return &u, err
}

func (c *counting) victims(attacks []Attack) (*Victims, error) {
	v := &Victims{Finding: NotTested}
	low, high := make([]int64, c.bins.len()), make([]int64, c.bins.len())
	for i := range attacks {
		a := &attacks[i]
		bin, ok := c.bins.of(a)
		if !ok || !c.inside(a) || c.set(a) {
			continue
		}
		if a.KilledLow == Unknown {
			v.Unknown++
			continue
		}
		v.Attacks++
		low[bin] += a.KilledLow
		high[bin] += a.KilledHigh
	}
	refuse := func(why Reason) (*Victims, error) {
		v.Refused = append(v.Refused, why)
		return v, nil
	}
	lowBefore, lowAfter := c.bins.split(low)
	highBefore, highAfter := c.bins.split(high)
	switch {
	case v.Attacks < c.p.Minimum:
		return refuse(TooFewKnown)
	case len(lowBefore) == 0 || len(lowAfter) == 0 || len(low) < LeastBins:
		return refuse(TooFewBins)
	case !slices.ContainsFunc(low, func(n int64) bool { return n > 0 }):
		return refuse(NothingInBins)
	}
	lowTest, err := shuffleBins(lowBefore, lowAfter, c.p.Permutations, newGenerator(c.p.Seed, streamVictimsLow))
	if err != nil {
		return nil, err
	}
	highTest, err := shuffleBins(highBefore, highAfter, c.p.Permutations, newGenerator(c.p.Seed, streamVictimsHigh))
	if err != nil {
		return nil, err
	}
	v.Low, v.High = &lowTest, &highTest
	v.Finding = c.finding(lowTest.P, lowTest.Ratio)
	if v.Finding != c.finding(highTest.P, highTest.Ratio) {
		v.Finding = NoClearChange
	}
	return v, nil
}

// groups compares within each group, by name, and corrects for their number.
func (c *counting) groups(attacks []Attack) ([]GroupResult, error) {
	byName := make(map[string][]Attack)
	var names []string
	for _, a := range attacks {
		if a.Group == "" {
			continue
		}
		if _, ok := byName[a.Group]; !ok {
			names = append(names, a.Group)
		}
		byName[a.Group] = append(byName[a.Group], a)
	}
	if len(names) > MostGroups {
		return nil, fmt.Errorf("trend: %d groups; at most %d can be compared at once", len(names), MostGroups)
	}
	slices.Sort(names)
	var out []GroupResult
	var ps []float64
	var tested []int
	for i, name := range names {
		a, err := c.compare(c.tally(byName[name]), streamGroups+stream(i))
		if err != nil {
			return nil, err
		}
		if a.Published.P != nil {
			ps = append(ps, float64(*a.Published.P))
			tested = append(tested, i)
		}
		out = append(out, GroupResult{Group: name, Analysis: a})
	}
	for i, p := range Holm(ps) {
		pub := &out[tested[i]].Analysis.Published
		adjusted := Number(math.Min(1, p))
		pub.Adjusted = &adjusted
		pub.Finding = c.finding(adjusted, *pub.Ratio)
	}
	return out, nil
}
