package text

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ledongthuc/pdf"
)

// extractPDF reads the text of a PDF in the order of its content streams. Lines
// and paragraphs are inferred from positions: a new line where the baseline moves,
// a new paragraph where it moves by clearly more than a line.
func extractPDF(r io.ReaderAt, size int64, limits Limits) (doc Document, err error) {
	defer func() {
		if x := recover(); x != nil {
			if e, ok := x.(error); ok && (errors.Is(e, ErrTooLarge) || errors.Is(e, ErrTimeout)) {
				err = e
				return
			}
			err = fmt.Errorf("%w (PDF: %v)", ErrDamaged, x)
		}
	}()
	if err := plausible(r, size); err != nil {
		return doc, err
	}
	file, err := openPDF(r, size)
	if err != nil {
		if errors.Is(err, ErrDamaged) {
			return doc, err
		}
		if errors.Is(err, pdf.ErrInvalidPassword) || strings.Contains(err.Error(), "encrypt") {
			return doc, tell(fmt.Errorf("the PDF is protected by a password; save a copy without: %w", ErrUnsupported), "password")
		}
		if errors.Is(err, ErrTooLarge) || errors.Is(err, ErrTimeout) {
			return doc, err
		}
		return doc, fmt.Errorf("%w (PDF: %v)", ErrDamaged, err)
	}
	root := file.Trailer().Key("Root")
	doc.Title = file.Trailer().Key("Info").Key("Title").Text()
	doc.Language = root.Key("Lang").Text()
	w := pdfWalk{doc: &doc, limits: limits, fonts: map[string]*pdfFont{}}
	w.out.limit = limits.MaxText
	if err := w.pages(root.Key("Pages"), pdf.Value{}, 0); err != nil {
		return doc, err
	}
	w.out.end()
	doc.Text = w.out.String()
	if len(doc.Pages) > 0 && strings.TrimSpace(doc.Text) == "" {
		doc.Problems = append(doc.Problems, Note{Key: "problem.document_pictures"})
	}
	if w.unknown > 0 {
		doc.Problems = append(doc.Problems, Note{"problem.document_characters", map[string]string{"n": strconv.Itoa(w.unknown)}})
	}
	n := utf8.RuneCountInString(doc.Text)
	for i := range doc.Pages {
		doc.Pages[i] = min(doc.Pages[i], n)
	}
	return doc, nil
}

// openPDF opens the file. Where bytes precede the header, producers disagree on
// whether positions count from the header or from the start of the file.
func openPDF(r io.ReaderAt, size int64) (*pdf.Reader, error) {
	start, end, err := frame(r, size)
	if err != nil {
		return nil, err
	}
	open := func(start int64) (*pdf.Reader, error) {
		file, err := pdf.NewReader(&headed{io.NewSectionReader(r, start, end-start)}, end-start)
		if err == nil && start > 0 && file.Trailer().Key("Root").Key("Pages").IsNull() {
			err = fmt.Errorf("%w (PDF: no pages)", ErrDamaged)
		}
		return file, err
	}
	file, err := openSafely(open, start)
	if err != nil && start > 0 {
		if again, err := openSafely(open, 0); err == nil {
			return again, nil
		}
	}
	return file, err
}

// openSafely turns the library's panics into errors, so that a second way can be
// tried.
func openSafely(open func(int64) (*pdf.Reader, error), start int64) (file *pdf.Reader, err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("%w (PDF: %v)", ErrDamaged, x)
		}
	}()
	return open(start)
}

// frame finds the header "%PDF-" and the last "%%EOF", around which real files have
// further bytes.
func frame(r io.ReaderAt, size int64) (start, end int64, err error) {
	head := make([]byte, min(size, 1024))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return 0, 0, err
	}
	start = int64(bytes.Index(head, []byte("%PDF-")))
	if start < 0 {
		return 0, 0, fmt.Errorf("%w (PDF: no header)", ErrDamaged)
	}
	tail := make([]byte, min(size, 64<<10))
	if n, err := r.ReadAt(tail, size-int64(len(tail))); n < len(tail) {
		return 0, 0, err
	}
	end = size
	if i := bytes.LastIndex(tail, []byte("%%EOF")); i >= 0 {
		end = size - int64(len(tail)) + int64(i) + int64(len("%%EOF"))
	}
	if end-start < 128 {
		return 0, 0, fmt.Errorf("%w (PDF: it breaks off)", ErrDamaged)
	}
	return start, end, nil
}

// headed replaces the first line by a header of a version the library knows.
type headed struct{ r io.ReaderAt }

func (h *headed) ReadAt(p []byte, off int64) (int, error) {
	n, err := h.r.ReadAt(p, off)
	const line = "%PDF-1.7\n"
	for i := off; i >= 0 && i < int64(len(line)) && i-off < int64(n); i++ {
		p[i-off] = line[i]
	}
	return n, err
}

// hugeNumber matches the numbers by which a PDF asks for memory: table sizes, row
// widths, object numbers.
var hugeNumber = regexp.MustCompile(`(?:/Size|/Columns|/Index\s*\[|/W\s*\[|xref)\s*(\d{8,})`)

// plausible refuses a file that asks for tables far larger than itself.
func plausible(r io.ReaderAt, size int64) error {
	const step, overlap = 1 << 20, 256
	buf := make([]byte, step+overlap)
	for off := int64(0); off < size; off += step {
		n, err := r.ReadAt(buf, off)
		if n == 0 && err != nil {
			return err
		}
		for _, m := range hugeNumber.FindAllSubmatch(buf[:n], -1) {
			if v, err := strconv.ParseInt(string(m[1]), 10, 64); err != nil || v > size+1<<24 {
				return fmt.Errorf("the PDF asks for a table of %s entries: %w", m[1], ErrTooLarge)
			}
		}
	}
	return nil
}

type pdfWalk struct {
	doc     *Document
	limits  Limits
	out     paragraphs
	nodes   int
	ops     int
	unknown int
	failed  int
	fonts   map[string]*pdfFont
}

// maxOperators bounds the drawing operations of a document.
const maxOperators = 50_000_000

// pages walks the page tree; resources are inherited from above.
func (w *pdfWalk) pages(node, resources pdf.Value, depth int) error {
	if w.nodes++; w.nodes > 4*w.limits.MaxPages || len(w.doc.Pages) >= w.limits.MaxPages {
		return tell(fmt.Errorf("the PDF has more than %d pages: %w", w.limits.MaxPages, ErrTooLarge), "pages", "most", strconv.Itoa(w.limits.MaxPages))
	}
	if depth > 64 {
		return fmt.Errorf("%w (PDF: its page tree is deeper than 64)", ErrDamaged)
	}
	if r := node.Key("Resources"); !r.IsNull() {
		resources = r
	}
	kids := node.Key("Kids")
	if kids.Kind() != pdf.Array {
		w.page(node, resources)
		if w.out.full() {
			return errTextLimit
		}
		return nil
	}
	for i := range kids.Len() {
		if err := w.pages(kids.Index(i), resources, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// page reads one page; what goes wrong in it costs the rest of that page only.
func (w *pdfWalk) page(node, resources pdf.Value) {
	w.out.end()
	w.doc.Pages = append(w.doc.Pages, w.out.nextStart())
	defer func() {
		if x := recover(); x != nil {
			if e, ok := x.(error); ok && (errors.Is(e, ErrTooLarge) || errors.Is(e, ErrTimeout)) {
				panic(x)
			}
			w.out.end()
			if w.failed++; w.failed <= 20 {
				w.doc.Problems = append(w.doc.Problems, Note{"problem.document_page", map[string]string{"page": strconv.Itoa(len(w.doc.Pages))}})
			}
		}
	}()
	contents := node.Key("Contents")
	if k := contents.Kind(); k != pdf.Stream && k != pdf.Array {
		return
	}
	p := pdfPage{walk: w, fonts: map[string]*pdfFont{}}
	p.run(contents, resources, identity, 0)
	w.out.end()
}

// pdfMatrix is a PDF transformation [a b c d e f].
type pdfMatrix [6]float64

var identity = pdfMatrix{1, 0, 0, 1, 0, 0}

// times returns the transformation that applies m, then n.
func (m pdfMatrix) times(n pdfMatrix) pdfMatrix {
	return pdfMatrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// pdfFont keeps what the library would look up in the file for every character.
type pdfFont struct {
	encoding pdf.TextEncoding
	wide     bool // a composite font: widths are not in the simple form
	pairs    bool // every character code has two bytes
	first    int
	widths   []float64
	known    map[string]string
}

func newFont(v pdf.Value) *pdfFont {
	mustEnd(v.Key("ToUnicode"))
	font := pdf.Font{V: v}
	f := &pdfFont{encoding: font.Encoder(), wide: v.Key("Subtype").Name() == "Type0", known: map[string]string{}}
	f.pairs = f.wide && v.Key("Encoding").Name() == "Identity-H"
	if !f.wide {
		f.first, f.widths = font.FirstChar(), font.Widths()
	}
	return f
}

// decode gives the characters of a string; the library searches its tables from
// the start for each.
func (f *pdfFont) decode(raw string) string {
	if f.pairs && len(raw)%2 == 0 && len(raw) > 2 {
		var b strings.Builder
		for i := 0; i < len(raw); i += 2 {
			b.WriteString(f.decode(raw[i : i+2]))
		}
		return b.String()
	}
	if s, ok := f.known[raw]; ok {
		return s
	}
	s := f.encoding.Decode(raw)
	if len(raw) <= 16 && len(f.known) < 1<<16 {
		f.known[raw] = s
	}
	return s
}

// width is the width of a one-byte code in thousandths of the size.
func (f *pdfFont) width(code byte) float64 {
	if i := int(code) - f.first; !f.wide && i >= 0 && i < len(f.widths) && f.widths[i] > 0 {
		return f.widths[i]
	}
	return 500
}

// pdfState is the part of the graphics state that places text.
type pdfState struct {
	ctm                                   pdfMatrix
	font                                  *pdfFont
	size, leading, char, word, horizontal float64
}

// pdfPage interprets the content of one page.
type pdfPage struct {
	walk  *pdfWalk
	fonts map[string]*pdfFont
	// where the last text ended, in page space, and its size
	x, y, height float64
	lead         float64 // distance of the last two lines
	any          bool
}

func (p *pdfPage) run(contents, resources pdf.Value, ctm pdfMatrix, depth int) {
	s := pdfState{ctm: ctm, horizontal: 1, size: 1}
	var saved []pdfState
	tm, line := identity, identity
	next := func(x, y float64) {
		line = pdfMatrix{1, 0, 0, 1, x, y}.times(line)
		tm = line
	}
	mustEnd(contents)
	pdf.Interpret(contents, func(stack *pdf.Stack, op string) {
		if p.walk.ops++; p.walk.ops > maxOperators {
			panic(fmt.Errorf("the PDF has more than %d drawing operations: %w", maxOperators, ErrTooLarge))
		}
		if p.walk.out.full() {
			panic(errTextLimit)
		}
		args := make([]pdf.Value, stack.Len())
		for i := len(args) - 1; i >= 0; i-- {
			args[i] = stack.Pop()
		}
		num := func(i int) float64 {
			if i >= len(args) {
				return 0
			}
			return args[i].Float64()
		}
		last := func() pdf.Value {
			if len(args) == 0 {
				return pdf.Value{}
			}
			return args[len(args)-1]
		}
		switch op {
		case "q":
			if len(saved) < 1000 {
				saved = append(saved, s)
			}
		case "Q":
			if n := len(saved); n > 0 {
				s, saved = saved[n-1], saved[:n-1]
			}
		case "cm":
			s.ctm = pdfMatrix{num(0), num(1), num(2), num(3), num(4), num(5)}.times(s.ctm)
		case "BT":
			tm, line = identity, identity
		case "Tf":
			if len(args) == 2 {
				s.font, s.size = p.font(resources, args[0].Name()), num(1)
			}
		case "TL":
			s.leading = num(0)
		case "Tc":
			s.char = num(0)
		case "Tw":
			s.word = num(0)
		case "Tz":
			s.horizontal = num(0) / 100
		case "Td":
			next(num(0), num(1))
		case "TD":
			s.leading = -num(1)
			next(num(0), num(1))
		case "T*":
			next(0, -s.leading)
		case "Tm":
			line = pdfMatrix{num(0), num(1), num(2), num(3), num(4), num(5)}
			tm = line
		case "\"":
			s.word, s.char = num(0), num(1)
			next(0, -s.leading)
			tm = p.show(&s, tm, last().RawString())
		case "'":
			next(0, -s.leading)
			tm = p.show(&s, tm, last().RawString())
		case "Tj":
			tm = p.show(&s, tm, last().RawString())
		case "TJ":
			list := last()
			for i := range list.Len() {
				if v := list.Index(i); v.Kind() == pdf.String {
					tm = p.show(&s, tm, v.RawString())
				} else {
					tm = pdfMatrix{1, 0, 0, 1, -v.Float64() / 1000 * s.size * s.horizontal, 0}.times(tm)
				}
			}
		case "Do":
			form := resources.Key("XObject").Key(last().Name())
			if depth >= 8 || form.Key("Subtype").Name() != "Form" {
				return
			}
			inner := s.ctm
			if m := form.Key("Matrix"); m.Len() == 6 {
				var f pdfMatrix
				for i := range f {
					f[i] = m.Index(i).Float64()
				}
				inner = f.times(inner)
			}
			own := form.Key("Resources")
			if own.IsNull() {
				own = resources
			}
			outer := p.fonts
			p.fonts = map[string]*pdfFont{}
			p.run(form, own, inner, depth+1)
			p.fonts = outer
		}
	})
}

// mustEnd panics where a stream, or an array of streams, breaks off inside a
// hexadecimal string: the library takes the end of the file for white space there
// and looks for ever for what comes next.
func mustEnd(v pdf.Value) {
	streams := []pdf.Value{v}
	if v.Kind() == pdf.Array {
		streams = streams[:0]
		for i := range v.Len() {
			streams = append(streams, v.Index(i))
		}
	}
	var at hexString
	buf := make([]byte, 4096)
	for _, s := range streams {
		if s.Kind() != pdf.Stream {
			continue
		}
		r := s.Reader()
		for {
			n, err := r.Read(buf)
			for _, c := range buf[:n] {
				at.next(c)
			}
			if err != nil {
				break // what is wrong with it the library says when it comes there
			}
		}
		r.Close()
	}
	if at != (hexString{}) {
		panic(fmt.Errorf("%w (PDF: a stream breaks off inside a string)", ErrDamaged))
	}
}

// hexString is where the library may stand within hexadecimal strings. Every "<" may
// begin one, since what lies before it is not read here; the library gives up at a
// pair of characters that are not both digits.
type hexString struct {
	pairs bool // whole pairs of digits behind "<", or nothing
	digit bool // and the first digit of another
	other bool // and something else, which it will refuse when it has the second
}

func (h *hexString) next(c byte) {
	switch {
	case c == 0, c == '\t', c == '\n', c == '\f', c == '\r', c == ' ':
	case '0' <= c && c <= '9', 'a' <= c && c <= 'f', 'A' <= c && c <= 'F':
		*h = hexString{pairs: h.digit, digit: h.pairs}
	case c == '>':
		*h = hexString{}
	default:
		*h = hexString{pairs: c == '<', other: h.pairs}
	}
}

func (p *pdfPage) font(resources pdf.Value, name string) *pdfFont {
	if f, ok := p.fonts[name]; ok {
		return f
	}
	v := resources.Key("Font").Key(name)
	// Pages share fonts; the text of the dictionary, with its references, tells
	// them apart.
	key := v.String()
	f := p.walk.fonts[key]
	if f == nil {
		f = newFont(v)
		if len(p.walk.fonts) < 1000 && v.Kind() == pdf.Dict {
			p.walk.fonts[key] = f
		}
	}
	p.fonts[name] = f
	return f
}

// show writes a string and returns the text matrix behind it.
func (p *pdfPage) show(s *pdfState, tm pdfMatrix, raw string) pdfMatrix {
	if raw == "" {
		return tm
	}
	decoded := raw
	if s.font != nil {
		decoded = s.font.decode(raw)
	}
	clean := strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError || unicode.Is(unicode.Co, r):
			p.walk.unknown++
			return -1
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case unicode.Is(unicode.Cc, r):
			return -1
		}
		return r
	}, decoded)
	width := s.advance(raw)
	at := pdfMatrix{s.size, 0, 0, s.size, 0, 0}.times(tm).times(s.ctm)
	height := math.Max(math.Hypot(at[2], at[3]), 0.01)
	after := pdfMatrix{1, 0, 0, 1, width, 0}.times(tm)
	end := after.times(s.ctm)
	if clean != "" {
		p.separate(at[4], at[5], height)
		p.walk.out.write(clean)
		p.x, p.y, p.height, p.any = end[4], end[5], height, true
	}
	return after
}

// advance is the width of raw in text space. Widths the font does not give in the
// simple form are taken to be half the size.
func (s *pdfState) advance(raw string) float64 {
	total := 0.0
	step := 1
	if s.font != nil && s.font.wide {
		step = 2
	}
	for i := 0; i < len(raw); i += step {
		w := 500.0
		if s.font != nil && step == 1 {
			w = s.font.width(raw[i])
		}
		total += w/1000*s.size + s.char
		if step == 1 && raw[i] == ' ' {
			total += s.word
		}
	}
	return total * s.horizontal
}

// separate puts a space, line break or paragraph end between the last text and text
// that begins at x, y.
func (p *pdfPage) separate(x, y, height float64) {
	if !p.any {
		return
	}
	drop := p.y - y
	size := math.Max(height, p.height)
	switch {
	case math.Abs(drop) < size*0.5:
		if gap := x - p.x; gap > height*0.2 || gap < -size*2 {
			p.walk.out.space()
		}
	case drop < 0 || drop > size*1.75 && (p.lead == 0 || drop > p.lead*1.2) || p.lead > 0 && drop > p.lead*1.35:
		p.walk.out.end()
		p.lead = 0
	default:
		p.lead = drop
		p.walk.out.write("\n")
	}
}
