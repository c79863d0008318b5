package mail

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/mail/mailtest"
	"github.com/gawah-project/gawah/internal/store"
)

func TestSend(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		src := &rows{}
		f.join(src)
		src.add("1", LaneConfirm, message("testfall-row@example.net"))
		f.post("notice", LaneNotice, "example.net", 3)
		w := f.worker("a")
		if n := w.Pass(t.Context()); n != 4 {
			t.Fatalf("sent %d, want 4\n%s", n, f.log)
		}
		if n := w.Pass(t.Context()); n != 0 {
			t.Errorf("sent %d more", n)
		}
		got := f.smtp.Received()
		if len(got) != 4 || got[0].To != "testfall-row@example.net" {
			t.Fatalf("received %d, first to %s", len(got), got[0].To)
		}
		if got[0].From != "post@example.org" || got[0].Helo != "example.org" {
			t.Errorf("envelope from %s by %s", got[0].From, got[0].Helo)
		}
		if src.list["1"].state != Sent {
			t.Error("the source was not told")
		}
		if c := f.counts(); c.Sent != 3 || c.Waiting != 0 || c.Sending != 0 {
			t.Errorf("counts %+v", c)
		}
		if f.smtp.Dials() != 1 {
			t.Errorf("%d connections for one pass", f.smtp.Dials())
		}
		f.quiet()
	})
}

// Confirmations go before what was due long before them, and also while a
// newsletter is under way.
func TestLanes(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		src := &rows{}
		f.join(src)
		f.post("update", LaneUpdate, "example.net", 60)
		f.clock.add(time.Minute)
		f.post("confirm", LaneConfirm, "example.com", 2)
		var n atomic.Int64
		f.smtp.Behave(mailtest.Script{End: func(mailtest.Received) mailtest.Reply {
			if n.Add(1) == 10 {
				src.add("late", LaneConfirm, message("testfall-late@example.com"))
			}
			f.clock.add(200 * time.Millisecond)
			return mailtest.Reply{}
		}})
		if sent := f.worker("a").Pass(t.Context()); sent != 63 {
			t.Fatalf("sent %d, want 63", sent)
		}
		var order []string
		for _, r := range f.smtp.Received() {
			order = append(order, r.To)
		}
		if order[0] != "testfall0@example.com" || order[1] != "testfall1@example.com" {
			t.Errorf("first were %v", order[:2])
		}
		// It was due after the tenth; within a second, five messages here, it is seen.
		if i := slices.Index(order, "testfall-late@example.com"); i < 10 || i > 16 {
			t.Errorf("a confirmation that came during a newsletter was number %d", i+1)
		}
	})
}

// A server that is away for an hour costs time and nothing else.
func TestServerDownForAnHour(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		src := &rows{}
		f.join(src)
		for i := range 30 {
			src.add(fmt.Sprint(i), LaneConfirm, message(fmt.Sprintf("testfall-row%d@example.net", i)))
		}
		f.post("notice", LaneNotice, "example.net", 30)
		w := f.worker("a")
		// It goes away in the middle: refusing, then closing at once, then greeting with 421.
		var n atomic.Int64
		f.smtp.Behave(mailtest.Script{Data: func() mailtest.Reply {
			if n.Add(1) > 20 {
				return mailtest.Reply{Drop: true}
			}
			return mailtest.Reply{}
		}})
		w.Pass(t.Context())
		f.smtp.Stop()
		tries := 0
		for start := f.clock.now(); f.clock.now().Sub(start) < time.Hour; f.clock.add(10 * time.Second) {
			before := w.trouble.tries
			w.Pass(t.Context())
			tries += w.trouble.tries - before
			if f.clock.now().Sub(start) == 30*time.Minute {
				if err := f.smtp.Start(); err != nil {
					t.Fatal(err)
				}
				f.smtp.Behave(mailtest.Script{Greeting: func() mailtest.Reply { return mailtest.Reply{Code: 421, Text: "4.3.2 closing"} }})
			}
		}
		if tries < 5 || tries > 40 {
			t.Errorf("the server was tried %d times in an hour", tries)
		}
		if s := w.Status(); s.Trouble == "" {
			t.Error("the trouble is not told")
		}
		f.smtp.Behave(mailtest.Script{})
		for range 30 {
			f.clock.add(10 * time.Minute)
			w.Pass(t.Context())
		}
		got := f.smtp.Received()
		if len(ids(got)) != 60 || len(twice(got)) != 0 {
			t.Errorf("%d different messages of 60, twice: %v", len(ids(got)), twice(got))
		}
		if c := f.counts(); c.Sent != 30 || c.Failed+c.Waiting+c.Sending != 0 {
			t.Errorf("counts %+v", c)
		}
		if s := w.Status(); s.Trouble != "" {
			t.Errorf("the trouble is over, not %s", s.Trouble)
		}
		f.quiet()
	})
}

// What a server says of one message concerns that message.
func TestReplies(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		f.post("notice", LaneNotice, "gone.example", 1)
		f.post("notice", LaneNotice, "full.example", 1)
		f.post("notice", LaneNotice, "relay.example", 1)
		f.post("notice", LaneNotice, "spam.example", 1)
		f.post("notice", LaneNotice, "good.example", 1)
		at := func(to, domain string) bool { return strings.HasSuffix(to, domain) }
		var full atomic.Int64
		f.smtp.Behave(mailtest.Script{
			Rcpt: func(to string) mailtest.Reply {
				switch {
				case at(to, "gone.example"):
					return mailtest.Reply{Code: 550, Text: "5.1.1 no testfall0 here"}
				case at(to, "full.example") && full.Add(1) <= 3:
					return mailtest.Reply{Code: 450, Text: "4.2.1 come back"}
				case at(to, "relay.example"):
					return mailtest.Reply{Code: 554, Text: "5.7.1 relay access denied"}
				}
				return mailtest.Reply{}
			},
			End: func(r mailtest.Received) mailtest.Reply {
				if at(r.To, "spam.example") {
					return mailtest.Reply{Code: 554, Text: "5.7.1 looks like spam"}
				}
				return mailtest.Reply{}
			},
		})
		w := f.worker("a")
		if n := w.Pass(t.Context()); n != 1 {
			t.Fatalf("sent %d, want the good one", n)
		}
		list, err := f.outbox.List(t.Context(), "", "", 10)
		if err != nil {
			t.Fatal(err)
		}
		byCode := map[string]Entry{}
		for _, e := range list {
			byCode[fmt.Sprintf("%s %s", e.State, e.Code)] = e
		}
		for _, want := range []string{"failed 550 5.1.1", "waiting 450 4.2.1", "waiting 554 5.7.1", "failed 554 5.7.1", "sent "} {
			if _, ok := byCode[want]; !ok {
				t.Errorf("no message is %q: %v", want, byCode)
			}
		}
		if e := byCode["waiting 450 4.2.1"]; e.Due.Sub(f.clock.now()) < 40*time.Second || e.Due.Sub(f.clock.now()) > 2*time.Minute {
			t.Errorf("tried again in %s", e.Due.Sub(f.clock.now()))
		}
		for range 6 {
			f.clock.add(30 * time.Minute)
			w.Pass(t.Context())
		}
		if got := f.smtp.Received(); len(got) != 2 || !at(got[1].To, "full.example") {
			t.Errorf("received %d, want the one that had to come back too", len(got))
		}
		// Relaying is denied for days: then it has failed.
		for range 40 {
			f.clock.add(3 * time.Hour)
			w.Pass(t.Context())
		}
		if c := f.counts(); c.Failed != 3 || c.Sent != 2 || c.Waiting != 0 {
			t.Errorf("counts %+v", c)
		}
		f.quiet()
	})
}

// A connection that breaks before the end of a message means that it was not
// taken; one that breaks after it, that nobody knows. Then it is sent again, the
// same to the byte.
func TestBrokenConnections(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		f.post("notice", LaneNotice, "example.net", 3)
		var middle, end atomic.Int64
		f.smtp.Behave(mailtest.Script{
			Middle: func(to string) mailtest.Reply {
				return mailtest.Reply{Drop: to == "testfall0@example.net" && middle.Add(1) == 1}
			},
			End: func(r mailtest.Received) mailtest.Reply {
				return mailtest.Reply{Drop: r.To == "testfall1@example.net" && end.Add(1) == 1}
			},
		})
		w := f.worker("a")
		for range 5 {
			w.Pass(t.Context())
			f.clock.add(5 * time.Minute)
		}
		got := f.smtp.Received()
		if len(got) != 4 || len(ids(got)) != 3 {
			t.Fatalf("received %d messages, %d different", len(got), len(ids(got)))
		}
		var same []string
		for _, r := range got {
			if r.To == "testfall1@example.net" {
				same = append(same, r.Data)
			}
		}
		if len(same) != 2 || same[0] != same[1] {
			t.Errorf("what was sent again differs:\n%s", strings.Join(same, "\n---\n"))
		}
		if c := f.counts(); c.Sent != 3 {
			t.Errorf("counts %+v", c)
		}
	})
}

// Several processes with several connections each send each message once.
func TestSeveralProcesses(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		const each = 100
		src := &rows{}
		f.join(src)
		for i := range each {
			src.add(fmt.Sprint(i), LaneConfirm, message(fmt.Sprintf("testfall-row%d@example.net", i)))
		}
		f.post("notice", LaneNotice, "example.com", each)
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for i := range 3 {
			w := f.worker(fmt.Sprint("p", i), func(c *WorkerConfig) { c.Server.Connections, c.Poll = 3, 5*time.Millisecond })
			wg.Go(func() {
				if err := w.Run(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wait(t, func() bool { return len(f.smtp.Received()) >= 2*each })
		stop()
		wg.Wait()
		got := f.smtp.Received()
		if len(got) != 2*each || len(twice(got)) != 0 {
			t.Errorf("received %d of %d, twice %v", len(got), 2*each, twice(got))
		}
		if c := f.counts(); c.Sent != each || c.Sending+c.Waiting != 0 {
			t.Errorf("counts %+v", c)
		}
	})
}

// wait lets the real goroutines of Run come to a result.
func wait(t *testing.T, done func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(30 * time.Second)
	for !done() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatal("it did not come to an end")
		}
	}
}

// A process that is gone without a word leaves its messages to the others once
// its lease has run out, and not before.
func TestLease(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		f.post("notice", LaneNotice, "example.net", 5)
		dead := f.worker("dead")
		dead.mu.Lock()
		dead.fill(t.Context(), f.clock.now())
		n := dead.waiting()
		dead.mu.Unlock()
		if n != 5 {
			t.Fatalf("leased %d", n)
		}
		w := f.worker("a")
		if n := w.Pass(t.Context()); n != 0 {
			t.Errorf("sent %d that are another's", n)
		}
		f.clock.add(dead.lease)
		if n := w.Pass(t.Context()); n != 5 {
			t.Errorf("sent %d after the lease had run out", n)
		}
		// The dead one was only slow: it must not send what it no longer has.
		if n := dead.Pass(t.Context()); n != 0 {
			t.Errorf("%d were sent twice", n)
		}
		if c := f.counts(); c.Sent != 5 {
			t.Errorf("counts %+v", c)
		}
	})
}

func TestRatePerDomain(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		f.post("update", LaneUpdate, "big.example", 30)
		f.post("update", LaneUpdate, "small.example", 5)
		w := f.worker("a", func(c *WorkerConfig) { c.Server.PerMinute = 100 }) // ten at once
		if n := w.Pass(t.Context()); n != 5+5 {
			t.Errorf("sent %d at once, want 5 to each domain, half of the burst", n)
		}
		f.post("confirm", LaneConfirm, "big.example", 8)
		if n := w.Pass(t.Context()); n != 5 {
			t.Errorf("sent %d confirmations, want the other half", n)
		}
		for range 60 {
			f.clock.add(time.Second)
			w.Pass(t.Context())
		}
		if c := f.counts(); c.Sent != 43 {
			t.Errorf("a minute later %+v", c)
		}
		var order []string
		for _, r := range f.smtp.Received() {
			order = append(order, r.Header("Message-Id"))
		}
		if len(order) != 43 {
			t.Errorf("received %d", len(order))
		}
	})
}

func TestHold(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		f.post("notice", LaneNotice, "example.net", 2)
		if err := f.change(func(ctx context.Context, tx *store.Tx) error { return f.outbox.Hold(ctx, tx, "restored") }); err != nil {
			t.Fatal(err)
		}
		w := f.worker("a")
		if n := w.Pass(t.Context()); n != 0 || len(f.smtp.Received()) != 0 {
			t.Errorf("sent %d from a held house", n)
		}
		if c := f.counts(); c.Held != "restored" || c.Waiting != 2 {
			t.Errorf("counts %+v", c)
		}
		if err := f.change(f.outbox.Release); err != nil {
			t.Fatal(err)
		}
		if n := w.Pass(t.Context()); n != 2 {
			t.Errorf("sent %d after the release", n)
		}
	})
}

// Without a server everything waits and can be read.
func TestNoServer(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		src := &rows{}
		f.join(src)
		src.add("1", LaneConfirm, message("testfall-row@example.net"))
		f.post("notice", LaneNotice, "example.com", 1)
		w, err := NewWorker(WorkerConfig{Outbox: f.outbox, Owner: "a", Now: f.clock.now})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if err := w.Run(ctx); err != nil {
			t.Error(err)
		}
		w.Pass(t.Context())
		list, err := f.outbox.Preview(t.Context(), 10)
		if err != nil || len(list) != 2 {
			t.Fatalf("preview has %d: %v", len(list), err)
		}
		if list[0].Message.To != "testfall0@example.com" || list[1].Message.To != "testfall-row@example.net" {
			t.Errorf("preview %+v", list)
		}
		if s := w.Status(); s.Configured {
			t.Error("nothing is configured")
		}
	})
}

// What became of a message is noted before another is sent, also when the
// database is away for a while.
func TestUnsettled(t *testing.T) {
	f := newFixture(t, t.TempDir()+"/gawah.db")
	src := &failing{rows: &rows{}}
	f.join(src)
	for i := range 3 {
		src.add(fmt.Sprint(i), LaneConfirm, message(fmt.Sprintf("testfall%d@example.net", i)))
	}
	src.fail.Store(true)
	w := f.worker("a")
	if n := w.Pass(t.Context()); n != 1 {
		t.Fatalf("sent %d while nothing could be noted, want 1", n)
	}
	f.clock.add(time.Minute)
	if n := w.Pass(t.Context()); n != 0 {
		t.Fatalf("sent %d more", n)
	}
	src.fail.Store(false)
	f.clock.add(time.Hour)
	if n := w.Pass(t.Context()); n != 2 {
		t.Errorf("sent %d afterwards, want the other two", n)
	}
	if got := f.smtp.Received(); len(got) != 3 || len(twice(got)) != 0 {
		t.Errorf("received %d, twice %v", len(got), twice(got))
	}
}

type failing struct {
	*rows
	fail atomic.Bool
}

func (s *failing) Settle(ctx context.Context, id string, o Outcome) error {
	if s.fail.Load() {
		return fmt.Errorf("the database is away")
	}
	return s.rows.Settle(ctx, id, o)
}

// Stopping lets the message that is on its way arrive, and it is not sent again.
func TestStopInTheMiddle(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		f.post("notice", LaneNotice, "example.net", 3)
		reached, go_on := make(chan struct{}), make(chan struct{})
		var once sync.Once
		f.smtp.Behave(mailtest.Script{End: func(mailtest.Received) mailtest.Reply {
			once.Do(func() { close(reached) })
			return mailtest.Reply{Wait: go_on}
		}})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		w := f.worker("a")
		go func() { ended <- w.Run(ctx) }()
		<-reached
		stop()
		close(go_on)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if c := f.counts(); c.Sent != 1 || c.Waiting != 2 || c.Sending != 0 {
			t.Errorf("counts %+v", c)
		}
		if n := f.worker("b").Pass(t.Context()); n != 2 || len(twice(f.smtp.Received())) != 0 {
			t.Errorf("the next process sent %d; twice %v", n, twice(f.smtp.Received()))
		}
	})
}
