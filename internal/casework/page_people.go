package casework

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// perPage is how many records a page of people, parties or sources shows.
const perPage = 100

// ListPage is one page of records of a kind.
type ListPage[T record.Record] struct {
	Items []T
	// More says that a further page follows.
	More bool
}

func listPage[T record.Record](items []store.Item[T], err error) (ListPage[T], error) {
	p := ListPage[T]{More: len(items) > perPage}
	for _, i := range items[:min(len(items), perPage)] {
		p.Items = append(p.Items, i.Rec)
	}
	return p, err
}

// People reads a page of the people the record remembers, by name. Pages count
// from 0.
func (h *House) People(ctx context.Context, v access.Viewer, page int) (out ListPage[*record.Person], err error) {
	err = h.view(ctx, func(r *store.Reader) error {
		out, err = listPage(r.Persons(ctx, v, page*perPage, perPage+1))
		return err
	})
	return out, err
}

// PartyList reads a page of parties by name, of one kind or of all.
func (h *House) PartyList(ctx context.Context, v access.Viewer, kind record.PartyKind, page int) (out ListPage[*record.Party], err error) {
	err = h.view(ctx, func(r *store.Reader) error {
		out, err = listPage(r.Parties(ctx, v, kind, page*perPage, perPage+1))
		return err
	})
	return out, err
}

// SourceList reads a page of the house's own sources, newest first.
func (h *House) SourceList(ctx context.Context, v access.Viewer, page int) (out ListPage[*record.Source], err error) {
	err = h.view(ctx, func(r *store.Reader) error {
		out, err = listPage(r.Sources(ctx, v, page*perPage, perPage+1))
		return err
	})
	return out, err
}

// Tied is a tie seen from one of its ends.
type Tied struct {
	Tie *record.Tie
	// Other is the far end; Outgoing says that the tie leads there.
	Other    Link
	Outgoing bool
}

// Said gathers claims with what a page needs to show where each comes from.
type Said struct {
	Claims []*ClaimLine
	ByID   map[record.ClaimID]*ClaimLine
	Links  Links
	Held   map[record.SourceID]Holding
	// Accused is what stands beside the names of the accused in a claim, where a
	// page lists claims away from the events and people that would say it; nil where
	// nobody asked, for which there is [House.BesideAccused].
	Accused map[record.ClaimID][]Accusation
}

// saidOf joins claims with their sources, copies and the names they mention.
func saidOf(ctx context.Context, r *store.Reader, v access.Viewer, claims []store.Item[*record.Claim], also ...record.Ref) (Said, error) {
	out := Said{ByID: map[record.ClaimID]*ClaimLine{}}
	var ids []record.SourceID
	refs := also
	for _, c := range claims {
		if !slices.Contains(ids, c.Rec.Source) {
			ids = append(ids, c.Rec.Source)
		}
		refs = append(refs, pointsAt(c.Rec)...)
	}
	sources, err := store.Get[*record.Source](ctx, r, v, ids...)
	if err != nil {
		return out, err
	}
	copies, held, err := copiesOf(ctx, r, v, nil, ids...)
	if err != nil {
		return out, err
	}
	out.Held = held
	for _, c := range claims {
		if _, ok := out.ByID[c.Rec.ID]; ok {
			continue
		}
		line := &ClaimLine{Claim: c.Rec, Level: c.Level, Entry: c.Entry, Rev: c.Rev, Source: sources[c.Rec.Source].Rec, Capture: copies[c.Rec.Passage.Capture]}
		if line.Source != nil && line.Source.Outlet != "" {
			refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(line.Source.Outlet)})
		}
		out.Claims = append(out.Claims, line)
		out.ByID[c.Rec.ID] = line
	}
	slices.SortStableFunc(out.Claims, func(a, b *ClaimLine) int {
		return a.Claim.AsOf.Date.Compare(b.Claim.AsOf.Date)
	})
	out.Links, err = links(ctx, r, v, refs)
	return out, err
}

// PersonPage is what the page of a person shows. Who agreed to it and who is kin
// to whom is not in it.
type PersonPage struct {
	Person   *record.Person
	Level    access.Level
	Involved []Involved
	Ties     []Tied
	Said
}

// PersonPage reads the page of the person with a slug, or an old slug.
func (h *House) PersonPage(ctx context.Context, v access.Viewer, slug string) (*PersonPage, error) {
	p := &PersonPage{}
	err := h.view(ctx, func(r *store.Reader) error {
		item, err := findBySlug[*record.Person](ctx, r, v, slug)
		if err != nil {
			return err
		}
		p.Person, p.Level = item.Rec, item.Level
		p.Involved, p.Ties, p.Said, err = around(ctx, r, v, item.Rec.Ref(), 0)
		return err
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// PartyPage is what the page of a party shows.
type PartyPage struct {
	Party    *record.Party
	Level    access.Level
	Involved []Involved
	Ties     []Tied
	// Struck are events recorded as having struck it, newest first, at most
	// struckShown.
	Struck []EventLine
	// Successor took over from it.
	Successor *Link
	Said
}

// struckShown is how many events a community's page lists; the list of events
// has the rest.
const struckShown = 30

// pointing is how many claims naming a party its page shows.
const pointing = 100

// PartyPage reads the page of the party with a slug, or an old slug.
func (h *House) PartyPage(ctx context.Context, v access.Viewer, slug string) (*PartyPage, error) {
	p := &PartyPage{}
	err := h.view(ctx, func(r *store.Reader) error {
		item, err := findBySlug[*record.Party](ctx, r, v, slug)
		if err != nil {
			return err
		}
		p.Party, p.Level = item.Rec, item.Level
		if p.Involved, p.Ties, p.Said, err = around(ctx, r, v, item.Rec.Ref(), pointing); err != nil {
			return err
		}
		struck, err := r.Events(ctx, v, store.EventFilter{Struck: item.Rec.ID}, nil, struckShown)
		if err != nil {
			return err
		}
		if p.Struck, err = eventLines(ctx, r, v, struck); err != nil {
			return err
		}
		if item.Rec.Successor != "" {
			ref := record.Ref{Kind: record.KindParty, ID: string(item.Rec.Successor)}
			names, err := links(ctx, r, v, []record.Ref{ref})
			if err != nil {
				return err
			}
			if l, ok := names[ref]; ok {
				p.Successor = &l
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// around reads what the record holds about a person or party: the events it had
// a part in, its ties, and the claims about it, on its ties or naming it.
func around(ctx context.Context, r *store.Reader, v access.Viewer, ref record.Ref, naming int) ([]Involved, []Tied, Said, error) {
	involvements, err := r.InvolvementsOf(ctx, v, ref)
	if err != nil {
		return nil, nil, Said{}, err
	}
	ids := make([]record.EventID, 0, len(involvements))
	for _, i := range involvements {
		ids = append(ids, i.Rec.Event)
	}
	events, err := store.Get[*record.Event](ctx, r, v, ids...)
	if err != nil {
		return nil, nil, Said{}, err
	}
	var items []store.Item[*record.Event]
	for _, e := range events {
		items = append(items, e)
	}
	lines, err := eventLines(ctx, r, v, items)
	if err != nil {
		return nil, nil, Said{}, err
	}
	byID := map[record.EventID]EventLine{}
	for _, l := range lines {
		byID[l.Event.ID] = l
	}
	var in []Involved
	for _, i := range involvements {
		if e, ok := byID[i.Rec.Event]; ok {
			in = append(in, Involved{Involvement: i.Rec, Event: e})
		}
	}
	slices.SortStableFunc(in, func(a, b Involved) int {
		return cmp.Or(b.Event.Event.When.Date.Compare(a.Event.Event.When.Date), cmp.Compare(a.Involvement.ID, b.Involvement.ID))
	})

	ties, err := r.TiesOf(ctx, v, ref.ID)
	if err != nil {
		return nil, nil, Said{}, err
	}
	about := []string{ref.ID}
	var refs []record.Ref
	for _, t := range ties {
		about = append(about, string(t.Rec.ID))
		refs = append(refs, t.Rec.From, t.Rec.To)
	}
	claims, err := r.ClaimsAbout(ctx, v, about...)
	if err != nil {
		return nil, nil, Said{}, err
	}
	if naming > 0 {
		more, err := r.ClaimsPointingAt(ctx, v, ref.ID, naming)
		if err != nil {
			return nil, nil, Said{}, err
		}
		claims = append(claims, more...)
	}
	said, err := saidOf(ctx, r, v, claims, refs...)
	if err != nil {
		return nil, nil, Said{}, err
	}
	var tied []Tied
	for _, t := range ties {
		other, out := t.Rec.To, true
		if other == ref {
			other, out = t.Rec.From, false
		}
		if l, ok := said.Links[other]; ok {
			tied = append(tied, Tied{Tie: t.Rec, Other: l, Outgoing: out})
		}
	}
	return in, tied, said, nil
}

// SourcePage is what the page of a source shows.
type SourcePage struct {
	Source   *record.Source
	Level    access.Level
	Captures []*record.Capture
	// HeldInside says that there is a copy, but none that the viewer may read.
	HeldInside bool
	// Within is the source that this one is printed in; Reproduced those printed
	// in this one; From those it says it took its facts from.
	Within           *Link
	Reproduced, From []Link
	// Cut says that the source makes more claims than are listed.
	Cut bool
	Said
}

// sourceClaims is how many claims a source's page lists.
const sourceClaims = 300

// SourcePage reads the page of a source.
func (h *House) SourcePage(ctx context.Context, v access.Viewer, id record.SourceID) (*SourcePage, error) {
	p := &SourcePage{}
	err := h.view(ctx, func(r *store.Reader) error {
		item, err := store.One[*record.Source](ctx, r, v, id)
		if err != nil {
			return err
		}
		p.Source, p.Level = item.Rec, item.Level
		copies, held, err := copiesOf(ctx, r, v, nil, id)
		if err != nil {
			return err
		}
		for _, id := range slices.Sorted(maps.Keys(copies)) {
			p.Captures = append(p.Captures, copies[id])
		}
		p.HeldInside = held[id] == HeldInside
		claims, err := r.ClaimsOf(ctx, v, id, sourceClaims+1)
		if err != nil {
			return err
		}
		if p.Cut = len(claims) > sourceClaims; p.Cut {
			claims = claims[:sourceClaims]
		}
		within := record.Ref{Kind: record.KindSource, ID: string(item.Rec.ReproducedIn)}
		refs := []record.Ref{within, {Kind: record.KindParty, ID: string(item.Rec.Outlet)}}
		for _, f := range item.Rec.DerivedFrom {
			refs = append(refs, record.Ref{Kind: record.KindSource, ID: string(f)})
		}
		if p.Said, err = saidOf(ctx, r, v, claims, refs...); err != nil {
			return err
		}
		if p.Accused, err = besideAccused(ctx, r, v, p.Claims); err != nil {
			return err
		}
		if l, ok := p.Links[within]; ok {
			p.Within = &l
		}
		for _, f := range item.Rec.DerivedFrom {
			if l, ok := p.Links[record.Ref{Kind: record.KindSource, ID: string(f)}]; ok {
				p.From = append(p.From, l)
			}
		}
		inside, err := r.SourcesWithin(ctx, v, id, 200)
		for _, s := range inside {
			p.Reproduced = append(p.Reproduced, linkTo(s.Rec))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}
