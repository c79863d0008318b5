package follow

import "github.com/gawah-project/gawah/internal/record"

// StepAt is one step with its progress and its clock.
type StepAt struct {
	Key      string
	Progress record.ProgressValue
	// Count is how many of the step's Want are met, nil where nobody said.
	Count  *int64
	Timing Timing
	// Checked is the day for which it was last assessed, "" if it was not.
	Checked string
}

// At is where a demand or a commitment stands for one addressee at one moment.
type At struct {
	Whole  Whole
	Timing Timing // of the whole
	Steps  []StepAt
	// Late is how many steps are overdue.
	Late int
	// Checked is the newest day for which the whole or a step was assessed.
	Checked string
}

// Stand works out where something stands for one addressee ("" for all) by one
// assessor's account: the whole, every step, and the clock of each.
func (c *Clock) Stand(f *Followed, b *Board, addressee string, by record.Assessor) At {
	in := b.index(addressee, by)
	pauses := Pauses(f.Pauses, addressee, Answerer{})
	out := At{Whole: in.whole(f.Steps, by)}
	out.Timing = c.Time(f.Due, out.Whole.Done, pauses)
	out.Timing.Unchecked = out.Whole.Value() == record.NotAssessed
	if a := in[""]; a != nil {
		out.Checked = a.Present.On
	}
	if len(f.Steps) > 0 {
		out.Steps = make([]StepAt, len(f.Steps))
	}
	for i := range f.Steps {
		s := &f.Steps[i]
		x := in.axis(s.Key)
		at := StepAt{Key: s.Key, Progress: x.Progress(by), Timing: c.Time(s.Due, x.Done(by), pauses)}
		at.Timing.Unchecked = at.Progress == record.NotAssessed
		if a := in[s.Key]; a != nil {
			at.Count, at.Checked = a.Present.Count, a.Present.On
			out.Checked = max(out.Checked, at.Checked)
		}
		if at.Timing.IsLate() {
			out.Late++
		}
		out.Steps[i] = at
	}
	return out
}
