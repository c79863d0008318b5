package docx

import (
	"regexp"
	"strings"

	"github.com/gawah-project/gawah/internal/petition"
)

// runStyle is how a run looks and what it is.
type runStyle struct {
	em, strong bool
	printed    bool // a number printed from the register
	href       string
}

// inlineReader reads the runs of a paragraph.
type inlineReader struct {
	rd      *reader
	out     []petition.Inline
	printed []bool // of out: it stands in the style of a printed number
	fields  []field
}

// field is a field made of runs: an instruction, then its result.
type field struct {
	instruction strings.Builder
	result      bool
	href        string
}

func (in *inlineReader) add(i petition.Inline, printed bool) {
	in.rd.size += len(i.Text) + 1
	in.out = append(in.out, i)
	in.printed = append(in.printed, printed)
}

func (in *inlineReader) children(n *node, s runStyle) {
	for _, c := range n.children {
		switch c.name {
		case "r":
			in.run(c, s)
		case "hyperlink":
			in.link(c, s)
		case "del", "moveFrom":
			in.rd.problem(ProblemTracked, "")
		case "ins", "moveTo":
			in.rd.problem(ProblemTracked, "")
			in.children(c, s)
		case "fldSimple":
			inner := s
			if href := hyperlink(c.attr("instr")); href != "" {
				inner.href = href
			}
			in.children(c, inner)
		case "commentRangeStart":
			in.rd.problem(ProblemComment, "")
		case "pPr", "sdtPr", "sdtEndPr", "rPr":
		case "~AlternateContent", "~oMath", "~oMathPara":
			in.rd.problem(ProblemDrawing, "")
		default:
			if !strings.HasPrefix(c.name, "~") {
				in.children(c, s) // content controls, smart tags, direction
			}
		}
	}
}

func (in *inlineReader) link(n *node, s runStyle) {
	rels := in.rd.rels
	if in.rd.inNote != "" {
		rels = in.rd.noteRels[in.rd.inNote]
	}
	rel, ok := rels[n.attr("id")]
	switch {
	case ok && rel.external && petition.SafeHref(rel.target):
		s.href = rel.target
	case n.attr("anchor") != "" && !ok: // a place in the document
	default:
		in.rd.problem(ProblemLink, firstText(n))
	}
	in.children(n, s)
}

// hyperlink reads the instruction of a field that links.
func hyperlink(instruction string) string {
	rest, ok := strings.CutPrefix(strings.TrimSpace(instruction), "HYPERLINK")
	if !ok {
		return ""
	}
	parts := strings.SplitN(rest, `"`, 3)
	if len(parts) < 3 || strings.TrimSpace(parts[0]) != "" || !petition.SafeHref(parts[1]) {
		return ""
	}
	return parts[1]
}

// look reads the properties of a run, those of its style included.
func (in *inlineReader) look(n *node, s runStyle) (runStyle, bool) {
	props := n.child("rPr")
	if props == nil {
		return s, true
	}
	apply := func(p *node) {
		if p == nil {
			return
		}
		for _, name := range []string{"b", "bCs"} {
			if v, ok := p.on(name); ok {
				s.strong = v
				break
			}
		}
		for _, name := range []string{"i", "iCs"} {
			if v, ok := p.on(name); ok {
				s.em = v
				break
			}
		}
	}
	if id, ok := props.val("rStyle"); ok {
		if st := in.rd.styles[id]; st.character {
			apply(st.props)
		}
		s.printed = s.printed || in.rd.isA(id, func(name string) bool { return name == "printed value" || name == "printedvalue" })
	}
	apply(props)
	hidden, _ := props.on("vanish")
	return s, !hidden
}

func (in *inlineReader) run(n *node, s runStyle) {
	s, visible := in.look(n, s)
	if !visible {
		if firstText(n) != "" {
			in.rd.problem(ProblemHidden, "")
		}
		return
	}
	for _, c := range n.children {
		if k := len(in.fields); k > 0 && !in.fields[k-1].result && c.name != "fldChar" && c.name != "instrText" {
			continue // within an instruction
		}
		switch c.name {
		case "t":
			in.text(clean(c.text), s)
		case "tab", "ptab":
			in.text(" ", s)
		case "noBreakHyphen":
			in.text("\u2011", s)
		case "cr":
			in.add(petition.Inline{Kind: petition.InBreak}, false)
		case "br":
			if t := c.attr("type"); t == "" || t == "textWrapping" {
				in.add(petition.Inline{Kind: petition.InBreak}, false)
			}
		case "fldChar":
			in.field(c.attr("fldCharType"))
		case "instrText":
			if k := len(in.fields); k > 0 {
				in.fields[k-1].instruction.WriteString(c.text)
			}
		case "footnoteReference":
			in.note("footnote", c.attr("id"))
		case "endnoteReference":
			in.note("endnote", c.attr("id"))
		case "commentReference":
			in.rd.problem(ProblemComment, "")
		case "drawing", "pict", "object", "~AlternateContent":
			in.rd.problem(ProblemDrawing, "")
		case "sym":
			in.rd.problem(ProblemSymbol, "")
		case "delText":
			in.rd.problem(ProblemTracked, "")
		}
	}
}

func (in *inlineReader) field(kind string) {
	k := len(in.fields) - 1
	switch kind {
	case "begin":
		if len(in.fields) < maxNesting {
			in.fields = append(in.fields, field{})
		}
	case "separate":
		if k >= 0 {
			in.fields[k].result = true
			in.fields[k].href = hyperlink(in.fields[k].instruction.String())
		}
	case "end":
		if k >= 0 {
			in.fields = in.fields[:k]
		}
	}
}

func (in *inlineReader) text(words string, s runStyle) {
	for k := len(in.fields) - 1; k >= 0 && s.href == ""; k-- {
		s.href = in.fields[k].href
	}
	if words != "" {
		in.add(petition.Inline{Kind: petition.InText, Text: words, Em: s.em, Strong: s.strong, Href: s.href}, s.printed)
	}
}

// typed is a citation that somebody has typed into the text.
var typed = regexp.MustCompile(`\[@(?:claim|figure|source):[^\[\]]+\]|\{@(?:claim|figure):[^{}]+\}`)

// gathered joins the runs of one style, which programs split at will, and takes
// citations that were typed for what they are.
func (in *inlineReader) gathered() []petition.Inline {
	var out []petition.Inline
	for k := 0; k < len(in.out); {
		i := in.out[k]
		k++
		if i.Kind != petition.InText {
			out = append(out, i)
			continue
		}
		var words strings.Builder
		words.WriteString(i.Text)
		for k < len(in.out) {
			next := in.out[k]
			if next.Kind != petition.InText || next.Em != i.Em || next.Strong != i.Strong || next.Href != i.Href {
				break
			}
			words.WriteString(next.Text)
			k++
		}
		text, start := words.String(), 0
		put := func(s string) {
			if s != "" {
				i.Text = s
				out = append(out, i)
			}
		}
		for _, at := range typed.FindAllStringIndex(text, -1) {
			t, err := petition.Parse(text[at[0]:at[1]])
			if err != nil || len(t.Citations()) == 0 || !t.Citations()[0].Valid() {
				continue
			}
			put(text[start:at[0]])
			out = append(out, t.Blocks[0].Inlines...)
			start = at[1]
		}
		put(text[start:])
	}
	return out
}

// note reads a footnote or an endnote: a citation when it ends with one, else a
// note of the author's own.
func (in *inlineReader) note(kind, id string) {
	n, ok := in.rd.notes[kind+id]
	delete(in.rd.notes, kind+id) // no program refers to a note twice
	if !ok || in.rd.inNote != "" {
		in.rd.problem(ProblemNote, id)
		return
	}
	in.rd.inNote = kind
	inner := inlineReader{rd: in.rd}
	for _, p := range n.children {
		if p.name == "p" {
			inner.children(p, runStyle{})
			inner.text(" ", runStyle{})
		}
	}
	in.rd.inNote = ""
	var b strings.Builder
	for _, i := range inner.out {
		if i.Kind == petition.InText {
			b.WriteString(i.Text)
		} else {
			b.WriteByte(' ')
		}
	}
	words := strings.Join(strings.Fields(b.String()), " ")
	cites, value, rest, found := readKey(words)
	switch {
	case found && value:
		in.value(cites[0])
	case found:
		in.add(petition.Inline{Kind: petition.InCite, Cites: cites}, false)
	}
	if rest != "" {
		in.add(petition.Inline{Kind: petition.InNote, Text: rest}, false)
	}
}

// noteKey is the end by which a footnote is known as a citation.
var noteKey = regexp.MustCompile(`\[\s?@[^\[\]]+\]|\{\s?@[^{}]+\}`)

// readKey takes the citation out of a footnote. Rest is what stands behind it;
// all, where there is none.
func readKey(words string) (cites []petition.Citation, value bool, rest string, found bool) {
	for _, at := range noteKey.FindAllStringIndex(words, -1) {
		t, err := petition.Parse(words[at[0]:at[1]])
		if err != nil || len(t.Blocks) != 1 || len(t.Blocks[0].Inlines) != 1 {
			continue
		}
		i := t.Blocks[0].Inlines[0]
		if i.Kind != petition.InCite && i.Kind != petition.InValue {
			continue
		}
		return i.Cites, i.Kind == petition.InValue, strings.TrimSpace(words[at[1]:]), true
	}
	return nil, false, words, false
}

// value takes the number before a footnote back as one that is printed from the
// register. Where it is not there any more, what was typed stays, with a citation.
func (in *inlineReader) value(c petition.Citation) {
	n := len(in.out)
	for n > 0 && in.printed[n-1] {
		n--
	}
	if n == len(in.out) {
		in.rd.problem(ProblemValue, petition.Brace(c))
		c.Form = ""
		in.add(petition.Inline{Kind: petition.InCite, Cites: []petition.Citation{c}}, false)
		return
	}
	var words strings.Builder
	for _, i := range in.out[n:] {
		words.WriteString(i.Text)
	}
	in.rd.printed = append(in.rd.printed, Printed{c, words.String()})
	in.out, in.printed = in.out[:n], in.printed[:n]
	in.add(petition.Inline{Kind: petition.InValue, Cites: []petition.Citation{c}}, false)
}
