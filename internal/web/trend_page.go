package web

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/draw"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/trend"
)

// trendsPage lists what was tested.
type trendsPage struct {
	Page
	Rows []TrendRow
}

// TrendRow is a test in a list.
type TrendRow struct {
	Href    string
	Title   template.HTML
	Made    string
	Finding string
	Inside  string
}

// trendPage is one test: the result in plain words first.
type trendPage struct {
	Page
	Crumbs    []Crumb
	Statement template.HTML // what was said
	Said      []SaidGroup
	Measured  []StripRow
	Finding   string
	Words     []string // the result in sentences
	Strict    []string // the same under the stricter rule
	Victims   string
	Chart     template.HTML
	Table     draw.Table
	Change    string
	Tests     []TestRow
	Groups    []GroupRow
	Facts     []Fact
	Params    []ParamRow
	Command   string
	Slug      string
	Input     string // address of what it was computed from; empty where that is missing
	Taken     string // how much of that is not public any more
	Without   string // that the numbers are of a computation without it
	History   string
	Sources   []SourceLine
	Notes     []string
	Card      CardView
}

// TestRow is one test with its numbers.
type TestRow struct{ Name, Ratio, Interval, P string }

// GroupRow is the comparison within one group.
type GroupRow struct{ Group, Before, After, Finding, Ratio, P string }

// ParamRow is one parameter: in words, under its stored name, and its value.
type ParamRow struct{ Label, Name, Value string }

func (s *Server) showTrends(w http.ResponseWriter, r *http.Request) error {
	desk, err := s.followUp()
	if err != nil {
		return err
	}
	v := visitOf(r)
	list, err := desk.Trends(r.Context(), v.viewer)
	if err != nil {
		return err
	}
	l := v.lang
	p := &trendsPage{Page: s.page(r, l.T("trend.title"), "follow-up")}
	p.Feed = "/feeds/trends.atom"
	for _, d := range list {
		k := d.Item
		row := TrendRow{Href: p.To("/trends/" + k.Rec.Slug), Title: text(l, k.Rec.Title), Made: day(l, k.Rec.Made), Inside: insideWord(l, k.Rec.Visibility)}
		var res trend.Result
		if json.Unmarshal(k.Rec.Result, &res) == nil {
			row.Finding = findingWord(l, &res)
		}
		p.Rows = append(p.Rows, row)
	}
	return s.render(w, r, "trends", p)
}

// findingOf is the outcome that a statement stands for: the comparison of
// periods, or, where none was fixed, the search for a change.
func findingOf(res *trend.Result) trend.Finding {
	if f := res.All.Published.Finding; f != "" {
		return f
	}
	return trend.NotTested
}

func findingWord(l *lang.Printer, res *trend.Result) string {
	return l.T("trend.finding." + string(findingOf(res)))
}

// partInput is the end of the address of what a statement was computed from.
const partInput = "/input.tsv"

func (s *Server) trendOf(w http.ResponseWriter, r *http.Request, part string) (*followup.TrendView, error) {
	read := (*followup.Desk).Trend
	if part == partInput {
		read = (*followup.Desk).TrendWithInput
	}
	d, err := readFollowed(s, w, r, "/trends/", part, read, func(d *followup.TrendView) string { return d.Item.Rec.Slug })
	if err != nil || d == nil {
		return nil, err
	}
	if d.Result == nil {
		return nil, record.ErrNotFound
	}
	return d, nil
}

func (s *Server) showTrend(w http.ResponseWriter, r *http.Request) error {
	d, err := s.trendOf(w, r, "")
	if err != nil || d == nil {
		return err
	}
	l, k := visitOf(r).lang, d.Item.Rec
	p := &trendPage{Page: s.page(r, plain(l, k.Title), "follow-up"), Slug: k.Slug, Statement: paras(l, k.Statement)}
	p.Page.About = k.Ref()
	p.History = p.To("/history/trend_statement/" + string(k.ID))
	p.Feed = "/feeds/trends/" + k.Slug + ".atom"
	p.FollowBy = s.followBy("trend:" + k.Slug)
	p.Crumbs = []Crumb{{p.To("/trends"), escape(l.T("trend.title"))}}
	p.Finding = findingWord(l, d.Result)
	p.Words = trendWords(l, &d.Result.All, d.Params)
	p.Strict = trendWords(l, &d.Result.Strict, d.Params)
	if v := d.Result.Victims; v != nil {
		p.Victims = l.T("trend.victims."+string(v.Finding), "n", v.Attacks)
		if v.Unknown > 0 {
			p.Victims += " " + l.T("trend.victims.unknown", "n", v.Unknown)
		}
	}
	p.Change = changeWord(l, d.Result.All.Change)
	chart := trendChart(l, d.Result, plain(l, k.Title))
	p.Chart, p.Table = chart.SVG, chart.Table
	p.Tests = testRows(l, &d.Result.All)
	for _, g := range d.Result.Groups {
		row := GroupRow{Group: g.Group, Finding: l.T("trend.finding." + string(g.Analysis.Published.Finding)), Ratio: numberOf(l, g.Analysis.Published.Ratio, 2), P: numberOf(l, cmpNumber(g.Analysis.Published.Adjusted, g.Analysis.Published.P), pDigits)}
		if g.Analysis.Before != nil && g.Analysis.After != nil {
			row.Before, row.After = l.Number(g.Analysis.Before.Attacks), l.Number(g.Analysis.After.Attacks)
		}
		p.Groups = append(p.Groups, row)
	}
	p.Params = paramRows(l, d)
	p.Command = "gawah trend check " + k.Slug
	if d.Kept() {
		p.Input = "/trends/" + k.Slug + partInput
	}
	if n := d.Taken + d.Changed; n > 0 {
		p.Taken, p.Without = l.T("trend.input_taken", "n", n), l.T("trend.without", "n", n)
	}
	st := newStripper(l, d.Said, p.Inside())
	p.Measured, p.Said = saidOf(l, d.Said.Claims, st)
	p.Sources, p.Notes = sourceLines(l, d.Said.Claims, d.Said.Links, d.Said.Held)
	p.Facts = trendFacts(l, d)
	p.Card = s.cardView(r, l, "trends/"+k.Slug, p.Title, "/trends/"+k.Slug)
	return s.render(w, r, "trend", p)
}

func cmpNumber(a, b *trend.Number) *trend.Number {
	if a != nil {
		return a
	}
	return b
}

// pDigits is how many digits of a p are written: fewer would round what decides to the bound, more say
// nothing to a reader. The data beside the page holds all.
const pDigits = 3

// numberOf writes a number of a result; nothing where there is none.
func numberOf(l *lang.Printer, n *trend.Number, digits int) string {
	if n == nil {
		return ""
	}
	if digits == pDigits && float64(*n) < 0.0005 {
		return l.T("trend.tiny")
	}
	return decimal(l, float64(*n), digits)
}

// trendWords is what one analysis found, in sentences a reader needs no training
// for.
func trendWords(l *lang.Printer, a *trend.Analysis, params trend.Params) []string {
	var out []string
	say := func(key string, args ...any) { out = append(out, l.T(key, args...)) }
	if a.Before != nil && a.After != nil {
		say("trend.counts", "n", a.After.Attacks, "before", l.Number(a.Before.Attacks), "before_from", l.Date(a.Before.From), "before_to", l.Date(a.Before.To),
			"after_from", l.Date(a.After.From), "after_to", l.Date(a.After.To))
		say("trend.rates", "before", decimal(l, float64(a.Before.Yearly), 1), "after", decimal(l, float64(a.After.Yearly), 1))
	} else {
		say("trend.whole", "n", a.Whole.Attacks, "from", l.Date(a.Whole.From), "to", l.Date(a.Whole.To), "yearly", decimal(l, float64(a.Whole.Yearly), 1))
	}
	pub := a.Published
	switch {
	case pub.Finding == trend.NotTested:
		say("trend.not_tested")
	case pub.Method == trend.ChangePoint:
		say("trend.change_result." + string(pub.Finding))
	case pub.Ratio != nil && pub.Interval != nil:
		say("trend.result."+string(pub.Finding), "ratio", decimal(l, float64(*pub.Ratio), 2), "low", decimal(l, float64(pub.Interval.Low), 2), "high", decimal(l, float64(pub.Interval.High), 2),
			"level", perCent(l, 1-params.Alpha))
	case pub.Ratio != nil:
		say("trend.result_ratio."+string(pub.Finding), "ratio", decimal(l, float64(*pub.Ratio), 2))
	}
	if pub.P != nil {
		say("trend.p", "p", numberOf(l, pub.P, pDigits), "method", l.T("trend.method."+string(pub.Method)))
	}
	for _, reason := range pub.Refused {
		say("trend.refused." + string(reason))
	}
	return out
}

func changeWord(l *lang.Printer, c *trend.Change) string {
	if c == nil {
		return ""
	}
	return l.T("trend.change."+string(c.Finding), "from", l.Date(c.Earliest), "to", l.Date(c.Latest), "ratio", decimal(l, float64(c.Ratio), 2), "p", numberOf(l, &c.P, pDigits))
}

func testRows(l *lang.Printer, a *trend.Analysis) []TestRow {
	var out []TestRow
	between := func(i trend.Interval) string {
		return l.T("trend.between", "low", decimal(l, float64(i.Low), 2), "high", decimal(l, float64(i.High), 2))
	}
	if t := a.Exact; t != nil {
		out = append(out, TestRow{l.T("trend.method.conditional_binomial"), decimal(l, float64(t.Ratio), 2), between(t.Interval), numberOf(l, &t.P, pDigits)})
	}
	if t := a.Quasi; t != nil {
		out = append(out, TestRow{l.T("trend.method.quasi_poisson"), decimal(l, float64(t.Ratio), 2), between(t.Interval), numberOf(l, &t.P, pDigits)})
	}
	if t := a.Shuffle; t != nil {
		out = append(out, TestRow{Name: l.T("trend.method.bin_shuffle"), P: numberOf(l, &t.P, pDigits)})
	}
	if t := a.Change; t != nil {
		out = append(out, TestRow{Name: l.T("trend.method.change_point"), Ratio: decimal(l, float64(t.Ratio), 2), P: numberOf(l, &t.P, pDigits)})
	}
	return out
}

// yearOf places a day on a scale of years; the end of a day is its next day.
func yearOf(day string, after int) float64 {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0
	}
	t = t.AddDate(0, 0, after)
	return float64(t.Year()) + float64(t.YearDay()-1)/365.25
}

func trendChart(l *lang.Printer, res *trend.Result, title string) draw.Drawing {
	a := &res.All
	d := draw.RateData{Labels: draw.RateLabels{
		When: l.T("timeline.when"), Count: l.T("measure.attacks"), Bar: l.T("trend.bar." + string(res.Params.Bin)), Mean: l.T("trend.mean"), Boundary: l.T("trend.boundary"), Change: l.T("trend.range"),
	}}
	perYear := 12.0
	if res.Params.Bin == trend.Week {
		perYear = 365.25 / 7
	}
	for _, b := range a.Bins {
		d.Bins = append(d.Bins, draw.RateBin{From: yearOf(b.From, 0), To: yearOf(b.To, 1), When: l.Date(b.From), Count: b.Attacks})
	}
	period := func(p *trend.Period) {
		if p != nil {
			d.Periods = append(d.Periods, draw.RatePeriod{From: yearOf(p.From, 0), To: yearOf(p.To, 1), Mean: float64(p.Yearly) / perYear, Text: l.T("trend.mean_of", "yearly", decimal(l, float64(p.Yearly), 1))})
		}
	}
	if a.Before != nil && a.After != nil {
		period(a.Before)
		period(a.After)
		d.Boundary = yearOf(a.After.From, 0)
	} else {
		period(&a.Whole)
	}
	if c := a.Change; c != nil {
		d.ChangeFrom, d.ChangeTo = yearOf(c.Earliest, 0), yearOf(c.Latest, 1)
	}
	return draw.Rate(d, draw.Options{ID: "rate", Title: title, Desc: l.T("trend.chart_desc", "n", len(d.Bins)), RTL: l.RTL(), Number: l.Number})
}

func paramRows(l *lang.Printer, d *followup.TrendView) []ParamRow {
	p := d.Params
	var out []ParamRow
	add := func(name, value string) {
		if value != "" {
			out = append(out, ParamRow{l.T("trend.param." + name), name, value})
		}
	}
	word := func(of, value string) string {
		if value == "" {
			return ""
		}
		return l.T("trend." + of + "." + value)
	}
	add("from", l.Date(p.From))
	add("to", l.Date(p.To))
	add("boundary", l.Date(p.Boundary))
	add("ground", word("ground", string(p.Ground)))
	add("why", p.Why)
	add("boundary_event", p.BoundaryEvent)
	add("join_hours", itoa(p.JoinHours))
	add("bin", word("bin", string(p.Bin)))
	add("seed", decimalUint(p.Seed))
	add("permutations", itoa(p.Permutations))
	add("alpha", decimal(l, p.Alpha, 2))
	add("minimum", itoa(p.Minimum))
	return out
}

func trendFacts(l *lang.Printer, d *followup.TrendView) []Fact {
	k := d.Item.Rec
	var out []Fact
	fact := func(key string, words ...template.HTML) {
		if len(words) > 0 && words[0] != "" {
			out = append(out, Fact{l.T(key), words})
		}
	}
	mono := func(s string) template.HTML {
		return template.HTML(`<span class="hash" dir="ltr">`) + escape(s) + `</span>`
	}
	fact("trend.made", escape(day(l, k.Made)))
	fact("trend.version", mono(k.Version))
	fact("trend.hash", mono(k.Input))
	fact("trend.events", escape(l.T("trend.events_n", "n", d.Result.Events, "joined", l.Number(int64(d.Result.Joined)), "outside", l.Number(int64(d.Result.Outside)))))
	if s := d.Result.All.Dispersion; s != nil {
		fact("trend.dispersion", escape(decimal(l, float64(s.Phi), 2)))
	}
	if d.Result.All.Undated > 0 {
		fact("trend.undated", escape(l.Number(int64(d.Result.All.Undated))))
	}
	var struck []template.HTML
	for _, id := range k.Frame.Communities {
		if link, ok := d.Links[record.Ref{Kind: record.KindParty, ID: string(id)}]; ok {
			struck = append(struck, linked(l, link))
		}
	}
	fact("event.whom", struck...)
	return out
}

// showTrendInput sends what a statement was computed from, byte for byte, so that
// its hash can be compared. Where events are not public any more, it is what is left, with a
// line before it that says so and that keeps it from being taken for the whole.
func (s *Server) showTrendInput(w http.ResponseWriter, r *http.Request) error {
	d, err := s.trendOf(w, r, partInput)
	if err != nil || d == nil {
		return err
	}
	if !d.Kept() {
		return record.ErrNotFound
	}
	b, err := d.Input.Encode()
	if err != nil {
		return err
	}
	switch {
	case d.Taken+d.Changed > 0:
		b = append(fmt.Appendf(nil, "# %d events are not public any more and were taken out, %d others lost what they are a part of: this file has not the hash of the statement\n", d.Taken, d.Changed), b...)
	case trend.Hash(b) != d.Item.Rec.Input:
		return record.ErrNotFound
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+d.Item.Rec.Slug+`.tsv"`)
	s.openToAll(w)
	s.send(w, r, http.StatusOK, "text/tab-separated-values; charset=utf-8", b)
	return nil
}

// showTrendResult sends the stored parameters and result as they were stored.
func (s *Server) showTrendResult(w http.ResponseWriter, r *http.Request) error {
	d, err := s.trendOf(w, r, "/result.json")
	if err != nil || d == nil {
		return err
	}
	s.openToAll(w)
	s.send(w, r, http.StatusOK, typeJSON, []byte(strings.TrimSpace(string(d.Item.Rec.Result))+"\n"))
	return nil
}

func (s *Server) showTrendCSV(w http.ResponseWriter, r *http.Request) error {
	d, err := s.trendOf(w, r, "/bins.csv")
	if err != nil || d == nil {
		return err
	}
	rows := [][]string{{"from", "to", "later", "attacks"}}
	for _, b := range d.Result.All.Bins {
		later := "0"
		if b.Later {
			later = "1"
		}
		rows = append(rows, []string{b.From, b.To, later, itoa(int(b.Attacks))})
	}
	return s.sendCSV(w, r, d.Item.Rec.Slug, rows)
}
