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
