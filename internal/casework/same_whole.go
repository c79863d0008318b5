package casework

import (
	"context"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// wholes tells which events somebody has put into one whole already, at whatever
// depth, so that nobody is asked whether two of them are one: an event and a part
// of its part, and also parts of different parts, which were told apart when they
// were put side by side. What shares a page with one of them is one of them.
//
// It holds, for an event, another one of the same whole that is nearer to the one
// that stands for all; it is a forest whatever the records say, so that events
// which are parts of each other by mistake end somewhere too.
type wholes map[record.EventID]record.EventID

// readWholes goes once over the keys of all events, those without a date too: a
// whole may have none.
func readWholes(ctx context.Context, r *store.Reader) (wholes, error) {
	w := wholes{}
	err := r.EventsBetween(ctx, access.House(), store.DayUnknown, 1<<40, func(e store.NearEvent) error {
		w.put(e.ID, e.PartOf)
		w.put(e.ID, e.Joined)
		return nil
	})
	return w, err
}

// put notes that an event belongs with another one, "" for none.
func (w wholes) put(id, with record.EventID) {
	if with == "" {
		return
	}
	if a, b := w.of(id), w.of(with); a != b {
		w[a] = b
	}
}

// of returns the event that stands for all of one whole, the event itself where it
// is alone. It shortens the way for the next time.
func (w wholes) of(id record.EventID) record.EventID {
	for {
		up, ok := w[id]
		if !ok {
			return id
		}
		if above, ok := w[up]; ok {
			w[id] = above
		}
		id = up
	}
}
