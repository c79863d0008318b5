package casework_test

import (
	"bytes"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
)

// taken imports records as a casefile that somebody sent.
func (w *world) taken(o casework.CasefileOptions, records ...record.Record) *casework.ImportReport {
	w.t.Helper()
	cf := &exchange.Casefile{Manifest: exchange.CasefileManifest{Format: exchange.CasefileFormat, Name: "sent"}, Records: records}
	report, err := w.h.ImportCasefile(w.ctx, w.editor, cf, o)
	w.must(err)
	return report
}

func published(v record.Visibility) func(*record.Source) {
	return func(s *record.Source) { s.Visibility = v }
}

// TestCasefileForgesNoReviewer takes in what says that an account of this house
// accepted it, marked a scope and made a copy.
func TestCasefileForgesNoReviewer(t *testing.T) {
	w := newWorld(t)
	s, e := w.source("Testfall Daily"), w.event("attack")
	c := &record.Claim{
		ID: record.ClaimID(w.id()), Source: s.ID, Subject: e.Ref(), Kind: record.KindMeasure, Measure: record.Killed, Form: record.Incident,
		Role: record.Reported, Words: "some", AsOf: record.On("2013-01-10"), Visibility: record.Internal, ScopeReadBy: w.editor2.User,
		Review: record.Review{State: record.Accepted, By: w.editor2.User, At: 1, Reason: "read beside the passage"},
	}
	c.Bounds(record.Exact, 7, 0)
	for _, o := range []casework.CasefileOptions{{}, {Replace: true}} {
		sent := *c
		w.taken(o, &sent)
		now := standing[*record.Claim](w, c.ID)
		if now.Rec.Review.By != "" || now.Rec.ScopeReadBy != "" || now.Rec.Review.State != record.Accepted {
			t.Errorf("taken in with %+v: %+v", o, now.Rec)
		}
	}
	// A decision that was made here stays the house's, and taking in the same again is no conflict.
	own := w.killed(s, e, 5, func(c *record.Claim) { c.Review.State = record.Suggested })
	w.must(w.h.Review(w.ctx, w.editor2, own.ID, 1, record.Accepted, "read"))
	var out bytes.Buffer
	w.must(w.h.ExportCasefile(w.ctx, w.editor, "ours", &out))
	for _, v := range []access.Viewer{w.admin, w.editor, w.editor2} {
		if bytes.Contains(out.Bytes(), []byte(v.User)) {
			t.Errorf("the casefile names the account of a %s", v.Role)
		}
	}
	sent := *standing[*record.Claim](w, own.ID).Rec
	sent.Review.By = w.admin.User
	if r := w.taken(casework.CasefileOptions{}, &sent); r.Unchanged != 1 {
		t.Errorf("%+v", r)
	}
	if by := standing[*record.Claim](w, own.ID).Rec.Review.By; by != w.editor2.User {
		t.Errorf("reviewed by %q", by)
	}
}

// TestCasefileJoinsNothing makes sure that two events of this house are not shown as
// one because a casefile says that somebody decided so.
func TestCasefileJoinsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s := w.source("Testfall Daily")
		a, b := w.event("one"), w.event("another")
		w.killed(s, a, 3)
		w.killed(s, b, 4)
		same := &record.Same{
			ID: record.SameID(w.id()), A: a.ID, B: b.ID, State: record.SameAccepted, Proposer: "editor", Visibility: record.Internal,
			Review: record.Review{By: w.editor2.User, At: 1, Reason: "one attack"},
		}
		for _, o := range []casework.CasefileOptions{{}, {Replace: true}} {
			sent := *same
			w.taken(o, &sent)
			if now := standing[*record.Same](w, same.ID).Rec; now.State != record.SameProposed || now.Review.By != "" {
				t.Errorf("taken in with %+v: %+v", o, now)
			}
			if w.best(w.editor, a.ID) != 3 || w.best(w.editor, b.ID) != 4 {
				t.Errorf("the figures became %d and %d", w.best(w.editor, a.ID), w.best(w.editor, b.ID))
			}
		}
		w.sound()
	})
}

// TestCasefileAccusesNobody takes in public claims that may not be public here: one
// that accuses a living person on the word of one source, and one of a source whose
// terms keep it in the house.
func TestCasefileAccusesNobody(t *testing.T) {
	w := newWorld(t)
	s := w.source("Testfall Daily", published(record.Public))
	kept := w.source("Example Data", func(s *record.Source) { s.Terms = record.TermsInternal })
	e := w.event("attack", func(e *record.Event) { e.Visibility = record.Public })
	p := w.person("somebody", "Zubaydaqq Testfallqq")
	w.must(w.h.Publish(w.ctx, w.editor, refs(p), "test"))
	accusing := &record.Claim{
		ID: record.ClaimID(w.id()), Source: s.ID, Subject: e.Ref(), Kind: record.KindAttribute, Attribute: record.AttrPerpetrator,
		Value: record.Value{Ref: p.Ref()}, Review: record.Review{State: record.Accepted}, Visibility: record.Public,
	}
	counted := &record.Claim{
		ID: record.ClaimID(w.id()), Source: kept.ID, Subject: e.Ref(), Kind: record.KindMeasure, Measure: record.Killed, Form: record.Incident,
		Role: record.Reported, Words: "some", AsOf: record.On("2013-01-10"), Review: record.Review{State: record.Accepted}, Visibility: record.Public,
	}
	counted.Bounds(record.Exact, 7, 0)
	plain := *counted
	plain.ID, plain.Source = record.ClaimID(w.id()), s.ID
	w.taken(casework.CasefileOptions{}, accusing, counted, &plain)
	for _, test := range []struct {
		id   record.ClaimID
		want record.Visibility
	}{{accusing.ID, record.Internal}, {counted.ID, record.Internal}, {plain.ID, record.Public}} {
		if now := standing[*record.Claim](w, test.id).Rec; now.Visibility != test.want {
			t.Errorf("%s of %s is %s, want %s", now.Kind, now.Source, now.Visibility, test.want)
		}
	}
	w.sound()
}

// TestCasefileShowsNoMore takes in a casefile whose records are public, with a bound on
// who sees them.
func TestCasefileShowsNoMore(t *testing.T) {
	w := newWorld(t)
	e := &record.Event{
		ID: record.EventID(w.id()), Slug: "sent", Title: record.Plain("en", "Sent"), Type: record.TypeAttack, Status: record.Held,
		When: record.On("2013-01-10"), Visibility: record.Public,
	}
	ours := w.event("ours")
	theirs := *ours
	theirs.Visibility = record.Public
	bound := casework.CasefileOptions{Most: record.Internal}
	if r := w.taken(bound, e, &theirs); r.Created != 1 || r.Unchanged != 1 {
		t.Errorf("%+v", r)
	}
	bound.Replace = true
	if r := w.taken(bound, e, &theirs); r.Unchanged != 2 {
		t.Errorf("again: %+v", r)
	}
	for _, ref := range refs(e, ours) {
		if w.sees(access.Anyone(), ref) {
			t.Errorf("the public sees %s", ref)
		}
	}
	if r := w.taken(casework.CasefileOptions{Replace: true}, e); r.Updated != 1 || !w.sees(access.Anyone(), e.Ref()) {
		t.Errorf("without a bound: %+v", r)
	}
}
