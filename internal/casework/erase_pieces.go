package casework

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/gawah-project/gawah/internal/record"
)

// pieced lists the arrays of records whose elements are one text in pieces, with
// the fields that hold it in the order of reading: the segments of a passage and
// the spans of a petition's text. A name may begin in one piece and end in
// another.
var pieced = map[string][]string{
	"segments": {"prefix", "exact", "suffix"},
	"spans":    {"text"},
}

// piece is one of the strings that make up a text: a field of one element.
type piece struct {
	element int
	field   string
	text    string
}

// streams returns the orders in which the pieces of an array can be read on: all
// of them, the quoted words alone, those alone without what was inserted between
// them, and each element with the words around it.
func streams(list []any, fields []string) [][]piece {
	var all, quoted, original []piece
	var each [][]piece
	for i, x := range list {
		m, ok := x.(map[string]any)
		if !ok {
			continue
		}
		var own []piece
		for _, f := range fields {
			text, ok := m[f].(string)
			if !ok || text == "" {
				continue
			}
			p := piece{i, f, text}
			own = append(own, p)
			if f == "prefix" || f == "suffix" {
				continue
			}
			quoted = append(quoted, p)
			if inserted, _ := m["inserted"].(bool); !inserted {
				original = append(original, p)
			}
		}
		all = append(all, own...)
		if len(own) > 1 {
			each = append(each, own)
		}
	}
	return append([][]piece{all, quoted, original}, each...)
}

// addPieces reads pieces one after the other. bases are where each begins in the
// text they make together.
func (s *spelling) addPieces(pieces []piece) (bases []int) {
	at := 0
	for _, p := range pieces {
		bases = append(bases, at)
		s.add([]byte(p.text), at)
		s.border()
		at += len(p.text)
	}
	return bases
}

// strikePieces strikes the names out of an array that is one text in pieces: of a
// name that is cut, every part. It reports whether there was any.
func (n naming) strikePieces(list []any, fields []string) bool {
	type place struct {
		element int
		field   string
	}
	found := map[place][]stretch{}
	for _, pieces := range streams(list, fields) {
		s := spelling{placed: true}
		bases := s.addPieces(pieces)
		for _, x := range n.spans(&s) {
			from, to := s.from[x.from], s.to[x.to-1]
			for i, p := range pieces {
				a, b := max(from-bases[i], 0), min(to-bases[i], len(p.text))
				if a < b {
					at := place{p.element, p.field}
					found[at] = append(found[at], stretch{a, b})
				}
			}
		}
	}
	for at, spans := range found {
		m := list[at.element].(map[string]any)
		text := struckFrom(m[at.field].(string), joined(spans))
		if at.field != "exact" && len(text) > record.MaxLine {
			text = struckOut // the words around are no longer than a line
		}
		m[at.field] = text
	}
	return len(found) > 0
}

// inPieces reports whether the bytes of a record, or of a file in which records
// stand, hold a name that is cut by the border of two pieces.
func (n naming) inPieces(b []byte, s *spelling) bool {
	for key, fields := range pieced {
		mark := []byte(`"` + key + `":`)
		for rest := b; ; {
			i := bytes.Index(rest, mark)
			if i < 0 {
				break
			}
			rest = rest[i+len(mark):]
			array, several := arrayOf(rest, fields)
			if !several {
				continue
			}
			var list []any
			if json.Unmarshal(array, &list) != nil {
				continue
			}
			for _, pieces := range streams(list, fields) {
				s.reset()
				s.addPieces(pieces)
				if n.held(s) {
					return true
				}
			}
		}
	}
	return false
}

// arrayOf returns the JSON array that b begins with, and whether it holds several
// of the fields, without which nothing in it can be cut. It is nil where b holds
// no whole array: the reading was cut off there, or it is something else.
func arrayOf(b []byte, fields []string) (array []byte, several bool) {
	held, depth := 0, 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				return b[:i+1], held > 1
			}
		case '"':
			start := i + 1
			for i++; i < len(b) && b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
			if i+1 < len(b) && b[i+1] == ':' && slices.Contains(fields, string(b[start:i])) {
				held++
			}
		case ' ', '\n', '\r', '\t', ',', ':':
		default:
			if depth == 0 {
				return nil, false
			}
		}
	}
	return nil, false
}
