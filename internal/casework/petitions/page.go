package petitions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// Page is what readers may see of a petition, apart from its numbers. All of it
// comes from one snapshot and one viewer's rights.
type Page struct {
	// Petition is without what organisers work on and write to each other: its
	// text is in the editions.
	Petition *record.Petition
	Rev      int
	At       int64             // microseconds UTC of its last change that the viewer may see
	Editions []*record.Edition // the earliest first; none of a refused petition
	// Bodies are confirmed organisations and, marked so, signatories of an original
	// text, in the order in which they came.
	Bodies     []*record.Endorsement
	Deliveries []*record.Delivery
	Replies    []*record.Reply
	Updates    []*record.Update // the earliest first
	Paper      []BatchStatement // closed batches, in their order
	Links      casework.Links
	// Sealed says that names at the sealed level are encrypted to keys that are not
	// in the house.
	Sealed bool
}

// Edition is the one in force, or nil.
func (p *Page) Edition() *record.Edition { return p.Numbered(p.Petition.Edition) }

// Numbered is the edition of a number, or nil.
func (p *Page) Numbered(n int) *record.Edition {
	i := slices.IndexFunc(p.Editions, func(e *record.Edition) bool { return e.Number == n })
	if i < 0 {
		return nil
	}
	return p.Editions[i]
}

// State is the one word that other software expects, at an instant in
// microseconds UTC.
func (p *Page) State(now int64) petition.PublicState { return petition.State(p.Petition, now) }

// PetitionPage returns a petition by its present or an earlier slug, or by its
// number.
func (d *Desk) PetitionPage(ctx context.Context, v access.Viewer, key string) (*Page, error) {
	var page *Page
	err := d.view(ctx, func(r *store.Reader) error {
		var item Petition
		var err error
		if n, convErr := strconv.Atoi(key); convErr == nil && strconv.Itoa(n) == key {
			item, err = r.PetitionByNumber(ctx, v, n)
			if errors.Is(err, record.ErrNotFound) {
				item, err = store.BySlug[*record.Petition](ctx, r, v, key) // a slug may be all digits
			}
		} else {
			item, err = store.BySlug[*record.Petition](ctx, r, v, key)
		}
		if err != nil {
			return err
		}
		page, err = pageOf(ctx, r, v, item)
		return err
	})
	return page, err
}

// pageOf gathers what belongs to a petition.
func pageOf(ctx context.Context, r *store.Reader, v access.Viewer, item Petition) (*Page, error) {
	p := &Page{Petition: forReaders(item.Rec), Rev: item.Rev, At: item.At, Sealed: len(item.Rec.Recipients) > 0}
	id := item.Rec.ID
	latest := func(at int64) { p.At = max(p.At, at) }
	editions, err := r.EditionsOf(ctx, v, id)
	if err != nil {
		return nil, err
	}
	var refs []record.Ref
	for _, e := range slices.Backward(editions) {
		p.Editions = append(p.Editions, e.Rec)
		latest(e.At)
		for _, a := range e.Rec.Addressees {
			if a.Party != "" {
				refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(a.Party)})
			}
		}
		for _, c := range e.Rec.Cited {
			if c.Source != "" {
				refs = append(refs, record.Ref{Kind: record.KindSource, ID: string(c.Source)})
			}
			if c.Event != "" {
				refs = append(refs, record.Ref{Kind: record.KindEvent, ID: string(c.Event)})
			}
			for _, k := range c.Claims {
				refs = append(refs, record.Ref{Kind: record.KindSource, ID: string(k.Source)})
			}
		}
		for _, t := range e.Rec.Texts {
			for _, n := range t.Notes {
				refs = append(refs, record.Ref{Kind: record.KindSource, ID: string(n.Source)})
				for _, o := range n.Origins {
					refs = append(refs, record.Ref{Kind: record.KindSource, ID: string(o.Source)})
				}
			}
		}
		for _, b := range e.Rec.Bases {
			for _, id := range b.Sources {
				refs = append(refs, record.Ref{Kind: record.KindSource, ID: string(id)})
			}
		}
	}
	bodies, err := r.EndorsementsOf(ctx, v, id)
	if err != nil {
		return nil, err
	}
	for _, b := range bodies {
		if b.Rec.State != record.EndorsementConfirmed && b.Rec.Role != record.RoleOriginal {
			continue
		}
		e := *b.Rec
		e.Note = ""
		p.Bodies = append(p.Bodies, &e)
		latest(b.At)
		if e.Party != "" {
			refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(e.Party)})
		}
		if e.Source != "" {
			refs = append(refs, record.Ref{Kind: record.KindSource, ID: string(e.Source)})
		}
	}
	batches, err := r.BatchesOf(ctx, access.House(), id)
	if err != nil {
		return nil, err
	}
	p.Paper = paperStatement(batches)
	deliveries, err := r.DeliveriesOf(ctx, v, id)
	if err != nil {
		return nil, err
	}
	for _, x := range deliveries {
		c := *x.Rec
		c.Note, c.CodeHash = "", ""
		p.Deliveries = append(p.Deliveries, &c)
		latest(x.At)
	}
	replies, err := r.RepliesOf(ctx, v, id)
	if err != nil {
		return nil, err
	}
	for _, x := range replies {
		c := *x.Rec
		c.Note = ""
		p.Replies = append(p.Replies, &c)
		latest(x.At)
		if c.Source != "" {
			refs = append(refs, record.Ref{Kind: record.KindSource, ID: string(c.Source)})
		}
	}
	updates, err := r.UpdatesOf(ctx, v, id)
	if err != nil {
		return nil, err
	}
	for _, x := range updates {
		p.Updates = append(p.Updates, x.Rec)
		latest(x.At)
	}
	if item.Rec.Original != "" {
		refs = append(refs, record.Ref{Kind: record.KindSource, ID: string(item.Rec.Original)})
	}
	refs = append(refs, item.Rec.Subject...)
	p.Links, err = casework.LinksIn(ctx, r, v, refs...)
	return p, err
}

// forReaders is a petition without what is being worked on and what is for the
// house: drafts, approvals, owners, notes.
func forReaders(p *record.Petition) *record.Petition {
	out := *p
	out.Owners, out.Approvals, out.Note, out.Recipients = nil, nil, "", nil
	if out.Foreign == nil {
		// What is published is in the editions; what is not is nobody's business.
		out.Texts, out.Addressees, out.Bases, out.Demands, out.Initiators = nil, nil, nil, nil, nil
	}
	if out.Publication == record.PetitionRejected {
		out.Tags, out.Subject = nil, nil
	}
	return &out
}

// Query says which petitions a list is to hold.
type Query struct {
	// State is all, open, closed, rejected, recent or one of the states of
	// [store.PetitionFilter]; of those that other software asks for, about answers,
	// awaiting_response and with_response.
	State string
	Words string
	Page  int // from 0
	Per   int // at most [MaxPer], 0 for [DefaultPer]
}

// How many petitions a page of a list has.
const (
	DefaultPer = 25
	MaxPer     = 1000
)

// Listed is a page of a list.
type Listed struct {
	Petitions []Petition
	Total     int
	Page, Per int
}

// States lists the states that a list can be asked for.
func States() []string {
	return []string{"all", "open", "recent", "closed", "rejected", "waiting", "stopped", "awaiting_response", "with_response"}
}

// ListPage returns a page of the petitions the viewer may see, each as readers
// may see it. Petitions refused for a reason that hides them are in no public
// list. An unknown state is [record.ErrNotFound].
func (d *Desk) ListPage(ctx context.Context, v access.Viewer, q Query) (Listed, error) {
	out := Listed{Page: max(q.Page, 0), Per: min(q.Per, MaxPer)}
	if out.Per <= 0 {
		out.Per = DefaultPer
	}
	f := store.PetitionFilter{Now: d.micros()}
	if q.Words != "" {
		if f.Tokens = names.Asked(q.Words); len(f.Tokens) == 0 {
			return out, nil
		}
	}
	switch q.State {
	case "", "all":
	case "recent":
		f.State, f.Recent = "open", true
	case "awaiting_response":
		f.Delivered, f.Unanswered = true, true
	case "with_response":
		f.Answered = true
	default:
		f.State = q.State
	}
	err := d.view(ctx, func(r *store.Reader) error {
		var err error
		if out.Total, err = r.CountPetitions(ctx, v, f); err != nil {
			return err
		}
		out.Petitions, err = r.Petitions(ctx, v, f, out.Page*out.Per, out.Per)
		for i := range out.Petitions {
			out.Petitions[i].Rec = forReaders(out.Petitions[i].Rec)
		}
		return err
	})
	return out, err
}

// AddresseeView is a petition as one of its addressees is asked.
type AddresseeView struct {
	Page      *Page
	Addressee record.Addressee
	// Demands are asked of it, with the numbers they have in the whole petition.
	Demands    []petition.NumberedDemand
	Deliveries []*record.Delivery
	Replies    []*record.Reply
	// Reference is that of the last delivery, to be quoted in an answer; Due is when
	// an answer to it is due.
	Reference string
	Due       record.When
	// Answered lists the keys of demands that a reply speaks to.
	Answered map[string]bool
	State    petition.AnswerState
}

// AddresseePage returns what a petition asks of one addressee, by its key, and
// what came of it.
func (d *Desk) AddresseePage(ctx context.Context, v access.Viewer, key, addressee string) (*AddresseeView, error) {
	page, err := d.PetitionPage(ctx, v, key)
	if err != nil {
		return nil, err
	}
	e := page.Edition()
	if e == nil {
		return nil, fmt.Errorf("edition: %w", record.ErrNotFound)
	}
	a, ok := addresseeOf(e, addressee)
	if !ok {
		return nil, fmt.Errorf("addressee %q: %w", addressee, record.ErrNotFound)
	}
	out := &AddresseeView{Page: page, Addressee: a, Demands: petition.AskedOf(e.Demands, addressee), Answered: map[string]bool{}}
	for _, x := range page.Deliveries {
		if x.Addressee == addressee {
			out.Deliveries = append(out.Deliveries, x)
			out.Reference, out.Due = x.Reference, x.Due
		}
	}
	for _, x := range page.Replies {
		if x.Addressee == addressee {
			out.Replies = append(out.Replies, x)
			for _, k := range x.Demands {
				out.Answered[k] = true
			}
		}
	}
	out.State = petition.Answers(len(out.Deliveries) > 0, len(out.Replies) > 0)
	return out, nil
}
