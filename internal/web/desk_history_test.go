package web

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// TestHideVersion hides an earlier version at the desk: the pages of everybody but
// an admin, and the public's in every language, say so and nothing else.
func TestHideVersion(t *testing.T) {
	s := emptySite(t)
	ed, admin := s.signedIn(access.Editor), s.signedIn(access.Admin)
	event, err := s.house.NewID()
	if err != nil {
		t.Fatal(err)
	}
	save := func(e *record.Event, rev int) {
		t.Helper()
		if err := s.house.Save(t.Context(), access.House(), e, rev, "test"); err != nil {
			t.Fatal(err)
		}
	}
	save(&record.Event{
		ID: record.EventID(event), Slug: "one", Title: record.Plain("en", "Attack at Example Town"), Type: record.TypeAttack, Status: record.Held,
		When: record.On("2013-01-10"), Visibility: record.Public,
	}, 0)
	change := func(words string) {
		t.Helper()
		e, rev := standingOf[*record.Event](t, s, record.KindEvent, event)
		next := *e
		next.Summary = record.Plain("en", words)
		save(&next, rev)
	}
	change("Slanderqq stood here.")
	_, rev := standingOf[*record.Event](t, s, record.KindEvent, event)
	change("Said well.")
	desk, public := "/desk/history/event/"+event, "/history/event/"+event
	s.get(public).status(200).has("Slanderqq")
	act := url.Values{"rev": {fmt.Sprint(rev)}, "do": {"hide"}, "reason": {"it slanders somebody"}}
	for _, role := range []access.Role{access.Reader, access.Contributor, access.Organiser, access.Moderator} {
		v := s.signedIn(role)
		v.get(desk).status(200).hasNot(word("action.hide_version"))
		v.post(desk+"/hide", act).status(403)
	}
	s.post(desk+"/hide", act.Encode()).status(401)
	s.get(public).status(200).has("Slanderqq")

	ed.post(desk+"/hide", url.Values{"rev": {fmt.Sprint(rev)}, "do": {"hide"}}).status(400).whole().has(word("invalid.required"))
	form := ed.get(desk).status(200).whole().form(desk + "/hide")
	if form.Get("rev") == "" {
		t.Errorf("the form is %v", form)
	}
	ed.post(desk+"/hide", act).status(303)
	ed.post(desk+"/hide", act).status(409)
	ed.get(desk).status(200).whole().has(word("desk.version_hidden")).hasNot("Slanderqq", word("action.show_version"))
	ed.post(desk, url.Values{"rev": {fmt.Sprint(rev)}, "current": {fmt.Sprint(rev + 1)}, "reason": {"back"}}).status(403)
	show := url.Values{"rev": {fmt.Sprint(rev)}, "do": {"show"}, "reason": {"it does not"}}
	ed.post(desk+"/hide", show).status(403)
	for _, tongue := range []string{"", "/ur", "/fa"} {
		s.get(tongue + public).status(200).hasNot("Slanderqq")
	}
	s.get(public).has(word("history.hidden"))
	s.get("/ur" + public).has("چھپا دیا گیا")
	s.get("/fa" + public).has("پنهان شده")
	admin.get(desk).status(200).whole().has("Slanderqq", word("desk.version_hidden_admin"), word("action.show_version"))
	admin.get("/desk/journal").status(200).has(word("journal.hide_version"), "it slanders somebody")
	admin.post(desk+"/hide", show).status(303)
	s.get(public).status(200).has("Slanderqq").hasNot(word("history.hidden"))
}
