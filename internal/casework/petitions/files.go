package petitions

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// OpenFile returns the scan of a receipt, or a file that came with an answer, by
// its hash: one of this petition's, for who works on petitions.
func (d *Desk) OpenFile(ctx context.Context, v access.Viewer, id record.PetitionID, hash string) (io.ReadSeekCloser, error) {
	if !v.May(access.ActPetition) {
		return nil, fmt.Errorf("%s: %w", access.ActPetition, record.ErrForbidden)
	}
	known := false
	err := d.view(ctx, func(r *store.Reader) error {
		if _, err := store.One[*record.Petition](ctx, r, v, id); err != nil {
			return err
		}
		deliveries, err := r.DeliveriesOf(ctx, v, id)
		if err != nil {
			return err
		}
		replies, err := r.RepliesOf(ctx, v, id)
		if err != nil {
			return err
		}
		known = slices.ContainsFunc(deliveries, func(x store.Item[*record.Delivery]) bool { return x.Rec.ReceiptHash == hash }) ||
			slices.ContainsFunc(replies, func(x store.Item[*record.Reply]) bool { return slices.Contains(x.Rec.Files, hash) })
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !known || hash == "" {
		return nil, fmt.Errorf("file of a petition: %w", record.ErrNotFound)
	}
	f, _, err := d.blobs.Get(hash)
	return f, err
}
