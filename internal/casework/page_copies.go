package casework

import (
	"context"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Holding is whether the house keeps a copy of a source.
type Holding int

// The holdings. Everybody may know that a copy is held of a source that they see, and
// so that a passage was read in it; who may read the copy is another question.
const (
	NotHeld Holding = iota
	HeldInside
	HeldOpen
)

// copiesOf returns the copies of sources that the viewer may see, by identifier, and
// what is held of each source. The stamp, where there is one, changes with both.
func copiesOf(ctx context.Context, r *store.Reader, v access.Viewer, sum *stamp, sources ...record.SourceID) (map[record.CaptureID]*record.Capture, map[record.SourceID]Holding, error) {
	captures, err := r.CapturesOf(ctx, access.House(), sources...)
	if err != nil {
		return nil, nil, err
	}
	copies, held := map[record.CaptureID]*record.Capture{}, map[record.SourceID]Holding{}
	for _, k := range captures {
		if k.Level > access.LevelInternal && k.Level > v.Sees() {
			continue // a draft is not kept yet
		}
		if sum != nil {
			sum.item(k.Rec.Ref(), k.Entry, k.Level)
		}
		if k.Level > v.Sees() {
			held[k.Rec.Source] = max(held[k.Rec.Source], HeldInside)
			continue
		}
		held[k.Rec.Source] = HeldOpen
		copies[k.Rec.ID] = k.Rec
	}
	return copies, held, nil
}
