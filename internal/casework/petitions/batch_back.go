package petitions

import (
	"context"
	"fmt"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// WithdrawLine takes a line of a batch out of the count because its signer asks for
// it and has no link: no address was given. note says how the request came; it is
// kept in the petition's log with the batch and never with the name. The batch may
// be closed. record.ErrNotFound says that no such line counts.
func (d *Desk) WithdrawLine(ctx context.Context, v access.Viewer, id record.BatchID, name, note string) error {
	b, p, err := d.batch(ctx, v, id)
	if err != nil {
		return err
	}
	if name, err = signature.CleanName(name); err != nil {
		return wrong("back_name", "person_name")
	}
	note, key := cleanTitle(note)
	switch {
	case key != "":
		return wrong("back_note", key, "limit", fmt.Sprint(maxTitle))
	case strings.Contains(strings.ToLower(note), strings.ToLower(name)):
		return wrong("back_note", "names_person")
	}
	if err := d.signing.WithdrawLine(ctx, p.Number, b.Rec.Number, name, ""); err != nil {
		return err
	}
	return d.do(ctx, v, access.ActSigners, "take back line", "", func(w *casework.Work) error {
		item, err := store.One[*record.Batch](ctx, &w.Tx().Reader, v, id)
		if err != nil {
			return err
		}
		now := *item.Rec
		unread := now.Lines - now.Legible
		if err := recount(ctx, &w.Tx().Reader, p.Number, &now); err != nil {
			return err
		}
		now.Lines = now.Legible + unread
		if now.Counted != item.Rec.Counted || now.Repeated != item.Rec.Repeated || now.Withheld != item.Rec.Withheld {
			if err := w.Change(&now, item.Rev); err != nil {
				return err
			}
		}
		return d.remark(w, p.ID, fmt.Sprintf("a line of batch %d was taken back at its signer's request: %s", now.Number, note))
	})
}
