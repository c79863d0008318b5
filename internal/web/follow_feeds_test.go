package web

import (
	"encoding/xml"
	"strings"
	"testing"
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
