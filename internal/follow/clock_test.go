package follow_test

import (
	"errors"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"pgregory.net/rapid"
)

func TestTime(t *testing.T) {
	for _, test := range []struct {
		name  string
		now   string
		due   record.Due
		done  follow.Done
		pause []follow.Spell
		want  follow.Timeliness
		left  int
		late  int
	}{
		{"no date", "2001-03-01T12:00:00Z", record.Due{}, follow.Done{}, nil, follow.NoDeadline, 0, 0},
		{"words only", "2001-03-01T12:00:00Z", record.Due{Printed: "within days"}, follow.Done{}, nil, follow.NoDeadline, 0, 0},
		{"long before", "2001-02-01T12:00:00Z", due("2001-03-01", "UTC"), follow.Done{}, nil, follow.NotDue, 28, 0},
		{"fifteen days before", "2001-02-14T12:00:00Z", due("2001-03-01", "UTC"), follow.Done{}, nil, follow.NotDue, 15, 0},
		{"fourteen days before", "2001-02-15T12:00:00Z", due("2001-03-01", "UTC"), follow.Done{}, nil, follow.DueSoon, 14, 0},
		{"the day before", "2001-02-28T23:59:59Z", due("2001-03-01", "UTC"), follow.Done{}, nil, follow.DueSoon, 1, 0},
		{"the day itself", "2001-03-01T23:59:59Z", due("2001-03-01", "UTC"), follow.Done{}, nil, follow.DueSoon, 0, 0},
		{"the day after", "2001-03-02T00:00:00Z", due("2001-03-01", "UTC"), follow.Done{}, nil, follow.Overdue, 0, 1},
		{"a month's end", "2001-02-01T00:00:00Z", due("2001-01-31", "UTC"), follow.Done{}, nil, follow.Overdue, 0, 1},
		{"29 February", "2024-02-29T12:00:00Z", due("2024-02-28", "UTC"), follow.Done{}, nil, follow.Overdue, 0, 1},
		{"not over yet in Karachi", "2001-03-01T18:59:59Z", due("2001-03-01", "Asia/Karachi"), follow.Done{}, nil, follow.DueSoon, 0, 0},
		{"over in Karachi", "2001-03-01T19:00:00Z", due("2001-03-01", "Asia/Karachi"), follow.Done{}, nil, follow.Overdue, 0, 1},
		{"over in Karachi, not in New York", "2001-03-02T04:59:59Z", due("2001-03-01", "America/New_York"), follow.Done{}, nil, follow.DueSoon, 0, 0},
		{"clocks put on at midnight", "2008-05-31T18:59:59Z", due("2008-05-31", "Asia/Karachi"), follow.Done{}, nil, follow.DueSoon, 0, 0},
		{"clocks put on at midnight, past it", "2008-05-31T19:00:00Z", due("2008-05-31", "Asia/Karachi"), follow.Done{}, nil, follow.Overdue, 0, 1},
		{"a day of 25 hours", "2021-10-31T22:59:59Z", due("2021-10-31", "Europe/Berlin"), follow.Done{}, nil, follow.DueSoon, 0, 0},
		{"56 days late", "2001-04-26T12:00:00Z", due("2001-03-01", "UTC"), follow.Done{}, nil, follow.Overdue, 0, 56},
		{"57 days late", "2001-04-27T12:00:00Z", due("2001-03-01", "UTC"), follow.Done{}, nil, follow.LongOverdue, 0, 57},
		{"its own limit", "2001-03-12T12:00:00Z", record.Due{Day: "2001-03-01", Zone: "UTC", Long: 10}, follow.Done{}, nil, follow.LongOverdue, 0, 11},
		{"superseded", "2001-04-27T12:00:00Z", due("2001-03-01", "UTC"), follow.Done{Superseded: true}, nil, follow.NoDeadline, 0, 0},
		{"met the day before", "2002-01-01T12:00:00Z", due("2001-03-01", "UTC"), follow.Done{Is: true, When: on("2001-02-28"), By: "2001-05-01"}, nil, follow.MetOnTime, 0, 0},
		{"met on the day", "2002-01-01T12:00:00Z", due("2001-03-01", "UTC"), follow.Done{Is: true, When: on("2001-03-01"), By: "2001-05-01"}, nil, follow.MetOnTime, 0, 0},
		{"met the day after", "2002-01-01T12:00:00Z", due("2001-03-01", "UTC"), follow.Done{Is: true, When: on("2001-03-02"), By: "2001-05-01"}, nil, follow.MetLate, 0, 1},
		{"met in a later month", "2002-01-01T12:00:00Z", due("2001-03-01", "UTC"), follow.Done{Is: true, When: on("2001-04"), By: "2001-05-01"}, nil, follow.MetLate, 0, 31},
		{"met at a time unknown, known in time", "2002-01-01T12:00:00Z", due("2001-03-01", "UTC"), follow.Done{Is: true, By: "2001-03-01"}, nil, follow.MetOnTime, 0, 0},
		{"met early, found out early", "2001-02-01T12:00:00Z", due("2001-03-01", "UTC"), follow.Done{Is: true, By: "2001-02-01"}, nil, follow.MetOnTime, 0, 0},
		{"met without a deadline", "2001-02-01T12:00:00Z", record.Due{}, follow.Done{Is: true, By: "2001-02-01"}, nil, follow.NoDeadline, 0, 0},
		{"paused since", "2001-04-10T12:00:00Z", due("2001-03-01", "UTC"), follow.Done{}, []follow.Spell{{From: "2001-03-02"}}, follow.DueSoon, 0, 0},
		{"paused for a while", "2001-04-10T12:00:00Z", due("2001-03-01", "UTC"), follow.Done{}, []follow.Spell{{From: "2001-03-02", To: "2001-04-08"}}, follow.Overdue, 0, 2},
		{"paused twice over", "2001-03-11T12:00:00Z", due("2001-03-01", "UTC"), follow.Done{}, []follow.Spell{{From: "2001-03-02", To: "2001-03-06"}, {From: "2001-03-04", To: "2001-03-08"}}, follow.Overdue, 0, 3},
		{"paused before it was due", "2001-03-11T12:00:00Z", due("2001-03-01", "UTC"), follow.Done{}, []follow.Spell{{From: "2001-02-01", To: "2001-02-20"}}, follow.Overdue, 0, 10},
		{"met late but for a pause", "2002-01-01T12:00:00Z", due("2001-03-01", "UTC"), follow.Done{Is: true, When: on("2001-03-05"), By: "2001-03-05"}, []follow.Spell{{From: "2001-03-01", To: "2001-03-05"}}, follow.MetOnTime, 0, 0},
	} {
		got := at(test.now).Time(test.due, test.done, test.pause)
		if got.Value != test.want || got.Left != test.left || got.Late != test.late {
			t.Errorf("%s: %s, %d left, %d late; want %s, %d, %d", test.name, got.Value, got.Left, got.Late, test.want, test.left, test.late)
		}
		equal(t, test.name+": certain", got.Certain, true)
		equal(t, test.name+": key", got.Key(), "follow.timeliness."+string(test.want))
		if (got.Value == follow.NoDeadline) != got.Ends.IsZero() {
			t.Errorf("%s: ends %s", test.name, got.Ends)
		}
	}
}

// TestMetWhenUnknown: a thing found to be met after its day may have been in time.
func TestMetWhenUnknown(t *testing.T) {
	for _, done := range []follow.Done{
		{Is: true, By: "2001-05-01"},
		{Is: true, When: on("2001"), By: "2001-05-01"},
		{Is: true, When: on("2001-03"), By: "2001-05-01"},
		{Is: true, When: on("../2001-04"), By: "2001-05-01"},
	} {
		got := noon("2002-01-01").Time(due("2001-03-01", "UTC"), done, nil)
		if got.Value != follow.MetLate || got.Certain || got.Key() != "follow.timeliness.met_when_unknown" {
			t.Errorf("%+v: %s, certain %v", done, got.Value, got.Certain)
		}
	}
}

func TestZones(t *testing.T) {
	got := noon("2001-03-01").Time(due("2001-03-01", "Example/Nowhere"), follow.Done{}, nil)
	if !got.ZoneUnknown || got.Value != follow.DueSoon || got.Ends.Format(time.RFC3339) != "2001-03-02T00:00:00Z" {
		t.Errorf("%+v", got)
	}
	c := follow.NewClock(time.Date(2001, 3, 1, 20, 0, 0, 0, time.UTC), follow.DefaultRules(), func(name string) (*time.Location, error) {
		if name == "here" {
			return time.FixedZone("here", 5*3600), nil
		}
		return nil, errors.New("unknown")
	})
	for zone, want := range map[string]string{"": "2001-03-01", "UTC": "2001-03-01", "here": "2001-03-02", "there": "2001-03-01"} {
		day, known := c.Today(zone)
		if calendar.DayText(day) != want || known == (zone == "there") {
			t.Errorf("%q: %s, known %v", zone, calendar.DayText(day), known)
		}
	}
	equal(t, "a moment here", c.Day(time.Date(2001, 2, 28, 20, 0, 0, 0, time.UTC), "here"), "2001-03-01")
	equal(t, "a moment there", c.Day(time.Date(2001, 2, 28, 20, 0, 0, 0, time.UTC), "there"), "2001-02-28")
	equal(t, "rules", c.Rules(), follow.DefaultRules())
	equal(t, "now", c.Now().Hour(), 20)
}

var ladder = map[follow.Timeliness]int{follow.NotDue: 0, follow.DueSoon: 1, follow.Overdue: 2, follow.LongOverdue: 3}

// TestClockRuns: as time goes by, what is not done only becomes later; a pause never makes it
// later than it would be without; and overdue begins at the moment the due day ends.
func TestClockRuns(t *testing.T) {
	zones := []string{"UTC", "Asia/Karachi", "Asia/Kabul", "America/St_Johns", "America/Sao_Paulo", "Pacific/Apia"}
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		start := dayOf("2005-01-01")
		d := due(calendar.DayText(start+edtf.Day(rapid.IntRange(0, 3000).Draw(t, "due"))), zone)
		d.Long = rapid.IntRange(0, 90).Draw(t, "long")
		now := time.Unix(1_104_537_600+rapid.Int64Range(0, 3200*86400).Draw(t, "now"), 0)
		then := now.Add(time.Duration(rapid.IntRange(0, 400*86400).Draw(t, "later")) * time.Second)
		var pauses []follow.Spell
		for range rapid.IntRange(0, 4).Draw(t, "pauses") {
			from := start + edtf.Day(rapid.IntRange(0, 3200).Draw(t, "from"))
			p := follow.Spell{From: calendar.DayText(from)}
			if !rapid.Bool().Draw(t, "open") {
				p.To = calendar.DayText(from + edtf.Day(rapid.IntRange(0, 200).Draw(t, "days")))
			}
			pauses = append(pauses, p)
		}
		clock := func(at time.Time) *follow.Clock { return follow.NewClock(at, follow.DefaultRules(), time.LoadLocation) }
		plain, paused := clock(now).Time(d, follow.Done{}, nil), clock(now).Time(d, follow.Done{}, pauses)
		if ladder[paused.Value] > ladder[plain.Value] || paused.Late > plain.Late || paused.Left != plain.Left {
			t.Fatalf("paused %+v is later than %+v", paused, plain)
		}
		if plain.IsLate() == now.Before(plain.Ends) {
			t.Fatalf("%s at %s, where the day ends %s", plain.Value, now, plain.Ends)
		}
		for _, p := range [][]follow.Spell{nil, pauses} {
			a, b := clock(now).Time(d, follow.Done{}, p), clock(then).Time(d, follow.Done{}, p)
			if ladder[a.Value] > ladder[b.Value] || a.Late > b.Late || a.Left < b.Left {
				t.Fatalf("%+v, and later %+v", a, b)
			}
		}
		starts := []follow.Start{{Kind: follow.StartDelivery, On: d.Day}}
		a, b := clock(now).Silence(zone, starts, nil, nil, pauses), clock(then).Silence(zone, starts, nil, nil, pauses)
		bare := clock(now).Silence(zone, starts, nil, nil, nil)
		if a.Days > b.Days || a.Days > bare.Days || a.Days < 0 {
			t.Fatalf("silent for %d days, without pauses %d, later %d", a.Days, bare.Days, b.Days)
		}
	})
}

func TestSilence(t *testing.T) {
	delivery := follow.Start{Kind: follow.StartDelivery, On: "2001-03-01"}
	duty := follow.Start{Kind: follow.StartDuty, On: "2001-04-01"}
	promise := follow.Start{Kind: follow.StartCommitment, On: "2001-05-01"}
	read := func(day string) follow.Answer { return follow.Answer{On: day, Read: true} }
	for _, test := range []struct {
		name    string
		now     string
		starts  []follow.Start
		answers []follow.Answer
		pauses  []follow.Spell
		state   follow.SilenceState
		since   string
		days    int
		unread  int
	}{
		{"a demand alone", "2001-06-01", nil, nil, nil, follow.NothingHandedOver, "", 0, 0},
		{"a demand and an answer to nothing", "2001-06-01", nil, []follow.Answer{read("2001-05-01")}, nil, follow.NothingHandedOver, "", 0, 0},
		{"handed over today", "2001-03-01", []follow.Start{delivery}, nil, nil, follow.Silent, "2001-03-01", 0, 0},
		{"handed over tomorrow", "2001-02-28", []follow.Start{delivery}, nil, nil, follow.NothingHandedOver, "", 0, 0},
		{"silent for a month", "2001-04-01", []follow.Start{delivery}, nil, nil, follow.Silent, "2001-03-01", 31, 0},
		{"the first of several starts", "2001-04-11", []follow.Start{promise, duty, delivery}, nil, nil, follow.Silent, "2001-03-01", 41, 0},
		{"a duty that fell due", "2001-04-11", []follow.Start{duty}, nil, nil, follow.Silent, "2001-04-01", 10, 0},
		{"answered", "2001-04-11", []follow.Start{delivery}, []follow.Answer{read("2001-03-20")}, nil, follow.Answered, "", 0, 0},
		{"answered on the day", "2001-04-11", []follow.Start{delivery}, []follow.Answer{read("2001-03-01")}, nil, follow.Answered, "", 0, 0},
		{"answered before it was handed over", "2001-04-11", []follow.Start{delivery}, []follow.Answer{read("2001-02-20")}, nil, follow.Silent, "2001-03-01", 41, 0},
		{"an answer that nobody has read", "2001-04-11", []follow.Start{delivery}, []follow.Answer{{On: "2001-03-20"}}, nil, follow.Silent, "2001-03-01", 41, 1},
		{"an answer of tomorrow", "2001-04-11", []follow.Start{delivery}, []follow.Answer{read("2001-04-12")}, nil, follow.Silent, "2001-03-01", 41, 0},
		{"a promise after the answer", "2001-05-11", []follow.Start{delivery, promise}, []follow.Answer{read("2001-03-20")}, nil, follow.Silent, "2001-05-01", 10, 0},
		{"a later answer, an older one unread", "2001-05-11", []follow.Start{delivery}, []follow.Answer{{On: "2001-03-10"}, read("2001-03-20")}, nil, follow.Answered, "", 0, 1},
		{"in a pause", "2001-04-11", []follow.Start{delivery}, nil, []follow.Spell{{From: "2001-04-01"}}, follow.Waiting, "2001-03-01", 30, 0},
		{"after a pause", "2001-04-11", []follow.Start{delivery}, nil, []follow.Spell{{From: "2001-03-11", To: "2001-03-20"}}, follow.Silent, "2001-03-01", 31, 0},
		{"a pause from before the start", "2001-04-11", []follow.Start{delivery}, nil, []follow.Spell{{From: "2001-01-01", To: "2001-03-11"}}, follow.Silent, "2001-03-01", 31, 0},
		{"a pause that is no pause", "2001-04-11", []follow.Start{delivery}, nil, []follow.Spell{{From: "soon"}, {From: "2001-03-11", To: "later"}}, follow.Silent, "2001-03-01", 41, 0},
	} {
		got := noon(test.now).Silence("UTC", test.starts, test.answers, nil, test.pauses)
		if got.State != test.state || got.Since != test.since || got.Days != test.days || len(got.Unread) != test.unread {
			t.Errorf("%s: %s since %q, %d days, %d unread; want %s since %q, %d, %d", test.name, got.State, got.Since, got.Days, len(got.Unread), test.state, test.since, test.days, test.unread)
		}
		equal(t, test.name+": needs classification", got.NeedsClassification, test.unread > 0)
	}
	got := noon("2001-05-11").Silence("UTC", []follow.Start{delivery, promise}, []follow.Answer{read("2001-03-20")}, nil, nil)
	equal(t, "last answer", got.Last.On, "2001-03-20")
	equal(t, "days since", got.AgoDays, 52)
}

func TestLooked(t *testing.T) {
	start := []follow.Start{{Kind: follow.StartDelivery, On: "2001-03-01"}}
	look := func(days ...string) []record.Looked {
		var out []record.Looked
		for _, d := range days {
			out = append(out, record.Looked{Where: record.Plain("en", "the gazette"), On: d})
		}
		return out
	}
	for _, test := range []struct {
		name   string
		now    string
		looked []record.Looked
		on     string
		days   int
		stale  bool
	}{
		{"never", "2001-04-01", nil, "", 0, true},
		{"yesterday", "2001-04-01", look("2001-03-31"), "2001-03-31", 1, false},
		{"30 days ago", "2001-04-30", look("2001-03-31"), "2001-03-31", 30, false},
		{"31 days ago", "2001-05-01", look("2001-03-31"), "2001-03-31", 31, true},
		{"before it was handed over", "2001-03-02", look("2001-02-28"), "2001-02-28", 2, true},
		{"the last of several", "2001-04-01", look("2001-03-31", "2001-03-05"), "2001-03-31", 1, false},
		{"not tomorrow's", "2001-04-01", look("2001-04-02", "2001-03-31"), "2001-03-31", 1, false},
	} {
		got := noon(test.now).Silence("UTC", start, nil, test.looked, nil)
		if got.Looked.On != test.on || got.LookedDays != test.days || got.Stale != test.stale {
			t.Errorf("%s: looked %q %d days ago, stale %v", test.name, got.Looked.On, got.LookedDays, got.Stale)
		}
	}
	// Where nothing is owed, no search is overdue.
	equal(t, "nothing handed over", noon("2001-04-01").Silence("UTC", nil, nil, nil, nil).Stale, false)
}

// FuzzSilence: whatever days are given, malformed ones among them, the counts are
// sane and nothing fails.
func FuzzSilence(f *testing.F) {
	f.Add("2001-03-01", "2001-03-05", "2001-03-07", "2001-03-09", true)
	f.Add("", "x", "9999-99-99", "2001-02-29", false)
	f.Fuzz(func(t *testing.T, start, answer, from, to string, read bool) {
		c := noon("2001-06-01")
		s := c.Silence("UTC", []follow.Start{{Kind: follow.StartDelivery, On: start}}, []follow.Answer{{On: answer, Read: read}},
			[]record.Looked{{On: to}}, []follow.Spell{{From: from, To: to}})
		if s.Days < 0 || s.AgoDays < 0 || s.LookedDays < 0 || s.State == "" {
			t.Fatalf("%+v", s)
		}
		timing := c.Time(record.Due{Day: start, Zone: to}, follow.Done{Is: read, By: answer}, []follow.Spell{{From: from, To: to}})
		if timing.Late < 0 || timing.Left < 0 || timing.Value == "" {
			t.Fatalf("%+v", timing)
		}
	})
}
