package followup

import (
	"context"
	"log/slog"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/store"
)

// Config is what a desk works with. Keys, Outbox, Now and Log may be nil.
type Config struct {
	House *casework.House
	Store *store.Store
	Blobs *blob.Store
	// Keys encrypt the addresses of followers.
	Keys *seal.Keys
	// Departed lists who stopped following, beside the database.
	Departed *departed.List
	// Outbox keeps mail; without one there is none.
	Outbox *mail.Outbox
	// URL is the public address without a slash at its end.
	URL string
	Now func() time.Time
	Log *slog.Logger
}

// Desk is where demands are followed up. It is safe for use by several
// goroutines.
type Desk struct {
	house    *casework.House
	store    *store.Store
	blobs    *blob.Store
	keys     *seal.Keys
	departed *departed.List
	outbox   *mail.Outbox
	url      string
	now      func() time.Time
	states   states
	left     leftovers
	settled  settled
	log      *slog.Logger
}

// New opens a desk.
func New(c Config) *Desk {
	d := &Desk{house: c.House, store: c.Store, blobs: c.Blobs, keys: c.Keys, departed: c.Departed, outbox: c.Outbox, url: c.URL, now: c.Now, log: c.Log}
	if d.now == nil {
		d.now = c.House.Now
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	return d
}

// do is [casework.House.Do].
func (d *Desk) do(ctx context.Context, v access.Viewer, need access.Action, action, reason string, fn func(*casework.Work) error) error {
	return d.house.Do(ctx, v, need, action, reason, fn)
}

// view runs fn on a snapshot.
func (d *Desk) view(ctx context.Context, fn func(*store.Reader) error) error {
	return d.house.View(ctx, fn)
}

// The records of following up as they stand, with their revision, author and level.
type (
	DemandItem     = store.Item[*record.Demand]
	CommitmentItem = store.Item[*record.Commitment]
	AssessmentItem = store.Item[*record.Assessment]
	ProceedingItem = store.Item[*record.Proceeding]
	TrendItem      = store.Item[*record.TrendStatement]
	CalendarItem   = store.Item[*record.HolidayCalendar]
)
