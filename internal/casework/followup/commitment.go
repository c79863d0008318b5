package followup

import (
	"context"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// MakeCommitment enters a commitment or an offer; its identifier and address are
// given here. With a plan and no steps it begins with the steps of that plan.
func (d *Desk) MakeCommitment(ctx context.Context, v access.Viewer, rec *record.Commitment, reason string) (record.CommitmentID, error) {
	next := *rec
	id, err := d.begin(ctx, record.KindCommitment, next.Text, next.Plan, &next.Slug, &next.Steps)
	if err != nil {
		return "", err
	}
	next.ID = record.CommitmentID(id)
	if err := d.put(ctx, v, &next, 0, reason, d.checkCommitment(ctx, v, &next)); err != nil {
		return "", err
	}
	return next.ID, nil
}

// SaveCommitment changes a commitment; rev is the revision the change was made on.
func (d *Desk) SaveCommitment(ctx context.Context, v access.Viewer, rec *record.Commitment, rev int, reason string) error {
	next := *rec
	return d.put(ctx, v, &next, max(rev, 1), reason, d.checkCommitment(ctx, v, &next))
}

func (d *Desk) checkCommitment(ctx context.Context, v access.Viewer, rec *record.Commitment) func(*casework.Work, record.Record) error {
	return func(w *casework.Work, old record.Record) error {
		return checkSteps(ctx, w, v, rec, old, &rec.Due, &rec.Steps)
	}
}

// Commitment reads a commitment's page by its slug, an old slug or its identifier.
func (d *Desk) Commitment(ctx context.Context, v access.Viewer, slug string) (*CommitmentPage, error) {
	p := &CommitmentPage{}
	err := d.view(ctx, func(r *store.Reader) (err error) {
		if p.Item, err = bySlug[*record.Commitment](ctx, r, v, slug); err != nil {
			return err
		}
		return d.readCommitment(ctx, r, v, p)
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (d *Desk) readCommitment(ctx context.Context, r *store.Reader, v access.Viewer, p *CommitmentPage) error {
	rec := p.Item.Rec
	b, err := d.bench(ctx, r, v, nil, []CommitmentItem{p.Item}, false)
	if err != nil {
		return err
	}
	if p.Assessments, err = b.full(ctx, r, v, string(rec.ID)); err != nil {
		return err
	}
	p.CommitmentLine = b.commitment(p.Item)
	f := follow.OfCommitment(rec, dateless)
	p.StepViews = b.stepViews(&f, follow.NewBoard(b.judged[string(rec.ID)]), "")
	p.Today = b.today(rec.Due.Zone)
	demands, err := r.DemandsTied(ctx, v, string(rec.ID), store.PartLink)
	if err != nil {
		return err
	}
	of, err := d.bench(ctx, r, v, demands, nil, false)
	if err != nil {
		return err
	}
	for _, it := range demands {
		p.Demands = append(p.Demands, of.demand(it))
	}
	replacing, err := r.CommitmentsTied(ctx, v, string(rec.ID), store.PartReplaces)
	if err != nil {
		return err
	}
	if p.ReplacedBy, err = d.commitmentLines(ctx, r, v, replacing); err != nil {
		return err
	}
	if rec.Replaces != "" {
		was, err := store.Get[*record.Commitment](ctx, r, v, rec.Replaces)
		if err != nil {
			return err
		}
		if it, ok := was[rec.Replaces]; ok {
			if p.Replaced, err = d.commitmentLines(ctx, r, v, []CommitmentItem{it}); err != nil {
				return err
			}
		}
	}
	p.Said, p.Links, err = mentioned(ctx, r, v, rec, p.Assessments)
	return err
}

func (d *Desk) commitmentLines(ctx context.Context, r *store.Reader, v access.Viewer, items []CommitmentItem) ([]CommitmentLine, error) {
	b, err := d.bench(ctx, r, v, nil, items, false)
	if err != nil {
		return nil, err
	}
	out := make([]CommitmentLine, len(items))
	for i, it := range items {
		out[i] = b.commitment(it)
	}
	return out, nil
}

func (d *Desk) demandLines(ctx context.Context, r *store.Reader, v access.Viewer, items []DemandItem) ([]DemandLine, error) {
	b, err := d.bench(ctx, r, v, items, nil, false)
	if err != nil {
		return nil, err
	}
	out := make([]DemandLine, len(items))
	for i, it := range items {
		out[i] = b.demand(it)
	}
	return out, nil
}

// Commitments lists commitments, the latest first, and how many there are.
func (d *Desk) Commitments(ctx context.Context, v access.Viewer, f Filter, offset, limit int) (out []CommitmentLine, n int, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		s, err := d.state(ctx, r, v)
		if err != nil {
			return err
		}
		lines, all := s.commitmentsOf(f, offset, limit)
		out, n = values(lines), all
		return nil
	})
	return out, n, err
}

// commitmentsOf is a page of those that a filter lets through, and how many these are.
func (s *state) commitmentsOf(f Filter, offset, limit int) ([]*CommitmentLine, int) {
	return pageOf(s.commitments, wording(f.Words, f.commitment, func(l *CommitmentLine) *folded { return l.words }), offset, limit)
}

// commitment reports whether a filter lets a commitment through.
func (f Filter) commitment(l *CommitmentLine) bool {
	m := l.Commitment
	switch {
	case f.Party != "" && !slices.ContainsFunc(m.By, func(p record.Promiser) bool { return p.Party == f.Party }),
		f.Attack != "" && m.Attack != f.Attack && m.In != f.Attack,
		f.Petition != "",
		f.Plan != "" && m.Plan != f.Plan,
		f.Amounts && len(m.Amounts) == 0,
		f.Offers && m.Offer == nil,
		!f.stands(&l.Standing, &l.Silence):
		return false
	}
	return true
}
