package casework

import (
	"bytes"
	"html"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// joint is what stands between two letters of a text.
type joint uint8

// The joints, each in the way of a name at least as much as the one before. Marks,
// quotes and the lengthening of a line leave none. Signs that nobody sees may
// stand within a word and between two; what is a space or stands for one in file
// names and addresses, only between two. A border is where one piece of a quoted
// text ends and the next begins, which may be anywhere; a breach is where a name
// cannot go on.
const (
	jointNone joint = iota
	jointUnseen
	jointSpace
	jointBorder
	jointBreach
)

// shortName is below how many letters, in bytes, a name has to stand by itself:
// one so short would be found within other words.
const shortName = 6

// runeSpelling is how a rune is read: as folded letters, or as a joint.
type runeSpelling struct {
	letters string
	joint   joint
}

// spellings holds the basic plane, worked out when first needed.
var spellings = sync.OnceValue(func() *[0x10000]runeSpelling {
	var all [0x10000]runeSpelling
	for r := range rune(len(all)) {
		all[r] = spellingOf(r)
	}
	return &all
})

// plain holds the letters and digits of ASCII, folded, and 0 for everything else.
var plain = func() (t [256]byte) {
	for c := byte('0'); c <= '9'; c++ {
		t[c] = c
	}
	for c := byte('a'); c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = c, c
	}
	return t
}()

func spellingOf(r rune) runeSpelling {
	switch {
	case strings.ContainsRune("…[]", r):
		return runeSpelling{joint: jointBorder}
	case strings.ContainsRune("-_+.*", r) || unicode.IsSpace(r) || unicode.Is(unicode.Zs, r) || unicode.Is(unicode.Pd, r):
		return runeSpelling{joint: jointSpace}
	case unicode.Is(unicode.Cf, r):
		return runeSpelling{joint: jointUnseen}
	case !utf8.ValidRune(r) || r == utf8.RuneError:
		return runeSpelling{joint: jointBreach}
	}
	// Between letters the rune is folded as it is within a word.
	folded, ok := strings.CutPrefix(names.Fold("a"+string(r)+"a"), "a")
	if !ok {
		return runeSpelling{} // it has become a part of the letter before
	}
	letters := strings.TrimSuffix(folded, "a")
	if strings.Contains(letters, " ") {
		return runeSpelling{letters: strings.ReplaceAll(letters, " ", ""), joint: jointBreach}
	}
	return runeSpelling{letters: letters}
}

func spell(r rune) runeSpelling {
	if all := spellings(); int(r) < len(all) && r >= 0 {
		return all[r]
	}
	return spellingOf(r)
}

// spelling is a text as its folded letters, with what stands between them.
type spelling struct {
	letters []byte
	joints  []joint // before each letter
	next    joint   // before the letter to come
	// from and to are where each letter stands in the text; not kept for looking
	// only.
	placed   bool
	from, to []int
}

var spellingPool = sync.Pool{New: func() any { return new(spelling) }}

func (s *spelling) reset() {
	s.letters, s.joints, s.from, s.to, s.next = s.letters[:0], s.joints[:0], s.from[:0], s.to[:0], jointNone
}

// add reads on in another piece of text, which begins at the offset base.
func (s *spelling) add(b []byte, base int) {
	all := spellings()
	for i := 0; i < len(b); {
		if c := plain[b[i]]; c != 0 {
			s.letters, s.joints = append(s.letters, c), append(s.joints, s.next)
			s.next = jointNone
			if s.placed {
				s.from, s.to = append(s.from, base+i), append(s.to, base+i+1)
			}
			i++
			continue
		}
		r, size := rune(b[i]), 1
		switch {
		case r >= utf8.RuneSelf:
			r, size = utf8.DecodeRune(b[i:])
		case r == '\\' || r == '&' || r == '%':
			r, size = escaped(b[i:])
		case r == '-' && i+1 < len(b) && (b[i+1] == '\n' || b[i+1] == '\r'):
			r = '…' // a word divided at the end of a line
		}
		var sp runeSpelling
		if int(r) < len(all) {
			sp = all[r]
		} else {
			sp = spellingOf(r)
		}
		s.next = max(s.next, sp.joint)
		switch {
		case sp.letters != "":
			for k := range len(sp.letters) {
				s.letters, s.joints = append(s.letters, sp.letters[k]), append(s.joints, s.next)
				s.next = jointNone
				if s.placed {
					s.from, s.to = append(s.from, base+i), append(s.to, base+i+size)
				}
			}
			if sp.joint == jointBreach {
				s.next = jointBreach
			}
		case sp.joint == jointNone && s.placed && (s.next == jointNone || s.next == jointBorder) && len(s.to) > 0 && s.to[len(s.to)-1] == base+i:
			s.to[len(s.to)-1] = base + i + size // a mark on the letter before
		}
		i += size
	}
}

// border ends a piece of text.
func (s *spelling) border() { s.next = max(s.next, jointBorder) }

// escaped reads a sign that is written as JSON, HTML or an address write it.
func escaped(b []byte) (rune, int) {
	switch b[0] {
	case '\\':
		if len(b) < 2 {
			break
		}
		switch b[1] {
		case 'n', 'r', 't':
			return '\n', 2
		case '"', '/':
			return rune(b[1]), 2
		case 'u':
			if r, ok := hexRune(b[2:], 4); ok {
				return r, 6
			}
		}
	case '&':
		if end := bytes.IndexByte(b[:min(len(b), 12)], ';'); end > 1 {
			s := html.UnescapeString(string(b[:end+1]))
			if r, size := utf8.DecodeRuneInString(s); size == len(s) {
				return r, end + 1
			}
		}
	case '%':
		var raw [utf8.UTFMax]byte
		for n := 0; n < len(raw) && 3*n < len(b) && b[3*n] == '%'; n++ {
			r, ok := hexRune(b[3*n+1:], 2)
			if !ok {
				break
			}
			raw[n] = byte(r)
			if utf8.FullRune(raw[:n+1]) {
				r, _ := utf8.DecodeRune(raw[:n+1])
				return r, 3 * (n + 1)
			}
		}
	}
	return rune(b[0]), 1
}

// hexRune reads n hexadecimal digits.
func hexRune(b []byte, n int) (rune, bool) {
	if len(b) < n {
		return 0, false
	}
	var r rune
	for _, c := range b[:n] {
		digit := bytes.IndexByte([]byte("0123456789abcdef"), c|0x20)
		if digit < 0 || (c < '0' || c > '9') && c < 'A' {
			return 0, false
		}
		r = r<<4 | rune(digit)
	}
	return r, true
}

// fullName is a name of two words or more, as it is looked for.
type fullName struct {
	letters []byte
	// starts says of each letter whether a word begins with it.
	starts []bool
}

func fullNameOf(text string) fullName {
	var n fullName
	for i, word := range strings.FieldsFunc(text, func(r rune) bool { return spell(r).joint >= jointSpace || r == '\u200b' }) {
		s := spelling{}
		s.add([]byte(word), 0)
		for k := range s.letters {
			n.starts = append(n.starts, k == 0 && i > 0)
		}
		n.letters = append(n.letters, s.letters...)
	}
	return n
}

// find calls fn for each place where the name stands, with its first letter and
// the one after its last, until fn returns false.
func (n fullName) find(s *spelling, fn func(from, to int) bool) {
	for at := 0; ; {
		i := bytes.Index(s.letters[at:], n.letters)
		if i < 0 {
			return
		}
		from := at + i
		to := from + len(n.letters)
		if n.fits(s, from, to) {
			if !fn(from, to) {
				return
			}
			at = to
		} else {
			at = from + 1
		}
	}
}

func (n fullName) fits(s *spelling, from, to int) bool {
	for k := 1; k < len(n.letters); k++ {
		j := s.joints[from+k]
		switch {
		case j == jointNone || j == jointUnseen:
			if n.starts[k] && j == jointNone {
				return false
			}
		case j == jointSpace:
			if !n.starts[k] {
				return false
			}
		case j == jointBreach:
			return false
		}
	}
	if len(n.letters) >= shortName {
		return true
	}
	return (from == 0 || s.joints[from] > jointUnseen) && (to == len(s.letters) || s.joints[to] > jointUnseen)
}

// in reports whether a text holds a full name.
func (n naming) in(s string) bool { return n.inBytes([]byte(s)) }

// strikeProblem strikes the names out of what a line of a report says of a file,
// and reports whether there were any.
func (n naming) strikeProblem(p *store.RowProblem) bool {
	found := false
	strike := func(s string) string {
		if !n.in(s) {
			return s
		}
		found = true
		return n.strike(s)
	}
	p.Field, p.Reason = strike(p.Field), strike(p.Reason)
	for name, value := range p.Args {
		p.Args[name] = strike(value)
	}
	return found
}

// inBytes is in for bytes, also of JSON, of which it reads the pieces of quoted
// and of set text together.
func (n naming) inBytes(b []byte) bool {
	if len(n.full) == 0 {
		return false
	}
	s := spellingPool.Get().(*spelling)
	defer spellingPool.Put(s)
	s.reset()
	s.placed = false
	s.add(b, 0)
	return n.held(s) || n.inPieces(b, s)
}

func (n naming) held(s *spelling) bool {
	for _, full := range n.full {
		found := false
		full.find(s, func(int, int) bool {
			found = true
			return false
		})
		if found {
			return true
		}
	}
	return false
}

// stretch is a stretch of bytes.
type stretch struct{ from, to int }

// spans returns where full names stand in what was read, in order and without
// overlaps.
func (n naming) spans(s *spelling) []stretch {
	var out []stretch
	for _, full := range n.full {
		full.find(s, func(from, to int) bool {
			out = append(out, stretch{from, to})
			return true
		})
	}
	return joined(out)
}

// joined orders spans and makes one of those that overlap.
func joined(spans []stretch) []stretch {
	slices.SortFunc(spans, func(a, b stretch) int { return a.from - b.from })
	out := spans[:0]
	for _, x := range spans {
		if last := len(out) - 1; last >= 0 && x.from < out[last].to {
			out[last].to = max(out[last].to, x.to)
			continue
		}
		out = append(out, x)
	}
	return out
}

// strike replaces every full name in a text.
func (n naming) strike(text string) string {
	s := spelling{placed: true}
	s.add([]byte(text), 0)
	found := n.spans(&s)
	for i, x := range found {
		found[i] = stretch{s.from[x.from], s.to[x.to-1]}
	}
	return struckFrom(text, found)
}

// struckFrom puts the sign of a struck name in the place of each stretch.
func struckFrom(text string, spans []stretch) string {
	if len(spans) == 0 {
		return text
	}
	var b strings.Builder
	at := 0
	for _, x := range spans {
		b.WriteString(text[at:x.from])
		b.WriteString(struckOut)
		at = x.to
	}
	b.WriteString(text[at:])
	return b.String()
}
