package petitions

import (
	"context"
	"fmt"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// PostUpdate tells in public what became of a petition. The words stand on its
// page at once and go, once, to every signer who has asked for that and had
// confirmed by the end of this hour.
func (d *Desk) PostUpdate(ctx context.Context, v access.Viewer, id record.PetitionID, kind record.UpdateKind, words record.Text) (record.Update, error) {
	var out record.Update
	uid, err := d.house.NewID()
	if err != nil {
		return out, err
	}
	err = d.do(ctx, v, access.ActPetition, "tell signers", "", func(w *casework.Work) error {
		r := &w.Tx().Reader
		p, err := store.One[*record.Petition](ctx, r, v, id)
		if err != nil {
			return err
		}
		switch {
		case p.Rec.Foreign != nil:
			return errForeign
		case !owns(v, p.Rec):
			return errNotOwner
		case p.Rec.Edition == 0 || p.Rec.Visibility != record.Public:
			return wrong("publication", "petition_state")
		}
		before, err := r.UpdatesOf(ctx, access.House(), id)
		if err != nil {
			return err
		}
		number := 1
		if n := len(before); n > 0 {
			number = before[n-1].Rec.Number + 1
		}
		out = record.Update{ID: record.UpdateID(uid), Petition: id, Number: number, Kind: kind, Words: words, Made: w.At(), Visibility: record.Public}
		return w.Create(&out)
	})
	if err == nil && d.outbox != nil {
		d.outbox.Wake()
	}
	return out, err
}

// Told is an update with how far it has got.
type Told struct {
	*record.Update
	// Reached counts the signers who ask for updates today and to whom it, or a
	// later one, was handed over for sending.
	Reached int64
}

// Updates is what organisers see of what they told.
type Updates struct {
	List []Told // the latest first
	// Asking counts the signers who ask for updates today.
	Asking int64
	// Undelivered counts signatures that wait for a confirmation whose mail could
	// not be delivered.
	Undelivered int64
}

// Updates returns what the organisers of a petition have told and how many it has
// reached. It names nobody.
func (d *Desk) Updates(ctx context.Context, v access.Viewer, id record.PetitionID) (*Updates, error) {
	if !v.SignedIn() {
		return nil, fmt.Errorf("what signers were told: %w", record.ErrForbidden)
	}
	var out *Updates
	err := d.view(ctx, func(r *store.Reader) error {
		out = &Updates{}
		p, err := store.One[*record.Petition](ctx, r, v, id)
		if err != nil {
			return err
		}
		list, err := r.UpdatesOf(ctx, v, id)
		if err != nil {
			return err
		}
		for i := len(list) - 1; i >= 0; i-- {
			t := Told{Update: list[i].Rec}
			if _, t.Reached, err = r.CountTold(ctx, p.Rec.Number, int64(t.Number)); err != nil {
				return err
			}
			out.List = append(out.List, t)
		}
		if out.Asking, _, err = r.CountTold(ctx, p.Rec.Number, 0); err != nil {
			return err
		}
		out.Undelivered, err = r.Undelivered(ctx, p.Rec.Number)
		return err
	})
	return out, err
}
