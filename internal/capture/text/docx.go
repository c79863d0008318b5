package text

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
)

// openZip opens an archive after checking what its directory announces.
func openZip(r io.ReaderAt, size int64, limits Limits) (*zip.Reader, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w (ZIP archive: %v)", ErrDamaged, err)
	}
	if len(z.File) > limits.MaxEntries {
		return nil, tell(fmt.Errorf("the archive has %d entries, at most %d are read: %w", len(z.File), limits.MaxEntries, ErrTooLarge), "files", "most", strconv.Itoa(limits.MaxEntries))
	}
	var total int64
	for _, e := range z.File {
		if e.UncompressedSize64 > uint64(limits.MaxInflate) || total+int64(e.UncompressedSize64) > limits.MaxInflate {
			return nil, tell(fmt.Errorf("the archive unpacks to more than %s: %w", bytesText(limits.MaxInflate), ErrTooLarge), "unpacked", "most", megabytes(limits.MaxInflate))
		}
		total += int64(e.UncompressedSize64)
	}
	if total > 64<<20 && total/max(size, 1) > limits.MaxRatio {
		return nil, tell(fmt.Errorf("the archive expands more than %d times, as decompression bombs do: %w", limits.MaxRatio, ErrTooLarge), "bomb", "times", strconv.FormatInt(limits.MaxRatio, 10))
	}
	return z, nil
}

func extractDOCX(r io.ReaderAt, size int64, limits Limits) (Document, error) {
	var doc Document
	z, err := openZip(r, size, limits)
	if err != nil {
		return doc, err
	}
	parts := make(map[string]*zip.File, len(z.File))
	for _, e := range z.File {
		if _, ok := parts[e.Name]; !ok {
			parts[e.Name] = e
		}
	}
	main := mainPart(parts, limits)
	if parts[main] == nil {
		note := "archive"
		if parts["xl/workbook.xml"] != nil {
			note = "workbook"
		}
		return doc, tell(fmt.Errorf("this is a ZIP archive without a Word document inside; HTML, DOCX, PDF and plain text are read: %w", ErrUnsupported), note)
	}
	dir := path.Dir(main)
	w := &wordWalk{numbers: map[string]int{}, limits: limits}
	w.out.limit = limits.MaxText
	if err := w.part(parts[main], ""); err != nil {
		if errors.Is(err, ErrTooLarge) || w.out.b.Len() == 0 {
			return doc, err
		}
		doc.Problems = append(doc.Problems, Note{Key: "problem.document_cut"})
	}
	for _, note := range []struct{ file, element string }{{"footnotes.xml", "footnote"}, {"endnotes.xml", "endnote"}} {
		if p := parts[path.Join(dir, note.file)]; p != nil {
			w.out.end()
			if err := w.part(p, note.element); err != nil {
				if errors.Is(err, ErrTooLarge) {
					return doc, err
				}
				doc.Problems = append(doc.Problems, Note{"problem.document_part", map[string]string{"part": note.element}})
			}
		}
	}
	if p := parts["docProps/core.xml"]; p != nil {
		doc.Title, doc.Language = coreProperties(p, limits)
	}
	if p := parts[path.Join(dir, "styles.xml")]; p != nil && doc.Language == "" {
		doc.Language = styleLanguage(p, limits)
	}
	doc.Text = w.out.String()
	return doc, nil
}

// mainPart finds the part that the package names as its document.
func mainPart(parts map[string]*zip.File, limits Limits) string {
	main := "word/document.xml"
	if p := parts["_rels/.rels"]; p != nil {
		_ = eachElement(p, limits, func(e xml.StartElement) {
			if e.Name.Local == "Relationship" && strings.HasSuffix(attr(e, "Type"), "/officeDocument") {
				if t := strings.TrimPrefix(path.Clean(attr(e, "Target")), "/"); strings.HasPrefix(t, "word/") && parts[t] != nil {
					main = t
				}
			}
		})
	}
	return main
}

// tokens runs do over the XML tokens of a part, bounding nesting and size. The
// decoder expands no entities but the predefined ones.
func tokens(p *zip.File, limits Limits, do func(xml.Token) error) error {
	f, err := p.Open()
	if err != nil {
		return fmt.Errorf("%w (%s: %v)", ErrDamaged, p.Name, err)
	}
	defer f.Close()
	d := xml.NewDecoder(io.LimitReader(f, limits.MaxInflate))
	depth := 0
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w (%s: %v)", ErrDamaged, p.Name, err)
		}
		switch tok.(type) {
		case xml.StartElement:
			if depth++; depth > limits.MaxDepth {
				return tell(fmt.Errorf("%s nests elements more than %d deep: %w", p.Name, limits.MaxDepth, ErrTooLarge), "nested", "depth", strconv.Itoa(limits.MaxDepth))
			}
		case xml.EndElement:
			depth--
		}
		if err := do(tok); err != nil {
			return err
		}
	}
}

func eachElement(p *zip.File, limits Limits, do func(xml.StartElement)) error {
	return tokens(p, limits, func(t xml.Token) error {
		if e, ok := t.(xml.StartElement); ok {
			do(e)
		}
		return nil
	})
}

func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

func coreProperties(p *zip.File, limits Limits) (title, language string) {
	var in string
	_ = tokens(p, limits, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			in = t.Name.Local
		case xml.EndElement:
			in = ""
		case xml.CharData:
			switch in {
			case "title":
				title += string(t)
			case "language":
				language += string(t)
			}
		}
		return nil
	})
	return title, strings.TrimSpace(language)
}

func styleLanguage(p *zip.File, limits Limits) (lang string) {
	_ = eachElement(p, limits, func(e xml.StartElement) {
		if e.Name.Local == "lang" && lang == "" {
			lang = attr(e, "val")
		}
	})
	return lang
}

// wordWalk turns WordprocessingML into paragraphs. Footnote marks become "[1]" in
// the text and the notes follow it under the same marks. Deleted text of tracked
// changes, field instructions and fallback copies of text boxes are left out.
type wordWalk struct {
	out     paragraphs
	numbers map[string]int // note → its number, in order of appearance
	limits  Limits
}

func (w *wordWalk) mark(kind, id string) string {
	key := kind + " " + id
	n, ok := w.numbers[key]
	if !ok {
		n = len(w.numbers) + 1
		w.numbers[key] = n
	}
	return fmt.Sprintf("[%d]", n)
}

// part reads one part; note names the element that wraps a note, if it is a part
// with notes.
func (w *wordWalk) part(p *zip.File, note string) error {
	skip, inText := 0, 0
	return tokens(p, w.limits, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			if skip > 0 {
				skip++
				return nil
			}
			switch t.Name.Local {
			case "Fallback", "instrText", "delText", "del", "moveFrom":
				skip = 1
			case "t":
				inText++
			case "tab":
				w.out.write("\t")
			case "br", "cr":
				w.out.write("\n")
			case "noBreakHyphen":
				w.out.write("\u2011")
			case "tc":
				w.out.space()
			case "footnoteReference", "endnoteReference":
				w.out.write(w.mark(strings.TrimSuffix(t.Name.Local, "Reference"), attr(t, "id")))
			case note:
				if note == "" {
					break
				}
				switch attr(t, "type") {
				case "separator", "continuationSeparator", "continuationNotice":
					skip = 1
				default:
					w.out.write(w.mark(note, attr(t, "id")) + " ")
				}
			}
		case xml.EndElement:
			if skip > 0 {
				skip--
				return nil
			}
			switch t.Name.Local {
			case "t":
				inText--
			case "p":
				w.out.end()
				if w.out.full() {
					return errTextLimit
				}
			}
		case xml.CharData:
			if skip == 0 && inText > 0 {
				w.out.write(string(t))
				if w.out.full() {
					return errTextLimit
				}
			}
		}
		return nil
	})
}
