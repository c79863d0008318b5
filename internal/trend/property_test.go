package trend

import (
	"flag"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gawah-project/gawah/internal/testneed"
)

// alike reports whether two numbers agree to nine digits, infinity with itself.
func alike(a, b Number) bool { return agrees(float64(a), float64(b)) }

func TestRateProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x0, x1 := rapid.Int64Range(0, 400).Draw(t, "before"), rapid.Int64Range(0, 400).Draw(t, "after")
		t0, t1 := rapid.Float64Range(0.5, 5000).Draw(t, "time before"), rapid.Float64Range(0.5, 5000).Draw(t, "time after")
		if x0+x1 == 0 {
			x0 = 1
		}
		r, err := CompareRates(x0, t0, x1, t1, 0.05)
		if err != nil {
			t.Fatal(err)
		}
		if !(r.P >= 0 && r.P <= 1) || !(r.Interval.Low <= r.Ratio && r.Ratio <= r.Interval.High) {
			t.Fatalf("got %+v", r)
		}
		// Another unit of time changes nothing.
		hours, err := CompareRates(x0, t0*24, x1, t1*24, 0.05)
		if err != nil {
			t.Fatal(err)
		}
		if !alike(r.P, hours.P) || !alike(r.Ratio, hours.Ratio) || !alike(r.Interval.Low, hours.Interval.Low) || !alike(r.Interval.High, hours.Interval.High) {
			t.Fatalf("in hours %+v, in days %+v", hours, r)
		}
		// Backwards, a rise is the same fall.
		back, err := CompareRates(x1, t1, x0, t0, 0.05)
		if err != nil {
			t.Fatal(err)
		}
		if !alike(r.P, back.P) || !alike(r.Interval.Low, 1/back.Interval.High) || !alike(r.Interval.High, 1/back.Interval.Low) {
			t.Fatalf("backwards %+v, forwards %+v", back, r)
		}
		// One more attack later is no weaker evidence of a rise.
		more, err := CompareRates(x0, t0, x1+1, t1, 0.05)
		if err != nil {
			t.Fatal(err)
		}
		if more.Interval.Low < r.Interval.Low*(1-1e-9) {
			t.Fatalf("one more %+v, before %+v", more, r)
		}
	})
}

func TestIntervalProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 3000).Draw(t, "of")
		x := rapid.Int64Range(0, n).Draw(t, "part")
		alpha := rapid.Float64Range(0.0001, 0.5).Draw(t, "alpha")
		share := Number(float64(x) / float64(n))
		for name, f := range map[string]func(int64, int64, float64) (Interval, error){"Wilson": Wilson, "Clopper–Pearson": clopperPearson} {
			iv, err := f(x, n, alpha)
			if err != nil {
				t.Fatal(err)
			}
			other, err := f(n-x, n, alpha)
			if err != nil {
				t.Fatal(err)
			}
			if !(0 <= iv.Low && iv.Low <= share+1e-12 && share <= iv.High+1e-12 && iv.High <= 1) {
				t.Fatalf("%s %v around %v", name, iv, share)
			}
			if math.Abs(float64(iv.Low+other.High-1)) > 1e-9 || math.Abs(float64(iv.High+other.Low-1)) > 1e-9 {
				t.Fatalf("%s %v, of the rest %v", name, iv, other)
			}
		}
		iv, err := PoissonInterval(x, 2, alpha)
		if err != nil {
			t.Fatal(err)
		}
		if rate := Number(x) / 2; !(0 <= iv.Low && iv.Low <= rate && rate < iv.High) {
			t.Fatalf("Poisson %v around %v", iv, rate)
		}
	})
}

func TestChangeProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const end = 2001
		times := rapid.SliceOfN(rapid.Int64Range(1, end-1), 6, 60).Draw(t, "times")
		slices.Sort(times)
		factor := rapid.Int64Range(2, 9).Draw(t, "factor")
		d, err := findChangeAt(times, end, 99, 3)
		if err != nil {
			return // all that could be divided is on one day
		}
		if !(d.P >= 0.01 && d.P <= 1) || d.Statistic < 0 || d.Earliest > d.At || d.Latest < d.At {
			t.Fatalf("got %+v", d)
		}
		var longer, back []int64
		for _, at := range times {
			longer = append(longer, at*factor)
			back = append(back, end-at)
		}
		slices.Reverse(back)
		scaled, err := findChangeAt(longer, end*factor, 99, 3)
		if err != nil {
			t.Fatal(err)
		}
		if scaled.Before != d.Before || scaled.At != d.At*factor || scaled.P != d.P || math.Abs(scaled.Statistic-d.Statistic) > 1e-9 {
			t.Fatalf("%d times as long: %+v, was %+v", factor, scaled, d)
		}
		reversed, err := findChangeAt(back, end, 99, 3)
		if err != nil {
			t.Fatal(err)
		}
		if byDay, err := findChangeDay(times, end, 99, 3); err == nil {
			for i := range back {
				back[i]-- // the day that is so far from the end
			}
			mirrored, err := findChangeDay(back, end, 99, 3)
			if err != nil || math.Abs(mirrored.Statistic-byDay.Statistic) > 1e-8 || mirrored.Earliest != end-byDay.Latest || mirrored.Latest != end-byDay.Earliest {
				t.Fatalf("by day %+v, backwards %+v, %v", byDay, mirrored, err)
			}
		}
		if math.Abs(reversed.Statistic-d.Statistic) > 1e-8 || reversed.Earliest != end-d.Latest || reversed.Latest != end-d.Earliest {
			t.Fatalf("backwards %+v, forwards %+v", reversed, d)
		}
	})
}

func TestBinProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.Int64Range(0, 50), 4, 40).Draw(t, "counts")
		cut := rapid.IntRange(1, len(counts)-1).Draw(t, "cut")
		if total(counts) == 0 {
			counts[0] = 1
		}
		before, after := slices.Clone(counts[:cut]), slices.Clone(counts[cut:])
		d, err := DispersionOf(before, after)
		if err != nil {
			t.Fatal(err)
		}
		s, err := shuffleAll(before, after, 99, 5)
		if err != nil {
			t.Fatal(err)
		}
		if d.Phi < 0 || !(s.P >= 0.01 && s.P <= 1) {
			t.Fatalf("dispersion %+v, shuffle %+v", d, s)
		}
		slices.Sort(before)
		slices.Sort(after)
		sorted, err := DispersionOf(after, before)
		if err != nil {
			t.Fatal(err)
		}
		if !alike(d.Phi, sorted.Phi) {
			t.Fatalf("dispersion %v, in another order %v", d.Phi, sorted.Phi)
		}
		// Where all orders are alike nothing can be rare.
		for i := range before {
			before[i] = 3
		}
		for i := range after {
			after[i] = 3
		}
		if s, err = shuffleAll(before, after, 99, 5); err != nil || s.P != 1 {
			t.Fatalf("equal bins: p %v, %v", s.P, err)
		}
	})
}

func TestHolmProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ps := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 20).Draw(t, "ps")
		out := Holm(ps)
		for i := range ps {
			if out[i] < ps[i] || out[i] > 1 {
				t.Fatalf("%v became %v", ps, out)
			}
			for j := range ps {
				if ps[i] < ps[j] && out[i] > out[j] {
					t.Fatalf("%v became %v, in another order", ps, out)
				}
			}
		}
	})
}

// someEvents draws events of half a year with every feature that they can have.
func someEvents(t *rapid.T, from day) Input {
	var in Input
	for i := range rapid.IntRange(0, 40).Draw(t, "events") {
		at := from + day(rapid.IntRange(-20, 400).Draw(t, "day"))
		e := Event{
			ID: fmt.Sprint("e", i), From: at.String(), To: at.String(),
			Place: rapid.SampledFrom([]string{"", "x", "y", "Example Town"}).Draw(t, "place"),
			Group: rapid.SampledFrom([]string{"", "North", "South"}).Draw(t, "group"), Sources: rapid.IntRange(0, 4).Draw(t, "sources"),
			KilledLow: Unknown, KilledHigh: Unknown,
		}
		if rapid.Bool().Draw(t, "known") {
			e.KilledLow = rapid.Int64Range(0, 100).Draw(t, "low")
			e.KilledHigh = e.KilledLow + rapid.Int64Range(0, 9).Draw(t, "more")
		}
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			e.Time = fmt.Sprintf("%02d:%02d", rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute"))
		case 1:
			e.To = (at + day(rapid.IntRange(0, 60).Draw(t, "unclear"))).String()
		case 2:
			if e.PartOf = fmt.Sprint("e", rapid.IntRange(0, 50).Draw(t, "whole")); e.PartOf == e.ID {
				e.PartOf = ""
			}
		}
		in.Events = append(in.Events, e)
	}
	return in
}

// TestComputeProperties: whatever the events, every event is in one attack,
// every attack is somewhere, and the same history at another time gives the same
// numbers. A computation takes its time, so there are fewer checks than usual.
func TestComputeProperties(t *testing.T) {
	if !testneed.LongAsked() {
		checks := flag.Lookup("rapid.checks")
		before := checks.Value.String()
		if err := checks.Value.Set("20"); err != nil {
			t.Fatal(err)
		}
		defer checks.Value.Set(before)
	}
	first, _ := parseDay("2030-01-01")
	rapid.Check(t, func(t *rapid.T) {
		in := someEvents(t, first)
		p := divided(first.String(), (first + 150).String(), (first + 300).String())
		p.Bin, p.Groups, p.JoinHours = Week, true, rapid.IntRange(0, 72).Draw(t, "hours")
		c, err := Compute(p, in)
		if err != nil {
			t.Fatal(err)
		}
		attacks, err := joined(in, p.JoinHours)
		if err != nil {
			t.Fatal(err)
		}
		seen := make(map[string]bool)
		for _, a := range attacks {
			for _, id := range a.Events {
				if seen[id] {
					t.Fatalf("%s is in two attacks", id)
				}
				seen[id] = true
			}
		}
		binned := int64(0)
		for _, b := range c.All.Bins {
			binned += b.Attacks
		}
		if len(seen) != c.Events || c.Attacks != len(attacks) || c.Events-c.Joined != c.Attacks || int(binned)+c.All.Unbinned != c.All.Attacks || c.Strict.Attacks > c.All.Attacks {
			t.Fatalf("%d events in %d attacks, %d in bins of %d: %+v", len(seen), len(attacks), binned, c.All.Attacks, c)
		}
		encoded, err := in.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Recompute(c.Version, p, encoded)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, again); diff != "" {
			t.Fatal(diff)
		}

		shift := day(rapid.IntRange(-9000, 9000).Draw(t, "shift"))
		moved := func(s string) string {
			d, err := parseDay(s)
			if err != nil {
				t.Fatal(err)
			}
			return (d + shift).String()
		}
		p.From, p.Boundary, p.To = moved(p.From), moved(p.Boundary), moved(p.To)
		for i := range in.Events {
			in.Events[i].From, in.Events[i].To = moved(in.Events[i].From), moved(in.Events[i].To)
		}
		later, err := Compute(p, in)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(numbers(c), numbers(later)); diff != "" {
			t.Fatalf("moved by %d days:\n%s", shift, diff)
		}
	})
}

// numbers returns a result without its days.
func numbers(r Result) []any {
	out := []any{r.Joined, r.Attacks, r.Outside, r.Undecided, r.Victims}
	for _, a := range append([]Analysis{r.All, r.Strict}, func() (g []Analysis) {
		for _, each := range r.Groups {
			g = append(g, each.Analysis)
		}
		return g
	}()...) {
		out = append(out, a.Exact, a.Quasi, a.Shuffle, a.Dispersion, a.Series, a.Laplace, a.Published, a.Unbinned, a.Undated)
		if a.Change != nil {
			out = append(out, a.Change.Statistic, a.Change.P, a.Change.Ratio, a.Change.Before)
		}
	}
	return out
}

// TestJoinProperties: a longer unit never makes more attacks.
func TestJoinProperties(t *testing.T) {
	first, _ := parseDay("2030-01-01")
	rapid.Check(t, func(t *rapid.T) {
		var in Input
		for i := range rapid.IntRange(1, 30).Draw(t, "events") {
			at := (first + day(rapid.IntRange(0, 10).Draw(t, "day"))).String()
			in.Events = append(in.Events, Event{ID: fmt.Sprint("e", i), From: at, To: at, Place: "x", Time: fmt.Sprintf("%02d:30", rapid.IntRange(0, 23).Draw(t, "hour"))})
		}
		last := math.MaxInt
		for _, hours := range []int{0, 1, 5, 24, 30, 100, 500} {
			attacks, err := joined(in, hours)
			if err != nil {
				t.Fatal(err)
			}
			if len(attacks) > last {
				t.Fatalf("%d attacks with %d hours, %d with fewer", len(attacks), hours, last)
			}
			last = len(attacks)
		}
		if last != 1 {
			t.Fatalf("%d attacks at one place in 500 hours", last)
		}
	})
}
