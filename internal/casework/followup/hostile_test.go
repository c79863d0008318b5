package followup

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
)

// TestErasedFactsHoldUpNobody tells the others although what one fact is about, or what
// one follower follows, was erased before the mail went out.
func TestErasedFactsHoldUpNobody(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		f := s.heardOf()
		all := s.asks("all@people.example", "en", FollowEverything, "")
		other := s.asks("other@people.example", "en", FollowAuthority, "other")
		for _, token := range []string{all, other} {
			s.must(s.desk.ConfirmFollower(s.ctx, token))
		}
		s.answered(f.alone, record.Acknowledged)
		s.answered(f.demand, record.Refused)
		_, err := s.desk.Notice(s.ctx)
		s.must(err)
		gone, err := s.desk.Demand(s.ctx, s.editor, "apologise")
		s.must(err)
		s.must(s.house.Erase(s.ctx, s.editor, gone.Assessments[0].Rec.Ref(), "entered by mistake"))
		s.must(s.house.Erase(s.ctx, s.editor, f.alone.Ref(), "entered by mistake"))
		s.must(s.house.Erase(s.ctx, s.editor, f.other.Ref(), "asked"))
		n := len(s.letters())
		got := s.news(n)
		if len(got) != 1 || got[0].To != "all@people.example" || !strings.Contains(got[0].Text, "Protect the town.") || strings.Contains(got[0].Text, "Apologise") {
			t.Errorf("news are %+v", got)
		}
		v, err := s.desk.Follower(s.ctx, other)
		s.must(err)
		if !v.Gone {
			t.Error("what was erased is still followed")
		}
	})
}

// TestNobodyReviewsTheirRewriting keeps whoever wrote a version of an assessment from
// deciding about it, and what was published from leaving the public without the right.
func TestNobodyReviewsTheirRewriting(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		f := s.heardOf()
		rests := s.saying()
		enter := func(v access.Viewer) record.AssessmentID {
			id, err := s.desk.Assess(s.ctx, v, &record.Assessment{
				Of: f.demand.Ref(), Axis: record.AxisProgress, By: record.ByOrganisation, Progress: record.Stalled, On: "2026-02-01",
				Reason: record.Plain("en", "Nothing moved."), Claims: rests,
			}, "")
			s.must(err)
			return id
		}
		id := enter(s.editor)
		line, err := s.desk.Assessment(s.ctx, s.editor2, id)
		s.must(err)
		next := *line.Item.Rec
		next.Progress = record.Met
		s.must(s.desk.SaveAssessment(s.ctx, s.editor2, &next, 1, ""))
		s.forbidden(s.desk.ReviewAssessment(s.ctx, s.editor2, id, 2, record.Accepted, "", true), "reviewing one's own rewriting")
		s.forbidden(s.desk.ReviewAssessment(s.ctx, s.editor, id, 2, record.Accepted, "", true), "reviewing one's own entry")
		if line, err = s.desk.Assessment(s.ctx, s.admin, id); err != nil || line.Mine {
			t.Errorf("it is the admin's own: %v, %v", line, err)
		}
		if line, err = s.desk.Assessment(s.ctx, s.editor2, id); err != nil || !line.Mine {
			t.Errorf("the page offers a decision about one's own rewriting: %v", err)
		}
		s.must(s.desk.ReviewAssessment(s.ctx, s.admin, id, 2, record.Accepted, "", true))

		// What everybody reads leaves the public only by who may publish.
		line, err = s.desk.Assessment(s.ctx, s.organiser, id)
		s.must(err)
		next = *line.Item.Rec
		next.Reason = record.Plain("en", "It was met in full.")
		s.forbidden(s.desk.SaveAssessment(s.ctx, s.organiser, &next, 3, ""), "rewriting what is public as organiser")
		p, err := s.desk.Demand(s.ctx, access.Anyone(), "protect")
		s.must(err)
		if len(p.Assessments) != 1 {
			t.Errorf("the public sees %d assessments", len(p.Assessments))
		}
	})
}

// TestPublicWordsTakeTheRight lets nobody rewrite what is public who could not have made it
// public, but for organisers the demands of their own petitions.
func TestPublicWordsTakeTheRight(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		f := s.heardOf()
		attack := s.event("second-attack", "2025-03-10", record.TypeAttack)
		promise := &record.Commitment{ID: record.CommitmentID(s.id()), Slug: "promise", Text: record.Plain("en", "A promise"), Unidentified: true, Claims: s.saying(), Visibility: record.Public}
		trial := &record.Proceeding{ID: record.ProceedingID(s.id()), Slug: "trial", Title: record.Plain("en", "A case"), Events: []record.EventID{attack.ID}, Visibility: record.Public}
		s.put(promise, trial)
		stranger := access.Viewer{User: record.UserID(s.id()), Role: access.Organiser}
		change := func(v access.Viewer) map[string]error {
			own, alone, given, tried := *f.demand, *f.alone, *promise, *trial
			own.ByText, alone.ByText = record.Plain("en", "By "+string(v.Role)), record.Plain("en", "By "+string(v.Role))
			given.Text, tried.Title = record.Plain("en", "Promise of "+string(v.Role)), record.Plain("en", "Case of "+string(v.Role))
			return map[string]error{
				"own":   s.desk.SaveDemand(s.ctx, v, &own, 1, ""),
				"alone": s.desk.SaveDemand(s.ctx, v, &alone, 1, ""),
				"given": s.desk.SaveCommitment(s.ctx, v, &given, 1, ""),
				"tried": s.desk.SaveProceeding(s.ctx, v, &tried, 1, ""),
			}
		}
		for _, v := range []access.Viewer{stranger, s.moderator, s.contributor, s.reader} {
			for what, err := range change(v) {
				s.forbidden(err, string(v.Role)+" rewrites "+what)
			}
		}
		// Nor is a public demand moved to a petition of one's own.
		mine := *f.alone
		mine.Of, mine.Key = f.petition.Ref(), "justice"
		s.forbidden(s.desk.SaveDemand(s.ctx, s.organiser, &mine, 1, ""), "an organiser moves another's demand to their petition")
		for what, err := range change(s.organiser) {
			if what == "own" {
				s.must(err)
				continue
			}
			s.forbidden(err, "the organiser rewrites "+what)
		}
		if _, err := s.desk.FollowPetition(s.ctx, stranger, f.petition.ID, "", "justice"); err == nil {
			t.Error("an organiser follows another's petition")
		}
	})
}

// TestUnreviewedReadingStopsNoClock keeps the public's clock running until an
// assessment that the public sees has read the answer.
func TestUnreviewedReadingStopsNoClock(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		f := s.heardOf()
		day := func(on string) int64 {
			at, err := time.Parse(time.DateOnly, on)
			s.must(err)
			return at.UnixMicro()
		}
		sent := &record.Delivery{
			ID: record.DeliveryID(s.id()), Petition: f.petition.ID, Edition: 1, Addressee: "office", On: record.On("2025-02-01"), Channel: record.ByPost, Reference: "1/25", Visibility: record.Public,
		}
		reply := &record.Reply{
			ID: record.ReplyID(s.id()), Petition: f.petition.ID, Delivery: sent.ID, Addressee: "office", Received: day("2025-03-01"), Channel: record.ByPost, From: "Office of Examples",
			Words: record.Plain("en", "We received it."), Visibility: record.Public,
		}
		s.put(sent, reply)
		quiet := func(v access.Viewer) Silence {
			p, err := s.desk.Demand(s.ctx, v, "protect")
			s.must(err)
			l, _, err := s.desk.Demands(s.ctx, v, Filter{Petition: f.petition.ID}, 0, 1)
			s.must(err)
			if l[0].Silence.Answered != p.DemandLine.Silence.Answered {
				t.Errorf("the list says %q, the page %q", l[0].Silence.Answered, p.DemandLine.Silence.Answered)
			}
			return p.DemandLine.Silence
		}
		if q := quiet(access.Anyone()); q.Answered != "" || !q.Waits {
			t.Fatalf("before anybody read it: %+v", q)
		}
		id, err := s.desk.Assess(s.ctx, s.contributor, &record.Assessment{
			Of: f.demand.Ref(), Axis: record.AxisResponse, By: record.ByOrganisation, Response: record.Acknowledged, On: "2025-03-02", Reason: record.Plain("en", "They wrote."), Replies: []record.ReplyID{reply.ID},
		}, "")
		s.must(err)
		if q := quiet(access.Anyone()); q.Answered != "" || !q.Waits {
			t.Errorf("a draft that nobody reviewed stopped the public's clock: %+v", q)
		}
		waits, err := s.desk.NeedsClassification(s.ctx, s.editor)
		s.must(err)
		if len(waits) != 0 {
			t.Error("what somebody is reading is offered again")
		}
		s.must(s.desk.ReviewAssessment(s.ctx, s.editor, id, 1, record.Accepted, "", true))
		if q := quiet(access.Anyone()); q.Answered != "2025-03-01" && q.Answered != "2025-03-02" || q.Waits {
			t.Errorf("after review: %+v", q)
		}
	})
}

// TestRemindersTellNobodyTooMuch reminds of drafts only those who may read them.
func TestRemindersTellNobodyTooMuch(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		attack := s.event("attack", "2025-01-10", record.TypeAttack)
		due := record.Due{Day: "2025-06-01", Zone: "Asia/Karachi", Origin: record.DueHouse}
		entered := func(text string, v record.Visibility) {
			s.put(&record.Demand{
				ID: record.DemandID(s.id()), Slug: strings.ToLower(text), Text: record.Plain("en", text), Of: attack.Ref(), Due: due, Visibility: v,
				Addressees: []record.DemandAddressee{{Key: "office", Office: record.Plain("en", "Office"), Zone: "Asia/Karachi"}},
			})
		}
		entered("Zzdrafted", record.Draft)
		entered("Zzinternal", record.Internal)
		_, err := s.desk.Remind(s.ctx)
		s.must(err)
		got := map[string]mail.Message{}
		for _, m := range s.letters() {
			got[m.To] = m
		}
		for to, want := range map[string]bool{"editor@example.org": true, "admin@example.org": true, "organiser@example.org": false} {
			m, ok := got[to]
			if !ok || !strings.Contains(m.Text, "Zzinternal") {
				t.Errorf("%s was not reminded of what is internal", to)
			}
			if strings.Contains(m.Text, "Zzdrafted") != want {
				t.Errorf("%s is told of a draft: %v, want %v", to, !want, want)
			}
		}
	})
}

// TestTablesSayWhatWasTakenBack gives the state of an assessment with its value, and runs in no
// spreadsheet.
func TestTablesSayWhatWasTakenBack(t *testing.T) {
	s := newStand(t, "")
	f := s.heardOf()
	for _, words := range []string{"=1+1", " =1+1", "\n=1+1", "＝1+1", "\u202e=1+1", "\u00a0@SUM(1)", "＠SUM(1)", "−1+1"} {
		s.judged(&record.Assessment{Of: f.demand.Ref(), Axis: record.AxisProgress, By: record.ByFamilies, Progress: record.Stalled, On: "2025-06-01", Reason: record.Plain("en", words)})
	}
	var b bytes.Buffer
	s.must(s.desk.CSV(s.ctx, access.Anyone(), ListAssessments, Filter{}, &b))
	rows, err := csv.NewReader(&b).ReadAll()
	s.must(err)
	for _, row := range rows[1:] {
		for _, c := range row {
			if strings.Contains(c, "1+1") || strings.Contains(c, "SUM") {
				if !strings.HasPrefix(c, "'") {
					t.Errorf("the cell %q is a formula", c)
				}
			}
		}
	}
}

// TestPracticeStartsNoPublicClock tells nobody outside that an office is silent to what
// was handed over for trying out only.
func TestPracticeStartsNoPublicClock(t *testing.T) {
	s := newStand(t, "")
	f := s.heardOf()
	s.put(&record.Delivery{
		ID: record.DeliveryID(s.id()), Petition: f.petition.ID, Edition: 1, Addressee: "office", On: record.On("2025-02-01"), Channel: record.ByPost, Reference: "1/25", Visibility: record.Public,
	})
	silent := func(v access.Viewer) bool {
		t.Helper()
		p, err := s.desk.Demand(s.ctx, v, "protect")
		s.must(err)
		_, n, err := s.desk.Silences(s.ctx, v, "", 0, 10)
		s.must(err)
		if p.DemandLine.Silence.Started != (n == 1) || len(p.Deliveries) != n {
			t.Errorf("%q: the page %v, the list %d, deliveries %d", v.Role, p.DemandLine.Silence.Started, n, len(p.Deliveries))
		}
		return n == 1
	}
	if !silent(access.Anyone()) {
		t.Fatal("a delivery starts no clock")
	}
	next := *f.petition
	next.Practice = true
	s.must(s.house.Do(s.ctx, access.House(), access.ActEdit, "test", "", func(w *casework.Work) error { return w.Change(&next, 1) }))
	if silent(access.Anyone()) {
		t.Error("the public is told of a silence to a petition that is tried out")
	}
	if !silent(s.organiser) {
		t.Error("who tries it out sees no clock")
	}
}

// TestDraftedDemandsStayInside shows the public no demand of a petition that was not
// published.
func TestDraftedDemandsStayInside(t *testing.T) {
	s := newStand(t, "")
	f := s.heardOf()
	drafted := *f.petition
	drafted.ID, drafted.Slug, drafted.Number = record.PetitionID(s.id()), "drafted", 2
	drafted.Publication, drafted.Collection, drafted.Opens, drafted.Edition = record.PetitionReview, record.CollectNotOpen, 0, 0
	s.put(&drafted)
	if m, err := s.desk.Matrix(s.ctx, access.Anyone(), "drafted"); err == nil && len(m.Unfollowed) > 0 {
		t.Errorf("the public reads the drafted demand %q", m.Unfollowed[0].Text.In("en").Text)
	}
	m, err := s.desk.Matrix(s.ctx, s.organiser, "drafted")
	s.must(err)
	if len(m.Unfollowed) != 2 {
		t.Errorf("the organiser reads %d of them", len(m.Unfollowed))
	}
}

// TestMailsNameNoAccused sends nobody the name of an accused, which no mail could take back.
func TestMailsNameNoAccused(t *testing.T) {
	s := newStand(t, "")
	attack := s.event("attack", "2025-01-10", record.TypeAttack)
	person := &record.Person{
		ID: record.PersonID(s.id()), Slug: "zz", Names: []record.Name{{Text: "Zz Accused", Lang: "en", Kind: record.NamePrimary}}, Vital: record.Living, Visibility: record.Public,
		Consents: []record.Consent{{Purpose: record.ToStore, Given: true, Basis: record.BasisAlreadyPublic}, {Purpose: record.ToPublish, Given: true, Basis: record.BasisAlreadyPublic}},
	}
	s.put(person)
	all := s.asks("all@people.example", "en", FollowEverything, "")
	s.must(s.desk.ConfirmFollower(s.ctx, all))
	rests := []record.ClaimID{s.claim(s.source("First Paper"), person.Ref()).ID, s.claim(s.source("Second Paper"), person.Ref()).ID}
	c := &record.Proceeding{
		ID: record.ProceedingID(s.id()), Slug: "case", Title: record.Plain("en", "The case of Zz Accused"), Person: person.ID, Events: []record.EventID{attack.ID}, Claims: rests,
		Steps: []record.ChainStep{{Kind: record.StepArrest, On: record.On("2025-02-01"), Claims: rests}}, Visibility: record.Public,
	}
	s.put(c)
	got := s.news(len(s.letters()))
	if len(got) != 1 || !strings.Contains(got[0].Text, "against one person") {
		t.Fatalf("news are %+v", got)
	}
	s.asks("one@people.example", "ur", FollowCase, "case")
	for _, m := range s.letters() {
		if strings.Contains(m.Subject+m.Text+m.HTML, "Zz Accused") {
			t.Errorf("a mail names the accused: %s %s", m.Subject, m.Text)
		}
	}
}
