package casework

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// ClaimLine is a claim with what a page needs to show where it comes from.
type ClaimLine struct {
	Claim  *record.Claim
	Level  access.Level
	Entry  int64
	Rev    int
	Source *record.Source // nil where the viewer may not see it
	// Capture is the preserved copy that the passage is in, nil when none is held
	// or the viewer may not see it.
	Capture *record.Capture
}

// Involved is somebody's part in an event.
type Involved struct {
	Involvement *record.Involvement
	// Who is empty for an unnamed group.
	Who   Link
	Event EventLine // set on pages of persons and parties
}

// PartPage is a part of an event beside the whole.
type PartPage struct {
	EventLine
	Figures []Kept
}

// EventPage is everything the page of an event shows.
type EventPage struct {
	Event store.Item[*record.Event]
	// Root is set when the event is shown on another one's page.
	Root *Link
	// Joined are the events of datasets that an editor found to be this one.
	Joined []*record.Event

	EventFigures
	// ByID holds the claims, Order lists them by identifier.
	ByID  map[record.ClaimID]*ClaimLine
	Order []*ClaimLine

	Parts []PartPage
	// Wholes puts the event's own figures beside the sums of its parts'.
	Wholes map[record.Measure]figure.Whole
	PartOf *Link

	Causes, Responses []EventLine
	Involved          []Involved
	Links             Links
	// Held tells of which sources a copy is preserved.
	Held map[record.SourceID]Holding
	// Entry is the last journal entry that the figures rest on: what they are
	// fixed to when cited.
	Entry int64
	// Stamp is the same as long as everything above is: a page made from one read
	// serves for the next with its stamp, whatever else was written meanwhile.
	Stamp string
}

// EventPage reads the page of the event with a slug, or an old slug, under a
// rule. The slug of what it returns is the present one.
func (h *House) EventPage(ctx context.Context, v access.Viewer, slug string, rule figure.Rule) (*EventPage, error) {
	p := &EventPage{}
	err := h.view(ctx, func(r *store.Reader) error {
		var err error
		if p.Event, err = findBySlug[*record.Event](ctx, r, v, slug); err != nil {
			return err
		}
		return p.read(ctx, r, v, rule)
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// findBySlug takes an identifier too, which is what records link by.
func findBySlug[T record.Record](ctx context.Context, r *store.Reader, v access.Viewer, name string) (store.Item[T], error) {
	if record.ValidID(name) {
		return store.One[T](ctx, r, v, name)
	}
	return store.BySlug[T](ctx, r, v, name)
}

func (p *EventPage) read(ctx context.Context, r *store.Reader, v access.Viewer, rule figure.Rule) error {
	e := p.Event.Rec
	c, err := clusterOf(ctx, r, e.ID)
	if err != nil {
		return err
	}
	if c.root != e.ID {
		root, err := store.One[*record.Event](ctx, r, v, c.root)
		if err == nil {
			l := linkTo(root.Rec)
			p.Root = &l
			return nil
		}
		if !errors.Is(err, record.ErrNotFound) {
			return err
		}
		// The viewer may not know of the other event: this one stands alone.
		c = cluster{root: e.ID, all: []record.EventID{e.ID}}
	}
	var joined []store.Item[*record.Event]
	if len(c.all) > 1 {
		if joined, err = r.JoinedTo(ctx, v, e.ID); err != nil {
			return err
		}
	}
	for _, j := range joined {
		p.Joined = append(p.Joined, j.Rec)
	}
	if p.EventFigures, err = figuresOf(ctx, r, v, c, rule); err != nil {
		return err
	}
	if p.Entry, err = citedAt(ctx, r, v, c, &p.EventFigures); err != nil {
		return err
	}
	sum := &stamp{h: sha256.New()}
	sum.item(e.Ref(), p.Event.Entry, p.Event.Level)
	// Of the sources no more is needed: a change to one of them is a later entry.
	sum.number(p.Entry)
	for _, j := range joined {
		sum.item(j.Rec.Ref(), j.Entry, j.Level)
	}
	if err := p.lines(ctx, r, v, sum); err != nil {
		return err
	}
	if err := p.relations(ctx, r, v, c, sum); err != nil {
		return err
	}
	p.Stamp = sum.String()
	return nil
}

// lines joins the claims with their sources and copies.
func (p *EventPage) lines(ctx context.Context, r *store.Reader, v access.Viewer, sum *stamp) error {
	var sources []record.SourceID
	for id, s := range p.Sources {
		if s != nil {
			sources = append(sources, id)
		}
	}
	slices.Sort(sources)
	byID, held, err := copiesOf(ctx, r, v, sum, sources...)
	if err != nil {
		return err
	}
	p.Held = held
	p.ByID = make(map[record.ClaimID]*ClaimLine, len(p.EventFigures.Claims))
	for _, k := range p.EventFigures.Claims {
		line := &ClaimLine{Claim: k.Rec, Level: k.Level, Entry: k.Entry, Rev: k.Rev, Source: p.Sources[k.Rec.Source], Capture: byID[k.Rec.Passage.Capture]}
		p.ByID[k.Rec.ID] = line
		p.Order = append(p.Order, line)
		sum.item(k.Rec.Ref(), k.Entry, k.Level)
	}
	return nil
}

// relations reads what stands around the event: parts, wholes, causes, responses,
// and who had a part in it.
func (p *EventPage) relations(ctx context.Context, r *store.Reader, v access.Viewer, c cluster, sum *stamp) error {
	e := p.Event.Rec
	parts, err := r.Parts(ctx, v, c.all...)
	if err != nil {
		return err
	}
	if err := p.parts(ctx, r, v, parts); err != nil {
		return err
	}
	responses, err := r.Responses(ctx, v, c.all...)
	if err != nil {
		return err
	}
	if p.Responses, err = eventLines(ctx, r, v, responses); err != nil {
		return err
	}
	causes, err := store.Get[*record.Event](ctx, r, v, e.ResponseTo...)
	if err != nil {
		return err
	}
	var before []store.Item[*record.Event]
	for _, id := range e.ResponseTo {
		if k, ok := causes[id]; ok {
			before = append(before, k)
		}
	}
	if p.Causes, err = eventLines(ctx, r, v, before); err != nil {
		return err
	}
	involvements, err := r.InvolvementsIn(ctx, v, c.all...)
	if err != nil {
		return err
	}
	var refs []record.Ref
	for _, i := range involvements {
		refs = append(refs, whoOf(i.Rec))
	}
	for _, line := range p.Order {
		for _, ref := range pointsAt(line.Claim) {
			if ref != e.Ref() { // most are about the event itself, which is read
				refs = append(refs, ref)
			}
		}
		if line.Source != nil && line.Source.Outlet != "" {
			refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(line.Source.Outlet)})
		}
	}
	for _, s := range e.Struck {
		refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(s.Party)})
	}
	if e.PartOf != "" {
		refs = append(refs, record.Ref{Kind: record.KindEvent, ID: string(e.PartOf)})
	}
	if p.Links, err = links(ctx, r, v, refs); err != nil {
		return err
	}
	p.Links[e.Ref()] = linkTo(e)
	if l, ok := p.Links[record.Ref{Kind: record.KindEvent, ID: string(e.PartOf)}]; ok && e.PartOf != "" {
		p.PartOf = &l
	}
	for _, i := range involvements {
		sum.item(i.Rec.Ref(), i.Entry, i.Level)
	}
	for _, list := range [][]EventLine{p.Causes, p.Responses} {
		for _, k := range list {
			sum.line(k)
		}
	}
	for _, k := range p.Parts {
		sum.line(k.EventLine)
		for i := range k.Figures {
			sum.kept(&k.Figures[i])
		}
	}
	sum.links(p.Links)
	for _, i := range involvements {
		p.Involved = append(p.Involved, Involved{Involvement: i.Rec, Who: p.Links[whoOf(i.Rec)]})
	}
	return nil
}

func whoOf(i *record.Involvement) record.Ref {
	switch {
	case i.Person != "":
		return record.Ref{Kind: record.KindPerson, ID: string(i.Person)}
	case i.Party != "":
		return record.Ref{Kind: record.KindParty, ID: string(i.Party)}
	}
	return record.Ref{}
}

// parts puts the kept figures of the parts beside the event's own.
func (p *EventPage) parts(ctx context.Context, r *store.Reader, v access.Viewer, parts []store.Item[*record.Event]) error {
	if len(parts) == 0 {
		return nil
	}
	ids := make([]string, len(parts))
	for i, k := range parts {
		ids[i] = string(k.Rec.ID)
	}
	lines, err := eventLines(ctx, r, v, parts)
	if err != nil {
		return err
	}
	kept, err := r.Figures(ctx, v, ids...)
	if err != nil {
		return err
	}
	for i, line := range lines {
		p.Parts = append(p.Parts, PartPage{EventLine: line, Figures: kept[ids[i]]})
	}
	p.Wholes = map[record.Measure]figure.Whole{}
	for _, m := range []record.Measure{record.Killed, record.Injured} {
		own := figure.Figure{Measure: m, Status: figure.None}
		for _, f := range p.Figures {
			if f.Measure == m {
				own = f
			}
		}
		figures := make([]figure.Figure, len(parts))
		for i, id := range ids {
			figures[i] = figure.Figure{Measure: m, Status: figure.None}
			for _, k := range kept[id] {
				if k.Measure == m {
					figures[i] = fromRow(k)
				}
			}
		}
		p.Wholes[m] = figure.Parts(own, figures)
	}
	return nil
}
