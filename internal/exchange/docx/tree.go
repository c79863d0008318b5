package docx

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Namespaces of WordprocessingML and its kin, in both editions of the standard.
var wordSpaces = map[string]bool{
	"http://schemas.openxmlformats.org/wordprocessingml/2006/main": true,
	"http://purl.oclc.org/ooxml/wordprocessingml/main":             true,
}

// node is an element of a part. The name of one outside of WordprocessingML has a
// mark before it, so that it is never taken for another.
type node struct {
	name     string
	attrs    []xml.Attr
	children []*node
	text     string
	chars    []byte // of text, while the element is open
}

// attr returns an attribute by its local name.
func (n *node) attr(name string) string {
	for _, a := range n.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (n *node) child(name string) *node {
	if n == nil {
		return nil
	}
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// val returns the val attribute of a child, and whether there is such a child.
func (n *node) val(name string) (string, bool) {
	c := n.child(name)
	if c == nil {
		return "", false
	}
	return c.attr("val"), true
}

// on reads a property that is true when it stands without a value.
func (n *node) on(name string) (value, given bool) {
	v, ok := n.val(name)
	return ok && v != "0" && v != "false" && v != "off" && v != "none", ok
}

// readTree reads a part. Word means that names outside of WordprocessingML are
// marked.
func readTree(r io.Reader, word bool) (*node, error) {
	d := xml.NewDecoder(r)
	root := &node{}
	stack := []*node{root}
	count := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if errors.Is(err, ErrTooLarge) {
				return nil, err
			}
			return nil, notDocument("a part is no XML: %v", err)
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.Directive:
			return nil, notDocument("a part has a document type definition")
		case xml.StartElement:
			if count++; count > maxElements {
				return nil, fmt.Errorf("%w: more than %d elements", ErrTooLarge, maxElements)
			}
			if len(stack) > maxNesting {
				return nil, fmt.Errorf("%w: nested deeper than %d", ErrTooLarge, maxNesting)
			}
			n := &node{name: t.Name.Local}
			if word && !wordSpaces[t.Name.Space] {
				n.name = "~" + n.name
			}
			if len(t.Attr) > 0 {
				n.attrs = append([]xml.Attr(nil), t.Attr...)
			}
			top.children = append(top.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			top.text, top.chars = string(top.chars), nil
			stack = stack[:len(stack)-1]
		case xml.CharData:
			switch top.name {
			case "t", "instrText", "~title", "~language", "title", "language":
				top.chars = append(top.chars, t...)
			}
		}
	}
	if len(root.children) != 1 {
		return nil, notDocument("a part has no root element")
	}
	return root.children[0], nil
}

// clean drops what must not be in a text: control signs other than white space.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029':
			return ' '
		case r < ' ' || r == 0x7f || r == '\u202d' || r == '\u202e' || r == '\ufeff':
			return -1
		}
		return r
	}, s)
}
