package calendar

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

func offices(t *testing.T, weekends []record.Weekend, holidays ...string) *Offices {
	t.Helper()
	h := &record.HolidayCalendar{Country: "XX", Weekends: weekends}
	for _, d := range holidays {
		h.Holidays = append(h.Holidays, record.Holiday{Day: d, Name: record.Plain("en", "Example Day")})
	}
	o, err := NewOffices(h)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestAdd(t *testing.T) {
	weekend := []record.Weekend{{Days: []int{6, 0}}}
	friday := []record.Weekend{{Days: []int{5}}}
	// Friday and Saturday, from 2013-06-29 Saturday and Sunday.
	changed := []record.Weekend{{Days: []int{5, 6}}, {From: "2013-06-29", Days: []int{6, 0}}}
	for _, test := range []struct {
		name     string
		weekends []record.Weekend
		holidays []string
		from     string
		n        int
		want     string
	}{
		{"none", weekend, nil, "2021-01-08", 0, "2021-01-08"},
		{"over a weekend", weekend, nil, "2021-01-08", 1, "2021-01-11"},
		{"from within a weekend", weekend, nil, "2021-01-09", 1, "2021-01-11"},
		{"over a month's end", weekend, nil, "2021-01-29", 1, "2021-02-01"},
		{"over 29 February", weekend, nil, "2024-02-28", 2, "2024-03-01"},
		{"over a year's end", weekend, nil, "2020-12-31", 1, "2021-01-01"},
		{"twenty", weekend, nil, "2021-01-09", 20, "2021-02-05"},
		{"forty", weekend, nil, "2021-01-09", 40, "2021-03-05"},
		{"twenty, with a holiday", weekend, []string{"2021-02-05"}, "2021-01-09", 20, "2021-02-08"},
		{"twenty, with a holiday on a weekend", weekend, []string{"2021-02-06"}, "2021-01-09", 20, "2021-02-05"},
		{"twenty, with the day after a holiday", weekend, []string{"2021-02-08"}, "2021-01-09", 20, "2021-02-05"},
		{"forty, with three holidays in a row", weekend, []string{"2021-03-03", "2021-03-04", "2021-03-05"}, "2021-01-09", 40, "2021-03-10"},
		{"a holiday entered twice", weekend, []string{"2021-01-11", "2021-01-11"}, "2021-01-08", 1, "2021-01-12"},
		{"a weekend of one day", friday, nil, "2021-01-07", 1, "2021-01-09"},
		{"no weekend at all", nil, nil, "2021-01-07", 5, "2021-01-12"},
		{"a weekend that changed, before", changed, nil, "2013-06-20", 1, "2013-06-23"},
		{"a weekend that changed, over it", changed, nil, "2013-06-27", 1, "2013-07-01"},
		{"a weekend that changed, after", changed, nil, "2013-07-04", 1, "2013-07-05"},
	} {
		o := offices(t, test.weekends, test.holidays...)
		got, err := o.Add(mustDay(t, test.from), test.n)
		if err != nil || DayText(got) != test.want {
			t.Errorf("%s: %d working days after %s are %s (%v), want %s", test.name, test.n, test.from, DayText(got), err, test.want)
		}
		// A day more and a day less.
		if next, err := o.Add(mustDay(t, test.from), test.n+1); err != nil || next <= got {
			t.Errorf("%s: one more is %s (%v)", test.name, DayText(next), err)
		}
		if n := opened(o, mustDay(t, test.from), got); n != test.n {
			t.Errorf("%s: %d days are between, want %d", test.name, n, test.n)
		}
	}
}

// opened counts the working days after a up to and with b, one by one.
func opened(o *Offices, a, b edtf.Day) int {
	n := 0
	for d := a + 1; d <= b; d++ {
		if o.Closed(d) == Open {
			n++
		}
	}
	return n
}

func TestOffices(t *testing.T) {
	o := offices(t, []record.Weekend{{Days: []int{6, 0}}}, "2021-02-05")
	if o.Closed(mustDay(t, "2021-02-05")) != Holiday || o.Closed(mustDay(t, "2021-02-06")) != Weekend || o.Closed(mustDay(t, "2021-02-08")) != Open {
		t.Error("why offices are closed")
	}
	if last, ok := o.Entered(); !ok || DayText(last) != "2021-02-05" {
		t.Errorf("entered until %s %v", DayText(last), ok)
	}
	if _, ok := offices(t, nil).Entered(); ok {
		t.Error("holidays entered without any")
	}
	for _, n := range []int{-1, MaxWorkingDays + 1} {
		if _, err := o.Add(0, n); err == nil {
			t.Errorf("%d working days", n)
		}
	}
	if d, err := o.Add(mustDay(t, "2021-01-01"), MaxWorkingDays); err != nil || DayText(d) < "2059-01-01" {
		t.Errorf("%s %v", DayText(d), err)
	}
	if _, err := offices(t, []record.Weekend{{Days: []int{0, 1, 2, 3, 4, 5, 6}}}).Add(0, 1); !errors.Is(err, ErrNeverOpen) {
		t.Errorf("always closed: %v", err)
	}
	for _, bad := range []*record.HolidayCalendar{
		{Country: "XX", Weekends: []record.Weekend{{Days: []int{7}}}},
		{Country: "XX", Weekends: []record.Weekend{{From: "soon"}}},
		{Country: "XX", Holidays: []record.Holiday{{Day: "2021-02-30"}}},
	} {
		if _, err := NewOffices(bad); err == nil {
			t.Errorf("%+v is accepted", bad)
		}
	}
}

// TestRecount: a holiday that was announced later moves a due date that counts working days.
func TestRecount(t *testing.T) {
	due := record.Due{Day: "2021-05-14", Zone: "Asia/Karachi", Origin: record.DueLegal, Working: 10, From: "2021-04-30", Country: "XX"}
	weekend := []record.Weekend{{Days: []int{6, 0}}}
	if again, changed, err := offices(t, weekend).Recount(due); err != nil || changed || again.Day != due.Day {
		t.Errorf("%+v %v %v", again, changed, err)
	}
	again, changed, err := offices(t, weekend, "2021-05-13", "2021-05-14").Recount(due)
	if err != nil || !changed || again.Day != "2021-05-18" || due.Day != "2021-05-14" {
		t.Errorf("%+v %v %v", again, changed, err)
	}
	due.From = ""
	if _, _, err := offices(t, weekend).Recount(due); err == nil {
		t.Error("counted from no day")
	}
	due.Working = 0
	if again, changed, err := offices(t, weekend).Recount(due); err != nil || changed || again.Day != due.Day {
		t.Errorf("%+v %v %v", again, changed, err)
	}
}

// TestAddProperties: more days are later, a holiday never makes a day earlier, what
// Add reaches is open and Between counts it back.
func TestAddProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := edtf.Day(rapid.IntRange(10_000, 30_000).Draw(t, "from"))
		n := rapid.IntRange(1, 60).Draw(t, "n")
		h := &record.HolidayCalendar{Weekends: []record.Weekend{{Days: rapid.SliceOfNDistinct(rapid.IntRange(0, 6), 0, 6, rapid.ID[int]).Draw(t, "weekend")}}}
		days := rapid.SliceOfDistinct(rapid.IntRange(0, 200), rapid.ID[int]).Draw(t, "holidays")
		slices.Sort(days)
		for _, d := range days {
			h.Holidays = append(h.Holidays, record.Holiday{Day: DayText(from + edtf.Day(d))})
		}
		o, err := NewOffices(h)
		if err != nil {
			t.Fatal(err)
		}
		got, err := o.Add(from, n)
		if err != nil {
			t.Fatal(err)
		}
		if o.Closed(got) != Open || opened(o, from, got) != n {
			t.Fatalf("%d after %d is %d, %s, %d between", n, from, got, o.Closed(got), opened(o, from, got))
		}
		if len(h.Holidays) > 0 {
			h.Holidays = h.Holidays[1:]
			less, err := NewOffices(h)
			if err != nil {
				t.Fatal(err)
			}
			if sooner, err := less.Add(from, n); err != nil || sooner > got {
				t.Fatalf("with a holiday less it is %d (%v), with it %d", sooner, err, got)
			}
		}
	})
}
