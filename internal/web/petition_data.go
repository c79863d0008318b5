package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
)

// What other software gets has the shape of the UK Parliament's petitions site,
// field by field, so that what was written for that site works here. What that
// shape cannot say stands under keys of our own: "gawah" within the attributes,
// and "as_of" beside a count.

// ukDoc is one petition.
type ukDoc struct {
	Links ukSelf `json:"links"`
	Data  ukData `json:"data"`
}

type ukSelf struct {
	Self string `json:"self"`
}

type ukData struct {
	Type       string       `json:"type"`
	ID         int          `json:"id"`
	Links      *ukSelf      `json:"links,omitempty"` // in lists only
	Attributes ukAttributes `json:"attributes"`
}

// ukTime is an instant in UTC with milliseconds, or null.
type ukTime int64

// MarshalText writes the instant.
func (t ukTime) MarshalText() ([]byte, error) {
	return []byte(time.UnixMicro(int64(t)).UTC().Format("2006-01-02T15:04:05.000Z")), nil
}

func ukAt(micros int64) *ukTime {
	if micros == 0 {
		return nil
	}
	t := ukTime(micros)
	return &t
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

type ukAttributes struct {
	Action               string          `json:"action"`
	Background           *string         `json:"background"`
	AdditionalDetails    *string         `json:"additional_details"`
	CommitteeNote        *string         `json:"committee_note"`
	State                string          `json:"state"`
	SignatureCount       int64           `json:"signature_count"`
	CreatedAt            *ukTime         `json:"created_at"`
	UpdatedAt            *ukTime         `json:"updated_at"`
	RejectedAt           *ukTime         `json:"rejected_at"`
	OpenedAt             *ukTime         `json:"opened_at"`
	ClosedAt             *ukTime         `json:"closed_at"`
	ClosingDate          *string         `json:"closing_date,omitempty"` // only while open
	ModerationReached    *ukTime         `json:"moderation_threshold_reached_at"`
	ResponseReached      *ukTime         `json:"response_threshold_reached_at"`
	GovernmentResponseAt *ukTime         `json:"government_response_at"`
	DebateReached        *ukTime         `json:"debate_threshold_reached_at"`
	DebateScheduledOn    *string         `json:"debate_scheduled_on"`
	ScheduledDebateDate  *string         `json:"scheduled_debate_date"`
	DebateOutcomeAt      *ukTime         `json:"debate_outcome_at"`
	CreatorName          *string         `json:"creator_name"`
	Rejection            *ukRejection    `json:"rejection"`
	GovernmentResponse   *ukResponse     `json:"government_response"`
	Debate               *ukDebate       `json:"debate"`
	Departments          []ukDepartment  `json:"departments"`
	Topics               []string        `json:"topics"`
	ByCountry            *[]ukCountry    `json:"signatures_by_country,omitempty"`
	ByConstituency       *[]struct{}     `json:"signatures_by_constituency,omitempty"`
	ByRegion             *[]struct{}     `json:"signatures_by_region,omitempty"`
	Business             *[]struct{}     `json:"other_parliamentary_business,omitempty"`
	Gawah                *petitionExtras `json:"gawah,omitempty"`
}

type ukRejection struct {
	Code    string `json:"code"`
	Details string `json:"details"`
}

type ukResponse struct {
	RespondedOn string  `json:"responded_on"`
	Summary     string  `json:"summary"`
	Details     string  `json:"details"`
	CreatedAt   *ukTime `json:"created_at"`
	UpdatedAt   *ukTime `json:"updated_at"`
}

type ukDebate struct {
	DebatedOn        string  `json:"debated_on"`
	TranscriptURL    *string `json:"transcript_url"`
	VideoURL         *string `json:"video_url"`
	DebatePackURL    *string `json:"debate_pack_url"`
	PublicEngagement *string `json:"public_engagement_url"`
	DebateSummaryURL *string `json:"debate_summary_url"`
	Overview         string  `json:"overview"`
}

type ukDepartment struct {
	Acronym string `json:"acronym"`
	Name    string `json:"name"`
	URL     string `json:"url"`
}

type ukCountry struct {
	Name  string `json:"name"`
	Code  string `json:"code"`
	Count int64  `json:"signature_count"`
}

// petitionExtras is what we say beyond that shape.
type petitionExtras struct {
	// AsOf is the moment all numbers are of.
	AsOf *ukTime `json:"as_of"`
	Pace string  `json:"pace,omitempty"` // live or steps
	// Withheld is what signatures_by_country leaves out: cells below ten and those
	// hidden with them, not how many those are: as many cells as people would be one
	// from each. The cells shown, this and Unstated add up to People.
	Withheld ukWithheld `json:"signatures_withheld"`
	Unstated int64      `json:"signatures_without_country"`
	// People is signature_count, paper and codes together.
	People        int64    `json:"people_count"`
	Paper         int64    `json:"paper_count"`
	Codes         int64    `json:"code_count"`
	Organisations int64    `json:"organisation_count"`
	Slug          string   `json:"slug"`
	URL           string   `json:"url"`
	Edition       int      `json:"edition,omitempty"`
	Hash          string   `json:"edition_sha256,omitempty"`
	Languages     []string `json:"languages,omitempty"`
	Foreign       string   `json:"foreign_url,omitempty"` // of another site's petition, kept here to be read
}

type ukWithheld struct {
	Count int64 `json:"signature_count"`
}

// otherState is the state as that shape knows it. Another site's petition keeps
// its own; one that waits or was taken back is not open, so it is "closed" or
// "rejected".
func otherState(k listed) string {
	switch k.state {
	case "open", "closed", "rejected":
		return k.state
	case "paused":
		return "open"
	case "foreign":
		return k.Petition.Foreign.State
	case "stopped":
		return "rejected"
	}
	return "closed"
}

func (s *Server) ukAttributesOf(r *http.Request, k listed, single bool) ukAttributes {
	p, t := k.Petition, k.tally
	a := ukAttributes{
		Action: k.title("en").Text, State: otherState(k), SignatureCount: k.count, Departments: []ukDepartment{}, Topics: []string{},
	}
	a.Topics = append(a.Topics, p.Tags...)
	opened := p.Opens
	e := k.edition()
	if e != nil {
		x, _ := textIn(e, "en")
		details := plainBlocks(x.Blocks)
		for _, d := range petition.Flatten(e.Demands) {
			details += "\n\n" + d.Number + ". " + d.Demand.Text.In("en").Text
		}
		a.Background, a.AdditionalDetails = orNull(x.Summary), orNull(strings.TrimSpace(details))
		first := k.Editions[0].Made
		// The house says on which day it did something, never at which minute.
		a.CreatedAt = ukAt(onDay(first))
		if opened == 0 {
			opened = onDay(first)
		}
		for _, d := range e.Addressees {
			a.Departments = append(a.Departments, ukDepartment{Acronym: d.Key, Name: d.Office.In("en").Text, URL: s.address(r, petitionPath(p)+"/to/"+d.Key)})
		}
		for _, i := range e.Initiators {
			if a.State == "open" && !i.Original && a.CreatorName == nil {
				a.CreatorName = orNull(i.Name.In("en").Text)
			}
		}
	}
	if opened <= s.now().UnixMicro() {
		a.OpenedAt = ukAt(opened)
	}
	closes := petition.ExtendedClose(p, s.now().UnixMicro())
	switch {
	case a.State == "open" && closes != 0:
		a.ClosingDate = orNull(time.UnixMicro(closes).UTC().Format(time.DateOnly))
	case a.State == "closed" && closes != 0 && closes <= s.now().UnixMicro():
		a.ClosedAt = ukAt(closes)
	}
	if p.Rejection != nil && a.State == "rejected" {
		a.Rejection = &ukRejection{string(p.Rejection.Code), p.Rejection.Details.In("en").Text}
		a.RejectedAt = ukAt(onDay(k.At))
	}
	updated := max(onDay(k.At), t.At)
	for _, reply := range k.Replies {
		at := onDay(reply.Received)
		updated = max(updated, at)
		if a.GovernmentResponseAt == nil || at < int64(*a.GovernmentResponseAt) {
			a.GovernmentResponseAt = ukAt(at)
		}
		words := reply.Words.In("en").Text
		a.GovernmentResponse = &ukResponse{
			RespondedOn: time.UnixMicro(reply.Received).UTC().Format(time.DateOnly), Summary: reply.From, Details: words, CreatedAt: ukAt(at), UpdatedAt: ukAt(at),
		}
	}
	if p.Foreign != nil {
		foreignFollowed(&a, p.Foreign)
	}
	a.UpdatedAt = ukAt(updated)
	if !single {
		return a
	}
	if k.state != "rejected" && k.state != "stopped" {
		countries := make([]ukCountry, 0, len(t.Countries.Cells))
		for _, c := range t.Countries.Cells {
			if c.Key != "" {
				countries = append(countries, ukCountry{countryName(lang.English(), c.Key), c.Key, c.Count})
			}
		}
		a.ByCountry, a.ByConstituency, a.ByRegion, a.Business = &countries, &[]struct{}{}, &[]struct{}{}, &[]struct{}{}
	}
	a.Gawah = &petitionExtras{
		AsOf: ukAt(t.At), Withheld: ukWithheld{t.Countries.Withheld}, Unstated: t.Countries.Of(""),
		People: t.People(), Paper: t.Paper, Codes: t.Codes, Organisations: t.Organisations,
		Slug: p.Slug, URL: s.address(r, petitionPath(p)),
	}
	if p.Foreign != nil {
		a.Gawah.Foreign = p.Foreign.URL
	} else {
		a.Gawah.Pace = string(p.Pace)
	}
	if e != nil {
		a.Gawah.Edition, a.Gawah.Hash = e.Number, e.Hash
		for _, x := range e.Texts {
			a.Gawah.Languages = append(a.Gawah.Languages, x.Lang)
		}
	}
	return a
}

// foreignFollowed adds what became of another site's petition, as that site published it.
func foreignFollowed(a *ukAttributes, f *record.ForeignPetition) {
	for _, d := range f.Asked {
		a.Departments = append(a.Departments, ukDepartment{d.Acronym, d.Name, d.URL})
	}
	if x := f.Response; x != nil {
		a.GovernmentResponse = &ukResponse{RespondedOn: x.On.Date.String(), Summary: x.Summary, Details: x.Details}
		if x.Made != 0 {
			a.GovernmentResponse.CreatedAt, a.GovernmentResponseAt = ukAt(x.Made), ukAt(x.Made)
		}
		if x.Changed != 0 {
			a.GovernmentResponse.UpdatedAt = ukAt(x.Changed)
		}
	}
	if x := f.Debate; x != nil {
		on := x.On.Date.String()
		a.ScheduledDebateDate = orNull(on)
		a.Debate = &ukDebate{
			DebatedOn: on, TranscriptURL: orNull(x.Transcript), VideoURL: orNull(x.Video), DebatePackURL: orNull(x.Pack),
			PublicEngagement: orNull(x.Engagement), DebateSummaryURL: orNull(x.Summary), Overview: x.Overview,
		}
	}
}

// onDay is the beginning of an instant's day.
func onDay(micros int64) int64 {
	return time.UnixMicro(micros).UTC().Truncate(24 * time.Hour).UnixMicro()
}

// withNumbers adds to a petition what a list or a document says of it now.
func (s *Server) withNumbers(r *http.Request, d *petitionData) (listed, error) {
	k := listed{petitionData: d, state: petitionStateOf(d.Petition, visitOf(r).loop, s.now())}
	turnsAt(r, petitionTurns(d.Petition, s.now()))
	var err error
	if k.tally, err = s.shownNumbers(r.Context(), d.Petition); err != nil {
		return k, err
	}
	k.count = peopleOf(d.Petition, k.tally)
	return k, nil
}

// showPetitionJSON answers /petitions/12.json and /petitions/SLUG.json.
func (s *Server) showPetitionJSON(w http.ResponseWriter, r *http.Request, key string) error {
	if s.petitions == nil {
		return record.ErrNotFound
	}
	d, err := s.petitionPage(r.Context(), key)
	if err != nil {
		return err
	}
	if d.hidden() {
		return record.ErrNotFound
	}
	if _, number := isNumber(key); !number && d.Petition.Slug != key {
		http.Redirect(w, r, localPath(petitionPath(d.Petition)+".json"), http.StatusMovedPermanently)
		return nil
	}
	k, err := s.withNumbers(r, d)
	if err != nil {
		return err
	}
	doc := ukDoc{
		Links: ukSelf{s.address(r, "/petitions/"+strconv.Itoa(d.Petition.Number)+".json")},
		Data:  ukData{Type: "petition", ID: d.Petition.Number, Attributes: s.ukAttributesOf(r, k, true)},
	}
	return s.sendPetitionJSON(w, r, k, doc)
}

// sendPetitionJSON answers with a document that other sites' pages may read.
func (s *Server) sendPetitionJSON(w http.ResponseWriter, r *http.Request, k listed, doc any) error {
	b, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("write petition %d as JSON: %w", k.Petition.Number, err)
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", petitionCaching(k.Petition))
	s.send(w, r, http.StatusOK, typeJSON, append(b, '\n'))
	return nil
}

// petitionCaching is for how long numbers may be kept by others: a second while
// they follow signers live, a minute where they move in steps that are an hour
// apart at least.
func petitionCaching(p *record.Petition) string {
	if p.Pace == record.PaceLive {
		return "public, max-age=1"
	}
	return "public, max-age=60"
}

// countDoc is count.json.
type countDoc struct {
	SignatureCount       int64   `json:"signature_count"`
	ResponseReached      *ukTime `json:"response_threshold_reached_at"`
	GovernmentResponseAt *ukTime `json:"government_response_at"`
	DebateReached        *ukTime `json:"debate_threshold_reached_at"`
	ScheduledDebateDate  *string `json:"scheduled_debate_date"`
	DebateOutcomeAt      *ukTime `json:"debate_outcome_at"`
	Debated              bool    `json:"debated"`
	AsOf                 *ukTime `json:"as_of"`
}

func (s *Server) showPetitionCount(w http.ResponseWriter, r *http.Request) error {
	k, err := s.countedPetition(r)
	if err != nil {
		return err
	}
	a := s.ukAttributesOf(r, k, false)
	return s.sendPetitionJSON(w, r, k, countDoc{
		SignatureCount: k.count, GovernmentResponseAt: a.GovernmentResponseAt, AsOf: ukAt(k.tally.At),
	})
}

// countedPetition is the petition of an address, by slug or number, with its
// numbers.
func (s *Server) countedPetition(r *http.Request) (listed, error) {
	if s.petitions == nil {
		return listed{}, record.ErrNotFound
	}
	d, err := s.petitionPage(r.Context(), r.PathValue("slug"))
	if err != nil {
		return listed{}, err
	}
	if d.hidden() {
		return listed{}, record.ErrNotFound
	}
	return s.withNumbers(r, d)
}

// integrityDoc is integrity.json. Received is the sum of the nine that follow it.
type integrityDoc struct {
	Petition       int              `json:"petition"`
	URL            string           `json:"url"`
	AsOf           *ukTime          `json:"as_of"`
	Pace           string           `json:"pace"`
	SignatureCount int64            `json:"signature_count"`
	Received       int64            `json:"received"`
	Confirmed      int64            `json:"confirmed"`
	Earlier        int64            `json:"earlier_text"`
	Pending        int64            `json:"pending"`
	Repeated       int64            `json:"repeated"`
	Throttled      int64            `json:"throttled"`
	Refused        int64            `json:"refused"`
	Invalidated    int64            `json:"invalidated"`
	Withdrawn      int64            `json:"withdrawn"`
	Expired        int64            `json:"expired"`
	ByReason       map[string]int64 `json:"invalidated_by_reason"`
	ByMail         int64            `json:"confirmed_by_mail"`
	ByCode         int64            `json:"confirmed_by_code"`
	Paper          int64            `json:"confirmed_on_paper"`
	Second         int64            `json:"second_name_at_one_address"`
	Organisations  int64            `json:"organisation_count"`
	AddsUp         bool             `json:"adds_up"`
	// Batches are the closed batches of paper, with what their samples say.
	Batches []petitions.BatchStatement `json:"paper_batches"`
}

func integrityOf(k listed, url string) integrityDoc {
	i := k.tally.Integrity
	d := integrityDoc{
		Petition: k.Petition.Number, URL: url, AsOf: ukAt(k.tally.At), Pace: string(k.Petition.Pace), SignatureCount: k.count, Received: i.Received,
		Confirmed: i.Confirmed, Earlier: i.Earlier, Pending: i.Unconfirmed, Repeated: i.Repeated, Throttled: i.Throttled, Refused: i.Refused,
		Invalidated: i.Invalidated, Withdrawn: i.Withdrawn, Expired: i.Expired, ByReason: map[string]int64{}, ByMail: i.Online, ByCode: i.Codes,
		Paper: i.Paper, Second: i.Second, Organisations: i.Organisations,
		// That the parts make the whole is checked here too and not only claimed.
		AddsUp:  i.Adds() && i.Online == k.tally.Count,
		Batches: append([]petitions.BatchStatement{}, k.Paper...),
	}
	for _, v := range i.Reasons {
		d.ByReason[cmp.Or(v.Code, string(record.VoidOther))] += v.Count
	}
	return d
}

func (s *Server) showIntegrityJSON(w http.ResponseWriter, r *http.Request) error {
	k, err := s.countedPetition(r)
	if err != nil {
		return err
	}
	if k.Petition.Foreign != nil {
		return record.ErrNotFound
	}
	return s.sendPetitionJSON(w, r, k, integrityOf(k, s.address(r, petitionPath(k.Petition))))
}

// ukList is /petitions.json.
type ukList struct {
	Links ukPages  `json:"links"`
	Data  []ukData `json:"data"`
}

type ukPages struct {
	Self  string  `json:"self"`
	First string  `json:"first"`
	Last  string  `json:"last"`
	Next  *string `json:"next"`
	Prev  *string `json:"prev"`
}

func (s *Server) showPetitionsJSON(w http.ResponseWriter, r *http.Request) error {
	n, err := pageAsked(r)
	if err != nil {
		return err
	}
	list, total, err := s.listing(r, n)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	at := func(page int) string {
		value := ""
		if page > 1 {
			value = strconv.Itoa(page)
		}
		query := with(q, "page", value)
		if query == "?" {
			query = ""
		}
		return s.address(r, "/petitions.json"+query)
	}
	last := lastPage(total)
	doc := ukList{Links: ukPages{Self: at(n), First: at(1), Last: at(last)}, Data: []ukData{}}
	if n < last {
		doc.Links.Next = orNull(at(n + 1))
	}
	if n > 1 {
		doc.Links.Prev = orNull(at(n - 1))
	}
	for _, k := range list {
		doc.Data = append(doc.Data, ukData{
			Type: "petition", ID: k.Petition.Number, Attributes: s.ukAttributesOf(r, k, false),
			Links: &ukSelf{s.address(r, "/petitions/"+strconv.Itoa(k.Petition.Number)+".json")},
		})
	}
	b, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("write the list of petitions as JSON: %w", err)
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	s.send(w, r, http.StatusOK, typeJSON, append(b, '\n'))
	return nil
}

// integrityPage is the integrity statement in words.
type integrityPage struct {
	Page
	PetitionHead
	Here      string
	AsOf      string
	Rows      []IntegrityRow
	Total     string
	Shown     string
	Apart     []string
	AddsUp    bool
	Household string
	Earlier   string
	Days      *DaysView
	Count     CountView
}

// IntegrityRow is one thing that became of signatures.
type IntegrityRow struct {
	Label, Note, Count string
	Minus              bool
}

func (s *Server) showIntegrity(w http.ResponseWriter, r *http.Request) error {
	d, done, err := s.petitionOf(w, r)
	if err != nil || done {
		return err
	}
	if d.Petition.Foreign != nil || d.hidden() {
		return record.ErrNotFound
	}
	k, err := s.withNumbers(r, d)
	if err != nil {
		return err
	}
	l := visitOf(r).lang
	p := &integrityPage{Page: s.page(r, l.T("petition.integrity_of", "title", d.title(l.Tag()).Text), "petitions"), PetitionHead: s.petitionHead(r, d)}
	p.Here = l.T("petition.integrity")
	p.AsOf = l.T("petition.as_of", "time", clockTime(l, k.tally.At))
	doc := integrityOf(k, "")
	row := func(key string, n int64) {
		p.Rows = append(p.Rows, IntegrityRow{Label: l.T("petition.became." + key), Note: l.T("petition.became_note." + key), Count: l.Number(n)})
	}
	row("confirmed", doc.Confirmed)
	if doc.Earlier > 0 {
		row("earlier", doc.Earlier)
	}
	row("pending", doc.Pending)
	row("repeated", doc.Repeated)
	row("throttled", doc.Throttled)
	row("refused", doc.Refused)
	row("expired", doc.Expired)
	row("withdrawn", doc.Withdrawn)
	reasons := make([]string, 0, len(doc.ByReason))
	for reason := range doc.ByReason {
		reasons = append(reasons, reason)
	}
	slices.Sort(reasons)
	for _, reason := range reasons {
		p.Rows = append(p.Rows, IntegrityRow{Label: l.T("petition.became.invalidated"), Note: l.T("petition.voided." + reason), Count: l.Number(doc.ByReason[reason])})
	}
	if len(reasons) == 0 {
		row("invalidated", 0)
	}
	p.Total, p.Shown, p.AddsUp = l.Number(doc.Received), l.Number(doc.SignatureCount), doc.AddsUp
	p.Apart = append(p.Apart, l.T("petition.by_mail", "n", doc.ByMail), l.T("petition.by_code", "n", doc.ByCode), l.T("petition.paper", "n", doc.Paper), l.T("petition.bodies", "n", doc.Organisations))
	if doc.Second > 0 {
		p.Household = l.T("petition.household", "n", doc.Second)
	}
	p.Days, p.Count = daysView(l, k.tally.Days), countView(l, d.Petition, k.tally)
	return s.render(w, r, "petition_integrity", p)
}
