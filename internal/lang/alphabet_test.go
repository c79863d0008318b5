package lang_test

import (
	"slices"
	"testing"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/gawah-project/gawah/internal/lang"
)

// The countries come in the order in which the collation of Unicode's CLDR has them.
// Not in Dari: there it has the letters و and ه the other way round than the schoolbooks.
func TestCompareIsTheOrderOfDictionaries(t *testing.T) {
	for _, tag := range []string{"en", "ur"} {
		var names []string
		for a := 'A'; a <= 'Z'; a++ {
			for b := 'A'; b <= 'Z'; b++ {
				r, err := language.ParseRegion(string(a) + string(b))
				if err != nil || !r.IsCountry() {
					continue
				}
				if name := display.Regions(language.Make(tag)).Name(r); name != "" && !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
		if len(names) < 200 {
			t.Fatalf("%s: only %d names", tag, len(names))
		}
		want := slices.Clone(names)
		collate.New(language.Make(tag)).SortStrings(want)
		slices.SortFunc(names, lang.For(tag).Compare)
		for i := range names {
			if names[i] != want[i] {
				t.Errorf("%s: %q stands where %q should", tag, names[i], want[i])
			}
		}
	}
}

func TestCompare(t *testing.T) {
	for tag, names := range map[string][]string{
		"en":    {"Aland", "Åland Islands", "Albania", "St. Example", "Stexample"},
		"ur":    {"افغانستان", "آسٹریلیا", "پاکستان", "ٹوگو", "چین", "گیانا", "گھانا", "ناروے", "ہانگ کانگ", "یمن"},
		"fa-AF": {"آلمان", "ایران", "پاکستان", "چین", "ژاپن", "گینه", "ویتنام", "هند", "یمن"},
	} {
		p := lang.For(tag)
		if !slices.IsSortedFunc(names, p.Compare) {
			t.Errorf("%q are not in order", names)
		}
		if p.Compare("x", "x") != 0 || p.Compare("a", "á") == 0 {
			t.Errorf("%s: only equal names are equal", tag)
		}
	}
}
