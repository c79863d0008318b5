package followup

import (
	"fmt"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// TestFindAttacks finds the attack to narrow a list to among many, those first on account of
// which something was asked, however long ago that was.
func TestFindAttacks(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		office := s.party("examples")
		old := s.event("old", "1999-01-10", record.TypeAttack, func(e *record.Event) { e.Title = record.Plain("en", "Market of Testfall") })
		inside := s.event("inside", "2025-01-10", record.TypeAttack, func(e *record.Event) {
			e.Title, e.Visibility = record.Plain("en", "Market of Testfall"), record.Internal
		})
		var many []record.Record
		for i := range attacksAtOnce + 50 {
			many = append(many, &record.Event{
				ID: record.EventID(s.id()), Slug: fmt.Sprintf("many-%d", i), Title: record.Plain("en", "Market of Elsewhere"), Type: record.TypeAttack, Status: record.Held, Visibility: record.Public,
				When: record.On(fmt.Sprintf("20%02d-01-10", 5+i%20)),
			})
		}
		s.put(many...)
		sitIn := s.event("sit-in", "2024-01-10", record.TypeSitIn, func(e *record.Event) { e.Title = record.Plain("en", "Market sit-in") })
		s.event("rally", "2024-01-11", record.TypeProtest, func(e *record.Event) { e.Title = record.Plain("en", "Market rally") })
		for _, e := range []*record.Event{old, sitIn, inside} {
			s.put(&record.Demand{
				ID: record.DemandID(s.id()), Slug: "about-" + e.Slug, Text: record.Plain("en", "Protect"), Of: e.Ref(), Attack: old.ID, Made: record.On("2024-02-01"), Visibility: e.Visibility,
				Addressees: []record.DemandAddressee{{Key: "office", Party: office.ID}},
			})
		}
		for _, test := range []struct {
			who   access.Viewer
			words string
			want  []string // the first found
			n     int
			more  bool
		}{
			{access.Anyone(), "market", []string{"sit-in", "old"}, 5, true},
			{s.reader, "MARKET", []string{"inside", "sit-in", "old"}, 5, true},
			{access.Anyone(), "testfall market", []string{"old"}, 1, false},
			{access.Anyone(), "rally", nil, 0, false},
			{access.Anyone(), "nowhere", nil, 0, false},
			{access.Anyone(), " ", nil, 0, false},
		} {
			got, more, err := s.desk.FindAttacks(s.ctx, test.who, test.words, 5)
			s.must(err)
			if len(got) != test.n || more != test.more {
				t.Errorf("%q as %q: %d found, more %v; want %d, %v", test.words, test.who.Role, len(got), more, test.n, test.more)
				continue
			}
			for i, slug := range test.want {
				if got[i].Event.Slug != slug || got[i].Demands == 0 {
					t.Errorf("%q as %q: %d is %s with %d demands, want %s", test.words, test.who.Role, i, got[i].Event.Slug, got[i].Demands, slug)
				}
			}
		}
		got, _, err := s.desk.FindAttacks(s.ctx, access.Anyone(), "testfall", 5)
		s.must(err)
		_, n, err := s.desk.Demands(s.ctx, access.Anyone(), Filter{Attack: got[0].Event.ID}, 0, 10)
		s.must(err)
		if n != got[0].Demands {
			t.Errorf("%d demands are promised, and the list has %d", got[0].Demands, n)
		}
	})
}
