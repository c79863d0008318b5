package trend

import (
	"bufio"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// agrees reports whether got is want up to a part of 1e-9.
func agrees(got, want float64) bool {
	if got == want {
		return true
	}
	return math.Abs(got-want) <= 1e-9*math.Abs(want)
}

func pair(iv Interval) []float64 { return []float64{float64(iv.Low), float64(iv.High)} }

// TestAgainstR holds every distribution, interval and test against a table that
// testdata/reference.R wrote; its first line has the version of R.
func TestAgainstR(t *testing.T) {
	f, err := os.Open(filepath.Join("testdata", "reference.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, worst := map[string]int{}, map[string]float64{}
	s := bufio.NewScanner(f)
	for line := 1; s.Scan(); line++ {
		if strings.HasPrefix(s.Text(), "#") {
			t.Log(s.Text())
			continue
		}
		cells := strings.Split(s.Text(), "\t")
		kind := cells[0]
		var args, want []float64
		into := &args
		for _, cell := range cells[1:] {
			if cell == "|" {
				into = &want
				continue
			}
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatalf("line %d: %v", line, err)
			}
			*into = append(*into, v)
		}
		got, err := evaluate(kind, args)
		if err != nil {
			t.Errorf("line %d: %s %v: %v", line, kind, args, err)
			continue
		}
		rows[kind]++
		if len(got) != len(want) {
			t.Fatalf("line %d: %d values, want %d", line, len(got), len(want))
		}
		for i := range want {
			if !agrees(got[i], want[i]) {
				t.Errorf("line %d: %s %v: value %d is %.17g, R has %.17g", line, kind, args, i+1, got[i], want[i])
			}
			if want[i] != 0 && !math.IsInf(want[i], 0) {
				worst[kind] = max(worst[kind], math.Abs(got[i]/want[i]-1))
			}
		}
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{
		"binomial", "chisquare", "clopper", "holm", "normal", "poisson", "poissontail", "quasi", "rates", "student", "studentquantile", "wilson",
	} {
		if rows[kind] == 0 {
			t.Errorf("the table has no row %s", kind)
		}
		t.Logf("%-16s %4d rows, worst relative difference %.1e", kind, rows[kind], worst[kind])
	}
}

func evaluate(kind string, a []float64) ([]float64, error) {
	switch kind {
	case "clopper":
		iv, err := clopperPearson(int64(a[0]), int64(a[1]), a[2])
		return pair(iv), err
	case "wilson":
		iv, err := Wilson(int64(a[0]), int64(a[1]), a[2])
		return pair(iv), err
	case "poisson":
		iv, err := PoissonInterval(int64(a[0]), a[1], a[2])
		return pair(iv), err
	case "rates":
		r, err := CompareRates(int64(a[0]), a[1], int64(a[2]), a[3], a[4])
		return append(pair(r.Interval), float64(r.P)), err
	case "binomial":
		return []float64{atMost(a[0], a[1], a[2], 1-a[2]), atLeast(a[0], a[1], a[2], 1-a[2])}, nil
	case "poissontail":
		return []float64{poissonAtMost(a[0], a[1]), poissonAtLeast(a[0], a[1])}, nil
	case "student":
		return []float64{studentTails(a[0], a[1])}, nil
	case "studentquantile":
		return []float64{studentQuantile(a[0], a[1])}, nil
	case "chisquare":
		return []float64{chiSquareTail(a[0], a[1])}, nil
	case "normal":
		return []float64{normalQuantile(a[0])}, nil
	case "holm":
		return Holm(a), nil
	case "quasi":
		early := make([]int64, int(a[0]))
		late := make([]int64, len(a)-1-len(early))
		var x0, x1 int64
		for i, y := range a[1:] {
			if i < len(early) {
				early[i] = int64(y)
				x0 += early[i]
			} else {
				late[i-len(early)] = int64(y)
				x1 += late[i-len(early)]
			}
		}
		d, err := DispersionOf(early, late)
		if err != nil {
			return nil, err
		}
		q, err := CompareQuasi(x0, float64(len(early)), x1, float64(len(late)), float64(d.Phi), d.DF, 0.05)
		return []float64{float64(d.Phi), float64(q.Ratio), float64(q.T), float64(q.P)}, err
	}
	return nil, os.ErrInvalid
}
