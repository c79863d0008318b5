package table

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strconv"
	"strings"
	"time"
)

// workbook streams the rows of one worksheet.
type workbook struct {
	sheets  []string
	sheet   string
	strings *sharedStrings
	formats *formats
	rows    *xmlPart
	number  int64 // of the row last delivered
	ahead   int64 // of the row whose start was read, 0 before the first
	inside  bool  // that row waits to be read
	ended   bool
}

// maxPackage bounds the compressed bytes of a workbook that is not a file of its
// own, which are held in memory.
const maxPackage = 64 << 20

// The largest sheet that the format allows.
const (
	maxRow    = 1 << 20
	maxColumn = 1 << 14
)

// openWorkbook opens a workbook: file itself where it is one, else the bytes of src.
func openWorkbook(file io.Reader, src *source, opts Options) (_ *workbook, err error) {
	limit := opts.MaxBytes
	if limit <= 0 {
		limit = defaultMaxXLSX
	}
	in, size, err := packageOf(file, src)
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(in, size)
	if err != nil {
		return nil, fmt.Errorf("the workbook is damaged: %w", err)
	}
	if err := checkPackage(z, size, limit, opts.MaxRatio); err != nil {
		return nil, err
	}
	p := partsOf(z)
	b := &workbook{sheet: opts.Sheet}
	name, err := b.find(p)
	if err != nil {
		return nil, err
	}
	e := p[partName(name)]
	if e == nil {
		return nil, fmt.Errorf("the workbook is damaged: worksheet %q is missing", b.sheet)
	}
	if err := checkSheet(e); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			b.Close()
		}
	}()
	if err := b.shared(p, int64(opts.MaxRecord)); err != nil {
		return nil, err
	}
	if b.rows, err = openPart(e, int64(opts.MaxRecord)); err != nil {
		return nil, fmt.Errorf("the workbook is damaged: %w", err)
	}
	return b, nil
}

// packageOf gives the bytes of a workbook by position.
func packageOf(file io.Reader, src *source) (io.ReaderAt, int64, error) {
	if f, ok := file.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			return f, info.Size(), nil
		}
	}
	data, err := io.ReadAll(io.LimitReader(src, maxPackage+1))
	if err != nil {
		return nil, 0, err
	}
	if len(data) > maxPackage {
		return nil, 0, fmt.Errorf("the workbook is larger than %s: %w", bytesText(maxPackage), ErrTooLarge)
	}
	return bytes.NewReader(data), int64(len(data)), nil
}

// mainPart is the name of the part that lists the sheets.
func mainPart(p parts) (string, error) {
	var top relations
	if err := p.decode("_rels/.rels", &top); err != nil {
		return "", err
	}
	for _, r := range top.List {
		if path.Base(r.Type) == "officeDocument" {
			return strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(r.Target, "\\", "/")), "/"), nil
		}
	}
	return "xl/workbook.xml", nil
}

// find lists the sheets and returns the part of the one asked for.
func (b *workbook) find(p parts) (string, error) {
	main, err := mainPart(p)
	if err != nil {
		return "", fmt.Errorf("the workbook is damaged: %w", err)
	}
	var list struct {
		Properties struct {
			From1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name string     `xml:"name,attr"`
			Attr []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := p.decode(main, &list); err != nil {
		return "", fmt.Errorf("the workbook is damaged: %w", err)
	}
	related, err := p.relationsOf(main)
	if err != nil {
		return "", fmt.Errorf("the workbook is damaged: %w", err)
	}
	found := ""
	for i, s := range list.Sheets {
		b.sheets = append(b.sheets, s.Name)
		if b.sheet == "" && i == 0 {
			b.sheet = s.Name
		}
		if !strings.EqualFold(b.sheet, s.Name) || found != "" {
			continue
		}
		for _, a := range s.Attr {
			for _, r := range related.List {
				if a.Name.Local == "id" && r.ID == a.Value {
					found = r.Target
				}
			}
		}
	}
	switch {
	case len(b.sheets) == 0:
		return "", errors.New("the workbook has no worksheet")
	case found == "":
		return "", fmt.Errorf("worksheet %q cannot be read (the workbook has %s)", b.sheet, strings.Join(b.sheets, ", "))
	}
	b.formats = &formats{from1904: list.Properties.From1904 == "1" || list.Properties.From1904 == "true"}
	return found, nil
}

// shared opens what all sheets use: texts and formats.
func (b *workbook) shared(p parts, maxItem int64) error {
	main, err := mainPart(p)
	if err != nil {
		return err
	}
	related, err := p.relationsOf(main)
	if err != nil {
		return err
	}
	text := related.ofType("sharedStrings")
	if text == "" {
		text = "xl/sharedStrings.xml"
	}
	styles := related.ofType("styles")
	if styles == "" {
		styles = "xl/styles.xml"
	}
	if b.strings, err = readStrings(p[partName(text)], maxItem); err != nil {
		return err
	}
	data, err := p.read(styles)
	if err != nil {
		return fmt.Errorf("the workbook is damaged: %w", err)
	}
	return b.formats.open(data)
}

// checkPackage refuses archives whose directory announces more than the limits
// allow. The reader of archives enforces that entries are no larger than announced.
func checkPackage(z *zip.Reader, size, limit, ratio int64) error {
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
	if total > ratioGrace && total/max(size, 1) > ratio {
		return fmt.Errorf("the workbook expands more than %d times, as decompression bombs do: %w", ratio, ErrTooLarge)
	}
	return nil
}

// checkSheet reads a worksheet's bytes once, so that one that is cut off is refused
// before its first rows come in.
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

// next fills row with the next row of the worksheet. Rows that the sheet leaves
// out are delivered without cells.
func (b *workbook) next(row *Row) error {
	if b.ended {
		return io.EOF
	}
	if b.ahead <= b.number {
		if err := b.seek(); err != nil {
			b.ended = true
			if errors.Is(err, io.EOF) {
				return io.EOF
			}
			return fmt.Errorf("worksheet %q is damaged after row %d: %w", b.sheet, b.number, err)
		}
	}
	b.number++
	*row = Row{Number: b.number, Line: b.number, Offset: -1, Problems: row.Problems[:0]}
	if b.number < b.ahead || !b.inside {
		return nil
	}
	b.inside = false
	wrong, err := b.cells(row)
	if err != nil {
		b.ended = true
		return fmt.Errorf("worksheet %q is damaged in row %d: %w", b.sheet, b.number, err)
	}
	if wrong != nil {
		row.Refused = true
		row.Problems = append(row.Problems, Problem{
			Code: ProblemCell, Line: b.number, Column: len(row.Cells) + 1, Reason: "the row cannot be read: " + wrong.Error(),
		})
	}
	for len(row.Stored) < len(row.Cells) {
		row.Stored = append(row.Stored, "")
	}
	return nil
}

// seek reads up to the start of the next row.
func (b *workbook) seek() error {
	for {
		tok, err := b.rows.RawToken()
		if err != nil {
			return cutShort(err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if t.Name.Local != "row" {
				continue
			}
			n, err := strconv.ParseInt(attribute(t, "r"), 10, 64)
			if err != nil {
				n = b.number + 1
			}
			if n <= b.number || n > maxRow {
				return fmt.Errorf("its next row has the number %d", n)
			}
			b.ahead, b.inside = n, true
			b.rows.allow()
			return nil
		case xml.EndElement:
			if t.Name.Local == "sheetData" {
				return io.EOF
			}
		}
	}
}

// cutShort makes the end of the bytes, where more must come, an error.
func cutShort(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// cell is a cell as the file has it.
type cell struct {
	kind    string // its type
	style   int
	value   string // of "v"
	inline  string // of "is"
	formula bool
}

// cells reads the cells of a row up to its end. wrong says why the row cannot be
// used; err that the sheet cannot be read on.
func (b *workbook) cells(row *Row) (wrong, err error) {
	var c cell
	column := 0
	inside, phonetic := "", 0
	var text []byte
	for {
		tok, err := b.rows.RawToken()
		if err != nil {
			return nil, cutShort(err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "c":
				c = cell{kind: attribute(t, "t")}
				c.style, _ = strconv.Atoi(attribute(t, "s"))
				column++
				if at := attribute(t, "r"); at != "" {
					n, ok := columnOf(at)
					if !ok && wrong == nil {
						wrong = fmt.Errorf("%.20q is no cell of a sheet", at)
					}
					column = n
				}
			case "v", "t":
				inside, text = t.Name.Local, text[:0]
			case "f":
				c.formula = true
			case "rPh":
				phonetic++
			}
		case xml.CharData:
			if inside != "" {
				text = append(text, t...)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "v":
				c.value, inside = string(text), ""
			case "t":
				if phonetic == 0 {
					c.inline += string(text)
				}
				inside = ""
			case "rPh":
				phonetic--
			case "c":
				if wrong == nil {
					wrong = b.put(row, column, &c)
				}
			case "row":
				return wrong, nil
			}
		}
	}
}

// put adds a cell to the row, as displayed and as stored. Cells without a value
// are left to those behind them.
func (b *workbook) put(row *Row, column int, c *cell) error {
	if column > maxColumn {
		return fmt.Errorf("it has more than %d cells", maxColumn)
	}
	shown, stored := c.value, c.value
	switch c.kind {
	case "s":
		if c.value == "" {
			break
		}
		text, err := b.strings.get(c.value)
		if err != nil {
			return err
		}
		shown, stored = b.formats.text(c.style, text), text
	case "inlineStr":
		if c.inline != "" {
			stored = unescapeBasic(c.inline)
		}
		shown = b.formats.text(c.style, stored)
	case "str":
	case "b":
		switch c.value {
		case "1":
			shown = "TRUE"
		case "0":
			shown = "FALSE"
		}
	case "d":
		if serial, ok := serialOf(c.value); ok {
			shown = b.formats.number(c.style, serial)
		}
	default:
		shown = b.formats.number(c.style, c.value)
	}
	add := func(cells []string, value string) []string {
		if value == "" && !c.formula {
			return cells
		}
		for len(cells) < column-1 {
			cells = append(cells, "")
		}
		return append(cells, value)
	}
	row.Cells, row.Stored = add(row.Cells, shown), add(row.Stored, stored)
	return nil
}

// columnOf reads the column, from 1, of a cell's name such as "AB12".
func columnOf(name string) (int, bool) {
	n, i := 0, 0
	for ; i < len(name) && i < 3; i++ {
		letter := name[i] &^ 0x20
		if letter < 'A' || letter > 'Z' {
			break
		}
		n = n*26 + int(letter-'A') + 1
	}
	row, err := strconv.Atoi(name[i:])
	return n, n > 0 && n <= maxColumn && err == nil && row > 0 && row <= maxRow
}

// serialOf turns a date of ISO 8601 into the number that other cells hold for it.
func serialOf(s string) (string, bool) {
	for _, layout := range []string{"2006-01-02T15:04:05.999Z07:00", "2006-01-02T15:04:05.999", "2006-01-02", "20060102T150405.999", "20060102T150405Z", "2006-01-02 15:04:05Z"} {
		if at, err := time.Parse(layout, s); err == nil {
			days := at.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24
			return strconv.FormatFloat(days, 'G', 15, 64), true
		}
	}
	return "", false
}

// Close removes the temporary file.
func (b *workbook) Close() error {
	var err error
	if b.strings != nil {
		err = b.strings.Close()
	}
	if b.formats != nil {
		err = errors.Join(err, b.formats.Close())
	}
	if b.rows != nil {
		err = errors.Join(err, b.rows.Close())
	}
	return err
}
