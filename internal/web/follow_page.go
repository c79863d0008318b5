package web

import (
	"cmp"
	"html/template"
	"net/http"
	"net/url"
	"slices"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/draw"
	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// followPer is how many demands or commitments a page of the list shows.
const followPer = 30

// silentShown is how many silences the overview shows; all have a page of their own.
const silentShown = 6

// followUpPage is the page "what was promised, what was done".
type followUpPage struct {
	Page
	Form        Form
	Parties     []Option
	States      []Option
	Whose       []Option
	Kinds       []RuleLink
	Only        []Narrowing
	Attacks     []AttackRow // in which the words asked for stand
	About       bool        // words were asked for
	AttacksMore string
	Filtered    bool
	Demands     *SummaryView
	Commitments *SummaryView
	Bars        template.HTML
	BarTable    draw.Table
	Sums        []SumView
	Authorities []AuthorityRow
	Overdue     []DueRow
	Silent      []SilenceRow
	Lines       []FollowLine
	Count       string
	ListCSV     string
	Card        CardView
	Paging
}

// attackChoices is how many attacks a search for one shows.
const attackChoices = 20

// AttackRow is an attack to which the list can be narrowed.
type AttackRow struct {
	Href  string
	Event EventView
	Place string
	Held  string // how much is followed on account of it
}

// Narrowing is a filter that came with the address, with the way out of it.
type Narrowing struct {
	Label string
	Words template.HTML
	Clear string
}

// SummaryView is counts with what is unknown beside what is known.
type SummaryView struct {
	Title    string
	All      string
	Whose    string // by whose account
	Met      string // "2 of 9 assessed"
	MetShare string
	Unknown  string // "4 were not assessed (31 %)"
	Silent   string
	NotStart string
	Practice string
	Checked  string
	Rows     []SummaryRow
}

// SummaryRow is one value with its number and its share of what was assessed.
type SummaryRow struct {
	State StateView
	N     string
	Share string
	Href  string
}

// SumView is money promised in one currency for one thing.
type SumView struct{ What, Range, N string }

// AuthorityRow is an authority in a list.
type AuthorityRow struct {
	Href                             string
	Name                             template.HTML
	Asked, Promised, Met, Late, Mute string
	Longest                          string
}

// DueRow is a clock that ran out.
type DueRow struct {
	Href string
	Text template.HTML
	Step string
	Day  string
	Late string
}

// SilenceRow is one who has said nothing.
type SilenceRow struct {
	Href     string
	Text     template.HTML
	Who      template.HTML
	WhoHref  string
	Days     string
	Sentence string
	Start    string
}

func (s *Server) showFollowUp(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	l := v.lang
	if s.following == nil {
		return s.render(w, r, "plain", &plainPage{s.page(r, l.T("nav.follow_up"), "follow-up"), l.T("follow.none")})
	}
	n, err := pageNumber(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	by := record.Assessor(q.Get("by"))
	if by != "" && !slices.Contains(record.Assessors(), by) {
		return record.ErrNotFound
	}
	over, err := s.following.Overview(r.Context(), v.viewer, by)
	if err != nil {
		return err
	}
	p := &followUpPage{Page: s.page(r, l.T("follow.title"), "follow-up"), Form: Form{Values: q}}
	p.Feed = "/feeds/follow-up.atom"
	p.FollowBy = s.followBy("")
	if r.URL.RawQuery != "" {
		p.Robots = "noindex"
	}
	p.Card = s.cardView(r, l, "follow-up", l.T("follow.title"), "/follow-up")
	f, err := s.followFilter(r, p, over)
	if err != nil {
		return err
	}
	for _, k := range []string{"demands", "commitments"} {
		p.Kinds = append(p.Kinds, RuleLink{Href: p.To("/follow-up") + with(q, "of", k), Name: l.T("follow.list." + k), Current: cmp.Or(q.Get("of"), "demands") == k})
	}
	var all int
	if q.Get("of") == "commitments" {
		list, count, err := s.following.Commitments(r.Context(), v.viewer, f, n*followPer, followPer)
		if err != nil {
			return err
		}
		names, err := s.lineNames(r, nil, list)
		if err != nil {
			return err
		}
		p.Lines, all = commitmentLines(l, names, list), count
		p.Count = l.T("follow.commitments", "n", count)
	} else {
		list, count, err := s.following.Demands(r.Context(), v.viewer, f, n*followPer, followPer)
		if err != nil {
			return err
		}
		names, err := s.lineNames(r, list, nil)
		if err != nil {
			return err
		}
		p.Lines, all = demandRows(l, names, list), count
		tried := 0
		if over.Demands.Practice > 0 {
			real := f
			real.Real = true
			_, counted, err := s.following.Demands(r.Context(), v.viewer, real, 0, 0)
			if err != nil {
				return err
			}
			tried = count - counted
		}
		p.Count = l.T("follow.demands", "n", count-tried)
		if tried > 0 {
			p.Count = dots(l, p.Count, l.T("follow.practice_n", "n", tried))
		}
	}
	p.ListCSV = "/follow-up/data/" + cmp.Or(q.Get("of"), "demands") + ".csv" + withoutPage(q)
	p.Paging = paging(r, n, (n+1)*followPer < all)
	if n > 0 || p.Filtered {
		return s.render(w, r, "follow", p)
	}
	p.Demands, p.Commitments = summaryView(l, "follow.list.demands", "demands", over.Demands), summaryView(l, "follow.list.commitments", "commitments", over.Commitments)
	bars := progressBars(l, "follow-bars", []barRow{{l.T("follow.list.demands"), "", over.Demands}, {l.T("follow.list.commitments"), "", over.Commitments}})
	p.Bars, p.BarTable = bars.SVG, bars.Table
	p.Sums = sumViews(l, over.Amounts)
	p.Authorities = authorityRows(l, over.Authorities)
	p.Overdue = dueRows(l, over.Overdue)
	p.Silent = silenceRows(l, over.Links, over.Silent[:min(len(over.Silent), silentShown)])
	return s.render(w, r, "follow", p)
}

func withoutPage(q url.Values) string {
	c := url.Values{}
	for _, name := range []string{"party", "attack", "state", "q"} {
		if v := q.Get(name); v != "" {
			c.Set(name, v)
		}
	}
	if len(c) == 0 {
		return ""
	}
	return "?" + c.Encode()
}

// stateFilters are what a list can be narrowed to, by the organisation's account
// and by the clock.
func stateFilters() []string {
	out := []string{"silent", string(follow.Overdue), string(follow.LongOverdue)}
	for _, p := range record.ProgressValues() {
		out = append(out, string(p))
	}
	return out
}

// narrowed reads a state of an address into a filter. What does not exist finds
// nothing.
func narrowed(f *followup.Filter, state string) bool {
	switch {
	case state == "":
	case state == "silent":
		f.Silent = true
	case state == string(follow.Overdue), state == string(follow.LongOverdue):
		f.Timeliness = state
	case slices.Contains(record.ProgressValues(), record.ProgressValue(state)):
		f.Progress = record.ProgressValue(state)
	default:
		return false
	}
	return true
}

func (s *Server) followFilter(r *http.Request, p *followUpPage, over *followup.Overview) (followup.Filter, error) {
	l, q := p.L, r.URL.Query()
	f, err := s.filterOf(r, q)
	if err != nil {
		return f, err
	}
	p.Filtered = q.Get("party") != "" || q.Get("attack") != "" || q.Get("state") != "" || q.Get("q") != ""
	for _, a := range over.Authorities {
		p.Parties = append(p.Parties, Option{a.Party.Slug, plain(l, a.Party.Title), q.Get("party") == a.Party.Slug})
	}
	p.Parties = chosenFirst(p.Parties, q.Get("party"))
	for _, state := range stateFilters() {
		key := "follow.progress." + state
		switch state {
		case "silent":
			key = "follow.filter.silent"
		case string(follow.Overdue), string(follow.LongOverdue):
			key = "follow.timeliness." + state
		}
		p.States = append(p.States, Option{state, l.T(key), q.Get("state") == state})
	}
	for _, by := range record.Assessors() {
		p.Whose = append(p.Whose, Option{string(by), l.T("follow.assessor." + string(by)), cmp.Or(q.Get("by"), string(record.ByOrganisation)) == string(by)})
	}
	if p.About = q.Get("about") != ""; p.About {
		p.Filtered = true
		found, more, err := s.following.FindAttacks(r.Context(), p.Viewer, q.Get("about"), attackChoices)
		if err != nil {
			return f, err
		}
		chosen := url.Values{}
		for _, name := range []string{"of", "party", "state", "by", "q"} {
			if v := q.Get(name); v != "" {
				chosen.Set(name, v)
			}
		}
		for _, a := range found {
			row := AttackRow{Href: p.To("/follow-up") + with(chosen, "attack", a.Event.Slug) + "#all", Event: eventView(l, a.EventLine), Place: shortPlace(l, a.Event.Where)}
			var held []string
			if a.Demands > 0 {
				held = append(held, l.T("follow.demands", "n", a.Demands))
			}
			if a.Commitments > 0 {
				held = append(held, l.T("follow.commitments", "n", a.Commitments))
			}
			row.Held = dots(l, held...)
			p.Attacks = append(p.Attacks, row)
		}
		if more {
			p.AttacksMore = l.T("follow.filter.attacks_more", "n", len(found))
		}
	}
	if f.Attack != "" {
		names, err := s.house.Names(r.Context(), p.Viewer, record.Ref{Kind: record.KindEvent, ID: string(f.Attack)})
		if err != nil {
			return f, err
		}
		for _, k := range names {
			p.Only = append(p.Only, Narrowing{l.T("follow.because_of"), linked(l, k), p.To("/follow-up") + with(q, "attack", "")})
		}
	}
	return f, nil
}

// chosenFirst keeps the choice of an address in the list although the list may
// not hold it.
func chosenFirst(list []Option, chosen string) []Option {
	if chosen != "" && !slices.ContainsFunc(list, func(o Option) bool { return o.Chosen }) {
		return append([]Option{{chosen, chosen, true}}, list...)
	}
	return list
}

// filterOf reads what an address narrows a list to. A party, an attack or a state
// that does not exist, or that the reader may not see, is not found.
func (s *Server) filterOf(r *http.Request, q url.Values) (followup.Filter, error) {
	v := visitOf(r)
	f := followup.Filter{Words: q.Get("q")}
	if !narrowed(&f, q.Get("state")) {
		return f, record.ErrNotFound
	}
	if name := q.Get("party"); name != "" {
		k, err := s.following.Find(r.Context(), v.viewer, record.KindParty, name)
		if err != nil {
			return f, err
		}
		f.Party = record.PartyID(k.Ref.ID)
	}
	if name := q.Get("attack"); name != "" {
		k, err := s.following.Find(r.Context(), v.viewer, record.KindEvent, name)
		if err != nil {
			return f, err
		}
		f.Attack = record.EventID(k.Ref.ID)
	}
	return f, nil
}

// lineNames looks up whom lines of a list name.
func (s *Server) lineNames(r *http.Request, demands []followup.DemandLine, commitments []followup.CommitmentLine) (casework.Links, error) {
	var refs []record.Ref
	who := func(party record.PartyID, person record.PersonID) {
		if party != "" {
			refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(party)})
		}
		if person != "" {
			refs = append(refs, record.Ref{Kind: record.KindPerson, ID: string(person)})
		}
	}
	for _, d := range demands {
		for _, a := range d.Demand.Addressees {
			who(a.Party, a.Person)
		}
	}
	for _, c := range commitments {
		for _, p := range c.Commitment.By {
			who(p.Party, p.Person)
		}
	}
	return s.house.Names(r.Context(), visitOf(r).viewer, refs...)
}

func summaryView(l *lang.Printer, title, of string, k followup.Summary) *SummaryView {
	if k.All == 0 {
		return nil
	}
	by := k.By
	if by == "" {
		by = record.ByOrganisation
	}
	v := &SummaryView{
		Title: l.T(title), All: l.Number(int64(k.All)), Whose: l.T("follow.whose", "who", l.T("follow.assessor."+string(by))),
		Met: l.T("follow.met_of", "n", k.Progress[record.Met], "assessed", l.Number(int64(k.Assessed))), MetShare: share(l, k.Progress[record.Met], k.Assessed),
		Unknown: l.T("follow.not_assessed_share", "n", k.NotAssessed, "share", share(l, k.NotAssessed, k.All)),
	}
	if k.Assessed == 0 {
		v.Met = "" // "0 of 0" tells nothing that the next words do not
	}
	if k.Silent > 0 {
		v.Silent = l.T("follow.silent_n", "n", k.Silent)
		if of == "commitments" {
			v.Silent = l.T("follow.deedless_n", "n", k.Silent)
		}
	}
	if k.Practice > 0 {
		v.Practice = l.T("follow.practice_n", "n", k.Practice)
	}
	if k.NotStarted > 0 {
		v.NotStart = l.T("follow.not_started_n", "n", k.NotStarted)
	}
	if k.LastChecked != "" {
		v.Checked = l.T("follow.checked_on", "date", l.Date(k.LastChecked))
	}
	for _, value := range inBars {
		n := k.Progress[value]
		if value == record.NotAssessed {
			n = k.NotAssessed
		}
		if n == 0 {
			continue
		}
		row := SummaryRow{State: progressView(l, value), N: l.Number(int64(n)), Href: l.Path() + "/follow-up?of=" + of + "&state=" + string(value)}
		if value != record.NotAssessed {
			row.Share = share(l, n, k.Assessed)
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// barRow is a summary to be drawn as a bar.
type barRow struct {
	name, href string
	of         followup.Summary
}

func progressBars(l *lang.Printer, id string, rows []barRow) draw.Drawing {
	d := draw.ProgressData{Labels: draw.ProgressLabels{Name: l.T("follow.what"), All: l.T("follow.all")}}
	for _, value := range inBars {
		d.States = append(d.States, draw.ProgressState{State: patterns[value], Word: l.T("follow.progress." + string(value))})
	}
	for _, row := range rows {
		if row.of.All > 0 {
			d.Rows = append(d.Rows, draw.ProgressRow{Name: row.name, Href: row.href, Counts: barCounts(row.of)})
		}
	}
	if len(d.Rows) == 0 {
		return draw.Drawing{}
	}
	return draw.Progress(d, draw.Options{ID: id, Title: l.T("follow.bars_title"), RTL: l.RTL(), Number: l.Number})
}

func barCounts(k followup.Summary) []int64 {
	out := make([]int64, len(inBars))
	for i, value := range inBars {
		out[i] = int64(k.Progress[value])
		if value == record.NotAssessed {
			out[i] = int64(k.NotAssessed)
		}
	}
	return out
}

func sumViews(l *lang.Printer, sums []followup.AmountSum) []SumView {
	var out []SumView
	for _, a := range sums {
		out = append(out, SumView{
			What: l.T("follow.sum_of", "unit", a.Currency, "per", l.T("follow.per."+string(a.Per))), Range: l.Range(a.Low, a.High), N: l.Number(int64(a.Commitments)),
		})
	}
	return out
}

func authorityRows(l *lang.Printer, list []followup.AuthorityLine) []AuthorityRow {
	var out []AuthorityRow
	for _, a := range list {
		row := AuthorityRow{
			Href: l.Path() + "/follow-up/" + a.Party.Slug, Name: text(l, a.Party.Title), Asked: l.Number(int64(a.Demands)), Promised: l.Number(int64(a.Commitments)),
			Met: l.Number(int64(a.Met)), Late: l.Number(int64(a.Overdue)), Mute: l.Number(int64(a.Silent)),
		}
		if a.LongestSilence > 0 {
			row.Longest = l.T("follow.days", "n", a.LongestSilence)
		}
		out = append(out, row)
	}
	return out
}

func followHref(l *lang.Printer, of record.Ref, slug string) string {
	if of.Kind == record.KindCommitment {
		return l.Path() + "/follow-up/commitments/" + slug
	}
	return l.Path() + "/follow-up/demands/" + slug
}

func dueRows(l *lang.Printer, list []followup.DueLine) []DueRow {
	var out []DueRow
	for _, d := range list {
		row := DueRow{Href: followHref(l, d.Of, d.Slug), Text: text(l, d.Text), Day: l.Date(d.Day), Late: timelyWord(l, followup.Standing{Timeliness: d.Timeliness, DaysLate: d.DaysLate, Timing: follow.Timing{Unchecked: d.Unchecked}})}
		if d.Step != "" {
			row.Href += "#step-" + d.Step
		}
		out = append(out, row)
	}
	return out
}

func silenceRows(l *lang.Printer, links casework.Links, list []followup.SilenceLine) []SilenceRow {
	var out []SilenceRow
	for _, k := range list {
		out = append(out, SilenceRow{
			Href: followHref(l, k.Of, k.Slug), Text: text(l, k.Text), Who: officeName(l, links, k.Office, k.Party, k.Person), WhoHref: partyHref(l, links, k.Party),
			Days: l.T("follow.days", "n", k.Silence.Days), Sentence: quietWord(l, k.Of.Kind, k.Silence), Start: silenceStart(l, k.Silence),
		})
	}
	return out
}

// silenceNames looks up who is silent.
func (s *Server) silenceNames(r *http.Request, list []followup.SilenceLine) (casework.Links, error) {
	var refs []record.Ref
	for _, k := range list {
		if k.Party != "" {
			refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(k.Party)})
		}
		if k.Person != "" {
			refs = append(refs, record.Ref{Kind: record.KindPerson, ID: string(k.Person)})
		}
	}
	return s.house.Names(r.Context(), visitOf(r).viewer, refs...)
}
