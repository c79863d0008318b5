package petitions

import (
	"cmp"
	"context"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// Correction is what an office that was handed a petition earlier has to be told:
// some of what was counted then does not stand any more.
type Correction struct {
	Delivery *record.Delivery
	// Gone says that people have left whom the delivery counted; Left is how many, 0
	// for fewer than ten, which would say too much of one.
	Gone bool
	Left int64
	// Bodies is how many of its organisations do not stand any more. They sign in
	// public, so that the number is exact.
	Bodies int64
	// People and Organisations are counted, as the public sees it: for the edition
	// Since and later ones where the text has changed in substance since the delivery.
	People, Organisations int64
	AsOf                  int64 // the instant of both, microseconds UTC
	// Since is that edition, nil where what was handed over still counts.
	Since *record.Edition
	// Anew is a later delivery to the same office, nil where there is none: then a
	// correction can go by itself.
	Anew *record.Delivery
}

// Still is how many of the people handed over stand for the text that they signed.
// It means nothing while Left is withheld.
func (c *Correction) Still() int64 { return c.Delivery.Count - c.Left }

// Corrections lists the deliveries of a petition of whose signatures some were
// withdrawn or taken out of the count since, oldest first, for its owners. One that
// was followed by another to the same office is listed too: the earlier pack is
// still in a file somewhere.
//
// How many have left is told from how many had left when the numbers were taken that
// were handed over, never from when somebody left, of which the house keeps no more than the
// hour. Who signed within the hour of those numbers and left again is taken to have been
// among them: a correction may go once too often, and never once too rarely.
func (d *Desk) Corrections(ctx context.Context, v access.Viewer, id record.PetitionID) (out []Correction, err error) {
	if d.signing == nil {
		return nil, nil
	}
	p, err := d.ByID(ctx, v, id)
	if err != nil {
		return nil, err
	}
	if !owns(v, p.Rec) {
		return nil, errNotOwner
	}
	if p.Rec.Foreign != nil || p.Rec.Edition == 0 {
		return nil, nil
	}
	now, exact, err := d.numbers(ctx, p.Rec)
	if err != nil {
		return nil, err
	}
	shown, err := d.signing.Snapshot(ctx, p.Rec.Number)
	if err != nil {
		return nil, err
	}
	err = d.view(ctx, func(r *store.Reader) error {
		out = nil
		list, err := r.DeliveriesOf(ctx, v, id)
		if err != nil || len(list) == 0 {
			return err
		}
		slices.SortStableFunc(list, func(a, b store.Item[*record.Delivery]) int { return cmp.Compare(string(a.Rec.ID), string(b.Rec.ID)) })
		for i, item := range list {
			c := Correction{Delivery: item.Rec, People: shown.People(), Organisations: shown.Organisations, AsOf: shown.At}
			left, err := leftSince(ctx, r, p.Rec, item.Rec, now, exact)
			if err != nil {
				return err
			}
			if c.Bodies, err = bodiesLeft(ctx, r, item.Rec); err != nil {
				return err
			}
			if left == 0 && c.Bodies == 0 {
				continue
			}
			if c.Gone = left > 0; left >= signature.Small {
				c.Left = left
			}
			if p.Rec.Reconsent > item.Rec.Edition {
				e, err := r.EditionOf(ctx, access.House(), id, p.Rec.Reconsent)
				if err != nil {
					return err
				}
				c.Since = e.Rec
			}
			for _, later := range list[i+1:] {
				if later.Rec.Addressee == item.Rec.Addressee {
					c.Anew = later.Rec
				}
			}
			out = append(out, c)
		}
		return nil
	})
	return out, err
}

// leftSince is how many of the people whom a delivery counted do not stand any more.
// now are a petition's numbers, exact those of this moment.
func leftSince(ctx context.Context, r *store.Reader, p *record.Petition, x *record.Delivery, now signature.Snapshot, exact bool) (int64, error) {
	q := store.LeftQuery{Petition: p.Number, Hour: hourOf(x.AsOf), Until: hourOf(now.At)}
	if !exact {
		q.Until-- // of that hour the numbers may not hold everything
	}
	if p.Reconsent > x.Edition {
		q.Edition = p.Reconsent
	}
	voids, err := r.InvalidationsOf(ctx, access.House(), p.ID)
	if err != nil {
		return 0, err
	}
	for _, i := range voids {
		if s := i.Rec.State; (s == record.VoidAgreed || s == record.VoidDone) && i.At > x.AsOf && i.At <= now.At {
			q.Invalidations = append(q.Invalidations, string(i.Rec.ID))
		}
	}
	left, err := r.LeftOf(ctx, q)
	if err != nil {
		return 0, err
	}
	// Who signed the new text in place of the earlier one had been counted before.
	later := left.Later + max(0, left.Anew-left.Replaced)
	return min(x.Count, max(0, now.Gone-x.Gone-later)+left.Voided), nil
}

// bodiesLeft is how many organisations had shown that they signed when a delivery's
// numbers were taken, and do not stand any more.
func bodiesLeft(ctx context.Context, r *store.Reader, x *record.Delivery) (n int64, err error) {
	list, err := r.EndorsementsOf(ctx, access.House(), x.Petition)
	if err != nil {
		return 0, err
	}
	for _, o := range list {
		ended := o.Rec.State == record.EndorsementWithdrawn || o.Rec.State == record.EndorsementVoided
		if ended && o.At > x.AsOf && o.Rec.Role != record.RoleOriginal && o.Rec.Proof != nil && o.Rec.Proof.At <= x.AsOf {
			n++
		}
	}
	return min(n, x.Bodies), nil
}
