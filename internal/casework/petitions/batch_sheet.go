package petitions

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gawah-project/gawah/names"
)

// The bounds on one file of lines.
const (
	maxSheet      = 8 << 20 // bytes
	maxSheetLines = 20_000
	maxSheetCell  = 4_000 // bytes
)

// SheetField is what a column of a file of paper lines holds.
type SheetField string

// The fields. A file has a name, or a given and a family name.
const (
	SheetName    SheetField = "name"
	SheetGiven   SheetField = "given"
	SheetFamily  SheetField = "family"
	SheetEmail   SheetField = "email"
	SheetCountry SheetField = "country"
	SheetTown    SheetField = "town"
	SheetNumber  SheetField = "sheet"
	SheetLine    SheetField = "line"
)

// SheetFields lists the fields in the order in which forms show them.
func SheetFields() []SheetField {
	return []SheetField{SheetName, SheetGiven, SheetFamily, SheetEmail, SheetCountry, SheetTown, SheetNumber, SheetLine}
}

// headings are what columns are called, folded.
var headings = map[SheetField][]string{
	SheetName:    {"name", "full name", "signature name", "signatory", "signer", "نام", "مکمل نام", "نام کامل", "نام مکمل"},
	SheetGiven:   {"given name", "first name", "forename", "given_name", "firstname", "first_name", "نام اول"},
	SheetFamily:  {"family name", "last name", "surname", "family_name", "lastname", "last_name", "خاندانی نام", "تخلص"},
	SheetEmail:   {"email", "e-mail", "mail", "email address", "e-mail address", "ای میل", "ایمیل", "برقی نامه"},
	SheetCountry: {"country", "country code", "country_code", "ملک", "کشور"},
	SheetTown:    {"town", "city", "place", "city/town", "شہر", "شهر"},
	SheetNumber:  {"sheet", "sheet number", "sheet no", "page", "page number", "ورق", "صفحہ", "ورقه", "صفحه", "برگ"},
	SheetLine:    {"line", "line number", "line no", "row", "row number", "سطر", "قطار", "ردیف"},
}

// SheetMap says by heading which column holds which field; a field that is not
// in it is not in the file.
type SheetMap map[SheetField]string

// GuessSheet proposes which columns hold what, by their headings.
func GuessSheet(header []string) SheetMap {
	out := SheetMap{}
	for field, known := range headings {
		for _, h := range header {
			folded := names.Fold(h)
			for _, k := range known {
				if folded != "" && folded == names.Fold(k) && out[field] == "" {
					out[field] = h
				}
			}
		}
	}
	return out
}

// ErrSheet means that a file cannot be read as lines of paper.
var ErrSheet = errors.New("the file is not a table of lines: save it as CSV in UTF-8, with a heading for each column")

// SheetHeader returns the headings of a file of lines.
func SheetHeader(from io.Reader) ([]string, error) {
	r, err := openSheet(from)
	if err != nil {
		return nil, err
	}
	return r.header, nil
}

// sheet is an opened file of lines.
type sheet struct {
	header []string
	csv    *csv.Reader
}

func openSheet(from io.Reader) (*sheet, error) {
	text, err := io.ReadAll(io.LimitReader(from, maxSheet+1))
	if err != nil {
		return nil, fmt.Errorf("read a file of lines: %w", err)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if len(text) > maxSheet || !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return nil, ErrSheet
	}
	s := &sheet{csv: csv.NewReader(bytes.NewReader(text))}
	s.csv.Comma = delimiter(text)
	s.csv.FieldsPerRecord = -1
	s.csv.LazyQuotes = true
	s.csv.TrimLeadingSpace = true
	if s.header, err = s.csv.Read(); err != nil || len(s.header) > 200 {
		return nil, ErrSheet
	}
	for i, h := range s.header {
		if len(h) > maxSheetCell {
			return nil, ErrSheet
		}
		s.header[i] = strings.TrimSpace(h)
	}
	return s, nil
}

// delimiter is the one of which the first line has most.
func delimiter(text []byte) rune {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// lines reads the lines as they are mapped. country is that of lines that name
// none, and number the sheet of those that name none. Lines without a number are
// counted from the top of their sheet. One in which nothing stands is left out, and
// counted.
func (s *sheet) lines(m SheetMap, country string, number int) ([]PaperLine, error) {
	column := map[SheetField]int{}
	for field, heading := range m {
		for i, h := range s.header {
			if h == heading && heading != "" {
				column[field] = i
			}
		}
		if _, ok := column[field]; !ok && heading != "" {
			return nil, wrong("mapping", "mapping")
		}
	}
	_, whole := column[SheetName]
	_, given := column[SheetGiven]
	_, family := column[SheetFamily]
	if !whole && !given && !family {
		return nil, wrong("mapping", "mapping")
	}
	_, numbered := column[SheetNumber]
	if !numbered && number < 1 {
		return nil, wrong("sheet", "sheet_number")
	}
	_, counted := column[SheetLine]
	last := map[int]int{} // the line read last, by sheet
	var out []PaperLine
	for {
		row, err := s.csv.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, ErrSheet
		}
		cell := func(f SheetField) string {
			i, ok := column[f]
			if !ok || i >= len(row) {
				return ""
			}
			if len(row[i]) > maxSheetCell {
				return row[i][:maxSheetCell] // too long for anything, and refused as such
			}
			return strings.TrimSpace(row[i])
		}
		at, _ := s.csv.FieldPos(0)
		l := PaperLine{At: at, Name: cell(SheetName), Email: cell(SheetEmail), Country: strings.ToUpper(cell(SheetCountry)), Town: cell(SheetTown)}
		if l.Name == "" {
			l.Name = strings.TrimSpace(cell(SheetGiven) + " " + cell(SheetFamily))
		}
		l.Sheet = number
		if text := cell(SheetNumber); text != "" {
			l.Sheet = placeNumber(text)
		} else if numbered && number < 1 {
			l.Sheet = -1
		}
		last[l.Sheet]++
		if l.Line = last[l.Sheet]; counted {
			l.Line = placeNumber(cell(SheetLine))
		}
		if l.Name == "" && l.Email == "" && l.Town == "" {
			continue
		}
		if l.Country == "" {
			l.Country = country
		}
		if out = append(out, l); len(out) > maxSheetLines {
			return nil, wrong("file", "many", "limit", fmt.Sprint(maxSheetLines))
		}
	}
}

// placeNumber reads the number of a sheet or a line, in the digits of any script;
// -1 for anything else.
func placeNumber(text string) int {
	n, err := strconv.Atoi(names.Fold(text))
	if err != nil || n < 1 || n > maxPlace {
		return -1
	}
	return n
}
