package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// The data interface is read-only and the public's for everybody: a session
// changes nothing about it. What its documents hold is listed field by field in
// the types below, so a field added to a record stays inside until somebody adds
// it here too.

// apiPer is how many records a page of the data interface holds.
const apiPer = 100

// apiList is one page of records. Next is the address of the following page.
type apiList struct {
	Items any    `json:"items"`
	Next  string `json:"next,omitempty"`
	// Count is how many match, at most 1,001: more is not counted.
	Count *int `json:"count,omitempty"`
}

// apiEvent is an event with its kept figures.
type apiEvent struct {
	ID         record.EventID   `json:"id"`
	Slug       string           `json:"slug"`
	URL        string           `json:"url"`
	Title      record.Text      `json:"title"`
	Summary    record.Text      `json:"summary,omitempty"`
	Type       record.EventType `json:"type"`
	Subtype    string           `json:"subtype,omitempty"`
	Status     string           `json:"status"`
	When       string           `json:"when,omitempty"` // EDTF
	Where      record.Place     `json:"where,omitzero"`
	Struck     []record.Struck  `json:"struck,omitempty"`
	PartOf     record.EventID   `json:"part_of,omitempty"`
	ResponseTo []record.EventID `json:"response_to,omitempty"`
	Dataset    string           `json:"dataset,omitempty"`
	Figures    []apiKept        `json:"figures"`
}

// apiKept is a figure as lists give it: with its status and rule, always.
type apiKept struct {
	Measure record.Measure `json:"measure"`
	Unit    string         `json:"unit,omitempty"` // the currency of money
	Low     *int64         `json:"low"`
	Best    *int64         `json:"best"`
	High    *int64         `json:"high"`
	Open    bool           `json:"open"`
	Approx  bool           `json:"approx"`
	Origins int            `json:"origins"`
	Status  string         `json:"status"`
	Rule    string         `json:"rule"`
}

// apiClaim is a claim. Who entered and who reviewed it is not in it.
type apiClaim struct {
	ID           record.ClaimID     `json:"id"`
	Source       record.SourceID    `json:"source"`
	Publisher    string             `json:"publisher,omitempty"`
	Credit       string             `json:"credit,omitempty"`
	Subject      record.Ref         `json:"subject"`
	Kind         record.ClaimKind   `json:"kind"`
	Measure      record.Measure     `json:"measure,omitempty"`
	Form         record.Form        `json:"form,omitempty"`
	Operator     record.Operator    `json:"operator,omitempty"`
	Low          *int64             `json:"low,omitempty"`
	Best         *int64             `json:"best,omitempty"`
	High         *int64             `json:"high,omitempty"`
	Unit         string             `json:"unit,omitempty"`
	Words        string             `json:"words,omitempty"`
	Scope        record.Scope       `json:"scope,omitzero"`
	ScopePrinted string             `json:"scope_printed,omitempty"`
	Attribute    record.Attribute   `json:"attribute,omitempty"`
	Value        *apiValue          `json:"value,omitempty"`
	Topic        string             `json:"topic,omitempty"`
	Statement    record.Text        `json:"statement,omitempty"`
	Stance       record.Stance      `json:"stance,omitempty"`
	AsOf         string             `json:"as_of,omitempty"` // EDTF
	AttributedTo string             `json:"attributed_to,omitempty"`
	Unattributed bool               `json:"unattributed,omitempty"`
	DerivedFrom  []record.Ref       `json:"derived_from,omitempty"`
	Supersedes   []record.ClaimID   `json:"supersedes,omitempty"`
	Role         record.Role        `json:"role,omitempty"`
	Review       record.ReviewState `json:"review"`
	Quote        string             `json:"quote,omitempty"`
	Locator      string             `json:"locator,omitempty"`
	CopyHeld     bool               `json:"copy_held"`
	Accused      []apiAccused       `json:"accused,omitempty"`
}

// apiAccused is what stands beside the name of somebody living whom a claim
// accuses or names: how far the matter went, what they answer, and the
// event or the case in which it is.
type apiAccused struct {
	Status record.AccusedStatus `json:"status,omitempty"`
	Reply  record.Text          `json:"reply,omitempty"`
	URL    string               `json:"url,omitempty"`
}

type apiValue struct {
	Text  string       `json:"text,omitempty"`
	Ref   *record.Ref  `json:"ref,omitempty"`
	When  string       `json:"when,omitempty"`
	Place record.Place `json:"place,omitzero"`
}

// apiSource is a source.
type apiSource struct {
	ID           record.SourceID   `json:"id"`
	URL          string            `json:"url"` // of its page here
	Type         record.SourceType `json:"type"`
	Title        record.Text       `json:"title"`
	Publisher    string            `json:"publisher,omitempty"`
	Outlet       record.PartyID    `json:"outlet,omitempty"`
	Author       string            `json:"author,omitempty"`
	Language     string            `json:"language,omitempty"`
	Translator   string            `json:"translator,omitempty"`
	Published    string            `json:"published,omitempty"` // EDTF
	Address      string            `json:"address,omitempty"`   // where it was published
	Locator      string            `json:"locator,omitempty"`
	Accessed     string            `json:"accessed,omitempty"`
	ReproducedIn record.SourceID   `json:"reproduced_in,omitempty"`
	DerivedFrom  []record.SourceID `json:"derived_from,omitempty"`
	Summary      record.Text       `json:"summary,omitempty"`
	Terms        record.Terms      `json:"terms"`
	Credit       string            `json:"credit,omitempty"`
}

// apiParty is a party.
type apiParty struct {
	ID      record.PartyID   `json:"id"`
	Slug    string           `json:"slug"`
	URL     string           `json:"url"`
	Names   []record.Name    `json:"names"`
	Kind    record.PartyKind `json:"kind"`
	Open    bool             `json:"open,omitempty"`
	Country string           `json:"country,omitempty"`
	About   record.Text      `json:"about,omitempty"`
}

// apiPerson is a person. Consents, kin and notes are not in it.
type apiPerson struct {
	ID         record.PersonID `json:"id"`
	Slug       string          `json:"slug"`
	URL        string          `json:"url"`
	Names      []record.Name   `json:"names"`
	Vital      record.Vital    `json:"vital"`
	Born       string          `json:"born,omitempty"`
	Died       string          `json:"died,omitempty"`
	Age        string          `json:"age,omitempty"`
	About      record.Text     `json:"about,omitempty"`
	PublicRole record.Text     `json:"public_role,omitempty"`
}

// apiTotal is a total with what the record documents for it.
type apiTotal struct {
	ID      record.TotalID       `json:"id"`
	Slug    string               `json:"slug"`
	URL     string               `json:"url"`
	Title   record.Text          `json:"title"`
	Summary record.Text          `json:"summary,omitempty"`
	Frame   record.Frame         `json:"frame"`
	Figures []figure.TotalFigure `json:"figures,omitempty"`
	Claims  []apiClaim           `json:"claims,omitempty"`
}

// apiEventPage is an event with everything its figures rest on.
type apiEventPage struct {
	apiEvent
	Rule    figure.Rule     `json:"rule"`
	Worked  []figure.Figure `json:"worked"` // figures with every claim's use and reason
	Claims  []apiClaim      `json:"claims"`
	Parts   []apiEvent      `json:"parts,omitempty"`
	Credits []string        `json:"credits,omitempty"`
}

// apiHit is a search result.
type apiHit struct {
	Kind  record.Kind `json:"kind"`
	ID    string      `json:"id"`
	Title record.Text `json:"title,omitempty"`
	URL   string      `json:"url,omitempty"`
}

// apiFigures is an event's figures under one rule.
type apiFigures struct {
	Event   record.EventID  `json:"event"`
	Slug    string          `json:"slug"`
	Rule    figure.Rule     `json:"rule"`
	Figures []figure.Figure `json:"figures"`
	Credits []string        `json:"credits,omitempty"`
}

// sendAPI answers with a document. next is the query of the following page.
func (s *Server) sendAPI(w http.ResponseWriter, r *http.Request, doc any) error {
	b, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "Link, ETag")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", "no-cache")
	s.send(w, r, http.StatusOK, typeJSON, append(b, '\n'))
	return nil
}

func (s *Server) sendAPIList(w http.ResponseWriter, r *http.Request, list apiList, cursor string) error {
	if cursor != "" {
		list.Next = s.address(r, r.URL.Path) + with(r.URL.Query(), "cursor", cursor)
		w.Header().Set("Link", "<"+list.Next+`>; rel="next"`)
	}
	return s.sendAPI(w, r, list)
}

// apiCursor reads a cursor that counts pages.
func apiCursor(q url.Values) (int, error) {
	c := q.Get("cursor")
	if c == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(c)
	if err != nil || n < 0 || n > 100_000 {
		return 0, errBad
	}
	return n, nil
}

func nextCursor(n int, more bool) string {
	if !more {
		return ""
	}
	return itoa(n + 1)
}

// apiEventOf and the makers below it name no record that seen does not hold.
func (s *Server) apiEventOf(r *http.Request, seen casework.Links, e casework.EventLine, kept []casework.Kept) apiEvent {
	k := e.Event
	out := apiEvent{
		ID: k.ID, Slug: k.Slug, URL: s.address(r, "/events/"+k.Slug), Title: k.Title, Summary: k.Summary, Type: k.Type, Subtype: k.Subtype,
		Status: string(k.Status), When: k.When.Date.String(), Where: k.Where, Struck: apiStruck(seen, k.Struck),
		PartOf: casework.ShownOne(seen, record.KindEvent, k.PartOf), ResponseTo: casework.Shown(seen, record.KindEvent, k.ResponseTo...),
		Dataset: k.Dataset, Figures: []apiKept{},
	}
	for _, f := range kept {
		out.Figures = append(out.Figures, apiKept{f.Measure, f.Unit, f.Low, f.Best, f.High, f.Open, f.Approx, f.Origins, f.Status, f.Rule})
	}
	return out
}

// lineFigures are the figures that come with a line of a list.
func lineFigures(e casework.EventLine) []casework.Kept {
	var out []casework.Kept
	for _, k := range []*casework.Kept{e.Killed, e.Injured} {
		if k != nil {
			out = append(out, *k)
		}
	}
	return out
}

func (s *Server) apiEvents(w http.ResponseWriter, r *http.Request) error {
	q, form := eventQuery(lang.English(), r.URL.Query())
	if form.Refused() {
		return errBad
	}
	q.After, q.Limit, q.Undrawn = form.Get("cursor"), apiPer, true
	list, err := s.house.EventList(r.Context(), access.Anyone(), q)
	if err != nil {
		return err
	}
	records := make([]*record.Event, len(list.Events))
	for i, e := range list.Events {
		records[i] = e.Event
	}
	seen, err := apiSeen(s, r, records)
	if err != nil {
		return err
	}
	items := make([]apiEvent, len(list.Events))
	for i, e := range list.Events {
		items[i] = s.apiEventOf(r, seen, e, lineFigures(e))
	}
	return s.sendAPIList(w, r, apiList{Items: items, Count: &list.Count}, list.Next)
}

func (s *Server) apiEventBySlug(w http.ResponseWriter, r *http.Request) error {
	rule, err := ruleOf(r)
	if err != nil {
		return err
	}
	d, err := s.house.EventPage(r.Context(), access.Anyone(), r.PathValue("slug"), rule)
	if err != nil {
		return err
	}
	if d.Root != nil {
		http.Redirect(w, r, "/api/v1"+pathOf(*d.Root), http.StatusSeeOther)
		return nil
	}
	records := []*record.Event{d.Event.Rec}
	for _, p := range d.Parts {
		records = append(records, p.Event)
	}
	seen, err := apiSeen(s, r, records)
	if err != nil {
		return err
	}
	claims, err := s.apiClaims(r, casework.Said{Claims: d.Order, Links: d.Links, Held: d.Held})
	if err != nil {
		return err
	}
	line := casework.EventLine{Event: d.Event.Rec}
	out := apiEventPage{apiEvent: s.apiEventOf(r, seen, line, nil), Rule: rule, Claims: claims}
	out.Worked = apiWorked(slices.Concat(d.Figures, d.EventFigures.Other), d.ByID)
	for i := range d.Figures {
		f := &d.Figures[i]
		out.Figures = append(out.Figures, apiKept{f.Measure, f.Unit, f.Low, f.Best, f.High, f.Open, f.Approx, f.Origins, string(f.Status), string(f.Rule)})
	}
	for _, p := range d.Parts {
		out.Parts = append(out.Parts, s.apiEventOf(r, seen, p.EventLine, p.Figures))
	}
	_, out.Credits = sourceLines(lang.English(), d.Order, d.Links, d.Held)
	return s.sendAPI(w, r, out)
}

func (s *Server) apiFigures(w http.ResponseWriter, r *http.Request) error {
	rule, err := ruleOf(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	if q.Get("event") == "" {
		return errBad
	}
	d, err := s.house.EventPage(r.Context(), access.Anyone(), q.Get("event"), rule)
	if err != nil {
		return err
	}
	if d.Root != nil {
		http.Redirect(w, r, "/api/v1/figures"+with(q, "event", d.Root.Slug), http.StatusSeeOther)
		return nil
	}
	out := apiFigures{Event: d.Event.Rec.ID, Slug: d.Event.Rec.Slug, Rule: rule, Figures: []figure.Figure{}}
	for _, f := range apiWorked(slices.Concat(d.Figures, d.EventFigures.Other), d.ByID) {
		if m := q.Get("measure"); m == "" || m == string(f.Measure) {
			out.Figures = append(out.Figures, f)
		}
	}
	_, out.Credits = sourceLines(lang.English(), d.Order, d.Links, d.Held)
	return s.sendAPI(w, r, out)
}

// apiSeen finds which of the records that some records name the public may see.
func apiSeen[T record.Record](s *Server, r *http.Request, records []T) (casework.Links, error) {
	var refs []record.Ref
	for _, k := range records {
		refs = append(refs, casework.References(k)...)
	}
	return s.house.Names(r.Context(), access.Anyone(), refs...)
}

func apiStruck(seen casework.Links, struck []record.Struck) []record.Struck {
	var out []record.Struck
	for _, k := range struck {
		if k.Party = casework.ShownOne(seen, record.KindParty, k.Party); k.Party != "" {
			k.Claims = casework.Shown(seen, record.KindClaim, k.Claims...)
			out = append(out, k)
		}
	}
	return out
}

// apiWorked numbers the origins of figures from o1 through one answer: their
// keys hold identifiers of records that the reader may not see, and only whether
// two are equal says something.
func apiWorked(figures []figure.Figure, lines map[record.ClaimID]*casework.ClaimLine) []figure.Figure {
	numbers := map[string]string{}
	out := slices.Clone(figures)
	for i := range out {
		uses := slices.Clone(out[i].Claims)
		for j := range uses {
			u := &uses[j]
			if u.Origin != "" {
				if numbers[u.Origin] == "" {
					numbers[u.Origin] = "o" + itoa(len(numbers)+1)
				}
				u.Origin = numbers[u.Origin]
			}
			if lines[u.Of] == nil {
				u.Of = ""
			}
		}
		out[i].Claims = uses
	}
	return out
}

// apiClaims makes what an answer says of claims. A document of the data interface
// is read away from the page that would say more of an accused, so that every claim
// has it with it.
func (s *Server) apiClaims(r *http.Request, said casework.Said) ([]apiClaim, error) {
	records := make([]*record.Claim, len(said.Claims))
	for i, line := range said.Claims {
		records[i] = line.Claim
	}
	seen, err := apiSeen(s, r, records)
	if err != nil {
		return nil, err
	}
	accused := said.Accused
	if accused == nil {
		if accused, err = s.house.BesideAccused(r.Context(), access.Anyone(), said.Claims); err != nil {
			return nil, err
		}
	}
	out := make([]apiClaim, 0, len(said.Claims))
	l := lang.English()
	for _, line := range said.Claims {
		c := line.Claim
		a := apiClaim{
			ID: c.ID, Source: c.Source, Subject: c.Subject, Kind: c.Kind, Measure: c.Measure, Form: c.Form, Operator: c.Operator,
			Low: c.Low, Best: c.Best, High: c.High, Unit: c.Unit, Words: c.Words, Scope: c.Scope, ScopePrinted: c.ScopePrinted,
			Attribute: c.Attribute, Topic: c.Topic, Statement: c.Statement, Stance: c.Stance, AsOf: c.AsOf.Date.String(),
			Unattributed: c.AttributedTo.Unattributed, DerivedFrom: casework.ShownRefs(seen, c.DerivedFrom),
			Supersedes: casework.Shown(seen, record.KindClaim, c.Supersedes...), Role: c.Role, Review: c.Review.State,
			Quote: c.Passage.Quote(), Locator: c.Passage.Locator, CopyHeld: said.Held[c.Source] != casework.NotHeld,
		}
		if !c.AttributedTo.Unattributed {
			a.AttributedTo = quoting(l, c.AttributedTo, said.Links)
		}
		if line.Source != nil {
			a.Publisher = publisher(l, line.Source, said.Links)
			if line.Source.Terms == record.TermsCredit {
				a.Credit = line.Source.Credit
			}
		}
		if c.Kind == record.KindAttribute {
			a.Value = &apiValue{Text: c.Value.Text, When: c.Value.When.Date.String(), Place: c.Value.Place}
			if _, ok := seen[c.Value.Ref]; ok {
				ref := c.Value.Ref
				a.Value.Ref = &ref
			}
		}
		for _, k := range accused[c.ID] {
			of := apiAccused{Status: k.Status, Reply: k.Reply}
			if k.At.Slug != "" {
				of.URL = s.address(r, pathOf(k.At))
			}
			a.Accused = append(a.Accused, of)
		}
		out = append(out, a)
	}
	return out, nil
}

// apiClaimsPer is how many claims a page of all of them has.
const apiClaimsPer = 200

// apiClaimList gives the claims on one record or of one source, or page by page
// all there are.
func (s *Server) apiClaimList(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	anyone := access.Anyone()
	var said casework.Said
	next := ""
	switch {
	case q.Get("event") != "":
		d, err := s.house.EventPage(r.Context(), anyone, q.Get("event"), figure.Default)
		if err != nil {
			return err
		}
		if d.Root != nil {
			http.Redirect(w, r, "/api/v1/claims"+with(q, "event", d.Root.Slug), http.StatusSeeOther)
			return nil
		}
		said = casework.Said{Claims: d.Order, Links: d.Links, Held: d.Held}
	case q.Get("source") != "":
		d, err := s.house.SourcePage(r.Context(), anyone, record.SourceID(q.Get("source")))
		if err != nil {
			return err
		}
		said = d.Said
	case q.Get("party") != "":
		d, err := s.house.PartyPage(r.Context(), anyone, q.Get("party"))
		if err != nil {
			return err
		}
		said = d.Said
	case q.Get("person") != "":
		d, err := s.house.PersonPage(r.Context(), anyone, q.Get("person"))
		if err != nil {
			return err
		}
		said = d.Said
	case q.Get("total") != "":
		d, err := s.house.TotalPage(r.Context(), anyone, q.Get("total"), "")
		if err != nil {
			return err
		}
		said = d.Said
	default:
		after := record.ClaimID(q.Get("cursor"))
		if after != "" && !record.ValidID(string(after)) {
			return errBad
		}
		d, err := s.house.ClaimList(r.Context(), anyone, after, apiClaimsPer)
		if err != nil {
			return err
		}
		said, next = d.Said, string(d.Next)
	}
	items, err := s.apiClaims(r, said)
	if err != nil {
		return err
	}
	return s.sendAPIList(w, r, apiList{Items: items}, next)
}

func (s *Server) apiSourceOf(r *http.Request, seen casework.Links, k *record.Source) apiSource {
	return apiSource{
		ID: k.ID, URL: s.address(r, "/sources/"+string(k.ID)), Type: k.Type, Title: k.Title, Publisher: k.Publisher, Outlet: casework.ShownOne(seen, record.KindParty, k.Outlet), Author: k.Author,
		Language: k.Language, Translator: k.Translator, Published: k.Published.Date.String(), Address: k.URL, Locator: k.Locator,
		Accessed: k.Accessed.String(), ReproducedIn: casework.ShownOne(seen, record.KindSource, k.ReproducedIn),
		DerivedFrom: casework.Shown(seen, record.KindSource, k.DerivedFrom...), Summary: k.Summary, Terms: k.Terms, Credit: k.Credit,
	}
}

func (s *Server) apiSources(w http.ResponseWriter, r *http.Request) error {
	n, err := apiCursor(r.URL.Query())
	if err != nil {
		return err
	}
	list, err := s.house.SourceList(r.Context(), access.Anyone(), n)
	if err != nil {
		return err
	}
	seen, err := apiSeen(s, r, list.Items)
	if err != nil {
		return err
	}
	items := make([]apiSource, len(list.Items))
	for i, k := range list.Items {
		items[i] = s.apiSourceOf(r, seen, k)
	}
	return s.sendAPIList(w, r, apiList{Items: items}, nextCursor(n, list.More))
}

func (s *Server) apiSourceByID(w http.ResponseWriter, r *http.Request) error {
	d, err := s.house.SourcePage(r.Context(), access.Anyone(), record.SourceID(r.PathValue("id")))
	if err != nil {
		return err
	}
	seen, err := apiSeen(s, r, []*record.Source{d.Source})
	if err != nil {
		return err
	}
	return s.sendAPI(w, r, s.apiSourceOf(r, seen, d.Source))
}

func (s *Server) apiParties(w http.ResponseWriter, r *http.Request) error {
	n, err := apiCursor(r.URL.Query())
	if err != nil {
		return err
	}
	list, err := s.house.PartyList(r.Context(), access.Anyone(), record.PartyKind(r.URL.Query().Get("kind")), n)
	if err != nil {
		return err
	}
	items := make([]apiParty, len(list.Items))
	for i, k := range list.Items {
		items[i] = apiParty{k.ID, k.Slug, s.address(r, "/parties/"+k.Slug), k.Names, k.Kind, k.Open, k.Country, k.About}
	}
	return s.sendAPIList(w, r, apiList{Items: items}, nextCursor(n, list.More))
}

func (s *Server) apiPeople(w http.ResponseWriter, r *http.Request) error {
	n, err := apiCursor(r.URL.Query())
	if err != nil {
		return err
	}
	list, err := s.house.People(r.Context(), access.Anyone(), n)
	if err != nil {
		return err
	}
	items := make([]apiPerson, len(list.Items))
	for i, k := range list.Items {
		items[i] = apiPerson{
			ID: k.ID, Slug: k.Slug, URL: s.address(r, "/people/"+k.Slug), Names: k.Names, Vital: k.Vital, Born: k.Born.Date.String(),
			Died: k.Died.Date.String(), Age: k.Age, About: k.About, PublicRole: k.PublicRole,
		}
	}
	return s.sendAPIList(w, r, apiList{Items: items}, nextCursor(n, list.More))
}

func apiFrame(seen casework.Links, f record.Frame) record.Frame {
	f.Communities, f.Perpetrators = casework.Shown(seen, record.KindParty, f.Communities...), casework.Shown(seen, record.KindParty, f.Perpetrators...)
	f.Authority = casework.ShownOne(seen, record.KindParty, f.Authority)
	return f
}

func (s *Server) apiTotals(w http.ResponseWriter, r *http.Request) error {
	list, err := s.house.Totals(r.Context(), access.Anyone())
	if err != nil {
		return err
	}
	seen, err := apiSeen(s, r, list)
	if err != nil {
		return err
	}
	items := make([]apiTotal, len(list))
	for i, k := range list {
		items[i] = apiTotal{ID: k.ID, Slug: k.Slug, URL: s.address(r, "/totals/"+k.Slug), Title: k.Title, Summary: k.Summary, Frame: apiFrame(seen, k.Frame)}
	}
	return s.sendAPIList(w, r, apiList{Items: items}, "")
}

func (s *Server) apiTotalBySlug(w http.ResponseWriter, r *http.Request) error {
	d, err := s.house.TotalPage(r.Context(), access.Anyone(), r.PathValue("slug"), "")
	if err != nil {
		return err
	}
	k := d.Total
	seen, err := apiSeen(s, r, []*record.Total{k})
	if err != nil {
		return err
	}
	claims, err := s.apiClaims(r, d.Said)
	if err != nil {
		return err
	}
	return s.sendAPI(w, r, apiTotal{
		ID: k.ID, Slug: k.Slug, URL: s.address(r, "/totals/"+k.Slug), Title: k.Title, Summary: k.Summary, Frame: apiFrame(seen, k.Frame),
		Figures: d.Register, Claims: claims,
	})
}

func (s *Server) apiSearch(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	n, err := apiCursor(q)
	if err != nil {
		return err
	}
	var kinds []record.Kind
	if k := record.Kind(q.Get("kind")); k != "" {
		if !slices.Contains(casework.Searched(), k) {
			return errBad
		}
		kinds = []record.Kind{k}
	}
	words := q.Get("q")
	if len(words) > 400 {
		return errBad
	}
	d, err := s.house.SearchPage(r.Context(), access.Anyone(), words, kinds, n*apiPer, apiPer)
	if err != nil {
		return err
	}
	items := make([]apiHit, 0, len(d.Hits))
	for _, h := range d.Hits {
		hit := apiHit{Kind: h.Ref.Kind, ID: h.Ref.ID}
		path := ""
		switch {
		case h.Event != nil:
			hit.Title, path = h.Event.Event.Title, "/events/"+h.Event.Event.Slug
		case h.Person != nil:
			hit.Title, path = casework.Called(h.Person.Names), "/people/"+h.Person.Slug
		case h.Party != nil:
			hit.Title, path = casework.Called(h.Party.Names), "/parties/"+h.Party.Slug
		case h.Total != nil:
			hit.Title, path = h.Total.Title, "/totals/"+h.Total.Slug
		case h.Petition != nil:
			hit.Title, path = h.Petition.Title, pathOf(*h.Petition)
		case h.Followed != nil:
			hit.Title, path = h.Followed.Title, pathOf(*h.Followed)
		case h.Source != nil:
			hit.Title, path = h.Source.Title, "/sources/"+string(h.Source.ID)
		case h.Claim != nil:
			hit.Title, path = h.Subject.Title, "/sources/"+string(h.Claim.Claim.Source)+"#claim-"+h.Ref.ID
		}
		hit.URL = s.address(r, path)
		items = append(items, hit)
	}
	return s.sendAPIList(w, r, apiList{Items: items, Count: &d.Total}, nextCursor(n, min(d.Total, searchCounted) > (n+1)*apiPer))
}
