package follow_test

import (
	"math"
	"testing"

	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func looked(p *record.Proceeding, days ...string) *record.Proceeding {
	for _, d := range days {
		p.Looked = append(p.Looked, record.Looked{Where: record.Plain("en", "the court's register"), On: d})
	}
	return p
}

func TestReadChain(t *testing.T) {
	for _, test := range []struct {
		name    string
		p       *record.Proceeding
		state   follow.ChainState
		stage   record.StepKind
		exits   int
		large   bool
		verdict record.VerdictValue
		checked bool
	}{
		{"nobody looked", chain(), follow.NotLooked, "", 0, false, "", false},
		{"looked for and none found", looked(chain(), "2001-03-01"), follow.NoneFound, "", 0, false, "", true},
		{"arrested, and no further looked", chain(happenedOn(record.StepComplaint, "2001-01-02"), happenedOn(record.StepArrest, "2001-01-05")), follow.Reached, record.StepArrest, 0, false, "", false},
		{"escaped", chain(happenedOn(record.StepArrest, "2001"), happenedOn(record.StepEscape, "2002")), follow.Reached, record.StepArrest, 1, true, "", false},
		{"escaped and caught again", chain(happenedOn(record.StepRecapture, "2003"), happenedOn(record.StepArrest, "2001"), happenedOn(record.StepEscape, "2002")), follow.Reached, record.StepArrest, 1, false, "", false},
		{"caught again and escaped again", chain(happenedOn(record.StepRecapture, "2003"), happenedOn(record.StepEscape, "2002"), happenedOn(record.StepEscape, "2004")), follow.Reached, "", 2, true, "", false},
		{"escaped, nobody says when", chain(happenedOn(record.StepArrest, ""), happenedOn(record.StepEscape, "")), follow.Reached, record.StepArrest, 1, true, "", false},
		{"convicted", chain(ruled(record.StepVerdict, record.VerdictConvicted, "2002")), follow.Reached, record.StepVerdict, 0, false, record.VerdictConvicted, true},
		{"convicted and upheld", chain(ruled(record.StepVerdict, record.VerdictConvicted, "2002"), ruled(record.StepAppealDecided, record.VerdictUpheld, "2003")), follow.Reached, record.StepAppealDecided, 0, false, record.VerdictConvicted, true},
		{"convicted and reversed, out of order", chain(ruled(record.StepAppealDecided, record.VerdictReversed, "2003"), ruled(record.StepVerdict, record.VerdictConvicted, "2002")), follow.Reached, record.StepAppealDecided, 0, false, record.VerdictAcquitted, true},
		{"acquitted and reversed", chain(ruled(record.StepVerdict, record.VerdictAcquitted, "2002"), ruled(record.StepAppealDecided, record.VerdictReversed, "2003")), follow.Reached, record.StepAppealDecided, 0, false, record.VerdictConvicted, true},
		{"tried again", chain(ruled(record.StepVerdict, record.VerdictConvicted, "2002"), ruled(record.StepAppealDecided, record.VerdictReversed, "2003"), ruled(record.StepVerdict, record.VerdictMixed, "2004")), follow.Reached, record.StepAppealDecided, 0, false, record.VerdictMixed, true},
		{"within one year, the order of a case decides", chain(ruled(record.StepAppealDecided, record.VerdictReversed, "2003-02"), ruled(record.StepVerdict, record.VerdictConvicted, "2003")), follow.Reached, record.StepAppealDecided, 0, false, record.VerdictAcquitted, true},
		{"an appeal decided somehow", chain(ruled(record.StepVerdict, record.VerdictConvicted, "2002"), happenedOn(record.StepAppealDecided, "2003")), follow.Reached, record.StepAppealDecided, 0, false, record.VerdictConvicted, true},
		{"several, some acquitted, reversed", chain(ruled(record.StepVerdict, record.VerdictMixed, "2002"), ruled(record.StepAppealDecided, record.VerdictReversed, "2003")), follow.Reached, record.StepAppealDecided, 0, false, record.VerdictMixed, true},
		{"killed before trial", chain(happenedOn(record.StepArrest, "2001"), happenedOn(record.StepKilledBefore, "2002")), follow.Reached, record.StepArrest, 1, false, "", false},
	} {
		c := follow.ReadChain(test.p)
		if c.State != test.state || c.Stage != test.stage || len(c.Exits) != test.exits || c.AtLarge != test.large || c.Verdict != test.verdict || c.Checked != test.checked {
			t.Errorf("%s: %+v", test.name, c)
		}
		equal(t, test.name+": convicted", c.Convicted, test.verdict == record.VerdictConvicted || test.verdict == record.VerdictMixed)
	}
	c := follow.ReadChain(looked(chain(), "2001-03-01", "2002-03-01", "2001-09-01"))
	equal(t, "last looked", c.Looked.On, "2002-03-01")
	report := happenedOn(record.StepArrest, "2001")
	report.Reports = true
	equal(t, "reports only", follow.ReadChain(chain(report)).ReportsOnly, true)
	equal(t, "reports and a paper", follow.ReadChain(chain(report, happenedOn(record.StepCharge, "2001"))).ReportsOnly, false)
}

func TestContradictions(t *testing.T) {
	for _, test := range []struct {
		name string
		p    *record.Proceeding
		want []follow.Contradiction
	}{
		{"in order", chain(happenedOn(record.StepComplaint, "2001-01-03"), happenedOn(record.StepCharge, "2001-02"), happenedOn(record.StepTrial, "2001-03"), ruled(record.StepVerdict, record.VerdictConvicted, "2002")), nil},
		{"verdict before charge", chain(ruled(record.StepVerdict, record.VerdictConvicted, "2001-05"), happenedOn(record.StepCharge, "2001-06")), []follow.Contradiction{{"chain.order", 0, 1}}},
		{"verdict in the year of the charge", chain(ruled(record.StepVerdict, record.VerdictConvicted, "2001"), happenedOn(record.StepCharge, "2001-06")), nil},
		{"charged again after a verdict", chain(happenedOn(record.StepCharge, "2001-02"), ruled(record.StepVerdict, record.VerdictConvicted, "2001-05"), happenedOn(record.StepCharge, "2001-06")), nil},
		{"undated", chain(ruled(record.StepVerdict, record.VerdictConvicted, ""), happenedOn(record.StepCharge, "2001-06")), nil},
		{"before the attack", chain(happenedOn(record.StepComplaint, "2001-01-01")), []follow.Contradiction{{"chain.before_event", 0, -1}}},
		{"in the month of the attack", chain(happenedOn(record.StepComplaint, "2001-01")), nil},
		{"caught again without an escape", chain(happenedOn(record.StepRecapture, "2002")), []follow.Contradiction{{"chain.no_escape", 0, -1}}},
		{"sentenced by nobody", chain(happenedOn(record.StepSentence, "2002")), []follow.Contradiction{{"chain.no_verdict", 0, -1}}},
		{"two verdicts on one day", chain(ruled(record.StepVerdict, record.VerdictConvicted, "2002-02-02"), ruled(record.StepVerdict, record.VerdictAcquitted, "2002-02-02")), []follow.Contradiction{{"chain.two_verdicts", 1, 0}}},
	} {
		if diff := cmp.Diff(test.want, follow.Contradictions(test.p, []edtf.Date{on("2001-01-02"), {}})); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
	if got := follow.Contradictions(chain(happenedOn(record.StepComplaint, "1999")), nil); got != nil {
		t.Errorf("against no attack: %v", got)
	}
}

// TestChainOrder: the order in which steps were entered changes nothing, and what is dated
// wholly before another does not count after it.
func TestChainOrder(t *testing.T) {
	step := rapid.Custom(func(t *rapid.T) record.ChainStep {
		s := happenedOn(rapid.SampledFrom(record.ChainKinds()).Draw(t, "kind"), rapid.SampledFrom([]string{"", "2001", "2002", "2003", "2001-05", "2002-05", "2003-05-01"}).Draw(t, "on"))
		if s.Kind == record.StepVerdict {
			s.Verdict = rapid.SampledFrom(record.VerdictValues()).Draw(t, "verdict")
		}
		return s
	})
	rapid.Check(t, func(t *rapid.T) {
		// One step of a kind: of two verdicts that may be of one time, neither is later.
		steps := rapid.SliceOfDistinct(step, func(s record.ChainStep) record.StepKind { return s.Kind }).Draw(t, "steps")
		a := follow.ReadChain(chain(steps...))
		turned := make([]record.ChainStep, len(steps))
		for i, s := range steps {
			turned[len(steps)-1-i] = s
		}
		b := follow.ReadChain(chain(turned...))
		if a.Stage != b.Stage || a.Verdict != b.Verdict || a.AtLarge != b.AtLarge || len(a.Exits) != len(b.Exits) || a.Checked != b.Checked {
			t.Fatalf("%+v, the other way round %+v", a, b)
		}
	})
}

func TestAttackOutcome(t *testing.T) {
	none, convicted := looked(chain(), "2001-03-01"), chain(ruled(record.StepVerdict, record.VerdictConvicted, "2002"))
	acquitted, arrested := chain(ruled(record.StepVerdict, record.VerdictAcquitted, "2002")), chain(happenedOn(record.StepArrest, "2001"))
	for _, test := range []struct {
		name string
		ps   []*record.Proceeding
		want follow.Outcome
	}{
		{"no case", nil, follow.Unknown},
		{"an arrest, and nobody looked further", []*record.Proceeding{arrested}, follow.Unknown},
		{"looked and found none", []*record.Proceeding{arrested, none}, follow.NoConviction},
		{"acquitted", []*record.Proceeding{acquitted}, follow.NoConviction},
		{"one of two convicted", []*record.Proceeding{none, acquitted, convicted}, follow.Convicted},
	} {
		equal(t, test.name, follow.AttackOutcome(test.ps), test.want)
	}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 5e-7 {
		t.Errorf("%s: %.7f, want %.7f", what, got, want)
	}
}

func TestPerMillion(t *testing.T) {
	// The index of 2011 printed 2.921 for 92 cases; the population is that of its source, rounded.
	m, err := follow.UnsolvedPerMillion(92, 31_495_000)
	if err != nil || math.Abs(m.Index-2.921) > 0.0005 || !m.Listed {
		t.Errorf("%+v %v", m, err)
	}
	if few, err := follow.UnsolvedPerMillion(4, 1_000_000); err != nil || few.Listed || few.Index != 4 {
		t.Errorf("%+v %v", few, err)
	}
	for _, bad := range []struct {
		n int
		p int64
	}{{1, 0}, {1, -5}, {-1, 5}} {
		if _, err := follow.UnsolvedPerMillion(bad.n, bad.p); err == nil {
			t.Errorf("%+v", bad)
		}
	}
}

func TestBetween(t *testing.T) {
	today := dayOf("2001-12-31")
	for _, test := range []struct {
		name string
		p    *record.Proceeding
		want follow.Gap
		ok   bool
	}{
		{"two days known", chain(happenedOn(record.StepArrest, "2001-01-10"), happenedOn(record.StepCharge, "2001-01-20")), follow.Gap{Low: 10, High: 10, Ended: true}, true},
		{"a month", chain(happenedOn(record.StepArrest, "2001-01-10"), happenedOn(record.StepCharge, "2001-02")), follow.Gap{Low: 22, High: 49, Ended: true}, true},
		{"overlapping", chain(happenedOn(record.StepArrest, "2001-01-10"), happenedOn(record.StepCharge, "2001")), follow.Gap{Low: 0, High: 355, Ended: true}, true},
		{"still waiting", chain(happenedOn(record.StepArrest, "2001-12-01")), follow.Gap{Low: 30, High: 30}, true},
		{"killed while waiting", chain(happenedOn(record.StepArrest, "2001-01-10"), happenedOn(record.StepKilledBefore, "2001-01-15")), follow.Gap{Low: 5, High: 5, Exit: record.StepKilledBefore}, true},
		{"escaped, and still waiting", chain(happenedOn(record.StepArrest, "2001-12-01"), happenedOn(record.StepEscape, "2001-12-05")), follow.Gap{Low: 30, High: 30}, true},
		{"not arrested", chain(happenedOn(record.StepCharge, "2001-01-10")), follow.Gap{}, false},
		{"arrest not dated", chain(happenedOn(record.StepArrest, ""), happenedOn(record.StepCharge, "2001-01-10")), follow.Gap{}, false},
		{"the wrong way round", chain(happenedOn(record.StepArrest, "2001-02-10"), happenedOn(record.StepCharge, "2001-01-10")), follow.Gap{}, false},
		{"the first of two arrests", chain(happenedOn(record.StepArrest, "2001-02-10"), happenedOn(record.StepArrest, "2001-01-10"), happenedOn(record.StepCharge, "2001-01-20")), follow.Gap{Low: 10, High: 10, Ended: true}, true},
	} {
		got, ok := follow.Between(test.p, record.StepArrest, record.StepCharge, today)
		if got != test.want || ok != test.ok {
			t.Errorf("%s: %+v %v", test.name, got, ok)
		}
	}
}

func TestMeasureWaits(t *testing.T) {
	end := func(days ...int) []follow.Gap {
		var out []follow.Gap
		for _, d := range days {
			out = append(out, follow.Gap{Low: d, High: d, Ended: true})
		}
		return out
	}
	wait := func(d int) follow.Gap { return follow.Gap{Low: d, High: d} }
	exit := func(d int) follow.Gap { return follow.Gap{Low: d, High: d, Exit: record.StepKilledBefore} }

	w := follow.MeasureWaits(end(4, 2, 2, 8))
	if diff := cmp.Diff([]follow.WaitPoint{{2, 0.5}, {4, 0.75}, {8, 1}}, w.Curve); diff != "" || !w.HasMedian || w.Median != 2 {
		t.Errorf("all came: %+v %s", w, diff)
	}
	// Five cases, at 1 one came, at 2 one still waited, at 3 one came: 1/5, then 4/5 × 1/3 more.
	w = follow.MeasureWaits(append(end(1, 3), wait(2), wait(5), wait(6)))
	near(t, "waiting", w.Curve[1].Share, 1.0/5+4.0/5/3)
	if w.HasMedian || w.N != 5 || w.Ended != 2 || w.Waiting != 3 {
		t.Errorf("%+v", w)
	}
	// One who was killed can never be tried: the share stays below that of those still alive.
	w = follow.MeasureWaits(append(end(2, 3), exit(1), exit(1)))
	near(t, "exits", w.Curve[1].Share, 0.5)
	if !w.HasMedian || w.Median != 3 || w.Exited != 2 {
		t.Errorf("%+v", w)
	}
	if w := follow.MeasureWaits(nil); w.N != 0 || w.HasMedian || w.Curve != nil {
		t.Errorf("no cases: %+v", w)
	}
}

func TestWaitsProperties(t *testing.T) {
	gap := rapid.Custom(func(t *rapid.T) follow.Gap {
		g := follow.Gap{Low: rapid.IntRange(0, 30).Draw(t, "days")}
		switch rapid.IntRange(0, 2).Draw(t, "how") {
		case 0:
			g.Ended = true
		case 1:
			g.Exit = record.StepRelease
		}
		return g
	})
	rapid.Check(t, func(t *rapid.T) {
		gaps := rapid.SliceOf(gap).Draw(t, "gaps")
		w := follow.MeasureWaits(gaps)
		if w.Ended+w.Exited+w.Waiting != w.N || w.N != len(gaps) {
			t.Fatalf("%+v", w)
		}
		last := follow.WaitPoint{Days: -1}
		for _, p := range w.Curve {
			if p.Days <= last.Days || p.Share < last.Share-1e-12 || p.Share > 1+1e-9 {
				t.Fatalf("%+v after %+v", p, last)
			}
			last = p
		}
	})
}

// FuzzChain: whatever dates steps have, a chain can be read and its contradictions
// name steps that are there.
func FuzzChain(f *testing.F) {
	f.Add("2001", "2001-05/2002", "../2003", uint8(3))
	f.Add("", "2001~", "2001-21", uint8(200))
	f.Fuzz(func(t *testing.T, a, b, c string, kinds uint8) {
		all := record.ChainKinds()
		p := &record.Proceeding{}
		for i, s := range []string{a, b, c, a} {
			step := record.ChainStep{Kind: all[(int(kinds)+i*5)%len(all)], Verdict: record.VerdictValues()[int(kinds)%5]}
			if d, err := edtf.Parse(s); err == nil {
				step.On.Date = d
			}
			p.Steps = append(p.Steps, step)
		}
		chain := follow.ReadChain(p)
		for _, i := range chain.Exits {
			if i < 0 || i >= len(p.Steps) {
				t.Fatalf("%+v", chain)
			}
		}
		for _, x := range follow.Contradictions(p, []edtf.Date{p.Steps[0].On.Date}) {
			if x.Step < 0 || x.Step >= len(p.Steps) || x.After >= len(p.Steps) {
				t.Fatalf("%+v", x)
			}
		}
		for _, from := range all {
			if g, ok := follow.Between(p, from, record.StepVerdict, 0); ok && (g.Low < 0 || g.High < g.Low) {
				t.Fatalf("%+v", g)
			}
		}
	})
}
