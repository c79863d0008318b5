package petitions

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
)

// Config is what a desk works with. Now and Log may be nil.
type Config struct {
	House *casework.House
	Store *store.Store
	Blobs *blob.Store
	// Keys encrypt who represents an organisation.
	Keys *seal.Keys
	// Departed lists who left the count, beside the database.
	Departed *departed.List
	// Resolver looks up DNS records; nil is the system's.
	Resolver Resolver
	// Signing takes and changes signatures, and Registry tells it what petitions
	// there are; it is refreshed after every change.
	Signing  *signing.Engine
	Registry *Registry
	// Outbox keeps mail; without one there is none.
	Outbox *mail.Outbox
	// URL is the public address without a slash at its end.
	URL string
	Now func() time.Time
	Log *slog.Logger
}

// Desk is where petitions are worked on. It is safe for use by several
// goroutines.
type Desk struct {
	house    *casework.House
	store    *store.Store
	blobs    *blob.Store
	keys     *seal.Keys
	departed *departed.List
	resolver Resolver
	signing  *signing.Engine
	registry *Registry
	outbox   *mail.Outbox
	packs    packShelf
	kept     keptFiles
	asks     asks
	bodies   bodyThrottle
	printing sync.Mutex // guards printer and pdf
	printer  Printer
	pdf      PDF
	clock    sync.Mutex // guards doubted
	doubted  doubt
	steady   func() time.Time // with a monotonic reading
	url      string
	now      func() time.Time
	log      *slog.Logger
}

// New opens a desk.
func New(c Config) *Desk {
	d := &Desk{
		house: c.House, store: c.Store, blobs: c.Blobs, keys: c.Keys, departed: c.Departed, resolver: c.Resolver,
		signing: c.Signing, registry: c.Registry, outbox: c.Outbox, url: c.URL, now: c.Now, log: c.Log, steady: time.Now,
	}
	if d.resolver == nil {
		d.resolver = net.DefaultResolver
	}
	if d.now == nil {
		d.now = c.House.Now
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	return d
}

// do is [casework.House.Do], after which signing knows what has changed.
func (d *Desk) do(ctx context.Context, v access.Viewer, need access.Action, action, reason string, fn func(*casework.Work) error) error {
	if err := d.house.Do(ctx, v, need, action, reason, fn); err != nil {
		return err
	}
	d.refresh(ctx)
	return nil
}

// refresh tells signing what has changed. Whoever changes many things one by one
// calls [casework.House.Do] for each and refresh at the end: it reads every petition.
func (d *Desk) refresh(ctx context.Context) {
	if d.registry == nil {
		return
	}
	if err := d.registry.Refresh(ctx); err != nil {
		// What was done stays done, and is known in a moment anyway.
		d.log.Warn("terms of petitions were not read at once", "error", err)
	}
}

func (d *Desk) micros() int64 { return d.now().UnixMicro() }

// view runs fn on a snapshot.
func (d *Desk) view(ctx context.Context, fn func(*store.Reader) error) error {
	return d.house.View(ctx, fn)
}

// Petition is a petition as it stands: the organisers' record with its revision.
type Petition = store.Item[*record.Petition]

// BySlug returns the petition at a public address, with its current slug when
// the address is an old one. To somebody who may not know of it, it is not there.
func (d *Desk) BySlug(ctx context.Context, v access.Viewer, slug string) (p Petition, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		p, err = store.BySlug[*record.Petition](ctx, r, v, slug)
		return err
	})
	return p, err
}

// ByNumber returns the petition with a public number.
func (d *Desk) ByNumber(ctx context.Context, v access.Viewer, number int) (p Petition, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		p, err = r.PetitionByNumber(ctx, v, number)
		return err
	})
	return p, err
}

// ByID returns a petition.
func (d *Desk) ByID(ctx context.Context, v access.Viewer, id record.PetitionID) (p Petition, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		p, err = store.One[*record.Petition](ctx, r, v, id)
		return err
	})
	return p, err
}

// Edition returns a published version of a petition by its number, 0 for the
// latest. Before publication there is none ([record.ErrNotFound]).
func (d *Desk) Edition(ctx context.Context, v access.Viewer, id record.PetitionID, number int) (e store.Item[*record.Edition], err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		e, err = r.EditionOf(ctx, v, id, number)
		return err
	})
	return e, err
}

// Editions returns the published versions of a petition, newest first.
func (d *Desk) Editions(ctx context.Context, v access.Viewer, id record.PetitionID) (list []store.Item[*record.Edition], err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		list, err = r.EditionsOf(ctx, v, id)
		return err
	})
	return list, err
}
