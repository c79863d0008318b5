package mail

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

func TestSameFactOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		p := Post{Fact: "mandate 1", Kind: "mandate", Lane: LaneConfirm, Message: message("testfall@example.net")}
		var wg sync.WaitGroup
		added := make(chan bool, 8)
		for range 8 {
			wg.Go(func() {
				ok, err := f.outbox.Post(t.Context(), p)
				if err != nil {
					t.Error(err)
				}
				added <- ok
			})
		}
		wg.Wait()
		close(added)
		n := 0
		for ok := range added {
			if ok {
				n++
			}
		}
		if c := f.counts(); n != 1 || c.Waiting != 1 {
			t.Errorf("added %d times, counts %+v", n, c)
		}
		w := f.worker("a")
		if w.Pass(t.Context()) != 1 {
			t.Fatal("not sent")
		}
		// Also after it was sent, and after it was dropped.
		if ok, err := f.outbox.Post(t.Context(), p); ok || err != nil {
			t.Errorf("told again: %v %v", ok, err)
		}
		// The fact makes the Message-ID, and only the key tells how.
		id := f.smtp.Received()[0].Header("Message-Id")
		if want := "<o." + f.outbox.keyOf(p.Fact) + ".0@example.org>"; id != want {
			t.Errorf("Message-ID %s, want %s", id, want)
		}
		if other := NewOutbox(OutboxConfig{Store: f.store, Key: testKey{secret: [32]byte{1}}}); other.keyOf(p.Fact) == f.outbox.keyOf(p.Fact) {
			t.Error("another key gives the same Message-ID")
		}
	})
}

// A transaction that is taken back leaves no message.
func TestAddInTransaction(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		refused := errors.New("refused")
		err := f.change(func(ctx context.Context, tx *store.Tx) error {
			if _, err := f.outbox.Add(ctx, tx, Post{Fact: "x", Kind: "x", Message: message("testfall@example.net")}); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		if c := f.counts(); c.Waiting != 0 {
			t.Errorf("counts %+v", c)
		}
		for _, p := range []Post{
			{Kind: "x", Message: message("testfall@example.net")},
			{Fact: "x", Message: message("testfall@example.net")},
			{Fact: "x", Kind: "x", Message: message("testfall")},
		} {
			if _, err := f.outbox.Post(t.Context(), p); err == nil || strings.Contains(err.Error(), "testfall") {
				t.Errorf("post %+v: %v", p, err)
			}
		}
	})
}

// Nothing of a message can be read in the database, and nothing at all is left
// once it was sent.
func TestAtRest(t *testing.T) {
	target := testdb.SQLite(t)
	f := newFixture(t, target)
	f.post("notice", LaneNotice, "planted-domain.example", 3)
	if f.worker("a").Pass(t.Context()) != 3 {
		t.Fatal("not sent")
	}
	f.post("later", LaneNotice, "planted-domain.example", 3)
	for _, name := range []string{target, target + "-wal"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, planted := range []string{"testfall", "planted-domain", "Please confirm", "record.example.org"} {
			if strings.Contains(string(b), planted) {
				t.Errorf("%s holds %q", name, planted)
			}
		}
	}
	for _, e := range must(f.outbox.List(t.Context(), store.MailSent, "", 10))(t) {
		if e.Readable || e.Done.IsZero() {
			t.Errorf("a sent message is %+v", e)
		}
		if _, m, err := f.outbox.Read(t.Context(), e.ID); err != nil || m.To != "" {
			t.Errorf("a sent message can be read: %v %v", m, err)
		}
	}
}

func TestDesk(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		ctx := t.Context()
		f.post("notice", LaneNotice, "example.net", 5)
		first := must(f.outbox.List(ctx, "", "", 3))(t)
		rest := must(f.outbox.List(ctx, "", first[2].ID, 3))(t)
		if len(first) != 3 || len(rest) != 2 || rest[0].ID >= first[2].ID {
			t.Fatalf("pages of %d and %d", len(first), len(rest))
		}
		e, m, err := f.outbox.Read(ctx, rest[1].ID)
		if err != nil || m.To != "testfall0@example.net" || !e.Readable || e.Kind != "notice" || e.Lane != LaneNotice {
			t.Errorf("read %+v %+v %v", e, m, err)
		}
		if _, _, err := f.outbox.Read(ctx, "none"); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("read what is not there: %v", err)
		}
		// Dropped: not sent, and its fact stays told.
		drop := func(id string) error {
			return f.change(func(ctx context.Context, tx *store.Tx) error { return f.outbox.Drop(ctx, tx, id) })
		}
		if err := drop(rest[1].ID); err != nil {
			t.Fatal(err)
		}
		if err := drop(rest[1].ID); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("dropped twice: %v", err)
		}
		if ok, err := f.outbox.Post(ctx, Post{Fact: "notice example.net 0", Kind: "notice", Message: message("testfall@example.net")}); ok || err != nil {
			t.Errorf("a dropped fact is told: %v %v", ok, err)
		}
		// Kept: can be looked at, never leaves.
		if _, err := f.outbox.Post(ctx, Post{Fact: "kept", Kind: "kept", Keep: true, Message: message("testfall-kept@example.net")}); err != nil {
			t.Fatal(err)
		}
		if n := f.worker("a").Pass(ctx); n != 4 {
			t.Errorf("sent %d, want 4", n)
		}
		list := must(f.outbox.Preview(ctx, 10))(t)
		if len(list) != 1 || !list[0].Kept || list[0].Message.To != "testfall-kept@example.net" {
			t.Errorf("preview %+v", list)
		}
		if c := f.counts(); c.Sent != 4 || c.Dropped != 1 || c.Kept != 1 || !c.Oldest.IsZero() {
			t.Errorf("counts %+v", c)
		}
	})
}

// What may not be sent any more, and what failed long ago, is forgotten.
func TestTidy(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		ctx := t.Context()
		now := f.clock.now()
		for i, p := range []Post{{Due: now.Add(time.Hour)}, {Ends: now.Add(time.Hour)}, {Due: now.Add(2 * time.Hour), Ends: now.Add(3 * time.Hour)}} {
			p.Fact, p.Kind, p.Message = fmt.Sprint(i), "x", message("testfall@example.net")
			if _, err := f.outbox.Post(ctx, p); err != nil {
				t.Fatal(err)
			}
		}
		f.smtp.Stop()
		w := f.worker("a")
		f.clock.add(time.Hour)
		w.Tidy(ctx)
		if c := f.counts(); c.Failed != 1 || c.Waiting != 2 || !c.Oldest.Equal(now.Add(time.Hour)) {
			t.Errorf("counts %+v", c)
		}
		list := must(f.outbox.List(ctx, store.MailFailed, "", 10))(t)
		if len(list) != 1 || list[0].Code != "expired" || list[0].Readable {
			t.Errorf("expired %+v", list)
		}
		// A failed one can be read and sent again, for a month.
		if err := f.smtp.Start(); err != nil {
			t.Fatal(err)
		}
		f.smtp.Behave(refuseAll)
		w.Pass(ctx)
		list = must(f.outbox.List(ctx, store.MailFailed, "", 10))(t)
		if len(list) != 2 {
			t.Fatalf("failed %+v", list)
		}
		retry := func(id string) error {
			return f.change(func(ctx context.Context, tx *store.Tx) error { return f.outbox.Retry(ctx, tx, id) })
		}
		readable := 0
		for _, e := range list {
			err := retry(e.ID)
			if e.Readable {
				readable++
			}
			if e.Readable && err != nil || !e.Readable && !errors.Is(err, record.ErrNotFound) {
				t.Errorf("retry of %+v: %v", e, err)
			}
		}
		if readable != 1 {
			t.Errorf("%d failed messages can be read, want 1", readable)
		}
		w.Pass(ctx)
		f.clock.add(failedKept + time.Minute)
		w.Tidy(ctx)
		for _, e := range must(f.outbox.List(ctx, "", "", 10))(t) {
			if e.Readable || e.State != store.MailFailed {
				t.Errorf("left after a month: %+v", e)
			}
		}
	})
}
