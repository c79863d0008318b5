package signing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

const (
	// publishEvery is how often what has moved is looked at: twice, and the reading
	// of a tally, is under the second that live counts may lag.
	publishEvery = 300 * time.Millisecond
	// lookEvery is how often petitions are looked at that this process has not
	// changed: other processes do, and steps become due.
	lookEvery = 5 * time.Second
	// retryRead is after how long reading is worth another try.
	retryRead = 5 * time.Second
)

// shown is what the public sees, in memory. The pointers are replaced whole.
type shown struct {
	mu      sync.RWMutex // guards the map, not what it points to
	current map[int]*atomic.Pointer[signature.Snapshot]

	moved   sync.Mutex
	touched map[int]bool
	wake    chan struct{}
}

func (s *shown) init() {
	s.current = map[int]*atomic.Pointer[signature.Snapshot]{}
	s.touched = map[int]bool{}
	s.wake = make(chan struct{}, 1)
}

// touch notes that a petition's count has moved.
func (s *shown) touch(petition int) {
	s.moved.Lock()
	s.touched[petition] = true
	s.moved.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *shown) take() map[int]bool {
	s.moved.Lock()
	defer s.moved.Unlock()
	t := s.touched
	s.touched = map[int]bool{}
	return t
}

func (s *shown) slot(petition int, make bool) *atomic.Pointer[signature.Snapshot] {
	s.mu.RLock()
	p := s.current[petition]
	s.mu.RUnlock()
	if p != nil || !make {
		return p
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current[petition] == nil {
		s.current[petition] = &atomic.Pointer[signature.Snapshot]{}
	}
	return s.current[petition]
}

// put keeps a snapshot unless a later one is there.
func (s *shown) put(snap *signature.Snapshot) {
	slot := s.slot(snap.Petition, true)
	for {
		old := slot.Load()
		if old != nil && old.Change >= snap.Change || slot.CompareAndSwap(old, snap) {
			return
		}
	}
}

// Snapshot returns what the public sees of a petition's numbers. It is read from
// memory, and MUST NOT be changed.
func (e *Engine) Snapshot(ctx context.Context, petition int) (*signature.Snapshot, error) {
	if slot := e.shown.slot(petition, false); slot != nil {
		if s := slot.Load(); s != nil {
			return s, nil
		}
	}
	// The first time in this process.
	if _, err := e.registry.Terms(ctx, petition); err != nil {
		return nil, err
	}
	if err := e.publish(ctx, petition); err != nil {
		return nil, e.unread(err)
	}
	if s := e.shown.slot(petition, true).Load(); s != nil {
		return s, nil
	}
	return nil, &Busy{RetryAfter: time.Second}
}

// Exact returns a petition's numbers as they are now, for the desk. What it
// returns MUST NOT be shown to the public of a petition that moves in steps.
func (e *Engine) Exact(ctx context.Context, petition int) (signature.Snapshot, error) {
	terms, err := e.registry.Terms(ctx, petition)
	if err != nil {
		return signature.Snapshot{}, err
	}
	var t signature.Tally
	now := e.now()
	err = e.store.View(ctx, func(r *store.Reader) error {
		t, err = r.TallyOf(ctx, petition)
		return err
	})
	if err != nil {
		return signature.Snapshot{}, e.unread(err)
	}
	return signature.Take(petition, t, now, terms.Live, terms.Reconsent, terms.Organisations, terms.reason), nil
}

// Refresh looks at a petition's numbers at once: after its terms have changed.
func (e *Engine) Refresh(petition int) { e.shown.touch(petition) }

// publishAll shows what has moved until ctx ends.
func (e *Engine) publishAll(ctx context.Context) {
	tick := time.NewTicker(publishEvery)
	defer tick.Stop()
	var looked time.Time
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := e.publishMoved(ctx, &looked)
		if err != nil && ctx.Err() == nil && !failing {
			e.log.Error("the numbers of petitions are not brought up to date", "error", err)
		}
		failing = err != nil
	}
}

func (e *Engine) publishMoved(ctx context.Context, looked *time.Time) error {
	var first error
	todo := e.shown.take()
	if time.Since(*looked) >= lookEvery {
		*looked = time.Now()
		// Rules that cannot be read must not hold up the counts.
		first = e.takeRules(ctx)
		all, err := e.registry.Numbers(ctx)
		if err != nil {
			e.again(todo)
			return err
		}
		for _, p := range all {
			todo[p] = true
		}
	} else if err := e.follow(ctx); err != nil {
		e.again(todo)
		return err
	}
	for p := range todo {
		if err := e.publish(ctx, p); err != nil && !errors.Is(err, record.ErrNotFound) {
			e.shown.touch(p)
			if first == nil {
				first = err
			}
		}
	}
	return first
}

func (e *Engine) again(petitions map[int]bool) {
	for p := range petitions {
		e.shown.touch(p)
	}
}

// follow reads the snapshots that another process has made.
func (e *Engine) follow(ctx context.Context) error {
	return e.store.View(ctx, func(r *store.Reader) error {
		changes, err := r.ShownChanges(ctx)
		if err != nil {
			return err
		}
		for p, change := range changes {
			slot := e.shown.slot(p, false)
			if slot == nil {
				continue // nobody has asked for it here
			}
			if s := slot.Load(); s != nil && s.Change >= change {
				continue
			}
			if _, err := e.load(ctx, r, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// load reads a petition's stored snapshot, nil before the first.
func (e *Engine) load(ctx context.Context, r *store.Reader, petition int) (*signature.Snapshot, error) {
	body, change, ok, err := r.Shown(ctx, petition)
	if err != nil || !ok {
		return nil, err
	}
	s := &signature.Snapshot{}
	if err := json.Unmarshal(body, s); err != nil {
		return nil, fmt.Errorf("read what is shown of petition %d: %w", petition, err)
	}
	s.Change = change
	e.shown.put(s)
	return s, nil
}

// publish shows a petition's numbers anew where they have moved and may.
func (e *Engine) publish(ctx context.Context, petition int) error {
	terms, err := e.registry.Terms(ctx, petition)
	if err != nil {
		return err
	}
	now := e.now()
	var next *signature.Snapshot
	err = e.store.View(ctx, func(r *store.Reader) error {
		old, err := e.load(ctx, r, petition)
		if err != nil {
			return err
		}
		if old != nil && !terms.Live && old.Live == terms.Live && old.Since == terms.Reconsent &&
			now.Before(old.When().Add(signature.StepTime)) && old.Organisations == terms.Organisations {
			return nil // whatever has moved
		}
		tally, err := r.TallyOf(ctx, petition)
		if err != nil {
			return err
		}
		s := signature.Take(petition, tally, now, terms.Live, terms.Reconsent, terms.Organisations, terms.reason)
		if old != nil {
			s.Change = old.Change
			switch {
			case terms.Live:
				if old.Live && same(old, &s) {
					return nil
				}
			case signature.StepDue(old, &s, terms.Over(now)):
			case old.Organisations != s.Organisations || old.Live:
				// An organisation signs in public, and what moved live moves in steps from
				// here on; people's numbers stay as they were.
				kept := *old
				kept.Organisations, kept.Integrity.Organisations, kept.Live = s.Organisations, s.Organisations, false
				kept.Next = old.When().Add(signature.StepTime).UnixMicro()
				s = kept
			default:
				return nil
			}
		}
		next = &s
		return nil
	})
	if err != nil || next == nil {
		return err
	}
	body, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("show the numbers of petition %d: %w", petition, err)
	}
	mine := false
	err = e.store.Aside(ctx, func(tx *store.Tx) error {
		mine, err = tx.PutShown(ctx, petition, next.Change, next.At, body)
		return err
	})
	if err != nil {
		return err
	}
	if mine {
		next.Change++
		e.shown.put(next)
		return nil
	}
	// Another process was faster; what it shows is as good.
	return e.store.View(ctx, func(r *store.Reader) error {
		_, err := e.load(ctx, r, petition)
		return err
	})
}

// same reports whether two snapshots show the same numbers.
func same(a, b *signature.Snapshot) bool {
	return a.Moves == b.Moves && a.Since == b.Since && reflect.DeepEqual(a.Integrity, b.Integrity) &&
		slices.Equal(a.Countries.Cells, b.Countries.Cells) && a.Countries.Withheld == b.Countries.Withheld && a.Countries.Hidden == b.Countries.Hidden
}
