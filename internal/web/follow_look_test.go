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
