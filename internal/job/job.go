// Package job runs background work that survives a restart: imports started in
// the browser, and whatever else takes longer than a page may.
//
// Work is a row of the store's table of jobs. A process leases a row, extends
// the lease while it works, and gives the row back when it is over. A process
// that dies lets its lease run out, and any other takes the work over; a
// [Handler] therefore MUST be able to go on from where the database says the
// last attempt came to. Several processes on one database never work on one row
// at the same time, as long as their clocks differ by less than the lease.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Handler does one piece of work. It returns nil when the work is done,
// [ErrGiveUp] (wrapped) when trying again is of no use, the context's error when
// it was stopped, and any other error to be tried again later.
type Handler func(ctx context.Context, j *Job) error

// ErrGiveUp marks an error after which the work is not tried again.
var ErrGiveUp = errors.New("not tried again")

// ErrLost ends the context of work whose lease another process has taken.
var ErrLost = errors.New("another process has taken the work over")

// Job is a piece of work as its handler sees it. It is safe for use by several
// goroutines.
type Job struct {
	ID      string
	Kind    string
	Attempt int // from 1
	Account record.UserID
	args    []byte

	mu       sync.Mutex
	progress string
}

// Args reads the arguments the work was enqueued with.
func (j *Job) Args(into any) error {
	if err := json.Unmarshal(j.args, into); err != nil {
		return fmt.Errorf("%w: read the arguments of %s: %w", ErrGiveUp, j.Kind, err)
	}
	return nil
}

// Progress says, for people, how far the work is. It costs nothing: what was
// said last is written with the next heartbeat.
func (j *Job) Progress(text string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.progress = text
}

func (j *Job) said() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.progress
}

// Request is work to be enqueued.
type Request struct {
	Kind    string
	Args    any           // encoded as JSON
	Account record.UserID // on whose behalf, "" for the house
	Due     time.Time     // not before; zero for at once
}

// Enqueue adds work in a transaction, which must commit for it to be begun, and
// returns its identifier.
func Enqueue(ctx context.Context, t *store.Tx, now time.Time, random io.Reader, q Request) (string, error) {
	id, err := record.NewID(now, random)
	if err != nil {
		return "", err
	}
	args, err := json.Marshal(q.Args)
	if err != nil {
		return "", fmt.Errorf("write the arguments of %s: %w", q.Kind, err)
	}
	if q.Due.IsZero() {
		q.Due = now
	}
	return id, t.AddJob(ctx, store.Job{ID: id, Kind: q.Kind, Args: args, Due: q.Due.UnixMicro(), Account: q.Account})
}

// Queue is the part of [store.Store] that a Runner uses.
type Queue interface {
	TakeJob(ctx context.Context, owner string, kinds []string, now, until int64) (store.Job, bool, error)
	KeepJob(ctx context.Context, id, owner string, until int64, progress string) (bool, error)
	EndJob(ctx context.Context, id, owner string, state store.JobState, at int64, progress, problem string) (bool, error)
}

// Runner does work of the kinds it has handlers for. Its fields are set before
// Run and not changed after.
type Runner struct {
	Queue    Queue
	Handlers map[string]Handler
	// Owner names this process; no two may have the same.
	Owner string
	// Workers is how many pieces of work are done at once; 0 means 1.
	Workers int
	// Lease is how long work is this process's without a sign of life, Heartbeat
	// how often it gives one, Poll how often it looks for work. Zero means one
	// minute, a fifth of the lease, and one second.
	Lease, Heartbeat, Poll time.Duration
	// Attempts is how often work is tried before it has failed; 0 means 5.
	Attempts int
	// Backoff returns how long to wait before the attempt after n of them; nil
	// means 10 s, 40 s, 160 s … at most an hour.
	Backoff func(n int) time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Describe turns an error into words for people, without personal data; nil
	// keeps the error to the log.
	Describe func(error) string
	// Log may be nil.
	Log *slog.Logger

	woken chan struct{}
	once  sync.Once
}

func (r *Runner) init() {
	r.once.Do(func() {
		r.woken = make(chan struct{}, 1)
		if r.Workers <= 0 {
			r.Workers = 1
		}
		if r.Lease <= 0 {
			r.Lease = time.Minute
		}
		if r.Heartbeat <= 0 {
			r.Heartbeat = r.Lease / 5
		}
		if r.Poll <= 0 {
			r.Poll = time.Second
		}
		if r.Attempts <= 0 {
			r.Attempts = 5
		}
		if r.Backoff == nil {
			r.Backoff = backoff
		}
		if r.Now == nil {
			r.Now = time.Now
		}
		if r.Describe == nil {
			r.Describe = func(error) string { return "it did not work; the log has the details" }
		}
		if r.Log == nil {
			r.Log = slog.New(slog.DiscardHandler)
		}
	})
}

func backoff(n int) time.Duration {
	d := 10 * time.Second
	for i := 1; i < n && d < time.Hour; i++ {
		d *= 4
	}
	return min(d, time.Hour)
}

// Wake makes the runner look for work at once, for whoever has just enqueued
// some in this process.
func (r *Runner) Wake() {
	r.init()
	select {
	case r.woken <- struct{}{}:
	default:
	}
}

// Run works until the context ends. It then tells handlers to stop through their
// contexts, waits for them, and gives unfinished work back to be taken up at
// once by whoever runs next. It returns nil after such a graceful stop.
func (r *Runner) Run(ctx context.Context) error {
	r.init()
	if r.Owner == "" || r.Queue == nil {
		return errors.New("a runner of background work needs an owner and a queue")
	}
	var kinds []string
	for k := range r.Handlers {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	var wg sync.WaitGroup
	for range r.Workers {
		wg.Go(func() { r.work(ctx, kinds) })
	}
	wg.Wait()
	return nil
}

func (r *Runner) work(ctx context.Context, kinds []string) {
	tick := time.NewTicker(r.Poll)
	defer tick.Stop()
	for ctx.Err() == nil {
		now := r.Now()
		got, ok, err := r.Queue.TakeJob(ctx, r.Owner, kinds, now.UnixMicro(), now.Add(r.Lease).UnixMicro())
		switch {
		case err != nil && ctx.Err() == nil:
			r.Log.Error("background work cannot be read", "error", err)
		case err == nil && ok:
			r.do(ctx, got)
			continue
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-r.woken:
		}
	}
}

// do does one piece of work and gives it back.
func (r *Runner) do(ctx context.Context, got store.Job) {
	j := &Job{ID: got.ID, Kind: got.Kind, Attempt: got.Attempts, Account: got.Account, args: got.Args, progress: got.Progress}
	log := r.Log.With("job", j.ID, "kind", j.Kind, "attempt", j.Attempt)
	if got.Attempts > r.Attempts {
		// It has taken processes down with it, else it would have been given back.
		r.end(ctx, log, j, store.JobFailed, r.Now(), "it was begun too often without coming to an end")
		return
	}
	work, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	alive := make(chan struct{})
	go func() {
		defer close(alive)
		r.keep(work, cancel, log, j)
	}()
	err := call(work, r.Handlers[j.Kind], j)
	lost := errors.Is(context.Cause(work), ErrLost)
	cancel(nil)
	<-alive
	switch {
	case lost:
		log.Warn("background work was taken over by another process")
	case err == nil:
		r.end(ctx, log, j, store.JobDone, r.Now(), "")
	case ctx.Err() != nil:
		// Stopped, not failed: whoever runs next goes on.
		r.end(ctx, log, j, store.JobWaiting, r.Now(), "")
	case errors.Is(err, ErrGiveUp) || j.Attempt >= r.Attempts:
		log.Error("background work failed", "error", err)
		r.end(ctx, log, j, store.JobFailed, r.Now(), r.Describe(err))
	default:
		wait := r.Backoff(j.Attempt)
		log.Warn("background work failed and will be tried again", "error", err, "in", wait)
		r.end(ctx, log, j, store.JobWaiting, r.Now().Add(wait), r.Describe(err))
	}
}

// keep extends the lease until the work is over. A heartbeat that cannot be
// written is tried again until the lease has run out: then somebody else may
// have begun, so this process must stop.
func (r *Runner) keep(work context.Context, cancel context.CancelCauseFunc, log *slog.Logger, j *Job) {
	tick := time.NewTicker(r.Heartbeat)
	defer tick.Stop()
	until := r.Now().Add(r.Lease)
	for {
		select {
		case <-work.Done():
			return
		case <-tick.C:
		}
		next := r.Now().Add(r.Lease)
		mine, err := r.Queue.KeepJob(work, j.ID, r.Owner, next.UnixMicro(), j.said())
		switch {
		case err == nil && mine:
			until = next
		case err == nil, r.Now().After(until):
			cancel(ErrLost)
			return
		case work.Err() == nil:
			log.Warn("the lease of background work cannot be extended", "error", err)
		}
	}
}

// endTimeout bounds how long giving work back may take, also when the process is
// stopping.
const endTimeout = 10 * time.Second

func (r *Runner) end(ctx context.Context, log *slog.Logger, j *Job, state store.JobState, at time.Time, problem string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	mine, err := r.Queue.EndJob(ctx, j.ID, r.Owner, state, at.UnixMicro(), j.said(), problem)
	switch {
	case err != nil:
		// The lease runs out by itself and the work is taken up again.
		log.Error("the end of background work cannot be written", "state", string(state), "error", err)
	case !mine:
		log.Warn("background work ended here after another process had taken it over")
	}
}

// call runs a handler and turns a panic into an error, so that one piece of work
// cannot take the others down.
func call(ctx context.Context, h Handler, j *Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: the handler of %s panicked: %s", ErrGiveUp, j.Kind, strings.TrimSpace(fmt.Sprint(p)))
		}
	}()
	return h(ctx, j)
}
