package casework

import (
	"context"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// FiguresIn is [House.Figure] within a snapshot or transaction that another room
// of use cases has open, so that what it reads beside belongs together.
func FiguresIn(ctx context.Context, r *store.Reader, v access.Viewer, event record.EventID, rule figure.Rule) (EventFigures, error) {
	if _, err := store.One[*record.Event](ctx, r, v, event); err != nil {
		return EventFigures{}, err
	}
	c, err := clusterOf(ctx, r, event)
	if err != nil {
		return EventFigures{}, err
	}
	return figuresOf(ctx, r, v, c, rule)
}

// LinksIn is [House.Names] within a snapshot or transaction that is open.
func LinksIn(ctx context.Context, r *store.Reader, v access.Viewer, refs ...record.Ref) (Links, error) {
	return links(ctx, r, v, refs)
}

// Colleagues lists the open accounts that hold one of the rights given, without
// their addresses: whom an organiser can name as an owner.
func (h *House) Colleagues(ctx context.Context, v access.Viewer, rights ...access.Action) ([]Account, error) {
	if err := require(v, access.ActPetition); err != nil {
		return nil, err
	}
	var out []Account
	err := h.view(ctx, func(r *store.Reader) error {
		all, err := r.Accounts(ctx)
		for _, a := range all {
			acc := shown(a)
			acc.Email = ""
			for _, right := range rights {
				if !acc.Closed && (access.Viewer{User: acc.ID, Role: acc.Role}).May(right) {
					out = append(out, acc)
					break
				}
			}
		}
		return err
	})
	return out, err
}

// JournalOf returns the journal's entries about some records, newest first,
// before an entry's number (0: from the newest), for those who may look into the
// work on them.
func (h *House) JournalOf(ctx context.Context, v access.Viewer, tag string, before int64, limit int, refs ...record.Ref) ([]JournalLine, error) {
	if err := require(v, access.ActEnter); err != nil {
		return nil, err
	}
	var out []JournalLine
	err := h.view(ctx, func(r *store.Reader) error {
		lines, err := r.JournalOf(ctx, before, limit, refs...)
		if err != nil {
			return err
		}
		named, err := labels(ctx, r, v, tag, refs)
		if err != nil {
			return err
		}
		out, err = journalLines(ctx, r, lines, named)
		return err
	})
	return out, err
}
