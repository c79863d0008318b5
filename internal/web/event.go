package web

import (
	"bytes"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// eventPage is the page of an event.
type eventPage struct {
	Page
	Kicker  string
	Summary template.HTML
	Crumbs  []Crumb
	Figures []FigureView
	// More are figures of lesser measures, below the first two.
	More    []FigureView
	HowMany string // "Worked out from 14 claims under the rule gawah/1."
	Rules   []RuleLink
	Facts   []Fact
	Strips  []StripView
	// Others are figures of other scopes, each with why it stands apart.
	Others            []StripView
	Toll              template.HTML
	Parts             []PartView
	Wholes            []WholeView
	People            []InvolvedView
	Said              []SaidGroup
	Causes, Responses []EventView
	Joined            []template.HTML
	Sources           []SourceLine
	Notes             []string // credits that the terms of sources ask for
	History           string
	NoClaims          bool
	// Course, Follow and Coverage are the addresses of what came before and after, of what was promised
	// and of what was reported; empty where nothing is followed.
	Course, Follow, Coverage string
}

// Crumb is one step of the way to a page.
type Crumb struct {
	Href  string
	Title template.HTML
}

// RuleLink switches the rule.
type RuleLink struct {
	Href, Name string
	Current    bool
}

// Fact is one line of the margin.
type Fact struct {
	Name  string
	Words []template.HTML
}

// PartView is a part of an event with its figures.
type PartView struct {
	EventView
	Figures []FigureView
}

// WholeView puts an event's own figure beside the sum of its parts'.
type WholeView struct {
	What, Own, Sum, Note string
}

// InvolvedView is somebody's part in an event.
type InvolvedView struct {
	Role   string
	Who    template.HTML
	Status string
	Detail template.HTML
	Reply  template.HTML
	Many   string
	Claims []template.HTML
	Event  EventView
	Inside string // visibility where it is not public
}

// SaidGroup is what sources state of one matter besides numbers.
type SaidGroup struct {
	Title string
	Rows  []ClaimRow
}

// SourceLine is a source in a list.
type SourceLine struct {
	Href  string
	Title template.HTML
	Meta  string
	Copy  string
	// Address is where the source was published; it is printed as a footnote.
	Address string
}

func (s *Server) showEvent(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	rule, err := ruleOf(r)
	if err != nil {
		return err
	}
	slug := r.PathValue("slug")
	data, err := s.house.EventPage(r.Context(), v.viewer, slug, rule)
	if err != nil {
		return err
	}
	if data.Root != nil {
		return s.redirect(w, r, pathOf(*data.Root))
	}
	if e := data.Event.Rec; e.Slug != slug {
		return s.moved(w, r, "/events/"+e.Slug)
	}
	if v.viewer.SignedIn() || !acceptsGzip(r) {
		return s.render(w, r, "event", s.eventPage(r, data, rule))
	}
	key := v.lang.Tag() + " " + string(rule) + " " + s.address(r, r.URL.RequestURI()) + " " + data.Stamp
	p, ok := s.made.get(key, time.Now())
	if !ok {
		b := buffers.Get().(*bytes.Buffer)
		defer buffers.Put(b)
		b.Reset()
		if err := s.views.write(b, "event", s.eventPage(r, data, rule)); err != nil {
			return err
		}
		p = pack(b.Bytes())
		s.made.put(key, p)
	}
	s.sendPacked(w, r, http.StatusOK, typeHTML, p)
	return nil
}

// ruleOf reads the rule of an address. A name without a version is its newest.
func ruleOf(r *http.Request) (figure.Rule, error) {
	rule, err := figure.Parse(r.URL.Query().Get("rule"))
	if err != nil {
		return "", errBad
	}
	return rule, nil
}

func (s *Server) eventPage(r *http.Request, data *casework.EventPage, rule figure.Rule) *eventPage {
	v := visitOf(r)
	l, e := v.lang, data.Event.Rec
	p := &eventPage{Page: s.page(r, plain(l, e.Title), "events")}
	p.About = e.Ref()
	p.Kicker = eventKicker(l, e)
	p.Summary = paras(l, e.Summary)
	p.History = p.To("/history/event/" + string(e.ID))
	if rule != figure.Default {
		p.Robots = "noindex"
	}
	p.Crumbs = []Crumb{{p.To("/events"), template.HTML(template.HTMLEscapeString(l.T("nav.events")))}}
	if data.PartOf != nil {
		p.Crumbs = append(p.Crumbs, Crumb{p.To(pathOf(*data.PartOf)), text(l, data.PartOf.Title)})
	}
	for _, name := range figure.Rules() {
		p.Rules = append(p.Rules, RuleLink{Href: ruleHref(p.To("/events/"+e.Slug), name), Name: string(name), Current: name == rule})
	}
	p.NoClaims = len(data.Order) == 0

	st := &stripper{l: l, lines: data.ByID, links: data.Links, held: data.Held, inside: p.Inside()}
	used := 0
	for i := range data.Figures {
		f := &data.Figures[i]
		fv := figureView(l, f)
		if f.Known() {
			if !p.Inside() { // what is cited is what the public can see
				fv.Cite = p.To(citePath(e.Slug, f, rule, data.Entry))
			}
			if len(p.Figures) < 2 && (f.Measure == record.Killed || f.Measure == record.Injured || f.Measure == record.Participants) {
				p.Figures = append(p.Figures, fv)
				used += len(f.UsedClaims())
			} else {
				p.More = append(p.More, fv)
			}
		}
		strip := st.strip("strip-"+string(f.Measure), f)
		strip.Figure = fv
		p.Strips = append(p.Strips, strip)
		if f.Measure == record.Killed {
			p.Toll = st.toll("toll", f)
		}
	}
	if len(p.Figures) == 0 {
		n := min(2, len(p.More))
		p.Figures, p.More = p.More[:n], p.More[n:]
		for i := range data.Figures {
			if len(p.Figures) > 0 && data.Figures[i].Known() && string(data.Figures[i].Measure) == p.Figures[0].Measure {
				used = len(data.Figures[i].UsedClaims())
			}
		}
	}
	p.HowMany = l.T("figure.worked_out", "n", used, "rule", string(rule))
	for i := range data.Other {
		f := &data.Other[i]
		strip := st.strip("scope-"+string(f.Measure)+"-"+itoa(i), f)
		p.Others = append(p.Others, strip)
	}
	p.Facts = eventFacts(l, data)
	for _, k := range data.Parts {
		pv := PartView{EventView: eventView(l, k.EventLine)}
		for i := range k.Figures {
			if m := k.Figures[i].Measure; m == record.Killed || m == record.Injured {
				pv.Figures = append(pv.Figures, keptView(l, &k.Figures[i]))
			}
		}
		slices.SortStableFunc(pv.Figures, func(a, b FigureView) int { return strings.Compare(b.Measure, a.Measure) })
		p.Parts = append(p.Parts, pv)
	}
	p.Wholes = wholes(l, data)
	p.People = involved(l, data, st)
	p.Said = saidGroups(l, data, st)
	p.Causes, p.Responses = eventViews(l, data.Causes), eventViews(l, data.Responses)
	for _, j := range data.Joined {
		p.Joined = append(p.Joined, text(l, j.Title))
	}
	p.Sources, p.Notes = sourceLines(l, data.Order, data.Links, data.Held)
	if s.following != nil && e.Type == record.TypeAttack {
		p.Course, p.Follow = p.To("/events/"+e.Slug+"/course"), p.To("/follow-up?attack="+e.Slug)
		p.Coverage = p.To("/events/" + e.Slug + "/coverage")
	}
	return p
}

func ruleHref(path string, rule figure.Rule) string {
	if rule == figure.Default {
		return path
	}
	return path + "?rule=" + url.QueryEscape(string(rule))
}

// eventKicker is the line above the title: what it is, and when.
func eventKicker(l *lang.Printer, e *record.Event) string {
	kind := l.T("event.type." + string(e.Type))
	if e.Status != record.Held {
		kind = l.T("event.kicker", "a", l.T("event.status."+string(e.Status)), "b", kind)
	}
	if e.Subtype != "" {
		kind = l.T("event.kicker", "a", kind, "b", e.Subtype)
	}
	if w := when(l, e.When); w != "" {
		return l.T("event.kicker", "a", kind, "b", w)
	}
	return kind
}

func escape(s string) template.HTML { return template.HTML(template.HTMLEscapeString(s)) }

// eventFacts is the margin: when, where, whom it struck, who claimed it, what
// followed, each with the number of claims it rests on.
func eventFacts(l *lang.Printer, d *casework.EventPage) []Fact {
	e := d.Event.Rec
	var out []Fact
	add := func(key string, words ...template.HTML) {
		if len(words) > 0 {
			out = append(out, Fact{l.T(key), words})
		}
	}
	resting := func(ids []record.ClaimID) template.HTML {
		n := 0
		for _, id := range ids {
			if d.ByID[id] != nil { // the reader may not see the others, so they do not count
				n++
			}
		}
		if n == 0 {
			return ""
		}
		return template.HTML(` <span class="soft">`) + `· ` + escape(l.T("event.by_claims", "n", n)) + `</span>`
	}
	if w := when(l, e.When); w != "" {
		words := escape(w)
		if c := l.Clock(e.When.Date); c != "" && !strings.Contains(w, c) {
			words = escape(commas(l, []string{w, c}))
		}
		add("event.when", words+resting(e.WhenClaims))
	}
	if p := placeText(l, e.Where); p != "" {
		words := escape(p)
		if e.Where.Precision != "" {
			words += template.HTML(` <span class="soft">`) + `· ` + escape(l.T("precision."+string(e.Where.Precision))) + `</span>`
		}
		add("event.where", words+resting(e.WhereClaims))
	}
	var struck []template.HTML
	for _, s := range e.Struck {
		if k, ok := d.Links[record.Ref{Kind: record.KindParty, ID: string(s.Party)}]; ok {
			struck = append(struck, linked(l, k)+resting(s.Claims))
		}
	}
	add("event.whom", struck...)
	roles := map[string][]template.HTML{}
	for _, i := range d.Involved {
		if i.Who.Ref.IsZero() {
			continue
		}
		switch i.Involvement.Role {
		case record.RoleClaimant:
			roles["event.claimed_by"] = append(roles["event.claimed_by"], linked(l, i.Who)+resting(i.Involvement.Claims))
		case record.RolePerpetrator, record.RoleAccused:
			words := linked(l, i.Who)
			if i.Involvement.Status != "" {
				words += template.HTML(` <span class="word is-open">`) + escape(l.T("accused."+string(i.Involvement.Status))) + `</span>`
			}
			roles["event.said_to_have"] = append(roles["event.said_to_have"], words+resting(i.Involvement.Claims))
		}
	}
	for _, key := range []string{"event.claimed_by", "event.said_to_have"} {
		if words := roles[key]; len(words) > 0 {
			out = append(out, Fact{l.T(key), words})
		}
	}
	var followed []template.HTML
	for _, f := range d.Responses {
		followed = append(followed, link(l.Path()+"/events/"+f.Event.Slug, text(l, f.Event.Title)))
	}
	add("event.followed", followed...)
	var causes []template.HTML
	for _, f := range d.Causes {
		causes = append(causes, link(l.Path()+"/events/"+f.Event.Slug, text(l, f.Event.Title)))
	}
	add("event.in_response_to", causes...)
	return out
}

func wholes(l *lang.Printer, d *casework.EventPage) []WholeView {
	var out []WholeView
	for _, m := range []record.Measure{record.Killed, record.Injured} {
		k, ok := d.Wholes[m]
		if !ok || k.Sum.Summed == 0 {
			continue
		}
		w := WholeView{What: l.T("measure." + string(m)), Sum: boundsSum(k.Sum).span(l), Own: l.T("value.none")}
		if k.Own.Known() {
			w.Own = boundsOf(&k.Own).span(l)
		}
		switch {
		case k.ByParts:
			w.Note = l.T("event.by_parts")
		case k.Agree:
			w.Note = l.T("event.parts_agree")
		default:
			w.Note = l.T("event.parts_differ")
		}
		if k.Sum.Missing > 0 {
			w.Note += " " + l.T("event.parts_missing", "n", k.Sum.Missing)
		}
		out = append(out, w)
	}
	return out
}

// involved lists who had a part, those who are remembered first.
func involved(l *lang.Printer, d *casework.EventPage, st *stripper) []InvolvedView {
	roles := record.InvolvementRoles()
	list := slices.Clone(d.Involved)
	slices.SortStableFunc(list, func(a, b casework.Involved) int {
		return slices.Index(roles, a.Involvement.Role) - slices.Index(roles, b.Involvement.Role)
	})
	out := make([]InvolvedView, 0, len(list))
	for _, i := range list {
		iv := involvedView(l, i)
		for _, id := range i.Involvement.Claims {
			if line := st.lines[id]; line != nil {
				iv.Claims = append(iv.Claims, link("#claim-"+string(id), escape(publisher(l, line.Source, st.links))))
			}
		}
		out = append(out, iv)
	}
	return out
}

func involvedView(l *lang.Printer, i casework.Involved) InvolvedView {
	k := i.Involvement
	v := InvolvedView{Role: l.T("role." + string(k.Role)), Detail: text(l, k.Detail), Reply: text(l, k.Reply)}
	if k.Status != "" {
		v.Status = l.T("accused." + string(k.Status))
	}
	if k.Visibility != record.Public {
		v.Inside = l.T("visibility." + string(k.Visibility))
	}
	if i.Who.Ref.IsZero() {
		v.Who = text(l, k.Group.Name)
		switch g := k.Group; {
		case g.Low != nil && g.High != nil:
			v.Many = l.Range(*g.Low, *g.High)
		case g.Low != nil:
			v.Many = l.T("value.at_least", "low", l.Number(*g.Low))
		case g.High != nil:
			v.Many = l.T("value.at_most", "high", l.Number(*g.High))
		}
	} else {
		v.Who = linked(l, i.Who)
	}
	return v
}

// saidGroups gathers attribute and statement claims by what they are about.
func saidGroups(l *lang.Printer, d *casework.EventPage, st *stripper) []SaidGroup {
	return groupSaid(l, d.Order, st)
}

func groupSaid(l *lang.Printer, lines []*casework.ClaimLine, st *stripper) []SaidGroup {
	var out []SaidGroup
	add := func(title string, line *casework.ClaimLine) {
		for i := range out {
			if out[i].Title == title {
				out[i].Rows = append(out[i].Rows, st.row(line))
				return
			}
		}
		out = append(out, SaidGroup{title, []ClaimRow{st.row(line)}})
	}
	for _, a := range record.Attributes() {
		for _, line := range lines {
			if line.Claim.Kind == record.KindAttribute && line.Claim.Attribute == a {
				add(capital(l.T("attribute."+string(a))), line)
			}
		}
	}
	for _, stance := range record.Stances() {
		for _, line := range lines {
			if line.Claim.Kind == record.KindStatement && line.Claim.Stance == stance {
				add(l.T("said."+string(stance)), line)
			}
		}
	}
	return out
}

// sourceLines lists the sources of claims once each, by date, and the credits
// their terms ask for.
func sourceLines(l *lang.Printer, lines []*casework.ClaimLine, links casework.Links, held map[record.SourceID]casework.Holding) ([]SourceLine, []string) {
	var sources []*record.Source
	seen := map[record.SourceID]bool{}
	for _, line := range lines {
		if s := line.Source; s != nil && !seen[s.ID] {
			seen[s.ID] = true
			sources = append(sources, s)
		}
	}
	slices.SortStableFunc(sources, func(a, b *record.Source) int { return a.Published.Date.Compare(b.Published.Date) })
	var out []SourceLine
	var credits []string
	for _, s := range sources {
		out = append(out, sourceLine(l, s, links, held[s.ID]))
		if s.Terms == record.TermsCredit && s.Credit != "" && !slices.Contains(credits, s.Credit) {
			credits = append(credits, s.Credit)
		}
	}
	return out, credits
}

// holdingWords say whether a copy of a source is held.
var holdingWords = map[casework.Holding]string{
	casework.NotHeld: "source.no_copy", casework.HeldInside: "source.copy_inside", casework.HeldOpen: "source.copy",
}

func sourceLine(l *lang.Printer, s *record.Source, links casework.Links, held casework.Holding) SourceLine {
	parts := []string{l.T("source.type." + string(s.Type))}
	if by := publisher(l, s, links); by != "" && by != plain(l, s.Title) {
		parts = append(parts, by)
	}
	if w := when(l, s.Published); w != "" {
		parts = append(parts, w)
	}
	return SourceLine{
		Href: l.Path() + "/sources/" + string(s.ID), Title: text(l, s.Title), Meta: dots(l, parts...), Copy: l.T(holdingWords[held]), Address: s.URL,
	}
}
