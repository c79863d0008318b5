package trend

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
)

// Number is a number of a result. As JSON it has at most ten significant
// digits, and infinity is the string "inf", which JSON has no number for.
type Number float64

// digits is how many significant digits a published number has: few enough
// that processors which round intermediate results differently agree on them.
const digits = 10

func (n Number) round() Number {
	if math.IsInf(float64(n), 0) || math.IsNaN(float64(n)) {
		return n
	}
	f, err := strconv.ParseFloat(strconv.FormatFloat(float64(n), 'e', digits-1, 64), 64)
	if err != nil {
		return n // rounding up from the greatest float
	}
	return Number(f)
}

// Infinite reports whether the number is without bound: a ratio to a rate of
// nothing, or the open end of an interval.
func (n Number) Infinite() bool { return math.IsInf(float64(n), 1) }

// MarshalJSON writes the rounded number, or "inf". No result holds NaN or
// minus infinity; they are an error.
func (n Number) MarshalJSON() ([]byte, error) {
	switch f := float64(n); {
	case math.IsInf(f, 1):
		return []byte(`"inf"`), nil
	case math.IsNaN(f), math.IsInf(f, -1):
		return nil, fmt.Errorf("trend: %v cannot be written as a number", f)
	default:
		return strconv.AppendFloat(nil, float64(n.round()), 'g', -1, 64), nil
	}
}

// UnmarshalJSON reads what MarshalJSON writes.
func (n *Number) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte(`"inf"`)) {
		*n = Number(math.Inf(1))
		return nil
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return fmt.Errorf("trend: %.40q is no number", b)
	}
	*n = Number(f)
	return nil
}
