package petitions

import (
	"errors"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

func (s *stand) invalidation(id record.InvalidationID) Invalidation {
	s.t.Helper()
	all, err := s.desk.Invalidations(s.ctx, s.moderator, s.petition.ID)
	s.must(err)
	for _, i := range all {
		if i.Rec.ID == id {
			return i
		}
	}
	s.t.Fatalf("no invalidation %s", id)
	return Invalidation{}
}

// propose proposes to take everything of throwaway.example out.
func (s *stand) propose(v access.Viewer) record.InvalidationID {
	s.t.Helper()
	id, err := s.desk.ProposeVoid(s.ctx, v, s.petition.ID, record.VoidDomain, record.Plain("en", "Addresses made for one use"), record.VoidWhere{Domain: "Throwaway.example"})
	s.must(err)
	return id
}

func TestVoidAndUndo(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		s.crowd(7, "people.example")
		bad := s.crowd(450, "throwaway.example")
		// One waits for its confirmation, one was withdrawn: the first is taken out
		// too, the second stays what it is.
		_, err := s.signing.Accept(s.ctx, s.form("Stored Up", "stored@throwaway.example"))
		s.must(err)
		s.must(s.signing.WithdrawRow(s.ctx, s.petition.Number, bad[0]))

		preview, err := s.desk.PreviewVoid(s.ctx, s.moderator, s.petition.ID, record.VoidWhere{Domain: "throwaway.example"})
		s.must(err)
		if preview != (VoidPreview{Matching: 450, Confirmed: 440}) {
			t.Errorf("%+v", preview)
		}
		if got := s.exact(); got.Confirmed != 456 || got.Invalidated != 0 {
			t.Errorf("a preview changed something: %+v", got)
		}
		id := s.propose(s.moderator)
		if got := s.exact(); got.Confirmed != 456 {
			t.Errorf("a proposal changed something: %+v", got)
		}
		s.wants(s.desk.AgreeVoid(s.ctx, s.moderator, id, 0), record.ErrForbidden, "agreeing with oneself")
		s.wants(s.desk.AgreeVoid(s.ctx, s.moderator2, id, 7), record.ErrConflict, "another revision")
		s.must(s.desk.AgreeVoid(s.ctx, s.moderator2, id, 1))
		i := s.invalidation(id).Rec
		if i.State != record.VoidDone || i.Voided != 450 || i.OneReviewer || i.Second != s.moderator2.User {
			t.Errorf("%+v", i)
		}
		got := s.exact()
		if got.Confirmed != 7 || got.Invalidated != 450 || got.Withdrawn != 1 || len(got.Reasons) != 1 || got.Reasons[0].Code != string(record.VoidDomain) {
			t.Errorf("%+v", got)
		}
		s.refuses(s.desk.AgreeVoid(s.ctx, s.moderator2, id, 0), "state", "agreeing again")

		s.refuses(s.desk.UndoVoid(s.ctx, s.moderator, id, 0, ""), "reason", "undoing without a reason")
		s.must(s.signing.WithdrawRow(s.ctx, s.petition.Number, bad[1]))
		s.must(s.desk.UndoVoid(s.ctx, s.moderator, id, 0, "they were people after all"))
		if got := s.exact(); got.Confirmed != 455 || got.Unconfirmed != 1 || got.Invalidated != 0 || got.Withdrawn != 2 {
			t.Errorf("undone: %+v", got)
		}
		// Who waited for a mail gets it after all.
		due, err := s.signing.PreviewDue(s.ctx, 1000)
		s.must(err)
		if len(due) != 1 || due[0].Address != "stored@throwaway.example" || due[0].Keep {
			t.Errorf("%d mails are due after an invalidation was undone", len(due))
		}
		if i := s.invalidation(id).Rec; i.State != record.VoidUndone || i.Voided != 0 {
			t.Errorf("%+v", i)
		}
		var lines int
		_, err = s.list.Each(0, func(l departed.Line) error { lines += len(l.Rows); return nil })
		s.must(err)
		if lines != 1+450+1+449 {
			t.Errorf("the list of departures has %d rows", lines)
		}
	})
}

// TestVoidGoesOn stops an invalidation in its middle and starts anew.
func TestVoidGoesOn(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		s.crowd(30, "throwaway.example")
		id := s.propose(s.moderator)
		s.must(s.desk.decideVoid(s.ctx, s.moderator2, "agree to invalidation", "", id, 0, func(_ *casework.Work, i *record.Invalidation) error {
			i.State, i.Second = record.VoidAgreed, s.moderator2.User
			return nil
		}))
		// A part was done when the process ended.
		where, err := s.desk.where(s.ctx, s.petition, record.VoidWhere{Domain: "throwaway.example"})
		s.must(err)
		if _, err := s.signing.Void(s.ctx, s.petition.Number, where, string(id)); err != nil {
			t.Fatal(err)
		}
		errs := make(chan error, 2)
		for range 2 { // as two processes would
			go func() { errs <- s.desk.CarryOut(s.ctx) }()
		}
		s.must(errors.Join(<-errs, <-errs))
		if i := s.invalidation(id).Rec; i.State != record.VoidDone || i.Voided != 30 {
			t.Errorf("%+v", i)
		}
		if got := s.exact(); got.Confirmed != 0 || got.Invalidated != 30 {
			t.Errorf("%+v", got)
		}
	})
}

func TestVoidOfOnePerson(t *testing.T) {
	s := newStand(t, "")
	s.crowd(10, "throwaway.example")
	alone := func(want bool, as access.Viewer) {
		t.Helper()
		if got, err := s.desk.AgreesAlone(s.ctx, as); err != nil || got != want {
			t.Errorf("%s agrees alone: %v, %v", as.Role, got, err)
		}
	}
	alone(false, s.moderator)
	// Nobody but one moderator is left who could agree.
	for _, v := range []access.Viewer{s.moderator2, s.admin} {
		s.must(s.store.Write(s.ctx, func(tx *store.Tx) error {
			a, err := tx.AccountBy(s.ctx, "id", string(v.User))
			a.Closed = true
			return errors.Join(err, tx.PutAccount(s.ctx, a))
		}))
	}
	alone(true, s.moderator)
	alone(false, s.owner)
	id := s.propose(s.moderator)
	s.must(s.desk.AgreeVoid(s.ctx, s.moderator, id, 0))
	if i := s.invalidation(id).Rec; !i.OneReviewer || i.State != record.VoidDone {
		t.Errorf("%+v", i)
	}
}

func TestVoidRoles(t *testing.T) {
	s := newStand(t, "")
	s.crowd(12, "throwaway.example")
	where := record.VoidWhere{Domain: "throwaway.example"}
	reason := record.Plain("en", "x")
	for _, v := range []access.Viewer{access.Anyone(), s.reader, s.contributor, s.editor, s.organiser} {
		_, err := s.desk.PreviewVoid(s.ctx, v, s.petition.ID, where)
		s.wants(err, record.ErrForbidden, "preview as "+string(v.Role))
		_, err = s.desk.ProposeVoid(s.ctx, v, s.petition.ID, record.VoidDomain, reason, where)
		s.wants(err, record.ErrForbidden, "propose as "+string(v.Role))
		_, err = s.desk.Invalidations(s.ctx, v, s.petition.ID)
		s.wants(err, record.ErrForbidden, "list as "+string(v.Role))
		_, err = s.desk.Trends(s.ctx, v, s.petition.ID)
		s.wants(err, record.ErrForbidden, "trends as "+string(v.Role))
	}
	id := s.propose(s.owner) // whoever runs the petition may propose
	for _, v := range []access.Viewer{access.Anyone(), s.reader, s.contributor, s.editor, s.organiser, s.owner} {
		s.wants(s.desk.AgreeVoid(s.ctx, v, id, 0), record.ErrForbidden, "agree as "+string(v.Role))
		s.wants(s.desk.RefuseVoid(s.ctx, v, id, 0, "x"), record.ErrForbidden, "refuse as "+string(v.Role))
		s.wants(s.desk.UndoVoid(s.ctx, v, id, 0, "x"), record.ErrForbidden, "undo as "+string(v.Role))
	}
	s.must(s.desk.RefuseVoid(s.ctx, s.moderator, id, 0, "these are people"))
	s.refuses(s.desk.AgreeVoid(s.ctx, s.moderator2, id, 0), "state", "agreeing with what was refused")
	if got := s.exact(); got.Confirmed != 12 {
		t.Errorf("%+v", got)
	}
	for name, w := range map[string]record.VoidWhere{
		"nothing given": {}, "no country": {Country: "ZZ"}, "no domain": {Domain: "not a domain"}, "no network": {Network: "xyz"}, "backwards": {From: 9, To: 3},
		"no batch": {Batch: record.BatchID(s.id())}, "nobody": {Domain: "nobody.example"},
	} {
		if _, err := s.desk.ProposeVoid(s.ctx, s.moderator, s.petition.ID, record.VoidOther, reason, w); err == nil {
			t.Errorf("%s: proposed", name)
		}
	}
}

func TestTrends(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		// A machine in one network under a mail domain of its own, and people.
		for i := range 14 {
			f := s.form("Made Up", string(rune('a'+i))+"@rare-and-telling.example")
			_, err := s.signing.Accept(s.ctx, f)
			s.must(err)
		}
		s.crowd(12, "gmail.com")
		s.wait(2 * time.Hour)
		s.crowd(3, "family.example")
		got, err := s.desk.Trends(s.ctx, s.owner, s.petition.ID)
		s.must(err)
		if len(got.Hours) != 2 || got.Hours[0].Received != 26 || got.Hours[0].Confirmed != 12 || !got.Hours[1].Few || got.Hours[1].Received != 0 {
			t.Errorf("hours %+v", got.Hours)
		}
		if len(got.Networks) != 1 || got.Networks[0].Received != 14 || got.Networks[0].Confirmed != 0 || got.Networks[0].Network == "" {
			t.Errorf("networks %+v", got.Networks)
		}
		names := map[string]int64{}
		for _, d := range got.Domains {
			names[d.Name] = d.Received
		}
		if len(got.Domains) != 2 || names[""] != 14 || names["gmail.com"] != 12 {
			t.Errorf("domains %+v", got.Domains)
		}
		if got.Countries.Of("PK") != 15 {
			t.Errorf("countries %+v", got.Countries)
		}
		preview, err := s.desk.PreviewVoid(s.ctx, s.moderator, s.petition.ID, record.VoidWhere{Network: got.Networks[0].Network})
		s.must(err)
		if preview.Matching != 10 {
			t.Errorf("by network: %+v", preview)
		}
	})
}

// TestVoidTellsNothingOfFew asks about heaps as somebody would who wants to know
// whether one person has signed.
func TestVoidTellsNothingOfFew(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		s.crowd(9, "small.example")
		for _, v := range []access.Viewer{s.owner, s.moderator} {
			for _, w := range []record.VoidWhere{
				{Domain: "small.example"},
				{Domain: "nobody.example"},
				{Country: "PK", Domain: "small.example"},
				{Country: "AF"},
				{Country: "PK"},
			} {
				got, err := s.desk.PreviewVoid(s.ctx, v, s.petition.ID, w)
				s.must(err)
				if got != (VoidPreview{}) {
					t.Errorf("%+v tells of few: %+v", w, got)
				}
				_, err = s.desk.ProposeVoid(s.ctx, v, s.petition.ID, record.VoidOther, record.Plain("en", "x"), w)
				if w.Domain != "" {
					s.refuses(err, "where", "a domain of few")
				} else if err != nil {
					t.Errorf("%+v: %v", w, err)
				}
			}
		}
		list, err := s.desk.Invalidations(s.ctx, s.moderator, s.petition.ID)
		s.must(err)
		for _, i := range list {
			if i.Rec.Matching != 0 {
				t.Errorf("a proposal tells of few: %+v", i.Rec)
			}
		}
		log, err := s.desk.Log(s.ctx, s.owner, s.petition.ID)
		s.must(err)
		looks := 0
		for _, l := range log {
			if l.Words == "counted what an invalidation would match: country AF" {
				looks++
			}
		}
		if looks != 2 {
			t.Errorf("%d of two looks stand in the log", looks)
		}
	})
}
