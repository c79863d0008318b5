package web

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/testneed"
)

// followPlant is a planted record with what is followed: beside each thing that
// is public stands one that is not.
type followPlant struct {
	*plant
	office     *record.Party
	protest    *record.Event
	demand     *record.Demand
	commitment *record.Commitment
	proceeding *record.Proceeding
}

func plantedFollowed(t *testing.T, words string) *followPlant {
	t.Helper()
	p := &followPlant{plant: planted(t, words)}
	text := func(s string) record.Text { return record.Plain("en", s) }
	claims := []record.ClaimID{p.claim.ID}
	p.office = &record.Party{ID: record.PartyID(p.id()), Slug: "test-office", Names: []record.Name{{Text: "Test Office " + words, Lang: "en", Kind: record.NamePrimary}}, Kind: record.Office, Visibility: record.Public}
	p.protest = &record.Event{
		ID: record.EventID(p.id()), Slug: "test-protest", Title: text("Sit-in " + words), Type: record.TypeSitIn, Status: record.Held, When: record.On("2013-01-11"),
		Where: record.Place{Town: "Testfall", Country: "PK", Point: &record.Point{Lat: 30, Lon: 67}, Precision: record.PreciseTown}, ResponseTo: []record.EventID{p.event.ID}, Visibility: record.Public,
	}
	threat := &record.Event{
		ID: record.EventID(p.id()), Slug: "test-threat", Title: text("Threat " + words), Type: record.TypeThreat, Status: record.Held, When: record.On("2012-12-01"),
		Warnings: []record.Warning{{Attack: p.event.ID, Claims: claims}}, Visibility: record.Public,
	}
	due := record.Due{Day: "2013-02-01", Zone: "Asia/Karachi", Origin: record.DueStated, Printed: words}
	p.commitment = &record.Commitment{
		ID: record.CommitmentID(p.id()), Slug: "test-commitment", Text: text("Compensation " + words), By: []record.Promiser{{Party: p.office.ID, Office: text("Office " + words), Holder: text(words)}},
		ToText: text("families " + words), Attack: p.event.ID, In: p.protest.ID, Made: record.On("2013-01-12"), Due: due, Conditions: text(words),
		Amounts: []record.Amount{
			{Value: 2500000, Currency: "PKR", Per: record.PerFamily, Part: text(words), Printed: words, Claims: claims},
			{Value: 1500000, Currency: "PKR", Per: record.PerFamily, Part: text(words), Printed: words, Claims: claims},
		},
		Offer: &record.Offer{Answer: record.OfferRefused, By: text(words), On: record.On("2013-01-13"), Claims: claims}, Plan: record.PlanCompensate,
		Steps: []record.Step{{Key: "paid", Kind: record.StepPaid, Essential: true, Want: 9}}, Claims: claims, Note: secret + "commitmentnote", Visibility: record.Public,
	}
	hidden := &record.Commitment{ID: record.CommitmentID(p.id()), Slug: "secret-commitment", Text: text(secret + "commitment"), By: []record.Promiser{{Party: p.office.ID}}, Attack: p.event.ID, Made: record.On("2013-01-12"), Claims: claims, Visibility: record.Internal}
	p.demand = &record.Demand{
		ID: record.DemandID(p.id()), Slug: "test-demand", Text: text("Prosecute " + words + strings.Repeat(" and so on", 20)), Of: p.protest.Ref(), Attack: p.event.ID, By: []record.PartyID{p.party.ID}, ByText: text(words), Made: record.On("2013-01-11"),
		Addressees: []record.DemandAddressee{
			{Key: "office", Party: p.office.ID, Office: text("Office " + words), Holder: text(words), Country: "PK", Zone: "Asia/Karachi"},
			{Key: "second", Office: text("Second office"), Country: "PK", Zone: "Asia/Karachi"},
			{Key: "person", Office: text("Third office"), Holder: text("Holder " + words), Personal: true, Country: "PK", Zone: "Asia/Karachi"},
		},
		Bases: []record.LegalBasis{{Key: "law", Instrument: text("Law " + words), Article: words, Duty: text(words), Reserved: text(words)}}, Due: due, Plan: record.PlanProsecute,
		Steps:       []record.Step{{Key: "complaint", Kind: record.StepComplaint, Essential: true, Text: text("Complaint " + words)}, {Key: "escape", Kind: record.StepEscape}},
		Positions:   []record.Position{{Name: text("Others " + words), Stance: record.PositionSupports, Claims: claims}},
		Commitments: []record.CommitmentLink{{Commitment: p.commitment.ID, How: record.LinkBeyond}},
		Pauses:      []record.ClockPause{{From: "2014-01-01", To: "2014-02-01", Reason: text(words)}}, Claims: claims, Note: secret + "demandnote", Visibility: record.Public,
	}
	draft := &record.Demand{ID: record.DemandID(p.id()), Slug: "secret-demand", Text: text(secret + "demand"), Of: p.hiddenEvent.Ref(), Attack: p.event.ID, Addressees: []record.DemandAddressee{{Key: "office", Party: p.office.ID, Zone: "Asia/Karachi"}}, Visibility: record.Internal}
	p.proceeding = &record.Proceeding{
		ID: record.ProceedingID(p.id()), Slug: "test-case", Events: []record.EventID{p.event.ID}, Group: record.Group{Name: text("two masterminds " + words), Low: number(2), High: number(2)}, Title: text("Case " + words),
		Reply: text(words), Jurisdiction: text(words), Country: "PK", Number: words, Looked: []record.Looked{{Where: text(words), On: "2020-01-01"}}, Claims: claims, Note: secret + "casenote", Visibility: record.Public,
		Steps: []record.ChainStep{
			{Kind: record.StepComplaint, On: record.On("2013-01-11"), By: p.office.ID, Detail: text(words), Claims: claims},
			{Kind: record.StepArrest, On: record.On("2014"), By: p.internalParty.ID, Low: number(2), High: number(2), Claims: claims, Reports: true},
			{Kind: record.StepEscape, On: record.On("2015"), Event: p.hiddenEvent.ID, Claims: claims},
		},
	}
	named := &record.Proceeding{ID: record.ProceedingID(p.id()), Slug: "secret-case", Events: []record.EventID{p.event.ID}, Person: p.hiddenPerson.ID, Title: text(secret + "case"), Visibility: record.Internal}
	for _, r := range []record.Record{p.office, p.protest, threat} {
		p.save(r)
	}
	series := func(title, collection string, v record.Visibility) *record.Coverage {
		return &record.Coverage{
			ID: record.CoverageID(p.id()), Event: p.event.ID, Title: text(title), Collection: collection, Query: words, Language: "en", Tool: record.ToolOther, Made: record.On("2013-02-01"),
			Days: []record.DayCount{{Day: "2013-01-10", Matched: 10, All: 1000}, {Day: "2013-01-11", Matched: 40, All: 1000}}, Note: secret + "coveragenote", Visibility: v,
		}
	}
	all := []record.Record{
		p.commitment, hidden, p.demand, draft, p.proceeding, named,
		series("Coverage "+words, "Example nationals "+words, record.Public), series(secret+"coverage", secret+"collection", record.Internal),
	}
	judged := func(of record.Ref, vis record.Visibility, state record.ReviewState, reason string, fill func(*record.Assessment)) {
		a := &record.Assessment{
			ID: record.AssessmentID(p.id()), Of: of, Axis: record.AxisProgress, By: record.ByOrganisation, Progress: record.MetInPart, On: "2016-01-01", Reason: text(reason), Claims: claims,
			Events: []record.EventID{p.protest.ID}, RightOfReply: text(words), Original: words, Note: secret + "assessmentnote", Review: record.Review{State: state, Reason: secret + "why"}, Visibility: vis,
		}
		if fill != nil {
			fill(a)
		}
		all = append(all, a)
	}
	for _, of := range []record.Ref{p.demand.Ref(), p.commitment.Ref()} {
		judged(of, record.Public, record.Accepted, words+" reason", nil)
		judged(of, record.Public, record.Accepted, words+" earlier", func(a *record.Assessment) { a.On = "2015-01-01" })
		judged(of, record.Public, record.Retracted, words+" taken back", func(a *record.Assessment) { a.On, a.Progress = "2016-02-02", record.Met })
		judged(of, record.Public, record.Accepted, words+" no answer", func(a *record.Assessment) {
			a.Axis, a.Progress, a.Response, a.Looked = record.AxisResponse, "", record.NoneFound, []record.Looked{{Where: text(words), On: "2016-01-01"}}
		})
		judged(of, record.Internal, record.Suggested, secret+"unreviewed", func(a *record.Assessment) { a.On, a.Progress = "2017-01-01", record.Met })
		judged(of, record.Internal, record.Accepted, secret+"internal", func(a *record.Assessment) { a.On, a.By = "2017-01-02", record.ByFamilies })
		judged(of, record.Draft, record.Suggested, secret+"draft", func(a *record.Assessment) { a.On = "2018-01-01" })
	}
	c := &exchange.Casefile{Records: all, Lines: make([]int, len(all))}
	done, err := p.house.ImportCasefile(t.Context(), access.House(), c, casework.CasefileOptions{Reason: secret + "reason"})
	if err != nil {
		t.Fatal(err)
	}
	if len(done.Problems) > 0 {
		t.Fatal(done.Problems)
	}
	return p
}

// followed lists what the public can ask about what is followed.
func (p *followPlant) followed() []string {
	return []string{
		"/follow-up", "/follow-up?of=commitments", "/follow-up?state=silent", "/follow-up?state=met_in_part&by=families", "/follow-up?attack=testfall&party=test-office", "/follow-up/test-office",
		"/follow-up/demands/test-demand", "/ur/follow-up/demands/test-demand", "/follow-up/commitments/test-commitment", "/fa/follow-up/commitments/test-commitment", "/follow-up/proceedings/test-case",
		"/follow-up/accountability", "/follow-up/accountability?community=testfall-community&population=10000&from=2010-01-01", "/follow-up/silence", "/follow-up/anniversaries",
		"/events/testfall", "/events/testfall/course", "/events/testfall/wave", "/events/testfall/coverage", "/ur/events/testfall/coverage", "/events/testfall/coverage.csv", "/cards/coverage/testfall.svg", "/parties/test-office", "/parties/testfall-community", "/trends",
		"/follow-up/data/demands.csv", "/follow-up/data/commitments.csv", "/follow-up/data/assessments.csv", "/follow-up/data/assessments.csv?demand=test-demand", "/follow-up/data/proceedings.csv",
		"/follow-up/data/silence.csv", "/follow-up/data/due.csv", "/follow-up/data/accountability.csv", "/follow-up/data/anniversaries.csv", "/events/testfall/course.csv", "/events/testfall/wave.csv",
		"/cards/follow-up.svg", "/cards/accountability.svg", "/cards/follow-up/test-office.svg", "/cards/demands/test-demand.svg", "/ur/cards/commitments/test-commitment.svg",
		"/feeds/follow-up.atom", "/feeds/follow-up/test-office.atom", "/feeds/follow-up/demands/test-demand.atom", "/feeds/follow-up/commitments/test-commitment.atom",
		"/feeds/follow-up/proceedings/test-case.atom", "/feeds/events/testfall.atom", "/feeds/trends.atom", "/sitemap.xml",
		"/history/demand/" + string(p.demand.ID), "/history/commitment/" + string(p.commitment.ID), "/history/proceeding/" + string(p.proceeding.ID),
		"/api/v1/demands", "/api/v1/demands/test-demand", "/api/v1/commitments", "/api/v1/commitments/test-commitment", "/api/v1/assessments?demand=test-demand", "/api/v1/assessments?commitment=test-commitment",
		"/api/v1/proceedings", "/api/v1/proceedings/test-case", "/api/v1/trends",
	}
}

// common says that an address answers the same to everybody.
func common(path string) bool {
	for _, start := range []string{"/api/", "/feeds/", "/history/", "/cards/", "/ur/cards/", "/follow-up/data/", "/sitemap"} {
		if strings.HasPrefix(path, start) {
			return true
		}
	}
	return false
}

// Drafts, what is internal, assessments nobody has reviewed, planned gatherings and
// people without a ground to be named appear nowhere for the public, nor for
// anybody who looks as the public does.
//
// Every role is tried where time does not matter, nobody and a reader always.
func TestWhatIsInsideOfFollowingUpStaysInside(t *testing.T) {
	p := plantedFollowed(t, "plainword")
	for role, header := range p.roles() {
		if !testneed.LongAsked() && role != "nobody" && role != string(access.Reader) {
			continue
		}
		for _, path := range p.followed() {
			if role != "nobody" && !common(path) {
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
			for _, w := range inside {
				if strings.Contains(a.body, w) {
					t.Errorf("%s asks for %s: holds %q", role, path, w)
				}
			}
		}
		for _, path := range []string{
			"/follow-up/demands/secret-demand", "/follow-up/commitments/secret-commitment", "/follow-up/proceedings/secret-case", "/follow-up/secret-party", "/follow-up?party=secret-party", "/follow-up?attack=secret-event",
			"/cards/demands/secret-demand.svg", "/feeds/follow-up/secret-party.atom", "/feeds/follow-up/demands/secret-demand.atom",
			"/feeds/follow-up/commitments/secret-commitment.atom", "/feeds/follow-up/proceedings/secret-case.atom", "/feeds/events/secret-event.atom", "/api/v1/demands/secret-demand", "/api/v1/demands?party=secret-party", "/api/v1/commitments/secret-commitment",
			"/api/v1/proceedings/secret-case", "/follow-up/data/demands.csv?party=secret-party", "/events/secret-event/course", "/events/secret-event/wave", "/follow-up?state=nonsense", "/cards/nothing.svg", "/trends/nothing",
		} {
			if role != "nobody" && !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/cards/") && !strings.HasPrefix(path, "/feeds/") {
				continue
			}
			if a := p.get(path, header...); a.StatusCode != 404 {
				t.Errorf("%s asks for %s: status %d, want 404", role, path, a.StatusCode)
			}
		}
	}
	// A reader of the house sees what is internal, and no note.
	reader := []string{"Cookie", "gawah_session=" + p.signIn2(access.Reader)}
	p.get("/follow-up/demands/secret-demand", reader...).status(200).has(secret+"demand", word("visibility.internal"))
	p.get("/follow-up/demands/test-demand", reader...).status(200).hasNot(secret+"demandnote", secret+"assessmentnote", secret+"why", secret+"draft")
}

// signIn2 signs in as an account that [plant.roles] has made.
func (p *followPlant) signIn2(role access.Role) string {
	p.t.Helper()
	token, _, err := p.house.SignIn(p.t.Context(), string(role)+"@example.org", "a long test sentence", "192.0.2.1")
	if err != nil {
		p.t.Fatal(err)
	}
	return token
}

// Script in any field of what is followed stays text, on pages, in cards, feeds
// and data.
func TestScriptInFollowingUpStaysText(t *testing.T) {
	p := plantedFollowed(t, hostile)
	p.staysText(t)
	for _, path := range []string{
		"/follow-up?q=" + queryEscape(hostile), "/follow-up?party=" + queryEscape(hostile), "/follow-up/accountability?from=" + queryEscape(hostile) + "&population=" + queryEscape(hostile),
		"/follow-up?by=" + queryEscape(hostile), "/trends/" + queryEscape(hostile), "/follow-up/demands/" + queryEscape(hostile),
	} {
		checkPage(t, path, p.get(path))
	}
}

// Characters that XML does not know, and marks that turn the direction of a line, break no
// drawing, feed, table or page.
func TestControlsInFollowingUpBreakNothing(t *testing.T) {
	p := plantedFollowed(t, "قرارداد\u202egpj.\u2066 \x01\x0b\x1b\ufffe\uffff]]>&#0;<!--")
	p.staysText(t)
	for _, path := range p.followed() {
		a := p.get(path)
		for _, w := range []string{"\x01", "\x0b", "\x1b", "\ufffe", "\uffff"} {
			if kind := a.Header.Get("Content-Type"); (strings.Contains(kind, "xml") || kind == typeSVG) && strings.Contains(a.body, w) {
				t.Errorf("%s holds %q", path, w)
			}
		}
	}
}

// staysText checks that what was planted is text in every answer, and every answer whole.
func (p *followPlant) staysText(t *testing.T) {
	t.Helper()
	for _, path := range p.followed() {
		a := p.get(path)
		if a.StatusCode != 200 {
			t.Errorf("%s: status %d", path, a.StatusCode)
			continue
		}
		switch kind := a.Header.Get("Content-Type"); {
		case strings.HasPrefix(kind, "text/html"):
			checkPage(t, path, a)
			for _, n := range a.find("img") {
				if !strings.HasPrefix(attr(n, "src"), "/") {
					t.Errorf("%s: holds an <img src=%q>", path, attr(n, "src"))
				}
			}
		case kind == typeJSON:
			if !json.Valid([]byte(a.body)) {
				t.Errorf("%s: is no JSON", path)
			}
			a.hasNot("<script>")
		case strings.Contains(kind, "xml"), kind == typeSVG:
			a.hasNot("<script", "<img")
			d := xml.NewDecoder(strings.NewReader(a.body))
			for {
				if _, err := d.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Errorf("%s: %v", path, err)
					break
				}
			}
		}
	}
}

// What was taken back is not given out as if it held: every answer with an assessment says its
// state, and no standing rests on it.
func TestTakenBackAssessmentsSaySo(t *testing.T) {
	p := plantedFollowed(t, "plainword")
	for _, path := range []string{"/api/v1/demands/test-demand", "/api/v1/commitments/test-commitment", "/api/v1/assessments?demand=test-demand"} {
		var out struct {
			Assessments, Items []struct{ On, State string }
		}
		if err := json.Unmarshal([]byte(p.get(path).status(200).body), &out); err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, a := range append(out.Assessments, out.Items...) {
			if want := map[bool]string{true: "retracted", false: "accepted"}[a.On == "2016-02-02"]; a.State != want {
				t.Errorf("%s: the assessment of %s is %q, want %q", path, a.On, a.State, want)
			}
			n++
		}
		if n < 2 {
			t.Errorf("%s has %d assessments", path, n)
		}
	}
	for _, path := range []string{"/follow-up/data/assessments.csv", "/follow-up/data/assessments.csv?demand=test-demand"} {
		rows, err := csv.NewReader(strings.NewReader(p.get(path).status(200).body)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		state, on := slices.Index(rows[0], "state"), slices.Index(rows[0], "on")
		if state < 0 {
			t.Fatalf("%s has no state: %v", path, rows[0])
		}
		for _, row := range rows[1:] {
			if (row[on] == "2016-02-02") != (row[state] == "retracted") {
				t.Errorf("%s: %v", path, row)
			}
		}
	}
	p.get("/follow-up/demands/test-demand").status(200).has(word("review.retracted"))
}

// A card is small, holds no script, and other sites may show it for a while.
func TestCards(t *testing.T) {
	p := plantedFollowed(t, "plainword")
	for _, path := range p.followed() {
		if !strings.Contains(path, "/cards/") {
			continue
		}
		a := p.get(path).status(200)
		if len(a.body) > 20<<10 {
			t.Errorf("%s: %d bytes", path, len(a.body))
		}
		for name, want := range map[string]string{
			"Content-Type": typeSVG, "Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=900", "Content-Security-Policy": policy,
		} {
			if got := a.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if a.Header.Get("ETag") == "" {
			t.Errorf("%s: no validator", path)
		}
	}
	p.get("/follow-up/demands/test-demand").has("/cards/demands/test-demand.svg", "&lt;a rel=", `readonly`)
}

// What was never looked at is told apart from what was looked for and not found,
// and accounts that nobody gave are not counted as either.
func TestUnknownIsNotNothing(t *testing.T) {
	p := plantedFollowed(t, "plainword")
	a := p.get("/follow-up/demands/test-demand").status(200)
	a.has(word("follow.response.none_found"), word("follow.progress.met_in_part"), word("follow.no_account"), "1 February 2013", "Asia/Karachi", "1391", "1434")
	p.get("/follow-up/commitments/test-commitment").status(200).has("2,500,000 PKR", "1,500,000 PKR", word("follow.amounts_conflict"), word("follow.offer.refused"))
	p.get("/follow-up/proceedings/test-case").status(200).has(word("follow.known.not_known"), word("follow.known.reported"), word("follow.known.way_out"), word("follow.outcome.none_known"))
	p.get("/events/testfall/wave").status(200).has(word("wave.no_number"), "Sit-in")
	p.get("/events/testfall/course").status(200).has(word("course.warning"), word("course.unanswered"))
	p.get("/parties/test-office").status(200).has("/follow-up/test-office")
}

// Whoever is named as accused has, on every list too, how far the case is and what they say
// to it beside the name; what loses its ground is named nowhere any more.
func TestNamedAccusedHasTheirReply(t *testing.T) {
	p := plantedFollowed(t, "plainword")
	text := func(s string) record.Text { return record.Plain("en", s) }
	person := &record.Person{
		ID: record.PersonID(p.id()), Slug: "zz-accused", Names: []record.Name{{Text: "Zz Accused", Lang: "en", Kind: record.NamePrimary}}, Vital: record.Living,
		Consents: []record.Consent{{Purpose: record.ToStore, Given: true, Basis: record.BasisAlreadyPublic}, {Purpose: record.ToPublish, Given: true, Basis: record.BasisAlreadyPublic}}, Visibility: record.Public,
	}
	p.save(person)
	var claims []record.ClaimID
	for _, publisher := range []string{"First Testfall Paper", "Second Testfall Paper"} {
		src := &record.Source{
			ID: record.SourceID(p.id()), Type: record.TypeArticle, Title: text("Report of " + publisher), Publisher: publisher, Language: "en", Sensitivity: record.Open, Terms: record.TermsFree, Visibility: record.Public,
		}
		c := &record.Claim{
			ID: record.ClaimID(p.id()), Source: src.ID, Subject: person.Ref(), Kind: record.KindStatement, Topic: "justice", Stance: record.Asserts, Statement: text("Was charged, says " + publisher + "."), Role: record.Reported, Language: "en",
			Review: record.Review{State: record.Accepted}, Visibility: record.Public,
		}
		p.save(src)
		p.save(c)
		claims = append(claims, c.ID)
	}
	accused := &record.Proceeding{
		ID: record.ProceedingID(p.id()), Slug: "case-2", Title: text("The case against Zz Accused"), Events: []record.EventID{p.event.ID}, Person: person.ID, Reply: text("I was in another town."), Claims: claims,
		Steps: []record.ChainStep{{Kind: record.StepCharge, On: record.On("2014"), Claims: claims}}, Visibility: record.Internal,
	}
	id, err := p.srv.following.MakeProceeding(t.Context(), access.House(), accused, "test")
	if err != nil {
		t.Fatal(err)
	}
	ref := record.Ref{Kind: record.KindProceeding, ID: string(id)}
	if err := p.house.Publish(t.Context(), access.House(), []record.Ref{ref}, "grounded"); err != nil {
		t.Fatal(err)
	}
	lists := []string{
		"/follow-up/accountability", "/ur/follow-up/accountability", "/events/testfall/course", "/follow-up/proceedings/case-2", "/follow-up/data/proceedings.csv", "/api/v1/proceedings", "/api/v1/proceedings/case-2",
	}
	for _, path := range lists {
		p.get(path).status(200).has("Zz Accused", "I was in another town.")
	}
	everywhere := append(p.followed(), "/feeds/follow-up/proceedings/case-2.atom", "/parties/test-office", "/follow-up/test-office", "/search?q=accused")
	for _, path := range everywhere {
		if path == "/search?q=accused" {
			continue // the person is found, who stays public
		}
		if a := p.get(path); strings.Contains(a.body, "Zz Accused") && !strings.Contains(a.body, "I was in another town.") {
			t.Errorf("%s names the accused without their reply", path)
		}
	}
	// What is sent away cannot be taken back, and names nobody.
	for _, path := range []string{"/feeds/follow-up.atom", "/feeds/events/testfall.atom", "/feeds/follow-up/proceedings/case-2.atom", "/events/testfall/course.csv"} {
		p.get(path).status(200).has("a case against one person").hasNot("Zz Accused")
	}
	if err := p.house.Review(t.Context(), access.House(), claims[1], 1, record.Retracted, "withdrawn"); err != nil {
		t.Fatal(err)
	}
	for _, path := range everywhere {
		if a := p.get(path); strings.Contains(a.body, "The case against") || strings.Contains(a.body, "I was in another town.") {
			t.Errorf("%s names the accused after the ground was lost", path)
		}
	}
	p.get("/follow-up/proceedings/case-2").status(404)
	p.get("/api/v1/proceedings/case-2").status(404)
}
