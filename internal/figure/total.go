package figure

import (
	"slices"

	"github.com/gawah-project/gawah/internal/record"
)

// EventFigure is one event as a total sees it.
type EventFigure struct {
	Event  record.EventID
	PartOf record.EventID // empty for an event that is no part
	// Assessed says that somebody decided whether the event belongs to the frame;
	// In that it does. In without Assessed counts for nothing.
	Assessed bool
	In       bool
	Figure   Figure
}

// TotalFigure is what the register itself documents for a frame.
type TotalFigure struct {
	Measure record.Measure `json:"measure"`
	// Unit is the currency of a total of money.
	Unit string `json:"unit,omitempty"`
	Bounds
	// Events counts the events in the sum.
	Events int `json:"events"`
	// Corroborated, Provisional, Disputed and Compiled say how well the summed
	// figures are supported; together they are Events.
	Corroborated int `json:"corroborated"`
	Provisional  int `json:"provisional"`
	Disputed     int `json:"disputed"`
	Compiled     int `json:"compiled"`
	// NoFigure counts events in the frame for which the register has no number.
	NoFigure int `json:"no_figure"`
	// NotAssessed counts events about which nobody decided yet, Outside those that
	// do not belong to the frame.
	NotAssessed int `json:"not_assessed"`
	Outside     int `json:"outside"`
	// Parts lists events left out of the sum because an event they are part of is
	// in it; Wholes those without a number of their own whose parts are in it.
	Parts  []record.EventID `json:"parts,omitempty"`
	Wholes []record.EventID `json:"wholes,omitempty"`
}

// Total adds up the events of a frame, nobody twice. A part is left out when the
// whole it belongs to, at any distance, is in the frame and has a number; a whole
// without one is represented by its parts. Best is the sum of bests, present
// where every event in the frame has one. Figures of another measure, and sums of
// money in another currency than unit, count as no figure: nothing is converted,
// and there is a total for each currency. unit is empty for anything but money. Each event is to be listed once; the result does not depend on their
// order.
func Total(measure record.Measure, unit string, events []EventFigure) TotalFigure {
	t := totaller{events: events, byID: make(map[record.EventID]int, len(events))}
	for i := range events {
		if events[i].Event != "" {
			t.byID[events[i].Event] = i
		}
	}
	f := TotalFigure{Measure: measure, Unit: unit}
	represented := make(map[record.EventID]bool)
	var s sum
	var silent []record.EventID
	s.like = &Figure{Measure: measure, Unit: f.Unit}
	for i := range events {
		e := &events[i]
		switch {
		case !e.Assessed:
			f.NotAssessed++
			continue
		case !e.In:
			f.Outside++
			continue
		case t.covered(i, s.like):
			f.Parts = append(f.Parts, e.Event)
			continue
		case !counts(e, s.like):
			silent = append(silent, e.Event)
			continue
		}
		s.add(&e.Figure)
		f.status(e.Figure.Status)
		t.ancestors(i, func(a *EventFigure) bool {
			represented[a.Event] = true
			return true
		})
	}
	for _, id := range silent {
		if represented[id] {
			f.Wholes = append(f.Wholes, id)
			continue
		}
		s.b.Missing++
	}
	f.Bounds = s.bounds()
	f.Events, f.NoFigure = f.Summed, f.Missing
	slices.Sort(f.Parts)
	slices.Sort(f.Wholes)
	return f
}

// Tally is what a database adds up over events that are neither part of another
// nor have parts, so that none of them bears on how another counts.
type Tally struct {
	Low, Best, High int64
	Open, Approx    bool
	// Events have a figure, Bests of them one with a best.
	Events, Bests                                 int
	Corroborated, Provisional, Disputed, Compiled int
	NoFigure, NotAssessed, Outside                int
}

// Add counts a tally of the same measure and currency in. The result is that of [Total] over
// the events of both.
func (f *TotalFigure) Add(t Tally) {
	known := f.Summed
	f.Summed, f.Missing = f.Summed+t.Events, f.Missing+t.NoFigure
	f.Events, f.NoFigure = f.Summed, f.Missing
	f.NotAssessed += t.NotAssessed
	f.Outside += t.Outside
	f.Corroborated += t.Corroborated
	f.Provisional += t.Provisional
	f.Disputed += t.Disputed
	f.Compiled += t.Compiled
	f.Open, f.Approx = f.Open || t.Open, f.Approx || t.Approx
	if f.Summed == 0 {
		return
	}
	all := (known == 0 || f.Best != nil) && t.Bests == t.Events && f.Missing == 0
	sum := func(a *int64, b int64) *int64 {
		if a != nil {
			b = add(*a, b)
		}
		return &b
	}
	f.Low, f.High = sum(f.Low, t.Low), sum(f.High, t.High)
	if f.Best = sum(f.Best, t.Best); !all {
		f.Best = nil
	}
}

func (f *TotalFigure) status(s Status) {
	switch s {
	case Corroborated:
		f.Corroborated++
	case Provisional:
		f.Provisional++
	case Disputed:
		f.Disputed++
	case CompiledOnly:
		f.Compiled++
	}
}

type totaller struct {
	events []EventFigure
	byID   map[record.EventID]int
}

func counts(e *EventFigure, like *Figure) bool {
	return e.Assessed && e.In && e.Figure.Known() && e.Figure.Measure == like.Measure && e.Figure.Unit == like.Unit
}

// covered reports whether a whole that the event is part of is in the sum.
func (t *totaller) covered(i int, like *Figure) bool {
	found := false
	t.ancestors(i, func(a *EventFigure) bool {
		found = counts(a, like)
		return !found
	})
	return found
}

// ancestors calls visit for the wholes the event is part of, from the nearest,
// until visit returns false or they end. Events that are part of each other in a
// circle have no ancestors, so that none of them is lost.
func (t *totaller) ancestors(i int, visit func(*EventFigure) bool) {
	if t.events[i].PartOf == "" || t.circular(i) {
		return
	}
	for {
		next, ok := t.byID[t.events[i].PartOf]
		if !ok || !visit(&t.events[next]) {
			return
		}
		i = next
	}
}

// circular reports whether following PartOf from the event never ends (Floyd's
// two walkers, one at double speed).
func (t *totaller) circular(i int) bool {
	slow, fast := i, i
	for {
		for range 2 {
			next, ok := t.byID[t.events[fast].PartOf]
			if !ok {
				return false
			}
			fast = next
		}
		slow = t.byID[t.events[slow].PartOf]
		if slow == fast {
			return true
		}
	}
}
