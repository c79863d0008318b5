package calendar

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

func mustDay(t *testing.T, s string) edtf.Day {
	t.Helper()
	d, err := ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestNewYears compares the first day of Solar Hijri years with published
// calendars of Iran and Afghanistan, leap years (marked) among them.
func TestNewYears(t *testing.T) {
	for _, test := range []struct {
		year  int
		first string
		leap  bool
	}{
		{1304, "1925-03-21", true},
		{1342, "1963-03-21", true},
		{1354, "1975-03-21", true},
		{1357, "1978-03-21", false},
		{1358, "1979-03-21", true},
		{1359, "1980-03-21", false},
		{1370, "1991-03-21", true},
		{1371, "1992-03-21", false},
		{1375, "1996-03-20", true},
		{1376, "1997-03-21", false},
		{1379, "2000-03-20", true},
		{1380, "2001-03-21", false},
		{1387, "2008-03-20", true},
		{1391, "2012-03-20", true},
		{1392, "2013-03-21", false},
		{1395, "2016-03-20", true},
		{1399, "2020-03-20", true},
		{1400, "2021-03-21", false},
		{1403, "2024-03-20", true},
		{1404, "2025-03-21", false},
		{1405, "2026-03-21", false},
		{1408, "2029-03-20", true},
	} {
		d, err := New(record.SolarHijri, test.year, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		if got := DayText(d.Gregorian()); got != test.first {
			t.Errorf("1 Hamal %d is %s, want %s", test.year, got, test.first)
		}
		if leap(record.SolarHijri, test.year) != test.leap {
			t.Errorf("%d: leap %v", test.year, !test.leap)
		}
	}
}

// TestDates is a table of days that are known in both calendars.
func TestDates(t *testing.T) {
	for _, test := range []struct {
		date Date
		day  string
	}{
		{Date{record.SolarHijri, 1357, 11, 22}, "1979-02-11"},
		{Date{record.SolarHijri, 1399, 10, 14}, "2021-01-03"},
		{Date{record.SolarHijri, 1391, 10, 21}, "2013-01-10"},
		{Date{record.SolarHijri, 1399, 12, 30}, "2021-03-20"},
		{Date{record.SolarHijri, 1400, 6, 31}, "2021-09-22"},
		{Date{record.SolarHijri, 1400, 7, 1}, "2021-09-23"},
		{Date{record.SolarHijri, 1298, 5, 28}, "1919-08-20"},
		{Date{record.Islamic, 1400, 1, 1}, "1979-11-21"}, // in Mecca the month had begun the day before,
		{Date{record.Islamic, 1442, 1, 1}, "2020-08-20"},
		{Date{record.Islamic, 1442, 5, 19}, "2021-01-03"},
		{Date{record.Islamic, 1434, 2, 27}, "2013-01-10"},
		{Date{record.Islamic, 1445, 9, 1}, "2024-03-11"},
		{Date{record.Islamic, 1445, 12, 30}, "2024-07-07"},
		{Date{record.Gregorian, 2024, 2, 29}, "2024-02-29"},
	} {
		want := mustDay(t, test.day)
		if got := test.date.Gregorian(); got != want {
			t.Errorf("%s %s is %s, want %s", test.date.System, test.date, DayText(got), test.day)
		}
		if got, err := FromDay(test.date.System, want); err != nil || got != test.date {
			t.Errorf("%s is %s %s (%v), want %s", test.day, test.date.System, got, err, test.date)
		}
	}
}

// TestEquinox works out the spring equinox for every year that is accepted and the
// two after, by the polynomial and the periodic terms of Meeus, Astronomical
// Algorithms, chapter 27, and compares the day before whose noon at 52.5° E it falls
// with the rule of leap years.
func TestEquinox(t *testing.T) {
	for year := MinSolar; year <= MaxSolar+1; year++ {
		// The Julian day number of the civil day at whose noon the equinox is past.
		moment := marchEquinox(year+621) - deltaT(year+621)/86400 + 3.5/24
		const apparentNoon = 7.5 / 1440 // behind mean noon in March
		jdn := math.Floor(moment-apparentNoon) + 1
		first := edtf.Day(jdn - 2440588) // of 1 January 1970
		if got := solarYear(year); got != first {
			t.Errorf("%d begins on %s, by the equinox on %s", year, DayText(got), DayText(first))
		}
	}
}

func marchEquinox(year int) float64 {
	y := float64(year-2000) / 1000
	jde := 2451623.80984 + 365242.37404*y + 0.05169*y*y - 0.00411*y*y*y - 0.00057*y*y*y*y
	c := (jde - 2451545) / 36525
	w := (35999.373*c - 2.47) * math.Pi / 180
	lambda := 1 + 0.0334*math.Cos(w) + 0.0007*math.Cos(2*w)
	sum := 0.0
	for _, term := range [][3]float64{
		{485, 324.96, 1934.136},
		{203, 337.23, 32964.467},
		{199, 342.08, 20.186},
		{182, 27.85, 445267.112},
		{156, 73.14, 45036.886},
		{136, 171.52, 22518.443},
		{77, 222.54, 65928.934},
		{74, 296.72, 3034.906},
		{70, 243.58, 9037.513},
		{58, 119.81, 33718.147},
		{52, 297.17, 150.678},
		{50, 21.02, 2281.226},
		{45, 247.54, 29929.562},
		{44, 325.15, 31555.956},
		{29, 60.93, 4443.417},
		{18, 155.12, 67555.328},
		{17, 288.79, 4562.452},
		{16, 198.04, 62894.029},
		{14, 199.76, 31436.921},
		{12, 95.39, 14577.848},
		{12, 287.11, 31931.756},
		{12, 320.81, 34777.259},
		{9, 227.73, 1222.114},
		{8, 15.45, 16859.074},
	} {
		sum += term[0] * math.Cos((term[1]+term[2]*c)*math.Pi/180)
	}
	return jde + 0.00001*sum/lambda
}

// deltaT is dynamical less universal time in seconds, roughly: no equinox of the
// years accepted is within three minutes of noon, and this is right to one.
func deltaT(year int) float64 {
	switch {
	case year < 1900:
		return 10
	case year < 2000:
		return 64 * float64(year-1900) / 100
	}
	return 64 + 120*float64(year-2000)/100
}

func TestRoundTrip(t *testing.T) {
	for _, system := range record.DateSystems() {
		low, high, _ := years(system)
		day := Date{system, low, 1, 1}.Gregorian()
		for year := low; year <= high; year++ {
			for month := 1; month <= 12; month++ {
				for n := 1; n <= DaysIn(system, year, month); n++ {
					d := Date{system, year, month, n}
					if got := d.Gregorian(); got != day {
						t.Fatalf("%s %s is day %d, want %d", system, d, got, day)
					}
					if back, err := FromDay(system, day); err != nil || back != d {
						t.Fatalf("%s day %d is %s (%v), want %s", system, day, back, err, d)
					}
					day++
				}
			}
		}
	}
}

func TestRefused(t *testing.T) {
	for _, test := range []struct {
		system           record.DateSystem
		year, month, day int
		code             Code
	}{
		{record.SolarHijri, 1400, 12, 30, CodeDay},
		{record.SolarHijri, 1400, 7, 31, CodeDay},
		{record.SolarHijri, 1400, 13, 1, CodeMonth},
		{record.SolarHijri, 1400, 0, 1, CodeMonth},
		{record.SolarHijri, 2021, 1, 1, CodeYear},
		{record.SolarHijri, MinSolar - 1, 1, 1, CodeYear},
		{record.SolarHijri, MaxSolar + 1, 1, 1, CodeYear},
		{record.Islamic, 1443, 12, 30, CodeDay},
		{record.Islamic, 1443, 2, 30, CodeDay},
		{record.Islamic, 1443, 1, 0, CodeDay},
		{record.Gregorian, 2021, 2, 29, CodeDay},
		{record.Gregorian, 1399, 10, 20, CodeYear},
		{"maya", 13, 0, 0, CodeSystem},
	} {
		_, err := New(test.system, test.year, test.month, test.day)
		if e, ok := err.(*Error); !ok || e.Code != test.code || e.Error() == "" {
			t.Errorf("%s %d-%d-%d: %v, want %s", test.system, test.year, test.month, test.day, err, test.code)
		}
	}
	if _, err := FromDay(record.SolarHijri, mustDay(t, "1500-01-01")); err == nil {
		t.Error("a day of 1500 has a Solar Hijri date")
	}
	if DaysIn(record.Gregorian, 2021, 13) != 0 || !leap(record.Gregorian, 2024) || !leap(record.Islamic, 1442) {
		t.Error("months and leap years")
	}
}

// TestOrder: a later day is a later date in every calendar.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := edtf.Day(rapid.IntRange(-60_000, 50_000).Draw(t, "a"))
		b := edtf.Day(rapid.IntRange(-60_000, 50_000).Draw(t, "b"))
		for _, system := range record.DateSystems() {
			if of := ummAlQuraMonths(); system == record.UmmAlQura && (min(a, b) < of[0] || max(a, b) >= of[len(of)-1]) {
				continue // it has a few decades only
			}
			x, err := FromDay(system, a)
			if err != nil {
				t.Fatal(err)
			}
			y, err := FromDay(system, b)
			if err != nil {
				t.Fatal(err)
			}
			if (a < b) != (x.String() < y.String()) {
				t.Fatalf("%s: %s and %s", system, x, y)
			}
		}
	})
}

// leap reports whether a year has a day more than usual.
func leap(system record.DateSystem, year int) bool {
	switch system {
	case record.SolarHijri:
		return solarLeap(year)
	case record.Islamic:
		return islamicLeap(year)
	case record.UmmAlQura:
		first, _, _ := ummAlQuraMonth(year, 1)
		last, days, ok := ummAlQuraMonth(year, 12)
		return ok && int(last-first)+days == 355
	}
	return edtf.DaysInMonth(year, 2) == 29
}
