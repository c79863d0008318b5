package petitions

import (
	"context"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
)

// commitLeaves enters in the journal what stands for the signatures of past
// hours.
func (d *Desk) commitLeaves(ctx context.Context) error {
	_, err := d.signing.CommitLeaves(ctx, func(ctx context.Context, number int, hashes [][32]byte, mark func(context.Context, *store.Tx) error) error {
		return d.house.Do(ctx, access.House(), access.ActPetition, signing.LeafAction, "", func(w *casework.Work) error {
			p, err := w.Tx().PetitionByNumber(ctx, access.House(), number)
			if err != nil {
				return err
			}
			w.Commit(record.Ref{Kind: record.KindPetition, ID: string(p.Rec.ID)}, hashes)
			return mark(ctx, w.Tx())
		})
	})
	return err
}
