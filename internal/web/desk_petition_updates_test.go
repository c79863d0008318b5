package web

import (
	"testing"

	"github.com/gawah-project/gawah/internal/access"
)

// TestUpdatesFromTheDesk: what organisers tell is read through first, and stands
// on the page and in its feed.
func TestUpdatesFromTheDesk(t *testing.T) {
	s := organisedSite(t)
	v := s.signedIn(access.Organiser)
	id := readyPetition(v, "Answer for Testfall")
	base := "/desk/petitions/" + id
	v.get(base + "/updates").status(200).whole().hasNot("f-sure")
	v.act(base+"/check", base+"/approve", "proof", "letter of 3 May").status(303)
	check := v.get(base + "/check")
	v.post(base+"/publish", filled(check.form(base+"/publish"), "publish_reason.text", "It is a test.", "publish_reason.lang", "en")).status(303)
	v.act(base, base+"/run", "do", "open").status(303)
	public := "/petitions/" + petitionOf(t, s, id).Slug
	s.get(public).status(200).hasNot(`id="updates"`)

	at := base + "/updates"
	form := v.get(at + "?kind=delivered").status(200).whole().form(at)
	if form.Get("kind") != "delivered" {
		t.Errorf("the kind offered is %q", form.Get("kind"))
	}
	const news = "They took it <b>today</b>."
	v.post(at, filled(form, "kind", "delivered", "update_words.text", news)).status(400).whole().has("They took it")
	v.post(at, filled(form, "kind", "delivered", "update_words.text", "", "sure", "1")).status(400)
	v.post(at, filled(form, "kind", "rumour", "update_words.text", news, "sure", "1")).status(400)
	s.get(public).hasNot("They took it")
	v.post(at, filled(form, "kind", "delivered", "update_words.text", news, "sure", "1")).status(303)
	v.get(at).status(200).whole().has("They took it &lt;b&gt;today&lt;/b&gt;.")
	s.get(public).status(200).whole().has(`id="updates"`, "They took it &lt;b&gt;today&lt;/b&gt;.", word("petition.update.delivered"))
	s.get(public+"/updates.atom").status(200).has("They took it", public+"#update-1")

	back := at + "/1/back"
	v.post(back, filled(v.get(at).form(back), "reason", "")).status(400).whole().has(word("desk.updates.back"))
	v.post(at+"/7/back", filled(v.get(at).form(back), "reason", "wrong")).status(404)
	v.post(back, filled(v.get(at).form(back), "reason", "It was another office.")).status(303)
	v.get(at).status(200).whole().has(word("desk.updates.taken_back")).hasNot(back)
	s.get(public).status(200).whole().hasNot("They took it")
	s.get(public + "/updates.atom").hasNot("They took it")

	reader := s.signedIn(access.Contributor)
	reader.get(at).status(403)
	reader.post(at, filled(form, "kind", "other", "update_words.text", news, "sure", "1")).status(403)
}
