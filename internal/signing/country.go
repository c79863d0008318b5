package signing

import (
	"sync"

	"golang.org/x/text/language"
)

// Countries are the two letters of every country that a signature may come from.
// It MUST NOT be changed.
var Countries = sync.OnceValue(func() map[string]bool {
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

// notCountry are codes that the tables call countries and that are nobody's home:
// uninhabited or part of another one, no longer there, or unions of several.
var notCountry = map[string]bool{
	"ZZ": true, "AC": true, "CP": true, "DG": true, "EA": true, "IC": true, "TA": true, "BV": true, "HM": true, "XA": true, "XB": true, "CQ": true,
	"EU": true, "EZ": true, "UN": true, "SU": true, "QO": true, "AN": true, "FQ": true, "NT": true, "PC": true, "YU": true, "CS": true,
}

func validCountry(code string) bool { return Countries()[code] }
