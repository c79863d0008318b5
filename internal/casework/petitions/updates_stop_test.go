package petitions

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/mail/mailtest"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// informed signs as people who ask for updates, each at a domain of their own, and
// returns their rows.
func (s *stand) informed(names ...string) map[string]int64 {
	s.t.Helper()
	rows := map[string]int64{}
	for _, name := range names {
		f := s.form("Testfall Signer", name+"@"+name+".example")
		f.Updates = true
		rows[name] = s.sign(f)
	}
	return rows
}

// news tells an update and puts all its mails into the outbox.
func (s *stand) news(words string) {
	s.t.Helper()
	_, err := s.desk.PostUpdate(s.ctx, s.owner, s.petition.ID, record.UpdateDelivered, record.Plain("en", words))
	s.must(err)
	for n := s.newsletter(); ; {
		reached, err := n.Feed(s.ctx, 100)
		s.must(err)
		if reached == 0 {
			return
		}
	}
}

// queued returns the mails of the outbox that were not sent, by the name of whom they go to.
func (s *stand) queued() map[string]mail.Message {
	s.t.Helper()
	out := map[string]mail.Message{}
	for _, l := range s.mails() {
		if l.ID != "" {
			name, _, _ := strings.Cut(l.Message.To, "@")
			out[name] = l.Message
		}
	}
	return out
}

func named(received []mailtest.Received) (to []string) {
	for _, r := range received {
		name, _, _ := strings.Cut(r.To, "@")
		to = append(to, name)
	}
	slices.Sort(to)
	return to
}

func (s *stand) token(n int64) string { return s.signing.OwnToken(s.petition.Number, n) }

// void takes the signatures of a mail domain out of the count.
func (s *stand) void(domain string) record.InvalidationID {
	s.t.Helper()
	id := record.InvalidationID(s.id())
	_, err := s.signing.Void(s.ctx, s.petition.Number, signing.Where{Domain: domain}, string(id))
	s.must(err)
	return id
}

// TestStoppedSigners lets no update leave that waits for somebody who ended their
// updates or whose signature does not count any more, in whatever way that came
// about, and tells everybody else.
func TestStoppedSigners(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		rows := s.informed("stays", "click", "choice", "withdraws", "voided", "agrees", "beside")
		before := s.exact().Confirmed
		s.news("The office took it.")
		waiting := s.queued()
		if len(waiting) != len(rows) {
			t.Fatalf("%d mails wait, want %d", len(waiting), len(rows))
		}
		// The one click of a mail program, with what stands in the mail.
		link := waiting["click"].Unsubscribe
		_, token, _ := strings.Cut(link, "/s/")
		s.must(s.signing.Unsubscribe(s.ctx, s.petition.Number, strings.TrimSuffix(token, "/unsubscribe")))
		no := false
		_, err := s.signing.Correct(s.ctx, s.petition.Number, s.token(rows["choice"]), signing.Change{Updates: &no})
		s.must(err)
		s.must(s.signing.Withdraw(s.ctx, s.petition.Number, s.token(rows["withdraws"])))
		voided := s.void("voided.example")
		// Who agrees with their own link is told as before.
		lang := "ur"
		_, err = s.signing.Correct(s.ctx, s.petition.Number, s.token(rows["agrees"]), signing.Change{Lang: &lang})
		s.must(err)
		if got := slices.Sorted(maps.Keys(s.queued())); !slices.Equal(got, []string{"agrees", "beside", "stays"}) {
			t.Errorf("mail waits for %v", got)
		}
		// Something that does not go through the outbox, such as a process of before.
		s.aside(func(tx *store.Tx) error { return tx.Unsubscribe(s.ctx, []int64{rows["beside"]}) })
		smtp := mailtest.New(t, mailtest.Options{})
		w := s.postmen(smtp, 1)[0]
		w.Pass(s.ctx)
		if got := named(smtp.Received()); !slices.Equal(got, []string{"agrees", "stays"}) {
			t.Errorf("mail went to %v", got)
		}
		if got := s.exact(); got.Confirmed != before-2 || got.Withdrawn != 1 {
			t.Errorf("counted are %+v", got)
		}
		// Whoever is put back is told what comes from then on.
		_, err = s.signing.Unvoid(s.ctx, s.petition.Number, string(voided))
		s.must(err)
		sent := len(smtp.Received())
		s.news("The office answered.")
		w.Pass(s.ctx)
		if got := named(smtp.Received()[sent:]); !slices.Equal(got, []string{"agrees", "stays", "voided"}) {
			t.Errorf("the second update went to %v", got)
		}
		if counts, err := s.box.Counts(s.ctx); err != nil || counts.Waiting+counts.Sending+counts.Failed != 0 || counts.Dropped != 5 {
			t.Errorf("the outbox has %+v: %v", counts, err)
		}
		if problems := s.check(); len(problems) > 0 {
			t.Errorf("check: %v", problems)
		}
	})
}

// TestRestoredMailOfSigners: mail that a backup brings back, and that waits until an
// admin lets it leave, does not go to who left after the backup.
func TestRestoredMailOfSigners(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		rows := s.informed("stays", "click", "withdraws", "voided", "gone")
		s.news("The office took it.")
		file, id := s.backup()
		smtp := mailtest.New(t, mailtest.Options{})
		s.must(s.signing.UnsubscribeRow(s.ctx, s.petition.Number, rows["click"]))
		s.must(s.signing.WithdrawRow(s.ctx, s.petition.Number, rows["withdraws"]))
		s.void("voided.example")
		s.must(Signers{engine: s.signing}.End(s.ctx, s.subscription(rows["gone"]).Key))

		for _, target := range []string{"", testdb.Postgres(t)} {
			to := s.restore(file, id, target)
			if got := slices.Sorted(maps.Keys(to.queued())); !slices.Equal(got, []string{"stays"}) {
				t.Errorf("restored, mail waits for %v", got)
			}
			before := len(smtp.Received())
			w := to.postmen(smtp, 1)[0]
			w.Pass(to.ctx)
			if got := len(smtp.Received()); got != before {
				t.Errorf("%d mails left before they were let go", got-before)
			}
			to.aside(func(tx *store.Tx) error { return to.box.Release(to.ctx, tx) })
			w.Pass(to.ctx)
			if got := named(smtp.Received()[before:]); !slices.Equal(got, []string{"stays"}) {
				t.Errorf("let go, mail went to %v", got)
			}
		}
	})
}

func (s *stand) subscription(n int64) mail.Subscription {
	return updateSubscription(s.keys.House().Key(n, s.petition.Number, seal.ForMessage))
}

// TestNewsletterOfOthers tells the signers of one petition though those of another
// cannot be told.
func TestNewsletterOfOthers(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		first := s.petition
		s.informed("locked")
		s.petition = s.publish(nil)
		s.wait(time.Second) // until signing knows it
		s.informed("told")
		for _, id := range []record.PetitionID{first.ID, s.petition.ID, s.petition.ID} {
			_, err := s.desk.PostUpdate(s.ctx, s.owner, id, record.UpdateOther, record.Plain("en", "News."))
			s.must(err)
		}
		// The key of the one is damaged, and read again as after a restart.
		key := filepath.Join(s.dir, "keys", fmt.Sprintf("petition-%d.key", first.Number))
		good, err := os.ReadFile(key)
		s.must(err)
		s.must(os.WriteFile(key, []byte("what is no key"), 0o600))
		keys, err := seal.Open(filepath.Join(s.dir, "keys"))
		s.must(err)
		s.keys = keys
		s.desk = New(s.config())
		n := s.newsletter()
		feed := func() (all int, err error) {
			for {
				reached, e := n.Feed(s.ctx, 1)
				all, err = all+reached, errors.Join(err, e)
				if reached == 0 {
					return all, err
				}
			}
		}
		if reached, err := feed(); reached != 2 || err == nil {
			t.Errorf("%d are told: %v", reached, err)
		}
		s.must(os.WriteFile(key, good, 0o600))
		if reached, err := feed(); reached != 1 || err != nil {
			t.Errorf("put right, %d are told: %v", reached, err)
		}
	})
}

// TestEveryPetition reads all petitions, also where there are more than a page holds.
func TestEveryPetition(t *testing.T) {
	s := newStand(t, "")
	for range 4 {
		s.publish(nil)
	}
	s.must(s.store.View(s.ctx, func(r *store.Reader) error {
		for _, page := range []int{1, 2, 3, 5, 6, MaxListed} {
			all, err := everyPetition(s.ctx, r, store.PetitionFilter{State: "published", Ours: true}, page)
			s.must(err)
			seen := map[int]bool{}
			for _, p := range all {
				seen[p.Rec.Number] = true
			}
			if len(all) != 5 || len(seen) != 5 {
				t.Errorf("by %d: %d petitions, %d of them different", page, len(all), len(seen))
			}
		}
		return nil
	}))
}

// bounce is what a mail server writes about a message that it could not deliver.
func bounce(m mailtest.Received, code string) string {
	kind, status := "message/delivery-status", "Reporting-MTA: dns; mx.example\r\n\r\nAction: failed\r\nStatus: "+code
	if code == "complaint" {
		kind, status = "message/feedback-report", "Feedback-Type: abuse"
	}
	return "From: <>\r\nTo: " + m.From + "\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: " + kind + "\r\n\r\n" + status + "\r\n\r\n" +
		"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: " + m.Header("Message-Id") + "\r\n\r\n\r\n--b--\r\n"
}

// TestBouncedEndsUpdates tells nothing more to a signer whose address is gone,
// whether its server says so at once or later, and leaves their signature and every
// count as they are.
func TestBouncedEndsUpdates(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		rows := s.informed("stays", "gone", "refused", "full", "complains", "closed")
		before := s.exact()
		smtp := mailtest.New(t, mailtest.Options{})
		w := s.postmen(smtp, 1)[0]
		smtp.Behave(mailtest.Script{Rcpt: func(to string) mailtest.Reply {
			if strings.HasPrefix(to, "refused@") {
				return mailtest.Reply{Code: 550, Text: "5.1.1 nobody of that name"}
			}
			return mailtest.Reply{Code: 250, Text: "2.1.5 ok"}
		}})
		s.news("The office took it.")
		w.Pass(s.ctx)
		codes := map[string]string{"gone": "5.1.1", "full": "5.2.2", "complains": "complaint", "closed": "5.2.1"}
		// The process ended between the two halves of dealing with one of them.
		s.must(Signers{engine: s.signing}.End(s.ctx, s.subscription(rows["closed"]).Key))
		for _, r := range smtp.Received() {
			name, _, _ := strings.Cut(r.To, "@")
			if code := codes[name]; code != "" {
				got, err := s.box.Bounce(s.ctx, strings.NewReader(bounce(r, code)))
				if err != nil || got.Matched != 1 {
					t.Errorf("%s: %+v %v", name, got, err)
				}
			}
		}
		ended := []string{"closed", "complains", "gone", "refused"}
		for name, n := range rows {
			row := s.row(n)
			if want := !slices.Contains(ended, name); row.Updates != want || (row.Mail != nil) != want || row.State != signature.Confirmed {
				t.Errorf("%s: state %s, updates %v, address kept %v", name, row.State, row.Updates, row.Mail != nil)
			}
		}
		if after := s.exact(); after.Confirmed != before.Confirmed || after.Online != before.Online || after.Withdrawn != 0 || after.Repeated != before.Repeated {
			t.Errorf("counted are %+v, before %+v", after, before)
		}
		noted := 0
		_, err := s.list.Each(0, func(l departed.Line) error {
			if l.What == departed.Unsubscribed {
				noted += len(l.Rows)
			}
			return nil
		})
		s.must(err)
		if noted != len(ended) {
			t.Errorf("%d are noted beside the database, want %d", noted, len(ended))
		}
		sent := len(smtp.Received())
		s.news("The office answered.")
		w.Pass(s.ctx)
		if got := named(smtp.Received()[sent:]); !slices.Equal(got, []string{"full", "stays"}) {
			t.Errorf("the second update went to %v", got)
		}
		// What bounces make is nothing for keys that nobody made.
		for _, key := range []string{"", "a", strings.Repeat("a", 26), "ÄÖ"} {
			held, err := Signers{engine: s.signing, paper: true}.Holds(s.ctx, key)
			if held || err != nil || (Signers{engine: s.signing}).End(s.ctx, key) != nil {
				t.Errorf("the key %q: %v %v", key, held, err)
			}
		}
		if problems := s.check(); len(problems) > 0 {
			t.Errorf("check: %v", problems)
		}
	})
}

// TestComplaintOfConfirmation ends the updates of who has confirmed and complains of
// the mail with the link, and keeps those of who has not pressed it.
func TestComplaintOfConfirmation(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		smtp := mailtest.New(t, mailtest.Options{})
		w := s.postmen(smtp, 1)[0]
		rows := map[string]int64{}
		for _, name := range []string{"pressed", "waits"} {
			f := s.form("Testfall Signer", name+"@"+name+".example")
			f.Updates = true
			taken, err := s.signing.Accept(s.ctx, f)
			s.must(err)
			rows[name] = taken.N
		}
		s.wait(time.Minute)
		w.Pass(s.ctx)
		_, err := s.signing.Confirm(s.ctx, s.petition.Number, s.token(rows["pressed"]), signing.Change{})
		s.must(err)
		for _, r := range smtp.Received() {
			_, err := s.box.Bounce(s.ctx, strings.NewReader(bounce(r, "complaint")))
			s.must(err)
		}
		if row := s.row(rows["pressed"]); row.Updates || row.Mail != nil || row.State != signature.Confirmed {
			t.Errorf("who complained: %+v", row.Updates)
		}
		if row := s.row(rows["waits"]); !row.Updates || row.Mail == nil || row.State != signature.Pending {
			t.Errorf("who has not pressed: %v %s", row.Updates, row.State)
		}
	})
}

// TestPaperLetterStopped tells an address that stood on paper that it is counted only
// while it is, and no updates to one that is not there.
func TestPaperLetterStopped(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		id, other := s.makeBatch(), s.makeBatch()
		for batch, names := range map[record.BatchID][]string{id: {"stays", "silent", "gone"}, other: {"voided"}} {
			var lines []PaperLine
			for _, name := range names {
				lines = append(lines, PaperLine{Name: "Testfall Signer", Email: name + "@" + name + ".example", Country: "PK", Updates: name != "silent"})
			}
			_, err := s.desk.AddLines(s.ctx, s.owner, batch, lines)
			s.must(err)
		}
		if got := slices.Sorted(maps.Keys(s.queued())); !slices.Equal(got, []string{"gone", "silent", "stays", "voided"}) {
			t.Fatalf("letters wait for %v", got)
		}
		_, err := s.signing.Void(s.ctx, s.petition.Number, signing.Where{Batch: s.theBatch(other).Number}, s.id())
		s.must(err)
		if got := slices.Sorted(maps.Keys(s.queued())); !slices.Equal(got, []string{"gone", "silent", "stays"}) {
			t.Errorf("letters wait for %v", got)
		}
		smtp := mailtest.New(t, mailtest.Options{})
		w := s.postmen(smtp, 1)[0]
		w.Pass(s.ctx)
		if got := named(smtp.Received()); !slices.Equal(got, []string{"gone", "silent", "stays"}) {
			t.Errorf("letters went to %v", got)
		}
		for _, r := range smtp.Received() {
			if strings.HasPrefix(r.To, "gone@") {
				_, err := s.box.Bounce(s.ctx, strings.NewReader(bounce(r, "5.1.1")))
				s.must(err)
			}
		}
		if n := s.exact().Paper; n != 3 {
			t.Errorf("%d on paper, want 3", n)
		}
		sent := len(smtp.Received())
		s.news("The office took it.")
		w.Pass(s.ctx)
		if got := named(smtp.Received()[sent:]); !slices.Equal(got, []string{"stays"}) {
			t.Errorf("the update went to %v", got)
		}
	})
}

// TestConfirmationStopped sends no link to a row that was taken out of the count after
// a worker had taken its mail, nor to one whose data was destroyed.
func TestConfirmationStopped(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		for _, name := range []string{"first", "voided"} {
			_, err := s.signing.Accept(s.ctx, s.form("Testfall Signer", name+"@"+name+".example"))
			s.must(err)
		}
		s.wait(time.Minute)
		smtp := mailtest.New(t, mailtest.Options{})
		w := s.postmen(smtp, 1)[0]
		smtp.Behave(mailtest.Script{End: func(r mailtest.Received) mailtest.Reply {
			name := "voided"
			if strings.HasPrefix(r.To, name) {
				name = "first"
			}
			s.void(name + ".example")
			return mailtest.Reply{Code: 250, Text: "2.0.0 taken"}
		}})
		w.Pass(s.ctx)
		s.wait(time.Hour)
		w.Pass(s.ctx)
		if got := smtp.Received(); len(got) != 1 {
			t.Errorf("mail went to %v", named(got))
		}
	})
}

// stopAll ends updates of the rows that it reads, one after the other, and says so.
func stopAll(ctx context.Context, c *child) error {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var p int
		var n int64
		if _, err := fmt.Sscan(in.Text(), &p, &n); err != nil {
			return err
		}
		if err := c.engine.UnsubscribeRow(ctx, p, n); err != nil {
			return err
		}
		fmt.Println(n)
	}
	return errors.Join(in.Err(), c.engine.Close())
}

// TestStopKilled kills the process that ends updates, again and again, between any
// two of its steps. Nobody whose click was answered is written to, and of everybody
// else either the updates and the mail are there, or neither.
func TestStopKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped in short mode: starts processes")
	}
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			target := engine.New(t)
			s := newStand(t, target)
			const people, rounds = 60, 8
			var names []string
			for i := range people {
				names = append(names, fmt.Sprintf("testfall%d", i))
			}
			rows := s.informed(names...)
			s.news("The office took it.")
			answered := map[int64]bool{}
			killed := 0
			for round := range rounds {
				cmd := s.child(stopEnv, target)
				var give strings.Builder
				for _, name := range names[round*5 : round*5+5] {
					fmt.Fprintln(&give, s.petition.Number, rows[name])
				}
				cmd.Stdin = strings.NewReader(give.String())
				killed += s.killAfter(cmd, 1+round%4, time.Duration(round)*200*time.Microsecond, answered)
			}
			if killed == 0 {
				t.Error("no process was killed")
			}
			s.must(s.desk.Settle(s.ctx)) // as the next start does
			waiting := s.queued()
			for name, n := range rows {
				row := s.row(n)
				if _, waits := waiting[name]; waits != row.Updates || answered[n] && row.Updates {
					t.Errorf("%s: answered %v, updates %v, mail waits %v", name, answered[n], row.Updates, waits)
				}
			}
			smtp := mailtest.New(t, mailtest.Options{})
			s.postmen(smtp, 1)[0].Pass(s.ctx)
			for _, name := range named(smtp.Received()) {
				if answered[rows[name]] {
					t.Errorf("%s was told although the click was answered", name)
				}
			}
			if s.exact().Confirmed != people {
				t.Errorf("counted are %+v", s.exact())
			}
			t.Logf("killed %d processes, %d were answered", killed, len(answered))
		})
	}
}

// killAfter starts a process, notes the numbers that it says, and kills it a moment
// after so many of them. It returns 1 if it did not end before that.
func (s *stand) killAfter(cmd *exec.Cmd, lines int, moment time.Duration, said map[int64]bool) int {
	s.t.Helper()
	out, err := cmd.StdoutPipe()
	s.must(err)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	s.must(cmd.Start())
	for read := bufio.NewScanner(out); read.Scan(); lines-- {
		n, err := strconv.ParseInt(read.Text(), 10, 64)
		s.must(err)
		said[n] = true
		if lines == 1 {
			time.AfterFunc(moment, func() { _ = cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err == nil {
		return 0
	}
	if stderr.Len() > 0 {
		s.t.Fatal(stderr.String())
	}
	return 1
}
