package casework

import (
	"fmt"
	"math"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// reread works out again the dates that a source's claims give in relation to its
// publication ("about five years ago"), once that was given another date. What
// else the claims say, and who reviewed them, stays.
func (w *Work) reread(was, now *record.Source) error {
	if was.Published.Date.String() == now.Published.Date.String() {
		return nil
	}
	claims, err := w.tx.ClaimsOf(w.ctx, access.House(), now.ID, math.MaxInt32)
	if err != nil {
		return fmt.Errorf("the claims of a source with another date: %w", err)
	}
	for _, item := range claims {
		c := *item.Rec
		asOf := moved(&c.AsOf, was.Published.Date, now.Published.Date)
		value := moved(&c.Value.When, was.Published.Date, now.Published.Date)
		if !asOf && !value {
			continue
		}
		if err := w.Change(&c, item.Rev); err != nil {
			return err
		}
	}
	return nil
}

// moved reads a relative date from another day of publication and reports whether
// it says something else now. A date that somebody wrote beside the relative one
// and that does not follow from it stays. One that cannot be read any more keeps
// its words alone.
func moved(w *record.When, was, now edtf.Date) bool {
	if w.Relative.IsZero() {
		return false
	}
	before, next := reading(*w, was), reading(*w, now)
	if w.Date.String() != before.String() || before.String() == next.String() {
		return false
	}
	w.Date = next
	return true
}

// reading is the date that follows from a relative one, zero where none does.
func reading(w record.When, published edtf.Date) edtf.Date {
	w.Date = edtf.Date{}
	got, err := w.Resolve(published)
	if err != nil {
		return edtf.Date{}
	}
	return got.Date
}
