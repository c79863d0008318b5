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
	for _, id := range c.all {
		sames, err := r.Sames(ctx, access.House(), id)
		if err != nil {
			return 0, err
		}
		for _, s := range sames {
			// An undone joining counts too: before its end the figure was another.
			if s.Rec.State == record.SameAccepted || s.Rec.State == record.SameUndone {
				last = max(last, s.Entry)
			}
		}
	}
	return last, nil
}
