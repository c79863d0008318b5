package table

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"strings"
)

// xmlPart is the XML of one part of a workbook, token by token. Namespaces and
// the nesting of elements are not looked at: producers differ in both, and what
// is read here is told apart by its names.
type xmlPart struct {
	*xml.Decoder
	in   *bounded
	file io.Closer
}

// bounded refuses to read on when one item takes more than max bytes.
type bounded struct {
	in        *bufio.Reader
	max, left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("a row or text takes more than %s: %w", bytesText(b.max), ErrTooLarge)
	}
	n, err := b.in.Read(p)
	b.left -= int64(n)
	return n, err
}

// readAhead is the size of the buffer before the decoder.
const readAhead = 64 << 10

func openPart(e *zip.File, maxItem int64) (*xmlPart, error) {
	f, err := e.Open()
	if err != nil {
		return nil, err
	}
	b := &bounded{in: bufio.NewReaderSize(f, readAhead), max: maxItem}
	x := &xmlPart{Decoder: xml.NewDecoder(b), in: b, file: f}
	x.CharsetReader = func(label string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("its encoding is %.40q, and workbooks are UTF-8", label)
	}
	x.allow()
	return x, nil
}

// allow begins an item.
func (x *xmlPart) allow() { x.in.left = x.in.max + readAhead }

func (x *xmlPart) Close() error { return x.file.Close() }

func attribute(t xml.StartElement, name string) string {
	for i := range t.Attr {
		if t.Attr[i].Name.Local == name {
			return t.Attr[i].Value
		}
	}
	return ""
}

// parts finds a package's parts by their names, whose case and slashes differ
// between producers.
type parts map[string]*zip.File

func partsOf(z *zip.Reader) parts {
	p := parts{}
	for _, e := range z.File {
		p[partName(e.Name)] = e
	}
	return p
}

func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(s, "\\", "/")), "/"))
}

// maxSmallPart bounds the parts that are read whole: styles, and lists of sheets.
const maxSmallPart = 32 << 20

// decode reads a small part into v; one that is missing leaves v as it is.
func (p parts) decode(name string, v any) error {
	data, err := p.read(name)
	if err != nil || data == nil {
		return err
	}
	d := xml.NewDecoder(strings.NewReader(string(data)))
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (p parts) read(name string) ([]byte, error) {
	e := p[partName(name)]
	if e == nil {
		return nil, nil
	}
	f, err := e.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSmallPart+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(data) > maxSmallPart {
		return nil, fmt.Errorf("%s is larger than %s: %w", name, bytesText(maxSmallPart), ErrTooLarge)
	}
	return data, nil
}

// relations are what a part refers to, by identifier.
type relations struct {
	List []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

// relationsOf reads the relations of a part, with targets as names of parts.
func (p parts) relationsOf(name string) (relations, error) {
	var r relations
	dir, base := path.Split(name)
	if err := p.decode(dir+"_rels/"+base+".rels", &r); err != nil {
		return r, err
	}
	for i := range r.List {
		t := strings.ReplaceAll(r.List[i].Target, "\\", "/")
		if !strings.HasPrefix(t, "/") {
			t = "/" + dir + t
		}
		r.List[i].Target = strings.TrimPrefix(path.Clean(t), "/")
	}
	return r, nil
}

// ofType returns the target of the first relation of a type, by the last word of
// its name: the rest differs between the strict and the usual form.
func (r relations) ofType(kind string) string {
	for _, x := range r.List {
		if path.Base(x.Type) == kind {
			return x.Target
		}
	}
	return ""
}
