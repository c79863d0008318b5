package signing

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// TestStopped names in the transaction who is told nothing more: those whose updates
// end, whose signature leaves the count or is replaced, and nobody else; and nothing
// is changed when their mail cannot be dropped.
func TestStopped(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		var named []Stopped
		var fails error
		e, err := New(Config{
			Store: h.store, Keys: h.keys, Registry: h.registry, Departed: h.list, Now: h.clock.now,
			Stopped: func(_ context.Context, _ *store.Tx, s []Stopped) error {
				named = append(named, s...)
				return fails
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		h.Engine = e
		t.Cleanup(func() {
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		})
		asks := func(i int, updates bool) int64 {
			t.Helper()
			f := form(i)
			f.Updates = updates
			n := h.take(f).N
			h.confirm(n)
			return n
		}
		stops := func(what string, n int64, left bool) {
			t.Helper()
			want := Stopped{h.keys.House().Key(n, petition, seal.ForMessage), left}
			if n == 0 && len(named) != 0 || n != 0 && (len(named) != 1 || named[0] != want) {
				t.Errorf("%s: named are %d signatures", what, len(named))
			}
			named = nil
		}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		silent, n := asks(1, false), asks(2, true)
		stops("to confirm", 0, false)
		must(h.WithdrawRow(ctx, petition, silent))
		stops("to withdraw without updates", 0, false)
		fails = errors.New("the outbox is away")
		if err := h.UnsubscribeRow(ctx, petition, n); err == nil {
			t.Error("updates ended although their mail was not dropped")
		}
		if _, updates, err := h.Told(ctx, h.keys.House().Key(n, petition, seal.ForMessage)); !updates || err != nil {
			t.Errorf("told are %v: %v", updates, err)
		}
		named, fails = nil, nil
		must(h.UnsubscribeRow(ctx, petition, n))
		stops("to unsubscribe", n, false)
		must(h.UnsubscribeRow(ctx, petition, n))
		must(h.WithdrawRow(ctx, petition, n))
		stops("to do it again", 0, false)

		// A line of paper with an address has a letter, whether it asked for updates or not.
		taken, errs := h.Enter(ctx, []Sheet{{Petition: petition, Edition: 1, Lang: "en", Batch: 1, Name: "Testfall Paper", Email: "paper@paper.example"}})
		must(errs[0])
		if _, err := h.Void(ctx, petition, Where{Batch: 1}, "one"); err != nil {
			t.Fatal(err)
		}
		stops("to take out a line of paper", taken[0].N, true)

		// Who signs again for a text that needs everybody's consent is told nothing twice.
		old := asks(3, true)
		_, err = h.Tell(ctx, petition, 4, h.clock.now().Add(time.Hour), 10, func(context.Context, *store.Tx, Recipient) error { return nil })
		must(err)
		x := terms()
		x.Edition, x.Reconsent = 2, 2
		h.registry.Put(x)
		f := form(3)
		f.Edition, f.Updates = 2, true
		fresh := h.take(f).N
		h.confirm(fresh)
		stops("to be replaced", old, false)
		for _, s := range h.rowsPaged() {
			if s.N == fresh && (s.State != signature.Confirmed || s.Told != 4) {
				t.Errorf("the later signature is %s and was told %d", s.State, s.Told)
			}
		}
		again, err := h.Tell(ctx, petition, 4, h.clock.now().Add(time.Hour), 10, func(context.Context, *store.Tx, Recipient) error { return nil })
		if again != 0 || err != nil {
			t.Errorf("%d are told again: %v", again, err)
		}
		must(h.Destroy(ctx, petition))
		if counts, updates, err := h.Told(ctx, h.keys.House().Key(fresh, petition, seal.ForMessage)); counts || updates || err != nil {
			t.Errorf("after destruction %v %v: %v", counts, updates, err)
		}
		h.consistent()
	})
}
