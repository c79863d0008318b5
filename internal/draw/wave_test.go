package draw

import (
	"strings"
	"testing"
)

// The first and the last day of a wave are written out in both forms, below each other where they do
// not fit beside each other.
func TestWaveDaysAreWhole(t *testing.T) {
	for _, rtl := range []bool{false, true} {
		d := sampleWave()
		d.Labels.From, d.Labels.To, d.Labels.Vague = "10 September 2013", "28 September 2013", "on a day within it that is not known"
		svg := string(Wave(d, Options{ID: "w", Title: "W", RTL: rtl}).SVG)
		for _, whole := range []string{d.Labels.From, d.Labels.To, d.Labels.Vague} {
			if n := strings.Count(svg, ">"+whole+"<"); n != 2 {
				t.Errorf("%q stands %d times, want once in each form (right to left: %v)", whole, n, rtl)
			}
		}
		wide, narrow := boxesOf(paintWave, d, Options{ID: "w", RTL: rtl})
		for _, boxes := range [][]Box{wide, narrow} {
			for _, b := range boxes {
				if strings.HasSuffix(b.Text, "…") {
					t.Errorf("%q is cut", b.Text)
				}
			}
		}
	}
}

// A day that is not known is drawn hollow over the days that it may be.
func TestWaveVagueIsHollow(t *testing.T) {
	d := sampleWave()
	filled := strings.Count(string(Wave(d, Options{ID: "w"}).SVG), "d-fill")
	for i := range d.Rows {
		d.Rows[i].Vague = false
	}
	if n := strings.Count(string(Wave(d, Options{ID: "w"}).SVG), "d-fill"); n != filled+2 {
		t.Errorf("%d bars are filled, and %d when one day is not known: want one fewer in each form", n, filled)
	}
}
