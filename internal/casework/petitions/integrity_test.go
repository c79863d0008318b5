package petitions

import (
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/signature"
)

func TestIntegrityStatement(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		leaver, _ := s.fill()
		s.crowd(10, "throwaway.example")
		s.sign(s.form("Again", "plantedaddress.staying@people.example"))
		s.must(s.signing.WithdrawRow(s.ctx, s.petition.Number, leaver))
		s.must(s.desk.AgreeVoid(s.ctx, s.moderator2, s.propose(s.moderator), 0))
		got := s.statement(t, func(i signature.Integrity) bool { return i.Invalidated == 10 && i.Withdrawn == 1 })
		i := got.Integrity
		if i.Received != 15 || i.Confirmed != 2 || got.People() != 2 || i.Unconfirmed != 1 || i.Repeated != 1 || i.Paper != 1 || i.Online != 1 ||
			i.Organisations != 1 || len(i.Reasons) != 1 || i.Reasons[0] != (signature.Reason{Code: "throwaway_mail", Count: 10}) {
			t.Errorf("%+v", got)
		}

		id := s.batches()[0]
		s.must(s.desk.DrawSample(s.ctx, s.owner, id, 0, 1))
		s.must(s.desk.RecordSample(s.ctx, s.owner, id, 0, 1, 1))
		page := func() []BatchStatement {
			p, err := s.desk.PetitionPage(s.ctx, access.Anyone(), s.petition.Slug)
			s.must(err)
			return p.Paper
		}
		if b := page(); len(b) != 0 {
			t.Errorf("an open batch is public: %+v", b)
		}
		s.must(s.desk.CloseBatch(s.ctx, s.owner, id, 0))
		if b := page(); len(b) != 1 || b[0].Number != 1 || b[0].Counted != 0 || !b[0].Withheld || b[0].Sampled != 1 || *b[0].Low < 0.2 || *b[0].High != 1 {
			t.Errorf("%+v", b)
		}
	})
}

// statement waits until the numbers shown are as they should be; in every
// snapshot on the way the parts add up to the number shown.
func (s *stand) statement(t *testing.T, ready func(signature.Integrity) bool) *signature.Snapshot {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		s.signing.Refresh(s.petition.Number)
		s.wait(2 * time.Second)
		out, err := s.signing.Snapshot(s.ctx, s.petition.Number)
		if err != nil {
			t.Fatal(err)
		}
		if !out.Integrity.Adds() || out.People() != out.Integrity.Confirmed {
			t.Fatalf("the parts do not add up to the number shown: %+v", out)
		}
		if ready(out.Integrity) {
			return out
		}
		if time.Now().After(deadline) {
			t.Fatalf("the statement stays %+v", out)
		}
		<-time.After(20 * time.Millisecond)
	}
}
