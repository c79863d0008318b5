package web

import (
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/gawah-project/gawah/internal/lang"
)

// countryCodes are the countries' two letters that are in use.
var countryCodes = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string(a) + string(b)
			region, err := language.ParseRegion(code)
			// A code that was given up leads to another one; groups have no people of
			// their own.
			if err != nil || !region.IsCountry() || region.Canonicalize() != region || region.String() != code || notCountry[code] {
				continue
			}
			all[code] = true
		}
	}
	return all
})

// notCountry are codes that the tables call countries and that are nobody's home.
var notCountry = map[string]bool{"ZZ": true, "AC": true, "CP": true, "DG": true, "EA": true, "IC": true, "TA": true, "BV": true, "HM": true, "XA": true, "XB": true, "CQ": true}

// countryLists are the countries in the order of each language's alphabet.
var countryLists = sync.OnceValue(func() map[string][]Option {
	all := map[string][]Option{}
	for _, l := range lang.All() {
		var list []Option
		for code := range countryCodes() {
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
	if !countryCodes()[chosen] {
		return list
	}
	out := make([]Option, len(list))
	copy(out, list)
	for i := range out {
		out[i].Chosen = out[i].Value == chosen
	}
	return out
}
