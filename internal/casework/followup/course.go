package followup

import (
	"cmp"
	"context"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

type eventItem = store.Item[*record.Event]

// responseDepth is how far answers to answers are followed: a negotiation answers a
// sit-in that answers an attack.
const responseDepth = 3

// maxAnswered bounds how many parts of an event, and events joined to them, answers are
// looked for.
const maxAnswered = 500

// answered returns an event with its parts, theirs, and the events that are shown on the
// pages of these: what answers one of them answers the whole.
func answered(ctx context.Context, r *store.Reader, v access.Viewer, id record.EventID) ([]record.EventID, error) {
	out := []record.EventID{id}
	for ask := out; len(ask) > 0 && len(out) < maxAnswered; {
		parts, err := r.Parts(ctx, v, ask...)
		if err != nil {
			return nil, err
		}
		joined, err := r.JoinedTo(ctx, v, ask...)
		if err != nil {
			return nil, err
		}
		ask = nil
		for _, e := range append(parts, joined...) {
			if !slices.Contains(out, e.Rec.ID) {
				out, ask = append(out, e.Rec.ID), append(ask, e.Rec.ID)
			}
		}
	}
	return out, nil
}

// responses returns the events in response to one or to a part of it, and to those, each
// once and in the order of time.
func responses(ctx context.Context, r *store.Reader, v access.Viewer, id record.EventID) ([]eventItem, error) {
	ask, err := answered(ctx, r, v, id)
	if err != nil {
		return nil, err
	}
	seen := map[record.EventID]bool{}
	for _, id := range ask {
		seen[id] = true
	}
	var out []eventItem
	for range responseDepth {
		var next []record.EventID
		for some := range slices.Chunk(ask, 200) {
			found, err := r.Responses(ctx, v, some...)
			if err != nil {
				return nil, err
			}
			for _, e := range found {
				if !seen[e.Rec.ID] {
					seen[e.Rec.ID] = true
					out, next = append(out, e), append(next, e.Rec.ID)
				}
			}
		}
		ask = next
	}
	slices.SortStableFunc(out, inTime)
	return out, nil
}

// inTime orders events by when they were, then by identifier.
func inTime(a, b eventItem) int {
	return cmp.Or(a.Rec.When.Date.Compare(b.Rec.When.Date), cmp.Compare(a.Rec.ID, b.Rec.ID))
}

// eventLine reads one event as lists show it.
func eventLine(ctx context.Context, r *store.Reader, v access.Viewer, e eventItem) (casework.EventLine, error) {
	lines, err := casework.EventLinesIn(ctx, r, v, []eventItem{e})
	if err != nil {
		return casework.EventLine{}, err
	}
	return lines[0], nil
}

// Course reads what came before and after an attack, by its slug, an old slug or its
// identifier.
func (d *Desk) Course(ctx context.Context, v access.Viewer, slug string) (*CoursePage, error) {
	p := &CoursePage{}
	err := d.view(ctx, func(r *store.Reader) error {
		e, err := bySlug[*record.Event](ctx, r, v, slug)
		if err != nil {
			return err
		}
		if p.Event, err = eventLine(ctx, r, v, e); err != nil {
			return err
		}
		if err := p.before(ctx, r, v, e.Rec); err != nil {
			return err
		}
		after, err := responses(ctx, r, v, e.Rec.ID)
		if err != nil {
			return err
		}
		lines, err := casework.EventLinesIn(ctx, r, v, after)
		if err != nil {
			return err
		}
		for _, l := range lines {
			p.After = append(p.After, CourseEvent{EventLine: l})
		}
		return d.followed(ctx, r, v, p, e.Rec)
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// before reads the warnings of an attack, with what was done about each, and what it
// was itself an answer to.
func (p *CoursePage) before(ctx context.Context, r *store.Reader, v access.Viewer, e *record.Event) error {
	warned, err := r.Warned(ctx, v, e.ID)
	if err != nil {
		return err
	}
	causes, err := store.Get[*record.Event](ctx, r, v, e.ResponseTo...)
	if err != nil {
		return err
	}
	all := warned
	for _, id := range e.ResponseTo {
		if c, ok := causes[id]; ok && !slices.ContainsFunc(warned, func(w eventItem) bool { return w.Rec.ID == id }) {
			all = append(all, c)
		}
	}
	lines, err := casework.EventLinesIn(ctx, r, v, all)
	if err != nil {
		return err
	}
	for _, l := range lines {
		c := CourseEvent{EventLine: l}
		for _, w := range l.Event.Warnings {
			if w.Attack == e.ID {
				c.Warning = append(c.Warning, w.Claims...)
			}
		}
		if c.Warning != nil {
			answers, err := r.Responses(ctx, v, l.Event.ID)
			if err != nil {
				return err
			}
			if c.Answered, err = casework.EventLinesIn(ctx, r, v, answers); err != nil {
				return err
			}
		}
		p.Before = append(p.Before, c)
	}
	slices.SortStableFunc(p.Before, func(a, b CourseEvent) int { return a.Event.When.Date.Compare(b.Event.When.Date) })
	return nil
}

// followed reads what was asked, promised and tried on account of an attack.
func (d *Desk) followed(ctx context.Context, r *store.Reader, v access.Viewer, p *CoursePage, e *record.Event) error {
	items, _, err := r.ProceedingsOf(ctx, v, string(e.ID), 0, 200, store.PartEvent)
	if err != nil {
		return err
	}
	if p.Proceedings, err = proceedingLines(ctx, r, v, items); err != nil {
		return err
	}
	demands, err := r.DemandsTied(ctx, v, string(e.ID), store.PartAttack)
	if err != nil {
		return err
	}
	commitments, err := r.CommitmentsTied(ctx, v, string(e.ID), store.PartAttack)
	if err != nil {
		return err
	}
	// What was asked and offered at the protests and negotiations belongs to it too.
	for _, a := range append([]CourseEvent{{EventLine: p.Event}}, p.After...) {
		of, err := r.DemandsOf(ctx, v, string(a.Event.ID))
		if err != nil {
			return err
		}
		demands = union(demands, of)
		in, err := r.CommitmentsTied(ctx, v, string(a.Event.ID), store.PartIn)
		if err != nil {
			return err
		}
		commitments = union(commitments, in)
	}
	if p.Demands, err = d.demandLines(ctx, r, v, demands); err != nil {
		return err
	}
	if p.Commitments, err = d.commitmentLines(ctx, r, v, commitments); err != nil {
		return err
	}
	var of []string
	var recs []record.Record
	for _, l := range p.Demands {
		of, recs = append(of, string(l.Demand.ID)), append(recs, l.Demand)
	}
	for _, l := range p.Commitments {
		of, recs = append(of, string(l.Commitment.ID)), append(recs, l.Commitment)
	}
	for _, l := range p.Proceedings {
		recs = append(recs, l.Proceeding)
	}
	for part := range slices.Chunk(of, 200) {
		judged, err := r.AssessmentsOf(ctx, v, part...)
		if err != nil {
			return err
		}
		for _, a := range judged {
			if a.Rec.Review.State == record.Accepted && !a.Rec.Happened.IsZero() {
				p.Done, recs = append(p.Done, a.Rec), append(recs, a.Rec)
			}
		}
	}
	slices.SortStableFunc(p.Done, func(a, b *record.Assessment) int { return a.Happened.Date.Compare(b.Happened.Date) })
	for _, c := range p.Before {
		recs = append(recs, c.Event)
	}
	p.Said, p.Links, err = mentionedBy(ctx, r, v, recs)
	return err
}

// union adds the records that are not there yet.
func union[T record.Record](a, b []store.Item[T]) []store.Item[T] {
	for _, it := range b {
		if !slices.ContainsFunc(a, func(o store.Item[T]) bool { return o.Rec.Ref() == it.Rec.Ref() }) {
			a = append(a, it)
		}
	}
	return a
}
