package web

import (
	"html/template"
	"net/http"
	"slices"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/draw"
	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// proceedingPage is a case, from complaint to sentence.
type proceedingPage struct {
	Page
	Crumbs       []Crumb
	Kicker       string
	Outcome      string
	Inside       string
	Who          template.HTML
	Status       string
	Reply        template.HTML
	Facts        []Fact
	Chain        template.HTML
	Steps        []ChainRow
	Odd          bool // dates stand in an order that cannot be
	Looked       []LookedView
	Jurisdiction template.HTML
	Events       []EventView
	Said         []SaidGroup
	Measured     []StripRow
	Sources      []SourceLine
	Notes        []string
	History      string
	CSV          string
}

// ChainRow is one line of the table under the chain.
type ChainRow struct {
	Name     string
	When     string
	Who      template.HTML
	What     template.HTML
	Number   string
	Verdict  string
	Known    string
	Unknown  bool
	Odd      bool
	Claims   []template.HTML
	EventRef template.HTML
}

func (s *Server) showProceeding(w http.ResponseWriter, r *http.Request) error {
	d, err := readFollowed(s, w, r, "/follow-up/proceedings/", "", (*followup.Desk).Proceeding, func(d *followup.ProceedingPage) string { return d.Proceeding.Slug })
	if err != nil || d == nil {
		return err
	}
	return s.render(w, r, "follow_proceeding", s.proceedingPage(r, d))
}

func (s *Server) proceedingPage(r *http.Request, d *followup.ProceedingPage) *proceedingPage {
	l, k := visitOf(r).lang, d.Proceeding
	p := &proceedingPage{Page: s.page(r, plain(l, k.Title), "follow-up"), Inside: insideWord(l, k.Visibility), Kicker: l.T("follow.proceeding")}
	p.Page.About = k.Ref()
	p.Feed = "/feeds/follow-up/proceedings/" + k.Slug + ".atom"
	p.FollowBy = s.followBy("proceeding:" + k.Slug)
	p.History = p.To("/history/proceeding/" + string(k.ID))
	p.CSV = "/follow-up/data/proceedings.csv"
	p.Crumbs = []Crumb{{p.To("/follow-up"), escape(l.T("nav.follow_up"))}, {p.To("/follow-up/accountability"), escape(l.T("accountability.title"))}}
	p.Outcome = l.T("follow.outcome." + d.Outcome)
	f := &followed{l: l, links: d.Links, inside: p.Page.Inside()}
	f.st = newStripper(l, d.Said, p.Page.Inside())
	p.Who = accused(l, d.Links, k)
	p.Reply = paras(l, k.Reply)
	p.Looked = lookedViews(l, k.Looked)
	p.Jurisdiction = paras(l, k.Jurisdiction)
	p.Events = eventViews(l, d.Events)
	p.Steps = f.chain(d)
	p.Odd = len(d.Order) > 0
	p.Chain = chainDrawing(l, p.Steps, plain(l, k.Title))
	p.Facts = f.proceedingFacts(d)
	p.Measured, p.Said = saidOf(l, d.Said.Claims, f.st)
	p.Sources, p.Notes = sourceLines(l, d.Said.Claims, d.Said.Links, d.Said.Held)
	return p
}

// accused names the accused as far as the reader may know: a person or party by
// its record, people without names by their number.
func accused(l *lang.Printer, links casework.Links, k *record.Proceeding) template.HTML {
	for _, ref := range []record.Ref{{Kind: record.KindPerson, ID: string(k.Person)}, {Kind: record.KindParty, ID: string(k.Party)}} {
		if link, ok := links[ref]; ok && ref.ID != "" {
			return linked(l, link)
		}
	}
	if k.Group.IsZero() {
		return ""
	}
	words := text(l, k.Group.Name)
	if n := numberSpan(l, k.Group.Low, k.Group.High); n != "" {
		words += template.HTML(` <span class="soft">· `) + escape(n) + `</span>`
	}
	return words
}

func numberSpan(l *lang.Printer, low, high *int64) string {
	if low == nil && high == nil {
		return ""
	}
	return bounds{low: low, high: high, below: low == nil}.span(l)
}

// mainChain are the steps that a case without turns goes through; those that are
// missing are shown as not known.
var mainChain = []record.StepKind{
	record.StepComplaint, record.StepNamed, record.StepArrest, record.StepCharge, record.StepTrial, record.StepVerdict, record.StepSentence,
}

// chain are the steps as they are recorded, with gaps where the chain has steps of
// which nothing is known. Steps that come after the last known one are gaps too:
// what did not happen and what is not known look alike from here.
func (f *followed) chain(d *followup.ProceedingPage) []ChainRow {
	l, k := f.l, d.Proceeding
	known := map[record.StepKind]bool{}
	for _, s := range k.Steps {
		known[s.Kind] = true
	}
	var rows []ChainRow
	reached, over := -1, false
	gaps := func(to int) {
		for _, kind := range mainChain[reached+1 : to] {
			if !known[kind] {
				rows = append(rows, ChainRow{Name: l.T("follow.step." + string(kind)), Unknown: true})
			}
		}
		reached = to
	}
	for i, s := range k.Steps {
		row := ChainRow{
			Name: l.T("follow.step." + string(s.Kind)), When: when(l, s.On), What: text(l, s.Detail), Number: numberSpan(l, s.Low, s.High),
			Known: "paper", Claims: f.claims(s.Claims), Odd: slices.Contains(d.Order, i),
		}
		if s.Reports {
			row.Known = "reported"
		}
		if follow.WayOut(s.Kind) {
			row.Known = "way_out"
		}
		if s.Verdict != "" {
			row.Verdict = l.T("follow.verdict." + string(s.Verdict))
		}
		if by, ok := f.links[record.Ref{Kind: record.KindParty, ID: string(s.By)}]; ok && s.By != "" {
			row.Who = linked(l, by)
		}
		if e, ok := f.links[record.Ref{Kind: record.KindEvent, ID: string(s.Event)}]; ok && s.Event != "" {
			row.EventRef = linked(l, e)
		}
		// After these no further step is waited for.
		over = over || s.Verdict == record.VerdictAcquitted || s.Kind == record.StepKilledBefore || s.Kind == record.StepWithdrawn
		if r := slices.Index(mainChain, s.Kind); r > reached {
			gaps(r)
		}
		rows = append(rows, row)
	}
	if !over {
		gaps(len(mainChain))
	}
	return rows
}

func chainDrawing(l *lang.Printer, rows []ChainRow, title string) template.HTML {
	d := draw.ChainData{Labels: draw.ChainLabels{
		Step: l.T("follow.step"), When: l.T("timeline.when"), What: l.T("follow.what"), NotKnown: l.T("follow.known.not_known"),
		Paper: l.T("follow.known.paper"), Reported: l.T("follow.known.reported"), WayOut: l.T("follow.known.way_out"),
	}}
	for _, r := range rows {
		s := draw.ChainStep{Label: r.Name, When: r.When}
		if r.Verdict != "" {
			s.Label = dots(l, r.Name, r.Verdict)
		}
		switch {
		case r.Unknown:
			s.Known = draw.ChainUnknown
		case r.Known == "paper":
			s.Known = draw.ChainPaper
		case r.Known == "way_out":
			s.Known = draw.ChainWayOut
		default:
			s.Known = draw.ChainReported
		}
		s.Detail = r.Number
		d.Steps = append(d.Steps, s)
	}
	return draw.Chain(d, draw.Options{ID: "chain", Title: title, RTL: l.RTL(), Number: l.Number}).SVG
}

func (f *followed) proceedingFacts(d *followup.ProceedingPage) []Fact {
	l, k := f.l, d.Proceeding
	var out []Fact
	fact := func(key string, words ...template.HTML) {
		if len(words) > 0 && words[0] != "" {
			out = append(out, Fact{l.T(key), words})
		}
	}
	fact("follow.accused", accused(l, f.links, k))
	party := func(id record.PartyID) template.HTML {
		if link, ok := f.links[record.Ref{Kind: record.KindParty, ID: string(id)}]; ok && id != "" {
			return linked(l, link)
		}
		return ""
	}
	fact("follow.said_of", party(k.Of))
	fact("follow.court", party(k.Court))
	if k.Country != "" {
		fact("party.country", escape(countryName(l, k.Country)))
	}
	if k.Number != "" {
		fact("follow.case_number", template.HTML(`<bdi>`)+escape(k.Number)+`</bdi>`)
	}
	fact("claim.claims", f.claims(k.Claims)...)
	return out
}

// ProceedingRow is a case in a list.
type ProceedingRow struct {
	Href    string
	Title   template.HTML
	Who     template.HTML
	Reply   string // what a named accused says to it
	Reached string
	Outcome string
	Exit    string
	Inside  string
	Unknown bool
}

func proceedingRows(l *lang.Printer, links casework.Links, list []followup.ProceedingLine) []ProceedingRow {
	var out []ProceedingRow
	for _, k := range list {
		row := ProceedingRow{
			Href: l.Path() + "/follow-up/proceedings/" + k.Proceeding.Slug, Title: text(l, k.Proceeding.Title), Who: accused(l, links, k.Proceeding),
			Outcome: l.T("follow.outcome." + k.Outcome), Inside: insideWord(l, k.Proceeding.Visibility), Unknown: k.Outcome == "not_checked",
			Reached: l.T("follow.known.not_known"),
		}
		if k.Proceeding.Person != "" {
			row.Reply = briefText(plain(l, k.Proceeding.Reply), 200)
		}
		if k.Reached != "" {
			row.Reached = l.T("follow.step." + string(k.Reached))
		}
		if k.Exit != "" {
			row.Exit = l.T("follow.step." + string(k.Exit))
		}
		out = append(out, row)
	}
	return out
}
