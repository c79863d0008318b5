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
	// event of the frame gives, of money one for each currency.
	Register []figure.TotalFigure
	// In are the events of the frame, newest first, a page of them; Next is where the
	// following page begins, empty on the last.
	In   []EventLine
	Next string
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

// framePage is how many events of a frame are listed at once.
const framePage = 200

// TotalPage reads the page of the total with a slug, or an old slug; after
// continues the list of events where an earlier page ended (its Next). It fails
// with [record.ErrNotFound] for a place to continue from that makes no sense.
func (h *House) TotalPage(ctx context.Context, v access.Viewer, slug, after string) (*TotalPage, error) {
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
		return p.register(ctx, h, r, v, after)
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

// register adds up what the record itself documents, whatever the number of events.
func (p *TotalPage) register(ctx context.Context, h *House, r *store.Reader, v access.Viewer, after string) error {
	filter, err := framed(p.Total.Frame)
	if err != nil {
		return err
	}
	all, err := h.summed(ctx, r, v, filter)
	if err != nil {
		return err
	}
	measures := []record.Measure{record.Killed, record.Injured}
	if _, paid := all.measures[record.Money]; paid {
		measures = append(measures, record.Money)
	}
	for _, a := range p.Aggregate {
		if !slices.Contains(measures, a.Measure) && a.Measure != record.Attacks {
			measures = append(measures, a.Measure)
		}
	}
	for _, m := range measures {
		for _, t := range all.of(m) {
			if m == record.Killed || m == record.Injured || t.Events > 0 {
				p.Register = append(p.Register, t)
			}
		}
	}
	cursor, err := parseAfter(after)
	if err != nil {
		return err
	}
	events, err := r.EventsInFrame(ctx, v, filter, cursor, framePage+1)
	if err != nil {
		return err
	}
	if len(events) > framePage {
		events = events[:framePage]
		p.Next = afterText(events[framePage-1].Rec)
	}
	p.In, err = eventLines(ctx, r, v, events)
	return err
}
