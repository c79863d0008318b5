package petitions

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/mail/mailtest"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/store/storetest"
	"github.com/gawah-project/gawah/internal/testdb"
)

// tellEnv and stopEnv make the test binary be the process that TestUpdateKilled and
// TestStopKilled kill. They hold the data directory, the database and the moment.
const (
	tellEnv = "GAWAH_TEST_TELL"
	stopEnv = "GAWAH_TEST_STOP"
)

func TestMain(m *testing.M) {
	for env, do := range map[string]func(context.Context, *child) error{tellEnv: tellAll, stopEnv: stopAll} {
		if v := os.Getenv(env); v != "" {
			c, err := newChild(v)
			if err == nil {
				err = do(context.Background(), c)
			}
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			os.Exit(0)
		}
	}
	os.Exit(storetest.Main(m))
}

// child is a process beside the test's own, on its data directory and database.
type child struct {
	store  *store.Store
	engine *signing.Engine
	outbox *mail.Outbox
	now    func() time.Time
}

func newChild(v string) (*child, error) {
	part := strings.Split(v, "\n")
	s, err := store.Open(context.Background(), part[1])
	if err != nil {
		return nil, err
	}
	keys, err := seal.Open(filepath.Join(part[0], "keys"))
	if err != nil {
		return nil, err
	}
	at, err := time.Parse(time.RFC3339Nano, part[2])
	if err != nil {
		return nil, err
	}
	now := func() time.Time { return at }
	box := mail.NewOutbox(mail.OutboxConfig{Store: s, Key: keys.House(), Now: now})
	engine, err := signing.New(signing.Config{
		Store: s, Keys: keys, Registry: NewRegistry(s, now), Departed: departed.Open(part[0]), Stopped: DropStopped(box), Now: now,
	})
	return &child{s, engine, box, now}, err
}

// child is the command of a process that is to be killed.
func (s *stand) child(env, target string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], "-test.run", "^$")
	cmd.Env = append(os.Environ(), env+"="+s.dir+"\n"+target+"\n"+s.now().Format(time.RFC3339Nano))
	return cmd
}

// tellAll hands updates to the outbox in small pieces, saying so after each.
func tellAll(ctx context.Context, c *child) error {
	n := NewNewsletter(c.engine, c.store, c.outbox, "https://petitions.example", c.now)
	// However slow who kills it is, it does not get through them all.
	for range 4 {
		told, err := n.Feed(ctx, 5)
		if err != nil {
			return err
		}
		fmt.Println(told)
		if told == 0 {
			return nil
		}
	}
	<-time.After(time.Minute)
	return nil
}

// asking signs as n people who ask for updates.
func (s *stand) asking(first, n int) {
	s.t.Helper()
	for i := first; i < first+n; i++ {
		f := s.form("Testfall Signer", fmt.Sprintf("asking%d@people%d.example", i, i%5))
		f.Net, f.Updates = netip.AddrFrom4([4]byte{10, 2, byte(i / 250), byte(i % 250)}), true
		s.sign(f)
	}
}

func (s *stand) newsletter() *Newsletter {
	return NewNewsletter(s.signing, s.store, s.box, "https://petitions.example", s.now)
}

// updates returns the mails to each address that tell an update.
func updates(received []mailtest.Received) map[string]int {
	out := map[string]int{}
	for _, r := range received {
		out[r.To]++
	}
	return out
}

// TestUpdates: an update stands on the page, and reaches, once, those who asked
// for it and had signed by then.
func TestUpdates(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		id := s.petition.ID
		words := record.Text{{Lang: "en", Text: "The office took it.\n\nWe wait."}, {Lang: "ur", Text: "دفتر نے وصول کر لیا۔"}}
		for _, v := range []access.Viewer{access.Anyone(), s.reader, s.contributor} {
			_, err := s.desk.PostUpdate(s.ctx, v, id, record.UpdateDelivered, words)
			s.wants(err, record.ErrForbidden, "telling signers as "+string(v.Role))
		}
		if _, err := s.desk.PostUpdate(s.ctx, s.organiser, id, record.UpdateDelivered, words); !errors.Is(err, record.ErrForbidden) {
			t.Errorf("somebody else's signers were told: %v", err)
		}
		_, err := s.desk.PostUpdate(s.ctx, s.owner, id, record.UpdateDelivered, nil)
		s.refuses(err, "words", "an update without words")

		s.asking(0, 9)
		s.crowd(3, "quiet.example") // who did not ask
		pending := s.form("Never Confirmed", "pending@people.example")
		pending.Updates = true
		_, err = s.signing.Accept(s.ctx, pending)
		s.must(err)
		urdu := s.form("Testfall Urdu", "urdu@people.example")
		urdu.Lang, urdu.Updates = "ur", true
		s.sign(urdu)
		gone := s.form("Testfall Gone", "gone@people.example")
		gone.Updates = true
		s.must(s.signing.UnsubscribeRow(s.ctx, s.petition.Number, s.sign(gone)))

		smtp := mailtest.New(t, mailtest.Options{})
		s.box.JoinFeeder(s.newsletter())
		workers := s.postmen(smtp, 2)
		workers[0].Pass(s.ctx)
		first := len(smtp.Received()) // the confirmation that waits
		u, err := s.desk.PostUpdate(s.ctx, s.owner, id, record.UpdateDelivered, words)
		s.must(err)
		if u.Number != 1 {
			t.Errorf("the first update has number %d", u.Number)
		}
		page, err := s.desk.PetitionPage(s.ctx, access.Anyone(), s.petition.Slug)
		s.must(err)
		if len(page.Updates) != 1 || page.Updates[0].ID != u.ID {
			t.Errorf("the page shows %d updates", len(page.Updates))
		}
		for range 3 {
			for _, w := range workers {
				w.Pass(s.ctx)
			}
			s.wait(2 * time.Hour)
		}
		got := smtp.Received()[first:]
		to := updates(got)
		if len(got) != 10 || len(to) != 10 || to["urdu@people.example"] != 1 {
			t.Fatalf("%d mails to %v", len(got), to)
		}
		for _, m := range got {
			link := strings.Trim(m.Header("List-Unsubscribe"), "<>")
			if m.Header("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || strings.Contains(link, s.petition.Slug) || !strings.HasSuffix(link, "/unsubscribe") {
				t.Errorf("no link that ends the mails: %q", link)
			}
			if m.To == "urdu@people.example" && !strings.HasPrefix(link, "https://petitions.example/ur/") {
				t.Errorf("an Urdu signer's link is %q", link)
			}
		}

		// Who signs later is not told of it, but of the next one; who ends the mails by
		// the link of one gets none.
		s.asking(20, 2)
		workers[0].Pass(s.ctx)
		_, token, _ := strings.Cut(strings.Trim(got[0].Header("List-Unsubscribe"), "<>"), "/s/")
		token, _ = strings.CutSuffix(token, "/unsubscribe")
		s.must(s.signing.Unsubscribe(s.ctx, s.petition.Number, token))
		before := len(smtp.Received())
		_, err = s.desk.PostUpdate(s.ctx, s.owner, id, record.UpdateAnswered, record.Plain("en", "They answered."))
		s.must(err)
		for range 3 {
			workers[1].Pass(s.ctx)
			s.wait(2 * time.Hour)
		}
		if got := updates(smtp.Received()[before:]); len(got) != 11 {
			t.Errorf("the second update reached %v", got)
		}
		seen, err := s.desk.Updates(s.ctx, s.owner, id)
		s.must(err)
		if len(seen.List) != 2 || seen.List[0].Number != 2 || seen.List[0].Reached != 11 || seen.Asking != 11 {
			t.Errorf("organisers see %+v", seen)
		}
		// A process that starts now has nobody left to tell.
		if n, err := s.newsletter().Feed(s.ctx, 100); n != 0 || err != nil {
			t.Errorf("told %d again: %v", n, err)
		}
		if problems := s.check(); len(problems) > 0 {
			t.Errorf("check: %v", problems)
		}
	})
}

// TestUpdateOfPractice: what a petition for practice tells never leaves.
func TestUpdateOfPractice(t *testing.T) {
	s := newStand(t, "")
	s.petition = s.publish(func(p *record.Petition) { p.Practice = true })
	s.asking(0, 2)
	_, err := s.desk.PostUpdate(s.ctx, s.owner, s.petition.ID, record.UpdateOther, record.Plain("en", "A trial."))
	s.must(err)
	if n, err := s.newsletter().Feed(s.ctx, 100); n != 2 || err != nil {
		t.Fatalf("told %d: %v", n, err)
	}
	for _, m := range s.mails() {
		if !m.Kept {
			t.Errorf("a mail of kind %s would leave", m.Kind)
		}
	}
}

// TestUpdateKilled kills the process that hands an update over, again and again,
// between any two of its steps. Every signer is told once.
func TestUpdateKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped in short mode: starts processes")
	}
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			target := engine.New(t)
			s := newStand(t, target)
			const people = 150
			s.asking(0, people)
			_, err := s.desk.PostUpdate(s.ctx, s.owner, s.petition.ID, record.UpdateOther, record.Plain("en", "News."))
			s.must(err)
			killed, ended := 0, false
			for round := 0; round < 60 && !ended; round++ {
				cmd := s.child(tellEnv, target)
				out, err := cmd.StdoutPipe()
				s.must(err)
				var stderr strings.Builder
				cmd.Stderr = &stderr
				s.must(cmd.Start())
				// After its first piece it dies a moment later, in the middle of the next.
				if lines := bufio.NewScanner(out); lines.Scan() {
					if ended = lines.Text() == "0"; !ended {
						time.AfterFunc(time.Duration(round%12)*150*time.Microsecond, func() { _ = cmd.Process.Kill() })
					}
				}
				if err := cmd.Wait(); err != nil && stderr.Len() > 0 {
					t.Fatal(stderr.String())
				} else if err != nil {
					killed++
				}
			}
			if killed < 5 {
				t.Errorf("only %d processes were killed", killed)
			}
			for {
				n, err := s.newsletter().Feed(s.ctx, 100)
				s.must(err)
				if n == 0 {
					break
				}
			}
			smtp := mailtest.New(t, mailtest.Options{})
			s.postmen(smtp, 1)[0].Pass(s.ctx)
			for range 10 {
				s.wait(10 * time.Minute)
				server, err := mail.ParseServer(smtp.URL())
				s.must(err)
				w, err := mail.NewWorker(mail.WorkerConfig{Outbox: s.box, Server: server, From: "post@petitions.example", Owner: s.id(), Now: s.now})
				s.must(err)
				w.Pass(s.ctx)
			}
			if got := updates(smtp.Received()); len(got) != people || len(smtp.Received()) != people {
				t.Errorf("%d mails to %d of %d people after %d kills", len(smtp.Received()), len(got), people, killed)
			}
			t.Logf("killed %d processes", killed)
		})
	}
}

// TestUndelivered: a confirmation that cannot be delivered, or comes back, is
// counted for the organiser, and one that is tried by another process meanwhile
// is left to it.
func TestUndelivered(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		source := NewLetters(s.signing, s.store, "https://petitions.example")
		accept := func(email string) {
			_, err := s.signing.Accept(s.ctx, s.form("Testfall Signer", email))
			s.must(err)
		}
		due := func(until time.Duration, want int) ([]mail.Pending, time.Time) {
			t.Helper()
			now := s.now()
			end := now.Add(until)
			got, err := source.Due(s.ctx, now, end, mail.LaneUpdate, 10)
			s.must(err)
			if len(got) != want {
				t.Fatalf("%d mails are due, want %d", len(got), want)
			}
			return got, end
		}
		undelivered := func(want int64) {
			t.Helper()
			u, err := s.desk.Updates(s.ctx, s.owner, s.petition.ID)
			s.must(err)
			if u.Undelivered != want {
				t.Errorf("%d undelivered, want %d", u.Undelivered, want)
			}
		}
		accept("testfall1@people.example")
		s.wait(time.Minute)
		if got, err := source.Due(s.ctx, s.now(), s.now(), mail.LaneConfirm-1, 10); len(got) != 0 || err != nil {
			t.Errorf("%d mails of a lane that was not asked for: %v", len(got), err)
		}
		one, lease := due(2*time.Minute, 1)
		s.wait(10 * time.Minute)
		_, second := due(5*time.Minute, 1) // another process
		s.must(source.Settle(s.ctx, one[0].ID, mail.Outcome{Result: mail.Failed, At: s.now(), Lease: lease, Code: "550 5.1.1"}))
		s.must(source.Settle(s.ctx, one[0].ID, mail.Outcome{Result: mail.Later, At: s.now(), Due: s.now(), Lease: lease}))
		s.must(source.Settle(s.ctx, one[0].ID, mail.Outcome{Result: mail.Untried, At: s.now(), Lease: lease}))
		undelivered(0)
		due(time.Minute, 0)
		s.must(source.Settle(s.ctx, one[0].ID, mail.Outcome{Result: mail.Untried, At: s.now(), Due: s.now(), Lease: second}))
		_, third := due(time.Minute, 1)
		s.must(source.Settle(s.ctx, one[0].ID, mail.Outcome{Result: mail.Failed, At: s.now(), Lease: third, Code: "550 5.1.1"}))
		undelivered(1)

		accept("testfall2@people.example")
		s.wait(time.Minute)
		two, lease := due(time.Minute, 1)
		// It is sent, whoever holds it by now, and comes back.
		s.must(source.Settle(s.ctx, two[0].ID, mail.Outcome{Result: mail.Sent, At: s.now(), Lease: lease.Add(-time.Hour)}))
		undelivered(1)
		for range 2 {
			known, err := source.Bounced(s.ctx, two[0].Key, 0, "5.1.1")
			if !known || err != nil {
				t.Errorf("a bounce: %v %v", known, err)
			}
		}
		undelivered(2)
		s.wait(time.Hour)
		due(time.Minute, 0)
		if problems := s.check(); len(problems) > 0 {
			t.Errorf("check: %v", problems)
		}
	})
}
