package store

import (
	"context"
	"errors"
	"testing"

	"github.com/gawah-project/gawah/internal/record"
)

// TestFollowers keeps an address for as long as it follows, and each fact once.
func TestFollowers(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		addr := []byte{1, 0, 2}
		f.write(func(ctx context.Context, tx *Tx) error {
			for i, fact := range []string{"assessment a", "overdue b", "assessment a"} {
				added, err := tx.AddFollowFact(ctx, FollowFact{Fact: fact, Kind: "assessment", Of: record.Ref{Kind: record.KindAssessment, ID: "a"}})
				if added != (i < 2) {
					t.Errorf("fact %d was added: %v", i, added)
				}
				if err != nil {
					return err
				}
			}
			for _, id := range []string{"one", "two", "three"} {
				if err := tx.AddFollower(ctx, Follower{ID: id, Kind: "demand", Target: id, Lang: "en", Addr: addr, Box: []byte{9}, Code: "code " + id, Expires: 50}); err != nil {
					return err
				}
			}
			return nil
		})
		f.write(func(ctx context.Context, tx *Tx) error {
			if n, err := tx.FollowersUnconfirmed(ctx, addr); n != 3 || err != nil {
				t.Errorf("%d are not confirmed (%v)", n, err)
			}
			if err := tx.ConfirmFollower(ctx, "one", 7, 1); err != nil {
				return err
			}
			if err := tx.RenewFollower(ctx, "two", 100); err != nil {
				return err
			}
			if n, err := tx.DropUnconfirmed(ctx, 50); n != 1 || err != nil {
				t.Errorf("%d were dropped (%v)", n, err)
			}
			list, err := tx.FollowersBehind(ctx, 2, 10)
			if err != nil || len(list) != 1 || list[0].ID != "one" || list[0].Expires != 0 || list[0].Confirmed != 7 {
				t.Errorf("behind are %+v (%v)", list, err)
			}
			facts, err := tx.FollowFacts(ctx, 1, 2, 10)
			if err != nil || len(facts) != 1 || facts[0].Fact != "overdue b" || facts[0].N != 2 || facts[0].Of.ID != "a" {
				t.Errorf("facts are %+v (%v)", facts, err)
			}
			for i, want := range []bool{true, false} {
				if told, err := tx.FollowerTold(ctx, "one", 2); told != want || err != nil {
					t.Errorf("telling it %d times: %v (%v)", i+1, told, err)
				}
			}
			if known, err := tx.FollowFactNames(ctx); len(known) != 2 || err != nil {
				t.Errorf("known are %v (%v)", known, err)
			}
			if _, err := tx.FollowerByAddr(ctx, "demand", "three", addr); !errors.Is(err, record.ErrNotFound) {
				t.Errorf("a dropped follower: %v", err)
			}
			if k, err := tx.FollowerByCode(ctx, "code two"); k.ID != "two" || k.Expires != 100 || err != nil {
				t.Errorf("by its code: %+v (%v)", k, err)
			}
			of, err := tx.FollowersOf(ctx, addr)
			if len(of) != 2 || err != nil {
				t.Errorf("the address follows %+v (%v)", of, err)
			}
			for _, f := range of {
				for want := int64(1); want >= 0; want-- {
					if n, err := tx.DropFollower(ctx, f.ID); n != want || err != nil {
						t.Errorf("%d were forgotten, want %d (%v)", n, want, err)
					}
				}
			}
			n, err := tx.LastFollowFact(ctx)
			if n != 2 {
				t.Errorf("the last fact is %d", n)
			}
			return err
		})
	})
}
