package petition

import (
	"errors"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
)

// Limits on a text.
const (
	// MaxSize is the size of a text in bytes.
	MaxSize = record.MaxText
	// MaxDepth is how deep quotes and lists may be nested; deeper marks are text.
	MaxDepth = 8
)

// ErrTooLong is returned for a text of more than [MaxSize] bytes.
var ErrTooLong = errors.New("the text is too long: at most 200,000 bytes are read; split it or shorten it")

// Text is a parsed text.
type Text struct {
	Blocks []Block
}

// Block is a piece of a text. Headings and paragraphs hold inlines; quotes and
// lists hold blocks; an item holds the inlines of its first paragraph and the
// blocks after it.
type Block struct {
	Kind    record.BlockKind
	Level   int // of a heading, 1 to 4
	Line    int // of the source, from 1
	Inlines []Inline
	Blocks  []Block
}

// InlineKind is what an inline is.
type InlineKind uint8

// The kinds of inline.
const (
	InText  InlineKind = iota
	InBreak            // a hard break
	InCite             // a bracket of citations
	InValue            // a number printed from the register
	InNote             // a note of the author's own
)

// Inline is a run of text in one style, or one of the things that stand in a
// line beside text.
type Inline struct {
	Kind   InlineKind
	Text   string // of text and of a note
	Em     bool
	Strong bool
	Href   string     // https, http or mailto
	Cites  []Citation // of a citation, one or more; of a value, one
	Line   int        // of the source, from 1
}

// Citations returns what a text cites, in the order in which it is written.
func (t Text) Citations() []Citation {
	var out []Citation
	var walk func([]Block)
	walk = func(bs []Block) {
		for _, b := range bs {
			for _, in := range b.Inlines {
				out = append(out, in.Cites...)
			}
			walk(b.Blocks)
		}
	}
	walk(t.Blocks)
	return out
}

// joinText joins texts of one style that stand beside each other, on whichever
// lines they are, and drops empty ones.
func joinText(in []Inline) []Inline {
	var out []Inline
	for i := 0; i < len(in); {
		j := i + 1
		if in[i].Kind == InText {
			for j < len(in) && in[j].Kind == InText &&
				(in[j].Text == "" || in[j].Em == in[i].Em && in[j].Strong == in[i].Strong && in[j].Href == in[i].Href) {
				j++
			}
			if in[i].Text == "" {
				i++
				continue
			}
		}
		k := in[i]
		if j > i+1 {
			var words strings.Builder
			for _, t := range in[i:j] {
				words.WriteString(t.Text)
			}
			k.Text = words.String()
		}
		out = append(out, k)
		i = j
	}
	return out
}
