// Package attention works out how much a stated collection of news spoke of an
// event: the share of each day, how late it began, how long it lasted, and how
// it compares with another event at the same time. It is pure.
//
// # What it never does
//
// A day that is missing from a series is unknown and never 0. A day on which the
// collection had nothing has no share. Where a measure cannot be worked out the
// answer is "none" with a [Reason], and never 0, NaN or an infinity.
//
// Two series are comparable only within one collection, tool and language: another list of outlets,
// or the same list grown, has another denominator.
package attention

import (
	"time"

	"github.com/gawah-project/gawah/internal/record"
)

// Reason says why a measure cannot be worked out. Pages look it up in the
// catalogue under "coverage.why.".
type Reason string

// The reasons there are; the empty one means that the measure was worked out.
const (
	NoDays      Reason = "no_days"      // the series is empty
	NoMatch     Reason = "no_match"     // nothing matched on any day
	NoTotal     Reason = "no_total"     // how much the collection had is not known, or was nothing
	NoCounts    Reason = "no_counts"    // the export has shares alone
	NoDate      Reason = "no_date"      // the event's day is not known
	NoDeaths    Reason = "no_deaths"    // the number killed is not known, or may be 0
	NoCommon    Reason = "no_common"    // no day is known in both series
	NotAlike    Reason = "not_alike"    // different collections
	BeforeEvent Reason = "before_event" // the series ends before the event
)

// dayNumber counts days since 1970; ok is false where s is no day.
func dayNumber(s string) (int, bool) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, false
	}
	return int(t.Unix() / secondsPerDay), true
}

const secondsPerDay = 24 * 60 * 60

// measure is a day's strength on the series' own scale: its share where there is
// one, else its count. It is only for comparing days of one series.
func measure(d record.DayCount, shares bool) (float64, bool) {
	if shares {
		return Share(d)
	}
	if d.Matched < 0 {
		return 0, false
	}
	return float64(d.Matched), true
}
