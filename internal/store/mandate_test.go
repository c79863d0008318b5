package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/record"
)

func TestMandates(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		first := Mandate{Endorsement: "a", Petition: 3, Box: []byte{1, 2}, Code: "c1", DNS: "d1", Domain: "example.org", Expires: 100, Tries: 2, Looked: 1_767_225_600_000_001, Found: FoundOther}
		second := Mandate{Endorsement: "b", Petition: 3, Box: []byte{3}, DNS: "d2", Domain: "example.net", Expires: 50}
		f.write(func(ctx context.Context, tx *Tx) error {
			return errors.Join(tx.PutMandate(ctx, first), tx.PutMandate(ctx, second))
		})
		f.view(func(ctx context.Context, r *Reader) error {
			got, err := r.MandateByCode(ctx, "c1")
			if diff := cmp.Diff(first, got); diff != "" || err != nil {
				t.Errorf("by code: %s %v", diff, err)
			}
			if got, err := r.MandateByDNS(ctx, "d2"); err != nil || got.Endorsement != "b" {
				t.Errorf("by record: %+v %v", got, err)
			}
			// That no link was mailed is no link that everybody has.
			if _, err := r.MandateByCode(ctx, ""); !errors.Is(err, record.ErrNotFound) {
				t.Errorf("by no code: %v", err)
			}
			if all, bare, err := r.PendingMandates(ctx, 3); all != 2 || bare != 0 || err != nil {
				t.Errorf("pending: %d, %d, %v", all, bare, err)
			}
			// The one without a link goes first, whatever the hour.
			if id, err := r.OldestMandate(ctx, 3); id != "b" || err != nil {
				t.Errorf("the oldest is %q: %v", id, err)
			}
			if _, err := r.OldestMandate(ctx, 4); !errors.Is(err, record.ErrNotFound) {
				t.Errorf("the oldest of none: %v", err)
			}
			if ids, err := r.ExpiredMandates(ctx, 50, 10); len(ids) != 1 || ids[0] != "b" || err != nil {
				t.Errorf("expired: %v %v", ids, err)
			}
			return nil
		})
		first.Expires = 0
		f.write(func(ctx context.Context, tx *Tx) error { return tx.PutMandate(ctx, first) })
		f.write(func(ctx context.Context, tx *Tx) error {
			if all, _, err := tx.PendingMandates(ctx, 3); all != 1 || err != nil {
				t.Errorf("pending once one is proved: %d, %v", all, err)
			}
			if n, err := tx.DropMandates(ctx, 4); n != 0 || err != nil {
				t.Errorf("another petition's: %d, %v", n, err)
			}
			n, err := tx.DropMandates(ctx, 3)
			if n != 2 {
				t.Errorf("dropped %d", n)
			}
			return err
		})
		f.view(func(ctx context.Context, r *Reader) error {
			if _, err := r.MandateOf(ctx, "a"); !errors.Is(err, record.ErrNotFound) {
				t.Errorf("after dropping: %v", err)
			}
			return nil
		})
	})
}

func TestCodesAreUsedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		f.write(func(ctx context.Context, tx *Tx) error {
			return errors.Join(tx.AddCodes(ctx, 1, "north", 10, []string{"h1", "h2", "h3"}), tx.AddCodes(ctx, 2, "south", 10, []string{"h4"}))
		})
		var used atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				err := f.Write(t.Context(), func(tx *Tx) error {
					ok, err := tx.UseCode(t.Context(), 1, "h1", 11)
					if ok && err == nil {
						used.Add(1)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if used.Load() != 1 {
			t.Errorf("one code was used %d times", used.Load())
		}
		f.write(func(ctx context.Context, tx *Tx) error {
			if ok, err := tx.UseCode(ctx, 1, "h4", 11); ok || err != nil {
				t.Errorf("another petition's code: %v %v", ok, err)
			}
			if ok, err := tx.UseCode(ctx, 1, "none", 11); ok || err != nil {
				t.Errorf("no code: %v %v", ok, err)
			}
			got, err := tx.Codes(ctx, 1)
			if diff := cmp.Diff([]CodeCount{{"north", 3, 1}}, got); diff != "" {
				t.Error(diff)
			}
			if err != nil {
				return err
			}
			n, err := tx.DropCodes(ctx, 1, "north")
			if n != 2 {
				t.Errorf("dropped %d", n)
			}
			return err
		})
	})
}
