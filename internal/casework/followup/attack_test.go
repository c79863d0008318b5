package followup

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/trend"
)

func count(n int64) *int64 { return &n }

// TestWave counts the protests in response to an attack, and keeps what is planned
// inside.
func TestWave(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		attack := s.event("attack", "2025-01-10", record.TypeAttack)
		answers := func(e *record.Event) { e.ResponseTo = []record.EventID{attack.ID} }
		sitIn := s.event("sit-in", "2025-01-11/2025-01-14", record.TypeSitIn, answers)
		march := s.event("march", "2025-01-12", record.TypeProtest, answers, func(e *record.Event) {
			e.Where = record.Place{Town: "Elsewhere", Country: "GB"}
		})
		s.event("march-2", "2025-01-13", record.TypeProtest, func(e *record.Event) { e.ResponseTo = []record.EventID{march.ID} })
		s.event("planned", "2026-04-13", record.TypeProtest, answers, func(e *record.Event) { e.Status, e.Visibility = record.Planned, record.Internal })
		src := s.source("Testfall Post")
		s.claim(src, sitIn.Ref(), func(c *record.Claim) {
			c.Kind, c.Measure, c.Operator, c.Words, c.Form = record.KindMeasure, record.Participants, record.InWords, "tens of thousands", record.Incident
			c.Statement, c.Stance, c.Topic = nil, "", ""
		})
		s.claim(src, march.Ref(), func(c *record.Claim) {
			c.Kind, c.Measure, c.Form = record.KindMeasure, record.Participants, record.Incident
			c.Statement, c.Stance, c.Topic = nil, "", ""
			c.Bounds(record.Between, 500, 700)
		})
		talks := s.event("talks", "2025-01-13", record.TypeNegotiation, func(e *record.Event) { e.ResponseTo = []record.EventID{sitIn.ID} })
		c := s.claim(src, talks.Ref())
		s.put(&record.Commitment{
			ID: record.CommitmentID(s.id()), Slug: "offer", Text: record.Plain("en", "Dismiss the cabinet"), Unidentified: true, In: talks.ID, Attack: attack.ID,
			Offer: &record.Offer{Answer: record.OfferRefused}, Claims: []record.ClaimID{c.ID}, Visibility: record.Public,
		})
		w, err := s.desk.Wave(s.ctx, access.Anyone(), "attack")
		s.must(err)
		if len(w.Protests) != 3 || w.Towns != 2 || w.Countries != 2 || w.Uncounted != 1 {
			t.Errorf("%d protests in %d towns of %d countries, %d without a number", len(w.Protests), w.Towns, w.Countries, w.Uncounted)
		}
		if w.Low != 20_500 || w.High != 20_700 || !w.HighOpen || w.Rule != CrowdRule {
			t.Errorf("from %d to %d, open %v, by %s; want 20,500 to 20,700 and more", w.Low, w.High, w.HighOpen, w.Rule)
		}
		first := w.Protests[0]
		if first.Days != 4 || len(first.Offers) != 1 || !slices.Equal(first.Participants.Words, []string{"tens of thousands"}) {
			t.Errorf("the sit-in: %d days, %d offers, %+v", first.Days, len(first.Offers), first.Participants)
		}
		inside, err := s.desk.Wave(s.ctx, s.reader, "attack")
		s.must(err)
		if len(inside.Protests) != 4 {
			t.Errorf("inside there are %d gatherings, want the planned one too", len(inside.Protests))
		}
	})
}

// TestCourse puts what came before an attack and after it in the order of time.
func TestCourse(t *testing.T) {
	s := newStand(t, "")
	attack := s.event("attack", "2025-01-10", record.TypeAttack)
	c := s.claim(s.source("Testfall Post"), attack.Ref())
	threat := s.event("threat", "2024-12-01", record.TypeThreat, func(e *record.Event) {
		e.Warnings = []record.Warning{{Attack: attack.ID, Claims: []record.ClaimID{c.ID}}}
	})
	s.event("guards", "2024-12-05", record.TypeAnnouncement, func(e *record.Event) { e.ResponseTo = []record.EventID{threat.ID} })
	s.event("sit-in", "2025-01-11", record.TypeSitIn, func(e *record.Event) { e.ResponseTo = []record.EventID{attack.ID} })
	s.put(&record.Proceeding{
		ID: record.ProceedingID(s.id()), Slug: "case", Title: record.Plain("en", "Two masterminds"), Group: record.Group{Name: record.Plain("en", "two masterminds"), Low: count(2), High: count(2)},
		Events: []record.EventID{attack.ID}, Visibility: record.Public,
		Steps: []record.ChainStep{
			{Kind: record.StepArrest, On: record.On("2025-02-01"), Claims: []record.ClaimID{c.ID}},
			{Kind: record.StepEscape, On: record.On("2025-03-01"), Claims: []record.ClaimID{c.ID}},
			{Kind: record.StepComplaint, On: record.On("2025-01-01"), Claims: []record.ClaimID{c.ID}},
		},
	})
	p, err := s.desk.Course(s.ctx, access.Anyone(), "attack")
	s.must(err)
	if len(p.Before) != 1 || len(p.Before[0].Answered) != 1 || len(p.Before[0].Warning) != 1 || len(p.After) != 1 {
		t.Errorf("before %+v, after %+v", p.Before, p.After)
	}
	if len(p.Proceedings) != 1 || p.Proceedings[0].Exit != record.StepEscape || len(p.Proceedings[0].Contradictions) == 0 {
		t.Errorf("proceedings %+v; want an escape, and a complaint before the attack", p.Proceedings)
	}
	if len(p.Said.Claims) != 1 {
		t.Errorf("%d claims are behind it, want 1", len(p.Said.Claims))
	}
}

// TestAccountability keeps what nobody looked for apart from what was not found.
func TestAccountability(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		group := s.party("group", func(p *record.Party) { p.Kind = record.ArmedGroup })
		var attacks []*record.Event
		for _, slug := range []string{"a", "b", "c", "d"} {
			e := s.event(slug, "2024-01-10", record.TypeAttack)
			s.put(&record.Involvement{
				ID: record.InvolvementID(s.id()), Event: e.ID, Party: group.ID, Role: record.RolePerpetrator, Visibility: record.Internal,
			})
			attacks = append(attacks, e)
		}
		c := s.claim(s.source("Testfall Post"), attacks[0].Ref())
		status := s.claim(s.source("Gazette"), group.Ref(), func(c *record.Claim) {
			c.Kind, c.Attribute, c.Value = record.KindAttribute, record.AttrLegalStatus, record.Value{Text: "proscribed", When: record.On("2012")}
			c.Statement, c.Stance, c.Topic = nil, "", ""
		})
		verdict := func(e *record.Event, slug string, v record.VerdictValue) {
			p := &record.Proceeding{
				ID: record.ProceedingID(s.id()), Slug: slug, Title: record.Plain("en", "A case"), Events: []record.EventID{e.ID}, Party: group.ID, Visibility: record.Public,
				Looked: []record.Looked{{Where: record.Plain("en", "court lists"), On: "2026-01-01"}},
			}
			if v != "" {
				p.Steps = []record.ChainStep{{Kind: record.StepVerdict, Verdict: v, On: record.On("2025-01-01"), Claims: []record.ClaimID{c.ID}}}
			}
			s.put(p)
		}
		verdict(attacks[0], "first", record.VerdictConvicted)
		verdict(attacks[1], "second", record.VerdictAcquitted)
		verdict(attacks[2], "third", "")
		a, err := s.desk.Accountability(s.ctx, access.Anyone(), AccountabilityFilter{})
		s.must(err)
		if n := a.NoConvict; a.Attacks != 4 || n.Of != 2 || n.All != 3 || n.Unknown != 1 || n.BoundLow != 0.5 || n.BoundHigh != 0.75 || math.Abs(n.Value-2.0/3) > 1e-9 {
			t.Errorf("%d attacks, without conviction %+v; want 2 of 3, one unknown", a.Attacks, n)
		}
		if n := a.Prosecuted; n.Of != 2 || n.All != 3 {
			t.Errorf("prosecuted %+v, want 2 of 3", n)
		}
		inside, err := s.desk.Accountability(s.ctx, s.reader, AccountabilityFilter{Party: group.ID, Population: 1_000_000})
		s.must(err)
		if inside.Attacks != 4 || len(inside.Parties) != 1 || len(inside.Parties[0].Status) != 1 || inside.Parties[0].Status[0].Claims[0] != status.ID {
			t.Errorf("of the group: %d attacks, %+v", inside.Attacks, inside.Parties)
		}
		if inside.PerMillion != 0 {
			t.Errorf("an index of %f below five unsolved cases", inside.PerMillion)
		}
		_, err = s.desk.Accountability(s.ctx, access.Anyone(), AccountabilityFilter{From: "soon"})
		s.refused(err, "from", "date")
	})
}

// TestTrend publishes a test that can be computed again, and finds out when its
// input was changed.
func TestTrend(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		days := []string{"2011-02-10", "2011-08-01", "2012-03-04", "2012-09-09", "2013-01-10", "2013-02-16", "2013-04-01", "2013-05-12", "2013-06-30", "2013-08-08", "2013-11-11", "2013-12-20"}
		for i, day := range days {
			s.event("attack-"+string(rune('a'+i)), day, record.TypeAttack, func(e *record.Event) { e.Where.Town = "Town " + string(rune('a'+i)) })
		}
		s.event("hidden", "2013-03-03", record.TypeAttack, func(e *record.Event) { e.Visibility = record.Internal })
		s.event("some-day", "2013", record.TypeAttack, func(e *record.Event) { e.When = record.When{} })
		p := trend.Defaults("2011-01-01", "2013-12-31")
		p.Boundary, p.Ground, p.Why = "2013-01-01", trend.GroundLaw, "a law of that day"
		frame := record.Frame{Country: "PK"}
		_, err := s.desk.DraftTrend(s.ctx, s.editor, frame, trend.Params{From: "2013"})
		s.refused(err, "params", "trend")
		draft, err := s.desk.DraftTrend(s.ctx, s.editor, frame, p)
		s.must(err)
		if len(draft.Input.Events) != len(days) || draft.Left["undated"] != 1 {
			t.Errorf("%d events, left out %v; want the %d public ones that are dated", len(draft.Input.Events), draft.Left, len(days))
		}
		id, err := s.desk.MakeTrend(s.ctx, s.editor, &record.TrendStatement{
			Title: record.Plain("en", "Are attacks increasing?"), Frame: frame, Visibility: record.Public,
		}, p, "publish")
		s.must(err)
		view, err := s.desk.TrendWithInput(s.ctx, access.Anyone(), "are-attacks-increasing")
		s.must(err)
		if view.Item.Rec.ID != id || view.Result.All.Exact == nil || len(view.Input.Events) != len(days) || view.Params.Why != p.Why {
			t.Errorf("the statement reads %+v", view.Result)
		}
		check, err := s.desk.RecomputeTrend(s.ctx, access.Anyone(), id)
		s.must(err)
		if !check.OK {
			t.Errorf("computed again it is not the same: %s", check.Reason)
		}
		s.sound()
		in, err := view.Input.Encode()
		s.must(err)
		if trend.Hash(in) != view.Item.Rec.Input || strings.Contains(string(in), "hidden") {
			t.Error("the input is not the one that was hashed")
		}
		next := *view.Item.Rec
		next.Events, next.Title = 99, record.Plain("en", "Another title")
		s.must(s.desk.SaveTrend(s.ctx, s.editor, &next, 1, "reworded"))
		view, err = s.desk.Trend(s.ctx, access.Anyone(), string(id))
		s.must(err)
		if view.Item.Rec.Events != len(days) || view.Item.Rec.Title.In("en").Text != "Another title" {
			t.Errorf("a change of words changed what was computed: %+v", view.Item.Rec)
		}
		s.must(s.desk.blobs.Remove(view.Item.Rec.Input))
		if check, err = s.desk.RecomputeTrend(s.ctx, access.Anyone(), id); err != nil || check.OK || check.Reason != "input_missing" {
			t.Errorf("without its input: %+v (%v)", check, err)
		}
	})
}

// TestTrendTaken takes out of what a test was computed from the events that were
// hidden or erased since, for whoever may not see them, and names no event that nobody
// sees as the one that others are parts of.
func TestTrendTaken(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		whole := s.event("whole", "2011-01-01", record.TypeAttack, func(e *record.Event) { e.Visibility = record.Internal })
		var list []*record.Event
		for _, slug := range []string{"stays", "part", "hidden", "erased"} {
			list = append(list, s.event(slug, "2012-03-04", record.TypeAttack, func(e *record.Event) {
				e.Where.Town = slug + " town"
				if slug == "part" {
					e.PartOf = whole.ID
				}
			}))
		}
		stays, hidden, erased := list[0], list[2], list[3]
		p := trend.Defaults("2011-01-01", "2013-12-31")
		p.Boundary, p.Ground, p.Why, p.BoundaryEvent = "2012-03-04", trend.GroundEvent, "that attack", string(hidden.ID)
		id, err := s.desk.MakeTrend(s.ctx, s.editor, &record.TrendStatement{Title: record.Plain("en", "Trend"), Slug: "trend", Frame: record.Frame{Country: "PK"}, Visibility: record.Public}, p, "publish")
		s.must(err)
		read := func(v access.Viewer, taken int) string {
			t.Helper()
			view, err := s.desk.TrendWithInput(s.ctx, v, "trend")
			s.must(err)
			in, err := view.Input.Encode()
			s.must(err)
			if view.Taken != taken || len(view.Input.Events) != len(list)-taken || (trend.Hash(in) == view.Item.Rec.Input) != (taken == 0) {
				t.Errorf("%d events were taken out and %d left of %d; want %d taken", view.Taken, len(view.Input.Events), len(list), taken)
			}
			all, err := s.desk.Trends(s.ctx, v)
			s.must(err)
			return strings.Join([]string{string(in), string(view.Item.Rec.Params), string(view.Item.Rec.Result), view.Params.BoundaryEvent, string(all[0].Item.Rec.Params), string(all[0].Item.Rec.Result)}, "\n")
		}
		if text := read(access.Anyone(), 0); !strings.Contains(text, string(hidden.ID)) || strings.Contains(text, string(whole.ID)) {
			t.Errorf("the public reads %s", text)
		}
		s.must(s.house.Unpublish(s.ctx, access.House(), []record.Ref{hidden.Ref()}, "for safety"))
		s.must(s.house.Erase(s.ctx, access.House(), erased.Ref(), "entered by mistake"))
		for _, of := range []struct {
			v     access.Viewer
			taken int
		}{{access.Anyone(), 2}, {s.editor, 1}} {
			text := read(of.v, of.taken)
			if strings.Contains(text, string(erased.ID)) || strings.Contains(text, "erased town") || !strings.Contains(text, string(stays.ID)) {
				t.Errorf("after erasing one %v reads %s", of.v.Role, text)
			}
			if of.taken == 2 && (strings.Contains(text, string(hidden.ID)) || strings.Contains(text, "hidden town")) {
				t.Errorf("after hiding one the public reads %s", text)
			}
		}
		if check, err := s.desk.RecomputeTrend(s.ctx, access.House(), id); err != nil || !check.OK {
			t.Errorf("the house cannot compute it again: %+v (%v)", check, err)
		}
	})
}

// TestAnniversaries finds the days that come round.
func TestAnniversaries(t *testing.T) {
	s := newStand(t, "")
	s.event("near", "2013-03-05", record.TypeAttack)
	s.event("far", "2013-06-30", record.TypeAttack)
	s.event("leap", "2012-02-29", record.TypeAttack)
	s.event("vague", "2013-03", record.TypeAttack)
	s.event("secret", "2013-03-06", record.TypeAttack, func(e *record.Event) { e.Visibility = record.Internal })
	list, err := s.desk.Anniversaries(s.ctx, access.Anyone(), 30, 10)
	s.must(err)
	if len(list) != 1 || list[0].On != "2026-03-05" || list[0].Years != 13 || list[0].Days != 4 {
		t.Errorf("within a month: %+v", list)
	}
	list, err = s.desk.Anniversaries(s.ctx, access.Anyone(), 365, 10)
	s.must(err)
	if len(list) != 3 || list[2].On != "2027-02-28" {
		t.Errorf("within a year: %+v", list)
	}
}
