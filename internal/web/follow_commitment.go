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
	followedPage
	Amounts    []AmountView
	Conflict   bool // amounts in one currency and for one thing differ
	Conditions template.HTML
	Offer      *OfferView
	Demands    []FollowLine
	Replaced   []FollowLine
	ReplacedBy []FollowLine
}

// OfferView is how an offer was answered.
type OfferView struct {
	Answer, On string
	Key        string
	By         template.HTML
	Claims     []template.HTML
}

func (s *Server) showCommitment(w http.ResponseWriter, r *http.Request) error {
	d, err := readFollowed(s, w, r, "/follow-up/commitments/", "", (*followup.Desk).Commitment, func(d *followup.CommitmentPage) string { return d.Commitment.Slug })
	if err != nil || d == nil {
		return err
	}
	return s.render(w, r, "follow_commitment", s.commitmentPage(r, d))
}

func (s *Server) commitmentPage(r *http.Request, d *followup.CommitmentPage) *commitmentPage {
	l, k := visitOf(r).lang, d.Commitment
	kind := "follow.commitment"
	switch {
	case k.Offer != nil:
		kind = "follow.offer_kind"
	case k.Written:
		kind = "follow.agreement"
	case k.Unidentified:
		kind = "follow.unidentified_kind"
	}
	p := &commitmentPage{}
	var f *followed
	p.followedPage, f = s.followedPage(r, followedRecord{
		ref: k.Ref(), slug: k.Slug, text: k.Text, made: k.Made, visibility: k.Visibility, due: k.Due, steps: k.Steps,
		standing: d.Standing, counted: d.CommitmentLine.Steps, views: d.StepViews, assessments: d.Assessments, said: d.Said, links: d.Links,
	}, kind)
	p.Meta = promisers(l, d.Links, k)
	p.Silence, p.Clock = deedWord(l, d.Silence), silenceDrawing(l, "silence", k.Ref().Kind, d.Silence, d.Today)
	p.Amounts, p.Conflict = f.amounts(k.Amounts)
	p.Conditions = paras(l, k.Conditions)
	if o := k.Offer; o != nil {
		p.Offer = &OfferView{Key: string(o.Answer), Answer: l.T("follow.offer." + string(o.Answer)), By: text(l, o.By), On: when(l, o.On), Claims: f.claims(o.Claims)}
	}
	p.Facts = f.commitmentFacts(d)
	for _, x := range d.Demands {
		p.Demands = append(p.Demands, demandLine(l, d.Links, x))
	}
	p.Replaced, p.ReplacedBy = commitmentLines(l, d.Links, d.Replaced), commitmentLines(l, d.Links, d.ReplacedBy)
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
	x := &facts{l: l}
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
	x.add("follow.promised_by_whom", by...)
	x.add("follow.promised_to", f.parties(k.To, k.ToText)...)
	if in, ok := f.links[record.Ref{Kind: record.KindEvent, ID: string(k.In)}]; ok && k.In != "" {
		x.add("follow.promised_in", linked(l, in))
	}
	return f.grounds(x, k.Attack, d.Checked, k.Claims)
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
