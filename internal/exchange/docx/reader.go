package docx

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
)

// style is what a style says, with what it is based on.
type style struct {
	name      string // in lower case
	based     string
	character bool
	props     *node // of runs
	numbering *node
	outline   int // 1 to 9, 0 for none
}

// reader reads the body.
type reader struct {
	rels     map[string]relation
	noteRels map[string]map[string]relation // of footnotes and endnotes
	notes    map[string]*node               // "footnote" + id
	styles   map[string]style
	abstract map[string]map[string]string // abstract list → level → format
	nums     map[string]string            // list → abstract list
	lang     string
	langBidi string

	problems   []Problem
	told       map[ProblemKind]bool
	paragraphs int
	bidi       int
	title      string
	summary    []string
	rows       []row
	printed    []Printed
	size       int    // bytes of text read so far
	inNote     string // "footnote" or "endnote" while one is read
}

// row is a paragraph with its place.
type row struct {
	kind    record.BlockKind // paragraph, heading, rule
	level   int              // of a heading
	quote   int
	list    record.BlockKind // of an item's first paragraph
	depth   int              // of lists; of a paragraph that continues an item, too
	inlines []petition.Inline
}

func (rd *reader) problem(kind ProblemKind, words string) {
	// What a document has hundreds of is told once.
	switch kind {
	case ProblemTracked, ProblemComment, ProblemHidden, ProblemSymbol:
		if rd.told[kind] {
			return
		}
		if rd.told == nil {
			rd.told = map[ProblemKind]bool{}
		}
		rd.told[kind] = true
	}
	if len(rd.problems) < maxProblems {
		if len(words) > 120 {
			cut := 120
			for !utf8.RuneStart(words[cut]) {
				cut--
			}
			words = words[:cut] + "…"
		}
		rd.problems = append(rd.problems, Problem{max(rd.paragraphs, 1), kind, words})
	}
}

func (rd *reader) readStyles(root *node) {
	rd.styles = map[string]style{}
	for _, n := range root.children {
		switch n.name {
		case "docDefaults":
			if l := n.child("rPrDefault").child("rPr").child("lang"); l != nil {
				rd.lang, rd.langBidi = l.attr("val"), l.attr("bidi")
			}
		case "style":
			s := style{props: n.child("rPr"), character: n.attr("type") == "character"}
			s.name, _ = n.val("name")
			s.name = strings.ToLower(s.name)
			s.based, _ = n.val("basedOn")
			ppr := n.child("pPr")
			s.numbering = ppr.child("numPr")
			if ppr != nil {
				if v, ok := ppr.val("outlineLvl"); ok {
					if l, err := strconv.Atoi(v); err == nil && l >= 0 && l < 9 {
						s.outline = l + 1
					}
				}
			}
			rd.styles[n.attr("styleId")] = s
		}
	}
}

func (rd *reader) readNumbering(root *node) {
	rd.abstract, rd.nums = map[string]map[string]string{}, map[string]string{}
	for _, n := range root.children {
		switch n.name {
		case "abstractNum":
			levels := map[string]string{}
			for _, l := range n.children {
				if l.name == "lvl" {
					levels[l.attr("ilvl")], _ = l.val("numFmt")
				}
			}
			rd.abstract[n.attr("abstractNumId")] = levels
		case "num":
			rd.nums[n.attr("numId")], _ = n.val("abstractNumId")
		}
	}
}

// isA reports whether a style, or one it is based on, has a name that test
// accepts.
func (rd *reader) isA(id string, test func(name string) bool) bool {
	for range 10 {
		s, ok := rd.styles[id]
		if !ok {
			return test(strings.ToLower(id))
		}
		if test(s.name) {
			return true
		}
		id = s.based
	}
	return false
}

var (
	headingName  = regexp.MustCompile(`^heading ?([1-9])$`)
	quoteName    = regexp.MustCompile(`^(?:intense )?quote ?([1-9])?$|^block ?text$|^quotations$`)
	continueName = regexp.MustCompile(`^list ?continue ?([1-9])?$`)
)

// body reads paragraphs, whatever they stand in.
func (rd *reader) body(n *node) {
	for _, c := range n.children {
		switch c.name {
		case "p":
			rd.paragraph(c)
		case "tbl":
			rd.problem(ProblemTable, firstText(c))
			rd.body(c)
		case "sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr":
		case "del", "moveFrom":
			rd.problem(ProblemTracked, "")
		case "~AlternateContent", "~oMathPara", "~oMath":
			rd.problem(ProblemDrawing, "")
		default:
			if strings.HasPrefix(c.name, "~") {
				continue
			}
			rd.body(c) // rows, cells, content controls, insertions
		}
	}
}

func firstText(n *node) string {
	if n.name == "t" {
		return n.text
	}
	for _, c := range n.children {
		if s := strings.TrimSpace(firstText(c)); s != "" {
			return s
		}
	}
	return ""
}

func (rd *reader) paragraph(p *node) {
	rd.paragraphs++
	ppr := p.child("pPr")
	var id string
	r := row{kind: record.BlockParagraph}
	var numbering *node
	if ppr != nil {
		id, _ = ppr.val("pStyle")
		if on, ok := ppr.on("bidi"); ok && on {
			rd.bidi++
		}
		numbering = ppr.child("numPr")
	}
	in := inlineReader{rd: rd}
	in.children(p, runStyle{})
	r.inlines = in.gathered()
	for s, next := rd.styles[id], id; next != "" && numbering == nil; s, next = rd.styles[s.based], s.based {
		numbering = s.numbering
		if s.based == next {
			break
		}
	}
	isTitle := rd.isA(id, func(name string) bool { return name == "title" })
	level := 0
	quote, follow := -1, -1
	rd.isA(id, func(name string) bool {
		if m := headingName.FindStringSubmatch(name); m != nil {
			level, _ = strconv.Atoi(m[1])
			return true
		}
		if m := quoteName.FindStringSubmatch(name); m != nil {
			quote = 1
			if m[1] != "" {
				quote, _ = strconv.Atoi(m[1])
			}
			return true
		}
		if m := continueName.FindStringSubmatch(name); m != nil {
			follow = 1
			if m[1] != "" {
				follow, _ = strconv.Atoi(m[1])
			}
			return true
		}
		return false
	})
	if s := rd.styles[id]; level == 0 && s.outline > 0 && quote < 0 {
		level = s.outline
	}
	text := plainText(r.inlines)
	switch {
	case isTitle && rd.title == "" && len(rd.rows) == 0:
		rd.title = text
		return
	case rd.isA(id, func(name string) bool { return name == "subtitle" }) && len(rd.rows) == 0:
		rd.summary = append(rd.summary, text)
		return
	case isTitle:
		level = 1
	case rd.isA(id, func(name string) bool { return name == "rule" || name == "horizontal line" }) && text == "":
		rd.rows = append(rd.rows, row{kind: record.BlockRule})
		return
	}
	r.quote = max(quote, 0)
	r.depth = max(follow, 0)
	if numbering != nil {
		num, _ := numbering.val("numId")
		ilvl, _ := numbering.val("ilvl")
		if format, ok := rd.abstract[rd.nums[num]]; ok && num != "0" {
			l, _ := strconv.Atoi(ilvl)
			if ilvl == "" {
				ilvl = "0"
			}
			r.depth = min(max(l, 0), 8) + 1
			r.list = record.BlockNumbered
			if f := format[ilvl]; f == "bullet" || f == "none" || f == "" {
				r.list = record.BlockList
			}
		}
	}
	if level > 0 {
		// A numbered heading is a heading.
		r = row{kind: record.BlockHeading, level: min(level, 4), inlines: r.inlines}
	}
	if len(r.inlines) == 0 {
		return
	}
	if r.depth > petition.MaxDepth-1 || r.quote > petition.MaxDepth-1 || r.depth+r.quote > petition.MaxDepth-1 {
		rd.problem(ProblemDeep, text)
		r.quote = min(r.quote, 2)
		r.depth = min(r.depth, petition.MaxDepth-1-r.quote)
	}
	rd.rows = append(rd.rows, r)
}

func plainText(in []petition.Inline) string {
	var b strings.Builder
	for _, i := range in {
		switch i.Kind {
		case petition.InText:
			b.WriteString(i.Text)
		case petition.InValue:
			b.WriteString(petition.Brace(i.Cites[0]))
		case petition.InBreak:
			b.WriteByte(' ')
		}
	}
	return strings.TrimSpace(b.String())
}

// document puts the paragraphs together.
func (rd *reader) document() Document {
	d := Document{Title: rd.title, Summary: strings.Join(rd.summary, "\n\n"), Printed: rd.printed}
	d.Text.Blocks = quotes(rd.rows, 0)
	return d
}

// quotes gathers the rows that are quoted deeper than depth.
func quotes(rows []row, depth int) []petition.Block {
	var out []petition.Block
	for len(rows) > 0 {
		n := 0
		for n < len(rows) && rows[n].quote > depth {
			n++
		}
		if n > 0 {
			out = append(out, petition.Block{Kind: record.BlockQuote, Blocks: quotes(rows[:n], depth+1)})
			rows = rows[n:]
			continue
		}
		for n < len(rows) && rows[n].quote <= depth {
			n++
		}
		out = append(out, lists(rows[:n], 0)...)
		rows = rows[n:]
	}
	return out
}

// lists gathers the rows of lists deeper than depth. A paragraph that continues
// an item without one before it is a paragraph.
func lists(rows []row, depth int) []petition.Block {
	var out []petition.Block
	for i := 0; i < len(rows); {
		r := rows[i]
		last := len(out) - 1
		switch {
		case r.list != "" && r.depth > depth+1 || r.list == "" && r.depth > depth:
			// It belongs to the item before it, or has lost it.
			n := i
			for n < len(rows) && (rows[n].list != "" && rows[n].depth > depth+1 || rows[n].list == "" && rows[n].depth > depth) {
				n++
			}
			inner := rows[i:n]
			if last >= 0 && (out[last].Kind == record.BlockList || out[last].Kind == record.BlockNumbered) {
				items := out[last].Blocks
				item := &items[len(items)-1]
				item.Blocks = append(item.Blocks, lists(inner, depth+1)...)
			} else {
				flat := make([]row, len(inner))
				copy(flat, inner)
				for k := range flat {
					flat[k].depth--
				}
				out = append(out, lists(flat, depth)...)
			}
			i = n
		case r.list != "":
			item := petition.Block{Kind: record.BlockItem, Inlines: r.inlines}
			if last >= 0 && out[last].Kind == r.list {
				out[last].Blocks = append(out[last].Blocks, item)
			} else {
				out = append(out, petition.Block{Kind: r.list, Blocks: []petition.Block{item}})
			}
			i++
		default:
			out = append(out, petition.Block{Kind: r.kind, Level: r.level, Inlines: r.inlines})
			i++
		}
	}
	return out
}
