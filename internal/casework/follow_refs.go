package casework

import (
	"context"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// followed gathers what a record of following up names besides those it belongs to.
func (n *named) followed(r record.Record) {
	party := func(id record.PartyID) { n.add(record.KindParty, string(id)) }
	event := func(id record.EventID) { n.add(record.KindEvent, string(id)) }
	person := func(id record.PersonID) { n.add(record.KindPerson, string(id)) }
	steps := func(list []record.Step) {
		for _, s := range list {
			party(s.Owner)
			n.claims(s.Due.Claims)
		}
	}
	switch r := r.(type) {
	case *record.Demand:
		event(r.Attack)
		n.parties(r.By)
		for _, a := range r.Addressees {
			party(a.Party)
			person(a.Person)
		}
		for _, b := range r.Bases {
			for _, s := range b.Sources {
				n.add(record.KindSource, string(s))
			}
		}
		n.claims(r.Due.Claims)
		steps(r.Steps)
		for _, p := range r.Positions {
			party(p.Party)
			n.claims(p.Claims)
		}
		for _, l := range r.Commitments {
			n.add(record.KindCommitment, string(l.Commitment))
			n.claims(l.Claims)
		}
		for _, p := range r.Pauses {
			n.claims(p.Claims)
		}
		n.claims(r.Claims)
	case *record.Commitment:
		for _, p := range r.By {
			party(p.Party)
			person(p.Person)
		}
		n.parties(r.To)
		event(r.Attack)
		event(r.In)
		n.claims(r.Due.Claims)
		for _, a := range r.Amounts {
			n.claims(a.Claims)
		}
		if r.Offer != nil {
			n.claims(r.Offer.Claims)
		}
		steps(r.Steps)
		n.add(record.KindCommitment, string(r.Replaces))
		n.claims(r.Claims)
	case *record.Assessment:
		n.claims(r.Claims)
		for _, y := range r.Replies {
			n.add(record.KindReply, string(y))
		}
		for _, e := range r.Events {
			event(e)
		}
	case *record.Proceeding:
		for _, e := range r.Events {
			event(e)
		}
		party(r.Party)
		party(r.Of)
		party(r.Court)
		for _, s := range r.Steps {
			party(s.By)
			event(s.Event)
			n.claims(s.Claims)
		}
		n.claims(r.Claims)
	case *record.Coverage:
		n.add(record.KindSource, string(r.Source))
	case *record.Feed:
		party(r.Outlet)
	case *record.TrendStatement:
		n.parties(r.Frame.Communities)
		n.parties(r.Frame.Perpetrators)
		party(r.Frame.Authority)
		n.claims(r.Claims)
	case *record.HolidayCalendar:
		for _, h := range r.Holidays {
			n.add(record.KindSource, string(h.Source))
		}
	}
}

// followedOnlyWith returns the records of following up that mean nothing without a
// record: the demands of a petition, the assessments of a demand, the case of an
// accused.
func followedOnlyWith(ctx context.Context, r *store.Reader, ref record.Ref) ([]record.Record, error) {
	all, err := r.FollowedWith(ctx, ref)
	if err != nil {
		return nil, err
	}
	var out []record.Record
	for _, rec := range all {
		for _, p := range parents(rec) {
			if p == ref {
				out = append(out, rec)
				break
			}
		}
	}
	return out, nil
}

// SaidIn joins claims, by identifier, with their sources, copies and the names they
// mention, within a snapshot that another room of use cases has open; also names further
// records. Claims that the viewer may not see are left out.
func SaidIn(ctx context.Context, r *store.Reader, v access.Viewer, ids []record.ClaimID, also ...record.Ref) (Said, error) {
	found, err := store.Get[*record.Claim](ctx, r, v, ids...)
	if err != nil {
		return Said{}, err
	}
	list := make([]store.Item[*record.Claim], 0, len(found))
	for _, id := range ids {
		if c, ok := found[id]; ok {
			list = append(list, c)
			delete(found, id)
		}
	}
	return saidOf(ctx, r, v, list, also...)
}

// EventLinesIn adds the kept figures to events within a snapshot that is open.
func EventLinesIn(ctx context.Context, r *store.Reader, v access.Viewer, events []store.Item[*record.Event]) ([]EventLine, error) {
	return eventLines(ctx, r, v, events)
}

// Reviewers is how many people of this house can review.
func (w *Work) Reviewers() (int, error) { return reviewers(w.ctx, &w.tx.Reader) }
