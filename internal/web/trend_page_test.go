package web

import (
	"encoding/json"
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
	// Nor do the numbers: every one is of what is left, and the day of the hidden attack is no boundary.
	var was, is trend.Result
	for body, to := range map[string]*trend.Result{before["/trends/trend/result.json"]: &was, after["/trends/trend/result.json"]: &is} {
		if err := json.Unmarshal([]byte(body), to); err != nil {
			t.Fatal(err)
		}
	}
	bars := func(r *trend.Result) (n int64) {
		for _, b := range r.All.Bins {
			n += b.Attacks
		}
		return n
	}
	if was.Params.Boundary != "2013-01-10" || is.Params.Boundary != "" || is.Params.Why != "" || is.Events != was.Events-1 || bars(&is) >= bars(&was) && was.Params.BoundaryEvent == "" {
		t.Errorf("before %d events, %d in bars, boundary %s; after %d, %d, %q", was.Events, bars(&was), was.Params.Boundary, is.Events, bars(&is), is.Params.Boundary)
	}
	if again, err := trend.Recompute(is.Version, is.Params, []byte(strings.SplitN(after["/trends/trend/input.tsv"], "\n", 2)[1])); err != nil || again.InputSHA256 != is.InputSHA256 {
		t.Errorf("the numbers are not of the input that is given: %v", err)
	}
	for _, path := range []string{"/trends/trend", "/ur/trends/trend", "/trends/trend/bins.csv", "/trends/trend/result.json", "/api/v1/trends", "/api/v1/trends/trend"} {
		if strings.Contains(after[path], "that attack") || after[path] == before[path] {
			t.Errorf("%s still tells of the hidden attack", path)
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
