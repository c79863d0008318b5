package trend

import "errors"

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
