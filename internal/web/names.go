package web

import (
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// pathOf is the address of a record's page without the language; empty for kinds
// that have none.
func pathOf(k casework.Link) string {
	switch k.Ref.Kind {
	case record.KindEvent:
		return "/events/" + k.Slug
	case record.KindPerson:
		return "/people/" + k.Slug
	case record.KindParty:
		return "/parties/" + k.Slug
	case record.KindTotal:
		return "/totals/" + k.Slug
	case record.KindSource:
		return "/sources/" + k.Ref.ID
	case record.KindPetition:
		return "/petitions/" + k.Slug
	case record.KindDemand:
		return "/follow-up/demands/" + k.Slug
	case record.KindCommitment:
		return "/follow-up/commitments/" + k.Slug
	case record.KindProceeding:
		return "/follow-up/proceedings/" + k.Slug
	case record.KindTrendStatement:
		return "/trends/" + k.Slug
	}
	return ""
}

// linked writes a record's name as a link to its page.
func linked(l *lang.Printer, k casework.Link) template.HTML {
	href := pathOf(k)
	if href != "" {
		href = l.Path() + href
	}
	return link(href, text(l, k.Title))
}

// plain is a text in the reader's language without mark-up.
func plain(l *lang.Printer, t record.Text) string { return t.In(l.Tag()).Text }

// titled gives a folded place name its capitals back.
func titled(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if w == "and" || w == "of" {
			continue
		}
		r := []rune(w)
		r[0] = unicode.ToUpper(r[0])
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}

// placeText writes a place from the finest name to the country.
func placeText(l *lang.Printer, p record.Place) string {
	parts := p.Parts()
	var kept []string
	for _, s := range parts {
		if len(kept) == 0 || kept[len(kept)-1] != s {
			kept = append(kept, s)
		}
	}
	if p.Country != "" {
		kept = append(kept, countryName(l, p.Country))
	}
	if len(kept) == 0 {
		return p.Printed
	}
	return commas(l, kept)
}

// shortPlace is what a list has room for: town and country.
func shortPlace(l *lang.Printer, p record.Place) string {
	short := record.Place{Town: p.Town, Country: p.Country}
	if p.Town == "" {
		short.District, short.Province = p.District, p.Province
	}
	if s := placeText(l, short); s != "" {
		return s
	}
	return p.Printed
}

// publisher names who published a source: the outlet's record, else the name as
// entered, else its title.
func publisher(l *lang.Printer, s *record.Source, links casework.Links) string {
	if s == nil {
		return l.T("source.withheld")
	}
	if k, ok := links[record.Ref{Kind: record.KindParty, ID: string(s.Outlet)}]; ok && s.Outlet != "" {
		return plain(l, k.Title)
	}
	if s.Publisher != "" {
		return inOrder(l, s.Publisher)
	}
	return plain(l, s.Title)
}

// inOrder keeps the words of a name in Latin script that begins with a number in their
// order on a page that runs the other way, by a sign without width.
func inOrder(l *lang.Printer, name string) string {
	i := strings.IndexFunc(name, unicode.IsLetter)
	if !l.RTL() || i <= 0 {
		return name
	}
	if r, _ := utf8.DecodeRuneInString(name[i:]); !unicode.Is(unicode.Latin, r) {
		return name
	}
	return "\u200e" + name
}

// quoting names whom a claim quotes, or nothing when the source speaks for
// itself.
func quoting(l *lang.Printer, a record.Attribution, links casework.Links) string {
	if k, ok := links[record.Ref{Kind: record.KindParty, ID: string(a.Party)}]; ok && a.Party != "" {
		if a.Text != "" {
			return a.Text
		}
		return plain(l, k.Title)
	}
	if k, ok := links[record.Ref{Kind: record.KindPerson, ID: string(a.Person)}]; ok && a.Person != "" {
		return plain(l, k.Title)
	}
	if a.Text != "" {
		return a.Text
	}
	if a.Unattributed {
		return l.T("source.unattributed")
	}
	return ""
}

// when writes a date, with the words of the source where they say more.
func when(l *lang.Printer, w record.When) string {
	switch {
	case !w.Date.IsZero():
		return l.When(w.Date)
	case w.Printed != "":
		return w.Printed
	}
	return ""
}

// subjectPath is the address of a record's page with its language, empty for
// kinds without one.
func subjectPath(l *lang.Printer, ref record.Ref, slug string) string {
	if p := pathOf(casework.Link{Ref: ref, Slug: slug}); p != "" && (slug != "" || ref.Kind == record.KindSource) {
		return l.Path() + p
	}
	return ""
}

// capital begins a heading with a capital, in scripts that have them.
func capital(s string) string {
	for i, r := range s {
		return string(unicode.ToUpper(r)) + s[i+len(string(r)):]
	}
	return s
}

// commas joins the names of a place, from the finest to the coarsest.
func commas(l *lang.Printer, parts []string) string { return joined(l, "list.more", parts) }

// dots joins facts that stand beside each other.
func dots(l *lang.Printer, parts ...string) string { return joined(l, "event.kicker", parts) }

func joined(l *lang.Printer, key string, parts []string) string {
	out := ""
	for i, p := range parts {
		if i == 0 {
			out = p
			continue
		}
		out = l.T(key, "a", out, "b", p)
	}
	return out
}
