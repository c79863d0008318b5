package trend

import "math"

// The parts of a test by themselves, with the generators that the whole test gives them.

func findChangeAt(times []int64, end int64, permutations int, seed uint64) (Division, error) {
	return findChange(times, 0, end, permutations, newGenerator(seed, streamAllGaps))
}

func findChangeDay(days []int64, end int64, permutations int, seed uint64) (Division, error) {
	return findChange(days, 1, end, permutations, newGenerator(seed, streamAllGaps))
}

func shuffleAll(before, after []int64, permutations int, seed uint64) (ShuffleTest, error) {
	return shuffleBins(before, after, permutations, newGenerator(seed, streamAllBins))
}

func joined(in Input, hours int) ([]Attack, error) {
	events, err := in.sorted()
	if err != nil {
		return nil, err
	}
	return join(events, hours), nil
}

// clopperPearson turns the bounds that ratios of rates rest on into those of a share x/n,
// of which there are published values.
func clopperPearson(x, n int64, alpha float64) (Interval, error) {
	share := func(odds float64) Number {
		if math.IsInf(odds, 1) {
			return 1
		}
		return Number(odds / (1 + odds))
	}
	lo, hi := oddsBounds(float64(x), float64(n), alpha)
	return Interval{share(lo), share(hi)}, nil
}
