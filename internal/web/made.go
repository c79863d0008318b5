package web

import (
	"sync"
	"time"
)

// made holds event pages by what they were made from. Where [keep] has dropped a
// page because something has changed somewhere, its data is read again; the
// setting and packing of it, which costs several times more, is spared when
// nothing on this page has.
//
// A page made from what was since hidden or erased cannot be asked for, because
// its stamp is gone; every ten minutes its bytes go too.
type made struct {
	span time.Duration

	mu    sync.Mutex // guards what follows
	since time.Time
	pages *shelf[packed]
}

func newMade(limit int, span time.Duration) *made {
	return &made{span: span, pages: newShelf(limit, func(p packed, key string) int { return len(key) + len(p.body) + 128 })}
}

// get returns a page that must not be changed.
func (m *made) get(key string, now time.Time) (packed, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now.Sub(m.since) > m.span {
		m.since = now
		m.pages.clear()
	}
	return m.pages.get(key)
}

func (m *made) put(key string, p packed) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pages.put(key, p)
}
