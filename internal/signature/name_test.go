package signature

import (
	"errors"
	"strings"
	"testing"
	"unicode"
)

func TestCleanName(t *testing.T) {
	for typed, want := range map[string]string{
		"Testfall":                    "Testfall",
		"  Anna   Testfall ":          "Anna Testfall",
		"Sukarno":                     "Sukarno",
		"O'Testfall":                  "O'Testfall",
		"J.R. Testfall":               "J.R. Testfall",
		"Dr.Testfall":                 "Dr.Testfall",
		"St. Example":                 "St. Example",
		"Anne-Marie d'Example":        "Anne-Marie d'Example",
		"Testfall, Jr.":               "Testfall, Jr.",
		"علی رضا":                     "علی رضا",
		"فاطمہ":                       "فاطمہ",
		"محمد\u200cعلی":               "محمد\u200cعلی", // written with a non-joiner
		"नमूना":                       "नमूना",
		"Đặng Thị Mẫu":                "Đặng Thị Mẫu",
		"山田太郎":                        "山田太郎",
		"Ṭestfall":                    "Ṭestfall",
		"T\u0323estfall":              "Ṭestfall",
		"N'Example (Dr.)":             "N'Example (Dr.)",
		"Bob Testfall III":            "Bob Testfall III",
		"A. B. Testfall\u00a0Example": "A. B. Testfall Example",
	} {
		if got, err := CleanName(typed); err != nil || got != want {
			t.Errorf("%q: %q, %v, want %q", typed, got, err, want)
		}
	}
	for typed, want := range map[string]error{
		"":                         ErrNameEmpty,
		"   ":                      ErrNameEmpty,
		"123":                      ErrNameLetter,
		"!!!":                      ErrNameLetter,
		"=cmd()":                   ErrNameStart,
		"+Testfall":                ErrNameStart,
		"-Testfall":                ErrNameStart,
		"@testfall":                ErrNameStart,
		" =1+1":                    ErrNameStart,
		"＝Testfall":                ErrNameStart,
		"http://x.example":         ErrNameURL,
		"Visit https://x.example/": ErrNameURL,
		"Buy at www.shop.example":  ErrNameURL,
		"cheap-pills.com":          ErrNameURL,
		"Testfall example.org":     ErrNameURL,
		"mail me a@example.org":    ErrNameURL,
		"pills.online":             ErrNameURL,
		"Test\u202efall":           ErrNameHidden,
		"Test\u200bfall":           ErrNameHidden,
		"Test\u200dfall":           ErrNameHidden,
		"Test\u2066fall":           ErrNameHidden,
		"Test\ufefffall":           ErrNameHidden,
		"Test\x00fall":             ErrNameHidden,
		"Test\nfall":               ErrNameHidden,
		"Test\u00adfall":           ErrNameHidden,
		"\u200cعلی":                ErrNameHidden,
		"Test\U000e0041fall":       ErrNameHidden,
		strings.Repeat("ä", 256):   ErrNameLong,
		strings.Repeat("a", 9999):  ErrNameLong,
		"\xff\xfe":                 ErrNameLong,
	} {
		if got, err := CleanName(typed); !errors.Is(err, want) {
			t.Errorf("%q: %q, %v, want %v", typed, got, err, want)
		}
	}
	if _, err := CleanName(strings.Repeat("ä", 255)); err != nil {
		t.Errorf("255 characters: %v", err)
	}
	if got, err := CleanTown(" "); got != "" || err != nil {
		t.Errorf("no town: %q, %v", got, err)
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Anna Testfall":         "A. T.",
		"anna maria testfall":   "A. T.",
		"Testfall":              "T.",
		"Anne-Marie Example":    "A. E.",
		"J.R. Testfall":         "J. T.",
		"علی رضا":               "ع. ر.",
		"محمد\u200cعلی نمونہ":   "م. ن.",
		"فاطمہ":                 "ف.",
		"عَلی":                  "ع.",
		"Ṭáhir Éxample":         "Ṭ. É.",
		"Елена Примерова":       "Е. П.",
		"A. T.":                 "A. T.",
		"'Abd al-Testfall":      "A. T.",
		"(Dr.) Anna Testfall 2": "D. T.",
		"":                      "",
	} {
		if got := InitialsOf(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func FuzzCleanName(f *testing.F) {
	for _, s := range []string{"Anna Testfall", "=1", "علی", "a\u200cb", "x.example/y", "\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := CleanName(s)
		if err != nil {
			return
		}
		if again, err := CleanName(got); err != nil || again != got {
			t.Errorf("%q became %q and then %q, %v", s, got, again, err)
		}
		if strings.ContainsFunc(got, func(c rune) bool { return unicode.IsControl(c) || c >= '\u202a' && c <= '\u202e' }) {
			t.Errorf("%q was taken", s)
		}
	})
}
