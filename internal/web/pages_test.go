package web

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/jba/templatecheck"
	"golang.org/x/net/html"

	"github.com/gawah-project/gawah/internal/testdb"
	"github.com/gawah-project/gawah/internal/web/static"
)

// Each template fits the struct it is given.
func TestTemplatesFitTheirPages(t *testing.T) {
	v := parseViews()
	for name, page := range map[string]any{
		"ask": &askPage{}, "ask_status": &statusPage{}, "asked": &askedPage{}, "cited": &citedPage{}, "corrections": &correctionsPage{},
		"data": &dataPage{}, "error": &errorPage{}, "event": &eventPage{}, "events": &eventsPage{}, "history": &historyPage{}, "home": &homePage{},
		"method": &methodPage{}, "parties": &partiesPage{}, "party": &partyPage{}, "people": &peoplePage{}, "person": &personPage{},
		"plain": &plainPage{}, "search": &searchPage{}, "source": &sourcePage{}, "sources": &sourcesPage{}, "total": &totalPage{}, "totals": &totalsPage{},
	} {
		if err := templatecheck.CheckHTML(v.page(name), page); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// crawl visits every page reachable by links from the first one and returns what
// it got, by address.
func crawl(t *testing.T, s *site, start string, limit int) map[string]*answer {
	t.Helper()
	got := map[string]*answer{}
	queue := []string{start}
	for len(queue) > 0 && len(got) < limit {
		path := queue[0]
		queue = queue[1:]
		if got[path] != nil {
			continue
		}
		a := s.get(path)
		got[path] = a
		if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, n := range a.find("a") {
			u, err := url.Parse(attr(n, "href"))
			if err != nil {
				t.Errorf("%s: link %q: %v", path, attr(n, "href"), err)
				continue
			}
			if u.Host != "" || u.Scheme != "" {
				continue
			}
			next := a.Request.URL.ResolveReference(u)
			next.Fragment = ""
			p := next.RequestURI()
			if got[p] == nil && !strings.Contains(p, "/desk") {
				queue = append(queue, p)
			}
		}
	}
	return got
}

// Every link of the public site leads somewhere, in English and in Urdu, and
// every page keeps the rules that hold for all pages.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel() // long, and waits in between
	t.Run("SQLite", func(t *testing.T) { checkSite(t, exampleSite(t), 700) })
	t.Run("PostgreSQL", func(t *testing.T) { checkSite(t, fill(emptySiteOn(t, testdb.Postgres(t))), 150) })
}

func checkSite(t *testing.T, s *site, limit int) {
	pages := crawl(t, s, "/", limit)
	if len(pages) < 100 {
		t.Errorf("only %d pages were found", len(pages))
	}
	for path, a := range pages {
		if a.StatusCode != 200 && a.StatusCode != 301 && a.StatusCode != 303 {
			t.Errorf("%s: status %d", path, a.StatusCode)
		}
		if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			checkPage(t, path, a)
		}
	}
	for _, path := range []string{"/search?q=Quetta", "/search?q=quetta&kind=claim", "/events?place=Quetta&q=bombings&killed=50&type=attack", "/api/v1/search?q=quetta"} {
		s.get(path).status(200).has("uetta")
	}
}

var key = regexp.MustCompile(`\[[a-z_]+\.[a-z_.]+\]`)

// checkPage holds what every page has to be: complete without scripts and other
// hosts, one heading, labelled fields, no id twice, no key instead of a message.
func checkPage(t *testing.T, path string, a *answer) {
	t.Helper()
	checkNesting(t, path, a.body)
	doc, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	labels := map[string]bool{}
	headings := 0
	var inputs []string
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("%s: the id %q stands twice", path, id)
			}
			ids[id] = true
		}
		for _, at := range n.Attr {
			if strings.HasPrefix(at.Key, "on") || at.Key == "style" {
				t.Errorf("%s: <%s %s=%q> would need a laxer policy", path, n.Data, at.Key, at.Val)
			}
			if (at.Key == "src" || at.Key == "action") && !strings.HasPrefix(at.Val, "/") {
				t.Errorf("%s: <%s %s=%q> leads elsewhere", path, n.Data, at.Key, at.Val)
			}
			if at.Key == "href" && strings.HasPrefix(strings.ToLower(strings.TrimSpace(at.Val)), "javascript") {
				t.Errorf("%s: a link runs a script", path)
			}
		}
		switch n.Data {
		case "script", "style", "iframe", "object":
			t.Errorf("%s: has a <%s>", path, n.Data)
		case "link":
			if rel := attr(n, "rel"); rel != "canonical" && rel != "alternate" && !strings.HasPrefix(attr(n, "href"), "/") {
				t.Errorf("%s: loads %q", path, attr(n, "href"))
			}
		case "h1":
			headings++
		case "label":
			labels[attr(n, "for")] = true
		case "input", "select", "textarea":
			if typ := attr(n, "type"); typ != "hidden" && typ != "checkbox" && typ != "radio" {
				inputs = append(inputs, attr(n, "id"))
			}
		case "html":
			if attr(n, "lang") == "" || attr(n, "dir") == "" {
				t.Errorf("%s: says neither language nor direction", path)
			}
		}
	}
	if headings != 1 {
		t.Errorf("%s: %d main headings", path, headings)
	}
	for _, id := range inputs {
		if !labels[id] {
			t.Errorf("%s: the field %q has no label", path, id)
		}
	}
	if k := key.FindString(a.body); k != "" {
		t.Errorf("%s: shows the key %s instead of its message", path, k)
	}
	for _, bad := range []string{"%!", "<no value>", "ZgotmplZ", "&lt;a href"} {
		if strings.Contains(a.body, bad) {
			t.Errorf("%s: holds %q", path, bad)
		}
	}
}

// The first view of a page in English is at most 100 KB as it comes over the
// wire: the page, the style sheet, the font and the icon.
func TestFirstViewIsLight(t *testing.T) {
	t.Parallel() // long, and waits in between
	s := exampleSite(t)
	fixed := static.Size("gawah.css") + static.Size("fonts/source-serif-4-latin.woff2") + len(s.get("/favicon.svg").body)
	largest, where := 0, ""
	for path, a := range crawl(t, s, "/", 400) {
		if a.StatusCode != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			continue
		}
		if n := len(s.get(path, "Accept-Encoding", "gzip").body); n > largest {
			largest, where = n, path
		}
	}
	t.Logf("style sheet, font and icon %d bytes; the largest page is %s with %d", fixed, where, largest)
	if fixed+largest > 100_000 {
		t.Errorf("%s: the first view is %d bytes, and may be 100,000", where, fixed+largest)
	}
}

// block elements end an open paragraph, which leaves a stray end tag behind.
var block = map[string]bool{
	"p": true, "div": true, "ul": true, "ol": true, "dl": true, "table": true, "section": true, "article": true, "figure": true, "form": true,
	"h1": true, "h2": true, "h3": true, "nav": true, "aside": true, "details": true, "fieldset": true,
}

var void = map[string]bool{"meta": true, "link": true, "input": true, "br": true, "hr": true, "img": true, "col": true}

// checkNesting holds that every element is closed where it was opened.
func checkNesting(t *testing.T, path, body string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(body))
	var open []string
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		name, _ := z.TagName()
		n := string(name)
		switch kind {
		case html.StartTagToken:
			if void[n] {
				continue
			}
			if block[n] {
				for _, o := range open {
					if o == "p" {
						t.Errorf("%s: <%s> within a paragraph", path, n)
						return
					}
				}
			}
			open = append(open, n)
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != n {
				t.Errorf("%s: </%s> closes %v", path, n, open)
				return
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("%s: %v stay open", path, open)
	}
}
