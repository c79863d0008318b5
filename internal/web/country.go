package web

import (
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/gawah-project/gawah/internal/lang"
)

// countryNamers holds a namer of countries for each language: making one is
// slow, using it is not.
var countryNamers = sync.OnceValue(func() map[string]display.Namer {
	all := map[string]display.Namer{}
	for _, l := range lang.All() {
		all[l.Tag()] = display.Regions(language.Make(l.Tag()))
	}
	return all
})

// renamed are states that took another name after the library's tables were made (CLDR 32
// of 2017), as CLDR 46 has them.
var renamed = map[string]map[string]string{
	"MK": {"en": "North Macedonia", "ur": "شمالی مقدونیہ", "fa-AF": "مقدونیهٔ شمالی"},
	"SZ": {"en": "Eswatini", "ur": "سواتنی", "fa-AF": "اسواتینی"},
	"TR": {"en": "Türkiye", "ur": "ترکیہ", "fa-AF": "ترکیه"},
}

// countryName names a country by its two letters, or gives the letters back.
func countryName(l *lang.Printer, code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name, ok := renamed[code][l.Tag()]; ok {
		return name
	}
	namer := countryNamers()[l.Tag()]
	if namer == nil {
		return code
	}
	if name := namer.Name(region); name != "" {
		return name
	}
	return code
}
