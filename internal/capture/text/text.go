// Package text takes the readable text out of documents: HTML, DOCX, PDF and plain
// text. It treats every document as hostile: sizes, nesting, time and memory are
// bounded, and a document that cannot be read gives an error, never a crash.
//
// # Isolation
//
// Parsers of binary formats can be driven into exhausting the stack or the memory,
// which no Go program survives. A program that calls [ServeIfChild] first thing in
// main therefore extracts in a child process of its own with limited memory and
// time. Without that call extraction runs in the calling process, with panics and
// slow reads turned into errors, which is enough for documents one trusts.
package text

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Kind names the format a document turned out to have.
type Kind string

// The formats Extract reads.
const (
	HTML  Kind = "html"
	DOCX  Kind = "docx"
	PDF   Kind = "pdf"
	Plain Kind = "text"
)

// Document is what Extract finds.
type Document struct {
	Kind Kind
	// Title is the title the document declares for itself; often empty.
	Title string
	// Language is the BCP 47 tag the document declares; empty if it declares none.
	Language string
	// Encoding names the character encoding of HTML and plain text.
	Encoding string
	// Text is the readable text in Unicode normalisation form C. Paragraphs are
	// separated by one blank line; a single line feed is a line break within one.
	Text string
	// Pages gives, for PDF, the position in Text, in code points, at which each
	// page starts. A page without text starts where the next one does.
	Pages []int
	// Problems lists what could not be read.
	Problems []Note
}

// Note is something that could not be read of a document, as a key of the catalogue and
// its parameters: the person importing reads it in their own language.
type Note struct {
	Key  string
	Args map[string]string
}

// Limits bounds what one document may cost. Zero fields take the defaults given.
type Limits struct {
	MaxBytes   int64         // size of the document: 64 MiB
	MaxInflate int64         // bytes unpacked from it: 512 MiB
	MaxText    int64         // bytes of text: 32 MiB
	MaxEntries int           // parts of an archive: 10,000
	MaxDepth   int           // nesting of elements: 256
	MaxPages   int           // 5,000
	MaxRatio   int64         // unpacked ÷ packed size of an archive, beyond 64 MiB: 500
	MaxMemory  int64         // memory of the child process: 1 GiB
	Timeout    time.Duration // 60 s
}

func (l Limits) withDefaults() Limits {
	l.MaxBytes = orDefault(l.MaxBytes, 64<<20)
	l.MaxInflate = orDefault(l.MaxInflate, 512<<20)
	l.MaxText = orDefault(l.MaxText, 32<<20)
	l.MaxEntries = orDefault(l.MaxEntries, 10_000)
	l.MaxDepth = orDefault(l.MaxDepth, 256)
	l.MaxPages = orDefault(l.MaxPages, 5_000)
	l.MaxRatio = orDefault(l.MaxRatio, 500)
	l.MaxMemory = orDefault(l.MaxMemory, 1<<30)
	l.Timeout = orDefault(l.Timeout, 60*time.Second)
	return l
}

func orDefault[T int | int64 | time.Duration](v, d T) T {
	if v <= 0 {
		return d
	}
	return v
}

var (
	// ErrTooLarge is wrapped by errors about documents that exceed a limit.
	ErrTooLarge = errors.New("document exceeds a limit")
	// ErrUnsupported is wrapped by errors about formats that are not read.
	ErrUnsupported = errors.New("format is not read")
	// ErrDamaged is wrapped by errors about documents that cannot be read
	// although their format is.
	ErrDamaged = errors.New("document is damaged or malformed")
	// ErrTimeout is wrapped when reading a document took too long.
	ErrTimeout = errors.New("document takes too long to read")
)

// Extract reads the document r of size bytes. name is used in messages and, for
// plain text, to tell HTML fragments from text; the content decides the format.
// Errors wrap ErrTooLarge, ErrUnsupported, ErrDamaged or ErrTimeout, or come from r.
func Extract(name string, r io.ReaderAt, size int64, limits Limits) (Document, error) {
	limits = limits.withDefaults()
	if size > limits.MaxBytes {
		return Document{}, tooLarge(name, size, limits)
	}
	doc, err := run(name, r, size, limits)
	if err != nil {
		return Document{}, fmt.Errorf("%s: %w", name, err)
	}
	return doc, nil
}

// tooLarge is told of a document whose bytes are too many.
func tooLarge(name string, size int64, limits Limits) error {
	return tell(fmt.Errorf("%s is %s, at most %s are read: %w", name, bytesText(size), bytesText(limits.MaxBytes), ErrTooLarge),
		"size", "size", megabytes(size), "most", megabytes(limits.MaxBytes))
}

// tooSlow is told of a document that took longer than it may.
func tooSlow(limits Limits) error {
	return tell(fmt.Errorf("%w (more than %v)", ErrTimeout, limits.Timeout), "slow", "seconds", strconv.Itoa(int(limits.Timeout.Seconds())))
}

// run chooses between the child process and this one.
func run(name string, r io.ReaderAt, size int64, limits Limits) (Document, error) {
	if child != "" {
		return extractInChild(name, r, size, limits)
	}
	return extractGuarded(name, r, size, limits)
}

// extractGuarded extracts in this process, with a deadline on reads and panics
// turned into errors.
func extractGuarded(name string, r io.ReaderAt, size int64, limits Limits) (Document, error) {
	type result struct {
		doc Document
		err error
	}
	done := make(chan result, 1)
	timer := time.NewTimer(limits.Timeout)
	defer timer.Stop()
	guard := &guardedReader{r: r, left: limits.MaxInflate + 16*size, stop: make(chan struct{})}
	go func() {
		defer func() {
			if x := recover(); x != nil {
				done <- result{err: fmt.Errorf("%w (%v)", ErrDamaged, x)}
			}
		}()
		doc, err := extract(name, guard, size, limits)
		if err != nil && guard.left < 0 {
			err = errCircles // parsers may not pass the reader's error on
		}
		done <- result{doc, err}
	}()
	select {
	case res := <-done:
		return res.doc, res.err
	case <-timer.C:
		close(guard.stop)
		return Document{}, tooSlow(limits)
	}
}

var errCircles = tell(fmt.Errorf("the document refers to itself in circles: %w", ErrTooLarge), "circles")

// guardedReader stops a parser that reads in circles.
type guardedReader struct {
	r    io.ReaderAt
	left int64
	stop chan struct{}
}

func (g *guardedReader) ReadAt(p []byte, off int64) (int, error) {
	select {
	case <-g.stop:
		return 0, ErrTimeout
	default:
	}
	if off < 0 {
		return 0, fmt.Errorf("position before the start: %w", ErrDamaged)
	}
	n, err := g.r.ReadAt(p, off)
	if g.left -= int64(n) + 1; g.left < 0 {
		return 0, errCircles
	}
	return n, err
}

func extract(name string, r io.ReaderAt, size int64, limits Limits) (doc Document, err error) {
	head := make([]byte, min(size, 4096))
	if n, err := r.ReadAt(head, 0); n < len(head) && err != nil {
		return doc, err
	}
	kind, looks, note := sniff(head, name)
	switch kind {
	case PDF:
		doc, err = extractPDF(r, size, limits)
	case DOCX:
		doc, err = extractDOCX(r, size, limits)
	case HTML, Plain:
		data := make([]byte, size)
		if n, err := r.ReadAt(data, 0); int64(n) < size {
			return doc, err
		}
		if kind == HTML {
			doc, err = extractHTML(data, limits)
		} else {
			doc, err = extractPlain(data)
		}
	default:
		return doc, tell(fmt.Errorf("this looks like %s; HTML, DOCX, PDF and plain text are read: %w", looks, ErrUnsupported), note)
	}
	if err != nil {
		return Document{}, err
	}
	doc.Kind = kind
	doc.Title = norm.NFC.String(strings.Join(strings.Fields(doc.Title), " "))
	if int64(len(doc.Text)) > limits.MaxText {
		return Document{}, tell(fmt.Errorf("the text is longer than %s: %w", bytesText(limits.MaxText), ErrTooLarge), "text", "most", megabytes(limits.MaxText))
	}
	return doc, nil
}

// sniff tells the format from the first bytes; looks describes formats
// not read, note is what to say of them.
func sniff(head []byte, name string) (kind Kind, looks, note string) {
	switch {
	case len(head) == 0:
		return "", "an empty file", "empty"
	case bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")):
		return PDF, "", ""
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return DOCX, "", "" // extractDOCX refuses other archives
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return "", "an Office document of an old format (save it as DOCX or PDF)", "old_office"
	case bytes.HasPrefix(head, []byte("{\\rtf")):
		return "", "a rich-text document (save it as DOCX or PDF)", "rtf"
	}
	mime, _, _ := strings.Cut(http.DetectContentType(head), ";")
	lower := strings.ToLower(name)
	switch {
	case mime == "text/html", mime == "text/xml" && bytes.Contains(bytes.ToLower(head), []byte("<html")),
		strings.HasPrefix(mime, "text/") && (strings.HasSuffix(lower, ".html") || strings.HasSuffix(lower, ".htm") || strings.HasSuffix(lower, ".xhtml")):
		return HTML, "", ""
	case mime == "text/plain", mime == "text/xml":
		return Plain, "", ""
	case strings.HasPrefix(mime, "image/"):
		return "", "a picture (" + mime + ")", "picture"
	case strings.HasPrefix(mime, "audio/"), strings.HasPrefix(mime, "video/"):
		return "", "a sound or film file (" + mime + ")", "sound"
	case mime == "application/x-gzip":
		return "", "a gzip-compressed file", "gzip"
	}
	return "", "binary data of an unknown format", "unsupported"
}

// paragraphs collects text in the form Document.Text has.
type paragraphs struct {
	b     strings.Builder
	para  strings.Builder
	limit int64
}

var errTextLimit = fmt.Errorf("the text is longer than allowed: %w", ErrTooLarge)

func (p *paragraphs) full() bool { return int64(p.b.Len()+p.para.Len()) > p.limit }

// write adds text to the paragraph in progress as it stands.
func (p *paragraphs) write(s string) { p.para.WriteString(s) }

// flow adds text in which any white space counts as one space.
func (p *paragraphs) flow(s string) {
	for i, f := range strings.FieldsFunc(s, flowSpace) {
		if i > 0 || startsSpace(s) {
			p.space()
		}
		p.para.WriteString(f)
	}
	if endsSpace(s) {
		p.space()
	}
}

// flowSpace is HTML's white space; no-break spaces and joiners are text.
func flowSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' }

func startsSpace(s string) bool { return s != "" && flowSpace(rune(s[0])) }
func endsSpace(s string) bool   { return s != "" && flowSpace(rune(s[len(s)-1])) }

// space adds one space unless there is white space already.
func (p *paragraphs) space() {
	if s := p.para.String(); s != "" && !endsSpace(s) {
		p.para.WriteByte(' ')
	}
}

// end closes the paragraph in progress.
func (p *paragraphs) end() {
	s := p.para.String()
	p.para.Reset()
	lines := strings.Split(s, "\n")
	kept := lines[:0]
	for _, l := range lines {
		l = strings.Trim(l, " \t\r\f")
		if l != "" {
			kept = append(kept, l)
		}
	}
	if len(kept) == 0 {
		return
	}
	if p.b.Len() > 0 {
		p.b.WriteString("\n\n")
	}
	p.b.WriteString(norm.NFC.String(strings.ToValidUTF8(strings.Join(kept, "\n"), "\uFFFD")))
}

// codePoints counts what String will return, were the next paragraph to begin now.
func (p *paragraphs) nextStart() int {
	n := utf8.RuneCountInString(p.b.String())
	if n > 0 {
		n += 2
	}
	return n
}

func (p *paragraphs) String() string {
	p.end()
	return p.b.String()
}

func bytesText(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
