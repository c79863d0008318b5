package trend

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/record"
)

var update = flag.Bool("update", false, "write testdata/example.result.json for a version that has none yet")

// example returns the parameters and the encoded input of the worked example.
func example(t *testing.T) (Params, []byte) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "example.params.json"))
	if err != nil {
		t.Fatal(err)
	}
	var p Params
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		t.Fatal(err)
	}
	input, err := os.ReadFile(filepath.Join("testdata", "example.input.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	return p, input
}

// TestRecompute holds every version to the bytes that it gave when it was new.
// The file of a version is never written again.
func TestRecompute(t *testing.T) {
	p, input := example(t)
	for _, version := range Versions() {
		r, err := Recompute(version, p, input)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, '\n')
		file := filepath.Join("testdata", "example.result."+strings.ReplaceAll(version, "/", "-")+".json")
		want, err := os.ReadFile(file)
		if *update && errors.Is(err, fs.ErrNotExist) {
			want, err = got, os.WriteFile(file, got, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s does not give what it gave (-then +now):\n%s", version, diff)
		}
		var back Result
		if err := json.Unmarshal(got, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r, back); diff != "" {
			t.Errorf("the result does not survive its JSON:\n%s", diff)
		}
	}
	if _, err := Recompute("trend/0", p, input); err == nil {
		t.Error("a version that never was gave a result")
	}
	if _, err := Recompute(Version, p, input[1:]); err == nil {
		t.Error("a damaged input gave a result")
	}
}

func compute(t *testing.T, p Params, in Input) Result {
	t.Helper()
	r, err := Compute(p, in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestComputeOrder: neither the order of the events nor a second run changes a
// byte.
func TestComputeOrder(t *testing.T) {
	p, input := example(t)
	in, err := ParseInput(input)
	if err != nil {
		t.Fatal(err)
	}
	first, err := json.Marshal(compute(t, p, in))
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 3 {
		r.Shuffle(len(in.Events), func(i, j int) { in.Events[i], in.Events[j] = in.Events[j], in.Events[i] })
		again, err := json.Marshal(compute(t, p, in))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, again) {
			t.Fatalf("another order gives another result:\n%s\n%s", first, again)
		}
	}
}

// TestWorked checks the worked example against what can be counted by hand in
// its input.
func TestWorked(t *testing.T) {
	p, input := example(t)
	r, err := Recompute(Version, p, input)
	if err != nil {
		t.Fatal(err)
	}
	if r.Events != 26 || r.Joined != 1 || r.Attacks != 25 || r.Outside != 0 || r.InputSHA256 != Hash(input) {
		t.Errorf("%d events, %d joined, %d attacks, %d outside, hash %s", r.Events, r.Joined, r.Attacks, r.Outside, r.InputSHA256)
	}
	a := r.All
	// attack-10 may be on either side of the boundary: counted in the whole only.
	if a.Attacks != 25 || a.Before.Attacks != 9 || a.After.Attacks != 15 || a.Undated != 2 || a.Unbinned != 1 {
		t.Errorf("%d attacks, %d before, %d after, %d undated, %d unbinned", a.Attacks, a.Before.Attacks, a.After.Attacks, a.Undated, a.Unbinned)
	}
	if a.Before.Days != 2192 || a.After.Days != 1095 || len(a.Bins) != 108 || a.Bins[72].From != "2025-01-01" || !a.Bins[72].Later || a.Bins[71].Later {
		t.Errorf("%d and %d days, %d bins", a.Before.Days, a.After.Days, len(a.Bins))
	}
	want, err := CompareRates(9, 2192, 15, 1095, 0.05)
	if err != nil {
		t.Fatal(err)
	}
	if a.Published.Method != ConditionalBinomial || *a.Published.P != want.P.round() || a.Published.Finding != Rising {
		t.Errorf("published %+v, want the conditional binomial p %v", a.Published, want.P)
	}
	// One source and nobody killed: 03, 08, 12, 24; and 18, of which nothing is
	// known.
	if r.Strict.Attacks != 20 || r.Strict.Before.Attacks != 7 || r.Strict.After.Attacks != 12 {
		t.Errorf("strict: %d attacks, %d before, %d after", r.Strict.Attacks, r.Strict.Before.Attacks, r.Strict.After.Attacks)
	}
	if u := r.Undecided; u == nil || u.Attacks != 1 || u.Lowest.Before != 10 || u.Lowest.After != 15 || u.Highest.Before != 9 || u.Highest.After != 16 {
		t.Errorf("undecided %+v", u)
	}
	if v := r.Victims; v == nil || v.Attacks != 23 || v.Unknown != 1 {
		t.Errorf("victims %+v", v)
	} else {
		six(t, "killed before", float64(v.Low.Before), 25.0/72, 1e-9)
		six(t, "killed after, at most", float64(v.High.After), 57.0/36, 1e-9)
	}
	var groups []string
	for _, g := range r.Groups {
		groups = append(groups, fmt.Sprint(g.Group, g.Analysis.Before.Attacks, g.Analysis.After.Attacks))
	}
	if diff := cmp.Diff([]string{"North5 10", "South4 5"}, groups); diff != "" {
		t.Error(diff)
	}
}

// daily returns an event on each of the days, so many days after the first.
func daily(from string, offsets ...int) Input {
	first, err := parseDay(from)
	if err != nil {
		panic(err)
	}
	var in Input
	for i, o := range offsets {
		at := (first + day(o)).String()
		in.Events = append(in.Events, Event{ID: fmt.Sprint("e", i), From: at, To: at, Sources: 2, KilledLow: 1, KilledHigh: 1})
	}
	return in
}

func divided(from, boundary, to string) Params {
	p := Defaults(from, to)
	p.Boundary, p.Ground, p.Why = boundary, GroundEvent, "an example"
	return p
}

func TestRefused(t *testing.T) {
	seven := daily("2030-01-01", 1, 40, 80, 200, 210, 220, 230)
	eight := daily("2030-01-01", 10, 50, 90, 130, 190, 230, 270, 310)
	fromData := divided("2030-01-01", "2030-07-01", "2031-06-30")
	fromData.Ground = GroundData
	minimum := divided("2030-01-01", "2030-07-01", "2031-06-30")
	minimum.Minimum = 9
	for _, tt := range []struct {
		name   string
		p      Params
		in     Input
		want   []Reason
		method Method
	}{
		{"nothing at all", Defaults("2030-01-01", "2031-12-31"), Input{}, []Reason{NoBoundary, TooFewAttacks}, NoMethod},
		{"nothing, two periods", divided("2030-01-01", "2030-07-01", "2031-06-30"), Input{}, []Reason{TooFewAttacks}, NoMethod},
		{"seven", divided("2030-01-01", "2030-07-01", "2031-06-30"), seven, []Reason{TooFewAttacks}, NoMethod},
		{"eight", divided("2030-01-01", "2030-07-01", "2031-06-30"), eight, nil, ConditionalBinomial},
		{"own minimum", minimum, eight, []Reason{TooFewAttacks}, NoMethod},
		{"no boundary", Defaults("2030-01-01", "2031-12-31"), eight, []Reason{NoBoundary}, ChangePoint},
		{"boundary from data", fromData, eight, []Reason{BoundaryFromData}, ChangePoint},
		{"boundary from data, seven", fromData, seven, []Reason{BoundaryFromData, TooFewAttacks}, NoMethod},
		{"no whole month later", divided("2030-01-01", "2030-11-10", "2030-11-30"), eight, []Reason{TooFewBins}, NoMethod},
		{"all in the cut month", divided("2030-01-20", "2030-07-01", "2030-12-31"), daily("2030-01-20", 0, 0, 1, 2, 3, 3, 4, 5, 6), []Reason{NothingInBins}, NoMethod},
		{"all on one day", Defaults("2030-01-01", "2031-12-31"), daily("2030-01-01", 9, 9, 9, 9, 9, 9, 9, 9, 9), []Reason{NoBoundary}, NoMethod},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := compute(t, tt.p, tt.in)
			pub := r.All.Published
			if diff := cmp.Diff(tt.want, pub.Refused); diff != "" || pub.Method != tt.method {
				t.Errorf("method %q, refused (-want +got):\n%s", pub.Method, diff)
			}
			if (pub.Method == NoMethod) != (pub.Finding == NotTested) || (pub.P == nil) != (pub.Method == NoMethod) {
				t.Errorf("published %+v", pub)
			}
		})
	}
}

// TestResultSize: the largest result can be kept with its statement.
func TestResultSize(t *testing.T) {
	p := divided("1951-01-01", "1991-01-01", "2030-12-31")
	p.Groups = true
	var in Input
	for g := range MostGroups {
		for _, e := range daily("1951-01-01", 100, 3000, 6000, 9000, 12000, 14700, 16000, 20000, 24000, 28000, 29000).Events {
			e.Group = strings.Repeat("x", maxField-2) + fmt.Sprint(10+g)
			e.ID = fmt.Sprint(g, e.ID)
			in.Events = append(in.Events, e)
		}
	}
	b, err := json.Marshal(compute(t, p, in))
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > record.MaxText {
		t.Errorf("a result of %d bytes; a statement keeps %d", len(b), record.MaxText)
	}
	t.Logf("%d bytes", len(b))
}

func TestChoice(t *testing.T) {
	burst := func(from string, bursts ...int) []int {
		var all []int
		for _, b := range bursts {
			all = append(all, b, b+1, b+2, b+3)
		}
		return all
	}
	p := divided("2030-01-01", "2032-01-01", "2033-12-31")
	for _, tt := range []struct {
		name   string
		in     Input
		method Method
		ratio  float64
	}{
		{"even", daily("2030-01-01", 5, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100), ConditionalBinomial, 0},
		{"bursts", daily("2030-01-01", burst("", 5, 200, 500, 800, 1000, 1200)...), QuasiPoisson, 0},
		{"a burst and nothing before", daily("2030-01-01", burst("", 800, 1200)...), BinShuffle, math.Inf(1)},
		{"a burst and little before", daily("2030-01-01", append([]int{100}, burst("", 800, 1200)...)...), BinShuffle, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pub := compute(t, p, tt.in).All.Published
			if pub.Method != tt.method {
				t.Errorf("method %s, want %s", pub.Method, tt.method)
			}
			if tt.ratio != 0 && float64(*pub.Ratio) != tt.ratio {
				t.Errorf("ratio %v, want %v", *pub.Ratio, tt.ratio)
			}
			if (pub.Interval == nil) != (tt.method == BinShuffle) {
				t.Errorf("interval %v", pub.Interval)
			}
		})
	}
}

// TestBoundaryEvent: the attack that set the boundary is not evidence for what
// came after it.
func TestBoundaryEvent(t *testing.T) {
	p := divided("2030-01-01", "2031-01-01", "2032-06-30")
	in := daily("2030-01-01", 10, 90, 180, 270, 365, 400, 500, 600, 700, 800)
	with := compute(t, p, in).All
	p.BoundaryEvent = "e4"
	without := compute(t, p, in).All
	if with.After.Attacks != 6 || without.After.Attacks != 5 || without.AtBoundary != 1 || without.Attacks != 10 {
		t.Errorf("%d with and %d without, %d at the boundary of %d", with.After.Attacks, without.After.Attacks, without.AtBoundary, without.Attacks)
	}
	if diff := cmp.Diff(with.Bins, without.Bins); diff != "" {
		t.Errorf("the chart leaves it out too:\n%s", diff)
	}
	p.BoundaryEvent = "elsewhere"
	if _, err := Compute(p, in); err == nil {
		t.Error("an event that is not in the input set the boundary")
	}
}

func TestChangeDays(t *testing.T) {
	// One attack in a hundred days, then one in ten from 1 January 2031 on.
	var at []int
	for d := 30; d < 365; d += 100 {
		at = append(at, d)
	}
	for d := 365; d < 600; d += 10 {
		at = append(at, d)
	}
	ch := compute(t, Defaults("2030-01-01", "2031-08-31"), daily("2030-01-01", at...)).All.Change
	if ch.Day != "2031-01-01" || ch.Before != 4 || ch.Finding != Rising || ch.Earliest > ch.Day || ch.Latest < ch.Day {
		t.Errorf("got %+v", ch)
	}
	// The same backwards falls, and the last day of the higher rate is the day
	// that rose before.
	last := 607
	for i := range at {
		at[i] = last - at[i]
	}
	back := compute(t, Defaults("2030-01-01", "2031-08-31"), daily("2030-01-01", at...)).All.Change
	if back.After != 4 || back.Finding != Falling || back.Statistic != ch.Statistic {
		t.Errorf("got %+v", back)
	}
	first, _ := parseDay("2030-01-01")
	if want := (first + day(last-365+1)).String(); back.Day != want {
		t.Errorf("falls from %s, want %s", back.Day, want)
	}
}

func TestGroups(t *testing.T) {
	p := divided("2030-01-01", "2031-01-01", "2031-12-31")
	p.Groups = true
	var in Input
	add := func(group string, offsets ...int) {
		for _, e := range daily("2030-01-01", offsets...).Events {
			e.ID, e.Group = group+e.ID, group
			in.Events = append(in.Events, e)
		}
	}
	// Alone, 2 against 11 has p = 0.022; as one of three that are tested it has
	// 0.067 and is no finding.
	add("West", 20, 200, 380, 410, 440, 470, 500, 530, 560, 590, 620, 650, 680)
	add("East", 20, 80, 140, 200, 260, 400, 460, 520, 580, 640)
	add("North", 15, 75, 135, 195, 255, 405, 465, 525, 585, 645)
	add("South", 30)
	r := compute(t, p, in)
	if len(r.Groups) != 4 {
		t.Fatalf("%d groups", len(r.Groups))
	}
	west := r.Groups[3].Analysis.Published
	if west.P == nil || *west.P >= 0.05 || *west.Adjusted < 0.05 || west.Finding != NoClearChange {
		t.Errorf("West: %+v", west)
	}
	six(t, "adjusted", float64(*west.Adjusted), 3*float64(*west.P), 1e-9)
	if south := r.Groups[2].Analysis.Published; south.Adjusted != nil || !slices.Contains(south.Refused, TooFewAttacks) {
		t.Errorf("South: %+v", south)
	}
	for i := range MostGroups {
		add(fmt.Sprint("Region ", i), 5)
	}
	if _, err := Compute(p, in); err == nil {
		t.Error("more groups than the limit were compared")
	}
}

func TestVictims(t *testing.T) {
	p := divided("2030-01-01", "2031-01-01", "2031-12-31")
	in := daily("2030-01-01", 10, 60, 110, 200, 300, 390, 440, 520, 600, 690)
	// One attack outweighs all others: no shuffle calls that a rise.
	in.Events[7].KilledLow, in.Events[7].KilledHigh = 100, 130
	v := compute(t, p, in).Victims
	if v.Finding != NoClearChange || v.Low.P < 0.3 || v.Low.Ratio != 20.8 || v.High.Ratio != 26.8 {
		t.Errorf("got %+v, low %+v, high %+v", v, v.Low, v.High)
	}
	for i := range 3 {
		in.Events[i].KilledLow, in.Events[i].KilledHigh = Unknown, Unknown
	}
	if v = compute(t, p, in).Victims; v.Unknown != 3 || v.Low != nil || !slices.Contains(v.Refused, TooFewKnown) {
		t.Errorf("got %+v", v)
	}
	for i := range in.Events {
		in.Events[i].KilledLow, in.Events[i].KilledHigh = 0, 0
	}
	if v = compute(t, p, in).Victims; !slices.Contains(v.Refused, NothingInBins) {
		t.Errorf("got %+v", v)
	}
}

func TestJoin(t *testing.T) {
	e := func(id, from, time, place string, more ...func(*Event)) Event {
		ev := Event{ID: id, From: from, To: from, Time: time, Place: place, Sources: 1, KilledLow: 1, KilledHigh: 2}
		for _, m := range more {
			m(&ev)
		}
		return ev
	}
	part := func(of string) func(*Event) { return func(e *Event) { e.PartOf = of } }
	until := func(to string) func(*Event) { return func(e *Event) { e.To = to } }
	killed := func(lo, hi int64) func(*Event) {
		return func(e *Event) { e.KilledLow, e.KilledHigh = lo, hi }
	}
	for _, tt := range []struct {
		name   string
		hours  int
		events []Event
		want   string // events and killed of each attack
	}{
		{"half an hour apart", 1, []Event{e("a", "2030-01-01", "10:00", "x"), e("b", "2030-01-01", "10:30", "x")}, "ab 2–4"},
		{"just within", 1, []Event{e("a", "2030-01-01", "23:30", "x"), e("b", "2030-01-02", "00:30", "x")}, "ab 2–4"},
		{"just over", 1, []Event{e("a", "2030-01-01", "23:30", "x"), e("b", "2030-01-02", "00:31", "x")}, "a 1–2, b 1–2"},
		{"another place", 24, []Event{e("a", "2030-01-01", "10:00", "x"), e("b", "2030-01-01", "10:30", "y")}, "a 1–2, b 1–2"},
		{"unknown places", 24, []Event{e("a", "2030-01-01", "10:00", ""), e("b", "2030-01-01", "10:30", "")}, "a 1–2, b 1–2"},
		{"no hours", 0, []Event{e("a", "2030-01-01", "10:00", "x"), e("b", "2030-01-01", "10:00", "x")}, "a 1–2, b 1–2"},
		{"one day without times", 1, []Event{e("a", "2030-01-01", "", "x"), e("b", "2030-01-01", "10:30", "x")}, "ab 2–4"},
		{"two days without times", 23, []Event{e("a", "2030-01-01", "", "x"), e("b", "2030-01-02", "", "x")}, "a 1–2, b 1–2"},
		{"a day later without times", 24, []Event{e("a", "2030-01-01", "", "x"), e("b", "2030-01-02", "", "x")}, "ab 2–4"},
		{"no chain", 24, []Event{e("a", "2030-01-01", "", "x"), e("b", "2030-01-02", "", "x"), e("c", "2030-01-03", "", "x")}, "ab 2–4, c 1–2"},
		{"unclear day", 24, []Event{e("a", "2030-01-01", "", "x"), e("b", "2030-01-01", "", "x", until("2030-01-09"))}, "a 1–2, b 1–2"},
		{"unclear day between", 24, []Event{e("a", "2030-01-01", "", "x"), e("b", "2030-01-01", "", "x", until("2030-01-09")), e("c", "2030-01-02", "", "x")}, "ac 2–4, b 1–2"},
		{"parts of one that is given", 0, []Event{e("a", "2030-01-01", "", "x", part("w")), e("b", "2030-01-05", "", "y", part("w")), e("w", "2030-01-02", "", "z", killed(9, 9))}, "wab 9–9"},
		{"parts of one that is not", 0, []Event{e("a", "2030-01-01", "", "x", part("w")), e("b", "2030-01-05", "", "y", part("w"))}, "ab 2–4"},
		{"a part of a part", 0, []Event{e("a", "2030-01-01", "", "x", part("b")), e("b", "2030-01-05", "", "y", part("c")), e("c", "2030-01-09", "", "y", killed(5, 6))}, "cab 5–6"},
		{"parts in a circle", 0, []Event{e("a", "2030-01-01", "", "x", part("b")), e("b", "2030-01-05", "", "y", part("a"))}, "ba 1–2"},
		{"one unknown", 24, []Event{e("a", "2030-01-01", "", "x"), e("b", "2030-01-01", "", "x", killed(Unknown, Unknown))}, "ab -1–-1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			attacks, err := joined(Input{tt.events}, tt.hours)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range attacks {
				got = append(got, fmt.Sprintf("%s %d–%d", strings.Join(a.Events, ""), a.KilledLow, a.KilledHigh))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
	// A coarse date gives way to a known one of another part.
	attacks, err := joined(Input{[]Event{e("a", "2030-01-01", "", "x", until("2030-01-31"), part("w")), e("b", "2030-01-20", "", "x", part("w"))}}, 0)
	if err != nil || len(attacks) != 1 || attacks[0].From != "2030-01-20" || attacks[0].To != "2030-01-20" {
		t.Errorf("got %+v, %v", attacks, err)
	}
}

func TestBins(t *testing.T) {
	p := divided("2029-11-15", "2030-03-31", "2030-06-10")
	f, err := p.frame()
	if err != nil {
		t.Fatal(err)
	}
	text := func(b bins) string {
		var s []string
		for _, d := range b.starts {
			s = append(s, d.String())
		}
		return fmt.Sprint(b.later, s)
	}
	if got, want := text(newBins(f, Month)), "4 [2029-11-30 2029-12-31 2030-01-31 2030-02-28 2030-03-31 2030-04-30 2030-05-31]"; got != want {
		t.Errorf("months %s, want %s", got, want)
	}
	f.from, f.end = f.boundary-8, f.boundary+15
	if got, want := text(newBins(f, Week)), "1 [2030-03-24 2030-03-31 2030-04-07 2030-04-14]"; got != want {
		t.Errorf("weeks %s, want %s", got, want)
	}
}

func TestDay(t *testing.T) {
	for _, tt := range []struct {
		day    string
		months int
		want   string
	}{
		{"1970-01-01", -1, "1969-12-01"},
		{"2030-01-31", 1, "2030-02-28"},
		{"2032-01-31", 1, "2032-02-29"},
		{"2030-03-31", -1, "2030-02-28"},
		{"0001-01-15", 24, "0003-01-15"},
		{"2030-12-31", 12, "2031-12-31"},
	} {
		d, err := parseDay(tt.day)
		if err != nil {
			t.Fatal(err)
		}
		if d.String() != tt.day || d.addMonths(tt.months).String() != tt.want {
			t.Errorf("%d months from %s are %s, want %s", tt.months, d, d.addMonths(tt.months), tt.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for _, tt := range []struct {
		n    Number
		want string
	}{
		{1.0 / 3, "0.3333333333"},
		{2.0 / 3, "0.6666666667"},
		{0, "0"},
		{123456789012, "1.23456789e+11"},
		{0.00001234567890123, "1.23456789e-05"},
		{Number(math.Inf(1)), `"inf"`},
		{math.MaxFloat64, "1.7976931348623157e+308"}, // rounded it would be no float
	} {
		got, err := json.Marshal(tt.n)
		if err != nil || string(got) != tt.want {
			t.Errorf("%v is %s, %v; want %s", float64(tt.n), got, err, tt.want)
		}
	}
	for _, bad := range []Number{Number(math.NaN()), Number(math.Inf(-1))} {
		if b, err := json.Marshal(bad); err == nil {
			t.Errorf("%v was written as %s", float64(bad), b)
		}
	}
	n := Number(math.Inf(1))
	if !n.Infinite() || Number(7).Infinite() {
		t.Error("infinity is not told from a number")
	}
	for _, bad := range []string{`"-inf"`, `"x"`, `null`, `true`, `[1]`} {
		if err := json.Unmarshal([]byte(bad), &n); err == nil && bad != "null" {
			t.Errorf("%s was read as %v", bad, float64(n))
		}
	}
}
