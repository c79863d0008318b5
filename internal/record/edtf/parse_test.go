package edtf

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// want is the meaning of an accepted text; an empty bound has no day.
type want struct {
	in, earliest, latest string
	prec                 Precision
	// marks holds "~" approximate, "?" uncertain, "X" unspecified.
	marks string
	// text is the canonical text where it differs from in.
	text string
}

var accepted = []want{
	{in: "2013-01-10", earliest: "2013-01-10", latest: "2013-01-10", prec: PrecisionDay},
	{in: "2012-02-29", earliest: "2012-02-29", latest: "2012-02-29", prec: PrecisionDay},
	{in: "2000-02-29", earliest: "2000-02-29", latest: "2000-02-29", prec: PrecisionDay},
	{in: "2013-02", earliest: "2013-02-01", latest: "2013-02-28", prec: PrecisionMonth},
	{in: "2012-02", earliest: "2012-02-01", latest: "2012-02-29", prec: PrecisionMonth},
	{in: "1900-02", earliest: "1900-02-01", latest: "1900-02-28", prec: PrecisionMonth},
	{in: "2013", earliest: "2013-01-01", latest: "2013-12-31", prec: PrecisionYear},
	{in: "0000", earliest: "0000-01-01", latest: "0000-12-31", prec: PrecisionYear},
	{in: "9999", earliest: "9999-01-01", latest: "9999-12-31", prec: PrecisionYear},

	{in: "2013-01-10T20:50:00+05:00", earliest: "2013-01-10", latest: "2013-01-10", prec: PrecisionDateTime},
	{in: "2013-01-10T20:50+05:00", earliest: "2013-01-10", latest: "2013-01-10", prec: PrecisionDateTime},
	{in: "2013-01-10T15:50:00Z", earliest: "2013-01-10", latest: "2013-01-10", prec: PrecisionDateTime},
	{in: "2013-01-10T15:50:00+00:00", earliest: "2013-01-10", latest: "2013-01-10", prec: PrecisionDateTime, text: "2013-01-10T15:50:00Z"},
	{in: "2013-01-10T20:50:00+05", earliest: "2013-01-10", latest: "2013-01-10", prec: PrecisionDateTime, text: "2013-01-10T20:50:00+05:00"},
	{in: "2013-01-10T10:50:00-03:30", earliest: "2013-01-10", latest: "2013-01-10", prec: PrecisionDateTime},
	{in: "2013-01-10T23:59:59", earliest: "2013-01-10", latest: "2013-01-10", prec: PrecisionDateTime},
	{in: "2013-01-10T00:00:00+14:00", earliest: "2013-01-10", latest: "2013-01-10", prec: PrecisionDateTime},

	{in: "2013?", earliest: "2013-01-01", latest: "2013-12-31", prec: PrecisionYear, marks: "?"},
	{in: "2013-01~", earliest: "2013-01-01", latest: "2013-01-31", prec: PrecisionMonth, marks: "~"},
	{in: "2013-01-10%", earliest: "2013-01-10", latest: "2013-01-10", prec: PrecisionDay, marks: "~?"},
	{in: "201X", earliest: "2010-01-01", latest: "2019-12-31", prec: PrecisionDecade, marks: "X"},
	{in: "20XX", earliest: "2000-01-01", latest: "2099-12-31", prec: PrecisionCentury, marks: "X"},
	{in: "201X~", earliest: "2010-01-01", latest: "2019-12-31", prec: PrecisionDecade, marks: "~X"},
	{in: "2013-XX", earliest: "2013-01-01", latest: "2013-12-31", prec: PrecisionYear, marks: "X"},
	{in: "2013-XX-XX", earliest: "2013-01-01", latest: "2013-12-31", prec: PrecisionYear, marks: "X"},
	{in: "2012-02-XX", earliest: "2012-02-01", latest: "2012-02-29", prec: PrecisionMonth, marks: "X"},
	{in: "2013-01-XX?", earliest: "2013-01-01", latest: "2013-01-31", prec: PrecisionMonth, marks: "?X"},

	{in: "2013-21", earliest: "2013-03-01", latest: "2013-05-31", prec: PrecisionSeason},
	{in: "2013-22", earliest: "2013-06-01", latest: "2013-08-31", prec: PrecisionSeason},
	{in: "2013-23", earliest: "2013-09-01", latest: "2013-11-30", prec: PrecisionSeason},
	{in: "2013-24", earliest: "2013-12-01", latest: "2014-02-28", prec: PrecisionSeason},
	{in: "2011-24~", earliest: "2011-12-01", latest: "2012-02-29", prec: PrecisionSeason, marks: "~"},

	{in: "-0001", earliest: "-0001-01-01", latest: "-0001-12-31", prec: PrecisionYear},
	{in: "-0004-02-29", earliest: "-0004-02-29", latest: "-0004-02-29", prec: PrecisionDay},
	{in: "-201X", earliest: "-2019-01-01", latest: "-2010-12-31", prec: PrecisionDecade, marks: "X"},
	{in: "Y12000", earliest: "Y12000-01-01", latest: "Y12000-12-31", prec: PrecisionYear},
	{in: "Y-12000?", earliest: "Y-12000-01-01", latest: "Y-12000-12-31", prec: PrecisionYear, marks: "?"},
	{in: "Y170000002", earliest: "Y170000002-01-01", latest: "Y170000002-12-31", prec: PrecisionYear},
	{in: "Y-999999999", earliest: "Y-999999999-01-01", latest: "Y-999999999-12-31", prec: PrecisionYear},

	{in: "2011/2013-01-10", earliest: "2011-01-01", latest: "2013-01-10", prec: PrecisionInterval},
	{in: "2013-01-10/2013-01-10", earliest: "2013-01-10", latest: "2013-01-10", prec: PrecisionInterval},
	{in: "2013/2013-01", earliest: "2013-01-01", latest: "2013-01-31", prec: PrecisionInterval},
	{in: "2013-12/2013", earliest: "2013-12-01", latest: "2013-12-31", prec: PrecisionInterval},
	{in: "2011~/2013-01-10?", earliest: "2011-01-01", latest: "2013-01-10", prec: PrecisionInterval, marks: "~?"},
	{in: "2013-XX/201X", earliest: "2013-01-01", latest: "2019-12-31", prec: PrecisionInterval, marks: "X"},
	{in: "2013-21/2013-23", earliest: "2013-03-01", latest: "2013-11-30", prec: PrecisionInterval},
	{in: "Y-12000/-0044", earliest: "Y-12000-01-01", latest: "-0044-12-31", prec: PrecisionInterval},
	{in: "../2013", latest: "2013-12-31", prec: PrecisionInterval},
	{in: "/2013~", latest: "2013-12-31", prec: PrecisionInterval, marks: "~"},
	{in: "2013/..", earliest: "2013-01-01", prec: PrecisionInterval},
	{in: "2013/", earliest: "2013-01-01", prec: PrecisionInterval},
	{in: "/..", prec: PrecisionInterval},
	{in: "../", prec: PrecisionInterval},
	{in: "../..", prec: PrecisionInterval},
}

// dayText writes a day the way the tables above do.
func dayText(d Day, ok bool) string {
	if !ok {
		return ""
	}
	y, m, day := d.Civil()
	return example(yearText(y), strings.Repeat("0", b2i(m < 10))+itoa(m), strings.Repeat("0", b2i(day < 10))+itoa(day))
}

func b2i(b bool) int { return truth(b) }

func itoa(n int) string {
	b, _ := json.Marshal(n)
	return string(b)
}

func TestParseAccepts(t *testing.T) {
	for _, w := range accepted {
		t.Run(w.in, func(t *testing.T) {
			d, err := Parse(w.in)
			if err != nil {
				t.Fatal(err)
			}
			if w.text == "" {
				w.text = w.in
			}
			if d.String() != w.text {
				t.Errorf("text %q, want %q", d, w.text)
			}
			if got := dayText(d.Earliest()); got != w.earliest {
				t.Errorf("earliest %q, want %q", got, w.earliest)
			}
			if got := dayText(d.Latest()); got != w.latest {
				t.Errorf("latest %q, want %q", got, w.latest)
			}
			if d.Precision() != w.prec {
				t.Errorf("precision %v, want %v", d.Precision(), w.prec)
			}
			if d.Approximate() != strings.Contains(w.marks, "~") ||
				d.Uncertain() != strings.Contains(w.marks, "?") ||
				d.Unspecified() != strings.Contains(w.marks, "X") {
				t.Errorf("approximate %v, uncertain %v, unspecified %v; want %q",
					d.Approximate(), d.Uncertain(), d.Unspecified(), w.marks)
			}
			if again := MustParse(d.String()); again != d {
				t.Errorf("read again: %#v, first %#v", again, d)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct {
		in   string
		code Code
		says string
	}{
		{"", CodeEmpty, "there is no date"},
		{"2013-13-01", CodeMonth, "if day and month are swapped, write 2013-01-13"},
		{"2013-25-03", CodeMonth, "write 2013-03-25"},
		{"2013-13-32", CodeMonth, "month 13 does not exist"},
		{"2013-31-02", CodeMonth, "month 31 does not exist, months run from 01 to 12"},
		{"2013-21-05", CodeMonth, "write 2013-05-21"},
		{"2013-21-XX", CodeMonth, "month 21"},
		{"2013-13", CodeMonth, "month 13"},
		{"2013-20", CodeMonth, "month 20"},
		{"2013-42", CodeMonth, "month 42"},
		{"2013-00", CodeMonth, "month 00"},
		{"2013-02-30", CodeDay, "February 2013 has 28 days, there is no day 30"},
		{"2012-02-30", CodeDay, "February 2012 has 29 days"},
		{"2013-02-29", CodeDay, "2013, which is not a leap year"},
		{"1900-02-29", CodeDay, "not a leap year"},
		{"2013-04-31", CodeDay, "April 2013 has 30 days"},
		{"2013-01-32", CodeDay, "no day 32"},
		{"2013-01-00", CodeDay, "day 00"},
		{"-0001-02-29", CodeDay, "-0001, which is not a leap year"},

		{"10/01/2013", CodeSyntax, "2013-01-10 if the month stands in the middle, 2013-10-01 if the day does"},
		{"1.2.2013", CodeSyntax, "2013-02-01"},
		{"10-01-2013", CodeSyntax, "write the year first"},
		{"2013/01/10", CodeSyntax, "write 2013-01-10"},
		{"2013.01.10", CodeSyntax, "write 2013-01-10"},
		{"2013-1-5", CodeSyntax, "write 2013-01-05"},
		{"20130110", CodeSyntax, "write 2013-01-10"},
		{" 2013", CodeSyntax, "remove the space"},
		{"2013\n", CodeSyntax, "remove the space"},
		{"January 2013", CodeYear, "the year comes first"},
		{"last", CodeSyntax, "starts with a year of four digits"},
		{"۲۰۱۳", CodeYear, "four digits"},
		{"13", CodeYear, "four digits"},
		{"2013-", CodeSyntax, "two digits"},
		{"2013-01-", CodeSyntax, "two digits"},
		{"2013-01-10-", CodeSyntax, "two digits"},
		{"2013-ab", CodeSyntax, "two digits"},
		{"2013-01-ab", CodeSyntax, "two digits"},
		{strings.Repeat("2013-01-10", 9), CodeSyntax, "longer than"},

		{"-0000", CodeYear, "0000 is 1 BC"},
		{"-000X", CodeYear, "-0000"},
		{"Y2013", CodeYear, "four digits and no Y"},
		{"Y02013", CodeYear, "four digits and no Y"},
		{"y12000", CodeYear, "capital Y"},
		{"Y1000000000", CodeYear, "more than nine digits"},
		{"Y12000-01", CodeYear, "only a year"},
		{"Y", CodeYear, "only a year"},
		{"Y17E7", CodeLevel2, "exponent"},

		{"2013?~", CodeQualifier, "write %"},
		{"2013%%", CodeQualifier, "one qualifier"},
		{"2013-01-10T20:50Z~", CodeQualifier, "takes no qualifier"},
		{"?", CodeSyntax, "before the qualifier"},
		{"2013?-01", CodeLevel2, "inside a date"},
		{"?2013-01", CodeLevel2, "inside a date"},

		{"201x", CodeUnspecified, "capital X"},
		{"201u", CodeUnspecified, "capital X"},
		{"2013-01-uu", CodeUnspecified, "capital X"},
		{"2XXX", CodeLevel2, "201X and 20XX"},
		{"XXXX", CodeLevel2, "201X and 20XX"},
		{"20X3", CodeLevel2, "201X and 20XX"},
		{"201X-01", CodeLevel2, "without month and day"},
		{"2013-1X", CodeLevel2, "write XX"},
		{"2013-01-1X", CodeLevel2, "write XX"},
		{"2013-XX-05", CodeLevel2, "known day in an unknown month"},
		{"2013-33", CodeLevel2, "interval of months"},
		{"[2011,2013]", CodeLevel2, "sets"},
		{"2013..", CodeYear, "four digits"},
		{"2013../2014", CodeLevel2, "slash"},

		{"/", CodeInterval, "leave the date empty"},
		{"2013/2014/2015", CodeInterval, "one slash"},
		{"2013/2012", CodeInterval, "ends before it starts"},
		{"2013-06/2013-05-15", CodeInterval, "ends before it starts"},
		{"2013-01-10T20:50Z/2013-01-11", CodeInterval, "without a time of day"},
		{"2011/open", CodeInterval, `".."`},
		{"unknown/2011", CodeInterval, "empty"},
		{"2011/2013-02-30", CodeDay, "28 days"},

		{"2013-01-10T24:00", CodeTime, "00:00 of the next day"},
		{"2013-01-10T25:00", CodeTime, "hour 25"},
		{"2013-01-10T20:60", CodeTime, "minute 60"},
		{"2013-01-10T20:50:60Z", CodeTime, "second 60"},
		{"2013-01-10T20:50:00.5Z", CodeTime, "parts of a second"},
		{"2013-01-10T", CodeTime, "hh:mm"},
		{"2013-01-10T20", CodeTime, "hh:mm"},
		{"2013-01-10T20:5", CodeTime, "hh:mm"},
		{"2013-01-10T20:50:0", CodeTime, "hh:mm"},
		{"2013-01-10T20:50z", CodeTime, "hh:mm"},
		{"2013-01T20:50Z", CodeTime, "full date"},
		{"2013-01-XXT20:50Z", CodeTime, "full date"},
		{"T20:50Z", CodeTime, "full date"},
		{"-0044-03-15T12:00Z", CodeTime, "0000 to 9999"},
		{"2013-02-30T20:50Z", CodeDay, "28 days"},
		{"2013-01-10T20:50+5", CodeOffset, "+05:00"},
		{"2013-01-10T20:50+", CodeOffset, "+05:00"},
		{"2013-01-10T20:50+0500", CodeOffset, "+05:00"},
		{"2013-01-10T20:50+05:00:00", CodeOffset, "+05:00"},
		{"2013-01-10T20:50+14:01", CodeOffset, "-14:00 to +14:00"},
		{"2013-01-10T20:50+05:60", CodeOffset, "-14:00 to +14:00"},
		{"2013-01-10T20:50-00:00", CodeOffset, "write Z"},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			d, err := Parse(tt.in)
			e, ok := errors.AsType[*Error](err)
			if !ok {
				t.Fatalf("got %q, %v; want an *Error", d, err)
			}
			if e.Code != tt.code || !strings.Contains(e.Reason, tt.says) {
				t.Errorf("got %s: %v\nwant %s … %s", e.Code, err, tt.code, tt.says)
			}
			if d != (Date{}) {
				t.Errorf("a refused date has the value %#v", d)
			}
		})
	}
}

func TestErrorShowsLittleOfLongInput(t *testing.T) {
	_, err := Parse(strings.Repeat("گ", 5000))
	if len(err.Error()) > 200 {
		t.Errorf("error of %d bytes", len(err.Error()))
	}
}

func TestJSON(t *testing.T) {
	type row struct {
		When Date     `json:"when"`
		Said Relative `json:"said"`
	}
	for _, text := range []string{
		`{"when":"2013-01-10","said":""}`,
		`{"when":"","said":"P-5Y~"}`,
	} {
		var r row
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			t.Fatal(err)
		}
		if b, err := json.Marshal(r); err != nil || string(b) != text {
			t.Errorf("got %s, %v; want %s", b, err, text)
		}
	}
	kept := row{When: MustParse("2013"), Said: Relative{Offset: Offset{Years: -1}}}
	r := kept
	if err := json.Unmarshal([]byte(`{"when":"2013-13"}`), &r); err == nil || r != kept {
		t.Errorf("month 13 gave %v, %v", r, err)
	}
	if err := json.Unmarshal([]byte(`{"said":"P"}`), &r); err == nil || r != kept {
		t.Errorf("P gave %v, %v", r, err)
	}
}

func TestMustParsePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	MustParse("2013-13")
}

func FuzzParse(f *testing.F) {
	for _, w := range accepted {
		f.Add(w.in)
	}
	for _, s := range []string{"2013-13-01", "10/01/2013", "2013?~", "[2011,2013]", "/", "Y", "T", "-", "2013-01-10T20:50+", "\xff", "2013/..x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(s)
		if err != nil {
			if d != (Date{}) {
				t.Fatalf("refused with a value: %#v", d)
			}
			return
		}
		check(t, d)
	})
}
