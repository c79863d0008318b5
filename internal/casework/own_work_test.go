package casework_test

import (
	"errors"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// TestOwnWork tries every way round "nobody reviews their own work" in a house
// with several editors.
func TestOwnWork(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s, e := w.source("Testfall Daily"), w.event("example-town")

		// Rewriting a contributor's claim makes it one's own.
		c := w.suggested(w.contributor, s, e, 5)
		rewritten := *c
		rewritten.Bounds(record.Exact, 500, 0)
		w.must(w.h.Save(w.ctx, w.editor, &rewritten, 1, ""))
		if err := w.h.Review(w.ctx, w.editor, c.ID, 2, record.Accepted, ""); !errors.Is(err, record.ErrForbidden) {
			t.Errorf("an editor reviews what they rewrote: %v", err)
		}
		w.must(w.h.Review(w.ctx, w.admin, c.ID, 2, record.Accepted, ""))

		// Changing what somebody accepted sends it back, out of the public.
		w.must(w.h.Publish(w.ctx, w.admin, refs(s, e), ""))
		item := standing[*record.Claim](w, c.ID)
		if item.Level != access.LevelPublic {
			t.Fatal("the claim is not public to begin with")
		}
		changed := *item.Rec
		changed.Bounds(record.Exact, 999, 0)
		w.must(w.h.Save(w.ctx, w.editor, &changed, item.Rev, ""))
		item = standing[*record.Claim](w, c.ID)
		if item.Rec.Review.State != record.Suggested || item.Level == access.LevelPublic {
			t.Errorf("a changed claim stays %s, seen at level %d", item.Rec.Review.State, item.Level)
		}
		if w.best(access.Anyone(), e.ID) != -1 {
			t.Error("a number nobody reviewed is in the public figure")
		}

		// A note is no content, and a review cannot be forged on the way.
		other := w.killed(s, e, 7)
		item = standing[*record.Claim](w, other.ID)
		noted := *item.Rec
		noted.Note = "looked at again"
		noted.Review.By, noted.Review.Reason = w.admin.User, "forged"
		w.must(w.h.Save(w.ctx, w.editor, &noted, item.Rev, ""))
		if got := standing[*record.Claim](w, other.ID).Rec; got.Review != item.Rec.Review || got.Note == "" {
			t.Errorf("the review became %+v", got.Review)
		}
		w.sound()
	})
}

// TestAccusingClaim publishes a claim that names somebody living as the
// perpetrator: one paper is not enough, as for an involvement.
func TestAccusingClaim(t *testing.T) {
	w := newWorld(t)
	s, other, e := w.source("Testfall Daily"), w.source("Example Post"), w.event("example-town")
	p := w.person("some-accused", "Accused Testfall")
	accusing := func(s *record.Source) *record.Claim {
		c := &record.Claim{
			ID: record.ClaimID(w.id()), Source: s.ID, Subject: e.Ref(), Kind: record.KindAttribute, Attribute: record.AttrPerpetrator,
			Value: record.Value{Text: "Accused Testfall", Ref: p.Ref()}, Review: record.Review{State: record.Accepted}, Visibility: record.Internal,
		}
		w.save(w.editor, c)
		return c
	}
	one := accusing(s)
	w.must(w.h.Publish(w.ctx, w.editor, refs(p, s, other, e), ""))
	if w.sees(access.Anyone(), one.Ref()) {
		t.Error("one paper's accusation is public")
	}
	if _, ok := errors.AsType[*record.Invalid](w.h.Publish(w.ctx, w.editor, refs(one), "")); !ok {
		t.Error("one paper's accusation can be published")
	}
	two := accusing(other)
	w.must(w.h.Publish(w.ctx, w.editor, refs(one, two), ""))
	if !w.sees(access.Anyone(), one.Ref()) || !w.sees(access.Anyone(), two.Ref()) {
		t.Error("two independent papers are not ground enough")
	}
	w.sound()
}

// TestCircle makes two events part of each other.
func TestCircle(t *testing.T) {
	w := newWorld(t)
	a := w.event("one")
	b := w.event("two", func(e *record.Event) { e.PartOf = a.ID })
	round := *a
	round.PartOf = b.ID
	if err := w.h.Save(w.ctx, w.editor, &round, 1, ""); err == nil {
		t.Error("two events are part of each other")
	}
}

// TestWholeFollowsParts publishes and takes back whole and part in one use case.
func TestWholeFollowsParts(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s := w.source("Testfall Daily")
		whole := w.event("whole")
		part := w.event("part", func(e *record.Event) { e.PartOf = whole.ID })
		w.killed(s, part, 7)
		w.must(w.h.Publish(w.ctx, w.editor, refs(s, whole, part), ""))
		if got := w.best(access.Anyone(), whole.ID); got != 7 {
			t.Errorf("the public sum of parts is %d, want 7", got)
		}
		w.must(w.h.Unpublish(w.ctx, w.editor, refs(s), "to be checked"))
		if got := w.best(access.Anyone(), whole.ID); got != -1 {
			t.Errorf("the whole still shows %d of a source taken back", got)
		}
		w.sound()
	})
}
