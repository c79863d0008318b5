package casework

import (
	"context"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Involvement reads an involvement as the viewer may see it, with what stands beside the name of an
// accused. It fails with [record.ErrNotFound] or [record.ErrGone].
func (h *House) Involvement(ctx context.Context, v access.Viewer, id record.InvolvementID) (rec *record.Involvement, err error) {
	err = h.view(ctx, func(r *store.Reader) error {
		item, err := store.One[*record.Involvement](ctx, r, v, string(id))
		rec = item.Rec
		return err
	})
	return rec, err
}
