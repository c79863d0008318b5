package signature

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSuppress(t *testing.T) {
	for _, c := range []struct {
		name   string
		in     []Cell
		shown  []Cell
		held   int64
		hidden int
	}{
		{"nothing", nil, []Cell{}, 0, 0},
		{"all large", []Cell{{"PK", 50}, {"DE", 10}}, []Cell{{"PK", 50}, {"DE", 10}}, 0, 0},
		{"the small ones make ten", []Cell{{"PK", 50}, {"DE", 9}, {"FR", 1}}, []Cell{{"PK", 50}}, 10, 2},
		{"one small takes the next", []Cell{{"PK", 50}, {"DE", 12}, {"FR", 1}}, []Cell{{"PK", 50}}, 13, 2},
		{"of two alike the later by name goes", []Cell{{"DE", 12}, {"FR", 12}, {"GB", 3}}, []Cell{{"DE", 12}}, 15, 2},
		{"not stated stays and hides nobody", []Cell{{"", 3}, {"PK", 50}, {"DE", 2}}, []Cell{{"", 3}}, 52, 2},
		{"not stated is never taken", []Cell{{"", 11}, {"DE", 2}}, []Cell{{"", 11}}, 2, 1},
		{"all small", []Cell{{"DE", 2}, {"PK", 1}}, []Cell{}, 3, 2},
		{"empty cells are none", []Cell{{"DE", 0}, {"PK", 30}}, []Cell{{"PK", 30}}, 0, 0},
	} {
		got := Suppress(c.in)
		if d := cmp.Diff(Cells{c.shown, c.held, c.hidden}, got); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

func cellsGen(t *rapid.T) []Cell {
	var cells []Cell
	for i := range rapid.IntRange(0, 30).Draw(t, "cells") {
		key := fmt.Sprintf("%c%c", 'A'+i/26, 'A'+i%26)
		if i == 0 && rapid.Bool().Draw(t, "not stated") {
			key = ""
		}
		cells = append(cells, Cell{key, int64(rapid.IntRange(0, 40).Draw(t, "count"))})
	}
	return cells
}

func TestSuppressAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := cellsGen(t)
		var total, stated int64
		for _, c := range cells {
			total += c.Count
			if c.Key != "" {
				stated += c.Count
			}
		}
		for _, got := range []Cells{Suppress(cells), SuppressDays(cells)} {
			if got.Sum() != total {
				t.Fatalf("%v adds up to %d of %d", got, got.Sum(), total)
			}
			if got.Hidden > 0 && got.Withheld < Small && got.Withheld != stated {
				t.Fatalf("%v withholds fewer than ten while others are shown", got)
			}
			if got.Hidden == 1 && got.Withheld < Small && stated != got.Withheld {
				t.Fatalf("%v hides one cell that can be worked out", got)
			}
			for _, c := range got.Cells {
				if c.Key != "" && c.Count < Small {
					t.Fatalf("%v shows %v", got, c)
				}
			}
		}
	})
}

func TestTallyAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tally Tally
		since := rapid.IntRange(0, 3).Draw(t, "since")
		for range rapid.IntRange(0, 40).Draw(t, "parts") {
			p := Part{
				State: State(rapid.IntRange(0, 7).Draw(t, "state")), Via: Via(rapid.IntRange(0, 2).Draw(t, "via")), Edition: rapid.IntRange(1, 3).Draw(t, "edition"),
				Country: rapid.SampledFrom([]string{"", "PK", "AF", "DE"}).Draw(t, "country"), Second: rapid.Bool().Draw(t, "second"),
				Count: int64(rapid.IntRange(0, 50).Draw(t, "count")),
			}
			if p.State == Voided {
				p.Voided = rapid.SampledFrom([]string{"one", "two", "three"}).Draw(t, "by")
			}
			tally.Parts = append(tally.Parts, p)
			if p.State == Confirmed {
				tally.Days = append(tally.Days, DayPart{p.Edition, int64(rapid.IntRange(20000, 20010).Draw(t, "day")), p.Count})
			}
		}
		s := Take(1, tally, time.Unix(1_790_000_000, 0), false, since, 4, func(id string) string { return "reason of " + id })
		if !s.Integrity.Adds() {
			t.Fatalf("%+v does not add up", s.Integrity)
		}
		if s.People() != s.Integrity.Confirmed || s.Countries.Sum() != s.People() || s.Days.Sum() != s.People() {
			t.Fatalf("%d people, %d in countries, %d in days, %d confirmed", s.People(), s.Countries.Sum(), s.Days.Sum(), s.Integrity.Confirmed)
		}
	})
}

func TestStepDue(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	shown := &Snapshot{At: at.UnixMicro(), Moves: 100}
	for _, c := range []struct {
		name  string
		after time.Duration
		moves int64
		over  bool
		want  bool
	}{
		{"neither", time.Minute, 101, false, false},
		{"many at once", 59 * time.Minute, 5000, false, false},
		{"an hour and few", 2 * time.Hour, 119, false, false},
		{"an hour and twenty", time.Hour, 120, false, true},
		{"much later", 72 * time.Hour, 120, false, true},
		{"over, few, too early", time.Minute, 101, true, false},
		{"over, few", time.Hour, 101, true, true},
		{"over, none", 9 * time.Hour, 100, true, false},
		{"the clock was set back", -5 * time.Hour, 500, false, false},
		{"taken out", time.Hour, 80, false, true},
	} {
		if got := StepDue(shown, &Snapshot{At: at.Add(c.after).UnixMicro(), Moves: c.moves}, c.over); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	next := &Snapshot{At: at.Add(time.Hour).UnixMicro(), Moves: 100}
	if !StepDue(nil, next, false) {
		t.Error("the first is not shown")
	}
	for _, c := range []struct {
		confirmed, earlier int64
		want               bool
	}{{19, -19, false}, {20, -20, true}, {0, -20, true}} {
		next.Integrity.Confirmed, next.Integrity.Earlier = c.confirmed, c.earlier
		if StepDue(shown, next, false) != c.want {
			t.Errorf("%+v who agreed again: %v", c, !c.want)
		}
	}
	if !StepDue(shown, &Snapshot{At: at.UnixMicro(), Moves: 100, Since: 2}, false) {
		t.Error("what a new text does to the count is not shown")
	}
}

func TestDisclosure(t *testing.T) {
	for n := range 64 {
		d := Unpack(n)
		if Unpack(d.Packed()) != d {
			t.Errorf("%d: %+v", n, d)
		}
	}
	if d, err := ParseDisclosure("", "", "", ""); err != nil || d != (Disclosure{}) || !d.Sealed() {
		t.Errorf("nothing given: %+v, %v", d, err)
	}
	if d, err := ParseDisclosure("count", "name", "name", "name"); err != nil || d != (Disclosure{}) {
		t.Errorf("the one for all: %+v, %v", d, err)
	}
	d, err := ParseDisclosure("", "name", "initials", "")
	if err != nil || d != (Disclosure{Name, Initials, Count}) || d.Sealed() || d.Unusual() == "" || d.To(ToOrganiser) != Initials {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := ParseDisclosure("", "everything", "", ""); err == nil {
		t.Error("an unknown level was taken")
	}
}

func TestJudge(t *testing.T) {
	me := Standing{"anna", "PK town"}
	for _, c := range []struct {
		name      string
		confirmed []Standing
		household bool
		want      Verdict
	}{
		{"the first", nil, true, Counts},
		{"the same name", []Standing{me}, true, Repeats},
		{"another name, same place", []Standing{{"bahram", "PK town"}}, true, CountsSecond},
		{"another name elsewhere", []Standing{{"bahram", "DE town"}}, true, Repeats},
		{"no households", []Standing{{"bahram", "PK town"}}, false, Repeats},
		{"a third", []Standing{{"bahram", "PK town"}, {"dara", "PK town"}}, true, Repeats},
	} {
		if got := Judge(me, c.confirmed, c.household); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
