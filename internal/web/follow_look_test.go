package web

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/gawah-project/gawah/internal/testbrowser"
	"github.com/gawah-project/gawah/internal/testneed"
)

// followPages finds one page of each kind of following up in the bundled example.
func followPages(t *testing.T, s *site) []string {
	t.Helper()
	kinds := []string{"/follow-up/demands/", "/follow-up/commitments/", "/follow-up/proceedings/", "/course", "/wave", "/follow-up/", "/trends/"}
	out := []string{"/follow-up", "/follow-up/accountability", "/follow-up/silence", "/follow-up/anniversaries", "/trends"}
	found := map[string]string{}
	for path, a := range crawl(t, s, "/follow-up", 150) {
		if a.StatusCode != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") || strings.Contains(path, "?") || strings.HasPrefix(path, "/ur/") || strings.HasPrefix(path, "/fa/") {
			continue
		}
		for _, kind := range kinds {
			if (strings.HasPrefix(path, kind) || strings.HasSuffix(path, kind)) && !slices.Contains(out, path) {
				if best := found[kind]; best == "" || len(a.body) > len(s.get(best).body) {
					found[kind] = path
				}
				break
			}
		}
	}
	for _, path := range found {
		out = append(out, path)
	}
	slices.Sort(out)
	return out
}

// TestFollowUpReadAloudLong checks the pages of following up in three languages by
// the rules of [plainly], and that none is wider than a telephone.
func TestFollowUpReadAloudLong(t *testing.T) {
	testneed.Long(t, "takes tens of seconds")
	s := exampleSite(t)
	b := testbrowser.New(t)
	for _, lang := range []string{"", "/ur", "/fa"} {
		for _, path := range followPages(t, s) {
			page := b.Open(t, s.http.URL+lang+path, testbrowser.View{Width: testbrowser.Narrow})
			if bad := testbrowser.Get(page, chromedp.Evaluate[string](plainly)); bad != "" {
				t.Errorf("%s%s:\n%s", lang, path, bad)
			}
			if n := page.Overflow(); n > 0 {
				t.Errorf("%s%s: %d pixels too wide", lang, path, n)
			}
			for _, e := range page.Errors() {
				t.Errorf("%s%s: %s", lang, path, e)
			}
			if other := page.Elsewhere(s.http.URL); len(other) > 0 {
				t.Errorf("%s%s asks elsewhere: %v", lang, path, other)
			}
		}
	}
}

// TestFollowUpOnPaper prints a commitment with its tables as tables, what is said of the whole site
// under its name and not alone on the last sheet, and notes only where there is an address to give.
func TestFollowUpOnPaper(t *testing.T) {
	s := exampleSite(t)
	b := testbrowser.New(t)
	// As wide as the text on a sheet of A4.
	page := b.Open(t, s.http.URL+"/follow-up/commitments/governors-rule", testbrowser.View{Width: 660, Print: true})
	for what, js := range map[string]string{
		"a table is stacked":                `[...document.querySelectorAll("table.stack")].every(t => getComputedStyle(t).display === "table")`,
		"the foot is printed at the end":    `getComputedStyle(document.querySelector(".foot")).display === "none"`,
		"nothing is said under the name":    `document.querySelector(".on-paper").getBoundingClientRect().height > 0 && document.querySelector(".on-paper").getBoundingClientRect().bottom <= document.querySelector("main").getBoundingClientRect().top`,
		"what only a screen needs is shown": `[...document.querySelectorAll(".noprint")].every(e => e.getBoundingClientRect().height === 0)`,
		"an address has no note":            `document.querySelectorAll(".print-notes li").length === document.querySelectorAll("#sources .fn").length`,
	} {
		if !testbrowser.Get(page, chromedp.Evaluate[bool](js)) {
			t.Error(what)
		}
	}
	if n := page.Overflow(); n > 0 {
		t.Errorf("%d pixels too wide for the sheet", n)
	}
}
