package petitions

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
	"github.com/gawah-project/gawah/internal/testdns"
)

// stand is a house with an open petition, everybody who may have to do with it,
// and a clock that is moved by hand.
type stand struct {
	t       testing.TB
	ctx     context.Context
	dir     string
	store   *store.Store
	house   *casework.House
	blobs   *blob.Store
	keys    *seal.Keys
	list    *departed.List
	box     *mail.Outbox
	desk    *Desk
	signing *signing.Engine

	mu    sync.Mutex
	clock time.Time

	admin, editor, owner, organiser, moderator, moderator2, contributor, reader access.Viewer
	petition                                                                    *record.Petition
}

func (s *stand) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = s.clock.Add(time.Millisecond)
	return s.clock
}

func (s *stand) wait(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = s.clock.Add(d)
}

// eachStand runs a test on both engines side by side: fn is called twice at once.
func eachStand(t *testing.T, fn func(*testing.T, *stand)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, newStand(t, ""))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, newStand(t, testdb.Postgres(t)))
	})
}

func newStand(t testing.TB, target string) *stand {
	t.Helper()
	s := bareStand(t, target, t.TempDir())
	for _, p := range []struct {
		v    *access.Viewer
		role access.Role
		name string
	}{
		{&s.admin, access.Admin, "admin"},
		{&s.editor, access.Editor, "editor"},
		{&s.owner, access.Organiser, "owner"},
		{&s.organiser, access.Organiser, "organiser"},
		{&s.moderator, access.Moderator, "moderator"},
		{&s.moderator2, access.Moderator, "moderator2"},
		{&s.contributor, access.Contributor, "contributor"},
		{&s.reader, access.Reader, "reader"},
	} {
		*p.v = access.Viewer{User: record.UserID(s.id()), Role: p.role}
		s.must(s.store.Write(s.ctx, func(tx *store.Tx) error {
			return tx.PutAccount(s.ctx, store.Account{ID: p.v.User, Email: p.name + "@example.org", Name: p.name, Role: string(p.role), Password: "not a hash", Made: 1})
		}))
	}
	s.petition = s.publish(nil)
	return s
}

// bareStand opens a house with nothing in it.
func bareStand(t testing.TB, target, dir string) *stand {
	t.Helper()
	s := &stand{t: t, ctx: t.Context(), dir: dir, clock: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	if target == "" {
		target = testdb.SQLiteIn(t, dir)
	}
	var err error
	s.store, err = store.Open(s.ctx, target)
	s.must(err)
	t.Cleanup(func() {
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	})
	s.blobs, err = blob.Open(filepath.Join(dir, "originals"))
	s.must(err)
	s.keys, err = seal.Open(filepath.Join(dir, "keys"))
	s.must(err)
	s.list = departed.Open(dir)
	s.house = casework.New(casework.Config{Store: s.store, Blobs: s.blobs, Dir: dir, Now: s.now})
	s.box = mail.NewOutbox(mail.OutboxConfig{Store: s.store, Key: s.keys.House(), Now: s.now})
	s.desk = New(s.config())
	return s
}

func (s *stand) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stand) wants(err, want error, what string) {
	s.t.Helper()
	if !errors.Is(err, want) {
		s.t.Errorf("%s: error %v, want %v", what, err, want)
	}
}

// refuses fails unless err names the field.
func (s *stand) refuses(err error, field, what string) {
	s.t.Helper()
	if e, ok := errors.AsType[*record.Invalid](err); !ok || !e.Has(field) {
		s.t.Errorf("%s: error %v, want one about %q", what, err, field)
	}
}

func (s *stand) id() string {
	s.t.Helper()
	id, err := s.house.NewID()
	s.must(err)
	return id
}

// publish puts an invented petition before the public, past the check of its
// text.
func (s *stand) publish(change func(*record.Petition)) *record.Petition {
	s.t.Helper()
	var last int
	s.must(s.store.View(s.ctx, func(r *store.Reader) (err error) {
		last, err = r.LastPetitionNumber(s.ctx)
		return err
	}))
	p := &record.Petition{
		ID: record.PetitionID(s.id()), Number: last + 1, Slug: fmt.Sprintf("testfall-%d", last+1), Title: record.Plain("en", "Protect Example Town"),
		Texts:       []record.PetitionText{{Lang: "en", Title: "Protect Example Town", Body: "We ask."}},
		Addressees:  []record.Addressee{{Key: "office", Office: record.Plain("en", "Office of Example Town")}},
		Demands:     []record.PetitionDemand{{Key: "protect", Text: record.Plain("en", "Protect it.")}},
		Publication: record.PetitionPublished, Collection: record.CollectOpen, Signers: record.SignBoth, Pace: record.PaceLive,
		Edition: 1, KeepDays: 30, Owners: []record.UserID{s.owner.User}, Visibility: record.Public,
	}
	if change != nil {
		change(p)
	}
	s.must(s.house.Do(s.ctx, access.House(), access.ActPetition, "make petition", "", func(w *casework.Work) error {
		if err := w.Create(p); err != nil {
			return err
		}
		e := &record.Edition{
			ID: record.EditionID(s.id()), Petition: p.ID, Number: 1, Made: w.At(), Texts: []record.EditionText{{Lang: "en", Title: "Protect Example Town", Source: "We ask."}},
			Addressees: p.Addressees, Demands: p.Demands, Visibility: record.Public,
		}
		var err error
		if e.Hash, err = petition.Hash(e); err != nil {
			return err
		}
		return w.Create(e)
	}))
	// Whoever looks beside the test may have read the terms just before.
	s.must(s.desk.registry.Refresh(s.ctx))
	return p
}

// mails returns the words of every mail that waits, newest last.
func (s *stand) mails() []mail.Letter {
	s.t.Helper()
	letters, err := s.box.Preview(s.ctx, 1000)
	s.must(err)
	return letters
}

// grep returns the files of the data directory in which a text stands as it is.
func (s *stand) grep(text string) (found []string) {
	s.t.Helper()
	s.must(filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if strings.Contains(strings.ToLower(string(b)), strings.ToLower(text)) {
			rel, _ := filepath.Rel(s.dir, path)
			found = append(found, rel)
		}
		return err
	}))
	return found
}

// secretIn returns the secret at the end of the first link in a mail.
func secretIn(t testing.TB, text string) string {
	t.Helper()
	for word := range strings.FieldsSeq(text) {
		if i := strings.Index(word, "/organisation/"); i >= 0 {
			return word[i+len("/organisation/"):]
		}
	}
	t.Fatalf("no link in %q", text)
	return ""
}

func (s *stand) endorse(f EndorseForm) Endorsed {
	s.t.Helper()
	answer, err := s.desk.Endorse(s.ctx, s.petition.ID, f)
	s.must(err)
	return answer
}

func (s *stand) lines() []EndorsementLine {
	s.t.Helper()
	lines, err := s.desk.Endorsements(s.ctx, s.moderator, s.petition.ID)
	s.must(err)
	return lines
}

func (s *stand) signed() int {
	s.t.Helper()
	o, err := s.desk.Organisations(s.ctx, s.petition.ID)
	s.must(err)
	return len(o.Signed)
}

func TestEndorseByMail(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		answer := s.endorse(goodForm())
		if !answer.Mailed || answer.Record != "_gawah.testfall-rights.org" || answer.Value != "gawah="+answer.Code {
			t.Errorf("%+v", answer)
		}
		if s.signed() != 0 {
			t.Error("listed without a proof")
		}
		letters := s.mails()
		if len(letters) != 1 || letters[0].Message.To != "ada@testfall-rights.org" {
			t.Fatalf("%+v", letters)
		}
		secret := secretIn(t, letters[0].Message.Text)
		if strings.Contains(letters[0].Message.Text+letters[0].Message.HTML, answer.Code) || strings.Contains(letters[0].Message.Subject, "Testfall") {
			t.Error("the mail tells what it must not")
		}
		// Looking signs nothing, however often.
		for range 3 {
			m, err := s.desk.MandateOf(s.ctx, secret)
			s.must(err)
			if m.Organisation.State != record.EndorsementPending || m.Petition.Rec.ID != s.petition.ID {
				t.Errorf("%+v", m)
			}
		}
		s.wants(s.desk.ProveByMail(s.ctx, newSecret()), record.ErrNotFound, "a link of nothing")
		s.wants(s.desk.ProveByMail(s.ctx, ""), record.ErrNotFound, "an empty link")
		s.wants(s.desk.ProveByMail(s.ctx, answer.Code), record.ErrNotFound, "what the page showed")
		// Pressed several times at once.
		pressed := make(chan error, 4)
		for range cap(pressed) {
			go func() { pressed <- s.desk.ProveByMail(s.ctx, secret) }()
		}
		for range cap(pressed) {
			s.must(<-pressed)
		}
		o, err := s.desk.Organisations(s.ctx, s.petition.ID)
		s.must(err)
		if len(o.Signed) != 1 || o.Signed[0].Proof.Kind != record.ProofMail || o.Signed[0].Proof.Domain != "testfall-rights.org" || len(o.Signed[0].Names) != 2 {
			t.Fatalf("%+v", o)
		}
		line := s.lines()[0]
		if line.Representative == nil || line.Representative.Email != "ada@testfall-rights.org" || line.Expires != 0 {
			t.Errorf("%+v", line)
		}
		for _, planted := range []string{"Ada Example", "ada@testfall-rights.org", secret} {
			if found := s.grep(planted); len(found) != 0 {
				t.Errorf("%q stands in %v", planted, found)
			}
		}
		s.must(s.desk.WithdrawByMail(s.ctx, secret))
		if s.signed() != 0 {
			t.Error("still listed after it was withdrawn")
		}
		s.wants(s.desk.WithdrawByMail(s.ctx, secret), record.ErrNotFound, "withdrawn again")
		s.wants(s.desk.ProveByMail(s.ctx, secret), record.ErrNotFound, "confirmed after it was withdrawn")
		if line := s.lines()[0]; line.Rec.State != record.EndorsementWithdrawn || line.Representative != nil {
			t.Errorf("%+v", line)
		}
		var left []departed.Line
		_, err = s.list.Each(0, func(l departed.Line) error { left = append(left, l); return nil })
		s.must(err)
		if len(left) != 1 || left[0].What != departed.Organisation {
			t.Errorf("the list of departures has %+v", left)
		}
	})
}

// TestEndorseAnswersAlike enters what cannot be kept and what was there already.
func TestEndorseAnswersAlike(t *testing.T) {
	s := newStand(t, "")
	blank := func(e Endorsed) Endorsed {
		e.Code, e.Value = "", strings.Repeat("x", len(e.Value))
		return e
	}
	first := s.endorse(goodForm())
	s.must(s.desk.ProveByMail(s.ctx, secretIn(t, s.mails()[0].Message.Text)))
	for i := range 6 {
		s.wait(time.Minute)
		if d := cmp.Diff(blank(first), blank(s.endorse(goodForm()))); d != "" {
			t.Errorf("answer %d differs: %s", i+2, d)
		}
	}
	lines := s.lines()
	if len(lines) != 7 {
		t.Errorf("%d are kept", len(lines))
	}
	for _, l := range lines {
		if len(l.Alike) != 6 {
			t.Errorf("%s is like %d others", l.Rec.State, len(l.Alike))
		}
	}
	// A second one of that domain is proved, and waits for a moderator.
	var second string
	for _, l := range s.mails() {
		if m, err := s.desk.MandateOf(s.ctx, secretIn(t, l.Message.Text)); err == nil && m.Organisation.State == record.EndorsementPending {
			second = secretIn(t, l.Message.Text)
		}
	}
	s.must(s.desk.ProveByMail(s.ctx, second))
	if s.signed() != 1 {
		t.Errorf("one organisation is listed %d times", s.signed())
	}
}

func TestEndorseWhenItCannot(t *testing.T) {
	s := newStand(t, "")
	f := goodForm()
	for name, p := range map[string]*record.Petition{
		"not open":    s.publish(func(p *record.Petition) { p.Collection = record.CollectNotOpen }),
		"closed":      s.publish(func(p *record.Petition) { p.Collection = record.CollectClosed }),
		"over":        s.publish(func(p *record.Petition) { p.Closes = s.now().Add(-time.Hour).UnixMicro() }),
		"not yet":     s.publish(func(p *record.Petition) { p.Opens = s.now().Add(time.Hour).UnixMicro() }),
		"people only": s.publish(func(p *record.Petition) { p.Signers = record.SignPeople }),
	} {
		if _, err := s.desk.Endorse(s.ctx, p.ID, f); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	draft := s.publish(func(p *record.Petition) { p.Publication, p.Visibility = record.PetitionReview, record.Internal })
	_, err := s.desk.Endorse(s.ctx, draft.ID, f)
	s.wants(err, record.ErrNotFound, "a draft")
	f.Edition = 2
	_, err = s.desk.Endorse(s.ctx, s.petition.ID, f)
	s.refuses(err, "edition", "a text that is not there")
}

func TestPracticeMailNeverLeaves(t *testing.T) {
	s := newStand(t, "")
	p := s.publish(func(p *record.Petition) { p.Practice = true })
	_, err := s.desk.Endorse(s.ctx, p.ID, goodForm())
	s.must(err)
	if l := s.mails(); len(l) != 1 || !l[0].Kept {
		t.Errorf("%+v", l)
	}
}

func TestEndorseByCheck(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		f := goodForm()
		f.Email, f.Site = "ada@gmail.com", "https://www.facebook.com/testfall"
		if answer := s.endorse(f); answer.Mailed || answer.Record != "" {
			t.Errorf("%+v", answer)
		}
		if len(s.mails()) != 0 {
			t.Error("a mail went to an address that proves nothing")
		}
		e := s.lines()[0]
		for _, v := range []access.Viewer{access.Anyone(), s.reader, s.contributor, s.editor, s.owner, {Role: access.Admin, AsPublic: true}} {
			s.wants(s.desk.CheckEndorsement(s.ctx, v, e.Rec.ID, e.Rev, record.Plain("en", "known")), record.ErrForbidden, "check as "+string(v.Role))
			s.wants(s.desk.VoidEndorsement(s.ctx, v, e.Rec.ID, e.Rev, "known"), record.ErrForbidden, "void as "+string(v.Role))
			s.wants(s.desk.WithdrawEndorsement(s.ctx, v, e.Rec.ID, e.Rev, "known"), record.ErrForbidden, "withdraw as "+string(v.Role))
			s.wants(s.desk.SetEndorsementRole(s.ctx, v, e.Rec.ID, e.Rev, record.RoleInitiator), record.ErrForbidden, "role as "+string(v.Role))
		}
		for _, v := range []access.Viewer{access.Anyone(), s.reader, s.contributor} {
			_, err := s.desk.Endorsements(s.ctx, v, s.petition.ID)
			s.wants(err, record.ErrForbidden, "list as "+string(v.Role))
		}
		for _, v := range []access.Viewer{s.owner, s.editor} {
			lines, err := s.desk.Endorsements(s.ctx, v, s.petition.ID)
			s.must(err)
			if len(lines) != 1 || lines[0].Representative != nil {
				t.Errorf("%s sees who represents an organisation", v.Role)
			}
		}
		s.refuses(s.desk.CheckEndorsement(s.ctx, s.moderator, e.Rec.ID, e.Rev, nil), "words", "a check without words")
		s.wants(s.desk.CheckEndorsement(s.ctx, s.moderator, e.Rec.ID, e.Rev+1, record.Plain("en", "x")), record.ErrConflict, "another revision")
		s.must(s.desk.CheckEndorsement(s.ctx, s.moderator, e.Rec.ID, e.Rev, record.Plain("en", "A board member confirmed it by a call to the number in the register of associations.")))
		o, err := s.desk.Organisations(s.ctx, s.petition.ID)
		s.must(err)
		if len(o.Signed) != 1 || o.Signed[0].Proof.Words.IsZero() || o.Signed[0].Proof.By != "" {
			t.Errorf("%+v", o)
		}
		s.must(s.desk.SetEndorsementRole(s.ctx, s.moderator, e.Rec.ID, 0, record.RoleCoSignatory))
		s.refuses(s.desk.VoidEndorsement(s.ctx, s.moderator, e.Rec.ID, 0, " "), "reason", "voided without a reason")
		s.must(s.desk.VoidEndorsement(s.ctx, s.moderator, e.Rec.ID, 0, "the association wrote that it never signed"))
		if s.signed() != 0 {
			t.Error("listed after it was voided")
		}
		s.refuses(s.desk.CheckEndorsement(s.ctx, s.moderator, e.Rec.ID, 0, record.Plain("en", "x")), "state", "a voided one")
	})
}

func TestMandatesExpire(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		s.endorse(goodForm())
		secret := secretIn(t, s.mails()[0].Message.Text)
		n, err := s.desk.expireMandates(s.ctx, 10)
		s.must(err)
		if n != 0 {
			t.Errorf("%d expired at once", n)
		}
		s.wait((MandateDays*24 + 1) * time.Hour)
		n, err = s.desk.expireMandates(s.ctx, 10)
		s.must(err)
		if line := s.lines()[0]; n != 1 || line.Rec.State != record.EndorsementVoided || line.Representative != nil {
			t.Errorf("%d expired: %+v", n, line)
		}
		s.wants(s.desk.ProveByMail(s.ctx, secret), record.ErrNotFound, "a link that expired")
	})
}

// looks asks for a look and fails unless it found something and nobody is listed for less.
func (s *stand) looks(code string, want store.Found, seen ...string) Looking {
	s.t.Helper()
	s.wait(dnsPause)
	got, err := s.desk.ProveByDNS(s.ctx, code)
	s.must(err)
	if got.Early || got.Found != want || got.Proved != (want == store.FoundRecord) || !cmp.Equal(got.Seen, seen) {
		s.t.Errorf("a look returned %+v, want %q with %q", got, want, seen)
	}
	if n := s.signed(); (n == 1) != got.Proved {
		s.t.Errorf("%d are listed after %+v", n, got)
	}
	return got
}

func TestEndorseByDNS(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		z := testdns.Serve(t)
		s.desk.resolver = z.Resolver()
		f := goodForm()
		f.Email = "ada@gmail.com"
		answer := s.endorse(f)
		_, err := s.desk.ProveByDNS(s.ctx, newSecret())
		s.wants(err, record.ErrNotFound, "a code of nothing")
		_, err = s.desk.LookingOf(s.ctx, newSecret())
		s.wants(err, record.ErrNotFound, "what a code of nothing is about")

		before, err := s.desk.LookingOf(s.ctx, answer.Code)
		s.must(err)
		if before.Record != answer.Record || before.Value != answer.Value || before.Looked != 0 || before.Next == 0 || before.Next > s.now().UnixMicro() {
			t.Errorf("before any look: %+v", before)
		}
		first := s.looks(answer.Code, store.FoundNothing)
		if first.Record != answer.Record || first.Value != answer.Value || first.Next != first.Looked+dnsPause.Microseconds() || first.Until != (first.Looked/3_600_000_000+unmailedDays*24)*3_600_000_000 {
			t.Errorf("after a look: %+v", first)
		}
		// Asked again at once nothing is looked for, and what was found stays.
		z.Set(answer.Record, answer.Value)
		soon, err := s.desk.ProveByDNS(s.ctx, answer.Code)
		s.must(err)
		if !soon.Early || soon.Found != store.FoundNothing || soon.Looked != first.Looked || s.signed() != 0 {
			t.Errorf("asked too soon: %+v", soon)
		}
		other := "gawah=" + newSecret()
		z.Set(answer.Record, "v=spf1 -all", other, answer.Code)
		s.looks(answer.Code, store.FoundOther, "v=spf1 -all", other, answer.Code)
		z.Fail(answer.Record)
		s.looks(answer.Code, store.FoundUnanswered)
		again, err := s.desk.LookingOf(s.ctx, answer.Code)
		s.must(err)
		if again.Found != store.FoundUnanswered || again.Value != answer.Value || again.Early {
			t.Errorf("coming back: %+v", again)
		}
		z.Set(answer.Record, "v=spf1 -all", "\""+answer.Value+"\"")
		s.looks(answer.Code, store.FoundRecord)
		last, err := s.desk.ProveByDNS(s.ctx, answer.Code)
		s.must(err)
		if !last.Proved || last.Waits || last.Early {
			t.Errorf("looked for once it was proved: %+v", last)
		}
		o, err := s.desk.Organisations(s.ctx, s.petition.ID)
		s.must(err)
		if len(o.Signed) != 1 || o.Signed[0].Proof.Kind != record.ProofDNS {
			t.Errorf("%+v", o)
		}
	})
}

// TestDNSLooksAtOnce asks for one look from several pages at the same moment.
func TestDNSLooksAtOnce(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		z := testdns.Serve(t)
		s.desk.resolver = z.Resolver()
		answer := s.endorse(goodForm())
		errs := make(chan error, 4)
		for range cap(errs) {
			go func() {
				_, err := s.desk.ProveByDNS(s.ctx, answer.Code)
				errs <- err
			}()
		}
		for range cap(errs) {
			s.must(<-errs)
		}
		if n := z.Asked(); n != 1 {
			t.Errorf("the name server was asked %d times", n)
		}
	})
}

func TestDNSIsNotAskedForEver(t *testing.T) {
	s := newStand(t, "")
	s.desk.resolver = testdns.Serve(t).Resolver()
	answer := s.endorse(goodForm())
	var got Looking
	for i := range dnsTries {
		if i >= dnsSoon {
			s.wait(dnsPause)
			early, err := s.desk.ProveByDNS(s.ctx, answer.Code)
			s.must(err)
			if !early.Early {
				t.Fatalf("look %d came a minute after the one before", i)
			}
			s.wait(dnsLater)
		}
		got = s.looks(answer.Code, store.FoundNothing)
	}
	if got.Next != 0 {
		t.Errorf("after the last look: %+v", got)
	}
	s.wait(24 * time.Hour)
	if got, err := s.desk.ProveByDNS(s.ctx, answer.Code); err != nil || !got.Early || got.Next != 0 {
		t.Errorf("one more: %+v, %v", got, err)
	}
}

func TestShownText(t *testing.T) {
	for in, want := range map[string]string{
		"v=spf1 -all":                      "v=spf1 -all",
		"a\u202eb\x00c\xff":                "a\ufffdb\ufffdc\ufffd",
		strings.Repeat("ش", maxSeenText+1): strings.Repeat("ش", maxSeenText) + "…",
	} {
		if got := shownText(in); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
}
