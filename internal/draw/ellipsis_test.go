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
