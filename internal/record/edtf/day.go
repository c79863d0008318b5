package edtf

// Day counts days from 1 January 1970 (day 0) in the proleptic Gregorian
// calendar. It is an integer so that bounds can be stored, indexed and compared
// in a database; every year this package accepts fits.
type Day int64

const (
	daysPer400Years = 146097
	// epochShift is the number of days from 1 March 0000 to 1 January 1970.
	epochShift = 719468
)

// DayOf returns the day of a civil date. The month and the day of the month must
// exist; use [NewDay] for values that are not yet checked.
func DayOf(year, month, day int) Day {
	// The year is taken to begin in March, so that the leap day is its last one
	// and the months before it have fixed lengths (153 days in every 5 months).
	y, m := int64(year), int64(month)-3
	if m < 0 {
		y, m = y-1, m+12
	}
	leaps := floorDiv(y, 4) - floorDiv(y, 100) + floorDiv(y, 400)
	return Day(365*y + leaps + (153*m+2)/5 + int64(day) - 1 - epochShift)
}

// Civil returns the year, month (1 to 12) and day of the month (1 to 31).
func (d Day) Civil() (year, month, day int) {
	n := int64(d) + epochShift
	cycle := floorDiv(n, daysPer400Years)
	n -= cycle * daysPer400Years // 0 … 146096
	// Remove the leap days before n, so that the rest divides by 365.
	y := (n - n/1460 + n/36524 - n/146096) / 365
	n -= 365*y + y/4 - y/100
	m := (5*n + 2) / 153
	day = int(n-(153*m+2)/5) + 1
	y += 400 * cycle
	if m += 3; m > 12 {
		m, y = m-12, y+1
	}
	return int(y), int(m), day
}

// Weekday returns the ISO 8601 day of the week: 1 for Monday to 7 for Sunday.
func (d Day) Weekday() int {
	// Day 0 was a Thursday.
	n := int64(d) + 3
	return int(n-7*floorDiv(n, 7)) + 1
}

// DaysInMonth returns 28 to 31, or 0 if month is not 1 to 12.
func DaysInMonth(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	case 1, 3, 5, 7, 8, 10, 12:
		return 31
	}
	return 0
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
