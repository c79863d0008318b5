package web

import (
	"net/url"
	"testing"

	"github.com/gawah-project/gawah/internal/signing"
)

// Whoever owns the address puts right before it counts what a stranger may have
// typed, a sealed name too.
func TestConfirmCorrects(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	for _, level := range []string{"name", "count"} {
		form := formOf(level + "@example.org")
		for _, field := range []string{"disclosure", "disclosure_public", "disclosure_organiser", "disclosure_addressee"} {
			form.Set(field, level)
		}
		form.Set("country", "DE")
		p.sign(form).status(200)
		link := p.links()[level+"@example.org"]
		if chosen := p.get(link).status(200).find("option"); len(chosen) < 200 {
			t.Errorf("%s: %d countries to choose from", level, len(chosen))
		}
		p.post(link, url.Values{"name": {""}, "city": {"Example Town"}, "country": {"DE"}}.Encode()).status(422).has(word("sign.wrong.name"))
		p.post(link, url.Values{"name": {"Testfall Zwei"}, "city": {"Example Town"}, "country": {"EZ"}}.Encode()).status(422)
		p.post(link, url.Values{"name": {"Testfall Zwei"}, "city": {"Example Town"}, "country": {"AF"}}.Encode()).status(200).has(word("own.confirmed"))
		p.get(link).status(200).has("Afghanistan").hasNot("Germany")
	}
}

// The list of the form holds what signing accepts, and nothing else.
func TestCountriesAreAccepted(t *testing.T) {
	for tag, list := range countryLists() {
		if len(list) != len(signing.Countries()) {
			t.Errorf("%s: %d countries in the list, %d are accepted", tag, len(list), len(signing.Countries()))
		}
		for _, o := range list {
			if !isCountry(o.Value) || o.Label == "" || o.Label == o.Value {
				t.Errorf("%s: %+v", tag, o)
			}
		}
	}
}
