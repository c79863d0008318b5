package petitions

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/mail/mailtest"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// bodyNamed is a form of another organisation with a domain of its own.
func bodyNamed(name string, updates bool) EndorseForm {
	f := goodForm()
	f.Names = []record.Name{{Lang: "en", Text: "Association " + name}}
	f.Site, f.Email, f.Updates = "https://testfall-"+name+".org", "ada@testfall-"+name+".org", updates
	return f
}

// linkTo returns the secret of the last link to an organisation's page that an address got.
func (s *stand) linkTo(to string) string {
	s.t.Helper()
	secret := ""
	for _, l := range s.mails() {
		if l.Message.To == to && strings.Contains(l.Message.Text, "/organisation/") {
			secret = secretIn(s.t, l.Message.Text)
		}
	}
	if secret == "" {
		s.t.Fatalf("no link went to %s", to)
	}
	return secret
}

// updated tells an update and returns who is told it.
func (s *stand) updated(n *Newsletter, words string) (to []string, letters []mail.Message) {
	s.t.Helper()
	_, err := s.desk.PostUpdate(s.ctx, s.owner, s.petition.ID, record.UpdateDelivered, record.Plain("en", words))
	s.must(err)
	for {
		reached, err := n.Feed(s.ctx, 2)
		s.must(err)
		if reached == 0 {
			break
		}
	}
	for _, l := range s.mails() {
		if strings.Contains(l.Message.Text, words) {
			to, letters = append(to, l.Message.To), append(letters, l.Message)
		}
	}
	slices.Sort(to)
	return to, letters
}

func (s *stand) bodyNews() *Newsletter {
	n := s.newsletter()
	n.Bodies(s.desk.Bodies())
	return n
}

// TestBodyUpdates tells the representatives who asked and whose address showed that it was theirs,
// once each, and nobody else.
func TestBodyUpdates(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		for name, updates := range map[string]bool{"asked": true, "silent": false, "unproved": true, "withdrawn": true, "stopped": true, "later": false} {
			s.endorse(bodyNamed(name, updates))
			if name == "unproved" {
				continue
			}
			s.must(s.desk.ProveByMail(s.ctx, s.linkTo("ada@testfall-"+name+".org")))
		}
		if s.signed() != 5 {
			t.Fatalf("%d are listed", s.signed())
		}
		s.must(s.desk.WithdrawByMail(s.ctx, s.linkTo("ada@testfall-withdrawn.org")))
		s.wait(time.Second)
		n := s.bodyNews()
		to, letters := s.updated(n, "The office took it.")
		if want := []string{"ada@testfall-asked.org", "ada@testfall-stopped.org"}; !slices.Equal(to, want) {
			t.Fatalf("told are %v, want %v", to, want)
		}
		for _, m := range letters {
			if !strings.Contains(m.Unsubscribe, "/o/") || !strings.Contains(m.Text, m.Unsubscribe) || strings.Contains(m.Subject, "Testfall") || strings.Contains(m.Text, "/organisation/") {
				t.Errorf("the mail is %+v", m)
			}
		}
		// Another process tells nobody again.
		if reached, err := s.bodyNews().Feed(s.ctx, 100); reached != 0 || err != nil {
			t.Errorf("%d are told again: %v", reached, err)
		}

		// To stop drops what waits and leaves the signature; to begin later is to be told from then on.
		stop := letters[slices.IndexFunc(letters, func(m mail.Message) bool { return m.To == "ada@testfall-stopped.org" })].Unsubscribe
		token := stop[strings.LastIndex(stop, "/")+1:]
		s.must(s.desk.BodyUpdates(s.ctx, token))
		s.wants(s.desk.StopBodyUpdates(s.ctx, token+"x"), record.ErrNotFound, "a link of nothing")
		s.wants(s.desk.StopBodyUpdates(s.ctx, ""), record.ErrNotFound, "an empty link")
		s.must(s.desk.StopBodyUpdates(s.ctx, token))
		s.wants(s.desk.BodyUpdates(s.ctx, token), record.ErrNotFound, "a link that has ended")
		for _, l := range s.mails() {
			if l.Message.To == "ada@testfall-stopped.org" && strings.Contains(l.Message.Text, "The office took it.") {
				t.Error("what waited for who stopped still waits")
			}
		}
		later := s.linkTo("ada@testfall-later.org")
		s.must(s.desk.UpdatesByMail(s.ctx, later, true))
		s.must(s.desk.UpdatesByMail(s.ctx, later, true))
		if m, err := s.desk.MandateOf(s.ctx, later); err != nil || !m.Informed {
			t.Errorf("it is %+v: %v", m, err)
		}
		if err := s.desk.UpdatesByMail(s.ctx, s.linkTo("ada@testfall-unproved.org"), true); err == nil {
			t.Error("updates of an organisation that is not proved began")
		}
		if s.signed() != 4 {
			t.Errorf("%d are listed, want 4", s.signed())
		}
		s.wait(time.Second)
		if to, _ := s.updated(n, "The office answered."); !slices.Equal(to, []string{"ada@testfall-asked.org", "ada@testfall-later.org"}) {
			t.Errorf("told are %v", to)
		}

		// An address that takes no mail gets no more, and whoever stopped is not begun with again by
		// a backup; who began anew is.
		asked := s.lineOf("asked")
		s.must(s.desk.Bodies().End(s.ctx, asked))
		s.must(s.desk.Bodies().End(s.ctx, "nobody"))
		for id, want := range map[string]bool{asked: false, s.lineOf("later"): true, s.lineOf("silent"): false, "nobody": false} {
			if held, err := s.desk.Bodies().Holds(s.ctx, id); held != want || err != nil {
				t.Errorf("%s holds updates: %v, want %v (%v)", id, held, want, err)
			}
		}
		var gone []departed.Line
		_, err := s.list.Each(0, func(l departed.Line) error {
			if l.What == departed.Uninformed {
				gone = append(gone, l)
			}
			return nil
		})
		s.must(err)
		if len(gone) != 2 {
			t.Fatalf("noted beside the database are %+v", gone)
		}
		s.must(s.store.Write(s.ctx, func(tx *store.Tx) error { // as the backup had it
			m, err := tx.MandateOf(s.ctx, record.EndorsementID(s.lineOf("stopped")))
			m.Updates, m.Mail = 2, gone[0].By
			if err == nil {
				err = tx.PutMandate(s.ctx, m)
			}
			return err
		}))
		s.must(s.desk.Settle(s.ctx))
		for name, want := range map[string]bool{"stopped": false, "later": true} {
			if held, err := s.desk.Bodies().Holds(s.ctx, s.lineOf(name)); held != want || err != nil {
				t.Errorf("%s after a restore: %v, want %v (%v)", name, held, want, err)
			}
		}
		for _, planted := range []string{token, "ada@testfall"} {
			if found := s.grep(planted); len(found) != 0 {
				t.Errorf("%q stands in %v", planted, found)
			}
		}
	})
}

// TestMandateLetterEnds forgets the letter with the link, and the address in it, when the
// organisation's signature ends before it was sent, and sends it to nobody else.
func TestMandateLetterEnds(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		for _, name := range []string{"stays", "withdrawn", "voided", "gone"} {
			s.endorse(bodyNamed(name, true))
		}
		s.must(s.desk.WithdrawByMail(s.ctx, s.linkTo("ada@testfall-withdrawn.org")))
		s.must(s.desk.VoidEndorsement(s.ctx, s.moderator, record.EndorsementID(s.lineOf("voided")), 0, "a test"))
		// Something that does not go through the outbox, such as a backup that comes back.
		s.must(s.store.Write(s.ctx, func(tx *store.Tx) error { return tx.DropMandate(s.ctx, record.EndorsementID(s.lineOf("gone"))) }))
		if got := slices.Sorted(maps.Keys(s.queued())); len(got) != 1 || len(s.mails()) != 2 {
			t.Errorf("%d letters wait, to %v", len(s.mails()), got)
		}
		smtp := mailtest.New(t, mailtest.Options{})
		w := s.postmen(smtp, 1)[0]
		w.Pass(s.ctx)
		if got := smtp.Received(); len(got) != 1 || got[0].To != "ada@testfall-stays.org" {
			t.Errorf("%d letters went", len(got))
		}
		// One that nobody presses expires with its organisation.
		s.endorse(bodyNamed("late", false))
		s.wait((MandateDays + 1) * 24 * time.Hour)
		s.must(s.desk.expireOrganisations(s.ctx))
		if n := len(s.mails()); n != 0 {
			t.Errorf("%d letters wait", n)
		}
		list, err := s.box.List(s.ctx, "", "", 50)
		s.must(err)
		for _, e := range list {
			if e.Readable {
				t.Errorf("a letter that is %s has its words", e.State)
			}
		}
	})
}

// lineOf is the identifier of an organisation's signature.
func (s *stand) lineOf(name string) string {
	s.t.Helper()
	for _, l := range s.lines() {
		if l.Rec.Names[0].Text == "Association "+name {
			return string(l.Rec.ID)
		}
	}
	s.t.Fatalf("no organisation %s", name)
	return ""
}

// TestBodyUpdatesProvedOtherwise sends a link to an address that proved nothing, and no update before
// it was pressed.
func TestBodyUpdatesProvedOtherwise(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		for _, updates := range []bool{true, false} {
			f := bodyNamed(map[bool]string{true: "asked", false: "silent"}[updates], updates)
			f.Site, f.Email, f.Lang = "", map[bool]string{true: "asked@gmail.com", false: "silent@gmail.com"}[updates], "ur"
			s.endorse(f)
		}
		if n := len(s.mails()); n != 0 {
			t.Errorf("%d mails to addresses that are not proved", n)
		}
		for _, l := range s.lines() {
			s.must(s.desk.CheckEndorsement(s.ctx, s.moderator, l.Rec.ID, 0, record.Plain("en", "A board member confirmed it.")))
		}
		letters := s.mails()
		if len(letters) != 1 || letters[0].Message.To != "asked@gmail.com" || letters[0].Message.Lang != "ur" {
			t.Fatalf("letters are %+v", letters)
		}
		n := s.bodyNews()
		s.wait(time.Second)
		if to, _ := s.updated(n, "The office took it."); len(to) != 0 {
			t.Errorf("told are %v before the link was pressed", to)
		}
		secret := s.linkTo("asked@gmail.com")
		m, err := s.desk.MandateOf(s.ctx, secret) // to look begins nothing
		s.must(err)
		if m.Informed {
			t.Error("a look at the link began the updates")
		}
		s.must(s.desk.UpdatesByMail(s.ctx, secret, true))
		s.wait(time.Second)
		if to, _ := s.updated(n, "The office answered."); !slices.Equal(to, []string{"asked@gmail.com"}) {
			t.Errorf("told are %v", to)
		}
		// What was told before they began is not told.
		for _, l := range s.mails() {
			if strings.Contains(l.Message.Text, "The office took it.") {
				t.Errorf("%s is told what was before", l.Message.To)
			}
		}
		// Off by the same link, and what waits goes.
		s.must(s.desk.UpdatesByMail(s.ctx, secret, false))
		for _, l := range s.mails() {
			if strings.Contains(l.Message.Text, "The office answered.") {
				t.Error("what waited still waits")
			}
		}
		s.must(s.desk.VoidEndorsement(s.ctx, s.moderator, record.EndorsementID(s.lineOf("asked")), 0, "a test"))
		s.wants(s.desk.UpdatesByMail(s.ctx, secret, true), record.ErrNotFound, "a link of an organisation that is voided")
	})
}
