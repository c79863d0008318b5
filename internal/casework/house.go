package casework

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/job"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// House is one organisation's casefile: its database, its originals, and the
// clock and randomness it uses. It is safe for use by several goroutines.
type House struct {
	store *store.Store
	blobs *blob.Store
	now   func() time.Time
	log   *slog.Logger
	// dir is the data directory, where the list of erasures is kept beside the
	// database so that a restored backup can honour it.
	dir string
	// doors guards signing in.
	doors doors
	// runner does this process's background work, nil while none is done.
	runner atomic.Pointer[job.Runner]
	// refigured counts the events of which one use case worked the figures out.
	refigured atomic.Int64
	many      many
	totals    totals
}

// Config is what a house is made of. Now and Log may be nil.
type Config struct {
	Store *store.Store
	Blobs *blob.Store
	Dir   string
	Now   func() time.Time
	Log   *slog.Logger
	// Hash is what a password costs. Nothing but tests sets it.
	Hash HashCost
}

// New opens a house over a database and its originals.
func New(c Config) *House {
	h := &House{store: c.Store, blobs: c.Blobs, now: c.Now, log: c.Log, dir: c.Dir}
	if h.now == nil {
		h.now = time.Now
	}
	if h.log == nil {
		h.log = slog.New(slog.DiscardHandler)
	}
	h.doors.cost = c.Hash
	if h.doors.cost == (HashCost{}) {
		h.doors.cost = houseCost
	}
	return h
}

// Moment names a state of the database, for caches.
type Moment = store.Moment

// Lag is how long rows that a running import has added may be missing from what
// is read under [Lagging].
const Lag = store.Lag

// Moment returns the present state, of whichever process on this database.
func (h *House) Moment(ctx context.Context) (Moment, error) { return h.store.Now(ctx) }

// Lagging returns a context for reading what the public sees, which may lack for
// [Lag] what an import adds meanwhile, and nothing else. The function returned
// tells, after reading, the oldest state read.
func Lagging(ctx context.Context, now Moment) (context.Context, func() Moment) {
	return store.Lagging(ctx, now)
}

// EventsRefigured returns how many times this house has worked out an event's
// figures because of a change: what a change costs beyond its own record.
func (h *House) EventsRefigured() int64 { return h.refigured.Load() }

// Ping reports whether the house can answer.
func (h *House) Ping(ctx context.Context) error { return h.store.Ping(ctx) }

// Now returns the house's time.
func (h *House) Now() time.Time { return h.now().UTC() }

func (h *House) micros() int64 { return h.now().UnixMicro() }

// view runs fn on a snapshot.
func (h *House) view(ctx context.Context, fn func(*store.Reader) error) error {
	return h.store.View(ctx, fn)
}

// randomness is buffered because an import makes tens of thousands of
// identifiers and salts a second.
type randomness struct{ r *bufio.Reader }

func newRandomness() *randomness { return &randomness{bufio.NewReaderSize(rand.Reader, 1<<12)} }

func (r *randomness) id(now time.Time) (string, error) { return record.NewID(now, r.r) }

func (r *randomness) bytes(n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(r.r, b); err != nil {
		return nil, fmt.Errorf("read randomness: %w", err)
	}
	return b, nil
}

// NewID returns a fresh identifier.
func (h *House) NewID() (string, error) { return record.NewID(h.now(), rand.Reader) }

// require refuses a viewer who may not do the action.
func require(v access.Viewer, a access.Action) error {
	if !v.May(a) {
		return fmt.Errorf("%s: %w", a, record.ErrForbidden)
	}
	return nil
}
