package web

import (
	"html/template"
	"strings"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/draw"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// ClaimRow is a claim in the table beneath a strip.
type ClaimRow struct {
	ID      string
	Key     string // the origin's letter, as in the drawing
	Hue     int
	Who     template.HTML
	When    string
	Says    string
	Numeric bool // Says is short and set as a number
	// Quote is the exact words, Copy the address of the preserved copy or empty.
	Quote record.LangText
	// Bits are whom the source quotes, of what the number is as printed, and where
	// the words stand.
	Bits   []string
	Copy   string
	Used   bool
	Note   string
	OfHref string // the claim that this one repeats or gave way to
	Inside string // visibility, for readers who see more than the public does
}

// StripView is one figure's claims, drawn and as a table.
type StripView struct {
	ID      string
	Title   string
	Figure  FigureView
	Scope   string // empty for the default scope
	SVG     template.HTML
	Rows    []ClaimRow
	Words   string // the conversion of numbers in words that was used
	Drawn   bool
	Measure string
}

// stripper makes strips out of one set of claims.
type stripper struct {
	l     *lang.Printer
	lines map[record.ClaimID]*casework.ClaimLine
	links casework.Links
	held  map[record.SourceID]casework.Holding
	// inside marks claims that the public does not see.
	inside bool
	// placed are the claims that have their place on the page already: one that is
	// listed again, under another scope, is not given a second anchor.
	placed map[record.ClaimID]bool
}

func newStripper(l *lang.Printer, said casework.Said, inside bool) *stripper {
	return &stripper{l: l, lines: said.ByID, links: said.Links, held: said.Held, inside: inside}
}

// relevant leaves out of a figure's claims those that are about something else
// altogether, which have figures of their own.
func relevant(f *figure.Figure) []figure.Use {
	var out []figure.Use
	for _, u := range f.Claims {
		switch u.Reason {
		case figure.OtherKind, figure.OtherMeasure, figure.OtherScope:
		default:
			out = append(out, u)
		}
	}
	return out
}

// strip draws a figure's claims. It is drawn from two numbers on; a single one
// needs no drawing.
func (s *stripper) strip(id string, f *figure.Figure) StripView {
	l := s.l
	uses := relevant(f)
	v := StripView{ID: id, Figure: figureView(l, f)}
	v.Measure = capital(v.Figure.What) // with the currency, where there is one
	v.Title = l.T("strip.title", "measure", l.T("measure."+string(f.Measure)))
	if !f.Scope.IsZero() {
		v.Scope = scopeText(l, f.Scope)
	}
	// One mark for each claim; a compiler's low, best and high are one mark.
	var marks []draw.Mark
	used := map[string]figure.Use{}
	numbers := 0
	for _, u := range uses {
		line := s.lines[u.Claim]
		if line == nil {
			continue
		}
		m := s.mark(u, line)
		if m.Low != nil || m.High != nil {
			numbers++
		}
		marks = append(marks, m)
		used[m.Href] = u
		if u.Word != "" {
			v.Words = u.Word
		}
	}
	d := draw.Strip(draw.StripData{
		Marks:  marks,
		Band:   draw.Band{Low: f.Low, Best: f.Best, High: f.High, Open: f.Open},
		Labels: stripLabels(l),
	}, draw.Options{ID: id, Title: v.Title, RTL: l.RTL(), Number: l.Number})
	if v.Drawn = numbers > 1; v.Drawn {
		v.SVG = d.SVG
	}
	for _, row := range d.Table.Rows {
		u, ok := used[row.Cells[0].Href]
		if !ok {
			continue
		}
		r := s.row(s.lines[u.Claim])
		for _, c := range row.Cells {
			if c.Key != "" {
				r.Key, r.Hue = c.Key, c.Hue
			}
		}
		r.Used, r.Note = u.Used, s.reason(u)
		if u.Of != "" && s.lines[u.Of] != nil {
			r.OfHref = "#claim-" + string(u.Of)
		}
		v.Rows = append(v.Rows, r)
	}
	return v
}

// reason says why a claim was left out, or what a reader should know about its
// use; nothing for one simply used.
func (s *stripper) reason(u figure.Use) string {
	if u.Reason == figure.Used {
		return ""
	}
	return s.l.T("figure.reason." + string(u.Reason))
}

func (s *stripper) mark(u figure.Use, line *casework.ClaimLine) draw.Mark {
	c, l := line.Claim, s.l
	m := draw.Mark{
		Label: publisher(l, line.Source, s.links), When: s.time(line), Low: c.Low, High: c.High, Best: c.Best,
		Open:   c.Operator == record.AtLeast || c.Operator == record.MoreThan,
		Below:  c.Operator == record.AtMost || c.Operator == record.LessThan,
		Approx: c.Operator == record.About || u.Approx, Words: c.Operator == record.InWords,
		Compiled: c.Role.Compiled(), Used: u.Used, Reason: s.reason(u), Value: said(l, c), Href: "#claim-" + string(c.ID),
	}
	switch {
	case c.Operator == record.MoreThan && c.Low != nil:
		n := *c.Low - 1
		m.Low, m.High = &n, nil
	case c.Operator == record.LessThan && c.High != nil:
		n := *c.High + 1
		m.High, m.Low = &n, nil
	case c.Operator == record.InWords:
		m.Low, m.High, m.Open = u.Low, u.High, u.Open
	}
	if !m.Compiled {
		m.Origin, m.OriginName = u.Origin, s.origin(line)
	}
	return m
}

// origin names whom a claim goes back to.
// Several officers of one police are one origin, and bear the police's name.
func (s *stripper) origin(line *casework.ClaimLine) string {
	a := line.Claim.AttributedTo
	if k, ok := s.links[record.Ref{Kind: record.KindParty, ID: string(a.Party)}]; ok && a.Party != "" {
		return plain(s.l, k.Title)
	}
	if !a.Unattributed {
		if q := quoting(s.l, a, s.links); q != "" {
			return q
		}
	}
	return publisher(s.l, line.Source, s.links)
}

// time is the time a claim speaks of, else the day its source was published.
func (s *stripper) time(line *casework.ClaimLine) string {
	if w := when(s.l, line.Claim.AsOf); w != "" {
		return w
	}
	if line.Source != nil {
		return when(s.l, line.Source.Published)
	}
	return ""
}

// row is a claim for a table, whatever its kind.
func (s *stripper) row(line *casework.ClaimLine) ClaimRow {
	c, l := line.Claim, s.l
	if s.placed == nil {
		s.placed = map[record.ClaimID]bool{}
	}
	r := ClaimRow{
		When: s.time(line), Used: true,
	}
	bit := func(words string) {
		if words != "" {
			r.Bits = append(r.Bits, words)
		}
	}
	switch a := c.AttributedTo; {
	case a.Unattributed && a.Text == "":
		bit(l.T("source.unattributed"))
	case !a.IsZero():
		if q := quoting(l, a, s.links); q != "" {
			bit(l.T("source.quoting", "whom", q))
		}
	}
	bit(c.ScopePrinted)
	bit(c.Passage.Locator)
	if !s.placed[c.ID] {
		s.placed[c.ID] = true
		r.ID = "claim-" + string(c.ID)
	}
	name := template.HTML(template.HTMLEscapeString(publisher(l, line.Source, s.links)))
	if line.Source != nil {
		r.Who = link(l.Path()+"/sources/"+string(line.Source.ID)+"#claim-"+string(c.ID), name)
	} else {
		r.Who = name
	}
	switch c.Kind {
	case record.KindMeasure:
		r.Says = said(l, c)
		r.Numeric = utf8.RuneCountInString(r.Says) <= 22
	case record.KindAttribute:
		r.Says = s.value(c)
	case record.KindStatement:
		r.Says = plain(l, c.Statement)
	}
	if q := c.Passage.Quote(); q != "" {
		tag := c.Language
		if tag == "" && line.Source != nil {
			tag = line.Source.Language
		}
		r.Quote = record.LangText{Lang: tag, Text: q}
	}
	switch {
	case line.Capture != nil:
		r.Copy = l.Path() + "/sources/" + string(c.Source) + "#copy-" + string(line.Capture.ID)
	case s.held[c.Source] != casework.HeldOpen:
		bit(l.T(holdingWords[s.held[c.Source]]))
	}
	if s.inside && line.Level > 0 {
		r.Inside = l.T("visibility." + string(c.Visibility))
	}
	return r
}

// value writes what an attribute claim says.
func (s *stripper) value(c *record.Claim) string {
	v := c.Value
	if k, ok := s.links[v.Ref]; ok && !v.Ref.IsZero() {
		name := plain(s.l, k.Title)
		if v.Text != "" && !strings.EqualFold(v.Text, name) {
			return s.l.T("value.read_as", "words", v.Text, "name", name)
		}
		return name
	}
	switch {
	case v.Text != "":
		return v.Text
	case !v.When.IsZero():
		return when(s.l, v.When)
	}
	return placeText(s.l, v.Place)
}

func stripLabels(l *lang.Printer) draw.StripLabels {
	return draw.StripLabels{
		Outlet: l.T("strip.outlet"), When: l.T("strip.when"), Claim: l.T("strip.claim"), Origin: l.T("strip.origin"), Note: l.T("strip.note"),
		Exact: l.T("strip.exact"), About: l.T("strip.about"), AtLeast: l.T("strip.at_least"), AtMost: l.T("strip.at_most"),
		Range: l.T("strip.range"), InWords: l.T("strip.in_words"), Compiled: l.T("strip.compiled"), LeftOut: l.T("strip.left_out"),
		Band: l.T("strip.band"), Best: l.T("strip.best"), Log: l.T("strip.log"),
	}
}

// toll draws how the number moved, one line for each origin. It is there when
// numbers of at least two times were given.
func (s *stripper) toll(id string, f *figure.Figure) template.HTML {
	l := s.l
	var series []draw.Series
	index := map[string]int{}
	days := map[int64]bool{}
	for _, u := range f.Claims {
		switch u.Reason {
		case figure.Used, figure.OutOfDate, figure.Superseded:
		default:
			continue
		}
		line := s.lines[u.Claim]
		if line == nil || u.Origin == "" || u.Low == nil && u.High == nil {
			continue
		}
		at, ok := holdsAt(line)
		if !ok {
			continue
		}
		p := draw.Point{At: at, When: s.time(line), Open: u.Open, Href: "#claim-" + string(u.Claim)}
		switch {
		case u.Best != nil:
			p.Count = *u.Best
		case u.Low != nil:
			p.Count = *u.Low
		default:
			p.Count = *u.High
		}
		i, ok := index[u.Origin]
		if !ok {
			i = len(series)
			index[u.Origin] = i
			series = append(series, draw.Series{Name: s.origin(line)})
		}
		series[i].Points = append(series[i].Points, p)
		days[at/86400] = true
	}
	if len(days) < 2 || len(series) == 0 {
		return ""
	}
	return draw.Toll(draw.TollData{Series: series, Labels: draw.TollLabels{
		Origin: l.T("toll.origin"), When: l.T("toll.when"), Count: l.T("toll.count"),
	}}, draw.Options{
		ID: id, Title: l.T("toll.title", "measure", l.T("measure."+string(f.Measure))), RTL: l.RTL(), Number: l.Number,
	}).SVG
}

// holdsAt is when a claim holds, as seconds since 1970, where that is known to a
// week or so.
func holdsAt(line *casework.ClaimLine) (int64, bool) {
	d := line.Claim.AsOf.Date
	if d.IsZero() && line.Source != nil {
		d = line.Source.Published.Date
	}
	if t, _, ok := d.Instant(); ok {
		return t.Unix(), true
	}
	first, ok := d.Earliest()
	last, ok2 := d.Latest()
	if !ok || !ok2 || last-first > 7 {
		return 0, false
	}
	return int64(first) * 86400, true
}
