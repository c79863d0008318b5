package web

import (
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// TestChangeOfAPublicRecord shows an editor what everybody would read before it is
// saved, holds what was typed, and asks again when it was changed after that.
func TestChangeOfAPublicRecord(t *testing.T) {
	s := emptySite(t)
	ed := s.signedIn(access.Editor)
	event := newEventOf(ed, "Testfall Road bombings", "2031-01-10")
	form := filled(ed.get("/desk/publish?ref=event:"+event).form("/desk/publish"), "do", "publish", "reason", "ready")
	ed.post("/desk/publish", form).status(303)

	edit := "/desk/events/" + event + "/edit"
	form = ed.get(edit).whole().has(word("desk.is_public_note")).form(edit)
	accusing := "It was done by Somebody Testfall."
	form = filled(form, "summary.text", accusing, "reason", "as told")
	page := ed.post(edit, form).status(200).whole().has(word("desk.public_at_once"), word("desk.save_public"), accusing, "as told")
	if e, rev := standingOf[*record.Event](t, s, record.KindEvent, event); !e.Summary.IsZero() || rev != 2 {
		t.Fatalf("the words were saved before they were read over: %+v at %d", e.Summary, rev)
	}
	s.get("/events/testfall-road-bombings-2031-01-10").status(200).hasNot("Somebody Testfall")

	read := page.form(edit)
	other := filled(page.form(edit), "summary.text", "It was done by Another Testfall.")
	ed.post(edit, other).status(200).whole().has(word("desk.public_at_once"), "Another Testfall")
	ed.post(edit, read).status(303)
	s.get("/events/testfall-road-bombings-2031-01-10").status(200).has("Somebody Testfall")

	// What is not of that sort is saved as it is.
	form = ed.get(edit).form(edit)
	ed.post(edit, filled(form, "subtype", "two bombs", "reason", "more exactly")).status(303)

	// An earlier version is read over like any other wording.
	history := "/desk/history/event/" + event
	form = filled(ed.get(edit).form(edit), "summary.text", "", "reason", "nobody said so")
	ed.post(edit, form).status(303)
	form.Set("rev", "3")
	form.Set("current", "5")
	again := ed.post(history, form).status(200).whole().has(word("desk.public_at_once"), accusing).form(history)
	s.get("/events/testfall-road-bombings-2031-01-10").status(200).hasNot("Somebody Testfall")
	ed.post(history, again).status(303)
	s.get("/events/testfall-road-bombings-2031-01-10").status(200).has("Somebody Testfall")
}

// TestFormsPublishNothing sends a form that says a new record is public.
func TestFormsPublishNothing(t *testing.T) {
	s := emptySite(t)
	ed := s.signedIn(access.Editor)
	form := filled(
		ed.get("/desk/events/new").form("/desk/events/new"), "title.text", "Testfall in passing", "when", "2031-01-10", "where.town", "Testfall",
		"where.country", "PK", "visibility", "public",
	)
	ed.post("/desk/events/new", form).status(400).whole().has(word("invalid.through_publishing"), "Testfall in passing")
	s.get("/events").status(200).hasNot("Testfall in passing")
}
