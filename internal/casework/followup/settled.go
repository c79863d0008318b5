package followup

import (
	"context"
	"sync"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/store"
)

// maxSettled bounds how many results are kept.
const maxSettled = 256

// settled keeps what was worked out for the public from anything but demands, commitments and
// assessments, until anything else is written by whichever process: results of one
// [store.Moment.Register]. Whatever the language and the page, each is worked out once, by whoever
// asks first, while the others wait. Nobody may change what is in it.
//
// It is the public's alone. What somebody with an account sees is worked out for them, and what
// was worked out for them is shown to nobody else.
type settled struct {
	mu       sync.Mutex // guards what follows
	register int64
	results  map[any]*result
}

// result is one of them; whoever works it out holds mu.
type result struct {
	mu    sync.Mutex
	value any // nil while it is not worked out
}

// at returns the place of a result, nil for a snapshot from before those that are kept.
func (s *settled) at(register int64, key any) *result {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case register < s.register:
		return nil
	case register > s.register || s.results == nil || len(s.results) >= maxSettled && s.results[key] == nil:
		s.register, s.results = register, map[any]*result{}
	}
	if s.results[key] == nil {
		s.results[key] = &result{}
	}
	return s.results[key]
}

// settledFor returns what is kept under a key for a snapshot, else what fn makes of it. The key
// names all that fn depends on besides the snapshot, and is of a type of its own.
func settledFor[T any](ctx context.Context, s *settled, r *store.Reader, v access.Viewer, key any, fn func() (*T, error)) (*T, error) {
	if v.SignedIn() || v.Sees() != access.LevelPublic {
		return fn()
	}
	register, whole, err := r.Register(ctx)
	if err != nil {
		return nil, err
	}
	if !whole {
		return fn()
	}
	place := s.at(register, key)
	if place == nil {
		return fn()
	}
	place.mu.Lock()
	defer place.mu.Unlock()
	if known, ok := place.value.(*T); ok {
		return known, nil
	}
	made, err := fn()
	if err == nil {
		place.value = made
	}
	return made, err
}
