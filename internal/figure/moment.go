package figure

import (
	"math"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

const (
	undated   = math.MinInt64
	daySecond = 86400
)

// moment returns the last second that d can mean, in seconds since 1970 UTC, and
// undated when d has no last day. A day without a time lasts until midnight UTC,
// and a time without an offset is read as UTC: no rule depends on hours that the
// sources do not give.
func moment(d edtf.Date) int64 {
	last, ok := d.Latest()
	if !ok {
		return undated
	}
	if d.Precision() != edtf.PrecisionDateTime {
		return (int64(last)+1)*daySecond - 1
	}
	if t, width, ok := d.Instant(); ok {
		return t.Add(width).Unix() - 1
	}
	_, clock, _ := strings.Cut(d.String(), "T")
	seconds := int64(59) // not written: the whole minute is meant
	if len(clock) >= len("15:04:05") {
		seconds = twoDigits(clock[6:])
	}
	return int64(last)*daySecond + twoDigits(clock)*3600 + twoDigits(clock[3:])*60 + seconds
}

func twoDigits(s string) int64 { return int64(s[0]-'0')*10 + int64(s[1]-'0') }

// statedAsOf is the time the claim itself says it holds for.
func statedAsOf(s *Said) int64 {
	w := &s.Claim.AsOf
	if w.Date.IsZero() {
		if w.Relative.IsZero() {
			return undated
		}
		return moment(resolved(*w, s.Published).Date)
	}
	return moment(w.Date)
}

func resolved(w record.When, published edtf.Date) record.When {
	r, err := w.Resolve(published)
	if err != nil {
		return w // a relation that has no day from this publication stays undated
	}
	return r
}
