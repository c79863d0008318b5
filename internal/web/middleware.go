package web

import (
	"crypto/rand"
	"encoding/base32"
	"errors"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// maxForm is the greatest size of a form in bytes where a route gives no other.
const maxForm = 1 << 20

// policy allows nothing but this site's own style sheet, fonts, pictures and the
// desk's one script, and no form that posts elsewhere.
const policy = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; script-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// outer gives every request its number, headers and language, keeps a fault of
// one request from the others, and logs. It never logs who asked: the address of
// a reader is nobody's business. Nor does it log the address asked for, only the
// route's pattern: a person's page has their name in it.
func (s *Server) outer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		v := &visit{id: requestID()}
		v.lang, v.path = lang.ForPath(r.URL.Path)
		if v.path == "" {
			v.path = "/"
		}
		r = withVisit(r, v)
		if v.lang.Path() != "" {
			u := *r.URL
			u.Path, u.RawPath = v.path, ""
			r.URL = &u
		}
		rec := &recorder{ResponseWriter: w}
		h := rec.Header()
		h.Set("X-Request-Id", v.id)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()")
		if s.https(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler { //nolint:errorlint // the value itself, as net/http documents
					panic(p)
				}
				s.log.ErrorContext(r.Context(), "request failed", "request", v.id, "route", r.Pattern, "panic", p, "stack", string(debug.Stack()))
				if rec.status == 0 {
					s.showError(rec, r, errors.New("panic"))
				}
			}
			s.log.DebugContext(r.Context(), "request", "request", v.id, "method", r.Method, "route", r.Pattern, "status", rec.status,
				"took", time.Since(began))
		}()
		if f := s.front; f != nil && r.Method != http.MethodGet && r.Method != http.MethodHead {
			defer f.forget()
		}
		v.loop = s.byLoopback(r)
		if !s.mayPost(r) {
			s.showError(rec, r, errOrigin)
			return
		}
		next.ServeHTTP(rec, r)
	})
}

// recorder knows whether an answer has begun.
type recorder struct {
	http.ResponseWriter
	status int
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// requestID is random: it says nothing about how many requests there are.
func requestID() string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // never fails
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}

// serve turns a route into a handler: who asks, whether they may, how much they
// may send, and what an error looks like.
func (s *Server) serve(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := visitOf(r)
		frontRoute(r, rt)
		if err, ok := r.Context().Value(tellKey{}).(error); ok {
			s.showError(w, r, err)
			return
		}
		if rt.body == 0 {
			rt.body = maxForm
		}
		if r.Body != nil {
			r.Body = http.MaxBytesReader(w, r.Body, rt.body)
		}
		if !strings.HasPrefix(rt.pattern, "GET /static/") {
			s.identify(r, v)
		}
		if err := s.admit(rt, v); err != nil {
			if !v.viewer.SignedIn() {
				err = s.signInFirst(w, r)
			}
			if err != nil {
				s.showError(w, r, err)
			}
			return
		}
		if rt.keep && s.serveKept(w, r, rt) {
			return
		}
		if err := rt.do(w, r); err != nil {
			s.showError(w, r, err)
		}
	})
}

// admit decides whether the visitor may use a route at all.
func (s *Server) admit(rt route, v *visit) error {
	switch rt.need {
	case anyone:
		return nil
	case signedIn:
		if v.viewer.SignedIn() {
			return nil
		}
	default:
		if v.viewer.May(rt.need) {
			return nil
		}
	}
	return record.ErrForbidden
}
