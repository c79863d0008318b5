package followup

import (
	"context"
	"fmt"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// The kinds of facts that followers are told.
const (
	factJudged   = "assessment"
	factPromised = "commitment"
	factOverdue  = "overdue"
)

// Notice numbers what followers have not been told: assessments and commitments
// that became public, and due dates that passed. Each is one fact for good, however often
// it is taken back and published again. It returns how many were new.
func (d *Desk) Notice(ctx context.Context) (int, error) {
	if !d.TakesFollowers() {
		return 0, nil
	}
	var fresh []store.FollowFact
	err := d.view(ctx, func(r *store.Reader) error {
		fresh = nil
		s, err := d.state(ctx, r, access.Anyone())
		if err != nil {
			return err
		}
		judged, err := r.Judgements(ctx, access.Anyone())
		if err != nil {
			return err
		}
		known, err := r.FollowFactNames(ctx)
		if err != nil {
			return err
		}
		add := func(f store.FollowFact) {
			if !known[f.Fact] {
				known[f.Fact] = true
				fresh = append(fresh, f)
			}
		}
		for _, m := range s.demands {
			judgedFacts(judged[string(m.Demand.ID)], add)
		}
		for _, m := range s.commitments {
			add(store.FollowFact{Fact: factPromised + " " + string(m.Commitment.ID), Kind: factPromised, Of: m.Commitment.Ref()})
			judgedFacts(judged[string(m.Commitment.ID)], add)
		}
		for _, c := range dueAs(s.clocks, Late) {
			add(store.FollowFact{Fact: fmt.Sprintf("%s %s %s %s", factOverdue, c.Of.ID, c.Step, c.Day), Kind: factOverdue, Of: c.Of, Step: c.Step, Day: c.Day})
		}
		return nil
	})
	if err != nil || len(fresh) == 0 {
		return 0, err
	}
	n := 0
	err = d.store.Write(ctx, func(tx *store.Tx) error {
		n = 0
		for _, f := range fresh {
			added, err := tx.AddFollowFact(ctx, f)
			if err != nil {
				return err
			}
			if added {
				n++
			}
		}
		return nil
	})
	if err == nil {
		d.outbox.Wake()
	}
	return n, err
}

func judgedFacts(list []store.Judged, add func(store.FollowFact)) {
	for _, j := range list {
		add(store.FollowFact{Fact: factJudged + " " + string(j.ID), Kind: factJudged, Of: record.Ref{Kind: record.KindAssessment, ID: string(j.ID)}})
	}
}

// ForgetUnconfirmed deletes the addresses that nobody confirmed in time.
func (d *Desk) ForgetUnconfirmed(ctx context.Context) error {
	return d.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.DropUnconfirmed(ctx, d.now().UnixMicro())
		return err
	})
}
