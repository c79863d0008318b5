package static_test

import (
	"fmt"
	"html/template"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/draw"
	"github.com/gawah-project/gawah/internal/web/static"
)

// TestPreview writes sample pages with invented data to the directory named
// by GAWAH_PREVIEW, to be looked at in a browser:
//
//	GAWAH_PREVIEW=/tmp/look go test -run Preview ./internal/web/static
func TestPreview(t *testing.T) {
	dir := os.Getenv("GAWAH_PREVIEW")
	if dir == "" {
		t.Skip("set GAWAH_PREVIEW to a directory to have sample pages written there")
	}
	write(t, dir)
	for name := range pages() {
		for _, theme := range []string{"light", "dark"} {
			if err := os.WriteFile(filepath.Join(dir, name+"-"+theme+".html"), []byte(document(name, theme, "gawah.css", "desk.js")), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// pages are the sample pages' main parts by name.
func pages() map[string]string {
	return map[string]string{
		"event": eventPage(false), "event-rtl": eventPage(true), "record": recordPage(), "desk": deskPage(), "form": formPage(), "extreme": extremes(),
	}
}

// document returns a whole sample page.
func document(name, theme, sheet, script string) string {
	lang, direction, body := "en", "ltr", ""
	if strings.HasSuffix(name, "rtl") {
		lang, direction = "ur", "rtl"
	}
	if name == "desk" {
		body = ` class="desk"`
	} else {
		script = ""
	}
	if script != "" {
		script = fmt.Sprintf("<script src=%q defer></script>", script)
	}
	return fmt.Sprintf(`<!doctype html><html lang=%q dir=%q data-theme=%q><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Test page</title><link rel="icon" href="data:,"><link rel="stylesheet" href=%q>%s</head><body%s>%s%s%s</body></html>`,
		lang, direction, theme, sheet, script, body, header(lang), pages()[name], footer)
}

// write puts the files beside the pages.
func write(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "fonts"), 0o755); err != nil {
		t.Fatal(err)
	}
	names := []string{"gawah.css", "desk.js"}
	fonts, err := static.FS.ReadDir("fonts")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fonts {
		names = append(names, "fonts/"+f.Name())
	}
	for _, n := range names {
		b, err := static.FS.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, n), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func header(lang string) string {
	if lang == "ur" {
		return `<header class="site"><a class="brand" href="#">Gawah <span lang="ur" dir="rtl">گواہ</span></a><nav><ul><li><a href="#" aria-current="page">واقعات</a></li><li><a href="#">لوگ</a></li><li><a href="#">مجموعے</a></li><li><a href="#">عرضداشتیں</a></li><li><a href="#">طریقہ</a></li></ul></nav><ul class="langs"><li><a href="#" lang="en">English</a></li></ul></header>`
	}
	return `<a class="skip" href="#main">Skip</a><header class="site"><a class="brand" href="#">Gawah <span lang="ur" dir="rtl">گواہ</span></a><nav><ul><li><a href="#" aria-current="page">Events</a></li><li><a href="#">People</a></li><li><a href="#">Totals</a></li><li><a href="#">Petitions</a></li><li><a href="#">Follow-up</a></li><li><a href="#">Method</a></li><li><a href="#">Search</a></li></ul></nav><ul class="langs"><li><a href="#" lang="ur">اردو</a></li><li><a href="#" lang="fa-AF">دری</a></li></ul></header>`
}

const footer = `<section class="print-notes page"><ol><li>https://example.org/test/method</li></ol></section><footer class="foot"><nav><ul><li><a href="#">Correct or hide this</a></li><li><a href="#">Cite this page</a></li><li><a href="#">History of this record</a></li><li><a href="#">Data and feeds</a></li></ul></nav><p>Invented data, made for testing. Nothing on this page happened.</p></footer>`

func p(n int64) *int64 { return &n }

func stripData(rtl bool) draw.StripData {
	d := draw.StripData{
		Band: draw.Band{Low: p(81), Best: p(96), High: p(105)},
		Labels: draw.StripLabels{
			Outlet: "Outlet", When: "When", Claim: "Killed", Origin: "Origin", Note: "Note",
			Exact: "a number", About: "about", AtLeast: "at least, more than", AtMost: "at most", Range: "between", InWords: "in words",
			Compiled: "compiled dataset, not counted as an origin", LeftOut: "left out, with the reason", Band: "the figure, low to high", Best: "best value", Log: "Logarithmic scale",
		},
		Marks: []draw.Mark{
			{Label: "Test Morning Post", When: "10 Jan, evening", Low: p(63), High: p(63), Origin: "h", OriginName: "a hospital in Testfall", Reason: "superseded by the same origin, 12 January", Href: "#"},
			{Label: "Example Wire", When: "11 Jan, 02:00", Low: p(81), High: p(81), Origin: "p", OriginName: "a police officer", Used: true, Href: "#"},
			{Label: "Testland Broadcasting", When: "11 Jan, 06:00", Low: p(81), High: p(81), Origin: "p", OriginName: "a police officer", Used: true, Href: "#"},
			{Label: "Sample News", When: "11 Jan", Low: p(80), Open: true, Origin: "c", OriginName: "the test committee", Used: true, Href: "#"},
			{Label: "Test Morning Post", When: "12 Jan", Low: p(96), High: p(96), Origin: "h", OriginName: "a hospital in Testfall", Used: true, Href: "#"},
			{Label: "Report, night 3", When: "13 Jan", Low: p(86), High: p(86), Origin: "r", OriginName: "a reporter at the sit-in", Reason: "other scope: one of the two sites", Href: "#"},
			{Label: "Report, night 3", When: "13 Jan", Low: p(100), Open: true, Origin: "r", OriginName: "a reporter at the sit-in", Used: true, Href: "#"},
			{Label: "Testfall Medical Board", When: "14 Jan", Low: p(105), High: p(105), Approx: true, Origin: "m", OriginName: "Testfall Medical Board", Used: true, Href: "#"},
			{Label: "Test Conflict Dataset", When: "2014", Low: p(92), High: p(105), Best: p(96), Compiled: true, Used: true, Reason: "compiled", Href: "#"},
			{Label: "Testland Body Tally, public register", When: "2014", Low: p(51), High: p(93), Compiled: true, Reason: "contradicts itself: low is above best", Href: "#"},
		},
	}
	if rtl {
		d.Labels.Exact, d.Labels.AtLeast, d.Labels.Range, d.Labels.LeftOut, d.Labels.About, d.Labels.Compiled, d.Labels.Band, d.Labels.Best = "عدد", "کم از کم", "درمیان", "شامل نہیں، وجہ کے ساتھ", "تقریباً", "مرتب شدہ فہرست", "کم سے زیادہ تک", "بہترین عدد"
		for i := range d.Marks {
			d.Marks[i].Label = []string{"آزمائشی اخبار", "مثال خبر", "Example Wire"}[i%3]
			d.Marks[i].When = "۱۱ جنوری، شام"
			if d.Marks[i].Reason != "" {
				d.Marks[i].Reason = "ایک ہی ذریعے کی پرانی خبر"
			}
		}
	}
	return d
}

func table(t draw.Table) string {
	var b strings.Builder
	b.WriteString(`<table class="stack"><thead><tr>`)
	for i, h := range t.Head {
		class := ""
		if len(t.Rows) > 0 && t.Rows[0].Cells[i].Numeric {
			class = ` class="n"`
		}
		fmt.Fprintf(&b, "<th%s>%s</th>", class, template.HTMLEscapeString(h))
	}
	b.WriteString("</tr></thead><tbody>")
	for _, r := range t.Rows {
		class := ""
		if r.LeftOut {
			class = ` class="left-out"`
		}
		fmt.Fprintf(&b, "<tr%s>", class)
		for i, c := range r.Cells {
			n := ""
			if c.Numeric {
				n = ` class="n"`
			}
			text := template.HTMLEscapeString(c.Text)
			if c.Href != "" {
				text = `<a href="` + template.HTMLEscapeString(c.Href) + `">` + text + `</a>`
			}
			if c.Key != "" {
				text = fmt.Sprintf(`<span><b class="key o%d">%s</b> %s</span>`, c.Hue, c.Key, text)
			}
			if i == 0 {
				fmt.Fprintf(&b, `<th scope="row">%s</th>`, text)
				continue
			}
			fmt.Fprintf(&b, `<td%s data-label=%q>%s</td>`, n, t.Head[i], text)
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>")
	return b.String()
}

func eventPage(rtl bool) string {
	s := draw.Strip(stripData(rtl), draw.Options{ID: "killed", Title: "Who said how many were killed", RTL: rtl})
	day := int64(86400)
	toll := draw.Toll(draw.TollData{Labels: draw.TollLabels{Origin: "Origin", When: "When", Count: "Killed"}, Series: []draw.Series{
		{Name: "a hospital in Testfall", Points: []draw.Point{{At: 0, When: "10 Jan", Count: 33}, {At: day / 2, When: "11 Jan", Count: 63}, {At: 2 * day, When: "12 Jan", Count: 96}}},
		{Name: "a police officer", Points: []draw.Point{{At: day / 4, When: "10 Jan, night", Count: 47}, {At: day, When: "11 Jan", Count: 81}}},
		{Name: "the test committee", Points: []draw.Point{{At: day, When: "11 Jan", Count: 80, Open: true}, {At: 4 * day, When: "14 Jan", Count: 100, Open: true}}},
	}}, draw.Options{ID: "toll", Title: "The toll over time", RTL: rtl})
	if rtl {
		return `<main class="page with-margin" id="main"><div class="head"><p class="kicker">حملہ · ۱۰ جنوری ۲۰۱۳ · آزمائشی صفحہ</p><h1>ٹیسٹ فال، مثال شہر</h1><p class="lede">یہ صفحہ صرف آزمائش کے لیے بنایا گیا ہے۔ اس میں لکھی گئی کوئی بات واقعی نہیں ہوئی۔</p><div class="figures"><p class="fig"><span class="fig-n"><span class="fig-best">96</span> <span class="fig-range"><bdi dir="ltr">81–105</bdi></span></span><span class="fig-what">ہلاک · <b>5 آزاد ذرائع</b> · <span class="word is-disputed">متنازع</span></span></p></div></div><aside class="margin"><dl class="facts"><div><dt>کب</dt><dd>۱۰ جنوری ۲۰۱۳، شام</dd></div><div><dt>کہاں</dt><dd>مثال شہر</dd></div></dl></aside><div class="rest"><h2>کس نے کیا کہا</h2><figure class="drawing"><figcaption>ہر نشان ایک ذریعے کا دعویٰ ہے۔</figcaption>` + string(s.SVG) + `</figure></div></main>`
	}
	return `<main class="page with-margin" id="main"><div class="head"><p class="kicker">Attack · two bombings · 10 January 2013</p><h1>Testfall Road, Example Town</h1><p class="lede">Two explosions minutes apart, invented to test this page. The second struck those who had come to help.</p>
<div class="figures"><p class="fig"><span class="fig-n"><span class="fig-best">96</span> <span class="fig-range">81–105</span></span><span class="fig-what">killed · <b>5 independent origins</b> · <span class="word is-disputed">disputed</span></span></p><p class="fig"><span class="fig-n"><span class="fig-best">110–169</span></span><span class="fig-what">injured · <b>3 independent origins</b> · <span class="word">no best value</span></span></p></div><p class="fig-how">Worked out from 10 claims under the rule <a href="#a">gawah/1</a>. Read under <a href="#b">UCDP</a>, <a href="#c">ACLED</a>, <a href="#d">GTD</a>, <a href="#e">IBC</a>.</p></div>
<aside class="margin" aria-label="Facts"><dl class="facts"><div><dt>When</dt><dd>10 January 2013, evening</dd></div><div><dt>Where</dt><dd>Testfall Road, Example Town · to the street</dd></div><div><dt>Whom it struck</dt><dd>An invented community</dd></div><div><dt>Claimed by</dt><dd><a href="#f">A test group</a><br>3 sources</dd></div><div><dt>What followed</dt><dd><a href="#g">Sit-in, four nights</a><br><a href="#h">Protests in 9 cities</a></dd></div></dl></aside>
<div class="rest"><h2>Who said what</h2><figure class="drawing"><figcaption>Each mark is one source’s claim of the number killed. Claims that share a bracket and a letter repeat one origin and count once.</figcaption>` + string(s.SVG) + `</figure>` + table(s.Table) +
		`<h2>The toll over time</h2><figure class="drawing">` + string(toll.SVG) + `</figure><h2>In the words of the sources</h2><blockquote class="passage"><p>An invented sentence says that <mark>more than 80 people</mark> were counted by the committee that evening.</p><cite>Sample News, 11 January 2013, <a href="https://example.org/test">preserved copy</a><sup class="fn">1</sup></cite></blockquote></div></main>`
}

func recordPage() string {
	var es []draw.TimelineEvent
	for i := range 90 {
		n := int64(2 + (i*i*37)%23)
		if i%17 == 3 {
			n *= 5
		}
		e := draw.TimelineEvent{Year: 2001 + float64(i)*0.24 + math.Sin(float64(i))*0.3, Label: fmt.Sprintf("Test event %d, Example Town", i), When: "test", Low: p(n * 8 / 10), Best: p(n), High: p(n * 13 / 10), Href: "#"}
		if i%11 == 0 {
			e.Low, e.Best, e.High = nil, nil, nil
		}
		es = append(es, e)
	}
	tl := draw.Timeline(draw.TimelineData{Events: es, Name: 6, Labels: draw.TimelineLabels{Root: "Heights grow with the square root of the number.", NoFigure: "no figure", When: "When", Event: "Event", Figure: "Killed"}}, draw.Options{ID: "tl", Title: "Events by year"})
	m := draw.Map(draw.MapData{Places: []draw.Place{
		{Name: "Test Place North", Lat: 30.2, Lon: 67.0, Low: p(300), Best: p(420), High: p(610), Href: "#"},
		{Name: "Test Place South", Lat: 24.9, Lon: 67.1, Low: p(40), Best: p(52), High: p(70)},
		{Name: "Test Place East", Lat: 31.5, Lon: 74.3, Best: p(12), Low: p(12), High: p(12)},
		{Name: "Test Place West", Lat: 34.3, Lon: 62.2, Best: p(88), Low: p(70), High: p(120)},
		{Name: "Test Place Centre", Lat: 34.5, Lon: 69.2, Best: p(160), Low: p(150), High: p(200)},
		{Name: "Test Place without number", Lat: 29.85, Lon: 66.6},
	}, Labels: draw.MapLabels{Circle: "killed", Ring: "highest number given", NoFigure: "no figure"}}, draw.Options{ID: "map", Title: "Places"})
	bars := draw.Bars(draw.BarsData{Bars: []draw.Bar{{Name: "1 Mar", Count: 210}, {Name: "2 Mar", Count: 388}, {Name: "3 Mar", Count: 120}, {Name: "4 Mar", Hidden: true, Text: "under 10"}, {Name: "5 Mar", Count: 44}}}, draw.Options{ID: "bars", Title: "Signatures by day"})
	return `<main class="page" id="main"><p class="kicker">Test record</p><h1>Events</h1><p class="lede">Ninety invented events over twenty-two years.</p><form class="filters"><div class="field"><label for="a">From</label><input id="a"></div><div class="field"><label for="b">To</label><input id="b"></div><div class="field"><label for="c">Kind</label><select id="c"><option>Attack</option></select></div><div class="field"><label for="d">Place</label><input id="d"></div><div class="buttons"><button>Show</button> <a href="#">Clear</a></div></form><figure class="drawing">` + string(tl.SVG) + `</figure><ul class="list dated"><li><span class="when">10 January 2013</span><h3><a href="#x">Testfall Road, Example Town</a></h3><p class="meta">Example Town · two bombings · disputed</p><span class="toll">96 <span class="soft">81–105</span></span></li><li><span class="when">about 2008</span><h3><a href="#y">Sit-in at the test square</a></h3><p class="meta">Example Town · protest, three nights</p><span class="toll soft">no figure</span></li></ul><nav class="pages"><ol><li><a href="#">Earlier</a></li><li><a href="#">1</a></li><li><b aria-current="page">2</b></li><li><a href="#">3</a></li><li><span>…</span></li><li><a href="#">9</a></li><li><a href="#">Later</a></li></ol></nav><h2>Where</h2><figure class="drawing">` + string(m.SVG) + `</figure><p class="note">` + draw.BordersPolicy + `</p><h2>Signatures by day</h2><figure class="drawing">` + string(bars.SVG) + `</figure><h2>People</h2><ul class="remember"><li><span class="name"><a href="#">Example Person</a></span><span class="names"><span lang="ur" dir="rtl">مثال شخص</span></span><span class="meta">Teacher of mathematics, invented</span></li><li><span class="name">Second Person</span><span class="meta">Ran a test bakery</span></li><li><span class="name">Third Person</span><span class="meta">Student, invented</span></li></ul></main>`
}

func deskPage() string {
	return `<main class="page" id="main"><nav class="crumbs"><ol><li><a href="#">Desk</a></li><li><a href="#">Sources</a></li><li aria-current="page">Sample News</li></ol></nav><h1>Sample News, 11 January 2013</h1><div class="flash"><p>Saved as draft. Nobody but the desk sees it.</p></div><ul class="counts"><li><b>14</b>to review</li><li><b>3</b>proposed as the same</li><li><b>1</b>request to hide</li></ul><div class="panes"><section class="pane read"><h2>Text</h2><div class="reading" data-reading tabindex="0">EXAMPLE TOWN — An invented committee said on Friday that <mark>more than 80 people</mark> had been counted at the two sites.

A hospital gave a lower number. “We have 63 names,” said an invented doctor, who asked to be described only as such.

The number could not be confirmed.</div></section><section class="pane"><h2>A claim from these words</h2><form class="form" data-passage-form><input type="hidden" name="quote"><input type="hidden" name="prefix"><input type="hidden" name="suffix"><input type="hidden" name="start"><input type="hidden" name="end"><p class="picked" data-passage-shown>more than 80 people</p><div class="row"><div class="field"><label for="k">What is counted</label><select id="k"><option>Killed</option></select></div><div class="field"><label for="o">How it is put</label><select id="o"><option>More than</option></select></div><div class="field"><label for="n">Number</label><input id="n" value="80"></div></div><div class="field"><label for="q">Quoting whom</label><span class="hint">Leave empty if the source names nobody.</span><input id="q" value="the test committee"></div><div class="buttons"><button class="primary">Add claim <kbd>a</kbd></button><button>Skip <kbd>s</kbd></button></div></form><article class="claim"><p>63 killed, exactly · as of 11 January</p><p class="meta">quoting an invented doctor · <span class="word">suggested</span> · <a href="#">review</a></p></article><p class="diff">The committee said <del>eighty</del><ins>more than 80</ins> people.</p></section></div></main>`
}

func formPage() string {
	return `<main class="page" id="main"><h1>Correct or hide this</h1><p class="lede">No account is needed. A relative’s request to hide a person takes effect at once.</p><form class="form"><section class="errors" role="alert"><h2>Two things need a look</h2><ul><li><a href="#e">How we can reach you is missing</a></li><li><a href="#w">Say what should change</a></li></ul></section><div class="field"><label for="e">How we can reach you</label><span class="hint" id="h">E-mail or telephone. Only the editors see it.</span><input id="e" aria-invalid="true"><span class="error">Give one way to reach you, or tick “no answer needed”.</span></div><div class="field"><label for="w">What should change</label><textarea id="w"></textarea></div><fieldset><legend>Who you are</legend><label class="check"><input type="radio" name="r" checked><span>A relative of the person</span></label><label class="check"><input type="radio" name="r"><span>The person</span></label><label class="check"><input type="checkbox"><span>Hide the page until this is decided, and tell me by the reply code only</span></label></fieldset><div class="buttons"><button class="primary">Send</button><button>Look at it first</button><a href="#">Go back</a></div></form></main>`
}

// extremes are strips that a design made for ordinary ones may not survive.
func extremes() string {
	labels := stripData(false).Labels
	var many []draw.Mark
	for i := range 60 {
		v := int64(20 + (i*13)%90)
		many = append(many, draw.Mark{Label: fmt.Sprintf("Test outlet %d", i), When: fmt.Sprintf("%d Jan", 1+i/3), Low: p(v), High: p(v), Used: i%5 != 0, Reason: "out of date", Origin: fmt.Sprint(i % 30), OriginName: fmt.Sprintf("origin %d", i%30)})
	}
	out := ""
	for i, d := range []draw.StripData{
		{Labels: labels, Band: draw.Band{Low: p(0), Best: p(12), High: p(40), Open: true}, Marks: []draw.Mark{
			{Label: "Test Ministry", When: "day 1", Low: p(0), High: p(0), Origin: "m", OriginName: "the ministry", Used: true},
			{Label: "Test Witness", When: "day 1", Low: p(12), High: p(12), Origin: "w", OriginName: "a witness", Used: true},
			{Label: "Test Letter", When: "day 2", Low: p(24), High: p(96), Words: true, Value: "dozens", Origin: "l", OriginName: "a letter", Used: true},
			{Label: "Test Rumour", When: "day 2", Low: p(20000), Open: true, Origin: "r", OriginName: "a rumour", Reason: "marked as unlikely to be true"},
			{Label: "Test Office", When: "day 3", High: p(40), Below: true, Origin: "o", OriginName: "an office", Used: true},
		}},
		{Labels: labels, Band: draw.Band{Low: p(7), Best: p(7), High: p(7)}, Marks: []draw.Mark{{Label: "Single Test", When: "10 Jan", Low: p(7), High: p(7), Used: true, Origin: "x"}}},
		{Labels: labels},
		{Labels: labels, Band: draw.Band{Low: p(40), High: p(80)}, Marks: many},
	} {
		out += `<h2>` + fmt.Sprint(i) + `</h2><figure class="drawing">` + string(draw.Strip(d, draw.Options{ID: fmt.Sprint("x", i), Title: "Extreme"}).SVG) + `</figure>`
	}
	return `<main class="page with-margin" id="main"><div class="rest">` + out + `</div></main>`
}
