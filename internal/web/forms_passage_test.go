package web

import (
	"strings"
	"testing"
	"time"
)

func TestFindWords(t *testing.T) {
	for _, test := range []struct {
		text, words string
		want        []string
	}{
		{"Twelve people\n\twere killed. Twelve  people", "Twelve people", []string{"Twelve people", "Twelve  people"}},
		{"بارہ افراد\nہلاک ہوئے۔ بارہ", "افراد ہلاک", []string{"افراد\nہلاک"}},
		{"aaaa", "aa", []string{"aa", "aa"}},
		{"a  b", "  a b ", []string{"a  b"}},
		{"ab", "a b", nil},
		{"a b", "ab", nil},
		{"a\xff b", "a\xff b", []string{"a\ufffd b"}},
		{"", "a", nil},
		{"a", " ", nil},
		{strings.Repeat("x", 20_000), strings.Repeat("x", maxQuote+1), nil},
	} {
		text := []rune(test.text)
		found := findWords(text, test.words)
		if len(found) != len(test.want) {
			t.Errorf("%.40q in %.40q: %d places, want %d", test.words, test.text, len(found), len(test.want))
			continue
		}
		for i, s := range found {
			if s.Exact != test.want[i] || string(text[s.Start:s.End]) != s.Exact {
				t.Errorf("%q in %q: %q at %d-%d, want %q", test.words, test.text, s.Exact, s.Start, s.End, test.want[i])
			}
		}
	}
	if n := len(findWords([]rune(strings.Repeat("ab ", 100)), "ab")); n != maxMatches {
		t.Errorf("%d places, want %d", n, maxMatches)
	}
}

// Words that nearly stand everywhere in a long text cost no more than others.
func TestFindWordsInTime(t *testing.T) {
	text := []rune(strings.Repeat("a", 80_000))
	for _, words := range []string{strings.Repeat("a", maxQuote-1) + "b", strings.Repeat("a", 40_000) + "b", "b" + strings.Repeat("a", 5_000)} {
		began := time.Now()
		if found := findWords(text, words); found != nil {
			t.Errorf("found %d places", len(found))
		}
		if took := time.Since(began); took > 200*time.Millisecond {
			t.Errorf("%d code points took %v", len(words), took)
		}
	}
}
