package calendar

import (
	"cmp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/record"
)

// Code names what is wrong with a date. Codes are stable, so that a catalogue can
// translate them.
type Code string

// The faults.
const (
	CodeEmpty     Code = "empty"     // there is no text
	CodeSyntax    Code = "syntax"    // not day, month and year
	CodeName      Code = "name"      // no month of this name
	CodeSystem    Code = "system"    // no such calendar, or the words are of another than the one chosen
	CodeAmbiguous Code = "ambiguous" // which calendar, or which number is the month, cannot be told
	CodeYear      Code = "year"      // a year this calendar is not read for
	CodeMonth     Code = "month"     // no such month
	CodeDay       Code = "day"       // no such day in that month
)

// Error says why a date was refused.
type Error struct {
	Code   Code
	Value  string            // the part that is wrong, as it was read
	System record.DateSystem // the calendar, if it is known by then
}

func (e *Error) Error() string {
	switch e.Code {
	case CodeEmpty:
		return "no date: write it as 9 Jadi 1399 or 1399-10-09"
	case CodeName:
		return "no month is called " + strconv.Quote(e.Value)
	case CodeSystem:
		return strconv.Quote(e.Value) + " is not of the calendar chosen"
	case CodeAmbiguous:
		return strconv.Quote(e.Value) + " can be read in two ways: write the month as a word, or the year first, and choose the calendar"
	case CodeYear:
		low, high, _ := years(e.System)
		return "year " + e.Value + ": the " + string(e.System) + " calendar is read from " + strconv.Itoa(low) + " to " + strconv.Itoa(high)
	case CodeMonth:
		return "there is no month " + e.Value
	case CodeDay:
		return "that month has no day " + e.Value
	}
	return strconv.Quote(e.Value) + " is not a date: write it as 9 Jadi 1399 or 1399-10-09"
}

// MaxDateText is how long a text may be to be read as a date, in bytes.
const MaxDateText = 100

// Parse reads a day as people write it: "9 Jadi 1399", "Jadi 9, 1399",
// "1399-10-09", "۹ جدی ۱۳۹۹", "20 Jumada al-awwal 1442", "30 December 2020". Digits may be Latin,
// Arabic or Persian; names of months English, Urdu, Dari or Persian in their usual spellings.
//
// The calendar is the one given; with "" it is told from the name of the month, from a
// mark such as AH, SH, ق, شمسی, ء, or from a year after 1700. Numbers alone are read with the
// year first, or last where only one of the others can be a month. Whatever could be
// read in two ways is refused. The error is an [*Error].
func Parse(text string, system record.DateSystem) (Date, error) {
	if len(text) > MaxDateText || !utf8.ValidString(text) {
		return Date{}, &Error{Code: CodeSyntax, Value: cut(text), System: system}
	}
	if system != "" {
		if _, _, ok := years(system); !ok {
			return Date{}, &Error{Code: CodeSystem, Value: string(system)}
		}
	}
	numbers, words := tokens(text)
	if len(numbers) == 0 && len(words) == 0 {
		return Date{}, &Error{Code: CodeEmpty, System: system}
	}
	said := system
	name := ""
	for _, w := range words {
		of, mark := marks[w]
		switch {
		case !mark:
			name += w
		case of != "" && said != "" && !alike(said, of):
			return Date{}, &Error{Code: CodeSystem, Value: w, System: said}
		case of != "" && said == "":
			said = of
		}
	}
	if name == "" {
		return fromNumbers(text, numbers, said)
	}
	// "Rabi 1" and "Jumada 2" have their number in the name.
	if len(numbers) == 3 {
		for i, n := range numbers {
			if _, ok := byName[name+n]; ok && i > 0 {
				name += n
				numbers = append(numbers[:i:i], numbers[i+1:]...)
				break
			}
		}
	}
	month, ok := byName[name]
	if !ok {
		return Date{}, &Error{Code: CodeName, Value: name, System: said}
	}
	if said != "" && !alike(said, month.system) {
		return Date{}, &Error{Code: CodeSystem, Value: name, System: said}
	}
	if len(numbers) != 2 {
		return Date{}, &Error{Code: CodeSyntax, Value: text, System: said}
	}
	day, year := numbers[0], numbers[1]
	if len(day) > 2 {
		day, year = year, day
	}
	if len(day) > 2 || len(year) < 3 || len(year) > 4 {
		return Date{}, &Error{Code: CodeSyntax, Value: text, System: said}
	}
	return New(cmp.Or(said, month.system), number(year), month.month, number(day))
}

func fromNumbers(text string, numbers []string, system record.DateSystem) (Date, error) {
	if len(numbers) != 3 {
		return Date{}, &Error{Code: CodeSyntax, Value: text, System: system}
	}
	yearFirst := len(numbers[0]) > 2
	year, month, day := numbers[0], numbers[1], numbers[2]
	if !yearFirst {
		year, day = numbers[2], numbers[0]
	}
	if len(year) < 3 || len(year) > 4 || len(month) > 2 || len(day) > 2 {
		return Date{}, &Error{Code: CodeSyntax, Value: text, System: system}
	}
	y, m, d := number(year), number(month), number(day)
	if !yearFirst && m != d {
		switch {
		case m <= 12 && d <= 12:
			return Date{}, &Error{Code: CodeAmbiguous, Value: text, System: system}
		case m > 12:
			m, d = d, m // month first
		}
	}
	if system == "" {
		if y < MinGregorian {
			return Date{}, &Error{Code: CodeAmbiguous, Value: text}
		}
		system = record.Gregorian
	}
	return New(system, y, m, d)
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0 // tokens gives at most four digits here
	}
	return n
}

// marks are words that say of which calendar a year is, or nothing at all. A bare
// "Hijri" may be either.
var marks = map[string]record.DateSystem{
	"ah": record.Islamic, "qamari": record.Islamic, "lunar": record.Islamic, "قمری": record.Islamic, "ق": record.Islamic,
	"sh": record.SolarHijri, "ap": record.SolarHijri, "hs": record.SolarHijri, "shamsi": record.SolarHijri, "solar": record.SolarHijri,
	"شمسی": record.SolarHijri, "خورشیدی": record.SolarHijri, "ش": record.SolarHijri,
	"ad": record.Gregorian, "ce": record.Gregorian, "میلادی": record.Gregorian, "عیسوی": record.Gregorian, "م": record.Gregorian, "ء": record.Gregorian,
	"hijri": "", "هجری": "", "ه": "", "st": "", "nd": "", "rd": "", "th": "", "of": "", "the": "",
}

// tokens splits a text into its numbers, in Latin digits, and its folded words.
func tokens(text string) (numbers, words []string) {
	var run strings.Builder
	digits := false
	flush := func() {
		if run.Len() == 0 {
			return
		}
		if digits {
			numbers = append(numbers, run.String())
		} else if w := fold(run.String()); w != "" {
			words = append(words, w)
		}
		run.Reset()
	}
	for _, r := range text {
		d, isDigit := digit(r)
		switch {
		case isDigit:
			if !digits {
				flush()
			}
			digits = true
			run.WriteByte(d)
		case unicode.IsLetter(r) || unicode.IsMark(r) || r == '\u200c' || r == '\'' || r == '’' || r == '‘' || r == 'ʿ' || r == 'ʾ':
			if digits {
				flush()
			}
			digits = false
			run.WriteRune(r)
		default:
			flush()
			digits = false
		}
	}
	flush()
	return numbers, words
}

func digit(r rune) (byte, bool) {
	switch {
	case r >= '0' && r <= '9':
		return byte(r), true
	case r >= '٠' && r <= '٩':
		return byte(r - '٠' + '0'), true
	case r >= '۰' && r <= '۹':
		return byte(r - '۰' + '0'), true
	}
	return 0, false
}

var folded = map[rune]rune{
	'ي': 'ی', 'ى': 'ی', 'ئ': 'ی', 'ك': 'ک', 'ة': 'ه', 'ہ': 'ه', 'ھ': 'ه', 'ۀ': 'ه', 'ۂ': 'ه', 'ە': 'ه',
	'آ': 'ا', 'أ': 'ا', 'إ': 'ا', 'ٱ': 'ا', 'ؤ': 'و',
	'ā': 'a', 'á': 'a', 'â': 'a', 'ī': 'i', 'í': 'i', 'î': 'i', 'ū': 'u', 'ú': 'u', 'û': 'u', 'ō': 'o',
	'ḥ': 'h', 'ḍ': 'd', 'ṣ': 's', 'ṭ': 't', 'ẓ': 'z', 'š': 's', 'ǧ': 'j',
}

// fold brings the spellings of a name together: lower case, one form of each
// letter, and letters and digits only.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		r = unicode.ToLower(r)
		if f, ok := folded[r]; ok {
			return f
		}
		if d, ok := digit(r); ok {
			return rune(d)
		}
		if unicode.IsLetter(r) && r != 'ʿ' && r != 'ʾ' && r != 'ـ' {
			return r
		}
		return -1
	}, s)
}

func cut(s string) string {
	s = strings.ToValidUTF8(s, "�")
	if len(s) <= MaxDateText {
		return s
	}
	for i := range s {
		if i > MaxDateText-4 {
			return s[:i] + "…"
		}
	}
	return s
}
