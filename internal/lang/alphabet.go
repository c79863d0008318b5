package lang

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// alphabets are the letters of each language in the order of its dictionaries, where
// that is not the order of their code points. In Urdu a letter with its breath
// (بھ) comes after all that the letter begins without it, so that the breath is last.
var alphabets = map[string]map[rune]int{
	"ur":    ranks("اأآبپتٹثجچحخدڈذرڑزژسشصضطظعغفقکكگلمنںوؤہۂهةءئیيىےۓھ"),
	"fa-AF": ranks("آاأبپتٹثجچحخدڈذرڑزژسشصضطظعغفقکكگلمنںوؤهةۂہھءئیيىے"),
}

func ranks(alphabet string) map[rune]int {
	rank := map[rune]int{}
	for i, r := range []rune(alphabet) {
		rank[r] = i
	}
	return rank
}

// Compare orders two names as a list for readers of the language has them: by letters
// in the order of its alphabet, without regard to case, accents and vowel signs,
// spaces and points before letters. The alphabet is all that it needs; the tables
// that put every language in order are a million bytes.
func (p *Printer) Compare(a, b string) int {
	alphabet := alphabets[p.Tag()]
	return cmp.Or(slices.Compare(sortKey(alphabet, a), sortKey(alphabet, b)), strings.Compare(a, b))
}

// sortKey is a name's letters as numbers that are in their order.
func sortKey(alphabet map[rune]int, s string) []int {
	var key []int
	for _, r := range norm.NFC.String(s) {
		if n, ok := alphabet[r]; ok {
			key = append(key, unicode.MaxRune+1+n)
			continue
		}
		// An accent is set beside its letter, and left out.
		for _, r := range norm.NFD.String(string(unicode.ToLower(r))) {
			if !unicode.In(r, unicode.Mn, unicode.Cf) {
				key = append(key, int(r))
			}
		}
	}
	return key
}
