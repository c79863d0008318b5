package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

const articleText = "Two blasts tore through Testfall Road on Thursday evening.\n\n" +
	"A police official said more than 40 people were killed. Around 120 were injured, he said. More than 40 people were treated at home.\n\n" +
	"Families refused to bury their dead."

// newSource makes a source with typed text and returns its identifier.
func newSource(v *visitor, title, text string) string {
	v.t.Helper()
	form := v.get("/desk/sources/new").status(200).whole().form("/desk/sources/new")
	form.Set("title.text", title)
	form.Set("publisher", "Example Gazette")
	form.Set("published", "2013-01-11")
	form.Set("typed", text)
	return v.upload("/desk/sources/new", form, "", nil).id("/desk/sources/")
}

// newEvent makes an event and returns its identifier.
func newEventOf(v *visitor, title, date string) string {
	v.t.Helper()
	form := v.get("/desk/events/new").status(200).whole().form("/desk/events/new")
	return v.post("/desk/events/new", filled(form, "title.text", title, "when", date, "where.town", "Testfall", "where.country", "PK")).id("/desk/events/")
}

// newClaim makes a claim of a number about an event by pasting the exact words.
func newClaim(v *visitor, source, event, words, operator, number string) {
	v.t.Helper()
	form := v.get("/desk/sources/" + source).status(200).whole().form("/desk/sources/" + source + "/claims")
	form = filled(form, "quote", words, "operator", operator, "low", number, "words", words, "subject", "event:"+event)
	v.post("/desk/sources/"+source+"/claims", form).status(303)
}

func claimsOf(t *testing.T, s *site, source string) []*record.Claim {
	t.Helper()
	a, err := s.house.Around(context.Background(), access.House(), "en", record.Ref{Kind: record.KindSource, ID: source})
	if err != nil {
		t.Fatal(err)
	}
	var out []*record.Claim
	for _, c := range a.Claims {
		out = append(out, c.Claim)
	}
	return out
}

func TestDeskEndToEnd(t *testing.T) {
	s := emptySite(t)
	ed, second := s.signedIn(access.Editor), s.signedIn(access.Admin)
	source := newSource(ed, "Blasts on Testfall Road", articleText)
	a := ed.get("/desk/sources/"+source).status(200).whole().has("Two blasts tore through", "data-reading")
	if got := textOf(a.find("div.reading")[0]); got != articleText {
		t.Errorf("the reading pane does not hold the text as it is: %q", got)
	}

	event := newEventOf(ed, "Testfall Road bombings", "2013-01-10")
	newClaim(ed, source, event, "more than 40 people were killed", "more_than", "40")
	claims := claimsOf(t, s, source)
	if len(claims) != 1 {
		t.Fatalf("%d claims, want 1", len(claims))
	}
	c := claims[0]
	if *c.Low != 41 || c.High != nil || c.Passage.Segments[0].Exact != "more than 40 people were killed" {
		t.Errorf("claim is %+v", c)
	}
	seg := c.Passage.Segments[0]
	if got := string([]rune(articleText)[seg.Start:seg.End]); got != seg.Exact {
		t.Errorf("the position points at %q", got)
	}

	// Nobody reviews their own work where somebody else could.
	page := ed.get("/desk/review").status(200).whole().has("more than 40", word("invalid.own_work")).hasNot(`accesskey="a"`, `accesskey="r"`)
	form := page.form("/desk/review/" + string(c.ID))
	ed.post("/desk/review/"+string(c.ID), filled(form, "state", "accepted", "reason", "kept words")).status(403).has("kept words", word("invalid.own_work"))
	form = second.get("/desk/review").form("/desk/review/" + string(c.ID))
	second.post("/desk/review/"+string(c.ID), filled(form, "state", "rejected")).status(400).has(word("invalid.required"))
	second.post("/desk/review/"+string(c.ID), filled(form, "state", "accepted", "reason", "says so")).status(303)
	second.get("/desk/review").has(word("desk.queue_empty"))

	// The check, then the public page.
	s.get("/events/testfall-road-bombings-2013-01-10").status(404)
	check := ed.get("/desk/publish?ref=event:" + event).status(200).whole().has(word("desk.would_publish"))
	form = check.form("/desk/publish")
	ed.post("/desk/publish", filled(form, "do", "publish")).status(400).has(word("invalid.required"))
	form.Set("ref", "source:"+source)
	form.Add("ref", "event:"+event)
	form.Add("ref", "claim:"+string(c.ID))
	ed.post("/desk/publish", filled(form, "do", "publish", "reason", "reviewed")).status(303)
	s.get("/events/testfall-road-bombings-2013-01-10").status(200).has("Testfall Road bombings", "Example Gazette")

	// The check of what is public says so, also where something new would come along.
	again := "/desk/publish?ref=event:" + event
	ed.get(again).status(200).whole().has(word("desk.is_public"), word("desk.unpublish")).hasNot(word("desk.would_publish"), word("desk.publish_now"))
	newClaim(ed, source, event, "Around 120 were injured", "about", "120")
	for _, c := range claimsOf(t, s, source) {
		if c.Review.State == record.Suggested {
			review := "/desk/review/" + string(c.ID)
			second.post(review, url.Values{"rev": {"1"}, "state": {"accepted"}, "reason": {"it says so"}}).status(303)
		}
	}
	ed.get(again).status(200).whole().has(word("desk.would_publish_more")).hasNot("<h1>" + word("desk.would_publish") + "</h1>")

	// History with a diff, and an earlier version again.
	form = ed.get("/desk/events/" + event + "/edit").form("/desk/events/" + event + "/edit")
	ed.post("/desk/events/"+event+"/edit", filled(form, "subtype", "two bombs", "reason", "more exactly")).status(303)
	history := ed.get("/desk/history/event/"+event).status(200).whole().has("two bombs", "more exactly")
	_, rev := standingOf[*record.Event](t, s, record.KindEvent, event)
	_ = history
	ed.post("/desk/history/event/"+event, url.Values{"rev": {"1"}, "current": {fmt.Sprint(rev)}, "reason": {"back"}}).status(303)
	e, _ := standingOf[*record.Event](t, s, record.KindEvent, event)
	if e.Subtype != "" {
		t.Errorf("restored event has subtype %q", e.Subtype)
	}
	second.get("/desk/journal").status(200).whole().has("more exactly", "Test editor", "event changed")
	ed.get("/desk").status(200).whole().has("Testfall Road bombings")
}

func TestPassages(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Contributor)
	source := newSource(v, "Blasts", articleText)
	post := "/desk/sources/" + source + "/claims"
	fresh := func() url.Values { return v.get("/desk/sources/" + source).form(post) }
	base := func() url.Values {
		return filled(fresh(), "operator", "more_than", "low", "40", "subject", "source:"+source)
	}

	// Words that are not there, and words that are there twice.
	v.post(post, filled(base(), "quote", "more than 41 people")).status(400).has(word("invalid.not_found"), "more than 41 people")
	page := v.post(post, filled(base(), "quote", "ore than 40 people were")).status(400).whole()
	if n := len(page.find("mark")); n < 2 {
		t.Errorf("%d places are offered, want 2", n)
	}
	// The choice is one of the radios.
	second := strings.LastIndex(articleText, "ore than 40 people were")
	form := page.form(post)
	form.Set("seg", fmt.Sprintf("%d-%d", second, second+len("ore than 40 people were")))
	v.post(post, form).status(303)
	if c := claimsOf(t, s, source); len(c) != 1 || c[0].Passage.Segments[0].Start != second {
		t.Errorf("the chosen place is not kept: %+v", c)
	}

	// The script's position settles it; other line ends do not matter.
	v.post(post, filled(base(), "quote", "ore than 40 people were", "start", fmt.Sprint(second), "end", fmt.Sprint(second+23))).status(303)
	v.post(post, filled(base(), "quote", "Thursday evening.\r\n A police official")).status(303)

	// Sentences ticked without a script: two that follow each other are one
	// segment, another one apart is a second.
	a := v.get("/desk/sources/" + source + "?by=sentence").status(200).whole()
	var boxes []string
	for _, n := range a.find("input") {
		if attr(n, "name") == "seg" {
			boxes = append(boxes, attr(n, "value"))
		}
	}
	if len(boxes) != 5 {
		t.Fatalf("%d sentences, want 5", len(boxes))
	}
	a = v.get("/desk/sources/" + source + "?" + url.Values{"seg": {boxes[1], boxes[2], boxes[4]}}.Encode()).status(200)
	form = a.form(post)
	if got := form["seg"]; len(got) != 2 {
		t.Errorf("segments are %v", got)
	}
	filled(form, "operator", "more_than", "low", "40", "subject", "source:"+source)
	// An insertion goes behind them.
	a = v.post(post, filled(form, "insert", "2013", "again", "passage")).status(200).has("[2013]")
	v.post(post, a.form(post)).status(303)
	all := claimsOf(t, s, source)
	last := all[len(all)-1]
	if got := last.Passage.Quote(); !strings.HasSuffix(got, "Families refused to bury their dead. [2013]") || !strings.Contains(got, "killed. Around 120 were injured, he said. … Families") {
		t.Errorf("passage is %q", got)
	}

	// Inserted years look like a place in the text, and are none.
	a = v.post(post, filled(base(), "quote", "Around 120 were injured", "insert", "10-40", "again", "passage")).status(200).has("[10-40]")
	v.post(post, a.form(post)).status(303)
	all = claimsOf(t, s, source)
	last = all[len(all)-1]
	if got := last.Passage.Quote(); got != "Around 120 were injured [10-40]" {
		t.Errorf("passage with inserted years is %q", got)
	}
}

func TestUnheldSource(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Contributor)
	source := newSource(v, "A book", "")
	post := "/desk/sources/" + source + "/claims"
	form := v.get("/desk/sources/" + source).status(200).whole().has(word("source.no_copy")).form(post)
	filled(form, "operator", "exact", "low", "12", "subject", "source:"+source, "quote", "twelve died")
	v.post(post, form).status(400).has(word("invalid.locator"), "twelve died")
	v.post(post, filled(form, "locator", "p. 12", "quote", strings.Repeat("many words ", 9))).status(400).has(word("invalid.unheld_words"))
	v.post(post, filled(form, "locator", "p. 12", "quote", "twelve died")).status(303)
}

func TestClaimStartsEvent(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Contributor)
	source := newSource(v, "Blasts", articleText)
	post := "/desk/sources/" + source + "/claims"
	form := v.get("/desk/sources/" + source).form(post)
	filled(form, "quote", "Around 120 were injured", "measure", "injured", "operator", "about", "low", "120", "new_event.title", "Blasts in Testfall",
		"new_event.type", "attack", "new_event.when", "2013-13-10")
	v.post(post, form).status(400).has("2013-13-10")
	v.get("/desk/events").hasNot("Blasts in Testfall")
	v.post(post, filled(form, "new_event.when", "2013-01-10")).status(303)
	v.get("/desk/events").has("Blasts in Testfall")
	c := claimsOf(t, s, source)
	if len(c) != 1 || c[0].Subject.Kind != record.KindEvent {
		t.Errorf("claims are %+v", c)
	}
	// The other two quick forms, by a button that keeps what was typed.
	form = v.get("/desk/sources/" + source).form(post)
	a := v.post(post, filled(form, "quote", "Families refused", "kind_to", "statement")).status(200).whole().has("Families refused")
	v.post(post, filled(a.form(post), "topic", "burial", "subject", "source:"+source)).status(303)
	a = v.post(post, filled(form, "quote", "Thursday evening", "kind_to", "attribute")).status(200).whole()
	v.post(post, filled(a.form(post), "attribute", "date", "value", "Thursday evening", "value.when.relative", "P-1D", "subject", "source:"+source)).status(303)
	for _, k := range claimsOf(t, s, source) {
		v.get("/desk/claims/" + string(k.ID)).status(200).whole()
		if k.Attribute == record.AttrDate && k.Value.When.Date.String() != "2013-01-10" {
			t.Errorf("the day before publication was read as %q", k.Value.When.Date)
		}
	}

	// Another distance is read again, though the form still holds the old date.
	for _, k := range claimsOf(t, s, source) {
		if k.Attribute == record.AttrDate {
			path := "/desk/claims/" + string(k.ID)
			v.post(path, filled(v.get(path).form(path), "value.when.relative", "P-2D")).status(303)
		}
	}
	for _, k := range claimsOf(t, s, source) {
		if k.Attribute == record.AttrDate && k.Value.When.Date.String() != "2013-01-09" {
			t.Errorf("two days before publication were read as %q", k.Value.When.Date)
		}
	}
}

func TestClaimChange(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Contributor)
	source := newSource(v, "Blasts", articleText)
	event := newEventOf(v, "Blasts in Testfall", "2013")
	newClaim(v, source, event, "more than 40 people were killed", "more_than", "40")
	c := claimsOf(t, s, source)[0]
	path := "/desk/claims/" + string(c.ID)
	form := v.get(path).status(200).whole().form(path)
	v.post(path, form).status(303) // nothing changed
	again := claimsOf(t, s, source)[0]
	if again.Passage.Quote() != c.Passage.Quote() || *again.Low != *c.Low || again.Subject != c.Subject || again.Measure != c.Measure {
		t.Errorf("saving without a change changed %+v to %+v", c, again)
	}
	if past, err := s.house.History(t.Context(), access.House(), c.Ref()); err != nil || len(past) != 1 {
		t.Errorf("saving without a change made %d versions, %v", len(past), err)
	}
	// The form was filled from revision 1, and 2 stands by now.
	v.post(path, filled(form, "low", "44")).status(303)
	v.post(path, filled(form, "low", "45")).status(409).has("45", word("desk.theirs"))
	form = v.get(path).form(path)
	v.post(path, filled(form, "low", "many")).status(400).has("many", word("invalid.number"))
	v.post(path, filled(form, "low", "45")).status(303)
	if got := *claimsOf(t, s, source)[0].Low; got != 46 {
		t.Errorf("low is %d, want 46", got)
	}
}

func TestRecordForms(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Editor)
	event := newEventOf(v, "Testfall attack", "2013-01-10")

	type step struct {
		plural string
		good   []string
		bad    []string // name, value, message
	}
	person := ""
	for _, st := range []step{
		{"people", []string{"names.text", "Amina Testperson", "about.text", "taught in Example Town", "vital", "dead"}, []string{"died", "13 January", "13 January"}},
		{"parties", []string{"names.text", "Example Police", "kind", "police", "country", "pk"}, []string{"url", "javascript:alert(1)", word("invalid.url")}},
		{"totals", []string{"title.text", "All in Testfall", "frame.period", "2003/2017"}, []string{"frame.period", "sometime", "sometime"}},
	} {
		path := "/desk/" + st.plural + "/new"
		form := v.get(path).status(200).whole().form(path)
		v.post(path, form).status(400).whole().has(word("invalid.required"))
		filled(form, st.good...)
		was := form.Get(st.bad[0])
		a := v.post(path, filled(form, st.bad[0], st.bad[1])).status(400).whole().has(st.bad[1], st.bad[2])
		kept := a.form(path)
		for i := 0; i+1 < len(st.good); i += 2 {
			if st.good[i] != st.bad[0] && kept.Get(st.good[i]) != st.good[i+1] {
				t.Errorf("%s: %s was lost: %q", path, st.good[i], kept.Get(st.good[i]))
			}
		}
		id := v.post(path, filled(kept, st.bad[0], was)).id("/desk/" + st.plural + "/")
		v.get("/desk/" + st.plural + "/" + id).status(200).whole().has(st.good[1])
		v.get("/desk/" + st.plural).status(200).whole().has(st.good[1])
		if st.plural == "people" {
			person = id
		}
	}

	// A person's consents, names in scripts, and a picker that searches.
	path := "/desk/people/" + person + "/edit"
	form := v.get(path).form(path)
	form["names.text"] = []string{"Amina Testperson", "آمنہ"}
	form["names.lang"] = []string{"en", "ur"}
	form["names.kind"] = []string{"primary", "variant"}
	for name, value := range map[string]string{"purpose": "publish", "given": "yes", "basis": "kin", "by": "a brother", "relation": "", "on": "2014"} {
		form["consents."+name] = []string{value}
	}
	v.post(path, form).status(400).has("آمنہ", "a brother")
	form["consents.relation"] = []string{"brother"}
	v.post(path, form).status(303)
	p, rev := standingOf[*record.Person](t, s, record.KindPerson, person)
	if rev != 2 || len(p.Names) != 2 || len(p.Consents) != 1 || !p.May(record.ToPublish) {
		t.Errorf("person is %+v", p)
	}
	form = v.get(path).form(path)
	v.post(path, form).status(303)
	if again, _ := standingOf[*record.Person](t, s, record.KindPerson, person); fmt.Sprintf("%+v", again) != fmt.Sprintf("%+v", p) {
		t.Errorf("saving without a change:\n%+v\n%+v", p, again)
	}

	path = "/desk/involvements/new"
	form = v.get(path + "?event=event:" + event).status(200).whole().has("Testfall attack").form(path)
	a := v.post(path, filled(form, "who.q", "Amina", "detail.text", "was on her way")).status(200).whole().has("Amina Testperson", "was on her way")
	v.post(path, filled(form, "who.q", "")).status(400).has(word("invalid.exactly_one"))
	form = a.form(path)
	v.post(path, filled(form, "who", "person:"+person)).status(303)
	v.get("/desk/events/" + event).status(200).whole().has("Amina Testperson")

	// Two people change one record.
	path = "/desk/events/" + event + "/edit"
	mine, theirs := v.get(path).form(path), v.get(path).form(path)
	v.post(path, filled(theirs, "subtype", "bombing")).status(303)
	a = v.post(path, filled(mine, "subtype", "shooting", "note", "typed at length")).status(409).whole().has("bombing", "shooting", "typed at length", word("error.conflict"))
	v.post(path, a.form(path)).status(303)
	if e, _ := standingOf[*record.Event](t, s, record.KindEvent, event); e.Subtype != "shooting" {
		t.Errorf("subtype is %q", e.Subtype)
	}
	tie := "/desk/ties/new"
	form = v.get(tie + "?from=person:" + person).status(200).whole().form(tie)
	v.post(tie, filled(form, "to.q", "Example Police")).status(200).has("Example Police")

	// Pages of records that are not there.
	v.get("/desk/events/" + person).status(404)
	v.get("/desk/history/person/" + event).status(404)
	v.get("/desk/history/nothing/" + event).status(404)
}

func TestContributorIsToldWhatTheyMay(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Contributor)
	path := "/desk/events/new"
	form := v.get(path).form(path)
	a := v.post(path, filled(form, "title.text", "Kept title", "visibility", "internal")).status(403).has("Kept title", word("invalid.forbidden"))
	v.post(path, filled(a.form(path), "visibility", "draft")).status(303)
}

// The list above a refused form calls each field what the form calls it: "This is
// needed" alone tells nobody what.
func TestFaultsNameTheirFields(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Editor)
	const path = "/desk/sources/new"
	a := v.upload(path, v.get(path).form(path), "", nil).status(400).whole()
	want := word("field.title") + ": " + word("invalid.required")
	if found := a.texts("section.errors"); len(found) != 1 || !strings.Contains(found[0], want) {
		t.Errorf("%q does not stand in %q", want, found)
	}
}

// script is what nobody may get into a page.
const script = `"><script>alert(1)</script><img src=x onerror=alert(2)>`

func TestScriptIsEscaped(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Editor)
	clean := func(a *answer) {
		t.Helper()
		a.hasNot("<script>alert", "<img src=x")
	}
	for _, rf := range recordForms() {
		path := "/desk/" + rf.plural + "/new"
		form := v.get(path).status(200).form(path)
		for name := range form {
			if name == "names.kind" || name == "rev" {
				continue
			}
			for i := range form[name] {
				form[name][i] = script
			}
		}
		clean(v.post(path, form)) // searches, because there are words in the search boxes
		for name := range form {
			if strings.HasSuffix(name, ".q") {
				form.Del(name)
			}
		}
		clean(v.post(path, form).status(400))
		query := url.Values{}
		for name := range form {
			query.Set(name, script)
		}
		clean(v.get(path + "?" + query.Encode()))
	}
	source := newSource(v, script, script+" killed")
	event := newEventOf(v, script, "2013-01-10")
	form := v.get("/desk/events/" + event + "/edit").form("/desk/events/" + event + "/edit")
	v.post("/desk/events/"+event+"/edit", filled(form, "summary.text", script, "subtype", script, "note", script, "reason", script, "where.site", script, "when.printed", script)).status(303)
	post := "/desk/sources/" + source + "/claims"
	form = v.get("/desk/sources/" + source).form(post)
	v.post(post, filled(form, "quote", script+" killed", "operator", "words", "words", script, "subject", "event:"+event, "attributed_to", script, "note", script, "scope.printed", script)).status(303)
	c := claimsOf(t, s, source)[0]
	form = v.get("/desk/review").form("/desk/review/" + string(c.ID))
	v.post("/desk/review/"+string(c.ID), filled(form, "state", "accepted", "reason", script)).status(303)
	v.post("/desk/publish", url.Values{"ref": {"source:" + source, "event:" + event, "claim:" + string(c.ID)}, "reason": {script}}).status(303)
	e, _ := standingOf[*record.Event](t, s, record.KindEvent, event)
	for _, path := range []string{
		"/desk", "/desk/sources", "/desk/sources/" + source, "/desk/sources/" + source + "?by=sentence", "/desk/sources/" + source + "/edit",
		"/desk/events", "/desk/events/" + event, "/desk/events/" + event + "/edit", "/desk/claims/" + string(c.ID), "/desk/review",
		"/desk/history/event/" + event, "/desk/history/claim/" + string(c.ID), "/desk/journal", "/desk/publish?ref=event:" + event,
		"/desk/erase/event/" + event, "/events/" + e.Slug, "/sources/" + source, "/events", "/", "/desk/events?q=" + url.QueryEscape(script),
	} {
		clean(v.get(path).status(200))
	}
	clean(s.get("/events/" + e.Slug).status(200))
	clean(s.get("/sources/" + source).status(200))
}

// TestRolesAndRoutes asks for every address of the desk as everybody.
func TestRolesAndRoutes(t *testing.T) {
	t.Parallel() // long, and waits in between
	s := organisedSite(t)
	who := map[access.Role]*visitor{access.Nobody: {site: s}}
	for _, role := range access.Roles() {
		who[role] = s.signedIn(role)
	}
	id := "018f3a00-0000-7000-8000-000000000000"
	fill := strings.NewReplacer("{id}", id, "{kind}", "event", "{hash}", strings.Repeat("0", 64), "{$}", "", "{part}", "demands", "{batch}", id, "{void}", id)
	for _, rt := range s.srv.deskRoutes() {
		method, path, _ := strings.Cut(rt.pattern, " ")
		if path == "/desk/sign-out" || strings.HasSuffix(path, "sign-out-everywhere") {
			continue // they end the sessions used here; see TestSignIn
		}
		path = fill.Replace(path)
		for role, v := range who {
			may := rt.need == anyone || rt.need == signedIn && role != access.Nobody || role != access.Nobody && v.viewer.May(rt.need)
			a := v.do(method, path, "", "Cookie", v.cookie, "Content-Type", "application/x-www-form-urlencoded")
			switch {
			case rt.need == anyone:
				if a.StatusCode == http.StatusForbidden || a.StatusCode >= 500 {
					t.Errorf("%s %s as %q: %d", method, path, role, a.StatusCode)
				}
			case role == access.Nobody && method == "GET":
				if a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/desk/sign-in?next=") {
					t.Errorf("%s %s as nobody: %d %s", method, path, a.StatusCode, a.Header.Get("Location"))
				}
			case role == access.Nobody:
				if a.StatusCode != http.StatusUnauthorized {
					t.Errorf("%s %s as nobody: %d", method, path, a.StatusCode)
				}
			case !may:
				if a.StatusCode != http.StatusForbidden {
					t.Errorf("%s %s as %q: %d, want 403", method, path, role, a.StatusCode)
				}
			default:
				if a.StatusCode == http.StatusForbidden || a.StatusCode == http.StatusUnauthorized || a.StatusCode >= 500 {
					t.Errorf("%s %s as %q: %d\n%.300s", method, path, role, a.StatusCode, a.body)
				}
			}
			if method == "GET" && a.StatusCode == 200 {
				a.whole()
				if cc := a.Header.Get("Cache-Control"); role != access.Nobody && cc != "no-store" {
					t.Errorf("%s %s as %q may be kept in a cache: %q", method, path, role, cc)
				}
			}
		}
	}
}

func TestDraftsAreNotForReaders(t *testing.T) {
	s := emptySite(t)
	ed, reader := s.signedIn(access.Editor), s.signedIn(access.Reader)
	event := newEventOf(ed, "A draft of Testfall", "2013")
	reader.get("/desk/events/" + event).status(404).hasNot("A draft")
	reader.get("/desk/events").status(200).hasNot("A draft")
	reader.get("/desk/events?q=draft").status(200).hasNot("A draft of")
	reader.get("/desk/history/event/" + event).status(404)
	secret := newSource(ed, "A witness", "what the witness saw")
	form := ed.get("/desk/sources/" + secret + "/edit").form("/desk/sources/" + secret + "/edit")
	ed.post("/desk/sources/"+secret+"/edit", filled(form, "sensitivity", "confidential")).status(303)
	reader.get("/desk/sources/" + secret).status(404).hasNot("witness saw")
	a := ed.get("/desk/sources/" + secret).status(200)
	for _, n := range a.find("a") {
		if strings.Contains(attr(n, "href"), "/desk/copies/") {
			got := ed.get(attr(n, "href")).status(200).has("what the witness saw")
			if d := got.Header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") {
				t.Errorf("a copy is not sent as a download: %q", d)
			}
			reader.get(attr(n, "href")).status(404)
		}
	}
}

func TestSlugsOfOneName(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Editor)
	var slugs []string
	for range 3 {
		e, _ := standingOf[*record.Event](t, s, record.KindEvent, newEventOf(v, "Testfall", "2013"))
		slugs = append(slugs, e.Slug)
	}
	if want := []string{"testfall-2013", "testfall-2013-2", "testfall-2013-3"}; !slices.Equal(slugs, want) {
		t.Errorf("slugs are %v", slugs)
	}
	path := "/desk/events/new"
	form := v.get(path).form(path)
	v.post(path, filled(form, "title.text", "Another", "slug", "testfall-2013")).status(400).has(word("invalid.taken"), "Another")
}

// TestAmountsNameTheirCurrency enters an amount of money and reads it on the public
// page, above its claims and among them.
func TestAmountsNameTheirCurrency(t *testing.T) {
	s := emptySite(t)
	ed, second := s.signedIn(access.Editor), s.signedIn(access.Admin)
	source := newSource(ed, "Payments", "The office announced 2,500,000 rupees for each family.")
	event := newEventOf(ed, "Testfall", "2013-01-10")
	claims := "/desk/sources/" + source + "/claims"
	form := ed.get("/desk/sources/" + source).status(200).whole().form(claims)
	ed.post(claims, filled(form, "quote", "2,500,000 rupees for each family", "measure", "money", "operator", "exact", "low", "2500000", "unit", "pkr", "subject", "event:"+event)).status(303)
	decide := "/desk/review/" + string(claimsOf(t, s, source)[0].ID)
	second.post(decide, filled(second.get("/desk/claims/"+string(claimsOf(t, s, source)[0].ID)).status(200).whole().form(decide), "state", "accepted", "reason", "it says so")).status(303)
	publish := "/desk/publish"
	ed.post(publish, filled(ed.get(publish+"?ref=event:"+event).status(200).whole().form(publish), "do", "publish", "reason", "read")).status(303)
	s.get("/events/testfall-2013-01-10").status(200).whole().has("<h3>Money, in PKR</h3>", "2,500,000 PKR")
}

func TestDecisionIsChanged(t *testing.T) {
	s := emptySite(t)
	ed, second := s.signedIn(access.Editor), s.signedIn(access.Admin)
	source := newSource(ed, "Blasts", articleText)
	event := newEventOf(ed, "Testfall", "2013-01-10")
	newClaim(ed, source, event, "more than 40 people were killed", "more_than", "40")
	c := claimsOf(t, s, source)[0]
	page, post := "/desk/claims/"+string(c.ID), "/desk/review/"+string(c.ID)
	second.post(post, filled(second.get(page).status(200).whole().form(post), "state", "accepted", "reason", "it says so")).status(303)

	// Where the source is a draft, the check offers it: without it the claim stays inside.
	publish, words := "/desk/publish?ref=event:"+event, "more than 40"
	ed.get(publish).status(200).whole().has(words, "Blasts").hasNot(word("desk.with_drafts"), word("publish.stays.source"))
	edit := "/desk/sources/" + source + "/edit"
	ed.post(edit, filled(ed.get(edit).status(200).form(edit), "visibility", "draft")).status(303)
	check := ed.get(publish).status(200).whole().has(word("desk.with_drafts"), "Blasts", word("publish.stays.source"))
	if form := check.form("/desk/publish"); form.Get("ref") != "event:"+event {
		t.Errorf("the form is about %v", form["ref"])
	}
	ed.get(publish+"&ref=source:"+source).status(200).whole().has(words, "Blasts").hasNot(word("desk.with_drafts"), word("publish.stays.source"))

	second.post(post, filled(second.get(page).form(post), "state", "retracted")).status(400).whole().has(word("invalid.required"))
	second.post(post, filled(second.get(page).form(post), "state", "retracted", "reason", "the outlet took it back")).status(303)
	second.get(page).status(200).has("the outlet took it back")
	if c := claimsOf(t, s, source)[0]; c.Review.State != record.Retracted {
		t.Errorf("state is %s", c.Review.State)
	}
}

// TestCheckBeforePublishing lists persons, accusations without ground and
// sentences that no claim bears out.
func TestCheckBeforePublishing(t *testing.T) {
	s := emptySite(t)
	ed := s.signedIn(access.Editor)
	event := newEventOf(ed, "Testfall", "2013-01-10")
	path := "/desk/events/" + event + "/edit"
	form := ed.get(path).form(path)
	ed.post(path, filled(form, "summary.text", "At least 77 people were killed by gunmen on motorcycles.")).status(303)

	form = filled(ed.get("/desk/people/new").form("/desk/people/new"), "names.text", "Suspect Testperson", "vital", "living")
	person := ed.post("/desk/people/new", form).id("/desk/people/")
	in := "/desk/involvements/new"
	form = ed.get(in + "?event=event:" + event + "&who=person:" + person).status(200).form(in)
	ed.post(in, filled(form, "role", "accused")).status(400).has(word("invalid.required"))
	ed.post(in, filled(form, "role", "accused", "status", "charged", "visibility", "internal")).status(303)

	ed.get("/desk/publish?ref=event:" + event).status(200).whole().has("At least 77 people were killed")
	check := ed.get("/desk/publish?ref=person:"+person).status(200).whole().has(word("publish.blocked.consent"), word("desk.blocked"))
	if len(check.find("button")) > 0 && strings.Contains(check.body, `value="publish"`) {
		t.Error("what is blocked can be published")
	}
	ed.post("/desk/publish", url.Values{"ref": {"person:" + person}, "reason": {"why not"}}).status(400).has("why not")
	s.get("/people/suspect-testperson").status(404)
}
