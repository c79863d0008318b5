package web

import "testing"

func TestFirstPath(t *testing.T) {
	s := exampleSite(t)
	for _, p := range []string{"/", "/events", "/events?q=quetta&from=2013", "/events/alamdar-road-2013-01-10", "/events/mach-2021-01-03", "/healthz", "/ur/events"} {
		a := s.get(p)
		if a.StatusCode != 200 {
			t.Errorf("%s: %d", p, a.StatusCode)
		}
		t.Log(p, len(a.body))
	}
	s.get("/events/none").status(404)
}
