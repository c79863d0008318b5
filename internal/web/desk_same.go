package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// samesPage lists pairs of events that may be one.
type samesPage struct {
	deskPage
	Queue  []casework.SameView
	Groups []groupView // to propose a pair by hand
	Next   int
}

const samesShown = 30

func sameSpecs() []spec {
	event := []record.Kind{record.KindEvent}
	return []spec{{Name: "a", Word: "same_a", Input: inPick, Kinds: event}, {Name: "b", Word: "same_b", Input: inPick, Kinds: event}}
}

func (s *Server) showSames(w http.ResponseWriter, r *http.Request) error {
	f := Form{Values: url.Values{}}
	if a := r.URL.Query().Get("a"); record.ValidID(a) {
		f.Values.Set("a", refText(record.Ref{Kind: record.KindEvent, ID: a}))
	}
	return s.renderSames(w, r, f, http.StatusOK)
}

func (s *Server) renderSames(w http.ResponseWriter, r *http.Request, f Form, status int) error {
	v := visitOf(r)
	offset, _ := strconv.Atoi(r.URL.Query().Get("from"))
	offset = max(offset, 0)
	queue, err := s.house.SameQueue(r.Context(), v.viewer, offset, samesShown+1)
	if err != nil {
		return err
	}
	p := &samesPage{deskPage: s.desk(r, v.lang.T("desk.same"), "desk-same"), Queue: queue}
	if len(queue) > samesShown {
		p.Queue, p.Next = queue[:samesShown], offset+samesShown
	}
	p.Form = f
	if p.Groups, err = s.form(r.Context(), v, sameSpecs(), f); err != nil {
		return err
	}
	return s.renderStatus(w, r, status, "desk_sames", p)
}

// proposeSame puts a pair up for decision.
func (s *Server) proposeSame(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	if wants(sameSpecs(), f) {
		return s.renderSames(w, r, f, http.StatusOK)
	}
	t := typed{&f, v.lang}
	a, b := t.ref("a"), t.ref("b")
	if a.IsZero() {
		f.Add(v.lang, "a", "invalid.required")
	}
	if b.IsZero() {
		f.Add(v.lang, "b", "invalid.required")
	}
	if f.Refused() {
		return s.renderSames(w, r, f, refused)
	}
	id, err := s.house.ProposeSame(r.Context(), v.viewer, record.EventID(a.ID), record.EventID(b.ID), f.Get("reason"))
	switch {
	case f.Take(v.lang, err):
		return s.renderSames(w, r, f, refused)
	case errors.Is(err, record.ErrConflict):
		f.Add(v.lang, "b", "invalid.pair_known")
		return s.renderSames(w, r, f, http.StatusConflict)
	case err != nil:
		return err
	}
	return s.redirect(w, r, "/desk/same/"+string(id)+"?done=proposed")
}

// matchSames looks for pairs that may be one.
func (s *Server) matchSames(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.house.MatchSames(r.Context(), visitOf(r).viewer, 500); err != nil {
		return err
	}
	return s.redirect(w, r, "/desk/same?done=matched")
}

// samePage shows two events side by side.
type samePage struct {
	deskPage
	casework.SameView
	Sides []sameSide
}

type sameSide struct {
	casework.EventCard
	Label casework.Label
	Tolls []string
}

func (s *Server) showSame(w http.ResponseWriter, r *http.Request) error {
	return s.renderSame(w, r, Form{Values: url.Values{}}, http.StatusOK)
}

func (s *Server) renderSame(w http.ResponseWriter, r *http.Request, f Form, status int) error {
	v := visitOf(r)
	view, err := s.house.SameView(r.Context(), v.viewer, record.SameID(r.PathValue("id")))
	if err != nil {
		return err
	}
	p := &samePage{deskPage: s.desk(r, v.lang.T("desk.same"), "desk-same"), SameView: view}
	p.Form = f
	for _, card := range []casework.EventCard{view.A, view.B} {
		side := sameSide{EventCard: card}
		if card.Event.Rec != nil {
			side.Label = casework.Label{Ref: card.Event.Rec.Ref(), Name: plain(v.lang, card.Event.Rec.Title)}
		}
		for i := range card.Figures {
			k := keptView(v.lang, &card.Figures[i])
			side.Tolls = append(side.Tolls, v.lang.T("desk.claim_line", "what", v.lang.T("measure."+string(card.Figures[i].Measure)), "value", k.Best+" "+k.Range))
		}
		p.Sides = append(p.Sides, side)
	}
	return s.renderStatus(w, r, status, "desk_same", p)
}

// Is reports whether the pair is in a state.
func (p *samePage) Is(state string) bool { return string(p.Item.Rec.State) == state }

// decideSame accepts, refuses or undoes.
func (s *Server) decideSame(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	rev, err := strconv.Atoi(f.Get("rev"))
	if err != nil {
		return errBad
	}
	state := record.SameState(f.Get("state"))
	if state != record.SameAccepted && state != record.SameRefused && state != record.SameUndone {
		return errBad
	}
	err = s.house.DecideSame(r.Context(), v.viewer, record.SameID(r.PathValue("id")), rev, state, f.Get("reason"))
	switch {
	case err == nil:
		return s.redirect(w, r, "/desk/same/"+r.PathValue("id")+"?done=decided")
	case f.Take(v.lang, err):
		return s.renderSame(w, r, f, refused)
	case errors.Is(err, record.ErrForbidden):
		f.Add(v.lang, "state", "invalid.own_work")
		return s.renderSame(w, r, f, http.StatusForbidden)
	case errors.Is(err, record.ErrConflict):
		f.Add(v.lang, "state", "error.conflict")
		return s.renderSame(w, r, f, http.StatusConflict)
	}
	return err
}
