package web

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// TestBodyUpdatesPages offers a representative to be kept informed, begins it by the mailed link
// alone, and ends it there.
func TestBodyUpdatesPages(t *testing.T) {
	s, box, log := followerSite(t)
	const base = "/petitions/protect-the-hazaras-of-pakistan"
	for _, at := range []string{"", "/ur", "/fa"} {
		s.get(at + base + "/sign/organisation").status(200).has(`name="updates"`).hasNot(`name="updates" value="yes" checked`)
	}
	form := url.Values{
		"name.en": {"Testfall Rights"}, "country": {"PK"}, "site": {"https://testfall-rights.org"}, "representative": {"Ada Example"}, "email": {"ada@testfall-rights.org"},
		"updates": {"yes"},
	}
	// What was ticked is not lost, and consent is a box of its own.
	s.post(base+"/sign/organisation", form.Encode()).status(422).has(`name="updates" value="yes" checked`)
	form.Set("consent", "yes")
	s.post(base+"/sign/organisation", form.Encode()).status(200)
	list, err := box.List(t.Context(), "", "", 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d letters: %v", len(list), err)
	}
	_, m, err := box.Read(t.Context(), list[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`https://record\.example(/petitions/\S+/organisation/\S+)`).FindStringSubmatch(m.Text)
	if link == nil || !strings.Contains(m.Text, word("mail.confirm.updates")) {
		t.Fatalf("the letter is %s", m.Text)
	}
	path := link[1]
	s.get(path).status(200).has(word("body.confirm")).hasNot(`name="updates"`)
	s.post(path, "updates=on").status(400)
	s.post(path, "").status(200).has(word("body.updates_go"), `name="updates" value="off"`)
	s.get("/ur"+path).status(200).has(`dir="rtl"`, `name="updates" value="off"`)
	s.post(path, "updates=off").status(200).has(word("body.updates_off"), `name="updates" value="on"`)
	s.post("/fa"+path, "updates=on").status(200).has(`name="updates" value="off"`)

	// A link that leads to nothing says so, whoever asks, and no log holds what it was.
	for _, at := range []string{"/o/", "/ur/o/", "/fa/o/"} {
		a := s.get(at + strings.Repeat("A", 22)).status(200).has(`name="robots" content="noindex`)
		if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("headers are %v", a.Header)
		}
	}
	s.get("/o/" + strings.Repeat("A", 22)).has(word("follower.none"))
	s.post("/o/"+strings.Repeat("A", 22), "List-Unsubscribe=One-Click").status(200).has(word("body.updates_off"))
	for _, held := range []string{"ada@", "Ada Example", path[strings.LastIndex(path, "/")+1:]} {
		if strings.Contains(log.String(), held) {
			t.Errorf("the log holds %q", held)
		}
	}
}
