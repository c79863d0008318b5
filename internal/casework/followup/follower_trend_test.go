package followup

import (
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/trend"
)

// TestNewsOfTrends tells of a statement, of a later one of the same frame and of numbers that
// changed because an event was hidden, each once, and nobody of what is not public.
func TestNewsOfTrends(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		var attacks []*record.Event
		for i, day := range []string{"2011-02-10", "2011-08-01", "2012-03-04", "2012-09-09", "2013-01-10", "2013-02-16", "2013-04-01", "2013-05-12", "2013-06-30", "2013-08-08"} {
			town := "Town " + string(rune('a'+i))
			attacks = append(attacks, s.event("attack-"+string(rune('a'+i)), day, record.TypeAttack, func(e *record.Event) { e.Where.Town = town }))
		}
		p := trend.Defaults("2011-01-01", "2013-12-31")
		p.Boundary, p.Ground, p.Why = "2013-01-01", trend.GroundLaw, "a law of that day"
		state := func(slug, title, country string, seen record.Visibility) record.Ref {
			t.Helper()
			id, err := s.desk.MakeTrend(s.ctx, s.editor, &record.TrendStatement{Slug: slug, Title: record.Plain("en", title), Frame: record.Frame{Country: country}, Visibility: seen}, p, "")
			s.must(err)
			return record.Ref{Kind: record.KindTrendStatement, ID: string(id)}
		}
		state("first", "The first test", "PK", record.Public)
		state("elsewhere", "A test elsewhere", "AF", record.Public)
		s.follows("all@people.example", FollowEverything, "")
		s.follows("first@people.example", FollowTrend, "first")
		s.follows("elsewhere@people.example", FollowTrend, "elsewhere")
		if got := s.told(); len(got) != 0 {
			t.Errorf("what was public before is told: %v", got)
		}

		second := state("second", "The second test", "PK", record.Internal)
		if _, err := s.desk.FollowTarget(s.ctx, FollowTrend, "second"); err == nil {
			t.Error("a statement that is not public can be followed")
		}
		if got := s.told(); len(got) != 0 {
			t.Errorf("what is not public is told: %v", got)
		}
		s.publish(second)
		s.hears(s.told(), "A test of whether it is rising: “The second test”", "all", "first")
		s.restart()
		if got := s.told(); len(got) != 0 {
			t.Errorf("told again after a restart: %v", got)
		}

		s.must(s.house.Unpublish(s.ctx, access.House(), []record.Ref{attacks[4].Ref()}, "for safety"))
		got := s.told()
		s.hears(got, "not public any more: “The first test”", "all", "first")
		if strings.Contains(got["first"], "The second test") || !strings.Contains(got["all"], "The second test") {
			t.Errorf("of the second statement is told %v", got)
		}
		for who, text := range got {
			if strings.Contains(text, "2013-01-10") || strings.Contains(text, "attack-e") || !strings.Contains(text, "https://record.example/") {
				t.Errorf("%s is told %s", who, text)
			}
		}
		s.publish(attacks[4].Ref())
		s.told()
		s.must(s.house.Unpublish(s.ctx, access.House(), []record.Ref{attacks[4].Ref()}, "again"))
		if got := s.told(); len(got) != 0 {
			t.Errorf("the same numbers are told again: %v", got)
		}

		// Words that change are no news, and whoever follows what was taken back is told nothing.
		s.must(s.house.Unpublish(s.ctx, access.House(), []record.Ref{second}, "a mistake"))
		if got := s.told(); len(got) != 0 {
			t.Errorf("told of what was taken back: %v", got)
		}
	})
}
