package followup

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/testdb"
	"github.com/gawah-project/gawah/internal/testneed"
)

// The size of a national register.
const (
	longDemands  = 5_000
	longSteps    = 10
	longJudged   = 40 // assessments of each demand
	longEvents   = 10_000
	longPerEntry = 1_000
)

// TestNationalLong works out what is overdue in a register of national size, on
// both databases, and reports how long it takes: from nothing, and once it is kept.
func TestNationalLong(t *testing.T) {
	testneed.Long(t, "takes minutes")
	for name, target := range map[string]func(testing.TB) string{"sqlite": func(testing.TB) string { return "" }, "postgres": testdb.Postgres} {
		t.Run(name, func(t *testing.T) { national(t, newStand(t, target(t))) })
	}
}

func national(t *testing.T, s *stand) {
	var offices []*record.Party
	for i := range 50 {
		offices = append(offices, s.party(fmt.Sprintf("office-%d", i)))
	}
	attack := s.event("attack", "2020-01-10", record.TypeAttack)
	claim := s.claim(s.source("Testfall Post"), attack.Ref())
	var batch []record.Record
	flush := func() {
		if len(batch) > 0 {
			s.put(batch...)
		}
		batch = batch[:0]
	}
	add := func(r record.Record) {
		if batch = append(batch, r); len(batch) == longPerEntry {
			flush()
		}
	}
	for i := range longEvents {
		add(&record.Event{
			ID: record.EventID(s.id()), Slug: fmt.Sprintf("event-%d", i), Title: record.Plain("en", "An event"), Type: record.TypeAttack, Status: record.Held,
			When: record.On(fmt.Sprintf("20%02d-0%d-1%d", 5+i%20, 1+i%9, i%10)), Visibility: record.Public,
		})
	}
	due := func(n int) record.Due {
		return record.Due{Day: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n%1200).Format(time.DateOnly), Zone: "Asia/Karachi", Origin: record.DueHouse}
	}
	var demands []*record.Demand
	for i := range longDemands {
		d := &record.Demand{
			ID: record.DemandID(s.id()), Slug: fmt.Sprintf("demand-%d", i), Text: record.Plain("en", fmt.Sprintf("Demand %d for the protection of a town", i)),
			Of: attack.Ref(), Attack: attack.ID, Made: record.On("2023-12-01"), Due: due(i), Visibility: record.Public,
			Addressees: []record.DemandAddressee{{Key: "office", Party: offices[i%len(offices)].ID, Zone: "Asia/Karachi"}},
			Letters:    []record.SentLetter{{Addressee: "office", On: "2024-01-02", Channel: record.ByPost, Subject: "Asked"}},
		}
		for k := range longSteps {
			d.Steps = append(d.Steps, record.Step{Key: fmt.Sprintf("step-%d", k), Kind: record.StepOwn, Text: record.Plain("en", "A step"), Essential: k%3 > 0, Due: due(i + 31*k)})
		}
		demands = append(demands, d)
		add(d)
	}
	flush()
	values := record.ProgressValues()[2:]
	for i, d := range demands {
		for k := range longJudged {
			a := &record.Assessment{
				ID: record.AssessmentID(s.id()), Of: d.Ref(), Step: fmt.Sprintf("step-%d", k%longSteps), Axis: record.AxisProgress, By: record.Assessors()[k%3],
				Progress: values[(i+k)%len(values)], On: fmt.Sprintf("2025-%02d-%02d", 1+k%12, 1+i%28), Reason: record.Plain("en", "As sources say."),
				Claims: []record.ClaimID{claim.ID}, Review: record.Review{State: record.Accepted}, Visibility: record.Public,
			}
			add(a)
		}
	}
	flush()

	timed := func(what string, fn func() error) {
		t.Helper()
		began := time.Now()
		s.must(fn())
		t.Logf("%s: %s", what, time.Since(began).Round(100*time.Microsecond))
	}
	overdue := 0
	timed("overdue for all, from nothing", func() (err error) {
		_, overdue, err = s.desk.Due(s.ctx, access.Anyone(), Late, 0, 50)
		return err
	})
	var again []time.Duration
	for range 3 {
		s.desk.states.levels = nil
		began := time.Now()
		_, n, err := s.desk.Due(s.ctx, access.Anyone(), Late, 0, 50)
		s.must(err)
		if n != overdue {
			t.Errorf("%d are overdue, and then %d", overdue, n)
		}
		again = append(again, time.Since(began))
	}
	t.Logf("overdue for all, with warm pages: %s; %d of %d clocks are late", slices.Min(again).Round(time.Millisecond), overdue, longDemands*(longSteps+1))
	timed("overdue for all, kept", func() error { _, _, err := s.desk.Due(s.ctx, access.Anyone(), Late, 0, 50); return err })
	timed("overview", func() error { _, err := s.desk.Overview(s.ctx, access.Anyone(), ""); return err })
	timed("a list, filtered", func() error {
		_, _, err := s.desk.Demands(s.ctx, access.Anyone(), Filter{Timeliness: "overdue"}, 0, 50)
		return err
	})
	timed("an authority", func() error { _, err := s.desk.Authority(s.ctx, access.Anyone(), "office-1", "", 0, -1); return err })
	timed("a demand", func() error { _, err := s.desk.Demand(s.ctx, access.Anyone(), "demand-7"); return err })
	timed("anniversaries", func() error { _, err := s.desk.Anniversaries(s.ctx, access.Anyone(), 30, 50); return err })
	timed("accountability", func() error {
		_, err := s.desk.Accountability(s.ctx, access.Anyone(), AccountabilityFilter{})
		return err
	})
	timed("the queue", func() error { _, _, err := s.desk.AssessmentQueue(s.ctx, s.editor, 0, 50); return err })
}
