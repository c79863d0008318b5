package figure

import (
	"strconv"
	"strings"
	"unicode"
)

// A Word is one line of a table that turns words into a number.
type Word struct {
	Word   string `json:"word"`
	Number int64  `json:"number"`
}

// WordTable is a named conversion of vague words into numbers. Projects disagree
// about these, so the table is part of the rule, shown to readers, and a changed
// table is a new version under a new name.
type WordTable struct {
	Name string `json:"name"`
	// AtLeast says that a word is a lower bound, open above. Otherwise it is read
	// as the number itself, approximately.
	AtLeast bool   `json:"at_least"`
	Words   []Word `json:"words"`

	folded []Word
}

// gawahWords1 reads plurals as at least two of their unit and "several" as at
// least three. All numbers are lower bounds: "dozens" excludes 23 and nothing
// above.
var gawahWords1 = newTable(WordTable{Name: "gawah-words/1", AtLeast: true, Words: []Word{
	{"several", 3},
	{"a dozen", 12},
	{"dozen", 12},
	{"dozens", 24},
	{"several dozen", 36},
	{"score", 20},
	{"scores", 40},
	{"tens", 20},
	{"hundreds", 200},
	{"several hundred", 300},
	{"thousands", 2000},
	{"several thousand", 3000},
	{"tens of thousands", 20000},
	{"hundreds of thousands", 200000},
	// Urdu
	{"کئی", 3},
	{"متعدد", 3},
	{"درجن", 12},
	{"ایک درجن", 12},
	{"درجنوں", 24},
	{"سینکڑوں", 200},
	{"سیکڑوں", 200},
	{"ہزاروں", 2000},
	{"لاکھوں", 200000},
	// Persian and Dari
	{"چندین", 3},
	{"ده\u200cها", 20},
	{"ده ها", 20},
	{"صدها", 200},
	{"صد ها", 200},
	{"هزاران", 2000},
	{"ده\u200cها هزار", 20000},
	{"ده ها هزار", 20000},
	{"صدها هزار", 200000},
	{"صد ها هزار", 200000},
}})

// acledWords1 is the conversion that ACLED publishes for fatalities: one number
// for each word, not a bound.
var acledWords1 = newTable(WordTable{Name: "acled-words/1", Words: []Word{
	{"tens", 10},
	{"dozen", 12},
	{"a dozen", 12},
	{"dozens", 12},
	{"hundreds", 100},
}})

func newTable(t WordTable) WordTable {
	for _, w := range t.Words {
		t.folded = append(t.folded, Word{fold(w.Word), w.Number})
	}
	return t
}

// Words returns the table by which the rule reads numbers in words, and false
// for a rule that reads none.
func Words(r Rule) (WordTable, bool) {
	d := lookup(r)
	if d == nil || d.words == nil {
		return WordTable{}, false
	}
	t := *d.words
	t.Words, t.folded = append([]Word(nil), t.Words...), nil
	return t, true
}

// leads may stand before a word without changing that it is a lower bound.
var leads = [...]string{"at least ", "more than ", "over ", "many ", "the "}

// read reads words such as "dozens of people". The phrase must begin with a word
// of the table, and no second one, nor a numeral, may follow: "almost a dozen"
// and "dozens, perhaps hundreds" need a person, and are no number here.
func (t *WordTable) read(printed string) reading {
	if t == nil {
		return reading{}
	}
	s := fold(printed)
	if t.AtLeast {
		for _, l := range leads {
			if rest, ok := strings.CutPrefix(s, l); ok {
				s = rest
				break
			}
		}
	}
	found := -1
	for i, w := range t.folded {
		if startsWith(s, w.Word) && (found < 0 || len(w.Word) > len(t.folded[found].Word)) {
			found = i
		}
	}
	if found < 0 || t.ambiguous(s[len(t.folded[found].Word):]) {
		return reading{}
	}
	n := t.Words[found].Number
	if t.AtLeast {
		return reading{
			lo: n, hi: n, ok: true, open: true,
			word: t.Words[found].Word + " ≥ " + strconv.FormatInt(n, 10) + " (" + t.Name + ")",
		}
	}
	return reading{
		lo: n, hi: n, point: n, pointed: true, ok: true, approx: true,
		word: t.Words[found].Word + " = " + strconv.FormatInt(n, 10) + " (" + t.Name + ")",
	}
}

func startsWith(s, word string) bool {
	rest, ok := strings.CutPrefix(s, word)
	return ok && (rest == "" || rest[0] == ' ')
}

func (t *WordTable) ambiguous(rest string) bool {
	if strings.ContainsFunc(rest, unicode.IsDigit) {
		return true
	}
	for w := range strings.FieldsSeq(rest) {
		switch w {
		case "hundred", "thousand", "million", "millions":
			return true
		}
		for _, known := range t.folded {
			if w == known.Word {
				return true
			}
		}
	}
	return false
}

// fold reduces a name or phrase to what two spellings of it have in common:
// lower case, no punctuation or vowel marks, single spaces, one form of the
// Arabic-script letters that keyboards confuse.
func fold(s string) string {
	if folded(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case r == '\u0640' || r >= '\u064b' && r <= '\u0652' || r == '\u0670' || r == '\u200c' || r == '\u200d':
			continue // tatweel, vowel marks, joiners
		case r == 'ي' || r == 'ى':
			r = 'ی'
		case r == 'ك':
			r = 'ک'
		case r == 'ہ' || r == 'ھ' || r == 'ۀ' || r == 'ة':
			r = 'ه'
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r):
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// folded reports whether fold would return s as it is, for plain ASCII.
func folded(s string) bool {
	last := byte(' ')
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && (c != ' ' || last == ' ') {
			return false
		}
		last = c
	}
	return last != ' ' || s == ""
}
