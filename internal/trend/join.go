package trend

import (
	"cmp"
	"slices"
)

// Attack is what the tests count: one event, or several that are one by the
// rule of the unit.
type Attack struct {
	Events []string // IDs in the order of time
	// From and To are the days between which it happened, written 2006-01-02;
	// those of the first of its events.
	From, To              string
	Place, Group          string
	Sources               int   // the most that one of its events has
	KilledLow, KilledHigh int64 // sums, Unknown when one of them is unknown
	Fatal                 bool  // somebody was killed in one of its events

	from, to day
	minute   int  // of the day, or -1
	whole    bool // has the event that the others are parts of
}

// Strict reports whether the strict variant counts the attack: two sources or
// more, or somebody killed.
func (a *Attack) Strict() bool { return a.Sources >= 2 || a.Fatal }

func (a *Attack) dated() bool { return a.from == a.to }

// join returns the attacks that the events are, in the order of time. Parts of
// one event are one attack, and if that event is given, its own date, place
// and number of killed are those of the attack. Attacks at one place within so
// many hours of the first are one attack; where a time of day is not known,
// whole days are compared, so that two on one day are one. Nothing is joined by
// time when the day or the place is not known, or with 0 hours.
func join(events []Event, hours int) []Attack {
	attacks := byTime(wholes(events), hours)
	slices.SortFunc(attacks, func(a, b Attack) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.minute, b.minute), cmp.Compare(a.Events[0], b.Events[0]))
	})
	return attacks
}

// wholes makes one attack of the events that are connected as parts.
func wholes(events []Event) []Attack {
	parent := make(map[string]string)
	root := func(id string) string {
		for parent[id] != "" {
			if up := parent[parent[id]]; up != "" {
				parent[id] = up // halves the way for the next one
			}
			id = parent[id]
		}
		return id
	}
	for i := range events {
		if whole := events[i].PartOf; whole != "" {
			if a, b := root(events[i].ID), root(whole); a != b {
				parent[a] = b
			}
		}
	}
	index := make(map[string]int)
	var attacks []Attack
	for i := range events {
		e := &events[i]
		a := attackOf(e)
		r := root(e.ID)
		a.whole = e.ID == r
		at, ok := index[r]
		if !ok {
			index[r] = len(attacks)
			attacks = append(attacks, a)
			continue
		}
		into := &attacks[at]
		switch {
		case e.ID == r:
			a.absorb(into)
			*into = a
		case into.whole:
			into.absorb(&a)
		default:
			if !into.dated() && a.dated() {
				into.From, into.To, into.from, into.to, into.minute = a.From, a.To, a.from, a.to, a.minute
			}
			into.add(&a)
		}
	}
	return attacks
}

func attackOf(e *Event) Attack {
	a := Attack{
		Events: []string{e.ID}, From: e.From, To: e.To, Place: e.Place, Group: e.Group,
		Sources: e.Sources, KilledLow: e.KilledLow, KilledHigh: e.KilledHigh, Fatal: e.KilledLow > 0, minute: -1,
	}
	// The events were checked.
	a.from, _ = parseDay(e.From)
	a.to, _ = parseDay(e.To)
	if e.Time != "" {
		a.minute, _ = parseMinute(e.Time)
	}
	return a
}

// absorb takes up what belongs to the same attack, without its number of killed.
func (a *Attack) absorb(b *Attack) {
	a.Events = append(a.Events, b.Events...)
	a.Sources = max(a.Sources, b.Sources)
	a.Fatal = a.Fatal || b.Fatal
	a.Place = cmp.Or(a.Place, b.Place)
	a.Group = cmp.Or(a.Group, b.Group)
}

// add takes up another event of the same attack with its number of killed.
func (a *Attack) add(b *Attack) {
	a.absorb(b)
	if a.KilledLow == Unknown || b.KilledLow == Unknown {
		a.KilledLow, a.KilledHigh = Unknown, Unknown
		return
	}
	a.KilledLow += b.KilledLow
	a.KilledHigh += b.KilledHigh
}

// byTime joins what happened at one place within the hours of the first. It
// measures from the first and not from the last, or a bad week would be one
// attack.
func byTime(attacks []Attack, hours int) []Attack {
	if hours == 0 {
		return attacks
	}
	slices.SortFunc(attacks, func(a, b Attack) int {
		return cmp.Or(
			cmp.Compare(a.Place, b.Place), cmp.Compare(a.from, b.from), cmp.Compare(a.minute, b.minute),
			cmp.Compare(a.to, b.to), cmp.Compare(a.Events[0], b.Events[0]),
		)
	})
	out := attacks[:0]
	head := -1 // the first of those being joined
	for i := range attacks {
		a := attacks[i]
		if head >= 0 && a.dated() && a.Place != "" && a.Place == out[head].Place && near(&out[head], &a, hours) {
			out[head].add(&a)
			continue
		}
		out = append(out, a)
		if a.dated() {
			head = len(out) - 1
		}
	}
	return out
}

// near reports whether b, which is not before a, is within the hours of it.
func near(a, b *Attack, hours int) bool {
	days := int64(b.from - a.from)
	if a.minute < 0 || b.minute < 0 {
		return days*24 <= int64(hours)
	}
	return days*24*60+int64(b.minute-a.minute) <= int64(hours)*60
}
