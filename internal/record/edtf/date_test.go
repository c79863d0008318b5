package edtf

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// check asserts what must hold of every date that Parse accepts.
func check(t interface{ Fatalf(string, ...any) }, d Date) {
	again, err := Parse(d.String())
	if err != nil || again != d {
		t.Fatalf("%q read again: %q, %v", d, again, err)
	}
	lo, okLo := d.Earliest()
	hi, okHi := d.Latest()
	if okLo && okHi && lo > hi {
		t.Fatalf("%q: earliest %d after latest %d", d, lo, hi)
	}
	if okLo != (d.StartKind() == EndKnown) || okHi != (d.EndKind() == EndKnown) {
		t.Fatalf("%q: ends %v %v against %v %v", d, okLo, okHi, d.StartKind(), d.EndKind())
	}
	if d.Precision() == PrecisionNone || d.Precision() == PrecisionWeek || d.IsZero() {
		t.Fatalf("%q: precision %v", d, d.Precision())
	}
	if d.Compare(d) != 0 || !d.Overlaps(d) || !d.Contains(d) {
		t.Fatalf("%q does not contain itself", d)
	}
	a, b := d.Ends()
	if a.IsZero() != !okLo || b.IsZero() != !okHi {
		t.Fatalf("%q: ends %q and %q", d, a, b)
	}
	if !a.IsZero() && !d.ContainsDay(a.lo) || !b.IsZero() && !d.ContainsDay(b.hi) {
		t.Fatalf("%q does not contain its ends %q and %q", d, a, b)
	}
	if d.Precision() != PrecisionDateTime {
		plain, err := d.WithQualifiers(false, false)
		if err != nil || plain.Approximate() || plain.Uncertain() {
			t.Fatalf("%q without qualifiers: %q, %v", d, plain, err)
		}
		both, err := d.WithQualifiers(true, true)
		if err != nil || (okLo || okHi) && !(both.Approximate() && both.Uncertain()) {
			t.Fatalf("%q with both qualifiers: %q, %v", d, both, err)
		}
		if plain.lo != d.lo || plain.hi != d.hi || both.lo != d.lo || both.hi != d.hi {
			t.Fatalf("%q: qualifiers moved the bounds", d)
		}
	}
}

var qualifiers = rapid.SampledFrom([]string{"", "", "?", "~", "%"})

var single = rapid.Custom(func(t *rapid.T) string {
	y := rapid.IntRange(-9999, 9999).Draw(t, "year")
	m := rapid.IntRange(1, 12).Draw(t, "month")
	d := rapid.IntRange(1, DaysInMonth(y, m)).Draw(t, "day")
	ys := yearText(y)
	s := rapid.SampledFrom([]string{
		ys,
		fmt.Sprintf("%s-%02d", ys, m),
		fmt.Sprintf("%s-%02d-%02d", ys, m, d),
		fmt.Sprintf("%s-%d", ys, 21+m%4),
		ys + "-XX",
		ys + "-XX-XX",
		fmt.Sprintf("%s-%02d-XX", ys, m),
		fmt.Sprintf("%03dX", max(y, 0)/10),
		fmt.Sprintf("%02dXX", max(y, 0)/100),
		fmt.Sprintf("Y%d", y*98000+10000000*(2*truth(y >= 0)-1)),
	}).Draw(t, "form")
	return s + qualifiers.Draw(t, "qualifier")
})

// fromTime returns t to the second, with the offset of its location.
func fromTime(t time.Time) (Date, error) { return Parse(t.Format("2006-01-02T15:04:05Z07:00")) }

var dates = rapid.Custom(func(t *rapid.T) Date {
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		sec := rapid.Int64Range(-62167219200+86400, 253402300799-86400).Draw(t, "seconds")
		zone := time.FixedZone("", 60*rapid.IntRange(-14*60, 14*60).Draw(t, "offset"))
		d, err := fromTime(time.Unix(sec, 0).In(zone))
		if err != nil {
			t.Fatal(err)
		}
		return d
	case 1:
		s := rapid.SampledFrom([]string{"../", "/"}).Draw(t, "start") + single.Draw(t, "end")
		return MustParse(s)
	case 2:
		s := single.Draw(t, "start") + rapid.SampledFrom([]string{"/..", "/"}).Draw(t, "end")
		return MustParse(s)
	case 3:
		a, b := MustParse(single.Draw(t, "a")), MustParse(single.Draw(t, "b"))
		if a.lo > b.hi {
			a, b = b, a
		}
		d, err := NewInterval(a, b)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	return MustParse(single.Draw(t, "single"))
})

func TestEveryDate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { check(t, dates.Draw(t, "date")) })
}

func TestOrderIsTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := dates.Draw(t, "a"), dates.Draw(t, "b"), dates.Draw(t, "c")
		if Compare(a, b) != -Compare(b, a) {
			t.Fatalf("%q and %q are ordered both ways", a, b)
		}
		if (Compare(a, b) == 0) != (a == b) {
			t.Fatalf("%q and %q: Compare %d, equal %v", a, b, Compare(a, b), a == b)
		}
		if Compare(a, b) <= 0 && Compare(b, c) <= 0 && Compare(a, c) > 0 {
			t.Fatalf("%q ≤ %q ≤ %q, but not the first and the last", a, b, c)
		}
		alo, _ := a.span()
		blo, _ := b.span()
		if alo < blo && Compare(a, b) >= 0 {
			t.Fatalf("%q starts before %q and sorts after it", a, b)
		}
		if a.Contains(b) && !a.Overlaps(b) || a.Overlaps(b) != b.Overlaps(a) {
			t.Fatalf("%q and %q: contains %v, overlaps %v and %v", a, b, a.Contains(b), a.Overlaps(b), b.Overlaps(a))
		}
	})
}

func TestCompareSorts(t *testing.T) {
	ordered := []string{
		"../2012", "/2013", "2012", "2013-01-01", "2013-01", "2013-01~", "2013",
		"2013/..", "2013-01-10", "2013-01-10T08:00+05:00", "2013-01-10T20:50",
		"2013-01-10T20:50Z", "2013-01-10T21:00:00-03:30", "2013-01-10/", "2013-21", "",
	}
	// "2013/.." and "2013-01-10/": a start without end sorts after all with the
	// same start and an end.
	var got []Date
	for _, s := range ordered {
		var d Date
		if err := d.UnmarshalText([]byte(s)); err != nil {
			t.Fatal(err)
		}
		got = append(got, d)
	}
	want := slices.Clone(got)
	slices.Reverse(got)
	slices.SortFunc(got, Compare)
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestOverlapsAndContains(t *testing.T) {
	tests := []struct {
		a, b               string
		overlaps, contains bool
	}{
		{"2013", "2013-01-10", true, true},
		{"2013-01-10", "2013", true, false},
		{"2013-01", "2013-02", false, false},
		{"2013-01-10", "2013-01-10T20:50Z", true, true},
		{"2011/2013", "201X", true, false},
		{"201X", "2011/2013", true, true},
		{"2011/..", "2050", true, true},
		{"2011/..", "2010", false, false},
		{"/2011", "2010", true, true},
		{"/2011", "2011-06/", true, false},
		{"2013", "2013-24", true, false},
		{"../..", "Y-999999999/", true, true},
	}
	for _, tt := range tests {
		a, b := MustParse(tt.a), MustParse(tt.b)
		if a.Overlaps(b) != tt.overlaps || b.Overlaps(a) != tt.overlaps || a.Contains(b) != tt.contains {
			t.Errorf("%s and %s: overlaps %v, contains %v", a, b, a.Overlaps(b), a.Contains(b))
		}
	}
}

func TestZeroDate(t *testing.T) {
	var z Date
	d := MustParse("2013")
	_, okLo := z.Earliest()
	_, okHi := z.Latest()
	a, b := z.Ends()
	if !z.IsZero() || z.String() != "" || okLo || okHi || z.Precision() != PrecisionNone ||
		z.StartKind() != EndUnknown || z.EndKind() != EndUnknown || !a.IsZero() || !b.IsZero() {
		t.Errorf("zero date: %#v", z)
	}
	if z.Overlaps(d) || d.Overlaps(z) || z.Contains(d) || d.Contains(z) || z.ContainsDay(0) || z.Overlaps(z) {
		t.Error("the zero date overlaps or contains something")
	}
	if Compare(z, z) != 0 || Compare(z, d) != 1 || Compare(d, z) != -1 {
		t.Error("the zero date does not sort last")
	}
	if _, err := z.WithQualifiers(true, false); err == nil {
		t.Error("the zero date took a qualifier")
	}
	if _, _, ok := z.Instant(); ok {
		t.Error("the zero date has an instant")
	}
}

func TestEnds(t *testing.T) {
	tests := []struct {
		in, start, end     string
		startKind, endKind EndKind
	}{
		{"2011~/2013?", "2011~", "2013?", EndKnown, EndKnown},
		{"../2013", "", "2013", EndOpen, EndKnown},
		{"2013/", "2013", "", EndKnown, EndUnknown},
		{"/..", "", "", EndUnknown, EndOpen},
		{"2013-01", "2013-01", "2013-01", EndKnown, EndKnown},
	}
	for _, tt := range tests {
		d := MustParse(tt.in)
		a, b := d.Ends()
		if a.String() != tt.start || b.String() != tt.end || d.StartKind() != tt.startKind || d.EndKind() != tt.endKind {
			t.Errorf("%s: %q %v, %q %v", tt.in, a, d.StartKind(), b, d.EndKind())
		}
	}
}

func TestInstant(t *testing.T) {
	tests := []struct {
		in, utc string
		width   time.Duration
	}{
		{"2013-01-10T20:50+05:00", "2013-01-10T15:50:00Z", time.Minute},
		{"2013-01-10T20:50:30+05:00", "2013-01-10T15:50:30Z", time.Second},
		{"2013-01-10T22:00-03:30", "2013-01-11T01:30:00Z", time.Minute},
		{"2013-01-10T15:50Z", "2013-01-10T15:50:00Z", time.Minute},
		{"2013-01-10T15:50", "", 0},
		{"2013-01-10", "", 0},
	}
	for _, tt := range tests {
		at, width, ok := MustParse(tt.in).Instant()
		got := ""
		if ok {
			got = at.UTC().Format(time.RFC3339)
		}
		if got != tt.utc || width != tt.width {
			t.Errorf("%s: %s for %v, want %s for %v", tt.in, got, width, tt.utc, tt.width)
		}
	}
	at := time.Date(2013, 1, 10, 20, 50, 30, 999, time.FixedZone("", 4*3600+1800))
	d, err := fromTime(at)
	if err != nil || d.String() != "2013-01-10T20:50:30+04:30" {
		t.Fatalf("from time: %q, %v", d, err)
	}
	if back, _, ok := d.Instant(); !ok || !back.Equal(at.Truncate(time.Second)) {
		t.Errorf("back: %v", back)
	}
}

func TestConstructors(t *testing.T) {
	tests := []struct {
		name string
		make func() (Date, error)
		want string // "" for an error
	}{
		{"year", func() (Date, error) { return NewYear(2013) }, "2013"},
		{"year 1 BC", func() (Date, error) { return NewYear(0) }, "0000"},
		{"year before", func() (Date, error) { return NewYear(-44) }, "-0044"},
		{"long year", func() (Date, error) { return NewYear(-12000) }, "Y-12000"},
		{"year out of range", func() (Date, error) { return NewYear(MaxYear + 1) }, ""},
		{"month", func() (Date, error) { return NewMonth(2013, 1) }, "2013-01"},
		{"month 13", func() (Date, error) { return NewMonth(2013, 13) }, ""},
		{"a season is no month", func() (Date, error) { return NewMonth(2013, 21) }, ""},
		{"month of a long year", func() (Date, error) { return NewMonth(12000, 1) }, ""},
		{"day", func() (Date, error) { return NewDay(2013, 1, 10) }, "2013-01-10"},
		{"day 30 of February", func() (Date, error) { return NewDay(2013, 2, 30) }, ""},
		{"negative day", func() (Date, error) { return NewDay(2013, 2, -3) }, ""},
		{"day number", Day(0).Date, "1970-01-01"},
		{"day number out of range", Day(1 << 40).Date, ""},
		{"interval", func() (Date, error) { return NewInterval(MustParse("2011"), Date{}) }, "2011/"},
		{"interval of intervals", func() (Date, error) { return NewInterval(MustParse("2011/"), MustParse("2012")) }, ""},
		{"qualified interval", func() (Date, error) { return MustParse("../2013?").WithQualifiers(true, false) }, "../2013~"},
		{"qualified time", func() (Date, error) { return MustParse("2013-01-10T20:50Z").WithQualifiers(true, false) }, ""},
	}
	for _, tt := range tests {
		d, err := tt.make()
		if d.String() != tt.want || (err != nil) != (tt.want == "") {
			t.Errorf("%s: %q, %v; want %q", tt.name, d, err, tt.want)
		}
	}
}

func TestDayAgainstTime(t *testing.T) {
	if DayOf(1970, 1, 1) != 0 || DayOf(2000, 3, 1) != 11017 {
		t.Fatal("the count does not start at 1970-01-01")
	}
	// Three whole cycles of 400 years around year 0, day by day.
	at := time.Date(-600, 1, 1, 0, 0, 0, 0, time.UTC)
	day := DayOf(-600, 1, 1)
	for range 3 * daysPer400Years {
		y, m, d := at.Date()
		if y2, m2, d2 := day.Civil(); y2 != y || m2 != int(m) || d2 != d || DayOf(y, int(m), d) != day {
			t.Fatalf("day %d is %04d-%02d-%02d, want %04d-%02d-%02d", day, y2, m2, d2, y, m, d)
		}
		if want := (int(at.Weekday())+6)%7 + 1; day.Weekday() != want {
			t.Fatalf("day %d is weekday %d, want %d", day, day.Weekday(), want)
		}
		at, day = at.AddDate(0, 0, 1), day+1
	}
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.IntRange(-MaxYear, MaxYear).Draw(t, "year")
		m := rapid.IntRange(1, 12).Draw(t, "month")
		d := rapid.IntRange(1, DaysInMonth(y, m)).Draw(t, "day")
		if y2, m2, d2 := DayOf(y, m, d).Civil(); y2 != y || m2 != m || d2 != d {
			t.Fatalf("%d-%d-%d became %d-%d-%d", y, m, d, y2, m2, d2)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, s := range []string{"2013-01-10", "2013-01-10T20:50:00+05:00", "2011~/2013-01-10?"} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParseRefused(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("13/01/2013"); err == nil {
			b.Fatal("accepted")
		}
	}
}
