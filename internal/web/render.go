package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

const (
	typeHTML = "text/html; charset=utf-8"
	typeAtom = "application/atom+xml; charset=utf-8"
	typeJSON = "application/json"
	typeText = "text/plain; charset=utf-8"
	typeXML  = "application/xml; charset=utf-8"
	typeSVG  = "image/svg+xml"
)

// packFrom is the size in bytes below which compressing costs more than it saves.
const packFrom = 1 << 10

var (
	buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	// The fastest level: pages are made for one reader at a time, and the next
	// levels save a tenth of the bytes for twice the time.
	packers = sync.Pool{New: func() any {
		z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed+1)
		if err != nil {
			panic(err)
		}
		return z
	}}
)

// render answers with a page. A page is written to a buffer first, so that a
// fault half way shows an error page and never half a page.
func (s *Server) render(w http.ResponseWriter, r *http.Request, name string, page pager) error {
	return s.renderStatus(w, r, http.StatusOK, name, page)
}

// renderStatus is render with another status, such as 422 for a refused form.
func (s *Server) renderStatus(w http.ResponseWriter, r *http.Request, status int, name string, page pager) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := s.views.write(b, name, page); err != nil {
		return err
	}
	s.send(w, r, status, typeHTML, b.Bytes())
	return nil
}

// send answers with a body: compressed where it pays, with a validator where the
// answer is the same for everybody, and "not modified" to those who have it.
func (s *Server) send(w http.ResponseWriter, r *http.Request, status int, kind string, body []byte) {
	v := visitOf(r)
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Add("Vary", "Accept-Encoding")
	public := status == http.StatusOK && !v.viewer.SignedIn() && (r.Method == http.MethodGet || r.Method == http.MethodHead)
	if h.Get("Cache-Control") == "" {
		if public {
			// Ask every time: what was hidden a moment ago must not come from a cache.
			h.Set("Cache-Control", "no-cache")
		} else {
			h.Set("Cache-Control", "no-store")
		}
	}
	h.Add("Vary", "Cookie")
	if public {
		sum := sha256.Sum256(body)
		tag := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
		h.Set("ETag", tag)
		if matches(r.Header.Get("If-None-Match"), tag) {
			h.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	if len(body) >= packFrom && acceptsGzip(r) {
		b := buffers.Get().(*bytes.Buffer)
		defer buffers.Put(b)
		b.Reset()
		z := packers.Get().(*gzip.Writer)
		defer packers.Put(z)
		z.Reset(b)
		_, _ = z.Write(body) // a buffer does not fail
		_ = z.Close()
		body = b.Bytes()
		h.Set("Content-Encoding", "gzip")
	}
	if k, ok := w.(*keeper); ok {
		k.store(body)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader who has left is no fault
	}
}

func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) == "gzip" {
			q = strings.ReplaceAll(q, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

// matches compares validators weakly, as If-None-Match asks.
func matches(header, tag string) bool {
	tag = strings.TrimPrefix(tag, "W/")
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part != "" && part == tag || part == "*" {
			return true
		}
	}
	return false
}
