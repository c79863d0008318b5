package follow

import (
	"time"

	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// Timeliness is what the clock says.
type Timeliness string

// The values of the third axis.
const (
	NoDeadline  Timeliness = "no_deadline"
	NotDue      Timeliness = "not_due"
	DueSoon     Timeliness = "due_soon"
	Overdue     Timeliness = "overdue"
	LongOverdue Timeliness = "long_overdue"
	MetOnTime   Timeliness = "met_on_time"
	MetLate     Timeliness = "met_late"
)

// Timing is where something stands against its due date.
type Timing struct {
	Value Timeliness
	Due   record.Due // as it was given, with its origin
	// Ends is the moment at which the due day is over where the addressee is; zero
	// without a deadline.
	Ends time.Time
	// Left is how many days are left, today not counted; 0 on the due day and after.
	Left int
	// Late is how many days after the due day it is, or was when it was met; days of a pause
	// are not counted. With a date that is known in part, the fewest it can be.
	Late int
	// Certain is false for something met of which it is not known whether that was in
	// time. Value then is met_late, as the first day on which it was known to be met
	// is after the due day, and a page says so in its own words ([Timing.Key]).
	Certain bool
	// Unchecked says that nobody has judged whether it is done: the day may have passed, and
	// nothing says that it was missed. [Clock.Stand] sets it; Time knows no judgements.
	Unchecked bool
	// Paused says that today no answer can be expected.
	Paused bool
	// ZoneUnknown says that the zone of the due date is not known and UTC was taken.
	ZoneUnknown bool
}

// Key is the message key of the value.
func (t Timing) Key() string {
	if t.Value == MetLate && !t.Certain {
		return "follow.timeliness.met_when_unknown"
	}
	return "follow.timeliness." + string(t.Value)
}

// Waits reports whether something is due and not done.
func (t Timing) Waits() bool {
	return t.Value == Overdue || t.Value == LongOverdue || t.Value == DueSoon || t.Value == NotDue
}

// IsLate reports whether it is overdue, however long.
func (t Timing) IsLate() bool { return t.Value == Overdue || t.Value == LongOverdue }

// Time works out where something stands against its due date. Something that was
// superseded has no deadline any more; something that is done stands as it was
// when it was done. Days of a pause after the due day do not make it late.
func (c *Clock) Time(due record.Due, done Done, pauses []Spell) Timing {
	t := Timing{Value: NoDeadline, Due: due, Certain: true}
	last, ok := day(due.Day)
	if !ok || done.Superseded {
		return t
	}
	p := c.at(due.Zone)
	t.ZoneUnknown = !p.known
	t.Ends = calendar.EndOfDay(last, p.loc)
	if done.Is {
		t.met(last, done, pauses)
		return t
	}
	off := spells(pauses, last, p.today)
	t.Paused = pausedOn(pauses, p.today)
	t.Left = int(max(0, last-p.today))
	t.Late = late(last, p.today, off)
	long := c.rules.Long
	if due.Long > 0 {
		long = due.Long
	}
	switch {
	case t.Late > long:
		t.Value = LongOverdue
	case t.Late > 0:
		t.Value = Overdue
	case t.Left <= c.rules.DueSoon:
		t.Value = DueSoon
	default:
		t.Value = NotDue
	}
	return t
}

func (t *Timing) met(last edtf.Day, done Done, pauses []Spell) {
	t.Value = MetOnTime
	if known, ok := day(done.By); ok && known <= last {
		return
	}
	// Between these days it happened.
	first, firstOK := done.When.Earliest()
	final, finalOK := done.When.Latest()
	if done.When.IsZero() {
		firstOK = false
		final, finalOK = day(done.By)
	}
	if finalOK && late(last, final, spells(pauses, last, final)) == 0 {
		return
	}
	t.Value = MetLate
	if !firstOK {
		t.Certain = false
		return
	}
	t.Late = late(last, first, spells(pauses, last, first))
	t.Certain = t.Late > 0
}

// late counts the days after last, up to and with today, without those of a pause.
func late(last, today edtf.Day, off []spell) int {
	if today <= last {
		return 0
	}
	n := int(today - last)
	for _, s := range off {
		n -= int(s.to-s.from) + 1
	}
	return n
}

func pausedOn(in []Spell, today edtf.Day) bool {
	return len(spells(in, today-1, today)) > 0
}
