package mail

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/mail/mailtest"
	"github.com/gawah-project/gawah/internal/store"
)

// why is why each message that waits does, by whom it is for, and when it is due.
func (f *fixture) why(w *Worker) (map[string]Wait, map[string]time.Time, map[string]Class) {
	f.t.Helper()
	list, err := f.outbox.Preview(f.t.Context(), 100)
	if err != nil {
		f.t.Fatal(err)
	}
	var s *Status
	if w != nil {
		now := w.Status()
		s = &now
	}
	reasons, due, failures := map[string]Wait{}, map[string]time.Time{}, map[string]Class{}
	for _, l := range list {
		to := l.Message.To
		reasons[to], due[to] = l.Why(f.clock.now(), f.counts().Held != "", s)
		failures[to] = ClassOf(l.Failure(s))
	}
	return reasons, due, failures
}

// TestWhyMailWaits asks of real messages, on their way to a real server, why each was not
// sent and when it is due.
func TestWhyMailWaits(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		src := &rows{}
		f.join(src)
		src.add("slow", LaneConfirm, message("testfall-row@busy.example"))
		src.add("later", LaneConfirm, message("testfall-later@example.net"))
		src.list["later"].due = f.clock.now().Add(10 * time.Minute)
		f.post("notice", LaneNotice, "busy.example", 1)
		f.post("update", LaneUpdate, "big.example", 8)
		const stored, row, later, big = "testfall0@busy.example", "testfall-row@busy.example", "testfall-later@example.net", "testfall7@big.example"
		if _, err := f.outbox.Post(t.Context(), Post{Fact: "set", Kind: "set", Lane: LaneNotice, Due: f.clock.now().Add(time.Hour), Message: message("testfall-set@example.net")}); err != nil {
			t.Fatal(err)
		}
		if _, err := f.outbox.Post(t.Context(), Post{Fact: "kept", Kind: "kept", Keep: true, Message: message("testfall-kept@example.net")}); err != nil {
			t.Fatal(err)
		}
		check := func(what string, w *Worker, want map[string]Wait) {
			t.Helper()
			got, _, _ := f.why(w)
			for to, reason := range want {
				if got[to] != reason {
					t.Errorf("%s: %s waits for %q, want %q", what, to, got[to], reason)
				}
			}
		}
		check("without a server", nil, map[string]Wait{stored: WaitNoServer, row: WaitNoServer, later: WaitNoServer, "testfall-kept@example.net": WaitKept})
		if err := f.change(func(ctx context.Context, tx *store.Tx) error { return f.outbox.Hold(ctx, tx, "restored") }); err != nil {
			t.Fatal(err)
		}
		w := f.worker("a", func(c *WorkerConfig) { c.Server.PerMinute = 60 }) // six at once, of them three updates
		w.Pass(t.Context())
		check("held", w, map[string]Wait{stored: WaitHeld, row: WaitHeld, later: WaitHeld, big: WaitHeld, "testfall-kept@example.net": WaitKept})
		if err := f.change(f.outbox.Release); err != nil {
			t.Fatal(err)
		}
		check("let go", w, map[string]Wait{stored: WaitNext, row: WaitNext, later: WaitLater, "testfall-set@example.net": WaitSet})

		f.smtp.Behave(mailtest.Script{Rcpt: func(to string) mailtest.Reply {
			if strings.HasSuffix(to, "busy.example") {
				return mailtest.Reply{Code: 450, Text: "4.2.2 over quota"}
			}
			return mailtest.Reply{}
		}})
		w.Pass(t.Context())
		check("after a pass", w, map[string]Wait{stored: WaitRetry, row: WaitRetry, later: WaitLater, big: WaitRate, "testfall-set@example.net": WaitSet})
		_, due, failures := f.why(w)
		now := f.clock.now()
		for _, to := range []string{stored, row} {
			if failures[to] != ClassFull || due[to].Before(now.Add(30*time.Second)) || due[to].After(now.Add(2*time.Minute)) {
				t.Errorf("%s: %q, due %v", to, failures[to], due[to].Sub(now))
			}
		}
		if d := due[big].Sub(now); d <= 0 || d > 10*time.Second {
			t.Errorf("an update to a domain that has had enough is due in %v", d)
		}
		if d := due[later].Sub(now); d < 9*time.Minute || d > 10*time.Minute {
			t.Errorf("one that is put off is due in %v", d)
		}
		f.smtp.Stop()
		f.clock.add(3 * time.Minute)
		w.Pass(t.Context())
		check("with the server away", w, map[string]Wait{stored: WaitTrouble, row: WaitTrouble, later: WaitLater})
		if err := f.smtp.Start(); err != nil {
			t.Fatal(err)
		}
		f.smtp.Behave(mailtest.Script{})
		for range 70 {
			f.clock.add(time.Minute)
			w.Pass(t.Context())
		}
		if list, err := f.outbox.Preview(t.Context(), 100); err != nil || len(list) != 1 || !list[0].Kept {
			t.Errorf("at last %d wait: %v", len(list), err)
		}
		if s := w.Status(); len(s.Codes) != 0 || len(s.Taken) != 0 {
			t.Errorf("remembered after all was sent: %+v", s)
		}
	})
}

func TestClassOf(t *testing.T) {
	for code, want := range map[string]Class{
		"": "", "no-answer": ClassAnswer, "no-server": ClassServer, "sign-in": ClassServer, "expired": ClassExpired, "unsendable": ClassOurs, "unreadable": ClassOurs,
		"450 4.2.1": ClassBusy, "451": ClassBusy, "450 4.2.2": ClassFull, "552 5.2.2": ClassFull, "550 5.1.1": ClassNobody, "5.1.1": ClassNobody, "complaint": ClassNobody,
		"554 5.7.1": ClassRefused, "550": ClassRefused,
	} {
		if got := ClassOf(code); got != want {
			t.Errorf("%q is %q, want %q", code, got, want)
		}
	}
}

// TestSharedMailWaits is put off to another day, and says why.
func TestSharedMailWaits(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	l := Letter{Due: now.Add(12 * time.Hour), Shared: true}
	if why, until := l.Why(now, false, &Status{Configured: true}); why != WaitShare || !until.Equal(l.Due) {
		t.Errorf("%q until %v", why, until)
	}
	l = Letter{Due: now.Add(time.Minute), Taken: true}
	if why, _ := l.Why(now, false, &Status{Configured: true}); why != WaitTaken {
		t.Errorf("%q", why)
	}
}
