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

// Impunity is the share of attacks without a known conviction among those whose outcome
// was looked for, and between which bounds the share among all of them lies.
type Impunity struct {
	All         int // attacks
	Checked     int // whose outcome was looked for
	None        int // of those, without a known conviction
	WithVerdict int // with a conviction that stands
	Unknown     int // All − Checked
	// Share is None ÷ Checked; Enough says that Checked reaches the minimum and the share and its interval
	// may be printed.
	Share  float64
	Enough bool
	// Low and High are the 95 % interval of Share.
	Low, High float64
	// Least and Most bound the share among all: None ÷ All, if every attack nobody looked at
	// had a conviction, and (None + Unknown) ÷ All, if none had.
	Least, Most float64
}

// Interval is a 95 % interval for k of n, such as that of Wilson.
type Interval func(k, n int) (low, high float64)

// MinChecked is how many outcomes have to be known before a share of them is printed.
const MinChecked = 5

// MeasureImpunity counts outcomes of attacks. atLeast is the minimum of [Impunity.Enough],
// [MinChecked] unless a house sets a higher one.
func MeasureImpunity(outcomes []Outcome, interval Interval, atLeast int) Impunity {
	m := Impunity{All: len(outcomes)}
	for _, o := range outcomes {
		switch o {
		case NoConviction:
			m.None++
		case Convicted:
			m.WithVerdict++
		default:
			m.Unknown++
		}
	}
	m.Checked = m.None + m.WithVerdict
	m.Enough = m.Checked > 0 && m.Checked >= atLeast
	if m.Checked > 0 {
		m.Share = float64(m.None) / float64(m.Checked)
		m.Low, m.High = interval(m.None, m.Checked)
	}
	if m.All > 0 {
		m.Least = float64(m.None) / float64(m.All)
		m.Most = float64(m.None+m.Unknown) / float64(m.All)
	}
	return m
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
