package figure_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

var (
	// Small pools make claims collide, which is where the rules have work to do.
	outlets = []string{"", "one", "Two", "three", "11111111-1111-7111-8111-111111111111"}
	sources = []string{"s1", "s2", "s3", "s4", "wire", "ds"}
	dates   = []string{"", "2031-01-02", "2031-01-02T20:50+05:00", "2031-01-02T20:50", "2031-01-03", "2031-01", "2031-01-02/..", "2032~"}
	numbers = []int64{0, 1, 5, 9, 10, 11, 12, 80, 81, 88, 100, math.MaxInt64 - 1, math.MaxInt64, -1}
	texts   = []string{"", "police", "Police.", "hospital", "one", "—"}
	phrases = []string{"dozens", "several", "hundreds of people", "countless", ""}
	scopes  = []record.Scope{{}, {}, {}, {Area: record.AreaCity}, {Counted: record.CountedCivilians}}
	// mostly the measure asked for
	someMeasures = []record.Measure{record.Killed, record.Killed, record.Killed, record.Killed, record.Bodies, record.Injured}
	someStates   = []record.ReviewState{record.Accepted, record.Accepted, record.Accepted, record.Compiled, record.Suggested, record.Retracted, record.Rejected}
	someForms    = []record.Form{record.Incident, record.Incident, record.Incident, record.Incident, record.Component, record.Aggregate}
	someRoles    = []record.Role{
		record.Reported, record.Reported, record.Reported, record.Reported, record.CompiledLow, record.CompiledBest, record.CompiledHigh,
		record.CompiledSingle, record.CompiledRange,
	}
)

func claimNumber(i int) record.ClaimID { return record.ClaimID(fmt.Sprintf("c%02d", i)) }

// drawSaid draws one claim that may refer to any of the first n.
func drawSaid(t *rapid.T, id record.ClaimID, n int) figure.Said {
	pick := func(label string, of []string) string { return rapid.SampledFrom(of).Draw(t, label) }
	rarely := func(label string) bool { return rapid.IntRange(0, 4).Draw(t, label) == 0 }
	c := &record.Claim{
		ID: id, Source: record.SourceID(pick("source", sources)), Kind: record.KindMeasure,
		Measure: rapid.SampledFrom(someMeasures).Draw(t, "measure"), Form: rapid.SampledFrom(someForms).Draw(t, "form"),
		Scope: rapid.SampledFrom(scopes).Draw(t, "scope"), Role: rapid.SampledFrom(someRoles).Draw(t, "role"),
		Reliability: pick("reliability", []string{"", "", "01", "02", "04"}),
		Review:      record.Review{State: rapid.SampledFrom(someStates).Draw(t, "state")},
	}
	drawNumber(t, c)
	if d := pick("as of", dates); d != "" {
		c.AsOf = record.On(d)
	}
	c.AttributedTo = record.Attribution{Text: pick("quoting", texts)}
	if rarely("party") {
		c.AttributedTo.Party = "p1"
	}
	c.AttributedTo.Unattributed = rarely("unattributed")
	if n > 0 && rarely("derived") {
		c.DerivedFrom = append(c.DerivedFrom, record.Ref{Kind: record.KindClaim, ID: string(claimNumber(rapid.IntRange(0, n).Draw(t, "from claim")))})
	}
	if rarely("derived from a source") {
		c.DerivedFrom = append(c.DerivedFrom, record.Ref{Kind: record.KindSource, ID: pick("from source", sources)})
	}
	if n > 0 && rarely("supersedes") {
		c.Supersedes = []record.ClaimID{claimNumber(rapid.IntRange(0, n).Draw(t, "superseded"))}
	}
	s := figure.Said{Claim: c, Outlet: pick("outlet", outlets), Published: drawDate(t, "published")}
	if rarely("source derives") {
		s.From = []record.SourceID{record.SourceID(pick("source from", sources))}
	}
	// A source has one publisher and derives from the same sources in all its claims.
	switch c.Source {
	case "s1":
		s.Outlet, s.From = "one", nil
	case "s2":
		s.Outlet, s.From = "Two", []record.SourceID{"wire"}
	case "s3":
		s.Outlet, s.From = "", []record.SourceID{"s4"}
	case "s4":
		s.Outlet, s.From = outlets[4], []record.SourceID{"s3"}
	case "wire", "ds":
		s.Outlet, s.From = "", nil
	}
	return s
}

func drawDate(t *rapid.T, label string) edtf.Date {
	if d := rapid.SampledFrom(dates).Draw(t, label); d != "" {
		return edtf.MustParse(d)
	}
	return edtf.Date{}
}

func drawNumber(t *rapid.T, c *record.Claim) {
	op := rapid.SampledFrom(record.Operators()).Draw(t, "operator")
	n := rapid.SampledFrom(numbers).Draw(t, "number")
	if op == record.MoreThan && n == math.MaxInt64 {
		n-- // the one above it cannot be written
	}
	c.Bounds(op, n, rapid.SampledFrom(numbers).Draw(t, "upper"))
	if rapid.IntRange(0, 3).Draw(t, "best") == 0 {
		b := rapid.SampledFrom(numbers).Draw(t, "best number")
		c.Best = &b
	}
	c.Words = rapid.SampledFrom(phrases).Draw(t, "words")
}

func drawSet(t *rapid.T) []figure.Said {
	said := make([]figure.Said, rapid.IntRange(0, 10).Draw(t, "claims"))
	for i := range said {
		said[i] = drawSaid(t, claimNumber(i), len(said))
	}
	return said
}

func drawRule(t *rapid.T) figure.Rule { return rapid.SampledFrom(figure.Rules()).Draw(t, "rule") }

func compute(rule figure.Rule, said []figure.Said) figure.Figure {
	return figure.Compute(rule, record.Killed, record.Scope{}, said)
}

// theFigure compares figures without the list of claims behind them.
var theFigure = cmpopts.IgnoreFields(figure.Figure{}, "Claims")

func TestFigureIsInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := drawSet(t)
		f := compute(drawRule(t), said)
		if (f.Low == nil) != (f.High == nil) || f.Known() == (f.Status == figure.None) {
			t.Fatalf("half a figure: %s", text(&f))
		}
		if f.Known() && (*f.Low > *f.High || *f.Low < 0) {
			t.Fatalf("low above high: %s", text(&f))
		}
		if f.Best != nil && (!f.Known() || *f.Best < *f.Low || *f.Best > *f.High) {
			t.Fatalf("best out of bounds: %s", text(&f))
		}
		if wantOrigins := f.Status != figure.None && f.Status != figure.CompiledOnly; wantOrigins != (f.Origins > 0) {
			t.Fatalf("origins do not go with the status: %s", text(&f))
		}
		if (f.Status == figure.Provisional) != (f.Origins == 1) {
			t.Fatalf("provisional is one origin: %s", text(&f))
		}
		if f.Known() != (len(f.UsedClaims()) > 0) {
			t.Fatalf("%s rests on %v", text(&f), f.UsedClaims())
		}
	})
}

func TestEveryClaimIsAccountedFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := drawSet(t)
		f := compute(drawRule(t), said)
		byID := make(map[record.ClaimID]*record.Claim)
		for i := range said {
			byID[said[i].Claim.ID] = said[i].Claim
		}
		if len(f.Claims) != len(said) {
			t.Fatalf("%d of %d claims are listed", len(f.Claims), len(said))
		}
		reports := f.Status != figure.CompiledOnly
		for _, u := range f.Claims {
			c, ok := byID[u.Claim]
			if !ok {
				t.Fatalf("%q is listed twice or was never said", u.Claim)
			}
			delete(byID, u.Claim)
			if !slices.Contains(figure.Reasons(), u.Reason) {
				t.Fatalf("%s has the reason %q", u.Claim, u.Reason)
			}
			if !u.Used {
				continue
			}
			switch {
			case c.Measure != record.Killed, !c.Scope.IsZero(), c.Form != record.Incident, !c.Review.State.Counts():
				t.Fatalf("used: %+v", c)
			case c.Role.Compiled() == reports:
				t.Fatalf("compilers and reports in one figure: %+v", c)
			case reports && u.Origin == "":
				t.Fatalf("used without an origin: %+v", u)
			}
		}
	})
}

func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said, rule := drawSet(t), drawRule(t)
		f := compute(rule, said)
		if d := cmp.Diff(f, compute(rule, rapid.Permutation(said).Draw(t, "order"))); d != "" {
			t.Fatalf("another order, another figure:\n%s", d)
		}
		if d := cmp.Diff(f, compute(rule, said)); d != "" {
			t.Fatalf("the second time gives another figure:\n%s", d)
		}
	})
}

// repeat returns a claim that says again what another claim says, without
// anything of its own: through another outlet that names it, or in the same
// words by the same origin.
func repeat(t *rapid.T, of figure.Said) figure.Said {
	c := *of.Claim
	c.ID, c.Supersedes = "repeat", nil
	s := of
	s.Claim = &c
	if rapid.Bool().Draw(t, "by naming it") {
		c.DerivedFrom = []record.Ref{{Kind: record.KindClaim, ID: string(of.Claim.ID)}}
		c.AttributedTo = record.Attribution{Text: rapid.SampledFrom(texts).Draw(t, "quoting")}
		c.Source, s.Outlet, s.From = "elsewhere", "elsewhere", nil
		s.Published = drawDate(t, "repeated")
	}
	return s
}

func TestRepeatAddsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said, rule := drawSet(t), drawRule(t)
		if len(said) == 0 {
			return
		}
		i := rapid.IntRange(0, len(said)-1).Draw(t, "repeated")
		f := compute(rule, said)
		use := reasonOf(&f, string(said[i].Claim.ID))
		switch use.Reason {
		case figure.Superseded, figure.NotAccepted, figure.Withdrawn:
			return // saying again what was taken back is news; see below for superseded ones
		}
		if d := cmp.Diff(f, compute(rule, append(slices.Clone(said), repeat(t, said[i]))), theFigure); d != "" {
			t.Fatalf("a repeat of %s changes the figure:\n%s", said[i].Claim.ID, d)
		}
	})
}

func TestRepeatOfASupersededClaimAddsNothing(t *testing.T) {
	said := []figure.Said{
		say("a", "one", exactly(52), quoting("officer"), asOf("2031-01-02")),
		say("b", "one", exactly(81), quoting("officer"), asOf("2031-01-02"), replacing("a")),
		say("c", "two", exactly(52), from(record.KindClaim, "a"), published("2031-01-05")),
		say("d", "three", exactly(52), from(record.KindClaim, "c"), published("2031-01-06")),
	}
	f := killed(said...)
	if got := text(&f); got != "81–81 best 81, 1 provisional" || reasonOf(&f, "d").Of != "b" {
		t.Errorf("got %s, %+v", got, f.Claims)
	}
}

func TestRetractingRestores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said, rule := drawSet(t), drawRule(t)
		before := compute(rule, said)
		added := drawSaid(t, "added", len(said))
		added.Claim.Review.State = record.Accepted
		said = append(said, added)
		compute(rule, said)
		added.Claim.Review.State = record.Retracted
		if d := cmp.Diff(before, compute(rule, said), theFigure); d != "" {
			t.Fatalf("retracting the added claim leaves another figure:\n%s", d)
		}

		// For a claim that others may refer to: as if it were still waiting.
		i := rapid.IntRange(0, len(said)-1).Draw(t, "retracted")
		said[i].Claim.Review.State = record.Suggested
		waiting := compute(rule, said)
		said[i].Claim.Review.State = record.Retracted
		if d := cmp.Diff(waiting, compute(rule, said), theFigure); d != "" {
			t.Fatalf("a retracted claim is not the same as one never accepted:\n%s", d)
		}
	})
}

// What is left out for what it is can say any number without any effect.
func TestLeftOutClaimsHaveNoEffect(t *testing.T) {
	inert := []figure.Reason{
		figure.OtherMeasure, figure.OtherScope, figure.OtherForm, figure.Part, figure.NotAccepted, figure.Withdrawn, figure.CompiledBeside,
	}
	rapid.Check(t, func(t *rapid.T) {
		said, rule := drawSet(t), drawRule(t)
		f := compute(rule, said)
		if f.Status == figure.CompiledOnly || f.Status == figure.None {
			return
		}
		for i := range said {
			if slices.Contains(inert, reasonOf(&f, string(said[i].Claim.ID)).Reason) {
				drawNumber(t, said[i].Claim)
			}
		}
		if d := cmp.Diff(f, compute(rule, said), theFigure); d != "" {
			t.Fatalf("numbers of claims that were left out change the figure:\n%s", d)
		}
	})
}

func TestFigureSharesNothingWithClaims(t *testing.T) {
	s := say("a", "one", number(record.Between, 80, 85, 82))
	f, want := killed(s), killed(s)
	*s.Claim.Low, *s.Claim.High, *s.Claim.Best = 1, 2, 3
	if d := cmp.Diff(want, f); d != "" || text(&f) != "80–85 best 82, 1 provisional" {
		t.Errorf("changing the claim changes the figure to %s\n%s", text(&f), d)
	}
}

func TestManyClaims(t *testing.T) {
	var said []figure.Said
	for i := range 3000 {
		said = append(said, say(fmt.Sprintf("c%05d", i), fmt.Sprintf("outlet%d", i%500), exactly(int64(i%7)), asOf("2031-01-02"),
			from(record.KindClaim, fmt.Sprintf("c%05d", i-500))))
	}
	f := killed(said...)
	if got := text(&f); got != "0–6 best none, 500 corroborated" {
		t.Errorf("got %s", got)
	}
}

// A long list of claims is searched by other means than a short one.
func TestLongListsAreReadLikeShortOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said, rule := drawSet(t), drawRule(t)
		long := slices.Clone(said)
		for i := range 30 {
			id := fmt.Sprintf("inert%02d", i)
			long = append(long, say(id, id, measure(record.Detained), exactly(7), published("2031-01-02")))
		}
		if d := cmp.Diff(compute(rule, said), compute(rule, long), theFigure); d != "" {
			t.Fatalf("thirty claims of another measure change the figure:\n%s", d)
		}
	})
}
