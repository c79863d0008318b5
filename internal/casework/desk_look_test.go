package casework_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// TestLookFindsOwnDrafts lets a contributor choose the draft they have just entered,
// which nobody else of their role finds.
func TestLookFindsOwnDrafts(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		draft := &record.Event{
			ID: record.EventID(w.id()), Slug: "own", Title: record.Plain("en", "Testfall at the market"), Type: record.TypeAttack, Status: record.Held,
			When: record.On("2031-05-03"), Visibility: record.Draft,
		}
		w.must(w.h.Save(w.ctx, w.contributor, draft, 0, ""))
		theirs := *draft
		theirs.ID, theirs.Slug = record.EventID(w.id()), "theirs"
		w.must(w.h.Save(w.ctx, w.editor, &theirs, 0, ""))
		for _, test := range []struct {
			who   access.Viewer
			query string
			want  int
		}{
			{w.contributor, "market testfall", 1},
			{w.contributor, "market elsewhere", 0},
			{w.contributor, "own", 1},
			{w.contributor, "market test", 1},
			{w.contributor, "testfall m", 1},
			{w.contributor, "mar", 1},
			{w.contributor, "m", 0},
			{w.contributor, "mark testfall", 0},
			{w.contributor, "arket", 0},
			{w.editor, "testfall mark", 2},
			{w.reader, "testfall mark", 0},
			{access.Anyone(), "testfall mark", 0},
			{w.editor, "market testfall", 2},
			{w.reader, "market testfall", 0},
			{w.organiser, "market testfall", 0},
			{access.Anyone(), "market testfall", 0},
		} {
			got, err := w.h.Look(w.ctx, test.who, "en", []record.Kind{record.KindEvent, record.KindPerson}, test.query, 8)
			w.must(err)
			if len(got) != test.want {
				t.Errorf("a %s finds %d with %q, want %d", test.who.Role, len(got), test.query, test.want)
			}
		}
	})
}

// TestLookFindsBeginnings lets somebody who has not typed a word to its end find the
// invented person whom they would enter a second time otherwise.
func TestLookFindsBeginnings(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		enter := func(name string) record.Ref {
			p := &record.Person{ID: record.PersonID(w.id()), Slug: "p" + strconv.Itoa(len(name)), Vital: record.VitalNotSet, Names: []record.Name{{Text: name, Kind: record.NamePrimary}}, Visibility: record.Internal}
			w.save(w.editor, p)
			return p.Ref()
		}
		accused, accu := enter("Zarwalk Accused"), enter("Zarwalk Accu")
		urdu := enter("زرواک مثالی")
		for query, want := range map[string][]record.Ref{
			"Zarwalk Accus":  {accused},
			"zarwalk accu":   {accu, accused}, // whole words first, though entered later
			"accused zar":    {accused},
			"Zarwalk A":      {accused, accu},
			"زرواک مثا":      {urdu},
			"Zarwalk' Accus": {accused},
			"Zarwalk \"Acc*": {accused, accu},
			"Zarwalk Other":  nil,
		} {
			got, err := w.h.Look(w.ctx, w.editor, "en", []record.Kind{record.KindPerson}, query, 8)
			w.must(err)
			if !slices.EqualFunc(got, want, func(l casework.Label, r record.Ref) bool { return l.Ref == r }) {
				t.Errorf("%q finds %v, want %v", query, got, want)
			}
		}
		// What readers type into the public search is unfinished at its end too.
		e := w.event("public", func(e *record.Event) {
			e.Title, e.Visibility = record.Plain("en", "Zarwalk Accused on the market"), record.Public
		})
		page, err := w.h.SearchPage(w.ctx, access.Anyone(), "Zarwalk Accus", nil, 0, 10)
		w.must(err)
		if len(page.Hits) != 1 || page.Hits[0].Ref != e.Ref() {
			t.Errorf("a reader finds %v", page.Hits)
		}
	})
}
