package mail

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/gawah-project/gawah/internal/store"
)

// people are told something, by number; how far that is stands in the database.
type people struct {
	*fixture
	all   int
	fails int // transactions that are taken back at their end
}

const toldSetting = "test.told"

func (p *people) Feed(ctx context.Context, limit int) (n int, err error) {
	err = p.store.Write(ctx, func(t *store.Tx) error {
		n = 0
		at := 0
		v, err := t.Setting(ctx, toldSetting)
		if err != nil {
			return err
		}
		if v != nil {
			if _, err := fmt.Sscan(string(v), &at); err != nil {
				return err
			}
		}
		for ; at < p.all && n < limit; at, n = at+1, n+1 {
			added, err := p.outbox.Add(ctx, t, Post{
				Fact: fmt.Sprint("update ", at), Kind: "update", Lane: LaneUpdate, Message: message(fmt.Sprintf("testfall%d@d%d.example", at, at%7)),
			})
			if err != nil {
				return err
			}
			if !added {
				return errors.New("somebody is told twice")
			}
		}
		if p.fails > 0 {
			p.fails--
			return errors.New("the disk is full")
		}
		return t.PutSetting(ctx, toldSetting, []byte(fmt.Sprint(at)))
	})
	return n, err
}

// Many people are told once each, in pieces, though transactions fail, and a
// confirmation does not wait for them.
func TestFeed(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		p := &people{fixture: f, all: 3*Feedable + 7, fails: 2}
		f.outbox.JoinFeeder(p)
		w := f.worker("a", func(c *WorkerConfig) { c.Server.PerMinute = 1_000_000 })
		for range 2 {
			if n := w.Pass(t.Context()); n != 0 {
				t.Errorf("sent %d of what was taken back", n)
			}
		}
		if n, err := f.outbox.Feed(t.Context()); n != Feedable || err != nil {
			t.Fatalf("fed %d: %v", n, err)
		}
		if n, err := f.outbox.Feed(t.Context()); n != 0 || err != nil {
			t.Fatalf("fed %d more although enough waits: %v", n, err)
		}
		f.post("confirm", LaneConfirm, "example.net", 1)
		if n := w.Pass(t.Context()); n != p.all+1 {
			t.Errorf("sent %d of %d", n, p.all+1)
		}
		got := f.smtp.Received()
		if got[0].To != "testfall0@example.net" || len(twice(got)) != 0 || len(got) != p.all+1 {
			t.Errorf("first to %s, received %d, twice %v", got[0].To, len(got), twice(got))
		}
		// A month later nothing of them is left, and the others' facts stay.
		f.clock.add(failedKept * 2)
		w.Tidy(t.Context())
		if c := f.counts(); c.Sent != 1 {
			t.Errorf("left after a month: %+v", c)
		}
	})
}

func TestFeedWhileHeld(t *testing.T) {
	f := newFixture(t, t.TempDir()+"/gawah.db")
	f.outbox.JoinFeeder(&people{fixture: f, all: 5})
	if err := f.change(func(ctx context.Context, tx *store.Tx) error { return f.outbox.Hold(ctx, tx, "restored") }); err != nil {
		t.Fatal(err)
	}
	if n, err := f.outbox.Feed(t.Context()); n != 0 || err != nil {
		t.Errorf("fed %d while held: %v", n, err)
	}
}

// A feeder that fails keeps no other back, and its fault is told.
func TestFeedBesideFailing(t *testing.T) {
	f := newFixture(t, t.TempDir()+"/gawah.db")
	away := errors.New("the disk is away")
	f.outbox.JoinFeeder(badFeeder{away})
	f.outbox.JoinFeeder(&people{fixture: f, all: 5})
	if n, err := f.outbox.Feed(t.Context()); n != 5 || !errors.Is(err, away) {
		t.Errorf("fed %d: %v", n, err)
	}
}

type badFeeder struct{ err error }

func (f badFeeder) Feed(context.Context, int) (int, error) { return 0, f.err }
