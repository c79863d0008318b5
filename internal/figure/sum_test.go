package figure_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
)

func bounds(b figure.Bounds) string {
	f := figure.Figure{Low: b.Low, Best: b.Best, High: b.High, Open: b.Open, Approx: b.Approx}
	return fmt.Sprintf("%s(%d summed, %d missing)", text(&f)[:len(text(&f))-len("0 ")], b.Summed, b.Missing)
}

func TestSum(t *testing.T) {
	twelve := killed(say("a", "one", exactly(12)))
	range8to11 := killed(say("a", "one", number(record.Between, 8, 11)))
	over100 := killed(say("a", "one", number(record.MoreThan, 100)))
	about80 := killed(say("a", "one", number(record.About, 80)))
	vast := killed(say("a", "one", exactly(math.MaxInt64)))
	nothing := killed()
	injured := figure.Compute(figure.Gawah1, record.Injured, record.Scope{}, []figure.Said{say("a", "one", exactly(5), measure(record.Injured))})
	for _, tc := range []struct {
		name  string
		parts []figure.Figure
		want  string
	}{
		{"nothing", nil, "none–none best none, (0 summed, 0 missing)"},
		{"two", []figure.Figure{twelve, twelve}, "24–24 best 24, (2 summed, 0 missing)"},
		{"one without best", []figure.Figure{twelve, range8to11}, "20–23 best none, (2 summed, 0 missing)"},
		{"one open", []figure.Figure{twelve, over100}, "113–113+ best none, (2 summed, 0 missing)"},
		{"one about", []figure.Figure{twelve, about80}, "92–92 about best 92, (2 summed, 0 missing)"},
		{"one unknown", []figure.Figure{twelve, nothing}, "12–12 best none, (1 summed, 1 missing)"},
		{"injured are not killed", []figure.Figure{twelve, injured}, "12–12 best none, (1 summed, 1 missing)"},
		{"too great", []figure.Figure{vast, twelve}, "9223372036854775807–9223372036854775807 best 9223372036854775807, (2 summed, 0 missing)"},
	} {
		if got := bounds(figure.Sum(tc.parts)); got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestParts(t *testing.T) {
	first, second := killed(say("a", "one", exactly(11))), killed(say("b", "one", number(record.Between, 69, 81)))
	own := killed(say("c", "two", exactly(92)))
	far := killed(say("d", "two", exactly(117)))

	w := figure.Parts(own, []figure.Figure{first, second})
	if got := bounds(w.Sum); got != "80–92 best none, (2 summed, 0 missing)" || !w.Agree || w.ByParts {
		t.Errorf("parts sum to %s, agree %v, by parts %v", got, w.Agree, w.ByParts)
	}
	if *w.Own.Low != 92 || *w.Own.High != 92 {
		t.Errorf("the whole's own figure became %s", text(&w.Own))
	}
	if w := figure.Parts(far, []figure.Figure{first, second}); w.Agree {
		t.Error("117 agrees with parts of at most 92")
	}
	if w := figure.Parts(killed(), []figure.Figure{first, second}); !w.ByParts || w.Agree {
		t.Error("a whole without a figure is not shown by its parts")
	}
	if w := figure.Parts(own, []figure.Figure{first, killed()}); w.Agree {
		t.Error("a sum with an unknown part is said to agree")
	}
	if w := figure.Parts(own, nil); w.ByParts || w.Agree || w.Sum.Low != nil {
		t.Errorf("no parts give %+v", w)
	}
}

func TestTotal(t *testing.T) {
	fig := func(n int64) figure.Figure { return killed(say("a", "one", exactly(n))) }
	two := killed(say("a", "one", exactly(20)), say("b", "two", exactly(22)))
	in := func(id, partOf string, f figure.Figure) figure.EventFigure {
		return figure.EventFigure{Event: record.EventID(id), PartOf: record.EventID(partOf), Assessed: true, In: true, Figure: f}
	}
	for _, tc := range []struct {
		name   string
		events []figure.EventFigure
		want   string
		check  func(figure.TotalFigure) bool
	}{
		{
			name: "no events", want: "none–none best none, (0 summed, 0 missing)",
		}, {
			name: "a part is not doubled", events: []figure.EventFigure{in("a", "", fig(92)), in("b", "a", fig(81)), in("c", "b", fig(40))},
			want: "92–92 best 92, (1 summed, 0 missing)",
			check: func(f figure.TotalFigure) bool {
				return cmp.Equal(f.Parts, []record.EventID{"b", "c"}) && f.Wholes == nil
			},
		}, {
			name: "parts speak for a whole without a number", want: "92–92 best 92, (2 summed, 0 missing)",
			events: []figure.EventFigure{in("b", "a", fig(81)), in("a", "", killed()), in("c", "a", fig(11))},
			check:  func(f figure.TotalFigure) bool { return cmp.Equal(f.Wholes, []record.EventID{"a"}) && f.NoFigure == 0 },
		}, {
			name: "a whole outside the frame does not hide its part", want: "81–81 best 81, (1 summed, 0 missing)",
			events: []figure.EventFigure{in("b", "a", fig(81)), {Event: "a", Assessed: true, Figure: fig(92)}},
			check:  func(f figure.TotalFigure) bool { return f.Outside == 1 },
		}, {
			name: "nor does one that nobody assessed", want: "81–81 best 81, (1 summed, 0 missing)",
			events: []figure.EventFigure{in("b", "a", fig(81)), {Event: "a", In: true, Figure: fig(92)}},
			check:  func(f figure.TotalFigure) bool { return f.NotAssessed == 1 },
		}, {
			name: "events without a figure are counted", want: "20–22 best none, (1 summed, 2 missing)",
			events: []figure.EventFigure{in("a", "", two), in("b", "", killed()), in("c", "", killed(say("x", "one", inWords("many"))))},
			check:  func(f figure.TotalFigure) bool { return f.NoFigure == 2 && f.Events == 1 && f.Disputed == 1 },
		}, {
			name: "events that are part of each other are not lost", want: "30–30 best 30, (2 summed, 0 missing)",
			events: []figure.EventFigure{in("a", "b", fig(10)), in("b", "a", fig(20))},
		}, {
			name: "another measure is no figure", want: "10–10 best none, (1 summed, 1 missing)",
			events: []figure.EventFigure{
				in("a", "", fig(10)),
				in("b", "", figure.Compute(figure.Gawah1, record.Bodies, record.Scope{}, []figure.Said{say("x", "one", exactly(9), measure(record.Bodies))})),
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := figure.Total(record.Killed, "", tc.events)
			if got := bounds(f.Bounds); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			if tc.check != nil && !tc.check(f) {
				t.Errorf("got %+v", f)
			}
		})
	}
}

// However events are nested, nobody is counted twice, every event in the frame is
// accounted for, and their order does not matter.
func TestTotalProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "events")
		events := make([]figure.EventFigure, n)
		for i := range events {
			id := fmt.Sprintf("e%02d", i)
			parent := ""
			if i > 0 && rapid.Bool().Draw(t, "part") {
				parent = fmt.Sprintf("e%02d", rapid.IntRange(0, i-1).Draw(t, "of"))
			}
			f := killed()
			if rapid.IntRange(0, 3).Draw(t, "known") > 0 {
				f = killed(say("a", "one", exactly(int64(1)<<i)))
			}
			events[i] = figure.EventFigure{
				Event: record.EventID(id), PartOf: record.EventID(parent), Figure: f,
				Assessed: rapid.IntRange(0, 4).Draw(t, "assessed") > 0, In: rapid.IntRange(0, 4).Draw(t, "in") > 0,
			}
		}
		f := figure.Total(record.Killed, "", events)
		if got := f.Events + f.NoFigure + f.NotAssessed + f.Outside + len(f.Parts) + len(f.Wholes); got != n {
			t.Fatalf("%d of %d events are accounted for: %+v", got, n, f)
		}
		if f.Corroborated+f.Provisional+f.Disputed+f.Compiled != f.Events {
			t.Fatalf("statuses do not add up to the events: %+v", f)
		}
		// The numbers are powers of two, so the sum's bits name the events in it.
		var bits int64
		if f.Low != nil {
			bits = *f.Low
		}
		inSum := func(i int) bool { return bits>>i&1 == 1 }
		for i := range events {
			e := events[i]
			if inSum(i) && (!e.Assessed || !e.In || !e.Figure.Known()) {
				t.Fatalf("%s is in the sum", e.Event)
			}
			for p := e.PartOf; p != ""; {
				var k int
				if _, err := fmt.Sscanf(string(p), "e%d", &k); err != nil {
					t.Fatal(err)
				}
				if inSum(i) && inSum(k) {
					t.Fatalf("%s and its whole %s are both in the sum", e.Event, p)
				}
				p = events[k].PartOf
			}
		}
		shuffled := rapid.Permutation(events).Draw(t, "shuffled")
		if d := cmp.Diff(f, figure.Total(record.Killed, "", shuffled)); d != "" {
			t.Fatalf("another order gives another total:\n%s", d)
		}
	})
}

func TestTotalOfMoney(t *testing.T) {
	paid := func(id, unit string, n int64) figure.EventFigure {
		return figure.EventFigure{Event: record.EventID(id), Assessed: true, In: true, Figure: figure.Compute(
			figure.Gawah1, record.Money, record.Scope{},
			[]figure.Said{say(id, "one", exactly(n), measure(record.Money), func(s *figure.Said) { s.Claim.Unit = unit })},
		)}
	}
	events := []figure.EventFigure{paid("a", "USD", 7), paid("b", "PKR", 100), paid("c", "PKR", 200)}
	for unit, want := range map[string]string{
		"PKR": "300–300 best none, (2 summed, 1 missing)",
		"USD": "7–7 best none, (1 summed, 2 missing)",
	} {
		f := figure.Total(record.Money, unit, events)
		if got := bounds(f.Bounds); got != want || f.Unit != unit {
			t.Errorf("%s sum to %s %s", unit, got, f.Unit)
		}
	}
}
