package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// errOrigin is a form that another site sent.
var errOrigin = errors.New("form sent from another site")

// errBad is an address or form that makes no sense.
var errBad = errors.New("bad request")

// fault is how an error is told to a reader: a status and the keys of what
// happened and of what to do.
type fault struct {
	status     int
	title, how string
}

// faultOf maps every kind of error once. Whatever is not known here is a fault
// of ours, and its text stays in the log.
func faultOf(err error) fault {
	var tooLarge *http.MaxBytesError
	var invalid *record.Invalid
	switch {
	case errors.Is(err, record.ErrNotFound):
		return fault{http.StatusNotFound, "error.not_found", "error.not_found_hint"}
	case errors.Is(err, record.ErrGone):
		return fault{http.StatusGone, "error.gone", "error.gone_hint"}
	case errors.Is(err, errOrigin):
		return fault{http.StatusForbidden, "error.origin", "error.origin_hint"}
	case errors.Is(err, record.ErrForbidden):
		return fault{http.StatusForbidden, "error.forbidden", "error.forbidden_hint"}
	case errors.Is(err, record.ErrConflict):
		return fault{http.StatusConflict, "error.conflict", "error.conflict_again"}
	case errors.Is(err, errMany):
		return fault{http.StatusTooManyRequests, "error.many", "error.many_hint"}
	case errors.As(err, &tooLarge):
		return fault{http.StatusRequestEntityTooLarge, "error.large", "error.large_hint"}
	case errors.As(err, &invalid), errors.Is(err, errBad):
		return fault{http.StatusBadRequest, "error.bad", "error.bad_hint"}
	case errors.Is(err, casework.ErrFull):
		return fault{http.StatusInsufficientStorage, "error.full", "error.full_hint"}
	case errors.Is(err, casework.ErrBusy), errors.Is(err, context.DeadlineExceeded):
		return fault{http.StatusServiceUnavailable, "error.busy", "error.busy_hint"}
	}
	return fault{http.StatusInternalServerError, "error.server", "error.server_hint"}
}

// errorPage is what a reader sees instead of the page.
type errorPage struct {
	Page
	How    string
	Code   string // to be told to us; empty where it explains nothing
	Search bool
}

// showError answers with the page for an error and logs faults of ours with the
// number that the page shows.
func (s *Server) showError(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the reader has left
	}
	v := visitOf(r)
	f := faultOf(err)
	if f.status >= http.StatusInternalServerError {
		s.log.ErrorContext(r.Context(), "request failed", "request", v.id, "route", r.Pattern, "error", err)
	}
	w.Header().Set("Cache-Control", "no-store")
	if f.status == http.StatusServiceUnavailable || f.status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "5")
	}
	if strings.HasPrefix(v.path, "/api/") {
		s.showAPIError(w, v, f)
		return
	}
	p := &errorPage{
		Page: s.page(r, v.lang.T(f.title), ""), How: v.lang.T(f.how, "code", v.id),
		Search: f.status == http.StatusNotFound || f.status == http.StatusGone,
	}
	p.Robots = "noindex"
	if f.status >= http.StatusInternalServerError {
		p.Code = v.id
	}
	var b bytes.Buffer
	if err := s.views.write(&b, "error", p); err != nil {
		s.log.ErrorContext(r.Context(), "render the error page", "request", v.id, "error", err)
		http.Error(w, v.lang.T(f.title), f.status)
		return
	}
	s.send(w, r, f.status, typeHTML, b.Bytes())
}

// showAPIError answers with a problem document (RFC 9457).
func (s *Server) showAPIError(w http.ResponseWriter, v *visit, f fault) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.WriteHeader(f.status)
	_ = json.NewEncoder(w).Encode(map[string]any{ // a reader who has left is no fault
		"type": "about:blank", "title": v.lang.T(f.title), "status": f.status, "instance": v.id,
	})
}

// showNothing is the answer to an address that no route has.
func (s *Server) showNothing(http.ResponseWriter, *http.Request) error { return record.ErrNotFound }
