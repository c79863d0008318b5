package web

import (
	"slices"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/record"
)

// The dead are remembered; who lives and is named for an office is not among
// them. A group with nobody in it is not there.
func TestPeopleInGroups(t *testing.T) {
	p := &plant{site: emptySite(t)}
	p.get("/people").status(200).has(word("list.empty")).hasNot(word("person.remember"), `id="remembered"`, `id="roles"`, `id="named"`)
	person := func(slug, name string, vital record.Vital, role record.Text) {
		p.save(&record.Person{
			ID: record.PersonID(p.id()), Slug: slug, Names: []record.Name{{Text: name, Lang: "en", Kind: record.NamePrimary}}, Vital: vital, PublicRole: role,
			Consents:   []record.Consent{{Purpose: record.ToStore, Given: true, Basis: record.BasisSelf}, {Purpose: record.ToPublish, Given: true, Basis: record.BasisSelf}},
			Visibility: record.Public,
		})
	}
	person("minister-testfall", "Minister Testfall", record.Living, record.Plain("en", "Minister of examples"))
	a := p.get("/people").status(200).has("Minister Testfall", word("person.in_roles")).hasNot(word("person.remember"), `id="remembered"`, `id="named"`)
	if got := a.texts("h2"); len(got) != 1 {
		t.Errorf("headings %q", got)
	}
	person("poet-testfall", "Poet Testfall", record.Dead, record.Plain("en", "Poet"))
	person("witness-testfall", "Witness Testfall", record.Living, nil)
	a = p.get("/people").status(200)
	for id, want := range map[string]string{
		"#remembered": word("person.remembered") + word("person.remember") + " Poet TestfallPoet", "#roles": word("person.in_roles") + word("person.named_note") + " Minister TestfallMinister of examples",
		"#named": word("person.named") + " Witness Testfall",
	} {
		if got := a.texts(id); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	if heads := a.texts("h2"); len(heads) != 3 || heads[0] != word("person.remembered") {
		t.Errorf("headings %q", heads)
	}
}

// A name that Urdu and Dari write alike stands once, one that they write apart twice.
func TestPeopleInOtherScripts(t *testing.T) {
	p := &plant{site: emptySite(t)}
	for slug, other := range map[string][2]string{"alike-testfall": {"تست فال", "تست فال"}, "apart-testfall": {"طاہر تست", "طاهر تست"}} {
		p.save(&record.Person{
			ID: record.PersonID(p.id()), Slug: slug, Vital: record.Living, PublicRole: record.Plain("en", "Minister of examples"),
			Names: []record.Name{
				{Text: slug, Lang: "en", Kind: record.NamePrimary}, {Text: other[0], Lang: "ur", Kind: record.NamePrimary}, {Text: other[1], Lang: "fa-AF", Kind: record.NamePrimary},
			},
			Consents:   []record.Consent{{Purpose: record.ToStore, Given: true, Basis: record.BasisSelf}, {Purpose: record.ToPublish, Given: true, Basis: record.BasisSelf}},
			Visibility: record.Public,
		})
		want := []string{strings.Join(slices.Compact(other[:]), " · ")}
		if got := p.get("/people/" + slug).status(200).texts("p.names"); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", slug, got, want)
		}
	}
}
