package web

import (
	"html/template"
	"net/http"
	"slices"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// partiesPage lists parties by kind.
type partiesPage struct {
	Page
	Kinds  []RuleLink
	Groups []PartyGroup
	Paging
}

// PartyGroup is the parties of one kind.
type PartyGroup struct {
	Kind    string
	Parties []PartyLine
}

// PartyLine is a party in a list.
type PartyLine struct {
	Href   string
	Name   template.HTML
	Others []record.LangText
	About  template.HTML
}

func (s *Server) showParties(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	n, err := pageNumber(r)
	if err != nil {
		return err
	}
	kind := record.PartyKind(r.URL.Query().Get("kind"))
	if kind != "" && !slices.Contains(record.PartyKinds(), kind) {
		return record.ErrNotFound
	}
	list, err := s.house.PartyList(r.Context(), v.viewer, kind, n)
	if err != nil {
		return err
	}
	l := v.lang
	p := &partiesPage{Page: s.page(r, l.T("party.parties"), "parties"), Paging: paging(r, n, list.More)}
	p.Kinds = append(p.Kinds, RuleLink{Href: p.To("/parties"), Name: l.T("filter.any"), Current: kind == ""})
	for _, k := range record.PartyKinds() {
		p.Kinds = append(p.Kinds, RuleLink{Href: p.To("/parties?kind=" + string(k)), Name: l.T("party.kind." + string(k)), Current: kind == k})
		g := PartyGroup{Kind: capital(l.T("party.kind." + string(k)))}
		for _, party := range list.Items {
			if party.Kind == k {
				g.Parties = append(g.Parties, PartyLine{
					Href: p.To("/parties/" + party.Slug), Name: text(l, casework.Called(party.Names)), Others: otherNames(l, party.Names),
					About: text(l, firstSentence(party.About)),
				})
			}
		}
		if len(g.Parties) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
	return s.render(w, r, "parties", p)
}

// partyPage is the page of a party.
type partyPage struct {
	Page
	Kicker    string
	Others    []record.LangText
	About     template.HTML
	Facts     []Fact
	Ties      []TieView
	Events    []InvolvedView
	Struck    []EventView
	MoreHref  string
	Numbers   []StripRow
	Answered  []SaidGroup
	Claims    []SaidGroup
	Named     []NamedIn
	Sources   []SourceLine
	Notes     []string
	History   string
	Community bool
	Followed  *partyFollowed
}

// StripRow is a number said of a party, such as how many were prosecuted.
type StripRow struct {
	What string
	Row  ClaimRow
}

// NamedIn is a claim on something else that names the party.
type NamedIn struct {
	Subject template.HTML
	What    string
	Row     ClaimRow
}

// accounted are the attributes that say what became of an accusation.
func accounted(c *record.Claim) bool {
	switch c.Attribute {
	case record.AttrLegalStatus, record.AttrCustody, record.AttrOutcome:
		return true
	}
	return false
}

func (s *Server) showParty(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	slug := r.PathValue("slug")
	d, err := s.house.PartyPage(r.Context(), v.viewer, slug)
	if err != nil {
		return err
	}
	k, l := d.Party, v.lang
	if k.Slug != slug {
		return s.moved(w, r, "/parties/"+k.Slug)
	}
	p := &partyPage{Page: s.page(r, plain(l, casework.Called(k.Names)), "parties"), Kicker: l.T("party.kind." + string(k.Kind))}
	p.Others, p.About = otherNames(l, k.Names), paras(l, k.About)
	p.Page.About = k.Ref()
	p.History = p.To("/history/party/" + string(k.ID))
	p.Community = k.Kind == record.Community
	var aliases []template.HTML
	shown := plain(l, casework.Called(k.Names))
	for _, n := range k.Names {
		if n.Text != shown {
			aliases = append(aliases, marked(l, record.LangText{Lang: n.Lang, Text: n.Text})+template.HTML(` <span class="soft">`)+escape(l.T("name.kind."+string(n.Kind)))+`</span>`)
		}
	}
	fact := func(key string, words ...template.HTML) {
		if len(words) > 0 {
			p.Facts = append(p.Facts, Fact{l.T(key), words})
		}
	}
	fact("party.aliases", aliases...)
	if k.Country != "" {
		fact("party.country", escape(countryName(l, k.Country)))
	}
	if k.Open {
		fact("party.members", escape(l.T("party.open")))
	}
	if on := when(l, k.Abolished); on != "" {
		fact("party.abolished", escape(on))
	}
	if d.Successor != nil {
		fact("party.successor", linked(l, *d.Successor))
	}
	st := newStripper(l, d.Said, p.Inside())
	p.Ties = tieViews(l, d.Ties, st)
	p.Events = parts(l, d.Involved)
	p.Struck = eventViews(l, d.Struck)
	p.MoreHref = p.To("/events?community=" + k.Slug)
	var account, rest []*casework.ClaimLine
	own := map[string]bool{string(k.ID): true}
	for _, t := range d.Ties {
		own[string(t.Tie.ID)] = true
	}
	for _, line := range d.Claims {
		c := line.Claim
		switch {
		case !own[c.Subject.ID]:
			subject := d.Links[c.Subject]
			p.Named = append(p.Named, NamedIn{Subject: linked(l, subject), What: l.T("attribute." + string(c.Attribute)), Row: st.row(line)})
		case c.Kind == record.KindMeasure:
			p.Numbers = append(p.Numbers, StripRow{l.T("measure." + string(c.Measure)), st.row(line)})
		case c.Kind == record.KindAttribute && accounted(c), c.Kind == record.KindStatement && (c.Stance == record.Promises || c.Stance == record.Alleges || c.Stance == record.Denies):
			account = append(account, line)
		default:
			rest = append(rest, line)
		}
	}
	p.Answered, p.Claims = groupSaid(l, account, st), groupSaid(l, rest, st)
	p.Sources, p.Notes = sourceLines(l, d.Claims, d.Links, d.Held)
	if p.Followed, err = s.followOfParty(r, k, st); err != nil {
		return err
	}
	return s.render(w, r, "party", p)
}
