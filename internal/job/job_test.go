package job

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

func onBoth(t *testing.T, test func(t *testing.T, s *store.Store, target string)) {
	t.Helper()
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			target := engine.New(t)
			test(t, open(t, target), target)
		})
	}
}

func open(t *testing.T, target string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

var start = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)

func enqueue(t *testing.T, s *store.Store, q Request) string {
	t.Helper()
	var id string
	err := s.Write(t.Context(), func(tx *store.Tx) (err error) {
		id, err = Enqueue(t.Context(), tx, start, rand.Reader, q)
		return err
	})
	if err != nil {
		t.Fatalf("enqueue: %v", err)
	}
	return id
}

func jobOf(t *testing.T, s *store.Store, id string) store.Job {
	t.Helper()
	var j store.Job
	err := s.View(t.Context(), func(r *store.Reader) (err error) {
		j, err = r.JobOf(t.Context(), id)
		return err
	})
	if err != nil {
		t.Fatalf("read the job: %v", err)
	}
	return j
}

// TestLeases goes through a job's life by hand, with instants of its own.
func TestLeases(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, _ string) {
		ctx := t.Context()
		at := func(seconds int) int64 { return start.Add(time.Duration(seconds) * time.Second).UnixMicro() }
		take := func(owner string, now, until int) (store.Job, bool) {
			t.Helper()
			j, ok, err := s.TakeJob(ctx, owner, []string{"import", "export", "other"}, at(now), at(until))
			if err != nil {
				t.Fatal(err)
			}
			return j, ok
		}
		later := enqueue(t, s, Request{Kind: "import", Due: start.Add(100 * time.Second)})
		first := enqueue(t, s, Request{Kind: "import", Args: map[string]int{"rows": 7}, Account: "somebody"})
		enqueue(t, s, Request{Kind: "unknown here"})

		got, ok := take("a", 0, 60)
		if !ok || got.ID != first || string(got.Args) != `{"rows":7}` || got.Attempts != 1 || got.Owner != "a" || got.Account != "somebody" {
			t.Fatalf("took %+v %v", got, ok)
		}
		if j, ok := take("b", 59, 120); ok {
			t.Errorf("b took %+v while a had it", j)
		}
		if ok, err := s.KeepJob(ctx, first, "a", at(90), "half"); !ok || err != nil {
			t.Errorf("a's heartbeat: %v %v", ok, err)
		}
		if ok, err := s.KeepJob(ctx, first, "b", at(900), "stolen"); ok || err != nil {
			t.Errorf("b's heartbeat on a's job: %v %v", ok, err)
		}
		if j, ok := take("b", 89, 150); ok {
			t.Errorf("b took %+v before the longer lease was over", j)
		}
		if got, ok = take("b", 90, 150); !ok || got.ID != first || got.Attempts != 2 || got.Progress != "half" {
			t.Fatalf("b took %+v %v after a had died", got, ok)
		}
		if ok, err := s.KeepJob(ctx, first, "a", at(900), "late"); ok || err != nil {
			t.Errorf("a woke up and kept b's job: %v %v", ok, err)
		}
		if ok, err := s.EndJob(ctx, first, "a", store.JobDone, at(95), "", ""); ok || err != nil {
			t.Errorf("a woke up and ended b's job: %v %v", ok, err)
		}
		if ok, err := s.EndJob(ctx, first, "b", store.JobFailed, at(99), "three quarters", "the file ended early"); !ok || err != nil {
			t.Errorf("b's end: %v %v", ok, err)
		}
		if j := jobOf(t, s, first); j.State != store.JobFailed || j.Error != "the file ended early" || j.Progress != "three quarters" || j.Owner != "" {
			t.Errorf("in the end %+v", j)
		}
		if j, ok := take("a", 99, 150); ok {
			t.Errorf("took %+v before it was due", j)
		}
		if got, ok = take("a", 100, 150); !ok || got.ID != later {
			t.Errorf("took %+v %v, want the later one", got, ok)
		}
		if err := s.ClearJobs(ctx, at(99)); err != nil {
			t.Fatal(err)
		}
		jobOf(t, s, first) // it ended at 99, not before
		if err := s.ClearJobs(ctx, at(100)); err != nil {
			t.Fatal(err)
		}
		err := s.View(ctx, func(r *store.Reader) error {
			if _, err := r.JobOf(ctx, first); !errors.Is(err, record.ErrNotFound) {
				t.Errorf("after clearing: %v", err)
			}
			all, err := r.Jobs(ctx, "", 10)
			if len(all) != 2 {
				t.Errorf("jobs %+v", all)
			}
			running, err2 := r.Jobs(ctx, store.JobRunning, 10)
			if len(running) != 1 || running[0].ID != later {
				t.Errorf("running %+v", running)
			}
			return errors.Join(err, err2)
		})
		if err != nil {
			t.Error(err)
		}
		if _, ok, err := s.TakeJob(ctx, "a", nil, at(500), at(600)); ok || err != nil {
			t.Errorf("took a job of no kind: %v %v", ok, err)
		}
	})
}

func TestEnqueueInAFailedTransaction(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, _ string) {
		refused := errors.New("refused")
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			if _, err := Enqueue(t.Context(), tx, start, rand.Reader, Request{Kind: "import"}); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		if _, ok, err := s.TakeJob(t.Context(), "a", []string{"import"}, start.UnixMicro(), start.UnixMicro()+1); ok || err != nil {
			t.Errorf("work of a transaction that failed: %v %v", ok, err)
		}
	})
}

// TestNoJobTwice lets several processes, as several stores on one database are,
// empty one queue.
func TestNoJobTwice(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, target string) {
		const jobs = 60
		for range jobs {
			enqueue(t, s, Request{Kind: "count"})
		}
		var mu sync.Mutex
		ran := map[string]int{}
		var done atomic.Int32
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var wg sync.WaitGroup
		for p := range 3 {
			r := &Runner{
				Queue: open(t, target), Owner: fmt.Sprint("process ", p), Workers: 2, Poll: 5 * time.Millisecond,
				Now: func() time.Time { return start.Add(time.Hour) },
				Handlers: map[string]Handler{"count": func(_ context.Context, j *Job) error {
					mu.Lock()
					ran[j.ID]++
					mu.Unlock()
					if done.Add(1) == jobs {
						cancel()
					}
					return nil
				}},
			}
			wg.Go(func() {
				if err := r.Run(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for id, n := range ran {
			if n != 1 {
				t.Errorf("%s ran %d times", id, n)
			}
			if j := jobOf(t, s, id); j.State != store.JobDone {
				t.Errorf("%s is %s", id, j.State)
			}
		}
		if len(ran) != jobs {
			t.Errorf("%d of %d ran", len(ran), jobs)
		}
	})
}

// The runner's own timing is tested on a queue in memory inside synctest's time:
// a database's goroutines and its clock do not take part in it.
type memory struct {
	mu     sync.Mutex
	jobs   []*store.Job
	refuse error // what KeepJob answers
	beats  int
}

func (m *memory) TakeJob(_ context.Context, owner string, kinds []string, now, until int64) (store.Job, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, j := range m.jobs {
		if (j.State == store.JobWaiting && j.Due <= now) || (j.State == store.JobRunning && j.Leased <= now) {
			j.State, j.Owner, j.Leased = store.JobRunning, owner, until
			j.Attempts++
			return *j, true, nil
		}
	}
	return store.Job{}, false, nil
}

func (m *memory) KeepJob(_ context.Context, id, owner string, until int64, progress string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.beats++
	if m.refuse != nil {
		return false, m.refuse
	}
	for _, j := range m.jobs {
		if j.ID == id && j.Owner == owner && j.State == store.JobRunning {
			j.Leased, j.Progress = until, progress
			return true, nil
		}
	}
	return false, nil
}

func (m *memory) EndJob(_ context.Context, id, owner string, state store.JobState, at int64, progress, problem string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, j := range m.jobs {
		if j.ID == id && j.Owner == owner && j.State == store.JobRunning {
			j.State, j.Due, j.Progress, j.Error, j.Owner, j.Leased = state, at, progress, problem, "", 0
			return true, nil
		}
	}
	return false, nil
}

func (m *memory) job() store.Job {
	m.mu.Lock()
	defer m.mu.Unlock()
	return *m.jobs[0]
}

// inTime runs a test with one job in synctest's time and a runner of it, which
// is stopped at the end.
func inTime(t *testing.T, h Handler, set func(*Runner), test func(t *testing.T, m *memory, stop func())) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		m := &memory{jobs: []*store.Job{{ID: "1", Kind: "test", State: store.JobWaiting, Due: time.Now().UnixMicro()}}}
		r := &Runner{Queue: m, Owner: "me", Handlers: map[string]Handler{"test": h}}
		if set != nil {
			set(r)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := r.Run(ctx); err != nil {
				t.Error(err)
			}
		})
		stop := func() {
			cancel()
			wg.Wait()
		}
		defer stop()
		synctest.Wait()
		test(t, m, stop)
	})
}

func TestHeartbeatAndProgress(t *testing.T) {
	inTime(t, func(ctx context.Context, j *Job) error {
		for i := range 10 {
			j.Progress(fmt.Sprintf("%d of 10", i+1))
			time.Sleep(30 * time.Second)
		}
		return nil
	}, nil, func(t *testing.T, m *memory, _ func()) {
		time.Sleep(100 * time.Second)
		synctest.Wait()
		j := m.job()
		if j.State != store.JobRunning || j.Progress != "4 of 10" || j.Attempts != 1 {
			t.Errorf("after 100 s %+v", j)
		}
		if left := time.Until(time.UnixMicro(j.Leased)); left < 45*time.Second {
			t.Errorf("the lease has %s left", left)
		}
		time.Sleep(201 * time.Second)
		synctest.Wait()
		if j := m.job(); j.State != store.JobDone || j.Progress != "10 of 10" || j.Attempts != 1 {
			t.Errorf("in the end %+v", j)
		}
	})
}

func TestTryAgain(t *testing.T) {
	var times []time.Duration
	begun := time.Time{}
	inTime(t, func(context.Context, *Job) error {
		if begun.IsZero() {
			begun = time.Now()
		}
		times = append(times, time.Since(begun).Round(10*time.Second))
		if len(times) == 3 {
			panic("a handler's mistake")
		}
		return errors.New("the disk is full")
	}, func(r *Runner) { r.Describe = func(err error) string { return err.Error() } }, func(t *testing.T, m *memory, _ func()) {
		if j := m.job(); j.State != store.JobWaiting || j.Error != "the disk is full" {
			t.Errorf("after the first attempt %+v", j)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if j := m.job(); j.State != store.JobFailed || j.Attempts != 3 {
			t.Errorf("in the end %+v", j)
		}
		if fmt.Sprint(times) != "[0s 10s 50s]" {
			t.Errorf("tried after %v", times)
		}
	})
}

func TestGiveUpAndTooManyAttempts(t *testing.T) {
	for name, err := range map[string]error{"give up": fmt.Errorf("%w: not a dataset", ErrGiveUp), "again and again": errors.New("no")} {
		t.Run(name, func(t *testing.T) {
			runs := 0
			inTime(t, func(context.Context, *Job) error { runs++; return err }, func(r *Runner) { r.Attempts = 4 }, func(t *testing.T, m *memory, _ func()) {
				time.Sleep(24 * time.Hour)
				synctest.Wait()
				want := 4
				if errors.Is(err, ErrGiveUp) {
					want = 1
				}
				if j := m.job(); j.State != store.JobFailed || runs != want || j.Error == "" || j.Error == err.Error() {
					t.Errorf("%d runs, %+v", runs, j)
				}
			})
		})
	}
}

// TestKillsItsProcess covers work that takes its process down each time: it is
// not begun for ever.
func TestKillsItsProcess(t *testing.T) {
	runs := 0
	inTime(t, func(context.Context, *Job) error { runs++; return nil }, func(r *Runner) {
		m := r.Queue.(*memory)
		m.jobs[0].State, m.jobs[0].Owner, m.jobs[0].Attempts = store.JobRunning, "dead", 5
		m.jobs[0].Leased = time.Now().Add(30 * time.Second).UnixMicro()
	}, func(t *testing.T, m *memory, _ func()) {
		time.Sleep(time.Minute)
		synctest.Wait()
		if j := m.job(); j.State != store.JobFailed || runs != 0 {
			t.Errorf("%d runs, %+v", runs, j)
		}
	})
}

func TestStop(t *testing.T) {
	inTime(t, func(ctx context.Context, j *Job) error {
		j.Progress("row 40")
		<-ctx.Done()
		time.Sleep(3 * time.Second) // ends its batch
		j.Progress("row 50")
		return ctx.Err()
	}, nil, func(t *testing.T, m *memory, stop func()) {
		stop()
		if j := m.job(); j.State != store.JobWaiting || j.Progress != "row 50" || j.Due > time.Now().UnixMicro() || j.Error != "" {
			t.Errorf("after the stop %+v", j)
		}
	})
}

// TestLostLease takes the work away from a runner whose heartbeats do not reach
// the database, or come too late.
func TestLostLease(t *testing.T) {
	for name, lose := range map[string]func(m *memory){
		"taken over": func(m *memory) { m.jobs[0].Owner = "other" },
		"cut off":    func(m *memory) { m.refuse = errors.New("no route to the database") },
	} {
		t.Run(name, func(t *testing.T) {
			var cause error
			inTime(t, func(ctx context.Context, j *Job) error {
				if j.Attempt > 1 {
					return nil
				}
				<-ctx.Done()
				cause = context.Cause(ctx)
				return ctx.Err()
			}, nil, func(t *testing.T, m *memory, _ func()) {
				m.mu.Lock()
				lose(m)
				m.mu.Unlock()
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				if !errors.Is(cause, ErrLost) {
					t.Errorf("the handler's context ended with %v", cause)
				}
				if j := m.job(); name == "taken over" && (j.State != store.JobRunning || j.Owner != "other") && j.Attempts != 2 {
					t.Errorf("the other's work was touched: %+v", j)
				}
			})
		})
	}
}

func TestWake(t *testing.T) {
	ran := make(chan struct{})
	var r *Runner
	inTime(t, func(context.Context, *Job) error { close(ran); return nil }, func(made *Runner) {
		r = made
		r.Poll = time.Hour
		r.Queue.(*memory).jobs[0].Due = time.Now().Add(time.Second).UnixMicro()
	}, func(t *testing.T, m *memory, _ func()) {
		time.Sleep(2 * time.Second)
		r.Wake()
		synctest.Wait()
		select {
		case <-ran:
		default:
			t.Error("not woken")
		}
	})
}

func TestArgs(t *testing.T) {
	var into struct{ Rows int }
	if err := (&Job{args: []byte(`{"Rows":7}`)}).Args(&into); err != nil || into.Rows != 7 {
		t.Errorf("%+v %v", into, err)
	}
	if err := (&Job{args: []byte(`[`)}).Args(&into); !errors.Is(err, ErrGiveUp) {
		t.Errorf("broken arguments: %v", err)
	}
}

func TestRunnerWithoutOwner(t *testing.T) {
	if err := (&Runner{}).Run(t.Context()); err == nil {
		t.Error("ran without an owner")
	}
}
