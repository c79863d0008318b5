package store

import (
	"bytes"
	"strconv"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/go-json-experiment/json"
)

// scanner takes from stored versions the members that figures rest on. These are
// a third of a claim and a tenth of a source, and decoding the rest took more
// time than working out the figures. It reads canonical bytes only and hands
// whatever is not plain to the decoder.
type scanner struct {
	// texts holds what is said again and again ("killed", "accepted"), once.
	texts   map[string]string
	claims  reused[record.Claim]
	numbers reused[int64]
	voiced  reused[Voiced]
	err     error
}

// reused hands out values from blocks of memory, which it uses again after a reset.
type reused[T any] struct {
	blocks [][]T
	block  int // that is being cut up
	used   int // of it
}

func (s *reused[T]) next() *T {
	if s.block < len(s.blocks) && s.used == len(s.blocks[s.block]) {
		s.block, s.used = s.block+1, 0
	}
	if s.block == len(s.blocks) {
		s.blocks = append(s.blocks, make([]T, scanSlab))
	}
	s.used++
	return &s.blocks[s.block][s.used-1]
}

// reset takes back all that was handed out.
func (s *reused[T]) reset() {
	for i := range min(s.block+1, len(s.blocks)) {
		clear(s.blocks[i])
	}
	s.block, s.used = 0, 0
}

// again makes the scanner ready for other records; what it returned is overwritten.
func (s *scanner) again() {
	s.claims.reset()
	s.numbers.reset()
	s.voiced.reset()
}

func newScanner() *scanner { return &scanner{texts: map[string]string{}} }

const scanSlab = 256

// claim reads a claim without its passage, notes and review but for the state.
func (s *scanner) claim(body []byte) (*record.Claim, error) {
	c := s.claims.next()
	s.err = nil
	s.object(body, func(name, value []byte) {
		switch string(name) {
		case "id":
			c.ID = record.ClaimID(s.text(value))
		case "source":
			c.Source = record.SourceID(s.text(value))
		case "subject":
			s.object(value, func(name, value []byte) {
				switch string(name) {
				case "kind":
					c.Subject.Kind = record.Kind(s.word(value))
				case "id":
					c.Subject.ID = s.text(value)
				}
			})
		case "kind":
			c.Kind = record.ClaimKind(s.word(value))
		case "measure":
			c.Measure = record.Measure(s.word(value))
		case "form":
			c.Form = record.Form(s.word(value))
		case "operator":
			c.Operator = record.Operator(s.word(value))
		case "low":
			c.Low = s.number(value)
		case "high":
			c.High = s.number(value)
		case "best":
			c.Best = s.number(value)
		case "unit":
			c.Unit = s.word(value)
		case "words":
			c.Words = s.text(value)
		case "scope":
			s.decode(value, &c.Scope)
		case "as_of":
			s.when(value, &c.AsOf)
		case "attributed_to":
			s.object(value, func(name, value []byte) {
				switch string(name) {
				case "text":
					c.AttributedTo.Text = s.text(value)
				case "party":
					c.AttributedTo.Party = record.PartyID(s.text(value))
				case "person":
					c.AttributedTo.Person = record.PersonID(s.text(value))
				case "unattributed":
					s.decode(value, &c.AttributedTo.Unattributed)
				}
			})
		case "derived_from":
			s.decode(value, &c.DerivedFrom)
		case "supersedes":
			s.decode(value, &c.Supersedes)
		case "role":
			c.Role = record.Role(s.word(value))
		case "reliability":
			c.Reliability = s.word(value)
		case "review":
			s.object(value, func(name, value []byte) {
				if string(name) == "state" {
					c.Review.State = record.ReviewState(s.word(value))
				}
			})
		}
	})
	return c, s.err
}

// source reads when a source was published and what it took its facts from.
func (s *scanner) source(body []byte, v *Voiced) error {
	s.err = nil
	s.object(body, func(name, value []byte) {
		switch string(name) {
		case "published":
			s.when(value, &v.Published)
		case "derived_from":
			s.decode(value, &v.DerivedFrom)
		}
	})
	return s.err
}

// when reads a date, of which most are nothing more.
func (s *scanner) when(value []byte, to *record.When) {
	if date, ok := bytes.CutPrefix(value, []byte(`{"date":"`)); ok {
		if end := bytes.IndexByte(date, '"'); end >= 0 && string(date[end:]) == `"}` && bytes.IndexByte(date[:end], '\\') < 0 {
			if err := to.Date.UnmarshalText(date[:end]); err != nil && s.err == nil {
				s.err = err
			}
			return
		}
	}
	s.decode(value, to)
}

func (s *scanner) decode(value []byte, to any) {
	if err := json.Unmarshal(value, to); err != nil && s.err == nil {
		s.err = err
	}
}

// text reads a string.
func (s *scanner) text(value []byte) string {
	if n := len(value) - 1; n > 0 && value[0] == '"' && value[n] == '"' && bytes.IndexByte(value, '\\') < 0 {
		return string(value[1 : len(value)-1])
	}
	var out string
	s.decode(value, &out)
	return out
}

// word reads a string of which there are few.
func (s *scanner) word(value []byte) string {
	if known, ok := s.texts[string(value)]; ok {
		return known
	}
	out := s.text(value)
	if len(s.texts) < 1000 {
		s.texts[string(value)] = out
	}
	return out
}

func (s *scanner) number(value []byte) *int64 {
	n, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil {
		var out *int64
		s.decode(value, &out) // null, or a number in another form
		return out
	}
	p := s.numbers.next()
	*p = n
	return p
}

// object calls fn with the name and the value of each member of an object in
// canonical form, which has no space between them. Names hold no escapes: they
// are those of our own records.
func (s *scanner) object(b []byte, fn func(name, value []byte)) {
	if string(b) == "{}" {
		return
	}
	at := 0
	for open := byte('{'); ; open = ',' {
		if at+1 >= len(b) || b[at] != open || b[at+1] != '"' {
			break
		}
		name := b[at+2:]
		end := bytes.IndexByte(name, '"')
		if end < 0 || end+1 >= len(name) || name[end+1] != ':' {
			break
		}
		from := at + 2 + end + 2
		at = skip(b, from)
		if at < 0 || at >= len(b) {
			break
		}
		fn(name[:end], b[from:at])
		if b[at] == '}' && at == len(b)-1 {
			return
		}
	}
	if s.err == nil {
		s.err = errNotCanonical
	}
}

// closing returns where the string that opens at an index closes, -1 where it does
// not.
func closing(b []byte, at int) int {
	for {
		n := bytes.IndexByte(b[at+1:], '"')
		if n < 0 {
			return -1
		}
		at += n + 1
		escapes := 0
		for b[at-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return at
		}
	}
}

// skip returns where the value that begins at an index ends, -1 where it does not.
func skip(b []byte, at int) int {
	depth := 0
	for ; at < len(b); at++ {
		switch b[at] {
		case '"':
			if at = closing(b, at); at < 0 {
				return -1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return at
			}
			depth--
		case ',':
			if depth == 0 {
				return at
			}
		}
	}
	return -1
}
