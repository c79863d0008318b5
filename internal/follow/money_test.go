package follow_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func money(id record.CommitmentID, amounts ...record.Amount) *record.Commitment {
	return &record.Commitment{ID: id, Amounts: amounts}
}

func amount(v int64, currency string, per record.AmountPer) record.Amount {
	return record.Amount{Value: v, Currency: currency, Per: per}
}

func TestSums(t *testing.T) {
	share := amount(5, "XTS", record.PerFamily)
	share.Part = record.Plain("en", "federal share")
	replaced, again := money("r", amount(100, "XTS", record.PerFamily)), money("n", amount(7, "XTS", record.PerFamily))
	again.Replaces = "r"
	ms := []*record.Commitment{
		money("a", amount(25, "XTS", record.PerFamily), amount(15, "XTS", record.PerFamily), share),
		money("b", amount(10, "XTS", record.PerFamily), amount(3, "XTS", record.PerInjured)),
		money("c", amount(2, "XXX", record.InAll)), replaced, again,
	}
	want := []follow.Sum{
		{Currency: "XTS", Per: record.PerFamily, Low: 15 + 10 + 7, High: 25 + 10 + 7, Commitments: 3, Disputed: 1, Replaced: 1},
		{Currency: "XTS", Per: record.PerInjured, Low: 3, High: 3, Commitments: 1},
		{Currency: "XXX", Per: record.InAll, Low: 2, High: 2, Commitments: 1},
	}
	if diff := cmp.Diff(want, follow.Sums(ms)); diff != "" {
		t.Error(diff)
	}
	sides := follow.Amounts(ms[0])
	if len(sides) != 2 || !sides[0].Disputed() || len(sides[0].Sides) != 2 || sides[0].Sides[0].Value != 25 || sides[1].Disputed() || sides[1].Low != 5 {
		t.Errorf("%+v", sides)
	}
}

// TestSumsApart: no sum holds an amount of another currency or unit, and the order of
// commitments changes none.
func TestSumsApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ms []*record.Commitment
		totals := map[[2]string]int64{}
		for i := range rapid.IntRange(0, 12).Draw(t, "n") {
			a := amount(rapid.Int64Range(0, 1000).Draw(t, "value"), rapid.SampledFrom([]string{"XTS", "XXX"}).Draw(t, "currency"), rapid.SampledFrom(record.AmountPers()).Draw(t, "per"))
			totals[[2]string{a.Currency, string(a.Per)}] += a.Value
			ms = append(ms, money(record.CommitmentID(id(i)), a))
		}
		sums := follow.Sums(ms)
		if len(sums) != len(totals) {
			t.Fatalf("%d sums of %d", len(sums), len(totals))
		}
		for _, s := range sums {
			if want := totals[[2]string{s.Currency, string(s.Per)}]; s.Low != want || s.High != want {
				t.Fatalf("%+v, want %d", s, want)
			}
		}
		slices.Reverse(ms)
		if diff := cmp.Diff(sums, follow.Sums(ms)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestPlans(t *testing.T) {
	for _, p := range record.Plans() {
		steps := follow.Plan(p)
		if (len(steps) == 0) != (p == record.PlanOwn) {
			t.Errorf("%s has %d steps", p, len(steps))
		}
		if len(steps) == 0 {
			continue
		}
		c := &record.Commitment{
			ID: "01890000-0000-7000-8000-00000000000a", Slug: "a", Text: record.Plain("en", "x"), Unidentified: true, Plan: p, Steps: steps, Visibility: record.Draft,
		}
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", p, err)
		}
		marked := follow.Essential(steps)
		if len(marked) == 0 || slices.ContainsFunc(marked, func(s record.Step) bool { return follow.WayOut(s.Kind) }) {
			t.Errorf("%s: essential are %v", p, marked)
		}
		// What a plan gives is the form's to change.
		steps[0].Key = "changed"
		if follow.Plan(p)[0].Key == "changed" {
			t.Errorf("%s is changed by who asked for it", p)
		}
	}
	equal(t, "no plan", len(follow.Plan("hope")), 0)
}

func TestForeign(t *testing.T) {
	for _, test := range []struct {
		tracker follow.Tracker
		word    string
		want    follow.Foreign
	}{
		{follow.PolitiFact, "Promise Kept", follow.Foreign{Progress: record.Met}},
		{follow.PolitiFact, " in  the WORKS ", follow.Foreign{Progress: record.InProgress}},
		{follow.PolitiFact, "Stalled", follow.Foreign{Progress: record.Stalled}},
		{follow.PolitiFact, "Compromise", follow.Foreign{Progress: record.MetInPart}},
		{follow.PolitiFact, "No Action", follow.Foreign{Progress: record.NotAssessed}},
		{follow.PolitiFact, "Not Yet Rated", follow.Foreign{Progress: record.NotAssessed}},
		{follow.PolitiFact, "Promise Broken", follow.Foreign{Choices: []record.ProgressValue{record.NoActionFound, record.Reversed}, Review: true}},
		{follow.Polimeter, "Kept in part or in the works", follow.Foreign{Review: true}},
		{follow.UPR, "Supported", follow.Foreign{Response: record.AcceptedInFull, Progress: record.NotAssessed}},
		{follow.UPR, "Noted", follow.Foreign{Response: record.Noted, Progress: record.NotAssessed}},
		{follow.Committee, "A", follow.Foreign{Response: record.Acknowledged, Progress: record.MetInPart, Review: true}},
		{follow.Committee, "B", follow.Foreign{Response: record.Acknowledged, Progress: record.InProgress, Review: true}},
		{follow.Committee, "C", follow.Foreign{Response: record.Acknowledged, Progress: record.NoActionFound, Review: true}},
		{follow.Committee, "D", follow.Foreign{Response: record.NoneFound, Progress: record.NotAssessed, Review: true}},
		{follow.Committee, "E", follow.Foreign{Response: record.Refused, Progress: record.Reversed, Review: true}},
	} {
		test.want.Original = test.word
		got, ok := follow.ReadForeign(test.tracker, test.word)
		if diff := cmp.Diff(test.want, got); diff != "" || !ok {
			t.Errorf("%s %q: %v %s", test.tracker, test.word, ok, diff)
		}
	}
	for _, test := range [][2]string{{"politifact", "half kept"}, {"upr", "A"}, {"nobody", "Kept"}} {
		if got, ok := follow.ReadForeign(follow.Tracker(test[0]), test[1]); ok || got.Original != test[1] || got.Progress != "" {
			t.Errorf("%v: %+v", test, got)
		}
	}
}

func TestCheck(t *testing.T) {
	d := &record.Demand{
		ID: "d", Made: record.On("2001-02-01"), Steps: essential("a"),
		Addressees: []record.DemandAddressee{{Key: "office"}},
	}
	f := follow.OfDemand(d, on("2001-01-10"))
	today := dayOf("2001-06-01")
	for _, test := range []struct {
		name, field, key string
		a                *record.Assessment
	}{
		{"as it should be", "", "", progress("1", "a", record.Met, "2001-05-01", to("office"), happened("2001-04"))},
		{"of today", "", "", progress("1", "a", record.Met, "2001-06-01")},
		{"done before it was asked", "", "", progress("1", "a", record.Met, "2001-05-01", happened("2001-01-20"))},
		{"done in the month of the attack", "", "", progress("1", "a", record.Met, "2001-05-01", happened("2001-01"))},
		{"of another demand", "of", "invalid.choice", progress("1", "a", record.Met, "2001-05-01", func(a *record.Assessment) { a.Of.ID = "other" })},
		{"of a step that is not there", "step", "invalid.unknown", progress("1", "b", record.Met, "2001-05-01")},
		{"of an addressee that is not there", "addressee", "invalid.unknown", progress("1", "a", record.Met, "2001-05-01", to("king"))},
		{"before it was asked", "on", "invalid.before_asked", progress("1", "a", record.Met, "2001-01-31")},
		{"of tomorrow", "on", "invalid.future", progress("1", "a", record.Met, "2001-06-02")},
		{"done before the attack", "happened", "invalid.before_event", progress("1", "a", record.Met, "2001-05-01", happened("2000"))},
		{"done tomorrow", "happened", "invalid.future", progress("1", "a", record.Met, "2001-05-01", happened("2001-07"))},
		{"looked for tomorrow", "looked", "invalid.future", progress("1", "a", record.NoActionFound, "2001-05-01", func(a *record.Assessment) { a.Looked = []record.Looked{{On: "2001-07-01"}} })},
	} {
		err := f.Check(test.a, today)
		invalid, refused := errors.AsType[*record.Invalid](err)
		switch {
		case test.field == "" && err != nil:
			t.Errorf("%s: %v", test.name, err)
		case test.field != "" && (!refused || len(invalid.Fields) != 1 || invalid.Fields[0].Field != test.field || invalid.Fields[0].Key != test.key):
			t.Errorf("%s: %v, want %s %s", test.name, err, test.field, test.key)
		}
	}
	// Where nobody knows when it was asked, the attack is the bound.
	d.Made = record.When{}
	f = follow.OfDemand(d, on("2001-01-10"))
	if err := f.Check(progress("1", "a", record.Met, "2001-01-09"), today); err == nil {
		t.Error("a judgement before the attack is accepted")
	}
	m := follow.OfCommitment(&record.Commitment{ID: "c", Steps: essential("a")}, edtf.Date{})
	if err := m.Check(progress("1", "a", record.Met, "1990-01-01", func(a *record.Assessment) { a.Of = m.Ref }), today); err != nil {
		t.Errorf("of a commitment nobody dated: %v", err)
	}
}
