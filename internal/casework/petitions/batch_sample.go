package petitions

import (
	"crypto/rand"
	"fmt"
	"math"
	"math/big"
	"slices"
)

// Interval is what a checked sample says about all lines, as shares from 0 to 1.
type Interval struct {
	Low, High float64
}

// z95 is the quantile of the normal distribution that a 95 % interval reaches to.
const z95 = 1.959963984540054

// Wilson is the 95 % interval for the share of valid lines, given that so many
// of those sampled are valid (E. B. Wilson, 1927). Without a sample it says
// nothing: from 0 to 1.
func Wilson(valid, sampled int) Interval {
	if sampled < 1 || valid < 0 || valid > sampled {
		return Interval{0, 1}
	}
	n, p := float64(sampled), float64(valid)/float64(sampled)
	middle := p + z95*z95/(2*n)
	half := z95 * math.Sqrt(p*(1-p)/n+z95*z95/(4*n*n))
	whole := 1 + z95*z95/n
	out := Interval{max(0, (middle-half)/whole), min(1, (middle+half)/whole)}
	// Rounding must not exclude what was found.
	if valid == 0 {
		out.Low = 0
	}
	if valid == sampled {
		out.High = 1
	}
	return out
}

// draw returns n different numbers from 1 to lines in ascending order, every
// choice of them as likely as another. Nobody can foresee or repeat it, so that
// who collects cannot prepare the lines that will be checked.
func draw(lines, n int) ([]int, error) {
	n = min(n, lines)
	chosen := map[int]bool{}
	// Floyd's algorithm: n draws whatever the number of lines.
	for j := lines - n + 1; j <= lines; j++ {
		r, err := rand.Int(rand.Reader, big.NewInt(int64(j)))
		if err != nil {
			return nil, fmt.Errorf("draw a sample: %w", err)
		}
		pick := int(r.Int64()) + 1
		if chosen[pick] {
			pick = j
		}
		chosen[pick] = true
	}
	out := make([]int, 0, n)
	for k := range chosen {
		out = append(out, k)
	}
	slices.Sort(out)
	return out, nil
}
