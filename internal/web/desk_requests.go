package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// requestsPage lists what the public asked for.
type requestsPage struct {
	deskPage
	Items []casework.RequestItem
	All   bool
}

func (s *Server) showRequests(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	p := &requestsPage{deskPage: s.desk(r, v.lang.T("desk.requests"), "desk-requests"), All: r.URL.Query().Get("all") != ""}
	state := record.RequestOpen
	if p.All {
		state = ""
	}
	var err error
	if p.Items, err = s.house.Requests(r.Context(), v.viewer, state); err != nil {
		return err
	}
	return s.render(w, r, "desk_requests", p)
}

// Subject labels what a request is about.
func (p *requestsPage) Subject(n casework.SubjectName) casework.Label {
	return casework.Label{Ref: n.Ref, Name: plain(p.L, n.Title)}
}

// requestPage is one request with its decision.
type requestPage struct {
	requestsPage
	Item casework.RequestItem
	// TakenBack are the claims that were taken back with the person and are not
	// public again.
	TakenBack []casework.Label
}

// PublishAgain is where they are checked and published.
func (p *requestPage) PublishAgain() string {
	q := url.Values{}
	for _, l := range p.TakenBack {
		q.Add("ref", refText(l.Ref))
	}
	return p.To("/desk/publish?" + q.Encode())
}

func (s *Server) showRequest(w http.ResponseWriter, r *http.Request) error {
	return s.renderRequest(w, r, Form{Values: url.Values{}}, http.StatusOK)
}

func (s *Server) renderRequest(w http.ResponseWriter, r *http.Request, f Form, status int) error {
	v := visitOf(r)
	items, err := s.house.Requests(r.Context(), v.viewer, "")
	if err != nil {
		return err
	}
	for _, item := range items {
		if string(item.Request.Rec.ID) != r.PathValue("id") {
			continue
		}
		p := &requestPage{requestsPage: requestsPage{deskPage: s.desk(r, v.lang.T("desk.requests"), "desk-requests")}, Item: item}
		p.Form = f
		taken := item.Request.Rec.TakenBack
		named, err := s.house.Labels(r.Context(), v.viewer, v.lang.Tag(), taken...)
		if err != nil {
			return err
		}
		for _, ref := range taken {
			if l, ok := named[ref]; ok && l.Seen != record.Public {
				p.TakenBack = append(p.TakenBack, l)
			}
		}
		return s.renderStatus(w, r, status, "desk_request", p)
	}
	return record.ErrNotFound
}

// decideRequest answers a request, and writes the line of the public log.
func (s *Server) decideRequest(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	rev, err := strconv.Atoi(f.Get("rev"))
	if err != nil {
		return errBad
	}
	t := typed{&f, v.lang}
	err = s.house.Decide(r.Context(), v.viewer, record.RequestID(r.PathValue("id")), rev, record.RequestState(f.Get("state")),
		t.words("reply"), record.Plain(v.lang.Tag(), t.words("logged")), t.check("show"))
	switch {
	case err == nil && t.check("show"):
		// What was taken back with the person is listed there, to be published again.
		return s.redirect(w, r, "/desk/requests/"+r.PathValue("id")+"?done=decided")
	case err == nil:
		return s.redirect(w, r, "/desk/requests?done=decided")
	case f.Take(v.lang, err):
		return s.renderRequest(w, r, f, refused)
	case errors.Is(err, record.ErrConflict):
		f.Add(v.lang, "state", "error.conflict")
		return s.renderRequest(w, r, f, http.StatusConflict)
	}
	return err
}
