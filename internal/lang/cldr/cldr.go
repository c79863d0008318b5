// Package cldr names countries and languages in the languages of the interface, as the
// Unicode Common Locale Data Repository has them (version 32, by the tables of
// golang.org/x/text). The tables of that library are for all languages at once and two
// megabytes of the program; these are cut out of them, and a test holds them to them.
package cldr

import (
	_ "embed"
	"encoding/json"
	"strings"
	"sync"
)

//go:generate go run generate.go

//go:embed names.json
var file []byte

type names struct {
	Countries map[string]string `json:"countries"`
	Languages map[string]string `json:"languages"`
}

var tables = sync.OnceValue(func() map[string]names {
	var all map[string]names
	if err := json.Unmarshal(file, &all); err != nil {
		panic("the program's own names of countries cannot be read: " + err.Error())
	}
	return all
})

// renamed are states that took another name after version 32, as version 46 has them.
var renamed = map[string]map[string]string{
	"MK": {"en": "North Macedonia", "ur": "شمالی مقدونیہ", "fa-AF": "مقدونیهٔ شمالی"},
	"SZ": {"en": "Eswatini", "ur": "سواتنی", "fa-AF": "اسواتینی"},
	"TR": {"en": "Türkiye", "ur": "ترکیہ", "fa-AF": "ترکیه"},
}

// Country names a country by its two letters (ISO 3166-1) in a language of the
// interface; "" for one without a name.
func Country(in, code string) string {
	if name, ok := renamed[code][in]; ok {
		return name
	}
	return tables()[in].Countries[code]
}

// Language names a language by its tag (BCP 47) in a language of the interface: without
// its script or region where it has any, "" for one without a name.
func Language(in, tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	return tables()[in].Languages[base]
}
