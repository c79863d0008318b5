package petitions

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// madePack is what is remembered of a pack, so that what is said of a delivery is
// what the pack says and not what a form says. It names nobody.
type madePack struct {
	Hash      string `json:"hash"`
	Manifest  string `json:"manifest"`
	Edition   int    `json:"edition"`
	Addressee string `json:"addressee,omitempty"` // key, of a pack for one
	People    int64  `json:"people"`
	Bodies    int64  `json:"organisations"`
	// AsOf and Gone are those of [record.Delivery].
	AsOf int64 `json:"as_of"`
	Gone int64 `json:"gone"`
	// Named is how many people it names; one that names any is not kept.
	Named int   `json:"named,omitempty"`
	At    int64 `json:"at"` // microseconds UTC
}

// How many packs of a petition are remembered, and how long: a pack goes by post
// and on journeys before somebody notes that it was handed over.
const (
	packsRemembered = 100
	packsNoted      = 365 * 24 * time.Hour
)

// settingPacks is the name of the setting that remembers a petition's packs.
func settingPacks(id record.PetitionID) string { return "packs." + string(id) }

// packsMade lists the packs made of a petition, the earliest first.
func packsMade(ctx context.Context, r *store.Reader, id record.PetitionID) ([]madePack, error) {
	b, err := r.Setting(ctx, settingPacks(id))
	if err != nil || len(b) == 0 {
		return nil, err
	}
	var made []madePack
	if err := json.Unmarshal(b, &made); err != nil {
		return nil, fmt.Errorf("read which packs were made: %w", err)
	}
	return made, nil
}

// packMade returns a pack made of a petition by its hash, nil for any other file.
func packMade(ctx context.Context, r *store.Reader, id record.PetitionID, hash string) (*madePack, error) {
	made, err := packsMade(ctx, r, id)
	if err != nil || hash == "" {
		return nil, err
	}
	for i := range made {
		if made[i].Hash == hash {
			return &made[i], nil
		}
	}
	return nil, nil
}

// remember notes that a pack was made. One that is not remembered any more, and
// was never handed over, is removed, so that packs that nobody used do not pile up.
func (d *Desk) remember(ctx context.Context, id record.PetitionID, pack madePack) error {
	var unused []string
	err := d.store.Write(ctx, func(tx *store.Tx) error {
		unused = nil
		made, err := packsMade(ctx, &tx.Reader, id)
		if err != nil {
			return err
		}
		delivered, err := tx.DeliveriesOf(ctx, access.House(), id)
		if err != nil {
			return err
		}
		var kept []madePack
		for i, m := range made {
			switch {
			case m.Hash == pack.Hash:
			case pack.At-m.At <= packsNoted.Microseconds() && len(made)-i < packsRemembered:
				kept = append(kept, m)
			case m.Named == 0 && !slices.ContainsFunc(delivered, func(x store.Item[*record.Delivery]) bool { return x.Rec.PackHash == m.Hash }):
				unused = append(unused, m.Hash)
			}
		}
		b, err := json.Marshal(append(kept, pack))
		if err != nil {
			return fmt.Errorf("note that a pack was made: %w", err)
		}
		return tx.PutSetting(ctx, settingPacks(id), b)
	})
	for _, hash := range unused {
		if err == nil {
			err = d.blobs.Remove(hash)
		}
	}
	return err
}
