package web

import (
	"html"
	"regexp"
	"strings"
	"testing"
)

// TestAttackPicker narrows the list to an attack by the form alone, in each language: words,
// then one of the attacks found, and whatever else was chosen stays.
func TestAttackPicker(t *testing.T) {
	s, _, _ := followerSite(t)
	for _, tongue := range []string{"", "/ur", "/fa"} {
		form := html.UnescapeString(s.get(tongue + "/follow-up").body)
		if !strings.Contains(form, `name="about" type="search"`) {
			t.Fatalf("%s/follow-up has no field for an attack", tongue)
		}
		found := html.UnescapeString(s.get(tongue + "/follow-up?about=alamdar+road&of=commitments&state=not_assessed").body)
		link := regexp.MustCompile(`href="([^"#]*attack=alamdar-road-2013-01-10[^"#]*)#all"`).FindStringSubmatch(found)
		if link == nil {
			t.Fatalf("%s: no attack to choose", tongue)
		}
		for _, kept := range []string{"of=commitments", "state=not_assessed"} {
			if !strings.Contains(link[1], kept) || strings.Contains(link[1], "about=") {
				t.Errorf("%s: choosing an attack loses %q: %s", tongue, kept, link[1])
			}
		}
		chosen := s.get(link[1])
		if chosen.StatusCode != 200 || strings.Contains(chosen.body, `id="attacks"`) || !strings.Contains(chosen.body, "/events/alamdar-road-2013-01-10") {
			t.Errorf("%s: the list is not narrowed to the attack that was chosen", tongue)
		}
	}
	none := s.get("/follow-up?about=nowhere")
	if none.StatusCode != 200 || !strings.Contains(none.body, word("follow.filter.no_attack")) {
		t.Error("words of no attack are not answered")
	}
}
