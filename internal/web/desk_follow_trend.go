package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/trend"
)

// deskTrendsPage lists published and drafted tests.
type deskTrendsPage struct {
	deskPage
	Lines []listLine
	New   bool
	Lists []NavLink
}

func (s *Server) showDeskTrends(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	p := &deskTrendsPage{deskPage: s.desk(r, v.lang.T("desk.list.trends"), "desk-follow")}
	p.Lists = s.followLists(&p.Page)
	items, err := s.following.Trends(r.Context(), v.viewer)
	if err != nil {
		return err
	}
	for _, item := range items {
		t := item.Item.Rec
		p.Lines = append(p.Lines, listLine{
			p.To("/desk/trends/" + string(t.ID)), plain(v.lang, t.Title),
			joinParts(joinParts(v.lang.T("desk.trend.events", "n", t.Events), instant(t.Made)), v.lang.T("visibility."+string(t.Visibility))),
		})
	}
	return s.render(w, r, "desk_trends", p)
}

// newTrendPage asks for a test, in two steps: what is compared is said before
// anything is computed, and what was said cannot be changed once the outcome is
// seen without computing again.
type newTrendPage struct {
	deskPage
	Groups []groupView
	// Draft is what came out, nil before anything was computed; Settled says what it was
	// computed from.
	Draft   *followup.TrendDraft
	Settled []fact
	Outcome []fact
	Words   string
	Left    []string
	Kept    []keptField
	Naming  []groupView
}

// trendSpecs lists what has to be said before the numbers are seen.
func trendSpecs() []spec {
	return []spec{
		{Name: "frame.communities", Word: "communities", Input: inPicks, Kinds: ofParty, Group: "trend_frame"},
		{Name: "frame.perpetrators", Word: "perpetrators", Input: inPicks, Kinds: ofParty},
		{Name: "frame.authority", Word: "authority", Input: inPick, Kinds: ofParty},
		{Name: "frame.area", Word: "area", Input: inChoice, Options: optionsOf("scope.area.", true, areas...), Short: true},
		{Name: "frame.place", Word: "folded_place", Input: inLine, Short: true},
		{Name: "frame.country", Word: "country", Input: inLine, Short: true},
		{Name: "frame.types", Word: "event_types", Input: inChecks, Options: optionsOf("event.type.", false, record.EventTypes()...)},
		{Name: "from", Word: "trend.from", Input: inLine, Short: true, Group: "trend_periods"},
		{Name: "to", Word: "trend.to", Input: inLine, Short: true},
		{Name: "boundary", Word: "trend.boundary", Input: inLine, Short: true},
		{Name: "ground", Word: "trend.ground", Input: inChoice, Options: optionsOf("desk.trend.ground.", true, trend.GroundEvent, trend.GroundLaw, trend.GroundOther, trend.GroundData), Short: true},
		{Name: "why", Word: "trend.why", Input: inArea},
		{Name: "boundary_event", Word: "trend.boundary_event", Input: inPick, Kinds: ofEvent},
		{Name: "join_hours", Word: "trend.join_hours", Input: inLine, Short: true, Group: "trend_method"},
		{Name: "bin", Word: "trend.bin", Input: inChoice, Options: optionsOf("desk.trend.bin.", false, trend.Month, trend.Week), Short: true},
		{Name: "groups", Word: "trend.groups", Input: inCheck},
		{Name: "seed", Word: "trend.seed", Input: inLine, Short: true, Fold: true},
		{Name: "permutations", Word: "trend.permutations", Input: inLine, Short: true, Fold: true},
		{Name: "alpha", Word: "trend.alpha", Input: inLine, Short: true, Fold: true},
		{Name: "minimum", Word: "trend.minimum", Input: inLine, Short: true, Fold: true},
	}
}

// trendNaming lists what is said when the outcome is known.
func trendNaming() []spec {
	return []spec{
		{Name: "title", Word: "title", Input: inTexts},
		{Name: "statement", Word: "trend.statement", Input: inAreas},
		{Name: "claims", Word: "trend.claims", Input: inPicks, Kinds: ofClaim},
		{Name: "slug", Word: "slug", Input: inLine},
		{Name: "note", Word: "note", Input: inArea},
	}
}

// trendParams reads the parameters of a test.
func (t typed) trendParams() (record.Frame, trend.Params) {
	f := record.Frame{
		Communities: idsOf[record.PartyID](t.refs("frame.communities")), Perpetrators: idsOf[record.PartyID](t.refs("frame.perpetrators")),
		Authority: record.PartyID(t.ref("frame.authority").ID), Area: record.Area(t.line("frame.area")), Place: t.line("frame.place"),
		Country: upper(t.line("frame.country")),
	}
	for _, k := range t.f.Values["frame.types"] {
		f.Types = append(f.Types, record.EventType(k))
	}
	p := trend.Defaults(t.gregorian("from"), t.gregorian("to"))
	for _, name := range []string{"from", "to"} {
		if t.line(name) == "" {
			t.f.Add(t.l, name, "invalid.required")
		}
	}
	if p.From != "" && p.To != "" {
		f.Period = p.From + "/" + p.To
	}
	p.Boundary, p.Ground, p.Why = t.gregorian("boundary"), trend.Ground(t.line("ground")), t.words("why")
	p.BoundaryEvent = t.ref("boundary_event").ID
	if p.Boundary == "" {
		switch {
		case p.Ground != "" || p.Why != "" || p.BoundaryEvent != "":
			if !t.f.Wrong("boundary") {
				t.f.Add(t.l, "boundary", "invalid.trend.boundary")
			}
		}
	} else {
		if p.Ground == "" {
			t.f.Add(t.l, "ground", "invalid.required")
		}
		if p.Why == "" {
			t.f.Add(t.l, "why", "invalid.required")
		}
		if p.From != "" && p.To != "" && (p.Boundary <= p.From || p.Boundary > p.To) {
			t.f.Add(t.l, "boundary", "invalid.trend.between")
		}
	}
	if p.From != "" && p.To != "" && p.To < p.From {
		t.f.Add(t.l, "to", "invalid.order")
	}
	for _, n := range []struct {
		name string
		to   *int
	}{{"join_hours", &p.JoinHours}, {"permutations", &p.Permutations}, {"minimum", &p.Minimum}} {
		if got := t.number(n.name); got != nil {
			*n.to = int(min(max(*got, -1), 1<<30))
		}
	}
	if got := t.number("seed"); got != nil {
		p.Seed = uint64(max(*got, 0))
	}
	if bin := trend.Bin(t.line("bin")); bin != "" {
		p.Bin = bin
	}
	if s := t.line("alpha"); s != "" {
		alpha, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.f.Add(t.l, "alpha", "invalid.number")
		}
		p.Alpha = alpha
	}
	p.Groups = t.check("groups")
	for _, x := range []struct {
		name string
		ok   bool
	}{
		{"join_hours", p.JoinHours >= 0 && p.JoinHours <= 24*366},
		{"permutations", p.Permutations >= trend.LeastPermutations && p.Permutations <= trend.MostPermutations},
		{"minimum", p.Minimum >= trend.LeastAttacks && p.Minimum <= trend.MostEvents},
		{"alpha", p.Alpha >= 0.0001 && p.Alpha <= 0.5},
		{"seed", p.Seed < 1<<53},
	} {
		if !x.ok && !t.f.Wrong(x.name) {
			t.f.Add(t.l, x.name, "invalid.trend."+x.name)
		}
	}
	if !t.f.Refused() && p.Check() != nil {
		t.f.Add(t.l, "from", "invalid.trend.span")
	}
	return f, p
}

func (s *Server) showNewTrend(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	d := trend.Defaults("", "")
	b := blank{url.Values{}}
	b.Set("join_hours", strconv.Itoa(d.JoinHours))
	b.Set("bin", string(d.Bin))
	b.Set("seed", strconv.FormatUint(d.Seed, 10))
	b.Set("permutations", strconv.Itoa(d.Permutations))
	b.Set("alpha", strconv.FormatFloat(d.Alpha, 'f', -1, 64))
	b.Set("minimum", strconv.Itoa(d.Minimum))
	b.Add("frame.types", string(record.TypeAttack))
	for name, values := range r.URL.Query() {
		b.Values[name] = values
	}
	p := &newTrendPage{deskPage: s.desk(r, v.lang.T("desk.new.trends"), "desk-follow")}
	return s.renderTrendForm(w, r, p, Form{Values: b.Values}, http.StatusOK)
}

func (s *Server) renderTrendForm(w http.ResponseWriter, r *http.Request, p *newTrendPage, f Form, status int) error {
	v := visitOf(r)
	p.Form = f
	var err error
	if p.Groups, err = s.form(r.Context(), v, trendSpecs(), f); err != nil {
		return err
	}
	if p.Draft != nil {
		for _, sp := range trendSpecs() {
			for _, value := range f.Values[sp.Name] {
				p.Kept = append(p.Kept, keptField{Name: sp.Name, Value: value})
			}
		}
		if p.Naming, err = s.form(r.Context(), v, trendNaming(), f); err != nil {
			return err
		}
	}
	return s.renderStatus(w, r, status, "desk_trend_new", p)
}

// makeTrend computes a test, or keeps and publishes it.
func (s *Server) makeTrend(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	l := v.lang
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p := &newTrendPage{deskPage: s.desk(r, l.T("desk.new.trends"), "desk-follow")}
	if f.Get("again") != "" || f.Get("do") == "change" || f.Get("do") != "keep" && wants(trendSpecs(), f) {
		return s.renderTrendForm(w, r, p, f, http.StatusOK)
	}
	t := typed{&f, l}
	frame, params := t.trendParams()
	if f.Refused() {
		return s.renderTrendForm(w, r, p, f, refused)
	}
	draft, err := s.following.DraftTrend(r.Context(), v.viewer, frame, params)
	if f.Take(l, err) {
		return s.renderTrendForm(w, r, p, f, refused)
	}
	if err != nil {
		return err
	}
	p.Draft = draft
	p.Outcome = deskTrendFacts(l, draft.Result)
	p.Words = foundWords(l, &draft.Result.All.Published)
	for _, why := range []string{"planned", "undated", "joined"} {
		if n := draft.Left[why]; n > 0 {
			p.Left = append(p.Left, l.T("desk.trend.left."+why, "n", n))
		}
	}
	if f.Get("do") != "keep" || wants(trendNaming(), f) {
		return s.renderTrendForm(w, r, p, f, http.StatusOK)
	}
	rec := &record.TrendStatement{
		Title: t.texts("title"), Statement: t.texts("statement"), Frame: frame, Claims: idsOf[record.ClaimID](t.refs("claims")),
		Slug: t.line("slug"), Note: t.words("note"), Visibility: record.Internal,
	}
	if f.Get("publish") != "" {
		rec.Visibility = record.Public
	}
	if rec.Title.IsZero() {
		f.Add(l, "title", "invalid.required")
		return s.renderTrendForm(w, r, p, f, refused)
	}
	// What was seen is what is published: numbers that came in meanwhile are shown first.
	if seen := f.Get("seen"); seen != draft.Hash {
		f.Add(l, "title", "invalid.trend.moved")
		return s.renderTrendForm(w, r, p, f, http.StatusConflict)
	}
	id, err := s.following.MakeTrend(r.Context(), v.viewer, rec, params, f.Get("reason"))
	switch {
	case err == nil:
		return s.redirect(w, r, "/desk/trends/"+string(id)+"?done=saved")
	case f.Take(l, err):
		return s.renderTrendForm(w, r, p, f, refused)
	case errors.Is(err, record.ErrConflict):
		f.Add(l, "slug", "invalid.taken")
		return s.renderTrendForm(w, r, p, f, refused)
	}
	return err
}

// trendNumber writes a number of a result with four significant digits.
func trendNumber(l *lang.Printer, n trend.Number) string {
	if n.Infinite() {
		return l.T("desk.trend.infinite")
	}
	return strconv.FormatFloat(float64(n), 'g', 4, 64)
}

func intervalWords(l *lang.Printer, i trend.Interval) string {
	return l.T("desk.trend.interval", "low", trendNumber(l, i.Low), "high", trendNumber(l, i.High))
}

// foundWords says in a sentence what a test may be said to have found.
func foundWords(l *lang.Printer, x *trend.Published) string {
	out := l.T("trend.finding." + string(x.Finding))
	if x.Ratio != nil || x.P != nil {
		out = strings.TrimRight(out, ".۔") // numbers follow
	}
	if x.Ratio != nil {
		out = joinParts(out, l.T("desk.trend.ratio", "ratio", trendNumber(l, *x.Ratio)))
	}
	if x.Interval != nil {
		out = joinParts(out, intervalWords(l, *x.Interval))
	}
	if x.P != nil {
		out = joinParts(out, l.T("desk.trend.p", "p", trendNumber(l, *x.P)))
	}
	return out
}

// deskTrendFacts writes what was worked out.
func deskTrendFacts(l *lang.Printer, x *trend.Result) []fact {
	var out []fact
	add := func(word, value string) {
		if value != "" {
			out = append(out, fact{l.T("desk.trend.fact." + word), value})
		}
	}
	add("events", l.T("desk.trend.counted", "events", x.Events, "attacks", x.Attacks, "joined", x.Joined, "outside", x.Outside))
	one := func(word string, a *trend.Analysis) {
		add(word, foundWords(l, &a.Published))
		if a.Published.Method != "" {
			add("method", l.T("trend.method."+string(a.Published.Method)))
		}
		var why []string
		for _, reason := range a.Published.Refused {
			why = append(why, l.T("trend.refused."+string(reason)))
		}
		add("refused", l.List(why))
	}
	one("all", &x.All)
	if b, a := x.All.Before, x.All.After; b != nil && a != nil {
		add("before", l.T("desk.trend.period", "from", l.Date(b.From), "to", l.Date(b.To), "n", b.Attacks, "yearly", trendNumber(l, b.Yearly)))
		add("after", l.T("desk.trend.period", "from", l.Date(a.From), "to", l.Date(a.To), "n", a.Attacks, "yearly", trendNumber(l, a.Yearly)))
	}
	if d := x.All.Dispersion; d != nil {
		add("dispersion", trendNumber(l, d.Phi))
	}
	if c := x.All.Change; c != nil {
		add("change", l.T("desk.trend.change", "earliest", l.Date(c.Earliest), "latest", l.Date(c.Latest), "p", trendNumber(l, c.P)))
	}
	one("strict", &x.Strict)
	if x.Victims != nil {
		add("victims", l.T("trend.victims."+string(x.Victims.Finding), "n", x.Victims.Attacks, "unknown", l.Number(int64(x.Victims.Unknown))))
	}
	add("version", l.T("desk.trend.made_with", "version", x.Version, "seed", strconv.FormatUint(x.Params.Seed, 10), "hash", x.InputSHA256))
	return out
}

// deskTrendPage is a statement at the desk.
type deskTrendPage struct {
	deskPage
	T       *record.TrendStatement
	Rev     int
	Name    string
	Words   string
	Facts   []fact
	Said    []fact
	Check   string
	OK      bool
	Public  string
	Claims  []casework.Label
	Missing bool
}

func (s *Server) showDeskTrend(w http.ResponseWriter, r *http.Request) error {
	p, err := s.deskTrend(r)
	if err != nil {
		return err
	}
	return s.render(w, r, "desk_trend", p)
}

func (s *Server) deskTrend(r *http.Request) (*deskTrendPage, error) {
	v := visitOf(r)
	l := v.lang
	id := r.PathValue("id")
	if !record.ValidID(id) {
		return nil, record.ErrNotFound
	}
	view, err := s.following.Trend(r.Context(), v.viewer, id)
	if err != nil {
		return nil, err
	}
	t := view.Item.Rec
	p := &deskTrendPage{T: t, Rev: view.Item.Rev, Name: plain(l, t.Title)}
	p.deskPage = s.desk(r, p.Name, "desk-follow")
	p.Said = []fact{
		{l.T("field.trend.from"), l.Date(view.Params.From)}, {l.T("field.trend.to"), l.Date(view.Params.To)},
	}
	if view.Params.Boundary != "" {
		p.Said = append(p.Said, fact{l.T("field.trend.boundary"), joinParts(l.Date(view.Params.Boundary), joinParts(l.T("desk.trend.ground."+string(view.Params.Ground)), view.Params.Why))})
	}
	if view.Result != nil {
		p.Words, p.Facts = foundWords(l, &view.Result.All.Published), deskTrendFacts(l, view.Result)
	}
	p.Missing = !view.Kept() && t.Events > 0
	var refs []record.Ref
	for _, c := range t.Claims {
		refs = append(refs, record.Ref{Kind: record.KindClaim, ID: string(c)})
	}
	named, err := s.house.Labels(r.Context(), v.viewer, l.Tag(), refs...)
	if err != nil {
		return nil, err
	}
	for _, ref := range refs {
		n := named[ref]
		n.Ref = ref
		p.Claims = append(p.Claims, n)
	}
	if t.Visibility == record.Public {
		p.Public = p.To("/trends/" + t.Slug)
	}
	return p, nil
}

// recomputeTrend computes a statement again from what it stored and says whether
// the same comes out.
func (s *Server) recomputeTrend(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	p, err := s.deskTrend(r)
	if err != nil {
		return err
	}
	check, err := s.following.RecomputeTrend(r.Context(), v.viewer, p.T.ID)
	if err != nil {
		return err
	}
	p.OK = check.OK
	if p.Check = v.lang.T("desk.trend.same"); !check.OK {
		p.Check = v.lang.T("desk.trend.check." + check.Reason)
	}
	return s.render(w, r, "desk_trend", p)
}

// Text is a text in the reader's language.
func (p *deskTrendPage) Text(t record.Text) string { return plain(p.L, t) }
