package web

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/draw"
	"github.com/gawah-project/gawah/internal/record"
)

// authorityPage is everything an authority was asked, what it said and did.
type authorityPage struct {
	Page
	Crumbs    []Crumb
	PartyHref string
	Passed    []template.HTML
	Successor template.HTML
	// Abolished is when it was, and Lapsed that nobody is recorded to have taken over.
	Abolished   string
	Lapsed      bool
	Demands     *SummaryView
	Commitments *SummaryView
	Bars        template.HTML
	BarTable    draw.Table
	Sums        []SumView
	Silent      []SilenceRow
	Asked       []FollowLine
	Given       []FollowLine
	Cases       []ProceedingRow
	DemandsCSV  string
	GivenCSV    string
	Card        CardView
	Whose       string
	// Of each list the page has a part.
	SilentAll, AskedAll, GivenAll string
	Begins                        bool // it is the first page, which has the sums
	Paging
}

// authorityPer is how many lines of each of its lists a page of an authority has.
const authorityPer = 30

func (s *Server) showAuthority(w http.ResponseWriter, r *http.Request) error {
	desk, err := s.followUp()
	if err != nil {
		return err
	}
	v := visitOf(r)
	slug := r.PathValue("party")
	n, err := pageNumber(r)
	if err != nil {
		return err
	}
	d, err := desk.Authority(r.Context(), v.viewer, slug, "", n*authorityPer, authorityPer)
	if err != nil {
		return err
	}
	if d.Party.Slug != slug {
		return s.moved(w, r, "/follow-up/"+d.Party.Slug+queryOf(r))
	}
	l := v.lang
	name := casework.Called(d.Party.Names)
	p := &authorityPage{Page: s.page(r, l.T("follow.of_party", "party", plain(l, name)), "follow-up"), PartyHref: l.Path() + "/parties/" + slug}
	p.Page.About = d.Party.Ref()
	p.Feed = "/feeds/follow-up/" + slug + ".atom"
	p.FollowBy = s.followBy("party:" + slug)
	p.Crumbs = []Crumb{{p.To("/follow-up"), escape(l.T("nav.follow_up"))}}
	for _, k := range d.Passed {
		p.Passed = append(p.Passed, link(l.Path()+"/parties/"+k.Slug, text(l, casework.Called(k.Names))))
	}
	if k := d.Successor; k != nil {
		p.Successor = link(l.Path()+"/follow-up/"+k.Slug, text(l, casework.Called(k.Names)))
	}
	p.Abolished = when(l, d.Party.Abolished)
	p.Lapsed = p.Abolished != "" && d.Successor == nil
	p.Demands, p.Commitments = summaryView(l, "follow.list.demands", "demands", d.Demands), summaryView(l, "follow.list.commitments", "commitments", d.Commitments)
	for _, k := range []*SummaryView{p.Demands, p.Commitments} {
		if k == nil {
			continue
		}
		for i := range k.Rows {
			k.Rows[i].Href = strings.Replace(k.Rows[i].Href, "/follow-up?", "/follow-up?party="+slug+"&", 1)
		}
	}
	bars := progressBars(l, "authority-bars", []barRow{{l.T("follow.list.demands"), "", d.Demands}, {l.T("follow.list.commitments"), "", d.Commitments}})
	p.Bars, p.BarTable = bars.SVG, bars.Table
	p.Sums = sumViews(l, d.Amounts)
	p.Silent = silenceRows(l, d.Links, d.Silence)
	p.Asked, p.Given = demandRows(l, d.Links, d.Asked), commitmentLines(l, d.Links, d.Given)
	p.SilentAll, p.AskedAll, p.GivenAll = l.T("follow.silences", "n", d.SilenceAll), l.T("follow.demands", "n", d.AskedAll-d.Demands.Practice), l.T("follow.commitments", "n", d.GivenAll)
	if d.Demands.Practice > 0 {
		p.AskedAll = dots(l, p.AskedAll, l.T("follow.practice_n", "n", d.Demands.Practice))
	}
	p.Paging = paging(r, n, (n+1)*authorityPer < max(d.AskedAll, d.GivenAll, d.SilenceAll))
	if p.Begins = n == 0; p.Begins {
		p.Cases = proceedingRows(l, d.Links, d.Proceedings)
	} else {
		p.Robots = "noindex"
	}
	p.DemandsCSV, p.GivenCSV = "/follow-up/data/demands.csv?party="+slug, "/follow-up/data/commitments.csv?party="+slug
	p.Card = s.cardView(r, l, "follow-up/"+slug, p.Title, "/follow-up/"+slug)
	return s.render(w, r, "follow_authority", p)
}

// partyStatus is what a group was in law over time.
type partyStatus struct {
	From, To, Country string
	Words             template.HTML
	Claims            []template.HTML
}

// partyFollowed is what a party's own page shows of following up: its status in
// law over time, the measures of accountability, and the way to the rest.
type partyFollowed struct {
	Status []partyStatus
	Share  *ShareView
	Cases  []ProceedingRow
	Href   string // of its follow-up, where something was asked of it or promised by it
}

// followOfParty reads what following up adds to a party's page.
func (s *Server) followOfParty(r *http.Request, k *record.Party, st *stripper) (*partyFollowed, error) {
	if s.following == nil {
		return nil, nil
	}
	v := visitOf(r)
	l := v.lang
	out := &partyFollowed{}
	status, err := s.following.LegalStatus(r.Context(), v.viewer, k.ID)
	if err != nil {
		return nil, err
	}
	for _, line := range status {
		ps := partyStatus{From: when(l, line.From), To: when(l, line.To), Words: statusWord(l, line.Words)}
		if line.Country != "" {
			ps.Country = countryName(l, line.Country)
		}
		for _, id := range line.Claims {
			if c := st.lines[id]; c != nil {
				ps.Claims = append(ps.Claims, link("#claim-"+string(id), escape(publisher(l, c.Source, st.links))))
			}
		}
		out.Status = append(out.Status, ps)
	}
	switch k.Kind {
	case record.ArmedGroup:
		a, err := s.following.Accountability(r.Context(), v.viewer, followup.AccountabilityFilter{Party: k.ID})
		if err != nil {
			return nil, err
		}
		if a.Attacks > 0 {
			share := shareView(l, "accountability.no_conviction", a.NoConvict)
			out.Share = &share
		}
		out.Cases = proceedingRows(l, a.Links, slices.Concat(a.Proceedings, a.Loose))
	default:
		_, asked, err := s.following.Demands(r.Context(), v.viewer, followup.Filter{Party: k.ID}, 0, 1)
		if err != nil {
			return nil, err
		}
		_, given, err := s.following.Commitments(r.Context(), v.viewer, followup.Filter{Party: k.ID}, 0, 1)
		if err != nil {
			return nil, err
		}
		if asked+given > 0 {
			out.Href = l.Path() + "/follow-up/" + k.Slug
		}
	}
	return out, nil
}
