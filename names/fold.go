package names

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxToken is the number of runes after which a token is cut. Longer runs of
// letters are noise (encoded data, text without spaces), and indexes bound the
// size of a key.
const MaxToken = 64

// Fold returns the search key of s: its folded tokens, separated by one space.
// It accepts any bytes, returns valid UTF-8, and Fold(Fold(s)) == Fold(s).
// See the package documentation for what is folded.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	// Folding rarely grows a text, and separators shrink it.
	b := AppendFold(make([]byte, 0, len(s)+8), s)
	return string(b)
}

// isFolded reports whether s is ASCII that Fold would return as it is, which is
// common for queries and for keys that are folded once more.
func isFolded(s string) bool {
	run := 0
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			return false
		case c == ' ' && run > 0:
			run = 0
		case c == ' ' || ascii[c] <= asciiDropped || ascii[c] != c || run == MaxToken:
			return false
		default:
			run++
		}
	}
	return run > 0 || s == ""
}

// AppendFold appends Fold(s) to dst and returns the extended slice. An importer
// that reuses dst folds ASCII text without allocating.
func AppendFold(dst []byte, s string) []byte {
	f := folder{out: dst, base: len(dst), token: -1}
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			f.rune(r)
			i += size
			continue
		}
		i++
		k := ascii[c]
		switch k {
		case asciiSeparator:
			f.end()
			continue
		case asciiDropped:
			continue
		}
		f.begin()
		f.out = append(f.out, k)
		// The rest of a run of ASCII letters and digits, without asking each time
		// whether a token has begun.
		for i < len(s) && s[i] < utf8.RuneSelf {
			k := ascii[s[i]]
			if k <= asciiDropped {
				break
			}
			f.out = append(f.out, k)
			i++
		}
	}
	f.end()
	return f.out
}

// The table ascii maps an ASCII byte to its folded byte or to one of these.
const (
	asciiSeparator = 0
	asciiDropped   = 1
)

var ascii = func() (t [utf8.RuneSelf]byte) {
	for c := byte('0'); c <= '9'; c++ {
		t[c] = c
	}
	for c := byte('a'); c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = c, c
	}
	for _, c := range []byte("'\"`") {
		t[c] = asciiDropped
	}
	return t
}()

// folder collects folded tokens in out.
type folder struct {
	out []byte
	// base is where the key starts in out, token where the current token starts,
	// or -1 between tokens.
	base, token int
	// compose is true if a rune of the current token may compose with the one
	// before it.
	compose bool
}

// begin starts a token if none is open.
func (f *folder) begin() {
	if f.token >= 0 {
		return
	}
	if len(f.out) > f.base {
		f.out = append(f.out, ' ')
	}
	f.token = len(f.out)
}

// end closes the open token, if there is one: normalises it and cuts it.
func (f *folder) end() {
	if f.token < 0 {
		return
	}
	if f.compose {
		// Each rune is folded to NFC by itself; what composes with its neighbour is
		// composed here, so that the whole key is NFC like the rest of the record.
		f.out = append(f.out[:f.token], norm.NFC.Bytes(f.out[f.token:])...)
		f.compose = false
	}
	if token := f.out[f.token:]; len(token) > MaxToken {
		n := 0
		for i := 0; i < len(token); n++ {
			if n == MaxToken {
				f.out = f.out[:f.token+i]
				break
			}
			_, size := utf8.DecodeRune(token[i:])
			i += size
		}
	}
	f.token = -1
}

// rune folds one rune that is not ASCII.
func (f *folder) rune(r rune) {
	p := pageOf(r)
	e := p.entries[r&pageMask]
	switch e.kind() {
	case kindSeparator:
		f.end()
	case kindDropped:
	case kindString:
		for _, r := range p.strings[e.value()] {
			f.folded(r)
		}
	case kindSimple:
		f.begin()
		f.out = utf8.AppendRune(f.out, rune(e.value()))
	default:
		f.folded(rune(e.value()))
	}
}

// folded adds one rune that the table has already folded.
func (f *folder) folded(r rune) {
	switch {
	case r == ' ':
		f.end()
	case f.token < 0 && isMark(r):
		// A mark without a letter before it is not a word.
	default:
		f.begin()
		f.compose = f.compose || mayCompose(r)
		f.out = utf8.AppendRune(f.out, r)
	}
}

// Tokens returns the folded words of s in their order, duplicates kept; nil if
// there are none. The tokens share one string, which does not hold on to s unless
// s is already folded.
func Tokens(s string) []string {
	key := Fold(s)
	if key == "" {
		return nil
	}
	return strings.Split(key, " ")
}
