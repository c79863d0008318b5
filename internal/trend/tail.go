package trend

import "math"

// The tails here are summed term by term from the probability at their edge,
// which is exact to about 13 digits even far out, where a general incomplete
// beta function loses them; TestAgainstR holds them against R.

const halfLog2Pi = 0.918938533204672741780329736406

// stirlingError returns ln n! − ln(√(2πn) (n/e)ⁿ), n ≥ 1.
func stirlingError(n float64) float64 {
	if n < 16 {
		l, _ := math.Lgamma(n + 1)
		return l - (n+0.5)*math.Log(n) + n - halfLog2Pi
	}
	// Stirling's series; at 16 the first term left out is below 1e-17.
	r := 1 / (n * n)
	return (1.0/12 - (1.0/360-(1.0/1260-(1.0/1680-(1.0/1188-(691.0/360360-r/156)*r)*r)*r)*r)*r) / n
}

// deviance returns x ln(x/m) + m − x without the cancellation near x = m.
func deviance(x, m float64) float64 {
	if math.Abs(x-m) >= 0.1*(x+m) {
		return x*math.Log(x/m) + m - x
	}
	v := (x - m) / (x + m)
	s := (x - m) * v
	for e, j := 2*x*v*v*v, 3.0; ; e, j = e*v*v, j+2 {
		next := s + e/j
		if next == s {
			return s
		}
		s = next
	}
}

// binomialMass returns P(X = x) of n draws with chance p; q is 1 − p, given
// apart since it may be too small to subtract.
func binomialMass(x, n, p, q float64) float64 {
	switch {
	case x == 0:
		return math.Exp(n * logOf(q, p))
	case x == n:
		return math.Exp(n * logOf(p, q))
	}
	l := stirlingError(n) - stirlingError(x) - stirlingError(n-x) - deviance(x, n*p) - deviance(n-x, n*q)
	return math.Exp(l) * math.Sqrt(n/(2*math.Pi*x*(n-x)))
}

// logOf returns ln p where q = 1 − p, by whichever of them is the smaller.
func logOf(p, q float64) float64 {
	if q < p {
		return math.Log1p(-q)
	}
	return math.Log(p)
}

// atLeast returns P(X ≥ x) of n draws with chance p, 0 ≤ x ≤ n+1; q is 1 − p.
func atLeast(x, n, p, q float64) float64 {
	switch {
	case x <= 0:
		return 1
	case x > n || p == 0:
		return 0
	case q == 0:
		return 1
	case x < n*p:
		return 1 - atLeast(n-x+1, n, q, p)
	}
	sum, term := 1.0, 1.0
	for i := x; i < n && term > sum*1e-17; i++ {
		term *= (n - i) / (i + 1) * (p / q)
		sum += term
	}
	return min(1, sum*binomialMass(x, n, p, q))
}

// atMost returns P(X ≤ x) of n draws with chance p, −1 ≤ x ≤ n.
func atMost(x, n, p, q float64) float64 { return atLeast(n-x, n, q, p) }

// poissonMass returns P(X = x) of mean m > 0.
func poissonMass(x, m float64) float64 {
	if x == 0 {
		return math.Exp(-m)
	}
	return math.Exp(-stirlingError(x)-deviance(x, m)) / math.Sqrt(2*math.Pi*x)
}

// poissonAtLeast returns P(X ≥ x) of mean m > 0.
func poissonAtLeast(x, m float64) float64 {
	switch {
	case x <= 0:
		return 1
	case x <= m:
		return 1 - poissonAtMost(x-1, m)
	}
	sum, term := 1.0, 1.0
	for i := x + 1; term > sum*1e-17; i++ {
		term *= m / i
		sum += term
	}
	return min(1, sum*poissonMass(x, m))
}

// poissonAtMost returns P(X ≤ x) of mean m > 0.
func poissonAtMost(x, m float64) float64 {
	switch {
	case x < 0:
		return 0
	case x >= m:
		return 1 - poissonAtLeast(x+1, m)
	}
	sum, term := 1.0, 1.0
	for i := x; i > 0 && term > sum*1e-17; i-- {
		term *= i / m
		sum += term
	}
	return min(1, sum*poissonMass(x, m))
}

// solve returns the root of a rising function between lo and hi, from a start,
// by Newton's steps, and by halving where a step leaves what is left. f returns
// the value and the slope.
func solve(lo, hi, start float64, f func(float64) (value, slope float64)) float64 {
	x := start
	for range 400 {
		v, slope := f(x)
		switch {
		case v == 0:
			return x
		case v < 0:
			lo = x
		default:
			hi = x
		}
		next := x - v/slope
		if !(next > lo && next < hi) {
			next = lo + (hi-lo)/2
		}
		if math.Abs(next-x) <= 1e-15*max(1, math.Abs(x)) {
			return next
		}
		x = next
	}
	return x
}
