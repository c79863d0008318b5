package web

import (
	"encoding/json"
	"net/http"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/record"
)

// apiStanding is where something stands today, each assessor's word beside the
// others'.
type apiStanding struct {
	Response   map[record.Assessor]record.ResponseValue `json:"response"`
	Progress   map[record.Assessor]record.ProgressValue `json:"progress"`
	Timeliness string                                   `json:"timeliness"`
	DaysLate   int                                      `json:"days_late"`
	Checked    string                                   `json:"checked,omitempty"` // YYYY-MM-DD
}

// apiDue is a due date with where it comes from.
type apiDue struct {
	Day     string `json:"day,omitempty"`
	Zone    string `json:"zone,omitempty"`
	Origin  string `json:"origin,omitempty"`
	Printed string `json:"printed,omitempty"`
}

// apiSilence is the silence clock.
type apiSilence struct {
	Started  bool   `json:"started"`
	Start    string `json:"start,omitempty"`
	From     string `json:"from,omitempty"`
	Days     int    `json:"days"`
	Answered string `json:"answered,omitempty"`
	Looked   string `json:"looked,omitempty"`
	Paused   bool   `json:"paused,omitempty"`
}

type apiSteps struct {
	Met         int `json:"met"`
	All         int `json:"all"`
	NotAssessed int `json:"not_assessed"`
}

// apiStep is one step.
type apiStep struct {
	Key       string          `json:"key"`
	Kind      record.StepKind `json:"kind"`
	Text      record.Text     `json:"text,omitempty"`
	Essential bool            `json:"essential,omitempty"`
	Want      int64           `json:"want,omitempty"`
	Due       *apiDue         `json:"due,omitempty"`
	Standing  apiStanding     `json:"standing"`
}

// apiAddressee is whom a demand asks.
type apiAddressee struct {
	Key      string          `json:"key"`
	Party    record.PartyID  `json:"party,omitempty"`
	Office   record.Text     `json:"office,omitempty"`
	Person   record.PersonID `json:"person,omitempty"`
	Holder   record.Text     `json:"holder,omitempty"`
	Personal bool            `json:"personal,omitempty"`
	Now      record.PartyID  `json:"now,omitempty"`
	Standing *apiStanding    `json:"standing,omitempty"`
	Silence  *apiSilence     `json:"silence,omitempty"`
}

// apiDemand is a demand.
type apiDemand struct {
	ID         record.DemandID `json:"id"`
	Slug       string          `json:"slug"`
	URL        string          `json:"url"`
	Text       record.Text     `json:"text"`
	Of         *record.Ref     `json:"of,omitempty"`
	Attack     record.EventID  `json:"attack,omitempty"`
	Made       string          `json:"made,omitempty"` // EDTF
	Due        *apiDue         `json:"due,omitempty"`
	Addressees []apiAddressee  `json:"addressees"`
	Steps      apiSteps        `json:"steps"`
	Standing   apiStanding     `json:"standing"`
	Silence    apiSilence      `json:"silence"`
	// Practice says that it is followed on a petition that is tried out, and is in no sum.
	Practice bool `json:"practice,omitempty"`
}

// apiDemandPage is a demand with its steps and everything judged about it.
type apiDemandPage struct {
	apiDemand
	StepList    []apiStep       `json:"step_list"`
	Positions   []apiPosition   `json:"positions,omitempty"`
	Assessments []apiAssessment `json:"assessments"`
	Claims      []apiClaim      `json:"claims"`
}

// apiPosition is where somebody else stands on a demand.
type apiPosition struct {
	Party  record.PartyID        `json:"party,omitempty"`
	Name   record.Text           `json:"name,omitempty"`
	Stance record.PositionStance `json:"stance"`
	On     string                `json:"on,omitempty"` // EDTF
	Claims []record.ClaimID      `json:"claims,omitempty"`
}

// apiAmount is a sum as some claims have it.
type apiAmount struct {
	Value    int64            `json:"value"`
	Currency string           `json:"currency"`
	Per      record.AmountPer `json:"per"`
	Part     record.Text      `json:"part,omitempty"`
	Printed  string           `json:"printed,omitempty"`
	Claims   []record.ClaimID `json:"claims,omitempty"`
}

// apiPromiser is who promised.
type apiPromiser struct {
	Party  record.PartyID  `json:"party,omitempty"`
	Person record.PersonID `json:"person,omitempty"`
	Office record.Text     `json:"office,omitempty"`
	Holder record.Text     `json:"holder,omitempty"`
}

// apiCommitment is a commitment.
type apiCommitment struct {
	ID           record.CommitmentID `json:"id"`
	Slug         string              `json:"slug"`
	URL          string              `json:"url"`
	Text         record.Text         `json:"text"`
	By           []apiPromiser       `json:"by,omitempty"`
	Unidentified bool                `json:"unidentified,omitempty"`
	ToText       record.Text         `json:"to_text,omitempty"`
	Attack       record.EventID      `json:"attack,omitempty"`
	In           record.EventID      `json:"in,omitempty"`
	Made         string              `json:"made,omitempty"` // EDTF
	Written      bool                `json:"written,omitempty"`
	Conditions   record.Text         `json:"conditions,omitempty"`
	Amounts      []apiAmount         `json:"amounts,omitempty"`
	Offer        string              `json:"offer,omitempty"` // how it was answered
	Due          *apiDue             `json:"due,omitempty"`
	Steps        apiSteps            `json:"steps"`
	Standing     apiStanding         `json:"standing"`
}

// apiCommitmentPage is a commitment with its steps and what was judged.
type apiCommitmentPage struct {
	apiCommitment
	StepList    []apiStep       `json:"step_list"`
	Assessments []apiAssessment `json:"assessments"`
	Claims      []apiClaim      `json:"claims"`
}

// apiAssessment is one dated judgement. Who entered and who reviewed it is not in it.
type apiAssessment struct {
	ID          record.AssessmentID  `json:"id"`
	Of          record.Ref           `json:"of"`
	Step        string               `json:"step,omitempty"`
	Addressee   string               `json:"addressee,omitempty"`
	Axis        record.Axis          `json:"axis"`
	By          record.Assessor      `json:"by"`
	Response    record.ResponseValue `json:"response,omitempty"`
	Progress    record.ProgressValue `json:"progress,omitempty"`
	Count       *int64               `json:"count,omitempty"`
	On          string               `json:"on"`
	Happened    string               `json:"happened,omitempty"` // EDTF
	Reason      record.Text          `json:"reason"`
	Looked      []record.Looked      `json:"looked,omitempty"`
	Reply       record.Text          `json:"right_of_reply,omitempty"`
	Claims      []record.ClaimID     `json:"claims,omitempty"`
	Events      []record.EventID     `json:"events,omitempty"`
	OneReviewer bool                 `json:"one_reviewer,omitempty"`
	// State tells what holds from what was taken back.
	State record.ReviewState `json:"state"`
}

// apiChainStep is one step of a case.
type apiChainStep struct {
	Kind     record.StepKind     `json:"kind"`
	On       string              `json:"on,omitempty"` // EDTF
	Verdict  record.VerdictValue `json:"verdict,omitempty"`
	By       record.PartyID      `json:"by,omitempty"`
	Low      *int64              `json:"low,omitempty"`
	High     *int64              `json:"high,omitempty"`
	Detail   record.Text         `json:"detail,omitempty"`
	Event    record.EventID      `json:"event,omitempty"`
	Claims   []record.ClaimID    `json:"claims,omitempty"`
	Reported bool                `json:"report_only,omitempty"`
}

// apiProceeding is a case.
type apiProceeding struct {
	ID           record.ProceedingID `json:"id"`
	Slug         string              `json:"slug"`
	URL          string              `json:"url"`
	Title        record.Text         `json:"title"`
	Events       []record.EventID    `json:"events,omitempty"`
	Person       record.PersonID     `json:"person,omitempty"`
	Party        record.PartyID      `json:"party,omitempty"`
	Group        *record.Group       `json:"group,omitempty"`
	SaidOf       record.PartyID      `json:"said_to_belong_to,omitempty"`
	Reply        record.Text         `json:"reply,omitempty"`
	Jurisdiction record.Text         `json:"jurisdiction,omitempty"`
	Court        record.PartyID      `json:"court,omitempty"`
	Country      string              `json:"country,omitempty"`
	Reached      record.StepKind     `json:"reached,omitempty"`
	Outcome      string              `json:"outcome"`
	Exit         record.StepKind     `json:"exit,omitempty"`
	Steps        []apiChainStep      `json:"steps"`
	Looked       []record.Looked     `json:"looked,omitempty"`
}

// apiTrend is a published test.
type apiTrend struct {
	ID        record.TrendStatementID `json:"id"`
	Slug      string                  `json:"slug"`
	URL       string                  `json:"url"`
	Title     record.Text             `json:"title"`
	Statement record.Text             `json:"statement,omitempty"`
	Frame     record.Frame            `json:"frame"`
	Version   string                  `json:"version"`
	Input     string                  `json:"input_sha256"`
	Events    int                     `json:"events"`
	Made      string                  `json:"made"` // YYYY-MM-DD
	Params    json.RawMessage         `json:"params"`
	Result    json.RawMessage         `json:"result"`
	Claims    []record.ClaimID        `json:"claims,omitempty"`
	// Taken is how many events of the input are not public any more. Given for one
	// statement, not in the list.
	Taken int `json:"taken_out,omitempty"`
}

func apiStandingOf(s followup.Standing) apiStanding {
	out := apiStanding{Response: map[record.Assessor]record.ResponseValue{}, Progress: map[record.Assessor]record.ProgressValue{}, Timeliness: s.Timeliness, DaysLate: s.DaysLate, Checked: s.Checked}
	for _, by := range record.Assessors() {
		out.Response[by], out.Progress[by] = s.ResponseBy(by), s.ProgressBy(by)
	}
	return out
}

func apiDueOf(d record.Due) *apiDue {
	if d.IsZero() {
		return nil
	}
	return &apiDue{d.Day, d.Zone, string(d.Origin), d.Printed}
}

func apiSilenceOf(s followup.Silence) apiSilence {
	if !s.Started {
		return apiSilence{}
	}
	return apiSilence{s.Started, s.Start, s.From, s.Days, s.Answered, s.Looked, s.Paused}
}

func apiStepsOf(s followup.Steps) apiSteps { return apiSteps{s.Met, s.All, s.NotAssessed} }

func apiStepList(list []followup.StepView) []apiStep {
	out := make([]apiStep, len(list))
	for i, s := range list {
		out[i] = apiStep{s.Step.Key, s.Step.Kind, s.Step.Text, s.Step.Essential, s.Step.Want, apiDueOf(s.Step.Due), apiStandingOf(s.Standing)}
	}
	return out
}

func apiAddresseeOf(seen casework.Links, a record.DemandAddressee) apiAddressee {
	return apiAddressee{
		Key: a.Key, Party: casework.ShownOne(seen, record.KindParty, a.Party), Office: a.Office, Person: casework.ShownOne(seen, record.KindPerson, a.Person),
		Holder: a.Holder, Personal: a.Personal,
	}
}

// sendFollowed sends page n, from 0, of a list of all lines. What the lines link to is
// looked up for the whole page at once.
func sendFollowed[L, A any, R record.Record](s *Server, w http.ResponseWriter, r *http.Request, list []L, n, all int, rec func(L) R, item func(*http.Request, casework.Links, L) A) error {
	records := make([]R, len(list))
	for i, l := range list {
		records[i] = rec(l)
	}
	seen, err := apiSeen(s, r, records)
	if err != nil {
		return err
	}
	items := make([]A, len(list))
	for i, l := range list {
		items[i] = item(r, seen, l)
	}
	return s.sendAPIList(w, r, apiList{Items: items, Count: &all}, nextCursor(n, (n+1)*apiPer < all))
}

func (s *Server) apiDemandOf(r *http.Request, seen casework.Links, d followup.DemandLine) apiDemand {
	k := d.Demand
	out := apiDemand{
		ID: k.ID, Slug: k.Slug, URL: s.address(r, "/follow-up/demands/"+k.Slug), Text: k.Text, Attack: casework.ShownOne(seen, record.KindEvent, k.Attack), Made: k.Made.Date.String(),
		Due: apiDueOf(k.Due), Addressees: []apiAddressee{}, Steps: apiStepsOf(d.Steps), Standing: apiStandingOf(d.Standing), Silence: apiSilenceOf(d.Silence), Practice: d.Practice,
	}
	if _, ok := seen[k.Of]; ok {
		out.Of = &k.Of
	}
	for _, a := range k.Addressees {
		out.Addressees = append(out.Addressees, apiAddresseeOf(seen, a))
	}
	return out
}

func (s *Server) apiDemands(w http.ResponseWriter, r *http.Request) error {
	desk, err := s.followUp()
	if err != nil {
		return err
	}
	n, f, err := s.apiFollowQuery(r)
	if err != nil {
		return err
	}
	list, all, err := desk.Demands(r.Context(), access.Anyone(), f, n*apiPer, apiPer)
	if err != nil {
		return err
	}
	return sendFollowed(s, w, r, list, n, all, func(l followup.DemandLine) *record.Demand { return l.Demand }, s.apiDemandOf)
}

// apiFollowQuery reads the page and the filter of an address, as the public sees
// what it names.
func (s *Server) apiFollowQuery(r *http.Request) (int, followup.Filter, error) {
	q := r.URL.Query()
	n, err := apiCursor(q)
	if err != nil {
		return 0, followup.Filter{}, err
	}
	public := r.WithContext(r.Context())
	v := *visitOf(r)
	v.viewer = access.Anyone()
	f, err := s.filterOf(withVisit(public, &v), q)
	return n, f, err
}

func (s *Server) apiDemandBySlug(w http.ResponseWriter, r *http.Request) error {
	desk, err := s.followUp()
	if err != nil {
		return err
	}
	d, err := desk.Demand(r.Context(), access.Anyone(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	seen, err := apiSeen(s, r, []*record.Demand{d.Demand})
	if err != nil {
		return err
	}
	out := apiDemandPage{apiDemand: s.apiDemandOf(r, seen, d.DemandLine), StepList: apiStepList(d.StepViews)}
	for i, a := range d.Addressees {
		if i < len(out.Addressees) {
			st, silence := apiStandingOf(a.Standing), apiSilenceOf(a.Silence)
			out.Addressees[i].Standing, out.Addressees[i].Silence = &st, &silence
			if _, ok := d.Links[record.Ref{Kind: record.KindParty, ID: string(a.Now)}]; ok {
				out.Addressees[i].Now = a.Now
			}
		}
	}
	for _, x := range d.Demand.Positions {
		p := apiPosition{Name: x.Name, Stance: x.Stance, On: x.On.Date.String(), Claims: casework.Shown(seen, record.KindClaim, x.Claims...)}
		if _, ok := seen[record.Ref{Kind: record.KindParty, ID: string(x.Party)}]; ok {
			p.Party = x.Party
		}
		if p.Party != "" || !p.Name.IsZero() {
			out.Positions = append(out.Positions, p)
		}
	}
	if out.Assessments, err = s.apiAssessmentsOf(r, d.Assessments); err != nil {
		return err
	}
	if out.Claims, err = s.apiClaims(r, d.Said); err != nil {
		return err
	}
	return s.sendAPI(w, r, out)
}

func (s *Server) apiCommitmentOf(r *http.Request, seen casework.Links, c followup.CommitmentLine) apiCommitment {
	k := c.Commitment
	out := apiCommitment{
		ID: k.ID, Slug: k.Slug, URL: s.address(r, "/follow-up/commitments/"+k.Slug), Text: k.Text, Unidentified: k.Unidentified, ToText: k.ToText,
		Attack: casework.ShownOne(seen, record.KindEvent, k.Attack), In: casework.ShownOne(seen, record.KindEvent, k.In), Made: k.Made.Date.String(), Written: k.Written,
		Conditions: k.Conditions, Due: apiDueOf(k.Due), Steps: apiStepsOf(c.Steps), Standing: apiStandingOf(c.Standing),
	}
	for _, p := range k.By {
		out.By = append(out.By, apiPromiser{casework.ShownOne(seen, record.KindParty, p.Party), casework.ShownOne(seen, record.KindPerson, p.Person), p.Office, p.Holder})
	}
	for _, a := range k.Amounts {
		out.Amounts = append(out.Amounts, apiAmount{a.Value, a.Currency, a.Per, a.Part, a.Printed, casework.Shown(seen, record.KindClaim, a.Claims...)})
	}
	if k.Offer != nil {
		out.Offer = string(k.Offer.Answer)
	}
	return out
}

func (s *Server) apiCommitments(w http.ResponseWriter, r *http.Request) error {
	desk, err := s.followUp()
	if err != nil {
		return err
	}
	n, f, err := s.apiFollowQuery(r)
	if err != nil {
		return err
	}
	list, all, err := desk.Commitments(r.Context(), access.Anyone(), f, n*apiPer, apiPer)
	if err != nil {
		return err
	}
	return sendFollowed(s, w, r, list, n, all, func(l followup.CommitmentLine) *record.Commitment { return l.Commitment }, s.apiCommitmentOf)
}

func (s *Server) apiCommitmentBySlug(w http.ResponseWriter, r *http.Request) error {
	desk, err := s.followUp()
	if err != nil {
		return err
	}
	d, err := desk.Commitment(r.Context(), access.Anyone(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	seen, err := apiSeen(s, r, []*record.Commitment{d.Commitment})
	if err != nil {
		return err
	}
	out := apiCommitmentPage{apiCommitment: s.apiCommitmentOf(r, seen, d.CommitmentLine), StepList: apiStepList(d.StepViews)}
	if out.Assessments, err = s.apiAssessmentsOf(r, d.Assessments); err != nil {
		return err
	}
	if out.Claims, err = s.apiClaims(r, d.Said); err != nil {
		return err
	}
	return s.sendAPI(w, r, out)
}

func (s *Server) apiAssessmentsOf(r *http.Request, list []followup.AssessmentItem) ([]apiAssessment, error) {
	records := make([]*record.Assessment, len(list))
	for i, a := range list {
		records[i] = a.Rec
	}
	seen, err := apiSeen(s, r, records)
	if err != nil {
		return nil, err
	}
	out := make([]apiAssessment, len(list))
	for i, a := range records {
		out[i] = apiAssessment{
			ID: a.ID, Of: a.Of, Step: a.Step, Addressee: a.Addressee, Axis: a.Axis, By: a.By, Response: a.Response, Progress: a.Progress, Count: a.Count, On: a.On,
			Happened: a.Happened.Date.String(), Reason: a.Reason, Looked: a.Looked, Reply: a.RightOfReply, Claims: casework.Shown(seen, record.KindClaim, a.Claims...),
			Events: casework.Shown(seen, record.KindEvent, a.Events...), OneReviewer: a.Review.OneReviewer,
			State: a.Review.State,
		}
	}
	return out, nil
}

// assessmentsOf is what was judged of the demand or commitment that an address
// names, as the public sees it.
func (s *Server) assessmentsOf(r *http.Request) ([]followup.AssessmentItem, error) {
	desk, err := s.followUp()
	if err != nil {
		return nil, err
	}
	q := r.URL.Query()
	switch demand, commitment := q.Get("demand"), q.Get("commitment"); {
	case (demand == "") == (commitment == ""):
		return nil, errBad
	case demand != "":
		d, err := desk.Demand(r.Context(), access.Anyone(), demand)
		if err != nil {
			return nil, err
		}
		return d.Assessments, nil
	default:
		d, err := desk.Commitment(r.Context(), access.Anyone(), commitment)
		if err != nil {
			return nil, err
		}
		return d.Assessments, nil
	}
}

// apiAssessments lists what was judged of one demand or commitment.
func (s *Server) apiAssessments(w http.ResponseWriter, r *http.Request) error {
	list, err := s.assessmentsOf(r)
	if err != nil {
		return err
	}
	items, err := s.apiAssessmentsOf(r, list)
	if err != nil {
		return err
	}
	n := len(items)
	return s.sendAPIList(w, r, apiList{Items: items, Count: &n}, "")
}

func (s *Server) apiProceedingOf(r *http.Request, seen casework.Links, p followup.ProceedingLine) apiProceeding {
	k := p.Proceeding
	out := apiProceeding{
		ID: k.ID, Slug: k.Slug, URL: s.address(r, "/follow-up/proceedings/"+k.Slug), Title: k.Title, Events: casework.Shown(seen, record.KindEvent, k.Events...),
		Person: casework.ShownOne(seen, record.KindPerson, k.Person), Party: casework.ShownOne(seen, record.KindParty, k.Party), SaidOf: casework.ShownOne(seen, record.KindParty, k.Of),
		Reply: k.Reply, Jurisdiction: k.Jurisdiction, Court: casework.ShownOne(seen, record.KindParty, k.Court), Country: k.Country, Reached: p.Reached, Outcome: p.Outcome, Exit: p.Exit,
		Steps: []apiChainStep{}, Looked: k.Looked,
	}
	if !k.Group.IsZero() {
		g := k.Group
		out.Group = &g
	}
	for _, c := range k.Steps {
		out.Steps = append(out.Steps, apiChainStep{
			c.Kind, c.On.Date.String(), c.Verdict, casework.ShownOne(seen, record.KindParty, c.By), c.Low, c.High, c.Detail,
			casework.ShownOne(seen, record.KindEvent, c.Event), casework.Shown(seen, record.KindClaim, c.Claims...), c.Reports,
		})
	}
	return out
}

func (s *Server) apiProceedings(w http.ResponseWriter, r *http.Request) error {
	desk, err := s.followUp()
	if err != nil {
		return err
	}
	q := r.URL.Query()
	n, err := apiCursor(q)
	if err != nil {
		return err
	}
	var about record.Ref
	for name, kind := range map[string]record.Kind{"event": record.KindEvent, "party": record.KindParty} {
		if slug := q.Get(name); slug != "" {
			k, err := desk.Find(r.Context(), access.Anyone(), kind, slug)
			if err != nil {
				return err
			}
			about = k.Ref
		}
	}
	list, all, err := desk.Proceedings(r.Context(), access.Anyone(), about, n*apiPer, apiPer)
	if err != nil {
		return err
	}
	return sendFollowed(s, w, r, list, n, all, func(l followup.ProceedingLine) *record.Proceeding { return l.Proceeding }, s.apiProceedingOf)
}

func (s *Server) apiProceedingBySlug(w http.ResponseWriter, r *http.Request) error {
	desk, err := s.followUp()
	if err != nil {
		return err
	}
	d, err := desk.Proceeding(r.Context(), access.Anyone(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	seen, err := apiSeen(s, r, []*record.Proceeding{d.Proceeding})
	if err != nil {
		return err
	}
	return s.sendAPI(w, r, s.apiProceedingOf(r, seen, d.ProceedingLine))
}

func (s *Server) apiTrendOf(r *http.Request, seen casework.Links, k *record.TrendStatement) apiTrend {
	frame := k.Frame
	frame.Communities = casework.Shown(seen, record.KindParty, k.Frame.Communities...)
	frame.Perpetrators = casework.Shown(seen, record.KindParty, k.Frame.Perpetrators...)
	frame.Authority = casework.ShownOne(seen, record.KindParty, k.Frame.Authority)
	return apiTrend{
		ID: k.ID, Slug: k.Slug, URL: s.address(r, "/trends/"+k.Slug), Title: k.Title, Statement: k.Statement, Frame: frame, Version: k.Version, Input: k.Input, Events: k.Events,
		Made: atomDay(k.Made)[:len("2006-01-02")], Params: k.Params, Result: k.Result, Claims: casework.Shown(seen, record.KindClaim, k.Claims...),
	}
}

func (s *Server) apiTrends(w http.ResponseWriter, r *http.Request) error {
	desk, err := s.followUp()
	if err != nil {
		return err
	}
	list, err := desk.Trends(r.Context(), access.Anyone())
	if err != nil {
		return err
	}
	records := make([]*record.TrendStatement, len(list))
	for i, k := range list {
		records[i] = k.Item.Rec
	}
	seen, err := apiSeen(s, r, records)
	if err != nil {
		return err
	}
	items := make([]apiTrend, len(list))
	for i, k := range records {
		items[i] = s.apiTrendOf(r, seen, k)
		items[i].Taken = list[i].Taken + list[i].Changed
	}
	n := len(items)
	return s.sendAPIList(w, r, apiList{Items: items, Count: &n}, "")
}

func (s *Server) apiTrendBySlug(w http.ResponseWriter, r *http.Request) error {
	desk, err := s.followUp()
	if err != nil {
		return err
	}
	d, err := desk.Trend(r.Context(), access.Anyone(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	seen, err := apiSeen(s, r, []*record.TrendStatement{d.Item.Rec})
	if err != nil {
		return err
	}
	out := s.apiTrendOf(r, seen, d.Item.Rec)
	out.Taken = d.Taken + d.Changed
	return s.sendAPI(w, r, out)
}
