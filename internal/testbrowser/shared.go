package testbrowser

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// sharing is the browser that the tests of a package have in common.
var sharing shared

// shared is safe for use by several goroutines.
type shared struct {
	mu   sync.Mutex
	on   bool // within Main
	b    *Browser
	stop func()
}

// Main runs the tests of a package, whose calls of [New] then have one browser in
// common, and returns the code to exit with. Starting Chromium takes a second of a
// processor. Nothing goes from one test to another by it: each page has cookies,
// storage and permissions of its own, which end with it.
//
// The browser has ended when Main returns. Where the tests do not return, because
// one ran out of time, the kernel ends it with them.
func Main(run func() int) int {
	sharing.mu.Lock()
	sharing.on = true
	sharing.mu.Unlock()
	defer func() {
		sharing.mu.Lock()
		defer sharing.mu.Unlock()
		sharing.on = false
		sharing.end()
	}()
	return run()
}

// get returns the browser, started anew where the one before has gone, and false
// outside of Main.
func (s *shared) get(t testing.TB) (*Browser, bool) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.on {
		return nil, false
	}
	if s.b != nil && !s.b.alive() {
		fmt.Fprintln(os.Stderr, "testbrowser: the browser of the tests before has gone; starting another")
		s.end()
	}
	if s.b == nil {
		s.b, s.stop = start(t)
	}
	return s.b, true
}

// end stops the browser, if there is one.
func (s *shared) end() {
	if s.b != nil {
		s.stop()
		s.b, s.stop = nil, nil
	}
}

// alive reports whether the browser's process still answers for itself.
func (b *Browser) alive() bool {
	select {
	case <-b.ctx.Done():
		return false
	case <-chromedp.FromContext(b.ctx).Browser.LostConnection:
		return false
	default:
		return true
	}
}
