package trend

import (
	"errors"
	"math"
)

// Share is how many of a number of cases are so, with what is not known kept
// apart: a case that nobody checked is not a case that is not so.
type Share struct {
	Yes     int64 `json:"yes"`
	No      int64 `json:"no"`
	Unknown int64 `json:"unknown"`
	// Of is Yes among those checked, Interval its Wilson interval; both absent
	// when nothing was checked.
	Of       *Number   `json:"of,omitempty"`
	Interval *Interval `json:"interval,omitempty"`
	// Bounds are the share of all cases if every unknown one is not so, and if
	// every one is.
	Bounds Interval `json:"bounds"`
}

// ShareOf returns the share of yes, at level 1 − alpha. There must be one case
// at least, checked or not.
func ShareOf(yes, no, unknown int64, alpha float64) (Share, error) {
	for _, n := range []int64{yes, no, unknown} {
		if n < 0 || n > maxTrials/3 {
			return Share{}, errors.New("trend: a share needs numbers of cases from 0 to 333,333,333")
		}
	}
	all := yes + no + unknown
	switch {
	case all == 0:
		return Share{}, errors.New("trend: no cases have no share")
	case badAlpha(alpha):
		return Share{}, errAlpha
	}
	s := Share{
		Yes: yes, No: no, Unknown: unknown,
		Bounds: Interval{Number(float64(yes) / float64(all)), Number(float64(yes+unknown) / float64(all))},
	}
	if yes+no > 0 {
		of := Number(float64(yes) / float64(yes+no))
		iv, err := Wilson(yes, yes+no, alpha)
		if err != nil {
			return Share{}, err
		}
		s.Of, s.Interval = &of, &iv
	}
	return s, nil
}

// LeastUnsolved is the number of unsolved murders from which the index of the
// Committee to Protect Journalists lists a country.
const LeastUnsolved = 5

// UnsolvedIndex returns unsolved murders over ten years per million inhabitants,
// in the form of the impunity index of the Committee to Protect Journalists;
// false below LeastUnsolved, or without a population. It must not stand beside
// a share of incidents, which has another denominator.
func UnsolvedIndex(unsolved, population int64) (Number, bool) {
	if unsolved < LeastUnsolved || population <= 0 {
		return 0, false
	}
	return Number(float64(unsolved) * 1e6 / float64(population)), true
}

// Attention returns matching items among all items of a collection; false where
// their number is not known, is 0, or is less than what matched.
func Attention(matched, all int64) (Number, bool) {
	if matched < 0 || all <= 0 || matched > all {
		return 0, false
	}
	return Number(float64(matched) / float64(all)), true
}

// Persistence returns the number of days from the peak of daily counts, the
// first of equal ones, to the day from which they stay below a tenth of it;
// false when they do not, or when nothing was counted. An unknown day (negative)
// cannot be said to be below.
func Persistence(counts []int64) (int, bool) {
	peak := -1
	for i, n := range counts {
		if n > 0 && (peak < 0 || n > counts[peak]) {
			peak = i
		}
	}
	if peak < 0 {
		return 0, false
	}
	quiet := len(counts)
	for quiet > peak && counts[quiet-1] >= 0 && float64(counts[quiet-1]) < float64(counts[peak])/10 {
		quiet--
	}
	return quiet - peak, quiet < len(counts)
}

// RelativeCoverage returns ln[(a/deaths of a)/(b/deaths of b)] of the items on
// two events as a range, since deaths are ranges: above 0 the first had more
// items for each of its dead. It returns an error unless every number is
// positive and each range the right way round.
func RelativeCoverage(a, deathsLowA, deathsHighA, b, deathsLowB, deathsHighB int64) (Interval, error) {
	switch {
	case a < 1 || b < 1:
		return Interval{}, errors.New("trend: a comparison of coverage needs items on both events")
	case deathsLowA < 1 || deathsLowB < 1 || deathsHighA < deathsLowA || deathsHighB < deathsLowB:
		return Interval{}, errors.New("trend: a comparison of coverage needs the least and the greatest number of dead, from 1 on")
	}
	log := func(n int64) float64 { return math.Log(float64(n)) }
	items := log(a) - log(b)
	return Interval{
		Number(items - log(deathsHighA) + log(deathsLowB)),
		Number(items - log(deathsLowA) + log(deathsHighB)),
	}, nil
}
