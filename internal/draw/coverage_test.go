package draw

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func sampleCoverage() CoverageData {
	series := func(name string, from int, values ...float64) CoverageSeries {
		s := CoverageSeries{Name: name}
		for i, v := range values {
			if !math.IsNaN(v) {
				s.Days = append(s.Days, CoverageDay{Day: from + i, When: fmt.Sprintf("%d Jan", from+i-15_706), Value: v, Text: fmt.Sprintf("%.1f %%", 100*v), Known: true})
			}
		}
		return s
	}
	unknown := math.NaN()
	return CoverageData{
		Labels: CoverageLabels{"Day", "not known"}, Tick: func(v float64) string { return fmt.Sprintf("%g %%", 100*v) },
		Series: []CoverageSeries{series("Blasts at Testfall", 15_715, 0.002, 0.004, unknown, unknown, 0.001, 0), series("March to Example Town", 15_713, 0, 0.01, 0.012, 0.02, 0.03, 0.01)},
		Marks:  []CoverageMark{{Day: 15_715, Label: "the blasts"}, {Day: 15_714, Label: "the march", Series: 1}},
	}
}

func soundCoverage(t interface{ Fatalf(string, ...any) }, svg string) {
	for d := xml.NewDecoder(strings.NewReader("<x>" + svg + "</x>")); ; {
		if _, err := d.Token(); err != nil {
			if !errors.Is(err, io.EOF) {
				t.Fatalf("the drawing is not well-formed: %v", err)
			}
			break
		}
	}
	if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
		t.Fatalf("the drawing holds a number that is none")
	}
}

func TestCoverageShowsWhatIsUnknown(t *testing.T) {
	d := Coverage(sampleCoverage(), Options{ID: "c", Title: "What was reported"})
	soundCoverage(t, string(d.SVG))
	if len(d.Table.Rows) != 8 || d.Table.Head[1] != "Blasts at Testfall" {
		t.Fatalf("table %+v", d.Table)
	}
	// 10 January of the blasts' series is the third row; the 12th is unknown to it.
	if got := d.Table.Rows[4].Cells[1].Text; got != "not known" {
		t.Errorf("an unknown day reads %q", got)
	}
	if got := d.Table.Rows[7].Cells[1].Text; got != "0.0 %" {
		t.Errorf("a day with nothing reads %q", got)
	}
	if !strings.Contains(string(d.SVG), "not known") {
		t.Error("the legend does not say what the hatching is")
	}
	file := CoverageFile(sampleCoverage(), "What was reported <&>", "Example", Options{ID: "f", Title: "t", RTL: true})
	soundCoverage(t, file)
	if strings.Contains(file, "<&>") {
		t.Error("the title is not escaped")
	}
	for _, rtl := range []bool{false, true} {
		w, n := boxesOf(paintCoverage, sampleCoverage(), Options{ID: "c", RTL: rtl})
		for _, boxes := range [][]Box{w, n} {
			for i, a := range boxes {
				for _, b := range boxes[i+1:] {
					if a.Overlaps(b) {
						t.Errorf("%q and %q overlap", a.Text, b.Text)
					}
				}
			}
		}
	}
}

func TestCoverageOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var d CoverageData
		for range rapid.IntRange(0, 4).Draw(t, "series") {
			s := CoverageSeries{Name: rapid.String().Draw(t, "name")}
			day := rapid.IntRange(-1000, 40_000).Draw(t, "first")
			for range rapid.IntRange(0, 30).Draw(t, "days") {
				day += rapid.IntRange(1, 5).Draw(t, "step")
				s.Days = append(s.Days, CoverageDay{Day: day, When: "x", Value: rapid.Float64().Draw(t, "value"), Known: rapid.Bool().Draw(t, "known"), Text: "v"})
			}
			d.Series = append(d.Series, s)
		}
		d.Marks = []CoverageMark{{Day: rapid.IntRange(-1000, 40_000).Draw(t, "mark"), Label: "m", Series: rapid.IntRange(0, 9).Draw(t, "of")}}
		d.Tick = func(float64) string { return "1" }
		soundCoverage(t, string(Coverage(d, Options{ID: "c"}).SVG))
	})
}
