package signature

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxName is the longest name, or town, in characters.
const MaxName = 255

// What may be wrong with a name.
var (
	ErrNameEmpty  = errors.New("write a name")
	ErrNameLong   = errors.New("the name is longer than 255 characters")
	ErrNameURL    = errors.New("the name holds a web or mail address; write only the name")
	ErrNameStart  = errors.New("a name cannot start with - = + or @")
	ErrNameHidden = errors.New("the name holds invisible characters; type it again without copying it")
	ErrNameLetter = errors.New("a name has at least one letter")
)

// CleanName trims a name, makes runs of spaces one, and checks it. A name of one
// word is a name, in any script.
func CleanName(s string) (string, error) {
	s, err := cleanLine(s)
	switch {
	case err != nil:
		return "", err
	case s == "":
		return "", ErrNameEmpty
	case !strings.ContainsFunc(s, unicode.IsLetter):
		return "", ErrNameLetter
	}
	return s, nil
}

// CleanTown checks the name of a place likewise; it may be left empty.
func CleanTown(s string) (string, error) {
	s, err := cleanLine(s)
	if err == nil && s != "" && !strings.ContainsFunc(s, unicode.IsLetter) {
		err = ErrNameLetter
	}
	if err != nil {
		return "", err
	}
	return s, nil
}

func cleanLine(s string) (string, error) {
	if len(s) > 16*MaxName || !utf8.ValidString(s) {
		return "", ErrNameLong
	}
	for i, c := range s {
		if (hidden(c) && !joins(s, i, c)) || unicode.IsControl(c) {
			return "", ErrNameHidden
		}
	}
	s = norm.NFC.String(strings.Join(strings.Fields(s), " "))
	if utf8.RuneCountInString(s) > MaxName {
		return "", ErrNameLong
	}
	if s != "" && strings.ContainsRune("-=+@", firstRune(norm.NFKC.String(s))) {
		// A spreadsheet would read it as a formula.
		return "", ErrNameStart
	}
	if holdsURL(s) {
		return "", ErrNameURL
	}
	return s, nil
}

// hidden reports whether a character is not seen, or changes the direction or
// the order of what is.
func hidden(c rune) bool {
	switch {
	case c == '\u00ad', c == '\u034f', c == '\u061c', c == '\u115f', c == '\u1160', c == '\u17b4', c == '\u17b5', c == '\u3164', c == '\uffa0', c == '\ufeff':
		return true
	case c >= '\u180b' && c <= '\u180f', c >= '\u200b' && c <= '\u200f', c >= '\u2028' && c <= '\u202e', c >= '\u2060' && c <= '\u206f',
		c >= '\ufe00' && c <= '\ufe0f', c >= '\ufff0' && c <= '\ufffd', c >= 0xe0000 && c <= 0xe0fff:
		return true
	}
	return unicode.Is(unicode.Co, c) || unicode.Is(unicode.Noncharacter_Code_Point, c)
}

// joins reports whether the character at i is a zero-width non-joiner or joiner
// where spelling needs one: between two letters of a script that uses it
// (Persian and Urdu compounds, Indic conjuncts).
func joins(s string, i int, c rune) bool {
	if c != '\u200c' && c != '\u200d' {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(c):])
	spelled := func(r rune) bool {
		return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Devanagari, unicode.Bengali, unicode.Gujarati, unicode.Gurmukhi,
			unicode.Kannada, unicode.Malayalam, unicode.Oriya, unicode.Sinhala, unicode.Tamil, unicode.Telugu)
	}
	return spelled(before) && spelled(after)
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// holdsURL reports whether a text holds what programs turn into a link. A dot
// between letters is enough: "pay.example" is followed by many of them, and "J.R.
// Doe" is not one, because its parts are single letters.
func holdsURL(s string) bool {
	s = norm.NFKC.String(s)
	low := strings.ToLower(s)
	if strings.Contains(low, "://") || strings.Contains(low, "www.") || strings.Contains(low, "@") || strings.Contains(low, "mailto:") {
		return true
	}
	for _, word := range strings.FieldsFunc(low, func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune(",;()[]<>\"", c) }) {
		word = strings.TrimRight(word, ".")
		for i := strings.IndexByte(word, '/'); i >= 0; i = -1 {
			word = word[:i]
		}
		dot := strings.LastIndexByte(word, '.')
		if dot < 2 || !asciiLetters(word[dot+1:]) {
			continue
		}
		// "Dr.Doe" and "St.Example" are names written without a space; a host has
		// a known ending, or an upper level after a longer name.
		if host := word[:dot]; len(word)-dot-1 >= 2 && len(host) > 3 && len(word)-dot-1 <= 4 && !strings.Contains(host, "'") {
			return true
		}
		for _, end := range []string{"online", "click", "store", "website", "space", "games"} {
			if word[dot+1:] == end {
				return true
			}
		}
	}
	return false
}

func asciiLetters(s string) bool {
	for _, c := range s {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return s != ""
}

// InitialsOf returns the first letters of the first and the last word of a
// name, "A. B.", in its script; of a name of one word the one letter.
func InitialsOf(name string) string {
	var letters []string
	for _, word := range strings.FieldsFunc(name, func(c rune) bool { return unicode.IsSpace(c) || c == '.' || c == '-' || c == '‐' }) {
		if l := initial(word); l != "" {
			letters = append(letters, l)
		}
	}
	switch len(letters) {
	case 0:
		return ""
	case 1:
		return letters[0]
	}
	return letters[0] + " " + letters[len(letters)-1]
}

// initial is the first letter of a word with the marks on it, in upper case
// where there is one, and a full stop.
func initial(word string) string {
	for i, c := range word {
		if !unicode.IsLetter(c) {
			continue
		}
		end := i + utf8.RuneLen(c)
		for end < len(word) {
			m, size := utf8.DecodeRuneInString(word[end:])
			if !unicode.IsMark(m) || unicode.Is(unicode.Arabic, c) {
				// Vowel signs on an Arabic letter would tell more than the letter.
				break
			}
			end += size
		}
		return strings.ToUpper(word[i:end]) + "."
	}
	return ""
}
