package web

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// sourcesPage lists the house's own sources.
type sourcesPage struct {
	Page
	Sources []SourceLine
	Paging
}

func (s *Server) showSources(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	n, err := pageNumber(r)
	if err != nil {
		return err
	}
	list, err := s.house.SourceList(r.Context(), v.viewer, n)
	if err != nil {
		return err
	}
	p := &sourcesPage{Page: s.page(r, v.lang.T("source.sources"), "sources"), Paging: paging(r, n, list.More)}
	for _, k := range list.Items {
		p.Sources = append(p.Sources, sourceLine(v.lang, k, nil, casework.NotHeld))
	}
	return s.render(w, r, "sources", p)
}

// sourcePage is the page of a source: what it is, whether a copy is held, and
// what it states.
type sourcePage struct {
	Page
	Kicker  string
	Name    template.HTML
	Summary template.HTML
	Facts   []Fact
	URL     string
	Copies  []CopyView
	// HeldInside says that there is a copy, but none that the reader may see.
	HeldInside bool
	Groups     []SubjectGroup
	Within     []template.HTML
	Inside2    []template.HTML
	From       []template.HTML
	Cut        bool
	History    string
	Notes      []string
}

// CopyView is a preserved copy.
type CopyView struct {
	ID, Taken, Method, Media, Hash, Size string
}

// SubjectGroup is what a source states about one subject.
type SubjectGroup struct {
	Subject template.HTML
	Rows    []StripRow
	// Beside is what stands beside the names of the accused among the claims.
	Beside []AccusedView
}

// AccusedView is how far a matter went for somebody accused, and what they answer.
type AccusedView struct {
	Status string
	At     template.HTML
	Reply  template.HTML
}

// beside adds what is not there yet.
func (g *SubjectGroup) beside(l *lang.Printer, list []casework.Accusation) {
	for _, a := range list {
		v := AccusedView{At: linked(l, a.At), Reply: text(l, a.Reply)}
		if a.Status != "" {
			v.Status = l.T("accused." + string(a.Status))
		}
		if !slices.Contains(g.Beside, v) {
			g.Beside = append(g.Beside, v)
		}
	}
}

func (s *Server) showSource(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	id := record.SourceID(r.PathValue("id"))
	if !record.ValidID(string(id)) {
		return record.ErrNotFound
	}
	d, err := s.house.SourcePage(r.Context(), v.viewer, id)
	if err != nil {
		return err
	}
	k, l := d.Source, v.lang
	p := &sourcePage{Page: s.page(r, plain(l, k.Title), "sources"), Kicker: l.T("source.type." + string(k.Type)), Name: text(l, k.Title)}
	p.Summary, p.URL, p.Cut = paras(l, k.Summary), k.URL, d.Cut
	p.Page.About = k.Ref()
	p.History = p.To("/history/source/" + string(k.ID))
	fact := func(key string, words ...template.HTML) {
		if len(words) > 0 && words[0] != "" {
			p.Facts = append(p.Facts, Fact{l.T(key), words})
		}
	}
	if o, ok := d.Links[record.Ref{Kind: record.KindParty, ID: string(k.Outlet)}]; ok && k.Outlet != "" {
		fact("source.publisher", linked(l, o))
	} else {
		fact("source.publisher", escape(k.Publisher))
	}
	fact("source.author", escape(k.Author))
	fact("source.published", escape(when(l, k.Published)))
	fact("source.language", escape(languageName(l, k.Language)))
	fact("source.translator", escape(k.Translator))
	fact("source.locator", escape(k.Locator))
	if k.URL != "" {
		fact("source.address", template.HTML(`<a href="`+template.HTMLEscapeString(k.URL)+`" rel="noreferrer nofollow">`+template.HTMLEscapeString(shortURL(k.URL))+`</a>`))
	}
	if !k.Accessed.IsZero() {
		fact("source.accessed", escape(l.When(k.Accessed)))
	}
	terms := escape(l.T("terms." + string(k.Terms)))
	if k.Credit != "" {
		terms += template.HTML("<br>") + escape(k.Credit)
		p.Notes = append(p.Notes, k.Credit)
	}
	fact("source.terms", terms)
	p.HeldInside = d.HeldInside
	for _, c := range d.Captures {
		p.Copies = append(p.Copies, CopyView{
			ID: "copy-" + string(c.ID), Taken: l.T("source.taken", "date", l.Date(time.UnixMicro(c.Taken).UTC().Format(time.DateOnly))),
			Method: l.T("capture." + string(c.Method)), Media: c.Media, Hash: c.Hash, Size: l.T("source.bytes", "n", c.Size),
		})
	}
	if d.Within != nil {
		p.Within = append(p.Within, linked(l, *d.Within))
	}
	for _, f := range d.Reproduced {
		p.Inside2 = append(p.Inside2, linked(l, f))
	}
	for _, f := range d.From {
		p.From = append(p.From, linked(l, f))
	}
	st := newStripper(l, d.Said, p.Inside())
	order := []record.Ref{}
	groups := map[record.Ref]*SubjectGroup{}
	for _, line := range d.Claims {
		c := line.Claim
		g := groups[c.Subject]
		if g == nil {
			name := linked(l, d.Links[c.Subject])
			if name == "" {
				name = escape(l.T("claim.on_tie"))
			}
			g = &SubjectGroup{Subject: name}
			groups[c.Subject] = g
			order = append(order, c.Subject)
		}
		row := st.row(line)
		row.When = when(l, c.AsOf)
		g.Rows = append(g.Rows, StripRow{claimTopic(v.lang, c), row})
		g.beside(l, d.Accused[c.ID])
	}
	for _, ref := range order {
		p.Groups = append(p.Groups, *groups[ref])
	}
	return s.render(w, r, "source", p)
}

// shortURL is an address as a margin has room for: without its scheme, cut.
func shortURL(s string) string {
	for _, prefix := range []string{"https://", "http://"} {
		if len(s) > len(prefix) && s[:len(prefix)] == prefix {
			s = s[len(prefix):]
		}
	}
	if r := []rune(s); len(r) > 60 {
		s = string(r[:57]) + "…"
	}
	return s
}

// totalsPage lists the totals.
type totalsPage struct {
	Page
	Totals []TotalLine
}

// TotalLine is a total in a list.
type TotalLine struct {
	Href    string
	Title   template.HTML
	Summary template.HTML
}

func (s *Server) showTotals(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	list, err := s.house.Totals(r.Context(), v.viewer)
	if err != nil {
		return err
	}
	p := &totalsPage{Page: s.page(r, v.lang.T("total.totals"), "totals")}
	for _, t := range list {
		p.Totals = append(p.Totals, TotalLine{p.To("/totals/" + t.Slug), text(v.lang, t.Title), text(v.lang, firstSentence(t.Summary))})
	}
	return s.render(w, r, "totals", p)
}

// totalPage puts what the record documents beside what sources say in all.
type totalPage struct {
	Page
	Summary  template.HTML
	Facts    []Fact
	Register []RegisterView
	Strips   []StripView
	Said     []SaidGroup
	Events   []EventView
	Sources  []SourceLine
	Notes    []string
	// Next and First lead to other pages of Events.
	Next, First string
	History     string
}

// RegisterView is what the record documents for one measure.
type RegisterView struct {
	FigureView
	Events, Unassessed, NoFigure, Parts, How string
}

func (s *Server) showTotal(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	slug := r.PathValue("slug")
	after := r.URL.Query().Get("after")
	d, err := s.house.TotalPage(r.Context(), v.viewer, slug, after)
	if err != nil {
		return err
	}
	k, l := d.Total, v.lang
	if k.Slug != slug {
		return s.moved(w, r, "/totals/"+k.Slug)
	}
	p := &totalPage{Page: s.page(r, plain(l, k.Title), "totals"), Summary: paras(l, k.Summary)}
	p.Page.About = k.Ref()
	p.History = p.To("/history/total/" + string(k.ID))
	p.Facts = frameFacts(l, k.Frame, d.Links)
	st := newStripper(l, d.Said, p.Inside())
	for i := range d.Register {
		t := &d.Register[i]
		b := boundsSum(t.Bounds)
		rv := RegisterView{FigureView: FigureView{Measure: string(t.Measure), Best: b.main(l), Range: b.rest(l), What: l.T("measure." + string(t.Measure)), Known: t.Events > 0}}
		if t.Unit != "" {
			rv.What = l.T("figure.money", "unit", t.Unit)
		}
		rv.Events = l.T("total.events", "n", t.Events)
		rv.How = l.T("total.how", "corroborated", t.Corroborated, "provisional", t.Provisional, "disputed", t.Disputed, "compiled", t.Compiled)
		if t.NotAssessed > 0 {
			rv.Unassessed = l.T("figure.unassessed", "n", t.NotAssessed)
		}
		if t.NoFigure > 0 {
			rv.NoFigure = l.T("total.no_figure", "n", t.NoFigure)
		}
		if n := len(t.Parts); n > 0 {
			rv.Parts = l.T("total.parts", "n", n)
		}
		p.Register = append(p.Register, rv)
	}
	for i := range d.Aggregate {
		f := &d.Aggregate[i]
		strip := st.strip("sum-"+string(f.Measure)+"-"+itoa(i), f)
		p.Strips = append(p.Strips, strip)
	}
	p.Said = groupSaid(l, d.Claims, st)
	p.Events = eventViews(l, d.In)
	if after != "" {
		p.First = p.To("/totals/" + k.Slug + "#events")
	}
	if d.Next != "" {
		p.Next = p.To("/totals/" + k.Slug + "?after=" + url.QueryEscape(d.Next) + "#events")
	}
	p.Sources, p.Notes = sourceLines(l, d.Claims, d.Links, d.Held)
	return s.render(w, r, "total", p)
}
