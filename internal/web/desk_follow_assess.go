package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// assessmentKind has a form of its own: what it offers depends on what it
// judges. Its pages are not those of the other kinds.
func assessmentKind() followKind {
	return followKind{
		kind: record.KindAssessment, plural: "assessments", need: access.ActEnter,
		parts: func() []followPart { return []followPart{assessmentPart()} },
		first: assessmentPart,
		fresh: func(id string) record.Record {
			return &record.Assessment{
				ID: record.AssessmentID(id), By: record.ByOrganisation, Visibility: record.Internal, Review: record.Review{State: record.Suggested},
			}
		},
	}
}

// onJudgements offers the values of both axes. One field holds both, so that
// nobody can give a value of the axis that they did not choose.
func onJudgements(l *lang.Printer) []option {
	var out []option
	for _, x := range record.ResponseValues() {
		out = append(out, option{"response:" + string(x), l.T("desk.follow.said", "value", l.T("follow.response."+string(x)))})
	}
	for _, x := range record.ProgressValues() {
		out = append(out, option{"progress:" + string(x), l.T("desk.follow.done", "value", l.T("follow.progress."+string(x)))})
	}
	return out
}

// judgement writes the axis and the value of an assessment as the form has them.
func judgement(a *record.Assessment) string {
	if a.Axis == record.AxisProgress {
		return "progress:" + string(a.Progress)
	}
	return "response:" + string(a.Response)
}

// judged says in words what an assessment found.
func judged(l *lang.Printer, a *record.Assessment) string {
	if a.Axis == record.AxisProgress {
		return l.T("desk.follow.done", "value", l.T("follow.progress."+string(a.Progress)))
	}
	return l.T("desk.follow.said", "value", l.T("follow.response."+string(a.Response)))
}

// onOwnSteps offers the steps of what an assessment judges.
func (c followForm) onOwnSteps(l *lang.Printer) []option {
	out := []option{{"", l.T("desk.follow.the_whole")}}
	if c.of == nil {
		return out
	}
	if _, _, steps := shared(c.of); steps != nil {
		for _, x := range *steps {
			out = append(out, option{x.Key, deskStep(l, x)})
		}
	}
	return out
}

// deskStep names a step in the reader's language.
func deskStep(l *lang.Printer, x record.Step) string {
	kind := l.T("follow.step." + string(x.Kind))
	if x.Text.IsZero() {
		return kind
	}
	if x.Kind == record.StepOwn {
		return shortened(plain(l, x.Text), 90)
	}
	return l.T("desk.claim_line", "what", kind, "value", shortened(plain(l, x.Text), 90))
}

func assessmentPart() followPart {
	return followPart{
		name: "assessment", fields: map[string]string{"response": "judgement", "progress": "judgement", "axis": "judgement"},
		specs: func(c followForm) []spec {
			of := spec{Name: "of", Word: "follow.judges", Input: inPick, Kinds: []record.Kind{record.KindDemand, record.KindCommitment}}
			if c.of != nil {
				of = spec{Name: "of", Word: "follow.judges", Input: inHidden}
			}
			out := []spec{of, {Name: "judgement", Word: "follow.judgement", Input: inChoice, Options: onJudgements}}
			if len(c.onOwnSteps(c.lang)) > 1 {
				out = append(out, spec{Name: "step", Word: "follow.step", Input: inChoice, Options: c.onOwnSteps})
			}
			if len(c.onAddressees(c.lang)) > 2 {
				out = append(out, spec{Name: "addressee", Word: "follow.addressee", Input: inChoice, Options: c.onAddressees})
			}
			out = append(
				out,
				spec{Name: "by", Word: "follow.assessor", Input: inChoice, Options: optionsOf("follow.assessor.", false, record.Assessors()...), Short: true},
				spec{Name: "on", Word: "follow.assessed_on", Input: inLine, Short: true},
				spec{Name: "reason", Word: "follow.reason", Input: inAreas},
				spec{Name: "claims", Word: "rests_on", Input: inPicks, Kinds: ofClaim, Group: "follow_backed"},
			)
			if len(c.replies) > 0 {
				out = append(out, spec{Name: "replies", Word: "follow.replies", Input: inChecks, Options: func(*lang.Printer) []option { return c.replies }})
			}
			return append(
				out,
				spec{Name: "events", Word: "follow.events", Input: inPicks, Kinds: ofEvent},
				spec{Name: "happened", Word: "follow.happened", Input: inDate, Group: "follow_more", Fold: true},
				spec{Name: "count", Word: "follow.count", Input: inLine, Short: true},
				spec{Name: "right_of_reply", Word: "follow.right_of_reply", Input: inAreas},
				spec{Name: "original", Word: "follow.original", Input: inLine},
				spec{Name: "note", Word: "note", Input: inArea},
			)
		},
		rows: lookedRows(),
		fill: func(b blank, rec record.Record) {
			a := rec.(*record.Assessment)
			b.Set("of", refText(a.Of))
			b.Set("judgement", judgement(a))
			b.Set("step", a.Step)
			b.Set("addressee", a.Addressee)
			b.Set("by", string(a.By))
			b.Set("on", a.On)
			b.texts("reason", a.Reason)
			addIDs(b, "claims", record.KindClaim, a.Claims)
			for _, id := range a.Replies {
				b.Add("replies", string(id))
			}
			addIDs(b, "events", record.KindEvent, a.Events)
			b.date("happened", a.Happened)
			b.number("count", a.Count)
			b.texts("right_of_reply", a.RightOfReply)
			b.Set("original", a.Original)
			b.Set("note", a.Note)
			b.looked(a.Looked)
		},
		apply: func(t typed, rec record.Record) {
			a := rec.(*record.Assessment)
			if of := t.ref("of"); !of.IsZero() {
				a.Of = of
			}
			axis, value, _ := strings.Cut(t.line("judgement"), ":")
			a.Axis, a.Response, a.Progress = record.Axis(axis), "", ""
			if a.Axis == record.AxisProgress {
				a.Progress = record.ProgressValue(value)
			} else {
				a.Response = record.ResponseValue(value)
			}
			a.Step, a.Addressee, a.By, a.On = t.line("step"), t.line("addressee"), record.Assessor(t.line("by")), t.gregorian("on")
			a.Reason, a.Claims, a.Events = t.texts("reason"), idsOf[record.ClaimID](t.refs("claims")), idsOf[record.EventID](t.refs("events"))
			a.Replies = nil
			for _, id := range t.f.Values["replies"] {
				if record.ValidID(id) {
					a.Replies = append(a.Replies, record.ReplyID(id))
				}
			}
			a.Happened, a.Count = keepWhen(a.Happened, t.date("happened", noDate)), t.number("count")
			a.RightOfReply, a.Original, a.Note = t.texts("right_of_reply"), t.line("original"), t.words("note")
			a.Looked = nil
			for _, x := range t.looked() {
				if !x.Where.IsZero() || x.On != "" {
					a.Looked = append(a.Looked, x) // the empty line that the form begins with says nothing
				}
			}
		},
	}
}

// about gathers what an assessment judges: its steps, its addressees and what
// these replied.
func (s *Server) about(r *http.Request, c *followForm, of record.Ref) error {
	v := visitOf(r)
	if of.Kind != record.KindDemand && of.Kind != record.KindCommitment {
		return nil
	}
	if of.Kind == record.KindCommitment {
		st, err := s.house.Standing(r.Context(), v.viewer, of)
		c.of = st.Rec
		return err
	}
	p, err := s.following.Demand(r.Context(), v.viewer, of.ID)
	if err != nil {
		return err
	}
	c.of = p.Item.Rec
	for _, reply := range p.Replies {
		words := shortened(plain(v.lang, reply.Words), 90)
		if words == "" {
			words = reply.From
		}
		c.replies = append(c.replies, option{string(reply.ID), v.lang.T("desk.follow.reply_line", "on", cmpOr(when(v.lang, reply.Dated), instant(reply.Received)), "words", words)})
	}
	return nil
}

// assessedPage is one assessment with what it rests on and the decision about it.
type assessedPage struct {
	deskPage
	Line      *followup.AssessmentLine
	A         *record.Assessment
	Rev       int
	Of        casework.Label
	Step      string
	Addressee string
	Named     map[record.Ref]casework.Label
	// Public says that what it judges is public, so that an accepted one can be.
	Public bool
	// One says that the house has one reviewer, who may decide about their own work.
	One  bool
	Next string
}

// showAssessment shows one assessment and, to those who may, the form of the
// decision about it.
func (s *Server) showAssessment(w http.ResponseWriter, r *http.Request) error {
	return s.renderAssessment(w, r, Form{Values: url.Values{}}, http.StatusOK)
}

func (s *Server) renderAssessment(w http.ResponseWriter, r *http.Request, f Form, status int) error {
	v := visitOf(r)
	id := r.PathValue("id")
	if !record.ValidID(id) {
		return record.ErrNotFound
	}
	line, err := s.following.Assessment(r.Context(), v.viewer, record.AssessmentID(id))
	if err != nil {
		return err
	}
	a := line.Item.Rec
	p := &assessedPage{deskPage: s.desk(r, v.lang.T("desk.follow.assessment"), "desk-follow"), Line: line, A: a, Rev: line.Item.Rev}
	p.Form = f
	refs := []record.Ref{a.Of}
	for _, c := range a.Claims {
		refs = append(refs, record.Ref{Kind: record.KindClaim, ID: string(c)})
	}
	for _, e := range a.Events {
		refs = append(refs, record.Ref{Kind: record.KindEvent, ID: string(e)})
	}
	if p.Named, err = s.house.Labels(r.Context(), v.viewer, v.lang.Tag(), refs...); err != nil {
		return err
	}
	p.Of = p.Named[a.Of]
	if p.Of.Name == "" || p.Of.Name == a.Of.ID {
		p.Of = casework.Label{Ref: a.Of, Name: plain(v.lang, line.Of.Title), Seen: p.Of.Seen}
	}
	p.Public = p.Of.Seen == record.Public
	if line.Step != nil {
		p.Step = deskStep(v.lang, *line.Step)
	}
	if a.Addressee != "" {
		p.Addressee = a.Addressee
		if d, err := s.house.Standing(r.Context(), v.viewer, a.Of); err == nil {
			if d, ok := d.Rec.(*record.Demand); ok {
				for _, x := range d.Addressees {
					if x.Key == a.Addressee {
						p.Addressee = addresseeName(v.lang, x)
					}
				}
			}
		}
	}
	if v.viewer.May(access.ActReview) {
		home, err := s.house.DeskHome(r.Context(), v.viewer, v.lang.Tag())
		if err != nil {
			return err
		}
		p.One = home.OneEditor
		if queue, _, err := s.following.AssessmentQueue(r.Context(), v.viewer, 0, 2); err == nil {
			for _, x := range queue {
				if x.Item.Rec.ID != a.ID {
					p.Next = string(x.Item.Rec.ID)
					break
				}
			}
		}
	}
	return s.renderStatus(w, r, status, "desk_follow_assessment", p)
}

// Decides says that the viewer may decide: nobody does about their own work, but in a
// house of one.
func (p *assessedPage) Decides() bool { return !p.Line.Mine || p.One }

// Judged says what an assessment found.
func (p *assessedPage) Judged() string { return judged(p.L, p.A) }

// ClaimsOf and EventsOf label what an assessment rests on.
func (p *assessedPage) ClaimsOf() []casework.Label {
	var out []casework.Label
	for _, id := range p.A.Claims {
		ref := record.Ref{Kind: record.KindClaim, ID: string(id)}
		l := p.Named[ref]
		l.Ref = ref
		out = append(out, l)
	}
	return out
}

// EventsOf labels what was done.
func (p *assessedPage) EventsOf() []casework.Label {
	var out []casework.Label
	for _, id := range p.A.Events {
		ref := record.Ref{Kind: record.KindEvent, ID: string(id)}
		l := p.Named[ref]
		l.Ref = ref
		out = append(out, l)
	}
	return out
}

// assessmentStates are the decisions about an assessment.
var assessmentStates = []record.ReviewState{record.Accepted, record.Rejected, record.Retracted}

// decideAssessment decides about one assessment.
func (s *Server) decideAssessment(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if !record.ValidID(id) {
		return record.ErrNotFound
	}
	if f.Get("again") != "" { // it comes from somebody whose session had ended
		return s.renderAssessment(w, r, f, http.StatusOK)
	}
	rev, err := strconv.Atoi(f.Get("rev"))
	state := record.ReviewState(f.Get("state"))
	if err != nil || !slices.Contains(assessmentStates, state) {
		return errBad
	}
	if f.Get("reason") == "" {
		f.Add(v.lang, "reason", "invalid.required")
		return s.renderAssessment(w, r, f, refused)
	}
	err = s.following.ReviewAssessment(r.Context(), v.viewer, record.AssessmentID(id), rev, state, f.Get("reason"), f.Get("publish") != "")
	switch {
	case err == nil:
		return s.redirect(w, r, "/desk/assessments/"+id+"?done=reviewed")
	case f.Take(v.lang, err):
		return s.renderAssessment(w, r, f, refused)
	case errors.Is(err, record.ErrForbidden):
		f.Add(v.lang, "state", "invalid.own_work")
		return s.renderAssessment(w, r, f, http.StatusForbidden)
	case errors.Is(err, record.ErrConflict):
		f.Add(v.lang, "state", "error.conflict")
		return s.renderAssessment(w, r, f, http.StatusConflict)
	}
	return err
}

// assessmentsPage is what waits to be judged or reviewed.
type assessmentsPage struct {
	deskPage
	Replies []followup.ReplyLine
	Queue   []followup.AssessmentLine
	All     int
	Next    int
	Before  int
	Lists   []NavLink
}

// queueShown is how many assessments a page of the queue lists.
const queueShown = 50

func (s *Server) showAssessments(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	from, _ := strconv.Atoi(r.URL.Query().Get("from"))
	from = max(from, 0)
	p := &assessmentsPage{deskPage: s.desk(r, v.lang.T("desk.list.assessments"), "desk-follow"), Before: from}
	p.Lists = s.followLists(&p.Page)
	var err error
	if p.Replies, err = s.following.NeedsClassification(r.Context(), v.viewer); err != nil {
		return err
	}
	p.Replies = p.Replies[:min(len(p.Replies), 200)]
	if p.Queue, p.All, err = s.following.AssessmentQueue(r.Context(), v.viewer, from, queueShown); err != nil {
		return err
	}
	if from+len(p.Queue) < p.All {
		p.Next = from + len(p.Queue)
	}
	return s.render(w, r, "desk_follow_assessments", p)
}

// Judged says what an assessment found.
func (p *assessmentsPage) Judged(a *record.Assessment) string { return judged(p.L, a) }

// StepOf names the step that an assessment is about.
func (p *assessmentsPage) StepOf(x *record.Step) string { return deskStep(p.L, *x) }

// Text is a text in the reader's language, cut for a list.
func (p *assessmentsPage) Text(t record.Text) string { return shortened(plain(p.L, t), 160) }
