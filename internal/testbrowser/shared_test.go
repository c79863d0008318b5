package testbrowser

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestMainShares would find in one test what another has left in the browser, or a
// Chromium that runs on after the tests.
func TestMainShares(t *testing.T) {
	s := site(t)
	var first, last *Browser
	code := Main(func() int {
		t.Run("one", func(t *testing.T) {
			first = New(t)
			p := first.Open(t, s.URL+"/greet?who=one", View{})
			if got := Get(p, chromedp.Evaluate[string](`localStorage.name = "one"`)); got != "one" {
				t.Fatalf("stored %q", got)
			}
			p.Goto(s.URL + "/seen")
			if got := p.Text("#seen"); got != "true" {
				t.Fatalf("its own cookie seen %s", got)
			}
		})
		if first == nil {
			return 0 // no Chromium, as the test before says
		}
		t.Run("another", func(t *testing.T) {
			if last = New(t); last != first {
				t.Error("another browser was started")
			}
			p := last.Open(t, s.URL+"/seen", View{})
			if got := p.Text("#seen"); got != "false" {
				t.Errorf("the cookie of the test before seen %s", got)
			}
			if got := Get(p, chromedp.Evaluate[string](`String(localStorage.name)`)); got != "undefined" {
				t.Errorf("the test before has left %q", got)
			}
		})
		if n := tabs(t, last); n != 0 {
			t.Errorf("%d pages are open after their tests", n)
		}
		t.Run("one after a crash", func(t *testing.T) {
			if err := chromedp.FromContext(first.ctx).Browser.Process().Kill(); err != nil {
				t.Fatal(err)
			}
			<-chromedp.FromContext(first.ctx).Browser.LostConnection
			if last = New(t); last == first {
				t.Fatal("the browser that has gone was given out")
			}
			if got := last.Open(t, s.URL, View{}).Text("h1"); got != "Front" {
				t.Errorf("the page says %q", got)
			}
		})
		return 7
	})
	if first == nil {
		return
	}
	if code != 7 {
		t.Errorf("code %d, want that of the tests", code)
	}
	if first.alive() || last.alive() {
		t.Error("a browser is still there after the tests")
	}
	if b, ok := sharing.get(t); ok {
		t.Errorf("%v is shared outside of Main", b)
	}
}

// tabs counts the pages with cookies of their own.
func tabs(t *testing.T, b *Browser) (n int) {
	t.Helper()
	all, err := chromedp.Targets(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	own := chromedp.FromContext(b.ctx).Target.TargetID
	for _, info := range all {
		if info.Type == "page" && info.TargetID != own {
			n++
		}
	}
	return n
}
