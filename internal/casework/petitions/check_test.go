package petitions

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

func (s *stand) check() []string {
	s.t.Helper()
	report, err := s.house.Check(s.ctx, nil)
	s.must(err)
	return report.Faults
}

// aside changes the database behind everybody's back.
func (s *stand) aside(fn func(*store.Tx) error) {
	s.t.Helper()
	s.must(s.store.Aside(s.ctx, fn))
}

func (s *stand) row(n int64) *store.Signature {
	s.t.Helper()
	var out store.Signature
	s.must(s.store.View(s.ctx, func(r *store.Reader) error {
		rows, err := r.Signatures(s.ctx, n)
		out = rows[n]
		return err
	}))
	return &out
}

// TestCheckFinds does to a sound house what should never happen to one and asks
// for the fault by name.
func TestCheckFinds(t *testing.T) {
	change := func(s *stand, fn func(w *casework.Work) error) {
		s.must(s.house.Do(s.ctx, access.House(), access.ActPetition, "change", "", fn))
	}
	for _, test := range []struct {
		name, want string
		harm       func(s *stand, staying int64)
	}{
		{"a tally", "tallies of petition 1 are not what", func(s *stand, _ int64) {
			s.aside(func(tx *store.Tx) error {
				return tx.Count(s.ctx, store.Tallies{{Petition: 1, Edition: 1, State: signature.Confirmed, Country: "PK"}: 1})
			})
		}},
		{"a signature that is gone from the tallies", "tallies of petition 1 are not what", func(s *stand, staying int64) {
			s.aside(func(tx *store.Tx) error { return tx.VoidSignatures(s.ctx, []int64{staying}, "x") })
		}},
		{"a number shown", "is not the sum of the parts", func(s *stand, _ int64) {
			s.snapshot(func(x *signature.Snapshot) { x.Count++ })
		}},
		{"a number shown that never was", "and has 3, with those that left", func(s *stand, _ int64) {
			s.snapshot(func(x *signature.Snapshot) {
				x.Count += 9
				x.Integrity.Online += 9
				x.Integrity.Confirmed += 9
				x.Integrity.Received += 9
			})
		}},
		{"a changed text", "is not the text that its hash stands for", func(s *stand, _ int64) {
			change(s, func(w *casework.Work) error {
				e, err := w.Tx().EditionOf(s.ctx, access.House(), s.petition.ID, 1)
				if err != nil {
					return err
				}
				now := *e.Rec
				now.Texts = []record.EditionText{{Lang: "en", Title: "Protect another town", Source: "We ask."}}
				return w.Change(&now, e.Rev)
			})
		}},
		{"an edition too many", "is at edition 2 and has 1", func(s *stand, _ int64) {
			change(s, func(w *casework.Work) error {
				p, err := store.One[*record.Petition](s.ctx, &w.Tx().Reader, access.House(), s.petition.ID)
				if err != nil {
					return err
				}
				now := *p.Rec
				now.Edition = 2
				return w.Change(&now, p.Rev)
			})
		}},
		{"a delivery of nothing", "handed over edition 4", func(s *stand, _ int64) { s.deliver(change, "office", 4) }},
		{"a delivery to somebody else", `went to "nobody"`, func(s *stand, _ int64) { s.deliver(change, "nobody", 1) }},
		{"destroyed only in name", "rows of it are left", func(s *stand, _ int64) { s.markDestroyed(change) }},
		{"a key that is still there", "and its key is there", func(s *stand, _ int64) { s.markDestroyed(change) }},
		{"scans after destruction", "batch 1 has scans", func(s *stand, _ int64) { s.markDestroyed(change) }},
		{"somebody withdrawn who can be read", "withdrawn, repeated or expired signatures with something personal", func(s *stand, staying int64) {
			row := s.row(staying)
			s.must(s.signing.WithdrawRow(s.ctx, 1, staying))
			s.aside(func(tx *store.Tx) error { return tx.RewriteSignature(s.ctx, row) })
		}},
		{"an address nobody asked to keep", "keep an address nobody asked to keep", func(s *stand, staying int64) {
			row := s.row(staying)
			row.Updates = false
			s.aside(func(tx *store.Tx) error { return tx.RewriteSignature(s.ctx, row) })
		}},
		{"a name under no key", "names under a key that is not kept", func(s *stand, staying int64) {
			row := s.row(staying)
			row.Seal = 999
			s.aside(func(tx *store.Tx) error { return tx.RewriteSignature(s.ctx, row) })
		}},
		{"void without a reason", "voided signatures without an invalidation", func(s *stand, staying int64) {
			s.aside(func(tx *store.Tx) error { return tx.VoidSignatures(s.ctx, []int64{staying}, "") })
		}},
		{"paper of no batch", "paper signatures of a batch that does not exist", func(s *stand, _ int64) {
			s.aside(func(tx *store.Tx) error {
				return tx.AddSignatures(s.ctx, []store.Signature{{N: 20, Petition: 1, Edition: 1, Lang: "en", Via: signature.Paper, State: signature.Confirmed, Batch: 9}})
			})
		}},
		{"a signature under no petition", "signatures of petitions that do not exist", func(s *stand, _ int64) {
			s.aside(func(tx *store.Tx) error {
				return tx.AddSignatures(s.ctx, []store.Signature{{N: 20, Petition: 7, Edition: 1, Lang: "en"}})
			})
		}},
		{"a number nobody took", "with a number that was not taken", func(s *stand, _ int64) {
			s.aside(func(tx *store.Tx) error {
				return tx.AddSignatures(s.ctx, []store.Signature{{N: 1 << 50, Petition: 1, Edition: 1, Lang: "en"}})
			})
		}},
		{"a mandate of nobody", "mandates of organisations that do not sign", func(s *stand, _ int64) {
			s.aside(func(tx *store.Tx) error {
				return tx.PutMandate(s.ctx, store.Mandate{Endorsement: record.EndorsementID(s.id()), Petition: 1, DNS: "x"})
			})
		}},
		{"a code that was used for nothing", "used codes are not their signatures by code", func(s *stand, _ int64) {
			s.aside(func(tx *store.Tx) error {
				if err := tx.AddCodes(s.ctx, 1, "x", 1, []string{"hash"}); err != nil {
					return err
				}
				_, err := tx.UseCode(s.ctx, 1, "hash", 2)
				return err
			})
		}},
		{"a message without words", "messages that wait without words", func(s *stand, _ int64) {
			s.aside(func(tx *store.Tx) error {
				_, err := tx.AddMail(s.ctx, store.Mail{ID: s.id(), Fact: "x", Kind: "x", State: store.MailWaiting})
				return err
			})
		}},
		{"a sent message with words", "messages that are over and still have their words", func(s *stand, _ int64) {
			s.aside(func(tx *store.Tx) error {
				_, err := tx.AddMail(s.ctx, store.Mail{ID: s.id(), Fact: "x", Kind: "x", Box: []byte("x"), State: store.MailSent})
				return err
			})
		}},
		{"somebody who came back", "were withdrawn and are back", func(s *stand, staying int64) {
			s.must(s.list.Add(departed.Line{What: departed.Withdrawn, Petition: 1, Rows: []int64{staying}}))
		}},
		{"mail for somebody who wants none", "wanted no more mail", func(s *stand, staying int64) {
			s.must(s.list.Add(departed.Line{What: departed.Unsubscribed, Petition: 1, Rows: []int64{staying}}))
		}},
		{"an organisation without a proof", "is not valid: invalid: proof", func(s *stand, _ int64) {
			s.must(s.store.Write(s.ctx, func(tx *store.Tx) error {
				all, err := tx.EndorsementsOf(s.ctx, access.House(), s.petition.ID)
				if err != nil {
					return err
				}
				e := *all[0].Rec
				e.Proof = nil
				body, err := json.Marshal(&e)
				if err != nil {
					return err
				}
				return tx.Update(s.ctx, &store.Version{Record: &e, Rev: all[0].Rev + 1, Level: all[0].Level, Salt: all[0].Salt, Body: body, Entry: all[0].Entry})
			}))
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, "")
			leaver, _ := s.fill()
			s.statement(t, func(i signature.Integrity) bool { return i.Confirmed == 3 })
			for _, f := range s.check() {
				t.Fatalf("before: %s", f)
			}
			test.harm(s, leaver+1)
			for _, f := range s.check() {
				if strings.Contains(f, test.want) {
					return
				}
			}
			t.Errorf("check finds %q instead of %q", s.check(), test.want)
		})
	}
}

// snapshot changes what is shown.
func (s *stand) snapshot(change func(*signature.Snapshot)) {
	s.t.Helper()
	s.aside(func(tx *store.Tx) error {
		body, n, _, err := tx.Shown(s.ctx, s.petition.Number)
		if err != nil {
			return err
		}
		var x signature.Snapshot
		if err := json.Unmarshal(body, &x); err != nil {
			return err
		}
		change(&x)
		if body, err = json.Marshal(&x); err != nil {
			return err
		}
		_, err = tx.PutShown(s.ctx, s.petition.Number, n, x.At, body)
		return err
	})
}

func (s *stand) deliver(do func(*stand, func(*casework.Work) error), to string, edition int) {
	do(s, func(w *casework.Work) error {
		return w.Create(&record.Delivery{
			ID: record.DeliveryID(s.id()), Petition: s.petition.ID, Edition: edition, Addressee: to, To: record.Plain("en", "the clerk"),
			On: record.On("2026-03-02"), Channel: record.ByHand, Reference: "T-1", Visibility: record.Public,
		})
	})
}

func (s *stand) markDestroyed(do func(*stand, func(*casework.Work) error)) {
	do(s, func(w *casework.Work) error {
		p, err := store.One[*record.Petition](s.ctx, &w.Tx().Reader, access.House(), s.petition.ID)
		if err != nil {
			return err
		}
		now := *p.Rec
		now.Destroyed = w.At()
		return w.Change(&now, p.Rev)
	})
}

// TestCheckIsSound goes through a petition's whole life and finds nothing wrong.
func TestCheckIsSound(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		leaver, organisation := s.fill()
		s.crowd(12, "throwaway.example")
		s.sign(s.form("Again", "plantedaddress.staying@people.example"))
		codes, err := s.desk.IssueCodes(s.ctx, s.owner, s.petition.ID, "North hall", 2)
		s.must(err)
		for i, c := range []string{codes[0], codes[0], "0000-0000-0000"} {
			f := s.form("By Code", "")
			f.Code = CodeHash(c)
			_, err := s.signing.Accept(s.ctx, f)
			if _, refused := errors.AsType[*record.Invalid](err); refused != (i > 0) {
				s.t.Errorf("code %d: %v", i, err)
			}
		}
		s.must(s.desk.AgreeVoid(s.ctx, s.moderator2, s.propose(s.moderator), 0))
		s.must(s.signing.WithdrawRow(s.ctx, s.petition.Number, leaver))
		s.must(s.desk.WithdrawByMail(s.ctx, organisation))
		sound := func(when string) {
			for _, f := range s.check() {
				t.Errorf("%s: %s", when, f)
			}
		}
		sound("open")
		s.stop()
		s.must(s.desk.Destroy(s.ctx, s.owner, s.petition.ID, 0, "over"))
		sound("destroyed")
	})
}
