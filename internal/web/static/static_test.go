package static

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, method, address string, header map[string]string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, address, nil)
	for k, v := range header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestHandler(t *testing.T) {
	for _, name := range []string{"gawah.css", "desk.js", "fonts/source-serif-4-latin.woff2", "fonts/vazirmatn-LICENSE.txt"} {
		res := get(t, http.MethodGet, URL(name), nil)
		if res.StatusCode != http.StatusOK || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: status %d, Cache-Control %q", name, res.StatusCode, res.Header.Get("Cache-Control"))
		}
		again := get(t, http.MethodGet, URL(name), map[string]string{"If-None-Match": res.Header.Get("ETag")})
		if again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: asked again with its tag: status %d, want 304", name, again.StatusCode)
		}
	}
	old := get(t, http.MethodGet, "/static/000000000000/gawah.css", nil)
	if old.StatusCode != http.StatusOK || strings.Contains(old.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("address of an earlier version: status %d, Cache-Control %q", old.StatusCode, old.Header.Get("Cache-Control"))
	}
	for _, bad := range []string{"/static/", "/static/x", "/static/x/nothing.css", "/static/x/../static.go", "/static/x/fonts"} {
		if res := get(t, http.MethodGet, bad, nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", bad, res.StatusCode)
		}
	}
	if res := get(t, http.MethodPost, URL("gawah.css"), nil); res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: status %d, want 405", res.StatusCode)
	}
}

func TestHandlerCompresses(t *testing.T) {
	res := get(t, http.MethodGet, URL("gawah.css"), map[string]string{"Accept-Encoding": "br, gzip;q=0.8"})
	if res.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("Content-Encoding %q, want gzip", res.Header.Get("Content-Encoding"))
	}
	z, err := gzip.NewReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil || len(body) == 0 {
		t.Fatalf("unpack: %d bytes, %v", len(body), err)
	}
	if res := get(t, http.MethodGet, URL("gawah.css"), map[string]string{"Accept-Encoding": "gzip;q=0"}); res.Header.Get("Content-Encoding") != "" {
		t.Error("gzip was refused by the reader and sent all the same")
	}
}

// The style sheet reaches only files that are embedded, by their hashed
// address, and no other host.
func TestSheetNamesOnlyOurFiles(t *testing.T) {
	body := string(assets()["gawah.css"].body)
	for _, m := range regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(body, -1) {
		res := get(t, http.MethodGet, m[1], nil)
		if res.StatusCode != http.StatusOK || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("url(%s): status %d", m[1], res.StatusCode)
		}
	}
	if strings.Contains(body, "//fonts") || strings.Contains(body, "http:") || strings.Contains(body, "https:") || strings.Contains(body, "@import") {
		t.Error("the style sheet reaches outside")
	}
}

// Physical directions would be wrong in half of our languages.
func TestSheetIsLogical(t *testing.T) {
	body := string(assets()["gawah.css"].body)
	re := regexp.MustCompile(`[;{\s](margin|padding|border|inset)-(left|right|top|bottom)|[;{\s](left|right|float|width|height):|text-align:(left|right)`)
	for _, m := range re.FindAllString(body, -1) {
		t.Errorf("physical property %q", strings.TrimSpace(m))
	}
}

func TestWeight(t *testing.T) {
	if n := Size("gawah.css"); n > 12<<10 {
		t.Errorf("style sheet is %d bytes compressed, the limit is %d", n, 12<<10)
	}
	if n := Size("desk.js"); n > 2<<10 {
		t.Errorf("script is %d bytes compressed, the limit is %d", n, 2<<10)
	}
	// What remains of 100 KB is the page's own text and drawings.
	if n := Size("gawah.css") + Size("fonts/source-serif-4-latin.woff2"); n > 60<<10 {
		t.Errorf("sheet and font weigh %d bytes, the limit is %d", n, 60<<10)
	}
}

func TestEveryFontHasItsLicence(t *testing.T) {
	for name := range assets() {
		if !strings.HasSuffix(name, ".woff2") {
			continue
		}
		stem := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, ".woff2"), "-latin"), "-arabic")
		found := false
		for other, a := range assets() {
			if strings.HasPrefix(other, stem) && strings.HasSuffix(other, "-LICENSE.txt") && strings.Contains(string(a.body), "SIL OPEN FONT LICENSE") {
				found = true
			}
		}
		if !found {
			t.Errorf("%s lies here without its licence", name)
		}
	}
}
