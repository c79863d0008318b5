package petitions

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
)

func TestIntegrityStatement(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		leaver, _ := s.fill()
		s.crowd(3, "throwaway.example")
		s.sign(s.form("Again", "plantedaddress.staying@people.example"))
		s.must(s.signing.WithdrawRow(s.ctx, s.petition.Number, leaver))
		s.must(s.desk.AgreeVoid(s.ctx, s.moderator2, s.propose(s.moderator), 0))
		id := s.batches()[0]
		s.must(s.desk.DrawSample(s.ctx, s.owner, id, 0, 1))
		s.must(s.desk.RecordSample(s.ctx, s.owner, id, 0, 1, 1))
		got := s.statement(t, func(i IntegrityStatement) bool { return i.Invalidated == 3 && i.Withdrawn == 1 })
		if len(got.Batches) != 0 {
			t.Error("an open batch is shown")
		}
		s.must(s.desk.CloseBatch(s.ctx, s.owner, id, 0))
		got = s.statement(t, func(i IntegrityStatement) bool { return len(i.Batches) == 1 })
		if got.Received != 8 || got.Confirmed != 2 || got.Shown != 2 || got.Unconfirmed != 1 || got.Repeated != 1 || got.Paper != 1 || got.Online != 1 ||
			got.Organisations != 1 || got.SumOfParts != 8 || got.Reasons[0] != (signature.Reason{Code: "throwaway_mail", Count: 3}) {
			t.Errorf("%+v", got)
		}
		if b := got.Batches[0]; b.Counted != 1 || b.Sampled != 1 || *b.Low < 0.2 || *b.High != 1 {
			t.Errorf("%+v", b)
		}
		snap, err := s.signing.Snapshot(s.ctx, s.petition.Number)
		s.must(err)
		if got.AsOf != snap.When().Format(time.RFC3339) || got.Change != snap.Change || got.Shown != snap.People() {
			t.Errorf("the statement is of another instant than the page: %+v and %+v", got, snap)
		}
		text, err := json.Marshal(got)
		s.must(err)
		for _, want := range []string{`"received":8`, `"confirmed":2`, `"unconfirmed":1`, `"invalidated":3`, `"withdrawn":1`, `"organisations":1`, `"paper":1`, `"as_of":"2026-`} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s does not hold %s", text, want)
			}
		}
		for _, word := range planted {
			if strings.Contains(strings.ToLower(string(text)), strings.ToLower(word)) {
				t.Errorf("the statement says %q", word)
			}
		}
	})
}

// statement waits until the statement is as it should be; it is public and
// follows within a second.
func (s *stand) statement(t *testing.T, ready func(IntegrityStatement) bool) (out IntegrityStatement) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		s.signing.Refresh(s.petition.Number)
		s.wait(2 * time.Second)
		var err error
		if out, err = s.desk.Integrity(s.ctx, s.petition.ID); err != nil {
			t.Fatal(err)
		}
		if ready(out) {
			return out
		}
		if time.Now().After(deadline) {
			t.Fatalf("the statement stays %+v", out)
		}
		<-time.After(20 * time.Millisecond)
	}
}

func TestStatementRefusesWhatDoesNotAdd(t *testing.T) {
	p := &record.Petition{Number: 1}
	good := signature.Snapshot{Count: 2, Integrity: signature.Integrity{Received: 3, Confirmed: 2, Online: 2, Unconfirmed: 1}}
	if _, err := statement(p, &good, nil); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*signature.Snapshot){
		"a part too many":      func(s *signature.Snapshot) { s.Integrity.Withdrawn = 1 },
		"another shown number": func(s *signature.Snapshot) { s.Count = 3 },
		"a negative part":      func(s *signature.Snapshot) { s.Integrity.Unconfirmed, s.Integrity.Withdrawn = -1, 2 },
	} {
		bad := good
		spoil(&bad)
		if _, err := statement(p, &bad, nil); err == nil {
			t.Errorf("%s: stated", name)
		}
	}
	s := newStand(t, "")
	draft := s.publish(func(p *record.Petition) { p.Publication, p.Visibility = record.PetitionReview, record.Internal })
	if _, err := s.desk.Integrity(s.ctx, draft.ID); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("of a draft: %v", err)
	}
}
