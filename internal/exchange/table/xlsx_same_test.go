package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// asLibrary reads a worksheet in the library's own way, once as displayed and once as
// stored.
func asLibrary(t *testing.T, in []byte, sheet string) (shown, stored [][]string) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, raw := range []bool{false, true} {
		rows, err := f.Rows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		var out [][]string
		for rows.Next() {
			cells, err := rows.Columns(excelize.Options{RawCellValue: raw})
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, cells)
		}
		rows.Close()
		if raw {
			stored = out
		} else {
			shown = out
		}
	}
	return shown, stored
}

// asHere reads it with this package.
func asHere(t *testing.T, in []byte, sheet string) (shown, stored [][]string) {
	t.Helper()
	r, err := New(bytes.NewReader(in), Options{Sheet: sheet, NoHeader: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return shown, stored
		}
		if err != nil {
			t.Fatal(err)
		}
		shown, stored = append(shown, row.Clone().Cells), append(stored, row.Clone().Stored)
	}
}

// trimmed drops the blank cells and rows at the end, which mean nothing, and the
// blanks that some formats put round nothing.
func trimmed(rows [][]string) [][]string {
	out := make([][]string, 0, len(rows))
	for _, cells := range rows {
		n := len(cells)
		for n > 0 && strings.TrimSpace(cells[n-1]) == "" {
			n--
		}
		cells = append([]string{}, cells[:n]...)
		for i, c := range cells {
			if strings.TrimSpace(c) == "" {
				cells[i] = ""
			}
		}
		out = append(out, cells)
	}
	for len(out) > 0 && len(out[len(out)-1]) == 0 {
		out = out[:len(out)-1]
	}
	return out
}

// TestWorkbookAsLibrary reads generated workbooks in both ways: every kind of value
// under every built-in format and some others, with gaps between cells and rows.
func TestWorkbookAsLibrary(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 9))
	in := workbookBytes(t, func(f *excelize.File) {
		var styles []int
		for id := range 50 {
			if s, err := f.NewStyle(&excelize.Style{NumFmt: id}); err == nil {
				styles = append(styles, s)
			}
		}
		for _, code := range []string{"yyyy\\-mm\\-dd", "0.000", "General", "@", `"no. "@`, `#,##0.00;[Red]-#,##0.00;"none";"text "@`, "dd/mm/yyyy hh:mm", "0.0E+00", ";;;", `0" dead"`} {
			s, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
			if err != nil {
				t.Fatal(err)
			}
			styles = append(styles, s)
		}
		values := []any{
			0, 1, -1, 12, 1234567, 40.25, -0.5, 1e21, 1.0 / 3, 36528, 36528.75, true, false, "plain", "40+", "007", " blanks ", "کوئٹہ",
			"a_x0041_b", "_x005F_x0041_", "<&>\"'", "two\nlines", time.Date(2013, 1, 10, 20, 50, 0, 0, time.UTC), float32(0.1), 9007199254740993,
		}
		for row := 1; row < 130; row++ {
			if random.IntN(9) == 0 {
				continue
			}
			for column := 1; column < 30; column++ {
				if random.IntN(4) == 0 {
					continue
				}
				name, err := excelize.CoordinatesToCellName(column, row)
				if err != nil {
					t.Fatal(err)
				}
				value := values[random.IntN(len(values))]
				if random.IntN(3) == 0 {
					value = math.Trunc((random.Float64()-0.2)*1e6) / math.Pow10(random.IntN(9))
				}
				err = f.SetCellValue("Sheet1", name, value)
				if random.IntN(3) > 0 {
					err = errors.Join(err, f.SetCellStyle("Sheet1", name, name, styles[random.IntN(len(styles))]))
				}
				if random.IntN(30) == 0 {
					err = errors.Join(err, f.SetCellFormula("Sheet1", name, "1+1"))
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	})
	wantShown, wantStored := asLibrary(t, in, "Sheet1")
	gotShown, gotStored := asHere(t, in, "Sheet1")
	if d := cmp.Diff(trimmed(wantShown), trimmed(gotShown)); d != "" {
		t.Errorf("displayed (library -, here +):\n%s", d)
	}
	if d := cmp.Diff(trimmed(wantStored), trimmed(gotStored)); d != "" {
		t.Errorf("stored (library -, here +):\n%s", d)
	}
	if len(gotShown) < 100 {
		t.Errorf("%d rows", len(gotShown))
	}
}

// TestWorkbookXML reads what producers other than the library write.
func TestWorkbookXML(t *testing.T) {
	good := workbookBytes(t, func(f *excelize.File) {
		for _, c := range []string{"A1", "B1"} {
			if err := f.SetCellValue("Sheet1", c, "text "+c); err != nil {
				t.Fatal(err)
			}
		}
	})
	for _, test := range []struct {
		name, sheet string
		want        [][]string
	}{
		{"prefixes and comments", `<?xml version="1.0"?><x:worksheet xmlns:x="m"><!-- <row> --><x:sheetData><x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="C1"><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>`, [][]string{{"text A1", "", "5"}}},
		{"no references", `<worksheet><sheetData><row><c><v>1</v></c><c t="inlineStr"><is><t>a</t></is></c></row><row><c><v>2</v></c></row></sheetData></worksheet>`, [][]string{{"1", "a"}, {"2"}}},
		{"rich and phonetic text", `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><r><t>one </t></r><r><t xml:space="preserve">two</t></r><rPh sb="0" eb="1"><t>no</t></rPh></is></c></row></sheetData></worksheet>`, [][]string{{"one two"}}},
		{"character data", `<worksheet><sheetData><row r="1"><c r="A1" t="str"><v><![CDATA[<5]]> &amp; more</v></c></row></sheetData></worksheet>`, [][]string{{"<5 & more"}}},
		{"a gap of rows", `<worksheet><sheetData><row r="2"><c r="A2"><v>1</v></c></row><row r="4"/><row r="5"><c r="A5"><v>2</v></c></row></sheetData></worksheet>`, [][]string{{}, {"1"}, {}, {}, {"2"}}},
		{"a date of its own type", `<worksheet><sheetData><row r="1"><c r="A1" t="d"><v>2013-01-10</v></c><c r="B1" t="e"><v>#N/A</v></c><c r="C1"><f>A1</f></c></row></sheetData></worksheet>`, [][]string{{"41284", "#N/A"}}},
		{"nothing", `<worksheet><sheetData/></worksheet>`, [][]string{}},
	} {
		in := rewrite(t, good, "xl/worksheets/sheet1.xml", func([]byte) []byte { return []byte(test.sheet) })
		shown, _ := asHere(t, in, "")
		if d := cmp.Diff(test.want, trimmed(shown)); d != "" {
			t.Errorf("%s (want -, got +):\n%s", test.name, d)
		}
	}
	for name, sheet := range map[string]string{
		"breaks off":         `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v><!-- </worksheet>`,
		"rows go back":       `<worksheet><sheetData><row r="5"/><row r="3"/></sheetData></worksheet>`,
		"beyond the last":    `<worksheet><sheetData><row r="99999999"/></sheetData></worksheet>`,
		"entities":           `<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData><row r="1"><c r="A1" t="str"><v>&a;</v></c></row></sheetData></worksheet>`,
		"one row is too big": `<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>` + strings.Repeat("x", 1<<20) + `</v></c></row></sheetData></worksheet>`,
	} {
		in := rewrite(t, good, "xl/worksheets/sheet1.xml", func([]byte) []byte { return []byte(sheet) })
		r, err := New(bytes.NewReader(in), Options{MaxRecord: 256 << 10})
		if err == nil {
			_, err = drain(r)
			r.Close()
		}
		if err == nil {
			t.Errorf("%s: read without an error", name)
		}
	}
}

// TestManyStrings reads shared texts from memory and, where they are many, from a
// temporary file.
func TestManyStrings(t *testing.T) {
	s := &sharedStrings{at: -1}
	defer s.Close()
	long := strings.Repeat("x", 1<<20)
	const n = 120
	end := int64(0)
	for i := range n {
		text := fmt.Sprintf("%d %s", i, long)
		end += int64(len(text))
		s.ends = append(s.ends, end)
		if err := s.put(text); err != nil {
			t.Fatal(err)
		}
	}
	if s.file == nil || len(s.text) > stringsHeld {
		t.Errorf("%d bytes are held", len(s.text))
	}
	for _, i := range []int{0, n - 1, n / 2, n / 2, 1} {
		if text, err := s.get(fmt.Sprint(i)); err != nil || text != fmt.Sprintf("%d %s", i, long) {
			t.Errorf("text %d is %.20q, %v", i, text, err)
		}
	}
	for _, no := range []string{"-1", "120", "x", ""} {
		if _, err := s.get(no); err == nil {
			t.Errorf("there is a text %q", no)
		}
	}
}
