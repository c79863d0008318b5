package web

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
)

// Days at both ends of the calendar and dates beyond, the greatest numbers, as many lines as there can be, and
// records that go round in circles fill no page beyond measure and break none.
func TestExtremesOfFollowingUp(t *testing.T) {
	p := plantedFollowed(t, "plainword")
	text := func(s string) record.Text { return record.Plain("en", s) }
	claims := []record.ClaimID{p.claim.ID}
	most := number(record.MaxNumber)
	date := func(s string) record.When {
		t.Helper()
		w := record.On(s)
		if w.IsZero() {
			t.Fatalf("%s is no date", s)
		}
		return w
	}
	old := &record.Event{
		ID: record.EventID(p.id()), Slug: "first-year", Title: text("In the first year"), Type: record.TypeAttack, Status: record.Held, When: date("0001-01-01"), ResponseTo: []record.EventID{p.event.ID}, Visibility: record.Public,
	}
	last := &record.Event{
		ID: record.EventID(p.id()), Slug: "last-year", Title: text("In the last year"), Type: record.TypeProtest, Status: record.Held, When: date("0001-01-01/9999-12-31"), ResponseTo: []record.EventID{old.ID}, Visibility: record.Public,
	}
	p.save(old)
	p.save(last)
	crowd := &record.Claim{
		ID: record.ClaimID(p.id()), Source: p.claim.Source, Subject: last.Ref(), Kind: record.KindMeasure, Measure: record.Participants, Form: record.Incident, Role: record.Reported, Words: "all",
		Review: record.Review{State: record.Accepted}, Visibility: record.Public, AsOf: date("9999-12-31"),
	}
	crowd.Bounds(record.Exact, record.MaxNumber, 0)
	p.save(crowd)
	a, b := record.CommitmentID(p.id()), record.CommitmentID(p.id())
	amounts := slices.Repeat([]record.Amount{{Value: record.MaxNumber, Currency: "PKR", Per: record.InAll, Claims: claims}}, record.MaxFollowed)
	round := func(id, to record.CommitmentID, slug, made string) *record.Commitment {
		return &record.Commitment{ID: id, Slug: slug, Text: text(slug), Unidentified: true, Made: date(made), Amounts: amounts, Replaces: to, Attack: old.ID, Claims: claims, Visibility: record.Public}
	}
	steps := make([]record.Step, record.MaxSteps)
	for i := range steps {
		steps[i] = record.Step{Key: "s" + itoa(i), Kind: record.StepOwn, Text: text("Step " + itoa(i)), Essential: true, Want: record.MaxNumber, Due: record.Due{Day: "2400-12-31", Zone: "Pacific/Kiritimati", Origin: record.DueStated}}
	}
	chain := make([]record.ChainStep, record.MaxFollowed)
	for i := range chain {
		chain[i] = record.ChainStep{Kind: record.StepEscape, On: date([]string{"0001-01-01", "9999-12-31"}[i%2]), Low: most, High: most, Claims: claims}
	}
	demand := func(slug, day string) *record.Demand {
		return &record.Demand{
			ID: record.DemandID(p.id()), Slug: slug, Text: text(slug), Of: old.Ref(), Attack: old.ID, Made: date("0001-01-01"), Due: record.Due{Day: day, Zone: "Pacific/Apia", Origin: record.DueLegal}, Steps: steps,
			Addressees:  []record.DemandAddressee{{Key: "office", Office: text("Office"), Zone: "Pacific/Kiritimati", Personal: true, Holder: text("Holder")}},
			Letters:     []record.SentLetter{{Addressee: "office", On: "1700-01-02", Channel: record.ByPost, Subject: "x"}},
			Pauses:      []record.ClockPause{{From: "1700-01-03", To: "1800-01-01", Reason: text("x")}, {From: "2400-12-31", Reason: text("x")}},
			Commitments: []record.CommitmentLink{{Commitment: a, How: record.LinkRepeats}}, Visibility: record.Public,
		}
	}
	all := []record.Record{
		round(a, b, "round-a", "0001-01-01"), round(b, a, "round-b", "9999-12-31"), demand("first-day", "1700-01-01"), demand("last-day", "2400-12-31"),
		&record.Proceeding{ID: record.ProceedingID(p.id()), Slug: "long-case", Title: text("A long case"), Events: []record.EventID{old.ID}, Steps: chain, Looked: []record.Looked{{Where: text("x"), On: "2400-12-31"}}, Visibility: record.Public},
		&record.Coverage{
			ID: record.CoverageID(p.id()), Event: old.ID, Title: text("Ends"), Collection: "Ends", Query: "ends", Tool: record.ToolOther, Visibility: record.Public,
			Days: []record.DayCount{{Day: "1700-01-01", Matched: 0, All: 0}, {Day: "2013-01-10", Matched: record.MaxNumber, All: record.MaxNumber}, {Day: "2400-12-31", Matched: 0, All: record.MaxNumber}},
		},
	}
	c := &exchange.Casefile{Records: all, Lines: make([]int, len(all))}
	done, err := p.house.ImportCasefile(t.Context(), access.House(), c, casework.CasefileOptions{Reason: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if len(done.Problems) > 0 {
		t.Fatal(done.Problems)
	}
	for _, path := range append(p.followed(),
		"/events/first-year/course", "/events/first-year/wave", "/events/first-year/coverage", "/events/first-year/coverage.csv", "/cards/coverage/first-year.svg", "/events/last-year/wave", "/events/first-year/course.csv", "/events/first-year/wave.csv",
		"/follow-up/demands/first-day", "/follow-up/demands/last-day", "/ur/follow-up/demands/last-day", "/fa/follow-up/commitments/round-a", "/follow-up/commitments/round-b", "/follow-up/proceedings/long-case", "/ur/follow-up/proceedings/long-case",
		"/cards/demands/first-day.svg", "/cards/commitments/round-a.svg", "/api/v1/demands/first-day", "/api/v1/commitments/round-b", "/follow-up/accountability?from=1700-01-01&to=2400-12-31&population=1000000000000") {
		began := time.Now()
		got := p.get(path)
		if got.StatusCode != 200 {
			t.Errorf("%s: status %d", path, got.StatusCode)
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s took %s", path, took)
		}
		if len(got.body) > 2<<20 {
			t.Errorf("%s: %d bytes", path, len(got.body))
		}
		for _, w := range []string{"NaN", "Inf", "%!", "-9223372036854775808", "000000000000000000000"} {
			if strings.Contains(got.body, w) {
				t.Errorf("%s holds %q", path, w)
			}
		}
	}
}
