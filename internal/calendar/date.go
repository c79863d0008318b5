package calendar

import (
	"fmt"
	"strconv"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// The years that are accepted. They are apart from each other's present so far that a
// year typed under the wrong calendar is refused rather than read as a date centuries away.
const (
	MinGregorian, MaxGregorian = 1700, 2400
	MinSolar, MaxSolar         = 1178, 1501 // where the rule of leap years agrees with the equinox
	MinIslamic, MaxIslamic     = 1112, 1800 // 1700 to 2368
)

// Date is a day as one calendar names it. Only [New], [FromDay] and [Parse] make
// dates that exist.
type Date struct {
	System record.DateSystem
	Year   int
	Month  int // 1 to 12
	Day    int // 1 to 31
}

// New returns the date if the calendar has it. Otherwise the error is an [*Error].
func New(system record.DateSystem, year, month, day int) (Date, error) {
	d := Date{system, year, month, day}
	low, high, ok := years(system)
	switch {
	case !ok:
		return Date{}, &Error{Code: CodeSystem, Value: string(system)}
	case year < low || year > high:
		return Date{}, &Error{Code: CodeYear, Value: strconv.Itoa(year), System: system}
	case month < 1 || month > 12:
		return Date{}, &Error{Code: CodeMonth, Value: strconv.Itoa(month), System: system}
	case day < 1 || day > DaysIn(system, year, month):
		return Date{}, &Error{Code: CodeDay, Value: strconv.Itoa(day), System: system}
	}
	return d, nil
}

func years(system record.DateSystem) (low, high int, ok bool) {
	switch system {
	case record.Gregorian:
		return MinGregorian, MaxGregorian, true
	case record.SolarHijri:
		return MinSolar, MaxSolar, true
	case record.Islamic:
		return MinIslamic, MaxIslamic, true
	case record.UmmAlQura:
		return MinUmmAlQura, MaxUmmAlQura, true
	}
	return 0, 0, false
}

// FromDay returns the day as the calendar names it. A day in a year that is not accepted is an
// [*Error].
func FromDay(system record.DateSystem, day edtf.Day) (Date, error) {
	var d Date
	switch system {
	case record.Gregorian:
		y, m, n := day.Civil()
		d = Date{system, y, m, n}
	case record.SolarHijri:
		d = solar(day)
	case record.Islamic:
		d = islamic(day)
	case record.UmmAlQura:
		d = ummAlQura(day)
	}
	return New(system, d.Year, d.Month, d.Day)
}

// Gregorian returns the day that d names.
func (d Date) Gregorian() edtf.Day {
	switch d.System {
	case record.SolarHijri:
		return solarYear(d.Year) + edtf.Day(solarMonth(d.Month)+d.Day-1)
	case record.Islamic:
		return islamicYear(d.Year) + edtf.Day(islamicMonth(d.Month)+d.Day-1)
	case record.UmmAlQura:
		first, _, _ := ummAlQuraMonth(d.Year, d.Month)
		return first + edtf.Day(d.Day-1)
	}
	return edtf.DayOf(d.Year, d.Month, d.Day)
}

// String writes d with its year first, as "1399-10-20"; for people there is [Date.Text].
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// DaysIn returns how many days a month has, 0 for a month that does not exist.
func DaysIn(system record.DateSystem, year, month int) int {
	if month < 1 || month > 12 {
		return 0
	}
	switch system {
	case record.SolarHijri:
		switch {
		case month <= 6:
			return 31
		case month <= 11 || solarLeap(year):
			return 30
		}
		return 29
	case record.Islamic:
		if month%2 == 1 || month == 12 && islamicLeap(year) {
			return 30
		}
		return 29
	case record.UmmAlQura:
		_, days, _ := ummAlQuraMonth(year, month)
		return days
	}
	return edtf.DaysInMonth(year, month)
}

// solarLeaps are the leap years of a cycle of 33, of which the first is year 1.
const solarLeaps = 1<<1 | 1<<5 | 1<<9 | 1<<13 | 1<<17 | 1<<22 | 1<<26 | 1<<30

func solarLeap(year int) bool { return solarLeaps>>(year%33)&1 == 1 }

// solarEpoch is 1 Hamal of the year 1 in this count, found from 1 Hamal 1400, which
// was 21 March 2021.
var solarEpoch = edtf.DayOf(2021, 3, 21) - solarDays(1400)

// solarDays counts the days from the year 1 to the first of a year.
func solarDays(year int) edtf.Day {
	before := year - 1
	leaps := before / 33 * 8
	for r := 1; r <= before%33; r++ {
		if solarLeap(r) {
			leaps++
		}
	}
	return edtf.Day(365*before + leaps)
}

func solarYear(year int) edtf.Day { return solarEpoch + solarDays(year) }

func solarMonth(month int) int {
	if month <= 7 {
		return 31 * (month - 1)
	}
	return 186 + 30*(month-7)
}

func solar(day edtf.Day) Date {
	// 33 years have 12,053 days; the first guess is off by one at most.
	year := int((day-solarEpoch)*33/12_053) + 1
	for solarYear(year) > day {
		year--
	}
	for solarYear(year+1) <= day {
		year++
	}
	n := int(day - solarYear(year))
	if n < 186 {
		return Date{record.SolarHijri, year, n/31 + 1, n%31 + 1}
	}
	n -= 186
	return Date{record.SolarHijri, year, n/30 + 7, n%30 + 1}
}

// islamicEpoch is 16 July 622 of the Julian calendar.
var islamicEpoch = edtf.DayOf(622, 7, 19)

func islamicLeap(year int) bool { return (14+11*year)%30 < 11 }

func islamicYear(year int) edtf.Day {
	return islamicEpoch + edtf.Day(354*(year-1)+(3+11*year)/30)
}

func islamicMonth(month int) int { return 29*(month-1) + month/2 }

func islamic(day edtf.Day) Date {
	// 30 years have 10,631 days.
	year := int((day-islamicEpoch)*30/10_631) + 1
	for islamicYear(year) > day {
		year--
	}
	for islamicYear(year+1) <= day {
		year++
	}
	n := int(day - islamicYear(year))
	month := 12
	for islamicMonth(month) > n {
		month--
	}
	return Date{record.Islamic, year, month, n - islamicMonth(month) + 1}
}
