package exchange

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/record"
)

// The formats of series of coverage: what a tool exports for a query, one row for
// each day. [AnyCoverage] tells the others apart by what they hold.
const (
	AnyCoverage        = "coverage"
	GDELTCoverage      = "gdelt"
	MediaCloudCoverage = "mediacloud"
	PlainCoverage      = "days" // a table day,matched,all
)

// CoverageFormats lists them.
func CoverageFormats() []string {
	return []string{AnyCoverage, GDELTCoverage, MediaCloudCoverage}
}

// maxCoverageFile bounds a file in bytes after unpacking. Thirty years of days
// are less than one million.
const maxCoverageFile = 64 << 20

// CoverageFile is a series read from an export. It says nothing of the event;
// whoever imports it does.
type CoverageFile struct {
	Format string // one of the above, never AnyCoverage
	Tool   record.CoverageTool
	// Query is what was searched for, where the export says so.
	Query string
	// Days are ascending, each once. Days that the export leaves out, or that were
	// refused, are not in it.
	Days []record.DayCount
	// Rows counts the rows read, Refused those that could not be.
	Rows, Refused int
	Problems      []Problem
}

// OpenCoverage reads an export from a file, plain or gzip-compressed, and returns
// its bytes as they are in the file.
func OpenCoverage(format, path string) (*CoverageFile, []byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("read the series: %w", err)
	}
	defer f.Close()
	kept, err := io.ReadAll(io.LimitReader(f, maxCoverageFile+1))
	if err != nil {
		return nil, nil, fmt.Errorf("read the series: %w", err)
	}
	c, err := ReadCoverage(format, kept)
	return c, kept, err
}

// ReadCoverage reads an export of one of [CoverageFormats]. A file of another
// kind gives a [*WrongFormatError]. A row that cannot be read is refused and
// listed; its day stays unknown.
func ReadCoverage(format string, data []byte) (*CoverageFile, error) {
	if format != PlainCoverage && !slices.Contains(CoverageFormats(), format) {
		return nil, fmt.Errorf("there is no format of coverage %q", format)
	}
	if bytes.HasPrefix(data, []byte("\x1f\x8b")) {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("unpack the series: %w", err)
		}
		if data, err = io.ReadAll(io.LimitReader(z, maxCoverageFile+1)); err != nil {
			return nil, fmt.Errorf("unpack the series: %w", err)
		}
	}
	if len(data) > maxCoverageFile {
		return nil, fmt.Errorf("the file is larger than %d MB", maxCoverageFile>>20)
	}
	b := &daysBuilder{file: &CoverageFile{}, at: map[string]*builtDay{}}
	var err error
	if text := bytes.TrimLeft(data, "\ufeff \t\r\n"); len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		err = b.json(text)
	} else {
		err = b.table(data)
	}
	if err != nil {
		return nil, err
	}
	if format != AnyCoverage && b.file.Format != format {
		return nil, &WrongFormatError{Want: format, Like: coverageLike[b.file.Format], Format: AnyCoverage}
	}
	return b.done()
}

var coverageLike = map[string]string{
	GDELTCoverage: "a GDELT timeline", MediaCloudCoverage: "a Media Cloud export of attention over time", PlainCoverage: "a table of days",
}

// wrongCoverage is the answer to a file that is no series.
func wrongCoverage(like string) error { return &WrongFormatError{Want: AnyCoverage, Like: like} }

// builtDay is a day as far as it was read.
type builtDay struct {
	record.DayCount
	line int
}

// daysBuilder gathers the days of a file.
type daysBuilder struct {
	file *CoverageFile
	at   map[string]*builtDay
	// sums says that the file may have several rows for one day, whose counts add
	// up: exports by the hour.
	sums bool
	// instants are the counts of a GDELT timeline, which become days at the end.
	instants map[*gdeltPoint]record.DayCount
}

func (b *daysBuilder) refuse(line int, column string, why error) {
	b.file.Refused++
	b.note(line, column, why)
}

func (b *daysBuilder) note(line int, column string, what error) {
	b.file.Problems = append(b.file.Problems, problemOf(what, line, column))
}

// add takes a row's day; matched is the column of the count, for problems.
func (b *daysBuilder) add(line int, d record.DayCount, matched string) {
	if d.All >= 0 && d.Matched > d.All {
		b.refuse(line, matched, say("series_more_than_all", "matched", d.Matched, "all", d.All))
		return
	}
	was, ok := b.at[d.Day]
	switch {
	case !ok:
		b.at[d.Day] = &builtDay{d, line}
	case b.sums && d.Share == "" && was.Share == "":
		was.Matched += d.Matched
		if was.All < 0 || d.All < 0 {
			was.All = -1
		} else {
			was.All += d.All
		}
	case d == was.DayCount:
		b.note(line, "", say("series_same", "day", d.Day, "line", was.line))
	default:
		b.refuse(line, "", say("series_differs", "day", d.Day, "line", was.line))
	}
}

func (b *daysBuilder) done() (*CoverageFile, error) {
	for p, d := range b.instants {
		b.add(p.line, d, "Value")
	}
	for _, d := range b.at {
		if d.Matched > record.MaxNumber || d.All > record.MaxNumber {
			b.refuse(d.line, "", say("series_sum", "day", d.Day))
			continue
		}
		b.file.Days = append(b.file.Days, d.DayCount)
	}
	slices.SortFunc(b.file.Days, func(x, y record.DayCount) int { return cmp.Compare(x.Day, y.Day) })
	slices.SortStableFunc(b.file.Problems, func(x, y Problem) int { return cmp.Compare(x.Line, y.Line) })
	if len(b.file.Days) > record.MaxCoverageDays {
		return nil, fmt.Errorf("the series has %d days; %d are the most", len(b.file.Days), record.MaxCoverageDays)
	}
	return b.file, nil
}

// coverageDay reads the day of a row: YYYY-MM-DD, YYYYMMDD, or an instant in one
// of the shapes that the tools write, which is UTC unless it says another zone.
// fine says that it names a time of day.
func coverageDay(s string) (day string, fine, ok bool) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.DateOnly, "20060102"} {
		if t, err := time.Parse(layout, s); err == nil {
			return dayText(t), false, validYear(t)
		}
	}
	for _, layout := range []string{"20060102T150405Z", "20060102150405", time.RFC3339, time.DateTime, "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			t = t.UTC()
			return dayText(t), t.Hour() != 0 || t.Minute() != 0 || t.Second() != 0, validYear(t)
		}
	}
	return "", false, false
}

func dayText(t time.Time) string { return t.Format(time.DateOnly) }

// validYear keeps out years that are a slip of the pen: no tool counted before the web.
func validYear(t time.Time) bool { return t.Year() >= 1900 && t.Year() <= 2200 }

// coverageCount reads a count: digits, with separators in groups of three, or a
// whole number written as a decimal (12.0), as some programs export it.
func coverageCount(s string) (int64, error) {
	s = strings.TrimSpace(s)
	if whole, zeros, ok := strings.Cut(s, "."); ok && strings.Trim(zeros, "0") == "" {
		s = whole
	}
	if groups := strings.Split(s, ","); len(groups) > 1 && len(groups[0]) <= 3 && groups[0] != "" {
		whole := true
		for _, g := range groups[1:] {
			whole = whole && len(g) == 3
		}
		if whole {
			s = strings.Join(groups, "")
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange) || err == nil && n > record.MaxNumber:
		return 0, say("too_large", "cell", s)
	case err != nil:
		return 0, say("not_whole_number", "cell", s)
	case n < 0:
		return 0, say("below_zero", "cell", n)
	}
	return n, nil
}

// coverageShare checks a percentage and keeps it as printed.
func coverageShare(s string) (string, error) {
	s = strings.TrimSuffix(strings.TrimSpace(s), "%")
	p, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(p) || len(s) > 32 {
		return "", say("not_number", "cell", s)
	}
	if p < 0 || p > 100 {
		return "", say("series_share", "cell", s)
	}
	return s, nil
}

// The columns of a plain table, in the words that people use for them.
var (
	dayColumns     = []string{"day", "date", "Date", "publish_date", "day_utc"}
	matchedColumns = []string{"matched", "count", "matching", "stories", "items", "articles"}
	allColumns     = []string{"all", "total_count", "total", "norm", "all_items", "collection_total"}
)

// table reads a table, whose header says which export it is.
func (b *daysBuilder) table(data []byte) error {
	t, err := table.New(bytes.NewReader(data), table.Options{MaxRecord: 1 << 20, MaxBytes: maxCoverageFile})
	if err != nil {
		if other, ok := errors.AsType[*table.FormatError](err); ok {
			return wrongCoverage(other.Description)
		}
		return err
	}
	defer t.Close()
	h, err := t.Header()
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if h == nil {
		return errors.New("the file holds no rows")
	}
	if isMentions(h.Names) || len(h.Missing("MentionTimeDate", "MentionIdentifier")) == 0 {
		return b.mentions(data)
	}
	if isEventExport(h.Names) {
		return wrongCoverage("a GDELT table of events, whose counts cover only the first quarter of an hour (its table of mentions can be imported)")
	}
	read, err := b.rowReader(h)
	if err != nil {
		return err
	}
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the series: %w", err)
		}
		if row.Role != table.RoleData {
			continue
		}
		b.file.Rows++
		if row.Refused {
			b.refuse(int(row.Line), "", unreadRow(row))
			continue
		}
		read(row)
	}
}

// unreadRow is why a table could not read a row.
func unreadRow(row *table.Row) error {
	if len(row.Problems) > 0 {
		return ofTable(row.Problems[0])
	}
	return say("row_unread")
}

// rowReader returns how the rows below a header are read.
func (b *daysBuilder) rowReader(h *table.Header) (func(*table.Row), error) {
	if len(h.Missing("Date", "Series", "Value")) == 0 {
		b.file.Format, b.file.Tool = GDELTCoverage, record.ToolGDELT
		return b.gdeltRow(h)
	}
	day, dayName := namedColumn(h, dayColumns)
	matched, matchedName := namedColumn(h, matchedColumns)
	all, allName := namedColumn(h, allColumns)
	if day < 0 || matched < 0 {
		return nil, wrongCoverage("a table without the columns day and matched")
	}
	b.file.Format, b.file.Tool = PlainCoverage, record.ToolOther
	if _, ok := h.Column("count"); ok && all >= 0 {
		b.file.Format, b.file.Tool = MediaCloudCoverage, record.ToolMediaCloud
	}
	cell := func(row *table.Row, i int) string {
		if i < 0 || i >= len(row.Cells) {
			return ""
		}
		return strings.TrimSpace(row.Cells[i])
	}
	return func(row *table.Row) {
		line := int(row.Line)
		d := record.DayCount{All: -1}
		var ok bool
		if d.Day, _, ok = coverageDay(cell(row, day)); !ok {
			b.refuse(line, dayName, say("series_day", "cell", cell(row, day)))
			return
		}
		var err error
		if cell(row, matched) == "" {
			// Nobody counted: that is not the same as 0.
			b.refuse(line, matchedName, say("series_no_count", "day", d.Day))
			return
		}
		if d.Matched, err = coverageCount(cell(row, matched)); err != nil {
			b.refuse(line, matchedName, err)
			return
		}
		if s := cell(row, all); s != "" {
			if d.All, err = coverageCount(s); err != nil {
				b.refuse(line, allName, err)
				return
			}
		}
		b.add(line, d, matchedName)
	}, nil
}

// namedColumn finds the first of some columns.
func namedColumn(h *table.Header, names []string) (int, string) {
	for _, n := range names {
		if i, ok := h.Column(n); ok {
			return i, h.Names[i]
		}
	}
	return -1, ""
}
