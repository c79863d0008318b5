package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

func TestCoverageFromFileToPage(t *testing.T) {
	s := organisedSite(t)
	ed, second := s.signedIn(access.Editor), s.signedIn(access.Admin)
	event := newEventOf(ed, "Blasts at Testfall", "2013-01-10")
	other := newEventOf(ed, "March to Example Town", "2013-01-14")
	newSaid(ed, second, event)
	const path = "/desk/coverage/new"

	// What is missing is said beside the field; nothing typed is lost.
	form := ed.get(path + "?event=event:" + event).status(200).whole().has("Blasts at Testfall").form(path)
	ed.post(path, filled(form, "query", "kept words")).status(refused).whole().has("kept words", word("invalid.required"))

	// A trial says what would come and keeps what was uploaded; then it is kept.
	csv := "day,matched,all\n2013-01-10,10,1000\n2013-01-11,40,1000\nyesterday,1,1\n2013-01-13,1,900\n"
	filled(form, "collection", "Example nationals", "query", "testfall", "language", "en")
	tried := ed.upload(path, form, "days.csv", []byte(csv)).status(200).whole().has("yesterday", "Line 4")
	form = tried.form(path)
	if !strings.Contains(form.Get("days"), "2013-01-11") {
		t.Fatalf("the trial lost the rows: %v", form)
	}
	id := ed.post(path, filled(form, "do", "keep")).id("/desk/coverage/")
	ed.get("/desk/coverage").status(200).whole().has("Example nationals", "Blasts at Testfall")
	page := ed.get("/desk/coverage/"+id).status(200).whole().has("Example nationals", "testfall", "1.8")
	edit := page.form("/desk/coverage/" + id)
	ed.post("/desk/coverage/"+id, filled(edit, "note", "Counted on a quiet day.")).status(303)
	ed.post("/desk/coverage/"+id, filled(edit, "note", "Too late")).status(409).whole().has("Too late")
	ed.upload(path, filled(url.Values{}, "event", "event:"+event, "collection", "x", "query", "y", "do", "keep"), "page.html", []byte("<html>")).status(refused).whole().has("cannot be read as a series")

	march := filled(url.Values{}, "event", "event:"+other, "collection", "Example nationals", "query", "march", "language", "en", "do", "keep", "days", "day,matched,all\n2013-01-10,0,1000\n2013-01-11,0,1000\n2013-01-13,90,900\n2013-01-14,100,0\n")
	ed.post(path, march).status(303)
	second.get("/desk/coverage/count").status(200)

	// Nobody outside sees any of it before it is public.
	rec, _ := standingOf[*record.Event](t, s, record.KindEvent, event)
	public := "/events/" + rec.Slug + "/coverage"
	s.get(public).status(404)
	ed.post("/desk/publish", filled(url.Values{}, "ref", "event:"+event, "reason", "ready")).status(303)
	s.get(public).status(200).whole().has("Nobody has counted yet")
	ed.post("/desk/publish", filled(url.Values{}, "ref", "coverage:"+id, "reason", "ready")).status(303)
	s.get(public).status(200).whole().has("Example nationals", "not known", "11 January 2013").hasNot("March to Example Town", "Counted on a quiet day.")
	rally, _ := standingOf[*record.Event](t, s, record.KindEvent, other)
	beside := public + "?with=" + rally.Slug
	s.get(beside).status(404)
	s.get(public + ".csv").status(200).has("2013-01-11,40,1000,0.04")
	for _, lang := range []string{"/ur", "/fa"} {
		s.get(lang + public).status(200).whole()
	}
	card := s.get("/cards/coverage/" + rec.Slug + ".svg").status(200)
	if !strings.HasPrefix(card.body, "<svg") {
		t.Errorf("the card is %.40s", card.body)
	}
	s.get("/cards/coverage/nowhere.svg").status(404)
	ed.get(beside).status(200).whole().has("cannot be compared")
}

func TestFeedsOfTheDesk(t *testing.T) {
	s := organisedSite(t)
	ed, contributor := s.signedIn(access.Editor), s.signedIn(access.Contributor)
	const path = "/desk/feeds/new"
	form := ed.get(path).status(200).whole().form(path)
	ed.post(path, filled(form, "title", "Kept title", "url", "not an address")).status(refused).whole().has("Kept title")
	id := ed.post(path, filled(form, "title", "Example News", "url", "https://news.example/feed.xml", "collection", "Our feeds", "language", "en", "minutes", "60")).id("/desk/feeds/")
	ed.post(path, form).status(refused).whole().has(word("invalid.feed_twice"))
	page := ed.get("/desk/feeds/"+id).status(200).whole().has("Example News", word("feed.state.new"))
	ed.post("/desk/feeds/"+id+"/poll", page.form("/desk/feeds/"+id+"/poll")).status(303)
	edit := page.form("/desk/feeds/" + id)
	ed.post("/desk/feeds/"+id, filled(edit, "paused", "1")).status(303)
	ed.get("/desk/feeds").status(200).whole().has("Example News", word("feed.state.paused"))
	contributor.get("/desk/feeds").status(200).has("Example News")
	contributor.get(path).status(403)
	s.get("/desk/feeds").status(303)
	count := ed.get("/desk/coverage/count?collection=Our+feeds").status(200).whole().form("/desk/coverage/count")
	ed.post("/desk/coverage/count", filled(count, "collection", "Our feeds", "query", "testfall")).status(refused).whole().has(word("invalid.not_polled"))
}
