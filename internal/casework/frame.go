package casework

import (
	"context"
	"slices"

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

// blamed returns who is said to have done each event, for a frame that asks.
func blamed(ctx context.Context, r *store.Reader, v access.Viewer, f record.Frame, events []record.EventID) (map[record.EventID][]*record.Involvement, error) {
	if len(f.Perpetrators) == 0 && f.Authority == "" {
		return nil, nil
	}
	involvements, err := r.InvolvementsIn(ctx, v, events...)
	if err != nil {
		return nil, err
	}
	out := map[record.EventID][]*record.Involvement{}
	for _, i := range involvements {
		out[i.Rec.Event] = append(out[i.Rec.Event], i.Rec)
	}
	return out, nil
}

// assess says whether somebody decided that an event belongs to a frame, and
// whether it does. Time, place and type are decided by the event itself; whom it
// struck and who did it only by an editor or a claim.
func assess(f record.Frame, e *record.Event, by map[record.EventID][]*record.Involvement) (assessed, in bool) {
	assessed, in = true, true
	if len(f.Communities) > 0 {
		if len(e.Struck) == 0 {
			return false, false
		}
		in = slices.ContainsFunc(e.Struck, func(s record.Struck) bool { return slices.Contains(f.Communities, s.Party) })
	}
	if len(f.Perpetrators) > 0 {
		named, match := false, false
		for _, i := range by[e.ID] {
			if i.Role == record.RolePerpetrator || i.Role == record.RoleClaimant || i.Role == record.RoleAccused {
				named = true
				match = match || slices.Contains(f.Perpetrators, i.Party)
			}
		}
		if !named {
			return false, false
		}
		in = in && match
	}
	if f.Authority != "" {
		if !slices.ContainsFunc(by[e.ID], func(i *record.Involvement) bool { return i.Party == f.Authority }) {
			return false, false
		}
	}
	return assessed, in
}
