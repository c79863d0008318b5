package follow

import (
	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// Whole is the progress of a demand or commitment for one addressee by one
// assessor's account.
type Whole struct {
	By record.Assessor
	// Steps counts the essential steps that are still asked for ("3 of 9 steps": Met
	// of Steps); where none is marked essential, all that are not ways out of a case.
	Steps int
	// These add up to Steps.
	Met, InPart, InProgress, Stalled, Reversed, NoAction, NotAssessed int
	// Superseded counts essential steps beyond Steps.
	Superseded int
	// Computed follows from the steps, and is "" without any.
	Computed record.ProgressValue
	// Judged is what was judged of the whole, "" where nothing was.
	Judged record.ProgressValue
	// Differ says that both say something, and not the same.
	Differ bool
	// Done is for the clock and goes with [Whole.Value].
	Done Done
}

// Value is what a list shows of the whole: from its steps where they say anything,
// else as judged, else not_assessed.
func (w Whole) Value() record.ProgressValue {
	switch {
	case w.fromStepsShown():
		return w.Computed
	case w.Judged != "":
		return w.Judged
	}
	return record.NotAssessed
}

// counts reports whether the whole depends on step i.
func counts(steps []record.Step, i int) bool {
	for j := range steps {
		if steps[j].Essential {
			return steps[i].Essential
		}
	}
	return !WayOut(steps[i].Kind)
}

// Whole works out how far the whole is from its steps, by one assessor's account,
// and puts beside it what that assessor judged of the whole.
func (b *Board) Whole(steps []record.Step, addressee string, by record.Assessor) Whole {
	return b.index(addressee, by).whole(steps, by)
}

// index is the progress axis of every step by one account.
type index map[string]*Account

func (b *Board) index(addressee string, by record.Assessor) index {
	in := make(index, 16)
	for _, a := range b.all {
		if a.Axis != record.AxisProgress || a.By != by || a.Addressee != "" && a.Addressee != addressee {
			continue
		}
		if have := in[a.Step]; have == nil {
			in[a.Step] = &Account{By: by, Present: a}
		} else {
			have.Earlier = append(have.Earlier, a)
		}
	}
	return in
}

func (in index) axis(step string) Axis {
	if a := in[step]; a != nil {
		return Axis{Accounts: []Account{*a}}
	}
	return Axis{}
}

func (in index) whole(steps []record.Step, by record.Assessor) Whole {
	w := Whole{By: by}
	latest := Done{Is: true}
	for i := range steps {
		if !counts(steps, i) {
			continue
		}
		x := in.axis(steps[i].Key)
		v := x.Progress(by)
		if v == record.Superseded {
			w.Superseded++
			continue
		}
		w.Steps++
		switch v {
		case record.Met:
			w.Met++
			latest = later(latest, x.Done(by))
		case record.MetInPart:
			w.InPart++
		case record.InProgress:
			w.InProgress++
		case record.Stalled:
			w.Stalled++
		case record.Reversed:
			w.Reversed++
		case record.NoActionFound:
			w.NoAction++
		default:
			w.NotAssessed++
		}
	}
	if a := in[""]; a != nil {
		w.Judged = a.Present.Progress
	}
	if w.Steps+w.Superseded > 0 {
		w.Computed = w.fromSteps()
	}
	switch {
	case !w.fromStepsShown():
		w.Done = in.axis("").Done(by)
	case w.Computed == record.Met:
		w.Done = latest
	case w.Computed == record.Superseded:
		w.Done = Done{Superseded: true}
	}
	w.Differ = says(w.Computed) && says(w.Judged) && w.Computed != w.Judged
	return w
}

// says reports whether somebody looked.
func says(v record.ProgressValue) bool { return v != "" && v != record.NotAssessed }

// fromStepsShown reports whether [Whole.Value] is that of the steps.
func (w *Whole) fromStepsShown() bool {
	return w.Computed != "" && (w.Computed != record.NotAssessed || w.Judged == "")
}

func (w *Whole) fromSteps() record.ProgressValue {
	switch {
	case w.Steps == 0:
		return record.Superseded
	case w.Met == w.Steps:
		return record.Met
	case w.Met > 0 || w.InPart > 0:
		return record.MetInPart
	case w.InProgress > 0:
		return record.InProgress
	case w.Stalled > 0:
		return record.Stalled
	case w.Reversed > 0:
		return record.Reversed
	case w.NoAction == w.Steps:
		return record.NoActionFound
	}
	return record.NotAssessed
}

// later joins what is done by both: the whole is done when the last of it is.
func later(a, b Done) Done {
	if a.By == "" {
		return b
	}
	out := Done{Is: true, By: max(a.By, b.By)}
	// When one of the dates is not known, neither is that of the whole.
	if !a.When.IsZero() && !b.When.IsZero() {
		out.When = lastOf(a.When, b.When)
	}
	return out
}

// lastOf returns the later of two dates; of two that overlap, the span in which the
// later of them must lie.
func lastOf(a, b edtf.Date) edtf.Date {
	ae, aok := a.Earliest()
	be, bok := b.Earliest()
	al, alok := a.Latest()
	bl, blok := b.Latest()
	switch {
	case !aok || !bok || !alok || !blok:
		return edtf.Date{}
	case be >= al:
		return b
	case ae >= bl:
		return a
	}
	d, err := edtf.Parse(calendar.DayText(max(ae, be)) + "/" + calendar.DayText(max(al, bl)))
	if err != nil {
		return edtf.Date{}
	}
	return d
}
