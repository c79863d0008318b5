package edtf

import (
	"fmt"
	"strconv"
	"strings"
)

// maxText is longer than any accepted date: two long years with qualifiers.
const maxText = 40

// MaxYear is the greatest year accepted, and -MaxYear the least.
const MaxYear = 999_999_999

// Parse reads an EDTF date of level 0 or 1. The text is taken as it is: no
// spaces, no other digits than 0 to 9. An error is an [*Error] that names the
// fault and, where it can be known, what to write instead.
func Parse(s string) (Date, error) {
	d, err := parse(s)
	if err == nil {
		return d, nil
	}
	if known := foreign(s); known != nil {
		err = known
	}
	return Date{}, err
}

// MustParse is Parse for texts known to be valid; it panics on an error.
func MustParse(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func parse(s string) (Date, *Error) {
	if s == "" {
		return Date{}, refuse(CodeEmpty, s, "there is no date; write one such as 2013-01-10, 2013-01 or 2013")
	}
	if len(s) > maxText {
		return Date{}, refuse(CodeSyntax, s, fmt.Sprintf("longer than %d characters, so not a date", maxText))
	}
	start, end, interval := strings.Cut(s, "/")
	if interval {
		return parseInterval(s, start, end)
	}
	d, err := parseSingle(s, s)
	if err != nil {
		return Date{}, err
	}
	// The text may be a slice of a long row or page, which it must not keep alive.
	d.text = strings.Clone(d.text)
	return d, nil
}

// foreign recognises, in a text already refused, what people and older tools
// write, to say what to write instead of only that it is wrong.
func foreign(s string) *Error {
	switch {
	case len(s) > maxText:
		return nil
	case strings.TrimSpace(s) != s:
		return refuse(CodeSyntax, s, "remove the space before or after the date")
	case strings.ContainsAny(s, "[]{},"):
		return refuse(CodeLevel2, s, "sets of dates are level 2, which is not accepted; give an interval such as 2011/2013")
	}
	lower := strings.ToLower(s)
	switch {
	case strings.Contains(lower, "unknown"):
		return refuse(CodeInterval, s, `leave an unknown end of an interval empty, as in "2011/"`)
	case strings.Contains(lower, "open"):
		return refuse(CodeInterval, s, `write ".." for an open end of an interval, as in "2011/.."`)
	}
	if len(s) == 8 && digits(s) {
		return refuse(CodeSyntax, s, "write "+example(s[:4], s[4:6], s[6:])+", with hyphens")
	}
	if parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '.' || r == '-' }); len(parts) == 3 &&
		digits(parts[0]) && digits(parts[1]) && digits(parts[2]) {
		switch {
		case len(parts[2]) == 4 && len(parts[0]) <= 2 && len(parts[1]) <= 2:
			return refuse(CodeSyntax, s, fmt.Sprintf("write the year first: %s if the month stands in the middle, %s if the day does",
				example(parts[2], parts[1], parts[0]), example(parts[2], parts[0], parts[1])))
		case len(parts[0]) == 4 && len(parts[1]) <= 2 && len(parts[2]) <= 2 && (strings.Count(s, "-") != 2 || len(s) != 10) && s[0] != '-':
			return refuse(CodeSyntax, s, "write "+example(parts[0], parts[1], parts[2])+", with hyphens and two digits for month and day")
		}
	}
	return nil
}

func example(year, month, day string) string {
	return fmt.Sprintf("%s-%02s-%02s", year, month, day)
}

func parseInterval(s, start, end string) (Date, *Error) {
	d := Date{prec: PrecisionInterval}
	if strings.Contains(end, "/") {
		return Date{}, refuse(CodeInterval, s, "an interval has one slash: start/end, each such as 2013-01-10")
	}
	if start == "" && end == "" {
		return Date{}, refuse(CodeInterval, s, "an interval with both ends unknown says nothing; leave the date empty")
	}
	switch start {
	case "":
		d.flags |= flagUnknownStart
	case "..":
		d.flags |= flagOpenStart
	default:
		a, err := parseEnd(s, start)
		if err != nil {
			return Date{}, err
		}
		d.lo, d.flags = a.lo, d.flags|a.flags
	}
	switch end {
	case "":
		d.flags |= flagUnknownEnd
	case "..":
		d.flags |= flagOpenEnd
	default:
		b, err := parseEnd(s, end)
		if err != nil {
			return Date{}, err
		}
		d.hi, d.flags = b.hi, d.flags|b.flags
	}
	const anyOpen = flagOpenStart | flagUnknownStart | flagOpenEnd | flagUnknownEnd
	if d.flags&anyOpen == 0 && d.lo > d.hi {
		return Date{}, refuse(CodeInterval, s, "the interval ends before it starts; write the earlier date first")
	}
	d.text = strings.Clone(s)
	return d, nil
}

func parseEnd(whole, s string) (Date, *Error) {
	if strings.HasPrefix(s, "..") || strings.HasSuffix(s, "..") {
		return Date{}, refuse(CodeLevel2, whole, `".." attached to a date is level 2, which is not accepted; put a slash between them`)
	}
	d, err := parseSingle(whole, s)
	if err == nil && d.prec == PrecisionDateTime {
		return Date{}, refuse(CodeInterval, whole, "the ends of an interval are dates without a time of day")
	}
	return d, err
}

func isQualifier(c byte) bool { return c == '?' || c == '~' || c == '%' }

// parseSingle reads anything but an interval. whole is the text shown in errors.
func parseSingle(whole, s string) (Date, *Error) {
	d := Date{text: s}
	body := s
	if n := len(s) - 1; n >= 0 && isQualifier(s[n]) {
		switch s[n] {
		case '?':
			d.flags = flagUncertain
		case '~':
			d.flags = flagApproximate
		case '%':
			d.flags = flagUncertain | flagApproximate
		}
		body = s[:n]
	}
	if i := strings.IndexAny(body, "?~%"); i >= 0 {
		if i == len(body)-1 {
			return Date{}, refuse(CodeQualifier, whole, "one qualifier only; write % for both uncertain and approximate")
		}
		return Date{}, refuse(CodeLevel2, whole, "a qualifier inside a date is level 2, which is not accepted; put it at the end")
	}
	if body == "" {
		return Date{}, refuse(CodeSyntax, whole, "there is no date before the qualifier")
	}
	if body[0] == 'Y' || body[0] == 'y' {
		return parseLongYear(whole, body, d)
	}
	if date, clock, ok := strings.Cut(body, "T"); ok {
		return parseDateTime(whole, date, clock, d)
	}
	return parseCalendar(whole, body, d)
}

// parseLongYear reads Y and a year of five to nine digits.
func parseLongYear(whole, body string, d Date) (Date, *Error) {
	num := body[1:]
	neg := strings.HasPrefix(num, "-")
	if neg {
		num = num[1:]
	}
	switch {
	case body[0] == 'y':
		return Date{}, refuse(CodeYear, whole, "write a capital Y before a year of more than four digits")
	case strings.ContainsAny(num, "ES"):
		return Date{}, refuse(CodeLevel2, whole, "years with an exponent or significant digits are level 2, which is not accepted")
	case !digits(num):
		return Date{}, refuse(CodeYear, whole, "after Y comes only a year, such as Y12000")
	case num[0] == '0' || len(num) < 5:
		return Date{}, refuse(CodeYear, whole, "Y is for years of five to nine digits; write other years with four digits and no Y")
	case len(num) > 9:
		return Date{}, refuse(CodeYear, whole, "the year has more than nine digits; years run from Y-999999999 to Y999999999")
	}
	year, _ := strconv.Atoi(num)
	if neg {
		year = -year
	}
	d.prec, d.lo, d.hi = PrecisionYear, DayOf(year, 1, 1), DayOf(year, 12, 31)
	return d, nil
}

// parseCalendar reads a year of four digits with or without month and day.
func parseCalendar(whole, body string, d Date) (Date, *Error) {
	rest := body
	neg := rest[0] == '-'
	if neg {
		rest = rest[1:]
	}
	yearPart, rest, more := strings.Cut(rest, "-")
	if strings.ContainsAny(body, "xuU") && strings.Trim(body, "-0123456789XxUu") == "" {
		return Date{}, refuse(CodeUnspecified, whole, "write a capital X for a digit that is not known, as in 201X or 2013-01-XX")
	}
	if len(yearPart) != 4 {
		return Date{}, refuse(CodeYear, whole, "a year has four digits, such as 2013; the year comes first, then month and day, as in 2013-01-10")
	}
	if strings.Contains(yearPart, "X") {
		return parseUnspecifiedYear(whole, yearPart, neg, more, d)
	}
	if !digits(yearPart) {
		return Date{}, refuse(CodeSyntax, whole, "a date starts with a year of four digits, as in 2013-01-10, 2013-01 or 2013")
	}
	year, _ := strconv.Atoi(yearPart)
	if neg {
		if year == 0 {
			return Date{}, refuse(CodeYear, whole, "there is no year -0000; 0000 is 1 BC and -0001 is 2 BC")
		}
		year = -year
	}
	if !more {
		d.prec, d.lo, d.hi = PrecisionYear, DayOf(year, 1, 1), DayOf(year, 12, 31)
		return d, nil
	}
	monthPart, dayPart, withDay := strings.Cut(rest, "-")
	if len(monthPart) != 2 || withDay && len(dayPart) != 2 {
		return Date{}, refuse(CodeSyntax, whole, "month and day have two digits each, as in 2013-01-05")
	}
	return parseMonth(whole, year, monthPart, dayPart, withDay, d)
}

// parseUnspecifiedYear reads 201X and 20XX; level 1 has no other X in a year.
func parseUnspecifiedYear(whole, part string, neg, more bool, d Date) (Date, *Error) {
	known, width := part[:3], 10
	d.prec = PrecisionDecade
	if part[2] == 'X' {
		known, width, d.prec = part[:2], 100, PrecisionCentury
	}
	if !digits(known) || part[3] != 'X' || more {
		return Date{}, refuse(CodeLevel2, whole, "only 201X and 20XX may leave digits of a year open, without month and day; other forms are level 2, which is not accepted")
	}
	from, _ := strconv.Atoi(known)
	from *= width
	to := from + width - 1
	if neg {
		if from == 0 {
			return Date{}, refuse(CodeYear, whole, "there is no year -0000, so this decade or century cannot be written; give an interval")
		}
		from, to = -to, -from
	}
	d.flags |= flagUnspecified
	d.lo, d.hi = DayOf(from, 1, 1), DayOf(to, 12, 31)
	return d, nil
}

var monthNames = [...]string{
	"", "January", "February", "March", "April", "May", "June",
	"July", "August", "September", "October", "November", "December",
}

func parseMonth(whole string, year int, monthPart, dayPart string, withDay bool, d Date) (Date, *Error) {
	if strings.Contains(monthPart, "X") {
		switch {
		case monthPart != "XX":
			return Date{}, refuse(CodeLevel2, whole, "one open digit of a month is level 2, which is not accepted; write XX or give an interval")
		case withDay && dayPart != "XX":
			return Date{}, refuse(CodeLevel2, whole, "a known day in an unknown month is level 2, which is not accepted")
		}
		d.flags |= flagUnspecified
		d.prec, d.lo, d.hi = PrecisionYear, DayOf(year, 1, 1), DayOf(year, 12, 31)
		return d, nil
	}
	if !digits(monthPart) {
		return Date{}, refuse(CodeSyntax, whole, "month and day have two digits each, as in 2013-01-05")
	}
	month, _ := strconv.Atoi(monthPart)
	length := DaysInMonth(year, month)
	switch {
	case length == 0 && month >= 21 && month <= 24 && !withDay:
		// 24 ends in February of the next year; the last day before 1 March of a
		// leap year must not be lost.
		first := 3 * (month - 20)
		d.prec, d.lo = PrecisionSeason, DayOf(year, first, 1)
		if first < 12 {
			d.hi = DayOf(year, first+3, 1) - 1
		} else {
			d.hi = DayOf(year+1, 3, 1) - 1
		}
		return d, nil
	case length == 0 && month >= 25 && month <= 41 && !withDay:
		return Date{}, refuse(CodeLevel2, whole, "seasons, quarters and halves above 24 are level 2, which is not accepted; give an interval of months")
	case length == 0:
		return Date{}, noSuchMonth(whole, year, month, dayPart)
	case !withDay:
		d.prec, d.lo, d.hi = PrecisionMonth, DayOf(year, month, 1), DayOf(year, month, length)
		return d, nil
	case dayPart == "XX":
		d.flags |= flagUnspecified
		d.prec, d.lo, d.hi = PrecisionMonth, DayOf(year, month, 1), DayOf(year, month, length)
		return d, nil
	case strings.Contains(dayPart, "X"):
		return Date{}, refuse(CodeLevel2, whole, "one open digit of a day is level 2, which is not accepted; write XX or give an interval")
	case !digits(dayPart):
		return Date{}, refuse(CodeSyntax, whole, "month and day have two digits each, as in 2013-01-05")
	}
	day, _ := strconv.Atoi(dayPart)
	switch {
	case day == 0:
		return Date{}, refuse(CodeDay, whole, "day 00 does not exist; leave the day out or write XX if it is not known")
	case day > length && month == 2 && day == 29:
		return Date{}, refuse(CodeDay, whole, fmt.Sprintf("29 February does not exist in %s, which is not a leap year", yearText(year)))
	case day > length:
		return Date{}, refuse(CodeDay, whole, fmt.Sprintf("%s %s has %d days, there is no day %02d", monthNames[month], yearText(year), length, day))
	}
	d.prec, d.lo = PrecisionDay, DayOf(year, month, day)
	d.hi = d.lo
	return d, nil
}

func noSuchMonth(whole string, year, month int, dayPart string) *Error {
	if month == 0 {
		return refuse(CodeMonth, whole, "month 00 does not exist; leave month and day out or write XX if they are not known")
	}
	reason := fmt.Sprintf("month %02d does not exist, months run from 01 to 12", month)
	// Month and day swapped is the usual cause; say so only if the swap is a date.
	if day, err := strconv.Atoi(dayPart); err == nil && digits(dayPart) && month <= DaysInMonth(year, day) {
		reason += fmt.Sprintf("; if day and month are swapped, write %s-%02d-%02d", yearText(year), day, month)
	}
	return refuse(CodeMonth, whole, reason)
}

// clock is the time of day of a date; offset is minutes east of UTC.
type clock struct {
	hour, minute, second, offset int
	seconds, zoned               bool
}

func parseDateTime(whole, date, timePart string, d Date) (Date, *Error) {
	if d.flags != 0 {
		return Date{}, refuse(CodeQualifier, whole, "a date with a time of day takes no qualifier; leave the time out")
	}
	if date == "" || date[0] == '-' {
		return Date{}, refuse(CodeTime, whole, "a time of day follows a full date of the years 0000 to 9999, as in 2013-01-10T20:50:00+05:00")
	}
	p, err := parseCalendar(whole, date, Date{})
	if err != nil {
		return Date{}, err
	}
	if p.prec != PrecisionDay {
		return Date{}, refuse(CodeTime, whole, "a time of day follows a full date, as in 2013-01-10T20:50:00+05:00")
	}
	c, err := parseClock(whole, timePart)
	if err != nil {
		return Date{}, err
	}
	p.prec, p.text = PrecisionDateTime, date+"T"+c.text()
	return p, nil
}

// parseClock reads hh:mm or hh:mm:ss and then nothing, Z, +hh, +hh:mm or the same
// with a minus.
func parseClock(whole, s string) (clock, *Error) {
	var c clock
	var ok bool
	malformed := func() *Error {
		return refuse(CodeTime, whole, "write the time as hh:mm or hh:mm:ss and an offset or Z, as in 20:50:00+05:00")
	}
	if len(s) < 5 || s[2] != ':' {
		return c, malformed()
	}
	if c.hour, ok = two(s[:2]); !ok {
		return c, malformed()
	}
	if c.minute, ok = two(s[3:5]); !ok {
		return c, malformed()
	}
	rest := s[5:]
	if strings.HasPrefix(rest, ":") {
		if len(rest) < 3 {
			return c, malformed()
		}
		if c.second, ok = two(rest[1:3]); !ok {
			return c, malformed()
		}
		c.seconds, rest = true, rest[3:]
	}
	switch {
	case c.hour == 24:
		return c, refuse(CodeTime, whole, "hour 24 does not exist; write 00:00 of the next day")
	case c.hour > 23:
		return c, refuse(CodeTime, whole, fmt.Sprintf("hour %02d does not exist, hours run from 00 to 23", c.hour))
	case c.minute > 59:
		return c, refuse(CodeTime, whole, fmt.Sprintf("minute %02d does not exist, minutes run from 00 to 59", c.minute))
	case c.second > 59:
		return c, refuse(CodeTime, whole, fmt.Sprintf("second %02d is not accepted, seconds run from 00 to 59", c.second))
	case rest == "":
		return c, nil
	case rest == "Z":
		c.zoned = true
		return c, nil
	case rest[0] == '.' || rest[0] == ',':
		return c, refuse(CodeTime, whole, "parts of a second are not accepted; write whole seconds")
	case rest[0] != '+' && rest[0] != '-':
		return c, malformed()
	}
	sign, rest := rest[0], rest[1:]
	hours, ok := two(rest[:min(2, len(rest))])
	minutes := 0
	if ok && len(rest) > 2 {
		minutes, ok = two(rest[3:])
		ok = ok && rest[2] == ':'
	}
	if !ok {
		return c, refuse(CodeOffset, whole, "write the offset from UTC as Z, +05:00 or -03:30")
	}
	if minutes > 59 || hours*60+minutes > 14*60 {
		return c, refuse(CodeOffset, whole, "no clock is that far from UTC; offsets run from -14:00 to +14:00")
	}
	c.zoned, c.offset = true, hours*60+minutes
	if sign == '-' {
		if c.offset == 0 {
			return c, refuse(CodeOffset, whole, "there is no offset -00:00; write Z for UTC, or no offset if it is not known")
		}
		c.offset = -c.offset
	}
	return c, nil
}

func (c clock) text() string {
	s := fmt.Sprintf("%02d:%02d", c.hour, c.minute)
	if c.seconds {
		s += fmt.Sprintf(":%02d", c.second)
	}
	switch {
	case !c.zoned:
		return s
	case c.offset == 0:
		return s + "Z"
	case c.offset < 0:
		return s + fmt.Sprintf("-%02d:%02d", -c.offset/60, -c.offset%60)
	}
	return s + fmt.Sprintf("+%02d:%02d", c.offset/60, c.offset%60)
}

func two(s string) (int, bool) {
	if len(s) != 2 || !digits(s) {
		return 0, false
	}
	return int(s[0]-'0')*10 + int(s[1]-'0'), true
}

// digits reports whether s is one or more of 0 to 9.
func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
