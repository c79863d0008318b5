package petitions

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
)

// TestWithdrawLine takes a line back for somebody who has no link, also from a
// closed batch, and says in the log that it was done and never whose it was.
func TestWithdrawLine(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		id := s.makeBatch()
		_, err := s.desk.AddLines(s.ctx, s.owner, id, []PaperLine{
			{Name: "Planted Papername", Country: "PK", Show: signature.Disclosure{Organiser: signature.Name}},
			{Name: "Bea Example", Country: "PK", Show: signature.Disclosure{Organiser: signature.Name}},
			{Name: "Cee Example", Email: "cee@people.example", Country: "PK", Show: signature.Disclosure{Organiser: signature.Name}},
		})
		s.must(err)
		s.must(s.desk.CloseBatch(s.ctx, s.owner, id, 0))
		for name, bad := range map[string][2]string{"back_name": {"", "by letter"}, "back_note": {"Planted Papername", "planted papername wrote to us"}} {
			err := s.desk.WithdrawLine(s.ctx, s.owner, id, bad[0], bad[1])
			if wrong, ok := errors.AsType[*record.Invalid](err); !ok || !wrong.Has(name) {
				t.Errorf("%v: %v", bad, err)
			}
		}
		if err := s.desk.WithdrawLine(s.ctx, access.House(), id, "Cee Example", "by letter"); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("of somebody who has a link: %v", err)
		}
		s.must(s.desk.WithdrawLine(s.ctx, s.owner, id, "planted papername", "by letter of 3 May"))
		if err := s.desk.WithdrawLine(s.ctx, s.owner, id, "planted papername", "by letter of 3 May"); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("again: %v", err)
		}
		snap, err := s.signing.Exact(s.ctx, s.petition.Number)
		s.must(err)
		if snap.Paper != 2 || !snap.Integrity.Adds() {
			t.Errorf("%d on paper", snap.Paper)
		}
		log, err := s.desk.Log(s.ctx, s.owner, s.petition.ID)
		s.must(err)
		said := false
		for _, l := range log {
			said = said || strings.Contains(l.Words, "letter of 3 May")
			if strings.Contains(strings.ToLower(l.Words), "planted") {
				t.Errorf("the log names the signer: %s", l.Words)
			}
		}
		if !said {
			t.Error("the log does not say that a line was taken back")
		}
	})
}

// TestReceiptInJournal finds the entry that holds a signature's commitment.
func TestReceiptInJournal(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		n := s.sign(s.form("Ada Example", "ada@people.example"))
		s.wait(30 * time.Hour)
		s.must(s.desk.commitLeaves(s.ctx))
		r, err := s.signing.Receipt(s.ctx, s.petition.Number, s.signing.OwnToken(s.petition.Number, n))
		s.must(err)
		entry, at, err := s.signing.Committed(s.ctx, string(s.petition.ID), r)
		s.must(err)
		if !r.Committed || entry == 0 || at < s.now().Add(-time.Minute).UnixMicro() {
			t.Errorf("committed %v, in entry %d of %d", r.Committed, entry, at)
		}
	})
}
