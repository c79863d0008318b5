package exchange

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// uwaziCode is the column in which our own export keeps a record's address,
// because Uwazi's own exports carry no identifier.
const uwaziCode = "Gawah code"

// maxUwaziCSV bounds the import.csv inside an archive, decompressed.
const maxUwaziCSV = 4 << 30

// openUwazi opens a Uwazi CSV, or a ZIP archive with an import.csv at its root.
// Without a mapping the template is read from the header.
func openUwazi(path string, opts Options) (Reader, error) {
	rows, closer, err := uwaziTable(path, opts)
	if err != nil {
		return nil, err
	}
	fail := func(err error) (Reader, error) {
		rows.Close()
		if closer != nil {
			closer.Close()
		}
		return nil, err
	}
	header, err := rows.Header()
	if err != nil {
		return fail(err)
	}
	if header == nil {
		return fail(errEmpty)
	}
	if like, found := recognise(header); found != "" && found != "uwazi" && opts.Mapping == nil {
		return fail(&WrongFormatError{Want: "uwazi", Like: like, Format: found})
	}
	m := opts.Mapping
	if m == nil {
		if _, ok := header.Column("Title"); !ok {
			return fail(errors.New("the column Title is missing; a Uwazi CSV has it"))
		}
		m = uwaziMapping(header, filepath.Base(path))
	} else if err := m.Validate(); err != nil {
		return fail(err)
	}
	s, err := newMapped(rows, header, m, "uwazi")
	if err != nil {
		return fail(err)
	}
	s.close = closer
	return s, nil
}

func uwaziTable(path string, opts Options) (*table.Reader, io.Closer, error) {
	if !isUwaziZIP(path) {
		rows, err := table.Open(path, table.Options{Sheet: opts.Sheet})
		if other, ok := errors.AsType[*table.FormatError](err); ok {
			return nil, nil, &WrongFormatError{Want: "uwazi", Like: other.Description}
		}
		return rows, nil, err
	}
	archive, err := zip.OpenReader(path)
	if err != nil {
		return nil, nil, fmt.Errorf("open the archive: %w", err)
	}
	for _, f := range archive.File {
		if f.Name != "import.csv" {
			continue
		}
		in, err := f.Open()
		if err != nil {
			archive.Close()
			return nil, nil, fmt.Errorf("open import.csv in the archive: %w", err)
		}
		rows, err := table.New(&limitedReader{in, maxUwaziCSV}, table.Options{Name: f.Name})
		if err != nil {
			in.Close()
			archive.Close()
			return nil, nil, err
		}
		return rows, closers{in, archive}, nil
	}
	archive.Close()
	return nil, nil, errors.New("the archive holds no import.csv at its root")
}

// isUwaziZIP reports whether the file is a ZIP archive with an import.csv.
func isUwaziZIP(path string) bool {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return false
	}
	defer archive.Close()
	for _, f := range archive.File {
		if f.Name == "import.csv" {
			return true
		}
	}
	return false
}

type closers []io.Closer

func (c closers) Close() error {
	var errs []error
	for _, each := range c {
		errs = append(errs, each.Close())
	}
	return errors.Join(errs...)
}

// limitedReader fails instead of ending where a file is longer than promised,
// so that a cut file is not taken for a whole one.
type limitedReader struct {
	r    io.Reader
	left int64
}

func (l *limitedReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, table.ErrTooLarge
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}

// uwaziMapping reads the template off the header: our own export's columns are
// known exactly, those of other installations by what their labels say.
func uwaziMapping(h *table.Header, file string) *Mapping {
	m := SuggestMapping(h.Names, nil)
	m.Dataset = datasetName(strings.TrimSuffix(file, filepath.Ext(file)), "uwazi")
	m.Title, m.Terms = "Uwazi: "+file, record.TermsInternal
	m.Key, m.EventTitle = "Title", "Title"
	for _, k := range []string{uwaziCode, "id"} {
		if _, ok := h.Column(k); ok {
			m.Key = k
			break
		}
	}
	if _, ok := h.Column(uwaziCode); ok {
		ownUwazi(m)
	}
	if m.Date.Column != "" {
		m.Date.Format = DateISO
	}
	m.Ignore = append(m.Ignore, "Date added", "Template", "Published", "Documents", "Attachments", "File")
	return m
}

// ownUwazi corrects the guesses for a file of our own export, whose columns are
// known: the date with all that is recorded of it, the type by its name, and the
// columns on how each figure came about, which are no claims of anybody.
func ownUwazi(m *Mapping) {
	m.Date.Column, m.TypeColumn = "Date as recorded", "Type"
	m.Types = map[string]record.EventType{}
	for _, t := range record.EventTypes() {
		m.Types[string(t)] = t
	}
	m.Attributes = nil
	m.Statements = []StatementColumn{{Column: "Claims", Topic: "claims"}, {Column: "Listed sources", Topic: "listed sources"}}
	m.Ignore = append(m.Ignore, "Date", "Date range", "Address", "Place precision", "Summary")
	for _, measure := range mainMeasures {
		for _, part := range []string{"open", "status", "origins", "rule"} {
			m.Ignore = append(m.Ignore, measureLabel(measure)+" "+part)
		}
	}
}

// uwaziDate reads the forms that Uwazi writes and accepts: a day with slashes,
// spaces or hyphens, a year, and a span from:to or from~to with either side
// open.
func uwaziDate(cell string) (edtf.Date, bool) {
	for _, sep := range []string{"~", ":"} {
		a, b, ok := strings.Cut(cell, sep)
		if !ok {
			continue
		}
		start, ok1 := uwaziDay(strings.TrimSpace(a))
		end, ok2 := uwaziDay(strings.TrimSpace(b))
		if !ok1 || !ok2 || start.IsZero() && end.IsZero() {
			return edtf.Date{}, false
		}
		d, err := edtf.NewInterval(start, end)
		return d, err == nil
	}
	d, ok := uwaziDay(cell)
	return d, ok && !d.IsZero()
}

func uwaziDay(s string) (edtf.Date, bool) {
	if s == "" {
		return edtf.Date{}, true
	}
	d, err := edtf.Parse(strings.NewReplacer("/", "-", " ", "-").Replace(s))
	return d, err == nil
}

// unusedKey returns key, or key with a number when a row before has it: titles
// are no identifiers, and two people of one name are two people.
func (s *sheet) unusedKey(b *builder, key string) string {
	unused := key
	for n := 2; s.seen.has(unused); n++ {
		unused = fmt.Sprintf("%s (%d)", key, n)
	}
	if unused != key {
		b.problem(column{name: "Title"}, "title_twice")
	}
	return unused
}

// unguard takes back the mark that keeps a spreadsheet from reading text as a
// formula, in files that our own export may have written.
func (c *mapped) unguard(s string) string {
	if c.uwazi && len(s) > 1 && s[0] == '\'' && TextCell(s[1:]) != s[1:] {
		return s[1:]
	}
	return s
}
