package casework

import (
	"context"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// frameFilter is the part of a frame that events decide by themselves: time, place
// and type.
func frameFilter(f record.Frame) (store.EventFilter, error) {
	filter := store.EventFilter{Types: f.Types, Country: f.Country, Parts: true}
	switch f.Area {
	case record.AreaCity, record.AreaSite, record.AreaDistrict:
		filter.Town = names.Fold(f.Place)
	case record.AreaProvince:
		filter.Province = names.Fold(f.Place)
	default:
		if f.Place != "" && f.Area == "" {
			filter.Town = names.Fold(f.Place)
		}
	}
	if f.Period == "" {
		return filter, nil
	}
	d, err := edtf.Parse(f.Period)
	if err != nil {
		return filter, err
	}
	if first, ok := d.Earliest(); ok {
		n := int64(first)
		filter.From = &n
	}
	if last, ok := d.Latest(); ok {
		n := int64(last)
		filter.To = &n
	}
	return filter, nil
}

// FramedEvents are the events of a frame.
type FramedEvents struct {
	// In are those found to belong to it, newest first; events joined with another are left out.
	In []store.Item[*record.Event]
	// NotAssessed is how many may belong to it and nobody has decided; Beyond that there are
	// more than were looked at.
	NotAssessed int
	Beyond      bool
	// Killed are the kept figures of the killed, by event.
	Killed map[record.EventID]Kept
}

// FrameIn reads the events of a frame, of which it looks at no more than limit.
func FrameIn(ctx context.Context, r *store.Reader, v access.Viewer, f record.Frame, limit int) (FramedEvents, error) {
	out := FramedEvents{Killed: map[record.EventID]Kept{}}
	filter, err := frameFilter(f)
	if err != nil {
		return out, err
	}
	events, err := r.Events(ctx, v, filter, nil, limit+1)
	if err != nil {
		return out, err
	}
	if out.Beyond = len(events) > limit; out.Beyond {
		events = events[:limit]
	}
	ids := make([]record.EventID, len(events))
	keys := make([]string, len(events))
	for i, e := range events {
		ids[i], keys[i] = e.Rec.ID, string(e.Rec.ID)
	}
	by, err := blamed(ctx, r, v, f, ids)
	if err != nil {
		return out, err
	}
	for _, e := range events {
		switch assessed, in := assess(f, e.Rec, by); {
		case !assessed:
			out.NotAssessed++
		case in:
			out.In = append(out.In, e)
		}
	}
	kept, err := r.Figures(ctx, v, keys...)
	for id, rows := range kept {
		for _, row := range rows {
			if row.Measure == record.Killed {
				out.Killed[record.EventID(id)] = row
			}
		}
	}
	return out, err
}
