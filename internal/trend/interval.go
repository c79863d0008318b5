package trend

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Interval is a confidence interval. High may be infinite.
type Interval struct {
	Low  Number `json:"low"`
	High Number `json:"high"`
}

// maxTrials bounds the counts that the exact intervals take: their tails are
// summed, and a sum must end.
const maxTrials = 1_000_000_000

var (
	errShare    = errors.New("trend: a share needs 0 ≤ part ≤ whole, and a whole from 1 to 1,000,000,000")
	errAlpha    = errors.New("trend: alpha must be above 0 and below 1")
	errExposure = errors.New("trend: a rate needs a positive, finite time")
	errCount    = errors.New("trend: a count must be from 0 to 1,000,000,000")
)

func badAlpha(alpha float64) bool { return !(alpha > 0 && alpha < 1) }

func badExposure(t float64) bool { return !(t > 0 && t <= math.MaxFloat64) }

// Wilson returns the score interval of a share x/n at level 1 − alpha, without
// continuity correction. Source: Wilson (1927).
func Wilson(x, n int64, alpha float64) (Interval, error) {
	switch {
	case n < 1 || n > maxTrials || x < 0 || x > n:
		return Interval{}, errShare
	case badAlpha(alpha):
		return Interval{}, errAlpha
	}
	z := -normalQuantile(alpha / 2)
	p, m := float64(x)/float64(n), float64(n)
	mid := p + z*z/(2*m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	whole := 1 + z*z/m
	iv := Interval{Number(max(0, (mid-half)/whole)), Number(min(1, (mid+half)/whole))}
	if x == 0 {
		iv.Low = 0
	}
	if x == n {
		iv.High = 1
	}
	return iv, nil
}

// oddsBounds returns the exact bounds of a share x/n, 0 ≤ x ≤ n, at level 1 − alpha
// (Clopper and Pearson, 1934) as odds p/(1−p), which keep
// their digits where p comes near 1; the last may be infinite.
func oddsBounds(x, n, alpha float64) (lo, hi float64) {
	if x > 0 {
		lo = oddsAtLeast(x, n, alpha/2)
	}
	if x == n {
		return lo, math.Inf(1)
	}
	// P(X ≤ x) = P(n−X ≥ n−x): the same bound, seen from the other side.
	return lo, 1 / oddsAtLeast(n-x, n, alpha/2)
}

// oddsAtLeast returns the odds at which P(X ≥ x) = tail, x ≥ 1. It is solved in
// the logarithms of both, where the curve is nearly straight.
func oddsAtLeast(x, n, tail float64) float64 {
	logTail := math.Log(tail)
	theta := solve(-800, 800, math.Log(x/(n-x+1)), func(theta float64) (float64, float64) {
		p, q := 1/(1+math.Exp(-theta)), 1/(1+math.Exp(theta))
		u := atLeast(x, n, p, q)
		return math.Log(u) - logTail, x * q * binomialMass(x, n, p, q) / u
	})
	return math.Exp(theta)
}

// PoissonInterval returns the exact interval, at level 1 − alpha, of a rate per
// unit of time at which x events came in the time given. Source: Garwood (1936).
func PoissonInterval(x int64, time, alpha float64) (Interval, error) {
	switch {
	case x < 0 || x > maxTrials:
		return Interval{}, errCount
	case badExposure(time):
		return Interval{}, errExposure
	case badAlpha(alpha):
		return Interval{}, errAlpha
	}
	n, logTail := float64(x), math.Log(alpha/2)
	var lo float64
	if x > 0 {
		lo = math.Exp(solve(-800, 60, math.Log(n), func(l float64) (float64, float64) {
			m := math.Exp(l)
			u := poissonAtLeast(n, m)
			return math.Log(u) - logTail, n * poissonMass(n, m) / u
		}))
	}
	hi := math.Exp(solve(-800, 60, math.Log(n+1), func(l float64) (float64, float64) {
		m := math.Exp(l)
		u := poissonAtMost(n, m)
		return logTail - math.Log(u), m * poissonMass(n, m) / u
	}))
	return Interval{Number(lo / time), Number(hi / time)}, nil
}

// normalQuantile returns z with P(Z ≤ z) = p.
func normalQuantile(p float64) float64 { return -math.Sqrt2 * math.Erfcinv(2*p) }

// studentTails returns P(|T| ≥ |t|) with df degrees of freedom.
func studentTails(t, df float64) float64 {
	if t == 0 {
		return 1
	}
	if math.IsInf(t, 0) {
		return 0
	}
	return mathext.RegIncBeta(df/2, 0.5, df/(df+t*t))
}

// studentQuantile returns t > 0 with P(|T| ≥ t) = tails.
func studentQuantile(tails, df float64) float64 {
	logTails := math.Log(tails)
	lg, _ := math.Lgamma((df + 1) / 2)
	lg2, _ := math.Lgamma(df / 2)
	c := lg - lg2 - 0.5*math.Log(df*math.Pi)
	return math.Exp(solve(-700, 700, math.Log(-normalQuantile(tails/2)), func(l float64) (float64, float64) {
		t := math.Exp(l)
		u := studentTails(t, df)
		density := math.Exp(c - (df+1)/2*math.Log1p(t*t/df))
		return logTails - math.Log(u), 2 * t * density / u
	}))
}

// chiSquareTail returns P(χ² ≥ x) with df degrees of freedom.
func chiSquareTail(x, df float64) float64 {
	if x <= 0 {
		return 1
	}
	return mathext.GammaIncRegComp(df/2, x/2)
}
