package casework

import (
	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// grounded reports whether a named person may be shown as accused: an official
// or court source stands behind it, or accepted public claims of two independent
// origins do. A person who is dead is still named only with a claim.
func (w *Work) grounded(v *record.Involvement) (bool, error) {
	claims, err := store.Get[*record.Claim](w.ctx, &w.tx.Reader, access.House(), v.Claims...)
	if err != nil {
		return false, err
	}
	var ids []record.SourceID
	for _, c := range claims {
		ids = append(ids, c.Rec.Source)
	}
	voices, err := w.tx.Voices(w.ctx, ids)
	if err != nil {
		return false, err
	}
	var said []figure.Said
	for _, c := range claims {
		if c.Rec.Review.State.Counts() && c.Level == access.LevelPublic {
			said = append(said, saidBy(c.Rec, voices[c.Rec.Source]))
		}
	}
	if len(said) == 0 {
		return false, nil
	}
	if v.Official {
		return true, nil
	}
	return figure.Independent(said) >= 2, nil
}
