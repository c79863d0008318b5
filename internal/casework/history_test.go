package casework_test

import (
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

func TestHistory(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		p := w.person("a-victim", "Victim Testfall")
		w.must(w.h.Publish(w.ctx, w.editor, refs(p), "agreed with the family"))
		second := *standing[*record.Person](w, p.ID).Rec
		second.About = record.Plain("en", "A teacher.")
		second.Note = "the sister rang"
		w.must(w.h.Save(w.ctx, w.editor, &second, 2, "a word about who she was"))

		desk, err := w.h.History(w.ctx, w.editor2, p.Ref())
		w.must(err)
		if len(desk) != 3 || desk[0].Actor != "editor" || desk[0].Note != "a word about who she was" || desk[2].Changes != nil {
			t.Fatalf("the desk reads %+v", desk)
		}
		var fields []string
		for _, c := range desk[0].Changes {
			fields = append(fields, c.Field)
		}
		if strings.Join(fields, " ") != "about.en note" {
			t.Errorf("changed: %v", fields)
		}
		public, err := w.h.History(w.ctx, access.Anyone(), p.Ref())
		w.must(err)
		if len(public) != 2 {
			t.Fatalf("the public reads %d versions, of which one was never published", len(public))
		}
		for _, v := range public {
			if v.Actor != "" || v.Note != "" || v.Action != "" || v.At%(86400*1e6) != 0 {
				t.Errorf("the public reads %+v", v)
			}
			for _, c := range v.Changes {
				if c.Field != "about.en" {
					t.Errorf("the public reads the change of %s", c.Field)
				}
			}
		}

		// Hidden: the history goes too, and restoring does not bring it back.
		_, err = w.h.Ask(w.ctx, record.AskHide, p.Ref(), "", "hide", true)
		w.must(err)
		_, err = w.h.History(w.ctx, access.Anyone(), p.Ref())
		w.wants(err, record.ErrNotFound, "the history of somebody hidden")
		w.must(w.h.RestoreVersion(w.ctx, w.editor, p.Ref(), 2, 4, "back"))
		got := standing[*record.Person](w, p.ID)
		if !got.Rec.Hidden || got.Level == access.LevelPublic || !got.Rec.About.IsZero() || got.Rev != 5 {
			t.Errorf("restored as %+v at level %d", got.Rec, got.Level)
		}
		w.wants(w.h.RestoreVersion(w.ctx, w.editor, p.Ref(), 9, 5, ""), record.ErrNotFound, "a version that never was")
		w.wants(w.h.RestoreVersion(w.ctx, w.editor, p.Ref(), 2, 4, ""), record.ErrConflict, "over somebody else's change")
		w.sound()
	})
}

// TestRestoreKeepsDecisions restores content and leaves what was decided since.
func TestRestoreKeepsDecisions(t *testing.T) {
	w := newWorld(t)
	s, e := w.source("Testfall Daily"), w.event("example-town")
	c := w.suggested(w.contributor, s, e, 5)
	w.must(w.h.Review(w.ctx, w.editor, c.ID, 1, record.Rejected, "not what it says"))
	w.must(w.h.RestoreVersion(w.ctx, w.editor, c.Ref(), 1, 2, ""))
	if got := standing[*record.Claim](w, c.ID).Rec.Review; got.State != record.Rejected {
		t.Errorf("restoring undid a review: %+v", got)
	}
	p := w.person("a-victim", "Victim Testfall")
	refused := *p
	refused.Consents = append(refused.Consents, record.Consent{Purpose: record.ToPublish, Basis: record.BasisKin, Relation: "brother"})
	w.must(w.h.Save(w.ctx, w.editor, &refused, 1, ""))
	w.must(w.h.RestoreVersion(w.ctx, w.editor, p.Ref(), 1, 2, ""))
	if standing[*record.Person](w, p.ID).Rec.May(record.ToPublish) {
		t.Error("restoring undid a refusal")
	}
	w.must(w.h.Publish(w.ctx, w.editor, refs(e), ""))
	rev := standing[*record.Event](w, e.ID).Rev
	w.must(w.h.RestoreVersion(w.ctx, w.editor, e.Ref(), 1, rev, ""))
	if !w.sees(access.Anyone(), e.Ref()) {
		t.Error("restoring unpublished an event")
	}
	w.sound()
}

// TestRestoreKeepsStricter restores an earlier version of a source that has been
// made confidential, and of a part whose ground was looked at again.
func TestRestoreKeepsStricter(t *testing.T) {
	w := newWorld(t)
	s := w.source("Testfall Daily")
	n := *s
	n.Title, n.Type = record.Plain("en", "Another title"), record.TypeStatement
	n.Sensitivity, n.Terms = record.Confidential, record.TermsInternal
	w.must(w.h.Save(w.ctx, w.editor, &n, 1, "she asked"))
	w.must(w.h.RestoreVersion(w.ctx, w.editor, s.Ref(), 1, 2, "the title back"))
	got := standing[*record.Source](w, s.ID).Rec
	if got.Title[0].Text != "Testfall Daily" || got.Sensitivity != record.Confidential || got.Terms != record.TermsInternal || got.Type != n.Type {
		t.Errorf("restored as %+v", got)
	}
	if w.sees(w.reader, s.Ref()) {
		t.Error("a reader sees a confidential source again")
	}
	w.sound()
}
