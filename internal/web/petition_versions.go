package web

import (
	"html/template"
	"net/http"
	"strconv"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// versionPage is one published version: its text as it was, and what changed.
type versionPage struct {
	Page
	PetitionHead
	Here     string
	This     VersionView
	Lede     string
	Text     template.HTML
	TextLang string
	TextDir  string
	Demands  []DemandView
	Notes    []NoteView
	Findings []FindingView
	Reason   template.HTML
	Changes  []ChangeView
	Since    string // "What changed since version 1"
	Others   []VersionView
	Earlier  []EarlierOption
}

// EarlierOption is a version that this one can be compared with.
type EarlierOption struct {
	Href, Label string
	Chosen      bool
}

// ChangeView is one passage that changed.
type ChangeView struct {
	Where string
	Words template.HTML // with <del> and <ins>
}

func (s *Server) showPetitionVersion(w http.ResponseWriter, r *http.Request) error {
	d, done, err := s.petitionOf(w, r)
	if err != nil || done {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return record.ErrNotFound
	}
	e := d.numbered(n)
	if e == nil || d.hidden() {
		return record.ErrNotFound
	}
	l := visitOf(r).lang
	p := &versionPage{PetitionHead: s.petitionHead(r, d)}
	p.Here = l.T("petition.version_no", "number", int64(n))
	p.Page = s.page(r, l.T("petition.version_title", "title", d.title(l.Tag()).Text, "number", int64(n)), "petitions")
	p.Robots = "noindex"
	for _, v := range versionViews(l, d) {
		if v.Href == l.Path()+petitionPath(d.Petition)+"/versions/"+strconv.Itoa(n) {
			p.This = v
		} else {
			p.Others = append(p.Others, v)
		}
	}
	t, _ := textIn(e, l.Tag())
	p.Lede, p.TextLang, p.TextDir = t.Summary, t.Lang, direction(t.Lang)
	setter := newPetitionText(l, e, d.Links, true)
	setter.blocks(t.Blocks)
	p.Text, p.Notes = setter.html(), setter.notes(t.Notes)
	p.Demands = demandViews(l, d, e, e.Demands, "", "")
	p.Findings, p.Reason = findingViews(l, e), paras(l, e.Reason)
	before := d.numbered(n - 1)
	if from, err := strconv.Atoi(r.URL.Query().Get("from")); err == nil && from < n {
		before = d.numbered(from)
	}
	if before != nil {
		p.Since = l.T("petition.since_version", "number", int64(before.Number))
		p.Changes = petitionChanges(l, before, e)
	}
	for _, o := range d.Editions {
		if o.Number < n {
			p.Earlier = append(p.Earlier, EarlierOption{
				Href: "?from=" + strconv.Itoa(o.Number) + "#changes", Label: l.T("petition.version_no", "number", int64(o.Number)), Chosen: o == before,
			})
		}
	}
	return s.render(w, r, "petition_version", p)
}

// comparePage puts the translations of a text beside each other.
type comparePage struct {
	Page
	PetitionHead
	Here  string
	Left  ColumnView
	Right ColumnView
	Rows  []PairView
	Picks []ComparePick
	// Alone is the only language of a text that has no other to stand beside.
	Alone string
}

// ColumnView is a language's column.
type ColumnView struct {
	Lang, Dir, Name, Title           string
	Original, Unreviewed, LagsBehind bool
}

// PairView is a block of the one text and the block at the same place of the
// other.
type PairView struct{ Left, Right template.HTML }

// ComparePick leads to another pair of languages.
type ComparePick struct {
	Href, Label string
	Chosen      bool
}

func (s *Server) showPetitionCompare(w http.ResponseWriter, r *http.Request) error {
	d, done, err := s.petitionOf(w, r)
	if err != nil || done {
		return err
	}
	e := d.edition()
	if e == nil || d.hidden() || len(e.Texts) == 0 {
		return record.ErrNotFound
	}
	l := visitOf(r).lang
	left, right := e.Texts[0], e.Texts[min(1, len(e.Texts)-1)]
	if t, ok := textIn(e, l.Tag()); ok && t.Lang != left.Lang {
		right = t
	}
	for _, t := range e.Texts[1:] {
		if t.Lang == r.URL.Query().Get("with") {
			right = t
		}
	}
	p := &comparePage{PetitionHead: s.petitionHead(r, d), Here: l.T("petition.compare")}
	p.Page = s.page(r, l.T("petition.compare_title", "title", d.title(l.Tag()).Text), "petitions")
	if len(e.Texts) == 1 {
		p.Alone = languageName(l, left.Lang)
		return s.render(w, r, "petition_compare", p)
	}
	p.Left, p.Right = column(l, left, true), column(l, right, false)
	a := newPetitionText(l, e, d.Links, false)
	b := newPetitionText(l, e, d.Links, false)
	a.notesAt, b.notesAt = l.Path()+petitionPath(d.Petition), l.Path()+petitionPath(d.Petition)
	one := func(t *petitionText, blocks []record.Block, i int) template.HTML {
		if i >= len(blocks) {
			return ""
		}
		t.b.Reset()
		t.block(blocks[i])
		return t.html()
	}
	if left.Summary != "" || right.Summary != "" {
		p.Rows = append(p.Rows, PairView{"<p>" + escape(left.Summary) + "</p>", "<p>" + escape(right.Summary) + "</p>"})
	}
	for i := range max(len(left.Blocks), len(right.Blocks)) {
		p.Rows = append(p.Rows, PairView{one(a, left.Blocks, i), one(b, right.Blocks, i)})
	}
	var demands func([]record.PetitionDemand)
	demands = func(list []record.PetitionDemand) {
		for _, k := range list {
			p.Rows = append(p.Rows, PairView{"<p>" + escape(k.Text.In(left.Lang).Text) + "</p>", "<p>" + escape(k.Text.In(right.Lang).Text) + "</p>"})
			demands(k.Parts)
		}
	}
	demands(e.Demands)
	for _, t := range e.Texts[1:] {
		p.Picks = append(p.Picks, ComparePick{Href: "?with=" + template.URLQueryEscaper(t.Lang), Label: languageName(l, t.Lang), Chosen: t.Lang == right.Lang})
	}
	return s.render(w, r, "petition_compare", p)
}

func column(l *lang.Printer, t record.EditionText, original bool) ColumnView {
	return ColumnView{
		Lang: t.Lang, Dir: direction(t.Lang), Name: languageName(l, t.Lang), Title: t.Title, Original: original, Unreviewed: t.Unreviewed, LagsBehind: t.Lags,
	}
}
