package web

import (
	"html/template"
	"math"
	"net/http"
	"strconv"

	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/draw"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// accountabilityPage is the measures of accountability, with what is unknown shown.
type accountabilityPage struct {
	Page
	Form     Form
	Filtered bool
	Attacks  string
	Measures []ShareView
	Bars     template.HTML
	BarTable draw.Table
	Reached  []ReachedRow
	WaysOut  []string
	Waits    []WaitRow
	CPJ      string
	Parties  []PartyShare
	Cases    []ProceedingRow
	Loose    []ProceedingRow // about no attack, so in none of the measures
	CSV      string
	Card     CardView
}

// ShareView is a share with its interval and its bounds.
type ShareView struct {
	Title    string
	Value    string // empty where nothing was checked
	Of       string // "7 of 9 whose outcome was looked for"
	Interval string
	Bounds   string
	Unknown  string
}

// ReachedRow is how many cases reached a step.
type ReachedRow struct{ Step, N string }

// WaitRow is how long cases waited from one step for another.
type WaitRow struct{ Steps, Cases, Came, Left, Waiting, Half string }

// PartyShare is the measure for one accused party.
type PartyShare struct {
	Href    string
	Name    template.HTML
	Attacks string
	Share   ShareView
	Status  []template.HTML
}

// leastChecked is from how many checked outcomes on a share is printed; below it
// the numbers stand alone.
const leastChecked = 5

func shareView(l *lang.Printer, title string, k followup.Share) ShareView {
	v := ShareView{Title: l.T(title), Of: l.T("accountability.of", "n", k.Of, "all", l.Number(int64(k.All)))}
	if k.All == 0 && k.Unknown > 0 {
		v.Of = l.T("accountability.nobody")
	}
	if k.All >= leastChecked && !math.IsNaN(k.Value) {
		v.Value = perCent(l, k.Value)
		v.Interval = l.T("accountability.interval", "low", perCent(l, k.Low), "high", perCent(l, k.High))
	}
	if k.All+k.Unknown > 0 {
		v.Bounds = l.T("accountability.bounds", "low", perCent(l, k.BoundLow), "high", perCent(l, k.BoundHigh))
		v.Unknown = l.T("accountability.unknown", "n", k.Unknown, "share", share(l, k.Unknown, k.All+k.Unknown))
	}
	return v
}

func (s *Server) accountFilter(r *http.Request) (followup.AccountabilityFilter, Form, error) {
	l, q := visitOf(r).lang, r.URL.Query()
	form := Form{Values: q}
	var f followup.AccountabilityFilter
	for name, to := range map[string]*record.PartyID{"party": &f.Party, "community": &f.Community} {
		if slug := form.Get(name); slug != "" {
			k, err := s.following.Find(r.Context(), visitOf(r).viewer, record.KindParty, slug)
			if err != nil {
				return f, form, err
			}
			*to = record.PartyID(k.Ref.ID)
		}
	}
	for name, to := range map[string]*string{"from": &f.From, "to": &f.To} {
		if day := form.Get(name); day != "" {
			if !record.ValidDay(day) {
				form.Add(l, name, "invalid.date", "value", day)
				continue
			}
			*to = day
		}
	}
	if c := form.Get("country"); len(c) == 2 {
		f.Country = c
	}
	if n := form.Get("population"); n != "" {
		v, err := strconv.ParseInt(n, 10, 64)
		if err != nil || v <= 0 || v > record.MaxNumber {
			form.Add(l, "population", "invalid.number")
		} else {
			f.Population = v
		}
	}
	return f, form, nil
}

func (s *Server) showAccountability(w http.ResponseWriter, r *http.Request) error {
	desk, err := s.followUp()
	if err != nil {
		return err
	}
	v := visitOf(r)
	f, form, err := s.accountFilter(r)
	if err != nil {
		return err
	}
	d, err := desk.Accountability(r.Context(), v.viewer, f)
	if err != nil {
		return err
	}
	l := v.lang
	p := &accountabilityPage{Page: s.page(r, l.T("accountability.title"), "follow-up"), Form: form, Filtered: r.URL.RawQuery != "", CSV: "/follow-up/data/accountability.csv" + queryOf(r)}
	if p.Filtered {
		p.Robots = "noindex"
	}
	p.Attacks = l.T("accountability.attacks", "n", d.Attacks)
	p.Measures = []ShareView{shareView(l, "accountability.no_conviction", d.NoConvict), shareView(l, "accountability.prosecuted", d.Prosecuted)}
	bars := accountBars(l, d)
	p.Bars, p.BarTable = bars.SVG, bars.Table
	for _, k := range d.Reached {
		p.Reached = append(p.Reached, ReachedRow{l.T("follow.step." + string(k.Step)), l.Number(int64(k.N))})
	}
	// Beside noughts, a case of which no step is known has to stand as that.
	blank := 0
	for _, k := range d.Proceedings {
		if k.Reached == "" {
			blank++
		}
	}
	if blank > 0 {
		p.Reached = append(p.Reached, ReachedRow{l.T("accountability.no_step"), l.Number(int64(blank))})
	}
	for _, k := range d.Waits {
		row := WaitRow{
			Steps: l.T("accountability.from_to", "from", l.T("follow.step."+string(k.From)), "to", l.T("follow.step."+string(k.To))),
			Cases: l.Number(int64(k.N)), Came: l.Number(int64(k.Ended)), Left: l.Number(int64(k.Exited)), Waiting: l.Number(int64(k.Waiting)),
			Half: l.T("accountability.half_never"),
		}
		if k.HasMedian {
			row.Half = l.T("follow.days", "n", k.Median)
		}
		p.Waits = append(p.Waits, row)
	}
	for _, k := range []struct {
		key string
		n   int
	}{{"accountability.escapes", d.Escapes}, {"accountability.released", d.Released}, {"accountability.killed_first", d.KilledFirst}} {
		if k.n > 0 {
			p.WaysOut = append(p.WaysOut, l.T(k.key, "n", k.n))
		}
	}
	if f.Population > 0 {
		if d.PerMillion > 0 {
			p.CPJ = l.T("accountability.per_million", "number", decimal(l, d.PerMillion, 2), "population", l.Number(f.Population))
		} else {
			p.CPJ = l.T("accountability.per_million_few")
		}
	}
	for _, k := range d.Parties {
		ps := PartyShare{Href: l.Path() + pathOf(k.Party) + "#accountability", Name: text(l, k.Party.Title), Attacks: l.Number(int64(k.Attacks)), Share: shareView(l, "accountability.no_conviction", k.NoConvict)}
		for _, st := range k.Status {
			words := statusWord(l, st.Words)
			if from := when(l, st.From); from != "" {
				words += template.HTML(` <span class="soft">`) + escape(from) + `</span>`
			}
			ps.Status = append(ps.Status, words)
		}
		p.Parties = append(p.Parties, ps)
	}
	p.Cases = proceedingRows(l, d.Links, d.Proceedings)
	p.Loose = proceedingRows(l, d.Links, d.Loose)
	p.Card = s.cardView(r, l, "accountability", l.T("accountability.title"), "/follow-up/accountability")
	return s.render(w, r, "accountability", p)
}

// accountBars draws attacks by outcome, what nobody looked for as a part of its own.
func accountBars(l *lang.Printer, d *followup.Accountability) draw.Drawing {
	if d.Attacks == 0 {
		return draw.Drawing{}
	}
	data := draw.ProgressData{
		Labels: draw.ProgressLabels{Name: l.T("follow.what"), All: l.T("follow.all")},
		States: []draw.ProgressState{
			{State: draw.Whole, Word: l.T("accountability.bar.some")}, {State: draw.Nothing, Word: l.T("accountability.bar.none")}, {State: draw.Unknown, Word: l.T("accountability.bar.unknown")},
		},
	}
	add := func(key string, some, none, unknown int) {
		data.Rows = append(data.Rows, draw.ProgressRow{Name: l.T(key), Counts: []int64{int64(some), int64(none), int64(unknown)}})
	}
	add("accountability.bar.conviction", d.NoConvict.All-d.NoConvict.Of, d.NoConvict.Of, d.NoConvict.Unknown)
	add("accountability.bar.charged", d.Prosecuted.Of, d.Prosecuted.All-d.Prosecuted.Of, d.Prosecuted.Unknown)
	return draw.Progress(data, draw.Options{ID: "outcomes", Title: l.T("accountability.drawing"), RTL: l.RTL(), Number: l.Number})
}

// decimal writes a number with some digits after the point.
func decimal(l *lang.Printer, v float64, digits int) string {
	if math.IsInf(v, 1) {
		return "∞"
	}
	if v >= 1000 || v <= -1000 {
		return l.Number(int64(math.Round(v)))
	}
	return strconv.FormatFloat(v, 'f', digits, 64)
}

// queryOf is the query of an address with its question mark, or nothing.
func queryOf(r *http.Request) string {
	if r.URL.RawQuery == "" {
		return ""
	}
	return "?" + r.URL.Query().Encode()
}
