package petitions

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/signing"
)

// sorted is what a result says of lines that were taken before.
func sorted(r PaperResult) string {
	return fmt.Sprint("again ", r.Again, " differ ", r.Differ, " unsure ", r.Unsure, " own ", r.Own)
}

// TestSheetAgain says which lines of a sheet that comes again differ, where names are
// kept by which that is known, and of the others that it cannot be known. Nothing
// counts twice, and no count moves.
func TestSheetAgain(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		readable := signature.Disclosure{Organiser: signature.Name}
		id := s.makeBatch()
		lines := []PaperLine{
			{Sheet: 1, Line: 1, Name: "Testa Eins", Country: "PK", Show: readable},
			{Sheet: 1, Line: 2, Name: "Testa Zwei", Country: "PK", Show: readable},
			{Sheet: 1, Line: 3, Name: "Testa Zwei", Country: "PK", Show: readable},
			{Sheet: 1, Line: 4, Name: "Testa Vier", Country: "PK", Email: "four@people.example", Show: readable},
		}
		add := func(lines ...PaperLine) PaperResult {
			t.Helper()
			got, err := s.desk.AddLines(s.ctx, s.owner, id, lines)
			s.must(err)
			return got
		}
		if got := add(lines...); got.Taken != 4 || sorted(got) != "again [] differ [] unsure [] own []" {
			t.Fatalf("the first time: %+v", got)
		}
		before := s.exact()
		if got := add(lines...); sorted(got) != "again [1 2 3 4] differ [] unsure [] own [4]" {
			t.Errorf("the same again: %s", sorted(got))
		}
		// Two put right, one with an address, and a new one that has the name of a line of before.
		right := append([]PaperLine(nil), lines...)
		right[0].Name, right[2].Name, right[3].Name = "TESTA eins", "Testa Drei", "Testa Fier"
		right = append(right, PaperLine{Sheet: 1, Line: 5, Name: "Testa Eins", Country: "PK", Show: readable}, PaperLine{Sheet: 1, Line: 6, Name: "=bad", Country: "PK"}, PaperLine{Illegible: true})
		got := add(right...)
		if got.Taken != 1 || len(got.Problems) != 1 || sorted(got) != "again [1 2 3 4] differ [3] unsure [] own [4]" {
			t.Errorf("put right: %+v", got)
		}
		if after := s.exact(); after.Paper != before.Paper+1 || after.Repeated != before.Repeated {
			t.Errorf("counted are %+v, before %+v", after, before)
		}
		// As it is told: taken back by its old name, and entered anew.
		s.must(s.desk.WithdrawLine(s.ctx, s.owner, id, "Testa Zwei", "put right"))
		right[2].Line = 20
		if got := add(right[2]); got.Taken != 1 {
			t.Errorf("entered anew: %+v", got)
		}
		if after := s.exact(); after.Paper != before.Paper+1 {
			t.Errorf("%d on paper, want %d", after.Paper, before.Paper+1)
		}

		// Where one name of the batch cannot be read nothing is certain.
		add(PaperLine{Sheet: 2, Line: 1, Name: "Testa Plantedeins", Country: "PK"})
		if got := add(PaperLine{Sheet: 2, Line: 1, Name: "Testa Other", Country: "PK"}, PaperLine{Sheet: 1, Line: 1, Name: "Testa Eins", Country: "PK"}); sorted(got) != "again [1 2] differ [] unsure [1] own []" {
			t.Errorf("with a name that cannot be read: %s", sorted(got))
		}
		if found := s.grep("planted"); len(found) > 0 {
			t.Errorf("what stood in a line is kept in %v", found)
		}
		if problems := s.check(); len(problems) > 0 {
			t.Errorf("check: %v", problems)
		}
	})
}

// TestSameFileAgain says nothing of lines of a file that is known to be the same, and
// of one with lines put right what can be known.
func TestSameFileAgain(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		file := "name,email,country\nTesta Address,two@people.example,PK\n"
		for i := range markedLines {
			file += fmt.Sprintf("Testa Planted%c,,PK\n", 'a'+i)
		}
		id := s.makeBatch()
		s.imports(id, file, 1)
		again := s.imports(id, file, 1)
		if len(again.Again) != markedLines+1 || len(again.Differ)+len(again.Unsure)+len(again.Own) != 0 {
			t.Errorf("the same file: %s", sorted(again))
		}
		right := s.imports(id, file[:len(file)-len("j,,PK\n")]+"x,,PK\n", 1)
		if d := cmp.Diff([]int{2}, right.Own); d != "" || len(right.Unsure) != markedLines || len(right.Differ) != 0 || right.Taken != 0 {
			t.Errorf("put right: %s %s", sorted(right), d)
		}
	})
}

// TestAgainTellsNobody enters a line with an address again, under another name: what an
// organiser is told is the same whether the address had signed before or not.
func TestAgainTellsNobody(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		s.sign(s.form("Ada Example", "ada@people.example"))
		tell := func(email string) string {
			id := s.makeBatch()
			line := PaperLine{Sheet: 1, Line: 1, Name: "Testa Eins", Email: email, Show: signature.Disclosure{Organiser: signature.Name}}
			bare := PaperLine{Sheet: 1, Line: 2, Name: "Testa Zwei", Show: signature.Disclosure{Organiser: signature.Name}}
			_, err := s.desk.AddLines(s.ctx, s.owner, id, []PaperLine{line, bare})
			s.must(err)
			line.Name, bare.Name = "Testa Other", "Testa Zwey"
			got, err := s.desk.AddLines(s.ctx, s.owner, id, []PaperLine{line, bare})
			s.must(err)
			return fmt.Sprintf("%+v", got)
		}
		if d := cmp.Diff(tell("ada@people.example"), tell("bea@people.example")); d != "" {
			t.Error(d)
		}
	})
}

// TestPaperLetterAfterKill tells an address that it is counted though the process ended
// after its line was taken and before its letter was: when the line comes again, once,
// and only the address that stands in this batch.
func TestPaperLetterAfterKill(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		id := s.makeBatch()
		s.sign(s.form("Ada Example", "online@people.example"))
		lines := []PaperLine{
			{Sheet: 1, Line: 1, Name: "Testa Eins", Country: "PK", Email: "placed@people.example"},
			{Name: "Testa Zwei", Country: "PK", Email: "loose@people.example"},
			{Sheet: 1, Line: 3, Name: "Testa Drei", Country: "PK", Email: "left@people.example"},
			{Sheet: 1, Line: 4, Name: "Testa Vier", Country: "PK", Email: "online@people.example"},
		}
		var sheets []signing.Sheet
		for _, l := range lines {
			sheets = append(sheets, signing.Sheet{Petition: s.petition.Number, Edition: 1, Lang: "en", Batch: s.theBatch(id).Number, Number: l.Sheet, Line: l.Line, Name: l.Name, Email: l.Email, Country: l.Country})
		}
		taken, errs := s.signing.Enter(s.ctx, sheets)
		s.must(errors.Join(errs...))
		s.must(s.signing.WithdrawRow(s.ctx, s.petition.Number, taken[2].N))
		if n := len(s.queued()); n != 0 {
			t.Fatalf("%d letters wait", n)
		}
		for range 2 {
			_, err := s.desk.AddLines(s.ctx, s.owner, id, lines)
			s.must(err)
		}
		var to []string
		for _, l := range s.mails() {
			if l.Kind == "paper" {
				to = append(to, l.Message.To)
			}
		}
		slices.Sort(to)
		if d := cmp.Diff([]string{"loose@people.example", "placed@people.example"}, to); d != "" {
			t.Error(d)
		}
		if b := s.theBatch(id); b.Legible < 4 {
			t.Errorf("the batch has %d lines", b.Legible)
		}
	})
}
