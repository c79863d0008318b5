package petition

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How far ahead the end of a thing is looked for, in bytes. They keep the time
// linear where nothing closes.
const (
	maxValue  = 300
	maxHref   = 2048
	maxParens = 8 // one inside the other, in an address
)

// SafeHref reports whether an address may stand behind a link: https, http and
// mailto only, since any other scheme could run something in a reader's browser.
func SafeHref(s string) bool {
	if s == "" || len(s) > maxHref || strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r == 0x7f || r == '<' || r == '>' || r == '"' || r == '\\' || r == utf8.RuneError || unicode.Is(unicode.Cf, r) || unicode.IsSpace(r)
	}) {
		return false
	}
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return u.Host != "" && u.User == nil
	case "mailto":
		return strings.Contains(u.Opaque, "@")
	}
	return false
}

// piece is an inline, or a run of marks that may begin or end emphasis.
type piece struct {
	Inline
	mark       byte // '*' or '_' of a run, else 0
	count      int  // marks not yet used
	whole      int  // marks of the whole run
	canOpen    bool
	canClose   bool
	prev, next int // neighbouring runs still in play
}

// inliner reads the inlines of one block.
type inliner struct {
	src    string
	line   int
	link   bool // inside the words of a link, where no other may begin
	match  []int32
	text   strings.Builder
	at     int // line at which text began
	pieces []piece
}

func parseInlines(src string, no int) []Inline {
	src = strings.TrimRightFunc(src, unicode.IsSpace)
	in := inliner{src: src, line: no, match: brackets(src)}
	return in.parse(0, len(src))
}

// brackets returns for each '[' the place of its ']', and 0 for those without.
func brackets(src string) []int32 {
	if !strings.Contains(src, "[") {
		return nil
	}
	match := make([]int32, len(src))
	var open []int32
	for i := 0; i < len(src); i++ {
		switch src[i] {
		case '\\':
			i++
		case '[':
			open = append(open, int32(i))
		case ']':
			if len(open) > 0 {
				match[open[len(open)-1]] = int32(i)
				open = open[:len(open)-1]
			}
		}
	}
	return match
}

func punctuation(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }

func escapable(c byte) bool {
	return c > ' ' && c < 0x7f && !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z')
}

func (p *inliner) put(s string) {
	if p.text.Len() == 0 {
		p.at = p.line
	}
	p.text.WriteString(s)
}

func (p *inliner) flush() {
	if p.text.Len() > 0 {
		p.pieces = append(p.pieces, piece{Inline: Inline{Kind: InText, Text: p.text.String(), Line: p.at}})
		p.text.Reset()
	}
}

func (p *inliner) add(in Inline) {
	p.flush()
	in.Line = p.line
	p.pieces = append(p.pieces, piece{Inline: in})
}

// parse reads src[i:end].
func (p *inliner) parse(i, end int) []Inline {
	src := p.src
	for i < end {
		c := src[i]
		switch c {
		case '\\':
			switch {
			case i+1 < end && src[i+1] == '\n':
				p.breakLine()
				i += 2
			case i+1 < end && escapable(src[i+1]):
				p.put(src[i+1 : i+2])
				i += 2
			default:
				p.put(`\`)
				i++
			}
			continue
		case '\n':
			words := p.text.String()
			if bare := strings.TrimRight(words, " \t"); bare != words {
				p.text.Reset()
				p.text.WriteString(bare)
				if strings.HasSuffix(words, "  ") {
					p.breakLine()
					i++
					continue
				}
			}
			p.put(" ")
			p.flush()
			p.line++
			i++
			continue
		case '*', '_':
			i = p.run(i, end)
			continue
		case '[':
			if next := p.bracket(i, end); next > i {
				i = next
				continue
			}
		case '{':
			if next := p.value(i, end); next > i {
				i = next
				continue
			}
		case '<':
			if next := p.pointed(i, end); next > i {
				i = next
				continue
			}
		case 'h':
			if next := p.bare(i, end); next > i {
				i = next
				continue
			}
		}
		n := 1
		for i+n < end && !strings.ContainsRune("\\\n*_[{<h", rune(src[i+n])) {
			n++
		}
		p.put(src[i : i+n])
		i += n
	}
	p.flush()
	return p.emphasise()
}

func (p *inliner) breakLine() {
	p.add(Inline{Kind: InBreak})
	p.line++
}

// skip moves the line on over what was read as one thing.
func (p *inliner) skip(from, to int) int {
	p.line += strings.Count(p.src[from:to], "\n")
	return to
}

// run reads a run of emphasis marks by the rules of CommonMark.
func (p *inliner) run(i, end int) int {
	mark, n := p.src[i], 1
	for i+n < end && p.src[i+n] == mark {
		n++
	}
	before, _ := utf8.DecodeLastRuneInString(p.src[:i])
	after, _ := utf8.DecodeRuneInString(p.src[i+n : end])
	if i == 0 {
		before = ' '
	}
	if i+n == end {
		after = ' '
	}
	spaceBefore, spaceAfter := unicode.IsSpace(before), unicode.IsSpace(after)
	punctBefore, punctAfter := punctuation(before), punctuation(after)
	left := !spaceAfter && (!punctAfter || spaceBefore || punctBefore)
	right := !spaceBefore && (!punctBefore || spaceAfter || punctAfter)
	d := piece{mark: mark, count: n, whole: n, canOpen: left, canClose: right}
	if mark == '_' {
		d.canOpen = left && (!right || punctBefore)
		d.canClose = right && (!left || punctAfter)
	}
	p.flush()
	d.Inline = Inline{Kind: InText, Line: p.line}
	p.pieces = append(p.pieces, d)
	return i + n
}

// bracket reads citations, a note or a link, and returns where it ends; i when
// it is none.
func (p *inliner) bracket(i, end int) int {
	if p.match == nil {
		return i
	}
	j := int(p.match[i])
	if j == 0 || j >= end {
		return i
	}
	words := p.src[i+1 : j]
	switch {
	case p.link:
		return i
	case strings.HasPrefix(strings.TrimLeft(words, " \u200e\u200f\u2066\u2067\u2068"), "@"):
		cites := parseCitations(words, p.line)
		if len(cites) == 0 {
			return i
		}
		p.add(Inline{Kind: InCite, Cites: cites})
		return p.skip(i, j+1)
	case strings.HasPrefix(words, "^"):
		note := tidySpaces(unescape(words[1:]))
		if note == "" {
			return i
		}
		p.add(Inline{Kind: InNote, Text: note})
		return p.skip(i, j+1)
	case j+1 < end && p.src[j+1] == '(':
		href, after := destination(p.src[j+2 : min(end, j+2+maxHref+200)])
		if after == 0 || !SafeHref(href) || blank(words) {
			return i
		}
		p.flush()
		inner := inliner{src: p.src, line: p.line, link: true, match: p.match}
		for _, in := range inner.parse(i+1, j) {
			if in.Kind == InText || in.Kind == InBreak {
				in.Href = href
			}
			p.pieces = append(p.pieces, piece{Inline: in})
		}
		return p.skip(i, j+2+after)
	}
	return i
}

// destination reads an address up to the closing bracket of a link, passing over
// a title, and returns how long that was; 0 when it is none.
func destination(s string) (href string, length int) {
	rest := strings.TrimLeft(s, " ")
	if strings.HasPrefix(rest, "<") {
		i := strings.IndexAny(rest, ">\n")
		if i < 0 || rest[i] == '\n' {
			return "", 0
		}
		href, rest = rest[1:i], rest[i+1:]
	} else {
		depth, i := 0, 0
	scan:
		for ; i < len(rest); i++ {
			switch rest[i] {
			case ' ', '\n', '\t':
				break scan
			case '(':
				if depth++; depth > maxParens {
					return "", 0
				}
			case ')':
				if depth == 0 {
					break scan
				}
				depth--
			}
		}
		href, rest = rest[:i], rest[i:]
	}
	rest = strings.TrimLeft(rest, " ")
	if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
		i := strings.IndexByte(rest[1:], rest[0])
		if i < 0 {
			return "", 0
		}
		rest = strings.TrimLeft(rest[i+2:], " ")
	}
	if !strings.HasPrefix(rest, ")") {
		return "", 0
	}
	return href, len(s) - len(rest) + 1
}

// value reads a number that is printed from the register.
func (p *inliner) value(i, end int) int {
	window := p.src[i+1 : min(end, i+1+maxValue)]
	if !strings.HasPrefix(strings.TrimLeft(window, " \u200e\u200f\u2066\u2067\u2068"), "@") {
		return i
	}
	j := strings.IndexByte(window, '}')
	if j < 0 {
		return i
	}
	p.add(Inline{Kind: InValue, Cites: []Citation{parseValue(window[:j], p.line)}})
	return p.skip(i, i+1+j+1)
}

// pointed reads an address between < and >.
func (p *inliner) pointed(i, end int) int {
	window := p.src[i+1 : min(end, i+2+maxHref)]
	j := strings.IndexAny(window, "> \n<")
	if p.link || j < 0 || window[j] != '>' || !SafeHref(window[:j]) {
		return i
	}
	p.add(Inline{Kind: InText, Text: strings.TrimPrefix(window[:j], "mailto:"), Href: window[:j]})
	return i + j + 2
}

// bare reads an address that stands in the text as it is. Punctuation at its end
// belongs to the sentence.
func (p *inliner) bare(i, end int) int {
	window := p.src[i:min(end, i+maxHref)]
	if p.link || !strings.HasPrefix(window, "https://") && !strings.HasPrefix(window, "http://") {
		return i
	}
	if before, _ := utf8.DecodeLastRuneInString(p.src[:i]); i > 0 && (unicode.IsLetter(before) || unicode.IsDigit(before)) {
		return i
	}
	j := strings.IndexFunc(window, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(`<>"[]{}|\^`+"`", r) || unicode.Is(unicode.Quotation_Mark, r) && r != '\'' || unicode.Is(unicode.Cf, r)
	})
	if j < 0 {
		j = len(window)
	}
	href := window[:j]
	for href != "" {
		r, size := utf8.DecodeLastRuneInString(href)
		if !strings.ContainsRune(".,;:!?'*_)،؛؟۔", r) || r == ')' && strings.Count(href, "(") >= strings.Count(href, ")") {
			break
		}
		href = href[:len(href)-size]
	}
	if !SafeHref(href) {
		return i
	}
	p.add(Inline{Kind: InText, Text: href, Href: href})
	return i + len(href)
}

func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && escapable(s[i+1]) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func tidySpaces(s string) string { return strings.Join(strings.Fields(s), " ") }

// emphasise pairs the runs of marks and returns the inlines with their styles.
// Each run is looked at again only while it gives marks away, and a search that
// failed is not made twice, so that the time is linear.
func (p *inliner) emphasise() []Inline {
	ps := p.pieces
	em, strong := make([]int, len(ps)+1), make([]int, len(ps)+1)
	last := -1
	for i := range ps {
		if ps[i].mark == 0 {
			continue
		}
		ps[i].prev, ps[i].next = last, -1
		if last >= 0 {
			ps[last].next = i
		}
		last = i
	}
	first := -1
	for i := range ps {
		if ps[i].mark != 0 {
			first = i
			break
		}
	}
	drop := func(i int) {
		if ps[i].prev >= 0 {
			ps[ps[i].prev].next = ps[i].next
		}
		if ps[i].next >= 0 {
			ps[ps[i].next].prev = ps[i].prev
		}
	}
	// Where the search for an opener may stop, by mark, length and kind of closer.
	bottom := map[[3]int]int{}
	for closer := first; closer >= 0; {
		c := &ps[closer]
		if !c.canClose {
			closer = c.next
			continue
		}
		kind := [3]int{int(c.mark), c.whole % 3, 0}
		if c.canOpen {
			kind[2] = 1
		}
		stop, stopped := bottom[kind]
		opener := c.prev
		for ; opener >= 0 && (!stopped || opener > stop); opener = ps[opener].prev {
			o := &ps[opener]
			if o.mark != c.mark || !o.canOpen {
				continue
			}
			if (o.canClose || c.canOpen) && (o.whole+c.whole)%3 == 0 && (o.whole%3 != 0 || c.whole%3 != 0) {
				continue
			}
			break
		}
		if opener < 0 || stopped && opener <= stop {
			bottom[kind] = c.prev
			next := c.next
			if !c.canOpen {
				drop(closer)
			}
			closer = next
			continue
		}
		o := &ps[opener]
		if o.count >= 2 && c.count >= 2 {
			o.count, c.count = o.count-2, c.count-2
			strong[opener+1]++
			strong[closer]--
		} else {
			o.count, c.count = o.count-1, c.count-1
			em[opener+1]++
			em[closer]--
		}
		o.next, c.prev = closer, opener // the runs between stay text
		if o.count == 0 {
			drop(opener)
		}
		if c.count == 0 {
			next := c.next
			drop(closer)
			closer = next
		}
	}
	var out []Inline
	var words strings.Builder // of the last inline, while it grows
	inEm, inStrong := 0, 0
	for i := range ps {
		inEm, inStrong = inEm+em[i], inStrong+strong[i]
		in := ps[i].Inline
		if ps[i].mark != 0 {
			if ps[i].count == 0 {
				continue
			}
			in.Text = strings.Repeat(string(ps[i].mark), ps[i].count)
		}
		n := len(out) - 1
		if in.Kind == InText {
			in.Em, in.Strong = in.Em || inEm > 0, in.Strong || inStrong > 0
			if n >= 0 && out[n].Kind == InText && out[n].Line == in.Line && out[n].Em == in.Em && out[n].Strong == in.Strong && out[n].Href == in.Href {
				words.WriteString(in.Text)
				continue
			}
		}
		if n >= 0 && out[n].Kind == InText {
			out[n].Text = words.String()
		}
		words.Reset()
		words.WriteString(in.Text)
		out = append(out, in)
	}
	if n := len(out) - 1; n >= 0 && out[n].Kind == InText {
		out[n].Text = words.String()
	}
	return out
}
