package signing

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/store"
)

func TestCommitments(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		var entered [][][32]byte
		commit := func(ctx context.Context, number int, hashes [][32]byte, mark func(context.Context, *store.Tx) error) error {
			if number != petition || !slices.IsSortedFunc(hashes, func(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) }) {
				t.Errorf("petition %d, hashes in the order of receipt", number)
			}
			entered = append(entered, hashes)
			return h.store.Aside(ctx, func(tx *store.Tx) error { return mark(ctx, tx) })
		}
		run := func() int {
			t.Helper()
			n, err := h.CommitLeaves(ctx, commit)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		var numbers []int64
		for i := range 25 {
			n := h.take(form(i)).N
			numbers = append(numbers, n)
			h.confirm(n)
		}
		pending := h.take(form(100)).N
		if n := run(); n != 0 {
			t.Errorf("%d in the hour of their confirmation", n)
		}
		h.clock.add(time.Hour)
		if n := run(); n != 25 || len(entered) != 1 {
			t.Errorf("%d in %d batches", n, len(entered))
		}
		if n := run(); n != 0 {
			t.Errorf("%d twice", n)
		}
		own := h.OwnToken(petition, numbers[3])
		r, err := h.Receipt(ctx, petition, own)
		if err != nil || !r.Committed || ledger.Commit(r.Salt, r.Body) != r.Hash || !slices.Contains(entered[0], r.Hash) {
			t.Errorf("the receipt does not open a commitment: %v", err)
		}
		if _, err := h.Receipt(ctx, petition, h.OwnToken(petition, pending)); !errors.Is(err, ErrGone) {
			t.Errorf("a receipt for what does not count: %v", err)
		}
		// A few wait for others, but not for ever.
		h.confirm(pending)
		h.clock.add(time.Hour)
		if n := run(); n != 0 {
			t.Errorf("a batch of %d", n)
		}
		h.clock.add(leafWait * time.Hour)
		if n := run(); n != 1 {
			t.Errorf("%d after a day", n)
		}
		if err := h.Withdraw(ctx, petition, own); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Receipt(ctx, petition, own); !errors.Is(err, ErrGone) {
			t.Errorf("a receipt for what was withdrawn: %v", err)
		}
	})
}

// TestCommitted finds the journal entry of a receipt.
func TestCommitted(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		n := h.take(form(1)).N
		h.confirm(n)
		token := h.OwnToken(petition, n)
		r, err := h.Receipt(t.Context(), petition, token)
		if err != nil {
			t.Fatal(err)
		}
		if entry, _, err := h.Committed(t.Context(), "subject", r); err != nil || entry != 0 {
			t.Errorf("before it is committed: %d, %v", entry, err)
		}
		r.Committed = true
		if entry, _, err := h.Committed(t.Context(), "subject", r); err != nil || entry != 0 {
			t.Errorf("in no entry: %d, %v", entry, err)
		}
	})
}
