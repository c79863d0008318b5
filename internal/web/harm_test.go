package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// plant is a small invented record in which every place that must stay inside
// holds a word of its own.
type plant struct {
	*site
	event, hiddenEvent     *record.Event
	source, internalSource *record.Source
	termsSource            *record.Source
	person, hiddenPerson   *record.Person
	party, internalParty   *record.Party
	total                  *record.Total
	claim                  *record.Claim
}

// secret marks words that no page, feed or document of the public may hold.
const secret = "zweigeheim"

func (p *plant) id() string {
	p.t.Helper()
	id, err := p.house.NewID()
	if err != nil {
		p.t.Fatal(err)
	}
	return id
}

func (p *plant) save(rec record.Record) {
	p.t.Helper()
	if err := p.house.Save(context.Background(), access.House(), rec, 0, secret+"reason"); err != nil {
		p.t.Fatalf("%s: %v", rec.Ref(), err)
	}
}

func number(n int64) *int64 { return &n }

// planted makes the record. words is what the public may read in every text
// field; hostile text goes there.
func planted(t testing.TB, words string) *plant {
	t.Helper()
	p := &plant{site: emptySite(t)}
	text := func(s string) record.Text { return record.Plain("en", s) }
	consent := []record.Consent{
		{Purpose: record.ToStore, Given: true, Basis: record.BasisKin, By: secret + "kin", Relation: secret + "relation", Note: secret + "consentnote"},
		{Purpose: record.ToPublish, Given: true, Basis: record.BasisKin, By: secret + "kin", Relation: secret + "relation"},
	}
	accepted := record.Review{State: record.Accepted, Reason: secret + "reviewreason"}

	p.party = &record.Party{ID: record.PartyID(p.id()), Slug: "testfall-community", Names: []record.Name{{Text: "Testfall Community " + words, Lang: "en", Kind: record.NamePrimary}}, Kind: record.Community, About: text(words), Note: secret + "partynote", Visibility: record.Public}
	p.internalParty = &record.Party{ID: record.PartyID(p.id()), Slug: "secret-party", Names: []record.Name{{Text: secret + "party", Kind: record.NamePrimary}}, Kind: record.Organisation, Visibility: record.Internal}
	p.person = &record.Person{ID: record.PersonID(p.id()), Slug: "test-person", Names: []record.Name{{Text: "Test Person " + words, Lang: "en", Kind: record.NamePrimary}}, Vital: record.Dead, About: text(words), Consents: consent, Note: secret + "personnote", Visibility: record.Public}
	p.hiddenPerson = &record.Person{ID: record.PersonID(p.id()), Slug: "secret-person", Names: []record.Name{{Text: secret + "person", Kind: record.NamePrimary}}, Vital: record.Living, Visibility: record.Internal}
	p.source = &record.Source{ID: record.SourceID(p.id()), Type: record.TypeArticle, Title: text("Test report " + words), Publisher: "Test Post " + words, Author: words, URL: "https://example.org/a", Published: record.On("2013-01-11"), Summary: text(words), Sensitivity: record.Open, Terms: record.TermsCredit, Credit: "Creditworthy Archive " + words, Note: secret + "sourcenote", Visibility: record.Public}
	p.internalSource = &record.Source{ID: record.SourceID(p.id()), Type: record.TypeTestimony, Title: text(secret + "witness"), Publisher: secret + "publisher", Sensitivity: record.Confidential, Terms: record.TermsFree, Visibility: record.Internal}
	p.termsSource = &record.Source{ID: record.SourceID(p.id()), Type: record.TypeDataset, Title: text(secret + "dataset"), Publisher: secret + "compiler", Sensitivity: record.Open, Terms: record.TermsInternal, Visibility: record.Internal}
	p.event = &record.Event{
		ID: record.EventID(p.id()), Slug: "testfall", Title: text("Attack at Testfall " + words), Summary: text(words), Type: record.TypeAttack, Subtype: words, Status: record.Held,
		When: record.On("2013-01-10"), Where: record.Place{Site: words, Town: "Testfall", Country: "PK", Point: &record.Point{Lat: 30, Lon: 67}, Precision: record.PreciseTown},
		Struck: []record.Struck{{Party: p.party.ID}}, Note: secret + "eventnote", Visibility: record.Public,
	}
	p.hiddenEvent = &record.Event{ID: record.EventID(p.id()), Slug: "secret-event", Title: text(secret + "event"), Type: record.TypeProtest, Status: record.Planned, When: record.On("2030-01-01"), ResponseTo: []record.EventID{p.event.ID}, Visibility: record.Internal}
	p.total = &record.Total{ID: record.TotalID(p.id()), Slug: "test-total", Title: text("Test total " + words), Summary: text(words), Frame: record.Frame{Communities: []record.PartyID{p.party.ID}, Country: "PK"}, Note: secret + "totalnote", Visibility: record.Public}
	for _, r := range []record.Record{p.party, p.internalParty, p.person, p.hiddenPerson, p.source, p.internalSource, p.termsSource, p.event, p.hiddenEvent, p.total} {
		p.save(r)
	}
	claim := func(src record.SourceID, vis record.Visibility, note string, fill func(*record.Claim)) *record.Claim {
		c := &record.Claim{
			ID: record.ClaimID(p.id()), Source: src, Subject: p.event.Ref(), Kind: record.KindMeasure, Measure: record.Killed, Form: record.Incident,
			Operator: record.Exact, Low: number(12), High: number(12), Words: "12", Role: record.Reported, AsOf: record.When{Date: edtf.MustParse("2013-01-10")},
			Note: secret + note, MadeBy: secret + "maker", Review: accepted, Visibility: vis,
		}
		fill(c)
		p.save(c)
		return c
	}
	p.claim = claim(p.source.ID, record.Public, "claimnote", func(c *record.Claim) {
		c.AttributedTo = record.Attribution{Text: "officer " + words}
		c.ScopePrinted, c.Passage = words, record.Passage{Locator: "page 1 " + words}
	})
	claim(p.internalSource.ID, record.Internal, "a", func(c *record.Claim) { c.Low, c.High, c.Words = number(987654), number(987654), "987654" })
	claim(p.termsSource.ID, record.Internal, "b", func(c *record.Claim) { c.Low, c.High, c.Words = number(876543), number(876543), "876543" })
	claim(p.source.ID, record.Internal, "c", func(c *record.Claim) { c.Low, c.High, c.Words = number(765432), number(765432), "765432" })
	claim(p.source.ID, record.Public, "d", func(c *record.Claim) {
		c.Kind, c.Measure, c.Form, c.Operator, c.Low, c.High, c.Words, c.Role = record.KindStatement, "", "", "", nil, nil, "", ""
		c.Topic, c.Stance, c.Statement = words+"topic", record.Alleges, text("says "+words)
	})
	claim(p.source.ID, record.Public, "e", func(c *record.Claim) {
		c.Kind, c.Measure, c.Form, c.Operator, c.Low, c.High, c.Words, c.Role = record.KindAttribute, "", "", "", nil, nil, "", ""
		c.Attribute, c.Value = record.AttrMethod, record.Value{Text: "by " + words}
	})
	claim(p.source.ID, record.Public, "f", func(c *record.Claim) {
		c.Subject, c.Form, c.Low, c.High, c.Words = p.total.Ref(), record.Aggregate, number(300), number(300), words
	})
	p.save(&record.Involvement{ID: record.InvolvementID(p.id()), Event: p.event.ID, Person: p.person.ID, Role: record.RoleKilled, Detail: text(words), Claims: []record.ClaimID{p.claim.ID}, Note: secret + "involvementnote", Visibility: record.Public})
	p.save(&record.Involvement{ID: record.InvolvementID(p.id()), Event: p.event.ID, Person: p.hiddenPerson.ID, Role: record.RoleWitness, Claims: []record.ClaimID{p.claim.ID}, Visibility: record.Internal})
	p.save(&record.Involvement{ID: record.InvolvementID(p.id()), Event: p.event.ID, Party: p.internalParty.ID, Role: record.RoleParticipant, Claims: []record.ClaimID{p.claim.ID}, Visibility: record.Internal})
	p.save(&record.Involvement{ID: record.InvolvementID(p.id()), Event: p.event.ID, Group: record.Group{Name: text("poets " + words)}, Role: record.RoleBereaved, Claims: []record.ClaimID{p.claim.ID}, Visibility: record.Public})
	p.save(&record.Tie{ID: record.TieID(p.id()), From: p.person.Ref(), To: p.hiddenPerson.Ref(), Kind: record.TieKin, Label: text(secret + "brother"), Visibility: record.Internal})
	return p
}

// addresses lists what the public can ask about the planted record.
func (p *plant) addresses() []string {
	return []string{
		"/", "/events", "/events?q=testfall", "/events?community=testfall-community", "/events?place=Testfall&killed=1", "/events/testfall",
		"/events/testfall?rule=ucdp", "/events/testfall?rule=acled", "/events/testfall/figure/killed?rule=gawah/1&entry=5",
		"/people", "/people/test-person", "/parties", "/parties?kind=organisation", "/parties/testfall-community", "/sources",
		"/sources/" + string(p.source.ID), "/totals", "/totals/test-total", "/petitions", "/follow-up", "/method", "/search?q=testfall", "/search?q=" + secret + "witness",
		"/history/event/" + string(p.event.ID), "/history/person/" + string(p.person.ID), "/history/claim/" + string(p.claim.ID), "/history/source/" + string(p.source.ID),
		"/corrections", "/ask?about=event:" + string(p.event.ID), "/ask?about=person:" + string(p.hiddenPerson.ID), "/ask/status", "/data",
		"/feeds/events.atom", "/feeds/changes.atom", "/feeds/corrections.atom", "/sitemap.xml", "/robots.txt",
		"/events.csv", "/events.csv?parts=yes&q=testfall", "/api/v1/events", "/api/v1/events/testfall", "/api/v1/figures?event=testfall", "/api/v1/claims?event=testfall", "/api/v1/claims?source=" + string(p.source.ID),
		"/api/v1/claims?person=test-person", "/api/v1/claims?party=testfall-community", "/api/v1/claims?total=test-total", "/api/v1/sources",
		"/api/v1/sources/" + string(p.source.ID), "/api/v1/parties", "/api/v1/people", "/api/v1/totals", "/api/v1/totals/test-total",
		"/api/v1/search?q=testfall", "/api/v1/search?q=" + secret + "event", "/api/v1/openapi.json",
	}
}

// inner are the addresses of what stays inside.
func (p *plant) inner() []string {
	return []string{
		"/events/secret-event", "/events/" + string(p.hiddenEvent.ID), "/people/secret-person", "/people/" + string(p.hiddenPerson.ID), "/parties/secret-party",
		"/sources/" + string(p.internalSource.ID), "/sources/" + string(p.termsSource.ID), "/history/event/" + string(p.hiddenEvent.ID),
		"/history/person/" + string(p.hiddenPerson.ID), "/history/source/" + string(p.internalSource.ID), "/api/v1/events/secret-event",
		"/api/v1/sources/" + string(p.internalSource.ID), "/api/v1/claims?source=" + string(p.termsSource.ID), "/api/v1/claims?person=secret-person",
		"/api/v1/figures?event=secret-event", "/events/secret-event/figure/killed?rule=gawah/1&entry=5",
	}
}

// inside are words and numbers of what is not public.
var inside = []string{secret, "987654", "987,654", "876543", "876,543", "765432", "765,432"}

// roles maps who is asking to the header that says so.
func (p *plant) roles() map[string][]string {
	p.t.Helper()
	out := map[string][]string{"nobody": nil}
	for _, role := range access.Roles() {
		out[string(role)] = []string{"Cookie", "gawah_session=" + p.signIn(role)}
	}
	return out
}

// signIn makes an account with a role and returns its session.
func (p *plant) signIn(role access.Role) string {
	p.t.Helper()
	ctx := context.Background()
	email := string(role) + "@example.org"
	code, err := p.house.AddAccount(ctx, access.House(), email, "Test "+string(role), role)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.house.SetUp(ctx, code, email, "Test "+string(role), "a long test sentence"); err != nil {
		p.t.Fatal(err)
	}
	token, _, err := p.house.SignIn(ctx, email, "a long test sentence", "192.0.2.1")
	if err != nil {
		p.t.Fatal(err)
	}
	return token
}

// Nothing of what is inside appears on any page, feed or document for the
// public, nor for anybody who asks to see what the public sees, nor in the data
// interface, which is the public's for every role.
func TestWhatIsInsideStaysInside(t *testing.T) {
	p := planted(t, "plainword")
	for role, header := range p.roles() {
		for _, path := range p.addresses() {
			if strings.HasPrefix(path, "/history/") || strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/feeds/") || path == "/sitemap.xml" {
				// The same for everybody.
			} else if role != "nobody" {
				sep := "?"
				if strings.Contains(path, "?") {
					sep = "&"
				}
				path += sep + "as=public"
			}
			a := p.get(path, header...)
			if a.StatusCode != 200 {
				t.Errorf("%s asks for %s: status %d", role, path, a.StatusCode)
			}
			body := a.body
			if strings.Contains(path, "q="+secret) {
				body = strings.ReplaceAll(body, secret+"witness", "")
				body = strings.ReplaceAll(body, secret+"event", "")
			}
			for _, w := range inside {
				if strings.Contains(body, w) {
					t.Errorf("%s asks for %s: holds %q", role, path, w)
				}
			}
			if role != "nobody" && a.Header.Get("Cache-Control") != "no-store" && !strings.HasPrefix(path, "/api/") {
				t.Errorf("%s asks for %s: may be cached (%s)", role, path, a.Header.Get("Cache-Control"))
			}
		}
		for _, path := range p.inner() {
			public := strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/history/") || strings.Contains(path, "/figure/")
			if role != "nobody" && !public {
				continue
			}
			a := p.get(path, header...)
			if a.StatusCode != 404 {
				t.Errorf("%s asks for %s: status %d, want 404", role, path, a.StatusCode)
			}
			for _, w := range inside {
				if strings.Contains(strings.ReplaceAll(a.body, path, ""), w) {
					t.Errorf("%s asks for %s: the error holds %q", role, path, w)
				}
			}
		}
	}
}

// A reader of the house sees what is internal, marked, and still no confidential
// source and no other role's notes.
func TestReaderSeesInternalMarked(t *testing.T) {
	p := planted(t, "plainword")
	reader := []string{"Cookie", "gawah_session=" + p.signIn(access.Reader)}
	p.get("/people/secret-person", reader...).status(200).has(secret + "person")
	a := p.get("/events/testfall", reader...).status(200)
	a.has("765,432", word("visibility.internal"), word("site.inside"), word("figure.desk")).hasNot("/figure/killed", "987,654", secret+"witness", secret+"eventnote", secret+"reviewreason")
	p.get("/sources/"+string(p.internalSource.ID), reader...).status(404)
	p.get("/events/testfall").status(200).hasNot("765,432")
}

// hostile would run or break out if any page set it without escaping.
const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>' javascript:x {{.}} &`

// Script in any text field stays text.
func TestScriptInAnyFieldStaysText(t *testing.T) {
	p := planted(t, hostile)
	for _, path := range p.addresses() {
		a := p.get(path)
		if a.StatusCode != 200 {
			t.Errorf("%s: status %d", path, a.StatusCode)
			continue
		}
		switch kind := a.Header.Get("Content-Type"); {
		case strings.HasPrefix(kind, "text/html"):
			checkPage(t, path, a)
			for _, n := range a.find("img") {
				if !strings.HasPrefix(attr(n, "src"), "/cards/") { // our own
					t.Errorf("%s: holds an <img src=%q>", path, attr(n, "src"))
				}
			}
		case kind == typeJSON:
			if !json.Valid([]byte(a.body)) {
				t.Errorf("%s: is no JSON", path)
			}
			a.hasNot("<script>")
		case strings.Contains(kind, "xml"):
			a.hasNot("<script>", "<img")
		}
	}
	for _, path := range []string{
		"/search?q=" + queryEscape(hostile), "/events?q=" + queryEscape(hostile) + "&place=" + queryEscape(hostile) + "&from=" + queryEscape(hostile) + "&killed=" + queryEscape(hostile),
		"/ask?about=" + queryEscape(hostile) + "&page=" + queryEscape(hostile), "/events?after=" + queryEscape(hostile), "/nothing/" + queryEscape(hostile), "/?done=" + queryEscape(hostile),
	} {
		checkPage(t, path, p.get(path))
	}
	checkPage(t, "POST /ask", p.post("/ask", "words="+queryEscape(hostile)+"&about="+queryEscape(hostile)+"&page="+queryEscape(hostile)+"&kind=x"))
}

// Every answer carries the headers that hold a browser to the rules.
func TestSecurityHeaders(t *testing.T) {
	s := exampleSite(t)
	for _, path := range []string{"/", "/nothing", "/api/v1/events", "/feeds/events.atom", "/healthz", "/ask"} {
		h := s.get(path).Header
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Content-Security-Policy": policy, "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		if h.Get("X-Request-Id") == "" {
			t.Errorf("%s: no request number", path)
		}
		if h.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: asks for https over http", path)
		}
		if got := h.Get("Access-Control-Allow-Origin"); (got == "*") != strings.HasPrefix(path, "/api/") {
			t.Errorf("%s: other sites' scripts may read it: %q", path, got)
		}
	}
	// A form from another site changes nothing.
	s.post("/ask", "kind=hide&words=x", "Origin", "https://elsewhere.example").status(http.StatusForbidden)
	s.post("/ask", "kind=hide&words=x", "Sec-Fetch-Site", "cross-site").status(http.StatusForbidden)
	// Too much is refused before it is read.
	s.post("/ask", "kind=correct&words="+strings.Repeat("x", 200_000)).status(http.StatusRequestEntityTooLarge)
	s.post("/ask", "kind=correct&words="+strings.Repeat("x", 100_000)).status(http.StatusUnprocessableEntity).has("xxxxxxxxxx") // too long, and not lost
	for _, path := range []string{"/static/../../etc/passwd", "/static/%2e%2e/%2e%2e/go.mod", "/events/..%2f..%2fgo.mod", "/sources/../../x"} {
		if a := s.get(path); a.StatusCode == 200 {
			t.Errorf("%s: status 200", path)
		}
	}
}
