package record

import "fmt"

// Axis is what an assessment judges. Timeliness is not among them: it is only
// ever worked out.
type Axis string

// The axes: what was said, and what happened.
const (
	AxisResponse Axis = "response"
	AxisProgress Axis = "progress"
)

// Assessor is by whose account. Accounts stand beside each other and are never
// averaged.
type Assessor string

// The assessors.
const (
	ByAuthority    Assessor = "authority"
	ByFamilies     Assessor = "families"
	ByOrganisation Assessor = "organisation"
)

// Assessors lists the assessors in the order in which pages show them.
func Assessors() []Assessor { return []Assessor{ByAuthority, ByFamilies, ByOrganisation} }

// ResponseValue is what an addressee said.
type ResponseValue string

// NotChecked is what holds before anybody looked, NoneFound needs a record of where and
// when somebody did.
const (
	NotChecked     ResponseValue = "not_checked"
	NoneFound      ResponseValue = "none_found"
	Acknowledged   ResponseValue = "acknowledged"
	AcceptedInFull ResponseValue = "accepted"
	AcceptedInPart ResponseValue = "accepted_in_part"
	Noted          ResponseValue = "noted"
	Refused        ResponseValue = "refused"
	ReferredOn     ResponseValue = "referred_elsewhere"
	Contradictory  ResponseValue = "contradictory"
)

// ResponseValues lists the values of the axis in the order in which forms offer them.
func ResponseValues() []ResponseValue {
	return []ResponseValue{
		NotChecked, NoneFound, Acknowledged, AcceptedInFull, AcceptedInPart, Noted, Refused, ReferredOn, Contradictory,
	}
}

// ProgressValue is what happened.
type ProgressValue string

// NotAssessed is what holds before anybody judged, NoActionFound needs a record of
// where and when somebody looked.
const (
	NotAssessed   ProgressValue = "not_assessed"
	NoActionFound ProgressValue = "no_action_found"
	InProgress    ProgressValue = "in_progress"
	Stalled       ProgressValue = "stalled"
	MetInPart     ProgressValue = "met_in_part"
	Met           ProgressValue = "met"
	Reversed      ProgressValue = "reversed"
	Superseded    ProgressValue = "superseded"
)

// ProgressValues lists the values of the axis in the order in which forms offer them.
func ProgressValues() []ProgressValue {
	return []ProgressValue{NotAssessed, NoActionFound, InProgress, Stalled, MetInPart, Met, Reversed, Superseded}
}

// Looked says where and when somebody searched for something, and whether it was there.
type Looked struct {
	Where Text   `json:"where"`
	On    string `json:"on"` // YYYY-MM-DD
	Found bool   `json:"found,omitempty"`
}

// Assessment is one dated judgement on one axis, by one assessor, of a demand, a
// commitment or one of their steps. A later one does not replace it: it follows it.
type Assessment struct {
	ID   AssessmentID `json:"id"`
	Of   Ref          `json:"of"`             // a demand or a commitment
	Step string       `json:"step,omitempty"` // the key of a step; "" the whole
	// Addressee is the key of the addressee it is about, "" all of them.
	Addressee string        `json:"addressee,omitempty"`
	Axis      Axis          `json:"axis"`
	By        Assessor      `json:"by"`
	Response  ResponseValue `json:"response,omitempty"`
	Progress  ProgressValue `json:"progress,omitempty"`
	// Count is how many of a step's Want are met, nil where it is not said.
	Count *int64 `json:"count,omitempty"`
	// On is the day for which it holds, Happened the date of what it judges (a payment,
	// an arrest), if that is known.
	On           string    `json:"on"` // YYYY-MM-DD
	Happened     When      `json:"happened,omitzero"`
	Reason       Text      `json:"reason"`
	Claims       []ClaimID `json:"claims,omitempty"`
	Replies      []ReplyID `json:"replies,omitempty"`
	Events       []EventID `json:"events,omitempty"` // what was done
	Looked       []Looked  `json:"looked,omitempty"`
	RightOfReply Text      `json:"right_of_reply,omitempty"` // what the assessed say to it
	// Original is the word of another system it was imported from.
	Original   string     `json:"original,omitempty"`
	Note       string     `json:"note,omitempty"`
	Review     Review     `json:"review"`
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (a *Assessment) Ref() Ref { return Ref{KindAssessment, string(a.ID)} }

// Seen implements [Record].
func (a *Assessment) Seen() Visibility { return a.Visibility }

// Validate implements [Record]. That the step and the addressee exist, and that it does not come
// before what it judges, is decided where those are at hand.
func (a *Assessment) Validate() error {
	var c checks
	c.id("id", string(a.ID))
	if a.Of.Kind != KindDemand && a.Of.Kind != KindCommitment {
		c.add("of", "choice")
	}
	c.id("of", a.Of.ID)
	if a.Step != "" {
		c.key("step", a.Step, map[string]bool{})
	}
	if a.Addressee != "" {
		c.key("addressee", a.Addressee, map[string]bool{})
	}
	oneOf(&c, "axis", a.Axis, AxisResponse, AxisProgress)
	oneOf(&c, "by", a.By, Assessors()...)
	switch a.Axis {
	case AxisResponse:
		oneOf(&c, "response", a.Response, ResponseValues()...)
		if a.Progress != "" || a.Count != nil {
			c.add("progress", "unexpected")
		}
	case AxisProgress:
		oneOf(&c, "progress", a.Progress, ProgressValues()...)
		if a.Response != "" {
			c.add("response", "unexpected")
		}
	}
	if a.Count != nil && (*a.Count < 0 || *a.Count > MaxNumber) {
		c.add("count", "number")
	}
	c.required("on", a.On)
	c.day("on", a.On)
	c.when("happened", a.Happened)
	if first, ok := a.Happened.Date.Earliest(); ok && ValidDay(a.On) && dayText(first) > a.On {
		c.add("happened", "order")
	}
	if a.Reason.IsZero() {
		c.add("reason", "required")
	}
	c.text("reason", a.Reason, MaxText)
	for field, n := range map[string]int{"claims": len(a.Claims), "replies": len(a.Replies), "events": len(a.Events), "looked": len(a.Looked)} {
		if n > MaxFollowed {
			c.add(field, "many", "limit", fmt.Sprint(MaxFollowed))
			return c.err()
		}
	}
	c.claimIDs("claims", a.Claims)
	for _, r := range a.Replies {
		c.id("replies", string(r))
	}
	for _, e := range a.Events {
		c.id("events", string(e))
	}
	c.looked("looked", a.Looked)
	backed := len(a.Claims) + len(a.Replies) + len(a.Events)
	switch {
	case a.Response == NoneFound || a.Progress == NoActionFound:
		if len(a.Looked) == 0 {
			c.add("looked", "required")
		}
		for _, l := range a.Looked {
			if l.Found && a.Response == NoneFound {
				c.add("looked", "contradiction")
				break
			}
		}
	case a.Response == NotChecked || a.Progress == NotAssessed:
	case backed == 0:
		c.add("claims", "required")
	}
	c.text("right_of_reply", a.RightOfReply, MaxText)
	c.clean("original", a.Original, MaxLine)
	c.clean("note", a.Note, MaxText)
	c.clean("review", a.Review.Reason, MaxText)
	oneOf(&c, "review", a.Review.State, Suggested, Accepted, Rejected, Retracted)
	if a.Review.State == Rejected || a.Review.State == Retracted {
		c.required("review", a.Review.Reason)
	}
	c.visibility(a.Visibility)
	if a.Visibility == Public && a.Review.State == Suggested {
		c.add("visibility", "unreviewed")
	}
	return c.err()
}

func (c *checks) looked(field string, ls []Looked) {
	for i, l := range ls {
		at := fmt.Sprintf("%s.%d", field, i)
		if l.Where.IsZero() {
			c.add(at+".where", "required")
		}
		c.text(at+".where", l.Where, MaxText)
		c.required(at+".on", l.On)
		c.day(at+".on", l.On)
	}
}
