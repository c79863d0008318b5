package followup

import (
	"context"
	"fmt"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// The kinds of facts that followers are told.
const (
	factJudged   = "assessment"
	factAsked    = "demand"
	factPromised = "commitment"
	factCase     = "proceeding"
	factChain    = "chain" // something happened in a case
	factOverdue  = "overdue"
	factTrend    = "trend"         // a statement on whether something is rising
	factWithout  = "trend-without" // it was computed again without what is not public any more
)

// Notice numbers what followers have not been told: demands, commitments, cases, what happened in
// these, assessments and trend statements that became public, due dates that passed, and statements
// whose numbers are not those any more that were published. Each is one fact for
// good, however often it is taken back and published again. It returns how many were new.
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
			add(store.FollowFact{Fact: factAsked + " " + string(m.Demand.ID), Kind: factAsked, Of: m.Demand.Ref()})
			judgedFacts(judged[string(m.Demand.ID)], add)
		}
		for _, m := range s.commitments {
			add(store.FollowFact{Fact: factPromised + " " + string(m.Commitment.ID), Kind: factPromised, Of: m.Commitment.Ref()})
			judgedFacts(judged[string(m.Commitment.ID)], add)
		}
		err = store.Each(ctx, r, access.Anyone(), func(i ProceedingItem) error {
			add(store.FollowFact{Fact: factCase + " " + string(i.Rec.ID), Kind: factCase, Of: i.Rec.Ref()})
			for _, key := range chainKeys(i.Rec) {
				add(store.FollowFact{Fact: factChain + " " + string(i.Rec.ID) + " " + key, Kind: factChain, Of: i.Rec.Ref(), Step: key})
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, c := range s.late {
			add(store.FollowFact{Fact: fmt.Sprintf("%s %s %s %s", factOverdue, c.Of.ID, c.Step, c.Day), Kind: factOverdue, Of: c.Of, Step: c.Step, Day: c.Day})
		}
		trends, err := d.trendsAsSeen(ctx, r, access.Anyone())
		if err != nil {
			return err
		}
		for _, t := range trends {
			rec := t.Item.Rec
			add(store.FollowFact{Fact: factTrend + " " + string(rec.ID), Kind: factTrend, Of: rec.Ref()})
			if key := t.Without(); key != "" {
				add(store.FollowFact{Fact: factWithout + " " + string(rec.ID) + " " + key, Kind: factWithout, Of: rec.Ref(), Step: key})
			}
		}
		return nil
	})
	if err != nil || len(fresh) == 0 {
		return 0, err
	}
	n := 0
	for some := range slices.Chunk(fresh, noticeChunk) {
		added := 0
		err = d.store.Write(ctx, func(tx *store.Tx) error {
			added = 0
			for _, f := range some {
				is, err := tx.AddFollowFact(ctx, f)
				if err != nil {
					return err
				}
				if is {
					added++
				}
			}
			return nil
		})
		if err != nil {
			break
		}
		n += added
	}
	if n > 0 {
		d.outbox.Wake()
	}
	return n, err
}

// noticeChunk is how many facts are numbered in one transaction: in a register that was
// just taken in they are hundreds of thousands, and others write meanwhile. Those left over by
// a fault are numbered the next time.
const noticeChunk = 5000

// chainKeys names what happened in a case, in its order: by what it was, how it was decided, and
// the how manieth of its kind it is. A date that is put right makes it nothing new.
func chainKeys(p *record.Proceeding) []string {
	out, times := make([]string, len(p.Steps)), map[string]int{}
	for i, s := range p.Steps {
		key := string(s.Kind)
		if s.Verdict != "" {
			key += "-" + string(s.Verdict)
		}
		times[key]++
		out[i] = fmt.Sprintf("%s-%d", key, times[key])
	}
	return out
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
