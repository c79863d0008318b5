package attention

import (
	"strconv"

	"github.com/gawah-project/gawah/internal/record"
)

// Share is what part of the collection's items of a day spoke of the event, from
// 0 to 1: matching items ÷ all items, or the share as the export printed it where
// it printed no counts. ok is false where there is none: the collection had
// nothing that day, or how much it had is not known.
func Share(d record.DayCount) (share float64, ok bool) {
	if d.Share != "" {
		p, err := strconv.ParseFloat(d.Share, 64)
		if err != nil || !(p >= 0 && p <= 100) {
			return 0, false
		}
		return p / 100, true
	}
	if d.All <= 0 || d.Matched < 0 {
		return 0, false
	}
	return float64(d.Matched) / float64(d.All), true
}

// Summary is a series in a few numbers.
type Summary struct {
	First, Last string // the first and last day there is, "" for none
	Days        int    // that are known
	Missing     int    // between the first and the last that are not
	// Matched and All are sums over the days that have both; Matched alone over
	// all days is Items.
	Matched, All, Items int64
	// Counted is false for exports that have shares alone.
	Counted bool
	// Share is Matched ÷ All where ShareWhy is empty.
	Share    float64
	ShareWhy Reason
	// Peak is the day of the most matching items, the earliest of equals, "" where
	// nothing matched.
	Peak      string
	PeakItems int64
	// PeakShare is the share of that day where PeakHas says there is one.
	PeakShare float64
	PeakHas   bool
	// Shares counts the days that have a share.
	Shares int
}

// Summarise sums a series up.
func Summarise(days []record.DayCount) Summary {
	s := Summary{Days: len(days)}
	if len(days) == 0 {
		s.ShareWhy = NoDays
		return s
	}
	s.First, s.Last = days[0].Day, days[len(days)-1].Day
	if from, ok := dayNumber(s.First); ok {
		if to, ok := dayNumber(s.Last); ok {
			s.Missing = max(to-from+1-len(days), 0)
		}
	}
	s.Counted = Counted(days)
	best := 0.0
	for _, d := range days {
		share, has := Share(d)
		if has {
			s.Shares++
		}
		if d.Matched > 0 {
			s.Items += d.Matched
		}
		if d.Matched >= 0 && d.All >= 0 {
			s.Matched += d.Matched
			s.All += d.All
		}
		m, ok := measure(d, !s.Counted)
		if ok && m > best {
			best, s.Peak, s.PeakItems, s.PeakShare, s.PeakHas = m, d.Day, max(d.Matched, 0), share, has
		}
	}
	switch {
	case !s.Counted:
		s.ShareWhy = NoCounts
	case s.All == 0:
		s.ShareWhy = NoTotal
	default:
		s.Share = float64(s.Matched) / float64(s.All)
	}
	return s
}

// Counted reports whether a series has counts, and not shares alone.
func Counted(days []record.DayCount) bool {
	for _, d := range days {
		if d.Matched < 0 {
			return false
		}
	}
	return true
}
