package trend

import (
	"fmt"
	"time"
)

// day counts days from 1 January 1970 in the Gregorian calendar. It has no zone:
// an attack has the date that it has where it happened.
type day int32

func parseDay(s string) (day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return 0, fmt.Errorf("trend: %.20q is no day of the form 2006-01-02", s)
	}
	return dayOf(t), nil
}

// dayOf returns the day that begins at t, which is a midnight in UTC.
func dayOf(t time.Time) day { return day(t.Unix() / 86_400) }

func (d day) time() time.Time { return time.Unix(int64(d)*86_400, 0).UTC() }

func (d day) String() string { return d.time().Format(time.DateOnly) }

// addMonths returns the day n months on, or the last day of that month where
// it is shorter.
func (d day) addMonths(n int) day {
	t := d.time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return dayOf(first) + day(min(t.Day(), last)-1)
}
