package web

import "testing"

// A page from memory is the page that was made, in both encodings, and "not
// modified" to whoever has it.
func TestKeptPage(t *testing.T) {
	s := exampleSite(t)
	for _, enc := range []string{"identity", "gzip"} {
		first := s.get("/events", "Accept-Encoding", enc).status(200)
		second := s.get("/events", "Accept-Encoding", enc).status(200)
		if first.body != second.body {
			t.Errorf("%s: the second answer differs", enc)
		}
		for _, h := range []string{"Content-Type", "Content-Encoding", "ETag", "Content-Security-Policy", "Cache-Control"} {
			if first.Header.Get(h) != second.Header.Get(h) {
				t.Errorf("%s: %s is %q, then %q", enc, h, first.Header.Get(h), second.Header.Get(h))
			}
		}
		s.get("/events", "Accept-Encoding", enc, "If-None-Match", first.Header.Get("ETag")).status(304)
	}
}
