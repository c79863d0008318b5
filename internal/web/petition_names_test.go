package web

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// publicForm is a form of somebody who is shown to everybody as a level says.
func publicForm(n int, name, country, level string) url.Values {
	f := formOf(fmt.Sprintf("public%d@example.org", n))
	f.Set("name", name)
	f.Set("country", country)
	f.Set("disclosure_public", level)
	return f
}

// The list holds those who chose it, is for no search engine and stays nowhere,
// and whoever withdraws is gone with the next look.
func TestPublicNames(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	at := "/petitions/" + p.slug + "/names"
	p.get(at).status(200).has(word("petition.names_none"))
	link := p.confirmed(publicForm(1, "Plantedname Testfall", "PK", "name"))
	p.confirmed(publicForm(2, "Countedname Testfall", "PK", "count"))
	p.confirmed(publicForm(3, "Quince Xylophone", "PK", "initials"))
	p.sign(publicForm(4, "Pendingname Testfall", "PK", "name")).status(200)
	p.confirmed(publicForm(5, `Markup "Quote"`, "AF", "name"))
	p.until("the name to be listed", func() bool {
		return strings.Contains(p.get(at).body, "Plantedname") && strings.Contains(p.get(at).body, "Markup")
	})
	for _, path := range []string{at, "/ur" + at, "/fa" + at} {
		a := p.get(path).status(200).has("Plantedname Testfall", "Markup")
		a.hasNot("Countedname", "Quince", "Q. X.", "Pendingname", "Example Town", "example.org", "[petition.")
		checkPage(t, path, a)
		if strings.Index(a.body, "Markup") > strings.Index(a.body, "Plantedname") {
			t.Errorf("%s: not in the order of names", path)
		}
		h := a.Header
		if h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("X-Robots-Tag"), "noindex") || !strings.Contains(a.body, `<meta name="robots" content="noindex`) {
			t.Errorf("%s: headers %v", path, h)
		}
	}
	p.get("/petitions/" + p.slug).status(200).has(`href="` + at + `" rel="nofollow"`)
	p.get("/petitions/" + p.slug + "/sign").status(200).has(word("sign.disclosure_public_hint"))
	p.get("/sitemap.xml").hasNot(at)
	for _, path := range []string{at + "?page=2", at + "?page=0", at + "?page=x", at + "?page=1000000"} {
		p.get(path).status(404)
	}
	p.post(link+"/withdraw", "").status(200)
	for _, path := range []string{at, "/fa" + at} {
		p.get(path).status(200).hasNot("Plantedname").has("Markup")
	}
}

// A hundred a page, and every one of them once.
func TestPublicNamesInPages(t *testing.T) {
	p := newPetitionSite(t, nil, func(r *rulesOfTest) { r.Soft, r.Hard = endless, endless })
	at := "/petitions/" + p.slug + "/names"
	for i := range namesShown + 5 {
		p.sign(publicForm(i, fmt.Sprintf("Testfall %c%c", 'A'+i/26, 'a'+i%26), "PK", "name")).status(200)
	}
	for _, link := range p.links() {
		p.post(link, "").status(200)
	}
	p.until("all to be listed", func() bool { return strings.Count(p.get(at+"?page=2").body, "<bdi dir=\"auto\">Testfall") == 5 })
	a := p.get(at).status(200).has("Testfall Aa", at+"?page=2")
	if n := strings.Count(a.body, "<bdi dir=\"auto\">Testfall"); n != namesShown {
		t.Errorf("%d on the first page", n)
	}
	p.get(at + "?page=2").status(200).has(`href="` + at + `"`)
}

// Nothing is listed of a petition that was taken back, of one whose signers' data
// is destroyed, nor of a private copy to who is elsewhere.
func TestPublicNamesEnd(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	at := "/petitions/" + p.slug + "/names"
	p.confirmed(publicForm(1, "Plantedname Testfall", "PK", "name"))
	p.until("the name to be listed", func() bool { return strings.Contains(p.get(at).body, "Plantedname") })
	if err := p.engine.Destroy(context.Background(), p.number); err != nil {
		t.Fatal(err)
	}
	p.get(at).hasNot("Plantedname")

	p = newPetitionSite(t, nil, nil)
	p.confirmed(publicForm(1, "Plantedname Testfall", "PK", "name"))
	p.until("the name to be listed", func() bool { return strings.Contains(p.get(at).body, "Plantedname") })
	near := withVisit(httptest.NewRequest("GET", at, nil), &visit{loop: true})
	for name, change := range map[string]func(k *record.Petition){
		"destroyed": func(k *record.Petition) { k.Destroyed = 1 },
		"stopped":   func(k *record.Petition) { k.Publication = record.PetitionStopped },
		"foreign":   func(k *record.Petition) { k.Foreign = &record.ForeignPetition{} },
	} {
		item, err := p.desk.ByID(context.Background(), access.House(), p.id)
		if err != nil {
			t.Fatal(err)
		}
		k := *item.Rec
		if !p.srv.listsNames(near, &k) {
			t.Error("the open petition has no list")
		}
		if change(&k); p.srv.listsNames(near, &k) {
			t.Errorf("%s: there is a list", name)
		}
	}

	p = newPetitionSite(t, nil, nil)
	p.openPractice()
	at = "/petitions/" + p.slug + "/names"
	p.get(at).status(200)
	far := []string{"X-Forwarded-For", "203.0.113.7"}
	if status := p.request(t, "GET", at, "", far).StatusCode; status != 404 {
		t.Errorf("status %d to somebody elsewhere", status)
	}
	if strings.Contains(p.getAs(t, "/petitions/"+p.slug, far), at) {
		t.Error("a private copy leads others to its list")
	}
}

// How long signers' data is kept stands on the page.
func TestKeptIsSaid(t *testing.T) {
	p := newPetitionSite(t, func(k *record.Petition) { k.KeepDays = 33 }, nil)
	for _, lang := range []string{"", "/ur", "/fa"} {
		checkPage(t, lang, p.get(lang+"/petitions/"+p.slug).status(200).hasNot("[petition."))
	}
	p.get("/petitions/" + p.slug).has("Destroyed 33 days after the last delivery")
	item, err := p.desk.ByID(context.Background(), access.House(), p.id)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.desk.Close(context.Background(), access.House(), p.id, item.Rev, "test"); err != nil {
		t.Fatal(err)
	}
	p.srv.front.forget()
	p.until("the day", func() bool {
		body := p.get("/petitions/" + p.slug).body
		return strings.Contains(body, "The counts stay.") && !strings.Contains(body, "33 days")
	})
}
