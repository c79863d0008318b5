package followup

import (
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// TestWaveSumsWholeOnce keeps a gathering and its parts from being counted twice.
func TestWaveSumsWholeOnce(t *testing.T) {
	s := newStand(t, "")
	attack := s.event("attack", "2025-01-10", record.TypeAttack)
	src := s.source("Testfall Post")
	protest := func(slug string, whole *record.Event, low, high int64) *record.Event {
		e := s.event(slug, "2025-01-11", record.TypeProtest, func(e *record.Event) {
			e.ResponseTo = []record.EventID{attack.ID}
			if whole != nil {
				e.PartOf = whole.ID
			}
		})
		if high > 0 {
			s.claim(src, e.Ref(), func(c *record.Claim) {
				c.Kind, c.Measure, c.Form = record.KindMeasure, record.Participants, record.Incident
				c.Statement, c.Stance, c.Topic = nil, "", ""
				c.Bounds(record.Between, low, high)
			})
		}
		return e
	}
	counted := protest("counted", nil, 1000, 2000)
	protest("counted-part", counted, 400, 500)
	protest("counted-silent", counted, 0, 0)
	open := protest("open", nil, 0, 0)
	protest("open-one", open, 10, 20)
	protest("open-two", open, 30, 40)
	protest("alone", nil, 0, 0)
	w, err := s.desk.Wave(s.ctx, access.Anyone(), "attack")
	s.must(err)
	if w.Low != 1040 || w.High != 2060 || w.Uncounted != 1 {
		t.Errorf("from %d to %d, %d without a number; want 1,040 to 2,060 and one", w.Low, w.High, w.Uncounted)
	}
}

// TestAccountabilityOfParts counts an attack for who is said to have done a part of
// it, once, and lists cases about no attack apart.
func TestAccountabilityOfParts(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		group := s.party("group", func(p *record.Party) { p.Kind = record.ArmedGroup })
		other := s.party("other", func(p *record.Party) { p.Kind = record.ArmedGroup })
		day := s.event("day", "2024-01-10", record.TypeAttack)
		escape := s.event("escape", "2024-02-01", record.TypeAnnouncement)
		for _, slug := range []string{"one", "two"} {
			part := s.event(slug, "2024-01-10", record.TypeAttack, func(e *record.Event) { e.PartOf = day.ID })
			s.put(&record.Involvement{ID: record.InvolvementID(s.id()), Event: part.ID, Party: group.ID, Role: record.RolePerpetrator, Visibility: record.Internal})
		}
		hidden := s.event("hidden", "2024-01-10", record.TypeAttack, func(e *record.Event) { e.PartOf, e.Visibility = day.ID, record.Internal })
		s.put(&record.Involvement{ID: record.InvolvementID(s.id()), Event: hidden.ID, Party: other.ID, Role: record.RolePerpetrator, Visibility: record.Internal})
		for slug, p := range map[string]*record.Proceeding{
			"leaders":     {Party: group.ID},
			"masterminds": {Party: other.ID, Events: []record.EventID{escape.ID}},
			"attack-case": {Party: group.ID, Events: []record.EventID{day.ID}},
		} {
			p.ID, p.Slug, p.Title, p.Visibility = record.ProceedingID(s.id()), slug, record.Plain("en", "Case "+slug), record.Public
			s.put(p)
		}
		a, err := s.desk.Accountability(s.ctx, s.reader, AccountabilityFilter{})
		s.must(err)
		if a.Attacks != 1 || len(a.Proceedings) != 1 || len(a.Loose) != 2 {
			t.Errorf("%d attacks, %d cases and %d about none; want 1, 1 and 2", a.Attacks, len(a.Proceedings), len(a.Loose))
		}
		of, err := s.desk.Accountability(s.ctx, s.reader, AccountabilityFilter{Party: group.ID})
		s.must(err)
		if of.Attacks != 1 || len(of.Loose) != 1 || of.Loose[0].Proceeding.Slug != "leaders" {
			t.Errorf("of the group: %d attacks, apart %+v; want 1 and its leaders", of.Attacks, of.Loose)
		}
		public, err := s.desk.Accountability(s.ctx, access.Anyone(), AccountabilityFilter{Party: other.ID})
		s.must(err)
		if public.Attacks != 0 {
			t.Errorf("a part that is kept inside is counted in public")
		}
		years, err := s.desk.Accountability(s.ctx, access.Anyone(), AccountabilityFilter{From: "2020-01-01"})
		s.must(err)
		if len(years.Loose) != 0 {
			t.Errorf("a selection by year holds %d cases about no attack", len(years.Loose))
		}
	})
}

// TestUnfollowed leaves out a demand that is followed through all its parts.
func TestUnfollowed(t *testing.T) {
	followed := &record.Demand{}
	lines := []PetitionDemandLine{
		{Key: "whole"},
		{Key: "a", Depth: 1, Followed: followed},
		{Key: "b", Depth: 1},
		{Key: "b1", Depth: 2, Followed: followed},
		{Key: "half"},
		{Key: "c", Depth: 1, Followed: followed},
		{Key: "d", Depth: 1},
		{Key: "alone"},
	}
	var got []string
	for _, l := range unfollowed(lines) {
		got = append(got, l.Key)
	}
	if want := "half d alone"; strings.Join(got, " ") != want {
		t.Errorf("not followed: %s, want %s", strings.Join(got, " "), want)
	}
}

// TestCommitmentAwaitsDeed ends the silence of a commitment with what was done of it.
func TestCommitmentAwaitsDeed(t *testing.T) {
	s := newStand(t, "")
	office := s.party("examples")
	c := s.claim(s.source("Testfall Post"), office.Ref())
	made := &record.Commitment{
		ID: record.CommitmentID(s.id()), Slug: "pay", Text: record.Plain("en", "Pay the families"), By: []record.Promiser{{Party: office.ID}},
		Made: record.On("2025-01-12"), Claims: []record.ClaimID{c.ID}, Visibility: record.Public,
	}
	s.put(made)
	quiet := func() int {
		_, n, err := s.desk.Silences(s.ctx, access.Anyone(), "", 0, 10)
		s.must(err)
		return n
	}
	if quiet() != 1 {
		t.Error("a commitment of which nothing is recorded is not listed as silent")
	}
	s.assess(&record.Assessment{
		Of: made.Ref(), Axis: record.AxisProgress, By: record.ByOrganisation, Progress: record.MetInPart, On: "2025-06-01", Claims: []record.ClaimID{c.ID},
	})
	if quiet() != 0 {
		t.Error("a commitment of which a deed is recorded is listed as silent")
	}
}
