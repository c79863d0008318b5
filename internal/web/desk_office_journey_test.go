package web

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/testbrowser"
	"github.com/gawah-project/gawah/internal/testneed"
)

// TestJourneyAbolitionLong ends an office at the desk in a browser without scripts, first without
// anybody who takes over and then with a successor: what was asked of the office pauses and then
// passes on, what was asked of its holder in person stays with them, and the public pages say so.
func TestJourneyAbolitionLong(t *testing.T) {
	testneed.Long(t, "takes tens of seconds")
	b := testbrowser.New(t)
	s := organisedSite(t)
	ed := s.signedIn(access.Editor)
	const parties = "/desk/parties/new"
	office := func(name string) string {
		return ed.post(parties, filled(ed.get(parties).form(parties), "names.text", name, "kind", "office", "country", "PK", "visibility", "internal")).id("/desk/parties/")
	}
	old, next := office("Tribunal of Testfall"), office("Commission of Testfall")
	event := newEventOf(ed, "Sit-in at Testfall", "2021-01-03")
	const demands = "/desk/demands/new"
	demandOf := func(text, personal string) string {
		form := filled(ed.get(demands+"?of=event:"+event).form(demands), "text.text", text, "r0.party", "party:"+old, "r0.country", "PK")
		if personal != "" {
			filled(form, "r0.personal", "yes", "r0.holder.text", personal)
		}
		return ed.post(demands, form).id("/desk/demands/")
	}
	asked, inPerson := demandOf("Publish the findings", ""), demandOf("Apologise to the families", "Holder of Examples")
	refs := []record.Ref{
		{Kind: record.KindParty, ID: old},
		{Kind: record.KindParty, ID: next},
		{Kind: record.KindEvent, ID: event},
		{Kind: record.KindDemand, ID: asked},
		{Kind: record.KindDemand, ID: inPerson},
	}
	if err := s.house.Publish(t.Context(), access.House(), refs, "test"); err != nil {
		t.Fatal(err)
	}
	slug := func(id string) string {
		d, _ := standingOf[*record.Demand](t, s, record.KindDemand, id)
		return d.Slug
	}

	at := s.http.URL
	p := b.Blank(t, testbrowser.View{NoScripts: true, Width: testbrowser.Narrow})
	enter(p, at, access.Editor)
	public := b.Blank(t, testbrowser.View{NoScripts: true})
	reads := func(path string, has, hasNot []string) {
		t.Helper()
		public.Goto(at + path)
		text := public.Text("main")
		for _, w := range has {
			if !strings.Contains(text, w) {
				t.Errorf("%s lacks %q: %.500s", path, w, text)
			}
		}
		for _, w := range hasNot {
			if strings.Contains(text, w) {
				t.Errorf("%s holds %q", path, w)
			}
		}
	}
	demand, apology := "/follow-up/demands/"+slug(asked), "/follow-up/demands/"+slug(inPerson)
	reads(demand, []string{"Tribunal of Testfall", word("follow.institutional")}, []string{word("follow.lapsed"), word("follow.answers_now")})

	// Nobody takes over: the clock pauses, and the pages say why.
	edit := "/desk/parties/" + old + "/edit"
	p.Goto(at + "/desk/parties/" + old)
	p.Follow(`main a[href="` + edit + `"]`)
	p.Do(chromedp.SetValue(chromedp.CSS(`#f-abolished`), "2023-05-03"))
	p.Screenshot("desk-office-abolished")
	p.Follow(`form.form > .buttons button.primary`)
	p.Wait(".flash[role=status]")
	reads(demand, []string{word("follow.lapsed")}, []string{word("follow.answers_now")})
	reads("/follow-up/tribunal-of-testfall", []string{word("party.abolished"), "3 May 2023", word("follow.lapsed")}, nil)
	reads("/parties/tribunal-of-testfall", []string{"3 May 2023"}, nil)

	// A successor is found by name and named: what was asked of the office passes to it.
	p.Goto(at + edit)
	p.Do(chromedp.SetValue(chromedp.CSS(`main [name="successor.q"]`), "Commission"))
	p.Follow(`button[name="find"][value="successor"]`)
	p.Do(chromedp.Evaluate[chromedp.Void](`document.querySelector('[name=successor][value="party:` + next + `"]').checked = true`))
	p.Screenshot("desk-office-successor")
	p.Follow(`form.form > .buttons button.primary`)
	p.Wait(".flash[role=status]")
	o, _ := standingOf[*record.Party](t, s, record.KindParty, old)
	if string(o.Successor) != next || o.Abolished.Date.String() != "2023-05-03" {
		t.Fatalf("the office is %+v", o)
	}
	reads(demand, []string{word("follow.answers_now") + " Commission of Testfall"}, []string{word("follow.lapsed")})
	reads(apology, []string{"Holder of Examples", word("follow.personal")}, []string{"Commission of Testfall", word("follow.lapsed")})
	reads("/follow-up/tribunal-of-testfall", []string{word("party.successor") + ": Commission of Testfall", "3 May 2023", "Publish the findings", "Apologise to the families"}, []string{word("follow.lapsed")})
	reads("/follow-up/commission-of-testfall", []string{word("follow.passed"), "Tribunal of Testfall", "Publish the findings"}, []string{"Apologise to the families"})
	for _, page := range []*testbrowser.Page{p, public} {
		for _, e := range page.Errors() {
			t.Errorf("the browser complains: %s", e)
		}
		if n := page.Overflow(); n > 0 {
			t.Errorf("%s is %d pixels too wide", page.Address(), n)
		}
	}
}
