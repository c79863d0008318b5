package web

import (
	"context"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

func TestStraight(t *testing.T) {
	for in, want := range map[string]string{
		"":                                    "",
		"“plain” – text…":                     "“plain” – text…",
		"a\u202eb":                            "ab",
		"\u202a\u202b\u202c\u202d\u202e":      "",
		"\u2066kept\u2069 \u200e\u200f\u200c": "\u2066kept\u2069 \u200e\u200f\u200c",
		"x\u202e \u2013 \u202cy":              "x \u2013 y",
		"cut \xe2\x80":                        "cut \xe2\x80",
	} {
		if got := string(straight([]byte(in))); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// TestNothingIsTurnedAround puts characters that turn the direction of what follows into
// every text of some records, and markup with them, and reads the public's pages.
func TestNothingIsTurnedAround(t *testing.T) {
	s := emptySite(t)
	ctx, house := context.Background(), access.House()
	id := func() string {
		t.Helper()
		id, err := s.house.NewID()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	const bad = "Testfall \u202e18 dellik\u202d <script>alert(1)</script> \"onmouseover=alert(1)"
	save := func(rec record.Record) {
		t.Helper()
		if err := s.house.Save(ctx, house, rec, 0, "test"); err != nil {
			t.Fatal(err)
		}
	}
	src := &record.Source{
		ID: record.SourceID(id()), Type: record.TypeArticle, Title: record.Plain("en", bad), Publisher: bad, Author: bad, Locator: bad, Credit: bad,
		Published: record.When{Date: record.On("2031-05-04").Date, Printed: bad}, Sensitivity: record.Open, Terms: record.TermsFree, Visibility: record.Public,
	}
	save(src)
	event := &record.Event{
		ID: record.EventID(id()), Slug: "testfall", Title: record.Plain("en", bad), Summary: record.Plain("en", bad), Type: record.TypeAttack, Subtype: bad, Status: record.Held,
		When: record.When{Date: record.On("2031-05-03").Date, Printed: bad}, Where: record.Place{Site: bad, Town: bad, Printed: bad}, Visibility: record.Public,
	}
	save(event)
	party := &record.Party{ID: record.PartyID(id()), Slug: "testfall-party", Kind: record.Community, Names: []record.Name{{Text: bad, Lang: "en", Kind: record.NamePrimary}}, Visibility: record.Public}
	save(party)
	person := &record.Person{
		ID: record.PersonID(id()), Slug: "testfall-person", Vital: record.Dead, Names: []record.Name{{Text: bad, Lang: "en", Kind: record.NamePrimary}}, About: record.Plain("en", bad),
		Consents: []record.Consent{{Purpose: record.ToPublish, Given: true, Basis: record.BasisKin, Relation: "sister"}}, Visibility: record.Public,
	}
	save(person)
	claim := &record.Claim{
		ID: record.ClaimID(id()), Source: src.ID, Subject: event.Ref(), Kind: record.KindMeasure, Measure: record.Killed, Form: record.Incident, Role: record.Reported, Words: bad,
		AttributedTo: record.Attribution{Text: bad}, Passage: record.Passage{Locator: bad, Segments: []record.Segment{{Exact: bad}}}, AsOf: record.On("2031-05-03"),
		Review: record.Review{State: record.Accepted, Reason: "test"}, Visibility: record.Public,
	}
	claim.Bounds(record.Exact, 81, 0)
	save(claim)
	save(&record.Involvement{ID: record.InvolvementID(id()), Event: event.ID, Person: person.ID, Role: record.RoleKilled, Detail: record.Plain("en", bad), Claims: []record.ClaimID{claim.ID}, Visibility: record.Public})

	seen := 0
	for _, path := range []string{
		"/", "/events", "/events/testfall", "/sources", "/sources/" + string(src.ID), "/people", "/people/testfall-person", "/parties", "/parties/testfall-party",
		"/search?q=Testfall", "/ur/events/testfall", "/fa/people/testfall-person", "/feeds/events.atom", "/feeds/changes.atom", "/ask?about=event:" + string(event.ID),
	} {
		a := s.get(path)
		if a.StatusCode != 200 {
			if !strings.HasPrefix(path, "/feeds/") {
				t.Errorf("%s: %d", path, a.StatusCode)
			}
			continue
		}
		if strings.Contains(a.body, "dellik") {
			seen++
		}
		for _, c := range []string{"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "<script>alert", "<bdi>alert", `" onmouseover`} {
			if strings.Contains(a.body, c) {
				t.Errorf("%s holds %q", path, c)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d pages showed what was entered", seen)
	}
}
