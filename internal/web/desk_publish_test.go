package web

import (
	"net/url"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// TestPublishCheckNamesWhatStays says of each claim what it states, of one that does not
// go along why, and of a copy that it stays; the public reads that a copy is held.
func TestPublishCheckNamesWhatStays(t *testing.T) {
	s := emptySite(t)
	ed, second := s.signedIn(access.Editor), s.signedIn(access.Admin)
	source := newSource(ed, "Blasts on Testfall Road", articleText)
	bare := newSource(ed, "A line without a copy", "")
	event := newEventOf(ed, "Testfall Road bombings", "2031-01-10")
	newClaim(ed, source, event, "more than 40 people were killed", "more_than", "40")
	newClaim(ed, source, event, "Around 120 were injured", "about", "120")
	newClaim(ed, source, event, "Two blasts", "exact", "2")
	form := filled(ed.get("/desk/sources/"+bare).form("/desk/sources/"+bare+"/claims"), "quote", "fifty dead", "locator", "page 3", "operator", "exact", "low", "50", "words", "fifty dead", "subject", "event:"+event)
	ed.post("/desk/sources/"+bare+"/claims", form).status(303)
	for _, c := range append(claimsOf(t, s, source), claimsOf(t, s, bare)...) {
		state := "accepted"
		switch *c.Low {
		case 120:
			state = "rejected"
		case 2:
			continue
		}
		second.post("/desk/review/"+string(c.ID), url.Values{"rev": {"1"}, "state": {state}, "reason": {"read beside the text"}}).status(303)
	}
	page := ed.get("/desk/publish?ref=event:" + event).status(200).whole()
	stays := textOf(page.find("details")[0])
	for _, want := range []string{
		"about 120", "Blasts on Testfall Road", word("publish.stays.rejected"), word("publish.stays.suggested"), word("publish.stays.copy"), "typed.txt",
	} {
		holds(t, stays, want)
	}
	page.has("more than 40", "(Blasts on Testfall Road)")

	ed.post("/desk/publish", filled(page.form("/desk/publish"), "do", "publish", "reason", "ready")).status(303)
	s.get("/events/testfall-road-bombings-2031-01-10").status(200).whole().has(word("source.copy_inside"), word("source.no_copy"))
	s.get("/sources/"+source).status(200).whole().has(word("source.copy_inside_long")).hasNot(word("source.no_copy_long"), word("source.no_copy"))
	s.get("/ur/sources/" + source).status(200).whole().hasNot(word("source.copy_inside_long"))
	s.get("/sources/" + bare).status(200).whole().has(word("source.no_copy_long"))

	// Once the copy is public, everybody finds it.
	copies, err := s.house.Around(t.Context(), access.House(), "en", record.Ref{Kind: record.KindSource, ID: source})
	if err != nil {
		t.Fatal(err)
	}
	form = ed.get("/desk/publish?ref=capture:" + string(copies.Captures[0].ID)).form("/desk/publish")
	ed.post("/desk/publish", filled(form, "do", "publish", "reason", "free to show")).status(303)
	s.get("/sources/" + source).status(200).whole().has(copies.Captures[0].Hash).hasNot(word("source.copy_inside_long"))
	s.get("/events/testfall-road-bombings-2031-01-10").status(200).hasNot(word("source.copy_inside"))
}
