package followup

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

var followerLink = regexp.MustCompile(`https://record\.example(?:/ur|/fa)?/f/([A-Za-z0-9_-]{22})`)

// heard is a public demand of a petition, asked of one office, and one of another.
type heard struct {
	office, other *record.Party
	petition      *record.Petition
	demand, alone *record.Demand
}

func (s *stand) heardOf() heard {
	s.t.Helper()
	var f heard
	f.office, f.other = s.party("office"), s.party("other")
	attack := s.event("attack", "2025-01-10", record.TypeAttack)
	f.petition = s.petition(f.office, attack)
	protest := s.event("protest", "2025-01-11", record.TypeProtest)
	f.demand = &record.Demand{
		ID: record.DemandID(s.id()), Slug: "protect", Text: record.Text{{Lang: "en", Text: "Protect the town."}, {Lang: "ur", Text: "قصبے کی حفاظت کی جائے۔"}},
		Of: f.petition.Ref(), Key: "safety", Addressees: []record.DemandAddressee{{Key: "office", Party: f.office.ID, Country: "PK", Zone: "Asia/Karachi"}},
		Steps: []record.Step{{Key: "plan", Kind: record.StepPlan, Essential: true}, {Key: "deployed", Kind: record.StepDeployed, Essential: true}}, Visibility: record.Public,
		Due: record.Due{Day: "2026-03-05", Zone: "Asia/Karachi", Origin: record.DueHouse},
	}
	f.alone = &record.Demand{
		ID: record.DemandID(s.id()), Slug: "apologise", Text: record.Plain("en", "Apologise."), Of: protest.Ref(),
		Addressees: []record.DemandAddressee{{Key: "other", Party: f.other.ID, Country: "PK", Zone: "Asia/Karachi"}}, Visibility: record.Public,
	}
	s.put(f.demand, f.alone)
	return f
}

func (s *stand) answered(m *record.Demand, value record.ResponseValue) {
	s.t.Helper()
	s.judged(&record.Assessment{Of: m.Ref(), Axis: record.AxisResponse, By: record.ByAuthority, Response: value, On: s.clock.Format(time.DateOnly)})
}

// judged enters an assessment with a claim that it rests on.
func (s *stand) judged(a *record.Assessment) *record.Assessment {
	s.t.Helper()
	s.clock = s.clock.Add(time.Second)
	a.Claims = s.saying()
	return s.assess(a)
}

// saying enters a claim to rest something on.
func (s *stand) saying() []record.ClaimID {
	s.t.Helper()
	return []record.ClaimID{s.claim(s.source("publisher-"+s.id()), s.party("said-"+s.id()).Ref()).ID}
}

// letters reads every message that waits, the oldest first.
func (s *stand) letters() (out []mail.Message) {
	s.t.Helper()
	list, err := s.box.List(s.ctx, store.MailWaiting, "", 500)
	s.must(err)
	slices.Reverse(list)
	for _, e := range list {
		_, m, err := s.box.Read(s.ctx, e.ID)
		s.must(err)
		out = append(out, m)
	}
	return out
}

// news feeds until nothing is left and returns who gets which mails.
func (s *stand) news(before int) []mail.Message {
	s.t.Helper()
	s.clock = s.clock.Add(time.Second) // letters of one instant have no order
	_, err := s.desk.Notice(s.ctx)
	s.must(err)
	for {
		n, err := s.desk.Bulletin().Feed(s.ctx, 2)
		s.must(err)
		if n == 0 {
			return s.letters()[before:]
		}
	}
}

// asks lets an address ask to follow something and returns the token of its link.
func (s *stand) asks(address, language string, what Following, name string) string {
	s.t.Helper()
	t, err := s.desk.FollowTarget(s.ctx, what, name)
	s.must(err)
	before := len(s.letters())
	s.clock = s.clock.Add(time.Second)
	s.must(s.desk.Follow(s.ctx, t, address, language))
	list := s.letters()
	if len(list) != before+1 {
		s.t.Fatalf("%d letters to %s, want one", len(list)-before, address)
	}
	m := followerLink.FindStringSubmatch(list[before].Text)
	if m == nil || list[before].To != address {
		s.t.Fatalf("letter to %s without a link: %s", list[before].To, list[before].Text)
	}
	return m[1]
}

// TestFollowers tells each fact once to those whom it concerns, from when they
// confirmed, and to nobody who stopped.
func TestFollowers(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		f := s.heardOf()
		s.answered(f.demand, record.Acknowledged) // before anybody follows
		tokens := map[string]string{
			"all":      s.asks("all@people.example", "en", FollowEverything, ""),
			"petition": s.asks("petition@people.example", "ur", FollowPetition, "petition"),
			"office":   s.asks("office@people.example", "en", FollowAuthority, "office"),
			"other":    s.asks("other@people.example", "fa-AF", FollowAuthority, "other"),
			"demand":   s.asks("demand@people.example", "en", FollowDemand, "protect"),
			"never":    s.asks("never@people.example", "en", FollowEverything, ""),
		}
		for who, token := range tokens {
			if who != "never" {
				s.must(s.desk.ConfirmFollower(s.ctx, token))
			}
		}
		s.must(s.desk.ConfirmFollower(s.ctx, tokens["all"])) // twice changes nothing
		n := len(s.letters())
		if got := s.news(n); len(got) != 0 {
			t.Fatalf("what was known before is told: %v", got[0].Text)
		}

		s.answered(f.demand, record.Refused)
		got := map[string]mail.Message{}
		for _, m := range s.news(n) {
			if _, twice := got[m.To]; twice {
				t.Errorf("%s is told twice", m.To)
			}
			got[m.To] = m
		}
		for _, who := range []string{"all", "petition", "office", "demand"} {
			m := got[who+"@people.example"]
			if !strings.HasSuffix(m.Unsubscribe, "/f/"+tokens[who]) || strings.Contains(m.Subject, "town") {
				t.Errorf("mail to %s: subject %q, ends at %q", who, m.Subject, m.Unsubscribe)
			}
		}
		if len(got) != 4 {
			t.Errorf("%d are told, want 4", len(got))
		}
		if m := got["office@people.example"]; !strings.Contains(m.Text, "the authority says: refused") || !strings.Contains(m.Text, "https://record.example/follow-up/office\n") {
			t.Errorf("mail is\n%s", m.Text)
		}
		if m := got["petition@people.example"]; !strings.Contains(m.Text, "قصبے کی حفاظت") || !strings.Contains(m.Text, "https://record.example/ur/petitions/petition/demands") {
			t.Errorf("mail is\n%s", m.Text)
		}

		// A step is told as a step; several facts are one mail; an overdue day is a fact once.
		n = len(s.letters())
		s.judged(&record.Assessment{Of: f.demand.Ref(), Step: "plan", Axis: record.AxisProgress, By: record.ByOrganisation, Progress: record.Met, On: "2026-03-01"})
		s.put(&record.Commitment{ID: record.CommitmentID(s.id()), Slug: "promise", Text: record.Plain("en", "A promise of Testfall."), By: []record.Promiser{{Party: f.other.ID, Country: "PK"}}, Claims: s.saying(), Visibility: record.Public})
		s.clock = s.clock.Add(10 * 24 * time.Hour)
		texts := map[string]string{}
		for _, m := range s.news(n) {
			texts[m.To] += m.Text
		}
		if m := texts["demand@people.example"]; strings.Count(m, "“") != 2 || !strings.Contains(m, "Protect the town. – step: ") || !strings.Contains(m, "The last day has passed") {
			t.Errorf("mail is\n%s", m)
		}
		if m := texts["other@people.example"]; !strings.Contains(m, "A promise of Testfall.") || strings.Contains(m, "Protect") {
			t.Errorf("mail is\n%s", m)
		}
		n = len(s.letters())
		s.clock = s.clock.Add(24 * time.Hour)
		if got := s.news(n); len(got) != 0 {
			t.Errorf("told again: %s", got[0].Text)
		}

		// Who stopped is not told, and their address is gone; who never confirmed is forgotten.
		s.must(s.desk.StopFollowing(s.ctx, tokens["office"], false))
		if err := s.desk.StopFollowing(s.ctx, tokens["office"], false); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("stopping twice: %v", err)
		}
		s.must(s.desk.ForgetUnconfirmed(s.ctx))
		if _, err := s.desk.Follower(s.ctx, tokens["never"]); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("an address that nobody confirmed: %v", err)
		}
		s.answered(f.demand, record.AcceptedInPart)
		for _, m := range s.news(n) {
			if m.To == "office@people.example" || m.To == "never@people.example" {
				t.Errorf("%s is told", m.To)
			}
		}
	})
}

// TestFollowerKnocks sends an address no more than a few letters and tells whoever
// types it nothing.
func TestFollowerKnocks(t *testing.T) {
	s := newStand(t, "")
	s.heardOf()
	all, err := s.desk.FollowTarget(s.ctx, FollowEverything, "")
	s.must(err)
	for range 3 {
		s.must(s.desk.Follow(s.ctx, all, "Zarmina+x@people.example", "en"))
	}
	if n := len(s.letters()); n != 1 {
		t.Errorf("%d letters in a day, want 1", n)
	}
	for _, at := range []struct {
		what Following
		name string
	}{{FollowAuthority, "office"}, {FollowAuthority, "other"}, {FollowDemand, "protect"}, {FollowPetition, "petition"}} {
		target, err := s.desk.FollowTarget(s.ctx, at.what, at.name)
		s.must(err)
		s.clock = s.clock.Add(time.Second)
		s.must(s.desk.Follow(s.ctx, target, "zarmina+x@people.example", "en"))
	}
	if n := len(s.letters()); n != followerOpen {
		t.Errorf("%d letters to somebody who pressed nothing, want %d", n, followerOpen)
	}
	token := followerLink.FindStringSubmatch(s.letters()[0].Text)[1]
	s.must(s.desk.ConfirmFollower(s.ctx, token))
	s.clock = s.clock.Add(time.Second)
	s.must(s.desk.Follow(s.ctx, all, "zarmina+x@people.example", "en"))
	if list := s.letters(); !strings.Contains(list[len(list)-1].Text, "already") {
		t.Errorf("letter is %s", list[len(list)-1].Text)
	}
	// What is not public cannot be followed, nor tells it that it exists.
	secret := s.party("secret", func(p *record.Party) { p.Visibility = record.Internal })
	for _, name := range []string{"secret", string(secret.ID), "nothing"} {
		if _, err := s.desk.FollowTarget(s.ctx, FollowAuthority, name); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("following %s: %v", name, err)
		}
	}
	if err := s.desk.Follow(s.ctx, all, "nobody", "en"); err == nil {
		t.Error("an address that is none was taken")
	}
	for _, bad := range []string{"", "x", token + "x", strings.ToUpper(token)} {
		if err := s.desk.ConfirmFollower(s.ctx, bad); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("confirming with %q: %v", bad, err)
		}
	}

	// Nothing that is stored holds the address or the secret of the link.
	var dump bytes.Buffer
	s.must(s.store.Dump(s.ctx, &dump))
	for _, secret := range []string{"zarmina", "people.example", token} {
		if strings.Contains(strings.ToLower(dump.String()), strings.ToLower(secret)) {
			t.Errorf("a copy of the database holds %q", secret)
		}
	}
	if !strings.Contains(dump.String(), `"follower"`) {
		t.Error("followers are in no backup")
	}
	s.must(s.desk.StopFollowing(s.ctx, token, true))
	s.must(s.store.View(s.ctx, func(r *store.Reader) error {
		n, err := r.FollowersUnconfirmed(s.ctx, s.desk.keys.House().Tag(useFollower, []byte("zarmina@people.example")))
		if n != 0 {
			t.Errorf("%d are left of an address that ended everything", n)
		}
		return err
	}))
	entries, err := s.house.JournalPage(s.ctx, access.House(), "en", 0, 100)
	s.must(err)
	if strings.Contains(strings.ToLower(fmt.Sprint(entries)), "zarmina") {
		t.Error("the journal holds an address")
	}
}

// TestFollowersTakenBack tells nothing that is not public any more, and does not tell it
// a second time when it is public again.
func TestFollowersTakenBack(t *testing.T) {
	s := newStand(t, "")
	f := s.heardOf()
	token := s.asks("demand@people.example", "en", FollowDemand, "protect")
	s.must(s.desk.ConfirmFollower(s.ctx, token))
	n := len(s.letters())
	a := s.judged(&record.Assessment{Of: f.demand.Ref(), Axis: record.AxisProgress, By: record.ByOrganisation, Progress: record.Met, On: "2026-03-01"})
	_, err := s.desk.Notice(s.ctx)
	s.must(err)
	s.must(s.house.Unpublish(s.ctx, access.House(), []record.Ref{a.Ref()}, "a mistake"))
	if got := s.news(n); len(got) != 0 {
		t.Errorf("told although it was taken back: %s", got[0].Text)
	}
	s.publish(a.Ref())
	if got := s.news(n); len(got) != 0 {
		t.Errorf("told a second time: %s", got[0].Text)
	}
}

// TestFollowersRestart goes on where a process stopped between two batches.
func TestFollowersRestart(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		f := s.heardOf()
		for i := range 7 {
			s.must(s.desk.ConfirmFollower(s.ctx, s.asks(fmt.Sprintf("person%d@people.example", i), "en", FollowEverything, "")))
		}
		n := len(s.letters())
		s.answered(f.demand, record.Refused)
		_, err := s.desk.Notice(s.ctx)
		s.must(err)
		reached, err := s.desk.Bulletin().Feed(s.ctx, 3)
		s.must(err)
		if reached != 3 {
			t.Errorf("reached %d, want 3", reached)
		}
		// Another desk, as after a restart, with nothing but what is stored.
		s.desk = New(Config{House: s.house, Store: s.store, Blobs: s.desk.blobs, Keys: s.desk.keys, Outbox: s.box, URL: s.desk.url, Now: s.desk.now})
		told := map[string]int{}
		for _, m := range s.news(n) {
			told[m.To]++
		}
		for to, times := range told {
			if times != 1 {
				t.Errorf("%s is told %d times", to, times)
			}
		}
		if len(told) != 7 {
			t.Errorf("%d are told, want 7", len(told))
		}
	})
}

// TestFollowingPractice keeps in the house every mail about a petition that is tried
// out, and tells nobody else of it.
func TestFollowingPractice(t *testing.T) {
	s := newStand(t, "")
	f := s.heardOf()
	for _, x := range []struct {
		address string
		what    Following
		name    string
	}{
		{"one@people.example", FollowPetition, f.petition.Slug},
		{"two@people.example", FollowDemand, f.demand.Slug},
		{"three@people.example", FollowAuthority, f.office.Slug},
		{"four@people.example", FollowEverything, ""},
	} {
		s.must(s.desk.ConfirmFollower(s.ctx, s.asks(x.address, "en", x.what, x.name)))
	}
	next := *f.petition
	next.Practice = true
	s.must(s.house.Do(s.ctx, access.House(), access.ActEdit, "test", "", func(w *casework.Work) error { return w.Change(&next, 1) }))
	s.answered(f.demand, record.AcceptedInPart)
	if left := s.news(4); len(left) != 0 {
		t.Errorf("%d mails leave the house, the first to %s", len(left), left[0].To)
	}
	target, err := s.desk.FollowTarget(s.ctx, FollowPetition, f.petition.Slug)
	s.must(err)
	s.must(s.desk.Follow(s.ctx, target, "five@people.example", "en"))
	kept, err := s.box.List(s.ctx, store.MailKept, "", 50)
	s.must(err)
	to := map[string]bool{}
	for _, e := range kept {
		_, m, err := s.box.Read(s.ctx, e.ID)
		s.must(err)
		to[m.To] = true
	}
	if len(kept) != 3 || !to["one@people.example"] || !to["two@people.example"] || !to["five@people.example"] {
		t.Errorf("kept in the house are %d mails to %v; want the news of the two who follow it and one link", len(kept), to)
	}
	if n := len(s.letters()); n != 4 {
		t.Errorf("%d mails leave, want the four links of before", n)
	}
}

// TestFollowersStayAway notes who stopped beside the database, each of an address that
// ends everything, so that no backup brings them back.
func TestFollowersStayAway(t *testing.T) {
	s := newStand(t, "")
	f := s.heardOf()
	s.asks("one@people.example", "en", FollowPetition, f.petition.Slug)
	all := s.asks("one@people.example", "en", FollowEverything, "")
	alone := s.asks("two@people.example", "en", FollowEverything, "")
	s.must(s.desk.StopFollowing(s.ctx, all, true))
	s.must(s.desk.StopFollowing(s.ctx, alone, false))
	gone := map[string]bool{}
	_, err := departed.Open(s.dir).Each(0, func(l departed.Line) error {
		if l.What == departed.Unfollowed {
			gone[l.By] = true
		}
		return nil
	})
	s.must(err)
	if len(gone) != 3 {
		t.Errorf("%d followers are noted as gone, want 3", len(gone))
	}
}
