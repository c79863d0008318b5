package casework

import (
	"context"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// CountLimit is how far pages count: a page that says "over 10,000" is made in
// the same time however large the record is.
const CountLimit = 10_000

// drawn is how many events a drawing shows at most, the newest ones.
const drawn = 60

// HomePage is what the first page shows.
type HomePage struct {
	// Counts of what the viewer may see, at most CountLimit+1.
	Events, Sources, Claims, People, Parties int
	// Timeline is the house's own events that are no part of another, newest first.
	Timeline []EventLine
	// Recent is what changed last.
	Recent []EventLine
}

// HomePage reads the first page.
func (h *House) HomePage(ctx context.Context, v access.Viewer) (HomePage, error) {
	var p HomePage
	err := h.view(ctx, func(r *store.Reader) error {
		for kind, n := range map[record.Kind]*int{
			record.KindEvent: &p.Events, record.KindSource: &p.Sources, record.KindClaim: &p.Claims,
			record.KindPerson: &p.People, record.KindParty: &p.Parties,
		} {
			var err error
			if *n, err = r.Count(ctx, v, kind, CountLimit+1); err != nil {
				return err
			}
		}
		events, err := r.Events(ctx, v, store.EventFilter{Dataset: "own"}, nil, drawn)
		if err != nil {
			return err
		}
		if p.Timeline, err = eventLines(ctx, r, v, events); err != nil {
			return err
		}
		recent, err := r.Recent(ctx, 12)
		if err != nil {
			return err
		}
		p.Recent, err = eventLines(ctx, r, v, recent)
		return err
	})
	return p, err
}

// RecentEvents returns the events changed last, newest change first, as the
// public sees them.
func (h *House) RecentEvents(ctx context.Context, limit int) ([]EventLine, error) {
	var out []EventLine
	err := h.view(ctx, func(r *store.Reader) error {
		recent, err := r.Recent(ctx, limit)
		if err != nil {
			return err
		}
		out, err = eventLines(ctx, r, access.Anyone(), recent)
		return err
	})
	return out, err
}
