package followup

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/mail/mailtest"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// postman sends what waits in the outbox to a server of the test.
func (s *stand) postman() (*mail.Worker, *mailtest.Server) {
	s.t.Helper()
	smtp := mailtest.New(s.t, mailtest.Options{})
	server, err := mail.ParseServer(smtp.URL())
	s.must(err)
	s.must(s.box.JoinSubscriptions(SubscriptionName, s.desk.Followers()))
	w, err := mail.NewWorker(mail.WorkerConfig{Outbox: s.box, Server: server, From: "post@example.org", Owner: "test", Now: s.desk.now})
	s.must(err)
	return w, smtp
}

func addressees(received []mailtest.Received) (to []string) {
	for _, r := range received {
		to = append(to, r.To)
	}
	slices.Sort(to)
	return to
}

// TestStoppedIsNotWritten drops what waits for somebody who stopped, and lets nothing
// leave for them that came back by another way.
func TestStoppedIsNotWritten(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		f := s.heardOf()
		tokens := map[string]string{}
		for _, who := range []string{"stays", "stops", "all", "restored"} {
			tokens[who] = s.asks(who+"@people.example", "en", FollowEverything, "")
			s.must(s.desk.ConfirmFollower(s.ctx, tokens[who]))
		}
		also := s.asks("all@people.example", "en", FollowDemand, "protect")
		s.must(s.desk.ConfirmFollower(s.ctx, also))
		w, smtp := s.postman()
		w.Pass(s.ctx) // the letters with the links
		before := len(smtp.Received())
		s.answered(f.demand, record.Refused)
		if got := s.news(0); len(got) != 5 {
			t.Fatalf("%d mails wait, want 5", len(got))
		}
		s.must(s.desk.StopFollowing(s.ctx, tokens["stops"], false))
		s.must(s.desk.StopFollowing(s.ctx, tokens["all"], true))
		for _, m := range s.letters() {
			if m.To == "stops@people.example" || m.To == "all@people.example" {
				t.Errorf("a mail to %s waits", m.To)
			}
		}
		// A backup may bring back what waited, and not the follower.
		s.must(s.store.Write(s.ctx, func(tx *store.Tx) error {
			f, err := tx.FollowerByCode(s.ctx, codeHash(tokens["restored"]))
			if err == nil {
				_, err = tx.DropFollower(s.ctx, f.ID)
			}
			return err
		}))
		w.Pass(s.ctx)
		if got := addressees(smtp.Received()[before:]); !slices.Equal(got, []string{"stays@people.example"}) {
			t.Errorf("mail went to %v", got)
		}
		if waiting := s.letters(); len(waiting) != 0 {
			t.Errorf("%d mails wait", len(waiting))
		}
	})
}

// TestBouncedStopsFollowing forgets an address that takes no mail, with everything that it
// follows, whether its server says so at once or later, and for good.
func TestBouncedStopsFollowing(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		f := s.heardOf()
		tokens := map[string]string{}
		for _, who := range []string{"stays", "gone", "refused", "full"} {
			tokens[who] = s.asks(who+"@people.example", "en", FollowEverything, "")
			s.must(s.desk.ConfirmFollower(s.ctx, tokens[who]))
		}
		tokens["gone too"] = s.asks("gone@people.example", "en", FollowDemand, "protect")
		s.must(s.desk.ConfirmFollower(s.ctx, tokens["gone too"]))
		w, smtp := s.postman()
		w.Pass(s.ctx)
		before := len(smtp.Received())
		smtp.Behave(mailtest.Script{Rcpt: func(to string) mailtest.Reply {
			if strings.HasPrefix(to, "refused@") {
				return mailtest.Reply{Code: 550, Text: "5.1.1 nobody of that name"}
			}
			return mailtest.Reply{Code: 250, Text: "2.1.5 ok"}
		}})
		s.answered(f.demand, record.Refused)
		s.news(0)
		w.Pass(s.ctx)
		for _, r := range smtp.Received()[before:] {
			code := map[string]string{"gone@people.example": "5.1.1", "full@people.example": "5.2.2"}[r.To]
			if code == "" {
				continue
			}
			_, err := s.box.Bounce(s.ctx, strings.NewReader("From: <>\r\nTo: "+r.From+"\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"+
				"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nAction: failed\r\nStatus: "+code+"\r\n\r\n"+
				"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: "+r.Header("Message-Id")+"\r\n\r\n\r\n--b--\r\n"))
			// The second report about an address finds nothing that it follows.
			if err != nil && !errors.Is(err, mail.ErrNoBounce) {
				t.Errorf("%s: %v", r.To, err)
			}
		}
		for who, token := range tokens {
			_, err := s.desk.Follower(s.ctx, token)
			if stays := who == "stays" || who == "full"; stays != (err == nil) || !stays && !errors.Is(err, record.ErrNotFound) {
				t.Errorf("%s: %v", who, err)
			}
		}
		// Another desk, as after a restore, is told of them.
		gone := 0
		_, err := s.desk.departed.Each(0, func(l departed.Line) error {
			if l.What == departed.Unfollowed {
				gone++
			}
			return nil
		})
		s.must(err)
		if gone != 3 {
			t.Errorf("%d are noted beside the database, want 3", gone)
		}
		before = len(smtp.Received())
		s.answered(f.demand, record.AcceptedInPart)
		s.news(0)
		w.Pass(context.WithoutCancel(s.ctx))
		if got := addressees(smtp.Received()[before:]); !slices.Equal(got, []string{"full@people.example", "stays@people.example"}) {
			t.Errorf("mail went to %v", got)
		}
	})
}
