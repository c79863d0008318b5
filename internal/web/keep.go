package web

import (
	"bytes"
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/gawah-project/gawah/internal/casework"
)

// keepBytes and madeBytes bound the pages kept in memory.
const (
	keepBytes = 64 << 20
	madeBytes = 32 << 20
)

// keepLag is for how long an answer is good that lacks nothing but what an
// import has added since.
const keepLag = 2 * time.Second

// keep holds finished answers for readers without an account. All are of one
// [casework.Moment.Change]: the first reader after any commit that did more than
// add records empties it, so what was hidden, erased or changed is gone with the
// next request, in every process on the database.
//
// An import commits many times a second and mostly adds. While it runs an answer
// is good for keepLag, and as it may itself have been made from a snapshot
// [casework.Lag] old, no reader is further behind the import than the two
// together. The page of one event is good for longer: as long as nothing was added
// to an event that was there before ([casework.Moment.Reach]). Without such commits
// an answer is good for as long as nothing changes. What shows nothing that is followed up
// is good while nothing else is written ([casework.Moment.Register]).
//
// The present state is asked for with every request: it is one row, cheaper than
// anything a page would save by asking less often.
type keep struct {
	// longs has room for the long answers that may be made at once, as many as
	// there are processors: more would only make those who read a page wait for
	// several searches through the whole record.
	longs chan struct{}

	mu     sync.Mutex // guards what follows
	change int64
	pages  *shelf[*kept]
	// register is the state of the answers in still, which are in pages too.
	register int64
	still    *shelf[*kept]
}

// kept is one finished answer as it went out.
type kept struct {
	header http.Header
	status int
	body   []byte
	of     casework.Moment // the oldest state it was made from
	at     time.Time       // when making it began
}

func newKeep(limit int) *keep {
	return &keep{
		longs: make(chan struct{}, runtime.GOMAXPROCS(0)), pages: newShelf(limit-limit/4, (*kept).weight), still: newShelf(limit/4, (*kept).weight),
	}
}

// get returns the answer that is good at a state and an instant. single says that
// it is about one event, still that it shows nothing that is followed up.
func (k *keep) get(now casework.Moment, at time.Time, key string, single, still bool) *kept {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.turn(now)
	if still {
		if p, ok := k.still.get(key); ok && p.of.Register >= now.Register {
			return p
		}
	}
	p, ok := k.pages.get(key)
	switch {
	case !ok:
		return nil
	case p.of.Size >= now.Size, single && p.of.Reach >= now.Reach, at.Sub(p.at) <= keepLag:
		return p
	}
	return nil
}

// put keeps an answer.
func (k *keep) put(key string, p *kept, still bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if still && p.of.Register == k.register {
		k.still.put(key, p)
	}
	if p.of.Change == k.change {
		k.pages.put(key, p)
	}
}

// turn drops everything when the record has changed.
func (k *keep) turn(now casework.Moment) {
	if now.Change != k.change {
		k.change = now.Change
		k.pages.clear()
	}
	if now.Register != k.register {
		k.register = now.Register
		k.still.clear()
	}
}

// weight is about how many bytes of memory an answer takes.
func (p *kept) weight(key string) int { return len(p.body) + len(key) + 512 }

// keeper notes what a handler answers.
type keeper struct {
	recorder
	body []byte
	// made is called once the answer is ready to be sent.
	made func()
	// still says that the bytes answered with do not change afterwards.
	still bool
}

func (k *keeper) store(body []byte) {
	if k.body = body; !k.still {
		k.body = bytes.Clone(body)
	}
}

// serveKept answers from memory, or lets the route answer and keeps that. It
// reports false where the answer is not for keeping.
func (s *Server) serveKept(w http.ResponseWriter, r *http.Request, rt route) bool {
	v := visitOf(r)
	if r.Method != http.MethodGet || v.viewer.SignedIn() || len(r.URL.RawQuery) > 512 {
		return false
	}
	began := time.Now()
	now, err := s.house.Moment(r.Context())
	if err != nil {
		return false
	}
	enc := "plain "
	if acceptsGzip(r) {
		enc = "gzip "
	}
	key := enc + v.lang.Tag() + " " + r.Host + r.URL.Path + "?" + r.URL.RawQuery
	if v.loop {
		key = "near " + key
	}
	if rt.daily {
		key += " until " + nextDay(s.now()).String()
	}
	if rt.minutely {
		key += " of minute " + strconv.FormatInt(s.now().Unix()/60, 10)
	}
	if p := s.kept.get(now, began, key, rt.single, rt.still); p != nil {
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
	made := func() {}
	if rt.long {
		select {
		case s.kept.longs <- struct{}{}:
			// The room is for making an answer, and not for a reader who takes it slowly.
			made = sync.OnceFunc(func() { <-s.kept.longs })
			defer made()
		case <-r.Context().Done():
			return true // the reader has left
		}
	}
	k := &keeper{recorder: recorder{ResponseWriter: w}, made: made}
	ctx, of := casework.Lagging(r.Context(), now)
	r = r.WithContext(ctx)
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
		s.kept.put(key, &kept{header: h, status: k.status, body: k.body, of: of(), at: began}, rt.still)
	}
	return true
}
