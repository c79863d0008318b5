package web

import (
	"context"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/testbrowser"
	"github.com/gawah-project/gawah/internal/testneed"
)

// A relative asks to hide a person: without an account, at once, everywhere.
func TestRelativeHidesAPersonAtOnce(t *testing.T) {
	p := planted(t, "plainword")
	everywhere := []string{"/people", "/people/test-person", "/events/testfall", "/search?q=plainword&kind=person", "/api/v1/people", "/history/person/" + string(p.person.ID), "/sitemap.xml"}
	for _, path := range everywhere {
		p.get(path).status(200) // and is kept in memory from now on
	}
	about := "person:" + string(p.person.ID)
	p.get("/ask?about=" + about).status(200).has("Test Person plainword")
	a := p.post("/ask", "about="+about+"&page=/people/test-person&kind=hide&who=relative&words=She+was+my+sister").status(200)
	code := strings.Join(a.texts("#code"), "")
	if code == "" {
		t.Fatal("no reply code")
	}
	if got := a.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("the page with the code may be kept: %s", got)
	}
	for _, path := range everywhere {
		b := p.get(path)
		// The answer at the person's own address names the address.
		named := path != "/people/test-person"
		if strings.Contains(b.body, "Test Person") || named && (strings.Contains(b.body, "test-person\"") || strings.Contains(b.body, "/people/test-person<")) {
			t.Errorf("%s still shows the person", path)
		}
	}
	if a := p.get("/people/test-person"); a.StatusCode != 404 && a.StatusCode != 410 {
		t.Errorf("the person's page answers %d", a.StatusCode)
	}
	p.post("/ask/status", "code="+queryEscape(code)).status(200).has(word("request.state.open"), word("correct.hidden_now")).hasNot("sister")
	p.post("/ask/status", "code=wrong").status(404)
	// A code in an address would stand in logs and histories, so it is not read.
	p.get("/ask/status?code="+queryEscape(code)).status(200).hasNot(word("request.state.open"), code)
	p.get("/ask/status").status(200)
}

// A refused form keeps what was typed; a flood from one network is slowed down.
func TestAskKeepsWhatWasTyped(t *testing.T) {
	p := planted(t, "plainword")
	a := p.post("/ask", "words=&reach=me%40example.org&kind=correct&about=event:"+string(p.event.ID)).status(422)
	a.has(word("invalid.required"), "me@example.org", "Attack at Testfall")
	// The limit is the same for every script, and nothing over it is lost.
	p.post("/ask", "kind=correct&words="+queryEscape(strings.Repeat("گ", maxAsked+1))).status(422).has("گگگگ", "longer than")
	p.post("/ask", "kind=correct&words="+queryEscape(strings.Repeat("گ", maxAsked))).status(200).has(word("correct.thanks"))
	p.post("/ask", "kind=correct&words=wrong&reach="+queryEscape(strings.Repeat("گ", maxReach+1))).status(422).has("گگگگ", "longer than")
	for range 30 {
		p.post("/ask", "kind=correct&words=again")
	}
	p.post("/ask", "kind=correct&words=again").status(429)
}

// Addresses that were public once lead on, and what was erased says so.
func TestOldAddresses(t *testing.T) {
	p := planted(t, "plainword")
	e := *p.event
	e.Slug = "testfall-renamed"
	if err := p.house.Save(context.Background(), access.House(), &e, 1, "renamed"); err != nil {
		t.Fatal(err)
	}
	a := p.get("/ur/events/testfall").status(301)
	if got := a.Header.Get("Location"); got != "/ur/events/testfall-renamed" {
		t.Errorf("leads to %q", got)
	}
	p.get("/events/testfall-renamed").status(200)
	p.get("/events/" + string(p.event.ID)).status(301)
	if err := p.house.Erase(context.Background(), access.House(), p.person.Ref(), "asked for"); err != nil {
		t.Fatal(err)
	}
	// A person's address has their name in it, so it is forgotten with them.
	p.get("/people/test-person").status(404)
	p.get("/people/" + string(p.person.ID)).status(410).has(word("error.gone"))
	if err := p.house.Erase(context.Background(), access.House(), p.event.Ref(), "asked for"); err != nil {
		t.Fatal(err)
	}
	p.get("/events/testfall-renamed").status(410).has(word("error.gone"))
	p.get("/api/v1/events/testfall-renamed").status(410)
	p.get("/people/nobody").status(404).has(word("error.not_found"))
}

// An empty house says so on every page instead of failing.
func TestEmptyHouse(t *testing.T) {
	s := emptySite(t)
	for _, path := range []string{"/", "/events", "/people", "/parties", "/sources", "/totals", "/petitions", "/follow-up", "/method", "/search", "/search?q=x", "/corrections", "/data", "/ask", "/fa/events", "/feeds/events.atom", "/sitemap.xml", "/api/v1/events"} {
		a := s.get(path).status(200)
		if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			checkPage(t, path, a)
		}
	}
}

// The filters stay in the address and reach every page of the list.
func TestFiltersStay(t *testing.T) {
	s := exampleSite(t)
	a := s.get("/events?type=attack&place=Quetta&from=2013&to=2013-12&q=bombings").status(200)
	if got := a.texts("h3"); len(got) == 0 || !strings.Contains(strings.Join(got, " "), "Quetta") {
		t.Errorf("found %q", got)
	}
	for _, n := range a.find("input") {
		if attr(n, "name") == "place" && attr(n, "value") != "Quetta" {
			t.Error("the place is not in the form")
		}
	}
	s.get("/events?from=yesterday").status(200).has("is not a date we can read")
	s.get("/events?community=none").status(200).has(word("list.none_found"))
	s.get("/events?after=1.nonsense").status(404)
}

// TestJourneyReader looks at the public site in a real browser, narrow and wide,
// light, dark and in print, with scripts off.
// TestJourneyReader goes from the first page to a claim's source on a phone, and looks at
// an event at both widths.
func TestJourneyReader(t *testing.T) {
	t.Parallel() // long, and waits in between
	s := exampleSite(t)
	b := testbrowser.New(t)
	for _, width := range []int{testbrowser.Narrow, testbrowser.Wide} {
		s.opens(b, "event", "/events/alamdar-road-2013-01-10", testbrowser.View{Width: width, NoScripts: true})
	}
	// From the first page to a claim's source.
	p := b.Open(t, s.http.URL+"/", testbrowser.View{Width: testbrowser.Narrow, NoScripts: true})
	p.Follow("nav a[href='/events']")
	p.Wait("form.filters")
	p.Type("#f-q", "Alamdar")
	p.Click("#f-q ~ *, form.filters .check input")
	p.Follow("form.filters button")
	p.Wait("ul.list h3 a")
	p.Follow("ul.list h3 a")
	p.Wait(".figures .fig-best")
	p.Follow("table.stack th a")
	p.Wait("dl.facts")
}

// TestPagesLookLong opens what a reader sees first, at both widths, dark and printed.
func TestPagesLookLong(t *testing.T) {
	testneed.Long(t, "it opens ten pages in a browser, each in several ways")
	s := exampleSite(t)
	b := testbrowser.New(t)
	const event = "/events/alamdar-road-2013-01-10"
	pages := map[string]string{
		"home": "/", "events": "/events", "event": event, "person": "/people/irfan-ali-khudi", "people": "/people",
		"party": "/parties/lej", "total": "/totals/hazaras-lej", "ask": "/ask?page=/people", "urdu": "/ur" + event, "missing": "/nowhere",
	}
	for name, path := range pages {
		views := []testbrowser.View{{Width: testbrowser.Narrow, NoScripts: true}, {Width: testbrowser.Wide, NoScripts: true}}
		if name == "event" || name == "events" {
			views = append(views, testbrowser.View{Width: testbrowser.Wide, Dark: true, NoScripts: true})
		}
		for _, v := range views {
			s.opens(b, name, path, v)
		}
	}
	b.Open(t, s.http.URL+event, testbrowser.View{Print: true}).Screenshot("reader-event-print")
}

// opens looks at a page as a reader does: nothing is wider than the window, nothing comes
// from elsewhere, and the browser reports no error.
func (s *site) opens(b *testbrowser.Browser, name, path string, v testbrowser.View) {
	s.t.Helper()
	page := b.Open(s.t, s.http.URL+path, v)
	page.Screenshot("reader-" + name)
	if n := page.Overflow(); n > 0 {
		s.t.Errorf("%s at %d: %d pixels wider than its window", name, v.Width, n)
	}
	if other := page.Elsewhere(s.http.URL); len(other) > 0 {
		s.t.Errorf("%s asks elsewhere: %v", name, other)
	}
	for _, e := range page.Errors() {
		if name != "missing" {
			s.t.Errorf("%s: %s", name, e)
		}
	}
}
