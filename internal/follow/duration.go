package follow

import (
	"cmp"
	"slices"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// Gap is the time between two steps of one case, in days.
type Gap struct {
	Low, High int // as far apart as their dates can mean
	// Ended says that the second step happened; else the case was still waiting for it after Low days.
	Ended bool
	// Exit is the way out that ended the wait instead (escape does not: it can be undone); "" without one.
	Exit record.StepKind
}

// Between returns the time from the first known step of one kind to the first known
// step of another after it, today for a case that still waits. ok is false where the first
// is not dated, or the second lies wholly before it: such a case says nothing here.
func Between(p *record.Proceeding, from, to record.StepKind, today edtf.Day) (g Gap, ok bool) {
	start, found := firstOf(p.Steps, func(k record.StepKind) bool { return k == from })
	if !found {
		return Gap{}, false
	}
	end, ended := firstOf(p.Steps, func(k record.StepKind) bool { return k == to })
	exit, left := firstOf(p.Steps, endsCase)
	switch {
	case ended:
		g.Ended = true
	case left:
		g.Exit, end = exit.kind, exit
	default:
		end = stepDays{low: today, high: today}
	}
	if end.high < start.low {
		return Gap{}, false
	}
	g.Low, g.High = int(max(0, end.low-start.high)), int(end.high-start.low)
	return g, true
}

// endsCase reports whether a way out ends the wait for good.
func endsCase(k record.StepKind) bool {
	return k == record.StepKilledBefore || k == record.StepRelease || k == record.StepWithdrawn
}

type stepDays struct {
	kind      record.StepKind
	low, high edtf.Day
}

func firstOf(steps []record.ChainStep, is func(record.StepKind) bool) (first stepDays, ok bool) {
	for _, s := range steps {
		low, lok := s.On.Date.Earliest()
		high, hok := s.On.Date.Latest()
		if is(s.Kind) && !s.On.Date.IsZero() && lok && hok && (!ok || low < first.low) {
			first, ok = stepDays{s.Kind, low, high}, true
		}
	}
	return first, ok
}

// Waits is how long cases waited for a step.
type Waits struct {
	N       int // cases
	Ended   int // in which the step came
	Exited  int // that ended another way
	Waiting int // that still wait
	// Curve is the share in which the step had come by a day (cumulative incidence: another end
	// keeps the step from coming and is not treated as a case still waiting), ascending.
	Curve []WaitPoint
	// Median is the least number of days by which it had come in half of them; HasMedian is false when it
	// never reaches half.
	Median    int
	HasMedian bool
}

// WaitPoint is one rise of the curve.
type WaitPoint struct {
	Days  int
	Share float64
}

// MeasureWaits works out the Aalen–Johansen estimate of how soon a step comes. Each case enters
// with the fewest days its dates allow. With no other ends it is one minus Kaplan–Meier.
func MeasureWaits(gaps []Gap) Waits {
	gs := slices.Clone(gaps)
	slices.SortStableFunc(gs, func(a, b Gap) int { return cmp.Compare(a.Low, b.Low) })
	w := Waits{N: len(gs)}
	free, come := 1.0, 0.0 // shares: in neither end yet; in which it came
	for i := 0; i < len(gs); {
		at, risk := gs[i].Low, float64(len(gs)-i)
		ended, exited := 0, 0
		for ; i < len(gs) && gs[i].Low == at; i++ {
			switch {
			case gs[i].Ended:
				ended++
			case gs[i].Exit != "":
				exited++
			default:
				w.Waiting++
			}
		}
		w.Ended += ended
		w.Exited += exited
		if ended > 0 {
			come += free * float64(ended) / risk
			w.Curve = append(w.Curve, WaitPoint{at, come})
			// Half is reached up to the rounding of sums such as 1/3 + 1/6.
			if !w.HasMedian && come >= 0.5-1e-12 {
				w.Median, w.HasMedian = at, true
			}
		}
		free *= 1 - float64(ended+exited)/risk
	}
	return w
}
