package calendar

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// MaxWorkingDays bounds how far [Offices.Add] counts, as records do.
const MaxWorkingDays = 10_000

// ErrNeverOpen says that no working day was found within a century: the calendar
// has holidays without end.
var ErrNeverOpen = errors.New("this calendar of holidays has no working day within a hundred years")

// Closed says why offices are closed on a day.
type Closed string

// Why offices are closed. A holiday on a weekend is a holiday.
const (
	Open    Closed = ""
	Weekend Closed = "weekend"
	Holiday Closed = "holiday"
)

// Offices answers on which days the offices of one country are open. It is made
// from a calendar of holidays, is not changed afterwards, and may be used by several at once.
type Offices struct {
	weekends []weekend
	holidays map[edtf.Day]bool
	checked  edtf.Day // the last holiday entered
}

type weekend struct {
	from edtf.Day
	off  [7]bool // by day of the week, 0 Sunday
}

// NewOffices reads a calendar of holidays. It refuses one that would not pass its
// own validation.
func NewOffices(h *record.HolidayCalendar) (*Offices, error) {
	o := &Offices{holidays: make(map[edtf.Day]bool, len(h.Holidays))}
	for _, w := range h.Weekends {
		spell := weekend{from: -1 << 60}
		if w.From != "" {
			d, err := ParseDay(w.From)
			if err != nil {
				return nil, fmt.Errorf("weekend of %s: %w", h.Country, err)
			}
			spell.from = d
		}
		for _, n := range w.Days {
			if n < 0 || n > 6 {
				return nil, fmt.Errorf("weekend of %s: %d is no day of the week: 0 is Sunday, 6 Saturday", h.Country, n)
			}
			spell.off[n] = true
		}
		o.weekends = append(o.weekends, spell)
	}
	slices.SortStableFunc(o.weekends, func(a, b weekend) int { return int(min(max(a.from-b.from, -1), 1)) })
	for _, d := range h.Holidays {
		day, err := ParseDay(d.Day)
		if err != nil {
			return nil, fmt.Errorf("holiday of %s: %w", h.Country, err)
		}
		o.holidays[day] = true
		o.checked = max(o.checked, day)
	}
	return o, nil
}

// Closed says why offices are closed on the day, or [Open].
func (o *Offices) Closed(d edtf.Day) Closed {
	if o.holidays[d] {
		return Holiday
	}
	for _, w := range slices.Backward(o.weekends) {
		if d >= w.from {
			if w.off[d.Weekday()%7] {
				return Weekend
			}
			break
		}
	}
	return Open
}

// Entered returns the last day for which a holiday was entered, false if none
// was. Counting beyond it may come out too early, since lunar holidays are entered when they are
// announced.
func (o *Offices) Entered() (edtf.Day, bool) { return o.checked, len(o.holidays) > 0 }

// Add returns the n-th working day after from, which itself is not counted. With
// n 0 it is from. It refuses a negative number and one above [MaxWorkingDays].
func (o *Offices) Add(from edtf.Day, n int) (edtf.Day, error) {
	if n < 0 || n > MaxWorkingDays {
		return 0, fmt.Errorf("%d working days: between 0 and %d can be counted", n, MaxWorkingDays)
	}
	d, last := from, from
	for n > 0 {
		d++
		if o.Closed(d) == Open {
			n--
			last = d
		}
		if d-last > 36_525 {
			return 0, ErrNeverOpen
		}
	}
	return d, nil
}

// Recount works out the day of a due date that counts working days and says whether it
// differs from the day that was kept, as it does after a holiday was announced. A
// due date that counts none is returned as it is.
func (o *Offices) Recount(due record.Due) (again record.Due, changed bool, err error) {
	if due.Working == 0 {
		return due, false, nil
	}
	from, err := ParseDay(due.From)
	if err != nil {
		return due, false, fmt.Errorf("from which day %d working days count: %w", due.Working, err)
	}
	day, err := o.Add(from, due.Working)
	if err != nil {
		return due, false, err
	}
	again = due
	again.Day = DayText(day)
	return again, again.Day != due.Day, nil
}
