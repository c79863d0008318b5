package attention

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gawah-project/gawah/internal/record"
)

func d(day string, matched, all int64) record.DayCount {
	return record.DayCount{Day: "2031-01-" + day, Matched: matched, All: all}
}

func TestShareIsNeverMadeUp(t *testing.T) {
	for _, c := range []struct {
		in   record.DayCount
		want float64
		ok   bool
	}{
		{d("10", 3, 12), 0.25, true},
		{d("10", 0, 12), 0, true},
		{d("10", 0, 0), 0, false},
		{d("10", 3, 0), 0, false},
		{d("10", 3, -1), 0, false},
		{record.DayCount{Matched: -1, All: -1, Share: "0.5"}, 0.005, true},
		{record.DayCount{Matched: -1, All: -1, Share: "NaN"}, 0, false},
		{record.DayCount{Matched: -1, All: -1, Share: "Inf"}, 0, false},
		{record.DayCount{Matched: -1, All: -1, Share: "-1"}, 0, false},
	} {
		if got, ok := Share(c.in); ok != c.ok || got != c.want {
			t.Errorf("%+v: %v %v", c.in, got, ok)
		}
	}
}

func TestSummarise(t *testing.T) {
	got := Summarise([]record.DayCount{d("10", 2, 10), d("11", 8, 20), d("14", 1, -1), d("15", 0, 0)})
	want := Summary{
		First: "2031-01-10", Last: "2031-01-15", Days: 4, Missing: 2, Matched: 10, All: 30, Items: 11, Counted: true, Share: 1.0 / 3,
		Peak: "2031-01-11", PeakItems: 8, PeakShare: 0.4, PeakHas: true, Shares: 2,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if s := Summarise(nil); s.ShareWhy != NoDays {
		t.Errorf("%+v", s)
	}
	if s := Summarise([]record.DayCount{d("10", 2, -1)}); s.ShareWhy != NoTotal || s.Peak == "" {
		t.Errorf("%+v", s)
	}
	if s := Summarise([]record.DayCount{{Day: "2031-01-10", Matched: -1, All: -1, Share: "2"}, {Day: "2031-01-11", Matched: -1, All: -1, Share: "3"}}); s.ShareWhy != NoCounts || s.Peak != "2031-01-11" || s.PeakShare != 0.03 {
		t.Errorf("%+v", s)
	}
}

func TestLag(t *testing.T) {
	for name, c := range map[string]struct {
		days         []record.DayCount
		first, last  string
		want         Span
		withoutCount bool
	}{
		"the same day":             {days: []record.DayCount{d("10", 1, 5)}, first: "10", last: "10", want: Span{}},
		"two days later":           {days: []record.DayCount{d("10", 0, 5), d("11", 0, 5), d("12", 1, 5)}, first: "10", last: "10", want: Span{Low: 2, High: 2}},
		"unknown days before it":   {days: []record.DayCount{d("10", 0, 5), d("13", 1, 5)}, first: "10", last: "10", want: Span{Low: 1, High: 3}},
		"the event's day unknown":  {days: []record.DayCount{d("12", 1, 5)}, first: "10", last: "10", want: Span{Low: 0, High: 2}},
		"an uncertain day":         {days: []record.DayCount{d("10", 0, 5), d("11", 0, 5), d("12", 0, 5), d("13", 2, 5)}, first: "10", last: "12", want: Span{Low: 1, High: 3}},
		"before the event":         {days: []record.DayCount{d("08", 9, 9), d("10", 0, 5), d("11", 1, 5)}, first: "10", last: "10", want: Span{Low: 1, High: 1}},
		"nothing":                  {days: []record.DayCount{d("10", 0, 5)}, first: "10", last: "10", want: Span{Why: NoMatch}},
		"over before":              {days: []record.DayCount{d("08", 1, 5)}, first: "10", last: "10", want: Span{Why: BeforeEvent}},
		"no days":                  {first: "10", last: "10", want: Span{Why: NoDays}},
		"no date":                  {days: []record.DayCount{d("08", 1, 5)}, want: Span{Why: NoDate}},
		"totals do not matter":     {days: []record.DayCount{d("10", 0, 0), d("11", 4, -1)}, first: "10", last: "10", want: Span{Low: 1, High: 1}},
		"shares alone do for this": {days: []record.DayCount{{Day: "2031-01-10", Matched: -1, All: -1, Share: "0"}, {Day: "2031-01-11", Matched: -1, All: -1, Share: "0.1"}}, first: "10", last: "10", want: Span{Low: 1, High: 1}},
	} {
		from, to := "", ""
		if c.first != "" {
			from, to = "2031-01-"+c.first, "2031-01-"+c.last
		}
		if got := Lag(c.days, from, to); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestPersistence(t *testing.T) {
	for name, c := range map[string]struct {
		days []record.DayCount
		want Span
	}{
		"stays below after three days": {[]record.DayCount{d("10", 100, 500), d("11", 50, 500), d("12", 10, 500), d("13", 9, 500), d("14", 0, 500)}, Span{Low: 3, High: 3}},
		"comes back once":              {[]record.DayCount{d("10", 100, 500), d("11", 5, 500), d("12", 40, 500), d("13", 9, 500)}, Span{Low: 3, High: 3}},
		"not over":                     {[]record.DayCount{d("10", 100, 500), d("11", 50, 500)}, Span{Low: 2, High: 2, Open: true}},
		"unknown days at the end":      {[]record.DayCount{d("10", 100, 500), d("14", 0, 500)}, Span{Low: 1, High: 4}},
		"the peak is not first":        {[]record.DayCount{d("09", 1, 9), d("10", 100, 500), d("11", 0, 500)}, Span{Low: 1, High: 1}},
		"nothing":                      {[]record.DayCount{d("10", 0, 500)}, Span{Why: NoMatch}},
		"no days":                      {nil, Span{Why: NoDays}},
	} {
		if got := Persistence(c.days); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func side(deaths Count, days ...record.DayCount) Side {
	return Side{Collection: "Example Collection", Tool: record.ToolMediaCloud, Language: "en", Days: days, Deaths: deaths, Known: true}
}

func TestCompare(t *testing.T) {
	a := side(Count{Low: 80, High: 100}, d("10", 20, 1000), d("11", 20, 1000), d("12", 0, 1000), d("13", 7, 1000))
	b := side(Count{Low: 4, High: 5}, d("09", 50, 1000), d("10", 100, 1000), d("11", 200, 1000), d("12", 100, 1000))
	got := Compare(a, b)
	if !got.Alike || got.Common != 3 || got.A != 40 || got.B != 400 || len(got.Days) != 5 || !cmp.Equal(got.Warnings, []Warning{Unknown}) {
		t.Fatalf("%+v", got)
	}
	// ln[(40/100)/(400/4)] … ln[(40/80)/(400/5)]
	if r := got.Relative; !r.OK() || math.Abs(r.Low-math.Log(0.004)) > 1e-12 || math.Abs(r.High-math.Log(0.00625)) > 1e-12 {
		t.Errorf("relative %+v", got.Relative)
	}
	if low, high := got.Relative.Times(); math.Abs(low-0.004) > 1e-12 || math.Abs(high-0.00625) > 1e-12 {
		t.Errorf("times %v %v", low, high)
	}
	open := b
	open.Deaths.Open = true
	if r := Compare(a, open).Relative; !r.OK() || !r.HighOpen || r.LowOpen || r.High != 0 {
		t.Errorf("open end: %+v", r)
	}
	for why, change := range map[Reason]func(a, b *Side){
		NoDeaths: func(a, _ *Side) { a.Deaths = Count{Low: 0, High: 3} },
		NotAlike: func(_, b *Side) { b.Collection = "Another" },
		NoCommon: func(a, _ *Side) { a.Days = []record.DayCount{d("20", 1, 2)} },
		NoMatch:  func(a, _ *Side) { a.Days = []record.DayCount{d("10", 0, 2)} },
		NoCounts: func(a, _ *Side) {
			a.Days = []record.DayCount{{Day: "2031-01-10", Matched: -1, All: -1, Share: "1"}}
		},
	} {
		x, y := a, b
		change(&x, &y)
		if r := Compare(x, y).Relative; r.Why != why || r.Low != 0 || r.High != 0 {
			t.Errorf("%s: %+v", why, r)
		}
	}
	grown := b
	grown.Days = []record.DayCount{d("10", 100, 2000), d("11", 200, 1000), d("12", 100, 1000)}
	if c := Compare(a, grown); c.AllDiffers != 1 || !cmp.Equal(c.Warnings, []Warning{OtherTotals, Unknown}) {
		t.Errorf("totals that differ: %+v", c.Warnings)
	}
	other := b
	other.Collection, other.Language, other.Tool = " example  collection ", "ur", record.ToolGDELT
	if c := Compare(a, other); c.Alike || !cmp.Equal(c.Warnings[:2], []Warning{OtherTool, OtherLanguage}) {
		t.Errorf("another tool and language: %+v", c.Warnings)
	}
}

func TestGap(t *testing.T) {
	en := side(Count{}, d("10", 10, 1000), d("11", 30, 1000))
	ur := side(Count{}, d("10", 50, 500), d("11", 50, 500), d("12", 1, 1))
	ur.Language = "ur"
	fa := side(Count{}, d("10", 5, -1))
	fa.Language = "fa-AF"
	voices, common := Gap([]Side{en, ur, fa}, "2031-01-10", "2031-01-10")
	want := []Voice{{Language: "en", Share: 0.02}, {Language: "ur", Share: 0.1}, {Language: "fa-AF", Why: NoTotal}}
	if diff := cmp.Diff(want, voices); diff != "" || common != 2 {
		t.Errorf("%d common days: %s", common, diff)
	}
	if v, n := Gap(nil, "", ""); len(v) != 0 || n != 0 {
		t.Errorf("nothing: %v %d", v, n)
	}
}

// TestNothingIsEverInfinite tries series of every shape.
func TestNothingIsEverInfinite(t *testing.T) {
	days := rapid.Custom(func(t *rapid.T) []record.DayCount {
		var out []record.DayCount
		for n := 1; n < 20; n++ {
			if rapid.Bool().Draw(t, "there") {
				c := d(string(rune('0'+n/10))+string(rune('0'+n%10)), rapid.Int64Range(0, 5).Draw(t, "matched"), rapid.Int64Range(-1, 9).Draw(t, "all"))
				if rapid.IntRange(0, 9).Draw(t, "share") == 0 {
					c.Matched, c.All, c.Share = -1, -1, rapid.SampledFrom([]string{"0", "1.5", "x", "1e400"}).Draw(t, "printed")
				}
				out = append(out, c)
			}
		}
		return out
	})
	count := rapid.Custom(func(t *rapid.T) Count {
		return Count{Low: rapid.Int64Range(-1, 9).Draw(t, "low"), High: rapid.Int64Range(-1, 9).Draw(t, "high"), Open: rapid.Bool().Draw(t, "open")}
	})
	finite := func(t *rapid.T, what string, v float64) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Fatalf("%s is %v", what, v)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := side(count.Draw(t, "deaths a"), days.Draw(t, "a")...), side(count.Draw(t, "deaths b"), days.Draw(t, "b")...)
		s := Summarise(a.Days)
		finite(t, "share", s.Share)
		finite(t, "peak", s.PeakShare)
		c := Compare(a, b)
		finite(t, "low", c.Relative.Low)
		finite(t, "high", c.Relative.High)
		if r := c.Relative; r.OK() && !r.LowOpen && !r.HighOpen && r.Low > r.High {
			t.Fatalf("the range is upside down: %+v", r)
		}
		for _, l := range []Span{Lag(a.Days, "2031-01-05", "2031-01-07"), Persistence(a.Days)} {
			if l.OK() && (l.Low < 0 || l.High < l.Low) {
				t.Fatalf("the span is upside down: %+v", l)
			}
		}
		voices, _ := Gap([]Side{a, b}, "2031-01-05", "2031-01-07")
		for _, v := range voices {
			finite(t, "voice", v.Share)
		}
	})
}
