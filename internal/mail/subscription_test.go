package mail

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/mail/mailtest"
	"github.com/gawah-project/gawah/internal/store"
)

// holders are subscriptions with who holds them in memory.
type holders struct {
	mu    sync.Mutex
	gone  map[string]bool
	ended []string
	fails error
}

func (h *holders) Holds(_ context.Context, key string) (bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.gone[key], h.fails
}

func (h *holders) End(_ context.Context, key string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = append(h.ended, key)
	return h.fails
}

func (f *fixture) holders() *holders {
	f.t.Helper()
	h := &holders{gone: map[string]bool{}}
	if err := f.outbox.JoinSubscriptions("follower", h); err != nil {
		f.t.Fatal(err)
	}
	return h
}

// tell keeps a message of a subscription.
func (f *fixture) tell(key string, n int) {
	f.t.Helper()
	f.clock.add(time.Millisecond)
	if _, err := f.outbox.Post(f.t.Context(), Post{
		Fact: fmt.Sprintf("news %s %d", key, n), Kind: "news", Lane: LaneUpdate, Message: message("testfall-" + key + "@" + key + ".example"),
		Subscription: Subscription{"follower", key},
	}); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) reached() (to []string) {
	for _, r := range f.smtp.Received() {
		to = append(to, r.To)
	}
	slices.Sort(to)
	return to
}

// TestSubscriptionDropped sends nothing to whoever ended a subscription: not what waits,
// not what another process has leased, and not what was on its way into the outbox.
func TestSubscriptionDropped(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		ctx, h := t.Context(), f.holders()
		for _, key := range []string{"stays", "stopped", "late"} {
			f.tell(key, 1)
			f.tell(key, 2)
		}
		f.post("notice", LaneNotice, "example.net", 1)
		// A message that is leased when its reader ends it is no more the worker's.
		if _, err := f.store.TakeMail(ctx, store.MailQuery{Owner: "b", Now: f.clock.now().UnixMicro(), Until: f.clock.now().Add(time.Hour).UnixMicro(), MaxLane: 2, Limit: 10}); err != nil {
			t.Fatal(err)
		}
		if err := f.change(func(ctx context.Context, tx *store.Tx) error {
			n, err := f.outbox.DropFor(ctx, tx, Subscription{"follower", "stopped"}, Subscription{}, Subscription{"follower", "nobody"})
			if n != 2 {
				t.Errorf("%d are dropped, want 2", n)
			}
			for _, none := range [][]Subscription{nil, {{}}} {
				if m, e := f.outbox.DropFor(ctx, tx, none...); m != 0 || e != nil {
					t.Errorf("of no subscription %d are dropped: %v", m, e)
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		h.gone["late"] = true
		f.clock.add(2 * time.Hour)
		f.worker("a").Pass(ctx)
		if got := f.reached(); !slices.Equal(got, []string{"testfall-stays@stays.example", "testfall-stays@stays.example", "testfall0@example.net"}) {
			t.Errorf("mail went to %v", got)
		}
		if c := f.counts(); c.Dropped != 4 || c.Sent != 3 || c.Waiting+c.Sending+c.Failed != 0 {
			t.Errorf("the outbox has %+v", c)
		}
		for _, e := range must(f.outbox.List(ctx, store.MailDropped, "", 10))(t) {
			if e.Readable {
				t.Error("a message that was dropped has its words")
			}
		}
		f.quiet()
	})
}

// TestSubscriptionLeasedAhead asks again for each message: a worker leases many ahead,
// and their readers may end what they get meanwhile.
func TestSubscriptionLeasedAhead(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		h := f.holders()
		f.tell("first", 1)
		f.tell("second", 1)
		f.smtp.Behave(mailtest.Script{End: func(r mailtest.Received) mailtest.Reply {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.gone["second"] = true
			return mailtest.Reply{Code: 250, Text: "2.0.0 taken"}
		}})
		f.worker("a").Pass(t.Context())
		if got := f.reached(); !slices.Equal(got, []string{"testfall-first@first.example"}) {
			t.Errorf("mail went to %v", got)
		}
		if c := f.counts(); c.Dropped != 1 {
			t.Errorf("the outbox has %+v", c)
		}
	})
}

// TestSubscriptionsDropped drops what waits for very many at once, while others take
// mail to send: nobody waits for the other for ever.
func TestSubscriptionsDropped(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		const people = 300
		ctx := t.Context()
		var ended []Subscription
		for i := range people {
			key := fmt.Sprint("p", i)
			f.tell(key, 1)
			if i%3 != 0 {
				ended = append(ended, Subscription{"follower", key})
			}
		}
		slices.Reverse(ended)
		now := f.clock.now()
		done := make(chan error, 2)
		go func() {
			var err error
			for range people / 20 {
				_, e := f.store.TakeMail(ctx, store.MailQuery{Owner: "b", Now: now.UnixMicro(), Until: now.Add(time.Hour).UnixMicro(), MaxLane: 2, Limit: 20})
				err = errors.Join(err, e)
			}
			done <- err
		}()
		go func() {
			var err error
			for part := range slices.Chunk(ended, 100) {
				err = errors.Join(err, f.change(func(ctx context.Context, tx *store.Tx) error {
					_, err := f.outbox.DropFor(ctx, tx, part...)
					return err
				}))
			}
			done <- err
		}()
		if err := errors.Join(<-done, <-done); err != nil {
			t.Fatal(err)
		}
		if c := f.counts(); c.Dropped != people*2/3 || c.Waiting+c.Sending != people/3 {
			t.Errorf("the outbox has %+v", c)
		}
	})
}

// TestSourceAskedAgain asks a source again for each message: a worker leases many
// ahead, and what they are about may end meanwhile.
func TestSourceAskedAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		src := &rows{}
		f.join(src)
		src.add("1", LaneConfirm, message("testfall-first@example.net"))
		src.add("2", LaneConfirm, message("testfall-second@example.net"))
		f.smtp.Behave(mailtest.Script{End: func(mailtest.Received) mailtest.Reply {
			src.mu.Lock()
			defer src.mu.Unlock()
			src.list["2"].state = Failed
			return mailtest.Reply{Code: 250, Text: "2.0.0 taken"}
		}})
		f.worker("a").Pass(t.Context())
		if got := f.reached(); !slices.Equal(got, []string{"testfall-first@example.net"}) {
			t.Errorf("mail went to %v", got)
		}
		if src.list["1"].state != Sent {
			t.Errorf("what was sent is %v", src.list["1"].state)
		}
		f.quiet()
	})
}

// TestSubscriptionUnsure sends nothing while it cannot be known whether it is wanted.
func TestSubscriptionUnsure(t *testing.T) {
	f := newFixture(t, t.TempDir()+"/gawah.db")
	h := f.holders()
	h.fails = errors.New("the disk is away")
	f.tell("first", 1)
	w := f.worker("a")
	w.Pass(t.Context())
	if c := f.counts(); c.Waiting != 1 || len(f.reached()) != 0 {
		t.Errorf("the outbox has %+v and mail went to %v", c, f.reached())
	}
	h.fails = nil
	f.clock.add(time.Hour)
	w.Pass(t.Context())
	if c := f.counts(); c.Sent != 1 {
		t.Errorf("the outbox has %+v", c)
	}
}

// TestSubscriptionBounced ends what an address gets when there is no such address or its
// holder complains, and not for a full mailbox or a server that does not like ours.
func TestSubscriptionBounced(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		ctx, h := t.Context(), f.holders()
		codes := map[string]string{"nobody": "5.1.1", "closed": "5.2.1", "unsaid": "5.0.0", "full": "5.2.2", "policy": "5.7.1", "expired": "5.4.7", "sender": "5.1.8"}
		for key := range codes {
			f.tell(key, 1)
		}
		w := f.worker("a")
		if w.Pass(ctx) != len(codes) {
			t.Fatal("not sent")
		}
		for _, r := range f.smtp.Received() {
			_, domain, _ := strings.Cut(r.To, "@")
			key := strings.TrimSuffix(domain, ".example")
			if _, err := f.outbox.Bounce(ctx, strings.NewReader(report("post@example.org", r.Header("Message-Id"), "failed", codes[key], "message/rfc822"))); err != nil {
				t.Errorf("%s: %v", key, err)
			}
		}
		slices.Sort(h.ended)
		if !slices.Equal(h.ended, []string{"closed", "nobody", "unsaid"}) {
			t.Errorf("ended are %v", h.ended)
		}
		// A server that says so at once says the same.
		h.ended = nil
		refusals := map[string]string{"absent": "550 5.1.1", "bare": "550", "words": "", "busy": "452 4.2.2", "refuses": "550 5.2.2"}
		for key := range refusals {
			f.tell(key, 2)
		}
		f.smtp.Behave(mailtest.Script{
			Rcpt: func(to string) mailtest.Reply {
				for key, reply := range refusals {
					if reply != "" && strings.Contains(to, "testfall-"+key+"@") {
						var code int
						_, _ = fmt.Sscan(reply, &code)
						_, text, _ := strings.Cut(reply, " ")
						return mailtest.Reply{Code: code, Text: strings.TrimSpace(text + " no")}
					}
				}
				return mailtest.Reply{Code: 250, Text: "2.1.5 ok"}
			},
			End: func(mailtest.Received) mailtest.Reply {
				return mailtest.Reply{Code: 550, Text: "these words are not liked"}
			},
		})
		w.Pass(ctx)
		slices.Sort(h.ended)
		if !slices.Equal(h.ended, []string{"absent", "bare"}) {
			t.Errorf("ended are %v", h.ended)
		}
		f.quiet()
	})
}
