package web

import (
	"slices"
	"sync"

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
		slices.SortFunc(list, func(a, b Option) int { return l.Compare(a.Label, b.Label) })
		all[l.Tag()] = list
	}
	return all
})

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
