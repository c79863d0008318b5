package follow

import (
	"slices"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// Followed is what assessments are checked against and the clock is read for: a demand or a
// commitment, as far as that needs it.
type Followed struct {
	Ref        record.Ref
	Due        record.Due
	Steps      []record.Step
	Addressees []string // keys; none for a commitment
	Pauses     []record.ClockPause
	// Made is when it was asked or promised, Attack when what it is about happened; zero when not known.
	Made, Attack edtf.Date
}

// OfDemand reads a demand; attack is the date of the event on whose account it is asked.
func OfDemand(d *record.Demand, attack edtf.Date) Followed {
	f := Followed{Ref: d.Ref(), Due: d.Due, Steps: d.Steps, Pauses: d.Pauses, Made: d.Made.Date, Attack: attack}
	for _, a := range d.Addressees {
		f.Addressees = append(f.Addressees, a.Key)
	}
	return f
}

// OfCommitment reads a commitment; attack is the date of the event on whose account it was made.
func OfCommitment(m *record.Commitment, attack edtf.Date) Followed {
	return Followed{Ref: m.Ref(), Due: m.Due, Steps: m.Steps, Made: m.Made.Date, Attack: attack}
}

// Check returns nil or an [*record.Invalid] that says why an assessment cannot be of
// what is followed: another record, a step or an addressee it has not, a day that is
// not here yet, or one before the attack or before it was asked.
//
// Things may have happened before they were asked for, never before the attack they are about.
func (f *Followed) Check(a *record.Assessment, today edtf.Day) error {
	var faults []record.FieldError
	add := func(field, key string) { faults = append(faults, record.FieldError{Field: field, Key: key}) }
	if a.Of != f.Ref {
		add("of", "invalid.choice")
	}
	if a.Step != "" && !slices.ContainsFunc(f.Steps, func(s record.Step) bool { return s.Key == a.Step }) {
		add("step", "invalid.unknown")
	}
	if a.Addressee != "" && !slices.Contains(f.Addressees, a.Addressee) {
		add("addressee", "invalid.unknown")
	}
	if on, ok := day(a.On); ok {
		if first, known := earliest([]edtf.Date{f.Made}); known && on < first {
			add("on", "invalid.before_asked")
		} else if first, known := earliest([]edtf.Date{f.Attack}); known && on < first {
			add("on", "invalid.before_event")
		}
		if on > today {
			add("on", "invalid.future")
		}
	}
	if h := a.Happened.Date; !h.IsZero() {
		if first, known := earliest([]edtf.Date{f.Attack}); known && endsBefore(h, first) {
			add("happened", "invalid.before_event")
		}
		if first, ok := h.Earliest(); ok && first > today {
			add("happened", "invalid.future")
		}
	}
	for _, l := range a.Looked {
		if on, ok := day(l.On); ok && on > today {
			add("looked", "invalid.future")
			break
		}
	}
	if faults == nil {
		return nil
	}
	return &record.Invalid{Fields: faults}
}

// Disorder is a step that an account holds to be met although one that has to come before
// it is not, or happened later. It is listed, not refused.
type Disorder struct {
	Step, After string // keys
	By          record.Assessor
	// Later says that both are met, and After wholly later than Step; else After is not met.
	Later bool
}

// Disorders lists steps that one account has in an order that cannot be.
func (b *Board) Disorders(steps []record.Step, addressee string, by record.Assessor) []Disorder {
	in := b.index(addressee, by)
	var out []Disorder
	for _, s := range steps {
		done := in.axis(s.Key).Done(by)
		if !done.Is {
			continue
		}
		for _, k := range s.After {
			x := in.axis(k)
			before := x.Done(by)
			first, ok := before.When.Earliest()
			switch {
			case before.Superseded || x.Progress(by) == record.NotAssessed:
				// Nobody said that it is not met.
			case !before.Is:
				out = append(out, Disorder{Step: s.Key, After: k, By: by})
			case ok && !before.When.IsZero() && endsBefore(done.When, first):
				out = append(out, Disorder{Step: s.Key, After: k, By: by, Later: true})
			}
		}
	}
	return out
}
