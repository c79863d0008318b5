package trend

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gawah-project/gawah/internal/testneed"
)

// long skips a test that takes tens of seconds unless it was asked for.
func long(t *testing.T) {
	t.Helper()
	testneed.Long(t, "takes tens of seconds")
}

func poisson(r *rand.Rand, mean float64) int64 {
	n, p := int64(0), r.Float64()
	for limit := math.Exp(-mean); p > limit; n++ {
		p *= r.Float64()
	}
	return n
}

// gamma draws with the shape and a mean of 1, after Marsaglia and Tsang.
func gamma(r *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gamma(r, shape+1) * (shape + 1) / shape * math.Pow(r.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	for {
		x := r.NormFloat64()
		v := math.Pow(1+x/math.Sqrt(9*d), 3)
		if v > 0 && math.Log(r.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v / shape
		}
	}
}

// months draws counts of a mean and a dispersion: Poisson, or negative binomial
// as a mixture.
func months(r *rand.Rand, n int, mean, dispersion float64) []int64 {
	out := make([]int64, n)
	for i := range out {
		m := mean
		if dispersion > 1 {
			m *= gamma(r, mean/(dispersion-1))
		}
		out[i] = poisson(r, m)
	}
	return out
}

func total(counts []int64) (n int64) {
	for _, y := range counts {
		n += y
	}
	return n
}

// alarms returns how often, in simulated series of 60 and 24 months, the rate is
// published as changed, and how often each test alone would have said so.
func alarms(t *testing.T, series, permutations int, mean, factor, dispersion float64) (published, exact, quasi, shuffle float64) {
	t.Helper()
	p := Defaults("2024-01-01", "2030-12-31")
	p.Boundary, p.Ground, p.Why, p.Permutations = "2029-01-01", GroundLaw, "Example Act", permutations
	f, err := Params{
		From: p.From, To: p.To, Boundary: p.Boundary, Ground: p.Ground, Why: p.Why, Bin: p.Bin,
		Permutations: LeastPermutations, Alpha: p.Alpha, Minimum: p.Minimum,
	}.frame()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(uint64(series), math.Float64bits(mean*factor+100*dispersion)))
	for i := range series {
		p.Seed = uint64(i)
		c := counting{p: p, f: f, bins: newBins(f, Month)}
		counts := slices.Concat(months(r, 60, mean, dispersion), months(r, 24, mean*factor, dispersion))
		a, err := c.compare(tally{
			whole: total(counts), before: total(counts[:60]), after: total(counts[60:]), compared: counts, binned: int(total(counts)),
		}, streamAllBins)
		if err != nil {
			t.Fatal(err)
		}
		share := 1 / float64(series)
		if f := a.Published.Finding; f == Rising || f == Falling {
			published += share
		}
		if a.Exact != nil && a.Exact.P < 0.05 {
			exact += share
		}
		if a.Quasi != nil && a.Quasi.P < 0.05 {
			quasi += share
		}
		if a.Shuffle != nil && a.Shuffle.P < 0.05 {
			shuffle += share
		}
	}
	t.Logf("mean %v, rate × %v, dispersion %v: published %.1f %%; alone: conditional binomial %.1f %%, quasi-Poisson %.1f %%, shuffle %.1f %% (%d series)",
		mean, factor, dispersion, 100*published, 100*exact, 100*quasi, 100*shuffle, series)
	return published, exact, quasi, shuffle
}

// changeAlarms returns how often a change is found in series of about n events
// whose gaps have a gamma distribution of the shape, the last third coming
// factor times as fast.
func changeAlarms(t *testing.T, series, permutations int, n, shape, factor float64) float64 {
	t.Helper()
	const end = 7300
	r := rand.New(rand.NewPCG(uint64(series), math.Float64bits(n+shape+factor)))
	found, tested := 0, 0
	for i := range series {
		var times []int64
		for at := 0.0; ; {
			gap := gamma(r, shape) * end / n
			if at > end*2/3 {
				gap /= factor
			}
			if at += gap; at >= end {
				break
			}
			times = append(times, max(1, int64(at)))
		}
		if len(times) < LeastAttacks {
			continue
		}
		tested++
		d, err := findChangeAt(times, end, permutations, uint64(i))
		if err != nil {
			t.Fatal(err)
		}
		if d.P < 0.05 {
			found++
		}
	}
	share := float64(found) / float64(tested)
	t.Logf("about %v events, gaps of shape %v, rate × %v: a change in %.1f %% of %d series", n, shape, factor, 100*share, tested)
	return share
}

// denseAlarms returns how often a change is found in series of n events on 400
// days at random, many of them on the same days, the later half coming factor
// times as often.
func denseAlarms(t *testing.T, series, permutations, n int, factor float64) float64 {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(series+n), math.Float64bits(factor)))
	found := 0
	for i := range series {
		var times []int64
		for range n {
			d := r.Int64N(200)
			if r.Float64() < factor/(1+factor) {
				d += 200
			}
			times = append(times, d)
		}
		slices.Sort(times)
		d, err := findChangeDay(times, 400, permutations, uint64(i))
		if err != nil {
			t.Fatal(err)
		}
		if d.P < 0.05 {
			found++
		}
	}
	share := float64(found) / float64(series)
	t.Logf("%d events on 400 days, rate × %v: a change in %.1f %% of %d series", n, factor, 100*share, series)
	return share
}

// flat holds false alarms to what was asked of the method: 6.5 % where chance
// alone moves the counts, 7 % at dispersion 2.
func flat(t *testing.T, series, permutations int) {
	if p, _, _, _ := alarms(t, series, permutations, 1, 1, 1); p > 0.065 {
		t.Errorf("%.1f %% false alarms at dispersion 1, want at most 6.5 %%", 100*p)
	}
	p, exact, _, _ := alarms(t, series, permutations, 1, 1, 2)
	if p > 0.07 {
		t.Errorf("%.1f %% false alarms at dispersion 2, want at most 7 %%", 100*p)
	}
	if exact < 0.10 {
		t.Errorf("the conditional binomial test alone gives %.1f %% false alarms at dispersion 2: the series are not what they are meant to be", 100*exact)
	}
}

// flatChange holds the search for a change to the same, with gaps by chance and
// in bursts.
func flatChange(t *testing.T, series, permutations int) {
	for _, shape := range []float64{1, 0.5} {
		if p := changeAlarms(t, series, permutations, 20, shape, 1); p > 0.065 {
			t.Errorf("a change in %.1f %% of flat series with gaps of shape %v, want at most 6.5 %%", 100*p, shape)
		}
	}
}

// TestDense: where several attacks fall on one day the search for a change is
// neither blind nor rash.
func TestDense(t *testing.T) {
	for _, n := range []int{50, 200, 800} {
		if p := denseAlarms(t, 300, 99, n, 1); p > 0.08 {
			t.Errorf("a change in %.1f %% of flat series of %d", 100*p, n)
		}
	}
	if p := denseAlarms(t, 100, 99, 800, 1.5); p < 0.9 {
		t.Errorf("a rise by half among 800 events is found in %.1f %% of series", 100*p)
	}
}

func TestFalseAlarms(t *testing.T) {
	flat(t, 2000, 199)
	flatChange(t, 2000, 199)
}

// TestFalseAlarmsLong has as many shuffles as a published test, more
// dispersions, and the power: how often a doubled rate is found.
func TestFalseAlarmsLong(t *testing.T) {
	long(t)
	flat(t, 2000, LeastPermutations)
	for _, dispersion := range []float64{1.25, 1.5, 3} {
		if p, _, _, _ := alarms(t, 2000, LeastPermutations, 1, 1, dispersion); p > 0.08 {
			t.Errorf("%.1f %% false alarms at dispersion %v, want at most 8 %%", 100*p, dispersion)
		}
	}
	alarms(t, 2000, LeastPermutations, 0.25, 1, 1)
	alarms(t, 2000, LeastPermutations, 0.25, 1, 2)
	for _, dispersion := range []float64{1, 1.5, 2, 3} {
		p, _, _, _ := alarms(t, 2000, LeastPermutations, 1, 2, dispersion)
		if p < 0.3 {
			t.Errorf("a doubled rate is found in %.1f %% of series at dispersion %v", 100*p, dispersion)
		}
	}
	alarms(t, 2000, LeastPermutations, 0.25, 2, 1)
}

// TestChangeLong is the same for the search for a change.
func TestChangeLong(t *testing.T) {
	long(t)
	flatChange(t, 2000, LeastPermutations)
	for _, n := range []int{50, 200, 800} {
		if p := denseAlarms(t, 2000, 199, n, 1); p > 0.065 {
			t.Errorf("a change in %.1f %% of flat series of %d on 400 days", 100*p, n)
		}
		denseAlarms(t, 1000, 199, n, 1.5)
	}
	changeAlarms(t, 1000, LeastPermutations, 20, 1, 2)
	changeAlarms(t, 1000, LeastPermutations, 40, 1, 2)
	changeAlarms(t, 1000, LeastPermutations, 20, 1, 4)
}
