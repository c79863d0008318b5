package calendar

import (
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/record"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		text   string
		system record.DateSystem
		want   Date
	}{
		{"9 Jadi 1399", "", Date{record.SolarHijri, 1399, 10, 9}},
		{"Jadi 9, 1399", "", Date{record.SolarHijri, 1399, 10, 9}},
		{"1399 Jadi 9", "", Date{record.SolarHijri, 1399, 10, 9}},
		{"9th of Jadi, 1399 SH", "", Date{record.SolarHijri, 1399, 10, 9}},
		{"۹ جدی ۱۳۹۹", "", Date{record.SolarHijri, 1399, 10, 9}},
		{"۹ جدي ۱۳۹۹ هجری شمسی", "", Date{record.SolarHijri, 1399, 10, 9}},
		{"۱۴ دی ۱۳۹۹", record.SolarHijri, Date{record.SolarHijri, 1399, 10, 14}},
		{"30 Esfand 1399", "", Date{record.SolarHijri, 1399, 12, 30}},
		{"1399-10-20", record.SolarHijri, Date{record.SolarHijri, 1399, 10, 20}},
		{"۱۳۹۹/۱۰/۲۰", record.SolarHijri, Date{record.SolarHijri, 1399, 10, 20}},
		{"1399/10/20 ه.ش", "", Date{record.SolarHijri, 1399, 10, 20}},
		{"20/10/1399", record.SolarHijri, Date{record.SolarHijri, 1399, 10, 20}},
		{"10/20/1399", record.SolarHijri, Date{record.SolarHijri, 1399, 10, 20}},
		{"5/5/1399", record.SolarHijri, Date{record.SolarHijri, 1399, 5, 5}},
		{"19 Jumada al-awwal 1442", "", Date{record.Islamic, 1442, 5, 19}},
		{"19 Jumādā al-Ūlā 1442 AH", "", Date{record.Islamic, 1442, 5, 19}},
		{"19 Jamadi-ul-Awwal, 1442", record.Islamic, Date{record.Islamic, 1442, 5, 19}},
		{"1 Rabi 1 1442", "", Date{record.Islamic, 1442, 3, 1}},
		{"1 Rabi II 1442", "", Date{record.Islamic, 1442, 4, 1}},
		{"10 Sha'ban 1442", "", Date{record.Islamic, 1442, 8, 10}},
		{"۱۹ جمادی الاول ۱۴۴۲ھ", "", Date{record.Islamic, 1442, 5, 19}},
		{"۱۹ جمادی\u200cالاول ۱۴۴۲ ق", "", Date{record.Islamic, 1442, 5, 19}},
		{"١٩ ذو القعدة ١٤٤٢", "", Date{record.Islamic, 1442, 11, 19}},
		{"9 ذوالحجہ 1442", "", Date{record.Islamic, 1442, 12, 9}},
		{"3 January 2021", "", Date{record.Gregorian, 2021, 1, 3}},
		{"Jan 3rd, 2021", "", Date{record.Gregorian, 2021, 1, 3}},
		{"۳ جنوری ۲۰۲۱ء", "", Date{record.Gregorian, 2021, 1, 3}},
		{"3 مئی 2021", "", Date{record.Gregorian, 2021, 5, 3}},
		{"۳ ژانویه ۲۰۲۱", "", Date{record.Gregorian, 2021, 1, 3}},
		{"۳ می ۲۰۲۱ میلادی", "", Date{record.Gregorian, 2021, 5, 3}},
		{"2021-01-03", "", Date{record.Gregorian, 2021, 1, 3}},
		{"  2021 . 1 . 3 ", record.Gregorian, Date{record.Gregorian, 2021, 1, 3}},
		{"31/01/2021", "", Date{record.Gregorian, 2021, 1, 31}},
	} {
		got, err := Parse(test.text, test.system)
		if err != nil || got != test.want {
			t.Errorf("%q (%s): %v %v, want %v", test.text, test.system, got, err, test.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, test := range []struct {
		text   string
		system record.DateSystem
		code   Code
	}{
		{"", "", CodeEmpty},
		{" , ", record.Islamic, CodeEmpty},
		{"9 Nonsense 1399", "", CodeName},
		{"within days", record.Gregorian, CodeName},
		{"Jadi 1399", "", CodeSyntax},
		{"9 Jadi 99", "", CodeSyntax},
		{"9 Jadi 1399 7", "", CodeSyntax},
		{"1399", record.SolarHijri, CodeSyntax},
		{"1-2-3", record.SolarHijri, CodeSyntax},
		{"123456-1-1", "", CodeSyntax},
		{strings.Repeat("9", 200), "", CodeSyntax},
		{"9 Jadi 1399 \xff", "", CodeSyntax},
		{"9 Jadi 1399", record.Islamic, CodeSystem},
		{"9 Jadi 1399 AH", "", CodeSystem},
		{"3 January 2021", record.SolarHijri, CodeSystem},
		{"2021-01-03 AH", record.Gregorian, CodeSystem},
		{"2021-01-03", "maya", CodeSystem},
		{"1399-10-20", "", CodeAmbiguous},
		{"03/04/2021", "", CodeAmbiguous},
		{"1399-10-20", record.Gregorian, CodeYear},
		{"2021-01-03", record.SolarHijri, CodeYear},
		{"1442-13-01", record.Islamic, CodeMonth},
		{"1400-12-30", record.SolarHijri, CodeDay},
		{"31 Mizan 1400", "", CodeDay},
		{"30 Safar 1442", "", CodeDay},
		{"29 February 2021", "", CodeDay},
		{"13/14/2021", "", CodeMonth},
	} {
		got, err := Parse(test.text, test.system)
		if e, ok := err.(*Error); !ok || e.Code != test.code || e.Error() == "" {
			t.Errorf("%q (%s): %v %v, want %s", test.text, test.system, got, err, test.code)
		}
	}
}

// TestNames: every name leads to one month, and a printed date is read again.
func TestNames(t *testing.T) {
	seen := map[string]named{}
	note := func(name string, to named) {
		key := fold(name)
		if was, ok := seen[key]; ok && was != to {
			t.Errorf("%q leads to %v and %v", name, was, to)
		}
		seen[key] = to
	}
	for system, langs := range names {
		for _, list := range langs {
			for i, name := range list {
				note(name, named{system, i + 1})
			}
		}
		for i, list := range spellings[system] {
			for _, name := range list {
				note(name, named{system, i + 1})
			}
		}
	}
	for key := range seen {
		if _, ok := marks[key]; ok {
			t.Errorf("%q is both a month and a mark", key)
		}
	}
	for _, system := range record.DateSystems() {
		chosen := system
		if system != record.UmmAlQura {
			chosen = "" // its names are those of the calendar by rule, so it has to be chosen
		}
		for month := 1; month <= 12; month++ {
			d := Date{system, map[record.DateSystem]int{record.Gregorian: 2021, record.SolarHijri: 1400, record.Islamic: 1442, record.UmmAlQura: 1442}[system], month, 7}
			for _, lang := range []string{"en", "ur", "fa-AF", "fa-IR", "fa", "de"} {
				text := d.Text(lang)
				for _, s := range []string{text, persianDigits(text)} {
					if got, err := Parse(s, chosen); err != nil || got != d {
						t.Errorf("%q: %v %v, want %v", s, got, err, d)
					}
				}
			}
		}
		if MonthName(system, 0, "en") != "" || MonthName(system, 13, "ur") != "" {
			t.Error("a month that does not exist has a name")
		}
	}
	if got := (Date{record.SolarHijri, 1399, 10, 9}).Text("fa-AF"); got != "9 جدی 1399" {
		t.Errorf("%q", got)
	}
}

// FuzzParse: whatever is typed is a date that exists, or an error with words; and
// what was read is read again from how it is written.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"9 Jadi 1399", "1399-10-20", "۹ جدی ۱۳۹۹", "1 Rabi 1 1442", "20 Jumada al-awwal 1442 AH", "31/1/2021", "۳ جنوری ۲۰۲۱ء", "Rabi 1 1 1442", "\xff"} {
		f.Add(s, "")
		f.Add(s, "solar_hijri")
	}
	f.Fuzz(func(t *testing.T, s, system string) {
		d, err := Parse(s, record.DateSystem(system))
		if err != nil {
			if e, ok := err.(*Error); !ok || e.Error() == "" || len(e.Value) > 4*MaxDateText && len(system) < MaxDateText {
				t.Fatalf("%v", err)
			}
			return
		}
		if _, err := New(d.System, d.Year, d.Month, d.Day); err != nil {
			t.Fatalf("%q read as %v, which does not exist", s, d)
		}
		if system != "" && string(d.System) != system {
			t.Fatalf("%q read as %v of another calendar", s, d)
		}
		for _, again := range []string{d.Text("ur"), d.String()} {
			if got, err := Parse(again, d.System); err != nil || got != d {
				t.Fatalf("%q read as %v, written %q, read as %v (%v)", s, d, again, got, err)
			}
		}
		if back, err := FromDay(d.System, d.Gregorian()); err != nil || back != d {
			t.Fatalf("%v is day %d, which is %v (%v)", d, d.Gregorian(), back, err)
		}
	})
}

// persianDigits writes the digits of s as Urdu and Persian do, U+06F0 to U+06F9.
func persianDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '۰'
		}
		return r
	}, s)
}
