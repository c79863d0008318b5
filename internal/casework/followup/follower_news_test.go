package followup

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// follows lets an address follow something and confirms it.
func (s *stand) follows(address string, what Following, name string) {
	s.t.Helper()
	s.must(s.desk.ConfirmFollower(s.ctx, s.asks(address, "en", what, name)))
}

// restart opens another desk, with nothing but what is stored.
func (s *stand) restart() {
	s.desk = New(Config{House: s.house, Store: s.store, Blobs: s.desk.blobs, Keys: s.desk.keys, Departed: s.desk.departed, Outbox: s.box, URL: s.desk.url, Now: s.desk.now})
}

// told returns what each address is told from now on, and fails where one gets two mails.
func (s *stand) told() map[string]string {
	s.t.Helper()
	out := map[string]string{}
	for _, m := range s.news(len(s.letters())) {
		who, _, _ := strings.Cut(m.To, "@")
		if out[who] != "" {
			s.t.Errorf("%s is told twice at once", who)
		}
		out[who] = m.Text
	}
	return out
}

func (s *stand) hears(got map[string]string, what string, want ...string) {
	s.t.Helper()
	slices.Sort(want)
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, want) {
		s.t.Errorf("%s is told to %v, want %v", what, names, want)
	}
	for who, text := range got {
		if !strings.Contains(text, what) {
			s.t.Errorf("%s is not told of %s but\n%s", who, what, text)
		}
	}
}

// TestNewsOfRecords tells of each new demand, commitment and case, and of each step of a case, once,
// when it is public, to those whom it concerns and nobody else.
func TestNewsOfRecords(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		f := s.heardOf()
		attack, err := s.desk.FollowTarget(s.ctx, FollowAttack, "attack")
		s.must(err)
		attackID := record.EventID(attack.Link.Ref.ID)
		elsewhere := s.event("elsewhere", "2025-02-10", record.TypeAttack)
		sitIn := s.event("sit-in", "2025-01-12", record.TypeSitIn, func(e *record.Event) { e.ResponseTo = []record.EventID{attackID} })
		talks := s.event("talks", "2025-01-14", record.TypeNegotiation, func(e *record.Event) { e.ResponseTo = []record.EventID{sitIn.ID} })
		court := s.party("court")
		promise := &record.Commitment{ID: record.CommitmentID(s.id()), Slug: "older", Text: record.Plain("en", "An older promise."), By: []record.Promiser{{Party: f.office.ID, Country: "PK"}}, Claims: s.saying(), Visibility: record.Public}
		trial := &record.Proceeding{ID: record.ProceedingID(s.id()), Slug: "trial", Title: record.Plain("en", "The older case"), Events: []record.EventID{elsewhere.ID}, Court: court.ID, Visibility: record.Public}
		s.put(promise, trial)
		for who, at := range map[string]struct {
			what Following
			name string
		}{
			"all": {FollowEverything, ""}, "attack": {FollowAttack, "attack"}, "elsewhere": {FollowAttack, "elsewhere"}, "sitin": {FollowAttack, "sit-in"},
			"office": {FollowAuthority, "office"}, "other": {FollowAuthority, "other"}, "court": {FollowAuthority, "court"},
			"petition": {FollowPetition, "petition"}, "demand": {FollowDemand, "protect"}, "commitment": {FollowCommitment, "older"}, "case": {FollowCase, "trial"},
		} {
			s.follows(who+"@people.example", at.what, at.name)
		}
		if got := s.told(); len(got) != 0 {
			t.Errorf("what was public before is told: %v", got)
		}

		// A draft is nobody's news; once it is public it is, though the process stopped in between.
		asked := &record.Demand{
			ID: record.DemandID(s.id()), Slug: "rebuild", Text: record.Plain("en", "Rebuild the road."), Of: sitIn.Ref(),
			Addressees: []record.DemandAddressee{{Key: "other", Party: f.other.ID, Country: "PK", Zone: "Asia/Karachi"}}, Visibility: record.Internal,
		}
		s.put(asked)
		if got := s.told(); len(got) != 0 {
			t.Errorf("what is not public is told: %v", got)
		}
		s.publish(asked.Ref())
		_, err = s.desk.Notice(s.ctx)
		s.must(err)
		s.restart()
		s.hears(s.told(), "Asked: “Rebuild the road.”", "all", "attack", "sitin", "other")
		s.restart()
		if got := s.told(); len(got) != 0 {
			t.Errorf("told again after a restart: %v", got)
		}
		s.must(s.house.Unpublish(s.ctx, access.House(), []record.Ref{asked.Ref()}, "a mistake"))
		s.told()
		s.publish(asked.Ref())
		if got := s.told(); len(got) != 0 {
			t.Errorf("told again because it is public again: %v", got)
		}

		made := &record.Commitment{ID: record.CommitmentID(s.id()), Slug: "posts", Text: record.Plain("en", "Posts on the road."), In: talks.ID, By: []record.Promiser{{Party: f.office.ID, Country: "PK"}}, Claims: s.saying(), Visibility: record.Public}
		s.put(made)
		s.hears(s.told(), "Promised or offered: “Posts on the road.”", "all", "attack", "sitin", "office")

		c := &record.Proceeding{ID: record.ProceedingID(s.id()), Slug: "case-2", Title: record.Plain("en", "The second case"), Events: []record.EventID{attackID}, Court: court.ID, Visibility: record.Public}
		s.put(c)
		s.hears(s.told(), "A case: “The second case”", "all", "attack", "court")

		// A step of a case is news once, whatever is put right in it; a verdict is said.
		rev := 0
		change := func(steps ...record.ChainStep) {
			t.Helper()
			next := *trial
			next.Steps = steps
			rev++
			s.must(s.house.Do(s.ctx, access.House(), access.ActEdit, "test", "", func(w *casework.Work) error { return w.Change(&next, rev) }))
		}
		arrest := record.ChainStep{Kind: record.StepArrest, On: record.On("2025-03-01"), Claims: s.saying()}
		change(arrest)
		s.hears(s.told(), "“The older case” – arrest (1 March 2025)", "all", "case", "court", "elsewhere")
		arrest.On = record.On("2025-03-02")
		change(arrest)
		if got := s.told(); len(got) != 0 {
			t.Errorf("a date that was put right is told: %v", got)
		}
		change(arrest, record.ChainStep{Kind: record.StepVerdict, Verdict: record.VerdictAcquitted, Claims: s.saying()})
		s.hears(s.told(), "“The older case” – verdict: acquitted (day not known)", "all", "case", "court", "elsewhere")

		// What becomes of a commitment is told to those who follow it.
		s.judged(&record.Assessment{Of: promise.Ref(), Axis: record.AxisProgress, By: record.ByOrganisation, Progress: record.Met, On: "2026-03-01"})
		s.hears(s.told(), "An older promise.", "all", "commitment", "office")
	})
}

// TestNewsOfHiddenAttack tells nobody through an event that is not public what hangs on it.
func TestNewsOfHiddenAttack(t *testing.T) {
	s := newStand(t, "")
	f := s.heardOf()
	attack, err := s.desk.FollowTarget(s.ctx, FollowAttack, "attack")
	s.must(err)
	s.follows("attack@people.example", FollowAttack, "attack")
	s.follows("protest@people.example", FollowAttack, "protest")
	hidden := s.event("hidden", "2025-01-12", record.TypeSitIn, func(e *record.Event) {
		e.ResponseTo, e.Visibility = []record.EventID{record.EventID(attack.Link.Ref.ID)}, record.Internal
	})
	s.put(&record.Demand{
		ID: record.DemandID(s.id()), Slug: "secret", Text: record.Plain("en", "Secret."), Of: hidden.Ref(),
		Addressees: []record.DemandAddressee{{Key: "office", Party: f.office.ID, Country: "PK", Zone: "Asia/Karachi"}}, Visibility: record.Public,
	}, &record.Commitment{
		ID: record.CommitmentID(s.id()), Slug: "quiet", Text: record.Plain("en", "Quiet."), In: hidden.ID, By: []record.Promiser{{Party: f.office.ID, Country: "PK"}}, Claims: s.saying(), Visibility: record.Public,
	})
	if got := s.told(); len(got) != 0 {
		t.Errorf("told through an event that is not public: %v", got)
	}
	for _, at := range []struct {
		what Following
		name string
	}{{FollowAttack, "hidden"}, {FollowCommitment, "nothing"}, {FollowCase, "nothing"}, {FollowDemand, "secret"}} {
		if _, err := s.desk.FollowTarget(s.ctx, at.what, at.name); err == nil {
			t.Errorf("%s %s can be followed", at.what, at.name)
		}
	}
	// A public event that is taken back is not followed any more.
	s.must(s.house.Unpublish(s.ctx, access.House(), []record.Ref{attack.Link.Ref}, "a mistake"))
	s.clock = s.clock.Add(time.Hour)
	s.put(&record.Proceeding{ID: record.ProceedingID(s.id()), Slug: "case-3", Title: record.Plain("en", "The third case"), Events: []record.EventID{record.EventID(attack.Link.Ref.ID)}, Visibility: record.Public})
	if got := s.told(); len(got) != 0 {
		t.Errorf("told of an attack that is not public: %v", got)
	}
}
