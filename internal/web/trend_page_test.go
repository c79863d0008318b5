package web

import (
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/trend"
)

// What a test was computed from holds, on every way to it, only events that are public at
// that moment, also where the page was kept before.
func TestTrendInputIsPublicNow(t *testing.T) {
	s := exampleSite(t)
	p := trend.Defaults("2012-01-01", "2013-12-31")
	p.Boundary, p.Ground, p.Why = "2013-01-10", trend.GroundEvent, "that attack"
	draft, err := s.srv.following.DraftTrend(t.Context(), access.House(), record.Frame{Country: "PK"}, p)
	if err != nil {
		t.Fatal(err)
	}
	p.BoundaryEvent = draft.Input.Events[0].ID
	rec := &record.TrendStatement{Title: record.Plain("en", "Trend"), Slug: "trend", Frame: record.Frame{Country: "PK"}, Visibility: record.Public}
	if _, err := s.srv.following.MakeTrend(t.Context(), access.House(), rec, p, "publish"); err != nil {
		t.Fatal(err)
	}
	paths := []string{"/trends", "/trends/trend", "/ur/trends/trend", "/trends/trend/input.tsv", "/trends/trend/bins.csv", "/trends/trend/result.json", "/api/v1/trends", "/api/v1/trends/trend"}
	read := func() map[string]string {
		out := map[string]string{}
		for _, path := range paths {
			a := s.get(path)
			if a.StatusCode != 200 {
				t.Fatalf("%s: status %d", path, a.StatusCode)
			}
			out[path] = a.body
		}
		return out
	}
	before := read()
	if in := before["/trends/trend/input.tsv"]; trend.Hash([]byte(in)) != draft.Hash || !strings.Contains(in, p.BoundaryEvent) {
		t.Errorf("the input is not what was hashed: %s", in)
	}
	if !strings.Contains(before["/trends/trend"], "gawah trend check trend") {
		t.Error("the page does not say how to compute it again")
	}
	if err := s.house.Unpublish(t.Context(), access.House(), []record.Ref{{Kind: record.KindEvent, ID: p.BoundaryEvent}}, "for safety"); err != nil {
		t.Fatal(err)
	}
	after := read()
	for path, body := range after {
		if strings.Contains(body, p.BoundaryEvent) {
			t.Errorf("%s still names the event that was hidden", path)
		}
	}
	in := after["/trends/trend/input.tsv"]
	if !strings.HasPrefix(in, "# 1 events are not public any more") || strings.Count(in, "\n") != strings.Count(before["/trends/trend/input.tsv"], "\n") {
		t.Errorf("a line less and one that says so are wanted: %s", in)
	}
	if !strings.Contains(after["/trends/trend"], "1 event in it is not public any more") || !strings.Contains(after["/api/v1/trends/trend"], `"taken_out": 1`) && !strings.Contains(after["/api/v1/trends/trend"], `"taken_out":1`) {
		t.Errorf("neither the page nor the interface may pass over what was taken out: %s", after["/api/v1/trends/trend"])
	}
}
