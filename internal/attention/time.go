package attention

import "github.com/gawah-project/gawah/internal/record"

// Span is a number of whole days that may be known only within bounds.
type Span struct {
	Low, High int
	// Open means that High is no bound: it may have gone on.
	Open bool
	Why  Reason // why there is none
}

// OK reports whether the span was worked out.
func (s Span) OK() bool { return s.Why == "" }

// Lag is how many days after an event the first matching item came. The event's
// day may be uncertain, from earliest to latest (both YYYY-MM-DD, UTC). Items from
// before the earliest day are about something else and are passed over. Days
// that are unknown before the first match make the lag uncertain too: the first
// item may have come on one of them.
func Lag(days []record.DayCount, earliest, latest string) Span {
	from, ok := dayNumber(earliest)
	to, ok2 := dayNumber(latest)
	switch {
	case len(days) == 0:
		return Span{Why: NoDays}
	case !ok || !ok2:
		return Span{Why: NoDate}
	}
	shares := !Counted(days)
	known := from - 1 // the last day up to which nothing was seen
	whole := true     // that every day since the event is known
	after := false
	for _, d := range days {
		n, ok := dayNumber(d.Day)
		if !ok || n < from {
			continue
		}
		after = true
		if whole && n == known+1 {
			known = n
		} else {
			whole = false
		}
		if m, ok := measure(d, shares); !ok || m <= 0 {
			continue
		}
		first := n
		if !whole {
			first = min(known+1, n)
		}
		return Span{Low: max(first-to, 0), High: n - from}
	}
	if !after {
		return Span{Why: BeforeEvent}
	}
	return Span{Why: NoMatch}
}

// fade is the part of the peak below which attention counts as over.
const fade = 0.1

// Persistence is how many days passed from the peak until the daily count stayed
// below a tenth of it. Open means that it had not by the end of the series;
// unknown days around the end make Low and High differ.
func Persistence(days []record.DayCount) Span {
	if len(days) == 0 {
		return Span{Why: NoDays}
	}
	shares := !Counted(days)
	peak, best := -1, 0.0
	for i, d := range days {
		if m, ok := measure(d, shares); ok && m > best {
			peak, best = i, m
		}
	}
	if peak < 0 {
		return Span{Why: NoMatch}
	}
	last, next := peak, -1
	for i := peak; i < len(days); i++ {
		m, ok := measure(days[i], shares)
		switch {
		case !ok:
		case m >= fade*best:
			last, next = i, -1
		case next < 0:
			next = i
		}
	}
	at, _ := dayNumber(days[peak].Day)
	end, _ := dayNumber(days[last].Day)
	s := Span{Low: end - at + 1}
	if next < 0 {
		s.High, s.Open = s.Low, true
		return s
	}
	below, _ := dayNumber(days[next].Day)
	s.High = below - at
	return s
}
