package casework

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// TestFoundHoweverSpelled lists ways to write a name, and what is not the name.
func TestFoundHoweverSpelled(t *testing.T) {
	n := newNaming([]string{"Ali Testfall", "علی ٹیسٹ\u200cفال", "Jo Li"})
	for _, text := range []string{
		"ALI TESTFALL", "Ali\u00a0Testfall", "Ali\u2009\u200aTestfall", "Ali\u3000Testfall", "A\u200dli Test\u200bfall", "Ali\u200bTestfall",
		"\u202aAli\u202c Testfall", "Ali Test\u00adfall", "Ali Test-\nfall", "Ali\nTestfall", "Ali-Testfall", "Ali\u2013Testfall", "ali_testfall", "Ali+Testfall",
		"Ali%20Testfall", "A\u0301li T\u00e9stfall", "Ali … Testfall", "Ali [Testfall]", "Ali Test […] fall", "**Ali** Testfall", "Ali&nbsp;Testfall",
		"Ali&#x20;Testfall", `Ali\u0020Testfall`, `Ali\nTestfall`, "Ａｌｉ Testfall",
		"علی ٹیسٹ\u200cفال", "علی ٹیسٹفال", "علي ٹیسٹفال", "عَلِی ٹیسٹفال", "عـــلی ٹیسٹفال", "علی\u200cٹیسٹفال", "علی\u200f ٹیسٹفال",
		"%D8%B9%D9%84%DB%8C%20%D9%B9%DB%8C%D8%B3%D9%B9%D9%81%D8%A7%D9%84",
		"Jo Li", "(Jo Li)", "by Jo-Li.",
	} {
		around := "before " + text + " after"
		if !n.in(around) {
			t.Errorf("%q is not found", around)
		}
		if got := n.strike(around); strings.ContainsAny(strings.TrimSuffix(strings.TrimPrefix(got, "before "), " after"), "AaLlTtعلفJj") {
			t.Errorf("%q becomes %q", around, got)
		}
	}
	for _, text := range []string{
		"Ali, Testfall", "AliTestfall", "Ali and Testfall", "Ali Test fall", "Ali", "Testfall Ali", "Banjo Lindenbaum", `"Ali","Testfall"`,
	} {
		if n.in(text) || n.strike(text) != text {
			t.Errorf("%q is struck: %q", text, n.strike(text))
		}
	}
}

// spelledOut writes a name with signs that nobody sees, other spaces and marks.
func spelledOut(t *rapid.T, name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsSpace(r) {
			b.WriteString(rapid.SampledFrom([]string{" ", "  ", "\u00a0", "\u2009", "\u200c", "\u200b", "\t", "-", "\u202f"}).Draw(t, "space"))
			continue
		}
		if rapid.IntRange(0, 3).Draw(t, "capital") == 0 {
			r = unicode.ToUpper(r)
		}
		b.WriteRune(r)
		b.WriteString(rapid.SampledFrom([]string{"", "", "", "", "\u200d", "\u200b", "\u0640", "\u064e", "\u00ad", "\u2060"}).Draw(t, "unseen"))
	}
	return b.String()
}

// TestAnySplitIsStruck cuts a name anywhere into any number of pieces of a
// passage: nothing is left of it.
func TestAnySplitIsStruck(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"Ali Testfall", "Zubaydaqq bint Testfall", "علی ٹیسٹفال", "زہرا رضا"}).Draw(t, "name")
		rest := []rune(spelledOut(t, name))
		var parts []string
		for len(rest) > 0 {
			k := rapid.IntRange(1, len(rest)).Draw(t, "length")
			parts, rest = append(parts, string(rest[:k])), rest[k:]
		}
		number := rapid.StringMatching(`[0-9]{0,3}`)
		parts[0] = rapid.StringMatching(`([0-9]{1,4} )?`).Draw(t, "before") + parts[0]
		parts[len(parts)-1] += rapid.StringMatching(`( [0-9]{1,4})?`).Draw(t, "after")
		var p record.Passage
		if rapid.Bool().Draw(t, "in quoted words") {
			for i, part := range parts {
				if i > 0 && rapid.Bool().Draw(t, "inserted") {
					p.Segments = append(p.Segments, record.Segment{Exact: "1", Inserted: true})
				}
				p.Segments = append(p.Segments, record.Segment{Exact: part, Prefix: number.Draw(t, "prefix"), Suffix: number.Draw(t, "suffix")})
			}
		} else {
			// One after the other as they are read, the words around included.
			slot := rapid.IntRange(0, 2).Draw(t, "slot")
			for i := range parts {
				if i == 0 || slot == 0 {
					p.Segments = append(p.Segments, record.Segment{})
				}
				s := &p.Segments[len(p.Segments)-1]
				*[]*string{&s.Prefix, &s.Exact, &s.Suffix}[slot] = parts[i]
				slot = (slot + 1) % 3
			}
		}
		c := &record.Claim{ID: "c", Passage: p}
		body, err := ledger.Canonical(c)
		if err != nil {
			t.Fatal(err)
		}
		n := newNaming([]string{name})
		if !n.inBytes(body) {
			t.Fatalf("not found in %s", body)
		}
		if n.around(body) == "" {
			t.Errorf("no words are shown of %s", body)
		}
		rec, changed, err := n.redacted(store.Item[record.Record]{Rec: c, Body: body, Level: access.LevelPublic})
		if err != nil || !changed {
			t.Fatal(changed, err)
		}
		for i, s := range rec.(*record.Claim).Passage.Segments {
			if p.Segments[i].Exact != "" && s.Exact == "" {
				t.Errorf("segment %d has no words any more", i)
			}
			for _, r := range s.Prefix + s.Exact + s.Suffix {
				if unicode.IsLetter(r) {
					t.Errorf("of %q is left %q", parts, s.Prefix+"|"+s.Exact+"|"+s.Suffix)
				}
			}
		}
	})
}

// TestNotStruckAcrossOtherFields leaves alone what is no name: the words of
// different lists and fields.
func TestNotStruckAcrossOtherFields(t *testing.T) {
	n := newNaming([]string{"Ali Testfall"})
	e := &record.Event{ID: "e", Title: record.Text{{Lang: "en", Text: "Ali"}, {Lang: "ur", Text: "Testfall"}}, Slug: "x"}
	body, err := ledger.Canonical(e)
	if err != nil || n.inBytes(body) {
		t.Errorf("found in %s, %v", body, err)
	}
}
