package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/testbrowser"
	"github.com/gawah-project/gawah/internal/testneed"
)

// TestJourneyFollowUpLong goes in a browser without scripts from a delivered petition to
// an assessment that a second person reviewed and the public sees: the demand is
// followed, split into steps, a letter is logged, the answer is read, judged and published.
func TestJourneyFollowUpLong(t *testing.T) {
	testneed.Long(t, "takes tens of seconds")
	b := testbrowser.New(t)
	s := organisedSite(t)
	ed, org := s.signedIn(access.Editor), s.signedIn(access.Organiser)
	s.signedIn(access.Admin)
	id := publishedPetition(t, s, ed, org)
	petition := petitionOf(t, s, id)
	d, _, err := s.srv.organising.Deliver(t.Context(), org.viewer, petition.ID, record.Delivery{
		Addressee: petition.Addressees[0].Key, To: record.Plain("en", "the front desk"), On: mustWhen(t, "2026-05-04"), Channel: record.ByHand,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.srv.organising.RecordReply(t.Context(), org.viewer, petition.ID, record.Reply{
		Addressee: petition.Addressees[0].Key, Delivery: d.ID, Dated: mustWhen(t, "2026-06-01"), Channel: record.ByPost, From: "The Registrar",
		Words: record.Plain("en", "We will publish the list in parts."), Verified: "by telephone",
	}); err != nil {
		t.Fatal(err)
	}

	at := s.http.URL
	p := b.Blank(t, testbrowser.View{NoScripts: true})
	enter(p, at, access.Organiser)
	p.Goto(at + "/desk/petitions/" + id + "/delivery")
	p.Follow(`a[href="/desk/petitions/` + id + `/follow"]`)
	p.Screenshot("desk-follow-petition")
	p.Follow("form .buttons button.primary")
	p.Follow(`main a[href^="/desk/demands/"]`)
	path := strings.Split(strings.TrimPrefix(p.Address(), at), "?")[0]
	p.Follow(`nav.tabs a[href="` + path + `/edit/steps"]`)
	p.Do(chromedp.SetValue(chromedp.CSS(`#f-plan`), "inquire"))
	p.Follow(`button[value="plan"]`)
	p.Follow(`form.form > .buttons button.primary`)
	p.Wait(".flash[role=status]")
	p.Screenshot("desk-follow-demand")

	p.Goto(at + path + "/letter")
	p.Screenshot("desk-follow-letter")
	p.Do(chromedp.SetValue(chromedp.CSS(`#f-on`), "2026-05-20"))
	p.Follow(`button[value="log"]`)
	p.Wait(".flash[role=status]")

	// The answer waits until somebody reads it against the demand.
	p.Goto(at + "/desk/assessments")
	if !strings.Contains(p.Text("main"), "We will publish the list in parts.") {
		t.Errorf("the answer does not wait: %.400s", p.Text("main"))
	}
	p.Screenshot("desk-follow-queue")
	p.Follow(`main a[href^="/desk/assessments/new?of=demand"]`)
	p.Do(chromedp.SetValue(chromedp.CSS(`#f-judgement`), "response:accepted_in_part"))
	fillIn(p, "reason.text", "They say that they will publish it in parts.")
	p.Screenshot("desk-follow-assess")
	p.Follow(`form.form > .buttons button.primary`)
	p.Wait(".flash[role=status]")
	assessed := strings.Split(strings.TrimPrefix(p.Address(), at), "?")[0]
	p.Goto(at + "/desk/follow-up")
	p.Screenshot("desk-follow-home")

	keeper := b.Blank(t, testbrowser.View{NoScripts: true})
	enter(keeper, at, access.Admin)
	keeper.Goto(at + "/desk/publish?ref=demand:" + strings.TrimPrefix(path, "/desk/demands/"))
	fillIn(keeper, "reason", "looked over")
	keeper.Follow(`button[value="publish"]`)
	keeper.Goto(at + assessed)
	fillIn(keeper, "reason", "The answer says so.")
	keeper.Do(chromedp.Evaluate[chromedp.Void](`document.querySelector('[name=publish]').checked = true`))
	keeper.Screenshot("desk-follow-review")
	keeper.Follow(`button[value="accepted"]`)
	keeper.Wait(".flash[role=status]")

	demand, _ := standingOf[*record.Demand](t, s, record.KindDemand, strings.TrimPrefix(path, "/desk/demands/"))
	if demand.Visibility != record.Public || len(demand.Steps) == 0 || len(demand.Letters) != 1 {
		t.Errorf("demand is %+v", demand)
	}
	public := b.Open(t, at+"/follow-up/demands/"+demand.Slug, testbrowser.View{NoScripts: true})
	if text := public.Text("main"); !strings.Contains(text, "They say that they will publish it in parts.") {
		t.Errorf("the public does not see the assessment: %.600s", text)
	}
	for _, page := range []*testbrowser.Page{p, keeper} {
		for _, e := range page.Errors() {
			t.Errorf("the browser complains: %s", e)
		}
		if other := page.Elsewhere(at); len(other) > 0 {
			t.Errorf("a page reaches for %v", other)
		}
	}
}

func mustWhen(t *testing.T, day string) record.When {
	t.Helper()
	f := Form{Values: url.Values{"on": {day}}}
	w := (typed{&f, nil}).date("on", noDate)
	if f.Refused() || w.IsZero() {
		t.Fatalf("%s is no day", day)
	}
	return w
}

// TestFollowDeskLooksLong opens every page of following up on a telephone and on a
// desk, in both colours, without scripts: none scrolls sideways.
func TestFollowDeskLooksLong(t *testing.T) {
	testneed.Long(t, "takes tens of seconds")
	b := testbrowser.New(t)
	s := organisedSite(t)
	ed, v := s.signedIn(access.Editor), s.signedIn(access.Admin)
	paths := followedDesk(t, s, ed, v)
	views := []testbrowser.View{{Width: testbrowser.Narrow}, {Width: testbrowser.Wide}, {Width: testbrowser.Wide, Dark: true}}
	for _, view := range views {
		view.NoScripts = true
		p := b.Blank(t, view)
		enter(p, s.http.URL, access.Admin)
		for name, path := range paths {
			if view.Dark && name != "demand" && name != "steps" {
				continue
			}
			p.Goto(s.http.URL + path)
			if n := p.Overflow(); n > 0 {
				t.Errorf("%s at %d: %d pixels too wide", name, view.Width, n)
			}
			p.Screenshot("desk-follow-" + name)
		}
	}
}

// followedDesk puts something on every page of following up and returns their
// addresses by name.
func followedDesk(t *testing.T, s *site, ed, v *visitor) map[string]string {
	t.Helper()
	event := newEventOf(ed, "Sit-in after the attack at Testfall Road", "2021-01-03")
	claim := newSaid(ed, v, event)
	cite := "claim:" + string(claim)
	demand := newDemand(ed, event, "plan", "prosecute", "due.day", "20 Jadi 1399", "due.system", "solar_hijri",
		"text.text", "Arrest those who planned and carried out the attack, and bring them before a court")
	base := "/desk/demands/" + demand
	add := func(path string, pairs ...string) {
		t.Helper()
		form := ed.post(path, filled(ed.get(path).form(path), "act", "add")).status(200).form(path)
		form.Del("act")
		ed.post(path, filled(form, pairs...)).status(303)
	}
	add(base+"/edit/positions", "r0.name.text", "Board of Examples", "r0.stance", "supports", "r0.claims", cite)
	add(base+"/edit/pauses", "r0.reason.text", "The office was abolished", "r0.from", "2021-02-01", "r0.to", "2021-03-01")
	add(base+"/edit/bases", "r0.instrument.text", "Invented Covenant on Answers", "r0.article", "6", "r0.duty.text", "Everybody has a right to an answer.")
	form := ed.get("/desk/assessments/new?of=demand:" + demand).form("/desk/assessments/new")
	assessment := ed.post("/desk/assessments/new", filled(form, "judgement", "progress:in_progress", "step", "complaint", "reason.text", "A complaint was registered at the invented station.", "claims", cite)).id("/desk/assessments/")
	form = ed.get("/desk/commitments/new?in=event:" + event).form("/desk/commitments/new")
	commitment := ed.post("/desk/commitments/new", filled(form, "text.text", "Pay the families of the dead", "r0.office.text", "Minister of Examples", "due.printed", "within days", "plan", "compensate")).id("/desk/commitments/")
	add("/desk/commitments/"+commitment+"/edit/amounts", "r0.value", "2500000", "r0.currency", "PKR", "r0.per", "family", "r0.printed", "Rs 2.5 million", "r0.claims", cite)
	add("/desk/commitments/"+commitment+"/edit/amounts", "r1.value", "1500000", "r1.currency", "PKR", "r1.per", "family", "r1.printed", "Rs 1.5 million", "r1.claims", cite)
	add(base+"/edit/commitments", "r0.commitment", "commitment:"+commitment, "r0.how", "beyond")
	form = ed.get("/desk/proceedings/new?events=event:" + event).form("/desk/proceedings/new")
	proceeding := ed.post("/desk/proceedings/new", filled(form, "title.text", "Two masterminds", "group.text", "masterminds", "group.low", "2", "group.high", "2")).id("/desk/proceedings/")
	add("/desk/proceedings/"+proceeding+"/edit/chain", "r0.kind", "arrest", "r0.on", "2021-02", "r0.claims", cite)
	add("/desk/proceedings/"+proceeding+"/edit/looked", "r0.where.text", "The list of the invented court", "r0.on", "2024-05-01")
	form = ed.get("/desk/calendars/new").form("/desk/calendars/new")
	form["r0.days"] = []string{"0", "6"}
	calendar := ed.post("/desk/calendars/new", filled(form, "country", "PK")).id("/desk/calendars/")
	add("/desk/calendars/"+calendar+"/edit/holidays", "r0.day", "2021-05-13", "r0.name.text", "An invented holiday")
	out := map[string]string{
		"home": "/desk/follow-up", "demands": "/desk/demands", "new-demand": "/desk/demands/new?of=event:" + event, "demand": base,
		"assessments": "/desk/assessments", "assessment": "/desk/assessments/" + assessment, "new-assessment": "/desk/assessments/new?of=demand:" + demand,
		"commitment": "/desk/commitments/" + commitment, "amounts": "/desk/commitments/" + commitment + "/edit/amounts",
		"proceeding": "/desk/proceedings/" + proceeding, "chain": "/desk/proceedings/" + proceeding + "/edit/chain",
		"calendar": "/desk/calendars/" + calendar, "holidays": "/desk/calendars/" + calendar + "/edit/holidays", "weekends": "/desk/calendars/" + calendar + "/edit/weekends",
		"letter": base + "/letter", "new-trend": "/desk/trends/new", "trends": "/desk/trends",
	}
	for _, part := range []string{"due", "addressees", "steps", "positions"} {
		out[part] = base + "/edit/" + part
	}
	return out
}
