package web

import (
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// TestClaimOfTwoSubjects keeps a claim from landing on the event that a form still has
// from the claim before, while the title of a new one is typed.
func TestClaimOfTwoSubjects(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Editor)
	source := newSource(v, "Testfall Road", articleText)
	event := newEventOf(v, "Testfall Road bombings", "2031-01-10")
	newClaim(v, source, event, "more than 40 people were killed", "more_than", "40")
	action := "/desk/sources/" + source + "/claims"
	again := v.get("/desk/sources/" + source + "?subject=event:" + event).status(200)
	form := filled(
		again.form(action), "quote", "Around 120 were injured", "measure", "injured", "operator", "about", "low", "120",
		"new_event.title", "Another testfall", "new_event.status", "planned", "new_event.when", "2031-01-11",
	)
	v.post(action, form).status(400).whole().has(word("invalid.two_subjects"), "Another testfall")
	if n := len(claimsOf(t, s, source)); n != 1 {
		t.Fatalf("%d claims after a form that says two things, want 1", n)
	}
	form.Set("subject", "")
	v.post(action, form).status(303)
	for _, c := range claimsOf(t, s, source) {
		if c.Measure != record.Injured {
			continue
		}
		e, _ := standingOf[*record.Event](t, s, record.KindEvent, c.Subject.ID)
		if c.Subject.ID == event || e.Title.In("en").Text != "Another testfall" || e.Status != record.Planned {
			t.Errorf("the claim is about %+v", e)
		}
	}
}

// TestClaimNumbersAsTyped reads numbers as keyboards and newspapers have them, and says
// one thing about one that cannot be read.
func TestClaimNumbersAsTyped(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Editor)
	source := newSource(v, "Testfall Road", articleText)
	event := newEventOf(v, "Testfall Road bombings", "2031-01-10")
	newClaim(v, source, event, "more than 40 people were killed", "more_than", "۴۰")
	if c := claimsOf(t, s, source)[0]; c.Low == nil || *c.Low != 41 {
		t.Errorf("۴۰ is read as %v", c.Low)
	}
	action := "/desk/sources/" + source + "/claims"
	form := filled(
		v.get("/desk/sources/"+source).form(action), "quote", "Around 120 were injured", "subject", "event:"+event, "operator", "exact", "low", "about forty",
	)
	page := v.post(action, form).status(400).whole().has(word("invalid.number"), "about forty")
	if n := strings.Count(page.body, word("invalid.required")); n != 0 {
		t.Errorf("beside the number that cannot be read, %d fields are said to be needed", n)
	}
}
