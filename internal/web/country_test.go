package web

import (
	"testing"

	"golang.org/x/text/language"

	"github.com/gawah-project/gawah/internal/lang"
)

// TestCountryNames holds every state renamed since the library's tables to a name of its
// own in each language, so that a newer library shows which of ours can go.
func TestCountryNames(t *testing.T) {
	for code, names := range renamed {
		old := false
		for _, l := range lang.All() {
			if names[l.Tag()] == "" || countryName(l, code) != names[l.Tag()] {
				t.Errorf("%s in %s is %q", code, l.Tag(), countryName(l, code))
			}
			old = old || countryNamers()[l.Tag()].Name(language.MustParseRegion(code)) != names[l.Tag()]
		}
		if !old {
			t.Errorf("the library knows the new name of %s by now", code)
		}
	}
}
