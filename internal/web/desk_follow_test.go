package web

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// newSaid makes a source with one claim about an event that was reviewed, and
// returns the claim.
func newSaid(v, second *visitor, event string) record.ClaimID {
	v.t.Helper()
	source := newSource(v, "Blasts on Testfall Road", articleText)
	newClaim(v, source, event, "more than 40 people were killed", "more_than", "40")
	c := claimsOf(v.t.(*testing.T), v.site, source)[0]
	form := second.get("/desk/review").form("/desk/review/" + string(c.ID))
	second.post("/desk/review/"+string(c.ID), filled(form, "state", "accepted", "reason", "says so")).status(303)
	return c.ID
}

// newDemand follows a demand made at a protest and returns its identifier.
func newDemand(v *visitor, event string, pairs ...string) string {
	v.t.Helper()
	const path = "/desk/demands/new"
	form := v.get(path + "?of=event:" + event).status(200).whole().form(path)
	filled(form, "text.text", "Arrest those who did it", "r0.office.text", "Governor of Example Land", "r0.country", "PK")
	return v.post(path, filled(form, pairs...)).id("/desk/demands/")
}

func TestDemandForms(t *testing.T) {
	s := organisedSite(t)
	ed, second := s.signedIn(access.Editor), s.signedIn(access.Admin)
	event := newEventOf(ed, "Sit-in at Testfall", "2021-01-03")
	claim := newSaid(ed, second, event)
	const path = "/desk/demands/new"

	// What is wrong is said beside the field, and nothing typed is lost.
	form := ed.get(path + "?of=event:" + event).status(200).whole().has("Sit-in at Testfall").form(path)
	if form.Get("of") != "event:"+event || form.Get("row") != "0" {
		t.Errorf("form is %v", form)
	}
	a := ed.post(path, filled(form, "text.text", "Kept words", "r0.country", "PK", "due.day", "31 Febtober 1399")).status(400).whole().
		has("Kept words", "31 Febtober 1399", "Febtober", word("invalid.required"))
	again := a.form(path)
	if again.Get("text.text") != "Kept words" || again.Get("due.day") != "31 Febtober 1399" {
		t.Errorf("form is %v", again)
	}
	for _, e := range a.find("span.error") {
		if !strings.HasPrefix(attr(e, "id"), "e-") {
			t.Errorf("a message stands beside no field: %s", textOf(e))
		}
	}

	// A date of the Solar Hijri calendar, in the zone of the addressee's country.
	filled(again, "r0.office.text", "Governor of Example Land", "due.day", "20 Jadi 1399", "due.system", "solar_hijri", "plan", "prosecute")
	id := ed.post(path, again).id("/desk/demands/")
	d, _ := standingOf[*record.Demand](t, s, record.KindDemand, id)
	if d.Due.Day != "2021-01-09" || d.Due.Zone != "Asia/Karachi" || d.Due.System != record.SolarHijri || d.Due.Printed != "20 Jadi 1399" || d.Due.Origin != record.DueStated {
		t.Errorf("due is %+v", d.Due)
	}
	if d.Addressees[0].Zone != "Asia/Karachi" || d.Addressees[0].Key == "" || len(d.Steps) < 5 || d.Slug == "" {
		t.Errorf("demand is %+v", d)
	}
	base := "/desk/demands/" + id
	page := ed.get(base).status(200).whole().has("Governor of Example Land", "Jadi", "Asia/Karachi")
	_ = page

	// Every part comes back as it was saved.
	for _, part := range demandKind().parts() {
		at := base + "/edit/" + part.name
		before, _ := standingOf[*record.Demand](t, s, record.KindDemand, id)
		ed.post(at, ed.get(at).status(200).whole().form(at)).status(303)
		after, _ := standingOf[*record.Demand](t, s, record.KindDemand, id)
		if before.Due.Day != after.Due.Day || before.Due.System != after.Due.System || before.Due.Printed != after.Due.Printed || len(before.Steps) != len(after.Steps) || !slices.EqualFunc(before.Steps, after.Steps, func(x, y record.Step) bool {
			return x.Key == y.Key && x.Kind == y.Kind && x.Essential == y.Essential && slices.Equal(x.After, y.After)
		}) {
			t.Errorf("saving %s without a change changed\n%+v\nto\n%+v", part.name, before, after)
		}
	}

	// Steps: the first goes below the second; one of ours without words is refused.
	at := base + "/edit/steps"
	first, second2 := d.Steps[0].Key, d.Steps[1].Key
	form = ed.post(at, filled(ed.get(at).form(at), "act", "down:0")).status(200).whole().form(at)
	if form["row"][0] != "1" {
		t.Errorf("rows are %v", form["row"])
	}
	ed.post(at, form).status(303)
	d, _ = standingOf[*record.Demand](t, s, record.KindDemand, id)
	if d.Steps[0].Key != second2 || d.Steps[1].Key != first {
		t.Errorf("steps are %s, %s", d.Steps[0].Key, d.Steps[1].Key)
	}
	form = ed.post(at, filled(ed.get(at).form(at), "act", "add")).status(200).form(at)
	last := form["row"][len(form["row"])-1]
	ed.post(at, filled(form, "r"+last+".kind", "own")).status(400).has(word("invalid.required"))
	// A step after itself goes round in a circle.
	form = ed.get(at).form(at)
	form["r0.after"], form["r1.after"] = []string{d.Steps[1].Key}, []string{d.Steps[0].Key}
	ed.post(at, form).status(400).whole().has(word("invalid.circle"))
	// A plan puts its steps behind those that are there, under names of their own.
	form = ed.post(at, filled(ed.get(at).form(at), "plan", "compensate", "act", "plan")).status(200).whole().form(at)
	ed.post(at, form).status(303)
	more, _ := standingOf[*record.Demand](t, s, record.KindDemand, id)
	if len(more.Steps) <= len(d.Steps) || more.Plan != record.PlanCompensate {
		t.Errorf("%d steps under plan %q", len(more.Steps), more.Plan)
	}

	// Positions need a claim; the search beside the field finds it and saves nothing.
	at = base + "/edit/positions"
	form = ed.post(at, filled(ed.get(at).form(at), "act", "add")).form(at)
	filled(form, "r0.name.text", "Board of Examples", "r0.stance", "supports")
	ed.post(at, form).status(400).has(word("invalid.required"), "Board of Examples")
	ed.post(at, filled(form, "r0.claims.q", string(claim), "find", "r0.claims")).status(200).has("claim:" + string(claim))
	form.Del("find")
	form.Del("r0.claims.q")
	ed.post(at, filled(form, "r0.claims", "claim:"+string(claim))).status(303)
	ed.get(base).status(200).whole().has("Board of Examples")

	// A pause says why and from when.
	at = base + "/edit/pauses"
	form = ed.post(at, filled(ed.get(at).form(at), "act", "add")).form(at)
	ed.post(at, filled(form, "r0.reason.text", "The office was abolished", "r0.from", "2021-02-01", "r0.to", "2021-01-01")).status(400).has(word("invalid.order"))
	ed.post(at, filled(form, "r0.to", "2021-03-01")).status(303)

	// Two people at once: the second sees both and keeps what they typed.
	at = base + "/edit/demand"
	mine, theirs := ed.get(at).form(at), ed.get(at).form(at)
	ed.post(at, filled(theirs, "text.text", "Arrest all of them")).status(303)
	a = ed.post(at, filled(mine, "text.text", "Arrest them at once")).status(409).whole().has("Arrest all of them", "Arrest them at once", word("error.conflict"))
	ed.post(at, a.form(at)).status(303)

	// A session that ended keeps the form.
	kept := &visitor{site: s, cookie: "gawah_session=gone"}
	kept.post(at, filled(mine, "text.text", "Typed while signed out")).status(401).has("Typed while signed out")

	// History, and an earlier version again.
	ed.get("/desk/history/demand/" + id).status(200).whole().has("Arrest all of them")
	_, rev := standingOf[*record.Demand](t, s, record.KindDemand, id)
	ed.post("/desk/history/demand/"+id, url.Values{"rev": {"1"}, "current": {strconv.Itoa(rev)}, "reason": {"back"}}).status(303)
	if d, _ := standingOf[*record.Demand](t, s, record.KindDemand, id); d.Text.In("en").Text != "Kept words" {
		t.Errorf("restored demand is %+v", d.Text)
	}
}

// TestDueDates asks for due dates in every way.
func TestDueDates(t *testing.T) {
	s := organisedSite(t)
	ed := s.signedIn(access.Editor)
	event := newEventOf(ed, "Sit-in at Testfall", "2021-01-03")
	id := newDemand(ed, event)
	at := "/desk/demands/" + id + "/edit/due"
	post := func(pairs ...string) *answer {
		form := ed.get(at).status(200).whole().form(at)
		for name := range form {
			if strings.HasPrefix(name, "due.") {
				form.Del(name)
			}
		}
		return ed.post(at, filled(form, append([]string{"due.system", "gregorian", "due.origin", "stated"}, pairs...)...))
	}
	due := func() record.Due {
		d, _ := standingOf[*record.Demand](t, s, record.KindDemand, id)
		return d.Due
	}
	post("due.day", "2021-01-31").status(303)
	if got := due(); got.Day != "2021-01-31" || got.Zone != "Asia/Karachi" {
		t.Errorf("due is %+v", got)
	}
	post("due.day", "17 Jumada al-akhira 1442", "due.system", "islamic").status(303)
	if got := due(); got.Day != "2021-01-30" && got.Day != "2021-01-31" || got.System != record.Islamic {
		t.Errorf("due is %+v", got)
	}
	ed.get("/desk/demands/" + id).status(200).whole().has("Jumada")
	post("due.day", "2021-01-31", "due.zone", "Asia/Nowhere").status(400).has("Asia/Nowhere", word("invalid.zone"))
	post("due.day", "1399-11-12").status(400).has("1399-11-12")
	post("due.day", "2021-01-31", "due.working", "5", "due.from", "2021-01-04").status(400).has(word("invalid.day_or_working"))
	post("due.working", "5").status(400).has(word("invalid.required"))
	post("due.printed", "within days").status(303)
	if got := due(); got.Day != "" || got.Printed != "within days" {
		t.Errorf("due is %+v", got)
	}

	// Working days take a calendar; its holidays move the day, and the preview says so first.
	post("due.working", "5", "due.from", "2021-01-04").status(400)
	const calendars = "/desk/calendars/new"
	form := ed.get(calendars).status(200).whole().form(calendars)
	form["r0.days"] = []string{"0", "6"}
	cal := ed.post(calendars, filled(form, "country", "pk")).id("/desk/calendars/")
	post("due.working", "5", "due.from", "2021-01-04").status(303)
	if got := due(); got.Day != "2021-01-11" || got.Working != 5 {
		t.Errorf("due is %+v", got)
	}
	hol := "/desk/calendars/" + cal + "/edit/holidays"
	form = ed.post(hol, filled(ed.get(hol).form(hol), "act", "add")).status(200).whole().form(hol)
	filled(form, "r0.day", "2021-01-06", "r0.name.text", "An invented holiday")
	ed.post(hol, filled(form, "act", "preview")).status(200).whole().has("Arrest those who did it")
	if got := due(); got.Day != "2021-01-11" {
		t.Errorf("the preview moved the day to %s", got.Day)
	}
	form.Del("act")
	ed.post(hol, form).status(303)
	if got := due(); got.Day != "2021-01-12" {
		t.Errorf("due is %+v", got)
	}
	ed.get("/desk/calendars/" + cal).status(200).whole().has("An invented holiday")
	ed.get("/desk/calendars").status(200).whole().has("PK")
}

func TestCommitmentForms(t *testing.T) {
	s := organisedSite(t)
	ed, second := s.signedIn(access.Editor), s.signedIn(access.Admin)
	event := newEventOf(ed, "Talks at Testfall", "2021-01-08")
	claim := newSaid(ed, second, event)
	const path = "/desk/commitments/new"
	form := ed.get(path + "?in=event:" + event).status(200).whole().has("Talks at Testfall").form(path)
	// Who promised it, or that nobody is identified: one of both.
	ed.post(path, filled(form, "text.text", "Pay the families")).status(400).whole().has(word("invalid.required"), "Pay the families")
	id := ed.post(path, filled(form, "unidentified", "1", "due.printed", "within days")).id("/desk/commitments/")
	base := "/desk/commitments/" + id
	ed.get(base).status(200).whole().has(word("desk.follow.nobody_identified"), "within days", "Talks at Testfall")

	at := base + "/edit/amounts"
	form = ed.post(at, filled(ed.get(at).form(at), "act", "add")).status(200).whole().form(at)
	filled(form, "r0.value", "2,500,000", "r0.per", "family", "r0.printed", "Rs 2.5 million", "r0.claims", "claim:"+string(claim))
	ed.post(at, form).status(400).whole().has(word("invalid.currency"), "2,500,000")
	ed.post(at, filled(form, "r0.currency", "pkr", "r0.claims", "")).status(400).has(word("invalid.required"))
	form = ed.post(at, filled(form, "r0.claims", "claim:"+string(claim), "act", "add")).form(at)
	form.Del("act")
	filled(form, "r1.value", "1500000", "r1.currency", "PKR", "r1.per", "family", "r1.claims", "claim:"+string(claim))
	ed.post(at, form).status(303)
	ed.get(base).status(200).whole().has("2,500,000", "1,500,000", word("desk.follow.amounts_beside"))

	at = base + "/edit/by"
	form = ed.post(at, filled(ed.get(at).form(at), "act", "add")).form(at)
	ed.post(at, filled(form, "r0.office.text", "Minister of Examples")).status(303)
	at = base + "/edit/offer"
	ed.post(at, filled(ed.get(at).status(200).whole().form(at), "offer", "1", "offer.answer", "accepted_in_part", "offer.by.text", "The families")).status(303)
	m, _ := standingOf[*record.Commitment](t, s, record.KindCommitment, id)
	if m.Unidentified || len(m.By) != 1 || len(m.Amounts) != 2 || m.Amounts[0].Value != 2_500_000 || m.Offer == nil || m.Offer.Answer != record.OfferInPart {
		t.Errorf("commitment is %+v", m)
	}
	ed.get("/desk/commitments").status(200).whole().has("Pay the families")

	// A demand goes beyond it.
	demand := newDemand(ed, event)
	at = "/desk/demands/" + demand + "/edit/commitments"
	form = ed.post(at, filled(ed.get(at).form(at), "act", "add")).form(at)
	ed.post(at, form).status(400).whole().has(word("invalid.required"))
	ed.post(at, filled(form, "r0.commitment.q", "families", "find", "r0.commitment")).status(200).has("commitment:" + id)
	form.Del("find")
	form.Del("r0.commitment.q")
	ed.post(at, filled(form, "r0.commitment", "commitment:"+id, "r0.how", "beyond")).status(303)
	ed.get("/desk/demands/" + demand).status(200).whole().has("Pay the families")
	ed.get(base).status(200).has("Arrest those who did it")
}

func TestAssessments(t *testing.T) {
	s := organisedSite(t)
	ed, second := s.signedIn(access.Editor), s.signedIn(access.Admin)
	event := newEventOf(ed, "Sit-in at Testfall", "2021-01-03")
	claim := newSaid(ed, second, event)
	id := newDemand(ed, event, "plan", "prosecute")
	const path = "/desk/assessments/new"
	form := ed.get(path + "?of=demand:" + id).status(200).whole().has("Arrest those who did it").form(path)
	if form.Get("of") != "demand:"+id || form.Get("on") == "" {
		t.Errorf("form is %v", form)
	}
	// None found says where and when somebody looked; the rest rests on something.
	ed.post(path, filled(form, "judgement", "response:none_found", "reason.text", "Nothing came")).status(400).whole().has(word("invalid.required"), "Nothing came")
	ed.post(path, filled(form, "judgement", "progress:met")).status(400).has(word("invalid.required"))
	ed.post(path, filled(form, "judgement", "response:none_found", "on", "2012-01-01", "r0.where.text", "The official site", "r0.on", "2012-01-01")).status(400).whole()
	filled(form, "on", s.srv.today(), "r0.on", s.srv.today())
	one := ed.post(path, form).id("/desk/assessments/")
	ed.get("/desk/assessments/"+one).status(200).whole().has("The official site", word("invalid.own_work")).hasNot(`value="accepted"`, `value="rejected"`)
	form = ed.get(path + "?of=demand:" + id).form(path)
	two := ed.post(path, filled(form, "judgement", "progress:in_progress", "step", "complaint", "reason.text", "A complaint was registered", "claims", "claim:"+string(claim))).id("/desk/assessments/")
	ed.get("/desk/assessments").status(200).whole().has("Nothing came", "A complaint was registered", word("desk.your_own"))

	// Nobody decides about their own; a decision needs a reason.
	decide := func(v *visitor, id string, pairs ...string) *answer {
		form := v.get("/desk/assessments/" + id).status(200).whole().form("/desk/assessments/" + id + "/review")
		return v.post("/desk/assessments/"+id+"/review", filled(form, pairs...))
	}
	decide(ed, one, "state", "accepted", "reason", "kept words").status(403).has("kept words", word("invalid.own_work"))
	decide(second, one, "state", "accepted").status(400).has(word("invalid.required"))
	decide(second, one, "state", "accepted", "reason", "looked too").status(303)
	decide(second, two, "state", "rejected", "reason", "another case").status(303)
	ed.get("/desk/assessments").status(200).whole().has(word("desk.queue_empty"))
	a, _ := standingOf[*record.Assessment](t, s, record.KindAssessment, one)
	if a.Review.State != record.Accepted || a.Visibility == record.Public {
		t.Errorf("assessment is %+v", a)
	}
	// Changing what was reviewed sends it back to the queue.
	at := "/desk/assessments/" + one + "/edit/assessment"
	ed.post(at, filled(ed.get(at).status(200).whole().form(at), "reason.text", "Nothing came until now")).status(303)
	second.get("/desk/assessments").has("Nothing came until now")
}

func TestProceedingForms(t *testing.T) {
	s := organisedSite(t)
	ed, second := s.signedIn(access.Editor), s.signedIn(access.Admin)
	event := newEventOf(ed, "Attack at Testfall", "2013-01-10")
	claim := newSaid(ed, second, event)
	const path = "/desk/proceedings/new"
	form := ed.get(path + "?events=event:" + event).status(200).whole().has("Attack at Testfall").form(path)
	ed.post(path, filled(form, "group.text", "masterminds", "group.low", "3", "group.high", "2", "title.text", "Two masterminds")).status(400).whole().has(word("invalid.below_low"), "Two masterminds")
	id := ed.post(path, filled(form, "group.low", "2")).id("/desk/proceedings/")
	base := "/desk/proceedings/" + id
	ed.get(base).status(200).whole().has("masterminds", word("desk.follow.not_looked"))
	at := base + "/edit/chain"
	form = ed.post(at, filled(ed.get(at).form(at), "act", "add")).status(200).whole().form(at)
	ed.post(at, filled(form, "r0.kind", "verdict", "r0.on", "2014-05-01")).status(400).whole().has(word("invalid.required"), "2014-05-01")
	form = ed.post(at, filled(form, "r0.verdict", "convicted", "r0.claims", "claim:"+string(claim), "act", "add")).form(at)
	form.Del("act")
	ed.post(at, filled(form, "r1.kind", "escape", "r1.on", "2013-02", "r1.low", "2", "r1.high", "2", "r1.claims", "claim:"+string(claim))).status(303)
	at = base + "/edit/looked"
	form = ed.post(at, filled(ed.get(at).form(at), "act", "add")).form(at)
	ed.post(at, filled(form, "r0.where.text", "The court's list")).status(400).whole().has(word("invalid.required"), "The court&#39;s list")
	ed.post(at, filled(form, "r0.on", "2024-05-01")).status(303)
	ed.get(base).status(200).whole().has("The court&#39;s list", "Attack at Testfall")
	ed.get("/desk/proceedings").status(200).whole().has("Two masterminds")
	p, _ := standingOf[*record.Proceeding](t, s, record.KindProceeding, id)
	if len(p.Steps) != 2 || p.Steps[0].Verdict != record.VerdictConvicted || *p.Steps[1].Low != 2 || len(p.Looked) != 1 {
		t.Errorf("proceeding is %+v", p)
	}
}

func TestFollowingAPetition(t *testing.T) {
	s := organisedSite(t)
	ed := s.signedIn(access.Editor)
	org := s.signedIn(access.Organiser)
	id := publishedPetition(t, s, ed, org)
	at := "/desk/petitions/" + id + "/follow"
	page := org.get(at).status(200).whole().has("Publish the list")
	org.post(at, url.Values{"rev": {"1"}}).status(400).whole().has(word("invalid.none_ticked"))
	org.post(at, page.form(at)).status(303)
	page = org.get(at).status(200).whole().has(word("desk.follow.is_followed"))
	var demand string
	for _, a := range page.find("a") {
		if rest, ok := strings.CutPrefix(attr(a, "href"), "/desk/demands/"); ok && record.ValidID(rest) {
			demand = rest
		}
	}
	if demand == "" {
		t.Fatal("no demand is followed")
	}
	org.get("/desk/follow-up").status(200).whole().has(word("desk.follow.mine"))
	org.get("/desk/follow-up?whose=all").status(200).whole()

	// A letter is drafted, edited, printed and logged by a person.
	at = "/desk/demands/" + demand + "/letter"
	for _, tag := range []string{"", "ur", "fa-AF"} {
		org.get(at + "?lang=" + tag).status(200).whole()
	}
	form := org.get(at).form(at)
	if form.Get("body") == "" || form.Get("subject") == "" {
		t.Errorf("the draft is %v", form)
	}
	org.post(at, filled(form, "subject", "", "do", "log")).status(400).whole().has(word("invalid.required"))
	org.post(at, filled(form, "subject", "Our demand", "body", "First paragraph.\n\nSecond one.", "do", "print")).status(200).has("First paragraph.", "<h1>Our demand</h1>")
	org.post(at, filled(form, "do", "log", "on", "2199-01-01")).status(400).whole().has(word("invalid.future"), "Second one.")
	org.post(at, filled(form, "on", "2026-05-04", "channel", "post", "receipt", "No. 7")).status(303)
	d, _ := standingOf[*record.Demand](t, s, record.KindDemand, demand)
	if len(d.Letters) != 1 || d.Letters[0].On != "2026-05-04" || d.Letters[0].Receipt != "No. 7" {
		t.Errorf("letters are %+v", d.Letters)
	}
	org.get("/desk/demands/"+demand).status(200).whole().has("Our demand", "No. 7")
}

// publishedPetition publishes a petition with one demand of one office and
// returns its identifier.
func publishedPetition(t *testing.T, s *site, ed, org *visitor) string {
	t.Helper()
	id := newPetition(org, "Answer for Testfall")
	base := "/desk/petitions/" + id
	form := org.get(base + "/text").form(base + "/text")
	org.post(base+"/text", filled(form, "body", "We ask for an answer.")).status(303)
	save := func(part string, pairs ...string) {
		t.Helper()
		path := base + "/edit/" + part
		form := org.post(path, filled(org.get(path).form(path), "act", "add")).form(path)
		org.post(path, filled(form, pairs...)).status(303)
	}
	save("addressees", "r0.office.text", "Registrar of Example Land", "r0.country", "PK", "r0.lang", "en")
	save("demands", "r0.text.text", "Publish the list", "r0.deadline", "2026-02-03")
	save("initiators", "r0.name.text", "Example Organisation")
	check := org.get(base + "/check").status(200)
	form = check.form(base + "/approve")
	org.post(base+"/approve", filled(form, "proof", "letter of 3 May")).status(303)
	form = org.get(base + "/check").form(base + "/publish")
	org.post(base+"/publish", filled(form, "publish_reason.lang", "en", "publish_reason.text", "It states no fact of its own.")).status(303)
	p := petitionOf(t, s, id)
	if p.Publication != record.PetitionPublished {
		t.Fatalf("petition is %s", p.Publication)
	}
	return id
}

func TestWarningsAndAbolition(t *testing.T) {
	s := organisedSite(t)
	ed, second := s.signedIn(access.Editor), s.signedIn(access.Admin)
	attack, threat := newEventOf(ed, "Attack at Testfall", "2013-01-10"), newEventOf(ed, "Leaflet at Testfall", "2012-12-10")
	claim := newSaid(ed, second, threat)
	at := "/desk/events/" + threat + "/edit"
	form := ed.get(at).status(200).whole().form(at)
	ed.post(at, filled(form, "warnings", "event:"+attack)).status(400).whole().has(word("invalid.required"))
	ed.post(at, filled(form, "warnings_claims", string(claim))).status(303)
	e, _ := standingOf[*record.Event](t, s, record.KindEvent, threat)
	if len(e.Warnings) != 1 || string(e.Warnings[0].Attack) != attack || len(e.Warnings[0].Claims) != 1 {
		t.Errorf("warnings are %+v", e.Warnings)
	}
	party := func(name string, pairs ...string) string {
		form := filled(ed.get("/desk/parties/new").status(200).whole().form("/desk/parties/new"), "names.text", name, "kind", "office")
		return ed.post("/desk/parties/new", filled(form, pairs...)).id("/desk/parties/")
	}
	next := party("Example Commission")
	old := party("Example Tribunal", "abolished", "2019-05-03", "successor", "party:"+next)
	p, _ := standingOf[*record.Party](t, s, record.KindParty, old)
	if p.Abolished.Date.String() != "2019-05-03" || string(p.Successor) != next {
		t.Errorf("party is %+v", p)
	}
	// Who held an office, from when to when.
	form = filled(ed.get("/desk/people/new").form("/desk/people/new"), "names.text", "Example Holder")
	person := ed.post("/desk/people/new", form).id("/desk/people/")
	form = ed.get("/desk/ties/new?from=person:" + person + "&to=party:" + old).status(200).whole().form("/desk/ties/new")
	ed.post("/desk/ties/new", filled(form, "kind", "holds_office", "when", "2013-06-05/2017-07-28")).status(303)
	ed.get("/desk/events/" + attack).status(200).whole()
}

// TestOthersSeeOnlyWhatTheyMay has drafts and internal demands read by every
// role.
func TestFollowedDrafts(t *testing.T) {
	s := organisedSite(t)
	ed, con, reader := s.signedIn(access.Editor), s.signedIn(access.Contributor), s.signedIn(access.Reader)
	event := newEventOf(ed, "Sit-in at Testfall", "2021-01-03")
	if err := s.house.Publish(context.Background(), access.House(), []record.Ref{{Kind: record.KindEvent, ID: event}}, "test"); err != nil {
		t.Fatal(err)
	}
	draft := newDemand(ed, event, "visibility", "draft", "text.text", "A draft demand")
	reader.get("/desk/demands/" + draft).status(404).hasNot("A draft demand")
	reader.get("/desk/demands").status(200).hasNot("A draft demand")
	reader.get("/desk/follow-up").status(200).whole()
	reader.get("/desk/assessments").status(403)
	inside := newDemand(ed, event, "text.text", "An internal demand")
	reader.get("/desk/demands/" + inside).status(200).whole().has("An internal demand").hasNot(word("desk.follow.assess"))
	s.get("/desk/demands/" + inside).status(303)
	// A contributor writes drafts, and may not change what others keep.
	form := con.get("/desk/demands/new?of=event:" + event).status(200).form("/desk/demands/new")
	if form.Get("visibility") != "draft" {
		t.Errorf("a contributor begins with %q", form.Get("visibility"))
	}
	at := "/desk/demands/" + inside + "/edit/demand"
	con.post(at, filled(con.get(at).status(200).form(at), "text.text", "Changed by a contributor")).status(403).has("Changed by a contributor")
}
