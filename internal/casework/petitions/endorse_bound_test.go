package petitions

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// TestStrangersKeepNobodyOut enters an organisation's domain with addresses that
// prove nothing, from one network and from many, until no more can wait.
func TestStrangersKeepNobodyOut(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		stranger := goodForm()
		stranger.Email = "mallory@gmail.com"
		stranger.Net = netip.MustParseAddr("192.0.2.7")
		for range bodiesUnmailed + 3 {
			s.endorse(stranger)
		}
		if n := len(s.lines()); n != bodiesUnmailed {
			t.Errorf("%d of one network wait", n)
		}
		s.strangers(maxPending - bodiesUnmailed)
		stranger.Net = netip.MustParseAddr("198.51.100.7")
		s.endorse(stranger)
		if n := s.pending(); n != maxPending {
			t.Errorf("%d wait", n)
		}

		// The organisation itself, behind the very network of the stranger.
		own := goodForm()
		own.Net = netip.MustParseAddr("192.0.2.7")
		if !s.endorse(own).Mailed {
			t.Fatal("no link was mailed")
		}
		letters := s.mails()
		if len(letters) != 1 {
			t.Fatalf("%d mails", len(letters))
		}
		s.must(s.desk.ProveByMail(s.ctx, secretIn(t, letters[0].Message.Text)))
		if s.signed() != 1 {
			t.Error("not listed")
		}
		if n := s.pending(); n != maxPending-1 {
			t.Errorf("%d wait after one made room and was proved", n)
		}

		// What anybody could have entered is dropped after days, not weeks.
		s.wait((unmailedDays*24 + 1) * time.Hour)
		for {
			n, err := s.desk.expireMandates(s.ctx, 100)
			s.must(err)
			if n == 0 {
				break
			}
		}
		if n := s.pending(); n != 0 || s.signed() != 1 {
			t.Errorf("%d wait still, %d are listed", n, s.signed())
		}
	})
}

// strangers lets unproved signatures of organisations wait that nobody was mailed for.
func (s *stand) strangers(n int) {
	s.t.Helper()
	s.must(s.house.Do(s.ctx, access.House(), access.ActSign, "endorse", "", func(w *casework.Work) error {
		for i := range n {
			e := &record.Endorsement{
				ID: record.EndorsementID(s.id()), Petition: s.petition.ID, Edition: 1, Lang: "en",
				Names: []record.Name{{Text: fmt.Sprintf("Invented Body %d", i), Lang: "en", Kind: record.NamePrimary}}, Country: "PK",
				Role: record.RoleEndorser, State: record.EndorsementPending, Made: w.At(), Visibility: record.Internal,
			}
			if err := w.Create(e); err != nil {
				return err
			}
			m := store.Mandate{Endorsement: e.ID, Petition: s.petition.Number, DNS: hashSecret(string(e.ID)), Domain: fmt.Sprintf("body-%d.example", i), Expires: hourOf(w.At()) + unmailedDays*24}
			if err := w.Tx().PutMandate(s.ctx, m); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (s *stand) pending() (all int) {
	s.t.Helper()
	s.must(s.store.View(s.ctx, func(r *store.Reader) (err error) {
		all, _, err = r.PendingMandates(s.ctx, s.petition.Number)
		return err
	}))
	return all
}

func TestThrowawayMailProvesNothing(t *testing.T) {
	s := newStand(t, "")
	f := goodForm()
	f.Site, f.Email = "https://mailinator.com", "amnesty@mailinator.com"
	if a := s.endorse(f); a.Mailed || a.Record != "" {
		t.Errorf("a throwaway domain: %+v", a)
	}
	rules := s.signing.Rules()
	rules.Blocked = map[string]bool{"testfall-rights.org": true}
	s.signing.SetRules(rules)
	if a := s.endorse(goodForm()); a.Mailed || a.Record != "" {
		t.Errorf("a domain from which signatures do not count: %+v", a)
	}
}

// TestKnownNameIsLookedAt proves a domain under the name of somebody else.
func TestKnownNameIsLookedAt(t *testing.T) {
	party := func(level record.Visibility) func(*stand) {
		return func(s *stand) {
			s.must(s.house.Do(s.ctx, access.House(), access.ActEdit, "make party", "", func(w *casework.Work) error {
				return w.Create(&record.Party{
					ID: record.PartyID(s.id()), Slug: "testfall", Kind: record.Organisation, Visibility: level,
					Names: []record.Name{{Text: "TESTFALL  rights watch", Lang: "en", Kind: record.NamePrimary}},
				})
			}))
		}
	}
	for name, test := range map[string]struct {
		make   func(*stand)
		listed int
	}{
		"party in the register":     {party(record.Public), 0},
		"party the public sees not": {party(record.Internal), 1},
		"nobody that is known":      {func(*stand) {}, 1},
		"signatory of the original text": {func(s *stand) {
			s.must(s.house.Do(s.ctx, access.House(), access.ActPetition, "add original", "", func(w *casework.Work) error {
				source := &record.Source{ID: record.SourceID(s.id()), Type: record.TypePetition, Language: "en", Title: record.Plain("en", "The first letter"), Sensitivity: record.Open, Terms: record.TermsFree, Visibility: record.Public}
				if err := w.Create(source); err != nil {
					return err
				}
				return w.Create(&record.Endorsement{
					ID: record.EndorsementID(s.id()), Petition: s.petition.ID, Edition: 1, Lang: "en", Source: source.ID,
					Names: []record.Name{{Text: "Testfall Rights Watch", Lang: "en", Kind: record.NamePrimary}}, Country: "PK",
					Role: record.RoleOriginal, State: record.EndorsementPending, Made: w.At(), Visibility: record.Public,
				})
			}))
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStand(t, "")
			test.make(s)
			s.endorse(goodForm())
			s.must(s.desk.ProveByMail(s.ctx, secretIn(t, s.mails()[0].Message.Text)))
			if n := s.signed(); n != test.listed {
				t.Errorf("%d are listed, want %d", n, test.listed)
			}
		})
	}
}

// TestMailProvesItsOwnHost says of a host below a registered domain no more than
// that.
func TestMailProvesItsOwnHost(t *testing.T) {
	s := newStand(t, "")
	f := goodForm()
	f.Site, f.Email = "https://law.testfall-university.org", "ada@law.testfall-university.org"
	s.endorse(f)
	s.must(s.desk.ProveByMail(s.ctx, secretIn(t, s.mails()[0].Message.Text)))
	o, err := s.desk.Organisations(s.ctx, s.petition.ID)
	s.must(err)
	if len(o.Signed) != 1 || o.Signed[0].Proof.Domain != "law.testfall-university.org" {
		t.Errorf("%+v", o.Signed)
	}
}
