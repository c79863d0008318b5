package petitions

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// TestMailOwnLink asks about addresses as an organiser would who wants to know who
// has signed.
func TestMailOwnLink(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		n := s.sign(s.form("Ada Example", "ada@people.example"))
		id := s.petition.ID
		before, err := s.desk.MailCounts(s.ctx, s.owner)
		s.must(err)
		start := len(s.mails())
		for _, email := range []string{"ada@people.example", "ADA+news@people.example", "nobody@people.example"} {
			s.must(s.desk.MailOwnLink(s.ctx, s.owner, id, email))
		}
		after, err := s.desk.MailCounts(s.ctx, s.owner)
		s.must(err)
		if before != after {
			t.Errorf("the outbox tells an organiser: %+v, then %+v", before, after)
		}
		mails := s.mails()
		if len(mails) != start+1 {
			t.Fatalf("%d mails, want one more than %d", len(mails), start)
		}
		m := mails[len(mails)-1]
		if m.Kind != "asked" || m.Message.To != "ada@people.example" || !strings.Contains(m.Message.Text, s.signing.OwnToken(s.petition.Number, n)) {
			t.Errorf("%+v", m)
		}
		s.refuses(s.desk.MailOwnLink(s.ctx, s.owner, id, "nobody"), "email", "no address")
		for _, v := range []access.Viewer{access.Anyone(), s.reader, s.contributor, s.editor, s.organiser, s.moderator} {
			s.wants(s.desk.MailOwnLink(s.ctx, v, id, "ada@people.example"), record.ErrForbidden, "ask as "+string(v.Role))
		}
		// The log says the same of each.
		log, err := s.desk.Log(s.ctx, s.owner, id)
		s.must(err)
		words := map[string]int{}
		for _, l := range log {
			if l.Action == "" {
				words[l.Words]++
			}
			if strings.Contains(fmt.Sprint(l), "ada@") {
				t.Errorf("the log names an address: %+v", l)
			}
		}
		if len(words) != 1 {
			t.Errorf("remarks %v", words)
		}
		for i := 3; i < AsksPerDay; i++ {
			s.must(s.desk.MailOwnLink(s.ctx, s.owner, id, "nobody@people.example"))
		}
		for _, email := range []string{"ada@people.example", "nobody@people.example"} {
			s.refuses(s.desk.MailOwnLink(s.ctx, s.owner, id, email), "email", "a list of addresses")
		}
		s.wait(24 * time.Hour)
		s.must(s.desk.MailOwnLink(s.ctx, s.owner, id, "ada@people.example"))
		if got := s.exact(); got.Confirmed != 1 || len(s.mails()) != start+2 {
			t.Errorf("%+v, %d mails", got, len(s.mails()))
		}
	})
}
