package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// deskFollowPage is a followed record at the desk: where it stands, what was judged
// and what can be done.
type deskFollowPage struct {
	deskPage
	Kind, Name, ID string
	Tabs           []NavLink
	Rev            int
	Seen           record.Visibility
	Facts          []fact
	// Of leads to what it belongs to.
	Of []NavLink
	// Timeliness and Due are the clock of the whole.
	Timeliness, Due string
	Late            bool
	Columns         []string // the assessors
	Addressees      []standRow
	Whole           *standRow
	Steps           []standRow
	Others          []standRow // steps that the whole does not need and nobody has judged
	Counted         string     // "3 of 9 steps"
	Judgements      []judgedRow
	Lists           []followList
	// Found is what the check before publication finds.
	Found  []string
	Public string
	Assess bool
	Demand *record.Demand
	// State is shown above the name; Ref0 and HistoryPath are its address elsewhere at the desk.
	State, Ref0, HistoryPath string
}

// Standings are the rows of the table: the whole, whom it asks, its steps.
func (p *deskFollowPage) Standings() []standRow {
	var out []standRow
	if p.Whole != nil {
		out = append(out, *p.Whole)
	}
	return append(append(out, p.Addressees...), p.Steps...)
}

// Any reports whether any assessor said anything.
func (standRow) Any(values []string) bool {
	return slices.ContainsFunc(values, func(s string) bool { return s != "" })
}

// standRow is where a step, an addressee or the whole stands.
type standRow struct {
	Name, Detail string
	Response     []string // by assessor
	Progress     []string
	Timeliness   string
	Late         bool
	Silence      string
	Assess       string // where it is judged
	Letter       string
}

type judgedRow struct {
	Href, Words, About, On, By, State string
	Reason                            string
	Seen                              record.Visibility
}

// followList is a list of other records below a heading.
type followList struct {
	Title string
	Lines []listLine
	Empty string
	Note  string
}

type listLine struct{ Href, Name, Detail string }

// showFollowed shows one followed record.
func (s *Server) showFollowed(k followKind) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		v := visitOf(r)
		id := r.PathValue("id")
		if !record.ValidID(id) {
			return record.ErrNotFound
		}
		st, err := s.house.Standing(r.Context(), v.viewer, record.Ref{Kind: k.kind, ID: id})
		if err != nil {
			return err
		}
		p := &deskFollowPage{Kind: k.plural, ID: id, Rev: st.Rev, Seen: st.Rec.Seen(), Name: followName(v.lang, st.Rec)}
		p.deskPage = s.desk(r, p.Name, "desk-follow")
		p.Tabs = s.followTabs(&p.Page, k, id, "")
		p.State, p.Ref0, p.HistoryPath = v.lang.T("visibility."+string(p.Seen)), refText(st.Rec.Ref()), string(k.kind)+"/"+id
		for _, by := range record.Assessors() {
			p.Columns = append(p.Columns, v.lang.T("follow.assessor."+string(by)))
		}
		switch rec := st.Rec.(type) {
		case *record.Demand:
			p.Demand = rec
			err = s.fillDemand(r.Context(), v, p, id)
		case *record.Commitment:
			err = s.fillCommitment(r.Context(), v, p, id)
		case *record.Proceeding:
			err = s.fillProceeding(r.Context(), v, p, id)
		case *record.HolidayCalendar:
			err = s.fillCalendar(v, p, rec)
		}
		if err != nil {
			return err
		}
		return s.render(w, r, "desk_follow", p)
	}
}

// stands writes where something stands, by assessor.
func stands(l *lang.Printer, x followup.Standing) standRow {
	row := standRow{Late: isLate(x)}
	if x.Timeliness != "" && x.Timeliness != "no_deadline" {
		row.Timeliness = timelyWord(l, x)
	}
	for _, by := range record.Assessors() {
		response, progress := "", ""
		if a := x.By(record.AxisResponse, by); a != nil {
			response = l.T("follow.response." + string(a.Response))
		}
		if a := x.By(record.AxisProgress, by); a != nil {
			progress = l.T("follow.progress." + string(a.Progress))
		}
		row.Response, row.Progress = append(row.Response, response), append(row.Progress, progress)
	}
	return row
}

// assessPath is where something is judged.
func (p *deskFollowPage) assessPath(of record.Ref, step, addressee string) string {
	q := url.Values{"of": {refText(of)}}
	if step != "" {
		q.Set("step", step)
	}
	if addressee != "" {
		q.Set("addressee", addressee)
	}
	return p.To("/desk/assessments/new?" + q.Encode())
}

// judgedRows writes assessments for a list.
func judgedRows(p *deskFollowPage, list []followup.AssessmentItem, steps []record.Step) []judgedRow {
	var out []judgedRow
	for _, item := range list {
		a := item.Rec
		row := judgedRow{
			Href: p.To("/desk/assessments/" + string(a.ID)), Words: judged(p.L, a), On: p.L.Date(a.On), By: p.L.T("follow.assessor." + string(a.By)),
			State: p.L.T("review." + string(a.Review.State)), Reason: shortened(plain(p.L, a.Reason), 300), Seen: a.Visibility,
		}
		if i := slices.IndexFunc(steps, func(x record.Step) bool { return x.Key == a.Step }); a.Step != "" && i >= 0 {
			row.About = deskStep(p.L, steps[i])
		}
		out = append(out, row)
	}
	return out
}

// steps writes where each step stands.
func (p *deskFollowPage) stepRows(of record.Ref, list []followup.StepView) {
	for _, x := range list {
		row := stands(p.L, x.Standing)
		row.Name = deskStep(p.L, x.Step)
		if !x.Step.Due.IsZero() {
			row.Detail = dueText(p.L, x.Step.Due)
		}
		if !x.Step.Essential {
			row.Detail = joinParts(p.L.T("desk.follow.optional"), row.Detail)
		}
		row.Assess = p.assessPath(of, x.Step.Key, "")
		if !x.Step.Essential && len(x.Response)+len(x.Progress) == 0 {
			p.Others = append(p.Others, row)
			continue
		}
		p.Steps = append(p.Steps, row)
	}
}

func (p *deskFollowPage) fact(word, value string) {
	if value != "" {
		p.Facts = append(p.Facts, fact{p.L.T("field." + word), value})
	}
}

// judgedWhole writes where a demand or a commitment stands as a whole and step by step, and every
// judgement of it.
func (p *deskFollowPage) judgedWhole(ref record.Ref, x followup.Standing, due record.Due, steps []record.Step, views []followup.StepView, counted followup.Steps, all []followup.AssessmentItem) {
	whole := stands(p.L, x)
	p.Timeliness, p.Late, p.Due = whole.Timeliness, whole.Late, dueText(p.L, due)
	whole.Name, whole.Assess = p.L.T("desk.follow.the_whole"), p.assessPath(ref, "", "")
	p.Whole = &whole
	p.stepRows(ref, views)
	if len(steps) > 0 {
		p.Counted = p.L.T("desk.follow.steps_met", "met", counted.EssentialMet, "n", counted.Essential, "open", counted.NotAssessed)
	}
	p.Judgements = judgedRows(p, all, steps)
}

// lists adds the lists that have any lines.
func (p *deskFollowPage) lists(list ...followList) {
	for _, x := range list {
		if len(x.Lines) > 0 {
			p.Lists = append(p.Lists, x)
		}
	}
}

func (s *Server) fillDemand(ctx context.Context, v *visit, p *deskFollowPage, id string) error {
	d, err := s.following.Demand(ctx, v.viewer, id)
	if err != nil {
		return err
	}
	rec := d.Item.Rec
	l := v.lang
	p.Assess = v.viewer.May(access.ActEnter)
	refs := []record.Ref{rec.Of, {Kind: record.KindEvent, ID: string(rec.Attack)}}
	for _, a := range rec.Addressees {
		refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(a.Party)}, record.Ref{Kind: record.KindPerson, ID: string(a.Person)})
	}
	for _, x := range rec.Positions {
		refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(x.Party)})
	}
	for _, x := range rec.By {
		refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(x)})
	}
	for _, x := range d.Addressees {
		refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(x.Now)})
	}
	named, err := s.house.Labels(ctx, v.viewer, l.Tag(), refs...)
	if err != nil {
		return err
	}
	of := named[rec.Of].Name
	if d.Petition != nil {
		of = plain(l, d.Petition.Title)
	}
	p.Of = append(p.Of, NavLink{Href: p.To(deskPath(rec.Of)), Label: cmpOr(of, l.T("desk.unseen"))})
	if rec.Attack != "" {
		p.Of = append(p.Of, NavLink{Href: p.To("/desk/events/" + string(rec.Attack)), Label: cmpOr(named[record.Ref{Kind: record.KindEvent, ID: string(rec.Attack)}].Name, l.T("desk.unseen"))})
	}
	p.judgedWhole(rec.Ref(), d.Standing, rec.Due, rec.Steps, d.StepViews, d.DemandLine.Steps, d.Assessments)
	var by []string
	for _, x := range rec.By {
		by = append(by, named[record.Ref{Kind: record.KindParty, ID: string(x)}].Name)
	}
	if !rec.ByText.IsZero() {
		by = append(by, plain(l, rec.ByText))
	}
	p.fact("follow.by", l.List(slices.DeleteFunc(by, func(s string) bool { return s == "" })))
	p.fact("follow.made", when(l, rec.Made))
	if d.Checked != "" {
		p.fact("follow.checked", l.Date(d.Checked))
	}
	p.fact("note", rec.Note)
	for _, a := range d.Addressees {
		row := stands(l, a.Standing)
		row.Name = addresseeText(l, a.Addressee, named)
		row.Detail = plain(l, a.Addressee.Holder)
		if a.Addressee.Personal {
			row.Detail = joinParts(row.Detail, l.T("desk.follow.personal"))
		}
		if a.Now != "" {
			row.Detail = joinParts(row.Detail, l.T("desk.follow.passed_to", "party", named[record.Ref{Kind: record.KindParty, ID: string(a.Now)}].Name))
		}
		if a.Lapsed {
			row.Detail = joinParts(row.Detail, l.T("desk.follow.lapsed"))
		}
		row.Silence = silenceWord(l, a.Silence)
		row.Assess = p.assessPath(rec.Ref(), "", a.Addressee.Key)
		row.Letter = p.To("/desk/demands/" + id + "/letter?to=" + url.QueryEscape(a.Addressee.Key))
		p.Addressees = append(p.Addressees, row)
	}
	links := followList{Title: l.T("desk.follow.part.commitments")}
	for _, c := range d.Commitments {
		links.Lines = append(links.Lines, listLine{p.To("/desk/commitments/" + string(c.Commitment.ID)), shortened(plain(l, c.Commitment.Text), 160), l.T("follow.how." + string(c.How))})
	}
	positions := followList{Title: l.T("desk.follow.part.positions")}
	for _, x := range rec.Positions {
		who := cmpOr(plain(l, x.Name), named[record.Ref{Kind: record.KindParty, ID: string(x.Party)}].Name)
		positions.Lines = append(positions.Lines, listLine{"", who, joinParts(l.T("follow.stance."+string(x.Stance)), when(l, x.On))})
	}
	pauses := followList{Title: l.T("desk.follow.part.pauses")}
	for _, x := range rec.Pauses {
		pauses.Lines = append(pauses.Lines, listLine{"", plain(l, x.Reason), l.T("desk.follow.spell", "from", l.Date(x.From), "to", cmpOr(l.Date(x.To), l.T("desk.follow.until_now")))})
	}
	bases := followList{Title: l.T("desk.follow.part.bases")}
	for _, x := range rec.Bases {
		bases.Lines = append(bases.Lines, listLine{"", joinParts(plain(l, x.Instrument), x.Article), plain(l, x.Duty)})
	}
	letters := followList{Title: l.T("desk.follow.letters")}
	for _, x := range rec.Letters {
		who := x.Addressee
		for _, a := range rec.Addressees {
			if a.Key == x.Addressee {
				who = addresseeText(l, a, named)
			}
		}
		letters.Lines = append(letters.Lines, listLine{"", x.Subject, joinParts(joinParts(who, l.Date(x.On)), joinParts(l.T("petition.channel."+string(x.Channel)), x.Receipt))})
	}
	p.lists(bases, links, positions, pauses, letters)
	if len(d.Replies) > 0 {
		replies := followList{Title: l.T("desk.follow.replies")}
		for _, x := range d.Replies {
			replies.Lines = append(replies.Lines, listLine{p.To("/desk/petitions/" + string(x.Petition) + "/delivery"), shortened(plain(l, x.Words), 200), joinParts(x.From, cmpOr(when(l, x.Dated), instant(x.Received)))})
		}
		p.Lists = append(p.Lists, replies)
	}
	if rec.Visibility == record.Public {
		p.Public = p.To("/follow-up/demands/" + rec.Slug)
	}
	return nil
}

// addresseeText names whom a demand asks, by their record where no office is
// written.
func addresseeText(l *lang.Printer, a record.DemandAddressee, named map[record.Ref]casework.Label) string {
	return cmpOr(plain(l, a.Office), cmpOr(named[record.Ref{Kind: record.KindParty, ID: string(a.Party)}].Name, cmpOr(named[record.Ref{Kind: record.KindPerson, ID: string(a.Person)}].Name, a.Key)))
}

func (s *Server) fillCommitment(ctx context.Context, v *visit, p *deskFollowPage, id string) error {
	d, err := s.following.Commitment(ctx, v.viewer, id)
	if err != nil {
		return err
	}
	rec, l := d.Item.Rec, v.lang
	p.Assess = v.viewer.May(access.ActEnter)
	refs := []record.Ref{{Kind: record.KindEvent, ID: string(rec.Attack)}, {Kind: record.KindEvent, ID: string(rec.In)}}
	for _, x := range rec.By {
		refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(x.Party)}, record.Ref{Kind: record.KindPerson, ID: string(x.Person)})
	}
	for _, x := range rec.To {
		refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(x)})
	}
	named, err := s.house.Labels(ctx, v.viewer, l.Tag(), refs...)
	if err != nil {
		return err
	}
	for _, e := range []record.EventID{rec.In, rec.Attack} {
		if e != "" {
			p.Of = append(p.Of, NavLink{Href: p.To("/desk/events/" + string(e)), Label: cmpOr(named[record.Ref{Kind: record.KindEvent, ID: string(e)}].Name, l.T("desk.unseen"))})
		}
	}
	p.judgedWhole(rec.Ref(), d.Standing, rec.Due, rec.Steps, d.StepViews, d.CommitmentLine.Steps, d.Assessments)
	p.Whole.Silence = deedWord(l, d.Silence)
	var by []string
	for _, x := range rec.By {
		name := cmpOr(plain(l, x.Office), cmpOr(named[record.Ref{Kind: record.KindParty, ID: string(x.Party)}].Name, named[record.Ref{Kind: record.KindPerson, ID: string(x.Person)}].Name))
		by = append(by, joinParts(name, plain(l, x.Holder)))
	}
	if rec.Unidentified {
		by = []string{l.T("desk.follow.nobody_identified")}
	}
	p.fact("follow.promiser", l.List(by))
	var to []string
	for _, x := range rec.To {
		to = append(to, cmpOr(named[record.Ref{Kind: record.KindParty, ID: string(x)}].Name, l.T("desk.unseen")))
	}
	if !rec.ToText.IsZero() {
		to = append(to, plain(l, rec.ToText))
	}
	p.fact("follow.to_text", l.List(to))
	p.fact("follow.promised_on", when(l, rec.Made))
	if rec.Written {
		p.fact("follow.written", l.T("desk.yes"))
	}
	p.fact("follow.conditions", plain(l, rec.Conditions))
	if o := rec.Offer; o != nil {
		p.fact("follow.offer_answer", joinParts(l.T("follow.offer."+string(o.Answer)), joinParts(plain(l, o.By), when(l, o.On))))
	}
	p.fact("note", rec.Note)
	amounts := followList{Title: l.T("desk.follow.part.amounts")}
	for _, x := range rec.Amounts {
		amounts.Lines = append(amounts.Lines, listLine{"", l.T("desk.follow.amount", "currency", x.Currency, "value", l.Number(x.Value), "per", l.T("follow.per."+string(x.Per))), joinParts(joinParts(x.Printed, plain(l, x.Part)), l.T("event.claims", "n", len(x.Claims)))})
	}
	if len(amounts.Lines) > 1 {
		amounts.Note = l.T("desk.follow.amounts_beside")
	}
	demands := followList{Title: l.T("desk.follow.named_by")}
	for _, x := range d.Demands {
		demands.Lines = append(demands.Lines, listLine{p.To("/desk/demands/" + string(x.Demand.ID)), shortened(plain(l, x.Demand.Text), 160), ""})
	}
	chain := followList{Title: l.T("field.follow.replaces")}
	for _, x := range slices.Concat(d.Replaced, d.ReplacedBy) {
		chain.Lines = append(chain.Lines, listLine{p.To("/desk/commitments/" + string(x.Commitment.ID)), shortened(plain(l, x.Commitment.Text), 160), when(l, x.Commitment.Made)})
	}
	p.lists(amounts, demands, chain)
	if rec.Visibility == record.Public {
		p.Public = p.To("/follow-up/commitments/" + rec.Slug)
	}
	return nil
}

func (s *Server) fillProceeding(ctx context.Context, v *visit, p *deskFollowPage, id string) error {
	d, err := s.following.Proceeding(ctx, v.viewer, id)
	if err != nil {
		return err
	}
	rec, l := d.Item.Rec, v.lang
	refs := []record.Ref{
		{Kind: record.KindPerson, ID: string(rec.Person)},
		{Kind: record.KindParty, ID: string(rec.Party)},
		{Kind: record.KindParty, ID: string(rec.Of)},
		{Kind: record.KindParty, ID: string(rec.Court)},
	}
	for _, e := range rec.Events {
		refs = append(refs, record.Ref{Kind: record.KindEvent, ID: string(e)})
	}
	for _, x := range rec.Steps {
		refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(x.By)})
	}
	named, err := s.house.Labels(ctx, v.viewer, l.Tag(), refs...)
	if err != nil {
		return err
	}
	for _, e := range rec.Events {
		p.Of = append(p.Of, NavLink{Href: p.To("/desk/events/" + string(e)), Label: cmpOr(named[record.Ref{Kind: record.KindEvent, ID: string(e)}].Name, l.T("desk.unseen"))})
	}
	who := cmpOr(named[refs[0]].Name, named[refs[1]].Name)
	if !rec.Group.Name.IsZero() {
		who = joinParts(plain(l, rec.Group.Name), groupNumber(l, rec.Group.Low, rec.Group.High))
	}
	p.fact("follow.accused", cmpOr(who, l.T("desk.follow.accused_open")))
	p.fact("follow.accused_of", named[refs[2]].Name)
	p.fact("follow.court", named[refs[3]].Name)
	p.fact("follow.jurisdiction", plain(l, rec.Jurisdiction))
	p.fact("follow.case_number", rec.Number)
	p.fact("reply", plain(l, rec.Reply))
	if d.Outcome != "" {
		p.fact("follow.outcome", outcomeWords(l, d.Outcome))
	}
	if d.Reached != "" {
		p.fact("follow.reached", l.T("follow.step."+string(d.Reached)))
	}
	if d.Exit != "" {
		p.fact("follow.exit", l.T("follow.step."+string(d.Exit)))
	}
	p.fact("note", rec.Note)
	chain := followList{Title: l.T("desk.follow.part.chain")}
	for i, x := range rec.Steps {
		name := l.T("follow.step." + string(x.Kind))
		if x.Verdict != "" {
			name = l.T("desk.claim_line", "what", name, "value", l.T("follow.verdict."+string(x.Verdict)))
		}
		detail := joinParts(when(l, x.On), joinParts(groupNumber(l, x.Low, x.High), named[record.Ref{Kind: record.KindParty, ID: string(x.By)}].Name))
		detail = joinParts(detail, joinParts(shortened(plain(l, x.Detail), 200), l.T("event.claims", "n", len(x.Claims))))
		if x.Reports {
			detail = joinParts(detail, l.T("field.follow.report_only"))
		}
		if slices.Contains(d.Order, i) {
			detail = joinParts(detail, l.T("desk.follow.out_of_order"))
		}
		chain.Lines = append(chain.Lines, listLine{"", name, detail})
	}
	chain.Empty = l.T("desk.follow.no_chain")
	looked := followList{Title: l.T("desk.follow.part.looked"), Empty: l.T("desk.follow.not_looked")}
	for _, x := range rec.Looked {
		found := l.T("desk.follow.looked_none")
		if x.Found {
			found = l.T("field.follow.looked_found")
		}
		looked.Lines = append(looked.Lines, listLine{"", plain(l, x.Where), joinParts(l.Date(x.On), found)})
	}
	p.Lists = append(p.Lists, chain, looked)
	// Whether the accused may be named in public is the same check as at publication.
	if v.viewer.May(access.ActPublish) {
		found, err := s.house.PublishCheck(ctx, v.viewer, []record.Ref{rec.Ref()})
		if err != nil {
			return err
		}
		for _, x := range slices.Concat(found.Blocked, found.Accused) {
			p.Found = append(p.Found, l.T(x.Key))
		}
		if len(found.Blocked) == 0 && (rec.Person != "" || rec.Party != "") {
			p.Found = append(p.Found, l.T("desk.follow.ground_found"))
		}
	}
	if rec.Visibility == record.Public {
		p.Public = p.To("/follow-up/proceedings/" + rec.Slug)
	}
	return nil
}

// groupNumber writes how many people were meant.
func groupNumber(l *lang.Printer, low, high *int64) string {
	switch {
	case low != nil && high != nil && *low != *high:
		return l.Range(*low, *high)
	case low != nil && high != nil:
		return l.Number(*low)
	case low != nil:
		return l.T("desk.follow.at_least", "n", *low)
	case high != nil:
		return l.T("desk.follow.at_most", "n", *high)
	}
	return ""
}

func (s *Server) fillCalendar(v *visit, p *deskFollowPage, rec *record.HolidayCalendar) error {
	l := v.lang
	for _, x := range rec.Weekends {
		var days []string
		for _, d := range x.Days {
			days = append(days, l.T("desk.follow.weekday."+strconv.Itoa(d)))
		}
		from := l.T("desk.follow.always")
		if x.From != "" {
			from = l.T("desk.follow.since", "date", l.Date(x.From))
		}
		p.fact("follow.weekend", joinParts(l.List(days), from))
	}
	p.fact("note", rec.Note)
	holidays := followList{Title: l.T("desk.follow.part.holidays"), Empty: l.T("list.empty")}
	for _, x := range slices.Backward(rec.Holidays) {
		holidays.Lines = append(holidays.Lines, listLine{"", plain(l, x.Name), inCalendars(l, x.Day)})
		if len(holidays.Lines) == 100 {
			break
		}
	}
	p.Lists = append(p.Lists, holidays)
	if o, err := calendar.NewOffices(rec); err == nil {
		if last, ok := o.Entered(); ok {
			p.fact("follow.entered", l.Date(calendar.DayText(last)))
		}
	}
	return nil
}

// followListPage lists the records of one kind.
type followListPage struct {
	deskPage
	Kind  string
	Query string
	Lines []listLine
	All   int
	Next  int
	New   string // where a new one begins, empty for those who may not
	Lists []NavLink
}

// followListed is how many records a list of the desk of following up shows at once.
const followListed = 50

func (s *Server) showFollowList(k followKind) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		v := visitOf(r)
		l := v.lang
		q := r.URL.Query()
		from, _ := strconv.Atoi(q.Get("from"))
		from = max(from, 0)
		p := &followListPage{deskPage: s.desk(r, l.T("desk.list."+k.plural), "desk-follow"), Kind: k.plural, Query: strings.TrimSpace(q.Get("q"))}
		p.Lists = s.followLists(&p.Page)
		if v.viewer.May(k.need) {
			p.New = p.To("/desk/" + k.plural + "/new")
		}
		add := func(rec record.Record, detail string) {
			p.Lines = append(p.Lines, listLine{p.To(deskPath(rec.Ref())), followName(l, rec), joinParts(detail, l.T("visibility."+string(rec.Seen())))})
		}
		count := func(x followup.Steps) string {
			if x.All == 0 {
				return ""
			}
			return l.T("desk.follow.steps_met", "met", x.EssentialMet, "n", x.Essential, "open", x.NotAssessed)
		}
		clock := func(x followup.Standing) string {
			detail := ""
			if x.Timeliness != "" && x.Timeliness != "no_deadline" {
				detail = l.T("follow.timeliness." + x.Timeliness)
			}
			return joinParts(l.T("follow.progress."+string(x.ProgressBy(record.ByOrganisation))), detail)
		}
		var err error
		switch k.kind {
		case record.KindDemand:
			var lines []followup.DemandLine
			lines, p.All, err = s.following.Demands(r.Context(), v.viewer, followup.Filter{Words: p.Query}, from, followListed)
			for _, x := range lines {
				add(x.Demand, joinParts(clock(x.Standing), count(x.Steps)))
			}
		case record.KindCommitment:
			var lines []followup.CommitmentLine
			lines, p.All, err = s.following.Commitments(r.Context(), v.viewer, followup.Filter{Words: p.Query}, from, followListed)
			for _, x := range lines {
				add(x.Commitment, joinParts(clock(x.Standing), count(x.Steps)))
			}
		case record.KindProceeding:
			var lines []followup.ProceedingLine
			lines, p.All, err = s.following.Proceedings(r.Context(), v.viewer, record.Ref{}, from, followListed)
			for _, x := range lines {
				add(x.Proceeding, outcomeWords(l, x.Outcome))
			}
		case record.KindHolidayCalendar:
			var items []followup.CalendarItem
			items, err = s.following.Calendars(r.Context(), v.viewer)
			p.All = len(items)
			for _, x := range items {
				add(x.Rec, l.T("desk.follow.holidays", "n", len(x.Rec.Holidays)))
			}
			from = 0
		}
		if err != nil {
			return err
		}
		if from+len(p.Lines) < p.All {
			p.Next = from + len(p.Lines)
		}
		return s.render(w, r, "desk_follow_list", p)
	}
}
