package web

import (
	"html/template"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// searchPer is how many results a page shows.
const searchPer = 30

// searchPage is what was found.
type searchPage struct {
	Page
	Words string
	Count string
	Asked bool
	Kinds []RuleLink
	Hits  []HitView
	Paging
}

// HitView is one result.
type HitView struct {
	Kind    string
	Href    string
	Title   template.HTML
	Meta    string
	Snippet template.HTML
	Killed  TollView
}

func (s *Server) showSearch(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	l := v.lang
	q := r.URL.Query()
	words := strings.TrimSpace(q.Get("q"))
	if len(words) > 400 || !utf8.ValidString(words) {
		words = strings.ToValidUTF8(words[:min(len(words), 400)], "")
	}
	n, err := pageNumber(r)
	if err != nil {
		return err
	}
	var kinds []record.Kind
	kind := record.Kind(q.Get("kind"))
	if slices.Contains(casework.Searched(), kind) {
		kinds = []record.Kind{kind}
	}
	d, err := s.house.SearchPage(r.Context(), v.viewer, words, kinds, n*searchPer, searchPer)
	if err != nil {
		return err
	}
	p := &searchPage{Page: s.page(r, l.T("search.title"), ""), Words: words, Asked: d.Asked}
	if words != "" {
		p.Title = l.T("search.results_for", "q", words)
	}
	p.Robots = "noindex"
	p.Count = counted(l, "page.results", d.Total, searchCounted)
	p.Paging = paging(r, n, min(d.Total, searchCounted) > (n+1)*searchPer)
	p.Kinds = append(p.Kinds, RuleLink{Href: with(q, "kind", ""), Name: l.T("filter.any"), Current: len(kinds) == 0})
	for _, k := range casework.Searched() {
		p.Kinds = append(p.Kinds, RuleLink{Href: with(q, "kind", string(k)), Name: l.T("search.kind." + string(k)), Current: k == kind})
	}
	for _, h := range d.Hits {
		p.Hits = append(p.Hits, hitView(l, h, d.Links, words))
	}
	return s.render(w, r, "search", p)
}

func hitView(l *lang.Printer, h casework.SearchHit, links casework.Links, words string) HitView {
	v := HitView{Kind: l.T("search.kind." + string(h.Ref.Kind)), Killed: TollView{None: true}}
	switch {
	case h.Event != nil:
		e := eventView(l, *h.Event)
		v.Href, v.Title, v.Killed = e.Href, e.Title, e.Killed
		v.Meta = l.T("event.kicker", "a", e.Meta, "b", e.When)
		if !h.Unnamed {
			v.Snippet = snippet(plain(l, h.Event.Event.Summary), words)
		}
	case h.Person != nil:
		v.Href, v.Title = l.Path()+"/people/"+h.Person.Slug, text(l, casework.Called(h.Person.Names))
		v.Meta = plain(l, h.Person.PublicRole)
	case h.Party != nil:
		v.Href, v.Title = l.Path()+"/parties/"+h.Party.Slug, text(l, casework.Called(h.Party.Names))
		v.Meta = l.T("party.kind." + string(h.Party.Kind))
		v.Snippet = snippet(plain(l, h.Party.About), words)
	case h.Total != nil:
		v.Href, v.Title = l.Path()+"/totals/"+h.Total.Slug, text(l, h.Total.Title)
		v.Snippet = snippet(plain(l, h.Total.Summary), words)
	case h.Petition != nil:
		v.Href, v.Title = l.Path()+pathOf(*h.Petition), text(l, h.Petition.Title)
		v.Meta = plain(l, h.Organisation)
	case h.Followed != nil:
		v.Href, v.Title = l.Path()+pathOf(*h.Followed), text(l, h.Followed.Title)
	case h.Source != nil:
		line := sourceLine(l, h.Source, links, casework.NotHeld)
		v.Href, v.Title, v.Meta = line.Href, line.Title, line.Meta
		v.Snippet = snippet(plain(l, h.Source.Summary), words)
	case h.Claim != nil:
		c := h.Claim.Claim
		v.Href = l.Path() + "/sources/" + string(c.Source) + "#claim-" + string(c.ID)
		v.Title = text(l, h.Subject.Title)
		if v.Title == "" {
			v.Title = escape(claimTopic(l, c))
		}
		v.Meta = l.T("event.kicker", "a", claimTopic(l, c), "b", publisher(l, h.Claim.Source, links))
		said := plain(l, c.Statement)
		if said == "" {
			said = c.Passage.Quote()
		}
		if said == "" {
			said = c.Value.Text
		}
		if !h.Unnamed {
			v.Snippet = snippet(said, words)
		}
	}
	return v
}

// snippet is the part of a text around the first word found, with the words
// marked. Words are compared without regard to case only; what search folds
// beyond that is found and not marked.
func snippet(s, words string) template.HTML {
	if s == "" {
		return ""
	}
	lower := strings.ToLower(s)
	if len(lower) != len(s) {
		lower = s // folding moved positions; look for the words as typed
	}
	var terms []string
	for _, w := range strings.Fields(strings.ToLower(words)) {
		if len(w) > 1 {
			terms = append(terms, w)
		}
	}
	at := -1
	for _, w := range terms {
		if i := strings.Index(lower, w); i >= 0 && (at < 0 || i < at) {
			at = i
		}
	}
	start, end := 0, len(s)
	if at > 90 {
		start = at - 90
		for start < at && (!utf8.RuneStart(s[start]) || s[start] != ' ') {
			start++
		}
	}
	if end-start > 260 {
		end = start + 260
		for end > start && (!utf8.RuneStart(s[end]) || s[end] != ' ') {
			end--
		}
		if end == start {
			end = len(s)
		}
	}
	var b strings.Builder
	if start > 0 {
		b.WriteString("… ")
	}
	for i := start; i < end; {
		hit := ""
		for _, w := range terms {
			if strings.HasPrefix(lower[i:end], w) && len(w) > len(hit) && (i == 0 || lower[i-1] == ' ' || lower[i-1] > 127 || strings.IndexByte("(\"'-,", lower[i-1]) >= 0) {
				hit = w
			}
		}
		if hit != "" {
			b.WriteString("<mark>" + template.HTMLEscapeString(s[i:i+len(hit)]) + "</mark>")
			i += len(hit)
			continue
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		b.WriteString(template.HTMLEscapeString(s[i : i+n]))
		i += n
	}
	if end < len(s) {
		b.WriteString(" …")
	}
	return template.HTML(b.String())
}
