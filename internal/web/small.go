package web

import (
	"net/http"

	"github.com/gawah-project/gawah/internal/web/static"
)

// files serves what pages are dressed with.
var files = static.Handler()

func (s *Server) showStatic(w http.ResponseWriter, r *http.Request) error {
	files.ServeHTTP(w, r)
	return nil
}

// showHealth says whether the house can answer, for whoever watches it.
func (s *Server) showHealth(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	if err := s.house.Ping(r.Context()); err != nil {
		return err
	}
	s.send(w, r, http.StatusOK, typeText, []byte("ok\n"))
	return nil
}
