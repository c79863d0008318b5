package web

import "net/http"

// deskRoutes lists the addresses of the signed-in side.
func (s *Server) deskRoutes() []route { return nil }

// signInFirst answers somebody who has to sign in before the request can be
// done.
func (s *Server) signInFirst(w http.ResponseWriter, r *http.Request) error {
	return s.redirect(w, r, "/desk/sign-in")
}
