package petitions

import (
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/mail/mailtest"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/signing"
)

// postmen start workers of several processes that send a stand's mail.
func (s *stand) postmen(smtp *mailtest.Server, n int) (list []*mail.Worker) {
	s.t.Helper()
	s.must(s.box.Join(LettersName, NewLetters(s.signing, s.store, "https://petitions.example")))
	s.must(JoinSigners(s.box, s.signing, s.store))
	s.must(JoinBodies(s.box, s.desk))
	for i := range n {
		server, err := mail.ParseServer(smtp.URL())
		s.must(err)
		w, err := mail.NewWorker(mail.WorkerConfig{Outbox: s.box, Server: server, From: "post@petitions.example", Owner: fmt.Sprint(i), Now: s.now})
		s.must(err)
		list = append(list, w)
	}
	return list
}

// links returns the tokens of the links in the mails to each address.
func links(t *testing.T, received []mailtest.Received) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, r := range received {
		text, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(r.Data)))
		if err != nil {
			t.Fatal(err)
		}
		_, rest, ok := strings.Cut(string(text), "/s/")
		if !ok {
			t.Fatalf("a mail without a link:\n%s", text)
		}
		out[r.To], _, _ = strings.Cut(rest, "\r\n")
		if strings.Contains(r.Header("Subject"), "Example Town") {
			t.Errorf("the subject names the petition: %s", r.Header("Subject"))
		}
	}
	return out
}

// TestConfirmationMails: signatures that were taken while the mail server was
// away get their mails when it is back, each once whichever process sends it,
// and their links confirm.
func TestConfirmationMails(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		smtp := mailtest.New(t, mailtest.Options{})
		workers := s.postmen(smtp, 2)
		smtp.Stop()
		const signers = 60
		for i := range signers {
			f := s.form("Testfall Signer", fmt.Sprintf("testfall%d@people.example", i))
			f.Net = netip.AddrFrom4([4]byte{10, 1, byte(i), 1})
			f.Show = signature.Disclosure{Public: signature.Initials, Organiser: signature.Name}
			_, err := s.signing.Accept(s.ctx, f)
			s.must(err)
		}
		for range 60 {
			for _, w := range workers {
				if n := w.Pass(s.ctx); n != 0 {
					t.Fatalf("sent %d to a server that is away", n)
				}
			}
			s.wait(time.Minute)
		}
		s.must(smtp.Start())
		for range 10 {
			for _, w := range workers {
				w.Pass(s.ctx)
			}
			s.wait(5 * time.Minute)
		}
		got := smtp.Received()
		tokens := links(t, got)
		if len(got) != signers || len(tokens) != signers {
			t.Fatalf("%d mails to %d of %d people", len(got), len(tokens), signers)
		}
		text := got[0].Data
		for _, want := range []string{"Everybody, on this site: initials and country", "Those who collect the signatures: name"} {
			if !strings.Contains(strings.ReplaceAll(text, "=\r\n", ""), want) {
				t.Errorf("the mail does not say %q:\n%s", want, text)
			}
		}
		for _, token := range tokens {
			_, err := s.signing.Confirm(s.ctx, s.petition.Number, token, signing.Change{})
			s.must(err)
		}
		if st := s.state(); st[signature.Confirmed] != signers {
			t.Errorf("states %v", st)
		}
		// A bounce is known by the Message-ID of the mail.
		report := "From: <>\r\nTo: post@petitions.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" +
			"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n" +
			"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: " + got[0].Header("Message-Id") + "\r\n\r\n--b--\r\n"
		if n, err := s.box.Bounce(s.ctx, strings.NewReader(report)); err != nil || n.Matched != 1 {
			t.Errorf("bounce: %+v %v", n, err)
		}
	})
}

// TestPracticeMails: the mail of a petition for practice is shown and never
// leaves.
func TestPracticeMails(t *testing.T) {
	s := newStand(t, "")
	s.petition = s.publish(func(p *record.Petition) { p.Practice = true })
	smtp := mailtest.New(t, mailtest.Options{})
	w := s.postmen(smtp, 1)[0]
	_, err := s.signing.Accept(s.ctx, s.form("Testfall Signer", "testfall@people.example"))
	s.must(err)
	s.wait(time.Hour)
	if n := w.Pass(s.ctx); n != 0 || len(smtp.Received()) != 0 {
		t.Errorf("%d mails of a petition for practice left", n)
	}
	if list := s.mails(); len(list) != 1 || !list[0].Kept {
		t.Errorf("the outbox shows %d", len(list))
	}
}
