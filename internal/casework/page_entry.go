package casework

import (
	"context"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// citedAt is the last journal entry that wrote something an event's figures rest
// on: a claim, its source, or the joining of two events. The journal's own length
// would say how much is entered inside, and when.
func citedAt(ctx context.Context, r *store.Reader, v access.Viewer, c cluster, f *EventFigures) (int64, error) {
	var last int64
	ids := make([]record.SourceID, 0, len(f.Sources))
	for _, k := range f.Claims {
		last = max(last, k.Entry)
	}
	for id := range f.Sources {
		ids = append(ids, id)
	}
	sources, err := store.Get[*record.Source](ctx, r, v, ids...)
	if err != nil {
		return 0, err
	}
	for _, s := range sources {
		last = max(last, s.Entry)
	}
	if len(c.all) == 1 {
		return last, nil
	}
	for _, id := range c.all {
		sames, err := r.Sames(ctx, access.House(), id)
		if err != nil {
			return 0, err
		}
		for _, s := range sames {
			if s.Rec.State == record.SameAccepted {
				last = max(last, s.Entry)
			}
		}
	}
	return last, nil
}
