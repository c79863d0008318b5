package petitions

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signing"
)

// TestCorrections says which offices hold a number that does not stand any more,
// and nothing exact of a few. No hour passes between a delivery and what follows it.
func TestCorrections(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		rows := s.crowd(14, "people.example")
		id, number := s.petition.ID, s.petition.Number
		leave := func(list ...int64) {
			t.Helper()
			for _, n := range list {
				s.must(s.signing.WithdrawRow(s.ctx, number, n))
			}
		}
		var last record.DeliveryID
		deliver := func(people int64) record.Delivery {
			t.Helper()
			s.settled(number, people)
			d, _, err := s.desk.Deliver(s.ctx, s.owner, id, record.Delivery{Addressee: s.addressee(), Channel: record.ByHand, Gone: 99, AsOf: 1})
			s.must(err)
			if d.Count != people || d.AsOf < 1_000_000 || d.Gone == 99 {
				t.Fatalf("the delivery holds %+v", d)
			}
			last = d.ID
			return d
		}
		type due struct {
			ID   record.DeliveryID
			Gone bool
			Left int64
		}
		corrections := func(what string, want ...due) {
			t.Helper()
			list, err := s.desk.Corrections(s.ctx, s.owner, id)
			s.must(err)
			var got []due
			for _, c := range list {
				got = append(got, due{c.Delivery.ID, c.Gone, c.Left})
				if c.Since != nil || (c.Anew != nil) != (c.Delivery.ID != last) {
					t.Errorf("%s: since %v, anew %v", what, c.Since, c.Anew)
				}
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s: %s", what, d)
			}
		}
		// Whoever left before is not in the number.
		leave(s.sign(s.form("Early Testperson", "early@people.example")))
		first := deliver(14)
		of := func(d record.Delivery, left int64) due { return due{d.ID, true, left} }
		corrections("before anybody left")
		leave(rows[:3]...)
		corrections("after three left within the hour", of(first, 0))
		second := deliver(11)
		corrections("after it was handed over anew", of(first, 0))
		leave(rows[3:12]...)
		corrections("after twelve left", of(first, 12), of(second, 0))
		// Who came in another hour and left again was handed over to nobody.
		s.wait(time.Hour)
		third := deliver(2)
		s.wait(time.Hour)
		leave(s.sign(s.form("Late Testperson", "late@people.example")))
		if list, err := s.desk.Corrections(s.ctx, s.owner, id); err != nil || len(list) != 2 || list[1].Delivery.ID == third.ID {
			t.Errorf("after one left who came later: %+v, %v", list, err)
		}
		if _, err := s.desk.Corrections(s.ctx, access.Anyone(), id); err == nil {
			t.Error("anybody sees it")
		}
	})
}

// TestCorrectionsOfVoided counts whom the house takes out of the count, and lets
// nobody whom it puts back hide another who has left.
func TestCorrectionsOfVoided(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		s.crowd(12, "throwaway.example")
		f := s.form("Mover Testperson", "mover@people.example")
		f.Net = netip.MustParseAddr("10.9.9.9")
		leaver := s.sign(f)
		id, number := s.petition.ID, s.petition.Number
		s.settled(number, 13)
		deliver := func() {
			t.Helper()
			_, _, err := s.desk.Deliver(s.ctx, s.owner, id, record.Delivery{Addressee: s.addressee(), Channel: record.ByHand})
			s.must(err)
		}
		left := func() (out []int64) {
			t.Helper()
			list, err := s.desk.Corrections(s.ctx, s.owner, id)
			s.must(err)
			for _, c := range list {
				out = append(out, c.Left)
			}
			return out
		}
		deliver()
		void := s.propose(s.moderator)
		s.must(s.desk.AgreeVoid(s.ctx, s.moderator2, void, 0))
		if got := left(); !slices.Equal(got, []int64{12}) {
			t.Errorf("after twelve were taken out: %v", got)
		}
		s.settled(number, 1)
		deliver()
		s.must(s.desk.UndoVoid(s.ctx, s.moderator, void, 0, "They were people."))
		if got := left(); len(got) != 0 {
			t.Errorf("after they were put back: %v", got)
		}
		s.must(s.signing.WithdrawRow(s.ctx, number, leaver))
		if got := left(); !slices.Equal(got, []int64{0, 0}) {
			t.Errorf("after one left both deliveries: %v", got)
		}
	})
}

// TestCorrectionAfterSubstance keeps apart what was handed over for one text, what of
// it stands for that text, and what is counted for the next.
func TestCorrectionAfterSubstance(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		id := s.draft("Changing", "We ask.\n", func(p *record.Petition) { p.Pace = record.PaceLive }).Rec.ID
		_, err := s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{Reason: why})
		s.must(err)
		s.must(s.desk.Open(s.ctx, s.owner, id, 0, 0, 0, ""))
		s.petition = s.now_(id).Rec
		number := s.petition.Number
		rows := s.crowd(30, "people.example")
		s.settled(number, 30)
		_, _, err = s.desk.Deliver(s.ctx, s.owner, id, record.Delivery{Addressee: "office", Channel: record.ByHand})
		s.must(err)
		s.redraft(id, func(p *record.Petition) { p.Demands[0].Text = record.Plain("en", "Protect the mine.") })
		_, err = s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{Reason: why, Changes: why, Substance: true, Reconsent: true})
		s.must(err)
		s.must(s.desk.registry.Refresh(s.ctx))
		s.settled(number, 0)
		if list, err := s.desk.Corrections(s.ctx, s.owner, id); err != nil || len(list) != 0 {
			t.Errorf("a new text takes nobody from the earlier one: %+v, %v", list, err)
		}
		// One agrees by their link, one signs the new text in place of the old.
		two, lang := 2, "en"
		_, err = s.signing.Confirm(s.ctx, number, s.token(rows[0]), signing.Change{Edition: &two, Lang: &lang})
		s.must(err)
		s.wait(2 * time.Hour)
		f := s.form("Signer xx", "signer1@people.example")
		f.Edition = 2
		anew := s.sign(f)
		s.settled(number, 2)
		for _, n := range append(rows[10:19:19], rows[0], anew) {
			s.must(s.signing.WithdrawRow(s.ctx, number, n))
		}
		s.settled(number, 0)
		// Somebody who only ever signed the new text is nothing to an office with the old one.
		f.Name, f.Email = "New Testperson", "new@people.example"
		s.sign(f)
		s.settled(number, 1)
		list, err := s.desk.Corrections(s.ctx, s.owner, id)
		s.must(err)
		if len(list) != 1 || list[0].Left != 11 || list[0].Still() != 19 || list[0].Since == nil || list[0].Since.Number != 2 || list[0].People != 1 {
			t.Errorf("after eleven of thirty left: %+v", list)
		}
	})
}

// TestCorrectionOfPack tells of who left between the making of a pack and the note that
// it was handed over, and of an organisation that it lists.
func TestCorrectionOfPack(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		s.desk.SetPrinter(bare{}, nil)
		rows := s.crowd(3, "people.example")
		id, number := s.petition.ID, s.petition.Number
		f := goodForm()
		f.Email, f.Site = "ada@gmail.com", "https://www.facebook.com/testfall"
		s.endorse(f)
		body := s.lines()[0].Rec.ID
		s.must(s.desk.CheckEndorsement(s.ctx, s.moderator, body, 0, record.Plain("en", "A board member confirmed it.")))
		s.settled(number, 3)
		pack, err := s.desk.BuildPack(s.ctx, s.owner, id, PackOrder{Audience: record.ForAddressee, Addressee: s.addressee()})
		s.must(err)
		s.must(s.signing.WithdrawRow(s.ctx, number, rows[0]))
		s.settled(number, 2)
		d, _, err := s.desk.Deliver(s.ctx, s.owner, id, record.Delivery{Addressee: s.addressee(), Channel: record.ByPost, PackHash: pack.Hash})
		s.must(err)
		list, err := s.desk.Corrections(s.ctx, s.owner, id)
		s.must(err)
		if len(list) != 1 || list[0].Delivery.ID != d.ID || d.Count != 3 || !list[0].Gone || list[0].Bodies != 0 {
			t.Fatalf("after one left a pack on its way: %+v", list)
		}
		s.must(s.desk.WithdrawEndorsement(s.ctx, s.moderator, body, 0, "they asked"))
		list, err = s.desk.Corrections(s.ctx, s.owner, id)
		s.must(err)
		if len(list) != 1 || list[0].Bodies != 1 {
			t.Errorf("after an organisation left: %+v", list)
		}
	})
}

func (s *stand) addressee() string {
	s.t.Helper()
	item, err := s.desk.ByID(s.ctx, s.owner, s.petition.ID)
	s.must(err)
	return item.Rec.Addressees[0].Key
}
