package petitions

import (
	"context"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
)

// HouseRules are the rules against abuse that a house sets for itself: networks
// without a limit, mail domains that do not count, rates.
type HouseRules = signing.HouseRules

// HouseRules returns the rules against abuse that the house has set.
func (d *Desk) HouseRules(ctx context.Context, v access.Viewer) (h HouseRules, err error) {
	if v.Role != access.Admin && v.Role != access.Moderator {
		return h, errHouse
	}
	err = d.view(ctx, func(r *store.Reader) error {
		h, err = signing.ReadHouseRules(ctx, r)
		return err
	})
	return h, err
}

// SetHouseRules sets them. Every process takes them up within seconds.
func (d *Desk) SetHouseRules(ctx context.Context, v access.Viewer, h HouseRules) error {
	if v.Role != access.Admin && v.Role != access.Moderator {
		return errHouse
	}
	return d.do(ctx, v, access.ActVoid, "set rules against abuse", "", func(w *casework.Work) error {
		return signing.WriteHouseRules(ctx, w.Tx(), h)
	})
}
