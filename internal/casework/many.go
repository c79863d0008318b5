package casework

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/store"
)

// manyFor is how long a list stays known to have more than a page counts to.
const manyFor = time.Minute

// maxMany bounds how many such lists are remembered.
const maxMany = 1000

// many remembers lists that have more matches than are counted. Counting as far
// as the limit is the dearest part of a long list, and "over a thousand" hardly
// becomes wrong within a minute; an exact count is never remembered.
type many struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// countEvents counts the events of a list up to one more than the limit.
func (h *House) countEvents(ctx context.Context, r *store.Reader, v access.Viewer, f store.EventFilter) (int, error) {
	b, err := json.Marshal(f)
	if err != nil {
		return 0, fmt.Errorf("name the list to count: %w", err)
	}
	key, now := fmt.Sprint(v.Sees(), string(b)), h.now()
	h.many.mu.Lock()
	known := now.Before(h.many.until[key])
	h.many.mu.Unlock()
	if known {
		return store.SearchLimit + 1, nil
	}
	n, err := r.CountEvents(ctx, v, f, store.SearchLimit+1)
	if err != nil || n <= store.SearchLimit {
		return n, err
	}
	h.many.mu.Lock()
	defer h.many.mu.Unlock()
	if h.many.until == nil || len(h.many.until) >= maxMany {
		h.many.until = map[string]time.Time{}
	}
	h.many.until[key] = now.Add(manyFor)
	return n, nil
}
