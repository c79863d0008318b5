package record

import (
	"strings"
	"unicode/utf8"
)

// Limits on text, in characters (code points), so that they are the same for every
// script. They are generous for people and small enough that no single field can fill a
// page or a disk. What cuts text to size counts bytes, and so cuts no later.
const (
	MaxLine = 2_000
	MaxText = 200_000
)

// LangText is a text in one language (a BCP 47 tag such as "en", "ur",
// "fa-AF"; empty when it is not known).
type LangText struct {
	Lang string `json:"lang,omitempty"`
	Text string `json:"text"`
}

// Text is one thing said in several languages, in the order in which they were
// entered.
type Text []LangText

// Plain makes a Text of one language.
func Plain(lang, text string) Text {
	if text == "" {
		return nil
	}
	return Text{{Lang: lang, Text: text}}
}

// In returns the text in the wanted language: the tag itself, else the same
// primary language ("fa" for "fa-AF"), else the first entry. It also says in
// which language the answer is, so that a page can mark it.
func (t Text) In(lang string) LangText {
	for _, l := range t {
		if l.Lang == lang {
			return l
		}
	}
	want, _, _ := strings.Cut(lang, "-")
	for _, l := range t {
		if have, _, _ := strings.Cut(l.Lang, "-"); have == want {
			return l
		}
	}
	if len(t) > 0 {
		return t[0]
	}
	return LangText{}
}

// IsZero reports whether there is no text in any language.
func (t Text) IsZero() bool {
	for _, l := range t {
		if l.Text != "" {
			return false
		}
	}
	return true
}

func (c *checks) text(field string, t Text, limit int) {
	seen := map[string]bool{}
	for _, l := range t {
		c.clean(field, l.Text, limit)
		if !validTag(l.Lang) {
			c.add(field, "language", "tag", l.Lang)
		}
		if seen[l.Lang] {
			c.add(field, "language_twice", "tag", l.Lang)
		}
		seen[l.Lang] = true
	}
}

// validTag accepts the shape of a BCP 47 tag; whether the language exists is
// for the reader to judge.
func validTag(tag string) bool {
	if tag == "" {
		return true
	}
	if len(tag) > 35 {
		return false
	}
	for part := range strings.SplitSeq(tag, "-") {
		if len(part) < 1 || len(part) > 8 {
			return false
		}
		for _, r := range part {
			if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
				return false
			}
		}
	}
	return true
}

// validText reports whether s is UTF-8 without NUL: PostgreSQL refuses the
// rest and SQLite would keep it, so both refuse it here.
func validText(s string) bool {
	return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0
}

// Slug is the readable end of a public address: lower-case ASCII letters,
// digits and single hyphens, 1 to 100 of them.
func validSlug(s string) bool {
	if len(s) < 1 || len(s) > 100 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c == '-' && s[i-1] == '-' {
			return false
		}
		if c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

func (c *checks) slug(field, s string) {
	if s == "" {
		c.add(field, "required")
	} else if !validSlug(s) {
		c.add(field, "slug")
	}
}
