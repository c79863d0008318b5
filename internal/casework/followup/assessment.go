package followup

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/gawah-project/gawah/internal/store"
)

// Assess enters an assessment, which waits for another person's review.
func (d *Desk) Assess(ctx context.Context, v access.Viewer, rec *record.Assessment, reason string) (record.AssessmentID, error) {
	id, err := d.house.NewID()
	if err != nil {
		return "", err
	}
	next := *rec
	next.ID, next.Review = record.AssessmentID(id), record.Review{State: record.Suggested}
	if next.Visibility == record.Public || next.Visibility == "" {
		next.Visibility = record.Internal
	}
	if next.Visibility == record.Internal && !enters(v) {
		next.Visibility = record.Draft
	}
	err = d.put(ctx, v, &next, 0, reason, func(w *casework.Work, _ record.Record) error {
		if err := d.fits(ctx, w, v, &next); err != nil {
			return err
		}
		return cited(ctx, w, v, &next)
	})
	if err != nil {
		return "", err
	}
	return next.ID, nil
}

// followed reads what an assessment judges: its addressees, steps, and the date of the
// attack it is about.
func followed(ctx context.Context, r *store.Reader, v access.Viewer, of record.Ref) (*follow.Followed, string, error) {
	attack := func(id record.EventID) (edtf.Date, error) {
		if id == "" {
			return edtf.Date{}, nil
		}
		got, err := store.Get[*record.Event](ctx, r, access.House(), id)
		if it, ok := got[id]; ok {
			return it.Rec.When.Date, err
		}
		return edtf.Date{}, err
	}
	switch of.Kind {
	case record.KindDemand:
		it, err := store.One[*record.Demand](ctx, r, v, of.ID)
		if err != nil {
			return nil, "", err
		}
		at, err := attack(it.Rec.Attack)
		f := follow.OfDemand(it.Rec, at)
		zone := it.Rec.Due.Zone
		if len(it.Rec.Addressees) > 0 {
			zone = zoneOf(it.Rec.Addressees[0], it.Rec.Due)
		}
		return &f, zone, err
	case record.KindCommitment:
		it, err := store.One[*record.Commitment](ctx, r, v, of.ID)
		if err != nil {
			return nil, "", err
		}
		at, err := attack(it.Rec.Attack)
		f := follow.OfCommitment(it.Rec, at)
		return &f, it.Rec.Due.Zone, err
	}
	return nil, "", wrong("of", "choice")
}

// fits refuses an assessment that cannot be of what it judges.
func (d *Desk) fits(ctx context.Context, w *casework.Work, v access.Viewer, rec *record.Assessment) error {
	f, zone, err := followed(ctx, &w.Tx().Reader, v, rec.Of)
	if err != nil {
		return err
	}
	today, _ := d.newClock().Today(zone)
	return f.Check(rec, today)
}

// SaveAssessment changes an assessment. One that was reviewed and is given other
// content than its internal note or the right of reply waits for review again, and leaves
// the public until then.
func (d *Desk) SaveAssessment(ctx context.Context, v access.Viewer, rec *record.Assessment, rev int, reason string) error {
	next := *rec
	return d.do(ctx, v, access.ActEnter, changeAssessment, reason, func(w *casework.Work) error {
		item, err := store.One[*record.Assessment](ctx, &w.Tx().Reader, v, next.ID)
		if err != nil {
			return err
		}
		old := item.Rec
		if item.Author != v.User && !enters(v) {
			return fmt.Errorf("change what somebody else entered: %w", record.ErrForbidden)
		}
		if next.Of != old.Of {
			return wrong("of", "choice")
		}
		next.Review = old.Review
		if old.Review.State != record.Suggested && !sameJudgement(old, &next) {
			next.Review = record.Review{State: record.Suggested}
			if next.Visibility == record.Public {
				next.Visibility = record.Internal
			}
		}
		if old.Visibility == record.Public && next.Visibility != record.Public {
			if err := require(v, access.ActPublish); err != nil {
				return err
			}
		}
		if next.Visibility == record.Public && old.Visibility != record.Public {
			return fmt.Errorf("an assessment becomes public by its review: %w", record.ErrForbidden)
		}
		if next.Visibility != record.Draft && !enters(v) {
			return fmt.Errorf("enter an assessment: %w", record.ErrForbidden)
		}
		if err := d.fits(ctx, w, v, &next); err != nil {
			return err
		}
		return w.Change(&next, max(rev, 1))
	})
}

// sameJudgement reports whether two versions judge the same on the same grounds.
func sameJudgement(a, b *record.Assessment) bool {
	x, y := *a, *b
	x.Note, x.RightOfReply, x.Visibility, x.Review = y.Note, y.RightOfReply, y.Visibility, y.Review
	one, err := ledger.Canonical(&x)
	if err != nil {
		return false
	}
	two, err := ledger.Canonical(&y)
	return err == nil && bytes.Equal(one, two)
}

// ReviewAssessment decides about an assessment that somebody else entered; in a house
// with one reviewer they decide about their own, which is marked. publish makes an accepted one public; it is
// seen by everybody once what it judges is.
func (d *Desk) ReviewAssessment(ctx context.Context, v access.Viewer, id record.AssessmentID, rev int, state record.ReviewState, reason string, publish bool) error {
	switch state {
	case record.Accepted, record.Rejected, record.Retracted:
	default:
		return wrong("state", "review_state")
	}
	return d.do(ctx, v, access.ActReview, "review assessment", reason, func(w *casework.Work) error {
		item, err := store.One[*record.Assessment](ctx, &w.Tx().Reader, v, id)
		if err != nil {
			return err
		}
		if state == record.Retracted && item.Rec.Review.State != record.Accepted || item.Rec.Review.State == state && !publish {
			return wrong("state", "review_state")
		}
		n, err := w.Reviewers()
		if err != nil {
			return err
		}
		author := item.Author
		if own, err := rewrote(ctx, &w.Tx().Reader, v, item); err != nil {
			return err
		} else if own {
			author = v.User
		}
		ok, only := v.MayReview(author, n)
		if v.User == "" {
			ok, only = true, false // the house itself, which takes in what was reviewed elsewhere
		}
		if !ok {
			return fmt.Errorf("review one's own assessment: %w", record.ErrForbidden)
		}
		next := *item.Rec
		next.Review = record.Review{State: state, By: v.User, At: w.At(), Reason: reason, OneReviewer: only}
		switch {
		case state == record.Rejected && next.Visibility == record.Public:
			next.Visibility = record.Internal
		case state == record.Accepted && publish:
			if err := require(v, access.ActPublish); err != nil {
				return err
			}
			next.Visibility = record.Public
		case state == record.Accepted && next.Visibility == record.Draft:
			next.Visibility = record.Internal
		}
		return w.Change(&next, rev)
	})
}

// rewrote reports whether any version of an assessment is the viewer's own wording: whoever
// rewrites another's judgement does not review it either.
func rewrote(ctx context.Context, r *store.Reader, v access.Viewer, item AssessmentItem) (bool, error) {
	if v.User == "" || item.Rev == 1 {
		return false, nil
	}
	past, err := r.History(ctx, access.House(), item.Rec.Ref())
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(past, func(p store.Past) bool {
		return p.Actor == v.User && (p.Action == makeAssessment || p.Action == changeAssessment)
	}), nil
}

// What the journal calls the writing of an assessment, as opposed to deciding about it.
const (
	makeAssessment   = "make assessment"
	changeAssessment = "change assessment"
)

// Assessment reads one assessment with what it judges.
func (d *Desk) Assessment(ctx context.Context, v access.Viewer, id record.AssessmentID) (*AssessmentLine, error) {
	var out []AssessmentLine
	err := d.view(ctx, func(r *store.Reader) error {
		item, err := store.One[*record.Assessment](ctx, r, v, id)
		if err != nil {
			return err
		}
		out, err = assessmentLines(ctx, r, v, []AssessmentItem{item})
		return err
	})
	if err != nil {
		return nil, err
	}
	return &out[0], nil
}

// AssessmentQueue lists assessments that wait for review, oldest first, and how many do.
func (d *Desk) AssessmentQueue(ctx context.Context, v access.Viewer, offset, limit int) (out []AssessmentLine, n int, err error) {
	if err := require(v, access.ActEnter); err != nil {
		return nil, 0, err
	}
	err = d.view(ctx, func(r *store.Reader) error {
		var items []AssessmentItem
		if items, n, err = r.AssessmentsWaiting(ctx, v, offset, limit); err != nil {
			return err
		}
		out, err = assessmentLines(ctx, r, v, items)
		return err
	})
	return out, n, err
}

func assessmentLines(ctx context.Context, r *store.Reader, v access.Viewer, items []AssessmentItem) ([]AssessmentLine, error) {
	var refs []record.Ref
	var demands []record.DemandID
	var commitments []record.CommitmentID
	for _, it := range items {
		refs = append(refs, it.Rec.Of)
		if it.Rec.Of.Kind == record.KindDemand {
			demands = append(demands, record.DemandID(it.Rec.Of.ID))
		} else {
			commitments = append(commitments, record.CommitmentID(it.Rec.Of.ID))
		}
	}
	links, err := casework.LinksIn(ctx, r, v, refs...)
	if err != nil {
		return nil, err
	}
	of, err := store.Get[*record.Demand](ctx, r, v, demands...)
	if err != nil {
		return nil, err
	}
	promised, err := store.Get[*record.Commitment](ctx, r, v, commitments...)
	if err != nil {
		return nil, err
	}
	out := make([]AssessmentLine, len(items))
	for i, it := range items {
		mine := v.User != "" && it.Author == v.User
		if !mine {
			if mine, err = rewrote(ctx, r, v, it); err != nil {
				return nil, err
			}
		}
		out[i] = AssessmentLine{Item: it, Of: links[it.Rec.Of], Mine: mine}
		var list []record.Step
		if m, ok := of[record.DemandID(it.Rec.Of.ID)]; ok {
			list = m.Rec.Steps
		}
		if m, ok := promised[record.CommitmentID(it.Rec.Of.ID)]; ok {
			list = m.Rec.Steps
		}
		if k := slices.IndexFunc(list, func(s record.Step) bool { return s.Key == it.Rec.Step }); it.Rec.Step != "" && k >= 0 {
			out[i].Step = &list[k]
		}
	}
	return out, nil
}

// NeedsClassification lists replies to petitions of which demands are followed that
// no assessment cites yet, oldest first.
func (d *Desk) NeedsClassification(ctx context.Context, v access.Viewer) (out []ReplyLine, err error) {
	if err := require(v, access.ActEnter); err != nil {
		return nil, err
	}
	err = d.view(ctx, func(r *store.Reader) error {
		s, err := d.state(ctx, r, v)
		if err != nil {
			return err
		}
		of := map[record.PetitionID][]DemandLine{}
		var ids []record.PetitionID
		var refs []record.Ref
		for _, l := range s.demands {
			if l.Demand.Of.Kind != record.KindPetition {
				continue
			}
			id := record.PetitionID(l.Demand.Of.ID)
			if of[id] == nil {
				ids, refs = append(ids, id), append(refs, l.Demand.Of)
			}
			of[id] = append(of[id], *l)
		}
		replies, err := r.RepliesOfAll(ctx, v, ids)
		if err != nil {
			return err
		}
		read, err := r.RepliesCited(ctx)
		if err != nil {
			return err
		}
		links, err := casework.LinksIn(ctx, r, v, refs...)
		if err != nil {
			return err
		}
		for _, y := range replies {
			if read[y.Rec.ID] {
				continue
			}
			line := ReplyLine{
				Reply: y.Rec, Petition: links[record.Ref{Kind: record.KindPetition, ID: string(y.Rec.Petition)}],
				Days: int(d.now().Sub(time.UnixMicro(y.Rec.Received)) / (24 * time.Hour)), Level: y.Level,
			}
			for _, l := range of[y.Rec.Petition] {
				if len(y.Rec.Demands) == 0 || slices.Contains(y.Rec.Demands, l.Demand.Key) {
					line.Demands = append(line.Demands, l)
				}
			}
			out = append(out, line)
		}
		return nil
	})
	return out, err
}
