package web

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/testbrowser"
	"github.com/gawah-project/gawah/internal/testneed"
)

// axeEnv names the file axe.min.js of the package axe-core, which looks at pages
// as assistive software does. It is under MPL-2.0 and no part of this project.
const axeEnv = "GAWAH_AXE"

// axeTime bounds one page on a slow machine.
const axeTime = 3 * time.Minute

// axe is a browser with axe in every page.
type axe struct {
	t      *testing.T
	script string
	seen   map[string]bool // what was reported, so that one fault in the frame is one line
	pages  int
}

func newAxe(t *testing.T) *axe {
	t.Helper()
	testneed.Long(t, "takes tens of seconds")
	path := os.Getenv(axeEnv)
	if path == "" {
		t.Skipf("skipped, needs axe: set %s to the file axe.min.js of the package axe-core", axeEnv)
	}
	script, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Parallel() // axe keeps one processor busy for a page
	return &axe{t: t, script: string(script), seen: map[string]bool{}}
}

// look runs the rules of WCAG 2.0 to 2.2, levels A and AA, on the page that is
// open. In another colour scheme only the colours are another.
func (a *axe) look(p *testbrowser.Page, name string, colours bool) {
	a.t.Helper()
	run := `{type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']}`
	if colours {
		run = `{type: 'rule', values: ['color-contrast', 'link-in-text-block']}`
	}
	if !colours {
		p.Do(chromedp.Evaluate[chromedp.Void](a.script + ";0"))
	}
	p.Do(chromedp.Evaluate[chromedp.Void](`window.axeFound = '';
		axe.run(document, {resultTypes: ['violations'], runOnly: ` + run + `}).then(
			r => { window.axeFound = JSON.stringify(r.violations.flatMap(v => v.nodes.map(n => [v.id, n.target.join(' '), n.html.slice(0, 200), (n.any.concat(n.all, n.none)[0] || {}).message || '']))) },
			e => { window.axeFound = JSON.stringify([['axe', '', String(e), '']]) }); 0`))
	var found string
	began := time.Now()
	for found == "" {
		// Axe works in one piece; a page that is large answers only afterwards.
		err := p.Try(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) (err error) {
			found, err = chromedp.Evaluate[string](`window.axeFound`)(ctx, tab)
			return err
		}), chromedp.Sleep(20*time.Millisecond))
		if time.Since(began) > axeTime {
			a.t.Fatalf("%s: not done within %v: %v", name, axeTime, err)
		}
	}
	if took := time.Since(began); took > 5*time.Second {
		a.t.Logf("%s took %v", name, took)
	}
	var violations [][4]string
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		a.t.Fatalf("%s: %v", name, err)
	}
	a.pages++
	for _, v := range violations {
		key := v[0] + v[2]
		if a.seen[key] {
			continue
		}
		a.seen[key] = true
		a.t.Errorf("%s: %s at %s\n\t%s\n\t%s", name, v[0], v[1], v[2], v[3])
	}
}

// all looks at addresses in three languages, in both colour schemes; enter signs
// in on a page, or is nil.
func (a *axe) all(at string, paths map[string]string, languages []string, enter func(*testbrowser.Page)) {
	a.t.Helper()
	for _, view := range []testbrowser.View{{Width: testbrowser.Wide}, {Width: testbrowser.Narrow}} {
		for _, tag := range languages {
			if view.Width == testbrowser.Narrow && tag != "" {
				continue
			}
			// A page of its own for each: one lives for some minutes only.
			p := testbrowser.New(a.t).Blank(a.t, view)
			if enter != nil {
				enter(p)
			}
			for _, name := range slices.Sorted(maps.Keys(paths)) {
				p.Goto(at + tag + paths[name])
				words := fmt.Sprintf("%s%s (%s, %d)", tag, paths[name], name, view.Width)
				a.look(p, words, false)
				if view.Width == testbrowser.Wide {
					a.dark(p, true)
					a.look(p, words+" dark", true)
					a.dark(p, false)
				}
			}
		}
	}
}

// dark sets the colour scheme of the page that is open.
func (a *axe) dark(p *testbrowser.Page, on bool) {
	scheme := "light"
	if on {
		scheme = "dark"
	}
	p.Do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "screen", Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		return err
	}))
}

var threeLanguages = []string{"", "/ur", "/fa"}

// TestAxePublicLong finds nothing wrong on any kind of public page.
func TestAxePublicLong(t *testing.T) {
	a := newAxe(t)
	p := newPetitionSite(t, nil, askWork)
	for i := range 12 {
		form := formOf(fmt.Sprintf("testa%d@example.org", i))
		form.Set("disclosure_public", []string{"name", "initials"}[i%2])
		p.sign(form).status(200)
	}
	p.rules.Challenge.Mode = ""
	p.engine.SetRules(p.rules)
	link := p.confirmed(formOf("own@example.org"))
	p.sign(formOf("pending@example.org")).status(200)
	pending := p.links()["pending@example.org"]
	base := "/petitions/" + p.slug
	code := bodyCode(t, p.post(base+"/sign/organisation", url.Values{
		"name.en": {"Testfall Rights"}, "country": {"PK"}, "site": {"https://testfall-rights.org"}, "representative": {"Ada Example"}, "email": {"ada@testfall-rights.org"}, "consent": {"yes"},
	}.Encode()).status(200))
	paths := map[string]string{
		"record":   base + "/sign/organisation/prove/" + code,
		"petition": base, "petitions": "/petitions", "sign": base + "/sign", "code": base + "/sign?code", "organisation": base + "/sign/organisation", "prove": base + "/sign/organisation/prove", "thanks": base + "/sign/thanks",
		"integrity": base + "/integrity", "compare": base + "/compare", "version": base + "/versions/1", "addressee": base + "/to/mayor", "names": base + "/names",
		"pending": pending, "own": link, "receipt": link + "/receipt", "without link": base + "/withdraw/code", "withdraw": link + "/withdraw", "unsubscribe": link + "/unsubscribe", "gone": "/s/AAAAAAAAAAAAAAAAAAAAAA", "reply": base + "/reply?code=x",
		"bundled": "/petitions/protect-the-hazaras-of-pakistan",
		"home":    "/", "events": "/events", "event": "/events/alamdar-road-2013-01-10", "figure": "/events/alamdar-road-2013-01-10/figure/killed?rule=gawah/1&entry=0", "people": "/people",
		"parties": "/parties", "sources": "/sources", "totals": "/totals", "follow-up": "/follow-up", "method": "/method", "search": "/search?q=Quetta",
		"corrections": "/corrections", "data": "/data", "ask": "/ask", "status": "/ask/status", "sign in": "/desk/sign-in", "nothing": "/nothing-here",
	}
	for kind, list := range map[string]string{"party": "/parties", "source": "/sources", "total": "/totals", "person": "/people"} {
		if found := strings.Index(p.get(list).body, `href="`+list+`/`); found >= 0 {
			rest := p.get(list).body[found+6:]
			paths[kind] = rest[:strings.IndexByte(rest, '"')]
		}
	}
	p.get(paths["figure"]).status(200)
	a.all(p.http.URL, paths, threeLanguages, nil)
	t.Logf("%d pages", a.pages)
}

// TestAxeFollowUpLong finds nothing wrong on any kind of page of following up.
func TestAxeFollowUpLong(t *testing.T) {
	a := newAxe(t)
	s, _, _ := followerSite(t)
	paths := map[string]string{"by mail": "/follow", "filtered": "/follow-up?state=silent&by=families", "matrix": "/petitions/protect-the-hazaras-of-pakistan/demands"}
	for _, path := range followPages(t, s) {
		paths[path] = path
	}
	for _, path := range paths {
		s.get(path).status(200)
	}
	a.all(s.http.URL, paths, threeLanguages, nil)
	t.Logf("%d pages", a.pages)
}

// TestAxeDeskLong finds nothing wrong at the desk.
func TestAxeDeskLong(t *testing.T) {
	a := newAxe(t)
	s := organisedSite(t)
	v := s.signedIn(access.Admin)
	paths := petitionDesk(t, s, v)
	maps.Copy(paths, map[string]string{
		"home": "/desk", "house": "/desk/house", "outbox": "/desk/outbox", "accounts": "/desk/accounts", "account": "/desk/account", "journal": "/desk/journal",
		"requests": "/desk/requests", "review": "/desk/review", "import": "/desk/import", "same": "/desk/same", "publish": "/desk/publish", "releases": "/desk/releases", "new petition": "/desk/petitions/new",
		"follow-up": "/desk/follow-up", "reminders": "/desk/follow-up/reminders", "demands": "/desk/demands", "new demand": "/desk/demands/new", "commitments": "/desk/commitments", "assessments": "/desk/assessments", "proceedings": "/desk/proceedings",
		"trends": "/desk/trends", "new trend": "/desk/trends/new", "calendars": "/desk/calendars", "coverage": "/desk/coverage", "new series": "/desk/coverage/new", "count feeds": "/desk/coverage/count", "feeds": "/desk/feeds", "new feed": "/desk/feeds/new",
	})
	// The letter is for printing: its policy lets no script run, so none can look.
	delete(paths, "letter")
	delete(paths, "letter-ur")
	a.all(s.http.URL, paths, []string{""}, func(p *testbrowser.Page) { enter(p, s.http.URL, access.Admin) })
	a.all(s.http.URL, map[string]string{"overview": paths["overview"], "home": "/desk", "house": "/desk/house"}, []string{"/ur", "/fa"}, func(p *testbrowser.Page) { enter(p, s.http.URL, access.Admin) })
	t.Logf("%d pages", a.pages)
}
