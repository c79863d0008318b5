package casework

import (
	"bytes"
	"encoding/json"

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
			var list []any
			if json.NewDecoder(bytes.NewReader(rest)).Decode(&list) != nil {
				continue // cut off where the reading ended, or something else
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
