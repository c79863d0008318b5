package web

import (
	"strconv"
	"strings"
	"testing"
)

func TestPetitionPage(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	a := p.get("/petitions/" + p.slug).status(200)
	a.has("Answer for the attack at Testfall Road", "Mayor of Testfall", "#TestfallAlert", `href="#note-1"`, `id="note-1"`, `href="#call-1"`, "Invented Covenant on Answers", "A reservation was made")
	a.hasNot("<script", "{@figure")
	checkPage(t, "/petitions/"+p.slug, a)
	number := strconv.Itoa(p.number)
	if to := p.get("/petitions/" + number).status(301).Header.Get("Location"); to != "/petitions/"+p.slug {
		t.Errorf("the number leads to %q", to)
	}
	for _, path := range []string{"/petitions", "/ur/petitions", "/fa/petitions", "/ur/petitions/" + p.slug, "/fa/petitions/" + p.slug, "/petitions/" + p.slug + "/integrity", "/petitions/" + p.slug + "/compare", "/petitions/" + p.slug + "/versions/1", "/petitions/" + p.slug + "/to/mayor", "/petitions/" + p.slug + "/sign", "/ur/petitions/" + p.slug + "/sign", "/petitions/" + p.slug + "/sign?code", "/petitions/" + p.slug + "/sign/organisation", "/petitions/" + p.slug + "/sign/thanks", "/petitions/" + p.slug + "/confirm?t=none", "/petitions/" + p.slug + "/unsubscribe?t=none"} {
		want := 200
		if strings.Contains(path, "confirm?t=none") {
			want = 404
		}
		a := p.get(path).status(want)
		checkPage(t, path, a)
		a.hasNot("[petition.", "[sign.", "[own.", "[body.", "[reply.")
	}
	for _, path := range []string{"/petitions.json", "/petitions.csv", "/petitions/" + p.slug + ".json", "/petitions/" + number + ".json", "/petitions/" + number + "/count.json", "/petitions/" + p.slug + "/count.json", "/petitions/" + p.slug + "/integrity.json", "/api/v1/osdi/petitions", "/api/v1/osdi/petitions/" + number, "/petitions/" + p.slug + "/badge.svg", "/ur/petitions/" + p.slug + "/badge.svg", "/feeds/petitions.atom"} {
		p.get(path).status(200)
	}
}

func TestSignAndConfirm(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	link := p.confirmed(formOf("testa@example.org"))
	p.until("the count to move", func() bool {
		return strings.Contains(p.get("/petitions/"+p.slug+"/count.json").body, `"signature_count":1,`)
	})
	p.get(link).status(200).has(word("own.counted"))
	path, q, err := cutQuery(link)
	if err != nil {
		t.Fatal(err)
	}
	p.post(strings.Replace(path, "/confirm", "/withdraw", 1), "t="+q.Get("t")).status(200).has(word("own.withdrawn_now"))
	p.until("the count to move back", func() bool {
		return strings.Contains(p.get("/petitions/"+p.slug+"/count.json").body, `"signature_count":0,`)
	})
}
