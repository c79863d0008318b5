package casework

import (
	"context"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// References lists the records that r names besides those it belongs to: what a
// reader who may see r need not be allowed to know of.
func References(r record.Record) []record.Ref {
	var n named
	switch r := r.(type) {
	case *record.Event:
		n.add(record.KindEvent, string(r.PartOf))
		for _, id := range r.ResponseTo {
			n.add(record.KindEvent, string(id))
		}
		n.claims(r.WhenClaims)
		n.claims(r.WhereClaims)
		for _, s := range r.Struck {
			n.add(record.KindParty, string(s.Party))
			n.claims(s.Claims)
		}
		for _, t := range r.Warnings {
			n.add(record.KindEvent, string(t.Attack))
			n.claims(t.Claims)
		}
	case *record.Party:
		n.add(record.KindParty, string(r.Successor))
		n.claims(r.AbolishedClaims)
	case *record.Claim:
		n.add(r.Value.Ref.Kind, r.Value.Ref.ID)
		n = append(n, r.DerivedFrom...)
		n.claims(r.Supersedes)
	case *record.Source:
		n.add(record.KindParty, string(r.Outlet))
		n.add(record.KindSource, string(r.ReproducedIn))
		for _, id := range r.DerivedFrom {
			n.add(record.KindSource, string(id))
		}
	case *record.Total:
		n.parties(r.Frame.Communities)
		n.parties(r.Frame.Perpetrators)
		n.add(record.KindParty, string(r.Frame.Authority))
	case *record.Petition:
		n = append(n, r.Subject...)
		n.add(record.KindSource, string(r.Original))
		n.petition(r.Addressees, r.Bases, r.Demands, r.Initiators)
	case *record.Edition:
		n.petition(r.Addressees, r.Bases, r.Demands, r.Initiators)
		for _, c := range r.Cited {
			n.add(record.KindSource, string(c.Source))
			n.add(record.KindEvent, string(c.Event))
			for _, k := range c.Claims {
				n.add(record.KindClaim, string(k.ID))
				n.add(record.KindSource, string(k.Source))
			}
		}
	case *record.Endorsement:
		n.add(record.KindParty, string(r.Party))
		n.add(record.KindSource, string(r.Source))
	case *record.Reply:
		n.add(record.KindDelivery, string(r.Delivery))
		n.add(record.KindSource, string(r.Source))
	default:
		n.followed(r)
	}
	return n
}

// named gathers what a record names.
type named []record.Ref

func (n *named) add(k record.Kind, id string) {
	if id != "" {
		*n = append(*n, record.Ref{Kind: k, ID: id})
	}
}

func (n *named) claims(ids []record.ClaimID) {
	for _, id := range ids {
		n.add(record.KindClaim, string(id))
	}
}

func (n *named) parties(ids []record.PartyID) {
	for _, id := range ids {
		n.add(record.KindParty, string(id))
	}
}

// petition gathers what the fields of a petition or an edition name.
func (n *named) petition(addressees []record.Addressee, bases []record.LegalBasis, demands []record.PetitionDemand, initiators []record.Initiator) {
	for _, a := range addressees {
		n.add(record.KindParty, string(a.Party))
		n.claims(a.Claims)
	}
	for _, b := range bases {
		for _, id := range b.Sources {
			n.add(record.KindSource, string(id))
		}
	}
	var asked func([]record.PetitionDemand)
	asked = func(ds []record.PetitionDemand) {
		for _, d := range ds {
			n.claims(d.Claims)
			asked(d.Parts)
		}
	}
	asked(demands)
	for _, i := range initiators {
		n.add(record.KindParty, string(i.Party))
	}
}

// Shown returns those of the identifiers of one kind that are among the links,
// nil where none is.
func Shown[ID ~string](l Links, k record.Kind, ids ...ID) []ID {
	var out []ID
	for _, id := range ids {
		if _, ok := l[record.Ref{Kind: k, ID: string(id)}]; ok {
			out = append(out, id)
		}
	}
	return out
}

// ShownOne is one identifier where it is among the links, else "".
func ShownOne[ID ~string](l Links, k record.Kind, id ID) ID {
	if _, ok := l[record.Ref{Kind: k, ID: string(id)}]; !ok {
		return ""
	}
	return id
}

// ShownRefs returns those of the references that are among the links.
func ShownRefs(l Links, refs []record.Ref) []record.Ref {
	var out []record.Ref
	for _, ref := range refs {
		if _, ok := l[ref]; ok {
			out = append(out, ref)
		}
	}
	return out
}

// cutReferences takes out of events for export what names records that the
// viewer may not see: an identifier tells when the hidden record was made.
func cutReferences(ctx context.Context, r *store.Reader, v access.Viewer, events []*exchange.ExportEvent) error {
	var refs []record.Ref
	for _, e := range events {
		refs = append(refs, References(&e.Event)...)
		for i := range e.Claims {
			refs = append(refs, References(&e.Claims[i].Claim)...)
			refs = append(refs, References(&e.Claims[i].Source)...)
		}
	}
	seen, err := links(ctx, r, v, refs)
	if err != nil {
		return err
	}
	for _, e := range events {
		k := &e.Event
		k.PartOf, k.ResponseTo = ShownOne(seen, record.KindEvent, k.PartOf), Shown(seen, record.KindEvent, k.ResponseTo...)
		for i := range e.Claims {
			c, s := &e.Claims[i].Claim, &e.Claims[i].Source
			if _, ok := seen[c.Value.Ref]; !ok {
				c.Value.Ref = record.Ref{}
			}
			c.DerivedFrom, c.Supersedes = ShownRefs(seen, c.DerivedFrom), Shown(seen, record.KindClaim, c.Supersedes...)
			s.Outlet = ShownOne(seen, record.KindParty, s.Outlet)
			s.ReproducedIn, s.DerivedFrom = ShownOne(seen, record.KindSource, s.ReproducedIn), Shown(seen, record.KindSource, s.DerivedFrom...)
		}
	}
	return nil
}
