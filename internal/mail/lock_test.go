package mail

import (
	"context"
	"testing"
	"time"
)

// slowRows is a source that answers when it is let.
type slowRows struct {
	rows
	asked, told chan struct{} // received from when somebody is held
	gate        chan struct{}
}

func (s *slowRows) Due(ctx context.Context, now, until time.Time, maxLane Lane, limit int) ([]Pending, error) {
	s.asked <- struct{}{}
	<-s.gate
	return s.rows.Due(ctx, now, until, maxLane, limit)
}

func (s *slowRows) Settle(ctx context.Context, id string, o Outcome) error {
	s.told <- struct{}{}
	<-s.gate
	return s.rows.Settle(ctx, id, o)
}

// TestNothingWaitsForTheDatabase lets other connections take and conclude messages
// while one asks a source, or tells it, however long that takes.
func TestNothingWaitsForTheDatabase(t *testing.T) {
	f := newFixture(t, t.TempDir()+"/gawah.db")
	s := &slowRows{asked: make(chan struct{}), told: make(chan struct{}), gate: make(chan struct{})}
	s.add("a", LaneConfirm, message("a@people.example"))
	f.join(s)
	w := f.worker("a")
	free := func(what string) {
		t.Helper()
		if !w.mu.TryLock() {
			t.Fatalf("the queue is held while a source is %s", what)
		}
		w.mu.Unlock()
	}
	done := make(chan int)
	go func() { done <- w.Pass(context.Background()) }()
	<-s.asked
	free("asked")
	s.gate <- struct{}{}
	<-s.told
	free("told")
	s.gate <- struct{}{}
	for {
		select {
		case <-s.asked:
			s.gate <- struct{}{}
		case n := <-done:
			if n != 1 {
				t.Errorf("%d messages were sent", n)
			}
			return
		}
	}
}
