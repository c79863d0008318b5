package trend

import (
	"cmp"
	"slices"
)

// Holm returns the p of several tests corrected for their number, in the order
// given: with them, the chance of any false alarm among all stays at the level
// of one. Source: Holm (1979).
func Holm(ps []float64) []float64 {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ps[a], ps[b]) })
	out := make([]float64, len(ps))
	worst := 0.0
	for rank, i := range order {
		worst = max(worst, min(1, float64(len(ps)-rank)*ps[i]))
		out[i] = worst
	}
	return out
}
