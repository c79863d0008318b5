package web

import (
	"net/http"

	"github.com/gawah-project/gawah/internal/access"
)

// Two rights that are no use case: to read what anybody may read, and to be
// signed in at all.
const (
	anyone   access.Action = "anyone"
	signedIn access.Action = "signed in"
)

// route is one address: its pattern, the right it takes and what it does. What
// do returns as an error becomes a page.
type route struct {
	pattern string
	need    access.Action
	do      func(w http.ResponseWriter, r *http.Request) error
	// keep lets the answer be kept in memory for readers without an account.
	keep bool
	// body is the greatest size of a request's body in bytes, 0 for maxForm.
	body int64
}

// routes lists every address of the site. Languages are not in it: /ur/events is
// /events in Urdu.
func (s *Server) routes() []route {
	public := []route{
		{pattern: "GET /{$}", need: anyone, do: s.showHome, keep: true},
		{pattern: "GET /events", need: anyone, do: s.showEvents, keep: true},
		{pattern: "GET /events/{slug}", need: anyone, do: s.showEvent, keep: true},
		{pattern: "GET /healthz", need: anyone, do: s.showHealth},
		{pattern: "GET /static/", need: anyone, do: s.showStatic},
	}
	return append(public, s.deskRoutes()...)
}
