package petition

import (
	"strings"

	"github.com/gawah-project/gawah/internal/record"
)

// CiteKind is what a citation names.
type CiteKind string

// The kinds of citation. A citation of any other kind is kept as written and
// resolves to nothing.
const (
	CiteClaim  CiteKind = "claim"
	CiteFigure CiteKind = "figure"
	CiteSource CiteKind = "source"
)

// Form is how a value is printed.
type Form string

// The forms of a printed value. FormUsual is the best value, or the range where
// there is none, or what a claim says with its operator.
const (
	FormUsual Form = ""
	FormLow   Form = "low"
	FormBest  Form = "best"
	FormRange Form = "range"
	FormWords Form = "words"
)

// Forms lists the forms that can be written out.
func Forms() []Form { return []Form{FormLow, FormBest, FormRange, FormWords} }

// Citation is one thing a text names as what it rests on.
type Citation struct {
	Kind CiteKind
	// ID is the identifier of a claim or source, or the slug of a figure's event.
	ID      string
	Measure record.Measure // of a figure
	Locator string         // "p. 4"; of a bracket
	Form    Form           // of a value
	Line    int            // of the source, from 1
	raw     string         // key as written, where it could not be read
}

// Key returns what the citation names, without locator and form:
// "figure:SLUG/killed", "claim:ID", "source:ID".
func (c Citation) Key() string {
	switch {
	case c.raw != "":
		return c.raw
	case c.Kind == CiteFigure:
		return string(c.Kind) + ":" + c.ID + "/" + string(c.Measure)
	}
	return string(c.Kind) + ":" + c.ID
}

// Valid reports whether the citation has the shape of one that can name
// something.
func (c Citation) Valid() bool { return c.raw == "" }

// parseCitation reads "@claim:ID, p. 4" without the brackets. What is not
// understood keeps its words, so that a check can show them.
func parseCitation(s string, line int) Citation {
	s = strings.TrimPrefix(tidy(s), "@")
	key, rest := s, ""
	if i := strings.IndexAny(s, ",،"); i >= 0 {
		key, rest = s[:i], strings.TrimSpace(strings.TrimLeft(s[i:], ",،"))
	}
	key = strings.TrimSpace(key)
	c := Citation{Line: line, Locator: rest}
	kind, id, _ := strings.Cut(key, ":")
	switch c.Kind = CiteKind(kind); c.Kind {
	case CiteClaim, CiteSource:
		c.ID = strings.ToLower(id)
		if record.ValidID(c.ID) {
			return c
		}
	case CiteFigure:
		slug, measure, ok := strings.Cut(id, "/")
		c.ID, c.Measure = slug, record.Measure(measure)
		if ok && validSlug(slug) && validMeasure(c.Measure) {
			return c
		}
	}
	c.Kind, c.ID, c.Measure, c.raw = "", "", "", key
	if key == "" {
		c.raw = "@"
	}
	return c
}

// tidy makes one line of s and drops the direction marks that editors of text
// written from right to left put around Latin letters.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '\u200e' || r == '\u200f' || r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

func validSlug(s string) bool {
	return s != "" && len(s) <= 100 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

func validMeasure(m record.Measure) bool {
	for _, known := range record.Measures() {
		if m == known {
			return true
		}
	}
	return false
}

// parseCitations reads what stands between square brackets, separated by
// semicolons.
func parseCitations(s string, line int) []Citation {
	var out []Citation
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ';' || r == '؛' }) {
		if strings.TrimSpace(part) != "" {
			out = append(out, parseCitation(part, line))
		}
	}
	return out
}

// parseValue reads what stands between braces: a key, and a form after a comma.
func parseValue(s string, line int) Citation {
	c := parseCitation(s, line)
	c.Form, c.Locator = Form(strings.ToLower(c.Locator)), ""
	known := c.Form == FormUsual
	for _, f := range Forms() {
		known = known || c.Form == f
	}
	if !known || c.Kind == CiteSource {
		c = Citation{raw: strings.TrimPrefix(tidy(s), "@"), Line: line}
	}
	return c
}

// write writes the citation as [Parse] reads it, without brackets.
func (c Citation) write(b *strings.Builder) {
	b.WriteByte('@')
	if c.raw != "@" {
		b.WriteString(c.Key())
	}
	switch {
	case c.Locator != "":
		b.WriteString(", " + c.Locator)
	case c.Form != "":
		b.WriteString(", " + string(c.Form))
	}
}

// Bracket writes citations as they stand in a text: "[@claim:ID; @source:ID, p. 4]".
func Bracket(cites []Citation) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, c := range cites {
		if i > 0 {
			b.WriteString("; ")
		}
		c.write(&b)
	}
	b.WriteByte(']')
	return b.String()
}

// Brace writes a value as it stands in a text: "{@figure:SLUG/killed, range}".
func Brace(c Citation) string {
	var b strings.Builder
	b.WriteByte('{')
	c.write(&b)
	b.WriteByte('}')
	return b.String()
}
