package casework

import (
	"context"
	"io"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// ReleaseList lists the releases the viewer sees, the latest first.
func (h *House) ReleaseList(ctx context.Context, v access.Viewer) ([]*record.Release, error) {
	var out []*record.Release
	err := h.view(ctx, func(r *store.Reader) error {
		items, err := r.Releases(ctx, v)
		for _, i := range items {
			out = append(out, i.Rec)
		}
		return err
	})
	return out, err
}

// OpenRelease opens a release's archive. The caller closes it.
func (h *House) OpenRelease(ctx context.Context, v access.Viewer, id record.ReleaseID) (*record.Release, io.ReadSeekCloser, error) {
	var rel *record.Release
	err := h.view(ctx, func(r *store.Reader) error {
		i, err := store.One[*record.Release](ctx, r, v, id)
		rel = i.Rec
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	f, _, err := h.blobs.Get(rel.Hash)
	return rel, f, err
}
