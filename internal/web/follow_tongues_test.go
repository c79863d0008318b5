package web

import (
	"regexp"
	"strings"
	"testing"
)

// fallen finds a message of the English catalogue on a page that is written from right to
// left; numbers are set apart in the same way.
var fallen = regexp.MustCompile("\u2066\u2068?[A-Za-z“]")

// TestFollowUpInTheReadersLanguage finds no English word of the interface on pages of
// following up in Urdu and Dari, where an untranslated message is set apart from left to
// right.
func TestFollowUpInTheReadersLanguage(t *testing.T) {
	s, _, _ := followerSite(t)
	for _, path := range []string{
		"/follow-up", "/follow-up/accountability", "/follow-up/silence", "/follow-up/anniversaries", "/trends", "/follow-up/prime-minister",
		"/follow-up/demands/act-against-those-who-attack", "/follow-up/commitments/partial-measures-offered", "/follow-up/proceedings/two-masterminds",
		"/petitions/protect-the-hazaras-of-pakistan/demands", "/events/alamdar-road-2013-01-10/course", "/events/alamdar-road-2013-01-10/wave",
	} {
		for _, tongue := range []string{"/ur", "/fa"} {
			a := s.get(tongue + path)
			if a.StatusCode != 200 {
				t.Errorf("%s%s answers %d", tongue, path, a.StatusCode)
				continue
			}
			if at := fallen.FindStringIndex(a.body); at != nil {
				t.Errorf("%s%s holds an untranslated message: %q", tongue, path, a.body[at[0]:min(len(a.body), at[0]+80)])
			}
		}
	}
}

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
