package docx

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
)

// Write writes a document. The same document gives the same bytes: nothing in
// them says who wrote it, where or when.
func Write(w io.Writer, d Document) error {
	b := builder{doc: d, rtl: petition.RTL(d.Lang), links: map[string]string{}}
	b.document()
	z := zip.NewWriter(w)
	for _, part := range []struct{ name, body string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", packageRels},
		{"docProps/core.xml", b.core()},
		{"word/document.xml", b.wrap("document", "<w:body>"+b.body.String()+b.section()+"</w:body>")},
		{"word/_rels/document.xml.rels", b.rels()},
		{"word/footnotes.xml", b.wrap("footnotes", separators+b.notes.String())},
		{"word/numbering.xml", b.wrap("numbering", b.numbering())},
		{"word/settings.xml", b.wrap("settings", b.settings())},
		{"word/styles.xml", b.wrap("styles", b.styles())},
	} {
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate})
		if err != nil {
			return fmt.Errorf("write %s: %w", part.name, err)
		}
		if _, err := io.WriteString(f, part.body); err != nil {
			return fmt.Errorf("write %s: %w", part.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("finish the document: %w", err)
	}
	return nil
}

// builder builds the parts of a document.
type builder struct {
	doc   Document
	rtl   bool
	body  strings.Builder
	notes strings.Builder
	count int               // footnotes written
	links map[string]string // address → relationship
	order []string          // addresses in the order of their relationships
	lists []list            // one for each list, its number is its place + 1
}

type list struct {
	kind  record.BlockKind
	level int
}

// where is how deep a paragraph stands.
type where struct {
	quote int
	level int // of lists, 0 outside
	list  int // number of the list, 0 for a paragraph that only continues an item
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(clean(s))) // a Builder does not fail
	return b.String()
}

func (b *builder) document() {
	if b.doc.Title != "" {
		b.paragraph("Title", where{}, []petition.Inline{{Text: b.doc.Title}})
	}
	for part := range strings.SplitSeq(b.doc.Summary, "\n") {
		if part = strings.TrimSpace(part); part != "" {
			b.paragraph("Subtitle", where{}, []petition.Inline{{Text: part}})
		}
	}
	b.blocks(b.doc.Text.Blocks, where{})
	if b.body.Len() == 0 {
		b.body.WriteString("<w:p/>") // a body without a paragraph does not open
	}
}

func (b *builder) blocks(blocks []petition.Block, at where) {
	for _, k := range blocks {
		switch k.Kind {
		case record.BlockHeading:
			b.paragraph(fmt.Sprintf("Heading%d", min(max(k.Level, 1), 4)), where{}, k.Inlines)
		case record.BlockRule:
			b.paragraph("Rule", where{}, nil)
		case record.BlockQuote:
			inner := at
			inner.quote++
			b.blocks(k.Blocks, inner)
		case record.BlockList, record.BlockNumbered:
			inner := at
			inner.level = min(at.level+1, 9)
			b.lists = append(b.lists, list{k.Kind, inner.level})
			number := len(b.lists)
			for _, item := range k.Blocks {
				inner.list = number
				if len(item.Inlines) > 0 || len(item.Blocks) == 0 {
					b.paragraph("", inner, item.Inlines)
				}
				inner.list = 0
				b.blocks(item.Blocks, inner)
			}
		default:
			b.paragraph("", at, k.Inlines)
		}
	}
}

// paragraph writes one paragraph. Its style says how deep it is quoted or, behind
// an item's first paragraph, which item it continues.
func (b *builder) paragraph(style string, at where, in []petition.Inline) {
	switch {
	case style != "":
	case at.quote > 0:
		style = numbered("Quote", at.quote)
	case at.list > 0:
		style = "ListParagraph"
	case at.level > 0:
		style = numbered("ListContinue", at.level)
	}
	b.body.WriteString("<w:p><w:pPr>")
	if style != "" {
		fmt.Fprintf(&b.body, `<w:pStyle w:val="%s"/>`, style)
	}
	if at.list > 0 {
		fmt.Fprintf(&b.body, `<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>`, at.level-1, at.list)
	}
	if b.rtl {
		b.body.WriteString("<w:bidi/>")
	}
	b.body.WriteString("</w:pPr>")
	for i := 0; i < len(in); i++ {
		k := in[i]
		switch k.Kind {
		case petition.InText:
			if k.Href == "" || !petition.SafeHref(k.Href) {
				b.body.WriteString(b.run(k, ""))
				continue
			}
			fmt.Fprintf(&b.body, `<w:hyperlink r:id="%s">`, b.link(k.Href))
			b.body.WriteString(b.run(k, "Hyperlink"))
			b.body.WriteString("</w:hyperlink>")
		case petition.InBreak:
			b.body.WriteString("<w:r><w:br/></w:r>")
		case petition.InNote:
			b.note(b.run(petition.Inline{Text: k.Text}, ""))
		case petition.InCite:
			var words []string
			for _, c := range k.Cites {
				words = append(words, b.describe(c))
			}
			b.citation(words, petition.Bracket(k.Cites))
		case petition.InValue:
			c := k.Cites[0]
			printed := ""
			if b.doc.Print != nil {
				printed = b.doc.Print(c)
			}
			if printed == "" {
				printed = "{" + c.Key() + "}"
			}
			b.body.WriteString(b.run(petition.Inline{Text: printed}, "PrintedValue"))
			b.citation([]string{b.describe(c)}, petition.Brace(c))
		}
	}
	b.body.WriteString("</w:p>")
}

func numbered(style string, n int) string {
	if n == 1 {
		return style
	}
	return fmt.Sprintf("%s%d", style, min(n, 9))
}

func (b *builder) describe(c petition.Citation) string {
	if b.doc.Describe == nil {
		return ""
	}
	return strings.TrimSpace(b.doc.Describe(c))
}

// citation writes a footnote: what is cited in words, then the citation.
func (b *builder) citation(words []string, key string) {
	var runs strings.Builder
	for _, w := range words {
		if w != "" {
			runs.WriteString(b.run(petition.Inline{Text: w + " "}, "CitationWords"))
		}
	}
	runs.WriteString(b.run(petition.Inline{Text: key}, "CitationKey"))
	b.note(runs.String())
}

func (b *builder) note(runs string) {
	b.count++
	id := b.count + 1 // 0 and 1 are the separators
	fmt.Fprintf(&b.body, `<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:id="%d"/></w:r>`, id)
	bidi := ""
	if b.rtl {
		bidi = "<w:bidi/>"
	}
	fmt.Fprintf(&b.notes, `<w:footnote w:id="%d"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/>%s</w:pPr>`+
		`<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> </w:t></w:r>%s</w:p></w:footnote>`, id, bidi, runs)
}

// run writes text in one style. Properties stand in the order of the schema.
func (b *builder) run(k petition.Inline, style string) string {
	if k.Text == "" {
		return ""
	}
	var p strings.Builder
	if style != "" {
		fmt.Fprintf(&p, `<w:rStyle w:val="%s"/>`, style)
	}
	if k.Strong {
		p.WriteString("<w:b/><w:bCs/>")
	}
	if k.Em {
		p.WriteString("<w:i/><w:iCs/>")
	}
	if b.rtl && rightToLeft(k.Text) {
		p.WriteString("<w:rtl/>")
	}
	props := ""
	if p.Len() > 0 {
		props = "<w:rPr>" + p.String() + "</w:rPr>"
	}
	return "<w:r>" + props + `<w:t xml:space="preserve">` + escape(k.Text) + "</w:t></w:r>"
}

// rightToLeft reports whether a text has letters that run from right to left.
func rightToLeft(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana)
	})
}

func (b *builder) link(href string) string {
	id, ok := b.links[href]
	if !ok {
		id = fmt.Sprintf("rIdL%d", len(b.order)+1)
		b.links[href] = id
		b.order = append(b.order, href)
	}
	return id
}
