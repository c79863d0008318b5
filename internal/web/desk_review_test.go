package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// TestReviewShowsAllOfAClaim lets nobody accept what the page did not show.
func TestReviewShowsAllOfAClaim(t *testing.T) {
	s := emptySite(t)
	ed, second := s.signedIn(access.Editor), s.signedIn(access.Admin)
	source := newSource(ed, "Testfall Road", articleText)
	event := newEventOf(ed, "Testfall Road bombings", "2031-01-10")
	party := ed.post("/desk/parties/new", filled(ed.get("/desk/parties/new").form("/desk/parties/new"), "names.text", "Example Rescue Service")).id("/desk/parties/")
	newClaim(ed, source, event, "more than 40 people were killed", "more_than", "40")
	earlier := claimsOf(t, s, source)[0]
	action := "/desk/sources/" + source + "/claims"
	form := filled(
		ed.get("/desk/sources/"+source).form(action), "quote", "Around 120 were injured", "subject", "event:"+event, "measure", "injured", "operator", "about", "low", "120",
		"form", "component", "scope", "district", "scope.place", "example district", "scope.period", "2031-01", "scope.counted", "civilians", "scope.attackers", "excluded",
		"scope.printed", "in the district alone", "as_of", "2031-01-12", "attributed.party", "party:"+party, "supersedes", string(earlier.ID),
		"reliability", "02", "language", "ur", "note", "seen twice",
	)
	ed.post(action, form).status(303)
	page := second.get("/desk/review?after=" + string(earlier.ID)).status(200).whole()
	card := textOf(page.find("dl.facts")[0])
	for _, want := range []string{
		word("claim.form.component"), word("scope.area.district"), "example district", "2031-01", word("scope.counted.civilians"), word("scope.attackers.excluded"),
		"in the district alone", "12 January 2031", "Example Rescue Service", "more than 40", word("reliability.02"), "seen twice",
	} {
		holds(t, card, want)
		holds(t, textOf(page.find("ul.list")[0]), want)
	}

	form = filled(ed.get("/desk/sources/"+source).form(action), "kind_to", "attribute")
	form = filled(
		ed.post(action, form).status(200).form(action), "quote", "Two blasts tore through", "subject", "event:"+event, "attribute", "date", "value", "a Thursday",
		"value.when", "2031-01-10", "value.where.town", "Testfall", "attributed.unattributed", "1",
	)
	ed.post(action, form).status(303)
	var last record.ClaimID
	for _, c := range claimsOf(t, s, source) {
		if c.Kind != record.KindAttribute {
			last = max(last, c.ID)
		}
	}
	ed.get("/desk").status(200).whole().has("killed: more than 40", "date: a Thursday").hasNot(string(earlier.ID) + "</bdi>")
	card = textOf(second.get("/desk/review?after=" + string(last)).status(200).whole().find("dl.facts")[0])
	for _, want := range []string{"10 January 2031", "Testfall", word("field.unattributed")} {
		holds(t, card, want)
	}
}

func holds(t *testing.T, text, want string) {
	t.Helper()
	if !strings.Contains(text, want) {
		t.Errorf("%q is not in\n%s", want, text)
	}
}

// TestReviewKeepsToItsClaim shows after a refusal the claim that it was about, never
// another beside the reason typed for it.
func TestReviewKeepsToItsClaim(t *testing.T) {
	s := emptySite(t)
	ed, second := s.signedIn(access.Editor), s.signedIn(access.Admin)
	source := newSource(ed, "Testfall Road", articleText)
	event := newEventOf(ed, "Testfall Road bombings", "2031-01-10")
	newClaim(ed, source, event, "more than 40 people were killed", "more_than", "40")
	newClaim(ed, source, event, "Around 120 were injured", "about", "120")
	claims := claimsOf(t, s, source)
	first, other := claims[0], claims[1]
	if first.ID > other.ID {
		first, other = other, first
	}
	reviewing := second.get("/desk/review").form("/desk/review/" + string(first.ID))
	bulk := second.get("/desk/review").form("/desk/review")
	third := *second
	third.post("/desk/review/"+string(first.ID), url.Values{"rev": {"1"}, "state": {"accepted"}, "reason": {"by another"}}).status(303)

	page := second.post("/desk/review/"+string(first.ID), filled(reviewing, "state", "rejected", "reason", "meant for the first")).status(409).whole()
	page.has("meant for the first", word("desk.decided_meanwhile"), "by another")
	holds(t, textOf(page.find("p.lede")[0]), "40")
	page.hasNot(`accesskey="a"`, `accesskey="r"`) // what was decided is not decided in passing

	// Ticked together, the one decided meanwhile is left and that is said.
	bulk["claim"] = []string{string(first.ID) + "@1", string(other.ID) + "@1"}
	bulk.Set("reason", "both read")
	bulk.Set("state", "rejected")
	second.follow(second.post("/desk/review", bulk)).has(word("done.reviewed_some"))
	if c, _ := standingOf[*record.Claim](t, s, record.KindClaim, string(first.ID)); c.Review.State != record.Accepted {
		t.Errorf("the claim decided by another is %s", c.Review.State)
	}
	if c, _ := standingOf[*record.Claim](t, s, record.KindClaim, string(other.ID)); c.Review.State != record.Rejected {
		t.Errorf("the claim that waited is %s", c.Review.State)
	}
}
