package petitions

import (
	"errors"
	"strings"
	"testing"
	"unicode"

	"github.com/gawah-project/gawah/internal/record"
)

func goodForm() EndorseForm {
	return EndorseForm{
		Names:   []record.Name{{Text: "Testfall Rights Watch", Lang: "en"}, {Text: "دیدبان حقوق مثال", Lang: "fa-AF"}},
		Country: "pk", Site: "www.testfall-rights.org", Capacity: record.Plain("en", "a human-rights organisation"),
		Representative: "Ada Example", Position: "Director", Email: "ada@testfall-rights.org", Lang: "en", Edition: 1, Consent: true,
	}
}

func TestEndorseFormIsClean(t *testing.T) {
	e, err := goodForm().check(nil)
	if err != nil {
		t.Fatal(err)
	}
	if e.Country != "PK" || e.Site != "https://www.testfall-rights.org" || e.domain != "testfall-rights.org" || !e.mailed || len(e.Names) != 2 ||
		e.Names[0].Kind != record.NamePrimary || e.Names[1].Kind != record.NameVariant {
		t.Errorf("%+v", e)
	}
	f := goodForm()
	f.Email = "ada.example@gmail.com"
	if e, err := f.check(nil); err != nil || e.mailed {
		t.Errorf("an address of a mail provider proves something: %+v %v", e, err)
	}
	f = goodForm()
	f.Site = ""
	if e, err := f.check(nil); err != nil || e.mailed || e.domain != "" {
		t.Errorf("without a site: %+v %v", e, err)
	}
}

func TestEndorseFormRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		field string
		spoil func(*EndorseForm)
	}{
		"no name":              {"names", func(f *EndorseForm) { f.Names = []record.Name{{Text: " "}} }},
		"a formula":            {"names", func(f *EndorseForm) { f.Names[0].Text = "=HYPERLINK(1)" }},
		"a full-width formula": {"names", func(f *EndorseForm) { f.Names[0].Text = "＝cmd" }},
		"a turned name":        {"names", func(f *EndorseForm) { f.Names[0].Text = "Testfall\u202egro" }},
		"a hidden letter":      {"names", func(f *EndorseForm) { f.Names[0].Text = "Test\u200bfall" }},
		"an address as name":   {"names", func(f *EndorseForm) { f.Names[0].Text = "See https://x" }},
		"a long name":          {"names", func(f *EndorseForm) { f.Names[0].Text = strings.Repeat("a", 301) }},
		"digits as name":       {"names", func(f *EndorseForm) { f.Names[0].Text = "123" }},
		"no country":           {"country", func(f *EndorseForm) { f.Country = "" }},
		"a place that is none": {"country", func(f *EndorseForm) { f.Country = "ZZ" }},
		"a site of nobody":     {"site", func(f *EndorseForm) { f.Site = "http://127.0.0.1/" }},
		"no address":           {"email", func(f *EndorseForm) { f.Email = "" }},
		"two addresses":        {"email", func(f *EndorseForm) { f.Email = "a@testfall.org,b@testfall.org" }},
		"a header":             {"email", func(f *EndorseForm) { f.Email = "a@testfall.org\r\nBcc: b@testfall.org" }},
		"no representative":    {"representative", func(f *EndorseForm) { f.Representative = "" }},
		"a linked person":      {"representative", func(f *EndorseForm) { f.Representative = "www.testfall.org" }},
		"no consent":           {"consent", func(f *EndorseForm) { f.Consent = false }},
		"a turned capacity":    {"capacity", func(f *EndorseForm) { f.Capacity[0].Text = "\u2066x" }},
	} {
		f := goodForm()
		test.spoil(&f)
		_, err := f.check(nil)
		if e, ok := errors.AsType[*record.Invalid](err); !ok || !e.Has(test.field) {
			t.Errorf("%s: %v, want an error about %s", name, err, test.field)
		}
	}
}

func TestSameName(t *testing.T) {
	a := []record.Name{{Text: "Testfall Rights Watch"}, {Text: "دیدبان"}}
	if !sameName(a, []record.Name{{Text: "testfall  RIGHTS watch"}}) || !sameName(a, []record.Name{{Text: "ديدبان"}}) {
		t.Error("two writings of one name are told apart")
	}
	if sameName(a, []record.Name{{Text: "Testfall Rights"}}) || sameName(a, nil) {
		t.Error("two names are one")
	}
}

// FuzzCleanTitle: whatever is typed, nothing invisible, turned or read as a
// formula comes out, and cleaning again changes nothing.
func FuzzCleanTitle(f *testing.F) {
	for _, s := range []string{"Testfall Rights Watch", " =1+1", "a\u202eb", "دیدبان\u200cحقوق", "ａ", "e\u0301", "\x00", "www.x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		clean, key := cleanTitle(s)
		if key != "" {
			if clean != "" {
				t.Errorf("%q is refused and kept as %q", s, clean)
			}
			return
		}
		if again, key := cleanTitle(clean); again != clean || key != "" {
			t.Errorf("%q became %q and then %q (%s)", s, clean, again, key)
		}
		for _, c := range clean {
			if unicode.IsControl(c) || c >= '\u202a' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069' || c == '\u200b' {
				t.Errorf("%q kept %U", s, c)
			}
		}
	})
}
