package casework_test

import (
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

func TestRelativeHidesAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s, e, p := w.source("Testfall Daily"), w.event("example-town"), w.person("a-victim", "Victim Testfall")
		c := w.killed(s, e, 4, func(c *record.Claim) { c.AttributedTo = record.Attribution{Text: "Victim Testfall", Person: p.ID} })
		in := &record.Involvement{ID: record.InvolvementID(w.id()), Event: e.ID, Person: p.ID, Role: record.RoleWitness, Claims: []record.ClaimID{c.ID}, Visibility: record.Internal}
		w.save(w.editor, in)
		w.must(w.h.Publish(w.ctx, w.editor, refs(p, e), ""))
		for _, ref := range refs(p, c, in) {
			if !w.sees(access.Anyone(), ref) {
				t.Fatalf("%s is not public to begin with", ref)
			}
		}
		code, err := w.h.Ask(w.ctx, record.AskHide, p.Ref(), "/people/a-victim", "Please take my brother's name down.", true)
		w.must(err)
		for _, ref := range refs(p, c, in) {
			if w.sees(access.Anyone(), ref) {
				t.Errorf("%s is still public", ref)
			}
		}
		if n := w.best(access.Anyone(), e.ID); n != -1 {
			t.Errorf("a hidden witness's number is still counted: %d", n)
		}
		// The code is forgiving and the only key.
		status, err := w.h.RequestByCode(w.ctx, strings.ToUpper(strings.ReplaceAll(code, "-", " ")))
		w.must(err)
		if status.State != record.RequestOpen || !status.Hidden {
			t.Errorf("status %+v", status)
		}
		_, err = w.h.RequestByCode(w.ctx, "0000-0000-0000-0000")
		w.wants(err, record.ErrNotFound, "a made-up code")
		if files := w.grep(code); len(files) > 0 {
			t.Errorf("the code is kept in %v", files)
		}

		open, err := w.h.Requests(w.ctx, w.moderator, record.RequestOpen)
		w.must(err)
		if len(open) != 1 || !open[0].Hidden || open[0].About.Slug != "a-victim" {
			t.Fatalf("requests: %+v", open)
		}
		id := open[0].Request.Rec.ID
		// An editor cannot show the person by saving the record.
		now := standing[*record.Person](w, p.ID)
		shown := *now.Rec
		shown.Hidden = false
		w.wants(w.h.Save(w.ctx, w.editor, &shown, now.Rev, ""), record.ErrForbidden, "showing a hidden person")
		w.invalid(w.h.Decide(w.ctx, w.moderator, id, 1, record.RequestAccepted, "yes", nil, true), "show", "accepting and showing")
		w.invalid(w.h.Decide(w.ctx, w.moderator, id, 1, record.RequestDeclined, "", nil, true), "reply", "deciding without a reply")
		second, err := w.h.Ask(w.ctx, record.AskHide, p.Ref(), "", "I am his sister and ask the same.", true)
		w.must(err)
		w.invalid(w.h.Decide(w.ctx, w.moderator, id, 1, record.RequestDeclined, "no", nil, true), "show", "showing while another relative asks")
		w.must(w.h.Decide(w.ctx, w.moderator, id, 1, record.RequestDeclined, "We keep it hidden for now.", record.Plain("en", "One name was hidden on request."), false))
		if w.sees(access.Anyone(), p.Ref()) {
			t.Error("declining showed the person again by itself")
		}
		open, err = w.h.Requests(w.ctx, w.moderator, record.RequestOpen)
		w.must(err)
		if len(open) != 1 {
			t.Fatalf("still open: %+v", open)
		}
		w.must(w.h.Decide(w.ctx, w.moderator, open[0].Request.Rec.ID, 1, record.RequestAccepted, "Hidden for good.", nil, false))
		got := standing[*record.Person](w, p.ID).Rec
		if !got.Hidden || got.May(record.ToPublish) || got.Visibility == record.Public {
			t.Errorf("an accepted wish to hide leaves %+v", got)
		}
		if status, err := w.h.RequestByCode(w.ctx, second); err != nil || status.Reply != "Hidden for good." {
			t.Errorf("the sister reads %+v, %v", status, err)
		}
		log, err := w.h.Corrections(w.ctx)
		w.must(err)
		if len(log) != 1 || !log[0].About.Ref.IsZero() || log[0].Day%(86400*1e6) != 0 {
			t.Errorf("the public log says %+v", log)
		}
		w.sound()
	})
}

func TestDecideShowsAgain(t *testing.T) {
	w := newWorld(t)
	p := w.person("a-victim", "Victim Testfall")
	w.must(w.h.Publish(w.ctx, w.editor, refs(p), ""))
	_, err := w.h.Ask(w.ctx, record.AskHide, p.Ref(), "", "hide", true)
	w.must(err)
	open, err := w.h.Requests(w.ctx, w.moderator, record.RequestOpen)
	w.must(err)
	w.must(w.h.Decide(w.ctx, w.moderator, open[0].Request.Rec.ID, 1, record.RequestDeclined, "The family asked for the name to stay.", nil, true))
	if !w.sees(access.Anyone(), p.Ref()) {
		t.Error("the decision did not show the person again")
	}
}

func TestAskTellsNothing(t *testing.T) {
	w := newWorld(t)
	p := w.person("internal", "Internal Testfall")
	for _, about := range []record.Ref{p.Ref(), {Kind: record.KindPerson, ID: w.id()}, {}, {Kind: "nonsense", ID: "nonsense"}} {
		if code, err := w.h.Ask(w.ctx, record.AskHide, about, "", "words", true); err != nil || len(code) != 19 {
			t.Errorf("about %v: %q, %v", about, code, err)
		}
	}
	_, err := w.h.Ask(w.ctx, record.AskCorrect, record.Ref{}, "", "  ", false)
	w.invalid(err, "words", "a request without words")
	_, err = w.h.Ask(w.ctx, "shout", record.Ref{}, "", "words", false)
	w.invalid(err, "kind", "another kind of request")
	// A stranger hides nobody, until somebody decides.
	q := w.person("other", "Other Testfall")
	_, err = w.h.Ask(w.ctx, record.AskHide, q.Ref(), "", "words", false)
	w.must(err)
	if standing[*record.Person](w, q.ID).Rec.Hidden {
		t.Error("a stranger hid somebody at once")
	}
	w.sound()
}

// TestHidingThroughAPart hides the person when a relative asks about the part
// they had in an event.
func TestHidingThroughAPart(t *testing.T) {
	w := newWorld(t)
	s, e, p := w.source("Testfall Daily"), w.event("example-town"), w.person("a-victim", "Victim Testfall")
	c := w.killed(s, e, 4)
	in := &record.Involvement{ID: record.InvolvementID(w.id()), Event: e.ID, Person: p.ID, Role: record.RoleKilled, Claims: []record.ClaimID{c.ID}, Visibility: record.Internal}
	w.save(w.editor, in)
	w.must(w.h.Publish(w.ctx, w.editor, refs(p, e), ""))
	_, err := w.h.Ask(w.ctx, record.AskHide, in.Ref(), "", "my brother", true)
	w.must(err)
	if w.sees(access.Anyone(), p.Ref()) || w.sees(access.Anyone(), in.Ref()) || !w.sees(access.Anyone(), e.Ref()) {
		t.Error("the person is still shown, or the event went too")
	}
	w.sound()
}

// TestShowAgainstAnotherRelative shows nobody while another relative's wish is
// open or accepted, whatever it was made about.
func TestShowAgainstAnotherRelative(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s, e, p := w.source("Testfall Daily"), w.event("example-town"), w.person("a-victim", "Victim Testfall")
		c := w.killed(s, e, 1)
		in := &record.Involvement{ID: record.InvolvementID(w.id()), Event: e.ID, Person: p.ID, Role: record.RoleKilled, Claims: []record.ClaimID{c.ID}, Visibility: record.Internal}
		w.save(w.editor, in)
		w.must(w.h.Publish(w.ctx, w.editor, refs(p, e), ""))
		for _, about := range []record.Ref{in.Ref(), p.Ref()} {
			_, err := w.h.Ask(w.ctx, record.AskHide, about, "", "please hide", true)
			w.must(err)
		}
		open, err := w.h.Requests(w.ctx, w.moderator, record.RequestOpen)
		w.must(err)
		sister, brother := open[0].Request.Rec, open[1].Request.Rec
		if sister.About != in.Ref() {
			sister, brother = brother, sister
		}
		decide := func(v access.Viewer, q *record.Request, state record.RequestState, show bool) error {
			return w.h.Decide(w.ctx, v, q.ID, standing[*record.Request](w, q.ID).Rev, state, "an answer", nil, show)
		}
		w.invalid(decide(w.moderator, brother, record.RequestDeclined, true), "show", "showing while the sister asks about the part")
		w.must(decide(w.moderator, sister, record.RequestAccepted, false))
		w.invalid(decide(w.moderator, brother, record.RequestDeclined, true), "show", "showing after the sister's wish was accepted")
		w.must(decide(w.moderator, brother, record.RequestDeclined, false))
		if w.sees(access.Anyone(), p.Ref()) {
			t.Error("the public sees the person")
		}

		// What was decided stays, and so does the refusal.
		w.wants(decide(w.moderator, sister, record.RequestDeclined, true), record.ErrForbidden, "a moderator deciding again")
		item := standing[*record.Person](w, p.ID)
		without := *item.Rec
		without.Consents = without.Consents[:1]
		for _, v := range []access.Viewer{w.editor, w.admin} {
			w.wants(w.h.Save(w.ctx, v, &without, item.Rev, ""), record.ErrForbidden, "dropping the refusal")
		}
		w.must(decide(w.editor, sister, record.RequestDeclined, true))
		if got := standing[*record.Person](w, p.ID).Rec; got.Hidden || !got.May(record.ToPublish) || got.Visibility == record.Public {
			t.Errorf("decided anew by an editor: %+v", got)
		}
		w.sound()
	})
}

// TestRefusalsStay takes out a refusal that was entered by hand.
func TestRefusalsStay(t *testing.T) {
	w := newWorld(t)
	p := w.person("a-victim", "Victim Testfall")
	refused := *p
	refused.Consents = append(refused.Consents, record.Consent{Purpose: record.ToPublish, Basis: record.BasisKin, Relation: "brother"})
	w.must(w.h.Save(w.ctx, w.editor, &refused, 1, ""))
	w.wants(w.h.Save(w.ctx, w.editor, p, 2, ""), record.ErrForbidden, "an editor dropping a refusal")
	w.must(w.h.Save(w.ctx, w.admin, p, 2, "entered by mistake"))
}
