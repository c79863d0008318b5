package web

import (
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/trend"
)

// TestFollowFeedsOfRecords gives every record that is followed up, and every attack, a feed of its
// own that its page names.
func TestFollowFeedsOfRecords(t *testing.T) {
	s, _, _ := followerSite(t)
	for page, want := range map[string]struct {
		feed  string
		title string // of an entry
	}{
		"/follow-up/demands/apology-for-not-coming": {"/feeds/follow-up/demands/apology-for-not-coming.atom", "A demand was made"},
		"/follow-up/commitments/earlier-promises":   {"/feeds/follow-up/commitments/earlier-promises.atom", ""},
		"/follow-up/proceedings/two-masterminds":    {"/feeds/follow-up/proceedings/two-masterminds.atom", "escape"},
		"/events/alamdar-road-2013-01-10/course":    {"/feeds/events/alamdar-road-2013-01-10.atom", "Case"},
		"/ur/follow-up/proceedings/two-masterminds": {"/feeds/follow-up/proceedings/two-masterminds.atom", "escape"},
		"/fa/events/alamdar-road-2013-01-10/course": {"/feeds/events/alamdar-road-2013-01-10.atom", ""},
		"/follow-up": {"/feeds/follow-up.atom", "Case"},
	} {
		s.get(page).status(200).has(`type="application/atom+xml" href="` + want.feed + `"`)
		a := s.get(want.feed).status(200)
		if kind := a.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/atom+xml") {
			t.Errorf("%s is %s", want.feed, kind)
		}
		var f atomFeed
		if err := xml.Unmarshal([]byte(a.body), &f); err != nil {
			t.Fatalf("%s: %v", want.feed, err)
		}
		ids, found := map[string]bool{}, want.title == ""
		for _, e := range f.Entries {
			if ids[e.ID] || e.Title == "" {
				t.Errorf("%s has an entry %q twice or without a title", want.feed, e.ID)
			}
			ids[e.ID], found = true, found || e.Title == want.title
		}
		if len(f.Entries) == 0 || !found {
			t.Errorf("%s has %d entries, and none is %q", want.feed, len(f.Entries), want.title)
		}
	}
	for _, none := range []string{
		"/feeds/follow-up/demands/nothing.atom", "/feeds/follow-up/demands/apology-for-not-coming", "/feeds/follow-up/commitments/two-masterminds.atom",
		"/feeds/follow-up/proceedings/.atom", "/feeds/events/nothing.atom", "/feeds/events/alamdar-road-2013-01-10",
	} {
		s.get(none).status(404)
	}
}

// TestFollowTrends gives a statement on a trend a form and a feed to follow it by, in which a later one
// of the same frame stands too, and says there when its numbers changed.
func TestFollowTrends(t *testing.T) {
	s, _, _ := followerSite(t)
	p := trend.Defaults("2012-01-01", "2013-12-31")
	p.Boundary, p.Ground, p.Why = "2013-01-10", trend.GroundLaw, "a law of that day"
	for _, slug := range []string{"first", "second", "elsewhere", "inside"} {
		rec := &record.TrendStatement{Title: record.Plain("en", "Test "+slug), Slug: slug, Frame: record.Frame{Country: "PK"}, Visibility: record.Public}
		switch slug {
		case "elsewhere":
			rec.Frame.Country = "AF"
		case "inside":
			rec.Visibility = record.Internal
		}
		if _, err := s.srv.following.MakeTrend(t.Context(), access.House(), rec, p, ""); err != nil {
			t.Fatal(err)
		}
	}
	titles := func(path string) (out []string) {
		t.Helper()
		var f atomFeed
		if err := xml.Unmarshal([]byte(s.get(path).status(200).body), &f); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for _, e := range f.Entries {
			out = append(out, e.Title)
		}
		slices.Sort(out)
		return out
	}
	want := func(path string, want ...string) {
		t.Helper()
		if got := titles(path); !slices.Equal(got, want) {
			t.Errorf("%s has %q, want %q", path, got, want)
		}
	}
	for _, prefix := range []string{"", "/ur", "/fa"} {
		s.get(prefix+"/trends/first").status(200).has(`href="/feeds/trends/first.atom"`, `href="`+prefix+`/follow?of=trend%3Afirst"`)
		s.get(prefix + "/trends").status(200).has(`href="/feeds/trends.atom"`)
		s.get(prefix+"/follow?of=trend:first").status(200).has("Test first", `href="`+prefix+`/trends/first"`)
	}
	want("/feeds/trends/first.atom", "Test first", "Test second")
	want("/feeds/trends/second.atom", "Test second")
	want("/feeds/trends.atom", "Test elsewhere", "Test first", "Test second")
	if all := titles("/feeds/follow-up.atom"); !slices.Contains(all, "Test first") || slices.Contains(all, "Test inside") {
		t.Errorf("the feed of everything has %q", all)
	}
	for _, none := range []string{"/feeds/trends/inside.atom", "/feeds/trends/nothing.atom", "/feeds/trends/first", "/follow?of=trend:inside", "/follow?of=trend:"} {
		s.get(none).status(404)
	}
	view, err := s.srv.following.TrendWithInput(t.Context(), access.House(), "first")
	if err != nil {
		t.Fatal(err)
	}
	hidden := record.Ref{Kind: record.KindEvent, ID: view.Input.Events[0].ID}
	if err := s.house.Unpublish(t.Context(), access.House(), []record.Ref{hidden}, "for safety"); err != nil {
		t.Fatal(err)
	}
	changed := "The numbers changed, computed again without events that are not public any more: “Test "
	want("/feeds/trends/first.atom", "Test first", "Test second", changed+"first”", changed+"second”")
}
