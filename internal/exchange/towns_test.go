package exchange

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// townRowsOf reads a table of points and returns the lines listed for their place.
func townRowsOf(t *testing.T, rows ...string) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "t.csv")
	text := "No,Day,Town,Province,Lat,Lon,Dead\n"
	for i, r := range rows {
		text += fmt.Sprintf("%d,2031-02-03,%s,1\n", i+1, r)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := DecodeMapping(strings.NewReader(`{"dataset": "x", "title": "Example", "terms": "free", "key": "No", "type": "attack",
		"date": {"column": "Day", "format": "iso"}, "place": {"town": "Town", "province": "Province", "country_code": "PK", "lat": "Lat", "lon": "Lon", "precision": "town"},
		"measures": [{"measure": "killed", "column": "Dead"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range readAll(t, "csv", file, Options{Mapping: m}) {
		if row.Refused {
			t.Errorf("line %d is refused: %+v", row.Line, row.Problems)
		}
		for _, p := range row.Problems {
			if p.Key == "problem.town_far" {
				out = append(out, fmt.Sprintf("%d %s: %s", p.Line, p.Column, inEnglish(p)))
			}
		}
	}
	return out
}

func TestTownFarFromItself(t *testing.T) {
	const here, near, far = "Exampleabad,North,30.20,67.00", "Exampleabad,North,30.40,67.10", "Exampleabad,North,33.10,67.90"
	for name, c := range map[string]struct {
		rows []string
		want []string
	}{
		"the fourth": {[]string{here, near, here, far}, []string{"5 Lat: the point is 334 km from where this file puts Exampleabad in 3 other rows"}},
		"the first is told once the others agree": {[]string{far, here, near, here, here}, []string{"2 Lat: the point is 310 km from where this file puts Exampleabad in 3 other rows"}},
		"of two nobody can say":                   {[]string{here, near, far}, nil},
		"a town of the same name elsewhere":       {[]string{here, near, here, strings.Replace(far, "North", "South", 1)}, nil},
		"a large city":                            {[]string{here, near, here, "Exampleabad,North,30.80,67.30"}, nil},
		"two towns of one name in equal parts":    {[]string{here, far, here, far, here, far}, nil},
		"no town":                                 {[]string{",North,30.2,67", ",North,30.2,67", ",North,30.2,67", ",North,33,68"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := townRowsOf(t, c.rows...)
			if !slices.Equal(got, c.want) {
				t.Errorf("listed %q, want %q", got, c.want)
			}
		})
	}
}

// TestTownsWhateverTheOrder makes sure that the one row out of place is found
// wherever it stands among rows that agree, and none beside it.
func TestTownsWhateverTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lat, lon := rapid.Float64Range(-80, 80).Draw(t, "lat"), rapid.Float64Range(-170, 170).Draw(t, "lon")
		n := rapid.IntRange(4, 30).Draw(t, "rows")
		odd := rapid.IntRange(1, n).Draw(t, "odd")
		all := towns{}
		var told []farRow
		for line := 1; line <= n; line++ {
			p := townPoint{lat, lon, line}
			if line == odd {
				p.lat += rapid.SampledFrom([]float64{-3, 3}).Draw(t, "away")
			} else {
				p.lat += rapid.Float64Range(-0.1, 0.1).Draw(t, "about")
			}
			told = append(told, all.see(townName{"PK", "North", "Exampleabad"}, p)...)
		}
		if len(told) != 1 || told[0].line != odd || told[0].km < 300 || told[0].km > 360 || told[0].others < townRows {
			t.Fatalf("told %+v of row %d", told, odd)
		}
	})
}

// TestTownsAreBounded makes sure that a file of ever new towns fills no memory.
func TestTownsAreBounded(t *testing.T) {
	all := towns{}
	for i := range townsMost + 1000 {
		all.see(townName{town: fmt.Sprint(i)}, townPoint{30, 67, i})
	}
	if len(all) != townsMost {
		t.Errorf("%d towns are kept", len(all))
	}
}
