package trend

import (
	"errors"
	"fmt"
)

// ShuffleTest compares the means of two periods by shuffling their bins.
type ShuffleTest struct {
	Before Number `json:"before"` // mean of a bin
	After  Number `json:"after"`
	Ratio  Number `json:"ratio"` // of the means; infinite with nothing before
	// P is (1 + r)/(B + 1): r of B shuffles set the means as far apart or farther.
	P            Number `json:"p"`
	Permutations int    `json:"permutations"`
}

// mostInBin bounds what one bin holds: the killed of every event of the largest
// input. Times the square of any number of bins in use it fits into 63 bits.
const mostInBin = MostEvents * maxCount

// shuffleBins compares two periods of bins of equal length. It assumes that
// without a change any order of the bins would have been as likely, and nothing
// about how they are spread. The sum of all bins must be positive.
func shuffleBins(before, after []int64, permutations int, g *generator) (ShuffleTest, error) {
	if len(before) == 0 || len(after) == 0 || len(before)+len(after) > 2*MostBins || permutations < 1 {
		return ShuffleTest{}, fmt.Errorf("trend: a shuffle needs bins in both periods, at most %d in all", 2*MostBins)
	}
	all := append(append(make([]int64, 0, len(before)+len(after)), before...), after...)
	sums := [2]int64{}
	for i, y := range all {
		if y < 0 || y > mostInBin {
			return ShuffleTest{}, errCount
		}
		if i < len(before) {
			sums[0] += y
		} else {
			sums[1] += y
		}
	}
	total := sums[0] + sums[1]
	if total <= 0 {
		return ShuffleTest{}, errors.New("trend: bins with nothing in them cannot be compared")
	}
	k0, k1 := int64(len(before)), int64(len(after))
	t := ShuffleTest{
		Before: Number(float64(sums[0]) / float64(k0)), After: Number(float64(sums[1]) / float64(k1)),
		Permutations: permutations,
	}
	t.Ratio = t.After / t.Before // infinite over nothing, since both cannot be 0

	// The difference of the means times k0·k1, in whole numbers: with the sum s
	// of j bins of k that is |s·k − total·j|, whichever period they are taken
	// for, so the shorter one is drawn.
	k, j, s := k0+k1, k1, sums[1]
	if k0 < k1 {
		j, s = k0, sums[0]
	}
	observed := distance(s*k, total*j)
	as := 1
	for range permutations {
		s = 0
		for i := range j {
			other := i + int64(g.below(uint64(k-i)))
			all[i], all[other] = all[other], all[i]
			s += all[i]
		}
		if distance(s*k, total*j) >= observed {
			as++
		}
	}
	t.P = Number(float64(as) / float64(permutations+1))
	return t, nil
}

func distance(a, b int64) int64 {
	if a < b {
		return b - a
	}
	return a - b
}
