package edtf

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestResolve(t *testing.T) {
	tests := []struct{ said, anchor, want string }{
		{"P-5Y~", "2013-01-12", "2008~"},
		{"P-1Y", "2013-01-12", "2012"},
		{"P-1D", "2013-01-12", "2013-01-11"},
		{"P-1D", "2013-01-01", "2012-12-31"},
		{"P-1D", "2012-03-01", "2012-02-29"},
		{"P-2D", "2013-01-12", "2013-01-10"},
		{"P0D", "2013-01-12", "2013-01-12"},
		{"P0Y", "2013-01-12", "2013"},
		{"P3M", "2013-11-30", "2014-02"},
		{"P3M0D", "2013-11-30", "2014-02-28"},
		{"P-1M", "2013-01-12", "2012-12"},
		{"P-1M0D", "2013-03-31", "2013-02-28"},
		{"P-1Y0D", "2012-02-29", "2011-02-28"},
		{"P-5Y0D~", "2013-01-12", "2008-01-12~"},
		{"P-1Y-3M", "2013-01-12", "2011-10"},
		{"P-14M", "2013-01-12", "2011-11"},
		// 12 January 2013 was a Saturday.
		{"P-1W", "2013-01-12", "2012-12-31/2013-01-06"},
		{"P0W", "2013-01-07", "2013-01-07/2013-01-13"},
		{"P0W", "2013-01-13", "2013-01-07/2013-01-13"},
		{"P-2W~", "2013-01-12", "2012-12-24~/2012-12-30~"},
		{"P-2W0D", "2013-01-12", "2012-12-29"},
		// Qualifiers of the anchor carry over, on top of the speaker's own.
		{"P-1D", "2013-01-12?", "2013-01-11?"},
		{"P-5Y~", "2013-01-12?", "2008%"},
		// The day of a time is the day as written there.
		{"P-1D", "2013-01-12T01:00+05:00", "2013-01-11"},
		// A coarse anchor is enough where every day of it gives the same result.
		{"P-5Y", "2013", "2008"},
		{"P-1M", "2013-01-XX", "2012-12"},
		{"P-1Y", "2013-21", "2012"},
		{"P-1M", "2013-01-05/2013-01-08", "2012-12"},
		{"P-99999Y", "2013", "Y-97986"},
	}
	for _, tt := range tests {
		r, err := ParseRelative(tt.said)
		if err != nil {
			t.Errorf("%s: %v", tt.said, err)
			continue
		}
		got, err := r.Resolve(MustParse(tt.anchor))
		if err != nil || got.String() != tt.want {
			t.Errorf("%s on %s: %q, %v; want %s", tt.said, tt.anchor, got, err, tt.want)
		}
	}
}

func TestResolveRefuses(t *testing.T) {
	tests := []struct {
		said, anchor string
		code         Code
		says         string
	}{
		{"P-1D", "2013-01", CodeAnchor, "not exact enough to find one day by P-1D"},
		{"P-1M", "2013", CodeAnchor, "one month"},
		{"P-1Y", "2013-24", CodeAnchor, "one year"},
		{"P-1W", "2013-01-06/2013-01-07", CodeAnchor, "one week"},
		{"P-1Y", "2013/..", CodeAnchor, "a first and a last day"},
		{"P-1Y", "", CodeAnchor, "a first and a last day"},
		{"", "2013", CodeRelative, "no relative date"},
		{"P-99999Y0D", "2013-01-12", CodeYear, "only a year"},
	}
	for _, tt := range tests {
		var r Relative
		var anchor Date
		if err := errors.Join(r.UnmarshalText([]byte(tt.said)), anchor.UnmarshalText([]byte(tt.anchor))); err != nil {
			t.Fatal(err)
		}
		d, err := r.Resolve(anchor)
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Code != tt.code || !strings.Contains(e.Reason, tt.says) {
			t.Errorf("%s on %s: %q, %v; want %s … %s", tt.said, tt.anchor, d, err, tt.code, tt.says)
		}
	}
}

func TestRelativeText(t *testing.T) {
	tests := []struct {
		in   string
		want Relative
		text string // canonical text where it differs
	}{
		{"P-5Y~", Relative{Offset{Years: -5}, true, PrecisionYear}, ""},
		{"P-1D", Relative{Offset{Days: -1}, false, PrecisionDay}, ""},
		{"P0D", Relative{Unit: PrecisionDay}, ""},
		{"P0Y~", Relative{Unit: PrecisionYear, Approximate: true}, ""},
		{"P-5Y0D", Relative{Offset{Years: -5}, false, PrecisionDay}, ""},
		{"P-1Y2M-3W4D", Relative{Offset{-1, 2, -3, 4}, false, PrecisionDay}, ""},
		{"P0Y-5M", Relative{Offset{Months: -5}, false, PrecisionMonth}, "P-5M"},
	}
	for _, tt := range tests {
		r, err := ParseRelative(tt.in)
		if err != nil || r != tt.want {
			t.Errorf("%s: %#v, %v", tt.in, r, err)
		}
		if tt.text == "" {
			tt.text = tt.in
		}
		if r.String() != tt.text {
			t.Errorf("%s is written %s", tt.in, r)
		}
	}
	for _, s := range []string{
		"", "5Y", "P", "P~", "-P5Y", "P5", "PY", "P-Y", "P+5Y", "P05Y", "P-0Y", "P5D3Y", "P5Y5Y",
		"P100000Y", "P5H", "PT5H", "P5Y~~", "P5y", "P1.5Y", "P--5Y", "P5-Y", "last year",
	} {
		if r, err := ParseRelative(s); err == nil {
			t.Errorf("%q was read as %#v", s, r)
		}
	}
}

func TestRelativeWithoutUnit(t *testing.T) {
	r := Relative{Offset: Offset{Years: -1, Months: -3}}
	if r.String() != "P-1Y-3M" {
		t.Errorf("got %s", r)
	}
	for _, bad := range []Relative{
		{Offset: Offset{Days: -1}, Unit: PrecisionYear},
		{Offset: Offset{Years: -1}, Unit: PrecisionSeason},
		{Offset: Offset{Years: -1}, Unit: PrecisionDateTime},
		{Offset: Offset{Days: MaxOffset + 1}},
	} {
		if _, err := bad.MarshalText(); err == nil {
			t.Errorf("%#v was written", bad)
		}
		if d, err := bad.Resolve(MustParse("2013-01-12")); err == nil {
			t.Errorf("%#v resolved to %s", bad, d)
		}
	}
}

var relatives = rapid.Custom(func(t *rapid.T) Relative {
	part := rapid.IntRange(-2000, 2000)
	r := Relative{Offset: Offset{
		Years: part.Draw(t, "years"), Months: part.Draw(t, "months"),
		Weeks: part.Draw(t, "weeks"), Days: part.Draw(t, "days"),
	}, Approximate: rapid.Bool().Draw(t, "approximate")}
	switch rapid.IntRange(0, 4).Draw(t, "unit") {
	case 0:
		r.Offset.Months = 0
		fallthrough
	case 1:
		r.Offset.Weeks = 0
		fallthrough
	case 2:
		r.Offset.Days = 0
	}
	r.Unit = r.unit()
	return r
})

func TestEveryRelative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := relatives.Draw(t, "relative")
		again, err := ParseRelative(r.String())
		if err != nil || again != r {
			t.Fatalf("%s read again: %#v, %v; want %#v", r, again, err, r)
		}
		anchor := DayOf(rapid.IntRange(0, 3000).Draw(t, "year"), 1, 1) + Day(rapid.IntRange(0, 365).Draw(t, "day"))
		date, err := anchor.Date()
		if err != nil {
			t.Fatal(err)
		}
		d, err := r.Resolve(date)
		if err != nil {
			t.Fatal(err)
		}
		check(t, d)
		if d.Approximate() != r.Approximate || !d.ContainsDay(r.AddTo(anchor)) {
			t.Fatalf("%s on %s is %s", r, date, d)
		}
	})
}

func FuzzParseRelative(f *testing.F) {
	for _, s := range []string{"P-5Y~", "P-1D", "P0D", "P-5Y0D", "P-1Y2M-3W4D", "P", "-P5Y"} {
		f.Add(s)
	}
	anchor := MustParse("2013-01-12")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseRelative(s)
		if err != nil {
			return
		}
		if again, err := ParseRelative(r.String()); err != nil || again != r {
			t.Fatalf("%q read again: %#v, %v", s, again, err)
		}
		if err := r.Validate(); err != nil {
			t.Fatal(err)
		}
		if d, err := r.Resolve(anchor); err == nil {
			check(t, d)
		}
	})
}
