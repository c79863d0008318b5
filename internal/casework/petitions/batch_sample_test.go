package petitions

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestWilson(t *testing.T) {
	// Worked out by hand from the formula with z = 1.96, to three places.
	for _, test := range []struct {
		valid, sampled int
		low, high      float64
	}{
		{0, 10, 0, 0.278}, {10, 10, 0.722, 1}, {5, 10, 0.237, 0.763}, {81, 100, 0.722, 0.875}, {1, 1, 0.207, 1}, {0, 0, 0, 1}, {990, 1000, 0.982, 0.995},
	} {
		got := Wilson(test.valid, test.sampled)
		if math.Abs(got.Low-test.low) > 0.0006 || math.Abs(got.High-test.high) > 0.0006 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.3f to %.3f", test.valid, test.sampled, got.Low, got.High, test.low, test.high)
		}
	}
}

func TestWilsonHoldsTheShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5000).Draw(t, "sampled")
		k := rapid.IntRange(0, n).Draw(t, "valid")
		i, p := Wilson(k, n), float64(k)/float64(n)
		if i.Low < 0 || i.High > 1 || i.Low > p || i.High < p {
			t.Fatalf("%d of %d: %+v does not hold %f", k, n, i, p)
		}
		if more := Wilson(2*k, 2*n); more.High-more.Low > i.High-i.Low {
			t.Fatalf("twice the sample says less: %+v and %+v", i, more)
		}
	})
}

func TestDraw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.IntRange(0, 300).Draw(t, "lines")
		n := rapid.IntRange(0, 400).Draw(t, "n")
		got, err := draw(lines, n)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != min(n, lines) || !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) ||
			len(got) > 0 && (got[0] < 1 || got[len(got)-1] > lines) {
			t.Fatalf("%d of %d lines: %v", n, lines, got)
		}
	})
}

// TestDrawIsEven draws 1 of 4 lines 4,000 times: each comes up about 1,000 times
// (six standard deviations either way).
func TestDrawIsEven(t *testing.T) {
	var n [5]int
	for range 4000 {
		got, err := draw(4, 1)
		if err != nil {
			t.Fatal(err)
		}
		n[got[0]]++
	}
	for line := 1; line <= 4; line++ {
		if n[line] < 836 || n[line] > 1164 {
			t.Errorf("line %d came up %d times", line, n[line])
		}
	}
}
