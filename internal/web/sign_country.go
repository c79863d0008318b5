package web

import (
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/signing"
)

// isCountry reports whether two letters are a country's.
func isCountry(code string) bool {
	return signing.Countries()[code]
}

// countryLists are the countries in the order of each language's alphabet.
var countryLists = sync.OnceValue(func() map[string][]Option {
	all := map[string][]Option{}
	for _, l := range lang.All() {
		var list []Option
		for code := range signing.Countries() {
			list = append(list, Option{Value: code, Label: countryName(l, code)})
		}
		collate.New(language.Make(l.Tag())).Sort(byLabel(list))
		all[l.Tag()] = list
	}
	return all
})

// byLabel sorts options by what is read.
type byLabel []Option

func (b byLabel) Len() int           { return len(b) }
func (b byLabel) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }
func (b byLabel) Bytes(i int) []byte { return []byte(b[i].Label) }

// countryOptions is the list for a form, with one chosen.
func countryOptions(l *lang.Printer, chosen string) []Option {
	list := countryLists()[l.Tag()]
	if !signing.Countries()[chosen] {
		return list
	}
	out := make([]Option, len(list))
	copy(out, list)
	for i := range out {
		out[i].Chosen = out[i].Value == chosen
	}
	return out
}
