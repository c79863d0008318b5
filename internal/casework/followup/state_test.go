package followup

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/google/go-cmp/cmp"
)

// stands is where everything stands for a viewer by what a desk keeps.
func stands(s *stand, d *Desk, v access.Viewer) string {
	s.t.Helper()
	var out []byte
	s.must(d.view(s.ctx, func(r *store.Reader) error {
		st, err := d.state(s.ctx, r, v)
		if err != nil {
			return err
		}
		out, err = json.MarshalIndent([]any{st.demands, st.commitments, st.clocks, st.late, st.quiet}, "", " ")
		return err
	}))
	return strings.ReplaceAll(string(out), "null", "[]")
}

// TestStateMovesOn changes everything on which the standing of demands rests, one thing at a time, and
// holds that what a desk worked out again is what one that knows nothing works out from
// nothing, for readers of every level.
func TestStateMovesOn(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		viewers := []access.Viewer{access.Anyone(), s.reader, s.editor}
		before := ""
		check := func(what string, moves bool) {
			t.Helper()
			for _, v := range viewers {
				want := stands(s, New(Config{House: s.house, Store: s.store, Now: s.desk.now}), v)
				if diff := cmp.Diff(want, stands(s, s.desk, v)); diff != "" {
					t.Errorf("%s: for %q what is kept differs (-from nothing +kept):\n%s", what, v.Role, diff)
				}
				if v.Sees() == access.LevelDraft {
					if moves && want == before {
						t.Errorf("%s moved nothing", what)
					}
					before = want
				}
			}
		}
		write := func(fn func(*store.Tx) error) {
			t.Helper()
			s.must(s.store.Write(s.ctx, fn))
		}
		change := func(r record.Record) {
			t.Helper()
			s.must(s.house.Do(s.ctx, access.House(), access.ActEdit, "test", "", func(w *casework.Work) error {
				item, err := store.AnyOne(s.ctx, &w.Tx().Reader, access.House(), r.Ref())
				if err != nil {
					return err
				}
				return w.Change(r, item.Rev)
			}))
		}
		old, office := s.party("old"), s.party("office")
		attack := s.event("attack", "2025-01-10", record.TypeAttack)
		p := s.petition(office, attack)
		check("nothing", false)
		ids, err := s.desk.FollowPetition(s.ctx, s.organiser, p.ID, "begin")
		s.must(err)
		check("a followed petition", true)
		c := s.claim(s.source("Testfall Post"), attack.Ref())
		promise := &record.Commitment{
			Claims: []record.ClaimID{c.ID},
			ID:     record.CommitmentID(s.id()), Slug: "promise", Text: record.Plain("en", "Guards"), By: []record.Promiser{{Party: old.ID}}, Attack: attack.ID,
			Made: record.On("2025-02-01"), Due: record.Due{Day: "2025-08-01", Zone: "Asia/Karachi", Origin: record.DueStated}, Visibility: record.Public,
		}
		s.put(promise)
		check("a commitment", true)
		asked := &record.Demand{
			ID: record.DemandID(s.id()), Slug: "asked", Text: record.Plain("en", "Guard the town"), Of: attack.Ref(), Attack: attack.ID, Made: record.On("2025-01-12"),
			Due: record.Due{Day: "2025-06-01", Zone: "Asia/Karachi", Origin: record.DueHouse}, Visibility: record.Public,
			Addressees:  []record.DemandAddressee{{Key: "old", Party: old.ID, Zone: "Asia/Karachi"}},
			Commitments: []record.CommitmentLink{{Commitment: promise.ID, How: record.LinkRepeats}},
			Letters:     []record.SentLetter{{Addressee: "old", On: "2025-01-15", Channel: record.ByPost, Subject: "Asked"}},
			Steps:       []record.Step{{Key: "one", Kind: record.StepOwn, Text: record.Plain("en", "A step"), Essential: true}},
		}
		s.put(asked)
		check("a demand", true)
		next := *promise
		next.Made = record.On("2025-03-01")
		change(&next)
		check("another day of the commitment that a demand names", true)
		delivery := &record.Delivery{
			ID: record.DeliveryID(s.id()), Petition: p.ID, Edition: 1, Addressee: "office", On: record.On("2025-02-01"), Channel: record.ByHand, Reference: "r",
			Visibility: record.Public,
		}
		s.put(delivery)
		check("a delivery", true)
		reply := &record.Reply{
			ID: record.ReplyID(s.id()), Petition: p.ID, Addressee: "office", Received: time.Date(2026, 2, 20, 0, 0, 0, 0, time.UTC).UnixMicro(),
			Channel: record.ByPost, Words: record.Plain("en", "It is under consideration."), Visibility: record.Public,
		}
		s.put(reply)
		check("a reply", true)
		// Read for one demand, it is read for the other too.
		read := s.assess(&record.Assessment{
			Of: record.Ref{Kind: record.KindDemand, ID: string(ids[0])}, Axis: record.AxisResponse, By: record.ByOrganisation, Response: record.Acknowledged,
			On: "2026-02-21", Replies: []record.ReplyID{reply.ID},
		})
		check("a reply that was read", true)
		done := s.assess(&record.Assessment{Of: asked.Ref(), Step: "one", Axis: record.AxisProgress, By: record.ByOrganisation, Progress: record.Met, On: "2025-05-01", Claims: []record.ClaimID{c.ID}})
		check("a step that was met", true)
		gone := *old
		gone.Abolished, gone.Successor = record.On("2025-04-01"), office.ID
		change(&gone)
		check("an office that passed on", false)
		last := *office
		last.Abolished = record.On("2025-05-01")
		change(&last)
		check("the office it passed on to, abolished", true)
		write(func(tx *store.Tx) error { return tx.SetLevel(s.ctx, done.Ref(), access.LevelInternal) })
		check("a hidden assessment", false)
		write(func(tx *store.Tx) error { return tx.SetLevel(s.ctx, delivery.Ref(), access.LevelDraft) })
		check("a hidden delivery", false)
		write(func(tx *store.Tx) error { return tx.SetLevel(s.ctx, asked.Ref(), access.LevelInternal) })
		check("a hidden demand", true)
		if _, n, err := s.desk.Demands(s.ctx, access.Anyone(), Filter{}, 0, 10); err != nil || n != 0 {
			t.Errorf("the public sees %d demands that are not public (%v)", n, err)
		}
		for _, ref := range []record.Ref{read.Ref(), reply.Ref(), promise.Ref(), done.Ref(), old.Ref(), {Kind: record.KindDemand, ID: string(ids[1])}} {
			write(func(tx *store.Tx) error { return tx.Erase(s.ctx, ref, 1, 1) })
			check("erased: "+string(ref.Kind), true)
		}
	})
}

// TestStateOfTomorrow holds that the first reader of a day finds what was worked out
// before it began, with what changed in between.
func TestStateOfTomorrow(t *testing.T) {
	s := newStand(t, "")
	office := s.party("office")
	attack := s.event("attack", "2025-01-10", record.TypeAttack)
	ask := func(slug, due string) {
		s.put(&record.Demand{
			ID: record.DemandID(s.id()), Slug: slug, Text: record.Plain("en", "Guard the town"), Of: attack.Ref(), Attack: attack.ID, Made: record.On("2025-01-12"),
			Due: record.Due{Day: due, Zone: "Asia/Karachi", Origin: record.DueHouse}, Visibility: record.Public,
			Addressees: []record.DemandAddressee{{Key: "office", Party: office.ID, Zone: "Asia/Karachi"}},
		})
	}
	late := func() int {
		t.Helper()
		_, n, err := s.desk.Due(s.ctx, access.Anyone(), Late, 0, 10)
		s.must(err)
		return n
	}
	ask("one", "2026-03-01")
	s.clock = time.Date(2026, 3, 1, 18, 58, 0, 0, time.UTC) // two minutes before midnight in Karachi
	s.must(s.desk.foresee(s.ctx))
	l := s.desk.states.of(access.LevelPublic)
	if l.next == nil || !l.next.at.Equal(time.Date(2026, 3, 1, 19, 0, 0, 0, time.UTC)) {
		t.Fatalf("tomorrow was not worked out: %+v", l.next)
	}
	if n := late(); n != 0 {
		t.Errorf("%d are overdue on the day on which they are due", n)
	}
	ask("two", "2026-03-01")
	ahead := l.next
	s.clock = s.clock.Add(2 * time.Minute)
	if n := late(); n != 2 {
		t.Errorf("%d are overdue the day after, want 2", n)
	}
	if l.now.at != ahead.at || l.next != nil {
		t.Error("what was worked out ahead was not taken")
	}
	s.clock = s.clock.Add(time.Hour)
	s.must(s.desk.foresee(s.ctx))
	if l.next != nil {
		t.Error("a day is worked out hours before it begins")
	}
}

// TestStateForgotten holds that what an account sees is not kept for ever, what the public sees
// is, and that neither changes what is answered.
func TestStateForgotten(t *testing.T) {
	s := newStand(t, "")
	for _, v := range []access.Viewer{access.Anyone(), s.editor} {
		stands(s, s.desk, v)
	}
	s.clock = s.clock.Add(readyIdle)
	s.must(s.desk.foresee(s.ctx))
	if s.desk.states.of(access.LevelDraft).now == nil {
		t.Error("what an editor asked for a while ago is gone already")
	}
	s.clock = s.clock.Add(time.Second)
	s.must(s.desk.foresee(s.ctx))
	if s.desk.states.of(access.LevelDraft).now != nil || s.desk.states.of(access.LevelPublic).now == nil {
		t.Error("what an editor asked for is kept for ever, or what the public sees is not")
	}
	if got, want := stands(s, s.desk, s.editor), stands(s, New(Config{House: s.house, Store: s.store, Now: s.desk.now}), s.editor); got != want {
		t.Errorf("after it was forgotten:\n%s\nwant\n%s", got, want)
	}
}
