package calendar

import (
	"testing"

	"github.com/gawah-project/gawah/internal/record"
)

// TestUmmAlQura holds the calendar to days that are known, to what its months are, and to
// the calendar by rule, from which it is never far.
func TestUmmAlQura(t *testing.T) {
	for text, want := range map[string]string{
		"1 Muharram 1420": "1999-04-17", "1 Ramadan 1445": "2024-03-11", "1 Muharram 1446": "2024-07-07", "10 Dhu al-Hijjah 1445": "2024-06-16",
	} {
		d, err := Parse(text, record.UmmAlQura)
		if err != nil || DayText(d.Gregorian()) != want || d.System != record.UmmAlQura {
			t.Errorf("%s is %s (%v), want %s", text, DayText(d.Gregorian()), err, want)
		}
	}
	for year := MinUmmAlQura; year <= MaxUmmAlQura; year++ {
		days := 0
		for month := 1; month <= 12; month++ {
			n := DaysIn(record.UmmAlQura, year, month)
			if n != 29 && n != 30 {
				t.Fatalf("month %d of %d has %d days", month, year, n)
			}
			days += n
			a, b := Date{record.UmmAlQura, year, month, 1}.Gregorian(), Date{record.Islamic, year, month, 1}.Gregorian()
			if a < b-2 || a > b+2 {
				t.Errorf("month %d of %d begins on %s, by rule on %s", month, year, DayText(a), DayText(b))
			}
		}
		if want := map[bool]int{false: 354, true: 355}[leap(record.UmmAlQura, year)]; days != want {
			t.Errorf("%d has %d days", year, days)
		}
	}
	for _, text := range []string{"1419-12-29", "1451-01-01"} {
		if _, err := Parse(text, record.UmmAlQura); err == nil {
			t.Errorf("%s is read, on which the collections differ", text)
		}
	}
	for _, text := range []string{"1 Ramadan 1445 AH", "1 Ramadan 1445 SH", "1 Jadi 1445"} {
		_, err := Parse(text, record.UmmAlQura)
		if (err == nil) != (text == "1 Ramadan 1445 AH") {
			t.Errorf("%s: %v", text, err)
		}
	}
	if d, err := Parse("1 Ramadan 1445 AH", ""); err != nil || d.System != record.Islamic {
		t.Errorf("words that do not say which calendar they mean are read as %+v (%v)", d, err)
	}
	if _, err := FromDay(record.UmmAlQura, mustDay(t, "1999-04-16")); err == nil {
		t.Error("a day before the first accepted month has a date")
	}
	if _, err := FromDay(record.UmmAlQura, mustDay(t, "2029-05-14")); err == nil {
		t.Error("a day after the last accepted month has a date")
	}
	if (Date{record.UmmAlQura, 1445, 9, 1}).Text("ur") != (Date{record.Islamic, 1445, 9, 1}).Text("ur") {
		t.Error("its months have other names")
	}
}
