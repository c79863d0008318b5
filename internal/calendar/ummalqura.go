package calendar

import (
	"slices"
	"sync"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/hablullah/go-hijri"
)

// The years that are accepted of the Umm al-Qura calendar, 17 April 1999 to 13 May 2029: those of
// which its two collections, R. H. van Gent's and that of ICU, have the same months.
const MinUmmAlQura, MaxUmmAlQura = 1420, 1450

// ummAlQuraMonths are the first days of all its months, and the day after the last.
var ummAlQuraMonths = sync.OnceValue(func() []edtf.Day {
	var out []edtf.Day
	for n := range 12*(MaxUmmAlQura-MinUmmAlQura+1) + 1 {
		d := hijri.UmmAlQuraDate{Day: 1, Month: int64(n%12 + 1), Year: int64(MinUmmAlQura + n/12)}.ToGregorian()
		out = append(out, edtf.DayOf(d.Year(), int(d.Month()), d.Day()))
	}
	return out
})

// ummAlQuraMonth returns the first day of a month and how many it has; false for a month
// that is not accepted.
func ummAlQuraMonth(year, month int) (first edtf.Day, days int, ok bool) {
	n := 12*(year-MinUmmAlQura) + month - 1
	months := ummAlQuraMonths()
	if year < MinUmmAlQura || month < 1 || month > 12 || n >= len(months)-1 {
		return 0, 0, false
	}
	return months[n], int(months[n+1] - months[n]), true
}

// ummAlQura names a day, as the year 0 outside of what is accepted.
func ummAlQura(day edtf.Day) Date {
	months := ummAlQuraMonths()
	n, there := slices.BinarySearch(months, day)
	if !there {
		n-- // the month that began before
	}
	if n < 0 || n >= len(months)-1 {
		return Date{System: record.UmmAlQura}
	}
	return Date{record.UmmAlQura, MinUmmAlQura + n/12, n%12 + 1, int(day-months[n]) + 1}
}

// lunar reports whether a calendar is one of those that name their months alike.
func lunar(system record.DateSystem) bool {
	return system == record.Islamic || system == record.UmmAlQura
}

// alike reports whether words of one calendar can be of the other.
func alike(a, b record.DateSystem) bool { return a == b || lunar(a) && lunar(b) }
