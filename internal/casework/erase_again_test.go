package casework_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/store"
)

// TestEraseOnlyRefusedRow imports a file again in which nothing but rows that were
// refused named somebody who was erased since: the same file, one with more rows,
// and one in which the row is mended.
func TestEraseOnlyRefusedRow(t *testing.T) {
	const head = "id,date,place,killed,words\n"
	const good = "1,2013-02-01,Example Town,4,nobody named\n"
	const named = "7,no date,Example Town,5,the family of " + plantedName + "\n"
	onBoth(t, func(t *testing.T, w *world) {
		dir := t.TempDir()
		take := func(name, text string) *casework.ImportReport {
			t.Helper()
			file := filepath.Join(dir, name)
			w.must(os.WriteFile(file, []byte(text), 0o600))
			report, err := w.importAgain(file)
			w.must(err)
			return report
		}
		if r := take("table.csv", head+good+named); r.Created != 1 || r.Refused != 1 {
			t.Fatalf("%+v", r)
		}
		p := w.person("somebody", plantedName)
		w.must(w.h.Erase(w.ctx, w.editor, p.Ref(), "asked"))
		for _, again := range []struct {
			name, text      string
			created, passed int
		}{
			{"table.csv", head + good + named, 0, 2},
			{"newer.csv", head + good + "2,2013-02-02,Example Town,5,nobody either\n" + named, 1, 2},
			{"mended.csv", head + good + strings.Replace(named, "no date", "2013-02-07", 1), 0, 2},
		} {
			r := take(again.name, again.text)
			if r.Created != again.created || r.Unchanged != again.passed || r.Refused != 0 || len(r.Problems) != 0 {
				t.Errorf("%s: %+v", again.name, r)
			}
			if files := w.grep("zubaydaqq"); len(files) > 0 {
				t.Errorf("%s brings the name back, into %v", again.name, files)
			}
		}
		w.sound()
	})
}

// TestEraseRowThatIsWarnedOf makes sure that nothing is told of a row that is passed
// over: what is odd about it may quote the name.
func TestEraseRowThatIsWarnedOf(t *testing.T) {
	w := newWorld(t)
	const table = "id,date,place,killed,words\n1,2013-02-01,Example Town," + plantedName + " and 3 others,said " + plantedName + "\n"
	file := filepath.Join(t.TempDir(), "table.csv")
	w.must(os.WriteFile(file, []byte(table), 0o600))
	first, err := w.importAgain(file)
	w.must(err)
	if len(first.Problems) == 0 || !strings.Contains(first.Problems[0].Reason, plantedName) {
		t.Fatalf("%+v", first)
	}
	p := w.person("somebody", plantedName)
	w.must(w.h.Erase(w.ctx, w.editor, p.Ref(), "asked"))
	again, err := w.importAgain(file)
	w.must(err)
	if len(again.Problems) != 0 || again.Refused != 0 {
		t.Errorf("%+v", again)
	}
	if files := w.grep("zubaydaqq"); len(files) > 0 {
		t.Errorf("the report brings the name back, into %v", files)
	}
}

// TestEraseDocument takes a folder in again from which a document went with
// somebody who was erased.
func TestEraseDocument(t *testing.T) {
	w := newWorld(t)
	dir := t.TempDir()
	w.must(os.WriteFile(filepath.Join(dir, "letter.txt"), []byte("We mourn "+plantedName+".\n"), 0o600))
	w.must(os.WriteFile(filepath.Join(dir, "other.txt"), []byte("Nobody is named here.\n"), 0o600))
	take := func() *casework.ImportReport {
		t.Helper()
		r, err := w.h.ImportDocuments(w.ctx, w.editor, dir, casework.DocumentOptions{})
		w.must(err)
		return r
	}
	if r := take(); r.Created != 2 {
		t.Fatalf("%+v", r)
	}
	p := w.person("somebody", plantedName)
	w.must(w.h.Erase(w.ctx, w.editor, p.Ref(), "asked"))
	if r := take(); r.Unchanged != 1 || r.Refused != 1 || r.Created != 0 || len(r.Problems) != 1 || r.Problems[0].Key != "problem.record_erased" {
		t.Errorf("%+v", r)
	}
	if files := w.grep("zubaydaqq"); len(files) > 0 {
		t.Errorf("the folder brings the name back, into %v", files)
	}
}

// TestStruckKeepsNoName makes sure that what is remembered of a struck row is of one
// size, whoever it spoke of, and holds neither the row nor its identifier.
func TestStruckKeepsNoName(t *testing.T) {
	w := newWorld(t)
	w.importTable(plantedTable)
	file := filepath.Join(t.TempDir(), "table.csv")
	w.must(os.WriteFile(file, []byte(plantedTable+"secret-identifier,no date,Example Town,5,"+plantedName+"\n"), 0o600))
	_, err := w.importAgain(file)
	w.must(err)
	p := w.person("somebody", plantedName)
	w.must(w.h.Erase(w.ctx, w.editor, p.Ref(), "asked"))
	w.must(w.store.View(w.ctx, func(r *store.Reader) error {
		kept, err := r.Setting(w.ctx, "erase.struck")
		if len(kept) < 48 || len(kept)%16 != 0 || bytes.Contains(kept, []byte("secret")) {
			t.Errorf("%d bytes are kept: %x", len(kept), kept)
		}
		return err
	}))
	if files := w.grep("secret-identifier"); len(files) > 0 {
		t.Errorf("the row's identifier is in %v", files)
	}
}
