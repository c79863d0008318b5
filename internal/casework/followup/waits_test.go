package followup

import (
	"testing"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// TestWaits: of three cases of arrest one was charged, one accused was killed and one
// waits; a case without a date says nothing.
func TestWaits(t *testing.T) {
	step := func(kind record.StepKind, on string) record.ChainStep {
		s := record.ChainStep{Kind: kind}
		if on != "" {
			s.On = record.On(on)
		}
		return s
	}
	a := &Accountability{}
	for _, steps := range [][]record.ChainStep{
		{step(record.StepArrest, "2001-01-01"), step(record.StepCharge, "2001-01-31")},
		{step(record.StepArrest, "2001-01-01"), step(record.StepKilledBefore, "2001-01-11")},
		{step(record.StepArrest, "2001-01-01")},
		{step(record.StepArrest, ""), step(record.StepCharge, "2001-01-31")},
	} {
		a.Proceedings = append(a.Proceedings, ProceedingLine{Proceeding: &record.Proceeding{Steps: steps}})
	}
	a.waits(edtf.DayOf(2001, 12, 31))
	if len(a.Waits) != 2 {
		t.Fatalf("%+v", a.Waits)
	}
	w := a.Waits[0]
	if w.From != record.StepArrest || w.To != record.StepCharge || w.N != 3 || w.Ended != 1 || w.Exited != 1 || w.Waiting != 1 || w.HasMedian {
		t.Errorf("%+v", w)
	}
	// A charge of a known day waits for its verdict.
	if w := a.Waits[1]; w.From != record.StepCharge || w.Waiting != 2 || w.N != 2 {
		t.Errorf("%+v", w)
	}
}
