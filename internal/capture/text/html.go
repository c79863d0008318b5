package text

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// maxHTML bounds the bytes of a page: its tree takes several times as much memory.
const maxHTML = 16 << 20

func extractHTML(data []byte, limits Limits) (Document, error) {
	var doc Document
	if len(data) > maxHTML {
		return doc, tell(fmt.Errorf("the page is larger than %s: %w", bytesText(maxHTML), ErrTooLarge), "size", "size", megabytes(int64(len(data))), "most", megabytes(maxHTML))
	}
	enc, name, certain := charset.DetermineEncoding(data[:min(len(data), 1024)], "")
	// The detector looks at the first kilobyte only; UTF-8 may show later.
	if !certain && validUTF8(data) {
		enc, name = nil, "utf-8"
	}
	doc.Encoding = name
	var in io.Reader = bytes.NewReader(data)
	if enc != nil {
		in = enc.NewDecoder().Reader(in)
	}
	root, err := html.Parse(in)
	if err != nil {
		return doc, fmt.Errorf("%w (HTML: %v)", ErrDamaged, err)
	}
	w := htmlWalk{doc: &doc, limits: limits}
	w.out.limit = limits.MaxText
	if err := w.node(root, 0); err != nil {
		return doc, err
	}
	doc.Text = w.out.String()
	for _, t := range []string{doc.Title, w.meta, w.heading} {
		if strings.TrimSpace(t) != "" {
			doc.Title = t
			break
		}
	}
	return doc, nil
}

func validUTF8(b []byte) bool { return bytes.Equal(bytes.ToValidUTF8(b, nil), b) }

type htmlWalk struct {
	doc     *Document
	limits  Limits
	out     paragraphs
	pre     int
	meta    string // title given for link previews
	heading string // first main heading
	deep    bool
}

// dropped elements hold no text of the document.
var dropped = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Nav: true, atom.Noscript: true, atom.Template: true,
	atom.Svg: true, atom.Iframe: true, atom.Object: true, atom.Button: true, atom.Select: true,
}

// block elements begin and end paragraphs.
var block = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true,
	atom.H6: true, atom.Ul: true, atom.Ol: true, atom.Li: true, atom.Dl: true, atom.Dt: true, atom.Dd: true,
	atom.Table: true, atom.Tr: true, atom.Caption: true, atom.Blockquote: true, atom.Pre: true, atom.Section: true,
	atom.Article: true, atom.Header: true, atom.Footer: true, atom.Main: true, atom.Aside: true, atom.Figure: true,
	atom.Figcaption: true, atom.Hr: true, atom.Address: true, atom.Form: true, atom.Fieldset: true, atom.Details: true,
	atom.Summary: true, atom.Body: true,
}

func (w *htmlWalk) node(n *html.Node, depth int) error {
	if w.out.full() {
		return errTextLimit
	}
	if depth > w.limits.MaxDepth {
		if !w.deep {
			w.deep = true
			w.doc.Problems = append(w.doc.Problems, Note{"problem.document_deep", map[string]string{"depth": strconv.Itoa(w.limits.MaxDepth)}})
		}
		return nil
	}
	switch n.Type {
	case html.TextNode:
		if w.pre > 0 {
			w.out.write(n.Data)
		} else {
			w.out.flow(n.Data)
		}
		return nil
	case html.ElementNode:
		if dropped[n.DataAtom] {
			return nil
		}
		switch n.DataAtom {
		case atom.Html:
			if l := attribute(n, "lang"); l != "" {
				w.doc.Language = l
			} else if l := attribute(n, "xml:lang"); l != "" {
				w.doc.Language = l
			}
		case atom.Head:
			w.head(n)
			return nil
		case atom.Br:
			w.out.write("\n")
			return nil
		case atom.Td, atom.Th:
			w.out.space()
		case atom.H1:
			if w.heading == "" {
				w.heading = plainText(n)
			}
		case atom.Pre:
			w.pre++
			defer func() { w.pre-- }()
		}
		if block[n.DataAtom] {
			w.out.end()
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if err := w.node(c, depth+1); err != nil {
			return err
		}
	}
	if n.Type == html.ElementNode && block[n.DataAtom] {
		w.out.end()
	}
	return nil
}

func (w *htmlWalk) head(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.Title:
			if w.doc.Title == "" {
				w.doc.Title = plainText(c)
			}
		case atom.Meta:
			key := attribute(c, "property") + attribute(c, "name")
			switch strings.ToLower(key) {
			case "og:title":
				w.meta = attribute(c, "content")
			case "language":
				if w.doc.Language == "" {
					w.doc.Language = attribute(c, "content")
				}
			}
			if strings.EqualFold(attribute(c, "http-equiv"), "content-language") && w.doc.Language == "" {
				w.doc.Language = attribute(c, "content")
			}
		}
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

func plainText(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
