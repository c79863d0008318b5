package followup

import (
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// TestCitedDuty starts the clock of whom a duty binds on the day on which it was cited, and
// that of nobody from a demand alone.
func TestCitedDuty(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		office, abroad := s.party("examples"), s.party("abroad")
		attack := s.event("attack", "2025-01-10", record.TypeAttack)
		for slug, bases := range map[string][]record.LegalBasis{
			"alone": nil,
			"cited": {{Key: "covenant", Instrument: record.Plain("en", "Covenant of Examples"), State: "PK"}},
		} {
			s.put(&record.Demand{
				ID: record.DemandID(s.id()), Slug: slug, Text: record.Plain("en", "Demand "+slug), Of: attack.Ref(), Made: record.On("2026-01-30"), Visibility: record.Public, Bases: bases,
				Addressees: []record.DemandAddressee{{Key: "office", Party: office.ID, Country: "PK"}, {Key: "abroad", Party: abroad.ID, Country: "GB"}},
			})
		}
		list, n, err := s.desk.Silences(s.ctx, access.Anyone(), "", 0, 10)
		s.must(err)
		if n != 1 || list[0].Slug != "cited" || list[0].Addressee != "office" || list[0].Silence.Start != "cited_duty" || list[0].Silence.From != "2026-01-30" || list[0].Silence.Days != 30 {
			t.Errorf("silent are %+v; want the office, for 30 days since the duty was cited", list)
		}
		var table strings.Builder
		s.must(s.desk.CSV(s.ctx, access.Anyone(), ListSilence, Filter{}, &table))
		if !strings.Contains(table.String(), "cited_duty") {
			t.Errorf("the table of silences does not say from what it counts:\n%s", table.String())
		}
	})
}

// TestPracticeDemand keeps what is tried out on a private copy of a petition out of every
// public sum, silence and list of what is overdue, and lets it run at the desk.
func TestPracticeDemand(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		office := s.party("examples")
		attack := s.event("attack", "2025-01-10", record.TypeAttack)
		p := s.petition(office, attack)
		tried := *p
		tried.Practice = true
		s.must(s.house.Do(s.ctx, access.House(), access.ActEdit, "test", "", func(w *casework.Work) error { return w.Change(&tried, 1) }))
		demand := func(slug string, of record.Ref, key string) {
			s.put(&record.Demand{
				ID: record.DemandID(s.id()), Slug: slug, Text: record.Plain("en", "Demand "+slug), Of: of, Key: key, Made: record.On("2025-02-01"), Visibility: record.Public,
				Addressees: []record.DemandAddressee{{Key: "office", Party: office.ID, Country: "PK"}},
				Due:        record.Due{Day: "2025-06-01", Zone: "Asia/Karachi", Origin: record.DueStated},
				Letters:    []record.SentLetter{{Addressee: "office", On: "2025-02-02", Channel: record.ByPost, Subject: "Asked"}},
			})
		}
		demand("tried", p.Ref(), "safety")
		demand("real", attack.Ref(), "")
		for _, test := range []struct {
			who  access.Viewer
			want int // that are counted
		}{{access.Anyone(), 1}, {s.reader, 2}} {
			o, err := s.desk.Overview(s.ctx, test.who, "")
			s.must(err)
			_, silent, err := s.desk.Silences(s.ctx, test.who, "", 0, 10)
			s.must(err)
			_, late, err := s.desk.Due(s.ctx, test.who, Late, 0, 10)
			s.must(err)
			if o.Demands.All != test.want || o.Demands.Practice != 2-test.want || silent != test.want || late != test.want || o.Authorities[0].Demands != test.want || o.Authorities[0].Silent != test.want {
				t.Errorf("%q: %d demands and %d tried out, %d silent, %d late, %+v; want %d of each", test.who.Role, o.Demands.All, o.Demands.Practice, silent, late, o.Authorities, test.want)
			}
			for name, f := range map[string]Filter{"silent": {Silent: true}, "long overdue": {Timeliness: "long_overdue"}} {
				if _, n, err := s.desk.Demands(s.ctx, test.who, f, 0, 10); err != nil || n != test.want {
					t.Errorf("%q: %d demands are %s, want %d (%v)", test.who.Role, n, name, test.want, err)
				}
			}
			all, n, err := s.desk.Demands(s.ctx, test.who, Filter{}, 0, 10)
			s.must(err)
			if n != 2 {
				t.Errorf("%q: %d demands are listed, want both", test.who.Role, n)
			}
			for _, l := range all {
				if l.Practice != (l.Demand.Slug == "tried") {
					t.Errorf("%s is marked as tried out: %v", l.Demand.Slug, l.Practice)
				}
			}
			if _, n, err := s.desk.Demands(s.ctx, test.who, Filter{Real: true}, 0, 10); err != nil || n != 1 {
				t.Errorf("%q: %d demands are real, want one (%v)", test.who.Role, n, err)
			}
			page, err := s.desk.Demand(s.ctx, test.who, "tried")
			s.must(err)
			if page.Silence.Started == page.Apart || !page.Practice {
				t.Errorf("%q: what was tried out starts a clock: %+v", test.who.Role, page.Silence)
			}
		}
	})
}
