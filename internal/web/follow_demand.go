package web

import (
	"context"
	"html/template"
	"net/http"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// demandPage is one demand, until it is answered.
type demandPage struct {
	followedPage
	Addressees  []DemandAddresseeView
	Bases       []BasisView
	Commitments []FollowLine
	Hows        []string // beside each of Commitments
	Positions   []PositionView
	Pauses      []PauseView
}

// DemandAddresseeView is whom a demand asks, as it stands today.
type DemandAddresseeView struct {
	Key      string
	Name     template.HTML
	Href     string
	Holder   template.HTML
	HeldOn   string
	Personal bool
	Now      template.HTML // the office that answers for it today, where that is another
	Lapsed   bool
	Axes     []AxesRow
	Timely   string
	Late     bool
	Silence  string
	Start    string
	Clock    template.HTML
}

// PositionView is where somebody else stands on a demand.
type PositionView struct {
	Who    template.HTML
	Stance string
	On     string
	Claims []template.HTML
}

// PauseView is a time in which no answer can be expected.
type PauseView struct {
	Who    template.HTML
	From   string
	To     string
	Reason template.HTML
	Claims []template.HTML
}

// followUp refuses where nothing is followed.
func (s *Server) followUp() (*followup.Desk, error) {
	if s.following == nil {
		return nil, record.ErrNotFound
	}
	return s.following, nil
}

// readFollowed reads what belongs to the slug in an address, base + slug + part. Who comes by an
// old slug is sent on, with nil and no error.
func readFollowed[D any](
	s *Server, w http.ResponseWriter, r *http.Request, base, part string,
	read func(*followup.Desk, context.Context, access.Viewer, string) (*D, error), slugOf func(*D) string,
) (*D, error) {
	desk, err := s.followUp()
	if err != nil {
		return nil, err
	}
	slug := r.PathValue("slug")
	d, err := read(desk, r.Context(), visitOf(r).viewer, slug)
	if err != nil {
		return nil, err
	}
	if now := slugOf(d); now != slug {
		return nil, s.moved(w, r, base+now+part)
	}
	return d, nil
}

func (s *Server) showDemand(w http.ResponseWriter, r *http.Request) error {
	d, err := readFollowed(s, w, r, "/follow-up/demands/", "", (*followup.Desk).Demand, func(d *followup.DemandPage) string { return d.Demand.Slug })
	if err != nil || d == nil {
		return err
	}
	return s.render(w, r, "follow_demand", s.demandPage(r, d))
}

func (s *Server) demandPage(r *http.Request, d *followup.DemandPage) *demandPage {
	l, k := visitOf(r).lang, d.Demand
	p := &demandPage{}
	base, petition := "", ""
	if d.Petition != nil {
		base = petitionPath(d.Petition)
		petition = l.Path() + base
	}
	var f *followed
	p.followedPage, f = s.followedPage(r, followedRecord{
		ref: k.Ref(), slug: k.Slug, text: k.Text, made: k.Made, visibility: k.Visibility, due: k.Due, steps: k.Steps, to: k.Addressees, replies: d.Replies, petition: petition,
		standing: d.Standing, counted: d.DemandLine.Steps, views: d.StepViews, addressees: d.Addressees, assessments: d.Assessments, said: d.Said, links: d.Links,
	}, "follow.demand")
	if d.Petition != nil {
		p.Crumbs = append(p.Crumbs, Crumb{p.To(base), text(l, d.Petition.Title)})
	}
	p.Silence = silenceWord(l, d.Silence)
	if d.Practice {
		p.Kicker, p.Robots = dots(l, p.Kicker, l.T("petition.practice")), "noindex"
	}
	if d.Apart {
		p.Silence = l.T("follow.practice")
	}
	for _, a := range d.Addressees {
		p.Addressees = append(p.Addressees, f.addresseeView(a, d.Today))
	}
	if len(d.Addressees) == 1 {
		p.Clock = p.Addressees[0].Clock
	}
	p.Facts = f.demandFacts(d)
	for _, b := range k.Bases {
		p.Bases = append(p.Bases, f.basis(b))
	}
	for _, c := range d.Commitments {
		p.Commitments = append(p.Commitments, commitmentLine(l, d.Links, c))
		p.Hows = append(p.Hows, l.T("follow.how."+string(c.How)))
	}
	for _, x := range k.Positions {
		who := text(l, x.Name)
		if link, ok := d.Links[record.Ref{Kind: record.KindParty, ID: string(x.Party)}]; ok && x.Party != "" {
			who = linked(l, link)
		}
		if who == "" {
			continue // a party that the reader does not see
		}
		p.Positions = append(p.Positions, PositionView{who, l.T("follow.stance." + string(x.Stance)), when(l, x.On), f.claims(x.Claims)})
	}
	for _, x := range k.Pauses {
		pv := PauseView{From: l.Date(x.From), Reason: text(l, x.Reason), Claims: f.claims(x.Claims)}
		if x.To != "" {
			pv.To = l.Date(x.To)
		}
		for _, a := range k.Addressees {
			if a.Key == x.Addressee {
				pv.Who = f.addressee(a)
			}
		}
		p.Pauses = append(p.Pauses, pv)
	}
	return p
}

// disagree reports whether two assessors say different things about progress.
func disagree(s followup.Standing) bool {
	for i := range s.Progress {
		if s.Progress[i].Progress != s.Progress[0].Progress {
			return true
		}
	}
	for i := range s.Response {
		if s.Response[i].Response != s.Response[0].Response {
			return true
		}
	}
	return false
}

// assessments parts what holds now from what held before. Only published and
// accepted assessments come to the public; here they are told apart by whether
// any standing on the page rests on them.
func (f *followed) assessments(whole followup.Standing, steps []followup.StepView, to []followup.AddresseeView, all []followup.AssessmentItem) (now, earlier []AssessmentView) {
	present := map[record.AssessmentID]bool{}
	mark := func(s followup.Standing) {
		for _, list := range [][]*record.Assessment{s.Response, s.Progress} {
			for _, a := range list {
				present[a.ID] = true
			}
		}
	}
	mark(whole)
	for _, s := range steps {
		mark(s.Standing)
	}
	for _, a := range to {
		mark(a.Standing)
	}
	for _, item := range all {
		v := f.assessment(item.Rec)
		if present[item.Rec.ID] {
			now = append(now, v)
		} else {
			if item.Rec.Review.State != record.Accepted {
				v.Inside = f.l.T("review." + string(item.Rec.Review.State))
			}
			earlier = append(earlier, v)
		}
	}
	return now, earlier
}

func (f *followed) addresseeView(a followup.AddresseeView, today string) DemandAddresseeView {
	l, k := f.l, a.Addressee
	v := DemandAddresseeView{
		Key: k.Key, Name: f.addressee(k), Href: partyHref(l, f.links, k.Party), HeldOn: when(l, k.HeldOn), Personal: k.Personal, Lapsed: a.Lapsed,
		Axes: axes(l, a.Standing), Timely: timelyWord(l, a.Standing), Late: isLate(a.Standing), Silence: silenceWord(l, a.Silence), Start: silenceStart(l, a.Silence),
		Clock: silenceDrawing(l, "silence-"+k.Key, record.KindDemand, a.Silence, today),
	}
	v.Holder = text(l, k.Holder)
	if link, ok := f.links[record.Ref{Kind: record.KindPerson, ID: string(k.Person)}]; ok && k.Person != "" {
		v.Holder = linked(l, link)
	}
	if a.Now != "" && a.Now != k.Party {
		if office, ok := f.links[record.Ref{Kind: record.KindParty, ID: string(a.Now)}]; ok {
			v.Now = link(partyHref(l, f.links, a.Now), text(l, office.Title))
		}
	}
	return v
}

func (f *followed) basis(b record.LegalBasis) BasisView {
	l := f.l
	v := BasisView{Instrument: text(l, b.Instrument), Article: b.Article, Duty: text(l, b.Duty), Reserved: text(l, b.Reserved)}
	on := when(l, b.InForce)
	switch {
	case b.State == "" && on != "":
		v.InForce = l.T("petition.in_force", "date", on)
	case b.State != "" && on == "":
		v.InForce = countryName(l, b.State)
	case b.State != "":
		v.InForce = l.T("petition.in_force_for", "country", countryName(l, b.State), "date", on)
	}
	for _, id := range b.Sources {
		if k, ok := f.links[record.Ref{Kind: record.KindSource, ID: string(id)}]; ok {
			v.Sources = append(v.Sources, linked(l, k))
		}
	}
	return v
}

func (f *followed) demandFacts(d *followup.DemandPage) []Fact {
	l, k := f.l, d.Demand
	x := &facts{l: l}
	var to []template.HTML
	for _, a := range k.Addressees {
		to = append(to, link(partyHref(l, f.links, a.Party), f.addressee(a)))
	}
	x.add("petition.to", to...)
	x.add("follow.asked_by", f.parties(k.By, k.ByText)...)
	if link, ok := f.links[k.Of]; ok {
		x.add("follow.asked_in", linked(l, link))
	}
	return f.grounds(x, k.Attack, d.Checked, k.Claims)
}

// courseLink leads from an attack to what came before and after it.
func courseLink(l *lang.Printer, slug string) template.HTML {
	return link(l.Path()+"/events/"+slug+"/course", escape(l.T("course.link")))
}
