package petitions

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// TakeUpdateBack takes what organisers told from the public, with a reason that stays in
// the petition's log: whatever tells of it and was not sent does not leave any more. Who has
// had it by mail keeps it. Owners may, and whoever judges petitions.
func (d *Desk) TakeUpdateBack(ctx context.Context, v access.Viewer, id record.PetitionID, number int, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return wrong("reason", "required")
	}
	need := access.ActPetition
	if !v.May(need) {
		need = judging(v)
	}
	return d.do(ctx, v, need, "take update back", reason, func(w *casework.Work) error {
		r := &w.Tx().Reader
		p, err := store.One[*record.Petition](ctx, r, v, id)
		if err != nil {
			return err
		}
		if !owns(v, p.Rec) && !judges(v, p.Rec) {
			return errNotOwner
		}
		list, err := r.UpdatesOf(ctx, v, id)
		if err != nil {
			return err
		}
		for _, u := range list {
			if u.Rec.Number != number {
				continue
			}
			if u.Rec.Visibility != record.Public {
				return wrong("state", "petition_state")
			}
			next := *u.Rec
			next.Visibility = record.Internal
			if err := w.Change(&next, u.Rev); err != nil {
				return err
			}
			if d.outbox == nil {
				return nil
			}
			_, err := d.outbox.DropAbout(ctx, w.Tx(), updateMatter(next.ID))
			return err
		}
		return fmt.Errorf("update %d: %w", number, record.ErrNotFound)
	})
}

// UpdateMatters is the name under which updates join the outbox as what mail tells of.
const UpdateMatters = "update"

func updateMatter(id record.UpdateID) mail.Matter {
	return mail.Matter{Kind: UpdateMatters, Key: string(id)}
}

// Telling are updates as the outbox asks of them: one that the public does not see, because
// it or its petition was taken back or erased, is told nobody. It is a [mail.Matters].
type Telling struct{ store *store.Store }

// Stands implements [mail.Matters].
func (t Telling) Stands(ctx context.Context, key string) (bool, error) {
	stands := false
	err := t.store.View(ctx, func(r *store.Reader) error {
		_, err := store.One[*record.Update](ctx, r, access.Anyone(), record.UpdateID(key))
		stands = err == nil
		if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) {
			return nil
		}
		return err
	})
	if err != nil {
		return false, fmt.Errorf("see whether an update is still told: %w", err)
	}
	return stands, nil
}
