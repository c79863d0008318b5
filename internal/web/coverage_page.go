package web

import (
	"html/template"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/attention"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/draw"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// coverageRoutes are the public addresses of what was reported of an event.
func (s *Server) coverageRoutes() []route {
	return []route{
		{pattern: "GET /events/{slug}/coverage", need: anyone, do: s.showCoverage, keep: true, still: true},
		{pattern: "GET /events/{slug}/coverage.csv", need: anyone, do: s.showCoverageCSV, keep: true, still: true},
		{pattern: "GET /cards/coverage/{name}", need: anyone, do: s.showCoverageCard, keep: true, still: true},
	}
}

// coveragePage is what was reported of an event.
type coveragePage struct {
	Page
	Crumbs []Crumb
	Event  EventView
	Series []CoverageView
	Voices []VoicesView
	Others []Option
	With   *EventView
	Chosen string // the slug of With
	Pairs  []CoveragePairView
	Rows   []SideRow
	// Said and Measured are what trended, by claim.
	Said     []SaidGroup
	Measured []StripRow
	Sources  []SourceLine
	Notes    []string
	CSV      string
	Plain    string // the page without a comparison
	Card     CardView
}

// CoverageView is one series.
type CoverageView struct {
	ID          string
	Title       template.HTML
	Collection  string
	Query       string
	Language    string
	Tool        string
	Source      template.HTML
	Made        string
	Share       string
	Counts      string
	Known       string
	Lag         string
	Peak        string
	Persistence string
	Inside      string
	Drawing     template.HTML
	Table       draw.Table
	Cut         string // how many days the table shows of how many
}

// VoicesView sets languages side by side.
type VoicesView struct {
	Tool   string
	Common string
	Rows   []VoiceRow
}

// VoiceRow is one language.
type VoiceRow struct{ Language, Collection, Share, Lag string }

// CoveragePairView is a comparison of two series.
type CoveragePairView struct {
	Title    string
	Warnings []string
	Drawing  template.HTML
	Table    draw.Table
	Cut      string
	Common   string
	Relative string
}

// SideRow is one event of a comparison in numbers.
type SideRow struct {
	Event                           template.HTML
	Collection                      string
	Items, Share, Lag, Last, Killed string
}

// coverageFor reads what a coverage page is about; nil when the reader was sent on.
func (s *Server) coverageFor(w http.ResponseWriter, r *http.Request, part string) (*followup.CoveragePage, error) {
	desk, err := s.followUp()
	if err != nil {
		return nil, err
	}
	slug, other := r.PathValue("slug"), r.URL.Query().Get("with")
	d, err := desk.Coverage(r.Context(), visitOf(r).viewer, slug, other)
	if err != nil {
		return nil, err
	}
	if d.Event.Event.Slug != slug {
		to := "/events/" + d.Event.Event.Slug + part
		if other != "" {
			to += "?with=" + url.QueryEscape(other)
		}
		return nil, s.moved(w, r, to)
	}
	return d, nil
}

func (s *Server) showCoverage(w http.ResponseWriter, r *http.Request) error {
	d, err := s.coverageFor(w, r, "/coverage")
	if err != nil || d == nil {
		return err
	}
	v := visitOf(r)
	l, e := v.lang, d.Event.Event
	p := &coveragePage{Page: s.page(r, l.T("coverage.title", "event", plain(l, e.Title)), "events"), Event: eventView(l, d.Event)}
	p.Page.About = e.Ref()
	if r.URL.RawQuery != "" {
		p.Robots = "noindex"
	}
	path := "/events/" + e.Slug
	p.Plain = p.To(path + "/coverage")
	p.CSV = p.To(path + "/coverage.csv")
	p.Crumbs = []Crumb{{p.To("/events"), escape(l.T("nav.events"))}, {p.To(path), text(l, e.Title)}}
	for i, one := range d.Series {
		p.Series = append(p.Series, coverageView(l, one, d.Links, "coverage-"+itoa(i), p.Inside()))
	}
	for _, g := range d.Groups {
		p.Voices = append(p.Voices, voicesView(l, g))
	}
	for _, o := range d.Others {
		p.Others = append(p.Others, Option{Value: o.Event.Slug, Label: plain(l, o.Event.Title) + " · " + l.When(o.Event.When.Date)})
	}
	if d.With != nil {
		with := eventView(l, *d.With)
		p.With, p.Chosen = &with, d.With.Event.Slug
		p.CSV += "?with=" + url.QueryEscape(d.With.Event.Slug)
		for i, pair := range d.Pairs {
			p.Pairs = append(p.Pairs, coveragePairView(l, pair, "pair-"+itoa(i)))
			for _, side := range []followup.CoverageSeries{pair.A, pair.B} {
				p.Rows = append(p.Rows, sideRow(l, side))
			}
		}
	}
	st := newStripper(l, d.Trended, p.Inside())
	p.Measured, p.Said = saidOf(l, d.Trended.Claims, st)
	p.Sources, p.Notes = sourceLines(l, d.Trended.Claims, d.Trended.Links, d.Trended.Held)
	if len(d.Series) > 0 {
		p.Card = s.cardView(r, l, "coverage/"+e.Slug, l.T("coverage.title", "event", plain(l, e.Title)), path+"/coverage")
	}
	return s.render(w, r, "coverage", p)
}

// shareText writes a share with as many digits as it needs to be told from 0.
func shareText(l *lang.Printer, share float64) string {
	p := share * 100
	digits := 0
	switch {
	case p == 0 || p >= 10:
	case p >= 1:
		digits = 1
	case p >= 0.1:
		digits = 2
	default:
		digits = min(3+int(-math.Floor(math.Log10(p)))-2, 6)
	}
	return l.T("follow.percent", "number", decimal(l, p, digits))
}

// whyWord says why a measure cannot be worked out.
func whyWord(l *lang.Printer, why attention.Reason) string { return l.T("coverage.why." + string(why)) }

// daySpan writes a number of days known within bounds.
func daySpan(l *lang.Printer, s attention.Span) string {
	switch {
	case !s.OK():
		return whyWord(l, s.Why)
	case s.Open:
		return l.T("coverage.days_open", "n", s.Low)
	case s.Low != s.High:
		return l.T("coverage.days_range", "low", l.Number(int64(s.Low)), "high", l.Number(int64(s.High)))
	}
	return l.T("coverage.days", "n", s.Low)
}

// languageWord names the language of a series, as the reader calls it.
func languageWord(l *lang.Printer, tag string) string {
	if tag == "" {
		return l.T("coverage.any_language")
	}
	return languageName(l, tag)
}

// shareTick writes a share at a scale, whose lines are at round numbers.
func shareTick(l *lang.Printer, share float64) string {
	if p := math.Round(share * 1e4); math.Mod(p, 100) == 0 {
		return l.T("follow.percent", "number", decimal(l, p/100, 0))
	}
	return shareText(l, share)
}

func coverageView(l *lang.Printer, c followup.CoverageSeries, links casework.Links, id string, inside bool) CoverageView {
	rec, sum := c.Item.Rec, c.Summary
	v := CoverageView{
		ID: string(rec.ID), Title: text(l, rec.Title), Collection: rec.Collection, Query: rec.Query, Language: languageWord(l, rec.Language),
		Tool: l.T("coverage.tool." + string(rec.Tool)), Lag: daySpan(l, c.Lag), Persistence: daySpan(l, c.Persistence),
		Known: l.T("coverage.known", "n", sum.Days, "missing", l.Number(int64(sum.Missing)), "from", l.Date(sum.First), "to", l.Date(sum.Last)),
	}
	if !rec.Made.Date.IsZero() {
		v.Made = l.When(rec.Made.Date)
	}
	if rec.Source != "" {
		if k, ok := links[record.Ref{Kind: record.KindSource, ID: string(rec.Source)}]; ok {
			v.Source = link(l.Path()+"/sources/"+string(rec.Source), text(l, k.Title))
		}
	}
	if inside && c.Item.Level == access.LevelPublic {
		inside = false
	}
	if inside {
		v.Inside = l.T("visibility.internal")
	}
	if sum.ShareWhy == "" {
		v.Share = shareText(l, sum.Share)
		v.Counts = l.T("coverage.of", "matched", l.Number(sum.Matched), "all", l.Number(sum.All))
	} else {
		v.Share = whyWord(l, sum.ShareWhy)
		if sum.Counted {
			v.Counts = l.T("coverage.items", "n", sum.Items)
		}
	}
	if sum.Peak != "" {
		day := l.Date(sum.Peak)
		switch {
		case sum.Counted && sum.PeakHas:
			v.Peak = l.T("coverage.peak_both", "date", day, "n", sum.PeakItems, "share", shareText(l, sum.PeakShare))
		case sum.Counted:
			v.Peak = l.T("coverage.peak_items", "date", day, "n", sum.PeakItems)
		default:
			v.Peak = l.T("coverage.peak_share", "date", day, "share", shareText(l, sum.PeakShare))
		}
	} else {
		v.Peak = l.T("coverage.why.no_match")
	}
	shares := sum.Shares > 0
	data := coverageDrawing(l, shares, []followup.CoverageSeries{c}, []string{plain(l, rec.Title)})
	drawing := draw.Coverage(data, draw.Options{ID: id, Title: l.T("coverage.drawing", "what", plain(l, rec.Title)), Desc: v.Peak + " " + v.Known, RTL: l.RTL(), Number: l.Number})
	v.Drawing, v.Table, v.Cut = drawing.SVG, drawing.Table, ""
	v.Table, v.Cut = cutTable(l, v.Table)
	return v
}

// tableDays bounds the days that a page's table shows; the file has all of them.
const tableDays = 400

func cutTable(l *lang.Printer, t draw.Table) (draw.Table, string) {
	if len(t.Rows) <= tableDays {
		return t, ""
	}
	all := len(t.Rows)
	t.Rows = t.Rows[:tableDays]
	return t, l.T("coverage.table_cut", "n", tableDays, "all", l.Number(int64(all)))
}

// coverageDrawing makes lines of series: of shares where they have any, else of
// counts.
func coverageDrawing(l *lang.Printer, shares bool, series []followup.CoverageSeries, names []string) draw.CoverageData {
	d := draw.CoverageData{Labels: draw.CoverageLabels{Day: l.T("coverage.day"), Unknown: l.T("coverage.unknown")}}
	if shares {
		d.Tick = func(v float64) string { return shareTick(l, v) }
	}
	for i, c := range series {
		s := draw.CoverageSeries{Name: names[i]}
		for _, day := range c.Item.Rec.Days {
			n, ok := dayNumber(day.Day)
			if !ok {
				continue
			}
			x := draw.CoverageDay{Day: n, When: l.Date(day.Day)}
			share, has := attention.Share(day)
			switch {
			case shares && has:
				x.Value, x.Known = share, true
				x.Text = shareText(l, share)
				if day.All >= 0 {
					x.Text += " (" + l.T("coverage.of", "matched", l.Number(day.Matched), "all", l.Number(day.All)) + ")"
				}
			case shares && day.Matched >= 0:
				x.Text = l.T("coverage.no_share", "n", day.Matched)
			case day.Matched >= 0:
				x.Value, x.Known, x.Text = float64(day.Matched), true, l.Number(day.Matched)
			default:
				x.Text = l.T("coverage.unknown")
			}
			s.Days = append(s.Days, x)
		}
		d.Series = append(d.Series, s)
		if from, ok := c.Event.Event.When.Date.Earliest(); ok {
			d.Marks = append(d.Marks, draw.CoverageMark{Day: int(from), Label: l.T("coverage.event_day", "event", plain(l, c.Event.Event.Title)), Series: i})
		}
	}
	return d
}

func dayNumber(day string) (int, bool) {
	t, err := time.Parse(time.DateOnly, day)
	return int(t.Unix() / (24 * 60 * 60)), err == nil
}

func voicesView(l *lang.Printer, g followup.VoiceGroup) VoicesView {
	v := VoicesView{Tool: l.T("coverage.tool." + string(g.Tool)), Common: l.T("coverage.common", "n", g.Common)}
	for i, voice := range g.Voices {
		row := VoiceRow{Language: languageWord(l, voice.Language), Collection: g.Series[i].Item.Rec.Collection, Lag: daySpan(l, voice.Lag)}
		if voice.Why == "" {
			row.Share = shareText(l, voice.Share)
		} else {
			row.Share = whyWord(l, voice.Why)
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

func coveragePairView(l *lang.Printer, c followup.CoveragePair, id string) CoveragePairView {
	a, b := plain(l, c.A.Event.Event.Title), plain(l, c.B.Event.Event.Title)
	v := CoveragePairView{Title: c.A.Item.Rec.Collection, Common: l.T("coverage.common", "n", c.Common)}
	if !c.Alike {
		v.Title = c.A.Item.Rec.Collection + " · " + c.B.Item.Rec.Collection
	}
	for _, w := range c.Warnings {
		v.Warnings = append(v.Warnings, l.T("coverage.warn."+string(w)))
	}
	data := coverageDrawing(l, c.A.Summary.Shares > 0 && c.B.Summary.Shares > 0, []followup.CoverageSeries{c.A, c.B}, []string{a, b})
	drawing := draw.Coverage(data, draw.Options{ID: id, Title: l.T("coverage.compare_drawing", "a", a, "b", b), Desc: v.Common, RTL: l.RTL(), Number: l.Number})
	v.Drawing = drawing.SVG
	v.Table, v.Cut = cutTable(l, drawing.Table)
	v.Relative = relativeWord(l, c.Relative)
	return v
}

// relativeWord says how much more one event was spoken of than the other, for
// each person killed.
func relativeWord(l *lang.Printer, r attention.Relative) string {
	if !r.OK() {
		return l.T("coverage.relative_none", "why", whyWord(l, r.Why))
	}
	low, high := r.Times()
	ln := func(v float64) string {
		sign := ""
		if v < 0 {
			sign, v = "−", -v
		}
		return sign + decimal(l, v, 2)
	}
	switch {
	case r.LowOpen && r.HighOpen:
		return l.T("coverage.relative_none", "why", whyWord(l, attention.NoDeaths))
	case r.LowOpen:
		return l.T("coverage.relative_most", "high", times(l, high), "ln_high", ln(r.High))
	case r.HighOpen:
		return l.T("coverage.relative_least", "low", times(l, low), "ln_low", ln(r.Low))
	}
	return l.T("coverage.relative", "low", times(l, low), "high", times(l, high), "ln_low", ln(r.Low), "ln_high", ln(r.High))
}

// times writes a factor with three digits that count.
func times(l *lang.Printer, f float64) string {
	if f >= 100 {
		return decimal(l, f, 0)
	}
	digits := 2
	for x := f; x < 1 && digits < 8; x *= 10 {
		digits++
	}
	return decimal(l, f, digits)
}

func sideRow(l *lang.Printer, c followup.CoverageSeries) SideRow {
	row := SideRow{
		Event: link(l.Path()+"/events/"+c.Event.Event.Slug, text(l, c.Event.Event.Title)), Collection: c.Item.Rec.Collection,
		Items: l.T("value.none"), Lag: daySpan(l, c.Lag), Last: daySpan(l, c.Persistence), Killed: l.T("value.none"),
	}
	if c.Summary.Counted {
		row.Items = l.Number(c.Summary.Items)
	}
	if c.Summary.ShareWhy == "" {
		row.Share = shareText(l, c.Summary.Share)
	} else {
		row.Share = whyWord(l, c.Summary.ShareWhy)
	}
	if k := c.Event.Killed; k != nil && k.Low != nil && k.High != nil {
		row.Killed = crowdWord(l, *k.Low, *k.High, k.Open)
	}
	return row
}

// coverageHead is the head of the table of days, the same in every language: it is
// for programs.
var coverageHead = []string{"event", "series", "collection", "tool", "query", "language", "day", "matched", "all", "share"}

// showCoverageCSV answers /events/SLUG/coverage.csv: every day of every series
// that the page shows, with the other event's below. What is not known is empty.
func (s *Server) showCoverageCSV(w http.ResponseWriter, r *http.Request) error {
	d, err := s.coverageFor(w, r, "/coverage.csv")
	if err != nil || d == nil {
		return err
	}
	rows := [][]string{coverageHead}
	series := d.Series
	seen := map[record.CoverageID]bool{}
	for _, p := range d.Pairs {
		if !seen[p.B.Item.Rec.ID] {
			series = append(series, p.B)
			seen[p.B.Item.Rec.ID] = true
		}
	}
	for _, c := range series {
		rec := c.Item.Rec
		for _, day := range rec.Days {
			row := []string{c.Event.Event.Slug, string(rec.ID), rec.Collection, string(rec.Tool), rec.Query, rec.Language, day.Day, "", "", ""}
			if day.Matched >= 0 {
				row[7] = strconv.FormatInt(day.Matched, 10)
			}
			if day.All >= 0 {
				row[8] = strconv.FormatInt(day.All, 10)
			}
			if share, ok := attention.Share(day); ok {
				row[9] = strconv.FormatFloat(share, 'g', -1, 64)
			}
			rows = append(rows, row)
		}
	}
	return s.sendCSV(w, r, d.Event.Event.Slug+"-coverage", rows)
}

// showCoverageCard answers /cards/coverage/SLUG.svg: the first series of an event
// as a picture for other sites, with the public's numbers whoever asks.
func (s *Server) showCoverageCard(w http.ResponseWriter, r *http.Request) error {
	desk, err := s.followUp()
	if err != nil {
		return err
	}
	slug, ok := strings.CutSuffix(r.PathValue("name"), ".svg")
	if !ok {
		return record.ErrNotFound
	}
	d, err := desk.Coverage(r.Context(), access.Anyone(), slug, "")
	if err != nil {
		return err
	}
	if len(d.Series) == 0 {
		return record.ErrNotFound
	}
	l := visitOf(r).lang
	one := d.Series[0]
	data := coverageDrawing(l, one.Summary.Shares > 0, d.Series[:1], []string{one.Item.Rec.Collection})
	title := l.T("coverage.title", "event", plain(l, d.Event.Event.Title))
	svg := draw.CoverageFile(data, title, l.T("card.foot", "date", l.Date(s.now().UTC().Format(time.DateOnly))), draw.Options{ID: "card", Title: title, RTL: l.RTL(), Number: l.Number})
	s.openToAll(w)
	w.Header().Set("Cache-Control", "public, max-age=900")
	s.send(w, r, http.StatusOK, typeSVG, []byte(svg))
	return nil
}
