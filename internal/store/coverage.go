package store

import (
	"context"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// CoverageOf returns the series about events, by collection.
func (r *Reader) CoverageOf(ctx context.Context, v access.Viewer, events ...record.EventID) ([]Item[*record.Coverage], error) {
	return inChunks[*record.Coverage](ctx, r, v, "event", events, "order by t.collection, t.id")
}

// CoverageIn returns the series counted in a collection, the latest first.
func (r *Reader) CoverageIn(ctx context.Context, v access.Viewer, collection string, limit int) ([]Item[*record.Coverage], error) {
	return where[*record.Coverage](ctx, r, v, "t.collection = $1 order by t.id desc limit $2", collection, limit)
}

// Coverages returns series from after an identifier on ("" for the first), in the
// order of their identifiers.
func (r *Reader) Coverages(ctx context.Context, v access.Viewer, after record.CoverageID, limit int) ([]Item[*record.Coverage], error) {
	return where[*record.Coverage](ctx, r, v, "t.id > $1 order by t.id limit $2", string(after), limit)
}

// Feeds returns the kept list of feeds, by collection.
func (r *Reader) Feeds(ctx context.Context, v access.Viewer) ([]Item[*record.Feed], error) {
	return where[*record.Feed](ctx, r, v, "1 = 1 order by t.collection, t.id")
}

// FeedsIn returns the feeds of a collection.
func (r *Reader) FeedsIn(ctx context.Context, v access.Viewer, collection string) ([]Item[*record.Feed], error) {
	return where[*record.Feed](ctx, r, v, "t.collection = $1 order by t.id", collection)
}

// FeedsAt returns the feeds with an address.
func (r *Reader) FeedsAt(ctx context.Context, v access.Viewer, url string) ([]Item[*record.Feed], error) {
	return where[*record.Feed](ctx, r, v, "t.url = $1 order by t.id", url)
}
