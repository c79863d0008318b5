package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/record"
)

// unlinkedPage is the way back for those who have no link of their own: with the
// code from paper here, with a line of a sheet through those who collect.
type unlinkedPage struct {
	Page
	PetitionHead
	Here string
	Form Form
	Done bool
}

func (s *Server) unlinkedPageOf(w http.ResponseWriter, r *http.Request) (*petitionData, *unlinkedPage, error) {
	unseen(w)
	d, done, err := s.petitionOf(w, r)
	if err != nil || done {
		return nil, nil, err
	}
	if s.signing == nil || d.Petition.Foreign != nil || d.edition() == nil || d.hidden() {
		return nil, nil, record.ErrNotFound
	}
	l := visitOf(r).lang
	p := &unlinkedPage{PetitionHead: s.petitionHead(r, d), Here: l.T("own.by_code"), Form: Form{Values: url.Values{}}}
	p.Page = s.page(r, l.T("own.by_code"), "petitions")
	p.Page.Query, p.Page.Canonical, p.Robots, p.Quick = "", "", "noindex", true
	return d, p, nil
}

func (s *Server) showUnlinked(w http.ResponseWriter, r *http.Request) error {
	_, p, err := s.unlinkedPageOf(w, r)
	if err != nil || p == nil {
		return err
	}
	return s.render(w, r, "sign_unlinked", p)
}

// withdrawCode takes a signature back by its code. That none stands is said: nobody
// guesses a code, and whoever holds one has to know that they are out.
func (s *Server) withdrawCode(w http.ResponseWriter, r *http.Request) error {
	d, p, err := s.unlinkedPageOf(w, r)
	if err != nil || p == nil {
		return err
	}
	if p.Form, err = parseForm(r); err != nil {
		return err
	}
	l := visitOf(r).lang
	hash := petitions.CodeHash(p.Form.Get("code"))
	if hash == "" {
		p.Form.Add(l, "code", "sign.wrong.code")
	} else if err = s.signing.WithdrawCode(r.Context(), d.Petition, hash); errors.Is(err, record.ErrNotFound) {
		p.Form.Add(l, "code", "own.by_code_none")
		err = nil
	}
	switch {
	case err != nil:
		return err
	case p.Form.Refused():
		return s.renderStatus(w, r, http.StatusUnprocessableEntity, "sign_unlinked", p)
	}
	p.Form, p.Done = Form{Values: url.Values{}}, true
	return s.render(w, r, "sign_unlinked", p)
}
