package names

import (
	"strings"
	"sync/atomic"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Folding a rune takes a decomposition, a case folding and several look-ups in
// range tables. The result is kept for each page of 256 runes when the first of
// them is met, so that folding text is one look-up for each rune and memory is
// spent only on scripts that occur (at most 6 MB if all of Unicode does).

const (
	pageBits = 8
	pageSize = 1 << pageBits
	pageMask = pageSize - 1
)

// entry holds a kind in its upper 4 bits and a value in the others: the folded
// rune, or an index into the strings of the page.
type entry uint32

const (
	kindSeparator entry = iota // ends a token
	kindDropped                // leaves no trace
	kindSimple                 // one rune that is never a mark and never composes
	kindRune                   // one rune to be looked at in its place
	kindString                 // several runes; a space among them ends a token
)

const kindShift = 28

func (e entry) kind() entry  { return e >> kindShift }
func (e entry) value() entry { return e & (1<<kindShift - 1) }

type page struct {
	entries [pageSize]entry
	strings []string
}

// pages is filled as runes are met. Two goroutines that meet the same page first
// build it twice with the same content, and the last one stays.
var pages [(unicode.MaxRune + 1) / pageSize]atomic.Pointer[page]

func pageOf(r rune) *page {
	at := &pages[r>>pageBits]
	if p := at.Load(); p != nil {
		return p
	}
	p := buildPage(r &^ pageMask)
	at.Store(p)
	return p
}

func buildPage(first rune) *page {
	p := new(page)
	c := cases.Fold()
	for i := range rune(pageSize) {
		folded := []rune(foldRune(c, first+i))
		switch {
		case len(folded) == 0:
			p.entries[i] = kindDropped << kindShift
		case len(folded) == 1 && folded[0] == ' ':
			p.entries[i] = kindSeparator << kindShift
		case len(folded) == 1 && !isMark(folded[0]) && !mayCompose(folded[0]):
			p.entries[i] = kindSimple<<kindShift | entry(folded[0])
		case len(folded) == 1:
			p.entries[i] = kindRune<<kindShift | entry(folded[0])
		default:
			p.entries[i] = kindString<<kindShift | entry(len(p.strings))
			p.strings = append(p.strings, string(folded))
		}
	}
	return p
}

// foldRune returns the folded runes of r in NFC; a space stands for anything
// that separates words, and "" for a rune that leaves no trace. Every rune of the
// result folds to itself, which is what makes Fold idempotent.
func foldRune(c cases.Caser, r rune) string {
	s := norm.NFKD.String(string(r))
	if isSpacingMark(s) {
		return ""
	}
	// One round is enough for nearly all runes; a few change again because their
	// case folding or their replacement can be folded further.
	for range 4 {
		t := foldOnce(norm.NFKD.String(c.String(s)))
		if t == s {
			break
		}
		s = t
	}
	return norm.NFC.String(s)
}

// isSpacingMark reports whether s, the decomposition of one rune, is a space that
// carries marks: a diacritic or haraka standing alone. Text has these for want of
// the combining form, or as an apostrophe, so they must not split a word.
func isSpacingMark(s string) bool {
	if len(s) < 2 || s[0] != ' ' {
		return false
	}
	for _, r := range s[1:] {
		if !isStripped(r) {
			return false
		}
	}
	return true
}

func foldOnce(s string) string {
	var b strings.Builder
	for _, r := range s {
		if letters, ok := variants[r]; ok {
			b.WriteString(letters)
			continue
		}
		switch {
		case r == ' ' || r == zeroWidthSpace:
			b.WriteByte(' ')
		case isStripped(r) || isQuote(r) || isInvisible(r):
		case unicode.Is(unicode.Nd, r):
			b.WriteByte('0' + digitValue(r))
		case unicode.In(r, unicode.L, unicode.N, unicode.M):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// zeroWidthSpace marks a word boundary, unlike the other invisible characters.
const zeroWidthSpace = '\u200b'

func isInvisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point)
}

func isMark(r rune) bool { return r >= 0x300 && unicode.IsMark(r) }

// isStripped reports whether r is a mark that a word can lose and still be read.
// Marks shared by several scripts are Inherited, among them the kana voicing
// marks, which distinguish letters and stay.
func isStripped(r rune) bool {
	const voiced, semivoiced = '\u3099', '\u309a'
	return isMark(r) && r != voiced && r != semivoiced && !unicode.Is(unicode.Mc, r) &&
		unicode.In(r, unicode.Inherited, unicode.Latin, unicode.Greek, unicode.Cyrillic,
			unicode.Arabic, unicode.Hebrew, unicode.Syriac)
}

// isQuote reports whether r is an apostrophe, a quotation mark or one of the
// signs that take their place in transcriptions. ASCII has its own table.
func isQuote(r rune) bool {
	switch {
	case r == '\'' || r == '"' || r == '`',
		r >= 0x2018 && r <= 0x201f, // ‘ ’ ‚ ‛ “ ” „ ‟
		r >= 0x2032 && r <= 0x2037, // ′ ″ ‴ ‵ ‶ ‷
		r >= 0x02b9 && r <= 0x02df, // ʹ ʺ ʻ ʼ ʽ ʾ ʿ ˀ ˁ and tone letters
		r >= 0x02e5 && r <= 0x02ff,
		r == 0x055a, r == 0x05f3, r == 0x05f4, // Armenian apostrophe, geresh, gershayim
		r == 0x07f4, r == 0x07f5, // N'Ko apostrophes
		r == 0xa78b, r == 0xa78c: // saltillo
		return true
	}
	return false
}

// mayCompose reports whether a folded rune may compose with a rune before it or
// change places with it under NFC.
func mayCompose(r rune) bool {
	return r >= 0x300 && !norm.NFC.PropertiesString(string(r)).BoundaryBefore()
}

// digitValue returns the value of a decimal digit. Unicode encodes the digits of
// each set in order, ten at a time, so the place in the range gives the value.
func digitValue(r rune) byte {
	for _, x := range unicode.Nd.R16 {
		if r >= rune(x.Lo) && r <= rune(x.Hi) {
			return byte((r - rune(x.Lo)) % 10)
		}
	}
	for _, x := range unicode.Nd.R32 {
		if r >= rune(x.Lo) && r <= rune(x.Hi) {
			return byte((r - rune(x.Lo)) % 10)
		}
	}
	return 0
}
