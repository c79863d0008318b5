package exchange

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/record"
)

// Format describes an import format.
type Format struct {
	// Name is what the command line and forms call it.
	Name string
	// Title is for people, in English; pages look it up by Name in a catalogue.
	Title string
	// Terms is what the dataset's licence allows with its figures, for a mapped
	// table the cautious default that its mapping may widen.
	Terms record.Terms
	// Credit is the line that must stand beside the figures, if any.
	Credit string
	// Version changes when the importer reads the same bytes differently; rows
	// whose hash is known under an older version are read again.
	Version int
	// NeedsMapping is set for formats that a [Mapping] must explain.
	NeedsMapping bool
}

// formats in the order in which forms offer them.
var formats = []Format{
	{Name: "ucdp", Title: "UCDP GED", Terms: record.TermsCredit, Credit: ucdpInfo().Credit, Version: 1},
	{Name: "gtd", Title: "Global Terrorism Database (GTD)", Terms: record.TermsInternal, Credit: gtdInfo().Credit, Version: 1},
	{Name: "acled", Title: "ACLED", Terms: record.TermsInternal, Credit: acledInfo().Credit, Version: 1},
	{Name: "pbc", Title: "Pakistan Body Count", Terms: record.TermsInternal, Credit: pbcInfo(false).Credit, Version: 1},
	{Name: "massmob", Title: "Mass Mobilization", Terms: record.TermsFree, Credit: massmobInfo().Credit, Version: 1},
	{Name: "uwazi", Title: "Uwazi CSV", Terms: record.TermsInternal, Version: 1},
	{Name: "csv", Title: "any table (CSV, TSV, XLSX) with a mapping", Terms: record.TermsInternal, Version: 1, NeedsMapping: true},
}

// Formats lists the formats that [Open] reads, in the order in which forms offer
// them. Casefiles are read by their own entry point.
func Formats() []Format { return append([]Format(nil), formats...) }

// importerVersion returns the version of a format's importer, 0 for a format
// that does not exist.
func importerVersion(name string) int {
	for i := range formats {
		if formats[i].Name == name {
			return formats[i].Version
		}
	}
	return 0
}

// Options changes how a file is opened. The zero value is right for every
// format but csv, which needs a Mapping.
type Options struct {
	// Mapping says what the columns of a table mean: required for csv, optional
	// for uwazi, ignored by the others.
	Mapping *Mapping
	// Sheet names the worksheet of a workbook, empty for the first.
	Sheet string
}

// WrongFormatError says that a file is not of the format it was opened as.
type WrongFormatError struct {
	Want string // the format asked for
	Like string // what the file looks like, completing "this looks like …"
	// Format is the name of the format it seems to be, empty if none that can be
	// imported.
	Format string
}

func (e *WrongFormatError) Error() string {
	msg := "this looks like " + e.Like + ", not " + titleOf(e.Want)
	if e.Format != "" {
		msg += "; import it as " + e.Format
	}
	return msg
}

func titleOf(format string) string {
	for _, f := range formats {
		if f.Name == format {
			return f.Title
		}
	}
	return format
}

// Open opens a file for import. The format is the name of one of [Formats].
// A file that is of another kind gives a [*WrongFormatError]; a table of the
// right kind without a column that the format cannot do without gives an error
// that names the column. The caller closes the Reader.
func Open(format, path string, opts Options) (Reader, error) {
	if importerVersion(format) == 0 {
		return nil, fmt.Errorf("there is no import format %q", format)
	}
	if format == "uwazi" {
		return openUwazi(path, opts)
	}
	rows, header, err := openTable(format, path, opts)
	if err != nil {
		return nil, err
	}
	var s *sheet
	switch format {
	case "ucdp":
		s, err = newUCDP(rows, header)
	case "gtd":
		s, err = newGTD(rows, header)
	case "acled":
		s, err = newACLED(rows, header)
	case "pbc":
		s, err = newPBC(rows, header)
	case "massmob":
		s, err = newMassmob(rows, header)
	default:
		s, err = newCSV(rows, header, opts.Mapping)
	}
	if err != nil {
		rows.Close()
		if foreign(format, header) {
			return nil, fmt.Errorf("%w: %w", &WrongFormatError{Want: format, Like: "text or a table of another kind"}, err)
		}
		return nil, err
	}
	return s, nil
}

// foreign reports whether a table has none of the columns that a format is known
// by, so that the one found missing is not all that is wrong.
func foreign(format string, header *table.Header) bool {
	known := false
	for _, s := range signatures {
		if s.format != format {
			continue
		}
		known = true
		for _, name := range s.columns {
			if _, ok := header.Column(name); ok {
				return false
			}
		}
	}
	return known
}

// openTable opens the table in a file and checks by its header that it can be of
// the format.
func openTable(format, path string, opts Options) (*table.Reader, *table.Header, error) {
	to := table.Options{Sheet: opts.Sheet}
	if format == "csv" && opts.Mapping != nil {
		if opts.Sheet == "" {
			to.Sheet = opts.Mapping.Sheet
		}
		if opts.Mapping.Delimiter != "" {
			to.Delimiter = opts.Mapping.Delimiter[0]
		}
		to.NoHeader = opts.Mapping.NoHeader
	}
	rows, err := table.Open(path, to)
	if err != nil {
		if other, ok := errors.AsType[*table.FormatError](err); ok {
			return nil, nil, &WrongFormatError{Want: format, Like: other.Description}
		}
		return nil, nil, err
	}
	if to.NoHeader {
		if err := anyRow(rows); err != nil {
			return nil, nil, errors.Join(err, rows.Close())
		}
		if err := rows.Close(); err != nil {
			return nil, nil, err
		}
		rows, err := table.Open(path, to)
		return rows, nil, err
	}
	header, err := rows.Header()
	if err == nil && header == nil {
		err = errEmpty
	}
	if err != nil {
		rows.Close()
		return nil, nil, err
	}
	if format == "csv" {
		return rows, header, nil
	}
	if format == "ucdp" && headerlessUCDP(header.Names) {
		rows.Close()
		to.NoHeader = true
		if rows, err = table.Open(path, to); err != nil {
			return nil, nil, err
		}
		return rows, table.NewHeader(ucdpColumns), nil
	}
	like, found := recognise(header)
	if found == "" && len(header.Names) == 1 {
		rows.Close()
		return nil, nil, &WrongFormatError{Want: format, Like: "text in a single column"}
	}
	if found != "" && found != format {
		rows.Close()
		return nil, nil, &WrongFormatError{Want: format, Like: like, Format: found}
	}
	return rows, header, nil
}

// errEmpty is told of a file without anything in it, or with blank lines alone.
var errEmpty = errors.New("the file is empty: it has neither a header nor rows; export or download it again")

// anyRow reads on to the first row of a table.
func anyRow(rows *table.Reader) error {
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return errEmpty
		}
		if err != nil || row.Role == table.RoleData {
			return err
		}
	}
}

// headerlessUCDP recognises the first row of a candidate release that comes
// without column names: 49 cells with an identifier, a year, and dates and
// coordinates in their places.
func headerlessUCDP(cells []string) bool {
	if len(cells) != len(ucdpColumns) {
		return false
	}
	at := func(name string) string {
		for i, n := range ucdpColumns {
			if n == name {
				return strings.TrimSpace(cells[i])
			}
		}
		return ""
	}
	_, day := isoDay(at("date_start"))
	_, err := strconv.ParseFloat(at("latitude"), 64)
	return allDigits(at("id")) && allDigits(at("year")) && day && err == nil
}

// signatures are columns that together belong to one format only.
var signatures = []struct {
	format, like string
	columns      []string
}{
	{"ucdp", "a UCDP GED file", []string{"type_of_violence", "date_start", "best"}},
	{"ucdp", "a UCDP GED file", []string{"type_of_violence", "date_start", "best_est"}},
	{"gtd", "a GTD file", []string{"eventid", "iyear", "nkill"}},
	{"gtd", "a GTD file", []string{"eventid", "attacktype1", "nkill"}},
	{"acled", "an ACLED file", []string{"event_id_cnty", "event_date", "fatalities"}},
	{"acled", "an ACLED file", []string{"data_id", "event_date", "fatalities"}},
	{"pbc", "a Pakistan Body Count file", []string{"S#", "Islamic Date"}},
	{"pbc", "a Pakistan Body Count file", []string{"S#", "Killed Max", "City"}},
	{"pbc", "a Pakistan Body Count file", []string{"S#", "Total Died Mix"}},
	{"massmob", "a Mass Mobilization file", []string{"protesteridentity", "participants", "protestnumber"}},
}

// recognise says which format a header belongs to, empty if none. Uwazi files
// have no columns of their own by which to know them for certain, so they are
// only recognised by a name that ends in "_geolocation" beside a title.
func recognise(h *table.Header) (like, format string) {
	for _, s := range signatures {
		if len(h.Missing(s.columns...)) == 0 {
			return s.like, s.format
		}
	}
	if headerlessUCDP(h.Names) {
		return "a UCDP GED file without a header", "ucdp"
	}
	if _, ok := h.Column("Title"); ok {
		for _, n := range h.Names {
			if strings.HasSuffix(table.Key(n), "_geolocation") {
				return "a Uwazi CSV file", "uwazi"
			}
		}
	}
	return "", ""
}

// Guess says what a file looks like: the import format it seems to be of, empty
// if none, and words that complete "this looks like …".
func Guess(path string) (format, like string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", "", err
	}
	kind, like := table.Sniff(f)
	f.Close()
	if kind == table.KindZIP && isUwaziZIP(path) {
		return "uwazi", "a Uwazi import archive", nil
	}
	rows, err := table.Open(path, table.Options{Name: filepath.Base(path)})
	if err != nil {
		if _, ok := errors.AsType[*table.FormatError](err); ok {
			return "", like, nil
		}
		return "", "", err
	}
	defer rows.Close()
	header, err := rows.Header()
	if err != nil && !errors.Is(err, io.EOF) {
		return "", "", err
	}
	if header == nil {
		return "", like, nil
	}
	if known, format := recognise(header); format != "" {
		return format, known, nil
	}
	switch kind {
	case table.KindCSV, table.KindTSV, table.KindSemicolon, table.KindBar, table.KindXLSX:
		return "csv", like, nil
	}
	return "", like, nil
}
