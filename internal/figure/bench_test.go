package figure_test

import (
	"fmt"
	"testing"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
)

// register makes events of ten claims each, of the mix that an attack reported
// over a few days has: outlets in their own voice, an office quoted by several,
// a correction, a derived report, a claim of the city, two of other measures and
// a dataset's row.
func register(events int) [][]figure.Said {
	id := func(n int) string { return fmt.Sprintf("00000000-0000-7000-8000-%012x", n) }
	all := make([][]figure.Said, events)
	for e := range all {
		n := int64(3 + e%90)
		claim := func(i int) string { return id(e*10 + i) }
		police := quotingParty(id(e % 50))
		all[e] = []figure.Said{
			say(claim(0), id(1), exactly(n/2), asOf("2031-01-02T18:00+05:00"), published("2031-01-02")),
			say(claim(1), id(1), exactly(n), asOf("2031-01-03"), published("2031-01-03")),
			say(claim(2), id(2), exactly(n), police, asOf("2031-01-03"), published("2031-01-03")),
			say(claim(3), id(3), exactly(n), police, asOf("2031-01-03"), published("2031-01-03")),
			say(claim(4), id(4), number(record.AtLeast, n-1), published("2031-01-03")),
			say(claim(5), id(5), exactly(n+1), from(record.KindClaim, claim(1)), published("2031-01-04")),
			say(claim(6), id(6), exactly(n+9), scope(record.Scope{Area: record.AreaCity, Place: "example town"}), published("2031-01-04")),
			say(claim(7), id(6), exactly(2*n), measure(record.Injured), published("2031-01-04")),
			say(claim(8), id(7), exactly(n), measure(record.Bodies), published("2031-01-04")),
			say(claim(9), "dataset", number(record.Between, n, n+3, n), role(record.CompiledRange)),
		}
	}
	return all
}

// BenchmarkRegister computes the figures of 100,000 events of 10 claims under
// the default rule and under all rules. The claims of 5,000 events are gone
// through 20 times, which keeps the benchmark itself under 100 MB.
func BenchmarkRegister(b *testing.B) {
	events := register(5000)
	run := func(b *testing.B, rules []figure.Rule) {
		b.ReportAllocs()
		for b.Loop() {
			known := 0
			for range 20 {
				for _, said := range events {
					for _, r := range rules {
						f := figure.Compute(r, record.Killed, record.Scope{}, said)
						if f.Known() {
							known++
						}
					}
				}
			}
			if known != 100_000*len(rules) {
				b.Fatalf("%d figures", known)
			}
		}
	}
	b.Run("gawah", func(b *testing.B) { run(b, []figure.Rule{figure.Gawah1}) })
	b.Run("all rules", func(b *testing.B) { run(b, figure.Rules()) })
}

func BenchmarkTotal(b *testing.B) {
	f := killed(say("a", "one", exactly(12)))
	events := make([]figure.EventFigure, 100_000)
	for i := range events {
		events[i] = figure.EventFigure{Event: record.EventID(fmt.Sprint("e", i)), Assessed: true, In: true, Figure: f}
		if i%10 == 9 {
			events[i].PartOf = events[i-1].Event
		}
	}
	for b.Loop() {
		if t := figure.Total(record.Killed, "", events); t.Events != 90_000 {
			b.Fatalf("%d events", t.Events)
		}
	}
}
