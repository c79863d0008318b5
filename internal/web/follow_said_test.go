package web

import (
	"html"
	"strings"
	"testing"
)

// TestFollowUpSaysWhatIsNotKnownOnce keeps the lists short and the noughts honest: that no
// days are counted stands on the page of a demand and not on every line of a list, a share
// of nothing is left out, a case without a known step is counted as that, a number in a
// list says of what, and no picture is offered that is not there.
func TestFollowUpSaysWhatIsNotKnownOnce(t *testing.T) {
	s, _, _ := followerSite(t)
	body := func(path string) string {
		t.Helper()
		a := s.get(path)
		if a.StatusCode != 200 {
			t.Fatalf("%s: status %d", path, a.StatusCode)
		}
		return html.UnescapeString(a.body)
	}
	uncounted := word("follow.silence.not_started")
	for _, path := range []string{"/follow-up", "/follow-up/government-of-pakistan", "/events/mach-2021-01-03/course"} {
		if n := strings.Count(body(path), uncounted); n > 0 {
			t.Errorf("%s says %d times that no days are counted", path, n)
		}
	}
	if !strings.Contains(body("/follow-up/demands/army-protection-for-quetta"), uncounted) {
		t.Error("the page of a demand does not say that no days are counted")
	}
	if strings.Contains(body("/follow-up"), "0 met of 0") {
		t.Error("the overview gives a share of nothing")
	}
	if !strings.Contains(body("/follow-up/accountability"), word("accountability.no_step")) {
		t.Error("a case of which no step is known stands beside noughts only")
	}
	if toll := body("/follow-up/anniversaries"); !strings.Contains(toll, word("measure.killed")+"</span></span>") {
		t.Error("a number in a list does not say what it counts")
	}
	if matrix := body("/petitions/protect-the-hazaras-of-pakistan/demands"); strings.Contains(matrix, "/cards/petitions/") {
		t.Error("a petition made for practice offers a card, which it does not have")
	} else if strings.Contains(matrix, "/feeds/petitions/") {
		t.Error("a petition made for practice offers a feed, which it does not have")
	}
}
