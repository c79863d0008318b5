package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
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
	// Pages are made for one reader at a time. This level takes as long as the lower
	// ones for a sixth fewer bytes; the next takes twice as long.
	packers = sync.Pool{New: func() any {
		z, err := gzip.NewWriterLevel(nil, 5)
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

// packed is a body as readers who take gzip get it, with the validator of what is
// in it. Its bytes do not change.
type packed struct {
	body []byte
	tag  string
}

func pack(body []byte) packed {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	z := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	z.Reset(b)
	_, _ = z.Write(body) // a buffer does not fail
	_ = z.Close()
	return packed{bytes.Clone(b.Bytes()), validator(body)}
}

func validator(body []byte) string {
	sum := sha256.Sum256(body)
	return validatorOf(sum[:])
}

// validatorOf names a body by its SHA-256.
func validatorOf(sum []byte) string {
	return `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// send answers with a body: compressed where it pays, with a validator where the
// answer is the same for everybody, and "not modified" to those who have it.
func (s *Server) send(w http.ResponseWriter, r *http.Request, status int, kind string, body []byte) {
	if len(body) >= packFrom && acceptsGzip(r) {
		s.sendPacked(w, r, status, kind, pack(body))
		return
	}
	tag := ""
	if public(r, status) {
		tag = validator(body)
	}
	s.answer(w, r, status, kind, tag, body)
}

// sendPacked is send with a body that is compressed already, for those who take it.
func (s *Server) sendPacked(w http.ResponseWriter, r *http.Request, status int, kind string, p packed) {
	w.Header().Set("Content-Encoding", "gzip")
	if k, ok := w.(*keeper); ok {
		k.still = true
	}
	s.answer(w, r, status, kind, p.tag, p.body)
}

// public reports whether an answer is the same for everybody.
func public(r *http.Request, status int) bool {
	return status == http.StatusOK && !visitOf(r).viewer.SignedIn() && (r.Method == http.MethodGet || r.Method == http.MethodHead)
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request, status int, kind, tag string, body []byte) {
	if !s.answerHead(w, r, status, kind, tag) {
		return
	}
	if k, ok := w.(*keeper); ok {
		k.store(body)
		k.made()
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader who has left is no fault
	}
}

// answerFrom answers with size bytes of a body that is too long to be held, and not kept.
func (s *Server) answerFrom(w http.ResponseWriter, r *http.Request, kind, tag string, size int64, body io.Reader) {
	if !s.answerHead(w, r, http.StatusOK, kind, tag) {
		return
	}
	if k, ok := w.(*keeper); ok {
		k.made()
	}
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, body) // a reader who has left is no fault
	}
}

// answerHead sets what is said about a body. It reports false where the reader has it already and
// was told so.
func (s *Server) answerHead(w http.ResponseWriter, r *http.Request, status int, kind, tag string) bool {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Add("Vary", "Accept-Encoding")
	public := public(r, status)
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
		h.Set("ETag", tag)
		if matches(r.Header.Get("If-None-Match"), tag) {
			h.Del("Content-Type")
			h.Del("Content-Encoding")
			w.WriteHeader(http.StatusNotModified)
			return false
		}
	}
	return true
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
