package web

import (
	"testing"

	"github.com/gawah-project/gawah/internal/access"
)

// TestFormsOfferWhatARoleMay offers nobody a choice or a link that ends in a refusal.
func TestFormsOfferWhatARoleMay(t *testing.T) {
	s := emptySite(t)
	ed := s.signedIn(access.Editor)
	source := newSource(ed, "Testfall Road", articleText)
	event := newEventOf(ed, "Testfall Road bombings", "2031-01-10")
	newClaim(ed, source, event, "more than 40 people were killed", "more_than", "40")
	claim := "/desk/claims/" + string(claimsOf(t, s, source)[0].ID)
	form := filled(ed.get("/desk/publish?ref=event:"+event).form("/desk/publish"), "do", "publish", "reason", "ready")
	ed.post("/desk/publish", form).status(303)

	internal, suggest := `value="internal"`, word("desk.suggest")
	for _, path := range []string{"/desk/events/new", "/desk/people/new", "/desk/parties/new", "/desk/totals/new", "/desk/ties/new", "/desk/involvements/new"} {
		ed.get(path).status(200).has(internal)
	}
	for _, role := range []access.Role{access.Contributor, access.Organiser, access.Moderator} {
		v := s.signedIn(role)
		for _, path := range []string{"/desk/events/new", "/desk/people/new", "/desk/parties/new", "/desk/totals/new", "/desk/ties/new", "/desk/involvements/new"} {
			v.get(path).status(200).whole().has(`value="draft"`).hasNot(internal)
		}
		v.get("/desk/sources/new").status(200).has(internal)
		v.get("/desk/events/"+event).status(200).whole().has(suggest, "/ask?about=event%3A"+event).hasNot(`/desk/events/` + event + `/edit"`)
		v.get("/desk/sources/" + source).status(200).whole().hasNot("/desk/sources/" + source + "/edit")
		page := v.get(claim).status(200).whole().has("more than 40", word("desk.not_yours"))
		if n := len(page.find("textarea")); n != 0 {
			t.Errorf("a %s has %d boxes to write into for a claim that is not theirs", role, n)
		}
	}
	reader := s.signedIn(access.Reader)
	reader.get("/desk/events/"+event).status(200).whole().hasNot(suggest, "/edit")
	reader.get(claim).status(200).whole().has("more than 40")
	ed.get("/desk/events/" + event).status(200).has("/desk/events/" + event + "/edit").hasNot(suggest)
}
