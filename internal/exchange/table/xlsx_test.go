package table

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/gawah-project/gawah/internal/testneed"
)

func workbookBytes(t testing.TB, fill func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWorkbook(t *testing.T) {
	in := workbookBytes(t, func(f *excelize.File) {
		set := func(cell string, v any) {
			if err := f.SetCellValue("Sheet1", cell, v); err != nil {
				t.Fatal(err)
			}
		}
		for c, v := range map[string]any{
			"A1": "Date", "B1": "Killed", "C1": "Lat", "D1": "Note",
			"A2": "#date", "B2": "#killed",
			"B3": "40+", "C3": 30.123456, "A5": "none", "D5": "کوئٹہ",
		} {
			set(c, v)
		}
		set("A3", time.Date(2001, 5, 1, 0, 0, 0, 0, time.UTC))
		style, err := f.NewStyle(&excelize.Style{NumFmt: 2})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellStyle("Sheet1", "C3", "C3", style); err != nil {
			t.Fatal(err)
		}
		if _, err := f.NewSheet("Other"); err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellValue("Other", "A1", "only"); err != nil {
			t.Fatal(err)
		}
	})
	r, err := New(bytes.NewReader(in), Options{Name: "example.xlsx"})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if d := cmp.Diff([]string{"Sheet1", "Other"}, r.Sheets()); d != "" || r.Kind() != KindXLSX {
		t.Error(d, r.Kind())
	}
	var rows []*Row
	for row, err := range r.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row.Clone())
	}
	var roles []Role
	for _, row := range rows {
		roles = append(roles, row.Role)
	}
	if d := cmp.Diff([]Role{RoleHeader, RoleTags, RoleData, RoleBlank, RoleData}, roles); d != "" {
		t.Fatal(d)
	}
	if d := cmp.Diff([]string{"40+", "30.12", ""}, rows[2].Cells[1:]); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"37012", "40+", "30.123456", ""}, rows[2].Stored); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"none", "", "", "کوئٹہ"}, rows[4].Cells); d != "" {
		t.Error(d)
	}
	if rows[4].Number != 5 || rows[4].Offset != -1 || len(rows[4].Problems) != 0 {
		t.Errorf("%+v", rows[4])
	}

	r, err = New(bytes.NewReader(in), Options{Sheet: "Other"})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := drain(r); n != 1 || err != nil {
		t.Error(n, err)
	}
	r.Close()
	if _, err := New(bytes.NewReader(in), Options{Sheet: "Absent"}); err == nil || !strings.Contains(err.Error(), "Other") {
		t.Errorf("absent sheet: %v", err)
	}
	if _, err := New(bytes.NewReader(in), Options{MaxBytes: 100}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("limit: %v", err)
	}
	if _, err := New(bytes.NewReader(in[:len(in)-40]), Options{}); err == nil {
		t.Error("a cut workbook is read")
	}
}

// rewrite returns a workbook with one part replaced.
func rewrite(t testing.TB, in []byte, part string, content func(old []byte) []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(in), int64(len(in)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range z.File {
		r, err := e.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if e.Name == part {
			data = content(data)
		}
		out, err := w.Create(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHostileWorkbooks(t *testing.T) {
	good := workbookBytes(t, func(f *excelize.File) {
		for _, c := range []string{"A1", "B1", "A2", "B2", "A3"} {
			if err := f.SetCellValue("Sheet1", c, c); err != nil {
				t.Fatal(err)
			}
		}
	})
	sheet := "xl/worksheets/sheet1.xml"
	bomb := rewrite(t, good, sheet, func(old []byte) []byte {
		return append(append(old[:len(old)-len("</worksheet>")], bytes.Repeat([]byte(" "), 100<<20)...), "</worksheet>"...)
	})
	if _, err := New(bytes.NewReader(bomb), Options{}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("bomb: %v", err)
	}
	cut := rewrite(t, good, sheet, func(old []byte) []byte { return old[:bytes.Index(old, []byte(`<row r="2"`))] })
	if _, err := New(bytes.NewReader(cut), Options{}); err == nil {
		t.Error("a worksheet that breaks off is read")
	}
	odd := rewrite(t, good, sheet, func(old []byte) []byte {
		return bytes.Replace(old, []byte(`r="B2"`), []byte(`r="??"`), 1)
	})
	r, err := New(bytes.NewReader(odd), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	refused, rows := 0, 0
	for row, err := range r.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		rows++
		if row.Refused {
			refused++
		}
	}
	if refused != 1 || rows != 3 {
		t.Errorf("%d rows, %d refused", rows, refused)
	}
}

// FuzzWorkbook replaces the worksheet by arbitrary XML.
func FuzzWorkbook(f *testing.F) {
	good := workbookBytes(f, func(x *excelize.File) {
		if err := x.SetCellValue("Sheet1", "A1", "a"); err != nil {
			f.Fatal(err)
		}
	})
	f.Add([]byte(`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="ZZZZ1"><v>1</v></c></row></sheetData></worksheet>`))
	f.Add([]byte(`<worksheet><sheetData><row r="9"><c s="99" t="d"><v>1e999</v></c></row></sheetData></worksheet>`))
	f.Fuzz(func(t *testing.T, sheet []byte) {
		r, err := New(bytes.NewReader(rewrite(t, good, "xl/worksheets/sheet1.xml", func([]byte) []byte { return sheet })), Options{})
		if err != nil {
			return
		}
		defer r.Close()
		n := 0
		for range r.Rows() {
			if n++; n > 2000 {
				break
			}
		}
	})
}

func TestLargeWorkbookLong(t *testing.T) {
	testneed.Long(t, "takes half a minute")
	const rows = 200_000
	path := filepath.Join(t.TempDir(), "large.xlsx")
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		if err := w.SetRow("A"+strconv.Itoa(i+1), []any{i, "Example Town", 30.5 + float64(i), "Testfall " + strconv.Itoa(i), "2001-05-01", "", 3, 4, "x", "y"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	f.Close()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	base, peak := m.HeapInuse, uint64(0)
	start := time.Now()
	r, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	n := 0
	for _, err := range r.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n%5000 == 0 {
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse-min(base, m.HeapInuse))
		}
	}
	info, _ := os.Stat(path)
	t.Logf("%d rows of 10 cells, file %d MiB, %.1f s, heap at most %d MiB above the start", n, info.Size()>>20, time.Since(start).Seconds(), peak>>20)
	if n != rows || peak > 200<<20 {
		t.Errorf("%d rows, %d MiB", n, peak>>20)
	}
}
