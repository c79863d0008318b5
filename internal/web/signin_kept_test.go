package web

import (
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
)

// TestKeptFormIsWorded shows whoever has to sign in anew what they had typed in the
// words of the form they typed it into.
func TestKeptFormIsWorded(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Editor)
	source := newSource(v, "Testfall Road", articleText)
	event := newEventOf(v, "Testfall Road bombings", "2031-01-10")
	action := "/desk/sources/" + source + "/claims"
	form := filled(
		v.get("/desk/sources/"+source).form(action), "quote", "more than 40 people were killed", "seg", "0-10", "low", "40", "operator", "more_than", "form", "component",
		"subject", "event:"+event, "new_event.title", "Another testfall", "new_event.type", "clash", "scope.attackers", "excluded", "as_of.printed", "on Thursday night",
		"attributed.unattributed", "1",
	)
	lost := &visitor{site: s, cookie: "gawah_session=gone"}
	page := lost.post(action, form).status(401).whole()
	shown := textOf(page.find("dl.facts")[0])
	for _, want := range []string{
		word("field.number"), "40", word("operator.more_than"), word("claim.passage"), "characters 0 to 10", word("claim.form.component"), "Another testfall",
		word("event.type.clash"), word("scope.attackers.excluded"), "on Thursday night", word("field.printed"), word("desk.kind.event"), word("desk.yes"),
		"more than 40 people were killed", word("visibility.internal"),
	} {
		holds(t, shown, want)
	}
	for _, raw := range []string{"more_than", "component", "event:", "new_event", "Testfall Road bombings"} {
		if strings.Contains(shown, raw) {
			t.Errorf("%q is shown to somebody who is not signed in, or is a word of the program:\n%s", raw, shown)
		}
	}

	form = filled(v.get("/desk/events/new").form("/desk/events/new"), "title.text", "Testfall", "where.town", "Example Town", "where.precision", "near", "type", "sit_in")
	shown = textOf(lost.post("/desk/events/new", form).status(401).whole().find("dl.facts")[0])
	for _, want := range []string{"Testfall", word("field.place.town"), "Example Town", word("event.type.sit_in")} {
		holds(t, shown, want)
	}
}
