package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/testbrowser"
	"github.com/gawah-project/gawah/internal/testneed"
)

// submit clicks and waits until the page it leads to has loaded.
func submit(p *testbrowser.Page, selector, wait string) {
	p.Follow(selector)
	p.Wait(wait)
}

// TestJourneyDesk goes the whole way in a browser: the first account, a source
// with its text, a passage marked by keyboard, a claim about a new event, review,
// publication, and the page that everybody reads.
func TestJourneyDesk(t *testing.T) {
	t.Parallel() // long, and waits in between
	b := testbrowser.New(t)
	s := emptySite(t)
	secret, _, err := s.house.FirstSetup(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	at := s.http.URL
	p := b.Open(t, at+"/desk/setup?code="+url.QueryEscape(secret), testbrowser.View{})
	p.Screenshot("desk-setup")
	p.Type("#f-email", "first@example.org")
	p.Type("#f-name", "First Editor")
	p.Type("#f-password", testPassword)
	p.Type("#f-again", testPassword)
	submit(p, "main button.primary", "ul.counts")
	p.Screenshot("desk-home")

	p.Goto(at + "/desk/sources/new")
	p.Type("#f-title", "Blasts on Testfall Road")
	p.Type("#f-publisher", "Example Gazette")
	p.Type("#f-published", "2013-01-11")
	p.Do(chromedp.SetValue(chromedp.CSS("#f-typed"), articleText))
	p.Screenshot("desk-source-new")
	if lines := testbrowser.Get(p, chromedp.Evaluate[float64](`(() => {
		const hint = document.getElementById('h-terms');
		return hint.getBoundingClientRect().height / parseFloat(getComputedStyle(hint).lineHeight);
	})()`)); lines > 2.1 {
		t.Errorf("the hint of the terms takes %.1f lines", lines)
	}
	submit(p, ".form .buttons button.primary", "[data-reading]")
	source := strings.TrimPrefix(strings.Split(p.Address(), "?")[0], at+"/desk/sources/")

	// The words "more than 40 people were killed" by keyboard.
	quote := testbrowser.Get(p, chromedp.Evaluate[string](`(() => {
		const pane = document.querySelector('[data-reading]');
		pane.focus();
		const node = [...pane.childNodes].find((n) => n.textContent.includes('more than 40')).firstChild;
		getSelection().collapse(node, node.data.indexOf('more than 40'));
		const press = (key, shiftKey) => pane.dispatchEvent(new KeyboardEvent('keydown', {key, shiftKey, bubbles: true, cancelable: true}));
		for (let i = 0; i < 6; i++) press('ArrowRight', true);
		press('Enter', false);
		return document.querySelector('[data-passage-form]').elements.quote.value + '|' + document.activeElement.name;
	})()`))
	if quote != "more than 40 people were killed|measure" {
		t.Errorf("marked %q", quote)
	}
	p.Do(chromedp.SetValue(chromedp.CSS("#f-operator"), "more_than"))
	p.Type("#f-low", "40")
	p.Type("#f-words", "more than 40")
	p.Do(chromedp.Evaluate[chromedp.Void](`document.getElementById('f-new_event.title').closest('details').open = true`))
	p.Type(`[id="f-new_event.title"]`, "Testfall Road bombings")
	p.Type(`[id="f-new_event.when"]`, "2013-01-10")
	p.Type(`[id="f-new_event.town"]`, "Testfall")
	p.Type(`[id="f-new_event.country"]`, "PK")
	p.Screenshot("desk-read-filled")
	submit(p, "[data-passage-form] button.primary", "article.claim")
	if n := p.Overflow(); n > 0 {
		t.Errorf("the reading page is %d pixels too wide", n)
	}
	p.Screenshot("desk-read")
	claim := claimsOf(t, s, source)[0]
	if got := claim.Passage.Quote(); got != "more than 40 people were killed" {
		t.Errorf("passage is %q", got)
	}

	p.Goto(at + "/desk/review")
	p.Screenshot("desk-review")
	p.Do(chromedp.SendKeys(chromedp.CSS("#f-reason"), "the article says so"))
	submit(p, "#f-state", ".flash[role=status]")

	event := claim.Subject.ID
	p.Goto(at + "/desk/publish?ref=event:" + event + "&ref=source:" + source + "&ref=claim:" + string(claim.ID))
	p.Screenshot("desk-publish")
	p.Type("#f-reason", "read and reviewed")
	submit(p, `button[value="publish"]`, ".flash[role=status]")
	p.Screenshot("desk-record")

	public := b.Open(t, at+"/events/testfall-road-bombings-2013-01-10", testbrowser.View{NoScripts: true})
	if got := public.Text("main"); !strings.Contains(got, "Example Gazette") || !strings.Contains(got, "41") && !strings.Contains(got, "40") {
		t.Errorf("the public page does not show what was published: %.300s", got)
	}
	for _, e := range p.Errors() {
		t.Errorf("the browser complains: %s", e)
	}
	if other := p.Elsewhere(at); len(other) > 0 {
		t.Errorf("the desk reaches for %v", other)
	}
}

// TestDeskLooksLong opens every kind of page of the desk on a telephone and on a
// desk, in both colours, without scripts: none scrolls sideways.
func TestDeskLooksLong(t *testing.T) {
	testneed.Long(t, "takes tens of seconds")
	b := testbrowser.New(t)
	s := exampleSite(t)
	s.working()
	ed := s.signedIn(access.Admin)
	source := newSource(ed, "Blasts on Testfall Road", articleText)
	event := newEventOf(ed, "Testfall Road bombings", "2013-01-10")
	newClaim(ed, source, event, "more than 40 people were killed", "more_than", "40")
	staged := ed.upload("/desk/import", nil, "attacks.csv", []byte(testTable)).Header.Get("Location")
	person := ""
	for _, n := range ed.get("/desk/people").find("a") {
		if id, ok := strings.CutPrefix(attr(n, "href"), "/desk/people/"); ok && record.ValidID(id) {
			person = id
		}
	}
	request, _ := askedToHide(t, s, s.signedIn(access.Editor), ed)
	staging, _, _ := strings.Cut(staged, "?")
	chosen := filled(ed.get(staged).form(staging), "use.0", "key", "use.1", "title", "use.2", "date", "use.3", "number", "use.4", "town", "date_format", "iso", "terms", "free", "country_code", "PK")
	run := ed.post(staging, filled(chosen, "do", "try", "dataset", "testfall", "reason", "test data")).status(303).Header.Get("Location")
	ed.finished(run)
	paths := map[string]string{
		"requests": "/desk/requests", "request": request, "run": run,
		"home": "/desk", "sources": "/desk/sources", "read": "/desk/sources/" + source, "sentences": "/desk/sources/" + source + "?by=sentence",
		"source-edit": "/desk/sources/" + source + "/edit", "event-edit": "/desk/events/" + event + "/edit", "event": "/desk/events/" + event,
		"person-new": "/desk/people/new", "person": "/desk/people/" + person, "review": "/desk/review", "sames": "/desk/same", "import": "/desk/import",
		"preview": staged, "accounts": "/desk/accounts", "journal": "/desk/journal", "publish": "/desk/publish?ref=event:" + event,
		"history": "/desk/history/event/" + event, "erase": "/desk/erase/event/" + event, "releases": "/desk/releases", "account": "/desk/account",
		"involvement": "/desk/involvements/new?event=event:" + event, "total": "/desk/totals/new",
	}
	views := []testbrowser.View{{Width: testbrowser.Narrow}, {Width: testbrowser.Wide}, {Width: testbrowser.Wide, Dark: true}, {Width: testbrowser.Narrow, Dark: true}}
	for _, view := range views {
		view.NoScripts = true
		p := b.Open(t, s.http.URL+"/desk/sign-in", view)
		p.Type("#f-email", "admin@example.org")
		p.Type("#f-password", testPassword)
		submit(p, "main button.primary", "ul.counts")
		for name, path := range paths {
			if view.Dark && name != "read" && name != "review" && name != "home" {
				continue
			}
			p.Goto(s.http.URL + path)
			if n := p.Overflow(); n > 0 {
				t.Errorf("%s at %d: %d pixels too wide", name, view.Width, n)
			}
			p.Screenshot("desk-" + name)
		}
	}
}
