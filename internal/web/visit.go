package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
)

// visit is what is known about a request before its handler runs.
type visit struct {
	// id is shown on error pages and stands in the log beside the cause.
	id string
	// lang is the language of the path, path the address without it.
	lang *lang.Printer
	path string
	// viewer is the public unless a session cookie says otherwise.
	viewer  access.Viewer
	account casework.Account
	// token is the session's secret, empty when nobody is signed in.
	token string
	// loop says that the reader sits at this very machine.
	loop bool
}

type visitKey struct{}

// visitOf returns the request's visit. It panics outside of the server's layers.
func visitOf(r *http.Request) *visit { return r.Context().Value(visitKey{}).(*visit) }

func withVisit(r *http.Request, v *visit) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), visitKey{}, v))
}

// cookieName is the session cookie's. Over https the __Host- prefix binds it to
// this host and to secure connections.
func (s *Server) cookieName(r *http.Request) string {
	if s.https(r) {
		return "__Host-gawah_session"
	}
	return "gawah_session"
}

// setSession signs the browser in, or out with an empty token.
func (s *Server) setSession(w http.ResponseWriter, r *http.Request, token string) {
	c := &http.Cookie{
		Name: s.cookieName(r), Value: token, Path: "/", HttpOnly: true, Secure: s.https(r), SameSite: http.SameSiteLaxMode,
	}
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// identify finds out who is asking. A cookie of a session that has ended is no
// error: the reader is the public.
func (s *Server) identify(r *http.Request, v *visit) {
	c, err := r.Cookie(s.cookieName(r))
	if err != nil || c.Value == "" {
		return
	}
	viewer, account, err := s.house.SessionOf(r.Context(), c.Value)
	if err != nil {
		return
	}
	viewer.AsPublic = r.URL.Query().Get("as") == "public" && (r.Method == http.MethodGet || r.Method == http.MethodHead)
	v.viewer, v.account, v.token = viewer, account, c.Value
}

// redirect sends the browser on with GET. path is an address on this site without
// the language, which is put before it.
func (s *Server) redirect(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, localPath(visitOf(r).lang.Path()+path), http.StatusSeeOther)
	return nil
}

// moved sends the browser to where a record is now.
func (s *Server) moved(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, localPath(visitOf(r).lang.Path()+path), http.StatusMovedPermanently)
	return nil
}

// localPath returns a path that cannot lead to another host: "//elsewhere" and
// "/\elsewhere" would.
func localPath(p string) string {
	if !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.HasPrefix(p, `/\`) || strings.ContainsAny(p, "\r\n") {
		return "/"
	}
	return p
}
