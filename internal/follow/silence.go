package follow

import (
	"cmp"
	"slices"

	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// StartKind is what set the silence clock going.
type StartKind string

// Nothing else starts the clock: a demand that was handed to nobody is met by no silence.
const (
	StartDelivery   StartKind = "delivery"
	StartCommitment StartKind = "commitment"
	StartDuty       StartKind = "duty"       // the day on which a cited duty fell due
	StartCited      StartKind = "cited_duty" // the day on which a duty was cited that names no day
)

// Start is one thing that an addressee was to answer.
type Start struct {
	Kind StartKind
	On   string // YYYY-MM-DD
	Ref  record.Ref
}

// Duty returns the start that a cited duty gives for an addressee of a demand: the day on
// which it fell due, where law gives one; else the day on which the demand cited it, which is
// the last that its date can mean, or a later one from which on the first of what it cites is in force.
// It is false where no duty is cited that binds the addressee, and where it is not known
// when it was cited. A duty of a state binds its offices; what is asked of a person in
// person, as an apology is, it does not reach, and neither does it another state.
func Duty(m *record.Demand, a record.DemandAddressee) (Start, bool) {
	if m.Due.Origin == record.DueLegal && m.Due.Day != "" {
		return Start{Kind: StartDuty, On: m.Due.Day, Ref: m.Ref()}, true
	}
	cited, ok := m.Made.Date.Latest()
	if !ok || m.Made.IsZero() || a.Personal {
		return Start{}, false
	}
	var from edtf.Day
	bound := false
	for _, b := range m.Bases {
		if b.State != "" && a.Country != "" && b.State != a.Country {
			continue
		}
		since := cited
		if force, ok := b.InForce.Date.Latest(); ok && !b.InForce.IsZero() {
			since = max(cited, force)
		}
		if !bound || since < from {
			from, bound = since, true
		}
	}
	if !bound {
		return Start{}, false
	}
	return Start{Kind: StartCited, On: calendar.DayText(from), Ref: m.Ref()}, true
}

// Answer is one thing an addressee said.
type Answer struct {
	On  string // YYYY-MM-DD, the day it came in
	Ref record.Ref
	// Read says that a person has read and classified it. One that was not read does not stop
	// the clock.
	Read bool
}

// SilenceState says what the silence clock shows.
type SilenceState string

// The states. NothingHandedOver is before any start; Silent runs; Answered was stopped by an
// answer; Waiting is in a pause and silent.
const (
	NothingHandedOver SilenceState = "nothing_handed_over"
	Silent            SilenceState = "silent"
	Answered          SilenceState = "answered"
	Waiting           SilenceState = "paused"
)

// Silence is how long an addressee has said nothing.
type Silence struct {
	State SilenceState
	Since string // YYYY-MM-DD, of the start from which it is counted; "" unless silent or paused
	Start Start
	// Days is how many days after Since have gone by, those of a pause not counted.
	Days int
	// Last is the last answer that was read, and AgoDays how many days ago that was. It may be
	// there while silence runs again.
	Last    Answer
	AgoDays int
	// NeedsClassification says that an answer came in which nobody has read yet; the
	// clock goes on.
	NeedsClassification bool
	Unread              []Answer // oldest first
	// Looked is when and where somebody last searched for an answer; LookedDays ago. On is "" if
	// nobody ever did.
	Looked     record.Looked
	LookedDays int
	// Stale says that the last search is older than the house's rule, or that there was none since
	// the clock was started.
	Stale bool
}

// Silence works out the silence clock of one addressee, whose zone says what day it
// is. Starts and answers of later days are left out.
func (c *Clock) Silence(zone string, starts []Start, answers []Answer, looked []record.Looked, pauses []Spell) Silence {
	today := c.at(zone).today
	s := Silence{State: NothingHandedOver}
	begun := dated(starts, today, func(s Start) string { return s.On })
	heard := dated(answers, today, func(a Answer) string { return a.On })

	answered, any := edtf.Day(0), false
	for _, a := range heard {
		if !a.of.Read {
			s.Unread = append(s.Unread, a.of)
			continue
		}
		s.Last, answered, any = a.of, a.day, true
	}
	s.NeedsClassification = len(s.Unread) > 0
	if any {
		s.AgoDays = int(today - answered)
	}
	var since edtf.Day
	for _, b := range begun {
		if any && b.day <= answered {
			s.State = Answered // an answer of the day on which it was handed over answers it
			continue
		}
		s.State, s.Start, s.Since, since = Silent, b.of, b.of.On, b.day
		break
	}
	if s.State == Silent {
		s.Days = late(since, today, spells(pauses, since, today))
		if pausedOn(pauses, today) {
			s.State = Waiting
		}
	}
	searches := dated(looked, today, func(l record.Looked) string { return l.On })
	if n := len(searches); n > 0 {
		s.Looked, s.LookedDays = searches[n-1].of, int(today-searches[n-1].day)
	}
	if s.State == Silent || s.State == Waiting {
		n := len(searches)
		s.Stale = n == 0 || s.LookedDays > c.rules.Stale || searches[n-1].day < since
	}
	return s
}

type onDay[T any] struct {
	of  T
	day edtf.Day
}

// dated returns what is dated today or before, oldest first.
func dated[T any](in []T, today edtf.Day, on func(T) string) []onDay[T] {
	out := make([]onDay[T], 0, len(in))
	for _, v := range in {
		if d, ok := day(on(v)); ok && d <= today {
			out = append(out, onDay[T]{v, d})
		}
	}
	slices.SortStableFunc(out, func(a, b onDay[T]) int { return cmp.Compare(a.day, b.day) })
	return out
}

func merge(in []spell) []spell {
	slices.SortFunc(in, func(a, b spell) int { return cmp.Compare(a.from, b.from) })
	out := in[:0]
	for _, s := range in {
		if n := len(out); n > 0 && s.from <= out[n-1].to+1 {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}
