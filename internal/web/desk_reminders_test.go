package web

import (
	"net/url"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/followup"
)

// TestReminderForms sets reminders for the house and for a petition, and lets nobody do it who
// does not decide of it.
func TestReminderForms(t *testing.T) {
	s := organisedSite(t)
	ed, org, admin := s.signedIn(access.Editor), s.signedIn(access.Organiser), s.signedIn(access.Admin)
	id := publishedPetition(t, s, ed, org)
	const house = "/desk/follow-up/reminders"
	of := house + "/" + id

	org.get("/desk/follow-up").status(200).whole().has(house)
	page := org.get(house).status(200).whole().has(word("desk.remind.as_default"), word("desk.remind.as_house"), of)
	if len(page.find(`form`)) > len(org.get("/desk/follow-up").find("form")) {
		t.Error("an organiser is shown the form of the house")
	}
	org.post(house, url.Values{"do": {"save"}}).status(403)

	// What is wrong is said beside the field, and nothing typed is lost.
	form := org.get(of).status(200).whole().form(of)
	if form.Get("before") != "7" || form.Get("after") != "1 30 180" || form.Get("first") != "30" || form.Get("every") != "90" || form.Get("on") != "yes" {
		t.Errorf("the form begins with %v", form)
	}
	org.post(of, filled(form, "do", "save", "before", "3 days", "every", "20 30")).status(400).whole().has("3 days", "20 30", word("invalid.number"))
	org.post(of, filled(form, "before", "3", "every", "9999")).status(400).whole().has("9999")
	org.post(of, filled(form, "do", "nonsense", "every", "45")).status(400)
	org.follow(org.post(of, filled(form, "do", "save", "before", "14, 2", "after", "", "every", "45"))).status(200).whole().has(word("desk.remind.own"), `value="2 14"`)
	admin.get(house).status(200).whole().has(word("desk.remind.own"))

	got, err := s.srv.following.Remindings(t.Context(), org.viewer)
	if err != nil || len(got.Petitions) != 1 {
		t.Fatalf("it is %+v: %v", got, err)
	}
	if x := got.Petitions[0].Reminding; x.Off || len(x.Before) != 2 || len(x.After) != 0 || x.First != 30 || x.Every != 45 {
		t.Errorf("set is %+v", x)
	}
	form = admin.get(house).status(200).whole().form(house)
	form.Del("on")
	admin.follow(admin.post(house, filled(form, "do", "save"))).status(200).whole().has(word("desk.remind.off"))
	admin.follow(admin.post(house, url.Values{"do": {"default"}})).status(200).whole().hasNot(word("desk.remind.off"))
	org.follow(org.post(of, url.Values{"do": {"default"}})).status(200).whole().has(word("desk.remind.as_house"))
	if got, err = s.srv.following.Remindings(t.Context(), admin.viewer); err != nil || got.Set || got.Petitions[0].Own || got.House.First != followup.DefaultReminding().First {
		t.Errorf("it is %+v: %v", got, err)
	}

	// Others see neither, and find out nothing by trying.
	ed.get(house).status(200).whole().hasNot(of)
	ed.get(of).status(404)
	ed.post(of, url.Values{"do": {"save"}}).status(404)
	reader := s.signedIn(access.Reader)
	reader.get(house).status(403)
	reader.post(of, url.Values{"do": {"save"}}).status(403)
	s.get(house).status(303)
	org.get(house + "/nothing").status(404)
}
