package lang

import (
	"fmt"
	"html"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Printer writes messages, numbers, dates and lists in one language, and knows
// whether it had to give a message in English. It may be used by many
// goroutines.
type Printer struct {
	c    *catalogue
	fell atomic.Bool
}

// English returns the printer for English.
func English() *Printer { return &Printer{c: catalogues()[0]} }

// For returns the printer for a tag such as "ur", "fa-AF" or "fa"; English
// for a tag that is not a language we have.
func For(tag string) *Printer {
	t, err := language.Parse(tag)
	if err != nil {
		return English()
	}
	base, _ := t.Base()
	for _, c := range catalogues() {
		if c.tag == t {
			return &Printer{c: c}
		}
	}
	for _, c := range catalogues() {
		if b, _ := c.tag.Base(); b == base {
			return &Printer{c: c}
		}
	}
	return English()
}

// ForPath splits a public address into its language and the rest: "/ur/events"
// gives the printer for Urdu and "/events". Without a language's prefix it
// gives English and the address unchanged.
func ForPath(address string) (*Printer, string) {
	for _, c := range catalogues() {
		if c.path == "" {
			continue
		}
		if rest, ok := strings.CutPrefix(address, c.path); ok && (rest == "" || rest[0] == '/') {
			if rest == "" {
				rest = "/"
			}
			return &Printer{c: c}, rest
		}
	}
	return English(), address
}

// All returns a printer for every language, English first.
func All() []*Printer {
	all := make([]*Printer, len(catalogues()))
	for i, c := range catalogues() {
		all[i] = &Printer{c: c}
	}
	return all
}

// Tag returns the BCP 47 tag, for the lang attribute.
func (p *Printer) Tag() string { return p.c.tag.String() }

// Name returns the language's name in itself.
func (p *Printer) Name() string { return p.c.name }

// Dir returns "ltr" or "rtl", for the dir attribute.
func (p *Printer) Dir() string { return p.c.dir }

// RTL reports whether the language is written from right to left.
func (p *Printer) RTL() bool { return p.c.dir == "rtl" }

// Path returns what stands before public addresses: "" or such as "/ur".
func (p *Printer) Path() string { return p.c.path }

// Reviewed reports whether a second speaker has read the whole catalogue.
func (p *Printer) Reviewed() bool { return p.c.reviewed }

// FellBack reports whether this printer has given a message in English because its
// own language lacks it. A page that ends with the question can say so where it is
// true and be silent where it is not.
func (p *Printer) FellBack() bool { return p.fell.Load() }

// Has reports whether the key exists, in this language or in English.
func (p *Printer) Has(key string) bool {
	_, ok := catalogues()[0].messages[key]
	return ok
}

// T returns the message for key as plain text, with arguments given as pairs
// of a name and a value: T("event.claims", "n", 5). A message this language
// lacks is given in English; a key no language has is returned in brackets,
// and the catalogue's test finds it.
func (p *Printer) T(key string, args ...any) string {
	s, from := p.text(key, args)
	if from.dir != p.c.dir {
		// An English sentence in a page that runs the other way keeps its own order.
		return "\u2066" + s + "\u2069"
	}
	return s
}

// H is T for a template, escaped. A message that had to be given in English
// is marked as English text.
func (p *Printer) H(key string, args ...any) template.HTML {
	s, from := p.text(key, args)
	s = html.EscapeString(s)
	if from != p.c {
		s = `<span class="untranslated" lang="` + html.EscapeString(from.tag.String()) + `" dir="` + from.dir + `">` + s + `</span>`
	}
	return template.HTML(s)
}

// text returns a message and the catalogue it came from.
func (p *Printer) text(key string, args []any) (string, *catalogue) {
	c := p.c
	m, ok := c.messages[key]
	if !ok {
		c = catalogues()[0]
		if m, ok = c.messages[key]; !ok {
			return "[" + key + "]", p.c
		}
		p.fell.Store(true)
	}
	form := m.forms["other"]
	if len(m.forms) > 1 {
		if n, ok := countOf(args); ok {
			if s, ok := m.forms[category(c.tag, n)]; ok {
				form = s
			}
		}
	}
	if !strings.Contains(form, "{") {
		return form, c
	}
	return hole.ReplaceAllStringFunc(form, func(h string) string {
		name := h[1 : len(h)-1]
		for i := 0; i+1 < len(args); i += 2 {
			if args[i] == name {
				return p.argument(args[i+1], c)
			}
		}
		return h
	}), c
}

// countOf returns the argument named n as a count.
func countOf(args []any) (int64, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] != "n" {
			continue
		}
		return integer(args[i+1])
	}
	return 0, false
}

func integer(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case int32:
		return int64(v), true
	case uint64:
		if v > 1<<62 {
			return 1 << 62, true
		}
		return int64(v), true
	}
	return 0, false
}

// argument writes one argument: counts as numbers, all else as text that
// cannot turn the direction of the sentence.
func (p *Printer) argument(v any, c *catalogue) string {
	if n, ok := integer(v); ok {
		return p.Number(n)
	}
	return isolate(fmt.Sprint(v), c.dir == "rtl")
}

// isolate wraps s in Unicode's isolates if it holds letters that run against
// the sentence, or marks that could turn it.
func isolate(s string, rtl bool) string {
	against := strings.ContainsFunc(s, func(r rune) bool {
		switch {
		case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return true
		case unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana):
			return !rtl
		}
		return rtl && unicode.IsLetter(r)
	})
	if !against {
		return s
	}
	// A stray mark inside would close the isolate before its end.
	s = strings.Map(func(r rune) rune {
		if r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, s)
	return "\u2068" + s + "\u2069"
}

var categories = [...]string{plural.Other: "other", plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many"}

// category returns the CLDR name of the plural form for a whole number.
func category(tag language.Tag, n int64) string {
	if n < 0 {
		n = -n
	}
	return categories[plural.Cardinal.MatchPlural(tag, int(n%10_000_000), 0, 0, 0, 0)]
}

// Number writes a count with digits in groups of three.
func (p *Printer) Number(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Range writes two bounds, or one number where they are equal. In a language
// written from right to left the pair still runs from left to right.
func (p *Printer) Range(low, high int64) string {
	if low == high {
		return p.Number(low)
	}
	return p.leftToRight(p.Number(low) + "–" + p.Number(high))
}

func (p *Printer) leftToRight(s string) string {
	if p.RTL() {
		return "\u2066" + s + "\u2069"
	}
	return s
}

// List joins items as the language does: "A, B and C".
func (p *Printer) List(items []string) string {
	items = slices.Clone(items)
	for i := range items {
		items[i] = isolate(items[i], p.RTL())
	}
	// Items are already isolated, so they go in as they are.
	pair := func(key, a, b string) string {
		return strings.NewReplacer("{a}", a, "{b}", b).Replace(p.T(key))
	}
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	last := items[len(items)-1]
	if len(items) == 2 {
		return pair("list.two", items[0], last)
	}
	s := items[0]
	for _, it := range items[1 : len(items)-1] {
		s = pair("list.more", s, it)
	}
	return pair("list.last", s, last)
}
