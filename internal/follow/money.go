package follow

import (
	"cmp"
	"slices"

	"github.com/gawah-project/gawah/internal/record"
)

// AmountSides are the amounts that one commitment has for one thing: the same currency,
// unit and part. Several of different value contradict each other and stand side by side.
type AmountSides struct {
	Currency string
	Per      record.AmountPer
	Part     record.Text
	Sides    []record.Amount // as they were entered
	Low      int64
	High     int64
}

// Disputed reports whether the sides differ.
func (a AmountSides) Disputed() bool { return a.Low != a.High }

// Amounts puts the amounts of a commitment side by side, in the order in which they were entered.
func Amounts(m *record.Commitment) []AmountSides {
	type key struct{ currency, per, part string }
	at := map[key]int{}
	var out []AmountSides
	for _, a := range m.Amounts {
		k := key{a.Currency, string(a.Per), a.Part.In("en").Text}
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
			out = append(out, AmountSides{Currency: a.Currency, Per: a.Per, Part: a.Part, Low: a.Value, High: a.Value})
		}
		out[i].Sides = append(out[i].Sides, a)
		out[i].Low, out[i].High = min(out[i].Low, a.Value), max(out[i].High, a.Value)
	}
	return out
}

// Sum is what commitments add up to in one currency and one unit. Where a
// commitment has several values, Low takes the least and High the greatest of them.
type Sum struct {
	Currency string
	Per      record.AmountPer
	Low      int64
	High     int64
	// Commitments is how many are in it, Disputed how many of them have several values.
	Commitments int
	Disputed    int
	// Replaced is how many were left out since another of the commitments replaces them.
	Replaced int
}

// Sums adds amounts of whole sums, per currency and per unit, since an amount per
// family and one in all are of different things. Parts of a sum ("federal share")
// are left to [Amounts]: with their whole they would be counted twice. The order is by
// currency, then by unit as [record.AmountPers] has it.
func Sums(ms []*record.Commitment) []Sum {
	type key struct {
		currency string
		per      record.AmountPer
	}
	replaced := map[record.CommitmentID]bool{}
	for _, m := range ms {
		if m.Replaces != "" {
			replaced[m.Replaces] = true
		}
	}
	sums := map[key]*Sum{}
	for _, m := range ms {
		for _, a := range Amounts(m) {
			if !a.Part.IsZero() {
				continue
			}
			k := key{a.Currency, a.Per}
			s := sums[k]
			if s == nil {
				s = &Sum{Currency: a.Currency, Per: a.Per}
				sums[k] = s
			}
			if replaced[m.ID] {
				s.Replaced++
				continue
			}
			s.Low, s.High = s.Low+a.Low, s.High+a.High // at most MaxNumber each: no overflow below nine million commitments
			s.Commitments++
			if a.Disputed() {
				s.Disputed++
			}
		}
	}
	out := make([]Sum, 0, len(sums))
	for _, s := range sums {
		out = append(out, *s)
	}
	order := record.AmountPers()
	slices.SortFunc(out, func(a, b Sum) int {
		return cmp.Or(cmp.Compare(a.Currency, b.Currency), slices.Index(order, a.Per)-slices.Index(order, b.Per))
	})
	return out
}
