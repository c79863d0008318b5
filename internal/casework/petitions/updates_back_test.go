package petitions

import (
	"slices"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/mail/mailtest"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// TestUpdateTakenBack lets nothing leave that tells of an update which was taken back: what
// waits is dropped with it, and what comes into the outbox all the same does not go either.
func TestUpdateTakenBack(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		s.informed("one", "two", "three")
		smtp := mailtest.New(t, mailtest.Options{})
		w := s.postmen(smtp, 1)[0]
		id := s.petition.ID
		s.news("The wrong office took it.")
		if n := len(s.queued()); n != 3 {
			t.Fatalf("%d mails wait", n)
		}
		s.refuses(s.desk.TakeUpdateBack(s.ctx, s.owner, id, 1, " "), "reason", "taken back without a reason")
		for name, v := range map[string]access.Viewer{"anybody": access.Anyone(), "another organiser": s.organiser, "a reader": s.reader} {
			s.wants(s.desk.TakeUpdateBack(s.ctx, v, id, 1, "wrong"), record.ErrForbidden, "taken back by "+name)
		}
		s.wants(s.desk.TakeUpdateBack(s.ctx, s.owner, id, 2, "wrong"), record.ErrNotFound, "taking back what was never told")
		s.must(s.desk.TakeUpdateBack(s.ctx, s.owner, id, 1, "It was another office."))
		if n := len(s.queued()); n != 0 {
			t.Errorf("%d mails wait for what was taken back", n)
		}
		s.refuses(s.desk.TakeUpdateBack(s.ctx, s.owner, id, 1, "again"), "state", "taken back twice")
		page, err := s.desk.PetitionPage(s.ctx, access.Anyone(), "1")
		s.must(err)
		if len(page.Updates) != 0 {
			t.Error("the public still reads it")
		}
		told, err := s.desk.Updates(s.ctx, s.owner, id)
		s.must(err)
		if len(told.List) != 1 || told.List[0].Visibility != record.Internal {
			t.Errorf("the desk lists %+v", told.List)
		}
		// One that goes another way, between being queued and being sent: the outbox asks.
		s.news("The office answered.")
		s.must(s.house.Do(s.ctx, access.House(), access.ActPetition, "hide an update", "", func(w *casework.Work) error {
			list, err := w.Tx().UpdatesOf(s.ctx, access.House(), id)
			if err != nil {
				return err
			}
			next := *list[1].Rec
			next.Visibility = record.Internal
			return w.Change(&next, list[1].Rev)
		}))
		if n := len(s.queued()); n != 3 {
			t.Fatalf("%d mails wait", n)
		}
		w.Pass(s.ctx)
		if got := smtp.Received(); len(got) != 0 {
			t.Errorf("%d mails left", len(got))
		}
		// The next one goes to everybody.
		s.news("The right office took it.")
		w.Pass(s.ctx)
		if got := named(smtp.Received()); !slices.Equal(got, []string{"one", "three", "two"}) {
			t.Errorf("mail went to %v", got)
		}
		if counts, err := s.box.Counts(s.ctx); err != nil || counts.Dropped != 6 || counts.Sent != 3 || counts.Waiting+counts.Sending+counts.Failed != 0 {
			t.Errorf("the outbox has %+v: %v", counts, err)
		}
	})
}

// TestErasedUpdate: nothing leaves that tells of an update which is not there any more.
func TestErasedUpdate(t *testing.T) {
	s := newStand(t, "")
	for key, want := range map[string]bool{"not an identifier": false, s.id(): false} {
		if ok, err := (Telling{s.store}).Stands(s.ctx, key); ok != want || err != nil {
			t.Errorf("%q: %v, %v", key, ok, err)
		}
	}
	u, err := s.desk.PostUpdate(s.ctx, s.owner, s.petition.ID, record.UpdateOther, record.Plain("en", "Told."))
	s.must(err)
	if ok, err := (Telling{s.store}).Stands(s.ctx, string(u.ID)); !ok || err != nil {
		t.Errorf("a public one: %v, %v", ok, err)
	}
	s.must(s.house.Do(s.ctx, access.House(), access.ActPetition, "hide petition", "", func(w *casework.Work) error {
		item, err := store.One[*record.Petition](s.ctx, &w.Tx().Reader, access.House(), s.petition.ID)
		if err != nil {
			return err
		}
		next := *item.Rec
		next.Visibility = record.Internal
		return w.Change(&next, item.Rev)
	}))
	if ok, err := (Telling{s.store}).Stands(s.ctx, string(u.ID)); ok || err != nil {
		t.Errorf("one of a petition that was hidden: %v, %v", ok, err)
	}
}
