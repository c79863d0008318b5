package docx

import (
	"fmt"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
)

const (
	xmlHead  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	officeNS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	wordNS   = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	packNS   = "http://schemas.openxmlformats.org/package/2006"

	mainType = "application/vnd.openxmlformats-officedocument.wordprocessingml."

	contentTypes = xmlHead + `<Types xmlns="` + packNS + `/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="` + mainType + `document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="` + mainType + `styles+xml"/>` +
		`<Override PartName="/word/numbering.xml" ContentType="` + mainType + `numbering+xml"/>` +
		`<Override PartName="/word/footnotes.xml" ContentType="` + mainType + `footnotes+xml"/>` +
		`<Override PartName="/word/settings.xml" ContentType="` + mainType + `settings+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
		`</Types>`

	packageRels = xmlHead + `<Relationships xmlns="` + packNS + `/relationships">` +
		`<Relationship Id="rId1" Type="` + officeNS + `/officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="` + packNS + `/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
		`</Relationships>`

	separators = `<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>` +
		`<w:footnote w:type="continuationSeparator" w:id="1"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>`
)

func (b *builder) wrap(root, inner string) string {
	return xmlHead + `<w:` + root + ` xmlns:w="` + wordNS + `" xmlns:r="` + officeNS + `">` + inner + `</w:` + root + `>`
}

func (b *builder) core() string {
	return xmlHead + `<cp:coreProperties xmlns:cp="` + packNS + `/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
		`<dc:title>` + escape(b.doc.Title) + `</dc:title><dc:language>` + escape(b.doc.Lang) + `</dc:language></cp:coreProperties>`
}

func (b *builder) rels() string {
	var s strings.Builder
	s.WriteString(xmlHead + `<Relationships xmlns="` + packNS + `/relationships">`)
	for i, part := range []string{"styles", "numbering", "footnotes", "settings"} {
		fmt.Fprintf(&s, `<Relationship Id="rId%d" Type="%s/%s" Target="%s.xml"/>`, i+1, officeNS, part, part)
	}
	for i, href := range b.order {
		fmt.Fprintf(&s, `<Relationship Id="rIdL%d" Type="%s/hyperlink" Target="%s" TargetMode="External"/>`, i+1, officeNS, escape(href))
	}
	s.WriteString(`</Relationships>`)
	return s.String()
}

// section is A4 with margins for a letter.
func (b *builder) section() string {
	bidi := ""
	if b.rtl {
		bidi = "<w:bidi/>"
	}
	return `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1418" w:right="1418" w:bottom="1418" w:left="1418" w:header="709" w:footer="709" w:gutter="0"/>` + bidi + `</w:sectPr>`
}

func (b *builder) settings() string {
	return `<w:footnotePr><w:footnote w:id="0"/><w:footnote w:id="1"/></w:footnotePr>` +
		`<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>`
}

// numbering has two kinds of list, and for each list of the text a number of its
// own, so that every one begins at 1.
func (b *builder) numbering() string {
	var s strings.Builder
	for id, format := range []string{"bullet", "decimal"} {
		fmt.Fprintf(&s, `<w:abstractNum w:abstractNumId="%d"><w:multiLevelType w:val="multilevel"/>`, id)
		for level := range 9 {
			text := "•"
			if format == "decimal" {
				text = fmt.Sprintf("%%%d.", level+1)
			}
			fmt.Fprintf(&s, `<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/><w:lvlJc w:val="left"/>`+
				`<w:pPr><w:ind w:left="%d" w:hanging="360"/></w:pPr></w:lvl>`, level, format, text, 720+360*level)
		}
		s.WriteString(`</w:abstractNum>`)
	}
	for i, l := range b.lists {
		kind := 0
		if l.kind == record.BlockNumbered {
			kind = 1
		}
		fmt.Fprintf(&s, `<w:num w:numId="%d"><w:abstractNumId w:val="%d"/><w:lvlOverride w:ilvl="%d"><w:startOverride w:val="1"/></w:lvlOverride></w:num>`, i+1, kind, l.level-1)
	}
	return s.String()
}

func (b *builder) styles() string {
	lang := escape(b.doc.Lang)
	tag := ""
	switch {
	case lang == "":
	case b.rtl:
		tag = `<w:lang w:bidi="` + lang + `"/>`
	default:
		tag = `<w:lang w:val="` + lang + `"/>`
	}
	var s strings.Builder
	s.WriteString(`<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Georgia" w:hAnsi="Georgia" w:cs="Noto Naskh Arabic"/><w:sz w:val="22"/><w:szCs w:val="24"/>` + tag +
		`</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="160" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>`)
	paragraph := func(id, name, base, ppr, rpr string, isDefault bool) {
		def := ""
		if isDefault {
			def = ` w:default="1"`
		}
		if base != "" {
			base = `<w:basedOn w:val="` + base + `"/>`
		}
		if ppr != "" {
			ppr = "<w:pPr>" + ppr + "</w:pPr>"
		}
		if rpr != "" {
			rpr = "<w:rPr>" + rpr + "</w:rPr>"
		}
		fmt.Fprintf(&s, `<w:style w:type="paragraph"%s w:styleId="%s"><w:name w:val="%s"/>%s<w:qFormat/>%s%s</w:style>`, def, id, name, base, ppr, rpr)
	}
	paragraph("Normal", "Normal", "", "", "", true)
	paragraph("Title", "Title", "Normal", `<w:spacing w:after="120"/>`, `<w:b/><w:bCs/><w:sz w:val="40"/><w:szCs w:val="44"/>`, false)
	paragraph("Subtitle", "Subtitle", "Normal", "", `<w:i/><w:iCs/>`, false)
	for level := 1; level <= 4; level++ {
		paragraph(fmt.Sprintf("Heading%d", level), fmt.Sprintf("heading %d", level), "Normal",
			fmt.Sprintf(`<w:keepNext/><w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="%d"/>`, level-1),
			fmt.Sprintf(`<w:b/><w:bCs/><w:sz w:val="%d"/><w:szCs w:val="%d"/>`, 34-3*level, 36-3*level), false)
	}
	paragraph("ListParagraph", "List Paragraph", "Normal", `<w:ind w:left="720"/><w:contextualSpacing/>`, "", false)
	for n := 1; n <= 9; n++ {
		paragraph(numbered("Quote", n), strings.TrimSuffix(fmt.Sprintf("Quote %d", n), " 1"), "Normal", fmt.Sprintf(`<w:ind w:left="%d" w:right="360"/>`, 480*n), "", false)
		paragraph(numbered("ListContinue", n), strings.TrimSuffix(fmt.Sprintf("List Continue %d", n), " 1"), "Normal", fmt.Sprintf(`<w:ind w:left="%d"/>`, 360+360*n), "", false)
	}
	paragraph("Rule", "Rule", "Normal", `<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>`, "", false)
	paragraph("FootnoteText", "footnote text", "Normal", `<w:spacing w:after="40" w:line="240" w:lineRule="auto"/>`, `<w:sz w:val="18"/><w:szCs w:val="20"/>`, false)
	character := func(id, name, rpr string) {
		fmt.Fprintf(&s, `<w:style w:type="character" w:styleId="%s"><w:name w:val="%s"/><w:rPr>%s</w:rPr></w:style>`, id, name, rpr)
	}
	character("FootnoteReference", "footnote reference", `<w:vertAlign w:val="superscript"/>`)
	character("Hyperlink", "Hyperlink", `<w:color w:val="0B4F6C"/><w:u w:val="single"/>`)
	character("PrintedValue", "Printed value", `<w:shd w:val="clear" w:color="auto" w:fill="EFEFEF"/>`)
	character("CitationWords", "Citation words", ``)
	character("CitationKey", "Citation key", `<w:color w:val="767676"/>`)
	return strings.ReplaceAll(s.String(), "<w:rPr></w:rPr>", "")
}
