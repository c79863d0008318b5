package petitions

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

func (s *stand) imports(id record.BatchID, file string, sheet int) PaperResult {
	s.t.Helper()
	got, err := s.desk.ImportLines(s.ctx, s.owner, id, strings.NewReader(file), nil, sheet)
	s.must(err)
	return got
}

// linesOf lists the lines with which a result has something wrong.
func linesOf(r PaperResult) (out []string) {
	for _, p := range r.Problems {
		for _, f := range p.Err.Fields {
			out = append(out, fmt.Sprintf("%d %s %s", p.At, f.Field, f.Key))
		}
	}
	return out
}

// TestSheetPutRight imports a file again in which lines were put right and added:
// those that were taken are recognised without anything that stands in them, also
// where their names were not kept and where they were taken back since.
func TestSheetPutRight(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		id := s.makeBatch()
		const file = "name,email,city,country\nTesta Plantedeins,,Example Town,PK\n=bad,,Example Town,PK\n,,,\nTesta Zwei,two@people.example,Example Town,PK\n"
		first := s.imports(id, file, 3)
		if d := cmp.Diff([]string{"3 name invalid.person_name"}, linesOf(first)); d != "" || first.Taken != 2 {
			t.Errorf("the first time: %+v %s", first, d)
		}
		if found := s.grep("plantedeins"); len(found) > 0 {
			t.Errorf("a sealed name is kept in %v", found)
		}
		// Two lines put right, of which one was refused; the empty one is filled, one added.
		const right = "name,email,city,country\nTesta Plantedeinz,,Example Town,AF\nTesta Bad,,Example Town,PK\nTesta Late,,,PK\nTesta Zwei,zwei@people.example,Example Town,PK\nTesta Drei,,Other Town,PK\n"
		again := s.imports(id, right, 3)
		if d := cmp.Diff([]int{2, 5}, again.Again); d != "" || again.Taken != 3 || len(again.Problems) != 0 {
			t.Errorf("put right: %+v %s", again, d)
		}
		if n := s.exact().Paper; n != 5 {
			t.Errorf("%d on paper, want 5", n)
		}
		// Another sheet of the batch, and the same sheet number of another batch.
		if got := s.imports(id, file, 4); got.Taken != 2 || len(got.Again) != 0 {
			t.Errorf("another sheet: %+v", got)
		}
		if got := s.imports(s.makeBatch(), file, 3); got.Taken != 2 || len(got.Again) != 0 {
			t.Errorf("another batch: %+v", got)
		}
		n, err := s.desk.LastSheet(s.ctx, s.owner, id)
		s.must(err)
		if n != 4 {
			t.Errorf("the last sheet is %d", n)
		}
	})
}

// TestLineTakenBackStaysBack does not count a line again whose signer took it back.
func TestLineTakenBackStaysBack(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		id := s.makeBatch()
		line := PaperLine{Sheet: 1, Line: 7, Name: "Testa Leaving", Country: "PK", Show: signature.Disclosure{Organiser: signature.Name}}
		_, err := s.desk.AddLines(s.ctx, s.owner, id, []PaperLine{line})
		s.must(err)
		s.must(s.desk.WithdrawLine(s.ctx, s.owner, id, line.Name, "by letter"))
		got, err := s.desk.AddLines(s.ctx, s.owner, id, []PaperLine{line})
		s.must(err)
		if d := cmp.Diff([]int{1}, got.Again); d != "" || got.Taken != 0 {
			t.Errorf("%+v %s", got, d)
		}
		if n := s.exact().Paper; n != 0 {
			t.Errorf("%d on paper", n)
		}
	})
}

// TestSheetsWithNumbers reads where lines stand from the file, in any order and any
// script's digits, and refuses what does not say.
func TestSheetsWithNumbers(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		id := s.makeBatch()
		_, err := s.desk.ImportLines(s.ctx, s.owner, id, strings.NewReader("name\nTesta Eins\n"), nil, 0)
		s.refuses(err, "sheet", "a file that does not say on which sheet its lines stand")
		const file = "Sheet,Line,Name,Country\n1,2,Testa Eins,PK\n1,1,Testa Zwei,PK\n۲,۱,Testa Drei,PK\n1,2,Testa Vier,PK\n,1,Testa Ohne,PK\n2,x,Testa Zeile,PK\n"
		first := s.imports(id, file, 0)
		want := []string{"5 line invalid.line_twice", "6 sheet invalid.number", "7 line invalid.number"}
		if d := cmp.Diff(want, linesOf(first)); d != "" || first.Taken != 3 {
			t.Errorf("%+v %s", first, d)
		}
		again := s.imports(id, "Line,Sheet,Name,Country\n1,2,Testa Drey,PK\n3,1,Testa Neu,PK\n2,1,Testa Eins,PK\n", 0)
		if d := cmp.Diff([]int{2, 4}, again.Again); d != "" || again.Taken != 1 {
			t.Errorf("sorted otherwise: %+v %s", again, d)
		}
	})
}

// TestSameFileElsewhere leaves out the lines without an address of a long file that
// was imported into another batch, and remembers nothing of a short one, in which
// names could be tried.
func TestSameFileElsewhere(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		file := "name,email,city,country\nTesta Address,two@people.example,Example Town,PK\nTESTA  planteda,,example town,PK\n"
		for i := range markedLines - 1 {
			file += fmt.Sprintf("Testa Planted%c,,Example Town,PK\n", 'a'+i)
		}
		home := s.makeBatch()
		first := s.imports(home, file, 1)
		if first.Taken != markedLines+1 || len(first.Again) != 0 {
			t.Errorf("the first time: %+v", first)
		}
		if d := cmp.Diff([]int{4}, first.Alike); d != "" {
			t.Error(d)
		}
		before := s.exact().Paper
		// Browsers send line ends of their own.
		again := s.imports(s.makeBatch(), strings.ReplaceAll(file, "\n", "\r\n"), 8)
		if again.Taken != 1 || len(again.Again) != markedLines {
			t.Errorf("again: %+v", again)
		}
		if after := s.exact().Paper; after != before {
			t.Errorf("%d on paper, before %d", after, before)
		}
		if found := s.grep("planted"); len(found) > 0 {
			t.Errorf("what a file says is kept in %v", found)
		}
		short := "name\nTesta Kurz\n"
		s.imports(home, short, 2)
		var marks map[string]int
		s.must(s.store.View(s.ctx, func(r *store.Reader) (err error) {
			marks, err = readFiles(s.ctx, r, s.petition.Number)
			return err
		}))
		if len(marks) != 1 {
			t.Errorf("%d files are remembered, want the long one", len(marks))
		}

		s.stop()
		p, err := s.desk.ByID(s.ctx, s.owner, s.petition.ID)
		s.must(err)
		s.must(s.desk.Destroy(s.ctx, s.owner, p.Rec.ID, p.Rev, "a test"))
		last := -1
		s.must(s.store.View(s.ctx, func(r *store.Reader) (err error) {
			if marks, err = readFiles(s.ctx, r, s.petition.Number); err != nil {
				return err
			}
			last, err = r.LastSheet(s.ctx, s.petition.Number, 1)
			return err
		}))
		if len(marks) != 0 || last != 0 {
			t.Errorf("after destruction: %d files, sheet %d", len(marks), last)
		}
	})
}
