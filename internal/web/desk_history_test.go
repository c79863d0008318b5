package web

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
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
	ed.post(desk, url.Values{"rev": {fmt.Sprint(rev)}, "current": {fmt.Sprint(rev + 1)}, "reason": {"back"}}).status(403).has(word("invalid.version_hidden")).hasNot("Slanderqq")
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

// TestHistoryNamesWhatIsFollowed calls records of following up by their words in their histories and
// where they are erased, and not by their identifiers.
func TestHistoryNamesWhatIsFollowed(t *testing.T) {
	s := emptySite(t)
	admin := s.signedIn(access.Admin)
	id, err := s.house.NewID()
	if err != nil {
		t.Fatal(err)
	}
	source, err := s.house.NewID()
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range []record.Record{
		&record.Source{ID: record.SourceID(source), Type: record.TypeStatement, Title: record.Plain("en", "Statement of families"), Publisher: "Families", Sensitivity: record.Open, Terms: record.TermsFree, Visibility: record.Internal},
		&record.Demand{ID: record.DemandID(id), Slug: "safety", Text: record.Plain("en", "Keep Example Town safe."), Of: record.Ref{Kind: record.KindSource, ID: source}, Visibility: record.Internal, Addressees: []record.DemandAddressee{{Key: "office", Office: record.Plain("en", "Office")}}},
	} {
		if err := s.house.Do(t.Context(), access.House(), access.ActEdit, "test", "", func(w *casework.Work) error { return w.Create(rec) }); err != nil {
			t.Fatal(err)
		}
	}
	for _, page := range []string{"/desk/history/demand/", "/desk/erase/demand/"} {
		admin.get(page + id).status(200).whole().has("Keep Example Town safe.").hasNot(">" + id + "<")
	}
}
