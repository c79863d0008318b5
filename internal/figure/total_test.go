package figure_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
)

// TestTally splits events into those that are alone, which a database may add up,
// and the others: together they have to give the total of all.
func TestTally(t *testing.T) {
	statuses := []figure.Status{figure.Provisional, figure.Corroborated, figure.Disputed, figure.CompiledOnly, "parts"}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "events")
		all := make([]figure.EventFigure, n)
		whole := map[record.EventID]bool{}
		id := func(i int) record.EventID { return record.EventID(fmt.Sprintf("event-%02d", i)) }
		for i := range all {
			e := figure.EventFigure{Event: id(i), Assessed: rapid.Bool().Draw(t, "assessed"), In: rapid.Bool().Draw(t, "in"), Figure: figure.Figure{Measure: record.Killed, Status: figure.None}}
			if rapid.IntRange(0, 2).Draw(t, "is a part") == 0 {
				// The last is an event outside of the list.
				e.PartOf = id(rapid.IntRange(0, n).Draw(t, "part of"))
				whole[e.PartOf] = true
			}
			if rapid.IntRange(0, 4).Draw(t, "has a figure") > 0 {
				low := rapid.Int64Range(0, 90).Draw(t, "low")
				high := low + rapid.Int64Range(0, 30).Draw(t, "range")
				e.Figure.Low, e.Figure.High, e.Figure.Status = &low, &high, rapid.SampledFrom(statuses).Draw(t, "status")
				e.Figure.Open, e.Figure.Approx = rapid.IntRange(0, 9).Draw(t, "open") == 0, rapid.IntRange(0, 9).Draw(t, "approx") == 0
				if rapid.IntRange(0, 5).Draw(t, "has a best") > 0 {
					e.Figure.Best = &low
				}
			}
			all[i] = e
		}
		var related []figure.EventFigure
		var alone figure.Tally
		for _, e := range all {
			f := e.Figure
			switch {
			case e.PartOf != "" || whole[e.Event]:
				related = append(related, e)
			case !e.Assessed:
				alone.NotAssessed++
			case !e.In:
				alone.Outside++
			case !f.Known():
				alone.NoFigure++
			default:
				alone.Events++
				alone.Low, alone.High = alone.Low+*f.Low, alone.High+*f.High
				if f.Best != nil {
					alone.Best, alone.Bests = alone.Best+*f.Best, alone.Bests+1
				}
				alone.Open, alone.Approx = alone.Open || f.Open, alone.Approx || f.Approx
				switch f.Status {
				case figure.Provisional:
					alone.Provisional++
				case figure.Corroborated:
					alone.Corroborated++
				case figure.Disputed:
					alone.Disputed++
				case figure.CompiledOnly:
					alone.Compiled++
				}
			}
		}
		got := figure.Total(record.Killed, "", related)
		got.Add(alone)
		if d := cmp.Diff(figure.Total(record.Killed, "", all), got); d != "" {
			t.Errorf("(one by one -, with a tally +):\n%s", d)
		}
	})
}
