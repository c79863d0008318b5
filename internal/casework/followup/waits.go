package followup

import (
	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// WaitLine is how long cases waited from one step of the chain for another.
type WaitLine struct {
	From, To record.StepKind
	follow.Waits
}

// waited lists between which steps the time is told.
var waited = [][2]record.StepKind{
	{record.StepComplaint, record.StepArrest},
	{record.StepArrest, record.StepCharge},
	{record.StepCharge, record.StepVerdict},
	{record.StepComplaint, record.StepVerdict},
	{record.StepAppeal, record.StepAppealDecided},
}

// waits measures the time between steps over the cases whose first step is dated. Pairs of
// which no case says anything are left out.
func (a *Accountability) waits(today edtf.Day) {
	for _, pair := range waited {
		var gaps []follow.Gap
		for _, l := range a.Proceedings {
			if g, ok := follow.Between(l.Proceeding, pair[0], pair[1], today); ok {
				gaps = append(gaps, g)
			}
		}
		if len(gaps) > 0 {
			a.Waits = append(a.Waits, WaitLine{From: pair[0], To: pair[1], Waits: follow.MeasureWaits(gaps)})
		}
	}
}
