package follow

import (
	"errors"

	"github.com/gawah-project/gawah/internal/record"
)

// Outcome is what is known of the justice done for one attack.
type Outcome string

// Unknown is that nobody looked, or looked and left no record of it. NoConviction is that
// somebody looked and no conviction was known; Convicted that at least one stands.
const (
	Unknown      Outcome = "unknown"
	NoConviction Outcome = "no_known_conviction"
	Convicted    Outcome = "convicted"
)

// AttackOutcome joins all proceedings about one attack: one conviction that stands is
// enough; without one, an outcome that was looked for in any of them is none known.
func AttackOutcome(ps []*record.Proceeding) Outcome {
	out := Unknown
	for _, p := range ps {
		c := ReadChain(p)
		if c.Convicted {
			return Convicted
		}
		if c.Checked {
			out = NoConviction
		}
	}
	return out
}

// PerMillion is the index of unsolved murders in the form of the Committee to
// Protect Journalists: unsolved cases of ten years per million inhabitants. Its denominator is a
// whole population; it cannot be compared with a share of attacks.
type PerMillion struct {
	Unsolved   int
	Population int64
	Index      float64
	// Listed says that there are at least [MinUnsolved], below which the index is not published.
	Listed bool
}

// MinUnsolved is from how many unsolved cases on the index is published.
const MinUnsolved = 5

// UnsolvedPerMillion works out the index. It refuses a population that is not above 0
// and a negative number of cases.
func UnsolvedPerMillion(unsolved int, population int64) (PerMillion, error) {
	if population <= 0 {
		return PerMillion{}, errors.New("the index needs a population above 0")
	}
	if unsolved < 0 {
		return PerMillion{}, errors.New("the index needs a number of unsolved cases that is not negative")
	}
	return PerMillion{
		Unsolved: unsolved, Population: population, Index: float64(unsolved) * 1e6 / float64(population), Listed: unsolved >= MinUnsolved,
	}, nil
}
