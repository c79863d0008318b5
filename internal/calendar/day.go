package calendar

import (
	"fmt"
	"time"

	"github.com/gawah-project/gawah/internal/record/edtf"
)

// ParseDay reads a Gregorian day as records keep it, YYYY-MM-DD.
func ParseDay(s string) (edtf.Day, error) {
	if len(s) != len(time.DateOnly) {
		return 0, fmt.Errorf("%q is not a day: write it as 2021-01-31", s)
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a day: write it as 2021-01-31", s)
	}
	return edtf.DayOf(t.Year(), int(t.Month()), t.Day()), nil
}

// DayText writes a day as records keep it, YYYY-MM-DD. Years have at least four digits.
func DayText(d edtf.Day) string {
	y, m, n := d.Civil()
	return fmt.Sprintf("%04d-%02d-%02d", y, m, n)
}

// EndOfDay returns the moment at which the day is over in loc: from then on, and
// at no moment before, every clock there shows a later date. It is
// midnight wherever midnight exists; where a change of the clocks skips or repeats
// it, it is the moment after which the day does not come back.
func EndOfDay(d edtf.Day, loc *time.Location) time.Time {
	y, m, n := d.Civil()
	// The next day's midnight in UTC; there it is earlier or later by the offset.
	midnight := time.Date(y, time.Month(m), n+1, 0, 0, 0, 0, time.UTC)
	// 36 hours later every place on earth has the next day. Going back from there
	// through the spells of one offset, the first that still has d on its clocks ends it.
	at := midnight.Add(36 * time.Hour).In(loc)
	for {
		_, offset := at.Zone()
		ends := midnight.Add(-time.Duration(offset) * time.Second).In(loc)
		start, _ := at.ZoneBounds()
		if start.IsZero() || ends.After(start) {
			return ends
		}
		before := start.Add(-time.Nanosecond)
		if _, earlier := before.Zone(); !midnight.Add(-time.Duration(earlier) * time.Second).Before(start) {
			return start // the clocks were put on, over midnight
		}
		at = before
	}
}

// Today returns the day that is not over at the moment now in loc.
func Today(now time.Time, loc *time.Location) edtf.Day {
	y, m, n := now.In(loc).Date()
	d := edtf.DayOf(y, int(m), n)
	if now.Before(EndOfDay(d-1, loc)) {
		return d - 1 // the clocks were put back over midnight
	}
	return d
}
