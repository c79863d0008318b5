package web

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// again saves the next version of a record.
func (p *plant) again(rec record.Record) {
	p.t.Helper()
	if err := p.house.Save(context.Background(), access.House(), rec, 1, "test"); err != nil {
		p.t.Fatalf("%s: %v", rec.Ref(), err)
	}
}

// entangled is the planted record whose public records name hidden ones wherever
// a record can. It returns the hidden identifiers.
func entangled(t *testing.T) (*plant, []string) {
	t.Helper()
	p := planted(t, "plainword")
	inner := &record.Claim{
		ID: record.ClaimID(p.id()), Source: p.internalSource.ID, Subject: p.event.Ref(), Kind: record.KindMeasure, Measure: record.Killed, Form: record.Incident,
		Operator: record.Exact, Low: number(9), High: number(9), Words: "9", Role: record.Reported, Review: record.Review{State: record.Accepted}, Visibility: record.Internal,
	}
	p.save(inner)
	event := *p.event
	event.PartOf, event.ResponseTo = p.hiddenEvent.ID, []record.EventID{p.hiddenEvent.ID}
	event.Struck = []record.Struck{{Party: p.party.ID, Claims: []record.ClaimID{inner.ID, p.claim.ID}}, {Party: p.internalParty.ID}}
	event.WhenClaims, event.WhereClaims = []record.ClaimID{inner.ID, p.claim.ID}, []record.ClaimID{inner.ID}
	hidden := *p.hiddenEvent
	hidden.ResponseTo = nil
	p.again(&hidden)
	p.again(&event)
	claim := *p.claim
	claim.DerivedFrom, claim.Supersedes = []record.Ref{p.internalSource.Ref(), inner.Ref()}, []record.ClaimID{inner.ID}
	claim.AttributedTo = record.Attribution{Text: "an officer", Party: p.internalParty.ID}
	p.again(&claim)
	source := *p.source
	source.Outlet, source.ReproducedIn, source.DerivedFrom = p.internalParty.ID, p.internalSource.ID, []record.SourceID{p.internalSource.ID}
	p.again(&source)
	total := *p.total
	total.Frame.Perpetrators, total.Frame.Authority = []record.PartyID{p.internalParty.ID}, p.internalParty.ID
	p.again(&total)
	return p, []string{string(inner.ID), p.hiddenEvent.Ref().ID, p.internalParty.Ref().ID, p.internalSource.Ref().ID, p.hiddenPerson.Ref().ID}
}

// No page, feed or document gives the identifier of a hidden record: it tells to
// the millisecond when that was entered. What a history shows is tested in
// casework, which makes it.
func TestNoAnswerNamesHiddenRecords(t *testing.T) {
	p, hidden := entangled(t)
	for _, path := range p.addresses() {
		if strings.HasPrefix(path, "/history/") {
			continue
		}
		a := p.get(path)
		for _, id := range hidden {
			if !strings.Contains(path, id) && strings.Contains(a.body, id) {
				t.Errorf("%s: names the hidden %s", path, id)
			}
		}
	}
	for _, path := range []string{"/api/v1/events/testfall", "/api/v1/figures?event=testfall"} {
		origins := regexp.MustCompile(`"origin":"([^"]*)"`).FindAllStringSubmatch(p.get(path).status(200).body, -1)
		if len(origins) == 0 {
			t.Errorf("%s: no origin", path)
		}
		for _, o := range origins {
			if !regexp.MustCompile(`^o[1-9][0-9]*$`).MatchString(o[1]) {
				t.Errorf("%s: origin %q", path, o[1])
			}
		}
	}
}

// "By n claims" counts the claims that the reader can look up below.
func TestMarginCountsWhatIsShown(t *testing.T) {
	p, _ := entangled(t)
	a := p.get("/events/testfall").status(200)
	for _, dd := range a.texts("dl.facts") {
		if strings.Contains(dd, "2 claims") {
			t.Errorf("the margin counts a hidden claim: %s", dd)
		}
	}
	if !strings.Contains(strings.Join(a.texts("dl.facts"), " "), "1 claim") {
		t.Errorf("the margin counts nothing: %q", a.texts("dl.facts"))
	}
}

// What is entered inside moves no public page's cite links.
func TestCiteLinkKeepsInnerWorkToItself(t *testing.T) {
	p := planted(t, "plainword")
	cite := regexp.MustCompile(`entry=\d+`)
	before := cite.FindAllString(p.get("/events/testfall").status(200).body, -1)
	p.save(&record.Party{ID: record.PartyID(p.id()), Slug: "inner", Names: []record.Name{{Text: "Inner", Kind: record.NamePrimary}}, Kind: record.Organisation, Visibility: record.Internal})
	a := p.get("/events/testfall").status(200)
	after := cite.FindAllString(a.body, -1)
	if len(before) == 0 || strings.Join(before, " ") != strings.Join(after, " ") {
		t.Errorf("cite links were %v and are %v", before, after)
	}
	href := regexp.MustCompile(`/events/testfall/figure/killed[^"]*`).FindString(a.body)
	p.get(strings.ReplaceAll(href, "&amp;", "&")).status(200).hasNot(word("figure.not_same"))
}

// A joined event's figures and claims are the other event's: a machine that asks
// by the old name is sent there rather than told that there are none.
func TestDataOfJoinedEvent(t *testing.T) {
	p := planted(t, "plainword")
	other := &record.Event{ID: record.EventID(p.id()), Slug: "testfall-again", Title: record.Plain("en", "Attack at Testfall"), Type: record.TypeAttack, Status: record.Held, When: record.On("2013-01-10"), Dataset: "testset", Visibility: record.Public}
	p.save(other)
	same, err := p.house.ProposeSame(context.Background(), access.House(), p.event.ID, other.ID, "test")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.house.DecideSame(context.Background(), access.House(), same, 1, record.SameAccepted, "test"); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/api/v1/figures?event=testfall-again&rule=gawah%2F1": "/api/v1/figures?event=testfall&rule=gawah%2F1",
		"/api/v1/claims?event=testfall-again":                 "/api/v1/claims?event=testfall",
		"/api/v1/events/testfall-again":                       "/api/v1/events/testfall",
	} {
		if got := p.get(path).status(http.StatusSeeOther).Header.Get("Location"); got != want {
			t.Errorf("%s leads to %s, want %s", path, got, want)
		}
	}
	var doc struct{ Figures []struct{ Low *int64 } }
	if err := json.Unmarshal([]byte(p.get("/api/v1/figures?event=testfall").status(200).body), &doc); err != nil || len(doc.Figures) == 0 {
		t.Error(doc, err)
	}
}
