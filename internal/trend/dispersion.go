package trend

import (
	"errors"
	"math"
	"slices"
)

// Dispersion is how much the counts of bins vary about the mean of their
// period: 1 where chance alone moves them.
type Dispersion struct {
	Phi  Number `json:"phi"`
	Bins int    `json:"bins"`
	DF   int    `json:"df"`
}

// DispersionOf returns Σ(y−μ)²/μ / (k−2) over the bins of two periods, μ being
// the mean of each period. A period without events adds nothing; there must be
// three bins or more, and events in one of them.
func DispersionOf(before, after []int64) (Dispersion, error) {
	k := len(before) + len(after)
	if len(before) == 0 || len(after) == 0 || k < 3 {
		return Dispersion{}, errors.New("trend: a dispersion needs bins in both periods, three in all")
	}
	if anyNegative(before) || anyNegative(after) {
		return Dispersion{}, errCount
	}
	a, sumA := squares(before)
	b, sumB := squares(after)
	if sumA+sumB == 0 {
		return Dispersion{}, errors.New("trend: bins without an event have no dispersion")
	}
	return Dispersion{Phi: Number((a + b) / float64(k-2)), Bins: k, DF: k - 2}, nil
}

// SeriesDispersion is how much the counts of bins vary about one mean.
type SeriesDispersion struct {
	D         Number `json:"d"` // variance over mean
	ChiSquare Number `json:"chi_square"`
	DF        int    `json:"df"`
	P         Number `json:"p"` // of so much variation or more under chance alone
}

// SeriesDispersionOf returns D = s²/ȳ of a series of two bins or more, with
// its χ² test.
func SeriesDispersionOf(counts []int64) (SeriesDispersion, error) {
	if len(counts) < 2 {
		return SeriesDispersion{}, errors.New("trend: a dispersion needs two bins")
	}
	if anyNegative(counts) {
		return SeriesDispersion{}, errCount
	}
	chi, sum := squares(counts)
	if sum == 0 {
		return SeriesDispersion{}, errors.New("trend: bins without an event have no dispersion")
	}
	df := len(counts) - 1
	return SeriesDispersion{
		D: Number(chi / float64(df)), ChiSquare: Number(chi), DF: df,
		P: Number(chiSquareTail(chi, float64(df))),
	}, nil
}

// squares returns Σ(y−ȳ)²/ȳ and Σy; nothing for counts that are all 0.
func squares(counts []int64) (chi, sum float64) {
	for _, y := range counts {
		sum += float64(y)
	}
	if sum == 0 {
		return 0, 0
	}
	mean := sum / float64(len(counts))
	for _, y := range counts {
		d := float64(y) - mean
		chi += d * d / mean
	}
	return chi, sum
}

func anyNegative(counts []int64) bool {
	return slices.ContainsFunc(counts, func(y int64) bool { return y < 0 })
}

// LaplaceTest asks whether events lie late in their span, as those of a rate
// that rises steadily do. It holds for independent events only.
type LaplaceTest struct {
	U     Number `json:"u"`     // above 1.645 for a rise at the one-sided level 0.05
	P     Number `json:"p"`     // two-sided
	Holds bool   `json:"holds"` // the dispersion of the series is at most DispersionLimit
}

// LaplaceOf tests the times of events in a span from 0 to end. Holds is left
// false. Source: Laplace's test as in Cox and Lewis (1966).
func LaplaceOf(times []float64, end float64) (LaplaceTest, error) {
	if len(times) == 0 || badExposure(end) {
		return LaplaceTest{}, errors.New("trend: Laplace's test needs events and a span")
	}
	sum := 0.0
	for _, t := range times {
		if !(t >= 0 && t <= end) {
			return LaplaceTest{}, errors.New("trend: an event lies outside of the span")
		}
		sum += t / end
	}
	n := float64(len(times))
	u := (sum/n - 0.5) * math.Sqrt(12*n)
	return LaplaceTest{U: Number(u), P: Number(math.Erfc(math.Abs(u) / math.Sqrt2))}, nil
}
