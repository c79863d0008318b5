package web

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// TestReadingRuns cuts texts at any passages and pages: together the runs are the
// text, which positions are counted in, and every mark lies where its passage is.
func TestReadingRuns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := []rune(rapid.StringOfN(rapid.RuneFrom([]rune("ab .\n\f𐀀ی۔")), 0, 60, -1).Draw(t, "text"))
		passages := map[span]string{}
		for range rapid.IntRange(0, 5).Draw(t, "passages") {
			a := rapid.IntRange(-2, len(text)+2).Draw(t, "start")
			passages[span{a, a + rapid.IntRange(0, 10).Draw(t, "length")}] = "claim"
		}
		pages := rapid.SliceOfN(rapid.IntRange(-1, len(text)+1), 0, 4).Draw(t, "pages")
		var b strings.Builder
		at := 0
		for _, run := range readingRuns(text, passages, pages) {
			if run.Text == "" {
				t.Fatal("an empty run")
			}
			if run.Mark != "" {
				inside := false
				for s := range passages {
					inside = inside || s.start <= at && at+len([]rune(run.Text)) <= s.end
				}
				if !inside {
					t.Fatalf("marked outside of any passage: %q at %d", run.Text, at)
				}
			}
			b.WriteString(run.Text)
			at += len([]rune(run.Text))
		}
		if b.String() != string(text) {
			t.Fatalf("runs are %q, text is %q", b.String(), string(text))
		}
	})
}

// TestSentences covers every letter of a text once, in order.
func TestSentences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := []rune(rapid.StringOfN(rapid.RuneFrom([]rune("ab .!\n\"۔)”")), 0, 60, -1).Draw(t, "text"))
		covered := make([]bool, len(text))
		last := 0
		for _, p := range paragraphs(text) {
			for _, s := range sentences(text, p) {
				if s.start < last || s.end <= s.start || s.end > len(text) {
					t.Fatalf("sentence %v after %d", s, last)
				}
				last = s.end
				for i := s.start; i < s.end; i++ {
					covered[i] = true
				}
			}
		}
		for i, r := range text {
			if !unicode.IsSpace(r) && !covered[i] {
				t.Fatalf("%q at %d is in no sentence of %q", r, i, string(text))
			}
		}
	})
	text := []rune("Mr. X said \"Yes.\" Then he left! ایک حملہ۔ دوسرا")
	var got []string
	for _, s := range sentences(text, span{0, len(text)}) {
		got = append(got, string(text[s.start:s.end]))
	}
	if want := "Mr.|X said \"Yes.\"|Then he left!|ایک حملہ۔|دوسرا"; strings.Join(got, "|") != want {
		t.Errorf("sentences are %q", got)
	}
}

// TestFindWords finds any part of a text again, at the place it was taken from
// among others.
func TestFindWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := []rune(rapid.StringOfN(rapid.RuneFrom([]rune("ab \n𐀀ی")), 1, 40, -1).Draw(t, "text"))
		a := rapid.IntRange(0, len(text)-1).Draw(t, "start")
		b := rapid.IntRange(a+1, len(text)).Draw(t, "end")
		s := trimSpan(text, span{a, b})
		if s.start >= s.end {
			return
		}
		words := string(text[s.start:s.end])
		seg, _, err := placeWords(strings.ReplaceAll(words, " ", "\n "), "", "", text, true)
		if err == nil && !sameWords(seg.Exact, words) {
			t.Fatalf("%q was found as %q", words, seg.Exact)
		}
		if err == errUnfound {
			t.Fatalf("%q is not found in %q", words, string(text))
		}
		seg, _, err = placeWords(words, itoa(s.start), itoa(s.end), text, true)
		if err != nil || seg.Start != s.start || seg.Exact != words {
			t.Fatalf("with its position: %+v, %v", seg, err)
		}
	})
}
