package web

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gawah-project/gawah/internal/lang"
)

// How often the front asks whether anything has changed. Between the two it asks
// in the background; after the second a reader waits for the answer, so nothing
// is shown for longer than that after it was hidden.
const (
	frontAsk  = 80 * time.Millisecond
	frontMost = 240 * time.Millisecond
	// frontAdds is for how long pages stay good while an import adds records and
	// changes none.
	frontAdds = time.Second
	// frontPages bounds how many answers are kept, frontHosts under how many names
	// of this site.
	frontPages = 4096
	frontHosts = 8
)

// front answers for petitions before everything else does: ready bytes from
// memory, without a look at the database, a session or the list of routes. On
// the day a petition is in the news nearly every request is for one page and one
// number, and all layers behind cost more than these answers.
//
// An answer is kept when its route says so and it is everybody's: no query, no
// session. It is made by the very handler that would have answered, so there is
// one way to make a page and it is tested once.
type front struct {
	s    *Server
	next http.Handler

	now     atomic.Pointer[frontNow]
	asked   atomic.Int64 // nanoseconds since 1970, when the present state was last asked for
	asking  atomic.Bool
	askOne  sync.Mutex
	mu      sync.RWMutex // guards tables and what is in them
	tables  map[frontKey]map[string]*ready
	pages   int
	flights map[flightKey]*flight
}

// frontNow is the state that answers have to be made from. One of another turn is
// made anew; those of another hard state are forgotten at once, used or not.
type frontNow struct {
	hard   int64 // of what may have been hidden, erased or changed
	adds   int64
	held   int64 // adds as of when petitions were last read anew for it
	counts int64
	turn   int64
	added  int64 // nanoseconds since 1970, of held
}

// frontKey is what an answer depends on besides its address: the name of the
// site where it has no configured one, and whether the reader sits at this very
// machine, who alone may sign a private copy.
type frontKey struct {
	host        string
	tls, nearby bool
}

type flightKey struct {
	frontKey
	path string
}

// flight is an answer in the making; others who want it wait.
type flight struct {
	done chan struct{}
	page *ready
}

func newFront(s *Server, next http.Handler) *front {
	return &front{s: s, next: next, tables: map[frontKey]map[string]*ready{}, flights: map[flightKey]*flight{}}
}

// frontPrefixes are the beginnings of the addresses that are the front's.
var frontPrefixes = sync.OnceValue(func() []string {
	var all []string
	for _, l := range lang.All() {
		all = append(all, l.Path()+"/petitions")
	}
	return all
})

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for _, prefix := range frontPrefixes() {
		if strings.HasPrefix(r.URL.Path, prefix) {
			f.petition(w, r)
			return
		}
	}
	f.next.ServeHTTP(w, r)
}

func (f *front) petition(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		if r.URL.RawQuery == "" && r.URL.RawPath == "" && !hasSession(r) && f.ready(w, r) {
			return
		}
	case http.MethodPost:
		if f.s.signAtOnce(w, r) {
			return
		}
	}
	f.next.ServeHTTP(w, r)
}

// hasSession reports whether somebody may be signed in: what they see is theirs.
func hasSession(r *http.Request) bool {
	for _, c := range r.Header["Cookie"] {
		if strings.Contains(c, "gawah_session=") {
			return true
		}
	}
	return false
}

// ready answers from memory, making the answer first where it is missing or old.
func (f *front) ready(w http.ResponseWriter, r *http.Request) bool {
	now := time.Now().UnixNano()
	state := f.state(r.Context(), now)
	if state == nil {
		return false
	}
	key := frontKey{nearby: f.s.byLoopback(r)}
	if f.s.url == nil {
		key.host, key.tls = r.Host, f.s.https(r)
	}
	f.mu.RLock()
	p := f.tables[key][r.URL.Path]
	f.mu.RUnlock()
	if p == nil || p.hard != state.hard || p.turn != state.turn || now >= p.until {
		p = f.make(r, key, state)
	}
	p.write(w, r)
	return true
}

// state is what answers have to be made from now.
func (f *front) state(ctx context.Context, now int64) *frontNow {
	if f == nil {
		return nil
	}
	state := f.now.Load()
	age := now - f.asked.Load()
	switch {
	case state != nil && age < int64(frontAsk):
	case state != nil && age < int64(frontMost):
		if f.asking.CompareAndSwap(false, true) {
			ctx := context.WithoutCancel(ctx)
			go func() {
				defer f.asking.Store(false)
				f.ask(ctx)
			}()
		}
	default:
		f.askOne.Lock()
		defer f.askOne.Unlock()
		if state = f.now.Load(); state != nil && time.Now().UnixNano()-f.asked.Load() < int64(frontAsk) {
			return state // somebody else asked meanwhile
		}
		if !f.ask(ctx) {
			return nil
		}
		return f.now.Load()
	}
	return state
}

// ask looks whether anything has changed since it was last asked: what was
// changed or hidden, numbers that moved, and, once in a while, records added.
func (f *front) ask(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	began := time.Now().UnixNano()
	m, err := f.s.house.Moment(ctx)
	if err != nil {
		return false
	}
	var counts int64
	if f.s.tallies != nil {
		if counts, err = f.s.tallies.Changes(ctx); err != nil {
			return false
		}
	}
	for {
		old := f.now.Load()
		state := &frontNow{hard: m.Change, adds: m.Size, held: m.Size, counts: counts, turn: 1, added: began}
		if old != nil {
			added := old.held != state.adds && began-old.added > int64(frontAdds)
			if old.hard == state.hard && !added {
				if old.counts == state.counts {
					break
				}
				state.held, state.added = old.held, old.added
			}
			state.turn = old.turn + 1
		}
		if f.now.CompareAndSwap(old, state) {
			if old != nil && old.hard != state.hard {
				f.empty()
			}
			break
		}
	}
	f.asked.Store(began)
	return true
}

// empty forgets every answer: what was hidden is not kept even unseen.
func (f *front) empty() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.tables)
	f.pages = 0
}

// make has the answer made by the layers behind, once for all who wait for it.
func (f *front) make(r *http.Request, key frontKey, state *frontNow) *ready {
	fk := flightKey{key, r.URL.Path}
	f.mu.Lock()
	if busy := f.flights[fk]; busy != nil {
		f.mu.Unlock()
		<-busy.done
		return busy.page
	}
	one := &flight{done: make(chan struct{})}
	f.flights[fk] = one
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		delete(f.flights, fk)
		f.mu.Unlock()
		close(one.done)
	}()
	// A reader who leaves does not take the answer away from the others.
	ctx := context.WithoutCancel(r.Context())
	making := &frontMaking{}
	in := r.Clone(context.WithValue(ctx, makingKey{}, making))
	in.Method, in.Body = http.MethodGet, http.NoBody
	for _, name := range []string{"Accept-Encoding", "If-None-Match", "If-Modified-Since", "Cookie", "Range"} {
		in.Header.Del(name)
	}
	c := &capture{header: http.Header{}}
	f.next.ServeHTTP(c, in)
	one.page = newReady(c, state, making)
	if one.page.keep {
		f.put(key, r.URL.Path, one.page)
	}
	return one.page
}

// put keeps an answer. One made from an older state than is known by now is of no
// use to anybody.
func (f *front) put(key frontKey, path string, p *ready) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.now.Load(); now == nil || now.hard != p.hard {
		return
	}
	t := f.tables[key]
	if t == nil {
		if len(f.tables) >= frontHosts {
			return // names made up by whoever sends them
		}
		t = map[string]*ready{}
		f.tables[key] = t
	}
	if t[path] == nil {
		if f.pages >= frontPages {
			clear(f.tables)
			f.pages = 0
			t = map[string]*ready{}
			f.tables[key] = t
		}
		f.pages++
	}
	t[path] = p
}

// frontMaking is how the layers behind tell the front about an answer it asked
// them for.
type frontMaking struct {
	keep  bool  // the route's answers are everybody's
	until int64 // microseconds UTC when the clock alone changes it; 0 never
}

type makingKey struct{}

// turnsAt notes on the way that an answer is good only until an instant.
func turnsAt(r *http.Request, micros int64) {
	m, ok := r.Context().Value(makingKey{}).(*frontMaking)
	if ok && micros != 0 && (m.until == 0 || micros < m.until) {
		m.until = micros
	}
}

// frontRoute notes on the way that a route's answers may be kept.
func frontRoute(r *http.Request, rt route) {
	if m, ok := r.Context().Value(makingKey{}).(*frontMaking); ok {
		m.keep = rt.front
	}
}

// door is what a signature's form needs to know of its petition, as of now; nil
// where the layers have to find out.
func (f *front) door(r *http.Request, slug string) *petitionData {
	if f.state(r.Context(), time.Now().UnixNano()) == nil {
		return nil
	}
	d, err := f.s.petitionPage(r.Context(), slug)
	if err != nil || d.Petition.Slug != slug || d.hidden() {
		return nil
	}
	return d
}

// thanks is the prepared answer to a signature, in a language.
func (f *front) thanks(r *http.Request, l *lang.Printer, d *petitionData) *ready {
	state := f.now.Load()
	if state == nil {
		return nil
	}
	key := frontKey{nearby: f.s.byLoopback(r)}
	if f.s.url == nil {
		key.host, key.tls = r.Host, f.s.https(r)
	}
	path := l.Path() + petitionPath(d.Petition) + "/sign/thanks"
	f.mu.RLock()
	p := f.tables[key][path]
	f.mu.RUnlock()
	if p != nil && p.hard == state.hard {
		return p
	}
	in := r.Clone(context.WithoutCancel(r.Context()))
	in.URL.Path = path
	return f.make(in, key, state)
}

// tell answers with the page for an error.
func (f *front) tell(w http.ResponseWriter, r *http.Request, err error) {
	in := r.WithContext(context.WithValue(r.Context(), tellKey{}, err))
	in.Method = http.MethodGet
	f.next.ServeHTTP(w, in)
}

type tellKey struct{}

// forget makes the next reader wait for the present state: something was just
// done here, and whoever did it wants to see it.
func (f *front) forget() { f.asked.Store(0) }
