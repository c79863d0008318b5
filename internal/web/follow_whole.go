package web

import (
	"html/template"
	"net/http"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// followedPage is what the pages of a demand and of a commitment have in common:
// what it is, where it stands, how it was judged and what that rests on.
type followedPage struct {
	Page
	Crumbs   []Crumb
	Kicker   string
	Text     template.HTML
	Meta     template.HTML // under the text
	Inside   string
	State    StateView
	Steps    string
	Timely   string
	Late     bool
	Silence  string
	Clock    template.HTML
	Facts    []Fact
	Axes     []AxesRow
	Disagree bool
	StepRows []StepRowView
	Also     []template.HTML // steps that may also happen, by name
	Due      *DueView
	Now      []AssessmentView
	Earlier  []AssessmentView
	Said     []SaidGroup
	Measured []StripRow
	Sources  []SourceLine
	Notes    []string
	History  string
	Card     CardView
	CSV      string
}

// followedRecord is a demand or a commitment as its page is written from it.
type followedRecord struct {
	ref        record.Ref
	slug       string
	text       record.Text
	made       record.When
	visibility record.Visibility
	due        record.Due
	steps      []record.Step
	to         []record.DemandAddressee
	replies    []*record.Reply
	petition   string // the address of the petition that replies belong to, or empty

	standing    followup.Standing
	counted     followup.Steps
	views       []followup.StepView
	addressees  []followup.AddresseeView
	assessments []followup.AssessmentItem
	said        casework.Said
	links       casework.Links
}

// kind says what it is in a word, with the day where that is known.
func (s *Server) followedPage(r *http.Request, k followedRecord, kind string) (followedPage, *followed) {
	l := visitOf(r).lang
	one := string(k.ref.Kind)
	under := one + "s/" + k.slug
	p := followedPage{Page: s.page(r, headOf(l, k.text), "follow-up"), Text: longText(l, k.text), Inside: insideWord(l, k.visibility)}
	p.Page.About = k.ref
	p.Feed = "/feeds/follow-up/" + under + ".atom"
	p.FollowBy = s.followBy(one + ":" + k.slug)
	p.History = p.To("/history/" + one + "/" + k.ref.ID)
	p.CSV = "/follow-up/data/assessments.csv?" + one + "=" + k.slug
	p.Crumbs = []Crumb{{p.To("/follow-up"), escape(l.T("nav.follow_up"))}}
	p.Kicker = l.T(kind)
	if on := when(l, k.made); on != "" {
		p.Kicker = dots(l, p.Kicker, on)
	}
	p.Card = s.cardView(r, l, under, p.Title, "/follow-up/"+under)
	f := &followed{l: l, links: k.links, steps: k.steps, to: k.to, inside: p.Inside != "" || p.Page.Inside(), replies: k.replies, petition: k.petition}
	f.st = newStripper(l, k.said, p.Page.Inside())
	p.State, p.Steps = progressView(l, k.standing.ProgressBy(record.ByOrganisation)), stepsWord(l, k.counted)
	p.Timely, p.Late = timelyWord(l, k.standing), isLate(k.standing)
	p.Axes, p.Disagree, p.Due = axes(l, k.standing), disagree(k.standing), dueView(l, k.due)
	p.StepRows, p.Also = f.stepRows(k.views)
	p.Now, p.Earlier = f.assessments(k.standing, k.views, k.addressees, k.assessments)
	p.Measured, p.Said = saidOf(l, k.said.Claims, f.st)
	p.Sources, p.Notes = sourceLines(l, k.said.Claims, k.said.Links, k.said.Held)
	return p, f
}

// facts gathers the margin of a page: words under a label, where there are any.
type facts struct {
	l    *lang.Printer
	list []Fact
}

func (x *facts) add(key string, words ...template.HTML) {
	if len(words) > 0 && words[0] != "" {
		x.list = append(x.list, Fact{x.l.T(key), words})
	}
}

// parties are those of the parties that the reader sees, and words beside them.
func (f *followed) parties(ids []record.PartyID, words record.Text) []template.HTML {
	var out []template.HTML
	for _, id := range ids {
		if k, ok := f.links[record.Ref{Kind: record.KindParty, ID: string(id)}]; ok {
			out = append(out, linked(f.l, k))
		}
	}
	if t := text(f.l, words); t != "" {
		out = append(out, t)
	}
	return out
}

// grounds ends the facts of either: the attack it is about, when anybody last
// looked, and what it rests on.
func (f *followed) grounds(x *facts, attack record.EventID, checked string, claims []record.ClaimID) []Fact {
	l := f.l
	if k, ok := f.links[record.Ref{Kind: record.KindEvent, ID: string(attack)}]; ok && attack != "" {
		x.add("follow.because_of", linked(l, k), courseLink(l, k.Slug))
	}
	looked := l.T("follow.never_checked")
	if checked != "" {
		looked = l.Date(checked)
	}
	x.add("follow.last_checked", escape(looked))
	x.add("claim.claims", f.claims(claims)...)
	return x.list
}
