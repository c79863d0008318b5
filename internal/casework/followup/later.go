package followup

import (
	"context"
	"errors"
	"io"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/trend"
)

var errUnbuilt = errors.New("not built yet")

// MakeDemand begins to follow a demand; its identifier and address are given here.
func (d *Desk) MakeDemand(ctx context.Context, v access.Viewer, rec *record.Demand, reason string) (record.DemandID, error) {
	return "", errUnbuilt
}

// SaveDemand changes a demand; rev is the revision the change was made on.
func (d *Desk) SaveDemand(ctx context.Context, v access.Viewer, rec *record.Demand, rev int, reason string) error {
	return errUnbuilt
}

// PetitionDemands lists what a petition asks and which of it is followed.
func (d *Desk) PetitionDemands(ctx context.Context, v access.Viewer, id record.PetitionID) ([]PetitionDemandLine, error) {
	return nil, errUnbuilt
}

// FollowPetition begins to follow demands of a published petition: those with the keys, all when none are given.
// Those followed already stay as they are.
func (d *Desk) FollowPetition(ctx context.Context, v access.Viewer, id record.PetitionID, reason string, keys ...string) ([]record.DemandID, error) {
	return nil, errUnbuilt
}

// Demand reads a demand's page by its slug, an old slug or its identifier.
func (d *Desk) Demand(ctx context.Context, v access.Viewer, slug string) (*DemandPage, error) {
	return nil, errUnbuilt
}

// Demands lists demands, newest first, and how many there are.
func (d *Desk) Demands(ctx context.Context, v access.Viewer, f Filter, offset, limit int) ([]DemandLine, int, error) {
	return nil, 0, errUnbuilt
}

// PlanSteps returns the ready-made steps of a plan, for a form to begin with.
func (d *Desk) PlanSteps(plan record.Plan) []record.Step { return nil }

// MakeCommitment enters a commitment or an offer.
func (d *Desk) MakeCommitment(ctx context.Context, v access.Viewer, rec *record.Commitment, reason string) (record.CommitmentID, error) {
	return "", errUnbuilt
}

// SaveCommitment changes a commitment.
func (d *Desk) SaveCommitment(ctx context.Context, v access.Viewer, rec *record.Commitment, rev int, reason string) error {
	return errUnbuilt
}

// Commitment reads a commitment's page.
func (d *Desk) Commitment(ctx context.Context, v access.Viewer, slug string) (*CommitmentPage, error) {
	return nil, errUnbuilt
}

// Commitments lists commitments, newest first, and how many there are.
func (d *Desk) Commitments(ctx context.Context, v access.Viewer, f Filter, offset, limit int) ([]CommitmentLine, int, error) {
	return nil, 0, errUnbuilt
}

// Assess enters an assessment, which waits for another person's review.
func (d *Desk) Assess(ctx context.Context, v access.Viewer, rec *record.Assessment, reason string) (record.AssessmentID, error) {
	return "", errUnbuilt
}

// SaveAssessment changes an assessment that was not reviewed yet, or its internal
// note and right of reply later; any other change of a reviewed one waits for review again.
func (d *Desk) SaveAssessment(ctx context.Context, v access.Viewer, rec *record.Assessment, rev int, reason string) error {
	return errUnbuilt
}

// ReviewAssessment decides about somebody else's assessment; publish makes an
// accepted one public where what it judges is.
func (d *Desk) ReviewAssessment(ctx context.Context, v access.Viewer, id record.AssessmentID, rev int, state record.ReviewState, reason string, publish bool) error {
	return errUnbuilt
}

// Assessment reads one assessment with what it judges.
func (d *Desk) Assessment(ctx context.Context, v access.Viewer, id record.AssessmentID) (*AssessmentLine, error) {
	return nil, errUnbuilt
}

// AssessmentQueue lists assessments that wait for review, oldest first, and how many do.
func (d *Desk) AssessmentQueue(ctx context.Context, v access.Viewer, offset, limit int) ([]AssessmentLine, int, error) {
	return nil, 0, errUnbuilt
}

// NeedsClassification lists replies that no assessment cites yet, oldest first.
func (d *Desk) NeedsClassification(ctx context.Context, v access.Viewer) ([]ReplyLine, error) {
	return nil, errUnbuilt
}

// MakeProceeding enters a proceeding.
func (d *Desk) MakeProceeding(ctx context.Context, v access.Viewer, rec *record.Proceeding, reason string) (record.ProceedingID, error) {
	return "", errUnbuilt
}

// SaveProceeding changes a proceeding.
func (d *Desk) SaveProceeding(ctx context.Context, v access.Viewer, rec *record.Proceeding, rev int, reason string) error {
	return errUnbuilt
}

// Proceeding reads a proceeding's page.
func (d *Desk) Proceeding(ctx context.Context, v access.Viewer, slug string) (*ProceedingPage, error) {
	return nil, errUnbuilt
}

// Proceedings lists proceedings: those about a record (event, person or party), or all with a zero Ref.
func (d *Desk) Proceedings(ctx context.Context, v access.Viewer, about record.Ref, offset, limit int) ([]ProceedingLine, int, error) {
	return nil, 0, errUnbuilt
}

// SaveCalendar makes (rev 0) or changes a country's calendar. Due dates in working
// days there are worked out again in the same transaction and returned.
func (d *Desk) SaveCalendar(ctx context.Context, v access.Viewer, rec *record.HolidayCalendar, rev int, reason string) ([]Recalculated, error) {
	return nil, errUnbuilt
}

// Calendars lists the calendars.
func (d *Desk) Calendars(ctx context.Context, v access.Viewer) ([]CalendarItem, error) {
	return nil, errUnbuilt
}

// Due lists clocks, the earliest day first: all, or those of one timeliness.
func (d *Desk) Due(ctx context.Context, v access.Viewer, timeliness string, offset, limit int) ([]DueLine, int, error) {
	return nil, 0, errUnbuilt
}

// Silences lists who has said nothing, the longest silence first; party "" is all.
func (d *Desk) Silences(ctx context.Context, v access.Viewer, party record.PartyID, offset, limit int) ([]SilenceLine, int, error) {
	return nil, 0, errUnbuilt
}

// Overview reads the page "what was promised, what was done", counting the
// words of one assessor ("" the organisation).
func (d *Desk) Overview(ctx context.Context, v access.Viewer, by record.Assessor) (*Overview, error) {
	return nil, errUnbuilt
}

// Authority reads an authority's page by its slug or identifier.
func (d *Desk) Authority(ctx context.Context, v access.Viewer, slug string, by record.Assessor) (*AuthorityPage, error) {
	return nil, errUnbuilt
}

// Matrix reads the demands of a petition by addressee.
func (d *Desk) Matrix(ctx context.Context, v access.Viewer, slug string) (*Matrix, error) {
	return nil, errUnbuilt
}

// Course reads what came before and after an attack.
func (d *Desk) Course(ctx context.Context, v access.Viewer, slug string) (*CoursePage, error) {
	return nil, errUnbuilt
}

// Wave reads the protests in response to an event.
func (d *Desk) Wave(ctx context.Context, v access.Viewer, slug string) (*WavePage, error) {
	return nil, errUnbuilt
}

// Anniversaries lists attacks whose day comes round within so many days, the
// nearest first.
func (d *Desk) Anniversaries(ctx context.Context, v access.Viewer, days, limit int) ([]Anniversary, error) {
	return nil, errUnbuilt
}

// LegalStatus is what a group was in law over time, by attribute claims, the
// earliest first.
func (d *Desk) LegalStatus(ctx context.Context, v access.Viewer, party record.PartyID) ([]StatusLine, error) {
	return nil, errUnbuilt
}

// Accountability measures how far cases went.
func (d *Desk) Accountability(ctx context.Context, v access.Viewer, f AccountabilityFilter) (*Accountability, error) {
	return nil, errUnbuilt
}

// Letter drafts a letter to an addressee of a demand, in their language or
// another ("" theirs). It is for a person to send; nothing is sent here.
func (d *Desk) Letter(ctx context.Context, v access.Viewer, id record.DemandID, addressee, lang string) (*Letter, error) {
	return nil, errUnbuilt
}

// DraftTrend collects the input from what the public sees and computes.
func (d *Desk) DraftTrend(ctx context.Context, v access.Viewer, f record.Frame, p trend.Params) (*TrendDraft, error) {
	return nil, errUnbuilt
}

// MakeTrend computes and keeps a statement: rec has the title, frame, words and
// claims, p the parameters. With rec.Visibility public it is published.
func (d *Desk) MakeTrend(ctx context.Context, v access.Viewer, rec *record.TrendStatement, p trend.Params, reason string) (record.TrendStatementID, error) {
	return "", errUnbuilt
}

// Trend reads a statement's page.
func (d *Desk) Trend(ctx context.Context, v access.Viewer, slug string) (*TrendView, error) {
	return nil, errUnbuilt
}

// Trends lists the statements, newest first.
func (d *Desk) Trends(ctx context.Context, v access.Viewer) ([]TrendItem, error) {
	return nil, errUnbuilt
}

// RecomputeTrend computes a statement again from its stored input with its own
// version of the method, and compares.
func (d *Desk) RecomputeTrend(ctx context.Context, v access.Viewer, id record.TrendStatementID) (*TrendCheck, error) {
	return nil, errUnbuilt
}

// Remind writes to organisers and editors about what became due or silent since
// the last time, once for each fact, and never to an authority. It returns how many messages
// it put into the outbox.
func (d *Desk) Remind(ctx context.Context) (int, error) { return 0, errUnbuilt }

// Keep reminds once an hour until ctx ends.
func (d *Desk) Keep(ctx context.Context) error { return errUnbuilt }

// CSV writes a list as a table: demands, commitments, assessments, proceedings,
// silence, due.
func (d *Desk) CSV(ctx context.Context, v access.Viewer, list string, f Filter, w io.Writer) error {
	return errUnbuilt
}
