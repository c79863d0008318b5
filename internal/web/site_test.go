package web

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// site is the server over a real database of its own.
type site struct {
	t     testing.TB
	house *casework.House
	srv   *Server
	http  *httptest.Server
}

// cheap lets the tests sign in without the minutes that guessing is to cost.
var cheap = casework.HashCost{Memory: 64, Passes: 1}

// emptySite serves a house without records.
func emptySite(t testing.TB) *site {
	t.Helper()
	return emptySiteOn(t, testdb.SQLite(t))
}

// emptySiteOn is emptySite on a database of its own.
func emptySiteOn(t testing.TB, target string) *site {
	t.Helper()
	return siteIn(t, t.TempDir(), target)
}

// siteIn serves a house that is in a data directory, with the database named.
func siteIn(t testing.TB, dir, target string) *site {
	t.Helper()
	db, err := store.Open(context.Background(), target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	blobs, err := blob.Open(filepath.Join(dir, "originals"))
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, house: casework.New(casework.Config{Store: db, Blobs: blobs, Dir: dir, Hash: cheap})}
	following := followup.New(followup.Config{House: s.house, Store: db, Blobs: blobs})
	s.srv = newServer(Config{House: s.house, Following: following, Example: true, Version: "test"})
	s.http = httptest.NewServer(s.srv.handler())
	t.Cleanup(s.http.Close)
	return s
}

// exampleSite serves the bundled example.
func exampleSite(t testing.TB) *site {
	t.Helper()
	dir := t.TempDir()
	return siteIn(t, dir, exampleIn(t, dir))
}

// fill takes in the bundled example.
func fill(s *site) *site {
	s.t.Helper()
	if err := takeInExample(context.Background(), s.house); err != nil {
		s.t.Fatal(err)
	}
	return s
}

// answer is a response read whole.
type answer struct {
	*http.Response
	t    testing.TB
	body string
}

// get asks for an address without following redirects.
func (s *site) get(path string, header ...string) *answer {
	s.t.Helper()
	return s.do("GET", path, "", header...)
}

// post sends a form.
func (s *site) post(path, form string, header ...string) *answer {
	s.t.Helper()
	return s.do("POST", path, form, append([]string{"Content-Type", "application/x-www-form-urlencoded"}, header...)...)
}

func (s *site) do(method, path, body string, header ...string) *answer {
	s.t.Helper()
	req, err := http.NewRequest(method, s.http.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := c.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return &answer{Response: resp, t: s.t, body: string(b)}
}

// status fails the test on another status.
func (a *answer) status(want int) *answer {
	a.t.Helper()
	if a.StatusCode != want {
		a.t.Fatalf("%s %s: status %d, want %d\n%.600s", a.Request.Method, a.Request.URL, a.StatusCode, want, a.body)
	}
	return a
}

// has and hasNot look for text anywhere in the answer.
func (a *answer) has(words ...string) *answer {
	a.t.Helper()
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			a.t.Errorf("%s: lacks %q", a.Request.URL, w)
		}
	}
	return a
}

func (a *answer) hasNot(words ...string) *answer {
	a.t.Helper()
	for _, w := range words {
		if strings.Contains(a.body, w) {
			a.t.Errorf("%s: holds %q", a.Request.URL, w)
		}
	}
	return a
}

// texts returns the text of every element that matches "name", ".class", "#id"
// or "name.class".
func (a *answer) texts(selector string) []string {
	a.t.Helper()
	var out []string
	for _, n := range a.find(selector) {
		out = append(out, strings.Join(strings.Fields(textOf(n)), " "))
	}
	return out
}

func (a *answer) find(selector string) []*html.Node {
	a.t.Helper()
	doc, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		a.t.Fatal(err)
	}
	var out []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && selects(n, selector) {
			out = append(out, n)
		}
	}
	return out
}

func selects(n *html.Node, selector string) bool {
	if id, ok := strings.CutPrefix(selector, "#"); ok {
		return attr(n, "id") == id
	}
	name, class, _ := strings.Cut(selector, ".")
	if name != "" && n.Data != name {
		return false
	}
	if class == "" {
		return true
	}
	for _, c := range strings.Fields(attr(n, "class")) {
		if c == class {
			return true
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := range n.ChildNodes() {
		b.WriteString(textOf(c))
	}
	return b.String()
}

// word is an English message, for comparing.
func word(key string) string { return lang.English().T(key) }

func queryEscape(s string) string { return url.QueryEscape(s) }
