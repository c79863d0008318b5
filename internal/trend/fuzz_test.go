package trend

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzParseInput: what is accepted is canonical, and can be computed.
func FuzzParseInput(f *testing.F) {
	example, err := os.ReadFile(filepath.Join("testdata", "example.input.tsv"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(example)
	f.Add([]byte(header))
	row := "2030-01-01\t2030-01-01\t\tx\tw\tg\t1\t2\t3\te1\n"
	f.Add([]byte(header + row))
	f.Add([]byte(header + row + row))
	f.Add([]byte(header + strings.Replace(row, "2030-01-01\t2030", "2030-01-02\t2030", 1)))
	f.Add([]byte(header + strings.Replace(row, "\t1\t2\t3", "\t01\t2\t3", 1)))
	f.Add([]byte(header + strings.Replace(row, "\t2\t3", "\t3\t2", 1)))
	f.Add([]byte(header + strings.Replace(row, "\t2\t3", "\t\t3", 1)))
	f.Add([]byte(header + "0001-01-01\t9999-12-31\t\t\t\t\t0\t\t\te\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		in, err := ParseInput(b)
		if err != nil {
			return
		}
		again, err := in.Encode()
		if err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%q was read and is written as %q, %v", b, again, err)
		}
		p := divided("2029-01-01", "2030-01-01", "2031-12-31")
		p.Groups = true
		if r, err := Compute(p, in); err == nil && r.InputSHA256 != Hash(b) {
			t.Fatalf("the result of %s cites the input %s", Hash(b), r.InputSHA256)
		}
	})
}

// FuzzParams: any parameters are refused by name or give a result that can be
// written.
func FuzzParams(f *testing.F) {
	f.Add("2029-01-01", "2030-01-01", "2031-12-31", "law", "an act", "", 24, "month", uint64(1), 9999, math.Float64bits(0.05), 8)
	f.Add("2029-01-01", "", "2031-12-31", "", "", "", 0, "week", uint64(1), 9999, math.Float64bits(0.05), 8)
	f.Add("2031-01-01", "2030-01-01", "2029-12-31", "data", "an act", "e3", -1, "year", uint64(1<<60), 1, math.Float64bits(math.NaN()), -8)
	f.Add("0001-01-01", "9999-01-01", "9999-12-31", "event", "x", "e1", math.MaxInt, "week", uint64(0), math.MaxInt, math.Float64bits(math.Inf(1)), math.MaxInt)
	in := daily("2029-01-01", 3, 50, 99, 140, 300, 380, 400, 444, 500, 520, 540, 541, 542, 600)
	f.Fuzz(func(t *testing.T, from, boundary, to, ground, why, event string, hours int, bin string, seed uint64, permutations int, alpha uint64, minimum int) {
		p := Params{
			From: from, Boundary: boundary, To: to, Ground: Ground(ground), Why: why, BoundaryEvent: event, JoinHours: hours, Bin: Bin(bin),
			Seed: seed, Permutations: permutations, Alpha: math.Float64frombits(alpha), Minimum: minimum,
		}
		if permutations > LeastPermutations && permutations <= MostPermutations {
			p.Permutations = LeastPermutations // as good, and sooner
		}
		r, err := Compute(p, in)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "trend: ") {
				t.Fatalf("an error without its package: %v", err)
			}
			return
		}
		if err := p.Check(); err != nil {
			t.Fatalf("computed with parameters that are wrong: %v", err)
		}
		if _, err := json.Marshal(r); err != nil {
			t.Fatal(err)
		}
	})
}

func TestHostileParams(t *testing.T) {
	in := daily("2029-01-01", 3, 50, 99, 140, 300, 380, 400, 444)
	if _, err := Compute(divided("2029-01-01", "2030-01-01", "2031-12-31"), in); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		field  string
		change func(*Params)
	}{
		"no first day":            {"from", func(p *Params) { p.From = "" }},
		"a day that is none":      {"to", func(p *Params) { p.To = "2031-02-29" }},
		"a day otherwise written": {"from", func(p *Params) { p.From = "1 January 2029" }},
		"the year 0":              {"from", func(p *Params) { p.From = "0000-01-01" }},
		"reversed":                {"to", func(p *Params) { p.To = "2028-12-31" }},
		"too long":                {"to", func(p *Params) { p.To = "2129-01-01" }},
		"boundary outside":        {"boundary", func(p *Params) { p.Boundary = "2032-01-01" }},
		"boundary before":         {"boundary", func(p *Params) { p.Boundary = "2028-01-01" }},
		"earlier period of 0":     {"boundary", func(p *Params) { p.Boundary = p.From }},
		"boundary no day":         {"boundary", func(p *Params) { p.Boundary = "spring" }},
		"no ground":               {"ground", func(p *Params) { p.Ground = "" }},
		"unknown ground":          {"ground", func(p *Params) { p.Ground = "hunch" }},
		"no reason":               {"why", func(p *Params) { p.Why = "  " }},
		"reason too long":         {"why", func(p *Params) { p.Why = strings.Repeat("x", 2001) }},
		"reason no text":          {"why", func(p *Params) { p.Why = "\xff" }},
		"ground without boundary": {"boundary", func(p *Params) { p.Boundary = "" }},
		"event with a line break": {"boundary_event", func(p *Params) { p.BoundaryEvent = "a\nb" }},
		"event that is not there": {"boundary_event", func(p *Params) { p.BoundaryEvent = "nowhere" }},
		"negative hours":          {"join_hours", func(p *Params) { p.JoinHours = -1 }},
		"endless hours":           {"join_hours", func(p *Params) { p.JoinHours = math.MaxInt }},
		"no bin":                  {"bin", func(p *Params) { p.Bin = "" }},
		"too many weeks":          {"bin", func(p *Params) { p.Bin = Week; p.To = "2059-01-01" }},
		"seed too great":          {"seed", func(p *Params) { p.Seed = 1 << 53 }},
		"few shuffles":            {"permutations", func(p *Params) { p.Permutations = 9998 }},
		"endless shuffles":        {"permutations", func(p *Params) { p.Permutations = math.MaxInt }},
		"alpha 0":                 {"alpha", func(p *Params) { p.Alpha = 0 }},
		"alpha NaN":               {"alpha", func(p *Params) { p.Alpha = math.NaN() }},
		"alpha infinite":          {"alpha", func(p *Params) { p.Alpha = math.Inf(1) }},
		"alpha 1":                 {"alpha", func(p *Params) { p.Alpha = 1 }},
		"minimum 7":               {"minimum", func(p *Params) { p.Minimum = 7 }},
		"groups from data":        {"groups", func(p *Params) { p.Groups = true; p.Ground = GroundData }},
	} {
		t.Run(name, func(t *testing.T) {
			p := divided("2029-01-01", "2030-01-01", "2031-12-31")
			tt.change(&p)
			_, err := Compute(p, in)
			if err == nil || !strings.HasPrefix(err.Error(), "trend: "+tt.field+" must") {
				t.Errorf("error %v, want one that says what %s must be", err, tt.field)
			}
		})
	}
}

func TestHostileInput(t *testing.T) {
	p := Defaults("2029-01-01", "2031-12-31")
	good := Event{ID: "e", From: "2030-01-01", To: "2030-01-01", KilledLow: Unknown, KilledHigh: Unknown}
	if _, err := Compute(p, Input{[]Event{good}}); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Event){
		"no id":              func(e *Event) { e.ID = "" },
		"no day":             func(e *Event) { e.From = "" },
		"month only":         func(e *Event) { e.To = "2030-01" },
		"reversed":           func(e *Event) { e.To = "2029-12-31" },
		"time without day":   func(e *Event) { e.Time, e.To = "10:00", "2030-01-02" },
		"time of 24":         func(e *Event) { e.Time = "24:00" },
		"time with sign":     func(e *Event) { e.Time = "+1:00" },
		"tab":                func(e *Event) { e.Place = "a\tb" },
		"line break":         func(e *Event) { e.Group = "a\nb" },
		"space around":       func(e *Event) { e.Place = " a" },
		"no text":            func(e *Event) { e.Place = "\xff" },
		"long text":          func(e *Event) { e.Place = strings.Repeat("x", 201) },
		"part of itself":     func(e *Event) { e.PartOf = "e" },
		"negative sources":   func(e *Event) { e.Sources = -1 },
		"killed reversed":    func(e *Event) { e.KilledLow, e.KilledHigh = 3, 2 },
		"half unknown":       func(e *Event) { e.KilledLow = 3 },
		"killed beyond many": func(e *Event) { e.KilledLow, e.KilledHigh = 0, math.MaxInt64 },
	} {
		t.Run(name, func(t *testing.T) {
			e := good
			change(&e)
			if _, err := Compute(p, Input{[]Event{e}}); err == nil || !strings.HasPrefix(err.Error(), "trend: event 1 of the input: ") {
				t.Errorf("error %v", err)
			}
		})
	}
	if _, err := Compute(p, Input{[]Event{good, good}}); err == nil {
		t.Error("two events with one id were counted")
	}
	if _, err := Compute(p, Input{make([]Event, MostEvents+1)}); err == nil {
		t.Error("more events than the limit were counted")
	}
}

// TestHostileNumbers: the single tests refuse what has no answer.
func TestHostileNumbers(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, f := range map[string]func() error{
		"Wilson of 0":               func() error { _, err := Wilson(0, 0, 0.05); return err },
		"Wilson above 1":            func() error { _, err := Wilson(3, 2, 0.05); return err },
		"Wilson, alpha NaN":         func() error { _, err := Wilson(1, 2, nan); return err },
		"Poisson in no time":        func() error { _, err := PoissonInterval(1, 0, 0.05); return err },
		"Poisson in time NaN":       func() error { _, err := PoissonInterval(1, nan, 0.05); return err },
		"Poisson negative":          func() error { _, err := PoissonInterval(-1, 1, 0.05); return err },
		"rates in no time":          func() error { _, err := CompareRates(1, 0, 1, 1, 0.05); return err },
		"rates in endless time":     func() error { _, err := CompareRates(1, inf, 1, 1, 0.05); return err },
		"rates beyond all measure":  func() error { _, err := CompareRates(1, 1e-300, 1, 1e300, 0.05); return err },
		"rates of nothing":          func() error { _, err := CompareRates(0, 1, 0, 1, 0.05); return err },
		"rates negative":            func() error { _, err := CompareRates(-1, 1, 2, 1, 0.05); return err },
		"rates overflowing":         func() error { _, err := CompareRates(math.MaxInt64, 1, math.MaxInt64, 1, 0.05); return err },
		"quasi with nothing before": func() error { _, err := CompareQuasi(0, 1, 5, 1, 1, 9, 0.05); return err },
		"quasi, dispersion NaN":     func() error { _, err := CompareQuasi(5, 1, 5, 1, nan, 9, 0.05); return err },
		"quasi, no freedom":         func() error { _, err := CompareQuasi(5, 1, 5, 1, 1, 0, 0.05); return err },
		"dispersion of two":         func() error { _, err := DispersionOf([]int64{1}, []int64{1}); return err },
		"dispersion of nothing":     func() error { _, err := DispersionOf([]int64{0, 0}, []int64{0, 0}); return err },
		"dispersion negative":       func() error { _, err := SeriesDispersionOf([]int64{3, -1}); return err },
		"series of one":             func() error { _, err := SeriesDispersionOf([]int64{3}); return err },
		"Laplace of nothing":        func() error { _, err := LaplaceOf(nil, 9); return err },
		"Laplace outside":           func() error { _, err := LaplaceOf([]float64{10}, 9); return err },
		"Laplace NaN":               func() error { _, err := LaplaceOf([]float64{nan}, 9); return err },
		"shuffle of one side":       func() error { _, err := shuffleAll([]int64{1}, nil, 99, 1); return err },
		"shuffle of nothing":        func() error { _, err := shuffleAll([]int64{0}, []int64{0}, 99, 1); return err },
		"shuffle beyond many":       func() error { _, err := shuffleAll([]int64{math.MaxInt64}, []int64{1}, 99, 1); return err },
		"change in five":            func() error { _, err := findChangeAt([]int64{1, 2, 3, 4, 5}, 9, 99, 1); return err },
		"change out of order":       func() error { _, err := findChangeAt([]int64{1, 2, 3, 5, 4, 6}, 9, 99, 1); return err },
		"change at the end":         func() error { _, err := findChangeAt([]int64{1, 2, 3, 4, 5, 9}, 9, 99, 1); return err },
		"change at 0":               func() error { _, err := findChangeAt([]int64{0, 2, 3, 4, 5, 6}, 9, 99, 1); return err },
		"change on one day":         func() error { _, err := findChangeAt([]int64{4, 4, 4, 4, 4, 4}, 9, 99, 1); return err },
	} {
		if err := f(); err == nil || !strings.HasPrefix(err.Error(), "trend: ") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
