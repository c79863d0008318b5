package web

import (
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
)

// petitionPage is a petition as it is read: the letter first, then who stands
// behind it, what was answered, and what all of it rests on.
type petitionPage struct {
	Page
	PetitionHead
	Lede       string
	Text       template.HTML
	TextLang   string
	TextDir    string
	Tags       []string
	Addressees []AddresseeView
	Demands    []DemandView
	Bases      []BasisView
	Initiators []InitiatorView
	Bodies     []BodyView
	Originals  []BodyView
	Original   template.HTML // the text that this one re-creates
	Count      CountView
	Answers    []AnswerView
	Updates    []UpdateView
	Findings   []FindingView
	Reason     template.HTML
	Notes      []NoteView
	Versions   []VersionView
	Facts      []Fact
	Languages  []LanguageView
	Refused    *RefusedView
	Foreign    *ForeignView
	Cited      string
	Named      bool // there is a public list of signers
	Followed   *petitionFollowed
}

// PetitionHead is what every page of a petition begins with.
type PetitionHead struct {
	Number    int
	Name      record.LangText // the title, in the language it has
	Base      string          // address of the petition without the language
	State     string          // in words
	StateKey  string
	Open      bool // a person can sign now
	ForBodies bool // an organisation can sign now
	Why       string
	Practice  bool
	Private   bool // a private copy, reached from the same machine
	// Missing says that the text is not there in the page's language, Unreviewed
	// that no speaker has checked it, Lags that it translates an earlier version.
	Missing, Unreviewed, Lags bool
}

// AddresseeView is whom the petition asks.
type AddresseeView struct {
	Key, Href    string
	Office       template.HTML
	Holder       template.HTML
	On           string
	HowReply     template.HTML
	Unbound      bool
	DeliveredOn  string
	AnsweredOn   string
	PartyHref    string
	DemandsCount int
}

// DemandView is one demand with its parts.
type DemandView struct {
	Key      string
	Number   string
	Text     template.HTML
	To       []AddresseeRef
	Deadline string
	Personal bool
	Answers  []AnswerRef
	Parts    []DemandView
}

// AddresseeRef and AnswerRef are links beside a demand.
type AddresseeRef struct {
	Name template.HTML
	Href string
}

// AnswerRef points at a reply.
type AnswerRef struct{ Label, Href string }

// BasisView is a legal basis.
type BasisView struct {
	Key        string
	Instrument template.HTML
	Article    string
	Duty       template.HTML
	InForce    string
	Reserved   template.HTML
	Sources    []template.HTML
	Demands    []AnswerRef
}

// InitiatorView is who stands behind a petition from the start.
type InitiatorView struct {
	Name     template.HTML
	Capacity template.HTML
}

// BodyView is an organisation that has signed.
type BodyView struct {
	Name     template.HTML
	Others   []record.LangText
	Country  string
	Capacity template.HTML
	Site     string
	Short    string
	Role     string
	Proof    string
	Words    template.HTML
	On       string
	Source   template.HTML
}

// CountView is the numbers of a petition.
type CountView struct {
	People    string
	PeopleN   int64
	AsOf      string
	Steps     bool
	Goals     []GoalView
	Countries []CellView
	Withheld  string
	Whole     string   // what the cells are parts of, where that is not People
	Apart     []string // what is counted apart, in sentences
}

// GoalView is a threshold on the way.
type GoalView struct {
	Words    string
	Value    int64
	Max      int64
	Reached  bool
	Progress string
}

// CellView is one country's line.
type CellView struct{ Name, Count string }

// AnswerView is a delivery or a reply.
type AnswerView struct {
	ID        string
	Addressee template.HTML
	Href      string
	Delivered []DeliveryView
	Replies   []ReplyView
	Waiting   string
}

// DeliveryView is one handing over.
type DeliveryView struct {
	On, Channel, Reference, Receipt, Due, Count, Version string
	To, Words                                            template.HTML
	Manifest                                             string
}

// ReplyView is one answer, unedited.
type ReplyView struct {
	ID, On, Dated, Channel, From, Verified string
	Words                                  template.HTML
	Demands                                []AnswerRef
	Source                                 template.HTML
	Files                                  int
}

// FindingView is one kind of thing that the check before publication found.
type FindingView struct {
	Kind  template.HTML
	Count string
	Found []FoundView
}

// FoundView is one of them: the words, and in which language's text.
type FoundView struct{ Words, Where string }

// VersionView is a line of the list of versions.
type VersionView struct {
	Number, Href, On, Hash string
	Substance, Current     bool
	Changes                template.HTML
}

// LanguageView is one of the languages of the text.
type LanguageView struct {
	Name, Href, Tag, Dir             string
	Original, Unreviewed, Lags, Here bool
}

// RefusedView says why a petition was not published or was taken back.
type RefusedView struct {
	Stopped         bool
	Code            string
	Details, Appeal template.HTML
}

// ForeignView says where an imported petition comes from.
type ForeignView struct {
	Site, URL, State, Count, Unaccounted string
	// Asked are whom that site says it was put to; Response and Debate are nil where it
	// tells of none.
	Asked    string
	Response *ForeignAnswer
	Debate   *ForeignAnswer
}

// ForeignAnswer is what was answered to another site's petition, or how it was debated, in
// the words of that site.
type ForeignAnswer struct {
	On      string
	Summary template.HTML
	Details template.HTML
	Links   []NavLink
}

func foreignView(l *lang.Printer, f *record.ForeignPetition) *ForeignView {
	out := &ForeignView{Site: f.Site, URL: f.URL, State: l.T("petition.state." + f.State), Count: l.T("petition.people", "n", f.Count)}
	if f.Unaccounted != 0 {
		out.Unaccounted = l.T("petition.unaccounted", "n", f.Unaccounted)
	}
	var asked []string
	for _, o := range f.Asked {
		asked = append(asked, o.Name)
	}
	out.Asked = strings.Join(asked, l.T("list.comma")+" ")
	words := func(s string) template.HTML { return paras(l, record.Plain("en", s)) }
	if x := f.Response; x != nil {
		out.Response = &ForeignAnswer{On: when(l, x.On), Summary: words(x.Summary), Details: words(x.Details)}
	}
	if x := f.Debate; x != nil {
		a := &ForeignAnswer{On: when(l, x.On), Details: words(x.Overview)}
		for _, link := range []NavLink{
			{Href: x.Transcript, Label: "petition.debate_transcript"},
			{Href: x.Video, Label: "petition.debate_video"},
			{Href: x.Pack, Label: "petition.debate_pack"},
			{Href: x.Summary, Label: "petition.debate_summary"},
			{Href: x.Engagement, Label: "petition.debate_engagement"},
		} {
			if link.Href != "" {
				link.Label = l.T(link.Label)
				a.Links = append(a.Links, link)
			}
		}
		out.Debate = a
	}
	return out
}

// head fills what every page of a petition begins with.
func (s *Server) petitionHead(r *http.Request, d *petitionData) PetitionHead {
	v := visitOf(r)
	l, p := v.lang, d.Petition
	h := PetitionHead{Number: p.Number, Name: d.title(l.Tag()), Base: petitionPath(p), Practice: p.Practice, Private: p.Practice && v.loop}
	h.StateKey = petitionStateOf(p, v.loop, s.now())
	h.State = l.T("petition.state." + h.StateKey)
	h.Open = h.StateKey == "open" && p.Signers != record.SignOrganisations
	h.ForBodies = h.StateKey == "open" && p.Signers != record.SignPeople
	turnsAt(r, petitionTurns(p, s.now()))
	if _, why := petition.CollectsAt(p, s.now().UnixMicro(), v.loop); why != petition.WhyOpen && p.Foreign == nil {
		h.Why = l.T("petition.why." + string(why))
	}
	if e := d.edition(); e != nil {
		t, there := textIn(e, l.Tag())
		h.Missing, h.Unreviewed, h.Lags = !there, there && t.Unreviewed, there && t.Lags
	}
	return h
}

// showPetition answers /petitions/SLUG and /petitions/SLUG.json.
func (s *Server) showPetition(w http.ResponseWriter, r *http.Request) error {
	if key, ok := petitionJSON(r.PathValue("slug")); ok {
		return s.showPetitionJSON(w, r, key)
	}
	d, done, err := s.petitionOf(w, r)
	if err != nil || done {
		return err
	}
	tally, err := s.shownNumbers(r.Context(), d.Petition)
	if err != nil {
		return err
	}
	v := visitOf(r)
	l, k := v.lang, d.Petition
	p := &petitionPage{Page: s.page(r, d.title(l.Tag()).Text, "petitions"), PetitionHead: s.petitionHead(r, d)}
	p.Page.About = k.Ref()
	p.Feed = "/feeds/petitions.atom"
	if d.hidden() {
		p.Title, p.Name = l.T("petition.refused_title", "number", int64(k.Number)), record.LangText{}
		p.Robots = "noindex"
	}
	if k.Rejection != nil && (k.Publication == record.PetitionRejected || k.Publication == record.PetitionStopped) {
		p.Refused = &RefusedView{
			Stopped: k.Publication == record.PetitionStopped, Code: l.T("petition.refused." + string(k.Rejection.Code)),
			Details: paras(l, k.Rejection.Details), Appeal: paras(l, k.Rejection.Appeal),
		}
	}
	p.Tags = k.Tags
	e := d.edition()
	if k.Foreign != nil {
		p.Foreign = foreignView(l, k.Foreign)
	}
	if e == nil || d.hidden() {
		return s.render(w, r, "petition", p)
	}
	t, _ := textIn(e, l.Tag())
	p.Lede, p.TextLang, p.TextDir = t.Summary, t.Lang, direction(t.Lang)
	setter := newPetitionText(l, e, d.Links, true)
	setter.blocks(t.Blocks)
	p.Text = setter.html()
	p.Notes = setter.notes(t.Notes)
	if len(e.Tags) > 0 {
		p.Tags = e.Tags
	}
	p.Addressees = addresseeViews(l, d, e)
	p.Demands = demandViews(l, d, e, e.Demands, "", "")
	p.Bases = basisViews(l, d, e)
	for _, i := range e.Initiators {
		if !i.Original {
			p.Initiators = append(p.Initiators, InitiatorView{Name: text(l, i.Name), Capacity: text(l, i.Capacity)})
		}
	}
	for _, b := range d.Bodies {
		if b.State == record.EndorsementConfirmed && b.Role != record.RoleOriginal {
			p.Bodies = append(p.Bodies, bodyView(l, d, b))
		}
	}
	p.Originals = originalViews(l, d, e)
	if link, ok := d.Links[record.Ref{Kind: record.KindSource, ID: string(k.Original)}]; ok && k.Original != "" {
		p.Original = linked(l, link)
	}
	p.Count = countView(l, k, tally)
	p.Answers = answerViews(l, d, e, "")
	p.Updates = updateViews(l, d.Updates)
	p.Findings, p.Reason = findingViews(l, e), paras(l, e.Reason)
	if k.Foreign == nil {
		p.Versions = versionViews(l, d)
	}
	p.Languages = languageViews(l, d, e)
	p.Facts = petitionFacts(l, d, e, s.now())
	kept, err := s.keptFact(r, k)
	if err != nil {
		return err
	}
	p.Facts = append(p.Facts, kept...)
	p.Named = s.listsNames(r, k)
	if p.Followed, err = s.followOfPetition(r, k); err != nil {
		return err
	}
	p.Cited = l.T("petition.cited", "n", len(e.Cited))
	return s.render(w, r, "petition", p)
}

func petitionFacts(l *lang.Printer, d *petitionData, e *record.Edition, now time.Time) []Fact {
	k := d.Petition
	var facts []Fact
	fact := func(key string, words ...template.HTML) {
		if len(words) > 0 && words[0] != "" {
			facts = append(facts, Fact{l.T(key), words})
		}
	}
	var to []template.HTML
	for _, a := range e.Addressees {
		words := link(l.Path()+petitionPath(k)+"/to/"+a.Key, text(l, a.Office))
		if !a.Holder.IsZero() {
			words += `<br><span class="soft">` + text(l, a.Holder)
			if on := when(l, a.HeldOn); on != "" {
				words += escape(l.T("list.comma") + " " + l.T("petition.held_on", "date", on))
			}
			words += `</span>`
		}
		to = append(to, words)
	}
	fact("petition.to", to...)
	var from []template.HTML
	for _, i := range e.Initiators {
		if !i.Original {
			from = append(from, text(l, i.Name))
		}
	}
	fact("petition.from", from...)
	var about []template.HTML
	for _, ref := range k.Subject {
		if link, ok := d.Links[ref]; ok {
			about = append(about, linked(l, link))
		}
	}
	fact("petition.about", about...)
	if k.Foreign == nil {
		opened := k.Opens
		if opened == 0 && len(d.Editions) > 0 {
			opened = d.Editions[0].Made
		}
		key := "petition.opened"
		if opened > now.UnixMicro() {
			key = "petition.opens"
		}
		fact(key, escape(day(l, opened)))
		if closes := petition.ExtendedClose(k, now.UnixMicro()); closes != 0 {
			fact("petition.closes", escape(day(l, closes)))
		}
	}
	if k.Foreign == nil {
		fact("petition.version", template.HTML(`<a href="`+l.Path()+petitionPath(k)+`/versions/`+itoa(e.Number)+`">`)+escape(l.T("petition.version_of", "number", int64(e.Number), "date", day(l, e.Made)))+`</a><br><span class="hash" dir="ltr">`+escape(short(e.Hash))+`</span>`)
	}
	return facts
}

// short is the beginning of a hash, enough to compare by eye.
func short(hash string) string { return hash[:min(16, len(hash))] }

func addresseeViews(l *lang.Printer, d *petitionData, e *record.Edition) []AddresseeView {
	var out []AddresseeView
	for _, a := range e.Addressees {
		v := AddresseeView{
			Key: a.Key, Href: l.Path() + petitionPath(d.Petition) + "/to/" + a.Key, Office: text(l, a.Office), Holder: text(l, a.Holder),
			On: when(l, a.HeldOn), HowReply: paras(l, a.HowReply),
		}
		if k, ok := d.Links[record.Ref{Kind: record.KindParty, ID: string(a.Party)}]; ok && a.Party != "" {
			v.PartyHref = l.Path() + pathOf(k)
		}
		out = append(out, v)
	}
	return out
}

// demandViews numbers demands 1, 1.1, 1.1.1. only, when not empty, keeps those
// asked of one addressee; a part that names nobody is asked of whom its whole is
// asked.
func demandViews(l *lang.Printer, d *petitionData, e *record.Edition, demands []record.PetitionDemand, number, only string) []DemandView {
	return demandsOf(l, d, e, demands, number, only, nil)
}

func demandsOf(l *lang.Printer, d *petitionData, e *record.Edition, demands []record.PetitionDemand, number, only string, whole []string) []DemandView {
	var out []DemandView
	for i, k := range demands {
		n := l.Number(int64(i + 1))
		if number != "" {
			n = number + "." + n
		}
		asked := k.Addressee
		if len(asked) == 0 {
			asked = whole
		}
		v := DemandView{Key: k.Key, Number: n, Text: text(l, k.Text), Deadline: when(l, k.Deadline), Personal: k.Personal}
		v.Parts = demandsOf(l, d, e, k.Parts, n, only, asked)
		if only != "" && len(asked) > 0 && !slices.Contains(asked, only) && len(v.Parts) == 0 {
			continue
		}
		for _, key := range k.Addressee {
			if a, ok := addressee(e, key); ok {
				v.To = append(v.To, AddresseeRef{Name: text(l, a.Office), Href: l.Path() + petitionPath(d.Petition) + "/to/" + a.Key})
			}
		}
		for _, reply := range d.Replies {
			if slices.Contains(reply.Demands, k.Key) {
				v.Answers = append(v.Answers, AnswerRef{
					Label: l.T("petition.answered_on", "date", day(l, reply.Received)),
					Href:  l.Path() + petitionPath(d.Petition) + "/to/" + reply.Addressee + "#reply-" + string(reply.ID),
				})
			}
		}
		out = append(out, v)
	}
	return out
}

// demandNumbers maps a demand's key to its number.
func demandNumbers(l *lang.Printer, demands []record.PetitionDemand, number string, into map[string]string) map[string]string {
	if into == nil {
		into = map[string]string{}
	}
	for i, k := range demands {
		n := l.Number(int64(i + 1))
		if number != "" {
			n = number + "." + n
		}
		into[k.Key] = n
		demandNumbers(l, k.Parts, n, into)
	}
	return into
}

func basisViews(l *lang.Printer, d *petitionData, e *record.Edition) []BasisView {
	numbers := demandNumbers(l, e.Demands, "", nil)
	var out []BasisView
	for _, b := range e.Bases {
		v := BasisView{Key: b.Key, Instrument: text(l, b.Instrument), Article: b.Article, Duty: text(l, b.Duty), Reserved: text(l, b.Reserved)}
		if b.State != "" || !b.InForce.IsZero() {
			on := when(l, b.InForce)
			switch {
			case b.State == "":
				v.InForce = l.T("petition.in_force", "date", on)
			case on == "":
				v.InForce = countryName(l, b.State)
			default:
				v.InForce = l.T("petition.in_force_for", "country", countryName(l, b.State), "date", on)
			}
		}
		for _, id := range b.Sources {
			if k, ok := d.Links[record.Ref{Kind: record.KindSource, ID: string(id)}]; ok {
				v.Sources = append(v.Sources, linked(l, k))
			}
		}
		for _, key := range b.Demands {
			if n := numbers[key]; n != "" {
				v.Demands = append(v.Demands, AnswerRef{Label: n, Href: "#demand-" + key})
			}
		}
		out = append(out, v)
	}
	return out
}

func bodyView(l *lang.Printer, d *petitionData, b *record.Endorsement) BodyView {
	v := BodyView{Country: countryName(l, b.Country), Capacity: text(l, b.Capacity), Role: l.T("petition.body_role." + string(b.Role)), On: day(l, b.Made)}
	if b.Country == "" {
		v.Country = ""
	}
	first := true
	for _, n := range b.Names {
		if first {
			v.Name, first = marked(l, record.LangText{Lang: n.Lang, Text: n.Text}), false
			continue
		}
		v.Others = append(v.Others, record.LangText{Lang: n.Lang, Text: n.Text})
	}
	if strings.HasPrefix(b.Site, "https://") {
		v.Site, v.Short = b.Site, strings.TrimSuffix(shortURL(b.Site), "/")
	}
	if b.Proof != nil {
		v.Proof, v.Words = l.T("petition.proof."+string(b.Proof.Kind), "domain", b.Proof.Domain), text(l, b.Proof.Words)
	}
	if k, ok := d.Links[record.Ref{Kind: record.KindSource, ID: string(b.Source)}]; ok && b.Source != "" {
		v.Source = linked(l, k)
	}
	return v
}

// originalViews are the signatories of the text that the petition re-creates,
// each once, in the order of the text: the frozen text names them, and what the
// house has entered of the same organisation says more. Their source is left
// out where it is the petition's own, which stands above the list.
func originalViews(l *lang.Printer, d *petitionData, e *record.Edition) []BodyView {
	var out []BodyView
	listed := make(map[*record.Endorsement]bool)
	entered := func(b *record.Endorsement) BodyView {
		listed[b] = true
		v := bodyView(l, d, b)
		if b.Source == d.Petition.Original {
			v.Source = ""
		}
		return v
	}
	for _, i := range e.Initiators {
		if !i.Original {
			continue
		}
		v := BodyView{Name: text(l, i.Name), Capacity: text(l, i.Capacity)}
		for _, b := range d.Bodies {
			if b.Role == record.RoleOriginal && !listed[b] && sameBody(i, b) {
				v = entered(b)
				break
			}
		}
		out = append(out, v)
	}
	for _, b := range d.Bodies {
		if b.Role == record.RoleOriginal && !listed[b] {
			out = append(out, entered(b))
		}
	}
	return out
}

// sameBody reports whether a signatory in the text is the organisation that was
// entered: by the record of it where both have one, and else by a name.
func sameBody(i record.Initiator, b *record.Endorsement) bool {
	if i.Party != "" && b.Party != "" {
		return i.Party == b.Party
	}
	return slices.ContainsFunc(b.Names, func(n record.Name) bool {
		return slices.ContainsFunc(i.Name, func(t record.LangText) bool { return t.Text == n.Text })
	})
}

func countView(l *lang.Printer, p *record.Petition, t *signature.Snapshot) CountView {
	v := CountView{PeopleN: t.Count, People: l.Number(t.Count), Steps: p.Pace == record.PaceSteps}
	if t.At != 0 {
		v.AsOf = l.T("petition.as_of", "time", clockTime(l, t.At))
	}
	if t.Paper > 0 {
		v.Apart = append(v.Apart, l.T("petition.paper", "n", t.Paper))
	}
	if t.Codes > 0 {
		v.Apart = append(v.Apart, l.T("petition.by_code", "n", t.Codes))
	}
	if t.Organisations > 0 {
		v.Apart = append(v.Apart, l.T("petition.bodies", "n", t.Organisations))
	}
	reached, _ := petition.Reached(p.Goals, t.Count)
	for i, g := range p.Goals {
		goal := int64(g)
		v.Goals = append(v.Goals, GoalView{
			Words: l.T("petition.goal", "goal", goal), Value: min(t.Count, goal), Max: goal, Reached: i < len(reached),
			Progress: l.T("petition.goal_of", "count", t.Count, "goal", goal),
		})
	}
	for _, c := range t.Countries.Cells {
		name := l.T("petition.no_country")
		if c.Key != "" {
			name = countryName(l, c.Key)
		}
		v.Countries = append(v.Countries, CellView{name, l.Number(c.Count)})
	}
	if t.Countries.Hidden > 0 {
		v.Withheld = l.Number(t.Countries.Withheld)
	}
	if len(t.Countries.Cells) > 0 && (t.Paper > 0 || t.Codes > 0) {
		v.Whole = l.T("petition.cells_of", "n", t.People())
	}
	return v
}

// answerViews puts each addressee's deliveries and replies together; only one
// addressee's when a key is given.
func answerViews(l *lang.Printer, d *petitionData, e *record.Edition, only string) []AnswerView {
	numbers := demandNumbers(l, e.Demands, "", nil)
	var out []AnswerView
	for _, a := range e.Addressees {
		if only != "" && a.Key != only {
			continue
		}
		v := AnswerView{ID: "answer-" + a.Key, Addressee: text(l, a.Office), Href: l.Path() + petitionPath(d.Petition) + "/to/" + a.Key}
		for _, k := range d.Deliveries {
			if k.Addressee != a.Key {
				continue
			}
			v.Delivered = append(v.Delivered, DeliveryView{
				On: when(l, k.On), Channel: l.T("petition.channel." + string(k.Channel)), Reference: k.Reference, Receipt: k.Receipt,
				Due: when(l, k.Due), Count: l.T("petition.delivered_with", "people", k.Count, "bodies", k.Bodies), Version: l.T("petition.version_no", "number", int64(k.Edition)),
				To: text(l, k.To), Words: paras(l, k.Words), Manifest: k.Manifest,
			})
		}
		for _, k := range d.Replies {
			if k.Addressee != a.Key {
				continue
			}
			reply := ReplyView{
				ID: "reply-" + string(k.ID), On: day(l, k.Received), Dated: when(l, k.Dated), Channel: l.T("petition.channel." + string(k.Channel)),
				From: k.From, Verified: k.Verified, Words: paras(l, k.Words), Files: len(k.Files),
			}
			for _, key := range k.Demands {
				if n := numbers[key]; n != "" {
					reply.Demands = append(reply.Demands, AnswerRef{Label: n, Href: "#demand-" + key})
				}
			}
			if link, ok := d.Links[record.Ref{Kind: record.KindSource, ID: string(k.Source)}]; ok && k.Source != "" {
				reply.Source = linked(l, link)
			}
			v.Replies = append(v.Replies, reply)
		}
		switch {
		case len(v.Delivered) == 0:
			v.Waiting = l.T("petition.not_delivered")
		case len(v.Replies) == 0:
			v.Waiting = l.T("petition.no_answer")
		}
		out = append(out, v)
	}
	return out
}

// findingViews groups what was found by its kind, in the order in which it was
// found first.
func findingViews(l *lang.Printer, e *record.Edition) []FindingView {
	var out []FindingView
	at := map[record.FindingKind]int{}
	for _, f := range e.Findings {
		i, ok := at[f.Kind]
		if !ok {
			i = len(out)
			at[f.Kind] = i
			out = append(out, FindingView{Kind: l.H("petition.finding." + string(f.Kind))})
		}
		v := FoundView{Words: f.Words}
		if f.Lang != "" && len(e.Texts) > 1 {
			v.Where = languageName(l, f.Lang)
		}
		out[i].Found = append(out[i].Found, v)
		out[i].Count = l.Number(int64(len(out[i].Found)))
	}
	return out
}

func versionViews(l *lang.Printer, d *petitionData) []VersionView {
	var out []VersionView
	for _, e := range slices.Backward(d.Editions) {
		out = append(out, VersionView{
			Number: l.T("petition.version_no", "number", int64(e.Number)), Href: l.Path() + petitionPath(d.Petition) + "/versions/" + itoa(e.Number),
			On: day(l, e.Made), Hash: e.Hash, Substance: e.Substance, Current: e.Number == d.Petition.Edition, Changes: text(l, e.Changes),
		})
	}
	return out
}

func languageViews(l *lang.Printer, d *petitionData, e *record.Edition) []LanguageView {
	var out []LanguageView
	for i, t := range e.Texts {
		v := LanguageView{Name: languageName(l, t.Lang), Tag: t.Lang, Dir: direction(t.Lang), Original: i == 0, Unreviewed: t.Unreviewed, Lags: t.Lags}
		for _, p := range lang.All() {
			if primary(p.Tag()) == primary(t.Lang) {
				v.Href, v.Name, v.Here = p.Path()+petitionPath(d.Petition), p.Name(), p.Tag() == l.Tag()
			}
		}
		out = append(out, v)
	}
	return out
}
