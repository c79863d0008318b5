package web

import (
	"sync"
	"time"
)

// made holds event pages by what they were made from. The data of a page is read
// for every request; only the setting of it, which costs several times more, is
// spared when nothing on the page has changed. That is what carries the site
// while an import commits many times a second and [keep] holds pages for seconds.
//
// A page made from what was since hidden or erased cannot be asked for, because
// its stamp is gone; every ten minutes its bytes go too.
type made struct {
	limit int
	span  time.Duration

	mu    sync.Mutex // guards what follows
	since time.Time
	size  int
	pages map[string][]byte
}

func newMade(limit int, span time.Duration) *made {
	return &made{limit: limit, span: span, pages: map[string][]byte{}}
}

// get returns a page that must not be changed.
func (m *made) get(key string, now time.Time) ([]byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now.Sub(m.since) > m.span {
		m.since, m.size, m.pages = now, 0, map[string][]byte{}
	}
	body, ok := m.pages[key]
	return body, ok
}

// put keeps a page, after making room by dropping all others when it is full.
func (m *made) put(key string, body []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(key) + len(body)
	if m.size+n > m.limit {
		m.size, m.pages = 0, map[string][]byte{}
	}
	if m.pages[key] == nil {
		m.size += n
		m.pages[key] = body
	}
}
