package trend

import (
	"fmt"
	"math"
)

// RateTest compares the rates of two periods exactly, as far as events come
// independently of each other.
type RateTest struct {
	Before   int64    `json:"before"`
	After    int64    `json:"after"`
	Ratio    Number   `json:"ratio"` // of the rates, later to earlier; infinite with none before
	Interval Interval `json:"interval"`
	P        Number   `json:"p"` // twice the smaller tail, which agrees with the interval
}

// CompareRates compares x0 events in time t0 with x1 in time t1, given their
// sum: without a change the later ones are a binomial draw with chance
// t1/(t0+t1). The interval has level 1 − alpha. It does not refuse small numbers
// but none at all; [Compute] does. Source: Przyborowski and Wilenski (1940).
func CompareRates(x0 int64, t0 float64, x1 int64, t1, alpha float64) (RateTest, error) {
	switch {
	case x0 < 0 || x1 < 0 || x0 > maxTrials || x1 > maxTrials-x0:
		return RateTest{}, errCount
	case x0+x1 == 0:
		return RateTest{}, fmt.Errorf("trend: two periods without an event have no ratio")
	case badExposure(t0) || badExposure(t1) || math.IsInf(t0+t1, 0) || t1/t0 == 0 || math.IsInf(t1/t0, 0):
		return RateTest{}, errExposure
	case badAlpha(alpha):
		return RateTest{}, errAlpha
	}
	n, x := float64(x0+x1), float64(x1)
	p, q := t1/(t0+t1), t0/(t0+t1)
	tail := min(atLeast(x, n, p, q), atMost(x, n, p, q))
	lo, hi := oddsBounds(x, n, alpha)
	r := RateTest{
		Before: x0, After: x1, Ratio: Number(math.Inf(1)),
		Interval: Interval{Number(lo / t1 * t0), Number(hi / t1 * t0)},
		P:        Number(min(1, 2*tail)),
	}
	if x0 > 0 {
		r.Ratio = Number(float64(x1) / float64(x0) / t1 * t0)
	}
	return r, nil
}

// QuasiTest compares the rates of two periods whose counts vary more than
// chance would let them.
type QuasiTest struct {
	Ratio    Number   `json:"ratio"`
	Interval Interval `json:"interval"`
	T        Number   `json:"t"` // ln Ratio over its standard error
	DF       int      `json:"df"`
	P        Number   `json:"p"`
}

// CompareQuasi compares rates as CompareRates does, with the variance of counts
// phi times their mean, judged by Student's t with df degrees of freedom. Both
// counts and phi must be positive. Source: McCullagh and Nelder (1989).
func CompareQuasi(x0 int64, t0 float64, x1 int64, t1, phi float64, df int, alpha float64) (QuasiTest, error) {
	switch {
	case x0 < 1 || x1 < 1 || x0 > maxTrials || x1 > maxTrials:
		return QuasiTest{}, fmt.Errorf("trend: a quasi-Poisson test needs events in both periods")
	case badExposure(t0) || badExposure(t1):
		return QuasiTest{}, errExposure
	case badExposure(phi) || df < 1:
		return QuasiTest{}, fmt.Errorf("trend: a quasi-Poisson test needs a positive dispersion and degrees of freedom")
	case badAlpha(alpha):
		return QuasiTest{}, errAlpha
	}
	log := math.Log(float64(x1)/t1) - math.Log(float64(x0)/t0)
	se := math.Sqrt(phi * (1/float64(x0) + 1/float64(x1)))
	half := studentQuantile(alpha, float64(df)) * se
	return QuasiTest{
		Ratio:    Number(math.Exp(log)),
		Interval: Interval{Number(math.Exp(log - half)), Number(math.Exp(log + half))},
		T:        Number(log / se),
		DF:       df,
		P:        Number(studentTails(log/se, float64(df))),
	}, nil
}
