// Package table reads tabular files row by row without losing a byte: comma-,
// tab-, semicolon- or bar-separated text, plain or gzip-compressed, and XLSX
// workbooks. It knows nothing of what the columns mean.
//
// # What "lossless" means
//
// For separated text, the bytes of [Reader.Preamble] followed by [Row.Raw] of
// every row, in order, are the (decompressed) file. Every record is delivered,
// also the header, HXL tag rows, blank lines and records that cannot be read;
// [Row.Role] tells them apart and [Row.Refused] marks those whose cells must not
// be used. Cells are the text between the separators exactly as printed: line
// ends inside quoted cells are kept as they are, blanks are not trimmed, and no
// value is taken for a missing one.
//
// # Encodings
//
// A byte order mark decides. Without one, each cell is decoded on its own
// evidence: valid UTF-8 is UTF-8, anything else is decoded byte by byte as
// Windows-1252, whose five unassigned bytes become the control characters of the
// same number, so that every byte has its own character and the same byte is the
// same character throughout the file. The majority in the first buffer, or else
// the first record with a byte beyond ASCII, names the encoding of the file
// ([Reader.Encoding]); later cells that disagree are decoded by their own
// evidence and reported as a [ProblemEncoding] of their row. Nothing is read
// ahead beyond one buffer, so evidence that first appears after a gigabyte is
// treated like any other.
//
// # Memory
//
// Memory is bounded by Options.MaxRecord, not by the size of the file or of a
// cell. A record longer than that is delivered in refused pieces and reading
// resumes at the next line end.
package table

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

// Role says what a row is for.
type Role string

const (
	// RoleHeader is the row that names the columns.
	RoleHeader Role = "header"
	// RoleTags is a row of HXL hashtags directly below the header.
	RoleTags Role = "tags"
	// RoleData is an ordinary row.
	RoleData Role = "data"
	// RoleBlank is an empty line.
	RoleBlank Role = "blank"
	// RoleSeparator is the line "sep=;" that spreadsheet programs put first to
	// announce the separator.
	RoleSeparator Role = "separator"
	// RoleContinuation is a further piece of a record that exceeded
	// Options.MaxRecord. It carries the record number of the first piece.
	RoleContinuation Role = "continuation"
)

// Code names a kind of problem; the values are stable and may be stored.
type Code string

const (
	// ProblemShort: the row has fewer cells than the header.
	ProblemShort Code = "short row"
	// ProblemLong: the row has more cells than the header.
	ProblemLong Code = "long row"
	// ProblemStrayQuote: a quotation mark stands where none may stand. The cell
	// is given as printed, quotation marks included.
	ProblemStrayQuote Code = "stray quote"
	// ProblemOpenQuote: a quoted cell is never closed. The row is refused.
	ProblemOpenQuote Code = "unterminated quote"
	// ProblemEncoding: bytes that do not fit the encoding of the file.
	ProblemEncoding Code = "invalid encoding"
	// ProblemTooLong: the record exceeds Options.MaxRecord. The row is refused.
	ProblemTooLong Code = "record too long"
	// ProblemCell: a workbook cell could not be read.
	ProblemCell Code = "unreadable cell"
)

// Variant tells apart what one code covers, for whoever says it in other words
// than [Problem.Reason]; empty where the code says all.
type Variant string

const (
	// VariantCells: a record is too long by the number of its cells, not its bytes.
	VariantCells Variant = "cells"
	// VariantAfter: text follows a closing quotation mark.
	VariantAfter Variant = "after"
	// VariantHalf: half a character of UTF-16 stands alone.
	VariantHalf Variant = "half"
	// VariantByte: a byte has no character in the encoding of the file.
	VariantByte Variant = "byte"
	// VariantMixed: the cell is in UTF-8, and the file elsewhere is not.
	VariantMixed Variant = "mixed"
)

// Problem is one thing wrong with one row.
type Problem struct {
	Code    Code
	Variant Variant
	// Value is the byte, or the bound, that the problem is about; often empty.
	Value  string
	Line   int64 // physical line, from 1
	Column int   // number of the cell in its row, from 1; 0 if the row as a whole is meant
	Byte   int   // position in the physical line, from 1, in bytes; 0 if not applicable
	Reason string
}

// Error makes a Problem usable as an error.
func (p Problem) Error() string {
	if p.Column > 0 {
		return fmt.Sprintf("line %d, column %d: %s", p.Line, p.Column, p.Reason)
	}
	return fmt.Sprintf("line %d: %s", p.Line, p.Reason)
}

// Row is one record. The Row, its slices and Raw are reused: they are valid until
// the next call of [Reader.Next]. The strings in Cells and Stored stay valid.
type Row struct {
	// Number counts records from 1, header included. For XLSX it is the row
	// number of the sheet.
	Number int64
	// Line is the physical line on which the record starts, from 1. Lines end
	// with LF, or with CR in a file that has no LF. For XLSX it equals Number.
	Line int64
	// Offset and Length locate the record, line end included, in the
	// decompressed file. Offset is -1 and Length 0 for XLSX.
	Offset, Length int64
	// Raw is the record as it stands in the file, line end included; nil for XLSX.
	Raw []byte
	// Cells are the cells as printed. For XLSX they are the values as the
	// workbook's number formats display them, padded to the header's width.
	Cells []string
	// Stored holds, for XLSX only, the values behind the formats (a date's
	// serial number, all digits of a number). Parallel to Cells.
	Stored []string
	// Role says what the row is for.
	Role Role
	// Refused is set when Cells must not be used; Problems says why.
	Refused bool
	// Problems lists everything wrong with the row.
	Problems []Problem
}

// Clone returns a copy that stays valid after the next call of [Reader.Next].
func (r *Row) Clone() *Row {
	c := *r
	c.Raw = append([]byte(nil), r.Raw...)
	c.Cells = append([]string(nil), r.Cells...)
	c.Stored = append([]string(nil), r.Stored...)
	c.Problems = append([]Problem(nil), r.Problems...)
	return &c
}

// Options changes how a file is read. The zero value detects everything.
type Options struct {
	// Name is the file's name; its ending breaks ties of detection and it is
	// used in error messages. Open fills it in.
	Name string
	// Delimiter is the separator; 0 means detect among comma, tab, semicolon, bar.
	Delimiter byte
	// NoHeader says that the first record is data.
	NoHeader bool
	// MaxRecord bounds one record in bytes. 0 means 16 MiB.
	MaxRecord int
	// MaxBytes bounds the decompressed size of compressed input (gzip, XLSX).
	// 0 means 16 GiB for gzip and 4 GiB for XLSX.
	MaxBytes int64
	// MaxRatio bounds decompressed ÷ compressed size once 64 MiB have been
	// decompressed. 0 means 500.
	MaxRatio int64
	// Sheet names the worksheet of a workbook; empty means the first.
	Sheet string
}

const (
	defaultMaxRecord = 16 << 20
	minMaxRecord     = 16
	defaultMaxGzip   = 16 << 30
	defaultMaxXLSX   = 4 << 30
	defaultMaxRatio  = 500
	ratioGrace       = 64 << 20
)

func (o Options) withDefaults() Options {
	if o.MaxRecord <= 0 {
		o.MaxRecord = defaultMaxRecord
	}
	o.MaxRecord = max(o.MaxRecord, minMaxRecord)
	if o.MaxRatio <= 0 {
		o.MaxRatio = defaultMaxRatio
	}
	return o
}

// ErrTooLarge is wrapped by errors about input that exceeds Options.MaxBytes or
// Options.MaxRatio.
var ErrTooLarge = errors.New("file is larger than allowed")

// FormatError reports a file that is not a table.
type FormatError struct {
	Kind        Kind
	Description string
}

func (e *FormatError) Error() string {
	return "this looks like " + e.Description + ", not a table (CSV, TSV or XLSX)"
}

// Reader delivers the rows of one file. It is not safe for concurrent use.
type Reader struct {
	opts   Options
	source *source
	scan   *scanner
	book   *workbook
	decode decoder

	preamble []byte
	header   *Header
	row      Row
	number   int64
	offset   int64
	queue    []*Row // rows read ahead by Header
	pending  bool   // row holds a row that Next has not yet delivered
	width    int    // cells expected in a row; 0 before the first
	past     bool   // a data row has been seen: no tag row may follow
	err      error
	close    []io.Closer
}

// Open opens the file at path. It returns a [*FormatError] if the file is
// something other than a table, and the caller must Close the Reader.
func Open(path string, opts Options) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if opts.Name == "" {
		opts.Name = filepath.Base(path)
	}
	t, err := New(f, opts)
	if err != nil {
		f.Close()
		return nil, err
	}
	t.close = append(t.close, f)
	return t, nil
}

// New reads a table from r, from its start. Separated text is streamed; of a
// workbook that is no file of its own the compressed bytes are held in memory.
func New(r io.Reader, opts Options) (*Reader, error) {
	opts = opts.withDefaults()
	src, err := newSource(r, opts)
	if err != nil {
		return nil, err
	}
	t := &Reader{opts: opts, source: src}
	head, err := src.peek()
	if err != nil {
		return nil, err
	}
	kind, description := identify(head, opts.Name, nil)
	switch kind {
	case KindXLSX:
		if src.compressed {
			return nil, fmt.Errorf("a gzip-compressed workbook: decompress it first")
		}
		if t.book, err = openWorkbook(r, src, opts); err != nil {
			return nil, err
		}
		t.close = append(t.close, t.book)
		return t, nil
	case KindCSV, KindTSV, KindSemicolon, KindBar, KindText, KindEmpty:
	default:
		return nil, &FormatError{kind, description}
	}
	bom, enc, err := byteOrder(head)
	if err != nil {
		return nil, err
	}
	t.preamble = append([]byte(nil), head[:bom]...)
	t.offset = int64(bom)
	src.discard(bom)
	sample := head[bom:]
	var in io.Reader = src
	var wide Encoding
	if enc == UTF16LE || enc == UTF16BE {
		w := newWideReader(src, enc)
		in = w
		sample = widen(nil, sample, enc, true)
		wide = enc
	}
	t.decode = decoder{enc: enc}
	if enc == "" {
		t.decode.enc = majority(sample)
	}
	delim := opts.Delimiter
	if delim == 0 {
		delim, _ = detectDelimiter(sample, opts.Name)
	}
	t.scan = newScanner(in, delim, opts.MaxRecord)
	t.scan.cr = !hasByte(sample, '\n') && hasByte(sample, '\r')
	t.scan.wide = wide
	return t, nil
}

// Close releases what the Reader holds. It does not close the reader given to New.
func (t *Reader) Close() error {
	var first error
	for _, c := range t.close {
		if err := c.Close(); err != nil && first == nil {
			first = err
		}
	}
	t.close = nil
	return first
}

// Preamble returns the bytes before the first record: the byte order mark, if any.
func (t *Reader) Preamble() []byte { return t.preamble }

// Encoding names the encoding of the file as far as it has been read. It is final
// once Next has returned io.EOF. For XLSX it is UTF-8.
func (t *Reader) Encoding() Encoding {
	if t.book != nil {
		return UTF8
	}
	if t.decode.enc == "" {
		return ASCII
	}
	return t.decode.enc
}

// Kind tells what the file is: one of KindCSV, KindTSV, KindSemicolon, KindBar,
// KindXLSX.
func (t *Reader) Kind() Kind {
	if t.book != nil {
		return KindXLSX
	}
	return kindOf(t.scan.delim)
}

// Compressed reports whether the file is gzip-compressed text.
func (t *Reader) Compressed() bool { return t.source.compressed }

// Delimiter returns the separator in use, 0 for XLSX.
func (t *Reader) Delimiter() byte {
	if t.book != nil {
		return 0
	}
	return t.scan.delim
}

// Sheets lists the worksheets of a workbook in their order; nil for text.
func (t *Reader) Sheets() []string {
	if t.book == nil {
		return nil
	}
	return t.book.sheets
}

// Sheet names the worksheet being read; empty for text.
func (t *Reader) Sheet() string {
	if t.book == nil {
		return ""
	}
	return t.book.sheet
}

// Consumed returns how many bytes of the (possibly compressed) input have been
// read, for progress displays.
func (t *Reader) Consumed() int64 { return t.source.consumed() }

// Header returns the header, reading as far as it if need be; the row itself is
// still delivered by Next. It returns nil with a nil error if Options.NoHeader is
// set or the file is empty.
func (t *Reader) Header() (*Header, error) {
	if t.header != nil || t.opts.NoHeader || t.number > 0 && !t.pending {
		return t.header, nil
	}
	if !t.pending {
		if err := t.advance(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil, nil
			}
			return nil, err
		}
		t.pending = true
	}
	if t.header == nil && (t.row.Role == RoleSeparator || t.row.Role == RoleBlank) {
		return t.peekPastLead()
	}
	return t.header, nil
}

// peekPastLead handles the rare file whose header is not the first record. The
// rows before it are queued as clones.
func (t *Reader) peekPastLead() (*Header, error) {
	lead := []*Row{t.row.Clone()}
	for t.header == nil {
		if err := t.advance(); err != nil {
			t.err = err
			break
		}
		lead = append(lead, t.row.Clone())
		if len(lead) > 1000 {
			return nil, fmt.Errorf("the first %d lines are blank: no header found", len(lead))
		}
	}
	t.queue = lead
	t.pending = false
	if t.header == nil && !errors.Is(t.err, io.EOF) {
		return nil, t.err
	}
	return t.header, nil
}

// Next returns the next row, or io.EOF after the last. Any other error concerns
// the file as a whole (damaged compression, too large, unreadable disk): rows
// delivered before it are good, nothing follows it.
func (t *Reader) Next() (*Row, error) {
	if len(t.queue) > 0 {
		r := t.queue[0]
		t.queue = t.queue[1:]
		return r, nil
	}
	if t.pending {
		t.pending = false
		return &t.row, nil
	}
	if t.err != nil {
		return nil, t.err
	}
	if err := t.advance(); err != nil {
		t.err = err
		return nil, err
	}
	return &t.row, nil
}

// Rows iterates over the rows. An error other than the end of the file is
// delivered last, with a nil row.
func (t *Reader) Rows() iter.Seq2[*Row, error] {
	return func(yield func(*Row, error) bool) {
		for {
			row, err := t.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// advance fills t.row with the next record.
func (t *Reader) advance() error {
	row := &t.row
	row.Problems = row.Problems[:0]
	row.Refused = false
	if t.book != nil {
		if err := t.book.next(row); err != nil {
			return err
		}
		t.number = row.Number
		t.classify(row)
		t.pad(row)
		return nil
	}
	line := t.scan.line
	rec, err := t.scan.next()
	if err != nil {
		return err
	}
	if !rec.continuation {
		t.number++
	}
	row.Number, row.Line, row.Offset = t.number, line, t.offset
	row.Raw = rec.raw
	row.Length = int64(len(rec.raw))
	t.offset += row.Length
	row.Refused = rec.refused
	row.Problems = append(row.Problems, rec.problems...)
	if rec.continuation {
		row.Role, row.Cells = RoleContinuation, row.Cells[:0]
		return nil
	}
	t.decode.cells(row, rec, t.scan.wide != "")
	t.classify(row)
	return nil
}

// classify sets the role of a row and checks its width.
func (t *Reader) classify(row *Row) {
	switch {
	case t.number == 1 && t.scan != nil && isSeparatorLine(row.Cells):
		row.Role = RoleSeparator
		line := strings.Join(row.Cells, string(t.scan.delim))
		if len(line) > len("sep=") && t.opts.Delimiter == 0 && row.Length > 0 {
			if d := line[len("sep=")]; separators(d) {
				t.scan.delim = d
			}
		}
		row.Cells = append(row.Cells[:0], line)
		return
	case !row.Refused && (t.scan != nil && isBlankLine(row.Raw, t.scan.wide) || t.book != nil && len(row.Cells) == 0):
		row.Role = RoleBlank
		return
	case t.header == nil && !t.opts.NoHeader && !row.Refused:
		row.Role = RoleHeader
		t.header = NewHeader(row.Cells)
		t.width = len(row.Cells)
		return
	case !t.past && t.header != nil && t.header.Tags == nil && !row.Refused && IsTagRow(row.Cells):
		row.Role = RoleTags
		t.header.Tags = append([]string(nil), row.Cells...)
		return
	}
	row.Role = RoleData
	t.past = true
	if row.Refused {
		return
	}
	if t.width == 0 {
		t.width = len(row.Cells)
	}
	if n := len(row.Cells); n < t.width && t.book == nil {
		row.Problems = append(row.Problems, Problem{
			Code: ProblemShort, Line: row.Line,
			Reason: fmt.Sprintf("the row has %d cells, %d expected", n, t.width),
		})
	} else if n > t.width {
		row.Problems = append(row.Problems, Problem{
			Code: ProblemLong, Line: row.Line, Column: t.width + 1,
			Reason: fmt.Sprintf("the row has %d cells, %d expected", n, t.width),
		})
	}
}

// pad fills workbook rows up to the header's width, since a workbook does not
// store empty cells and their absence is no defect.
func (t *Reader) pad(row *Row) {
	if row.Role != RoleData {
		return
	}
	for len(row.Cells) < t.width {
		row.Cells = append(row.Cells, "")
	}
	for len(row.Stored) < len(row.Cells) {
		row.Stored = append(row.Stored, "")
	}
}
