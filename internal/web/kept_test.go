package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// A page from memory is the page that was made, in both encodings, and "not
// modified" to whoever has it.
func TestKeptPage(t *testing.T) {
	s := exampleSite(t)
	for _, enc := range []string{"identity", "gzip"} {
		first := s.get("/events", "Accept-Encoding", enc).status(200)
		second := s.get("/events", "Accept-Encoding", enc).status(200)
		if first.body != second.body {
			t.Errorf("%s: the second answer differs", enc)
		}
		for _, h := range []string{"Content-Type", "Content-Encoding", "ETag", "Content-Security-Policy", "Cache-Control"} {
			if first.Header.Get(h) != second.Header.Get(h) {
				t.Errorf("%s: %s is %q, then %q", enc, h, first.Header.Get(h), second.Header.Get(h))
			}
		}
		s.get("/events", "Accept-Encoding", enc, "If-None-Match", first.Header.Get("ETag")).status(304)
	}
}

// An answer from memory keeps its status, and what is not the page itself is
// never "not modified".
func TestKeptStatus(t *testing.T) {
	s := emptySite(t).srv
	rt := route{pattern: "GET /nothing", need: anyone, keep: true, do: func(w http.ResponseWriter, r *http.Request) error {
		s.send(w, r, http.StatusTeapot, typeHTML, []byte("test"))
		return nil
	}}
	handler := s.outer(s.serve(rt))
	for range 2 {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/nothing", nil)
		r.Header.Set("If-None-Match", "*")
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusTeapot || w.Body.String() != "test" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("status %d, %q, %v", w.Code, w.Body, w.Header())
		}
	}
	if n := onShelf(s.kept.pages); n != 1 {
		t.Errorf("%d answers kept", n)
	}
}

// An event's page outlives what is written elsewhere, validator and all, and
// does not outlive a change to anything that it shows.
func TestEventPageLivesAsLongAsWhatItShows(t *testing.T) {
	p := planted(t, "plainword")
	ctx := context.Background()
	first := p.get("/events/testfall").status(200)
	tag := first.Header.Get("ETag")
	p.save(&record.Party{ID: record.PartyID(p.id()), Slug: "elsewhere", Names: []record.Name{{Text: "Elsewhere", Kind: record.NamePrimary}}, Kind: record.Outlet, Visibility: record.Public})
	p.get("/events/testfall", "If-None-Match", tag).status(304)

	change := func(what string, rec record.Record, rev int) {
		t.Helper()
		if err := p.house.Save(ctx, access.House(), rec, rev, "test"); err != nil {
			t.Fatal(err)
		}
		next := p.get("/events/testfall", "If-None-Match", tag)
		if next.StatusCode != 200 {
			t.Fatalf("%s: the page did not change (status %d)", what, next.StatusCode)
		}
		tag = next.Header.Get("ETag")
	}
	party := *p.party
	party.Names = []record.Name{{Text: "Renamed Community", Lang: "en", Kind: record.NamePrimary}}
	change("a party renamed", &party, 1)
	source := *p.source
	source.Publisher = "Renamed Post"
	change("a source's publisher corrected", &source, 1)
	source.Visibility = record.Internal
	change("a source taken back", &source, 2)
	p.get("/events/testfall").hasNot("Renamed Post", "Test Post")
	event := *p.event
	event.Summary = record.Plain("en", "Another summary")
	change("the summary", &event, 1)
	part := *p.event
	part.ID, part.Slug, part.PartOf, part.Title = record.EventID(p.id()), "a-part", p.event.ID, record.Plain("en", "A part")
	change("a part added", &part, 0)
	part.Title = record.Plain("en", "A part, renamed")
	change("a part renamed", &part, 1)
	person := *p.person
	person.Visibility = record.Internal
	change("a person taken back", &person, 1)
	p.get("/events/testfall").hasNot("Test Person")
}
