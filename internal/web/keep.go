package web

import (
	"net/http"
	"sync"
)

// keepBytes and madeBytes bound the pages kept in memory.
const (
	keepBytes = 32 << 20
	madeBytes = 64 << 20
)

// keep holds finished answers for readers without an account, all of one state
// of the database: they are valid while the number that every commit raises
// ([casework.House.Change]) is unchanged, and the first reader after a commit
// empties it.
//
// That number is read for every request. It is one row, cheaper than anything a
// page would save by asking less often, and it keeps the promise that what was
// hidden is gone with the next request, in every process on the database. While
// an import commits many times a second nothing is found here; event pages then
// come from [made], and the others have to be fast enough by themselves.
type keep struct {
	limit int

	mu     sync.Mutex // guards what follows
	change int64
	size   int
	pages  map[string]*kept
}

// kept is one finished answer as it went out.
type kept struct {
	header http.Header
	status int
	body   []byte
}

func newKeep(limit int) *keep { return &keep{limit: limit, pages: map[string]*kept{}} }

func (k *keep) get(change int64, key string) *kept {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.change != change {
		k.change, k.size, k.pages = change, 0, map[string]*kept{}
		return nil
	}
	return k.pages[key]
}

func (k *keep) put(change int64, key string, p *kept) {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := len(p.body) + len(key) + 512
	if k.change != change || k.size+n > k.limit || k.pages[key] != nil {
		return
	}
	k.size += n
	k.pages[key] = p
}

// keeper notes what a handler answers.
type keeper struct {
	recorder
	body []byte
}

func (k *keeper) store(body []byte) { k.body = append([]byte(nil), body...) }

// serveKept answers from memory, or lets the route answer and keeps that. It
// reports false where the answer is not for keeping.
func (s *Server) serveKept(w http.ResponseWriter, r *http.Request, rt route) bool {
	v := visitOf(r)
	if r.Method != http.MethodGet || v.viewer.SignedIn() || len(r.URL.RawQuery) > 512 {
		return false
	}
	change, err := s.house.Change(r.Context())
	if err != nil {
		return false
	}
	enc := "plain "
	if acceptsGzip(r) {
		enc = "gzip "
	}
	key := enc + v.lang.Tag() + " " + r.Host + r.URL.Path + "?" + r.URL.RawQuery
	if p := s.kept.get(change, key); p != nil {
		h := w.Header()
		for name, values := range p.header {
			h[name] = values
		}
		if p.status == http.StatusOK && matches(r.Header.Get("If-None-Match"), p.header.Get("ETag")) {
			h.Del("Content-Type")
			h.Del("Content-Encoding")
			h.Del("Content-Length")
			w.WriteHeader(http.StatusNotModified)
			return true
		}
		w.WriteHeader(p.status)
		_, _ = w.Write(p.body) // a reader who has left is no fault
		return true
	}
	k := &keeper{recorder: recorder{ResponseWriter: w}}
	if err := rt.do(k, r); err != nil {
		s.showError(w, r, err)
		return true
	}
	if k.body != nil {
		h := http.Header{}
		for _, name := range []string{"Content-Type", "Content-Encoding", "Content-Length", "Cache-Control", "Etag", "Vary", "Link", "Access-Control-Allow-Origin"} {
			if values, ok := w.Header()[name]; ok {
				h[name] = values
			}
		}
		s.kept.put(change, key, &kept{header: h, status: k.status, body: k.body})
	}
	return true
}
