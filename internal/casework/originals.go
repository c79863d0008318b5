package casework

import (
	"context"
	"fmt"

	"github.com/gawah-project/gawah/internal/store"
)

// sweepOriginals removes originals that nothing names: those of records erased
// after a backup was made.
func (h *House) sweepOriginals(ctx context.Context) error {
	var orphans []string
	err := h.view(ctx, func(r *store.Reader) error {
		released, err := releasedBlobs(ctx, r)
		if err != nil {
			return err
		}
		return h.blobs.Each(func(hash string, _ int64) error {
			uses, err := r.BlobUses(ctx, hash)
			if err == nil && uses == 0 && !released[hash] {
				orphans = append(orphans, hash)
			}
			return err
		})
	})
	if err != nil {
		return fmt.Errorf("look for originals that nothing names: %w", err)
	}
	for _, hash := range orphans {
		if err := h.blobs.Remove(hash); err != nil {
			return err
		}
	}
	return nil
}
