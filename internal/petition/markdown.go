package petition

import (
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/record"
)

// Markdown writes a text so that [Parse] reads it back: the same blocks, words,
// links and citations. Emphasis that the marks cannot express in its place, such
// as two styles that meet within a word, is dropped from that block.
func (t Text) Markdown() string {
	var w writer
	w.blocks(t.Blocks, "", "")
	return strings.TrimRight(w.b.String(), "\n") + "\n"
}

// writer writes blocks. Every line of a nested block begins with pad, its first
// one with first.
type writer struct {
	b strings.Builder
}

func (w *writer) blocks(bs []Block, first, pad string) {
	for i, b := range bs {
		if i > 0 {
			w.b.WriteString(strings.TrimRight(pad, " ") + "\n")
			first = pad
		}
		w.block(b, first, pad)
	}
}

func (w *writer) block(b Block, first, pad string) {
	switch b.Kind {
	case record.BlockRule:
		w.b.WriteString(first + "---\n")
	case record.BlockHeading:
		words := strings.ReplaceAll(inlineMarkdown(b.Inlines), "\\\n", " ")
		if strings.HasSuffix(words, "#") {
			words = words[:len(words)-1] + `\#`
		}
		w.b.WriteString(strings.TrimRight(first+strings.Repeat("#", min(max(b.Level, 1), 4))+" "+words, " ") + "\n")
	case record.BlockQuote:
		w.blocks(b.Blocks, first+"> ", pad+"> ")
	case record.BlockList, record.BlockNumbered:
		for i, item := range b.Blocks {
			mark := "- "
			if b.Kind == record.BlockNumbered {
				mark = strconv.Itoa(i%999+1) + ". "
			}
			if i > 0 {
				first = pad
			}
			w.item(item, first+mark, pad+strings.Repeat(" ", len(mark)))
		}
	case record.BlockItem: // one without its list
		w.item(b, first+"- ", pad+"  ")
	default:
		w.lines(b.Inlines, first, pad)
	}
}

func (w *writer) item(b Block, first, pad string) {
	if len(b.Inlines) == 0 && len(b.Blocks) > 0 {
		w.blocks(b.Blocks, first, pad)
		return
	}
	w.lines(b.Inlines, first, pad)
	for _, k := range b.Blocks {
		if k.Kind != record.BlockList && k.Kind != record.BlockNumbered {
			w.b.WriteString(strings.TrimRight(pad, " ") + "\n")
		}
		w.block(k, pad, pad)
	}
}

func (w *writer) lines(in []Inline, first, pad string) {
	for i, s := range strings.Split(inlineMarkdown(in), "\n") {
		if i > 0 {
			first = pad
		}
		w.b.WriteString(strings.TrimRight(first+s, " ") + "\n")
	}
}

// inlineMarkdown writes the inlines of one block. It reads back what it has
// written, and leaves emphasis out where that came out differently.
func inlineMarkdown(in []Inline) string {
	in = tidyInlines(in)
	styled := writeInlines(in)
	if reflect.DeepEqual(tidyInlines(parseInlines(styled, 0)), in) {
		return styled
	}
	plain := make([]Inline, len(in))
	copy(plain, in)
	for i := range plain {
		plain[i].Em, plain[i].Strong = false, false
	}
	return writeInlines(tidyInlines(plain))
}

// tidyInlines makes inlines that differ only in how they came about the same:
// lines forgotten, neighbours of one style joined, white space at the edge of a
// style outside of it, none at the ends of lines.
func tidyInlines(in []Inline) []Inline {
	var split []Inline
	for _, i := range in {
		i.Line = 0
		if i.Kind != InText {
			if len(i.Cites) > 0 {
				i.Cites = append([]Citation(nil), i.Cites...)
				for k := range i.Cites {
					i.Cites[k].Line = 0
				}
			}
			i.Em, i.Strong, i.Href = false, false, ""
			split = append(split, i)
			continue
		}
		i.Text = strings.NewReplacer("\n", " ", "\r", " ").Replace(i.Text)
		if !SafeHref(i.Href) {
			i.Href = ""
		}
		core := strings.TrimSpace(i.Text)
		if core == "" || !i.Em && !i.Strong && i.Href == "" {
			i.Em, i.Strong, i.Href = i.Em && core != "", i.Strong && core != "", ""
			split = append(split, i)
			continue
		}
		at := strings.Index(i.Text, core)
		before, after := i, i
		before.Text, after.Text = i.Text[:at], i.Text[at+len(core):]
		before.Em, before.Strong, before.Href = false, false, ""
		after.Em, after.Strong, after.Href = false, false, ""
		i.Text = core
		split = append(split, before, i, after)
	}
	split = joinText(split)
	// White space between two stretches of one style belongs to it.
	for k := 1; k+1 < len(split); k++ {
		a, s, b := split[k-1], &split[k], split[k+1]
		if s.Kind == InText && blank(s.Text) {
			j := k + 1
			for j < len(split) && split[j].Kind == InText && blank(split[j].Text) {
				j++
			}
			if j < len(split) {
				b = split[j]
			}
			if a.Kind == InText && b.Kind == InText && a.Em == b.Em && a.Strong == b.Strong && a.Href == b.Href {
				s.Em, s.Strong, s.Href = a.Em, a.Strong, a.Href
			}
		}
	}
	var out []Inline
	for _, i := range joinText(split) {
		n := len(out) - 1
		if i.Kind == InText {
			if n < 0 || out[n].Kind == InBreak {
				i.Text = strings.TrimLeftFunc(i.Text, unicode.IsSpace)
			}
			if i.Text == "" {
				continue
			}
			if n >= 0 && out[n].Kind == InText && out[n].Em == i.Em && out[n].Strong == i.Strong && out[n].Href == i.Href {
				out[n].Text += i.Text
				continue
			}
		}
		if i.Kind == InBreak {
			if n >= 0 && out[n].Kind == InText {
				out[n].Text = strings.TrimRightFunc(out[n].Text, unicode.IsSpace)
				if out[n].Text == "" {
					out = out[:n]
				}
			}
		}
		out = append(out, i)
	}
	for n := len(out) - 1; n >= 0; n = len(out) - 1 {
		if out[n].Kind == InText {
			if out[n].Text = strings.TrimRightFunc(out[n].Text, unicode.IsSpace); out[n].Text != "" {
				break
			}
		} else if out[n].Kind != InBreak {
			break
		}
		out = out[:n]
	}
	for len(out) > 0 && out[0].Kind == InBreak {
		out = out[1:]
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func writeInlines(in []Inline) string {
	var b strings.Builder
	for i := 0; i < len(in); {
		j := i + 1
		if in[i].Href != "" {
			for j < len(in) && in[j].Kind == InText && in[j].Href == in[i].Href {
				j++
			}
			writeLink(&b, in[i:j])
		} else {
			writeOne(&b, in, i)
		}
		i = j
	}
	return b.String()
}

func writeLink(b *strings.Builder, in []Inline) {
	href := in[0].Href
	if len(in) == 1 && in[0].Text == strings.TrimPrefix(href, "mailto:") && !in[0].Em && !in[0].Strong {
		b.WriteString("<" + href + ">")
		return
	}
	var words strings.Builder
	words.WriteByte('[')
	for i := range in {
		writeOne(&words, in, i)
	}
	// What begins a citation or a note begins none here.
	b.WriteString(strings.NewReplacer("@", `\@`, "^", `\^`).Replace(words.String()))
	if strings.ContainsAny(href, "()'\"") {
		href = "<" + href + ">"
	}
	b.WriteString("](" + href + ")")
}

func writeOne(b *strings.Builder, in []Inline, i int) {
	k := in[i]
	switch k.Kind {
	case InBreak:
		b.WriteString("\\\n")
	case InCite:
		b.WriteString(Bracket(k.Cites))
	case InValue:
		b.WriteString(Brace(k.Cites[0]))
	case InNote:
		b.WriteString("[^ " + escape(k.Text, "", true) + " ]")
	case InText:
		em := "*"
		if k.Em && !k.Strong && !wordBefore(b.String()) && !wordAfter(in, i) {
			em = "_"
		}
		open, closing := "", ""
		if k.Strong {
			open, closing = "**", "**"
		}
		if k.Em {
			open, closing = open+em, em+closing
		}
		words := k.Text
		b.WriteString(open + escape(words, b.String(), open != "") + closing)
	}
}

func wordBefore(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return s != "" && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r))
}

func wordAfter(in []Inline, i int) bool {
	if i+1 >= len(in) || in[i+1].Kind != InText {
		return false
	}
	r, _ := utf8.DecodeRuneInString(in[i+1].Text)
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

// escape writes words so that nothing in them is read as a mark. before is what
// stands before them in the block; inside says that they do not begin a line.
func escape(s, before string, inside bool) string {
	var b strings.Builder
	if start := before == "" || strings.HasSuffix(before, "\n"); start && !inside {
		m := item(s)
		n, _ := heading(s)
		switch {
		case m.kind == record.BlockNumbered:
			i := strings.IndexAny(s, ".)")
			b.WriteString(s[:i] + `\` + s[i:i+1])
			s = s[i+1:]
		case n > 0 || rule(s) || s != "" && strings.IndexByte(">-+", s[0]) >= 0:
			b.WriteString(`\` + s[:1])
			s = s[1:]
		}
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case strings.IndexByte(`\*_[]{`, c) >= 0,
			c == '<' && i+1 < len(s) && strings.IndexByte("hHmM", s[i+1]) >= 0,
			c == ':' && (strings.HasSuffix(s[:i], "http") || strings.HasSuffix(s[:i], "https")):
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
