package trend

import (
	"math"
	"testing"
)

// six fails unless got has the digits of want as they are printed.
func six(t *testing.T, what string, got, want, half float64) {
	t.Helper()
	if !(math.Abs(got-want) <= half) && !(math.IsInf(want, 1) && got == want) {
		t.Errorf("%s = %.9g, want %.9g", what, got, want)
	}
}

// The values of this file are printed in the literature that the method rests
// on, or were worked out by hand.

func TestWilson(t *testing.T) {
	for _, tt := range []struct {
		x, n     int64
		low, top float64
	}{{38, 40, 0.834961, 0.986179}, {0, 10, 0, 0.277533}, {10, 10, 0.722467, 1}} {
		iv, err := Wilson(tt.x, tt.n, 0.05)
		if err != nil {
			t.Fatal(err)
		}
		six(t, "low", float64(iv.Low), tt.low, 5e-7)
		six(t, "high", float64(iv.High), tt.top, 5e-7)
	}
}

func TestCompareRates(t *testing.T) {
	for _, tt := range []struct {
		x0            int64
		t0            float64
		x1            int64
		t1            float64
		ratio, ratio9 float64
		low, high, p  float64
	}{
		{9, 16660, 2, 17877, 0.2070942, 5e-8, 0.0217741, 1.0005491, 0.0501065},
		{4, 5, 12, 3, 5, 1e-12, 1.515387, 21.270574, 0.0051987},
		{0, 4, 5, 4, math.Inf(1), 0, 0.916356, math.Inf(1), 0.0625},
		{6, 2, 6, 2, 1, 1e-12, 0.267338, 3.740580, 1},
		{10, 10, 25, 10, 2.5, 1e-12, 1.159619, 5.832713, 0.0166738},
	} {
		r, err := CompareRates(tt.x0, tt.t0, tt.x1, tt.t1, 0.05)
		if err != nil {
			t.Fatal(err)
		}
		six(t, "ratio", float64(r.Ratio), tt.ratio, tt.ratio9)
		six(t, "low", float64(r.Interval.Low), tt.low, 5e-7)
		six(t, "high", float64(r.Interval.High), tt.high, 5e-7)
		six(t, "p", float64(r.P), tt.p, 5e-8)
	}
}

// TestIntervalAgreesWithP: the doubled p is below alpha exactly when the
// interval leaves out 1.
func TestIntervalAgreesWithP(t *testing.T) {
	for x0 := range int64(30) {
		for x1 := range int64(30) {
			if x0+x1 == 0 {
				continue
			}
			r, err := CompareRates(x0, 7, x1, 3, 0.05)
			if err != nil {
				t.Fatal(err)
			}
			outside := r.Interval.Low > 1 || r.Interval.High < 1
			if outside != (r.P < 0.05) {
				t.Errorf("%d, %d: interval %v beside p %v", x0, x1, r.Interval, r.P)
			}
		}
	}
}

func TestSeriesDispersion(t *testing.T) {
	d, err := SeriesDispersionOf([]int64{3, 0, 5, 1, 9, 2, 0, 4})
	if err != nil {
		t.Fatal(err)
	}
	six(t, "D", float64(d.D), 3.047619, 5e-7)
	six(t, "chi square", float64(d.ChiSquare), 21.3333, 5e-5)
	six(t, "p", float64(d.P), 0.0033069, 5e-8)
	if d.DF != 7 {
		t.Errorf("df = %d, want 7", d.DF)
	}
}

func TestDispersion(t *testing.T) {
	// Means 2 and 4: (1+1+0+0)/2 + (4+4)/4 = 1 + 2, over 6 − 2.
	d, err := DispersionOf([]int64{1, 3, 2, 2}, []int64{2, 6})
	if err != nil {
		t.Fatal(err)
	}
	six(t, "phi", float64(d.Phi), 0.75, 1e-15)
	// A period without events adds nothing but its degrees of freedom.
	if d, err = DispersionOf([]int64{0, 0, 0, 0}, []int64{2, 6}); err != nil {
		t.Fatal(err)
	}
	six(t, "phi", float64(d.Phi), 0.5, 1e-15)
}

func TestLaplace(t *testing.T) {
	l, err := LaplaceOf([]float64{10, 25, 60, 70, 80, 85, 90, 95}, 100)
	if err != nil {
		t.Fatal(err)
	}
	six(t, "U", float64(l.U), 1.40846, 5e-6)
	six(t, "p", float64(l.P), 0.1590, 5e-5)
}

var (
	changeTimes = []int64{40, 110, 150, 210, 260, 270, 282, 290, 301, 310, 318, 330, 341, 352, 360}
	changeEnd   = int64(365)
)

func TestFindChange(t *testing.T) {
	d, err := findChangeAt(changeTimes, changeEnd, 99_999, 2031)
	if err != nil {
		t.Fatal(err)
	}
	six(t, "2Λ", d.Statistic, 12.72688, 5e-6)
	if d.At != 260 || d.Before != 4 || !d.Next {
		t.Errorf("division after %d events at %d, next %v; want 4 at 260, just before the fifth", d.Before, d.At, d.Next)
	}
	if d.P < 0.0003 || d.P > 0.0008 {
		t.Errorf("p = %v, want about 0.0005", d.P)
	}
	if d.Earliest > 260 || d.Latest < 260 {
		t.Errorf("range %d–%d leaves out the best division", d.Earliest, d.Latest)
	}
}

// TestChangeRange compares the range with a look at every whole time.
func TestChangeRange(t *testing.T) {
	d, err := findChangeAt(changeTimes, changeEnd, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	c := newCurve(changeTimes, 0, changeEnd)
	earliest, latest := changeEnd, int64(0)
	for k := EdgeAttacks; k <= len(changeTimes)-EdgeAttacks; k++ {
		for at := changeTimes[k-1]; at <= changeTimes[k]; at++ {
			if c.at(k, at) >= d.Statistic-3.84 {
				earliest, latest = min(earliest, at), max(latest, at)
			}
		}
	}
	if d.Earliest != earliest || d.Latest != latest {
		t.Errorf("range %d–%d, want %d–%d", d.Earliest, d.Latest, earliest, latest)
	}
}

// TestReach compares the bounds that replace logarithms in a shuffle with the
// statistic itself, at every number of events and every time.
func TestReach(t *testing.T) {
	c := newCurve(changeTimes, 0, changeEnd)
	for _, height := range []float64{0.001, 1, 7.5, 12.72688, 60} {
		reach := c.reach(height)
		for k := EdgeAttacks; k <= len(changeTimes)-EdgeAttacks; k++ {
			for at := range changeEnd + 1 {
				want := c.at(k, at) >= height
				if got := int32(at) <= reach[k].upTo || int32(at) >= reach[k].from; got != want {
					t.Fatalf("height %v, %d events, time %d: reached %v, want %v", height, k, at, got, want)
				}
			}
		}
	}
}

// TestShuffleExhaustive compares a shuffle with all orders there are: of six
// bins, two of them later, 15 choices.
func TestShuffleExhaustive(t *testing.T) {
	all := []int64{0, 1, 0, 2, 3, 5}
	observed := distance(8*6, 11*2)
	as := 0
	for i := range all {
		for j := range i {
			if distance((all[i]+all[j])*6, 11*2) >= observed {
				as++
			}
		}
	}
	want := float64(as) / 15
	s, err := shuffleAll(all[:4], all[4:], 99_999, 7)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(float64(s.P)-want) > 0.005 {
		t.Errorf("p = %v, want about %v", s.P, want)
	}
}

// TestGenerator holds SplitMix64 against its published outputs for the seed
// 1234567, and the bounded draw against its definition.
func TestGenerator(t *testing.T) {
	g := generator(1234567)
	for i, want := range []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821} {
		if got := g.next(); got != want {
			t.Errorf("output %d = %d, want %d", i, got, want)
		}
	}
	var seen [7]int
	g = generator(1)
	for range 70_000 {
		seen[g.below(7)]++
	}
	for i, n := range seen {
		if n < 9_600 || n > 10_400 {
			t.Errorf("%d came %d times in 70,000", i, n)
		}
	}
	// A bound with which nearly half of all draws are rejected.
	for range 1000 {
		if n := g.below(1<<63 + 1); n > 1<<63 {
			t.Fatalf("%d is not below 2^63+1", n)
		}
	}
	if *newGenerator(5, streamAllBins) == *newGenerator(5, streamAllGaps) {
		t.Error("two streams begin alike")
	}
}

func TestShare(t *testing.T) {
	s, err := ShareOf(38, 2, 10, 0.05)
	if err != nil {
		t.Fatal(err)
	}
	six(t, "share", float64(*s.Of), 0.95, 1e-15)
	six(t, "low", float64(s.Interval.Low), 0.834961, 5e-7)
	six(t, "least", float64(s.Bounds.Low), 0.76, 1e-15)
	six(t, "most", float64(s.Bounds.High), 0.96, 1e-15)
	if s, err = ShareOf(0, 0, 4, 0.05); err != nil || s.Of != nil || s.Bounds != (Interval{0, 1}) {
		t.Errorf("nothing checked: %+v, %v", s, err)
	}
	for _, bad := range [][3]int64{{0, 0, 0}, {-1, 2, 0}, {math.MaxInt64, math.MaxInt64, 1}} {
		if _, err := ShareOf(bad[0], bad[1], bad[2], 0.05); err == nil {
			t.Errorf("%v gave a share", bad)
		}
	}
}

func TestHolm(t *testing.T) {
	for i, p := range Holm([]float64{0.04, 0.01, 0.03}) {
		six(t, "p", p, []float64{0.06, 0.03, 0.06}[i], 1e-15)
	}
	if len(Holm(nil)) != 0 {
		t.Error("no tests have a p")
	}
}
