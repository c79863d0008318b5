package casework

import (
	"context"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// SearchHit is one result. Exactly one of the pointers is set.
type SearchHit struct {
	Ref    record.Ref
	Event  *EventLine
	Person *record.Person
	Party  *record.Party
	Total  *record.Total
	Source *record.Source
	Claim  *ClaimLine
	// Petition names the petition in whose text, or under which as an organisation,
	// the words stand; Organisation is that organisation.
	Petition     *Link
	Organisation record.Text
	// Followed names a demand, a commitment or a proceeding.
	Followed *Link
	// Subject is what a claim is about.
	Subject Link
	// Unnamed says that the words of the result name somebody accused, whose answer
	// cannot stand beside them here: it is shown without them.
	Unnamed bool
}

// SearchPage is one page of results, events first and claims last.
type SearchPage struct {
	Hits []SearchHit
	// Total counts the matches, at most 1,001: more is "over 1,000".
	Total int
	// Links names what claims mention.
	Links Links
	// Asked says that something was left of the words after folding.
	Asked bool
}

// ofPetitions are the kinds of record that a petition is found by: itself, what
// was published of it, and the organisations under it.
var ofPetitions = []record.Kind{record.KindPetition, record.KindEdition, record.KindEndorsement}

// Searched lists the kinds that search finds, in the order of results.
func Searched() []record.Kind {
	return []record.Kind{
		record.KindPetition, record.KindEvent, record.KindPerson, record.KindParty, record.KindTotal, record.KindSource, record.KindClaim,
		record.KindDemand, record.KindCommitment, record.KindProceeding,
	}
}

// SearchPage finds the records that hold all the words, in any script and
// spelling that folds to the same. kinds restricts; offset and limit are for
// pages.
func (h *House) SearchPage(ctx context.Context, v access.Viewer, words string, kinds []record.Kind, offset, limit int) (SearchPage, error) {
	var out SearchPage
	tokens := askedOf(words)
	if len(tokens) == 0 {
		return out, nil
	}
	out.Asked = true
	if slices.Contains(kinds, record.KindPetition) {
		kinds = append(slices.Clone(kinds), ofPetitions[1:]...)
	}
	err := h.view(ctx, func(r *store.Reader) error {
		hits, total, err := r.Search(ctx, v, tokens, kinds, offset, limit)
		if err != nil {
			return err
		}
		out.Total = total
		return out.fill(ctx, r, v, hits)
	})
	return out, err
}

func (p *SearchPage) fill(ctx context.Context, r *store.Reader, v access.Viewer, hits []store.Hit) error {
	ids := map[record.Kind][]string{}
	for _, h := range hits {
		ids[h.Ref.Kind] = append(ids[h.Ref.Kind], h.Ref.ID)
	}
	events, err := store.Get[*record.Event](ctx, r, v, ids[record.KindEvent]...)
	if err != nil {
		return err
	}
	var items []store.Item[*record.Event]
	for _, id := range ids[record.KindEvent] {
		if e, ok := events[id]; ok {
			items = append(items, e)
		}
	}
	lines, err := eventLines(ctx, r, v, items)
	if err != nil {
		return err
	}
	byID := map[string]*EventLine{}
	for i := range lines {
		byID[string(lines[i].Event.ID)] = &lines[i]
	}
	persons, err := store.Get[*record.Person](ctx, r, v, ids[record.KindPerson]...)
	if err != nil {
		return err
	}
	parties, err := store.Get[*record.Party](ctx, r, v, ids[record.KindParty]...)
	if err != nil {
		return err
	}
	totals, err := store.Get[*record.Total](ctx, r, v, ids[record.KindTotal]...)
	if err != nil {
		return err
	}
	sources, err := store.Get[*record.Source](ctx, r, v, ids[record.KindSource]...)
	if err != nil {
		return err
	}
	claims, err := store.Get[*record.Claim](ctx, r, v, ids[record.KindClaim]...)
	if err != nil {
		return err
	}
	var list []store.Item[*record.Claim]
	for _, id := range ids[record.KindClaim] {
		if c, ok := claims[id]; ok {
			list = append(list, c)
		}
	}
	petitions, named, err := petitionsFound(ctx, r, v, ids)
	if err != nil {
		return err
	}
	said, err := saidOf(ctx, r, v, list)
	if err != nil {
		return err
	}
	p.Links = said.Links
	var found []record.EventID
	for _, id := range ids[record.KindEvent] {
		found = append(found, record.EventID(id))
	}
	accused, err := accusedAround(ctx, r, v, list, found...)
	if err != nil {
		return err
	}
	var refs []record.Ref
	for _, kind := range []record.Kind{record.KindDemand, record.KindCommitment, record.KindProceeding} {
		for _, id := range ids[kind] {
			refs = append(refs, record.Ref{Kind: kind, ID: id})
		}
	}
	followed, err := links(ctx, r, v, refs)
	if err != nil {
		return err
	}
	shown := map[record.Ref]bool{}
	for _, h := range hits {
		hit := SearchHit{Ref: h.Ref}
		switch h.Ref.Kind {
		case record.KindPetition, record.KindEdition, record.KindEndorsement:
			link, ok := petitions[h.Ref]
			if !ok || shown[link.Ref] {
				continue
			}
			// A petition is one result, however many of its editions hold the words.
			shown[link.Ref] = true
			hit.Ref, hit.Petition, hit.Organisation = link.Ref, &link, named[h.Ref]
		case record.KindDemand, record.KindCommitment, record.KindProceeding:
			if link, ok := followed[h.Ref]; ok {
				hit.Followed = &link
			}
		case record.KindEvent:
			if hit.Event = byID[h.Ref.ID]; hit.Event != nil {
				hit.Unnamed = accused.names(hit.Event.Event.Summary)
			}
		case record.KindPerson:
			hit.Person = persons[h.Ref.ID].Rec
		case record.KindParty:
			hit.Party = parties[h.Ref.ID].Rec
		case record.KindTotal:
			hit.Total = totals[h.Ref.ID].Rec
		case record.KindSource:
			hit.Source = sources[h.Ref.ID].Rec
		case record.KindClaim:
			if hit.Claim = said.ByID[record.ClaimID(h.Ref.ID)]; hit.Claim != nil {
				hit.Subject = said.Links[hit.Claim.Claim.Subject]
				if hit.Unnamed = len(accused.claimed(hit.Claim.Claim)) > 0; hit.Unnamed && hit.Subject.Ref.Kind == record.KindPerson {
					hit.Subject = Link{Title: inAll("search.claim_of_one")}
				}
			}
		}
		if hit.Event != nil || hit.Person != nil || hit.Party != nil || hit.Total != nil || hit.Source != nil || hit.Claim != nil || hit.Petition != nil || hit.Followed != nil {
			p.Hits = append(p.Hits, hit)
		}
	}
	return nil
}

// petitionsFound names the petition behind every petition, edition and
// organisation found, and the organisations.
func petitionsFound(ctx context.Context, r *store.Reader, v access.Viewer, ids map[record.Kind][]string) (map[record.Ref]Link, map[record.Ref]record.Text, error) {
	of := map[record.Ref]record.Ref{}
	named := map[record.Ref]record.Text{}
	refs := make([]record.Ref, 0, len(of))
	belongs := func(part record.Ref, petition record.PetitionID) {
		ref := record.Ref{Kind: record.KindPetition, ID: string(petition)}
		of[part] = ref
		refs = append(refs, ref)
	}
	for _, id := range ids[record.KindPetition] {
		belongs(record.Ref{Kind: record.KindPetition, ID: id}, record.PetitionID(id))
	}
	editions, err := store.Get[*record.Edition](ctx, r, v, ids[record.KindEdition]...)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range editions {
		belongs(e.Rec.Ref(), e.Rec.Petition)
	}
	organisations, err := store.Get[*record.Endorsement](ctx, r, v, ids[record.KindEndorsement]...)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range organisations {
		belongs(e.Rec.Ref(), e.Rec.Petition)
		named[e.Rec.Ref()] = Called(e.Rec.Names)
	}
	found, err := links(ctx, r, v, refs)
	if err != nil {
		return nil, nil, err
	}
	out := map[record.Ref]Link{}
	for part, petition := range of {
		if l, ok := found[petition]; ok {
			out[part] = l
		}
	}
	return out, named, nil
}
