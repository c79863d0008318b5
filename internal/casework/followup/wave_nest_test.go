package followup

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"pgregory.net/rapid"
)

func gatheringAt(id string, where record.Place, days string) WaveLine {
	return WaveLine{EventLine: casework.EventLine{Event: &record.Event{
		ID: record.EventID(id), Type: record.TypeProtest, Status: record.Held, Where: where, When: record.On(days),
	}}}
}

// TestCovers reads which of two gatherings holds the other by place and days.
func TestCovers(t *testing.T) {
	land := record.Place{Country: "PK", Precision: record.PreciseCountry}
	town := record.Place{Town: "Example Town", Province: "Example Land", Country: "PK", Precision: record.PreciseTown}
	for _, test := range []struct {
		name         string
		wide, narrow WaveLine
		want         bool
	}{
		{"a town in the country, within its days", gatheringAt("a", land, "2025-01-11/2025-01-13"), gatheringAt("b", town, "2025-01-12"), true},
		{"the same days", gatheringAt("a", land, "2025-01-11/2025-01-13"), gatheringAt("b", town, "2025-01-11/2025-01-13"), true},
		{"a day longer", gatheringAt("a", land, "2025-01-11/2025-01-13"), gatheringAt("b", town, "2025-01-11/2025-01-14"), false},
		{"the narrower holds nothing", gatheringAt("a", town, "2025-01-11/2025-01-13"), gatheringAt("b", land, "2025-01-12"), false},
		{"two of the same place", gatheringAt("a", town, "2025-01-11/2025-01-13"), gatheringAt("b", town, "2025-01-12"), false},
		{"another country", gatheringAt("a", land, "2025-01-11/2025-01-13"), gatheringAt("b", record.Place{Town: "Example Town", Country: "GB"}, "2025-01-12"), false},
		{"its province", gatheringAt("a", record.Place{Province: "example land", Country: "PK"}, "2025-01-11/2025-01-13"), gatheringAt("b", town, "2025-01-12"), true},
		{"another province", gatheringAt("a", record.Place{Province: "Testfall Land", Country: "PK"}, "2025-01-11/2025-01-13"), gatheringAt("b", town, "2025-01-12"), false},
		{"no place", gatheringAt("a", record.Place{}, "2025-01-11/2025-01-13"), gatheringAt("b", town, "2025-01-12"), false},
		{"a place without bounds", gatheringAt("a", record.Place{Country: "PK", Precision: record.PreciseFuzzy}, "2025-01-11/2025-01-13"), gatheringAt("b", town, "2025-01-12"), false},
		{"days known to the month", gatheringAt("a", land, "2025-01"), gatheringAt("b", town, "2025-01-12"), false},
		{"a day known to the month", gatheringAt("a", land, "2025-01-11/2025-01-13"), gatheringAt("b", town, "2025-01"), false},
	} {
		wide, narrow := tellingOf(test.wide.Event), tellingOf(test.narrow.Event)
		if got := wide.covers(&narrow); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	burial := gatheringAt("b", town, "2025-01-12")
	burial.Event.Type = record.TypeBurial
	wide, narrow := tellingOf(gatheringAt("a", land, "2025-01-11/2025-01-13").Event), tellingOf(burial.Event)
	if wide.covers(&narrow) {
		t.Error("a burial is counted among protesters")
	}
}

// TestNestCounts draws gatherings of known people that hold each other by entry, by place
// and days, or not at all, and holds the sum to them: nobody twice, nobody left out who is in
// a number, in whatever order they are read.
func TestNestCounts(t *testing.T) {
	provinces := []string{"", "North", "South"}
	towns := []string{"", "Alpha", "Beta"}
	days := []string{"2025-01-11/2025-01-15", "2025-01-12/2025-01-13", "2025-01-12", "2025-01", ""}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 9).Draw(t, "n")
		lines := make([]WaveLine, n)
		for i := range lines {
			where := record.Place{Country: rapid.SampledFrom([]string{"PK", "GB", ""}).Draw(t, "country"), Province: rapid.SampledFrom(provinces).Draw(t, "province"), Town: rapid.SampledFrom(towns).Draw(t, "town")}
			line := gatheringAt(fmt.Sprint("g", i), where, "2025-01-12")
			if d := rapid.SampledFrom(days).Draw(t, "days"); d == "" {
				line.Event.When = record.When{}
			} else {
				line.Event.When = record.On(d)
			}
			if i > 0 && rapid.IntRange(0, 3).Draw(t, "part") == 0 {
				line.Event.PartOf = record.EventID(fmt.Sprint("g", rapid.IntRange(0, i-1).Draw(t, "of")))
			}
			if rapid.IntRange(0, 5).Draw(t, "cancelled") == 0 {
				line.Event.Status = record.Cancelled
			}
			if rapid.Bool().Draw(t, "counted") {
				low := int64(rapid.IntRange(0, 100).Draw(t, "low"))
				line.Participants = &Crowd{Low: low, High: low + int64(rapid.IntRange(0, 100).Draw(t, "more"))}
			}
			lines[i] = line
		}
		p := &WavePage{Protests: slices.Clone(lines)}
		p.count()

		var low, high int64
		uncounted := 0
		for i := range p.Protests {
			k := &p.Protests[i]
			if k.Event.Status == record.Cancelled {
				if k.In != "" || k.Parted {
					t.Fatalf("%s was called off and is counted", k.Event.ID)
				}
				continue
			}
			if k.In != "" {
				// Whoever is left out is in a number that is in the sum, by way of as many as it takes.
				at, steps := k, 0
				for at.In != "" {
					j := slices.IndexFunc(p.Protests, func(o WaveLine) bool { return o.Event.ID == at.In })
					if j < 0 || p.Protests[j].Participants == nil || p.Protests[j].Event.Status == record.Cancelled {
						t.Fatalf("%s is said to be in the number of %s, which has none", at.Event.ID, at.In)
					}
					if at, steps = &p.Protests[j], steps+1; steps > n {
						t.Fatalf("%s is in its own number", k.Event.ID)
					}
				}
				continue
			}
			if k.Parted {
				if k.Participants != nil {
					t.Fatalf("%s has a number and is left out", k.Event.ID)
				}
				continue
			}
			if k.Participants == nil {
				uncounted++
				continue
			}
			low, high = low+k.Participants.Low, high+k.Participants.High
		}
		if p.Low != low || p.High != high || p.Uncounted != uncounted {
			t.Fatalf("the sum is %d to %d, %d without a number; want %d to %d and %d", p.Low, p.High, p.Uncounted, low, high, uncounted)
		}

		// One that another holds changes nothing, whatever its number.
		for i := range lines {
			k := p.Protests[i]
			if k.Participants == nil || k.Event.Status == record.Cancelled {
				continue
			}
			part := gatheringAt("part", record.Place{}, "2025-01-12")
			part.Event.PartOf, part.Participants = k.Event.ID, &Crowd{Low: 7, High: 9000}
			with := &WavePage{Protests: append(slices.Clone(lines), part)}
			with.count()
			if with.Low != p.Low || with.High != p.High {
				t.Fatalf("a part of %s moves the sum from %d to %d", k.Event.ID, p.High, with.High)
			}
		}

		mixed := slices.Clone(lines)
		random := rand.New(rand.NewPCG(uint64(n), 7))
		random.Shuffle(n, func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		again := &WavePage{Protests: mixed}
		again.count()
		if !contradicts(lines) && (again.Low != p.Low || again.High != p.High || again.Uncounted != p.Uncounted) {
			t.Fatalf("in another order the sum is %d to %d, was %d to %d", again.Low, again.High, p.Low, p.High)
		}
	})
}

// contradicts reports whether some gathering is entered as a part of one that its place and
// days hold; only there what is left out may depend on the order.
func contradicts(lines []WaveLine) bool {
	entered := make([][]holder, len(lines))
	all := holders(lines)
	for i := range all {
		for _, h := range all[i] {
			if !h.scope {
				entered[i] = append(entered[i], h)
			}
		}
	}
	for i := range lines {
		for j := range lines {
			wide, narrow := tellingOf(lines[i].Event), tellingOf(lines[j].Event)
			if wide.covers(&narrow) && slices.ContainsFunc(above(all, i), func(h holder) bool { return h.at == j }) {
				return true
			}
		}
	}
	return false
}

// TestWaveOfParts gathers what answers a part of an attack, and an event that shares a page
// with another, each once.
func TestWaveOfParts(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		attack := s.event("attack", "2025-01-10", record.TypeAttack)
		blast := s.event("blast", "2025-01-10", record.TypeAttack, func(e *record.Event) { e.PartOf = attack.ID })
		second := s.event("second", "2025-01-10", record.TypeAttack, func(e *record.Event) { e.PartOf = blast.ID })
		hidden := s.event("hidden", "2025-01-10", record.TypeAttack, func(e *record.Event) { e.PartOf, e.Visibility = attack.ID, record.Internal })
		src := s.source("Testfall Post")
		gather := func(slug, town string, low int64, causes ...*record.Event) *record.Event {
			e := s.event(slug, "2025-01-11", record.TypeProtest, func(e *record.Event) {
				e.Where.Town = town
				for _, c := range causes {
					e.ResponseTo = append(e.ResponseTo, c.ID)
				}
			})
			s.claim(src, e.Ref(), func(c *record.Claim) {
				c.Kind, c.Measure, c.Form = record.KindMeasure, record.Participants, record.Incident
				c.Statement, c.Stance, c.Topic = nil, "", ""
				c.Bounds(record.Exact, low, low)
			})
			return e
		}
		both := gather("both", "Example Town", 100, attack, blast, second)
		gather("deep", "Testfall", 20, second)
		gather("of-hidden", "Elsewhere", 3, hidden)
		twin := gather("twin", "Example Town", 150, blast)
		same := &record.Same{ID: record.SameID(s.id()), A: both.ID, B: twin.ID, State: record.SameProposed, Visibility: record.Internal}
		s.put(same)
		s.must(s.house.DecideSame(s.ctx, s.editor2, same.ID, 1, record.SameAccepted, ""))
		w, err := s.desk.Wave(s.ctx, access.Anyone(), "attack")
		s.must(err)
		if len(w.Protests) != 2 || w.Low != 120 || w.High != 170 || w.Towns != 2 {
			t.Errorf("%d gatherings in %d towns, %d to %d; want 2 in 2, 120 to 170", len(w.Protests), w.Towns, w.Low, w.High)
		}
		inside, err := s.desk.Wave(s.ctx, s.reader, "attack")
		s.must(err)
		if len(inside.Protests) != 3 {
			t.Errorf("inside there are %d gatherings, want that in answer to a part kept inside too", len(inside.Protests))
		}
		part, err := s.desk.Wave(s.ctx, access.Anyone(), "second")
		s.must(err)
		if len(part.Protests) != 2 {
			t.Errorf("the wave of a part has %d gatherings, want its own two", len(part.Protests))
		}
	})
}
