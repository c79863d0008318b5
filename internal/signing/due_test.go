package signing

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/store"
)

// TestDueInABadWay sends everybody else's mail where one row cannot be read with the
// house's keys, or belongs to a petition that is not known, and says of whom neither in
// the log nor in an error.
func TestDueInABadWay(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		var log bytes.Buffer
		h.log = slog.New(slog.NewTextHandler(&log, nil))
		x := terms()
		x.Number = petition + 1
		h.registry.Put(x)
		good, bad := h.take(form(1)).N, h.take(form(2)).N
		f := form(3)
		f.Petition = petition + 1
		lost := h.take(f).N
		h.registry.mu.Lock()
		delete(h.registry.terms, petition+1)
		h.registry.mu.Unlock()
		// spoil puts something into the place of a row's address.
		spoil := func(n int64) {
			t.Helper()
			if err := h.store.Aside(ctx, func(tx *store.Tx) error {
				rows, err := tx.Signatures(ctx, n)
				s := rows[n]
				s.Mail = []byte("testfall@planted.example and what is no box at all")
				if err == nil {
					err = tx.RewriteSignature(ctx, &s)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		spoil(bad)
		h.clock.add(time.Minute)
		take := func(want ...int64) {
			t.Helper()
			got, err := h.TakeDue(ctx, h.clock.now().Add(3*time.Minute), 10)
			if err != nil || len(got) != len(want) {
				t.Fatalf("%d mails are taken: %v", len(got), err)
			}
			for i := range got {
				if got[i].N != want[i] {
					t.Errorf("the mail of row %d, want %d", got[i].N, want[i])
				}
			}
		}
		if got, err := h.PreviewDue(ctx, 10); len(got) != 1 || err != nil {
			t.Errorf("%d mails are shown: %v", len(got), err)
		}
		take(good)
		if err := h.MailSent(ctx, []int64{good}); err != nil {
			t.Fatal(err)
		}
		take()
		// The petition was only not known yet.
		h.registry.Put(x)
		h.clock.add(5 * time.Minute)
		take(lost)

		// An update reaches all whose address can be read.
		told := asking(h, 10, 3)
		spoil(told[1])
		reached := map[int64]bool{}
		n, err := h.Tell(ctx, petition, 1, h.clock.now(), 10, func(_ context.Context, _ *store.Tx, to Recipient) error {
			reached[to.N] = true
			return nil
		})
		if err != nil || n != 3 || len(reached) != 2 || reached[told[1]] {
			t.Errorf("%d are settled, %v told: %v", n, reached, err)
		}
		if strings.Contains(log.String(), "planted") || strings.Contains(log.String(), "signer") && strings.Contains(log.String(), "@") || !strings.Contains(log.String(), "cannot be read") {
			t.Errorf("the log says %s", &log)
		}
		h.consistent()
	})
}

// asking signs as n people who ask for updates.
func asking(h *house, first, n int) (rows []int64) {
	for i := first; i < first+n; i++ {
		f := form(i)
		f.Updates = true
		row := h.take(f).N
		h.confirm(row)
		rows = append(rows, row)
	}
	return rows
}
