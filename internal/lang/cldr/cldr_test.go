package cldr

import (
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// TestNames holds every name to the library's, and looks for what the library has by now.
func TestNames(t *testing.T) {
	for in, table := range tables() {
		regions, languages := display.Regions(language.MustParse(in)), display.Languages(language.MustParse(in))
		if len(table.Countries) < 240 || len(table.Languages) < 400 {
			t.Errorf("%s: %d countries, %d languages", in, len(table.Countries), len(table.Languages))
		}
		for code := range table.Countries {
			r := language.MustParseRegion(code)
			if got, want := Country(in, code), regions.Name(r); got != want && renamed[code] == nil {
				t.Errorf("%s: %s is %q, in the library %q", in, code, got, want)
			}
		}
		for tag := range table.Languages {
			if got, want := Language(in, tag), languages.Name(language.MustParse(tag)); got != want {
				t.Errorf("%s: %s is %q, in the library %q", in, tag, got, want)
			}
		}
	}
	for code, names := range renamed {
		old := len(names) != len(tables())
		for in := range tables() {
			old = old || display.Regions(language.MustParse(in)).Name(language.MustParseRegion(code)) != names[in]
		}
		if !old {
			t.Errorf("the library knows the new name of %s by now", code)
		}
	}
}

func TestWithoutName(t *testing.T) {
	if Country("en", "XX") != "" || Country("zz", "PK") != "" || Language("en", "") != "" || Language("en", "ur-Latn") != "Urdu" {
		t.Error("a country or language is named that has no name")
	}
}
