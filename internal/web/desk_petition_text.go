package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// deskTextPage is a petition's text in one language, beside its original.
type deskTextPage struct {
	deskPetitionPage
	Lang string
	// Original is the text in the first language, nil where that one is edited.
	Original *record.PetitionText
	// Lags says that the original has changed since this text followed it.
	Lags    bool
	New     bool // no text in this language stands yet
	Differs []difference
	Cites   []citeHit
	Query   string
	// Line is where a finding stands, with its words; 0 without one.
	Line      int
	LineWords string
	// What the text would look like, where that was asked for.
	Previewed bool
	// Read says that the form holds what was read from a document and is not saved;
	// Problems is what could not be taken over.
	Read     bool
	Problems []petitions.DocumentProblem
	Preview  template.HTML
	Notes    []NoteView
	Found    []record.PetitionFinding
}

// Langs are the languages of the petition, the original first.
func (p *deskTextPage) Texts() []NavLink {
	var out []NavLink
	for _, t := range p.P.Texts {
		out = append(out, NavLink{Href: p.To(p.Base() + "/text?lang=" + url.QueryEscape(t.Lang)), Label: langName(t.Lang), Current: t.Lang == p.Lang})
	}
	if p.New {
		out = append(out, NavLink{Href: p.To(p.Base() + "/text?lang=" + url.QueryEscape(p.Lang)), Label: langName(p.Lang), Current: true})
	}
	return out
}

// Missing are the house's languages in which the petition is not written.
func (p *deskTextPage) Missing() []NavLink {
	var out []NavLink
	for _, l := range lang.All() {
		if l.Tag() != p.Lang && !slices.ContainsFunc(p.P.Texts, func(t record.PetitionText) bool { return t.Lang == l.Tag() }) {
			out = append(out, NavLink{Href: p.To(p.Base() + "/text?lang=" + url.QueryEscape(l.Tag())), Label: l.Name()})
		}
	}
	return out
}

// LangName names the language that is edited.
func (p *deskTextPage) LangName() string { return langName(p.Lang) }

// Dir is the writing direction of a language.
func (p *deskTextPage) DirOf(tag string) string { return direction(tag) }

// langName is a language's name in itself where the house has it, or its tag.
func langName(tag string) string {
	for _, l := range lang.All() {
		if l.Tag() == tag {
			return l.Name()
		}
	}
	return tag
}

// textOfLang returns the petition's text in a language.
func textOfLang(p *record.Petition, tag string) (record.PetitionText, bool) {
	for _, t := range p.Texts {
		if t.Lang == tag {
			return t, true
		}
	}
	return record.PetitionText{Lang: tag}, false
}

func textValues(t record.PetitionText) url.Values {
	b := blank{url.Values{}}
	b.Set("title", t.Title)
	b.Set("summary", t.Summary)
	b.Set("body", t.Body)
	b.check("unreviewed", t.Unreviewed)
	return b.Values
}

// petitionText begins the page of a text.
func (s *Server) petitionTextAt(r *http.Request, tag string) (*deskTextPage, record.PetitionText, error) {
	base, err := s.petitionAt(r, "text")
	if err != nil {
		return nil, record.PetitionText{}, err
	}
	if tag == "" && len(base.P.Texts) > 0 {
		tag = base.P.Texts[0].Lang
	}
	p := &deskTextPage{deskPetitionPage: base, Lang: tag}
	p.Scripts = []string{"desk.js"}
	t, ok := textOfLang(base.P, tag)
	p.New = !ok
	if len(base.P.Texts) > 0 && base.P.Texts[0].Lang != tag {
		p.Original = &base.P.Texts[0]
		p.Lags = ok && t.Of != s.organising.TextHash(*p.Original)
	}
	return p, t, nil
}

func (s *Server) showPetitionText(w http.ResponseWriter, r *http.Request) error {
	p, t, err := s.petitionTextAt(r, r.URL.Query().Get("lang"))
	if err != nil {
		return err
	}
	p.Form = Form{Values: textValues(t)}
	if p.New {
		p.Form.Values.Set("unreviewed", "1")
	}
	if n, err := strconv.Atoi(r.URL.Query().Get("line")); err == nil && n > 0 {
		lines := strings.Split(t.Body, "\n")
		if n <= len(lines) {
			p.Line, p.LineWords = n, lines[n-1]
			p.Form.Values.Set("line", strconv.Itoa(n))
		}
	}
	return s.render(w, r, "desk_petition_text", p)
}

// savePetitionText saves a text, or looks for what it could cite, puts a citation
// into it, or shows how it would be printed.
func (s *Server) savePetitionText(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, had, err := s.petitionTextAt(r, f.Get("lang"))
	if err != nil {
		return err
	}
	rev, err := strconv.Atoi(f.Get("rev"))
	if err != nil || rev < 1 {
		return errBad
	}
	// What was found to cite stays beside the text until the text is saved.
	show := func(status int) error {
		p.Form = f
		if p.Cites, err = s.citable(r.Context(), v.lang, p.Query); err != nil {
			return err
		}
		return s.renderStatus(w, r, status, "desk_petition_text", p)
	}
	if cite := f.Get("insert"); cite != "" {
		insertCite(&f, cite)
		f.Values.Set("find", "cite")
	}
	p.Query = f.Get("q")
	if f.Get("find") != "" || p.Query != "" && p.Query != f.Get("q.was") && f.Get("preview") == "" {
		return show(http.StatusOK)
	}
	next := *p.P
	t := record.PetitionText{Lang: p.Lang, Title: f.Get("title"), Summary: typed{&f, v.lang}.words("summary"), Body: bodyOf(f), Of: had.Of, Unreviewed: f.Get("unreviewed") != ""}
	if p.Original != nil && (p.New || f.Get("follows") != "") {
		t.Of = s.organising.TextHash(*p.Original)
	}
	next.Texts = slices.Clone(p.P.Texts)
	if i := slices.IndexFunc(next.Texts, func(o record.PetitionText) bool { return o.Lang == p.Lang }); i >= 0 {
		next.Texts[i] = t
	} else {
		next.Texts = append(next.Texts, t)
	}
	if f.Get("again") != "" {
		return show(http.StatusOK)
	}
	if t.Title == "" {
		f.Add(v.lang, "title", "invalid.required")
	}
	next.Title = titleOf(next.Texts)
	if !f.Refused() {
		p.takeText(&f, v.lang, next.Validate())
	}
	if f.Refused() {
		return show(refused)
	}
	if f.Get("preview") != "" {
		if err := s.previewText(r, v, p, &next); err != nil {
			return err
		}
		return show(http.StatusOK)
	}
	err = s.organising.Save(r.Context(), v.viewer, &next, rev, f.Get("reason"))
	switch {
	case err == nil:
		return s.redirect(w, r, p.Base()+"/text?lang="+url.QueryEscape(p.Lang)+"&done=saved")
	case errors.Is(err, record.ErrConflict):
		theirs, yours := textValues(had), textValues(t)
		for _, name := range []string{"title", "summary", "body"} {
			if theirs.Get(name) != yours.Get(name) {
				p.Differs = append(p.Differs, difference{v.lang.T("field.petition." + name), theirs.Get(name), yours.Get(name)})
			}
		}
		return show(http.StatusConflict)
	case p.takeText(&f, v.lang, err):
		return show(refused)
	}
	return err
}

// takeText notes what validation found wrong with the texts beside the body.
func (p *deskTextPage) takeText(f *Form, l *lang.Printer, err error) bool {
	if !f.Take(l, err) {
		return false
	}
	for i := range f.Faults {
		if f.Faults[i].Field == "texts" {
			f.Faults[i].Field = "body"
		}
	}
	return true
}

// bodyOf is the Markdown as typed, with line ends of one kind and one at its end.
func bodyOf(f Form) string {
	body := strings.TrimRight(strings.ReplaceAll(f.Values.Get("body"), "\r\n", "\n"), " \n\t")
	if body == "" {
		return ""
	}
	return body + "\n"
}

// titleOf makes the petition's title of those of its texts.
func titleOf(texts []record.PetitionText) record.Text {
	var out record.Text
	for _, t := range texts {
		out = append(out, record.LangText{Lang: t.Lang, Text: t.Title})
	}
	return out
}

// insertCite puts a citation where the caret was, at the end of the line that was
// named, or at the end of the text.
func insertCite(f *Form, cite string) {
	body := strings.ReplaceAll(f.Values.Get("body"), "\r\n", "\n")
	var at int
	if n, err := strconv.Atoi(f.Get("caret")); err == nil && n >= 0 && n <= utf8.RuneCountInString(body) && f.Get("caret") != "" {
		at = len(string([]rune(body)[:n]))
	} else if line, err := strconv.Atoi(f.Get("line")); err == nil && line > 0 {
		at = endOfLine(body, line)
	} else {
		at = len(strings.TrimRight(body, " \n\t"))
	}
	if at > 0 && !strings.ContainsAny(body[at-1:at], " \n") {
		cite = " " + cite
	}
	f.Values.Set("body", body[:at]+cite+body[at:])
	f.Values.Set("caret", "")
}

// endOfLine is the offset of the end of a line, counted from 1.
func endOfLine(body string, line int) int {
	at := 0
	for n := 1; ; n++ {
		end := strings.IndexByte(body[at:], '\n')
		if end < 0 {
			return len(body)
		}
		if n == line {
			return at + end
		}
		at += end + 1
	}
}

// previewText sets a draft as it would be printed.
func (s *Server) previewText(r *http.Request, v *visit, p *deskTextPage, next *record.Petition) error {
	ctx := r.Context()
	e, err := s.organising.Draft(ctx, v.viewer, next)
	if err != nil {
		return err
	}
	links, err := s.house.Names(ctx, v.viewer, citedRefs(e)...)
	if err != nil {
		return err
	}
	p.Previewed = true
	for _, t := range e.Texts {
		if t.Lang == p.Lang {
			set := newPetitionText(v.lang, e, links, true)
			set.blocks(t.Blocks)
			p.Preview, p.Notes = set.html(), set.notes(t.Notes)
		}
	}
	for _, found := range e.Findings {
		if found.Lang == p.Lang {
			p.Found = append(p.Found, found)
		}
	}
	return s.nameFound(r, &p.deskPetitionPage, p.Found)
}

// sendDraft sends a text as a Word document.
func (s *Server) sendDraft(w http.ResponseWriter, r *http.Request) error {
	p, t, err := s.petitionTextAt(r, r.URL.Query().Get("lang"))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := s.organising.ExportDraft(r.Context(), visitOf(r).viewer, p.P.ID, t.Lang, &b); err != nil {
		return err
	}
	attach(w, fmt.Sprintf("petition-%d-%s.docx", p.P.Number, t.Lang), "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b.Bytes()))
	return nil
}

// readDraft puts what a Word document holds into the form. Nothing is saved before
// its author has looked it over.
func (s *Server) readDraft(w http.ResponseWriter, r *http.Request) error {
	return s.withFile(w, r, petitions.MaxDocument, func(f Form, u *upload) error {
		v := visitOf(r)
		p, had, err := s.petitionTextAt(r, f.Get("lang"))
		if err != nil {
			return err
		}
		refuse := func() error {
			faults := f.Faults
			p.Form = Form{Values: textValues(had), Faults: faults}
			return s.renderStatus(w, r, refused, "desk_petition_text", p)
		}
		if u == nil && !f.Refused() {
			f.Add(v.lang, "file", "invalid.required")
		}
		if f.Refused() {
			return refuse()
		}
		t, problems, err := s.organising.ReadDocument(v.viewer, u.file, u.Size)
		if f.Take(v.lang, err) {
			return refuse()
		}
		if err != nil {
			return err
		}
		t.Unreviewed = had.Unreviewed || p.New
		if t.Title == "" {
			t.Title = had.Title
		}
		p.Form, p.Read, p.Problems = Form{Values: textValues(t)}, true, problems
		return s.render(w, r, "desk_petition_text", p)
	})
}

// citedRefs are the events and sources that a text rests on.
func citedRefs(e *record.Edition) []record.Ref {
	var out []record.Ref
	add := func(kind record.Kind, id string) {
		if ref := (record.Ref{Kind: kind, ID: id}); id != "" && !slices.Contains(out, ref) {
			out = append(out, ref)
		}
	}
	for _, c := range e.Cited {
		add(record.KindEvent, string(c.Event))
		add(record.KindSource, string(c.Source))
		for _, claim := range c.Claims {
			add(record.KindSource, string(claim.Source))
		}
	}
	for _, t := range e.Texts {
		for _, n := range t.Notes {
			add(record.KindSource, string(n.Source))
		}
	}
	return out
}

// citeHit is something in the public register that a text can cite.
type citeHit struct {
	Kind   record.Kind // claim, source or event (a figure of it)
	Name   string
	Detail string
	Value  string // what a figure or claim says, in words
	Cite   string // the footnote alone: "[@claim:…]"
	Number string // the number with its footnote: "{@claim:…}"; empty for sources
}

// The most hits of a search for citations, and of events among them whose figures
// are worked out.
const (
	maxCites  = 24
	maxFigure = 4
)

// citable finds what a text can cite: nothing but what the public can look up.
func (s *Server) citable(ctx context.Context, l *lang.Printer, query string) ([]citeHit, error) {
	if strings.TrimSpace(query) == "" {
		return nil, nil
	}
	public := access.Anyone()
	kinds := []record.Kind{record.KindEvent, record.KindClaim, record.KindSource}
	found, err := s.house.Look(ctx, public, l.Tag(), kinds, query, maxCites)
	if err != nil {
		return nil, err
	}
	var out []citeHit
	events := 0
	seen := map[string]bool{}
	add := func(h citeHit) {
		if !seen[h.Cite] && len(out) < maxCites {
			seen[h.Cite] = true
			out = append(out, h)
		}
	}
	for _, k := range kinds {
		for _, label := range found {
			if label.Ref.Kind != k {
				continue
			}
			switch k {
			case record.KindEvent:
				if events++; events > maxFigure {
					continue
				}
				hits, err := s.citableFigures(ctx, l, label)
				if err != nil {
					return nil, err
				}
				for _, h := range hits {
					add(h)
				}
			case record.KindClaim:
				add(citeHit{Kind: k, Name: label.Name, Detail: label.Detail, Cite: "[@claim:" + label.Ref.ID + "]", Number: "{@claim:" + label.Ref.ID + "}"})
			default:
				add(citeHit{Kind: k, Name: label.Name, Detail: label.Detail, Cite: "[@source:" + label.Ref.ID + "]"})
			}
		}
	}
	return out, nil
}

// citableFigures are an event's figures and the claims under them.
func (s *Server) citableFigures(ctx context.Context, l *lang.Printer, event casework.Label) ([]citeHit, error) {
	e, err := s.house.Figure(ctx, access.Anyone(), record.EventID(event.Ref.ID), figure.Default)
	if err != nil {
		return nil, err
	}
	var out []citeHit
	for _, fig := range e.Figures {
		key := event.Slug + "/" + string(fig.Measure)
		out = append(out, citeHit{
			Kind: record.KindEvent, Name: l.T("desk.petition.figure_of", "what", l.T("measure."+string(fig.Measure)), "event", event.Name), Detail: event.Detail,
			Value: boundsOf(&fig).line(l), Cite: "[@figure:" + key + "]", Number: "{@figure:" + key + "}",
		})
	}
	for _, c := range e.Claims {
		if c.Rec.Review.State != record.Accepted {
			continue
		}
		h := citeHit{Kind: record.KindClaim, Name: claimWords(l, c.Rec), Cite: "[@claim:" + string(c.Rec.ID) + "]"}
		if c.Rec.Kind == record.KindMeasure {
			h.Number = "{@claim:" + string(c.Rec.ID) + "}"
		}
		if src := e.Sources[c.Rec.Source]; src != nil {
			h.Detail = plain(l, src.Title)
		}
		out = append(out, h)
	}
	return out, nil
}

// citePage is the search for citations alone.
type citePage struct {
	deskPetitionPage
	Query string
	Cites []citeHit
}

func (s *Server) showCitable(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	base, err := s.petitionAt(r, "cite")
	if err != nil {
		return err
	}
	p := &citePage{deskPetitionPage: base, Query: strings.TrimSpace(r.URL.Query().Get("q"))}
	if p.Cites, err = s.citable(r.Context(), v.lang, p.Query); err != nil {
		return err
	}
	return s.render(w, r, "desk_petition_cite", p)
}
