package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signing"
)

// namesShown is how many signers a page lists.
const namesShown = 100

// namesPage lists signers who chose to be shown to everybody.
type namesPage struct {
	Page
	PetitionHead
	Here           string
	Rows           []NameRow
	Steps          bool
	Making         bool // nothing to see yet
	Earlier, Later string
}

// NameRow is one of them.
type NameRow struct {
	Name     string
	Initials bool
	Country  string
}

// listsNames reports whether a petition has a list of signers. One that was taken
// back has none any more, nor one whose signers' data is destroyed; that of a
// private copy is for whoever sits at its machine.
func (s *Server) listsNames(r *http.Request, p *record.Petition) bool {
	return s.tallies != nil && p.Foreign == nil && p.Edition != 0 && p.Destroyed == 0 && p.Publication == record.PetitionPublished &&
		p.Signers != record.SignOrganisations && (!p.Practice || visitOf(r).loop)
}

// Listed implements [tallies].
func (e *engine) Listed(ctx context.Context, number, offset, limit int) (signing.Listed, error) {
	list, err := e.of.Listed(ctx, number, offset, limit)
	return list, told(err)
}

// showNames answers /petitions/SLUG/names. It is made for every request and kept
// nowhere, so that whoever leaves the list is gone from it.
func (s *Server) showNames(w http.ResponseWriter, r *http.Request) error {
	unseen(w)
	w.Header().Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	n, err := pageAsked(r)
	if err != nil {
		return err
	}
	d, done, err := s.petitionOf(w, r)
	if err != nil || done {
		return err
	}
	if d.hidden() || !s.listsNames(r, d.Petition) {
		return record.ErrNotFound
	}
	list, err := s.tallies.Listed(r.Context(), d.Petition.Number, (n-1)*namesShown, namesShown)
	if err != nil {
		return err
	}
	if list.Making {
		w.Header().Set("Retry-After", "30")
	} else if n > 1 && len(list.Signers) == 0 && !list.Behind {
		return record.ErrNotFound
	}
	l := visitOf(r).lang
	p := &namesPage{
		Page: s.page(r, l.T("petition.names_of", "title", d.title(l.Tag()).Text), "petitions"), PetitionHead: s.petitionHead(r, d),
		Here: l.T("petition.names"), Steps: d.Petition.Pace == record.PaceSteps,
	}
	p.Robots, p.Making = "noindex, nofollow, noarchive", list.Making
	for _, k := range list.Signers {
		row := NameRow{Name: k.Name, Initials: k.Initials}
		if k.Country != "" {
			row.Country = countryName(l, k.Country)
		}
		p.Rows = append(p.Rows, row)
	}
	at := l.Path() + petitionPath(d.Petition) + "/names"
	switch {
	case n == 2:
		p.Earlier = at
	case n > 2:
		p.Earlier = at + "?page=" + strconv.Itoa(n-1)
	}
	if list.Behind {
		p.Later = at + "?page=" + strconv.Itoa(n+1)
	}
	return s.render(w, r, "petition_names", p)
}
