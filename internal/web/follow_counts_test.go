package web

import (
	"strings"
	"testing"
)

// TestFollowUpSaysWhatItCounts reads the sentences whose words depend on what they
// count.
func TestFollowUpSaysWhatItCounts(t *testing.T) {
	s, _, _ := followerSite(t)
	for _, page := range []struct {
		path   string
		has    []string
		hasNot []string
	}{
		{"/events/alamdar-road-2013-01-10/wave", []string{"5 towns and one country.", word("wave.parts_note")}, []string{"1 countries"}},
		{"/follow-up/silence", []string{"Nothing is recorded of it since "}, []string{"No answer is recorded in"}},
		{"/follow-up", []string{"Nothing is recorded of it since "}, []string{"No answer is recorded in"}},
		{"/petitions/protect-the-hazaras-of-pakistan/demands", nil, []string{word("matrix.unfollowed")}},
		{"/follow-up/accountability", []string{word("accountability.loose"), "two-masterminds", "leaders-of-lashkar-e-jhangvi"}, nil},
		{"/ur/follow-up/accountability", []string{"کالعدم", "حملے"}, []string{">banned", ">attacks"}},
	} {
		body := s.get(page.path).body
		for _, w := range page.has {
			if !strings.Contains(body, w) {
				t.Errorf("%s lacks %q", page.path, w)
			}
		}
		for _, w := range page.hasNot {
			if strings.Contains(body, w) {
				t.Errorf("%s holds %q", page.path, w)
			}
		}
	}
}
