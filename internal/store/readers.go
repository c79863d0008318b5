package store

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Lag is how far behind reading under [Lagging] may be: not at all, except that
// rows which a running import has added may be missing for so long.
const Lag = 3 * time.Second

// Moment names a state of the database.
type Moment struct {
	// Change grows with every commit of any process, except those that only added
	// new records ([Tx.Adding]).
	Change int64
	// Size is the number of journal entries.
	Size int64
	// Reach grows with every commit of any process, except those that only added
	// new records which belong to no event that was there: see [reach].
	Reach int64
	// Register grows with every commit of any process, except those that only wrote
	// demands, commitments and assessments of them: see [Tx.within].
	Register int64
}

const momentQuery = "select change, size, reach, register from head where one = 1"

// Now returns the state of the database: what was read under one value need not
// be read again under it.
func (s *Store) Now(ctx context.Context) (m Moment, err error) {
	if s.dialect == postgres {
		err = s.db.QueryRowContext(ctx, momentQuery).Scan(&m.Change, &m.Size, &m.Reach, &m.Register)
		return m, s.dialect.fault(err)
	}
	// A session of its own: after each commit of another process the first read of
	// a session drops all the pages it holds, and this one holds two.
	var ses *session
	select {
	case ses = <-s.pulse:
	case <-ctx.Done():
		return m, ctx.Err()
	}
	defer func() { s.pulse <- ses }()
	if err := ses.open(ctx, s.db); err != nil {
		return m, fmt.Errorf("open a connection: %w", s.dialect.fault(err))
	}
	err = ses.QueryRowContext(ctx, momentQuery).Scan(&m.Change, &m.Size, &m.Reach, &m.Register)
	return m, s.dialect.fault(err)
}

// Adding says that the transaction only makes records, as most of an import's do:
// no record that was there is changed, and nobody sees less than before. What was
// read before it then stays right but for what is new. It has no effect where the
// transaction did run a statement that is no insert.
func (t *Tx) Adding() { t.adding = true }

type laggingKey struct{}

// lagging is what reads under one context may lag behind, and the oldest state
// that they have seen.
type lagging struct {
	now  Moment
	size atomic.Int64
	// reach and register belong to size: none ever grows less.
	reach, register atomic.Int64
}

// Lagging returns a context under which [Store.View] may read a snapshot taken up
// to [Lag] ago, provided that nothing but additions was committed between it and
// now. SQLite's sessions then keep their pages while an import commits many times
// a second. The function returned tells, after reading, the oldest state read.
func Lagging(ctx context.Context, now Moment) (context.Context, func() Moment) {
	l := &lagging{now: now}
	l.size.Store(now.Size)
	l.reach.Store(now.Reach)
	l.register.Store(now.Register)
	return context.WithValue(ctx, laggingKey{}, l), func() Moment { return Moment{now.Change, l.size.Load(), l.reach.Load(), l.register.Load()} }
}

// saw notes the state of a snapshot read.
func (l *lagging) saw(m Moment) {
	lower(&l.size, m.Size)
	lower(&l.reach, m.Reach)
	lower(&l.register, m.Register)
}

func lower(least *atomic.Int64, n int64) {
	for {
		old := least.Load()
		if old <= n || least.CompareAndSwap(old, n) {
			return
		}
	}
}

// snapshot is the state that a session's open transaction reads.
type snapshot struct {
	Moment
	at time.Time
}

// serves reports whether the snapshot is good enough for reading at now.
func (s *snapshot) serves(now Moment, at time.Time, lag time.Duration) bool {
	return s.Change >= now.Change && (s.Size >= now.Size || at.Sub(s.at) < lag)
}

// readers are SQLite's reading sessions. Whoever takes one uses it alone. Those
// used last are taken first, because they hold the pages that are asked for.
type readers struct {
	slots chan struct{} // one for each idle session
	lag   time.Duration // Lag, but for tests

	mu    sync.Mutex // guards what follows, and idle sessions themselves
	idle  []*session
	timer *time.Timer // runs while an idle session has a snapshot
}

func newReaders(n int, setup string) *readers {
	r := &readers{slots: make(chan struct{}, n), lag: Lag}
	for range n {
		r.idle = append(r.idle, &session{setup: setup})
		r.slots <- struct{}{}
	}
	return r
}

// take waits for a session. With lag it may have an open snapshot that serves;
// any other snapshot has been ended.
func (r *readers) take(ctx context.Context, l *lagging) (*session, error) {
	select {
	case <-r.slots:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.choose(l)
	ses := r.idle[n]
	r.idle = slices.Delete(r.idle, n, n+1)
	if ses.snapshot != nil && (l == nil || !ses.snapshot.serves(l.now, time.Now(), r.lag)) {
		ses.release(ctx)
	}
	return ses, nil
}

// choose picks an idle session, the one used last among those that suit: with lag one
// whose snapshot serves, without lag one that has none. Taking turns would fill the
// pages of every session with the same, 32 MB each. Where none suits, reading
// without lag takes the session that is least missed by those who may use its
// snapshot.
func (r *readers) choose(l *lagging) int {
	last := len(r.idle) - 1
	for n := last; n >= 0; n-- {
		s := r.idle[n].snapshot
		if l == nil && s == nil || l != nil && s != nil && s.serves(l.now, time.Now(), r.lag) {
			return n
		}
	}
	if l == nil {
		return 0
	}
	return last
}

// put gives a session back.
func (r *readers) put(ses *session) {
	r.mu.Lock()
	r.idle = append(r.idle, ses)
	if ses.snapshot != nil && r.timer == nil {
		r.timer = time.AfterFunc(r.lag, r.expire)
	}
	r.mu.Unlock()
	r.slots <- struct{}{}
}

// expire ends the snapshots of idle sessions that are too old for anybody: the
// write-ahead log cannot be taken up again while they stand.
func (r *readers) expire() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.timer = nil
	next := time.Duration(0)
	for _, ses := range r.idle {
		if ses.snapshot == nil {
			continue
		}
		left := r.lag - time.Since(ses.snapshot.at)
		switch {
		case left <= 0:
			ses.release(context.Background())
		case next == 0 || left < next:
			next = left
		}
	}
	if next > 0 {
		r.timer = time.AfterFunc(next, r.expire)
	}
}

// letGo ends the snapshots of all idle sessions.
func (r *readers) letGo() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, ses := range r.idle {
		if ses.snapshot != nil {
			ses.release(context.Background())
		}
	}
}

// close waits for all sessions and closes them.
func (r *readers) close() {
	for range cap(r.slots) {
		<-r.slots
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer != nil {
		r.timer.Stop()
	}
	for _, ses := range r.idle {
		ses.close()
	}
}

// release ends the session's snapshot.
func (s *session) release(ctx context.Context) {
	s.snapshot = nil
	if _, err := s.ExecContext(context.WithoutCancel(ctx), "rollback"); err != nil {
		s.discard()
	}
}

// view runs fn on a reading session, on its open snapshot where that serves.
func (s *Store) view(ctx context.Context, l *lagging, fn func(conn) error) error {
	ses, err := s.readers.take(ctx, l)
	if err != nil {
		return err
	}
	defer s.readers.put(ses)
	if err := ses.open(ctx, s.db); err != nil {
		return fmt.Errorf("open a connection: %w", s.dialect.fault(err))
	}
	keep := false
	began := ses.snapshot == nil
	defer func() {
		switch {
		case keep:
		case ses.snapshot != nil:
			ses.release(ctx)
		case began:
			// The caller's context may be what ended the reading, so the way back must
			// not depend on it. A connection that cannot roll back is given up.
			if _, err := ses.ExecContext(context.WithoutCancel(ctx), "rollback"); err != nil {
				ses.discard()
			}
		}
	}()
	if began {
		if _, err := ses.ExecContext(ctx, "begin deferred"); err != nil {
			began = false
			ses.discard()
			return fmt.Errorf("begin a transaction: %w", s.dialect.fault(err))
		}
		if l != nil {
			snap := &snapshot{at: time.Now()}
			if err := ses.QueryRowContext(ctx, momentQuery).Scan(&snap.Change, &snap.Size, &snap.Reach, &snap.Register); err != nil {
				return fmt.Errorf("read the state of the database: %w", s.dialect.fault(err))
			}
			ses.snapshot = snap
		}
	}
	if l != nil {
		l.saw(ses.snapshot.Moment)
	}
	err = fn(ses)
	keep = err == nil && l != nil && time.Since(ses.snapshot.at) < s.readers.lag
	return err
}
