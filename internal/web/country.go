package web

import (
	"cmp"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/lang/cldr"
)

// countryName names a country by its two letters, or gives the letters back.
func countryName(l *lang.Printer, code string) string {
	return cmp.Or(cldr.Country(l.Tag(), code), code)
}

// languageName names a language by its tag, or gives the tag back.
func languageName(l *lang.Printer, tag string) string {
	if tag == "fa-AF" {
		// Not every table of names tells it from the language of Iran.
		return l.T("language.dari")
	}
	return cmp.Or(cldr.Language(l.Tag(), tag), tag)
}
