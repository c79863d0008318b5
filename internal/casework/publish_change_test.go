package casework_test

import (
	"errors"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// TestChangeCheck shows what a change of a public record would put before everybody
// at once, and nothing of what they read already.
func TestChangeCheck(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s := w.source("Testfall Daily", published(record.Public))
		e := w.event("example-town", func(e *record.Event) {
			e.Summary, e.Visibility = record.Plain("en", "Twelve people were killed near Nowhere Bazaar."), record.Public
		})
		w.killed(s, e, 12, func(c *record.Claim) { c.Visibility = record.Public })
		check := func(rec record.Record, rev int) *casework.Findings {
			t.Helper()
			found, err := w.h.ChangeCheck(w.ctx, w.editor, rec, rev)
			w.must(err)
			return found
		}

		next := *e
		if check(&next, 1) != nil {
			t.Error("a form saved as it was is checked")
		}
		next.Note = "for the house"
		if check(&next, 1) != nil {
			t.Error("a note is checked, which the public never reads")
		}
		next.Summary = record.Plain("en", "Twelve people were killed near Nowhere Bazaar. It was done by Somebody Testfall.")
		found := check(&next, 1)
		if found == nil || len(found.Uncited) != 1 || found.Uncited[0].Detail != "It was done by Somebody Testfall." {
			t.Fatalf("a sentence that no claim bears out: %+v", found)
		}
		if got := standing[*record.Event](w, e.ID); got.Rev != 1 {
			t.Fatalf("checking wrote revision %d", got.Rev)
		}
		if again := check(&next, 1); again.Checked != found.Checked {
			t.Error("the same wording is not known again")
		}
		other := next
		other.Summary = record.Plain("en", "Twelve people were killed. It was done by Another Testfall.")
		if again := check(&other, 1); again == nil || again.Checked == found.Checked {
			t.Error("another wording passes for the one that was read")
		}

		// The loss of a claim leaves a sentence without ground as well as a new sentence does.
		internal := next
		internal.Visibility = record.Internal
		if found := check(&internal, 1); found != nil {
			t.Errorf("what leaves the public is checked: %+v", found)
		}
		w.must(w.h.Save(w.ctx, w.editor, &next, 1, ""))
		restored, err := w.h.RestoreCheck(w.ctx, w.editor, e.Ref(), 1, 2)
		w.must(err)
		if restored != nil {
			t.Errorf("going back to what stood is checked: %+v", restored)
		}
		w.must(w.h.RestoreVersion(w.ctx, w.editor, e.Ref(), 1, 2, ""))
		if restored, err = w.h.RestoreCheck(w.ctx, w.editor, e.Ref(), 2, 3); err != nil || restored == nil || len(restored.Uncited) != 1 {
			t.Errorf("an earlier version that names somebody: %+v, %v", restored, err)
		}

		// A person whom a public record names only now, and a wrongdoer in words.
		p := w.person("named", "Named Testfall")
		w.must(w.h.Publish(w.ctx, w.editor, refs(p), ""))
		attribute := &record.Claim{
			ID: record.ClaimID(w.id()), Source: s.ID, Subject: e.Ref(), Kind: record.KindAttribute, Attribute: record.AttrPerpetrator,
			Value: record.Value{Text: "unknown men"}, Review: record.Review{State: record.Accepted}, Visibility: record.Public,
		}
		w.save(w.editor, attribute)
		worded := *attribute
		worded.Value.Text = "A man called Testfall"
		found, err = w.h.ChangeCheck(w.ctx, access.House(), &worded, 1)
		if err != nil || found == nil || len(found.Worded) != 1 || found.Worded[0].Detail != "A man called Testfall" {
			t.Errorf("a wrongdoer in words: %+v, %v", found, err)
		}
		// Changed by one of several reviewers it waits for another: the public reads nothing new.
		if found := check(&worded, 1); found != nil {
			t.Errorf("a claim that leaves the public is checked: %+v", found)
		}
		attributed := *attribute
		attributed.AttributedTo = record.Attribution{Person: p.ID}
		found, err = w.h.ChangeCheck(w.ctx, access.House(), &attributed, 1)
		if err != nil || found == nil || !has(found.Persons, p.Ref()) {
			t.Errorf("a person named only now: %+v, %v", found, err)
		}

		// What is public by itself and stood on something inside comes out by moving.
		inside := w.event("inside")
		part := &record.Involvement{
			ID: record.InvolvementID(w.id()), Event: inside.ID, Person: p.ID, Role: record.RoleWitness, Claims: []record.ClaimID{attribute.ID}, Visibility: record.Public,
		}
		w.save(w.editor, part)
		moved := *part
		moved.Event = e.ID
		if found := check(&moved, 1); found == nil || !has(found.Becomes, part.Ref()) || !has(found.Persons, p.Ref()) || found.Checked == "" {
			t.Errorf("a part that comes out by moving: %+v", found)
		}

		_, err = w.h.ChangeCheck(w.ctx, w.editor, &next, 1)
		w.wants(err, record.ErrConflict, "a revision that is not the present one")
		_, err = w.h.ChangeCheck(w.ctx, w.contributor, &next, 3)
		w.wants(err, record.ErrForbidden, "a contributor on a public record")
		w.sound()
	})
}

// TestSaveNeverPublishes keeps whoever writes from making something public in passing.
func TestSaveNeverPublishes(t *testing.T) {
	w := newWorld(t)
	made := &record.Event{
		ID: record.EventID(w.id()), Slug: "made", Title: record.Plain("en", "Testfall"), Type: record.TypeAttack, Status: record.Held,
		When: record.On("2031-05-03"), Visibility: record.Public,
	}
	inside := w.event("inside")
	changed := *inside
	changed.Visibility = record.Public
	for _, v := range []access.Viewer{w.editor, w.admin} {
		w.invalid(w.h.Save(w.ctx, v, made, 0, ""), "visibility", "a new public record")
		w.invalid(w.h.Save(w.ctx, v, &changed, 1, ""), "visibility", "a record made public by a change")
		w.invalid(w.h.Enter(w.ctx, v, "", made), "visibility", "an entry that is public")
	}
	if err := w.h.Save(w.ctx, w.contributor, made, 0, ""); !errors.Is(err, record.ErrForbidden) {
		t.Errorf("a contributor is told %v", err)
	}
	if w.sees(access.Anyone(), made.Ref()) || w.sees(access.Anyone(), inside.Ref()) {
		t.Error("something became public")
	}
	w.sound()
}
