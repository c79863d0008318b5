package trend

import "math/bits"

// Generator names what the shuffles draw from, so that others can repeat them
// in any language: SplitMix64 (Steele, Lea and Flood 2014), whose n-th output
// is a mix of seed + n × 9e3779b97f4a7c15; numbers below a bound by Lemire's
// multiplication with rejection (2019); shuffles by Fisher and Yates from the
// front. Stream number s (s = 1, 2, …) of a seed begins at the s-th output of
// the seed. It is written here and not taken from a library, whose next release
// may draw otherwise.
const Generator = "splitmix64/lemire/fisher-yates"

// stream numbers the shuffles of one computation, so that each draws for
// itself: one more or less changes nothing in the others.
type stream int

const (
	streamAllBins stream = 1 + iota
	streamAllGaps
	streamStrictBins
	streamStrictGaps
	streamVictimsLow
	streamVictimsHigh
	streamGroups // and one more for each group, in the order of names
)

type generator uint64

func newGenerator(seed uint64, s stream) *generator {
	g := generator(seed)
	var state uint64
	for range s {
		state = g.next()
	}
	g = generator(state)
	return &g
}

func (g *generator) next() uint64 {
	*g += 0x9e3779b97f4a7c15
	z := uint64(*g)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number from 0 to n−1, each equally likely; n is positive.
func (g *generator) below(n uint64) uint64 {
	hi, lo := bits.Mul64(g.next(), n)
	if lo < n {
		return g.again(hi, lo, n)
	}
	return hi
}

// again draws until the product is in the part of the range that n divides.
func (g *generator) again(hi, lo, n uint64) uint64 {
	for least := -n % n; lo < least; {
		hi, lo = bits.Mul64(g.next(), n)
	}
	return hi
}
