package exchange

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/record"
)

// column is one column of a file: where it is and how a passage cites it. A
// column that the file lacks has index -1; reading it gives blank cells.
type column struct {
	index   int
	name    string // as printed in the header
	locator string // "column best"
}

// present reports whether the file has the column.
func (c column) present() bool { return c.index >= 0 }

// sheet reads the data rows of a table and has a format's mapper turn each into
// a [Row]. It owns what all formats share: problems of the table, refusals,
// duplicate keys, hashes.
type sheet struct {
	rows   *table.Reader
	header *table.Header
	info   Info
	madeBy string
	build  func(*builder)
	key    column          // with the row's identifier
	known  map[string]bool // keys of columns that the mapper reads or leaves out on purpose
	notes  []Problem       // of the file as a whole, handed over with the first row
	some   bool            // a row has been read
	towns  towns           // where its rows put towns
	seen   keySet
	work   builder
	close  io.Closer // beside the table
}

// newSheet returns a sheet over an open table. The header is nil for a file
// without one.
func newSheet(rows *table.Reader, header *table.Header, info Info) *sheet {
	s := &sheet{rows: rows, header: header, info: info, known: map[string]bool{}, key: column{index: -1}}
	s.madeBy = info.Format + "/" + strconv.Itoa(importerVersion(info.Format))
	return s
}

// col returns the column with one of the names, the earlier names first.
func (s *sheet) col(names ...string) column {
	for _, n := range names {
		s.known[table.Key(n)] = true
	}
	i, ok := s.header.Column(names...)
	if !ok {
		return column{index: -1, name: names[0], locator: "column " + names[0]}
	}
	printed := strings.TrimSpace(s.header.Names[i])
	return column{index: i, name: printed, locator: "column " + printed}
}

// leave marks columns that the format defines and the importer has no use for,
// so that they are not reported as unknown.
func (s *sheet) leave(names ...string) {
	for _, n := range names {
		s.known[table.Key(n)] = true
	}
}

// reportUnknown lists the columns that nothing reads, and names that stand
// twice, of which only the first is read.
func (s *sheet) reportUnknown() {
	for _, n := range s.header.Names {
		if k := table.Key(n); k != "" && !s.known[k] {
			s.notes = append(s.notes, problemOf(say("column_unknown"), 0, strings.TrimSpace(n)))
		}
	}
	for _, d := range s.header.Duplicates() {
		s.notes = append(s.notes, problemOf(say("column_twice", "columns", len(d.Columns)), 0, strings.TrimSpace(d.Name)))
	}
}

// Info implements [Reader].
func (s *sheet) Info() Info {
	i := s.info
	i.Encoding = string(s.rows.Encoding())
	return i
}

// Consumed returns how many bytes of the file have been read, for a progress
// display. For a compressed file they are the compressed ones.
func (s *sheet) Consumed() int64 { return s.rows.Consumed() }

// Close implements [Reader].
func (s *sheet) Close() error {
	err := s.rows.Close()
	if s.close != nil {
		err = errors.Join(err, s.close.Close())
	}
	return err
}

// Notes implements [Reader].
func (s *sheet) Notes() []Problem {
	if s.some {
		return nil // with the first row
	}
	return append([]Problem{problemOf(say("no_rows"), 0, "")}, s.notes...)
}

// Next implements [Reader]. The row returned shares nothing with later ones.
func (s *sheet) Next() (*Row, error) {
	for {
		raw, err := s.rows.Next()
		if err != nil {
			return nil, err
		}
		if raw.Role == table.RoleData {
			s.some = true
			return s.read(raw), nil
		}
	}
}

func (s *sheet) read(raw *table.Row) *Row {
	row := &Row{
		Number: int(raw.Number), Line: int(raw.Line),
		Offset: max(raw.Offset, 0), Length: raw.Length,
		Hash: RowHash(raw),
	}
	if len(s.notes) > 0 {
		row.Problems, s.notes = s.notes, nil
	}
	b := &s.work
	b.start(s, row, raw.Cells)
	s.tableProblems(b, raw)
	if !row.Refused {
		b.checkText(raw)
	}
	if row.Refused && !raw.Refused {
		// So that a row which was read before is not taken for gone.
		if key := clip(b.cell(s.key), 500); strings.IndexByte(key, 0) < 0 {
			row.Key = key
		}
	}
	if !row.Refused {
		s.build(b)
	}
	if !row.Refused && !row.Skipped && row.Key == "" {
		b.refuse(column{}, "no_identifier")
	}
	if !row.Refused {
		if first := s.seen.add(row.Key, row.Line); first > 0 {
			b.refuse(column{}, "identifier_twice", "cell", row.Key, "line", first)
		}
	}
	b.finish()
	return row
}

// tableProblems hands over what the table found. A row with cells missing or
// too many is refused, because nobody can tell which cells have moved.
func (s *sheet) tableProblems(b *builder, raw *table.Row) {
	for _, p := range raw.Problems {
		words := ofTable(p)
		switch p.Code {
		case table.ProblemShort:
			b.row.Refused = true
			switch {
			case s.header == nil:
			case raw.Raw != nil && !bytes.HasSuffix(bytes.TrimRight(raw.Raw, "\x00\r"), []byte("\n")) && !bytes.HasSuffix(bytes.TrimRight(raw.Raw, "\x00"), []byte("\r")):
				// Only the last line of a file has no end; in UTF-16 a zero byte may follow.
				words = say("row_cut", "cells", len(raw.Cells), "expected", len(s.header.Names))
			default:
				words = say("row_short", "cells", len(raw.Cells), "expected", len(s.header.Names))
			}
		case table.ProblemLong:
			if blankFrom(raw.Cells, p.Column-1) {
				words = say("row_long_blank", "cells", len(raw.Cells), "expected", p.Column-1)
				break
			}
			b.row.Refused = true
			words = say("row_long", "cells", len(raw.Cells), "expected", p.Column-1)
		case table.ProblemCell:
			b.row.Refused = true
		}
		b.row.Problems = append(b.row.Problems, problemOf(words, int(p.Line), s.columnName(p.Column-1)))
	}
	if raw.Refused {
		b.row.Refused = true
	}
}

// ofTable says what a table found in its bytes and quotation marks.
func ofTable(p table.Problem) *words {
	switch p.Code {
	case table.ProblemOpenQuote:
		return say("quote_open", "byte", p.Byte)
	case table.ProblemStrayQuote:
		if p.Variant == table.VariantAfter {
			return say("quote_after", "byte", p.Byte)
		}
		return say("quote_stray", "byte", p.Byte)
	case table.ProblemEncoding:
		switch p.Variant {
		case table.VariantHalf:
			return say("encoding_half", "byte", p.Byte)
		case table.VariantByte:
			return say("encoding_byte", "cell", p.Value, "byte", p.Byte)
		case table.VariantMixed:
			return say("encoding_mixed")
		}
		return say("encoding_utf8", "cell", p.Value, "byte", p.Byte)
	case table.ProblemTooLong:
		if p.Variant == table.VariantCells {
			return say("row_wide", "most", p.Value)
		}
		return say("row_bytes", "most", p.Value)
	case table.ProblemCell:
		return say("row_damaged")
	}
	return say("row_unread")
}

func (s *sheet) columnName(i int) string {
	if s.header == nil || i < 0 || i >= len(s.header.Names) {
		return ""
	}
	return strings.TrimSpace(s.header.Names[i])
}

func blankFrom(cells []string, i int) bool {
	for _, c := range cells[min(max(i, 0), len(cells)):] {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// RowHash is the hash of a row, [Row.Hash], over the record as it stands in the file;
// a workbook has no such bytes, so its cells are hashed with their lengths.
func RowHash(raw *table.Row) [32]byte {
	if raw.Raw != nil {
		return sha256.Sum256(raw.Raw)
	}
	h := sha256.New()
	for _, list := range [][]string{raw.Cells, raw.Stored} {
		for _, c := range list {
			fmt.Fprintf(h, "%d:%s", len(c), c)
		}
		h.Write([]byte{0xff})
	}
	return [32]byte(h.Sum(nil))
}

// builder makes the records of one row. Claims, segments and numbers come from
// slabs made once per row, which keeps the work of the garbage collector small.
type builder struct {
	sheet  *sheet
	row    *Row
	cells  []string
	claims []Claim
	segs   []record.Segment
	nums   []int64
	// pointColumn is where the row's point stands.
	pointColumn column
	// The sizes that the row before needed are the best guess for the next one.
	claimHint, segHint, numHint int
}

func (b *builder) start(s *sheet, row *Row, cells []string) {
	b.sheet, b.row, b.cells = s, row, cells
	b.claims, b.segs, b.nums = nil, nil, nil
	b.pointColumn = column{}
}

// finish hands the claims over, or takes everything back from a refused row.
func (b *builder) finish() {
	if b.row.Refused {
		b.row.Event, b.row.Claims, b.row.Words = nil, nil, ""
		b.row.Source = record.Source{}
	} else {
		b.row.Claims = b.claims
	}
	b.claimHint, b.segHint, b.numHint = max(len(b.claims), b.claimHint), max(len(b.segs), b.segHint), max(len(b.nums), b.numHint)
	b.claims, b.segs, b.nums = nil, nil, nil
}

// checkText refuses text that no database would take and no reader could see.
func (b *builder) checkText(raw *table.Row) {
	if raw.Raw != nil && bytes.IndexByte(raw.Raw, 0) < 0 {
		return
	}
	for i, c := range b.cells {
		if strings.IndexByte(c, 0) >= 0 {
			b.refuse(column{name: b.sheet.columnName(i)}, "zero_byte")
			return
		}
	}
}

// problem lists something that a person should look at.
func (b *builder) problem(c column, key string, args ...any) {
	b.row.Problems = append(b.row.Problems, problemOf(say(key, args...), b.row.Line, c.name))
}

// refuse says why the row cannot be read.
func (b *builder) refuse(c column, key string, args ...any) {
	b.refuseFor(c, say(key, args...))
}

// refuseFor is refuse with what a reader of cells found.
func (b *builder) refuseFor(c column, err error) {
	b.row.Refused = true
	b.row.Problems = append(b.row.Problems, problemOf(err, b.row.Line, c.name))
}

// printed returns the cell as it stands in the file.
func (b *builder) printed(c column) string {
	if c.index < 0 || c.index >= len(b.cells) {
		return ""
	}
	return b.cells[c.index]
}

// cell returns the cell without the white space around it.
func (b *builder) cell(c column) string { return strings.TrimSpace(b.printed(c)) }

// line returns the cell as one line of text that fits a name or a title.
func (b *builder) line(c column) string {
	s := b.cell(c)
	if len(s) <= record.MaxLine && strings.IndexByte(s, '\n') < 0 && strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return clip(strings.Join(strings.Fields(s), " "), record.MaxLine)
}

// clip cuts text to at most limit bytes, between characters.
func clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

// claim appends an empty claim. The pointer is good until the next call.
func (b *builder) claim(part string, kind record.ClaimKind) *Claim {
	if b.claims == nil {
		b.claims = make([]Claim, 0, max(b.claimHint, 8))
	}
	b.claims = append(b.claims, Claim{Part: part})
	c := &b.claims[len(b.claims)-1]
	c.Kind = kind
	c.MadeBy = b.sheet.madeBy
	return c
}

// int64 returns a pointer to n.
func (b *builder) int64(n int64) *int64 {
	if len(b.nums) == cap(b.nums) {
		b.nums = make([]int64, 0, max(b.numHint, 16))
	}
	b.nums = append(b.nums, n)
	return &b.nums[len(b.nums)-1]
}

// passage cites cells as printed. Blank cells are left out: there is nothing in
// them to quote.
func (b *builder) passage(locator string, columns ...column) record.Passage {
	p := record.Passage{Locator: locator}
	if cap(b.segs)-len(b.segs) < len(columns) {
		b.segs = make([]record.Segment, 0, max(b.segHint, 16, len(columns)))
	}
	start := len(b.segs)
	for _, c := range columns {
		text := b.printed(c)
		if strings.TrimSpace(text) == "" {
			continue
		}
		if len(text) > record.MaxText {
			text = clip(text, record.MaxText)
			b.problem(c, "long_cell", "bytes", record.MaxText)
		}
		if !utf8.ValidString(text) {
			text = strings.ToValidUTF8(text, "\uFFFD")
		}
		b.segs = append(b.segs, record.Segment{Exact: text})
	}
	p.Segments = b.segs[start:len(b.segs):len(b.segs)]
	return p
}

// attribute makes a claim of what a cell states, and none of a blank cell.
func (b *builder) attribute(part string, attr record.Attribute, c column) *Claim {
	text := b.cell(c)
	if text == "" {
		return nil
	}
	return b.attributeText(part, attr, c, text)
}

// attributeText is attribute with the value in other words than the cell's, for
// codes.
func (b *builder) attributeText(part string, attr record.Attribute, c column, text string) *Claim {
	p := b.passage(c.locator, c)
	m := b.claim(part, record.KindAttribute)
	m.Attribute, m.Passage = attr, p
	m.Value.Text = clip(strings.ToValidUTF8(text, "\uFFFD"), record.MaxText)
	return m
}

// statement makes a claim of free text, and none of blank cells.
func (b *builder) statement(part, topic string, stance record.Stance, columns ...column) *Claim {
	var filled column
	n := 0
	for _, c := range columns {
		if b.cell(c) != "" {
			if n == 0 {
				filled = c
			}
			n++
		}
	}
	if n == 0 {
		return nil
	}
	locator := filled.locator
	if n > 1 {
		locator = columnsLocator(columns)
	}
	p := b.passage(locator, columns...)
	m := b.claim(part, record.KindStatement)
	m.Topic, m.Stance, m.Passage = topic, stance, p
	return m
}

func columnsLocator(columns []column) string {
	var out strings.Builder
	for _, c := range columns {
		if !c.present() {
			continue
		}
		if out.Len() == 0 {
			out.WriteString("columns ")
		} else {
			out.WriteString(", ")
		}
		out.WriteString(c.name)
	}
	return clip(out.String(), record.MaxLine)
}

// exact makes a claim of a whole number printed as digits.
func (b *builder) exact(part string, measure record.Measure, form record.Form, role record.Role, c column, n int64) *Claim {
	p := b.passage(c.locator, c)
	m := b.claim(part, record.KindMeasure)
	m.Measure, m.Form, m.Role, m.Passage = measure, form, role, p
	m.Operator = record.Exact
	m.Low = b.int64(n)
	m.High = m.Low
	return m
}

// number makes a claim of a number printed in any of the ways readCount knows.
// missing says which cells state that there is no number. A cell with another
// content refuses the row. It returns nil when there is no claim.
func (b *builder) number(part string, measure record.Measure, form record.Form, role record.Role, c column, missing func(string) bool) *Claim {
	cell := b.cell(c)
	if cell == "" || missing != nil && missing(cell) {
		return nil
	}
	n, kind := readCount(cell)
	switch kind {
	case readNumber:
		return b.counted(part, measure, form, role, c, n)
	case readWords:
		p := b.passage(c.locator, c)
		m := b.claim(part, record.KindMeasure)
		m.Measure, m.Form, m.Role, m.Passage = measure, form, role, p
		m.Operator, m.Words = record.InWords, clip(cell, record.MaxLine)
		return m
	}
	b.refuse(c, "not_number", "cell", cell)
	return nil
}

// counted makes a claim of a number that was read.
func (b *builder) counted(part string, measure record.Measure, form record.Form, role record.Role, c column, n count) *Claim {
	m := b.exact(part, measure, form, role, c, n.n)
	if !n.plain {
		m.Words = clip(b.cell(c), record.MaxLine)
	}
	if n.op != record.Exact {
		m.Bounds(n.op, n.n, n.upper)
	}
	return m
}

// point reads a latitude and a longitude. Both blank is no point; a point
// outside the world refuses the row; one that seems to have its two numbers
// swapped is kept as printed and listed.
func (b *builder) point(lat, lon column, where *country) *record.Point {
	return b.pointText(b.cell(lat), b.cell(lon), lat, lon, where)
}

func (b *builder) pointText(la, lo string, lat, lon column, where *country) *record.Point {
	if isAbsent(la) && isAbsent(lo) {
		return nil
	}
	if isAbsent(la) || isAbsent(lo) {
		c := lat
		if isAbsent(lo) {
			c = lon
		}
		b.problem(c, "half_point")
		return nil
	}
	b.pointColumn = lat
	p, ok := record.Point{}, true
	for _, v := range []struct {
		cell  string
		into  *float64
		col   column
		limit float64
		key   string
	}{{la, &p.Lat, lat, 90, "latitude"}, {lo, &p.Lon, lon, 180, "longitude"}} {
		f, err := strconv.ParseFloat(v.cell, 64)
		if err != nil || f != f {
			b.refuse(v.col, "not_coordinate", "cell", v.cell)
			ok = false
			continue
		}
		*v.into = f
		if f < -v.limit || f > v.limit {
			ok = false
			key := v.key
			if other, err := strconv.ParseFloat(lo, 64); err == nil && v.limit == 90 && f >= -180 && f <= 180 && other >= -90 && other <= 90 {
				key = "latitude_swapped"
			}
			b.refuse(v.col, key, "cell", v.cell)
		}
	}
	if !ok {
		return nil
	}
	switch km := where.outside(p); {
	case where.swapped(p):
		b.problem(lat, "point_swapped", "lat", la, "lon", lo, "country", where.alpha2)
	case km > 0:
		b.problem(lat, "point_outside", "lat", la, "lon", lo, "km", km, "country", where.alpha2)
	}
	return &p
}

// isAbsent recognises what tables print for a coordinate that is not there.
func isAbsent(s string) bool {
	switch s {
	case "", ".", "NA", "N/A", "NaN", "nan", "NULL":
		return true
	}
	return false
}

// source fills the row's own source.
func (b *builder) source(title string) {
	i := &b.sheet.info
	b.row.Source = record.Source{
		Type: record.TypeRow, Title: record.Plain("en", title), Publisher: i.Publisher, Language: "en",
		Locator: "id " + clip(b.row.Key, 200), Sensitivity: record.Open, Terms: i.Terms, Credit: i.Credit,
	}
}

// event fills the row's event.
func (b *builder) event(kind record.EventType, title, slug, dataset string) *record.Event {
	e := &record.Event{
		Slug: slug, Title: record.Plain("en", clip(title, record.MaxLine)), Type: kind, Status: record.Held, Dataset: dataset,
	}
	b.row.Event = e
	return e
}

// date makes the date claim and gives it to the event.
func (b *builder) date(when record.When, text string, columns ...column) {
	if when.IsZero() {
		return
	}
	b.row.Event.When = when
	locator := columns[0].locator
	if len(columns) > 1 {
		locator = columnsLocator(columns)
	}
	p := b.passage(locator, columns...)
	m := b.claim("date", record.KindAttribute)
	m.Attribute, m.Passage = record.AttrDate, p
	m.Value.Text, m.Value.When = text, when
}

// place makes the place claim and gives it to the event.
func (b *builder) place(where record.Place, columns ...column) {
	if where.IsZero() {
		return
	}
	b.row.Event.Where = where
	b.compareTown(where)
	p := b.passage(columnsLocator(columns), columns...)
	m := b.claim("place", record.KindAttribute)
	m.Attribute, m.Passage = record.AttrPlace, p
	m.Value.Text, m.Value.Place = where.Printed, where
}
