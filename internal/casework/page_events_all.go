package casework

import (
	"context"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/store"
)

// eventsAtOnce is how many events [House.EachEvent] reads at a time.
const eventsAtOnce = 500

// EachEvent gives every event that a question finds to visit, newest first and all of
// one snapshot; the question's After, Limit and Undrawn are not looked at. It ends with
// the first error of visit.
func (h *House) EachEvent(ctx context.Context, v access.Viewer, q EventQuery, visit func(EventLine) error) error {
	return h.view(ctx, func(r *store.Reader) error {
		f, possible, err := eventFilter(ctx, r, v, q)
		if err != nil || !possible {
			return err
		}
		var after *store.EventCursor
		for {
			events, err := r.Events(ctx, v, f, after, eventsAtOnce)
			if err != nil {
				return err
			}
			lines, err := eventLines(ctx, r, v, events)
			if err != nil {
				return err
			}
			for _, line := range lines {
				if err := visit(line); err != nil {
					return err
				}
			}
			if len(lines) < eventsAtOnce {
				return nil
			}
			if after, err = parseAfter(afterText(lines[len(lines)-1].Event)); err != nil {
				return err
			}
		}
	})
}
