package casework_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

func refs(recs ...record.Record) []record.Ref {
	out := make([]record.Ref, len(recs))
	for i, r := range recs {
		out[i] = r.Ref()
	}
	return out
}

func has(list []casework.Finding, ref record.Ref) bool {
	for _, f := range list {
		if f.Ref == ref {
			return true
		}
	}
	return false
}

func TestPublishEvent(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		open, closed := w.source("Testfall Daily"), w.source("Internal Dataset", func(s *record.Source) { s.Terms = record.TermsInternal })
		draft := w.source("Draft Paper", func(s *record.Source) { s.Visibility = record.Draft })
		e := w.event("example-town", func(e *record.Event) {
			e.Summary = record.Plain("en", "Twelve people were killed. At least 40 were injured near Nowhere Bazaar.")
		})
		good, secret, hidden := w.killed(open, e, 12), w.killed(closed, e, 90), w.killed(draft, e, 70)
		waiting := w.suggested(w.contributor, open, e, 13)
		p := w.person("a-victim", "Victim Testfall")
		in := &record.Involvement{ID: record.InvolvementID(w.id()), Event: e.ID, Person: p.ID, Role: record.RoleKilled, Claims: []record.ClaimID{good.ID}, Visibility: record.Internal}
		w.save(w.editor, in)

		found, err := w.h.PublishCheck(w.ctx, w.editor, refs(e))
		w.must(err)
		for _, ref := range refs(e, open, good) {
			if !has(found.Becomes, ref) {
				t.Errorf("%s is not among what becomes public: %+v", ref, found.Becomes)
			}
		}
		for _, ref := range refs(closed, secret, draft, hidden, waiting, p, in) {
			if has(found.Becomes, ref) {
				t.Errorf("%s would become public", ref)
			}
		}
		for _, ref := range refs(secret, hidden, waiting, in) {
			if !has(found.Stays, ref) {
				t.Errorf("%s is not among what stays: %+v", ref, found.Stays)
			}
		}
		if len(found.Uncited) != 1 || !strings.Contains(found.Uncited[0].Detail, "40") {
			t.Errorf("uncited: %+v", found.Uncited)
		}
		for _, f := range slices.Concat(found.Becomes, found.Stays, found.Drafts) {
			if f.Label == "" {
				t.Errorf("%s has no label", f.Ref)
			}
		}
		if len(found.Blocked) > 0 || len(found.Persons) > 0 {
			t.Errorf("blocked %+v, persons %+v", found.Blocked, found.Persons)
		}
		if w.sees(access.Anyone(), e.Ref()) {
			t.Fatal("checking published")
		}

		w.must(w.h.Publish(w.ctx, w.editor, refs(e), "ready"))
		for _, ref := range refs(e, open, good) {
			if !w.sees(access.Anyone(), ref) {
				t.Errorf("%s is not public", ref)
			}
		}
		for _, ref := range refs(closed, secret, draft, hidden, waiting, p, in) {
			if w.sees(access.Anyone(), ref) {
				t.Errorf("%s is public", ref)
			}
		}
		if n := w.best(access.Anyone(), e.ID); n != 12 {
			t.Errorf("the public figure is %d", n)
		}
		if n := w.found(access.Anyone(), "attack"); n != 1 {
			t.Errorf("the public finds %d attacks", n)
		}

		// The person follows only when asked for by name.
		found, err = w.h.PublishCheck(w.ctx, w.editor, refs(p, in))
		w.must(err)
		if !has(found.Persons, p.Ref()) || found.Persons[0].Detail != string(record.BasisKin) {
			t.Errorf("persons: %+v", found.Persons)
		}
		if i := slices.IndexFunc(found.Becomes, func(f casework.Finding) bool { return f.Ref == in.Ref() }); i < 0 || found.Becomes[i].Label != "Victim Testfall" {
			t.Errorf("becomes: %+v", found.Becomes)
		}

		// A draft of a part in the event is offered, and goes along when asked for.
		draftOf := *in
		draftOf.Visibility = record.Draft
		w.must(w.h.Save(w.ctx, w.editor, &draftOf, 1, "not yet"))
		found, err = w.h.PublishCheck(w.ctx, w.editor, refs(e, p))
		w.must(err)
		if !has(found.Drafts, draft.Ref()) || found.Drafts[len(found.Drafts)-1].Ref != in.Ref() || found.Drafts[len(found.Drafts)-1].Label != "Victim Testfall" || !has(found.Stays, in.Ref()) {
			t.Errorf("drafts %+v, stays %+v", found.Drafts, found.Stays)
		}
		w.must(w.h.Publish(w.ctx, w.editor, refs(e, p), "the family agreed"))
		if w.sees(access.Anyone(), in.Ref()) {
			t.Error("a draft went along")
		}
		w.must(w.h.Publish(w.ctx, w.editor, refs(e, in), "the family agreed"))
		if !w.sees(access.Anyone(), in.Ref()) {
			t.Error("the involvement is not public")
		}

		w.must(w.h.Unpublish(w.ctx, w.editor, refs(open), "to be checked again"))
		if w.sees(access.Anyone(), good.Ref()) || w.best(access.Anyone(), e.ID) != -1 {
			t.Error("a claim outlives its source")
		}
		w.must(w.h.Unpublish(w.ctx, w.editor, refs(e), "to be checked again"))
		if w.found(access.Anyone(), "attack") != 0 || w.found(w.reader, "attack") != 1 {
			t.Error("search does not follow what is public")
		}
		w.sound()
	})
}

func TestPublishWhatIsSaidOfTotalsAndParties(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		e, s := w.event("example-town"), w.source("Testfall Daily")
		draft := w.source("Draft Paper", func(s *record.Source) { s.Visibility = record.Draft })
		total := &record.Total{ID: record.TotalID(w.id()), Slug: "all", Title: record.Plain("en", "Total"), Visibility: record.Internal}
		w.save(w.editor, total)
		party := &record.Party{
			ID: record.PartyID(w.id()), Slug: "example-group", Names: []record.Name{{Lang: "en", Text: "Example Group", Kind: record.NamePrimary}},
			Kind: record.Organisation, Visibility: record.Internal,
		}
		w.save(w.editor, party)
		for _, about := range []record.Record{total, party} {
			of := func(c *record.Claim) { c.Subject, c.Form = about.Ref(), record.Aggregate }
			open, kept := w.killed(s, e, 900, of), w.killed(draft, e, 800, of)
			waiting := w.killed(s, e, 700, of, func(c *record.Claim) { c.Review.State = record.Suggested })

			found, err := w.h.PublishCheck(w.ctx, w.editor, refs(about))
			w.must(err)
			if !has(found.Becomes, open.Ref()) || !has(found.Stays, kept.Ref()) || !has(found.Stays, waiting.Ref()) || !has(found.Drafts, draft.Ref()) || has(found.Drafts, s.Ref()) {
				t.Errorf("%s: becomes %+v, stays %+v, drafts %+v", about.Ref(), found.Becomes, found.Stays, found.Drafts)
			}
			found, err = w.h.PublishCheck(w.ctx, w.editor, refs(about, draft))
			w.must(err)
			if !has(found.Becomes, kept.Ref()) || !has(found.Becomes, draft.Ref()) || len(found.Drafts) > 0 {
				t.Errorf("%s with the draft: becomes %+v, drafts %+v", about.Ref(), found.Becomes, found.Drafts)
			}
			w.must(w.h.Publish(w.ctx, w.editor, refs(about), "ready"))
			if !w.sees(access.Anyone(), open.Ref()) || w.sees(access.Anyone(), kept.Ref()) || w.sees(access.Anyone(), waiting.Ref()) || w.sees(access.Anyone(), draft.Ref()) {
				t.Errorf("%s: not what the check said became public", about.Ref())
			}
		}
		w.sound()
	})
}

// found is how many events a viewer's search for a word finds.
func (w *world) found(v access.Viewer, word string) int {
	w.t.Helper()
	n := 0
	w.must(w.store.View(w.ctx, func(r *store.Reader) error {
		hits, _, err := r.Search(w.ctx, v, []string{word}, []record.Kind{record.KindEvent}, 0, 10)
		n = len(hits)
		return err
	}))
	return n
}

func TestPublishRefuses(t *testing.T) {
	w := newWorld(t)
	s, e := w.source("Testfall Daily"), w.event("example-town")
	p := w.person("some-accused", "Accused Testfall")
	one := w.says(s, e, p)
	i := w.accuse(e, p, one)
	nobody := &record.Person{
		ID: record.PersonID(w.id()), Slug: "no-consent", Names: []record.Name{{Text: "Nobody Asked", Kind: record.NamePrimary}},
		Vital: record.Dead, Visibility: record.Internal,
	}
	w.save(w.editor, nobody)
	planned := w.event("planned", func(e *record.Event) { e.Status = record.Planned })
	internal := w.source("Internal", func(s *record.Source) { s.Terms = record.TermsInternal })
	waiting := w.suggested(w.contributor, s, e, 2)
	for _, test := range []struct {
		what string
		rec  record.Record
		key  string
	}{
		{"a person without consent", nobody, "publish.blocked.consent"},
		{"a planned event", planned, "publish.blocked.planned"},
		{"a source with closed terms", internal, "publish.blocked.terms"},
		{"a claim that waits for review", waiting, "publish.blocked.review"},
		{"an accusation of one origin", i, "publish.blocked.accused"},
	} {
		found, err := w.h.PublishCheck(w.ctx, w.editor, refs(test.rec, e))
		w.must(err)
		if len(found.Blocked) != 1 || found.Blocked[0].Ref != test.rec.Ref() || found.Blocked[0].Key != test.key {
			t.Errorf("%s: blocked %+v", test.what, found.Blocked)
		}
		if _, ok := errors.AsType[*record.Invalid](w.h.Publish(w.ctx, w.editor, refs(test.rec, e), "")); !ok {
			t.Errorf("%s was published", test.what)
		}
		if w.sees(access.Anyone(), e.Ref()) {
			t.Fatalf("%s: something was published half", test.what)
		}
	}
	found, err := w.h.PublishCheck(w.ctx, w.editor, refs(e, p))
	w.must(err)
	if !has(found.Accused, i.Ref()) || has(found.Becomes, i.Ref()) {
		t.Errorf("accused: %+v", found.Accused)
	}
	// A tick is no official source; an office that is quoted is one.
	off := *i
	off.Official = true
	w.must(w.h.Save(w.ctx, w.editor, &off, 1, ""))
	if _, ok := errors.AsType[*record.Invalid](w.h.Publish(w.ctx, w.editor, refs(i, e), "")); !ok {
		t.Error("an accusation was published on the strength of a tick")
	}
	police := &record.Party{
		ID: record.PartyID(w.id()), Slug: "example-police", Names: []record.Name{{Text: "Example Police", Kind: record.NamePrimary}},
		Kind: record.Police, Visibility: record.Public,
	}
	w.save(w.editor, police)
	said := *one
	said.AttributedTo = record.Attribution{Text: "Example Police", Party: police.ID}
	w.must(w.h.Save(w.ctx, access.House(), &said, 1, ""))
	w.must(w.h.Publish(w.ctx, w.editor, refs(e, p), ""))
	if !w.sees(access.Anyone(), i.Ref()) {
		t.Error("an official accusation is not public")
	}
	w.sound()
}

// Whoever publishes is shown who is said in words alone to have done it: the check
// for ground knows people by their records.
func TestPublishShowsWhoIsAccusedInWords(t *testing.T) {
	w := newWorld(t)
	s, e, p := w.source("Testfall Daily"), w.event("example-town"), w.person("named", "Named Testfall")
	claim := func(text string, ref record.Ref) *record.Claim {
		c := &record.Claim{
			ID: record.ClaimID(w.id()), Source: s.ID, Subject: e.Ref(), Kind: record.KindAttribute, Attribute: record.AttrPerpetrator,
			Value: record.Value{Text: text, Ref: ref}, Review: record.Review{State: record.Accepted}, Visibility: record.Internal,
		}
		w.save(w.editor, c)
		return c
	}
	words := claim("A man called Testfall", record.Ref{})
	claim("A man called Testfall", record.Ref{})
	linked := claim("Named Testfall", p.Ref())
	found, err := w.h.PublishCheck(w.ctx, w.editor, refs(s, e))
	w.must(err)
	if len(found.Worded) != 1 || found.Worded[0].Detail != words.Value.Text {
		t.Errorf("accused in words: %+v", found.Worded)
	}
	if !has(found.Accused, linked.Ref()) {
		t.Errorf("accused: %+v", found.Accused)
	}
}
