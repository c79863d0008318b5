package followup

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/google/go-cmp/cmp"
)

// TestSettled holds that what is kept for the public is what a desk that knows nothing
// works out, after each change and whoever asked before, and that nobody is shown what was worked
// out for another.
func TestSettled(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		attack := s.event("attack", "2025-01-10", record.TypeAttack)
		accused := s.party("accused")
		cases := map[string]*record.Proceeding{}
		enter := func(slug string, v record.Visibility) {
			cases[slug] = &record.Proceeding{
				ID: record.ProceedingID(s.id()), Slug: slug, Title: record.Plain("en", "The case "+slug), Events: []record.EventID{attack.ID}, Party: accused.ID,
				Looked: []record.Looked{{On: "2026-01-02", Where: record.Plain("en", "The court's list")}}, Visibility: v,
			}
			s.put(cases[slug])
		}
		everybody := []access.Viewer{access.Anyone(), s.reader, s.contributor, s.editor, {User: s.editor.User, Role: access.Editor, AsPublic: true}, access.House(), access.Anyone()}
		// What each sees, asked of a desk that the others asked before them too.
		check := func(what string, public, inside int) {
			t.Helper()
			for _, v := range everybody {
				want := public
				if v.Sees() > access.LevelPublic {
					want = inside
				}
				for _, desk := range []*Desk{s.desk, New(Config{House: s.house, Store: s.store, Blobs: s.desk.blobs, Now: s.desk.now})} {
					a, err := desk.Accountability(s.ctx, v, AccountabilityFilter{})
					s.must(err)
					if len(a.Proceedings) != want {
						t.Errorf("%s: %q sees %d cases, want %d", what, v.Role, len(a.Proceedings), want)
					}
					var b bytes.Buffer
					s.must(desk.CSV(s.ctx, v, ListProceedings, Filter{}, &b))
					if n := strings.Count(b.String(), "The case"); n != want {
						t.Errorf("%s: the table of %q has %d cases, want %d", what, v.Role, n, want)
					}
				}
			}
		}
		check("nothing", 0, 0)
		enter("public", record.Public)
		check("a case", 1, 1)
		enter("internal", record.Internal)
		check("an internal case", 1, 2)
		s.must(s.store.Write(s.ctx, func(tx *store.Tx) error {
			return tx.SetLevel(s.ctx, cases["public"].Ref(), access.LevelInternal)
		}))
		check("a hidden case", 0, 2)
		s.publish(cases["internal"].Ref())
		check("a published case", 1, 2)
		s.must(s.store.Write(s.ctx, func(tx *store.Tx) error { return tx.Erase(s.ctx, cases["internal"].Ref(), 1, 1) }))
		check("an erased case", 0, 1)
	})
}

// TestSettledDay holds that a measure that counts days is not of another day.
func TestSettledDay(t *testing.T) {
	s := newStand(t, "")
	attack := s.event("attack", "2025-01-10", record.TypeAttack)
	s.put(&record.Proceeding{
		ID: record.ProceedingID(s.id()), Slug: "case", Title: record.Plain("en", "A case"), Events: []record.EventID{attack.ID}, Visibility: record.Public,
		Claims: []record.ClaimID{s.claim(s.source("Testfall Post"), attack.Ref()).ID},
		Steps:  []record.ChainStep{{Kind: record.StepComplaint, On: record.On("2025-01-20"), Claims: []record.ClaimID{s.claim(s.source("Testfall Post"), attack.Ref()).ID}}},
	})
	waits := func() {
		t.Helper()
		a, err := s.desk.Accountability(s.ctx, access.Anyone(), AccountabilityFilter{})
		s.must(err)
		fresh, err := New(Config{House: s.house, Store: s.store, Blobs: s.desk.blobs, Now: s.desk.now}).Accountability(s.ctx, access.Anyone(), AccountabilityFilter{})
		s.must(err)
		if diff := cmp.Diff(fresh.Waits, a.Waits); diff != "" || len(a.Waits) == 0 {
			t.Errorf("%d waits are kept (-worked out +kept):\n%s", len(a.Waits), diff)
		}
	}
	waits()
	s.clock = s.clock.AddDate(0, 0, 40)
	waits()
}

// TestSettledAlone holds that what fails is not kept, that an older snapshot neither finds nor
// drops what was kept since, and that a writing transaction keeps nothing.
func TestSettledAlone(t *testing.T) {
	s := newStand(t, "")
	var kept settled
	type key struct{}
	get := func(r *store.Reader, make func() (*int, error)) *int {
		t.Helper()
		n, err := settledFor(s.ctx, &kept, r, access.Anyone(), key{}, make)
		if err != nil {
			return nil
		}
		return n
	}
	number := func(n int) func() (*int, error) { return func() (*int, error) { return &n, nil } }
	s.must(s.store.View(s.ctx, func(old *store.Reader) error {
		if get(old, func() (*int, error) { return nil, context.Canceled }) != nil {
			t.Error("an error was answered with a number")
		}
		if n := get(old, number(1)); n == nil || *n != 1 {
			t.Error("an error was kept")
		}
		s.event("attack", "2025-01-10", record.TypeAttack)
		s.must(s.store.View(s.ctx, func(r *store.Reader) error {
			if n := get(r, number(2)); *n != 2 {
				t.Errorf("a later snapshot got %d", *n)
			}
			return nil
		}))
		if n := get(old, number(3)); *n != 3 {
			t.Errorf("a snapshot from before got %d, which was made since or is not kept any more", *n)
		}
		s.must(s.store.View(s.ctx, func(r *store.Reader) error {
			if n := get(r, number(4)); *n != 2 {
				t.Errorf("what was kept is %d", *n)
			}
			return nil
		}))
		return nil
	}))
	s.must(s.store.Write(s.ctx, func(tx *store.Tx) error {
		if n := get(&tx.Reader, number(5)); *n != 5 {
			t.Errorf("a writing transaction got %d", *n)
		}
		return nil
	}))
}
