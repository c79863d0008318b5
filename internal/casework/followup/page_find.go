package followup

import (
	"context"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Find names the event, party or petition with a slug, an old slug or an
// identifier. It fails with [record.ErrNotFound] for what the viewer may not see
// and for kinds without a slug.
func (d *Desk) Find(ctx context.Context, v access.Viewer, kind record.Kind, name string) (link casework.Link, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		ref := record.Ref{Kind: kind}
		switch kind {
		case record.KindEvent:
			ref.ID, err = found[*record.Event](ctx, r, v, name)
		case record.KindParty:
			ref.ID, err = found[*record.Party](ctx, r, v, name)
		case record.KindPetition:
			ref.ID, err = found[*record.Petition](ctx, r, v, name)
		default:
			err = record.ErrNotFound
		}
		if err != nil {
			return err
		}
		names, err := casework.LinksIn(ctx, r, v, ref)
		if err != nil {
			return err
		}
		var ok bool
		if link, ok = names[ref]; !ok {
			return record.ErrNotFound
		}
		return nil
	})
	return link, err
}

func found[T record.Record](ctx context.Context, r *store.Reader, v access.Viewer, name string) (string, error) {
	if record.ValidID(name) {
		item, err := store.One[T](ctx, r, v, name)
		if err != nil {
			return "", err
		}
		return item.Rec.Ref().ID, nil
	}
	item, err := store.BySlug[T](ctx, r, v, name)
	if err != nil {
		return "", err
	}
	return item.Rec.Ref().ID, nil
}
