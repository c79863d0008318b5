package web

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// historyPage is a record's published versions, by role and day.
type historyPage struct {
	Page
	Back     string
	Versions []VersionLine
	// Stage is how far the matter went of an accused whom the versions name, and Reply what they
	// answered, both as they stand now.
	Stage string
	Reply template.HTML
}

// VersionLine is one version with what it changed.
type VersionLine struct {
	Number  int
	Day, By string
	Erased  bool
	Hidden  bool
	First   bool
	Changes []ChangeLine
}

// ChangeLine is one field that changed, by its words.
type ChangeLine struct{ Field, Was, Is string }

// historied lists the kinds whose history has a page.
var historied = []record.Kind{
	record.KindEvent, record.KindPerson, record.KindParty, record.KindTotal, record.KindSource, record.KindClaim, record.KindInvolvement, record.KindTie,
	record.KindPetition, record.KindDemand, record.KindCommitment, record.KindAssessment, record.KindProceeding, record.KindTrendStatement,
}

func (s *Server) showHistory(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	ref := record.Ref{Kind: record.Kind(r.PathValue("kind")), ID: r.PathValue("id")}
	if !slices.Contains(historied, ref.Kind) || !record.ValidID(ref.ID) {
		return record.ErrNotFound
	}
	// The public's history for everybody: the desk has its own, with reasons.
	list, err := s.house.History(r.Context(), access.Anyone(), ref)
	if err != nil {
		return err
	}
	l := v.lang
	p := &historyPage{Page: s.page(r, l.T("history.title"), "")}
	p.Page.About = ref
	p.Robots = "noindex"
	names, err := s.house.Names(r.Context(), access.Anyone(), ref)
	if err != nil {
		return err
	}
	if k, ok := names[ref]; ok {
		p.Title = l.T("history.title_of", "what", plain(l, k.Title))
		p.Back = p.To(pathOf(k))
	}
	if err := s.besideAccused(r.Context(), p, ref); err != nil {
		return err
	}
	fields := formFields(l, ref.Kind)
	for i, k := range list {
		// Counted here: a version's own number would count what stays inside too.
		line := VersionLine{Number: len(list) - i, Day: day(l, k.At), Erased: k.Erased, Hidden: k.Hidden, First: i == len(list)-1}
		if _, ok := access.ParseRole(k.Role); ok {
			line.By = l.T("account.role." + k.Role)
		}
		for _, c := range k.Changes {
			line.Changes = append(line.Changes, ChangeLine{historyWords(l, ref.Kind, c.Field), historyValue(l, fields, c.Field, c.Old), historyValue(l, fields, c.Field, c.New)})
		}
		p.Versions = append(p.Versions, line)
	}
	return s.render(w, r, "history", p)
}

// besideAccused adds what must stand beside the name of an accused, which the versions may hold.
func (s *Server) besideAccused(ctx context.Context, p *historyPage, ref record.Ref) error {
	switch {
	case ref.Kind == record.KindInvolvement:
		k, err := s.house.Involvement(ctx, access.Anyone(), record.InvolvementID(ref.ID))
		if absent(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if k.Status != "" {
			p.Stage = p.L.T("accused." + string(k.Status))
		}
		p.Reply = paras(p.L, k.Reply)
	case ref.Kind == record.KindProceeding && s.following != nil:
		d, err := s.following.Proceeding(ctx, access.Anyone(), ref.ID)
		if absent(err) {
			return nil
		}
		if err != nil {
			return err
		}
		p.Stage, p.Reply = p.L.T("follow.outcome."+d.Outcome), paras(p.L, d.Proceeding.Reply)
		if d.Reached != "" {
			p.Stage = dots(p.L, p.L.T("follow.step."+string(d.Reached)), p.Stage)
		}
	}
	return nil
}

// absent reports whether a record is not there for whoever asked, or was erased.
func absent(err error) bool {
	return errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone)
}

// citedPage is a figure fixed to a version and a date.
type citedPage struct {
	Page
	EventTitle template.HTML
	EventHref  string
	Figure     FigureView
	Fixed      string
	Same       bool
	Strip      StripView
	Rule       string
	Plain      string
	Notes      []string
}

func (s *Server) showCited(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	l := v.lang
	if r.URL.RawQuery == "" {
		// Cut off where somebody pasted it: no figure is fixed, and the event has today's.
		return s.redirect(w, r, "/events/"+r.PathValue("slug"))
	}
	q, err := citeOf(r)
	if err != nil {
		return err
	}
	d, err := s.house.FigureAt(r.Context(), r.PathValue("slug"), q.measure, q.rule, record.Scope{}, q.entry, q.check)
	if err != nil {
		return err
	}
	p := &citedPage{
		Page:       s.page(r, l.T("figure.cited_title", "measure", l.T("measure."+string(q.measure)), "event", plain(l, d.Event.Title)), "events"),
		EventTitle: text(l, d.Event.Title), EventHref: l.Path() + "/events/" + d.Event.Slug, Figure: figureView(l, &d.Figure),
		Same: d.Same, Rule: string(q.rule),
	}
	p.Page.About = d.Event.Ref()
	p.Robots = "noindex"
	p.Canonical += q.query() // without it the address fixes nothing
	p.Fixed = l.T("figure.fixed", "date", day(l, d.At), "entry", d.Entry, "rule", string(q.rule))
	st := &stripper{l: l, lines: d.ByID, links: d.Links, held: d.Held}
	p.Strip = st.strip("cited", &d.Figure)
	_, p.Notes = sourceLines(l, d.Claims, d.Links, d.Held)
	p.Plain = l.T("figure.cite_text", "event", plain(l, d.Event.Title), "measure", p.Figure.What, "number", p.Figure.Line,
		"status", p.Figure.Status, "rule", string(q.rule), "date", day(l, d.At), "address", s.address(r, v.path+"?"+r.URL.RawQuery))
	return s.render(w, r, "cited", p)
}
