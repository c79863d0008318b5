package calendar

import (
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/gawah-project/gawah/internal/record/edtf"
	"pgregory.net/rapid"
)

func zone(t interface {
	Helper()
	Fatal(...any)
}, name string,
) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestEndOfDay(t *testing.T) {
	for _, test := range []struct{ day, zone, ends string }{
		{"2021-01-31", "Asia/Karachi", "2021-01-31T19:00:00Z"},
		{"2021-02-28", "Asia/Kabul", "2021-02-28T19:30:00Z"},
		{"2024-02-29", "UTC", "2024-03-01T00:00:00Z"},
		{"2020-12-31", "Asia/Kathmandu", "2020-12-31T18:15:00Z"},
		{"2021-03-28", "Europe/Berlin", "2021-03-28T22:00:00Z"}, // 23 hours long
		{"2021-10-31", "Europe/Berlin", "2021-10-31T23:00:00Z"}, // 25 hours long
		{"2021-03-14", "America/New_York", "2021-03-15T04:00:00Z"},
		{"2021-11-07", "America/New_York", "2021-11-08T05:00:00Z"},
		{"2008-05-31", "Asia/Karachi", "2008-05-31T19:00:00Z"}, // clocks put on at midnight: 00:00 does not exist
		{"2018-11-03", "America/Sao_Paulo", "2018-11-04T03:00:00Z"},
		{"2018-02-17", "America/Sao_Paulo", "2018-02-18T03:00:00Z"}, // 23:00 to 24:00 comes twice
		{"2021-03-27", "Asia/Beirut", "2021-03-27T22:00:00Z"},
		{"2010-11-06", "America/St_Johns", "2010-11-07T03:30:00Z"}, // 00:01 goes back to 23:01 of the day before
		{"2011-12-29", "Pacific/Apia", "2011-12-30T10:00:00Z"},
		{"2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00Z"}, // a day that was skipped is over when it begins
		{"2021-06-30", "Pacific/Kiritimati", "2021-06-30T10:00:00Z"},
		{"2021-06-30", "Etc/GMT+12", "2021-07-01T12:00:00Z"},
	} {
		got := EndOfDay(mustDay(t, test.day), zone(t, test.zone))
		if s := got.UTC().Format(time.RFC3339); s != test.ends {
			t.Errorf("%s in %s ends %s, want %s", test.day, test.zone, s, test.ends)
		}
	}
}

// TestToday: a day is today from the end of the one before until its own end, in
// zones with every kind of change of the clocks.
func TestToday(t *testing.T) {
	zones := []string{
		"Asia/Karachi", "Asia/Kabul", "Asia/Tehran", "Europe/London", "America/Sao_Paulo", "America/St_Johns", "Pacific/Apia", "Africa/Cairo",
		"Australia/Lord_Howe", "Asia/Gaza", "America/Havana", "UTC", "Etc/GMT+12", "Pacific/Kiritimati",
	}
	rapid.Check(t, func(t *rapid.T) {
		loc := zone(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		now := time.Unix(rapid.Int64Range(0, 2_500_000_000).Draw(t, "now"), 0)
		d := Today(now, loc)
		if now.Before(EndOfDay(d-1, loc)) || !now.Before(EndOfDay(d, loc)) {
			t.Fatalf("%s: today is %s, which is from %s to %s", now.In(loc), DayText(d), EndOfDay(d-1, loc), EndOfDay(d, loc))
		}
		if later := Today(now.Add(time.Duration(rapid.IntRange(0, 1e6).Draw(t, "seconds"))*time.Second), loc); later < d {
			t.Fatalf("%s: %s comes after %s", now.In(loc), DayText(later), DayText(d))
		}
	})
}

func TestParseDay(t *testing.T) {
	for _, bad := range []string{"", "2021", "2021-1-1", "2021-02-29", "2021-01-01T00:00", "21-01-2021", "12021-01-01"} {
		if d, err := ParseDay(bad); err == nil {
			t.Errorf("%q is day %d", bad, d)
		}
	}
	for _, s := range []string{"0001-01-01", "1970-01-01", "2024-02-29", "9999-12-31"} {
		if got := DayText(mustDay(t, s)); got != s {
			t.Errorf("%q is written %q", s, got)
		}
	}
	if mustDay(t, "1970-01-02") != edtf.Day(1) {
		t.Error("days do not count from 1970")
	}
}

func TestZones(t *testing.T) {
	for country, name := range zones {
		if len(country) != 2 {
			t.Errorf("%q is no country", country)
		}
		if _, err := time.LoadLocation(name); err != nil {
			t.Errorf("%s: %v", country, err)
		}
	}
	if ZoneOf("PK") != "Asia/Karachi" || ZoneOf("AF") != "Asia/Kabul" || ZoneOf("XX") != "" {
		t.Error("zones of countries")
	}
}
