package draw

import (
	"strings"
	"testing"
)

// The ellipsis of shortened words stays at their end, whichever way the drawing runs.
func TestEllipsisStaysAtTheEnd(t *testing.T) {
	for _, c := range []struct {
		words string
		rtl   bool
		mark  string
	}{
		{"Testfall Data P…", true, "\u200e"},
		{"Testfall Data P…", false, ""},
		{"ٹیسٹ فال…", false, "\u200f"},
		{"ٹیسٹ فال…", true, ""},
		{"Testfall", true, ""},
		{"…", true, ""},
		{"1,000…", true, ""},
	} {
		d := &canvas{o: Options{RTL: c.rtl}}
		d.put(0, 0, d.begin(), c.words, ink{})
		if svg := d.b.String(); !strings.Contains(svg, c.words+c.mark+"</text>") {
			t.Errorf("%q from right to left %v: %s", c.words, c.rtl, svg)
		}
	}
}

// A legend's words are as wide as they are set: a tab is set as a space.
func TestLegendIsMeasuredAsSet(t *testing.T) {
	c := newCanvas(narrow, Options{})
	c.flow(0, []entry{{text: strings.Repeat("A", 24) + strings.Repeat("\t", 24), width: 8, paint: func(float64, float64) {}}})
	if len(c.boxes) != 1 || c.boxes[0].X1 > narrow.w+0.6 {
		t.Errorf("the legend leaves the drawing: %+v", c.boxes)
	}
}
