package exchange

import (
	"archive/zip"
	"errors"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/record"
)

// workbook writes a small XLSX file with its cells as inline text.
func workbook(t *testing.T, rows [][]string) string {
	t.Helper()
	var sheet strings.Builder
	sheet.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	for i, row := range rows {
		fmt.Fprintf(&sheet, `<row r="%d">`, i+1)
		for j, cell := range row {
			fmt.Fprintf(&sheet, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+j, i+1, html.EscapeString(cell))
		}
		sheet.WriteString(`</row>`)
	}
	sheet.WriteString(`</sheetData></worksheet>`)
	path := filepath.Join(t.TempDir(), "own.xlsx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Toll" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", sheet.String()},
	} {
		w, err := z.Create(part[0])
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(part[1]))
	}
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWorkbook(t *testing.T) {
	m := &Mapping{
		Dataset: "own", Terms: record.TermsFree, Key: "Ref", Date: DateColumn{Column: "When", Format: DateDMY},
		Measures: []MeasureColumn{{Column: "Dead", Measure: record.Killed}},
	}
	path := workbook(t, [][]string{{"Ref", "When", "Dead", "Notes"}, {"A-1", "10/1/2013", "96"}, {"A-2", "31/2/2013", "1", "x"}, {"A-1", "11/1/2013", "2"}})
	rows := readAll(t, "csv", path, Options{Mapping: m})
	if len(rows) != 3 || rows[0].Refused || numbers(mustClaim(t, rows[0], "dead")) != "exact 96" {
		t.Fatalf("%+v", rows)
	}
	if !rows[1].Refused || !hasProblem(rows[1], "31 February") || !rows[2].Refused || !hasProblem(rows[2], "stands already on line 2") {
		t.Errorf("%+v %+v", rows[1], rows[2])
	}
	if rows[0].Hash == rows[1].Hash {
		t.Error("two rows have one hash")
	}
	if format, _, err := Guess(path); format != "csv" || err != nil {
		t.Errorf("guess %q, %v", format, err)
	}
	if _, err := Open("csv", path, Options{Mapping: m, Sheet: "None"}); err == nil {
		t.Error("a worksheet that does not exist was opened")
	}
}
