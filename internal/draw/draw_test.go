package draw

import (
	"encoding/xml"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files anew")

func n(v int64) *int64 { return &v }

var stripLabels = StripLabels{
	Outlet: "Source", When: "When", Claim: "Says", Origin: "Origin", Note: "Note",
	Exact: "a number", About: "about", AtLeast: "at least", AtMost: "at most", Range: "between", InWords: "in words",
	Compiled: "a dataset", LeftOut: "left out", Band: "low to high", Best: "best", Log: "The scale is logarithmic.",
}

func sampleStrip() StripData {
	return StripData{
		Labels: stripLabels,
		Band:   Band{Low: n(81), Best: n(96), High: n(105)},
		Marks: []Mark{
			{Label: "Test Post", When: "10 Jan", Low: n(63), High: n(63), Origin: "h", OriginName: "a hospital", Reason: "superseded by a later number of the same origin"},
			{Label: "Example Wire", When: "11 Jan", Low: n(81), High: n(81), Origin: "p", OriginName: "a police officer", Used: true, Href: "/claims/1"},
			{Label: "Testland Radio", When: "11 Jan", Low: n(81), High: n(81), Origin: "p", OriginName: "a police officer", Used: true},
			{Label: "Sample News", When: "11 Jan", Low: n(80), Open: true, Origin: "c", OriginName: "the committee", Used: true},
			{Label: "Testfall Board", When: "12 Jan", High: n(105), Below: true, Origin: "b", Used: true},
			{Label: "A letter", When: "13 Jan", Low: n(24), High: n(96), Words: true, Value: "dozens", Origin: "l", Used: true},
			{Label: "Test Dataset with a name that is long", When: "2014", Low: n(92), High: n(105), Best: n(96), Compiled: true, Used: true},
			{Label: "About", When: "2014", Low: n(100), High: n(100), Approx: true, Origin: "h", OriginName: "a hospital", Used: true},
			{Label: "No number", When: "2014"},
		},
	}
}

func sampleToll() TollData {
	return TollData{Labels: TollLabels{"Origin", "When", "Number"}, Series: []Series{
		{Name: "a hospital", Points: []Point{{At: 0, When: "10 Jan", Count: 33}, {At: 200000, When: "12 Jan", Count: 96}, {At: 50000, When: "11 Jan", Count: 63}}},
		{Name: "a committee", Points: []Point{{At: 100000, When: "11 Jan, noon", Count: 80, Open: true}}},
	}}
}

func sampleTimeline() TimelineData {
	return TimelineData{Name: 3, Labels: TimelineLabels{"Event", "When", "Killed", "no figure", "square root"}, Events: []TimelineEvent{
		{Year: 2001.4, Label: "First test", When: "2001", Low: n(3), Best: n(5), High: n(9)},
		{Year: 2013.03, Label: "Second test", When: "2013", Low: n(81), Best: n(96), High: n(105), Href: "/events/second"},
		{Year: 2013.13, Label: "Third test", When: "2013"},
		{Year: 2021.01, Label: "Fourth test", When: "2021", Best: n(11)},
		{Year: math.NaN(), Label: "No year"},
	}}
}

func sampleMap() MapData {
	return MapData{Labels: MapLabels{"Place", "Killed", "Events", "killed", "highest", "no figure", "summed up"}, Places: []Place{
		{Name: "North Test", Lat: 30.2, Lon: 67, Low: n(80), Best: n(96), High: n(140), Events: 2, Href: "/x"},
		{Name: "South Test", Lat: 24.9, Lon: 67.1, Best: n(20)},
		{Name: "Unknown", Lat: 31, Lon: 70},
		{Name: "Nowhere", Lat: 400, Lon: math.NaN(), Best: n(4)},
	}}
}

func sampleBars() BarsData {
	return BarsData{Labels: BarsLabels{"Day", "Signatures"}, Bars: []Bar{{Name: "1 Mar", Count: 210}, {Name: "2 Mar", Hidden: true, Text: "< 10"}, {Name: "3 Mar", Count: 12}}}
}

func samples(o Options) map[string]Drawing {
	return map[string]Drawing{
		"strip": Strip(sampleStrip(), o), "toll": Toll(sampleToll(), o), "timeline": Timeline(sampleTimeline(), o),
		"map": Map(sampleMap(), o), "bars": Bars(sampleBars(), o),
	}
}

func TestGolden(t *testing.T) {
	for suffix, o := range map[string]Options{"": {ID: "test", Title: "A test"}, "-rtl": {ID: "test", Title: "آزمائش", RTL: true}} {
		for name, d := range samples(o) {
			file := filepath.Join("testdata", name+suffix+".svg.golden")
			got := strings.ReplaceAll(string(d.SVG), "><", ">\n<") + "\n"
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

// wellFormed reports what is wrong with a drawing as XML, as a page's part
// under a strict content policy, or in its numbers.
func wellFormed(svg string) string {
	d := xml.NewDecoder(strings.NewReader("<x>" + svg + "</x>"))
	ids := map[string]bool{}
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return ""
		}
		if err != nil {
			return err.Error()
		}
		el, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		switch el.Name.Local {
		case "x", "svg", "g", "path", "text", "title", "desc", "a", "circle", "defs", "clipPath":
		default:
			return "element " + el.Name.Local
		}
		for _, a := range el.Attr {
			if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
				return "attribute " + a.Name.Local
			}
			if a.Name.Local == "id" {
				if ids[a.Value] {
					return "id " + a.Value + " twice"
				}
				ids[a.Value] = true
			}
			if a.Name.Local == "href" && strings.HasPrefix(strings.ToLower(a.Value), "javascript") {
				return "href " + a.Value
			}
			if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
				return "attribute " + a.Name.Local + " is " + a.Value
			}
		}
	}
}

func TestWellFormed(t *testing.T) {
	for name, d := range samples(Options{ID: "a", Title: "t"}) {
		if fault := wellFormed(string(d.SVG)); fault != "" {
			t.Errorf("%s: %s", name, fault)
		}
		role := `role="img"`
		if strings.Contains(string(d.SVG), "<a ") {
			role = `role="group"` // an image must not hold links
		}
		if !strings.Contains(string(d.SVG), role) || !strings.Contains(string(d.SVG), "<desc") {
			t.Errorf("%s says nothing to a screen reader", name)
		}
		for _, r := range d.Table.Rows {
			if len(r.Cells) != len(d.Table.Head) {
				t.Errorf("%s: a row of %d cells under %d heads", name, len(r.Cells), len(d.Table.Head))
			}
		}
	}
}

func TestEmpty(t *testing.T) {
	for name, d := range map[string]Drawing{
		"strip": Strip(StripData{}, Options{}), "toll": Toll(TollData{}, Options{}), "timeline": Timeline(TimelineData{}, Options{}),
		"map": Map(MapData{}, Options{}), "bars": Bars(BarsData{}, Options{}),
	} {
		if fault := wellFormed(string(d.SVG)); fault != "" {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

const hostile = "</title></svg><script>alert(1)</script>\"' onload=\x00\x0b\xff\u202Eabc & <b>"

func TestHostileText(t *testing.T) {
	s := sampleStrip()
	for i := range s.Marks {
		m := &s.Marks[i]
		m.Label, m.When, m.Reason, m.OriginName, m.Href = hostile, hostile, hostile, hostile, "javascript:alert(1)"
	}
	s.Labels = StripLabels{Exact: hostile, LeftOut: hostile + "2", Log: hostile}
	s.Band.Label = hostile
	o := Options{ID: hostile, Title: hostile, Desc: hostile}
	for name, d := range map[string]Drawing{
		"strip": Strip(s, o),
		"toll":  Toll(TollData{Series: []Series{{Name: hostile, Points: []Point{{When: hostile, Count: 3}}}}}, o),
		"timeline": Timeline(TimelineData{
			Name: 1, Labels: TimelineLabels{Root: hostile},
			Events: []TimelineEvent{{Year: 2000, Label: hostile, Best: n(1), Href: "data:text/html,x"}, {Year: 2001, Label: hostile, Best: n(100)}},
		}, o),
		"map":  Map(MapData{Places: []Place{{Name: hostile, Lat: 1, Lon: 1, Best: n(4), Href: "vbscript:x"}}, Labels: MapLabels{Circle: hostile}}, o),
		"bars": Bars(BarsData{Bars: []Bar{{Name: hostile, Count: 1, Text: hostile}}}, o),
	} {
		svg := string(d.SVG)
		if fault := wellFormed(svg); fault != "" {
			t.Errorf("%s: %s", name, fault)
		}
		for _, bad := range []string{"<script", "javascript:", "data:text", "vbscript:", "\u202E", "\x00"} {
			if strings.Contains(svg, bad) {
				t.Errorf("%s lets %q through", name, bad)
			}
		}
	}
}

func TestOriginLetter(t *testing.T) {
	for i, want := range map[int]string{-1: "", 0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"} {
		if got := OriginLetter(i); got != want {
			t.Errorf("letter %d is %q, want %q", i, got, want)
		}
	}
}

func drawCount(t *rapid.T, name string) *int64 {
	return rapid.OneOf(
		rapid.Just[*int64](nil),
		rapid.Map(rapid.Int64Range(0, 300), n),
		rapid.Map(rapid.SampledFrom([]int64{0, 1, 96, 2000, 1_000_000, math.MaxInt64, math.MaxInt64 - 1}), n),
	).Draw(t, name)
}

var words = rapid.OneOf(
	rapid.SampledFrom([]string{"", "Test Post", "An outlet whose name is far longer than any column allows it to be", "آزمائشی اخبار", "試験新聞社の長い名前", "W"}),
	rapid.StringN(0, 40, -1),
)

func stripGen() *rapid.Generator[StripData] {
	return rapid.Custom(func(t *rapid.T) StripData {
		d := StripData{Labels: stripLabels}
		for range rapid.IntRange(0, 60).Draw(t, "marks") {
			d.Marks = append(d.Marks, Mark{
				Label: words.Draw(t, "label"), When: words.Draw(t, "when"),
				Low: drawCount(t, "low"), High: drawCount(t, "high"), Best: drawCount(t, "best"),
				Open: rapid.Bool().Draw(t, "open"), Below: rapid.Bool().Draw(t, "below"), Approx: rapid.Bool().Draw(t, "approx"),
				Words: rapid.Bool().Draw(t, "words"), Compiled: rapid.Bool().Draw(t, "compiled"),
				Origin:     rapid.SampledFrom([]string{"", "a", "b", "c", "d"}).Draw(t, "origin"),
				OriginName: words.Draw(t, "name"), Used: rapid.Bool().Draw(t, "used"), Reason: words.Draw(t, "reason"),
				Value: rapid.SampledFrom([]string{"", "", "more than one hundred people of whom some"}).Draw(t, "value"),
			})
		}
		d.Band = Band{Low: drawCount(t, "band low"), Best: drawCount(t, "band best"), High: drawCount(t, "band high"), Open: rapid.Bool().Draw(t, "band open")}
		return d
	})
}

// noOverlap fails if two texts share room, a text leaves the drawing, or a
// text of the narrow form is too small to read.
func noOverlap(t *rapid.T, boxes []Box, f form) {
	var texts []Box
	for _, b := range boxes {
		for _, v := range []float64{b.X0, b.X1, b.Y0, b.Y1} {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%s: %+v is not finite", f.class, b)
			}
		}
		if b.Kind == "mark" {
			continue
		}
		if b.X0 < -0.6 || b.X1 > f.w+0.6 || b.Y0 < -0.6 {
			t.Fatalf("%s: %+v leaves the drawing", f.class, b)
		}
		if f.narrow() && b.Y1-b.Y0 < 14-0.01 {
			t.Fatalf("%+v is set smaller than 14", b)
		}
		for _, o := range texts {
			if b.Overlaps(o) {
				t.Fatalf("%s: %+v\n meets %+v", f.class, b, o)
			}
		}
		texts = append(texts, b)
	}
}

// boxesOf returns the boxes of all texts and marks of the wide and of the narrow form.
func boxesOf[D any](paint func(*canvas, D), d D, o Options) (wideBoxes, narrowBoxes []Box) {
	w, n := newCanvas(wide, o), newCanvas(narrow, o)
	paint(w, d)
	paint(n, d)
	return w.boxes, n.boxes
}

func TestStripHasNoCollisions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := stripGen().Draw(t, "strip")
		o := Options{ID: "r", Title: "t", RTL: rapid.Bool().Draw(t, "rtl")}
		w, nb := boxesOf(paintStrip, d, o)
		noOverlap(t, w, wide)
		noOverlap(t, nb, narrow)
		drawing := Strip(d, o)
		if fault := wellFormed(string(drawing.SVG)); fault != "" {
			t.Fatal(fault)
		}
		if len(drawing.Table.Rows) != len(d.Marks) {
			t.Fatalf("%d rows for %d marks", len(drawing.Table.Rows), len(d.Marks))
		}
	})
}

func TestTollAndTimelineHaveNoCollisions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Options{ID: "r", RTL: rapid.Bool().Draw(t, "rtl")}
		var toll TollData
		for range rapid.IntRange(0, 9).Draw(t, "series") {
			s := Series{Name: words.Draw(t, "name")}
			for range rapid.IntRange(0, 12).Draw(t, "points") {
				s.Points = append(s.Points, Point{At: rapid.Int64Range(0, 1e7).Draw(t, "at"), When: words.Draw(t, "when"), Count: rapid.Int64Range(0, 3000).Draw(t, "count")})
			}
			toll.Series = append(toll.Series, s)
		}
		w, nb := boxesOf(paintToll, toll, o)
		noOverlap(t, w, wide)
		noOverlap(t, nb, narrow)
		if fault := wellFormed(string(Toll(toll, o).SVG)); fault != "" {
			t.Fatal(fault)
		}
		tl := TimelineData{Name: 8, Labels: TimelineLabels{Root: "square root"}}
		for range rapid.IntRange(0, 500).Draw(t, "events") {
			tl.Events = append(tl.Events, TimelineEvent{Year: rapid.Float64Range(1800, 2030).Draw(t, "year"), Label: "Test event", Best: n(rapid.Int64Range(0, 2000).Draw(t, "best"))})
		}
		w, nb = boxesOf(paintTimeline, tl, o)
		noOverlap(t, w, wide)
		noOverlap(t, nb, narrow)
	})
}

func TestMapHasNoCollisions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var d MapData
		for range rapid.IntRange(0, 260).Draw(t, "places") {
			d.Places = append(d.Places, Place{
				Name: words.Draw(t, "name"), Lat: rapid.Float64Range(-95, 95).Draw(t, "lat"), Lon: rapid.Float64Range(-190, 190).Draw(t, "lon"),
				Low: drawCount(t, "low"), Best: drawCount(t, "best"), High: drawCount(t, "high"),
			})
		}
		w, nb := boxesOf(paintMap, d, Options{RTL: rapid.Bool().Draw(t, "rtl")})
		noOverlap(t, w, wide)
		noOverlap(t, nb, narrow)
	})
	if fault := wellFormed(string(Map(sampleMap(), Options{}).SVG)); fault != "" {
		t.Error(fault)
	}
}

func TestBarsHaveNoCollisions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var d BarsData
		for range rapid.IntRange(0, 400).Draw(t, "bars") {
			d.Bars = append(d.Bars, Bar{Name: words.Draw(t, "name"), Count: rapid.Int64Range(0, 1e6).Draw(t, "count"), Hidden: rapid.Bool().Draw(t, "hidden")})
		}
		w, nb := boxesOf(paintBars, d, Options{})
		noOverlap(t, w, wide)
		noOverlap(t, nb, narrow)
	})
}

// A page of two strips keeps within what the first view may weigh.
func TestOutlinesAreSmall(t *testing.T) {
	if len(countries) > 150<<10 {
		t.Errorf("the outlines take %d bytes, the limit is %d", len(countries), 150<<10)
	}
	if len(outlines()) < 200 {
		t.Errorf("only %d outlines", len(outlines()))
	}
}

// palette reads the custom properties of the three blocks of the style
// sheet: light, dark by preference, dark by choice, and print.
func palettes(t *testing.T) map[string]map[string]string {
	t.Helper()
	data, err := os.ReadFile("../web/static/gawah.css")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]string{}
	block := regexp.MustCompile(`(:root[^{}]*)\{color-scheme:(light|dark);([^}]*)\}`)
	names := []string{"light", "dark by preference", "dark by choice", "print"}
	found := block.FindAllStringSubmatch(string(data), -1)
	if len(found) != len(names) {
		t.Fatalf("found %d palettes in the style sheet, want %d", len(found), len(names))
	}
	for i, m := range found {
		p := map[string]string{}
		for _, v := range regexp.MustCompile(`--([a-z0-9]+):(#[0-9a-f]{3,6})`).FindAllStringSubmatch(m[3], -1) {
			p[v[1]] = v[2]
		}
		out[names[i]] = p
	}
	return out
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	v, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 6 {
		t.Fatalf("colour %q: %v", hex, err)
	}
	channel := func(c uint64) float64 {
		s := float64(c&255) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(v>>16) + 0.7152*channel(v>>8) + 0.0722*channel(v)
}

// Text reaches 4.5 to 1 on the paper and on the band, marks and edges 3 to 1
// (WCAG 2.2, 1.4.3 and 1.4.11).
func TestContrast(t *testing.T) {
	for name, p := range palettes(t) {
		check := func(front, back string, want float64) {
			if p[front] == "" || p[back] == "" {
				t.Errorf("%s: %s or %s is missing", name, front, back)
				return
			}
			a, b := luminance(t, p[front]), luminance(t, p[back])
			if r := (math.Max(a, b) + 0.05) / (math.Min(a, b) + 0.05); r < want {
				t.Errorf("%s: %s %s on %s %s has %.2f, want %.1f", name, front, p[front], back, p[back], r, want)
			}
		}
		for _, text := range []string{"ink", "soft", "accent", "visited", "good", "o1", "o2", "o3", "o4", "o5", "o6", "o7", "o8"} {
			check(text, "paper", 4.5)
			check(text, "band", 4.5)
		}
		check("edge", "paper", 3)
		check("edge", "band", 3)
		check("paper", "ink", 4.5) // the main button
	}
}

// The colours written beside the classes are those of the light palette.
func TestFallbackColours(t *testing.T) {
	light := palettes(t)["light"]
	for i, hue := range hues {
		want := light["o"+strconv.Itoa(i)]
		switch i {
		case 0:
			want = light["ink"]
		case leftOutHue:
			want = light["edge"]
		}
		if hue != want {
			t.Errorf("hue %d is %s here and %s in the style sheet", i, hue, want)
		}
	}
	for class, attrs := range fallback {
		for _, c := range regexp.MustCompile(`#[0-9a-f]{6}`).FindAllString(attrs, -1) {
			found := false
			for _, v := range light {
				found = found || v == c
			}
			if !found {
				t.Errorf("%s has %s, which is in no palette", class, c)
			}
		}
	}
}

func TestNum(t *testing.T) {
	for v, want := range map[float64]string{0: "0", -0.04: "0", 0.05: "0.1", -0.26: "-0.3", -3.14: "-3.1", 12: "12", 7.96: "8", -1.96: "-2", math.Inf(1): "0"} {
		if got := num(v); got != want {
			t.Errorf("num(%v) is %q, want %q", v, got, want)
		}
	}
	if got := num(math.NaN()); got != "0" {
		t.Errorf("num(NaN) is %q", got)
	}
}
