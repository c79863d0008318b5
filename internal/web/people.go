package web

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// peoplePage is the page of remembrance.
type peoplePage struct {
	Page
	// Remembered are the dead, InRoles others who are known for a public role, and
	// Named whoever is left.
	Remembered, InRoles, Named []PersonLine
	Paging
}

// PersonLine is a person in the list: the name, the name in other scripts, and
// who they were.
type PersonLine struct {
	Href   string
	Name   template.HTML
	Others []record.LangText
	Who    template.HTML
	Inside string
}

// Paging is the way through a list by page numbers.
type Paging struct{ Earlier, Later string }

// pageNumber reads ?page=, counted from 1 in addresses and from 0 here.
func pageNumber(r *http.Request) (int, error) {
	s := r.URL.Query().Get("page")
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 100_000 {
		return 0, record.ErrNotFound
	}
	return n - 1, nil
}

func paging(r *http.Request, page int, more bool) Paging {
	var p Paging
	q := r.URL.Query()
	if page == 1 {
		p.Earlier = with(q, "page", "")
	} else if page > 1 {
		p.Earlier = with(q, "page", itoa(page))
	}
	if more {
		p.Later = with(q, "page", itoa(page+2))
	}
	return p
}

// otherNames are a name's forms in other scripts, one that two languages write alike once.
func otherNames(l *lang.Printer, names []record.Name) []record.LangText {
	var out []record.LangText
	shown := casework.Called(names).In(l.Tag())
	for _, n := range casework.Called(names) {
		if n != shown && direction(n.Lang) != direction(shown.Lang) && !slices.ContainsFunc(out, func(o record.LangText) bool { return o.Text == n.Text }) {
			out = append(out, n)
		}
	}
	return out
}

func (s *Server) showPeople(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	n, err := pageNumber(r)
	if err != nil {
		return err
	}
	list, err := s.house.People(r.Context(), v.viewer, n)
	if err != nil {
		return err
	}
	l := v.lang
	p := &peoplePage{Page: s.page(r, l.T("person.people"), "people"), Paging: paging(r, n, list.More)}
	for _, k := range list.Items {
		line := PersonLine{Href: p.To("/people/" + k.Slug), Name: text(l, casework.Called(k.Names)), Others: otherNames(l, k.Names), Who: text(l, k.PublicRole)}
		if line.Who == "" {
			line.Who = text(l, firstSentence(k.About))
		}
		if k.Seen() != record.Public {
			line.Inside = l.T("visibility." + string(k.Seen()))
		}
		switch {
		case k.Vital == record.Dead:
			p.Remembered = append(p.Remembered, line)
		case len(k.PublicRole) > 0:
			p.InRoles = append(p.InRoles, line)
		default:
			p.Named = append(p.Named, line)
		}
	}
	return s.render(w, r, "people", p)
}

// firstSentence cuts a text after its first sentence, for a list.
func firstSentence(t record.Text) record.Text {
	out := make(record.Text, len(t))
	for i, lt := range t {
		out[i] = lt
		for j, r := range lt.Text {
			if (r == '.' || r == '۔' || r == '؟' || r == '?') && j > 20 {
				out[i].Text = lt.Text[:j+len(string(r))]
				break
			}
		}
	}
	return out
}

// personPage says who somebody was, then what happened.
type personPage struct {
	Page
	Name     template.HTML
	Others   []record.LangText
	Spelled  []string
	Role     template.HTML
	About    template.HTML
	Facts    []Fact
	Involved []InvolvedView
	Ties     []TieView
	Said     []SaidGroup
	Sources  []SourceLine
	Notes    []string
	History  string
	Inside2  string
}

// TieView is a tie in words.
type TieView struct {
	Kind   string
	Other  template.HTML
	Label  template.HTML
	When   string
	Claims []template.HTML
}

func (s *Server) showPerson(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	slug := r.PathValue("slug")
	d, err := s.house.PersonPage(r.Context(), v.viewer, slug)
	if err != nil {
		return err
	}
	k, l := d.Person, v.lang
	if k.Slug != slug {
		return s.moved(w, r, "/people/"+k.Slug)
	}
	called := casework.Called(k.Names)
	p := &personPage{Page: s.page(r, plain(l, called), "people"), Name: text(l, called), Others: otherNames(l, k.Names)}
	p.About, p.Role = paras(l, k.About), text(l, k.PublicRole)
	p.Page.About = k.Ref()
	p.History = p.To("/history/person/" + string(k.ID))
	if d.Level > 0 {
		p.Inside2 = l.T("visibility." + string(k.Seen()))
	}
	for _, n := range k.Names {
		if n.Kind != record.NamePrimary {
			p.Spelled = append(p.Spelled, n.Text)
		}
	}
	fact := func(key, words string) {
		if words != "" {
			p.Facts = append(p.Facts, Fact{l.T(key), []template.HTML{escape(words)}})
		}
	}
	fact("person.born", when(l, k.Born))
	fact("person.died", when(l, k.Died))
	fact("person.age", k.Age)
	var basis []template.HTML
	for _, c := range k.Consents {
		if c.Purpose == record.ToPublish && c.Given && c.Withdrawn.IsZero() {
			words := escape(l.T("consent.basis." + string(c.Basis)))
			if len(basis) == 0 || basis[len(basis)-1] != words {
				basis = append(basis, words)
			}
		}
	}
	if len(basis) > 0 {
		p.Facts = append(p.Facts, Fact{l.T("person.consent"), basis})
	}
	st := newStripper(l, d.Said, p.Inside())
	p.Involved = parts(l, d.Involved)
	p.Ties = tieViews(l, d.Ties, st)
	p.Said = groupSaid(l, d.Claims, st)
	p.Sources, p.Notes = sourceLines(l, d.Claims, d.Links, d.Held)
	return s.render(w, r, "person", p)
}

// parts lists the events somebody had a part in.
func parts(l *lang.Printer, list []casework.Involved) []InvolvedView {
	var out []InvolvedView
	for _, i := range list {
		iv := involvedView(l, i)
		iv.Event = eventView(l, i.Event)
		out = append(out, iv)
	}
	return out
}

func tieViews(l *lang.Printer, ties []casework.Tied, st *stripper) []TieView {
	var out []TieView
	for _, t := range ties {
		key := "tie." + string(t.Tie.Kind)
		if !t.Outgoing {
			key = "tie_back." + string(t.Tie.Kind)
		}
		v := TieView{Kind: l.T(key), Other: linked(l, t.Other), Label: text(l, t.Tie.Label), When: when(l, t.Tie.When)}
		for _, id := range t.Tie.Claims {
			if line := st.lines[id]; line != nil {
				v.Claims = append(v.Claims, link("#claim-"+string(id), escape(publisher(l, line.Source, st.links))))
			}
		}
		out = append(out, v)
	}
	return out
}
