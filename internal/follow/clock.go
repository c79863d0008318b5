package follow

import (
	"fmt"
	"time"

	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// Rules are what a house has decided about time, in days.
type Rules struct {
	DueSoon int // so many days before its due day something is due soon
	Long    int // more days than this after it, it is long overdue; a due date may say otherwise
	Stale   int // a search older than this is shown as old
}

// DefaultRules are those of a house that has set none: two weeks ahead, eight
// weeks late (about forty working days), a search good for a month.
func DefaultRules() Rules { return Rules{DueSoon: 14, Long: 56, Stale: 30} }

// Clock is one moment, and what day it is everywhere. It keeps the zones it has
// looked up and is not for several goroutines at once.
type Clock struct {
	now   time.Time
	rules Rules
	load  func(name string) (*time.Location, error)
	zones map[string]place
}

type place struct {
	loc   *time.Location
	today edtf.Day
	known bool
}

// NewClock returns the clock of the moment now. Zones are looked up with load, in a
// program with [time.LoadLocation]; a zone that load does not know counts as UTC, and
// what is worked out with it is marked ([Timing.ZoneUnknown]).
func NewClock(now time.Time, rules Rules, load func(name string) (*time.Location, error)) *Clock {
	return &Clock{now: now, rules: rules, load: load, zones: map[string]place{}}
}

// Rules returns what the house has decided about time.
func (c *Clock) Rules() Rules { return c.rules }

// Now returns the moment.
func (c *Clock) Now() time.Time { return c.now }

// Today returns the day it is in the zone, which is UTC for "" and for one that is
// not known; known is false for the latter.
func (c *Clock) Today(zone string) (day edtf.Day, known bool) {
	p := c.at(zone)
	return p.today, p.known
}

// Until returns the first moment at which it is another day in a zone that the clock
// was asked for, or in UTC: what was worked out with it holds until then.
func (c *Clock) Until() time.Time {
	c.at("")
	var first time.Time
	for _, p := range c.zones {
		if ends := calendar.EndOfDay(p.today, p.loc); first.IsZero() || ends.Before(first) {
			first = ends
		}
	}
	return first
}

// Day returns the day, YYYY-MM-DD, on which a moment was in the zone, which is UTC for "" and
// for one that is not known.
func (c *Clock) Day(moment time.Time, zone string) string {
	return calendar.DayText(calendar.Today(moment, c.at(zone).loc))
}

func (c *Clock) at(zone string) place {
	if p, ok := c.zones[zone]; ok {
		return p
	}
	p := place{loc: time.UTC, known: zone == "" || zone == "UTC"}
	if !p.known {
		if loc, err := c.load(zone); err == nil && loc != nil {
			p.loc, p.known = loc, true
		}
	}
	p.today = calendar.Today(c.now, p.loc)
	c.zones[zone] = p
	return p
}

// day reads a day of a record that was validated; a malformed one is the zero day and false.
func day(s string) (edtf.Day, bool) {
	d, err := calendar.ParseDay(s)
	return d, err == nil
}

// Spell is a time in which nothing can be expected, both days counted.
type Spell struct {
	From string // YYYY-MM-DD
	To   string // YYYY-MM-DD; "" while it lasts
}

type spell struct{ from, to edtf.Day }

// spells reads, cuts to after..until and merges; what is malformed is an error of the record
// and is left out.
func spells(in []Spell, after, until edtf.Day) []spell {
	var out []spell
	for _, s := range in {
		from, ok := day(s.From)
		if !ok {
			continue
		}
		to := until
		if s.To != "" {
			if to, ok = day(s.To); !ok {
				continue
			}
		}
		from, to = max(from, after+1), min(to, until)
		if from <= to {
			out = append(out, spell{from, to})
		}
	}
	return merge(out)
}

func (s Spell) String() string { return fmt.Sprintf("%s/%s", s.From, s.To) }
