package petition

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// object stands in a sentence's text for a thing that is no text: a citation, a
// printed value, a note, a break.
const object = '\uFFFC'

// Sentence is a sentence of a block, with what it cites.
type Sentence struct {
	Text  string // a citation or a printed value in it is U+FFFC
	Line  int    // of the source, where it begins
	Cites []Citation
	Value bool // a value in it is printed from the register
}

// flow is the words of a block in one string, with where they come from.
type flow struct {
	text    string
	starts  []int // offset at which each inline begins
	inlines []Inline
}

func newFlow(in []Inline) flow {
	f := flow{inlines: in}
	var b strings.Builder
	for _, i := range in {
		f.starts = append(f.starts, b.Len())
		switch {
		case i.Kind == InText && i.Href != "" && i.Text == strings.TrimPrefix(i.Href, "mailto:"):
			b.WriteRune(object) // an address is no sentence's words
		case i.Kind == InText:
			b.WriteString(strings.ReplaceAll(i.Text, string(object), " "))
		default:
			b.WriteRune(object)
		}
	}
	f.text = b.String()
	return f
}

// Abbreviations after which a full stop ends no sentence, in lower case.
var abbreviations = map[string]bool{
	"mr": true, "mrs": true, "ms": true, "dr": true, "prof": true, "gen": true, "col": true, "lt": true, "maj": true, "capt": true, "sgt": true,
	"no": true, "nos": true, "art": true, "arts": true, "para": true, "paras": true, "sec": true, "vs": true, "etc": true, "st": true, "jr": true, "sr": true,
	"p": true, "pp": true, "vol": true, "ed": true, "eds": true, "fig": true, "approx": true, "dept": true, "govt": true, "hon": true, "rev": true,
	"jan": true, "feb": true, "mar": true, "apr": true, "jun": true, "jul": true, "aug": true, "sep": true, "sept": true, "oct": true, "nov": true, "dec": true,
	"e.g": true, "i.e": true, "cf": true, "al": true, "inc": true, "ltd": true, "co": true,
}

// Pairs of quotation marks that differ at both ends, the closing one by its
// opening one. Marks of the same form at both ends are read in turn.
var quotePairs = map[rune]rune{'“': '”', '«': '»', '‘': '’', '„': '“', '”': '“'}

// span of bytes in a text.
type extent struct{ from, to int }

// quotations returns where a block's text is quoted, marks included. Marks
// without a partner are none; an apostrophe is none.
func quotations(s string) []extent {
	var out []extent
	closers := closingMarks(s)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		want, ok := quotePairs[r]
		if r == '"' {
			want, ok = '"', true
		}
		// ” opens only where text from right to left is quoted as ”…“.
		if r == '”' && !opensWord(s, i, size) || r == '“' && !opensWord(s, i, size) && i > 0 {
			ok = false
		}
		if ok {
			if j := closers.next(want, i+size); j > 0 {
				if strings.TrimFunc(s[i+size:j], func(r rune) bool { return unicode.IsSpace(r) || r == object }) != "" {
					out = append(out, extent{i, j + utf8.RuneLen(want)})
				}
				i = j + utf8.RuneLen(want)
				continue
			}
		}
		i += size
	}
	return out
}

// opensWord reports whether the mark at i stands before a word and not behind one.
func opensWord(s string, i, size int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+size:])
	return (i == 0 || unicode.IsSpace(before) || strings.ContainsRune("([{—–-:/", before)) && !unicode.IsSpace(after) && i+size < len(s)
}

// marks are the places of closing marks, each kind in order, with how far the
// search has come: it never goes back, so that all of it is linear.
type marks struct {
	at   map[rune][]int
	done map[rune]int
}

func closingMarks(s string) *marks {
	m := &marks{map[rune][]int{}, map[rune]int{}}
	for i, r := range s {
		switch r {
		case '”', '»', '“', '"':
			m.at[r] = append(m.at[r], i)
		case '’':
			// Between letters, and before a word, it is an apostrophe.
			after, _ := utf8.DecodeRuneInString(s[i+len("’"):])
			if !unicode.IsLetter(after) {
				m.at[r] = append(m.at[r], i)
			}
		}
	}
	return m
}

func (m *marks) next(r rune, from int) int {
	at := m.at[r]
	i := m.done[r]
	for i < len(at) && at[i] < from {
		i++
	}
	m.done[r] = i
	if i == len(at) {
		return 0
	}
	return at[i]
}

// sentences splits a block into sentences, for English, Urdu and Dari. A stop
// inside a quotation ends none; a citation behind the stop belongs to the sentence
// before it.
func (f flow) sentences() []Sentence {
	s := f.text
	var out []Sentence
	quotes := quotations(s)
	inQuote, q := 0, 0
	start := 0
	cut := func(end int) {
		if text := strings.TrimSpace(s[start:end]); strings.Trim(text, string(object)+" \t\n") != "" || len(f.things(start, end)) > 0 {
			out = append(out, f.sentence(start, end))
		}
		start = end
	}
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		for q < len(quotes) && quotes[q].to <= i {
			q++
		}
		inQuote = 0
		if q < len(quotes) && i >= quotes[q].from && i < quotes[q].to {
			inQuote = quotes[q].to
		}
		i += size
		if !strings.ContainsRune(".!?۔؟…।", r) {
			continue
		}
		closed := inQuote > 0
		if closed {
			// A stop just before the closing mark ends the sentence there.
			if _, n := utf8.DecodeLastRuneInString(s[:inQuote]); i+n != inQuote {
				continue
			}
			i = inQuote
		}
		if r == '.' && !endsSentence(s[:i-size]) {
			continue
		}
		end := i
		for end < len(s) {
			c, n := utf8.DecodeRuneInString(s[end:])
			if strings.ContainsRune(".!?۔؟…)]}”»’\"", c) || c == object {
				end += n
				continue
			}
			// The mark of a footnote in a text from elsewhere: "[2]".
			if n := foreignMark(s[end:]); n > 0 {
				end += n
				continue
			}
			// A citation may stand behind a space.
			if unicode.IsSpace(c) {
				rest := strings.TrimLeftFunc(s[end:], unicode.IsSpace)
				if strings.HasPrefix(rest, string(object)) && f.citation(len(s)-len(rest)) {
					end = len(s) - len(rest) + len(string(object))
					continue
				}
			}
			break
		}
		if end < len(s) {
			c, _ := utf8.DecodeRuneInString(s[end:])
			// After a full stop in Latin script a sentence begins anew only behind a
			// space and not with a small letter.
			if !unicode.IsSpace(c) && !f.cites(i, end) && r != '۔' && r != '؟' && r != '।' {
				continue
			}
			next, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(s[end:], unicode.IsSpace))
			// In scripts without capitals a quotation that ends with a stop may well
			// stand in the middle of a sentence.
			if (unicode.IsLower(next) || closed && unicode.IsLetter(next) && !unicode.IsUpper(next)) && !f.cites(i, end) {
				continue
			}
		}
		i = end
		cut(end)
	}
	cut(len(s))
	return out
}

// foreignMark returns the length of a number in square brackets at the front of
// s, 0 when there is none.
func foreignMark(s string) int {
	if !strings.HasPrefix(s, "[") {
		return 0
	}
	i := 1
	for i < len(s) && i < 4 && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i == 1 || i == len(s) || s[i] != ']' {
		return 0
	}
	return i + 1
}

// endsSentence reports whether a full stop after these words ends a sentence,
// rather than an abbreviation, an initial or the first part of a number.
func endsSentence(before string) bool {
	if len(before) > 64 { // no abbreviation is as long
		before = before[len(before)-64:]
	}
	i := strings.LastIndexFunc(before, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("([“\"‘", r) })
	word := before
	if i >= 0 {
		_, size := utf8.DecodeRuneInString(before[i:])
		word = before[i+size:]
	}
	if abbreviations[strings.ToLower(word)] {
		return false
	}
	r, size := utf8.DecodeRuneInString(word)
	return size != len(word) || !unicode.IsUpper(r) // "A. Example"
}

// things returns the inlines between two offsets that are no text.
func (f flow) things(from, to int) []Inline {
	var out []Inline
	for i := f.at(from); i < len(f.inlines) && f.starts[i] < to; i++ {
		if f.starts[i] >= from && f.inlines[i].Kind != InText {
			out = append(out, f.inlines[i])
		}
	}
	return out
}

// at returns the index of the inline at an offset.
func (f flow) at(offset int) int {
	lo, hi := 0, len(f.starts)
	for lo < hi {
		mid := (lo + hi) / 2
		if f.starts[mid] <= offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	// Of several that begin here (empty ones), the first.
	lo--
	for lo > 0 && f.starts[lo-1] == offset {
		lo--
	}
	return max(lo, 0)
}

func (f flow) citation(offset int) bool {
	i := f.at(offset)
	return i < len(f.inlines) && f.starts[i] == offset && (f.inlines[i].Kind == InCite || f.inlines[i].Kind == InNote)
}

func (f flow) cites(from, to int) bool {
	for _, in := range f.things(from, to) {
		if in.Kind == InCite || in.Kind == InNote {
			return true
		}
	}
	return false
}

func (f flow) sentence(from, to int) Sentence {
	s := Sentence{Text: strings.TrimSpace(f.text[from:to])}
	// It begins where its first word does.
	first := from + len(f.text[from:to]) - len(strings.TrimLeftFunc(f.text[from:to], unicode.IsSpace))
	if len(f.inlines) > 0 {
		s.Line = f.inlines[f.at(min(first, max(len(f.text)-1, 0)))].Line
	}
	for _, in := range f.things(from, to) {
		s.Cites = append(s.Cites, in.Cites...)
		s.Value = s.Value || in.Kind == InValue
	}
	return s
}

// Sentences splits a block's own words into sentences.
func Sentences(b Block) []Sentence { return newFlow(b.Inlines).sentences() }

// Words returns the sentence for a reader: things that are no words left out.
func (s Sentence) Words() string {
	return tidySpaces(strings.ReplaceAll(s.Text, string(object), " "))
}
