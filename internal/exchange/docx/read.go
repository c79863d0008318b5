package docx

import (
	"archive/zip"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/petition"
)

// Read reads a document of the given size in bytes. The text is what
// [petition.Parse] gives for its Markdown, so that it is what will be kept.
func Read(r io.ReaderAt, size int64) (Document, []Problem, error) {
	if size > MaxFile {
		return Document{}, nil, fmt.Errorf("%w: %d bytes, at most %d are read", ErrTooLarge, size, MaxFile)
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return Document{}, nil, notDocument("not a ZIP archive: %v", err)
	}
	if len(z.File) > maxParts {
		return Document{}, nil, fmt.Errorf("%w: %d parts", ErrTooLarge, len(z.File))
	}
	p := pack{files: map[string]*zip.File{}}
	for _, f := range z.File {
		name := strings.ToLower(strings.TrimPrefix(f.Name, "/"))
		if _, twice := p.files[name]; twice {
			return Document{}, nil, notDocument("two parts of one name")
		}
		p.files[name] = f
	}
	main := "word/document.xml"
	rels, err := p.relations("_rels/.rels", "")
	if err != nil {
		return Document{}, nil, err
	}
	for _, rel := range rels {
		if strings.HasSuffix(rel.kind, "/officeDocument") && rel.target != "" {
			main = rel.target
		}
	}
	root, err := p.tree(main, true)
	if err != nil {
		return Document{}, nil, err
	}
	body := root.child("body")
	if root.name != "document" || body == nil {
		return Document{}, nil, notDocument("%s has no body", main)
	}
	rd := reader{rels: map[string]relation{}, notes: map[string]*node{}}
	around, err := p.relations(path.Join(path.Dir(main), "_rels", path.Base(main)+".rels"), path.Dir(main))
	if err != nil {
		return Document{}, nil, err
	}
	noteLinks := map[string]map[string]relation{}
	for _, rel := range around {
		rd.rels[rel.id] = rel
		kind := path.Base(rel.kind)
		switch kind {
		case "styles", "numbering", "footnotes", "endnotes":
		default:
			continue
		}
		part, err := p.optional(rel.target)
		if err != nil {
			return Document{}, nil, err
		}
		if part == nil {
			continue
		}
		switch kind {
		case "styles":
			rd.readStyles(part)
		case "numbering":
			rd.readNumbering(part)
		default:
			kind = strings.TrimSuffix(kind, "s")
			for _, n := range part.children {
				if n.name == kind {
					rd.notes[kind+n.attr("id")] = n
				}
			}
			own, err := p.relations(path.Join(path.Dir(rel.target), "_rels", path.Base(rel.target)+".rels"), path.Dir(rel.target))
			if err != nil {
				return Document{}, nil, err
			}
			noteLinks[kind] = map[string]relation{}
			for _, l := range own {
				noteLinks[kind][l.id] = l
			}
		}
	}
	rd.noteRels = noteLinks
	rd.body(body)
	if rd.size > 2*petition.MaxSize { // before anything is made of it
		return Document{}, nil, fmt.Errorf("%w: %w", ErrTooLarge, petition.ErrTooLong)
	}
	d := rd.document()
	d.Lang = p.language(rels, rd)
	src := d.Text.Markdown()
	if d.Text, err = petition.Parse(src); err != nil {
		return Document{}, nil, fmt.Errorf("%w: %w", ErrTooLarge, err)
	}
	return d, rd.problems, nil
}

// pack is the parts of a document by their names in lower case.
type pack struct {
	files map[string]*zip.File
	read  int64 // bytes unpacked so far
}

// limited fails, rather than ends, where a part is larger than may be.
type limited struct {
	r    io.Reader
	left *int64
}

func (l limited) Read(b []byte) (int, error) {
	n, err := l.r.Read(b)
	if *l.left -= int64(n); *l.left < 0 {
		return 0, fmt.Errorf("%w: unpacked it is more than %d bytes", ErrTooLarge, maxPart)
	}
	return n, err
}

func (p *pack) tree(name string, word bool) (*node, error) {
	f := p.files[strings.ToLower(name)]
	if f == nil {
		return nil, notDocument("it has no %s", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, notDocument("%s cannot be unpacked: %v", name, err)
	}
	defer r.Close()
	// All parts together may be as large as one.
	left := maxPart - p.read
	n, err := readTree(limited{r, &left}, word)
	p.read = maxPart - left
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return n, nil
}

func (p *pack) optional(name string) (*node, error) {
	if name == "" || p.files[strings.ToLower(name)] == nil {
		return nil, nil
	}
	return p.tree(name, true)
}

// relation leads from a part to another, or, when external, to an address.
type relation struct {
	id, kind, target string
	external         bool
}

// relations reads a part of relations, where there is one. Targets are parts
// within the document: a path that leads out of it is none.
func (p *pack) relations(name, dir string) ([]relation, error) {
	if p.files[strings.ToLower(name)] == nil {
		return nil, nil
	}
	root, err := p.tree(name, false)
	if err != nil {
		return nil, err
	}
	var out []relation
	for _, n := range root.children {
		rel := relation{id: n.attr("Id"), kind: n.attr("Type"), target: n.attr("Target"), external: strings.EqualFold(n.attr("TargetMode"), "External")}
		if !rel.external {
			full := path.Join("/", dir, rel.target)
			if strings.HasPrefix(rel.target, "/") {
				full = path.Clean(rel.target)
			}
			rel.target = strings.TrimPrefix(full, "/")
		}
		out = append(out, rel)
	}
	return out, nil
}

// language returns what the document says its language is: in its properties, or
// in its defaults, for the direction in which most of it runs.
func (p *pack) language(rels []relation, rd reader) string {
	for _, rel := range rels {
		if !strings.HasSuffix(rel.kind, "/core-properties") || p.files[strings.ToLower(rel.target)] == nil {
			continue
		}
		core, err := p.tree(rel.target, false)
		if err != nil {
			break // properties are no reason not to read the text
		}
		if l := core.child("language"); l != nil && validTag(l.text) {
			return l.text
		}
	}
	tag := rd.lang
	if rd.bidi*2 > rd.paragraphs {
		tag = rd.langBidi
	}
	if validTag(tag) {
		return tag
	}
	return ""
}

func validTag(s string) bool {
	return s != "" && len(s) <= 35 && utf8.ValidString(s) && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == ""
}
