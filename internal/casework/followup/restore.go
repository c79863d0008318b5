package followup

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Restore makes an earlier version of a demand, a commitment, an assessment, a
// proceeding or a calendar the present one. current is the revision that it replaces. It is
// saved like any change, so what was judged meanwhile, who may see it and the letters that were
// sent stay, and an assessment that becomes another one waits for review again.
func (d *Desk) Restore(ctx context.Context, v access.Viewer, ref record.Ref, rev, current int, reason string) error {
	if err := require(v, access.ActEdit); err != nil {
		return err
	}
	var now, was record.Record
	err := d.view(ctx, func(r *store.Reader) error {
		item, err := store.AnyOne(ctx, r, v, ref)
		if err != nil {
			return err
		}
		now = item.Rec
		past, err := r.History(ctx, v, ref)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(past, func(p store.Past) bool { return p.Rev == rev })
		if i < 0 || rev == item.Rev {
			return fmt.Errorf("version %d of %s: %w", rev, ref, record.ErrNotFound)
		}
		if past[i].Hidden && past[i].Body == nil {
			return fmt.Errorf("version %d of %s is hidden: %w", rev, ref, record.ErrForbidden)
		}
		if past[i].Body == nil {
			return fmt.Errorf("version %d of %s was erased: %w", rev, ref, record.ErrGone)
		}
		was, _ = record.New(ref.Kind)
		if err := json.Unmarshal(past[i].Body, was); err != nil {
			return fmt.Errorf("decode version %d of %s: %w", rev, ref, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	switch o := was.(type) {
	case *record.Demand:
		o.Visibility, o.Letters = now.Seen(), now.(*record.Demand).Letters
		// A letter went to somebody who has to stay.
		for _, l := range o.Letters {
			if !slices.ContainsFunc(o.Addressees, func(a record.DemandAddressee) bool { return a.Key == l.Addressee }) {
				for _, a := range now.(*record.Demand).Addressees {
					if a.Key == l.Addressee {
						o.Addressees = append(o.Addressees, a)
					}
				}
			}
		}
		return d.SaveDemand(ctx, v, o, current, reason)
	case *record.Commitment:
		o.Visibility = now.Seen()
		return d.SaveCommitment(ctx, v, o, current, reason)
	case *record.Assessment:
		o.Visibility, o.Review = now.Seen(), now.(*record.Assessment).Review
		return d.SaveAssessment(ctx, v, o, current, reason)
	case *record.Proceeding:
		o.Visibility, o.Official = now.Seen(), now.(*record.Proceeding).Official
		return d.SaveProceeding(ctx, v, o, current, reason)
	case *record.HolidayCalendar:
		o.Visibility = now.Seen()
		_, err := d.SaveCalendar(ctx, v, o, current, reason)
		return err
	}
	return fmt.Errorf("a %s is not restored to an earlier version: %w", ref.Kind, record.ErrForbidden)
}
