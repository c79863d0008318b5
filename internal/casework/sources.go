package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"path"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/capture/text"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// MaxCapture is the size of one preserved copy in bytes; MaxText that of a
// document whose text is taken out of it.
const (
	MaxCapture = 1 << 30
	maxText    = 64 << 20
)

// pageBreak stands in a capture's text where a page begins, after the first: a
// form feed, as programs that print text files use it.
const pageBreak = '\f'

// AddCapture keeps a copy of a source: the bytes, and the text in them where the
// format is read. name is the file's name as it came, media what the sender says
// it is, which counts only where the bytes do not say better. A copy that the
// source has already is returned as it is.
//
// A document that cannot be read is kept all the same, without text.
func (h *House) AddCapture(ctx context.Context, v access.Viewer, source record.SourceID, name, media string, r io.Reader) (record.CaptureID, error) {
	if err := require(v, access.ActEnter); err != nil {
		return "", err
	}
	// Asked before anything is written: bytes for a source that the viewer may not
	// add to are not even kept.
	err := h.view(ctx, func(r *store.Reader) error {
		_, err := store.One[*record.Source](ctx, r, v, source)
		return err
	})
	if err != nil {
		return "", err
	}
	kept, err := h.keepDocument(ctx, name, media, r)
	if err != nil {
		return "", err
	}
	var id record.CaptureID
	err = h.do(ctx, v, access.ActEnter, "add capture", "", func(w *Work) error {
		// Again, in the transaction that counts.
		if _, err := store.One[*record.Source](ctx, &w.tx.Reader, v, source); err != nil {
			return err
		}
		var err error
		id, err = w.capture(source, kept, record.CaptureUpload)
		return err
	})
	return id, err
}

// document is a kept original with what was read from it.
type document struct {
	hash, name, media, textHash string
	size                        int64
	text.Document
	// unread is why there is no text, nil when there is some.
	unread error
}

// keepDocument puts the bytes and the text in the blob store.
func (h *House) keepDocument(ctx context.Context, name, media string, r io.Reader) (*document, error) {
	d := &document{name: cleanName(name), media: cleanMedia(media)}
	var err error
	if d.hash, d.size, err = h.blobs.Put(ctx, r, MaxCapture); err != nil {
		return nil, err
	}
	if d.size > maxText {
		d.unread = fmt.Errorf("larger than %d MiB: %w", maxText>>20, text.ErrTooLarge)
		return d, nil
	}
	f, _, err := h.blobs.Get(d.hash)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if d.Document, err = text.Extract(d.name, &at{file: f}, d.size, text.Limits{}); err != nil {
		if !unreadable(err) {
			return nil, fmt.Errorf("read the text of %s: %w", d.name, err)
		}
		h.log.Info("a document has no readable text", "hash", d.hash, "reason", err)
		d.unread = err
		return d, nil
	}
	return d, h.keepText(ctx, d)
}

// at reads an original at any place, one reader at a time, wherever originals
// are kept.
type at struct {
	mu   sync.Mutex
	file io.ReadSeeker
}

func (a *at) ReadAt(p []byte, off int64) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, err := a.file.Seek(off, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(a.file, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

// unreadable reports whether an error is about the document and not about us.
func unreadable(err error) bool {
	for _, e := range []error{text.ErrUnsupported, text.ErrDamaged, text.ErrTooLarge, text.ErrTimeout} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

func (h *House) keepText(ctx context.Context, d *document) error {
	switch d.Kind {
	case text.HTML:
		d.media = "text/html"
	case text.DOCX:
		d.media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case text.PDF:
		d.media = "application/pdf"
	case text.Plain:
		d.media = "text/plain"
	}
	paged := withPages(d.Text, d.Pages)
	if strings.TrimSpace(paged) == "" {
		return nil
	}
	var err error
	d.textHash, _, err = h.blobs.Put(ctx, strings.NewReader(paged), -1)
	return err
}

// withPages writes a page break before every page but the first, also before
// those without text, so that the nth page can be found again.
func withPages(s string, pages []int) string {
	if len(pages) < 2 {
		return s
	}
	var b strings.Builder
	next, at := 1, 0
	for _, r := range s {
		for next < len(pages) && pages[next] <= at {
			b.WriteRune(pageBreak)
			next++
		}
		b.WriteRune(r)
		at++
	}
	for ; next < len(pages); next++ {
		b.WriteRune(pageBreak)
	}
	return b.String()
}

// pagesOf returns the positions, in code points, at which the pages of a
// capture's text begin; nil when it has none.
func pagesOf(s string) []int {
	var pages []int
	at := 0
	for _, r := range s {
		if r == pageBreak {
			if pages == nil {
				pages = []int{0}
			}
			pages = append(pages, at+1)
		}
		at++
	}
	return pages
}

// cleanName keeps the last part of a file's name, without anything that a later
// header or page could take for more than a name.
func cleanName(s string) string {
	s = path.Base(strings.ReplaceAll(strings.ToValidUTF8(s, ""), `\`, "/"))
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '"' {
			return -1
		}
		return r
	}, s)
	if s == "." || s == "/" || s == ".." {
		return ""
	}
	for len(s) > 255 {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}

func cleanMedia(s string) string {
	media, _, err := mime.ParseMediaType(s)
	if err != nil || len(media) > 100 {
		return "application/octet-stream"
	}
	return media
}

// capture writes the record of a kept original, or finds the one there is.
func (w *Work) capture(source record.SourceID, d *document, method record.CaptureMethod) (record.CaptureID, error) {
	held, err := w.tx.CapturesOf(w.ctx, access.House(), source)
	if err != nil {
		return "", err
	}
	for _, c := range held {
		if c.Rec.Hash == d.hash {
			return c.Rec.ID, nil
		}
	}
	id, err := w.random.id(w.house.now())
	if err != nil {
		return "", err
	}
	c := &record.Capture{
		ID: record.CaptureID(id), Source: source, Hash: d.hash, Size: d.size, Media: d.media, Name: d.name, TextHash: d.textHash,
		Taken: w.at, Method: method, By: w.viewer.User, Visibility: record.Internal,
	}
	return c.ID, w.Create(c)
}

// CaptureText is a preserved copy with the text that passages count their
// positions in. Pages holds the position, in code points, at which each page
// begins; nil for a text without pages.
type CaptureText struct {
	Capture store.Item[*record.Capture]
	Source  *record.Source
	Text    string
	Pages   []int
}

// CaptureText returns a copy's text for the viewer. A copy without readable text
// has an empty one.
func (h *House) CaptureText(ctx context.Context, v access.Viewer, id record.CaptureID) (CaptureText, error) {
	var out CaptureText
	err := h.view(ctx, func(r *store.Reader) error {
		item, err := store.One[*record.Capture](ctx, r, v, id)
		if err != nil {
			return err
		}
		s, err := store.One[*record.Source](ctx, r, v, item.Rec.Source)
		if err != nil {
			return err
		}
		out.Capture, out.Source = item, s.Rec
		return nil
	})
	if err != nil || out.Capture.Rec.TextHash == "" {
		return out, err
	}
	b, err := h.readBlob(out.Capture.Rec.TextHash)
	if err != nil {
		return CaptureText{}, err
	}
	out.Text = string(b)
	out.Pages = pagesOf(out.Text)
	return out, nil
}

func (h *House) readBlob(hash string) ([]byte, error) {
	f, _, err := h.blobs.Get(hash)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("read an original: %w", err)
	}
	return b, nil
}

// Original is an opened preserved copy. The caller closes File, and serves it as
// a download: it is somebody else's file and may hold anything.
type Original struct {
	Capture *record.Capture
	File    io.ReadSeekCloser
	Size    int64 // bytes
}

// OpenOriginal opens the bytes with a hash, if a copy with them is for the
// viewer.
func (h *House) OpenOriginal(ctx context.Context, v access.Viewer, hash string) (Original, error) {
	var out Original
	err := h.view(ctx, func(r *store.Reader) error {
		found, err := r.CapturesBy(ctx, v, hash)
		if err != nil {
			return err
		}
		for _, c := range found {
			if c.Rec.Hash == hash {
				out.Capture = c.Rec
				return nil
			}
		}
		return fmt.Errorf("original %.12q: %w", hash, record.ErrNotFound)
	})
	if err != nil {
		return Original{}, err
	}
	out.File, out.Size, err = h.blobs.Get(hash)
	return out, err
}

// DocumentOptions are the questions to whoever takes in documents.
type DocumentOptions struct {
	// Name is what a single document is called, empty for the name it has where it
	// lies.
	Name string
	// Type and Terms are those of the sources made; their zero values are document
	// and free.
	Type      record.SourceType
	Terms     record.Terms
	Publisher string
	DryRun    bool
	// Progress is called with each file's name once it is done. It may be nil.
	Progress func(done int, name string)
	// Problem is called for every problem as it is found. It may be nil.
	Problem func(exchange.Problem)
}

// ImportDocuments takes the documents of a folder or ZIP archive, or a single
// one, in as draft sources, each with its copy and its text. A document that is held already is
// left alone, so an interrupted import goes on where it stopped when it is run
// again. One that cannot be read is refused and listed, and holds up no other.
// In the report a row is a file and a problem's column its name.
func (h *House) ImportDocuments(ctx context.Context, v access.Viewer, location string, o DocumentOptions) (*ImportReport, error) {
	if err := require(v, access.ActImport); err != nil {
		return nil, err
	}
	if o.Type == "" {
		o.Type = record.TypeDocument
	}
	if o.Terms == "" {
		o.Terms = record.TermsFree
	}
	report := &ImportReport{DryRun: o.DryRun, Problems: []exchange.Problem{}}
	began := h.now()
	problem := func(p exchange.Problem) {
		report.List(p)
		if o.Problem != nil {
			p.Reason = p.In(lang.English().T)
			o.Problem(p)
		}
	}
	defer func() { report.Seconds = h.now().Sub(began).Seconds() }()
	for e, err := range text.Walk(location, o.Name, text.Limits{}) {
		if ctx.Err() != nil {
			return report, ctx.Err()
		}
		if err != nil && e.Path == "" {
			if _, ok := text.NoteOf(err); !ok {
				return report, &unreadError{doing: "read " + path.Base(location), cause: err}
			}
			if e.Path = cleanName(o.Name); e.Path == "" {
				e.Path = path.Base(location)
			}
		}
		report.Rows++
		if err == nil {
			var outcome outcome
			var notes []text.Note
			outcome, notes, err = h.importDocument(ctx, v, e, o)
			for _, n := range notes {
				problem(exchange.Problem{Column: e.Path, Key: n.Key, Args: n.Args})
			}
			switch {
			case err != nil:
			case outcome == unchanged:
				report.Unchanged++
			default:
				report.Created++
			}
		}
		if err != nil {
			if ctx.Err() != nil || errors.Is(err, store.ErrFull) || errors.Is(err, store.ErrBusy) || errors.Is(err, blob.ErrFull) {
				return report, report.ended(err)
			}
			report.Refused++
			problem(h.notTaken(e.Path, err))
		}
		if o.Progress != nil {
			o.Progress(report.Rows, e.Path)
		}
	}
	if report.Rows == 0 {
		problem(exchange.NothingInside())
	}
	return report, nil
}

func (h *House) importDocument(ctx context.Context, v access.Viewer, e text.Entry, o DocumentOptions) (outcome, []text.Note, error) {
	doc, original, err := text.ExtractEntry(e, text.Limits{})
	if err != nil {
		return refused, nil, err
	}
	// Before anything is kept: a copy that was erased is not to be on the disk again.
	sum := sha256.Sum256(original)
	hash, held := hex.EncodeToString(sum[:]), false
	err = h.view(ctx, func(r *store.Reader) error {
		found, err := r.CapturesBy(ctx, access.House(), hash)
		if err != nil || len(found) > 0 {
			held = true
			return err
		}
		struck, err := struckRowsOf(ctx, r)
		if err == nil && struck.file(hash) {
			err = errStruckFile
		}
		return err
	})
	switch {
	case err != nil:
		return refused, nil, err
	case held:
		return unchanged, nil, nil
	case o.DryRun:
		return created, doc.Problems, nil
	}
	d := &document{name: cleanName(e.Path), Document: doc}
	if d.hash, d.size, err = h.blobs.Put(ctx, bytes.NewReader(original), MaxCapture); err != nil {
		return refused, nil, err
	}
	if err := h.keepText(ctx, d); err != nil {
		return refused, nil, err
	}
	done := created
	err = h.do(ctx, v, access.ActImport, "import document", "", func(w *Work) error {
		held, err := w.tx.CapturesBy(ctx, access.House(), d.hash)
		if err != nil {
			return err
		}
		if len(held) > 0 {
			done = unchanged
			return nil
		}
		id, err := w.random.id(h.now())
		if err != nil {
			return err
		}
		s := &record.Source{
			ID: record.SourceID(id), Type: o.Type, Title: record.Plain(language(doc), titleOf(d)), Publisher: o.Publisher, Language: language(doc),
			Locator: clip(e.Path, record.MaxLine), Sensitivity: record.Open, Terms: o.Terms, Visibility: record.Draft,
		}
		if err := w.Create(s); err != nil {
			return err
		}
		_, err = w.capture(s.ID, d, record.CaptureImport)
		return err
	})
	if err != nil {
		return refused, nil, err
	}
	return done, doc.Problems, nil
}

// notTaken is the problem of a document that was not taken in.
func (h *House) notTaken(name string, err error) exchange.Problem {
	p := exchange.Problem{Column: name}
	if note, ok := text.NoteOf(err); ok {
		p.Key = note.Key
		for k, v := range note.Args {
			if p.Args == nil {
				p.Args = map[string]string{}
			}
			p.Args[k] = exchange.Legible(v)
		}
		return p
	}
	if errors.Is(err, errStruckFile) {
		p.Key = exchange.ProblemKeys + "record_erased"
		return p
	}
	if errors.Is(err, fs.ErrPermission) {
		p.Key = exchange.ProblemKeys + "document_permission"
		return p
	}
	h.log.Warn("a document could not be taken in", "reason", err)
	p.Key = exchange.ProblemKeys + "document_unread"
	return p
}

// errStruckFile is told of a document that went with somebody who was erased.
var errStruckFile = errors.New("it was erased in this house and is not brought back")

// language is the tag a document declares, if it has the shape of one: a slip in
// somebody's file is no reason to refuse it.
func language(d text.Document) string {
	for part := range strings.SplitSeq(d.Language, "-") {
		if part == "" || len(part) > 8 || strings.Trim(strings.ToLower(part), "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return ""
		}
	}
	if len(d.Language) > 35 {
		return ""
	}
	return d.Language
}

// titleOf is the title a document gives itself, else its file's name.
func titleOf(d *document) string {
	if t := strings.Join(strings.Fields(d.Title), " "); t != "" {
		return clip(t, record.MaxLine)
	}
	name := strings.TrimSuffix(d.name, path.Ext(d.name))
	if name == "" {
		name = d.hash[:12]
	}
	return name
}

// clip shortens a text to a number of bytes without cutting a character.
func clip(s string, limit int) string {
	for len(s) > limit {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}
