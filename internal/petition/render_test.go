package petition

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/record"
)

func resolve(t *testing.T, lang, body string) record.EditionText {
	t.Helper()
	text, _, missing, err := Resolve(record.PetitionText{Lang: lang, Title: "Title", Summary: "Summary", Body: body}, testRegister(), printer(lang))
	if err != nil || len(missing) > 0 {
		t.Fatal(err, missing)
	}
	return text
}

func TestPlain(t *testing.T) {
	text := resolve(t, "en", `## Part

They were {@figure:example-town/killed}, *all* of one [family](https://a.example/f).\
So it is said.

- one
- two
  1. three

> Quoted. [@source:`+sourceA+`]

---

End[^ A note. ].`)
	want := `Title

Summary

Part

They were 11en:footnote.mark(1), all of one family <https://a.example/f>.
So it is said.

• one
• two
  1. three

    Quoted.en:footnote.mark(2)

* * *

Enden:footnote.mark(3).

en:notes

en:footnote.mark(1) en:footnote.figure_of(en:value.between(10)(13))(2) | 11 · Example Board · en:footnote.title(مثالی رپورٹ) · p. 4 · 2020 · en:footnote.unheld | en:value.at_least(10) · Example Board · en:footnote.title(مثالی رپورٹ) · p. 9 · 2020 · en:footnote.unheld
en:footnote.mark(2) The Example Gazette · A. Testfall · en:footnote.title(A report on Example Town) · 2021-01-05 · https://gazette.example/a · en:footnote.held(` + strings.Repeat("a", 64) + `) · en:footnote.accessed(2021-03-01)
en:footnote.mark(3) A note.
`
	if diff := cmp.Diff(want, Plain(text, printer("en"))); diff != "" {
		t.Error(diff)
	}
}

func TestRuns(t *testing.T) {
	text := resolve(t, "en", "a [@figure:example-town/killed; @source:"+sourceA+"; @claim:"+claimB+"] b\\\nc[^ n ]")
	var got []string
	Walk(text.Blocks, Walker{Run: func(r Run) {
		s := r.Text
		if r.Break {
			s = "|"
		}
		if len(r.Marks) > 0 {
			s += Mark(printer(""), r.Marks)
		}
		got = append(got, s)
	}})
	if diff := cmp.Diff([]string{"a:footnote.mark(1–3)", " b", "|", "c:footnote.mark(4)"}, got); diff != "" {
		t.Error(diff)
	}
	if s := Mark(printer(""), []int{1, 2, 4, 5, 6, 9}); s != ":footnote.mark(1, 2, 4–6, 9)" {
		t.Error(s)
	}
}

func TestRTL(t *testing.T) {
	for lang, want := range map[string]bool{"ur": true, "fa-AF": true, "FA": true, "haz": true, "en": false, "": false, "en-PK": false} {
		if RTL(lang) != want {
			t.Errorf("RTL(%q) = %v", lang, !want)
		}
	}
}
