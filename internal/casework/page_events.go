package casework

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// EventQuery is what a reader asks of the list of events. Zero fields do not
// restrict.
type EventQuery struct {
	Types []record.EventType
	// From and To bound the time. An event whose span touches them is in.
	From, To edtf.Date
	// Place is a town or a province in any spelling, or a country's two letters.
	Place string
	// Community is the slug of a party recorded as struck.
	Community string
	// Dataset is empty for all events, "own" for those the house entered, or the
	// name of a dataset.
	Dataset   string
	MinKilled int64
	Words     string
	// Parts also lists events that are part of another.
	Parts bool
	// After continues where an earlier page ended (its Next).
	After string
	Limit int
	// Undrawn leaves the drawings' events out.
	Undrawn bool
}

// EventList is one page of events, newest first.
type EventList struct {
	Events []EventLine
	// Next is the After of the following page, empty on the last.
	Next string
	// Count is how many match, at most 1,001: more is "over 1,000".
	Count int
	// Drawn is the newest of all that match, for the map and the timeline.
	Drawn []EventLine
	// Communities are those an event can be filtered by.
	Communities []Link
}

// EventList reads one page of the list of events. It fails with
// [record.ErrNotFound] for a community that the viewer does not see or a place
// to continue from that makes no sense.
func (h *House) EventList(ctx context.Context, v access.Viewer, q EventQuery) (EventList, error) {
	var out EventList
	err := h.view(ctx, func(r *store.Reader) error {
		parties, err := r.Parties(ctx, v, record.Community, 0, 200)
		if err != nil {
			return err
		}
		for _, p := range parties {
			out.Communities = append(out.Communities, linkTo(p.Rec))
		}
		f, possible, err := eventFilter(ctx, r, v, q)
		if err != nil || !possible {
			return err
		}
		after, err := parseAfter(q.After)
		if err != nil {
			return err
		}
		if out.Count, err = h.countEvents(ctx, r, v, f); err != nil {
			return err
		}
		want := q.Limit + 1
		if after == nil && !q.Undrawn {
			want = max(want, drawn)
		}
		events, err := r.Events(ctx, v, f, after, want)
		if err != nil {
			return err
		}
		lines, err := eventLines(ctx, r, v, events)
		if err != nil {
			return err
		}
		if after == nil && !q.Undrawn {
			out.Drawn = lines[:min(len(lines), drawn)]
		}
		if len(lines) > q.Limit {
			lines = lines[:q.Limit]
			out.Next = afterText(lines[len(lines)-1].Event)
		}
		out.Events = lines
		return nil
	})
	return out, err
}

// eventFilter turns a reader's question into the store's. possible is false when
// nothing can match, as for words of which nothing is left.
func eventFilter(ctx context.Context, r *store.Reader, v access.Viewer, q EventQuery) (f store.EventFilter, possible bool, err error) {
	f = store.EventFilter{Types: q.Types, Dataset: q.Dataset, MinKilled: q.MinKilled, Parts: q.Parts}
	if d, ok := q.From.Earliest(); ok {
		n := int64(d)
		f.From = &n
	}
	if d, ok := q.To.Latest(); ok {
		n := int64(d)
		f.To = &n
	}
	if q.Community != "" {
		p, err := store.BySlug[*record.Party](ctx, r, v, q.Community)
		if errors.Is(err, record.ErrNotFound) {
			return f, false, nil
		} else if err != nil {
			return f, false, err
		}
		f.Struck = p.Rec.ID
	}
	if q.Place != "" {
		if err := placeFilter(ctx, r, v, q.Place, &f); err != nil {
			return f, false, err
		}
	}
	if q.Words != "" {
		if f.Tokens = askedOf(q.Words); len(f.Tokens) == 0 {
			return f, false, nil
		}
	}
	return f, true, nil
}

// placeFilter reads a place as a country's two letters, else as a town, else,
// when no event has a town of that name, as a province.
func placeFilter(ctx context.Context, r *store.Reader, v access.Viewer, place string, f *store.EventFilter) error {
	if len(place) == 2 && strings.ToUpper(place) == place {
		f.Country = place
		return nil
	}
	f.Town = names.Fold(place)
	n, err := r.CountEvents(ctx, v, store.EventFilter{Town: f.Town, Joined: true, Parts: true}, 1)
	if err == nil && n == 0 {
		f.Town, f.Province = "", f.Town
	}
	return err
}

// afterText names the place in the list after an event.
func afterText(e *record.Event) string {
	day := int64(store.DayUnknown)
	if d, ok := e.When.Date.Earliest(); ok {
		day = int64(d)
	}
	return strconv.FormatInt(day, 36) + "." + string(e.ID)
}

func parseAfter(s string) (*store.EventCursor, error) {
	if s == "" {
		return nil, nil
	}
	day, id, ok := strings.Cut(s, ".")
	n, err := strconv.ParseInt(day, 36, 64)
	if !ok || err != nil || !record.ValidID(id) {
		return nil, record.ErrNotFound
	}
	return &store.EventCursor{Day: n, ID: id}, nil
}
