package follow_test

import (
	"slices"
	"testing"

	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
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
