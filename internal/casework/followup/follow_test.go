package followup

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// TestDemandOfPetition follows a petition's demand from its publication to its end:
// handed over, silent, answered and read, its steps judged and reviewed.
func TestDemandOfPetition(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		office := s.party("examples")
		attack := s.event("attack", "2025-01-10", record.TypeAttack)
		p := s.petition(office, attack)
		ids, err := s.desk.FollowPetition(s.ctx, s.organiser, p.ID, "begin")
		s.must(err)
		if len(ids) != 2 {
			t.Fatalf("%d demands are followed, want 2", len(ids))
		}
		again, err := s.desk.FollowPetition(s.ctx, s.organiser, p.ID, "again")
		s.must(err)
		if len(again) != 0 {
			t.Errorf("%d demands are followed twice", len(again))
		}
		page, err := s.desk.Demand(s.ctx, s.editor, string(ids[0]))
		s.must(err)
		rec := *page.Item.Rec
		if rec.Attack != attack.ID || len(rec.Addressees) != 1 || rec.Addressees[0].Zone != "Asia/Karachi" {
			t.Errorf("the demand is %+v", rec)
		}
		if page.Silence.Started {
			t.Error("silence counts before anything was handed over")
		}
		if _, err := s.desk.Demand(s.ctx, access.Anyone(), rec.Slug); err == nil {
			t.Error("the public sees a demand that is internal")
		}
		rec.Plan, rec.Steps = record.PlanCompensate, s.desk.PlanSteps(record.PlanCompensate)
		rec.Due = record.Due{Day: "2025-02-10", Zone: "Asia/Karachi", Origin: record.DueStated}
		s.must(s.desk.SaveDemand(s.ctx, s.editor, &rec, 1, "plan"))
		s.publish(rec.Ref())

		s.put(&record.Delivery{
			ID: record.DeliveryID(s.id()), Petition: p.ID, Edition: 1, Addressee: "office", On: record.On("2025-02-01"), Channel: record.ByHand, Reference: "r",
			Visibility: record.Public,
		})
		page, err = s.desk.Demand(s.ctx, access.Anyone(), rec.Slug)
		s.must(err)
		if q := page.Silence; !q.Started || q.From != "2025-02-01" || q.Days != 393 || q.Start != "delivery" || q.Looked != "" || !q.Stale {
			t.Errorf("silence %+v, want 393 days since 1 February 2025", q)
		}
		if page.Timeliness != "long_overdue" || page.DaysLate != 384 {
			t.Errorf("%s by %d days, want long overdue by 384", page.Timeliness, page.DaysLate)
		}
		if page.Steps.Essential != 4 || page.ProgressBy(record.ByOrganisation) != record.NotAssessed {
			t.Errorf("steps %+v, %s", page.Steps, page.ProgressBy(record.ByOrganisation))
		}

		reply := &record.Reply{
			ID: record.ReplyID(s.id()), Petition: p.ID, Addressee: "office", Received: time.Date(2026, 2, 20, 0, 0, 0, 0, time.UTC).UnixMicro(),
			Channel: record.ByPost, Words: record.Plain("en", "It is under consideration."), Visibility: record.Public,
		}
		s.put(reply)
		waiting, err := s.desk.NeedsClassification(s.ctx, s.editor)
		s.must(err)
		if len(waiting) != 1 || len(waiting[0].Demands) != 2 || waiting[0].Days != 9 {
			t.Errorf("waiting %+v, want one reply to both demands, 9 days old", waiting)
		}
		page, err = s.desk.Demand(s.ctx, access.Anyone(), rec.Slug)
		s.must(err)
		if q := page.Silence; q.Answered != "" || !q.Waits {
			t.Errorf("an answer that nobody read stopped the clock: %+v", q)
		}
		a := &record.Assessment{
			Of: rec.Ref(), Axis: record.AxisResponse, By: record.ByOrganisation, Response: record.Acknowledged, On: "2026-02-21",
			Reason: record.Plain("en", "It says only that."), Replies: []record.ReplyID{reply.ID},
		}
		id, err := s.desk.Assess(s.ctx, s.editor, a, "read")
		s.must(err)
		s.forbidden(s.desk.ReviewAssessment(s.ctx, s.editor, id, 1, record.Accepted, "", true), "review one's own")
		s.must(s.desk.ReviewAssessment(s.ctx, s.editor2, id, 1, record.Accepted, "", true))
		page, err = s.desk.Demand(s.ctx, access.Anyone(), rec.Slug)
		s.must(err)
		if q := page.Silence; q.Answered != "2026-02-20" && q.Answered != "2026-02-21" || q.Waits {
			t.Errorf("silence after the answer was read: %+v", q)
		}
		if page.ResponseBy(record.ByOrganisation) != record.Acknowledged {
			t.Errorf("response %s", page.ResponseBy(record.ByOrganisation))
		}
		if waiting, _ = s.desk.NeedsClassification(s.ctx, s.editor); len(waiting) != 0 {
			t.Error("the reply still waits to be read")
		}

		src := s.source("Testfall Post")
		c := s.claim(src, attack.Ref())
		for i, step := range []string{"announced", "sanctioned", "paid", "paid-to-all"} {
			s.assess(&record.Assessment{
				Of: rec.Ref(), Step: step, Axis: record.AxisProgress, By: record.ByOrganisation, Progress: record.Met, On: "2026-02-25",
				Happened: record.On("2025-03-0" + string(rune('1'+i))), Claims: []record.ClaimID{c.ID},
			})
		}
		page, err = s.desk.Demand(s.ctx, access.Anyone(), rec.Slug)
		s.must(err)
		if page.ProgressBy(record.ByOrganisation) != record.Met || page.Steps.EssentialMet != 4 || page.Timeliness != "met_late" {
			t.Errorf("%s, %d steps, %s; want all four met, late", page.ProgressBy(record.ByOrganisation), page.Steps.EssentialMet, page.Timeliness)
		}
		if len(page.StepViews) != 4 || page.StepViews[2].ProgressBy(record.ByOrganisation) != record.Met {
			t.Errorf("steps %+v", page.StepViews)
		}
		list, n, err := s.desk.Demands(s.ctx, access.Anyone(), Filter{Progress: record.Met}, 0, 10)
		s.must(err)
		if n != 1 || list[0].Demand.ID != rec.ID {
			t.Errorf("%d demands are met, want this one", n)
		}
		m, err := s.desk.Matrix(s.ctx, s.editor, p.Slug)
		s.must(err)
		if len(m.Rows) != 2 || len(m.Addressees) != 1 || m.Rows[0].Cells[0] == nil {
			t.Errorf("matrix %+v", m)
		}
		rec.Steps = rec.Steps[:1]
		s.refused(s.desk.SaveDemand(s.ctx, s.editor, &rec, 3, "drop"), "steps", "assessed_step")
		s.sound()
	})
}

// TestReview keeps assessments from being their own judge and from being of
// nothing.
func TestReview(t *testing.T) {
	s := newStand(t, "")
	office := s.party("examples")
	attack := s.event("attack", "2025-01-10", record.TypeAttack)
	id, err := s.desk.MakeDemand(s.ctx, s.editor, &record.Demand{
		Text: record.Plain("en", "Protect the town"), Of: attack.Ref(), Attack: attack.ID, Made: record.On("2025-01-12"), Visibility: record.Internal,
		Addressees: []record.DemandAddressee{{Key: "office", Party: office.ID}}, Plan: record.PlanProtect,
	}, "")
	s.must(err)
	c := s.claim(s.source("Testfall Post"), attack.Ref())
	of := record.Ref{Kind: record.KindDemand, ID: string(id)}
	good := record.Assessment{
		Of: of, Axis: record.AxisProgress, By: record.ByOrganisation, Progress: record.InProgress, On: "2025-06-01",
		Reason: record.Plain("en", "Posts were set up."), Claims: []record.ClaimID{c.ID},
	}
	for _, test := range []struct {
		change     func(*record.Assessment)
		field, key string
	}{
		{func(a *record.Assessment) { a.Step = "no-such" }, "step", "unknown"},
		{func(a *record.Assessment) { a.On = "2025-01-11" }, "on", "before_asked"},
		{func(a *record.Assessment) { a.On = "2026-03-09" }, "on", "future"},
		{func(a *record.Assessment) { a.Happened = record.On("2024-12-01") }, "happened", "before_event"},
		{func(a *record.Assessment) { a.Claims = nil }, "claims", "required"},
		{func(a *record.Assessment) { a.Progress, a.Claims = record.NoActionFound, nil }, "looked", "required"},
		{func(a *record.Assessment) { a.Claims = []record.ClaimID{record.ClaimID(s.id())} }, "claim", "unknown"},
	} {
		bad := good
		test.change(&bad)
		_, err := s.desk.Assess(s.ctx, s.editor, &bad, "")
		s.refused(err, test.field, test.key)
	}
	a, err := s.desk.Assess(s.ctx, s.contributor, &good, "")
	s.must(err)
	line, err := s.desk.Assessment(s.ctx, s.editor, a)
	s.must(err)
	if line.Item.Rec.Visibility != record.Draft || line.Item.Rec.Review.State != record.Suggested {
		t.Errorf("a contributor entered %s, %s", line.Item.Rec.Visibility, line.Item.Rec.Review.State)
	}
	queue, n, err := s.desk.AssessmentQueue(s.ctx, s.editor, 0, 10)
	s.must(err)
	if n != 1 || len(queue) != 1 || queue[0].Of.Slug == "" {
		t.Errorf("the queue has %d: %+v", n, queue)
	}
	s.must(s.desk.ReviewAssessment(s.ctx, s.editor, a, 1, record.Accepted, "read it", false))
	// Other words are another judgement, and wait for review again.
	next := good
	next.ID, next.Review, next.Visibility, next.Progress = a, record.Review{}, record.Internal, record.Stalled
	s.must(s.desk.SaveAssessment(s.ctx, s.editor2, &next, 2, ""))
	line, err = s.desk.Assessment(s.ctx, s.editor, a)
	s.must(err)
	if line.Item.Rec.Review.State != record.Suggested {
		t.Error("a changed judgement kept its review")
	}
	next.Visibility = record.Public
	if err := s.desk.SaveAssessment(s.ctx, s.editor2, &next, 3, ""); err == nil {
		t.Error("an assessment became public without review")
	}
}

// TestOneReviewer marks the judgement of a house with one editor.
func TestOneReviewer(t *testing.T) {
	s := newStand(t, "")
	for _, a := range []access.Viewer{s.editor2, s.admin} {
		s.must(s.store.Write(s.ctx, func(tx *store.Tx) error {
			return tx.PutAccount(s.ctx, store.Account{ID: a.User, Email: string(a.User), Role: string(a.Role), Closed: true, Made: 1})
		}))
	}
	attack := s.event("attack", "2025-01-10", record.TypeAttack)
	id, err := s.desk.MakeCommitment(s.ctx, s.editor, &record.Commitment{
		Text: record.Plain("en", "Compensation"), Unidentified: true, Attack: attack.ID, Visibility: record.Internal,
	}, "")
	s.must(err)
	a, err := s.desk.Assess(s.ctx, s.editor, &record.Assessment{
		Of: record.Ref{Kind: record.KindCommitment, ID: string(id)}, Axis: record.AxisProgress, By: record.ByOrganisation, Progress: record.NoActionFound,
		On: "2025-06-01", Reason: record.Plain("en", "Nothing was found."), Looked: []record.Looked{{Where: record.Plain("en", "newspapers"), On: "2025-06-01"}},
	}, "")
	s.must(err)
	s.must(s.desk.ReviewAssessment(s.ctx, s.editor, a, 1, record.Accepted, "", false))
	line, err := s.desk.Assessment(s.ctx, s.editor, a)
	s.must(err)
	if !line.Item.Rec.Review.OneReviewer {
		t.Error("the only reviewer's judgement of their own work is not marked")
	}
}

// TestCalendar moves due dates in working days when a holiday is announced.
func TestCalendar(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		office, attack := s.party("examples"), s.event("attack", "2025-01-10", record.TypeAttack)
		demand := &record.Demand{
			Text: record.Plain("en", "Answer"), Of: attack.Ref(), Visibility: record.Internal, Addressees: []record.DemandAddressee{{Key: "office", Party: office.ID}},
			Due: record.Due{Zone: "Asia/Karachi", Origin: record.DueLegal, Working: 5, From: "2026-03-02", Country: "PK", Day: "2026-03-01"},
		}
		_, err := s.desk.MakeDemand(s.ctx, s.editor, demand, "")
		s.refused(err, "due.country", "calendar")
		days := &record.HolidayCalendar{Country: "PK", Weekends: []record.Weekend{{Days: []int{0, 6}}}, Visibility: record.Public}
		_, err = s.desk.SaveCalendar(s.ctx, s.editor, days, 0, "begin")
		s.must(err)
		id, err := s.desk.MakeDemand(s.ctx, s.editor, demand, "")
		s.must(err)
		page, err := s.desk.Demand(s.ctx, s.editor, string(id))
		s.must(err)
		if got := page.Item.Rec.Due.Day; got != "2026-03-09" {
			t.Errorf("five working days after Monday 2 March end on %s, want 2026-03-09", got)
		}
		all, err := s.desk.Calendars(s.ctx, s.editor)
		s.must(err)
		next := *all[0].Rec
		next.Holidays = []record.Holiday{{Day: "2026-03-05", Name: record.Plain("en", "A holiday")}}
		moved, err := s.desk.SaveCalendar(s.ctx, s.editor, &next, 1, "announced")
		s.must(err)
		if len(moved) != 1 || moved[0].Now != "2026-03-10" || moved[0].Was != "2026-03-09" || moved[0].Of.ID != string(id) {
			t.Errorf("moved %+v, want this demand to 10 March", moved)
		}
		lines, err := s.house.JournalOf(s.ctx, s.editor, "en", 0, 10, next.Ref())
		s.must(err)
		if len(lines) == 0 || lines[0].Note != "announced" {
			t.Errorf("the journal says %+v", lines)
		}
		_, err = s.desk.SaveCalendar(s.ctx, s.editor, days, 0, "second")
		s.refused(err, "country", "taken")
		s.sound()
	})
}

// TestSuccession passes what an office was asked to the office that took over, but
// for what was asked of its holder in person.
func TestSuccession(t *testing.T) {
	s := newStand(t, "")
	heir := s.party("heir")
	office := s.party("old", func(p *record.Party) { p.Successor, p.Abolished = heir.ID, record.On("2025-05-01") })
	lapsed := s.party("lapsed", func(p *record.Party) { p.Abolished = record.On("2025-05-01") })
	attack := s.event("attack", "2025-01-10", record.TypeAttack)
	make := func(text string, a record.DemandAddressee) *record.Demand {
		a.Key = "office"
		id, err := s.desk.MakeDemand(s.ctx, s.editor, &record.Demand{
			Text: record.Plain("en", text), Of: attack.Ref(), Visibility: record.Public, Addressees: []record.DemandAddressee{a},
			Letters: []record.SentLetter{{Addressee: "office", On: "2025-02-01", Channel: record.ByPost, Subject: "Asked"}},
		}, "")
		s.must(err)
		page, err := s.desk.Demand(s.ctx, s.editor, string(id))
		s.must(err)
		return page.Item.Rec
	}
	make("Protect", record.DemandAddressee{Party: office.ID})
	make("Apologise", record.DemandAddressee{Party: office.ID, Personal: true, Holder: record.Plain("en", "Test Holder")})
	paused := make("Pay", record.DemandAddressee{Party: lapsed.ID})
	p, err := s.desk.Authority(s.ctx, access.Anyone(), "heir", "", 0, -1)
	s.must(err)
	if len(p.Asked) != 1 || p.Asked[0].Demand.Text.In("en").Text != "Protect" || len(p.Passed) != 1 {
		t.Errorf("the heir answers for %d demands of %d offices, want the one that is not personal", len(p.Asked), len(p.Passed))
	}
	page, err := s.desk.Demand(s.ctx, access.Anyone(), paused.Slug)
	s.must(err)
	if !page.Addressees[0].Lapsed || !page.Silence.Paused || page.Silence.Days != 89 {
		t.Errorf("lapsed %v, paused %v after %d days; want a pause since the office was abolished, after 89 days", page.Addressees[0].Lapsed, page.Silence.Paused, page.Silence.Days)
	}
}

// TestReminders tells every fact once, to those who run it, and nobody else.
func TestReminders(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		office, attack := s.party("examples"), s.event("attack", "2025-01-10", record.TypeAttack)
		p := s.petition(office, attack)
		ids, err := s.desk.FollowPetition(s.ctx, s.organiser, p.ID, "", "safety")
		s.must(err)
		page, err := s.desk.Demand(s.ctx, s.editor, string(ids[0]))
		s.must(err)
		rec := *page.Item.Rec
		rec.Due = record.Due{Day: "2026-02-27", Zone: "Asia/Karachi", Origin: record.DueStated}
		s.must(s.desk.SaveDemand(s.ctx, s.editor, &rec, 1, ""))
		n, err := s.desk.Remind(s.ctx)
		s.must(err)
		if n != 1 {
			t.Errorf("%d reminders, want one to the owner", n)
		}
		if n, err = s.desk.Remind(s.ctx); n != 0 || err != nil {
			t.Errorf("%d reminders of the same fact (%v)", n, err)
		}
		s.clock = s.clock.Add(80 * 24 * time.Hour)
		if n, err = s.desk.Remind(s.ctx); n != 1 || err != nil {
			t.Errorf("%d reminders once it is long overdue, want 1 (%v)", n, err)
		}
		letters, err := s.box.Preview(s.ctx, 10)
		s.must(err)
		if len(letters) != 2 {
			t.Fatalf("%d letters, want 2", len(letters))
		}
		for _, l := range letters {
			if l.Message.To != "organiser@example.org" || !strings.Contains(l.Message.Text, "Protect the town") {
				t.Errorf("to %s: %s", l.Message.To, l.Message.Text)
			}
		}
	})
}

// TestLetter drafts in the addressee's language, and sends nothing.
func TestLetter(t *testing.T) {
	s := newStand(t, "")
	office, attack := s.party("examples"), s.event("attack", "2025-01-10", record.TypeAttack)
	p := s.petition(office, attack)
	ids, err := s.desk.FollowPetition(s.ctx, s.organiser, p.ID, "", "safety")
	s.must(err)
	for tag, want := range map[string]string{"": "یاد دہانی", "en": "Reminder", "fa-AF": "یادآوری"} {
		l, err := s.desk.Letter(s.ctx, s.organiser, ids[0], "office", tag)
		s.must(err)
		if !strings.Contains(l.Subject, want) || !strings.Contains(l.Body, "Protect the town.") || !strings.Contains(l.Body, "/follow-up/demands/") {
			t.Errorf("in %q: %s\n%s", tag, l.Subject, l.Body)
		}
	}
	// A legal basis is named with its article, as the page names it.
	d, err := s.desk.Demand(s.ctx, s.editor, string(ids[0]))
	s.must(err)
	based := *d.Demand
	based.Bases = []record.LegalBasis{{Key: "law", Instrument: record.Plain("en", "Invented Covenant"), Article: "6"}}
	s.must(s.desk.SaveDemand(s.ctx, s.editor, &based, d.Rev, ""))
	for tag, want := range map[string]string{"en": "Invented Covenant, article 6.", "ur": "Invented Covenant، آرٹیکل 6", "fa-AF": "Invented Covenant، مادهٔ 6"} {
		l, err := s.desk.Letter(s.ctx, s.organiser, ids[0], "office", tag)
		s.must(err)
		if !strings.Contains(l.Body, want) {
			t.Errorf("in %q the duty is not named as %q:\n%s", tag, want, l.Body)
		}
	}
	// It says since when, and why, and that somebody looked only when somebody did.
	for kind, want := range map[string]string{"delivery": "before you since", "commitment": "A commitment about it", "duty": "has been owed since", "cited_duty": "was cited on"} {
		for looked, found := range map[string]string{"": "no answer on record", "2026-02-01": "looked for an answer"} {
			q := Silence{Started: true, Start: kind, From: "2026-01-01", Days: 59, Looked: looked}
			body := s.desk.letter(lang.English(), d.Demand, d.Demand.Addressees[0], q, casework.Link{}, casework.Link{}, casework.Link{}).Body
			if !strings.Contains(body, want) || !strings.Contains(body, found) || strings.Contains(body, "before you since") != (kind == "delivery") || strings.Contains(body, "looked") != (looked != "") {
				t.Errorf("silent since a %s, looked %q:\n%s", kind, looked, body)
			}
		}
	}
	_, err = s.desk.Letter(s.ctx, s.organiser, ids[0], "nobody", "")
	s.refused(err, "addressee", "addressee")
	if c, err := s.box.Counts(s.ctx); err != nil || c.Waiting != 0 {
		t.Errorf("%d letters wait to be sent (%v)", c.Waiting, err)
	}
}

// TestTables writes every list, without formulas.
func TestTables(t *testing.T) {
	s := newStand(t, "")
	office, attack := s.party("examples"), s.event("attack", "2025-01-10", record.TypeAttack)
	_, err := s.desk.MakeDemand(s.ctx, s.editor, &record.Demand{
		Text: record.Plain("en", "=HYPERLINK(1)"), Of: attack.Ref(), Visibility: record.Public, Addressees: []record.DemandAddressee{{Key: "office", Party: office.ID}},
	}, "")
	s.must(err)
	for _, list := range []string{ListDemands, ListCommitments, ListAssessments, ListProceedings, ListSilence, ListDue} {
		var b bytes.Buffer
		s.must(s.desk.CSV(s.ctx, access.Anyone(), list, Filter{}, &b))
		if lines := strings.Count(b.String(), "\n"); list == ListDemands && lines != 2 || lines < 1 {
			t.Errorf("%s: %s", list, b.String())
		}
		if strings.Contains(b.String(), ",=") {
			t.Errorf("%s has a formula: %s", list, b.String())
		}
	}
	if err := s.desk.CSV(s.ctx, access.Anyone(), "nothing", Filter{}, new(bytes.Buffer)); err == nil {
		t.Error("a list that does not exist was written")
	}
	if got, _, _ := s.desk.Demands(s.ctx, access.Anyone(), Filter{Words: "hyperlink"}, 0, 10); len(got) != 1 {
		t.Error("the demand is not found by its words")
	}
	if !slices.Contains(standingCells, "timeliness") {
		t.Error("a table of demands does not say what is late")
	}
}
