package petition

import (
	"strings"
	"unicode"
)

// Urdu and Dari close a clause with its verb, and the form of that verb says whether
// something is told, asked for or wished. So a sentence of theirs is read from its end:
// first the main clause is found, then its last words are looked at.

// mood is what a sentence of Urdu or Dari does, as its main clause says.
type mood struct {
	asks  bool // demands or wishes
	tells bool // tells what happened, what somebody says, or how something stands
	owes  bool // states a duty or a right
	feels bool // says what its authors feel, hope or are
}

// moodOf reads a sentence; false for one that is not mostly in Arabic script.
func moodOf(s string) (mood, bool) {
	arabic, latin := 0, 0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r):
			arabic++
		case unicode.Is(unicode.Latin, r):
			latin++
		}
	}
	if arabic <= latin {
		return mood{}, false
	}
	w := clauseWords(s)
	if strings.ContainsAny(s, "ٹڈڑںےہھ۔") { // letters that Dari does not have
		return urduMood(w), true
	}
	return dariMood(w), true
}

// clauseWords are the words of a sentence without vowel signs and with one form of each
// letter; a prefix of Dari that is written apart is joined to its verb.
func clauseWords(s string) []string {
	var out []string
	for _, t := range tokens(s) {
		w := strings.Map(func(r rune) rune {
			switch {
			case unicode.Is(unicode.M, r):
				return -1
			case r == 'ي' || r == 'ى':
				return 'ی'
			case r == 'ك':
				return 'ک'
			case r == 'ۂ':
				return 'ہ'
			case r == 'ۀ':
				return 'ه'
			case r == 'أ':
				return 'ا'
			}
			return r
		}, t.text)
		if n := len(out); n > 0 && (out[n-1] == "می" || out[n-1] == "نمی") {
			out[n-1] += w
			continue
		}
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}

// mainClause cuts a sentence before the conjunction that hangs another clause on it, if
// what stands before is a clause: it ends in a verb.
func mainClause(w []string, that string, verb func(string) bool, empty map[string]bool) []string {
	for i := 2; i < len(w)-1; i++ {
		if w[i] != that || !verb(w[i-1]) {
			continue
		}
		for _, x := range w[:i] {
			// "The truth is that …" says nothing itself.
			if empty[x] {
				return mainClause(w[i+1:], that, verb, empty)
			}
		}
		return w[:i]
	}
	return w
}

func holdsAny(w []string, set map[string]bool) bool {
	for _, x := range w {
		if set[x] {
			return true
		}
	}
	return false
}

// holdsRun reports whether words of a list, each of one or more words, stand in a row.
func holdsRun(w []string, runs []string) bool {
	joined := " " + strings.Join(w, " ") + " "
	for _, r := range runs {
		if strings.Contains(joined, " "+r+" ") {
			return true
		}
	}
	return false
}

// counts reports whether a clause counts something, in digits of any script or in words.
func counts(w []string, numbers map[string]bool) bool {
	for _, x := range w {
		if numbers[x] || x[0] >= '0' && x[0] <= '9' {
			return true
		}
	}
	return false
}

// formsOf joins every stem with every ending.
func formsOf(stems string, endings ...string) map[string]bool {
	set := map[string]bool{}
	for _, s := range strings.Fields(stems) {
		for _, e := range endings {
			set[s+e] = true
		}
	}
	return set
}
