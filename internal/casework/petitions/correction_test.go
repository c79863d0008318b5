package petitions

import (
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// TestCorrections says which offices hold a number that does not stand any more,
// and nothing exact of a few.
func TestCorrections(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		rows := s.crowd(14, "people.example")
		id := s.petition.ID
		deliver := func() record.Delivery {
			t.Helper()
			d, _, err := s.desk.Deliver(s.ctx, s.owner, id, record.Delivery{Addressee: s.addressee(), Channel: record.ByHand})
			s.must(err)
			return d
		}
		corrections := func() []Correction {
			t.Helper()
			list, err := s.desk.Corrections(s.ctx, s.owner, id)
			s.must(err)
			return list
		}
		s.wait(2 * time.Hour)
		first := deliver()
		if list := corrections(); len(list) != 0 {
			t.Errorf("before anybody left: %+v", list)
		}
		s.wait(2 * time.Hour)
		for _, n := range rows[:3] {
			s.must(s.signing.WithdrawRow(s.ctx, s.petition.Number, n))
		}
		if list := corrections(); len(list) != 1 || list[0].Left != 0 || list[0].Delivery.ID != first.ID || list[0].Anew != nil {
			t.Errorf("after three left: %+v", list)
		}
		s.wait(2 * time.Hour)
		second := deliver()
		s.wait(2 * time.Hour)
		for _, n := range rows[3:12] {
			s.must(s.signing.WithdrawRow(s.ctx, s.petition.Number, n))
		}
		list := corrections()
		if len(list) != 2 || list[0].Left != 12 || list[0].Anew == nil || list[0].Anew.ID != second.ID || list[1].Left != 0 || list[1].Anew != nil {
			t.Errorf("after twelve left: %+v", list)
		}
		if _, err := s.desk.Corrections(s.ctx, access.Anyone(), id); err == nil {
			t.Error("anybody sees it")
		}
	})
}

func (s *stand) addressee() string {
	s.t.Helper()
	item, err := s.desk.ByID(s.ctx, s.owner, s.petition.ID)
	s.must(err)
	return item.Rec.Addressees[0].Key
}
