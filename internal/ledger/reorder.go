package ledger

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"sync"
)

// reorder writes the canonical form of what encoding/json has just written:
// compact, valid, numbers as ECMAScript writes them. It sorts keys and undoes
// the escapes that RFC 8785 does without. It reports false for what it does not
// know, and then the general way has to be taken: keys with escapes or beyond
// ASCII, whole numbers that a float64 cannot hold, minus zero. Records have none
// of these.
func reorder(dst, src []byte) ([]byte, bool) {
	p := parsers.Get().(*parser)
	defer parsers.Put(p)
	p.src, p.at, p.out, p.members = src, 0, dst, p.members[:0]
	ok := p.value() && p.at == len(src)
	out := p.out
	p.src, p.out = nil, nil // a waiting parser holds on to nothing
	return out, ok
}

// parsers keeps what parsers have allocated: an import writes the canonical form
// of tens of thousands of records a second.
var parsers = sync.Pool{New: func() any { return &parser{} }}

// parser is at one place in the source and has written the canonical form of
// all before it.
type parser struct {
	src []byte
	at  int
	out []byte
	// members are those of the objects that the place is in, innermost last.
	members []member
	// spare is where an object's members are put in order.
	spare []byte
}

// member is a key with its value as a part of out, ready but for the order.
type member struct{ key, from, to int }

func (p *parser) value() bool {
	if p.at >= len(p.src) {
		return false
	}
	switch c := p.src[p.at]; c {
	case '{':
		return p.object()
	case '[':
		return p.array()
	case '"':
		return p.text()
	case 't':
		return p.word("true")
	case 'f':
		return p.word("false")
	case 'n':
		return p.word("null")
	default:
		return p.number()
	}
}

func (p *parser) word(w string) bool {
	if !bytes.HasPrefix(p.src[p.at:], []byte(w)) {
		return false
	}
	p.out = append(p.out, w...)
	p.at += len(w)
	return true
}

func (p *parser) array() bool {
	p.out = append(p.out, '[')
	p.at++
	for p.at < len(p.src) {
		switch p.src[p.at] {
		case ']', ',':
			c := p.src[p.at]
			p.out = append(p.out, c)
			p.at++
			if c == ']' {
				return true
			}
		default:
			if !p.value() {
				return false
			}
		}
	}
	return false
}

func (p *parser) object() bool {
	first := len(p.members)
	p.out = append(p.out, '{')
	start := len(p.out)
	p.at++
	sorted := true
	for p.at < len(p.src) && p.src[p.at] != '}' {
		if p.src[p.at] == ',' {
			p.at++
		}
		m := member{from: len(p.out)}
		if !p.key() || p.at >= len(p.src) || p.src[p.at] != ':' {
			return false
		}
		m.key = len(p.out)
		p.out = append(p.out, ':')
		p.at++
		if !p.value() {
			return false
		}
		m.to = len(p.out)
		if n := len(p.members); n > first && sorted {
			before := p.members[n-1]
			sorted = bytes.Compare(p.out[before.from:before.key], p.out[m.from:m.key]) < 0
		}
		p.members = append(p.members, m)
		p.out = append(p.out, ',')
	}
	if p.at >= len(p.src) {
		return false
	}
	p.at++
	own := p.members[first:]
	if len(own) == 0 {
		p.out = append(p.out, '}')
		return true
	}
	if !sorted {
		// A key stands here with its quotation marks. The closing one sorts before
		// every character of a key but '!', which no key of ours has.
		slices.SortFunc(own, func(a, b member) int { return bytes.Compare(p.out[a.from:a.key], p.out[b.from:b.key]) })
		for i := 1; i < len(own); i++ {
			if bytes.Equal(p.out[own[i-1].from:own[i-1].key], p.out[own[i].from:own[i].key]) {
				return false // a key twice, which the general way refuses
			}
		}
		p.spare = append(p.spare[:0], p.out[start:]...)
		p.out = p.out[:start]
		for _, m := range own {
			p.out = append(p.out, p.spare[m.from-start:m.to-start]...)
			p.out = append(p.out, ',')
		}
	}
	p.out[len(p.out)-1] = '}'
	p.members = p.members[:first]
	return true
}

// key copies a key of plain ASCII.
func (p *parser) key() bool {
	if p.at >= len(p.src) || p.src[p.at] != '"' {
		return false
	}
	for i := p.at + 1; i < len(p.src); i++ {
		switch c := p.src[i]; {
		case c == '"':
			p.out = append(p.out, p.src[p.at:i+1]...)
			p.at = i + 1
			return true
		case c <= '!' || c >= 0x7f || c == '\\':
			return false
		}
	}
	return false
}

// text copies a string without the escapes that encoding/json adds for HTML and
// JavaScript.
func (p *parser) text() bool {
	p.out = append(p.out, '"')
	from := p.at + 1
	for i := from; i < len(p.src); i++ {
		switch p.src[i] {
		case '"':
			p.out = append(p.out, p.src[from:i+1]...)
			p.at = i + 1
			return true
		case '\\':
			if i+1 >= len(p.src) {
				return false
			}
			if p.src[i+1] != 'u' {
				i++
				if p.src[i] == '/' {
					return false // the other short escapes are canonical
				}
				continue
			}
			if i+6 > len(p.src) {
				return false
			}
			plain := ""
			switch string(p.src[i+2 : i+6]) {
			case "003c":
				plain = "<"
			case "003e":
				plain = ">"
			case "0026":
				plain = "&"
			case "2028":
				plain = "\u2028"
			case "2029":
				plain = "\u2029"
			default:
				if !control(p.src[i+2 : i+6]) {
					return false
				}
				i += 5
				continue
			}
			p.out = append(append(p.out, p.src[from:i]...), plain...)
			i += 5
			from = i + 1
		}
	}
	return false
}

// control reports whether four hexadecimal digits are a control character that
// has no shorter escape.
func control(hex []byte) bool {
	if hex[0] != '0' || hex[1] != '0' || hex[2] != '0' && hex[2] != '1' {
		return false
	}
	last := hex[3]
	if hex[2] == '0' && (last == '8' || last == '9' || last == 'a' || last == 'c' || last == 'd') {
		return false
	}
	return last >= '0' && last <= '9' || last >= 'a' && last <= 'f'
}

// number copies a number that is as ECMAScript writes it.
func (p *parser) number() bool {
	whole, digits := true, 0
	i := p.at
	for ; i < len(p.src); i++ {
		switch c := p.src[i]; {
		case c >= '0' && c <= '9':
			digits++
			continue
		case c == '.' || c == 'e' || c == '+':
			whole = false
			continue
		case c == '-':
			continue
		}
		break
	}
	text := p.src[p.at:i]
	if digits == 0 || string(text) == "-0" {
		return false
	}
	if whole && digits > 15 {
		// An instant in microseconds has 16 digits.
		const exact = 1 << 53
		if n, err := strconv.ParseInt(string(text), 10, 64); err != nil || n > exact || n < -exact {
			return false
		}
	}
	if !whole {
		f, err := strconv.ParseFloat(string(text), 64)
		if err != nil {
			return false
		}
		// encoding/json writes a float64 as ECMAScript does.
		if as, err := json.Marshal(f); err != nil || !bytes.Equal(as, text) {
			return false
		}
	}
	p.out = append(p.out, text...)
	p.at = i
	return true
}
