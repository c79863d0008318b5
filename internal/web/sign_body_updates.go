package web

import (
	"errors"
	"net/http"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// bodyUpdatesRoutes are the addresses in the updates that representatives of organisations get. They
// say nothing but the token.
func (s *Server) bodyUpdatesRoutes() []route {
	return []route{
		{pattern: "GET /o/{token}", need: anyone, do: s.showBodyUpdates},
		{pattern: "POST /o/{token}", need: access.ActAsk, do: s.stopBodyUpdates, body: 4 << 10},
	}
}

// bodyUpdatesPage ends updates.
type bodyUpdatesPage struct {
	Page
	Token   string
	None    bool
	Stopped bool
}

func (s *Server) bodyUpdatesPageOf(w http.ResponseWriter, r *http.Request) (*bodyUpdatesPage, error) {
	unseen(w)
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	if s.bodies == nil {
		return nil, record.ErrNotFound
	}
	p := &bodyUpdatesPage{Page: s.page(r, visitOf(r).lang.T("follower.confirm_title"), ""), Token: r.PathValue("token")}
	p.Page.Path, p.Page.Query, p.Page.Canonical, p.Robots, p.Quick = "/petitions", "", "", "noindex", true
	err := s.bodies.BodyUpdates(r.Context(), p.Token)
	if errors.Is(err, record.ErrNotFound) {
		p.None, err = true, nil
	}
	return p, err
}

// showBodyUpdates shows the button; a program that looks at links presses none.
func (s *Server) showBodyUpdates(w http.ResponseWriter, r *http.Request) error {
	p, err := s.bodyUpdatesPageOf(w, r)
	if err != nil {
		return err
	}
	return s.render(w, r, "sign_body_updates", p)
}

// stopBodyUpdates ends updates, by the button or by a mail program's one click (RFC 8058).
func (s *Server) stopBodyUpdates(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseForm(r); err != nil {
		return err
	}
	p, err := s.bodyUpdatesPageOf(w, r)
	if err != nil {
		return err
	}
	if err := s.bodies.StopBodyUpdates(r.Context(), p.Token); err != nil && !errors.Is(err, record.ErrNotFound) {
		return err
	}
	p.Stopped = true
	return s.render(w, r, "sign_body_updates", p)
}
