package followup

import (
	"reflect"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/trend"
)

// Standing is where a demand, a commitment or one of their steps stands on the
// three axes today. Accounts of different assessors stand beside each other.
type Standing struct {
	// Response and Progress are the newest accepted assessments, one of each assessor, in the
	// order of [record.Assessors]. An assessor who said nothing is missing.
	Response, Progress []*record.Assessment
	// Wholes is the progress of each assessor worked out from the steps and from what they judged of
	// the whole; of a step it is empty.
	Wholes map[record.Assessor]follow.Whole
	// Timeliness is a [follow.Timeliness], by the organisation's account, worked out for today
	// where the addressee is; Timing has the details.
	Timeliness string
	Timing     follow.Timing
	// Disputed says that present accounts differ on an axis.
	Disputed bool
	// Due is when it ends; DaysLate how many days ago that was, negative before.
	Due      record.Due
	DaysLate int
	// Checked is the last day (YYYY-MM-DD) on which anybody assessed or looked, "" never.
	Checked string
}

// By returns one assessor's present judgement on an axis, nil when there is none.
func (s Standing) By(axis record.Axis, by record.Assessor) *record.Assessment {
	list := s.Response
	if axis == record.AxisProgress {
		list = s.Progress
	}
	for _, a := range list {
		if a.By == by {
			return a
		}
	}
	return nil
}

// ResponseBy returns an assessor's word on the response, not_checked where they
// gave none.
func (s Standing) ResponseBy(by record.Assessor) record.ResponseValue {
	if a := s.By(record.AxisResponse, by); a != nil {
		return a.Response
	}
	return record.NotChecked
}

// ProgressBy returns an assessor's word on the progress, worked out from the steps
// where these were assessed; not_assessed where they gave none.
func (s Standing) ProgressBy(by record.Assessor) record.ProgressValue {
	if w, ok := s.Wholes[by]; ok {
		return w.Value()
	}
	if a := s.By(record.AxisProgress, by); a != nil {
		return a.Progress
	}
	return record.NotAssessed
}

// StepView is a step and where it stands.
type StepView struct {
	Step record.Step
	Standing
	// Odd says by whose account it is met before a step that has to come before it.
	Odd []follow.Disorder
}

// Silence is how long an addressee has said nothing, counted from a delivery, a
// commitment or a legal duty and never from a demand alone.
type Silence struct {
	// Started says that a clock runs or ran; without it nothing has been handed over.
	Started bool
	// Start is what started it: "delivery", "commitment", "duty" or "cited_duty"; From is the day
	// and Ref the record.
	Start string
	From  string
	Ref   record.Ref
	// Answered is the day of the last response of any kind, "" when there was none; Days counts
	// from then, else from From, without the pauses. Paused says that it stands still today.
	Answered string
	Days     int
	Paused   bool
	// Waits says that an answer came in that nobody has read yet; the clock goes on.
	Waits bool
	// Looked is when somebody last looked for an answer, "" never; Stale says that this was long ago.
	Looked string
	Stale  bool
	// Clock is all of it as it was worked out.
	Clock follow.Silence
}

// AddresseeView is one whom a demand asks, and where they stand.
type AddresseeView struct {
	Addressee record.DemandAddressee
	Standing
	Silence Silence
	// Now is the office that answers for it today, where that is another than asked; Lapsed that the
	// office was abolished and nobody took over, so that the clock pauses.
	Now    record.PartyID
	Lapsed bool
	// Answerer is who has to answer today, and by way of which offices.
	Answerer follow.Answerer
}

// Steps counts how far a list of steps is, by the organisation's assessments:
// "3 of 9 steps".
type Steps struct{ Met, All, Essential, EssentialMet, NotAssessed int }

// DemandLine is a demand as lists show it.
type DemandLine struct {
	Demand *record.Demand
	Rev    int
	Level  access.Level
	Standing
	Steps   Steps
	Silence Silence // the longest of its addressees
	// Practice says that it is followed on a private copy of a petition, for trying out. Apart
	// says that it is left out of sums, silences and what is overdue, as all of these are in public.
	Practice, Apart bool

	silences []SilenceLine // of every addressee
	clocks   []*DueLine
	words    *folded
}

// DemandPage is everything the page of a demand shows.
type DemandPage struct {
	Item DemandItem
	DemandLine
	StepViews  []StepView
	Addressees []AddresseeView
	// Assessments are all the viewer may see, newest first, those of steps too.
	Assessments []AssessmentItem
	// Commitments are those it is linked to, in the order of the links.
	Commitments []CommitmentLine
	// Petition is what it belongs to, when that is one, with its deliveries and replies.
	Petition   *record.Petition
	Deliveries []*record.Delivery
	Replies    []*record.Reply
	// Said holds the claims that it, its steps and its assessments cite; Links names every
	// record it mentions.
	Said  casework.Said
	Links casework.Links
	Today string // YYYY-MM-DD where the first addressee is
}

// CommitmentLine is a commitment as lists show it.
type CommitmentLine struct {
	Commitment *record.Commitment
	Rev        int
	Level      access.Level
	Standing
	Steps   Steps
	Silence Silence
	How     record.LinkHow // set where it is shown under a demand

	quiet  *SilenceLine // nil where no word is owed
	clocks []*DueLine
	words  *folded
}

// CommitmentPage is everything the page of a commitment shows.
type CommitmentPage struct {
	Item CommitmentItem
	CommitmentLine
	StepViews   []StepView
	Assessments []AssessmentItem
	// Demands are those that name it; Replaced is what it replaces and ReplacedBy what replaces it.
	Demands              []DemandLine
	Replaced, ReplacedBy []CommitmentLine
	Said                 casework.Said
	Links                casework.Links
	Today                string
}

// Filter says which demands or commitments a list holds. Its zero value means
// all. A list of commitments takes Party for who promised.
type Filter struct {
	Party    record.PartyID // asked, or promising
	Attack   record.EventID
	Petition record.PetitionID
	// Response and Progress are the organisation's present words; not_checked and
	// not_assessed find those without any.
	Response   record.ResponseValue
	Progress   record.ProgressValue
	Timeliness string // one of the values of [Standing.Timeliness]
	Silent     bool   // a clock runs and nothing was answered
	Plan       record.Plan
	Words      string // that have to stand in it
	Amounts    bool   // commitments of money only
	Offers     bool   // commitments made as an offer only
	Real       bool   // none of petitions that are tried out
}

// AssessmentLine is an assessment in the queue of review.
type AssessmentLine struct {
	Item AssessmentItem
	Of   casework.Link // the demand or commitment
	Step *record.Step  // nil for the whole
	// Mine says that the viewer entered it, and may not review it unless the house has no other
	// reviewer.
	Mine bool
}

// ReplyLine is a reply that nobody has read against the demands yet. The clock
// does not stop by itself.
type ReplyLine struct {
	Reply    *record.Reply
	Petition casework.Link
	// Demands are those of the petition that it speaks to, all of them when it does not say.
	Demands []DemandLine
	Days    int // since it was received
	// Level is how deep into the house one has to see to know of it.
	Level access.Level
}

// PetitionDemandLine is a demand of a petition, or a part of one, and the demand
// made from it, nil while it is not followed.
type PetitionDemandLine struct {
	Key      string
	Text     record.Text
	Depth    int // 0 for a demand, 1 for its parts
	Followed *record.Demand
}

// ProceedingLine is a proceeding as lists show it.
type ProceedingLine struct {
	Proceeding *record.Proceeding
	Rev        int
	Level      access.Level
	// Reached is the furthest step of the chain, "" before any; Outcome is "convicted", "acquitted",
	// "mixed", "none_known" (somebody looked) or "not_checked"; Exit is how it left the chain, "" not.
	Reached record.StepKind
	Outcome string
	Exit    record.StepKind
	// Order lists the steps that come in an impossible order by their dates, as sources have them.
	Order []int
	// Chain is how far it came, Contradictions what cannot be as it is recorded.
	Chain          follow.Chain
	Contradictions []follow.Contradiction
}

// ProceedingPage is everything the page of a proceeding shows.
type ProceedingPage struct {
	Item ProceedingItem
	ProceedingLine
	Events []casework.EventLine
	Said   casework.Said
	Links  casework.Links
}

// SilenceLine is an addressee who has said nothing to a demand, or a promiser
// whose commitment stands.
type SilenceLine struct {
	Of        record.Ref // the demand or commitment
	Text      record.Text
	Slug      string
	Addressee string // key, of a demand
	Party     record.PartyID
	Office    record.Text
	Person    record.PersonID
	Silence   Silence

	also []record.PartyID // who promised it too
}

// DueLine is one clock: a demand, a commitment or a step.
type DueLine struct {
	Of   record.Ref
	Slug string
	Text record.Text
	Step string // its key, "" for the whole
	// Day is the last day; Timeliness and DaysLate are worked out for today in its zone.
	Day        string
	Timeliness string
	DaysLate   int
	// Unchecked says that nobody has judged whether it was done.
	Unchecked bool
}

// Summary counts demands or commitments by where they stand, with what is
// unknown beside what is known.
type Summary struct {
	All int
	// Response and Progress count the present words of one assessor: By.
	By         record.Assessor
	Response   map[record.ResponseValue]int
	Progress   map[record.ProgressValue]int
	Timeliness map[string]int
	// Assessed is how many have a word on progress; NotAssessed the others.
	Assessed, NotAssessed int
	// Silent is for how many a clock runs without an answer; NotStarted for how many nothing was
	// handed over.
	Silent, NotStarted int
	// Practice is how many more there are of petitions that are tried out, which are counted in
	// nothing else here.
	Practice    int
	LastChecked string
}

// Overview is the page "what was promised, what was done".
type Overview struct {
	Demands, Commitments Summary
	// Amounts are the sums promised, per currency, part and what for, never added across.
	Amounts     []AmountSum
	Authorities []AuthorityLine
	Overdue     []DueLine // the longest overdue first
	Silent      []SilenceLine
	Links       casework.Links
	Today       string
}

// AmountSum is what commitments promise in one currency and for one purpose: the
// lowest and the highest that claims support, each a sum over commitments.
type AmountSum = follow.Sum

// AuthorityLine is an authority in a list.
type AuthorityLine struct {
	Party                casework.Link
	Demands, Commitments int
	Met, Overdue, Silent int
	LongestSilence       int // days
}

// AuthorityPage is everything an authority was asked, what it said and did.
type AuthorityPage struct {
	Party *record.Party
	// Passed are offices that it took over from, whose institutional demands it answers for;
	// Successor took over from it.
	Passed      []*record.Party
	Successor   *record.Party
	Asked       []DemandLine // of it, and of those it took over from
	Given       []CommitmentLine
	Proceedings []ProceedingLine // in which it is the court or acted
	Demands     Summary
	Commitments Summary
	Amounts     []AmountSum
	Silence     []SilenceLine
	// How many there are in all of what Asked, Given and Silence have a page of.
	AskedAll, GivenAll, SilenceAll int
	Links                          casework.Links
	Today                          string
}

// Matrix is demands by addressees of a petition.
type Matrix struct {
	Petition   *record.Petition
	Addressees []record.DemandAddressee // columns
	Rows       []MatrixRow
	// Unfollowed are demands of the petition that nobody follows yet.
	Unfollowed []PetitionDemandLine
	Links      casework.Links
	Today      string
}

// MatrixRow is one demand of a matrix; Cells stand in the order of the
// addressees and are nil where that one was not asked.
type MatrixRow struct {
	DemandLine
	Cells []*AddresseeView
}

// CoursePage is an attack with what came before and after, in the order of time.
type CoursePage struct {
	Event       casework.EventLine
	Before      []CourseEvent // warnings, threats and earlier attacks that a record ties to it
	After       []CourseEvent // answers: protests, negotiations, visits, court steps
	Proceedings []ProceedingLine
	Demands     []DemandLine
	Commitments []CommitmentLine
	// Done are assessments whose judgement has a date, in order.
	Done  []*record.Assessment
	Said  casework.Said
	Links casework.Links
}

// CourseEvent is an event on the course of another; Warning holds the claims by
// which it announced the attack.
type CourseEvent struct {
	casework.EventLine
	Warning []record.ClaimID
	// Answered lists what was done about a warning: responses to it.
	Answered []casework.EventLine
}

// WavePage is the protests in response to an event.
type WavePage struct {
	Event    casework.EventLine
	Protests []WaveLine // by the day on which they began
	// Towns and Countries are how many distinct ones; Low and High sum the participants where a
	// number is known, Uncounted is where none is. A whole and its parts are summed once, under
	// [NestRule]: see [WaveLine.In].
	Towns, Countries int
	Low, High        int64
	HighOpen         bool
	Uncounted        int
	Said             casework.Said
	Links            casework.Links
	// Rule names the rule under which vague words became numbers.
	Rule string
}

// WaveLine is one protest of a wave.
type WaveLine struct {
	casework.EventLine
	// Days is how long it lasted, 0 where that is not known.
	Days int
	// In is the gathering of the wave that holds this one and has a number of its own, in which
	// those who came here are, "" where there is none. ByScope says that it holds it by place and
	// days, not as the record says; Exceeds that fewer are said to have come to it than to this one alone.
	In      record.EventID
	ByScope bool
	Exceeds bool
	// Parted says that it has no number of its own, but one that it holds has. Neither of them
	// is added to the sum nor counted as without a number.
	Parted bool
	// Participants is the figure under the wave's rule; nil where nobody gave a number.
	Participants *Crowd
	Demands      []*record.Demand
	Offers       []*record.Commitment
	Ended        *record.Claim // how it ended, by claim
}

// Crowd is how many took part, by a named rule.
type Crowd struct {
	Low, High int64
	HighOpen  bool
	Words     []string // as sources put it
	Claims    []record.ClaimID
	Rule      string
}

// Anniversary is an attack whose day comes round.
type Anniversary struct {
	Event casework.EventLine
	On    string // YYYY-MM-DD, the next time
	Years int
	Days  int // until then
}

// StatusLine is a group's legal status over a time, by claim.
type StatusLine struct {
	From, To record.When
	Country  string
	Words    record.Text
	Claims   []record.ClaimID
}

// Share is a share with its interval and with what is unknown counted in and
// out.
type Share struct {
	Of, All   int     // Of among those whose outcome was checked
	Unknown   int     // not checked
	Value     float64 // Of ÷ All, NaN when nothing was checked
	Low, High float64 // Wilson interval at 95 %
	// BoundLow counts none of the unknown, BoundHigh all of them.
	BoundLow, BoundHigh float64
}

// AccountabilityFilter says which attacks are counted. Its zero value means all.
type AccountabilityFilter struct {
	Party     record.PartyID // accused
	Community record.PartyID // struck
	Country   string
	From, To  string // YYYY-MM-DD
	// Population of the community, if somebody gives one, for the form of the CPJ index.
	Population int64
}

// Accountability is the chain from complaint to sentence over many attacks.
type Accountability struct {
	Attacks     int
	NoConvict   Share // attacks with no known conviction
	Prosecuted  Share // attacks in which somebody was charged
	Reached     []ReachedLine
	Waits       []WaitLine // between which steps how long
	Escapes     int
	Released    int
	KilledFirst int
	// PerMillion is attacks without known conviction in ten years per million people; 0 without a
	// population or below five of them.
	PerMillion  float64
	Proceedings []ProceedingLine
	// Loose are cases about no attack, which are in none of the measures.
	Loose    []ProceedingLine
	Parties  []PartyAccount
	Links    casework.Links
	From, To string
}

// ReachedLine is how many proceedings reached a step of the chain.
type ReachedLine struct {
	Step record.StepKind
	N    int
}

// PartyAccount is the measure for one accused party.
type PartyAccount struct {
	Party     casework.Link
	Attacks   int
	NoConvict Share
	Status    []StatusLine
}

// Letter is a draft to chase an answer, for a person to send.
type Letter struct {
	Lang    string
	To      string // who it is to, as printed
	Subject string
	Body    string
	// Days is for how long there has been silence, 0 when no clock runs.
	Days int
}

// TrendDraft is a test before it is published.
type TrendDraft struct {
	Frame  record.Frame
	Params trend.Params
	Input  trend.Input
	Hash   string
	Result *trend.Result
	// Left counts events of the frame that were left out, by why: "planned", "undated", "joined".
	Left map[string]int
}

// TrendView is a published test.
type TrendView struct {
	Item   TrendItem
	Params trend.Params
	Result *trend.Result
	// Input is the stored input without the events that the viewer may not see now,
	// empty when the file is missing. Taken is how many those are, Changed how many
	// others do not say any more what they are a part of. With any of them, the hash of what is left
	// is not the one of the statement, and Params and Result are of a computation from what is
	// left; a nil Result says that there can be none. Left is how many events Input has, which itself
	// is only there where it was asked for.
	Input                trend.Input
	Left, Taken, Changed int
	Said                 casework.Said
	Links                casework.Links
}

// Kept reports whether there is anything that the statement was computed from, were it
// only lines that the viewer may not read.
func (t *TrendView) Kept() bool { return t.Taken > 0 || t.Left > 0 }

// Without names the result of a statement that was computed again without events that the viewer may
// not see, "" where it is the one that was published. It is the same for the same result.
func (t *TrendView) Without() string {
	if t.Taken+t.Changed == 0 {
		return ""
	}
	return trend.Hash(t.Item.Rec.Result)[:16]
}

// sameFrame reports whether a statement tests the same part of the record as another.
func (t *TrendView) sameFrame(other *record.TrendStatement) bool {
	return reflect.DeepEqual(t.Item.Rec.Frame, other.Frame)
}

// TrendCheck says whether a statement can be recomputed from what it stored.
type TrendCheck struct {
	OK     bool
	Reason string // a message key's end: "input_missing", "input_changed", "version_gone", "differs"
	Result *trend.Result
	Events int // of the input, those included that are hidden by now
}

// Recalculated is a due date that a change of a calendar moved.
type Recalculated struct {
	Of       record.Ref
	Step     string
	Was, Now string
}
