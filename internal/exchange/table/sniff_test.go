package table

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func zipOf(t testing.TB, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, n := range names {
		if _, err := w.Create(n); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSniff(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Kind
	}{
		{"", KindEmpty},
		{"a,b\n1,2\n", KindCSV},
		{"a;b\n1,5;2\n2,5;3\n", KindSemicolon},
		{"a\tb, c\n1\t2\n", KindTSV},
		{"a|b\n1|2\n", KindBar},
		{"\xFF\xFEa\x00\t\x00b\x00\n\x00", KindTSV},
		{"One sentence.\nAnother one\n", KindText},
		{"BMI,age\n20,30\n", KindCSV},
		{"MZ,name\n1,x\n", KindCSV},
		{"[year],name\n1,x\n2,y\n", KindCSV},
		{"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n", KindPDF},
		{"PK\x05\x06" + strings.Repeat("\x00", 18), KindZIP},
		{zipOf(t, "[Content_Types].xml", "word/document.xml"), KindDOCX},
		{zipOf(t, "[Content_Types].xml", "ppt/slides/1.xml"), KindPPTX},
		{zipOf(t, "import.csv", "a.jpg"), KindZIP},
		{string(workbookBytes(t, func(*excelize.File) {})), KindXLSX},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600) + "W\x00o\x00r\x00k\x00b\x00o\x00o\x00k\x00", KindXLS},
		{"\n<!DOCTYPE html><html>", KindHTML},
		{"<?xml version=\"1.0\"?><rows/>", KindXML},
		{`{"type":"FeatureCollection","features":[]}`, KindGeoJSON},
		{`[{"a":1}]`, KindJSON},
		{"SQLite format 3\x00", KindSQLite},
		{"\x89PNG\r\n\x1a\n\x00", KindImage},
		{"MZ\x90\x00\x03\x00", KindExe},
		{"{\\rtf1", KindRTF},
		{"a\x00b\x01\x02", KindBinary},
		{string(compress(t, []byte("a,b\n1,2\n"))), KindGzip},
	} {
		got, description := Sniff(strings.NewReader(c.in))
		if got != c.want || description == "" {
			t.Errorf("%.20q: %s (%s), want %s", c.in, got, description, c.want)
		}
	}
	if _, d := Sniff(bytes.NewReader(compress(t, []byte("a,b\n1,2\n")))); !strings.Contains(d, "CSV") {
		t.Errorf("gzip: %q", d)
	}
}

func TestOtherFormatsAreNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "table.csv")
	if err := os.WriteFile(path, []byte("%PDF-1.4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(path, Options{})
	if want := "this looks like a PDF document, not a table (CSV, TSV or XLSX)"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if k, _ := Sniff(f); k != KindPDF {
		t.Errorf("file: %s", k)
	}
}
