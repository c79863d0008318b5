package edtf

import (
	"fmt"
	"strconv"
	"strings"
)

// MaxOffset is the greatest size of each part of an [Offset].
const MaxOffset = 99_999

// Offset is a distance in calendar units; negative parts point to the past.
type Offset struct {
	Years, Months, Weeks, Days int
}

// AddTo returns the day at distance o from day. Years and months are added first;
// a day that the resulting month does not have becomes its last day (one month
// before 31 March is 28 or 29 February). Then weeks and days are added.
func (o Offset) AddTo(day Day) Day {
	y, m, d := day.Civil()
	months := int64(y+o.Years)*12 + int64(m-1) + int64(o.Months)
	y = int(floorDiv(months, 12))
	m = int(months-12*int64(y)) + 1
	return DayOf(y, m, min(d, DaysInMonth(y, m))) + Day(7*o.Weeks+o.Days)
}

// unit returns the finest unit in which o is not zero.
func (o Offset) unit() Precision {
	switch {
	case o.Days != 0:
		return PrecisionDay
	case o.Weeks != 0:
		return PrecisionWeek
	case o.Months != 0:
		return PrecisionMonth
	case o.Years != 0:
		return PrecisionYear
	}
	return PrecisionNone
}

// Relative is a date said relative to another, the anchor, which is most often
// the day of publication. It is kept beside the resolved date because it is what
// the source said: when the anchor is corrected, the date follows.
//
// Its text is a duration in the style of ISO 8601-2, in which each part has its
// own sign and the last part names the unit that the source spoke in:
//
//	P-5Y~    about five years ago        P-1Y     last year
//	P-1D     last night, yesterday       P0D      today
//	P-2D     on the third night          P-1W     last week
//	P-5Y0D   five years ago to the day   P-1Y-3M  a year and three months ago
//
// The zero Relative means "not relative" and is written as "".
type Relative struct {
	Offset
	// Approximate is true where the source said "about", "some", "nearly".
	Approximate bool
	// Unit is the unit the source spoke in and the precision of the resolved date:
	// PrecisionYear, PrecisionMonth, PrecisionWeek or PrecisionDay, and not coarser
	// than the finest part of the offset. PrecisionNone stands for that finest
	// part, or for a day if all parts are 0 and Approximate is set.
	Unit Precision
}

// IsZero reports whether r is the zero Relative, which means "not relative".
func (r Relative) IsZero() bool { return r == Relative{} }

// unit returns the unit that r resolves to.
func (r Relative) unit() Precision {
	switch {
	case r.Unit != PrecisionNone:
		return r.Unit
	case r.Offset == Offset{}:
		return PrecisionDay
	}
	return r.Offset.unit()
}

// Validate returns an [*Error] if a part is larger than MaxOffset or the unit
// cannot hold the offset; nil for the zero Relative.
func (r Relative) Validate() error {
	for _, n := range []int{r.Years, r.Months, r.Weeks, r.Days} {
		if n < -MaxOffset || n > MaxOffset {
			return refuse(CodeRelative, "", fmt.Sprintf("%d is too far; each part runs from -%d to %d", n, MaxOffset, MaxOffset))
		}
	}
	switch r.unit() {
	case PrecisionYear, PrecisionMonth, PrecisionWeek, PrecisionDay:
	default:
		return refuse(CodeRelative, "", "the unit of a relative date is year, month, week or day, not "+r.Unit.String())
	}
	if r.unit() < r.Offset.unit() {
		return refuse(CodeRelative, "", fmt.Sprintf("an offset with a %s part cannot be said in units of a %s", r.Offset.unit(), r.unit()))
	}
	return nil
}

var units = [...]struct {
	letter byte
	unit   Precision
}{{'Y', PrecisionYear}, {'M', PrecisionMonth}, {'W', PrecisionWeek}, {'D', PrecisionDay}}

// parts returns the parts of o in the order of units.
func (o *Offset) parts() [4]*int {
	return [4]*int{&o.Years, &o.Months, &o.Weeks, &o.Days}
}

// String returns the text form, such as P-5Y~; "" for the zero Relative. Parts
// that are 0 are left out unless they name the unit.
func (r Relative) String() string {
	if r.IsZero() {
		return ""
	}
	b := []byte{'P'}
	for i, n := range r.parts() {
		if *n != 0 || units[i].unit == r.unit() {
			b = append(strconv.AppendInt(b, int64(*n), 10), units[i].letter)
		}
	}
	if r.Approximate {
		b = append(b, '~')
	}
	return string(b)
}

// MarshalText returns String, or the error of Validate.
func (r Relative) MarshalText() ([]byte, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	return []byte(r.String()), nil
}

// UnmarshalText reads the text form; empty text gives the zero Relative. On an
// error r is unchanged.
func (r *Relative) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*r = Relative{}
		return nil
	}
	p, err := ParseRelative(string(b))
	if err != nil {
		return err
	}
	*r = p
	return nil
}

// ParseRelative reads the text form described at [Relative]. Words such as "last
// year" are not read: whoever reads the source chooses the offset. An error is an
// [*Error].
func ParseRelative(s string) (Relative, error) {
	var r Relative
	malformed := func(reason string) (Relative, error) {
		return Relative{}, refuse(CodeRelative, s, reason)
	}
	switch {
	case strings.HasPrefix(s, "-P"):
		return malformed("put the sign at each part, as in P-5Y")
	case !strings.HasPrefix(s, "P"):
		return malformed("a relative date starts with P, as in P-5Y or P-1D~")
	}
	rest, approximate := strings.CutSuffix(s[1:], "~")
	r.Approximate = approximate
	if rest == "" {
		return malformed("give at least one part, as in P-5Y or P-1D")
	}
	next := 0 // index of the first unit still allowed
	for rest != "" {
		n := 0
		for n < len(rest) && (rest[n] == '-' || rest[n] >= '0' && rest[n] <= '9') {
			n++
		}
		if n == len(rest) {
			return malformed("after each number comes its unit: Y, M, W or D")
		}
		value, ok := offsetNumber(rest[:n])
		if !ok {
			return malformed(fmt.Sprintf("before each unit comes a whole number from -%d to %d without leading zeros", MaxOffset, MaxOffset))
		}
		i := next
		for i < len(units) && units[i].letter != rest[n] {
			i++
		}
		if i == len(units) {
			return malformed("the units are Y, M, W and D, each at most once and in this order")
		}
		*r.parts()[i] = value
		r.Unit, next, rest = units[i].unit, i+1, rest[n+1:]
	}
	return r, nil
}

func offsetNumber(s string) (int, bool) {
	abs, neg := strings.CutPrefix(s, "-")
	if !digits(abs) || len(abs) > 5 || abs[0] == '0' && (neg || len(abs) > 1) {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// Resolve returns the date that r means when said on anchor, at the precision of
// the unit: "about five years ago", said on 2013-01-12, is 2008~. A week is the
// interval from Monday to Sunday (ISO 8601). Qualifiers of the anchor carry over.
//
// The anchor may be coarser than a day or an interval, as long as every day it
// can mean gives the same result; otherwise the error, an [*Error] with
// CodeAnchor, says so, since any single answer would claim too much.
func (r Relative) Resolve(anchor Date) (Date, error) {
	if err := r.Validate(); err != nil {
		return Date{}, err
	}
	if r.IsZero() {
		return Date{}, refuse(CodeRelative, "", "there is no relative date to resolve")
	}
	lo, okLo := anchor.Earliest()
	hi, okHi := anchor.Latest()
	if !okLo || !okHi {
		return Date{}, refuse(CodeAnchor, anchor.text, "a relative date needs an anchor with a first and a last day, such as the day of publication")
	}
	d, err := r.at(lo)
	if err != nil {
		return Date{}, err
	}
	if hi != lo {
		last, err := r.at(hi)
		if err != nil {
			return Date{}, err
		}
		if last != d {
			return Date{}, refuse(CodeAnchor, anchor.text, fmt.Sprintf("not exact enough to find one %s by %s from it", r.unit(), r))
		}
	}
	return d.WithQualifiers(r.Approximate || anchor.Approximate(), anchor.Uncertain())
}

// at resolves r from one day, without qualifiers.
func (r Relative) at(day Day) (Date, error) {
	day = r.AddTo(day)
	y, m, _ := day.Civil()
	switch r.unit() {
	case PrecisionYear:
		return NewYear(y)
	case PrecisionMonth:
		return NewMonth(y, m)
	case PrecisionWeek:
		monday := day - Day(day.Weekday()-1)
		first, err := monday.Date()
		if err != nil {
			return Date{}, err
		}
		last, err := (monday + 6).Date()
		if err != nil {
			return Date{}, err
		}
		return NewInterval(first, last)
	}
	return day.Date()
}
