package draw

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func sampleChain() ChainData {
	return ChainData{Labels: ChainLabels{"Step", "When", "What", "not known", "in a paper", "reported", "a way out"}, Steps: []ChainStep{
		{Label: "complaint registered", When: "11 Jan 2013", Detail: "Example Police Station, number 7", Known: ChainPaper, Href: "#c"},
		{Label: "suspects named", Known: ChainUnknown},
		{Label: "arrested", When: "2014", Known: ChainReported},
		{Label: "escaped", When: "2015", Detail: "two of them", Known: ChainWayOut},
		{Label: "judgment", Known: ChainUnknown},
	}}
}

func sampleProgress() ProgressData {
	return ProgressData{
		Labels: ProgressLabels{"Addressee", "all"},
		States: []ProgressState{{Whole, "met"}, {Part, "met in part"}, {Begun, "begun"}, {Halted, "stalled"}, {Nothing, "no action found"}, {Undone, "reversed"}, {Moot, "superseded"}, {Unknown, "not assessed"}},
		Rows: []ProgressRow{
			{Name: "Mayor of Example Town", Counts: []int64{1, 1, 2, 0, 3, 1, 1, 4}, Href: "/x"},
			{Name: "Council", Counts: []int64{0, 0, 0, 1, 0, 0, 0, 2}},
		},
	}
}

func sampleSilence() SilenceData {
	return SilenceData{
		From: 100, Today: 400, Looked: 310, FromText: "delivered 1 Mar", TodayText: "today", Days: "300 days",
		Labels: SilenceLabels{"When", "What", "looked for an answer", "nobody has looked since"},
		Marks:  []SilenceMark{{At: 100, When: "1 Mar", What: "delivered"}, {At: 310, When: "1 Oct", What: "looked", Href: "/y"}, {At: math.NaN(), What: "x"}},
	}
}

func sampleCourse() CourseData {
	return CourseData{
		Attack: "Attack at Testfall", Labels: CourseLabels{"When", "What", "Kind", "Time is drawn together the further it is from the attack."},
		Ticks: []CourseTick{{-365, "a year before"}, {-7, "a week before"}, {7, "a week after"}, {365, "a year after"}},
		Lanes: []CourseLane{
			{Name: "warnings", Items: []CourseItem{{From: -200, To: -200, When: "2012", Label: "A threat"}}},
			{Name: "protests", Items: []CourseItem{{From: 0, To: 3, When: "Jan", Label: "Sit-in", Href: "/z"}, {From: 1, To: 1, When: "Jan", Label: "March"}, {From: math.Inf(1), Label: "undated"}}},
		},
	}
}

func sampleWave() WaveData {
	return WaveData{Labels: WaveLabels{"Place", "When", "Took part", "Held", "no number", "logarithmic", "10 January 2025", "14 January 2025", "some day"}, Rows: []WaveRow{
		{Place: "Example Town", When: "10–14 Jan", First: 15715, Last: 15719, Low: n(1000), High: n(20000), Crowd: "1,000–20,000", Href: "/p"},
		{Place: "Test Harbour", When: "12 Jan", First: 15717, Last: 15717, Low: n(200), Open: true, Crowd: "200+"},
		{Place: "Testfall", When: "January", First: 15715, Last: 15719, Vague: true},
	}}
}

func sampleRate() RateData {
	d := RateData{Boundary: 2010, ChangeFrom: 2009.2, ChangeTo: 2011.1, Labels: RateLabels{"When", "Attacks", "attacks", "mean", "boundary", "a change may lie here"}}
	for i := range 20 {
		d.Bins = append(d.Bins, RateBin{From: 2000 + float64(i), To: 2001 + float64(i), When: fmt.Sprint(2000 + i), Count: int64(i * i % 7)})
	}
	d.Periods = []RatePeriod{{From: 2000, To: 2010, Mean: 2.1, Text: "2.1 a year"}, {From: 2010, To: 2020, Mean: 3.4, Text: "3.4 a year"}}
	return d
}

func followSamples(o Options) map[string]Drawing {
	return map[string]Drawing{
		"chain": Chain(sampleChain(), o), "progress": Progress(sampleProgress(), o), "silence": Silence(sampleSilence(), o),
		"course": Course(sampleCourse(), o), "wave": Wave(sampleWave(), o), "rate": Rate(sampleRate(), o),
	}
}

func sampleCard(rtl bool) string {
	p := sampleProgress()
	return Card(CardData{
		Kicker: "Petition 7", Title: "Prosecute those who attacked Testfall, and say who ordered it", Lines: []string{"3 of 9 steps met", "No answer found in 300 days; last looked on 1 October."},
		States: p.States, Counts: p.Rows[0].Counts, Foot: "Gawah · 2 November 2026", Lang: "en",
	}, Options{RTL: rtl})
}

func TestFollowGolden(t *testing.T) {
	for suffix, o := range map[string]Options{"": {ID: "test", Title: "A test"}, "-rtl": {ID: "test", Title: "آزمائش", RTL: true}} {
		all := map[string]string{"card": sampleCard(o.RTL)}
		for name, d := range followSamples(o) {
			all[name] = string(d.SVG)
		}
		for name, svg := range all {
			file := filepath.Join("testdata", name+suffix+".svg.golden")
			got := strings.ReplaceAll(svg, "><", ">\n<") + "\n"
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs from %s; look at the drawing, then run the test with -update", name, file)
			}
		}
	}
}

func TestFollowWellFormed(t *testing.T) {
	for name, d := range followSamples(Options{ID: "a", Title: "t"}) {
		if fault := wellFormed(string(d.SVG)); fault != "" {
			t.Errorf("%s: %s", name, fault)
		}
		for _, r := range d.Table.Rows {
			if len(r.Cells) != len(d.Table.Head) {
				t.Errorf("%s: a row of %d cells under %d heads", name, len(r.Cells), len(d.Table.Head))
			}
		}
		if got := packed(string(d.SVG)); got > 5<<10 {
			t.Errorf("%s weighs %d bytes compressed", name, got)
		}
	}
	for name, d := range map[string]Drawing{
		"chain": Chain(ChainData{}, Options{}), "progress": Progress(ProgressData{}, Options{}), "silence": Silence(SilenceData{}, Options{}),
		"course": Course(CourseData{}, Options{}), "wave": Wave(WaveData{}, Options{}), "rate": Rate(RateData{}, Options{}),
	} {
		if fault := wellFormed(string(d.SVG)); fault != "" {
			t.Errorf("empty %s: %s", name, fault)
		}
	}
}

func TestFollowHostileText(t *testing.T) {
	o := Options{ID: hostile, Title: hostile, Desc: hostile}
	svgs := map[string]string{
		"chain":    string(Chain(ChainData{Labels: ChainLabels{hostile, hostile, hostile, hostile, hostile, hostile, hostile}, Steps: []ChainStep{{Label: hostile, When: hostile, Detail: hostile, Known: ChainPaper, Href: "javascript:x"}}}, o).SVG),
		"progress": string(Progress(ProgressData{States: []ProgressState{{Unknown, hostile}}, Rows: []ProgressRow{{Name: hostile, Counts: []int64{3}, Href: "data:text/html,x"}}}, o).SVG),
		"silence":  string(Silence(SilenceData{From: 1, Today: 9, Looked: 4, FromText: hostile, TodayText: hostile, Days: hostile, Labels: SilenceLabels{hostile, hostile, hostile, hostile}}, o).SVG),
		"course":   string(Course(CourseData{Attack: hostile, Lanes: []CourseLane{{Name: hostile, Items: []CourseItem{{From: 3, To: 3, Label: hostile, When: hostile}}}}, Ticks: []CourseTick{{1, hostile}}}, o).SVG),
		"wave":     string(Wave(WaveData{Rows: []WaveRow{{Place: hostile, When: hostile, Crowd: hostile, Href: "vbscript:x"}}, Labels: WaveLabels{hostile, hostile, hostile, hostile, hostile, hostile, hostile, hostile, hostile}}, o).SVG),
		"rate":     string(Rate(RateData{Bins: []RateBin{{From: 1, To: 2, When: hostile, Count: 2}}, Periods: []RatePeriod{{From: 1, To: 2, Mean: 1, Text: hostile}}, Labels: RateLabels{hostile, hostile, hostile, hostile, hostile, hostile}}, o).SVG),
	}
	for name, svg := range svgs {
		if fault := wellFormed(svg); fault != "" {
			t.Errorf("%s: %s", name, fault)
		}
		for _, bad := range []string{"<script", "javascript:", "data:text", "vbscript:", "\u202E", "\x00"} {
			if strings.Contains(svg, bad) {
				t.Errorf("%s lets %q through", name, bad)
			}
		}
	}
	card := Card(CardData{Kicker: hostile, Title: hostile, Lines: []string{hostile}, Foot: hostile, Lang: hostile, States: []ProgressState{{Unknown, hostile}}, Counts: []int64{2}}, o)
	d := xml.NewDecoder(strings.NewReader(card))
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if el, ok := tok.(xml.StartElement); ok && (el.Name.Local == "script" || el.Name.Local == "style") {
			t.Errorf("a card has a <%s>", el.Name.Local)
		}
	}
}

// What nobody looked at is never drawn like what was looked for and not found.
func TestUnknownIsHatched(t *testing.T) {
	for _, f := range []func(State, float64, float64, float64, float64) (string, string){patterned, stretched} {
		seen := map[string]State{}
		for _, s := range []State{Unknown, Nothing, Begun, Halted, Part, Whole, Undone, Moot} {
			fill, stroke := f(s, 0, 0, 20, 20)
			if other, ok := seen[fill+"|"+stroke]; ok {
				t.Errorf("%s looks like %s", s, other)
			}
			seen[fill+"|"+stroke] = s
		}
	}
	if len(string(Glyph(Unknown))) > 700 {
		t.Errorf("a glyph of %d bytes", len(Glyph(Unknown)))
	}
}

// A card is at most 20 KB, also with the longest texts.
func TestCardIsLight(t *testing.T) {
	long := strings.Repeat("A sentence that goes on for long. ", 200)
	p := sampleProgress()
	card := Card(CardData{Kicker: long, Title: long, Lines: []string{long, long, long, long, long, long, long}, States: p.States, Counts: p.Rows[0].Counts, Foot: long}, Options{})
	t.Logf("%d bytes; an ordinary one %d", len(card), len(sampleCard(false)))
	if len(card) > 20<<10 {
		t.Errorf("a card of %d bytes", len(card))
	}
}

func TestFollowHasNoCollisions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Options{ID: "r", RTL: rapid.Bool().Draw(t, "rtl")}
		var chain ChainData
		for range rapid.IntRange(0, 12).Draw(t, "steps") {
			chain.Steps = append(chain.Steps, ChainStep{Label: words.Draw(t, "label"), When: words.Draw(t, "when"), Detail: words.Draw(t, "detail"), Known: ChainKnown(rapid.IntRange(0, 3).Draw(t, "known"))})
		}
		chain.Labels.NotKnown = "not known"
		var progress ProgressData
		progress.States = sampleProgress().States
		for range rapid.IntRange(0, 8).Draw(t, "rows") {
			row := ProgressRow{Name: words.Draw(t, "name")}
			for range progress.States {
				row.Counts = append(row.Counts, rapid.Int64Range(0, 2000).Draw(t, "count"))
			}
			progress.Rows = append(progress.Rows, row)
		}
		silence := SilenceData{
			From: rapid.Float64Range(0, 1e5).Draw(t, "from"), Today: rapid.Float64Range(0, 1e5).Draw(t, "today"), Looked: rapid.Float64Range(0, 1e5).Draw(t, "looked"),
			FromText: words.Draw(t, "a"), TodayText: words.Draw(t, "b"), Days: words.Draw(t, "c"), Labels: SilenceLabels{"w", "w", words.Draw(t, "d"), words.Draw(t, "e")},
		}
		course := CourseData{Attack: words.Draw(t, "attack"), Ticks: sampleCourse().Ticks, Labels: CourseLabels{Scale: words.Draw(t, "scale")}}
		for range rapid.IntRange(0, 6).Draw(t, "lanes") {
			l := CourseLane{Name: words.Draw(t, "lane")}
			for range rapid.IntRange(0, 9).Draw(t, "items") {
				a := rapid.Float64Range(-4000, 4000).Draw(t, "at")
				l.Items = append(l.Items, CourseItem{From: a, To: a + rapid.Float64Range(0, 90).Draw(t, "long")})
			}
			course.Lanes = append(course.Lanes, l)
		}
		wave := WaveData{Labels: WaveLabels{"p", "w", words.Draw(t, "crowd"), words.Draw(t, "held"), words.Draw(t, "none"), words.Draw(t, "log"), words.Draw(t, "first"), words.Draw(t, "last"), "some day"}}
		for range rapid.IntRange(0, 9).Draw(t, "gatherings") {
			first := rapid.Int64Range(15000, 15100).Draw(t, "first day")
			wave.Rows = append(wave.Rows, WaveRow{Place: words.Draw(t, "place"), First: first, Last: first + rapid.Int64Range(0, 9).Draw(t, "days"), Low: drawCount(t, "low"), High: drawCount(t, "high"), Open: rapid.Bool().Draw(t, "open")})
		}
		rate := RateData{Labels: RateLabels{"w", "c", words.Draw(t, "bar"), "m", words.Draw(t, "boundary"), words.Draw(t, "change")}, Boundary: 2003}
		for i := range rapid.IntRange(0, 60).Draw(t, "bins") {
			rate.Bins = append(rate.Bins, RateBin{From: 2000 + float64(i)/4, To: 2000 + float64(i+1)/4, When: words.Draw(t, "bin"), Count: rapid.Int64Range(0, 5000).Draw(t, "bin count")})
		}
		for name, layout := range map[string]func() ([]Box, []Box){
			"chain": func() ([]Box, []Box) { return boxesOf(paintChain, chain, o) }, "progress": func() ([]Box, []Box) { return boxesOf(paintProgress, progress, o) },
			"silence": func() ([]Box, []Box) { return boxesOf(paintSilence, silence, o) }, "course": func() ([]Box, []Box) { return boxesOf(paintCourse, course, o) },
			"wave": func() ([]Box, []Box) { return boxesOf(paintWave, wave, o) }, "rate": func() ([]Box, []Box) { return boxesOf(paintRate, rate, o) },
		} {
			t.Log(name)
			w, nb := layout()
			noOverlap(t, w, wide)
			noOverlap(t, nb, narrow)
		}
	})
}
