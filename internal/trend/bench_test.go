package trend

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// register returns events spread over twenty years, by a rate that is the
// later half times that of the first, a tenth of them parts of another.
func register(n int, later float64, r *rand.Rand) Input {
	first, _ := parseDay("2011-01-01")
	var in Input
	for i := range n {
		e := Event{
			ID: fmt.Sprint("event-", i), Place: fmt.Sprint("Example Town ", r.IntN(400)), Group: fmt.Sprint("Region ", r.IntN(8)),
			Sources: r.IntN(4), KilledLow: int64(r.ExpFloat64() * 4),
		}
		e.KilledHigh = e.KilledLow + int64(r.IntN(3))
		at := first + day(r.IntN(3652))
		if r.Float64() < later/(1+later) {
			at += 3652
		}
		e.From, e.To = at.String(), at.String()
		switch {
		case i%10 == 9:
			e.PartOf = fmt.Sprint("event-", i-1)
		case i%50 == 7:
			e.To = (at + 40).String()
		case i%3 == 0:
			e.Time = fmt.Sprintf("%02d:%02d", r.IntN(24), r.IntN(60))
		}
		in.Events = append(in.Events, e)
	}
	return in
}

// BenchmarkCompute is one whole computation: both variants, eight groups,
// victims, attacks of unclear date and the search for a change, 9,999 shuffles
// each. Where nothing changed, a shuffle stops early most often; where the rate
// doubled, none does.
func BenchmarkCompute(b *testing.B) {
	for _, bb := range []struct {
		name   string
		events int
		later  float64
	}{{"100", 100, 1}, {"1000", 1_000, 1}, {"10000flat", 10_000, 1}, {"10000rising", 10_000, 2}} {
		b.Run(bb.name, func(b *testing.B) {
			in := register(bb.events, bb.later, rand.New(rand.NewPCG(1, 2)))
			p := Defaults("2011-01-01", "2030-12-30")
			p.Boundary, p.Ground, p.Why, p.Groups = "2020-12-31", GroundLaw, "Example Act", true
			for b.Loop() {
				if _, err := Compute(p, in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
