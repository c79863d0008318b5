package petitions

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
)

func (s *stand) makeBatch() record.BatchID {
	s.t.Helper()
	id, err := s.desk.MakeBatch(s.ctx, s.owner, s.petition.ID, BatchForm{Lang: "en", Place: record.Place{Country: "PK", District: "Example"}, Collector: "North hall"})
	s.must(err)
	return id
}

func (s *stand) theBatch(id record.BatchID) *record.Batch {
	s.t.Helper()
	all, err := s.desk.Batches(s.ctx, s.owner, s.petition.ID)
	s.must(err)
	for _, b := range all {
		if b.Rec.ID == id {
			return b.Rec
		}
	}
	s.t.Fatalf("no batch %s", id)
	return nil
}

func TestPaper(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		s.sign(s.form("Ada Example", "ada@people.example"))
		s.sign(s.form("Shared Name", "shared@people.example"))
		id := s.makeBatch()
		got, err := s.desk.AddLines(s.ctx, s.owner, id, []PaperLine{
			{Name: "Planted Papername", Town: "Example Town"},
			{Name: "Ada E.", Email: "ADA@people.example"}, // the address has signed
			{Name: "shared  NAME"},                        // perhaps the same person
			{Illegible: true},
			{Name: "=cmd()"},
			{Name: ""},
			{Name: "Bea Example", Country: "ZZ"},
			{Name: "New Address", Email: "new@people.example"},
		})
		s.must(err)
		if got.Taken != 4 || got.Suspected != 1 || got.Illegible != 1 || len(got.Problems) != 3 {
			t.Errorf("%+v", got)
		}
		for i, want := range []struct {
			at    int
			field string
		}{{5, "name"}, {6, "name"}, {7, "country"}} {
			if p := got.Problems[i]; p.At != want.at || !p.Err.Has(want.field) {
				t.Errorf("problem %d: line %d, %v", i, p.At, p.Err)
			}
		}
		b := s.theBatch(id)
		if b.Number != 1 || b.Lines != 5 || b.Legible != 4 || b.Repeated != 0 || b.Counted != 0 || !b.Withheld || b.Suspected != 1 {
			t.Errorf("%+v", b)
		}
		if got := s.exact(); got.Confirmed != 5 || got.Paper != 3 || got.Online != 2 || got.Repeated != 1 {
			t.Errorf("%+v", got)
		}
		if found := s.grep("Planted Papername"); len(found) != 0 {
			t.Errorf("a name stands in %v", found)
		}

		s.refuses(s.desk.RecordSample(s.ctx, s.owner, id, 0, 1, 1), "sampled", "a sample that was not drawn")
		s.refuses(s.desk.DrawSample(s.ctx, s.owner, id, 0, 6), "sample", "more than there are")
		s.must(s.desk.DrawSample(s.ctx, s.owner, id, 0, 3))
		drawn := s.theBatch(id).Sample
		s.refuses(s.desk.DrawSample(s.ctx, s.owner, id, 0, 3), "sample", "drawn again")
		if d := cmp.Diff(drawn, s.theBatch(id).Sample); d != "" || len(drawn) != 3 {
			t.Error(d)
		}
		_, err = s.desk.AddLines(s.ctx, s.owner, id, []PaperLine{{Name: "Too Late"}})
		s.refuses(err, "batch", "a line after the sample")
		s.refuses(s.desk.RecordSample(s.ctx, s.owner, id, 0, 3, 4), "sampled", "more valid than checked")
		s.must(s.desk.RecordSample(s.ctx, s.owner, id, 0, 3, 2))
		s.must(s.desk.CloseBatch(s.ctx, s.owner, id, 0))
		s.refuses(s.desk.CloseBatch(s.ctx, s.owner, id, 0), "batch", "closed again")
		if b := s.theBatch(id); !b.Closed || b.Sampled != 3 || b.Valid != 2 || b.Lines != 5 {
			t.Errorf("%+v", b)
		}
		other := s.makeBatch()
		if b := s.theBatch(other); b.Number != 2 {
			t.Errorf("the second batch has number %d", b.Number)
		}
	})
}

func TestPaperRoles(t *testing.T) {
	s := newStand(t, "")
	id := s.makeBatch()
	pdf := []byte("%PDF-1.7 planted scan")
	s.must(s.desk.AddScan(s.ctx, s.owner, id, bytes.NewReader(pdf)))
	hash := s.theBatch(id).Scans[0]
	for _, v := range []access.Viewer{access.Anyone(), s.reader, s.contributor, s.editor, s.moderator, s.organiser} {
		as := " as " + string(v.Role)
		_, err := s.desk.MakeBatch(s.ctx, v, s.petition.ID, BatchForm{Collector: "x"})
		s.wants(err, record.ErrForbidden, "make"+as)
		_, err = s.desk.AddLines(s.ctx, v, id, []PaperLine{{Name: "Somebody"}})
		s.wants(err, record.ErrForbidden, "lines"+as)
		_, err = s.desk.ImportLines(s.ctx, v, id, strings.NewReader("name\nSomebody"), nil, 1)
		s.wants(err, record.ErrForbidden, "import"+as)
		s.wants(s.desk.AddScan(s.ctx, v, id, bytes.NewReader(pdf)), record.ErrForbidden, "scan"+as)
		_, _, err = s.desk.Scan(s.ctx, v, id, hash)
		s.wants(err, record.ErrForbidden, "see scan"+as)
		s.wants(s.desk.DrawSample(s.ctx, v, id, 0, 1), record.ErrForbidden, "draw"+as)
		s.wants(s.desk.RecordSample(s.ctx, v, id, 0, 0, 0), record.ErrForbidden, "record"+as)
		s.wants(s.desk.CloseBatch(s.ctx, v, id, 0), record.ErrForbidden, "close"+as)
		_, err = s.desk.IssueCodes(s.ctx, v, s.petition.ID, "x", 1)
		s.wants(err, record.ErrForbidden, "issue"+as)
		_, err = s.desk.RevokeCodes(s.ctx, v, s.petition.ID, "x")
		s.wants(err, record.ErrForbidden, "revoke"+as)
		if v != s.moderator {
			_, err = s.desk.Batches(s.ctx, v, s.petition.ID)
			s.wants(err, record.ErrForbidden, "list"+as)
			_, err = s.desk.Codes(s.ctx, v, s.petition.ID)
			s.wants(err, record.ErrForbidden, "count codes"+as)
		}
	}
	if s.exact().Received != 0 {
		t.Error("something was taken")
	}
}

func TestScans(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		id := s.makeBatch()
		scan := append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte("planted scan "), 10_000)...)
		s.must(s.desk.AddScan(s.ctx, s.owner, id, bytes.NewReader(scan)))
		got, media, err := s.desk.Scan(s.ctx, s.owner, id, s.theBatch(id).Scans[0])
		s.must(err)
		if !bytes.Equal(got, scan) || media != "image/png" {
			t.Errorf("%d bytes of %q", len(got), media)
		}
		if found := s.grep("planted scan"); len(found) != 0 {
			t.Errorf("the scan can be read in %v", found)
		}
		s.refuses(s.desk.AddScan(s.ctx, s.owner, id, strings.NewReader("<html>")), "scan", "a page")
		_, _, err = s.desk.Scan(s.ctx, s.owner, id, strings.Repeat("ab", 32))
		s.wants(err, record.ErrNotFound, "another file")
	})
}

// TestPaperTellsNobody enters one line for an address that has signed and one for
// an address that has not: what an organiser sees is the same.
func TestPaperTellsNobody(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		s.sign(s.form("Ada Example", "ada@people.example"))
		type seen struct {
			result  PaperResult
			batch   record.Batch
			numbers Numbers
			mail    MailCounts
		}
		enter := func(email string) (out seen) {
			id := s.makeBatch()
			var err error
			out.result, err = s.desk.AddLines(s.ctx, s.owner, id, []PaperLine{{Name: "Planted Papername", Email: email}})
			s.must(err)
			s.must(s.desk.CloseBatch(s.ctx, s.owner, id, 0))
			out.batch = *s.theBatch(id)
			out.batch.ID, out.batch.Number = "", 0
			out.numbers, err = s.desk.Numbers(s.ctx, s.owner, s.petition.ID)
			s.must(err)
			out.mail, err = s.desk.MailCounts(s.ctx, s.owner)
			s.must(err)
			return out
		}
		enter("someone@people.example")
		signed, unsigned := enter("ada@people.example"), enter("bea@people.example")
		if d := cmp.Diff(fmt.Sprintf("%+v", signed), fmt.Sprintf("%+v", unsigned)); d != "" {
			t.Errorf("an organiser learns who has signed: %s", d)
		}
		told := 0
		for _, m := range s.mails() {
			if m.Kind == "paper" {
				told++
				if m.Message.To == "ada@people.example" || !strings.Contains(m.Message.Text, "https://petitions.example/") {
					t.Errorf("%+v", m)
				}
			}
		}
		if told != 2 {
			t.Errorf("%d addresses were told that they are counted, want 2", told)
		}
	})
}

func TestImportLines(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		id := s.makeBatch()
		var file strings.Builder
		file.WriteString("\ufeffNr;First name;Surname;E-Mail;City;Country\r\n")
		for i := range 700 {
			fmt.Fprintf(&file, "%d;Signer;Number %c%c;signer%d@paper.example;Example Town;\r\n", i, 'a'+i%26, 'a'+i/26%26, i%690)
		}
		file.WriteString("701;=1+1;;;;\r\n;;;;;\r\n702;Ada;Example;not an address;Example Town;AF\r\n")
		got, err := s.desk.ImportLines(s.ctx, s.owner, id, strings.NewReader(file.String()), nil, 1)
		s.must(err)
		if got.Taken != 700 || len(got.Problems) != 2 || got.Problems[0].At != 702 || got.Problems[1].At != 704 {
			t.Errorf("%d taken, %v", got.Taken, got.Problems)
		}
		if got := s.exact(); got.Paper != 690 {
			t.Errorf("%+v", got)
		}
		_, err = s.desk.ImportLines(s.ctx, s.owner, id, strings.NewReader("a,b\n1,2\n"), nil, 1)
		s.refuses(err, "mapping", "a file without a name")
		_, err = s.desk.ImportLines(s.ctx, s.owner, id, strings.NewReader("a,b\nEve Example,PK\n"), SheetMap{SheetName: "a", SheetCountry: "b"}, 2)
		s.must(err)
		if b := s.theBatch(id); b.Counted != 0 || b.Repeated != 0 || b.Lines != 701 {
			t.Errorf("an open batch tells who has signed: %+v", b)
		}
		s.must(s.desk.CloseBatch(s.ctx, s.owner, id, 0))
		if b := s.theBatch(id); b.Counted != 691 || b.Repeated != 10 || b.Withheld || b.Lines != 701 {
			t.Errorf("%+v", b)
		}
		for _, bad := range []string{"", "\xff\xfe", "name\x00\n"} {
			if _, err := s.desk.ImportLines(s.ctx, s.owner, id, strings.NewReader(bad), nil, 1); !errors.Is(err, ErrSheet) {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}

func TestGuessSheet(t *testing.T) {
	for header, want := range map[string]SheetMap{
		"Name,E-Mail,City":           {SheetName: "Name", SheetEmail: "E-Mail", SheetTown: "City"},
		"نام,ای میل,شہر,ملک":         {SheetName: "نام", SheetEmail: "ای میل", SheetTown: "شہر", SheetCountry: "ملک"},
		"first_name,LAST NAME,extra": {SheetGiven: "first_name", SheetFamily: "LAST NAME"},
		"x,y":                        {},
	} {
		if d := cmp.Diff(want, GuessSheet(strings.Split(header, ","))); d != "" {
			t.Errorf("%s: %s", header, d)
		}
	}
}

// FuzzSheet reads hostile files: whatever comes out of one is within bounds, and
// what would do harm is refused as a name.
func FuzzSheet(f *testing.F) {
	f.Add([]byte("name,email\nAda Example,ada@example.org\n"))
	f.Add([]byte("name\n=HYPERLINK(\"https://x\")\n\"a\nb\"\n"))
	f.Add([]byte("\ufeffname;country\n@SUM;pk\n"))
	f.Add([]byte("name\tcity\n\"un\"closed\tx"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := openSheet(bytes.NewReader(text))
		if err != nil {
			return
		}
		lines, err := s.lines(GuessSheet(s.header), "PK", 1)
		if err != nil {
			return
		}
		if len(lines) > maxSheetLines {
			t.Fatalf("%d lines", len(lines))
		}
		for _, l := range lines {
			if len(l.Name) > 2*maxSheetCell+1 || l.At < 1 {
				t.Errorf("line %d has a name of %d bytes", l.At, len(l.Name))
			}
			clean, err := signature.CleanName(l.Name)
			if err == nil && strings.ContainsAny(clean[:1], "=+-@") {
				t.Errorf("%q is a name", clean)
			}
		}
	})
}
