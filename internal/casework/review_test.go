package casework_test

import (
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// suggested enters a claim of a contributor's that waits for review.
func (w *world) suggested(v access.Viewer, s *record.Source, e *record.Event, n int64) *record.Claim {
	w.t.Helper()
	c := &record.Claim{
		ID: record.ClaimID(w.id()), Source: s.ID, Subject: e.Ref(), Kind: record.KindMeasure, Measure: record.Killed, Form: record.Incident,
		Role: record.Reported, Review: record.Review{State: record.Suggested}, Visibility: record.Internal,
	}
	c.Bounds(record.Exact, n, 0)
	w.save(v, c)
	return c
}

func TestReview(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s, e := w.source("Testfall Daily"), w.event("example-town")
		c := w.suggested(w.contributor, s, e, 12)
		if n := w.best(w.editor, e.ID); n != -1 {
			t.Errorf("a suggestion makes a figure: %d", n)
		}
		queue, err := w.h.Queue(w.ctx, w.editor, "", 10)
		w.must(err)
		if len(queue) != 1 || queue[0].Mine || queue[0].Subject.Slug != "example-town" || queue[0].Source.ID != s.ID {
			t.Fatalf("the queue holds %+v", queue)
		}
		if mine, err := w.h.Queue(w.ctx, w.contributor, "", 10); err != nil || len(mine) != 1 || !mine[0].Mine {
			t.Errorf("the contributor's own queue: %+v, %v", mine, err)
		}
		w.wants(w.h.Review(w.ctx, w.editor, c.ID, 7, record.Accepted, ""), record.ErrConflict, "a revision that is not the present one")
		w.must(w.h.Review(w.ctx, w.editor, c.ID, 1, record.Accepted, "read beside the passage"))
		if n := w.best(w.editor, e.ID); n != 12 {
			t.Errorf("the figure is %d after accepting", n)
		}
		got := standing[*record.Claim](w, c.ID)
		if r := got.Rec.Review; r.By != w.editor.User || r.At == 0 || r.OneReviewer {
			t.Errorf("the decision is kept as %+v", r)
		}
		w.invalid(w.h.Review(w.ctx, w.editor, c.ID, 2, record.Rejected, ""), "reason", "rejecting without a reason")
		w.invalid(w.h.Review(w.ctx, w.editor, c.ID, 2, record.Suggested, ""), "review", "back to a suggestion")
		w.must(w.h.Review(w.ctx, w.editor2, c.ID, 2, record.Retracted, "the paper took it back"))
		if n := w.best(w.editor, e.ID); n != -1 {
			t.Errorf("the figure is still %d after retracting", n)
		}
		w.sound()
	})
}

func TestNobodyReviewsTheirOwn(t *testing.T) {
	w := newWorld(t)
	s, e := w.source("Testfall Daily"), w.event("example-town")
	c := w.suggested(w.editor, s, e, 3)
	other := w.suggested(w.contributor, s, e, 4)
	w.wants(w.h.Review(w.ctx, w.editor, c.ID, 1, record.Accepted, ""), record.ErrForbidden, "one's own claim")
	n, err := w.h.ReviewMany(w.ctx, w.editor, map[record.ClaimID]int{c.ID: 1, other.ID: 2}, record.Accepted, "both read")
	w.must(err)
	if n != 0 || standing[*record.Claim](w, other.ID).Rec.Review.State != record.Suggested {
		t.Errorf("decided %d claims, one of them at a revision that was not read", n)
	}
	n, err = w.h.ReviewMany(w.ctx, w.editor, map[record.ClaimID]int{c.ID: 1, other.ID: 1}, record.Accepted, "both read")
	w.must(err)
	if n != 1 || standing[*record.Claim](w, c.ID).Rec.Review.State != record.Suggested {
		t.Errorf("decided %d, own claim is %s", n, standing[*record.Claim](w, c.ID).Rec.Review.State)
	}
	// The only reviewer of a house decides, and it is marked.
	w.must(w.store.Write(w.ctx, func(tx *store.Tx) error {
		for _, v := range []access.Viewer{w.editor2, w.admin} {
			a, err := tx.AccountBy(w.ctx, "id", string(v.User))
			if err != nil {
				return err
			}
			a.Closed = true
			if err := tx.PutAccount(w.ctx, a); err != nil {
				return err
			}
		}
		return nil
	}))
	w.must(w.h.Review(w.ctx, w.editor, c.ID, 1, record.Accepted, ""))
	if !standing[*record.Claim](w, c.ID).Rec.Review.OneReviewer {
		t.Error("a decision about one's own entry is not marked")
	}
	w.sound()
}

// accuse enters an accusation that rests on claims and everything that it needs
// to be public.
func (w *world) accuse(e *record.Event, p *record.Person, claims ...*record.Claim) *record.Involvement {
	w.t.Helper()
	i := &record.Involvement{
		ID: record.InvolvementID(w.id()), Event: e.ID, Person: p.ID, Role: record.RoleAccused, Status: record.Suspected, Visibility: record.Internal,
	}
	for _, c := range claims {
		i.Claims = append(i.Claims, c.ID)
	}
	w.save(w.editor, i)
	return i
}

// says enters an accepted claim of a source that a person did it.
func (w *world) says(s *record.Source, e *record.Event, p *record.Person) *record.Claim {
	w.t.Helper()
	c := &record.Claim{
		ID: record.ClaimID(w.id()), Source: s.ID, Subject: e.Ref(), Kind: record.KindAttribute, Attribute: record.AttrPerpetrator,
		Value: record.Value{Text: "him", Ref: p.Ref()}, Review: record.Review{State: record.Accepted}, Visibility: record.Internal,
	}
	w.save(w.editor, c)
	return c
}

func TestRetractingTakesBackAccusations(t *testing.T) {
	w := newWorld(t)
	one, two := w.source("Testfall Daily"), w.source("Example Herald")
	e, p := w.event("example-town"), w.person("some-accused", "Accused Testfall")
	a, b := w.says(one, e, p), w.says(two, e, p)
	i := w.accuse(e, p, a, b)
	w.must(w.h.Publish(w.ctx, w.editor, []record.Ref{e.Ref(), p.Ref()}, "checked"))
	if !w.sees(access.Anyone(), i.Ref()) {
		t.Fatal("two independent origins are ground enough")
	}
	rev := standing[*record.Claim](w, b.ID).Rev
	w.must(w.h.Review(w.ctx, w.editor2, b.ID, rev, record.Retracted, "taken back"))
	if w.sees(access.Anyone(), i.Ref()) {
		t.Error("somebody stays accused on the word of one source")
	}
	w.sound()
}

// TestAccusationsFollowTheirGround takes the ground away in every way there is.
func TestAccusationsFollowTheirGround(t *testing.T) {
	type scene struct {
		*world
		two   *record.Source
		claim *record.Claim
		event *record.Event
	}
	for _, test := range []struct {
		name string
		do   func(*scene) error
	}{
		{"the claim is taken out of the public", func(s *scene) error {
			return s.h.Unpublish(s.ctx, s.editor, refs(s.claim), "")
		}},
		{"its source is", func(s *scene) error { return s.h.Unpublish(s.ctx, s.editor, refs(s.two), "") }},
		{"its source is saved as internal", func(s *scene) error {
			now := standing[*record.Source](s.world, s.two.ID)
			back := *now.Rec
			back.Visibility = record.Internal
			return s.h.Save(s.ctx, s.editor, &back, now.Rev, "")
		}},
		{"the claim is erased", func(s *scene) error { return s.h.Erase(s.ctx, s.editor, s.claim.Ref(), "") }},
		{"its source is erased", func(s *scene) error { return s.h.Erase(s.ctx, s.editor, s.two.Ref(), "") }},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			s := &scene{world: w, two: w.source("Example Herald"), event: w.event("example-town")}
			p := w.person("some-accused", "Accused Testfall")
			first := w.says(w.source("Testfall Daily"), s.event, p)
			s.claim = w.says(s.two, s.event, p)
			i := w.accuse(s.event, p, first, s.claim)
			w.must(w.h.Publish(w.ctx, w.editor, refs(s.event, p), ""))
			if !w.sees(access.Anyone(), i.Ref()) {
				t.Fatal("not public to begin with")
			}
			w.must(test.do(s))
			if w.sees(access.Anyone(), i.Ref()) {
				t.Error("the accusation stays without its ground")
			}
			w.sound()
		})
	}
}
