package web

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// petitionPictures makes a petition that people signed, for [TestLook]: where it is
// served, its address and its pages by name.
func petitionPictures(t *testing.T) (at, base string, paths map[string]string) {
	t.Helper()
	p := newPetitionSite(t, nil, nil)
	for i := range 13 {
		form := formOf(fmt.Sprintf("testa%d@example.org", i))
		if i > 10 {
			form.Set("country", "AU")
		}
		p.confirmed(form)
	}
	link := p.confirmed(formOf("last@example.org"))
	p.sign(formOf("pending@example.org"))
	pending := p.links()["pending@example.org"]
	p.until("the count to move", func() bool {
		return strings.Contains(p.get("/petitions/"+p.slug+"/count.json").body, `"signature_count":14,`)
	})
	base = "/petitions/" + p.slug
	code := bodyCode(t, p.post(base+"/sign/organisation", url.Values{
		"name.en": {"Testfall Rights"}, "country": {"PK"}, "site": {"https://testfall-rights.org"}, "representative": {"Ada Example"}, "email": {"ada@testfall-rights.org"}, "consent": {"yes"},
	}.Encode()).status(200))
	return p.http.URL, base, map[string]string{
		"p-petition": base, "p-petition-ur": "/ur" + base, "p-petition-fa": "/fa" + base, "p-list": "/petitions", "p-integrity": base + "/integrity", "p-compare": base + "/compare",
		"p-version": base + "/versions/1", "p-to": base + "/to/mayor", "p-sign": base + "/sign", "p-sign-ur": "/ur" + base + "/sign", "p-sign-fa": "/fa" + base + "/sign",
		"p-sign-2": base + "/sign#show", "p-sign-3": base + "/sign#agree", "p-thanks": base + "/sign/thanks", "p-own": link, "p-pending": pending,
		"p-organisation": base + "/sign/organisation", "p-record": base + "/sign/organisation/prove/" + code, "p-record-ur": "/ur" + base + "/sign/organisation/prove/" + code,
		"p-prove": base + "/sign/organisation/prove", "p-unsubscribe": base + "/unsubscribe?t=x",
	}
}
