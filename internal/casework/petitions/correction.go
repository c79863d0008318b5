package petitions

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// Correction is what an office that was handed a petition earlier has to be told:
// signatures of those days do not stand any more.
type Correction struct {
	Delivery *record.Delivery
	// Left is how many, 0 for fewer than ten, which would say too much of one.
	Left int64
	// People and Bodies are the count as the public sees it now.
	People, Bodies int64
	// Anew is a later delivery to the same office, nil where there is none: then a
	// correction can go by itself.
	Anew *record.Delivery
}

// Corrections lists the deliveries of a petition of whose signatures some were
// withdrawn or taken out of the count since, oldest first, for its owners. One that
// was followed by another to the same office is listed too: the earlier pack is
// still in a file somewhere.
func (d *Desk) Corrections(ctx context.Context, v access.Viewer, id record.PetitionID) (out []Correction, err error) {
	if d.signing == nil {
		return nil, nil
	}
	err = d.view(ctx, func(r *store.Reader) error {
		out = nil
		p, err := store.One[*record.Petition](ctx, r, v, id)
		if err != nil {
			return err
		}
		if !owns(v, p.Rec) {
			return errNotOwner
		}
		if p.Rec.Foreign != nil || p.Rec.Edition == 0 {
			return nil
		}
		list, err := r.DeliveriesOf(ctx, v, id)
		if err != nil || len(list) == 0 {
			return err
		}
		voids, err := r.InvalidationsOf(ctx, access.House(), id)
		if err != nil {
			return err
		}
		slices.SortStableFunc(list, func(a, b store.Item[*record.Delivery]) int { return cmp.Compare(string(a.Rec.ID), string(b.Rec.ID)) })
		for i, item := range list {
			at := madeAt(string(item.Rec.ID))
			var since []string
			for _, x := range voids {
				if x.At > at.UnixMicro() {
					since = append(since, string(x.Rec.ID))
				}
			}
			left, err := r.LeftSince(ctx, p.Rec.Number, at.Unix()/3600, since)
			if err != nil {
				return err
			}
			if left == 0 {
				continue
			}
			if left < signature.Small {
				left = 0
			}
			c := Correction{Delivery: item.Rec, Left: left}
			for _, later := range list[i+1:] {
				if later.Rec.Addressee == item.Rec.Addressee {
					c.Anew = later.Rec
				}
			}
			out = append(out, c)
		}
		return nil
	})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	people, bodies, err := d.counted(ctx, v, id)
	for i := range out {
		out[i].People, out[i].Bodies = people, bodies
	}
	return out, err
}

// madeAt is when an identifier was made: the first 48 bits of a version 7 UUID are
// milliseconds since 1970 (RFC 9562).
func madeAt(id string) time.Time {
	var ms int64
	digits := 0
	for _, c := range id {
		switch {
		case c >= '0' && c <= '9':
			ms = ms<<4 | int64(c-'0')
		case c >= 'a' && c <= 'f':
			ms = ms<<4 | int64(c-'a'+10)
		default:
			continue
		}
		if digits++; digits == 12 {
			break
		}
	}
	return time.UnixMilli(ms)
}
