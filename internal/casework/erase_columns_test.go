package casework_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/gawah-project/gawah/internal/record"
)

// columnsTable has a person's given and family name in columns of their own, of
// which the importer reads the one as words about the event and the other not.
var columnsTable = [][]string{
	{"id", "date", "place", "killed", "words", "family", "note"},
	{"1", "2013-02-01", "Example Town", "4", "Exampleqq", "Otherwise", "a"},
	{"2", "2013-02-02", "Example Town", "5", "Zubaydaqq", "Testfallqq", "b"},
	{"x", "no date", "Example Town", "6", "zubaydaqq", "TESTFALLQQ", "c"},
}

func separated(rows [][]string, by string) []byte {
	var b bytes.Buffer
	for _, r := range rows {
		b.WriteString(strings.Join(r, by) + "\n")
	}
	return b.Bytes()
}

// TestEraseNameInTwoColumns makes sure that nothing is left of a name whose parts
// stand in cells of their own: in no file, no record and no search, neither at once
// nor when the same file is imported again.
func TestEraseNameInTwoColumns(t *testing.T) {
	var packed, wide, book bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(separated(columnsTable, ",")); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	if err := binary.Write(&wide, binary.LittleEndian, utf16.Encode([]rune("\ufeff"+string(separated(columnsTable, "\t"))))); err != nil {
		t.Fatal(err)
	}
	x := excelize.NewFile()
	for i, row := range columnsTable {
		if err := x.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Write(&book); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name  string
		bytes []byte
		left  bool // the file stays, without the rows
	}{
		{"table.csv", separated(columnsTable, ","), true},
		{"table.csv.gz", packed.Bytes(), true},
		{"table.tsv", wide.Bytes(), false},
		{"table.xlsx", book.Bytes(), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			file := filepath.Join(t.TempDir(), test.name)
			w.must(os.WriteFile(file, test.bytes, 0o600))
			report, err := w.importAgain(file)
			w.must(err)
			if report.Created != 2 || report.Refused != 1 {
				t.Fatalf("%+v", report)
			}
			// A copy of a source that nobody imported, and a file that waits for an import.
			held := w.source("Testfall Daily")
			_, err = w.h.AddCapture(w.ctx, w.editor, held.ID, test.name, "application/octet-stream", bytes.NewReader(append(bytes.Clone(test.bytes), '\n')))
			if err != nil && !strings.HasSuffix(test.name, "x") {
				t.Fatal(err)
			}
			_, _, err = w.h.StageImport(w.ctx, w.editor, bytes.NewReader(append(bytes.Clone(test.bytes), '\n', '\n')), 1<<20)
			w.must(err)
			p := w.person("somebody", plantedName)
			w.must(w.h.Erase(w.ctx, w.editor, p.Ref(), "asked"))
			gone := func(when string) {
				t.Helper()
				for _, name := range []string{"zubaydaqq", "Zubaydaqq", "testfallqq", "TESTFALLQQ"} {
					if files := w.grep(name); len(files) > 0 {
						t.Errorf("%s %q is in %v", when, name, files)
					}
				}
				w.sound()
			}
			gone("after the erasure")
			var b bytes.Buffer
			err = w.h.ExportOriginal(w.ctx, w.editor, report.Import, &b)
			if test.left {
				w.must(err)
			} else {
				w.wants(err, record.ErrNotFound, "the file that had to go")
			}
			if test.name == "table.csv" && (b.Len() != len(test.bytes) || !strings.Contains(b.String(), "1,2013-02-01,Example Town,4,Exampleqq,Otherwise,a\n")) {
				t.Errorf("the file became %q", b.String())
			}
			if len(w.grep("Exampleqq")) == 0 {
				t.Error("somebody else's row went, too")
			}
			_, err = w.importAgain(file)
			w.must(err)
			gone("after the same import again")
		})
	}
}
