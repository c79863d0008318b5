package web

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/gawah-project/gawah/internal/testbrowser"
	"github.com/gawah-project/gawah/internal/testneed"
)

// The header is one line at a desk, in every direction of writing, and the
// tables of a party's page leave the passage room.
func TestLayoutLong(t *testing.T) {
	testneed.Long(t, "it measures eight pages in a browser")
	s := exampleSite(t)
	b := testbrowser.New(t)
	const level = `(() => {
		const mid = sel => { const r = document.querySelector(sel).getBoundingClientRect(); return (r.top + r.bottom) / 2 };
		return Math.abs(mid('.site .brand') - mid('.langs'))
	})()`
	for _, view := range []testbrowser.View{{Width: testbrowser.Narrow}, {Width: testbrowser.Wide}} {
		for _, path := range []string{"/", "/ur/", "/fa/", "/parties/lej"} {
			p := b.Open(t, s.http.URL+path, view)
			if off := testbrowser.Get(p, chromedp.Evaluate[float64](level)); off > 12 {
				t.Errorf("%s at %d: the languages are %.0f px off the first line", path, view.Width, off)
			}
			if n := p.Overflow(); n > 0 {
				t.Errorf("%s at %d: %d px too wide", path, view.Width, n)
			}
		}
	}
	p := b.Open(t, s.http.URL+"/parties/lej", testbrowser.View{Width: testbrowser.Wide})
	if w := testbrowser.Get(p, chromedp.Evaluate[float64](`document.querySelector('#accountability .stack td:last-child').getBoundingClientRect().width`)); w < 16*16 {
		t.Errorf("the passage has %.0f px", w)
	}
	if w := testbrowser.Get(p, chromedp.Evaluate[float64](`document.querySelector('#accountability .stack td.says').getBoundingClientRect().width`)); w > 14*16+15 {
		t.Errorf("what it says takes %.0f px", w)
	}
	if over := testbrowser.Get(p, chromedp.Evaluate[float64](`document.querySelector('#accountability .stack').getBoundingClientRect().right - document.querySelector('#accountability').getBoundingClientRect().right`)); over > 0.5 {
		t.Errorf("the table sticks out by %.0f px", over)
	}
}
