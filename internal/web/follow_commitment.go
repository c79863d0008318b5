package web

import (
	"html/template"
	"net/http"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// commitmentPage is one thing promised, agreed or offered.
type commitmentPage struct {
	Page
	Crumbs     []Crumb
	Kicker     string
	Text       template.HTML
	Meta       template.HTML
	Inside     string
	State      StateView
	Steps      string
	Timely     string
	Late       bool
	Silence    string
	Clock      template.HTML
	Facts      []Fact
	Amounts    []AmountView
	Conflict   bool // amounts in one currency and for one thing differ
	Conditions template.HTML
	Offer      *OfferView
	Due        *DueView
	Axes       []AxesRow
	Disagree   bool
	StepRows   []StepRowView
	Also       []template.HTML // steps that may also happen, by name
	Demands    []FollowLine
	Replaced   []FollowLine
	ReplacedBy []FollowLine
	Now        []AssessmentView
	Earlier    []AssessmentView
	Said       []SaidGroup
	Measured   []StripRow
	Sources    []SourceLine
	Notes      []string
	History    string
	Card       CardView
	CSV        string
}

// OfferView is how an offer was answered.
type OfferView struct {
	Answer, On string
	Key        string
	By         template.HTML
	Claims     []template.HTML
}

func (s *Server) showCommitment(w http.ResponseWriter, r *http.Request) error {
	desk, err := s.followUp()
	if err != nil {
		return err
	}
	slug := r.PathValue("slug")
	d, err := desk.Commitment(r.Context(), visitOf(r).viewer, slug)
	if err != nil {
		return err
	}
	if d.Commitment.Slug != slug {
		return s.moved(w, r, "/follow-up/commitments/"+d.Commitment.Slug)
	}
	return s.render(w, r, "follow_commitment", s.commitmentPage(r, d))
}

func (s *Server) commitmentPage(r *http.Request, d *followup.CommitmentPage) *commitmentPage {
	l, k := visitOf(r).lang, d.Commitment
	p := &commitmentPage{Page: s.page(r, headOf(l, k.Text), "follow-up"), Text: longText(l, k.Text), Inside: insideWord(l, k.Visibility)}
	p.Page.About = k.Ref()
	p.Feed = "/feeds/follow-up/commitments/" + k.Slug + ".atom"
	p.FollowBy = s.followBy("commitment:" + k.Slug)
	p.History = p.To("/history/commitment/" + string(k.ID))
	p.CSV = "/follow-up/data/assessments.csv?commitment=" + k.Slug
	p.Crumbs = []Crumb{{p.To("/follow-up"), escape(l.T("nav.follow_up"))}}
	p.Meta = promisers(l, d.Links, k)
	kind := "follow.commitment"
	switch {
	case k.Offer != nil:
		kind = "follow.offer_kind"
	case k.Written:
		kind = "follow.agreement"
	case k.Unidentified:
		kind = "follow.unidentified_kind"
	}
	p.Kicker = l.T(kind)
	if on := when(l, k.Made); on != "" {
		p.Kicker = dots(l, p.Kicker, on)
	}
	p.Card = s.cardView(r, l, "commitments/"+k.Slug, p.Title, "/follow-up/commitments/"+k.Slug)
	f := &followed{l: l, links: d.Links, steps: k.Steps, inside: p.Page.Inside()}
	f.st = &stripper{l: l, lines: d.Said.ByID, links: d.Said.Links, held: d.Said.Held, inside: p.Page.Inside()}
	p.State, p.Steps = progressView(l, d.ProgressBy(record.ByOrganisation)), stepsWord(l, d.CommitmentLine.Steps)
	p.Timely, p.Late = timelyWord(l, d.Standing), isLate(d.Standing)
	p.Silence, p.Clock = deedWord(l, d.Silence), silenceDrawing(l, "silence", k.Ref().Kind, d.Silence, d.Today)
	p.Axes, p.Disagree, p.Due = axes(l, d.Standing), disagree(d.Standing), dueView(l, k.Due)
	p.Amounts, p.Conflict = f.amounts(k.Amounts)
	p.Conditions = paras(l, k.Conditions)
	if o := k.Offer; o != nil {
		p.Offer = &OfferView{Key: string(o.Answer), Answer: l.T("follow.offer." + string(o.Answer)), By: text(l, o.By), On: when(l, o.On), Claims: f.claims(o.Claims)}
	}
	p.StepRows, p.Also = f.stepRows(d.StepViews)
	p.Facts = f.commitmentFacts(d)
	for _, x := range d.Demands {
		p.Demands = append(p.Demands, demandLine(l, d.Links, x))
	}
	p.Replaced, p.ReplacedBy = commitmentLines(l, d.Links, d.Replaced), commitmentLines(l, d.Links, d.ReplacedBy)
	p.Now, p.Earlier = f.assessments(d.Standing, d.StepViews, nil, d.Assessments)
	p.Measured, p.Said = saidOf(l, d.Said.Claims, f.st)
	p.Sources, p.Notes = sourceLines(l, d.Said.Claims, d.Said.Links, d.Said.Held)
	return p
}

// amounts sets the sums beside each other. Two of one currency, for one thing and
// of one part that differ are in conflict, which is said and not settled.
func (f *followed) amounts(list []record.Amount) (out []AmountView, conflict bool) {
	type what struct {
		currency, part string
		per            record.AmountPer
	}
	first := map[what]int64{}
	for _, a := range list {
		key := what{a.Currency, a.Part.In("en").Text, a.Per}
		if n, ok := first[key]; ok && n != a.Value {
			conflict = true
		} else if !ok {
			first[key] = a.Value
		}
		out = append(out, AmountView{
			Words: money(f.l, a.Value, a.Currency, a.Per), Printed: a.Printed, Part: text(f.l, a.Part), Claims: f.claims(a.Claims),
		})
	}
	return out, conflict
}

func commitmentLines(l *lang.Printer, links casework.Links, list []followup.CommitmentLine) []FollowLine {
	var out []FollowLine
	for _, c := range list {
		out = append(out, commitmentLine(l, links, c))
	}
	return out
}

func demandRows(l *lang.Printer, links casework.Links, list []followup.DemandLine) []FollowLine {
	var out []FollowLine
	for _, d := range list {
		out = append(out, demandLine(l, links, d))
	}
	return out
}

func (f *followed) commitmentFacts(d *followup.CommitmentPage) []Fact {
	l, k := f.l, d.Commitment
	var out []Fact
	fact := func(key string, words ...template.HTML) {
		if len(words) > 0 && words[0] != "" {
			out = append(out, Fact{l.T(key), words})
		}
	}
	var by []template.HTML
	for _, p := range k.By {
		name := link(partyHref(l, f.links, p.Party), officeName(l, f.links, p.Office, p.Party, p.Person))
		holder := text(l, p.Holder)
		if person, ok := f.links[record.Ref{Kind: record.KindPerson, ID: string(p.Person)}]; ok && p.Person != "" && (!p.Office.IsZero() || p.Party != "") {
			holder = linked(l, person)
		}
		if holder != "" {
			name += `<br><span class="soft">` + holder + `</span>`
		}
		by = append(by, name)
	}
	if k.Unidentified {
		by = append(by, escape(l.T("follow.by_nobody_long")))
	}
	fact("follow.promised_by_whom", by...)
	var to []template.HTML
	for _, id := range k.To {
		if party, ok := f.links[record.Ref{Kind: record.KindParty, ID: string(id)}]; ok {
			to = append(to, linked(l, party))
		}
	}
	if words := text(l, k.ToText); words != "" {
		to = append(to, words)
	}
	fact("follow.promised_to", to...)
	if in, ok := f.links[record.Ref{Kind: record.KindEvent, ID: string(k.In)}]; ok && k.In != "" {
		fact("follow.promised_in", linked(l, in))
	}
	if attack, ok := f.links[record.Ref{Kind: record.KindEvent, ID: string(k.Attack)}]; ok && k.Attack != "" {
		fact("follow.because_of", linked(l, attack), courseLink(l, attack.Slug))
	}
	if d.Checked != "" {
		fact("follow.last_checked", escape(l.Date(d.Checked)))
	} else {
		fact("follow.last_checked", escape(l.T("follow.never_checked")))
	}
	if c := f.claims(k.Claims); len(c) > 0 {
		fact("claim.claims", c...)
	}
	return out
}

// saidOf parts the claims of a page into numbers and the rest.
func saidOf(l *lang.Printer, lines []*casework.ClaimLine, st *stripper) (numbers []StripRow, said []SaidGroup) {
	var rest []*casework.ClaimLine
	for _, line := range lines {
		if line.Claim.Kind == record.KindMeasure {
			numbers = append(numbers, StripRow{l.T("measure." + string(line.Claim.Measure)), st.row(line)})
		} else {
			rest = append(rest, line)
		}
	}
	return numbers, groupSaid(l, rest, st)
}
