package casework

import (
	"context"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// TotalPage is what the page of a total shows: what the register documents for
// the frame, beside what sources say in all.
type TotalPage struct {
	Total *record.Total
	Level access.Level
	// Register holds the documented figure for each measure that a source or an
	// event of the frame gives.
	Register []figure.TotalFigure
	// In are the events of the frame that count, newest first.
	In []EventLine
	// Beyond says that the frame holds more events than were looked at one by one.
	// Those are counted as not assessed.
	Beyond bool
	// Aggregate are the sources' own numbers, one figure for each measure, read
	// only to tell who repeats whom.
	Aggregate []figure.Figure
	Said
}

// Totals lists the totals the viewer may see.
func (h *House) Totals(ctx context.Context, v access.Viewer) ([]*record.Total, error) {
	var out []*record.Total
	err := h.view(ctx, func(r *store.Reader) error {
		all, err := r.Totals(ctx, v)
		for _, t := range all {
			out = append(out, t.Rec)
		}
		return err
	})
	return out, err
}

// TotalPage reads the page of the total with a slug, or an old slug.
func (h *House) TotalPage(ctx context.Context, v access.Viewer, slug string) (*TotalPage, error) {
	p := &TotalPage{}
	err := h.view(ctx, func(r *store.Reader) error {
		item, err := findBySlug[*record.Total](ctx, r, v, slug)
		if err != nil {
			return err
		}
		p.Total, p.Level = item.Rec, item.Level
		claims, err := r.ClaimsAbout(ctx, v, string(item.Rec.ID))
		if err != nil {
			return err
		}
		if p.Said, err = saidOf(ctx, r, v, claims, frameRefs(item.Rec.Frame)...); err != nil {
			return err
		}
		if err := p.aggregate(ctx, r, claims); err != nil {
			return err
		}
		return p.register(ctx, r, v)
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

func frameRefs(f record.Frame) []record.Ref {
	var refs []record.Ref
	for _, id := range slices.Concat(f.Communities, f.Perpetrators, []record.PartyID{f.Authority}) {
		refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(id)})
	}
	return refs
}

// aggregate finds the origins behind the sources' sums. The rules leave sums out
// of figures of events; here they are the subject itself, so each is read as a
// number of its whole subject.
func (p *TotalPage) aggregate(ctx context.Context, r *store.Reader, claims []store.Item[*record.Claim]) error {
	all, err := said(ctx, r, claims)
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].Claim.Form == record.Aggregate {
			c := *all[i].Claim
			c.Form = record.Incident
			all[i].Claim = &c
		}
	}
	for _, m := range record.Measures() {
		for _, s := range figure.Scopes(m, all) {
			p.Aggregate = append(p.Aggregate, figure.Compute(figure.Default, m, s, all))
		}
	}
	return nil
}

// frameLimit is how many events of a frame are looked at one by one.
const frameLimit = 3000

// register adds up what the record itself documents.
func (p *TotalPage) register(ctx context.Context, r *store.Reader, v access.Viewer) error {
	f := p.Total.Frame
	filter, err := frameFilter(f)
	if err != nil {
		return err
	}
	events, err := r.Events(ctx, v, filter, nil, frameLimit+1)
	if err != nil {
		return err
	}
	if p.Beyond = len(events) > frameLimit; p.Beyond {
		events = events[:frameLimit]
	}
	ids := make([]record.EventID, len(events))
	keys := make([]string, len(events))
	for i, e := range events {
		ids[i], keys[i] = e.Rec.ID, string(e.Rec.ID)
	}
	blamed, err := blamed(ctx, r, v, f, ids)
	if err != nil {
		return err
	}
	kept, err := r.Figures(ctx, v, keys...)
	if err != nil {
		return err
	}
	measures := []record.Measure{record.Killed, record.Injured}
	for _, a := range p.Aggregate {
		if !slices.Contains(measures, a.Measure) && a.Measure != record.Attacks {
			measures = append(measures, a.Measure)
		}
	}
	var in []store.Item[*record.Event]
	for _, m := range measures {
		list := make([]figure.EventFigure, len(events))
		for i, e := range events {
			list[i] = figure.EventFigure{Event: e.Rec.ID, PartOf: e.Rec.PartOf, Figure: figure.Figure{Measure: m, Status: figure.None}}
			list[i].Assessed, list[i].In = assess(f, e.Rec, blamed)
			for _, k := range kept[keys[i]] {
				if k.Measure == m {
					list[i].Figure = fromRow(k)
				}
			}
			if m == record.Killed && list[i].In && list[i].Assessed {
				in = append(in, e)
			}
		}
		t := figure.Total(m, list)
		if m == record.Killed || m == record.Injured || t.Events > 0 {
			p.Register = append(p.Register, t)
		}
	}
	p.In, err = eventLines(ctx, r, v, in)
	return err
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
