package follow_test

import (
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

func TestStand(t *testing.T) {
	steps := essential("plan", "posts", "kept")
	steps[0].Due, steps[1].Due = due("2001-02-01", "Asia/Karachi"), due("2001-03-01", "Asia/Karachi")
	d := &record.Demand{ID: "d", Due: due("2001-12-31", "Asia/Karachi"), Steps: steps, Addressees: []record.DemandAddressee{{Key: "office"}}}
	f := follow.OfDemand(d, edtf.Date{})
	two := int64(2)
	b := follow.NewBoard([]*record.Assessment{
		progress("1", "plan", record.Met, "2001-04-01", happened("2001-01-20")),
		progress("2", "posts", record.MetInPart, "2001-04-02", func(a *record.Assessment) { a.Count = &two }),
		progress("3", "", record.InProgress, "2001-04-10", by(record.ByFamilies)),
	})
	got := noon("2001-05-01").Stand(&f, b, "office", record.ByOrganisation)
	equal(t, "whole", got.Whole.Value(), record.MetInPart)
	equal(t, "met", got.Whole.Met, 1)
	equal(t, "whole's time", got.Timing.Value, follow.NotDue)
	equal(t, "plan", got.Steps[0].Timing.Value, follow.MetOnTime)
	equal(t, "posts", got.Steps[1].Timing.Value, follow.LongOverdue)
	equal(t, "count", *got.Steps[1].Count, 2)
	equal(t, "kept", got.Steps[2].Timing.Value, follow.NoDeadline)
	equal(t, "posts were looked at", got.Steps[1].Timing.Unchecked, false)
	equal(t, "kept was not", got.Steps[2].Timing.Unchecked, true)
	equal(t, "the whole was", got.Timing.Unchecked, false)
	equal(t, "nobody looked", noon("2001-05-01").Stand(&f, follow.NewBoard(nil), "office", record.ByOrganisation).Timing.Unchecked, true)
	equal(t, "late", got.Late, 1)
	equal(t, "checked", got.Checked, "2001-04-02")
	families := noon("2001-05-01").Stand(&f, b, "office", record.ByFamilies)
	equal(t, "families", families.Whole.Value(), record.InProgress)
	equal(t, "families checked", families.Checked, "2001-04-10")

	// In a pause no step is late.
	d.Pauses = []record.ClockPause{{Addressee: "office", From: "2001-01-01"}}
	f = follow.OfDemand(d, edtf.Date{})
	got = noon("2001-05-01").Stand(&f, b, "office", record.ByOrganisation)
	equal(t, "paused", got.Late, 0)
}

// house makes as much as a national register has: n demands of ten steps, forty assessments each.
func house(n int) ([]follow.Followed, [][]*record.Assessment) {
	zones := []string{"Asia/Karachi", "Asia/Kabul", "Europe/London", "UTC"}
	followed, judged := make([]follow.Followed, n), make([][]*record.Assessment, n)
	first := dayOf("2015-01-01")
	seq := 0
	for i := range n {
		steps := follow.Plan(record.PlanProsecute)[:10]
		for j := range steps {
			steps[j].Due = due(calendar.DayText(first+edtf.Day((i*7+j*31)%4000)), zones[(i+j)%4])
		}
		ref := record.Ref{Kind: record.KindDemand, ID: id(i)}
		followed[i] = follow.Followed{Ref: ref, Steps: steps, Addressees: []string{"office"}, Due: due(calendar.DayText(first+edtf.Day(i%4000)), zones[i%4])}
		for j := range 40 {
			seq++
			a := progress(id(seq), steps[j%10].Key, record.ProgressValues()[(i+j)%8], calendar.DayText(first+edtf.Day((i+j*53)%3900)), by(record.Assessors()[j%3]))
			a.Of = ref
			judged[i] = append(judged[i], a)
		}
	}
	return followed, judged
}

// BenchmarkOverdue works out every clock of 5,000 demands with 50,000 steps from
// 200,000 assessments: the whole register is to take a second at most.
func BenchmarkOverdue(b *testing.B) {
	followed, judged := house(5000)
	now := time.Date(2021, 1, 3, 12, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		c := follow.NewClock(now, follow.DefaultRules(), time.LoadLocation)
		late := 0
		for i := range followed {
			at := c.Stand(&followed[i], follow.NewBoard(judged[i]), "office", record.ByOrganisation)
			late += at.Late
			if at.Timing.IsLate() {
				late++
			}
		}
		if late == 0 {
			b.Fatal("nothing is late")
		}
	}
}
