package follow

import (
	"slices"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// ChainState says what is known of a case.
type ChainState string

// NotLooked is nothing known and nothing looked for. NoneFound is looked for and nothing found.
// Reached is that at least one step is known.
const (
	NotLooked ChainState = "not_looked"
	NoneFound ChainState = "none_found"
	Reached   ChainState = "reached"
)

// Chain is how far one case has come.
type Chain struct {
	State ChainState
	// Stage is the last step known that carries a case on; "" without one.
	Stage record.StepKind
	// Exits are the ways out that are known, as places in the proceeding's steps, oldest first.
	Exits []int
	// AtLarge says that the last known of an escape and a recapture is an escape.
	AtLarge bool
	// Verdict is how the last court that is known to have decided left it: a verdict, changed by
	// an appeal that was decided later; "" without one.
	Verdict record.VerdictValue
	// Convicted says that Verdict leaves at least one accused convicted.
	Convicted bool
	// Checked says that an outcome was looked for, or is known from a verdict.
	Checked bool
	// Looked is the last search; its On is "" without one.
	Looked record.Looked
	// ReportsOnly says that no step has more behind it than reports.
	ReportsOnly bool
}

// ReadChain works out how far a proceeding has come. Steps are taken by their
// dates and, as far as these leave it open, in the order from complaint to sentence.
func ReadChain(p *record.Proceeding) Chain {
	c := Chain{State: NotLooked, ReportsOnly: len(p.Steps) > 0}
	for _, l := range p.Looked {
		if l.On >= c.Looked.On {
			c.Looked = l
		}
	}
	if c.Looked.On != "" {
		c.State, c.Checked = NoneFound, true
	}
	if len(p.Steps) > 0 {
		c.State = Reached
	}
	rank := chainRank()
	for _, i := range inTime(p.Steps) {
		s := p.Steps[i]
		c.ReportsOnly = c.ReportsOnly && s.Reports
		if WayOut(s.Kind) {
			if s.Kind != record.StepRecapture {
				c.Exits = append(c.Exits, i)
			}
			c.AtLarge = s.Kind == record.StepEscape || c.AtLarge && s.Kind != record.StepRecapture
			continue
		}
		if c.Stage == "" || rank[s.Kind] > rank[c.Stage] {
			c.Stage = s.Kind
		}
		c.Verdict = decided(c.Verdict, s)
	}
	c.Convicted = c.Verdict == record.VerdictConvicted || c.Verdict == record.VerdictMixed
	c.Checked = c.Checked || c.Verdict != ""
	return c
}

// decided is the outcome after a step of a court. "Upheld" leaves what was; "reversed"
// of a conviction is an acquittal and the other way round; of both kinds it is not
// known which, and stays mixed.
func decided(now record.VerdictValue, s record.ChainStep) record.VerdictValue {
	if s.Kind != record.StepVerdict && s.Kind != record.StepAppealDecided {
		return now
	}
	switch s.Verdict {
	case "", record.VerdictUpheld:
		return now
	case record.VerdictReversed:
		switch now {
		case record.VerdictConvicted:
			return record.VerdictAcquitted
		case record.VerdictAcquitted:
			return record.VerdictConvicted
		}
		return now
	}
	return s.Verdict
}

func chainRank() map[record.StepKind]int {
	rank := map[record.StepKind]int{}
	for i, k := range record.ChainKinds() {
		rank[k] = i + 1
	}
	return rank
}

// inTime returns the places of steps in an order in which they can have happened: one
// dated wholly before another comes before it; where dates overlap or are not
// known, the order from complaint to sentence decides.
func inTime(steps []record.ChainStep) []int {
	rank := chainRank()
	left := make([]int, len(steps))
	for i := range left {
		left[i] = i
	}
	out := make([]int, 0, len(steps))
	for len(left) > 0 {
		best := -1
		for at, i := range left {
			waits := slices.ContainsFunc(left, func(j int) bool {
				first, ok := steps[i].On.Date.Earliest()
				return ok && endsBefore(steps[j].On.Date, first)
			})
			if !waits && (best < 0 || rank[steps[i].Kind] < rank[steps[left[best]].Kind]) {
				best = at
			}
		}
		out = append(out, left[best])
		left = slices.Delete(left, best, best+1)
	}
	return out
}

// Contradiction is one thing about a case that cannot be as it is recorded. It is
// listed and never refused: sources contradict each other.
type Contradiction struct {
	// Key names it: "chain.order" (Step is dated wholly before After, which has to come before
	// it), "chain.before_event" (Step is dated wholly before the attack), "chain.no_escape" (a
	// recapture without an escape), "chain.no_verdict" (an appeal decided or a sentence without any
	// verdict), "chain.two_verdicts" (verdicts that differ on one day).
	Key string
	// Step and After are places in the proceeding's steps; After is -1 where no second is meant.
	Step, After int
}

// precedes lists what cannot come before what: for each kind the kinds that have to come
// before it, if both are known. Escape, release and transfer may come at any time.
var precedes = map[record.StepKind][]record.StepKind{
	record.StepCharge:        {record.StepComplaint},
	record.StepTrial:         {record.StepComplaint, record.StepCharge},
	record.StepVerdict:       {record.StepComplaint, record.StepCharge, record.StepTrial},
	record.StepSentence:      {record.StepComplaint, record.StepCharge, record.StepTrial, record.StepVerdict},
	record.StepAppeal:        {record.StepVerdict},
	record.StepAppealDecided: {record.StepVerdict, record.StepAppeal},
	record.StepRecapture:     {record.StepEscape},
}

// Contradictions lists what cannot be as it is recorded. attacks are the dates of
// the events the case is about; a case of several is measured against the first of them.
func Contradictions(p *record.Proceeding, attacks []edtf.Date) []Contradiction {
	var out []Contradiction
	first, known := earliest(attacks)
	kinds := map[record.StepKind]bool{}
	for _, s := range p.Steps {
		kinds[s.Kind] = true
	}
	for i, s := range p.Steps {
		for _, kind := range precedes[s.Kind] {
			// There may be several of a kind; what has to come first has to only once.
			if j := blocked(p.Steps, i, kind); j >= 0 {
				out = append(out, Contradiction{"chain.order", i, j})
			}
		}
		if known && endsBefore(s.On.Date, first) {
			out = append(out, Contradiction{"chain.before_event", i, -1})
		}
		switch {
		case s.Kind == record.StepRecapture && !kinds[record.StepEscape]:
			out = append(out, Contradiction{"chain.no_escape", i, -1})
		case (s.Kind == record.StepAppealDecided || s.Kind == record.StepSentence) && !kinds[record.StepVerdict]:
			out = append(out, Contradiction{"chain.no_verdict", i, -1})
		case s.Kind == record.StepVerdict:
			for j := range i {
				o := p.Steps[j]
				if o.Kind == record.StepVerdict && o.Verdict != s.Verdict && !o.On.Date.IsZero() && o.On.Date == s.On.Date {
					out = append(out, Contradiction{"chain.two_verdicts", i, j})
				}
			}
		}
	}
	return out
}

// blocked returns the place of a step of the kind if every one of that kind is
// dated wholly after step i, else -1.
func blocked(steps []record.ChainStep, i int, kind record.StepKind) int {
	at := -1
	for j, s := range steps {
		if s.Kind != kind {
			continue
		}
		first, ok := s.On.Date.Earliest()
		if !ok || !endsBefore(steps[i].On.Date, first) {
			return -1
		}
		if at < 0 {
			at = j
		}
	}
	return at
}

// endsBefore reports whether a date is wholly before a day.
func endsBefore(d edtf.Date, before edtf.Day) bool {
	if d.IsZero() {
		return false
	}
	last, ok := d.Latest()
	return ok && last < before
}

// earliest returns the first day any of the dates can mean, false if it is open or none is known.
func earliest(ds []edtf.Date) (first edtf.Day, ok bool) {
	for _, d := range ds {
		if d.IsZero() {
			continue
		}
		day, bounded := d.Earliest()
		if !bounded {
			return 0, false
		}
		if !ok || day < first {
			first, ok = day, true
		}
	}
	return first, ok
}
