package followup

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// Wave reads the protests in response to an event or to a part of it, by its slug, an old
// slug or its identifier. Gatherings that are planned are there for those who may know of them.
func (d *Desk) Wave(ctx context.Context, v access.Viewer, slug string) (*WavePage, error) {
	p := &WavePage{Rule: CrowdRule}
	err := d.view(ctx, func(r *store.Reader) error {
		e, err := bySlug[*record.Event](ctx, r, v, slug)
		if err != nil {
			return err
		}
		if p.Event, err = eventLine(ctx, r, v, e); err != nil {
			return err
		}
		all, err := responses(ctx, r, v, e.Rec.ID)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(x eventItem) bool { return !gathering(x.Rec) })
		all, alike, err := onePage(ctx, r, v, all)
		if err != nil {
			return err
		}
		lines, err := casework.EventLinesIn(ctx, r, v, all)
		if err != nil {
			return err
		}
		var said []record.ClaimID
		var refs []record.Ref
		if p.Protests, err = waveLines(ctx, r, v, lines, alike); err != nil {
			return err
		}
		for _, w := range p.Protests {
			if w.Participants != nil {
				said = append(said, w.Participants.Claims...)
			}
			if w.Ended != nil {
				said = append(said, w.Ended.ID)
			}
			for _, m := range w.Demands {
				refs = append(refs, m.Ref())
			}
			for _, m := range w.Offers {
				refs = append(refs, m.Ref())
			}
		}
		p.count()
		if p.Said, err = casework.SaidIn(ctx, r, v, said, refs...); err != nil {
			return err
		}
		p.Links = p.Said.Links
		return nil
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// gathering reports whether people came together in protest, or meant to.
func gathering(e *record.Event) bool {
	return e.Type == record.TypeProtest || e.Type == record.TypeSitIn || e.Type == record.TypeBurial
}

// onePage leaves one of the gatherings that share a page, as a dataset's row does with the
// event that it was joined to: the one whose page it is, if the viewer sees it. It returns
// the others by that one, those too that answer nothing themselves.
func onePage(ctx context.Context, r *store.Reader, v access.Viewer, all []eventItem) ([]eventItem, map[record.EventID][]record.EventID, error) {
	kept := map[record.EventID]record.EventID{} // by root
	alike := map[record.EventID][]record.EventID{}
	var out []eventItem
	var roots []record.EventID
	for _, e := range all {
		root, err := r.Root(ctx, e.Rec.ID)
		if err != nil {
			return nil, nil, err
		}
		if one, ok := kept[root]; ok {
			if one != e.Rec.ID {
				alike[one] = append(alike[one], e.Rec.ID)
			}
			continue
		}
		if root != e.Rec.ID {
			shown, err := store.Get[*record.Event](ctx, r, v, root)
			if err != nil {
				return nil, nil, err
			}
			if whole, ok := shown[root]; ok {
				alike[root] = append(alike[root], e.Rec.ID)
				e = whole
			}
		}
		kept[root] = e.Rec.ID
		out, roots = append(out, e), append(roots, e.Rec.ID)
	}
	more, err := r.JoinedTo(ctx, v, roots...)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range more {
		root, err := r.Root(ctx, e.Rec.ID)
		if err != nil {
			return nil, nil, err
		}
		if one := kept[root]; one != e.Rec.ID && !slices.Contains(alike[one], e.Rec.ID) {
			alike[one] = append(alike[one], e.Rec.ID)
		}
	}
	slices.SortStableFunc(out, inTime)
	return out, alike, nil
}

// waveLines reads what is known of gatherings, each under all identifiers that share its
// page. Everything is asked for once for all of them: one after the other, a wave of fifty
// took two hundred questions.
func waveLines(ctx context.Context, r *store.Reader, v access.Viewer, lines []casework.EventLine, alike map[record.EventID][]record.EventID) ([]WaveLine, error) {
	at := make([][]record.EventID, len(lines))
	var all []record.EventID
	for i, l := range lines {
		at[i] = append([]record.EventID{l.Event.ID}, alike[l.Event.ID]...)
		all = append(all, at[i]...)
	}
	subjects := make([]string, len(all))
	for i, id := range all {
		subjects[i] = string(id)
	}
	items, err := r.ClaimsAbout(ctx, v, subjects...)
	if err != nil {
		return nil, err
	}
	claims := map[string][]*record.Claim{}
	for _, it := range items {
		claims[it.Rec.Subject.ID] = append(claims[it.Rec.Subject.ID], it.Rec)
	}
	asked, err := r.DemandsOf(ctx, v, subjects...)
	if err != nil {
		return nil, err
	}
	demands := map[string][]*record.Demand{}
	for _, it := range asked {
		demands[it.Rec.Of.ID] = append(demands[it.Rec.Of.ID], it.Rec)
	}
	answers, err := r.Responses(ctx, v, all...)
	if err != nil {
		return nil, err
	}
	talks := map[record.EventID][]record.EventID{}
	for _, t := range answers {
		all = append(all, t.Rec.ID)
		for _, cause := range t.Rec.ResponseTo {
			talks[cause] = append(talks[cause], t.Rec.ID)
		}
	}
	slices.Sort(all)
	made, err := r.CommitmentsIn(ctx, v, slices.Compact(all)...)
	if err != nil {
		return nil, err
	}
	offers := map[record.EventID][]*record.Commitment{}
	for _, it := range made {
		offers[it.Rec.In] = append(offers[it.Rec.In], it.Rec)
	}

	out := make([]WaveLine, len(lines))
	for i, l := range lines {
		w := WaveLine{EventLine: l, Days: lasted(l.Event.When.Date)}
		var said []*record.Claim
		for _, id := range at[i] {
			said = append(said, claims[string(id)]...)
			w.Demands = append(w.Demands, demands[string(id)]...)
		}
		w.told(said)
		// Offers are made at the protest, or in negotiations in response to it.
		places := slices.Clone(at[i])
		for _, id := range at[i] {
			places = append(places, talks[id]...)
		}
		for _, id := range places {
			for _, o := range offers[id] {
				if !slices.Contains(w.Offers, o) {
					w.Offers = append(w.Offers, o)
				}
			}
		}
		out[i] = w
	}
	return out, nil
}

// told fills what claims say of how many came and how it ended.
func (w *WaveLine) told(claims []*record.Claim) {
	slices.SortFunc(claims, func(a, b *record.Claim) int { return cmp.Compare(a.ID, b.ID) })
	for _, c := range claims {
		if c.Attribute == record.AttrOutcome && c.Review.State.Counts() && (w.Ended == nil || w.Ended.AsOf.Date.Compare(c.AsOf.Date) < 0) {
			w.Ended = c
		}
	}
	slices.SortFunc(claims, func(a, b *record.Claim) int {
		return cmp.Or(a.AsOf.Date.Compare(b.AsOf.Date), cmp.Compare(a.ID, b.ID))
	})
	w.Participants = crowd(claims)
}

// lasted is how many days a date spans, 0 where either end is not known.
func lasted(d edtf.Date) int {
	if d.IsZero() || d.Precision() == edtf.PrecisionMonth || d.Precision() == edtf.PrecisionYear {
		return 0
	}
	first, ok := d.Earliest()
	last, bounded := d.Latest()
	if !ok || !bounded {
		return 0
	}
	return int(last-first) + 1
}

// count adds up the wave. A protest without a number adds nothing and is counted
// apart; one that another holds which has a number is in that number.
func (p *WavePage) count() {
	p.nest()
	towns, countries := map[string]bool{}, map[string]bool{}
	for _, w := range p.Protests {
		if w.Event.Status == record.Cancelled {
			continue
		}
		if town := names.Fold(w.Event.Where.Town); town != "" {
			towns[w.Event.Where.Country+" "+town] = true
		}
		if c := w.Event.Where.Country; c != "" {
			countries[c] = true
		}
		if w.In != "" || w.Parted {
			continue
		}
		if w.Participants == nil {
			p.Uncounted++
			continue
		}
		p.Low += w.Participants.Low
		p.High += w.Participants.High
		p.HighOpen = p.HighOpen || w.Participants.HighOpen
	}
	p.Towns, p.Countries = len(towns), len(countries)
}

// Anniversaries lists the house's own attacks whose day comes round within so
// many days, the nearest first. That of 29 February is on the 28th in other years.
func (d *Desk) Anniversaries(ctx context.Context, v access.Viewer, days, limit int) (out []Anniversary, err error) {
	today := d.now().UTC().Truncate(24 * time.Hour)
	err = d.view(ctx, func(r *store.Reader) error {
		dated, err := r.DatedAttacks(ctx, v)
		if err != nil {
			return err
		}
		next := map[record.EventID]Anniversary{}
		var ids []record.EventID
		for _, a := range dated {
			y, m, n := edtf.Day(a.Day).Civil()
			on := comesRound(today, m, n)
			in := int(on.Sub(today) / (24 * time.Hour))
			if in > days || on.Year() <= y {
				continue
			}
			next[a.Event] = Anniversary{On: on.Format(time.DateOnly), Years: on.Year() - y, Days: in}
			ids = append(ids, a.Event)
		}
		slices.SortStableFunc(ids, func(a, b record.EventID) int {
			return cmp.Or(cmp.Compare(next[a].Days, next[b].Days), cmp.Compare(next[b].Years, next[a].Years), cmp.Compare(a, b))
		})
		ids = page(ids, 0, limit)
		events, err := store.Get[*record.Event](ctx, r, v, ids...)
		if err != nil {
			return err
		}
		var items []eventItem
		for _, id := range ids {
			if e, ok := events[id]; ok {
				items = append(items, e)
			}
		}
		lines, err := casework.EventLinesIn(ctx, r, v, items)
		if err != nil {
			return err
		}
		for _, l := range lines {
			a := next[l.Event.ID]
			a.Event = l
			out = append(out, a)
		}
		return nil
	})
	return out, err
}

// comesRound is the next time a day of the year is, today included.
func comesRound(today time.Time, month, day int) time.Time {
	for year := today.Year(); ; year++ {
		on := time.Date(year, time.Month(month), min(day, edtf.DaysInMonth(year, month)), 0, 0, 0, 0, time.UTC)
		if !on.Before(today) {
			return on
		}
	}
}
