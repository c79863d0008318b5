package table

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// workbook streams the rows of one worksheet. Two passes run side by side: one for
// the values as displayed, one for the values as stored.
type workbook struct {
	file         *excelize.File
	sheets       []string
	sheet        string
	shown, plain *excelize.Rows
	number       int64
	ended        bool
}

// maxPackage bounds the compressed bytes of a workbook, which are held in memory.
const maxPackage = 512 << 20

// spillAt is the size of a worksheet or string table above which the library keeps
// it in a temporary file instead of in memory.
const spillAt = 8 << 20

func openWorkbook(src *source, opts Options) (_ *workbook, err error) {
	defer recoverInto(&err)
	limit := opts.MaxBytes
	if limit <= 0 {
		limit = defaultMaxXLSX
	}
	data, err := io.ReadAll(io.LimitReader(src, maxPackage+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxPackage {
		return nil, fmt.Errorf("the workbook is larger than %s: %w", bytesText(maxPackage), ErrTooLarge)
	}
	if err := checkPackage(data, limit, opts.MaxRatio); err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: max(limit, spillAt), UnzipXMLSizeLimit: spillAt,
	})
	if err != nil {
		if errors.Is(err, excelize.ErrWorkbookPassword) || errors.Is(err, excelize.ErrWorkbookFileFormat) {
			return nil, fmt.Errorf("the workbook cannot be read; it may be protected by a password: %w", err)
		}
		return nil, fmt.Errorf("the workbook cannot be read: %w", err)
	}
	b := &workbook{file: f, sheets: f.GetSheetList(), sheet: opts.Sheet}
	if len(b.sheets) == 0 {
		b.Close()
		return nil, errors.New("the workbook has no worksheet")
	}
	if b.sheet == "" {
		b.sheet = b.sheets[0]
	}
	if b.shown, err = f.Rows(b.sheet); err == nil {
		b.plain, err = f.Rows(b.sheet)
	}
	if err != nil {
		b.Close()
		return nil, fmt.Errorf("worksheet %q cannot be read (the workbook has %s): %w", b.sheet, strings.Join(b.sheets, ", "), err)
	}
	return b, nil
}

// checkPackage refuses archives whose directory announces more than the limits
// allow. The library's reader enforces that entries are no larger than announced.
func checkPackage(data []byte, limit, ratio int64) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return fmt.Errorf("the workbook is damaged: %w", err)
	}
	if len(z.File) > 10000 {
		return fmt.Errorf("the workbook has %d parts: %w", len(z.File), ErrTooLarge)
	}
	var total int64
	for _, e := range z.File {
		if e.UncompressedSize64 > uint64(limit) {
			total = limit + 1
			break
		}
		total += int64(e.UncompressedSize64)
		if total > limit {
			break
		}
	}
	if total > limit {
		return fmt.Errorf("the workbook unpacks to more than %s: %w", bytesText(limit), ErrTooLarge)
	}
	if total > ratioGrace && total/int64(max(len(data), 1)) > ratio {
		return fmt.Errorf("the workbook expands more than %d times, as decompression bombs do: %w", ratio, ErrTooLarge)
	}
	for _, e := range z.File {
		if strings.HasPrefix(e.Name, "xl/worksheets/") && strings.HasSuffix(e.Name, ".xml") {
			if err := checkSheet(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkSheet reads a worksheet's bytes once: the library ends a sheet quietly where
// its XML breaks off, and rows must not vanish unreported.
func checkSheet(e *zip.File) error {
	r, err := e.Open()
	if err != nil {
		return fmt.Errorf("the workbook is damaged: %w", err)
	}
	defer r.Close()
	var tail []byte
	buf := make([]byte, 64<<10)
	for {
		n, err := r.Read(buf)
		if n > 0 {
			tail = append(tail, buf[:n]...)
			tail = append(tail[:0], tail[max(0, len(tail)-256):]...)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("the workbook is damaged (%s): %w", e.Name, err)
		}
	}
	if !bytes.Contains(tail, []byte("worksheet>")) {
		return fmt.Errorf("the workbook is damaged: %s breaks off", e.Name)
	}
	return nil
}

// next fills row with the next row of the worksheet.
func (b *workbook) next(row *Row) (err error) {
	defer recoverInto(&err)
	if b.ended {
		return io.EOF
	}
	if !b.shown.Next() {
		b.ended = true
		if err := b.shown.Error(); err != nil {
			return fmt.Errorf("worksheet %q is damaged after row %d: %w", b.sheet, b.number, err)
		}
		return io.EOF
	}
	b.number++
	*row = Row{Number: b.number, Line: b.number, Offset: -1, Problems: row.Problems[:0]}
	row.Cells, err = b.shown.Columns()
	if b.plain.Next() && err == nil {
		row.Stored, err = b.plain.Columns(excelize.Options{RawCellValue: true})
	}
	if err != nil {
		row.Refused = true
		row.Problems = append(row.Problems, Problem{
			Code: ProblemCell, Line: b.number, Column: len(row.Cells) + 1, Reason: "the row cannot be read: " + err.Error(),
		})
	}
	for len(row.Stored) < len(row.Cells) {
		row.Stored = append(row.Stored, "")
	}
	return nil
}

// Close removes the temporary files.
func (b *workbook) Close() error {
	if b.shown != nil {
		b.shown.Close()
	}
	if b.plain != nil {
		b.plain.Close()
	}
	return b.file.Close()
}

// recoverInto turns a panic of the library on a malformed workbook into an error.
func recoverInto(err *error) {
	if x := recover(); x != nil {
		*err = fmt.Errorf("the workbook is malformed: %v", x)
	}
}
