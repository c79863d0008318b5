package petition

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/record"
)

// line is one line of a source, or what is left of it inside a quote or an item.
type line struct {
	text string
	no   int
}

// Parse reads a text. Any text of at most [MaxSize] bytes is one: what is no mark
// is words. It takes time in proportion to the length.
func Parse(src string) (Text, error) {
	if len(src) > MaxSize {
		return Text{}, ErrTooLong
	}
	src = clean(src)
	lines := make([]line, 0, strings.Count(src, "\n")+1)
	no := 0
	for s := range strings.SplitSeq(src, "\n") {
		no++
		lines = append(lines, line{s, no})
	}
	return Text{Blocks: parseBlocks(lines, 0)}, nil
}

// clean makes line ends one, and drops what could hide or turn text: NUL, and
// the overrides of direction. Marks and isolates, which such text needs, stay.
func clean(src string) string {
	src = strings.ToValidUTF8(src, "\uFFFD")
	return strings.Map(func(r rune) rune {
		switch r {
		case 0, '\u202d', '\u202e', '\ufeff':
			return -1
		case '\u2028', '\u2029', '\v', '\f':
			return '\n'
		}
		return r
	}, strings.ReplaceAll(strings.ReplaceAll(src, "\r\n", "\n"), "\r", "\n"))
}

// indent returns how many columns of white space a line begins with, and the
// rest of it.
func indent(s string) (int, string) {
	columns := 0
	for i := range len(s) {
		switch s[i] {
		case ' ':
			columns++
		case '\t':
			columns += 4 - columns%4
		default:
			return columns, s[i:]
		}
	}
	return columns, ""
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// heading reads "## words" and returns the level, 0 for another line.
func heading(s string) (int, string) {
	n := 0
	for n < len(s) && s[n] == '#' {
		n++
	}
	if n < 1 || n > 4 || n < len(s) && s[n] != ' ' && s[n] != '\t' {
		return 0, ""
	}
	words := strings.TrimSpace(s[n:])
	if bare := strings.TrimRight(words, "#"); bare != words && (bare == "" || bare[len(bare)-1] == ' ' || bare[len(bare)-1] == '\t') {
		words = strings.TrimSpace(bare)
	}
	return n, words
}

func rule(s string) bool {
	s = strings.TrimSpace(s)
	if s == "" || s[0] != '-' && s[0] != '*' && s[0] != '_' {
		return false
	}
	marks := 0
	for i := range len(s) {
		switch s[i] {
		case s[0]:
			marks++
		case ' ', '\t':
		default:
			return false
		}
	}
	return marks >= 3
}

// marker is what a list item begins with.
type marker struct {
	kind  record.BlockKind // "" for none
	width int              // columns up to the item's words
	first bool             // a number that is 1, or a bullet
	rest  string
}

// item reads the mark of a list item. Numbers have at most three digits, so that
// a line that begins with a year is none.
func item(s string) marker {
	r, size := utf8.DecodeRuneInString(s)
	m := marker{}
	end, columns := size, 1
	switch r {
	case '-', '*', '+', '•', '·', '‣', '◦':
		m.kind, m.first = record.BlockList, true
	default:
		n, digits, i := 0, 0, 0
		for i < len(s) && digits < 4 {
			r, size := utf8.DecodeRuneInString(s[i:])
			d, ok := digit(r)
			if !ok {
				break
			}
			n, digits, i = n*10+d, digits+1, i+size
		}
		if digits == 0 || digits > 3 || i >= len(s) {
			return m
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r != '.' && r != ')' {
			return m
		}
		m.kind, m.first = record.BlockNumbered, n == 1
		end, columns = i+size, digits+1
	}
	if end < len(s) && s[end] != ' ' && s[end] != '\t' {
		return marker{}
	}
	spaces, rest := indent(s[end:])
	if spaces > 4 || rest == "" {
		spaces = 1
	}
	m.width, m.rest = columns+max(spaces, 1), rest
	return m
}

// digit returns the value of an ASCII, Arabic-Indic or Persian digit.
func digit(r rune) (int, bool) {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0'), true
	case r >= '٠' && r <= '٩':
		return int(r - '٠'), true
	case r >= '۰' && r <= '۹':
		return int(r - '۰'), true
	}
	return 0, false
}

// outdent takes up to n columns of white space from the front of a line.
func outdent(s string, n int) string {
	have, rest := indent(s)
	if have <= n {
		return rest
	}
	return strings.Repeat(" ", have-n) + rest
}

// interrupts reports whether a line ends the paragraph before it. A number
// does so only when it is 1: a sentence may be broken before "14. ".
func interrupts(s string, depth int) bool {
	_, s = indent(s)
	if n, _ := heading(s); n > 0 || rule(s) {
		return true
	}
	if depth >= MaxDepth {
		return false
	}
	m := item(s)
	return strings.HasPrefix(s, ">") || m.kind != "" && m.first && m.rest != ""
}

func parseBlocks(lines []line, depth int) []Block {
	var out []Block
	for len(lines) > 0 {
		_, s := indent(lines[0].text)
		if blank(s) {
			lines = lines[1:]
			continue
		}
		if n, words := heading(s); n > 0 {
			out = append(out, Block{Kind: record.BlockHeading, Level: n, Line: lines[0].no, Inlines: parseInlines(words, lines[0].no)})
			lines = lines[1:]
			continue
		}
		if rule(s) {
			out = append(out, Block{Kind: record.BlockRule, Line: lines[0].no})
			lines = lines[1:]
			continue
		}
		var b Block
		switch {
		case depth < MaxDepth && s[0] == '>':
			b, lines = parseQuote(lines, depth)
		case depth < MaxDepth && item(s).kind != "":
			b, lines = parseList(lines, depth)
		default:
			b, lines = parseParagraph(lines, depth)
		}
		out = append(out, b)
	}
	return out
}

func parseParagraph(lines []line, depth int) (Block, []line) {
	var words strings.Builder
	n := 0
	for ; n < len(lines); n++ {
		s := strings.TrimLeftFunc(lines[n].text, unicode.IsSpace)
		if s == "" || n > 0 && interrupts(s, depth) {
			break
		}
		if n > 0 {
			words.WriteByte('\n')
		}
		words.WriteString(s)
	}
	return Block{Kind: record.BlockParagraph, Line: lines[0].no, Inlines: parseInlines(words.String(), lines[0].no)}, lines[n:]
}

func parseQuote(lines []line, depth int) (Block, []line) {
	var inner []line
	n := 0
	for ; n < len(lines); n++ {
		_, s := indent(lines[n].text)
		switch {
		case strings.HasPrefix(s, ">"):
			inner = append(inner, line{strings.TrimPrefix(s[1:], " "), lines[n].no})
			continue
		case blank(s) || interrupts(s, depth) || blank(inner[len(inner)-1].text):
		default: // a paragraph that runs on without its mark
			inner = append(inner, lines[n])
			continue
		}
		break
	}
	return Block{Kind: record.BlockQuote, Line: lines[0].no, Blocks: parseBlocks(inner, depth+1)}, lines[n:]
}

// parseList reads the items of one kind that follow each other. A line belongs to
// an item when it is indented by two columns or more, or carries on its paragraph.
func parseList(lines []line, depth int) (Block, []line) {
	outer, s := indent(lines[0].text)
	list := Block{Kind: item(s).kind, Line: lines[0].no}
	n := 0
	for n < len(lines) {
		columns, s := indent(lines[n].text)
		m := item(s)
		if m.kind != list.Kind || columns >= outer+2 || rule(s) {
			break
		}
		start := n
		inner := []line{{m.rest, lines[n].no}}
		for n++; n < len(lines); n++ {
			columns, s := indent(lines[n].text)
			if blank(s) {
				// Of the item is only what is indented after an empty line.
				k := nextFull(lines, n)
				if k == len(lines) {
					break
				}
				if c, _ := indent(lines[k].text); c < outer+2 {
					break
				}
				inner = append(inner, line{"", lines[n].no})
				n = k - 1
				continue
			}
			if columns < outer+2 && (blank(lines[n-1].text) || interrupts(s, depth) || item(s).kind != "") {
				break
			}
			inner = append(inner, line{outdent(lines[n].text, min(outer+m.width, columns)), lines[n].no})
		}
		list.Blocks = append(list.Blocks, parseItem(inner, lines[start].no, depth))
		if k := nextFull(lines, n); k < len(lines) {
			if _, s := indent(lines[k].text); item(s).kind == list.Kind {
				n = k
			}
		}
	}
	return list, lines[n:]
}

// nextFull returns the index of the first line at or after n that is not blank.
func nextFull(lines []line, n int) int {
	for n < len(lines) && blank(lines[n].text) {
		n++
	}
	return n
}

func parseItem(inner []line, no, depth int) Block {
	b := Block{Kind: record.BlockItem, Line: no, Blocks: parseBlocks(inner, depth+1)}
	if len(b.Blocks) > 0 && b.Blocks[0].Kind == record.BlockParagraph {
		b.Inlines, b.Blocks = b.Blocks[0].Inlines, b.Blocks[1:]
	}
	if len(b.Blocks) == 0 {
		b.Blocks = nil
	}
	return b
}
