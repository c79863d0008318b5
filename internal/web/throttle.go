package web

import (
	"errors"
	"sync"
	"time"
)

// errMany is one network sending more than a person would.
var errMany = errors.New("too many requests")

// throttle counts what a network sent within a span. It forgets everything when
// the span is over, so it keeps no history of who wrote when.
type throttle struct {
	limit int
	span  time.Duration

	mu    sync.Mutex // guards what follows
	since time.Time
	count map[string]int
}

func newThrottle(limit int, span time.Duration) *throttle {
	return &throttle{limit: limit, span: span, count: map[string]int{}}
}

// allow counts one and reports whether it is within the limit.
func (t *throttle) allow(now time.Time, network string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Sub(t.since) >= t.span {
		t.since, t.count = now, map[string]int{}
	}
	t.count[network]++
	return t.count[network] <= t.limit
}
