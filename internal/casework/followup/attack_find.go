package followup

import (
	"context"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// AttackChoice is an event to which a list can be narrowed.
type AttackChoice struct {
	casework.EventLine
	Demands, Commitments int // on account of it, or asked at it
}

// How many events are read to find some: a step, and in all.
const (
	attacksAtOnce = 200
	attacksRead   = 1000
)

// FindAttacks returns up to limit events in which all the words stand: those on account of
// which something was asked or promised, the latest first, then attacks of which nothing is
// followed. more says that there are others. Without a word it finds nothing.
func (d *Desk) FindAttacks(ctx context.Context, v access.Viewer, words string, limit int) (out []AttackChoice, more bool, err error) {
	f := store.EventFilter{Tokens: names.Asked(words), Parts: true}
	if len(f.Tokens) == 0 {
		return nil, false, nil
	}
	err = d.view(ctx, func(r *store.Reader) error {
		s, err := d.state(ctx, r, v)
		if err != nil {
			return err
		}
		demands, commitments := s.attacks()
		var followed, others []eventItem
		var after *store.EventCursor
		for read := 0; ; read += attacksAtOnce {
			if more = read >= attacksRead; more || len(followed) > limit {
				break
			}
			found, err := r.Events(ctx, v, f, after, attacksAtOnce)
			if err != nil {
				return err
			}
			for _, e := range found {
				switch {
				case demands[e.Rec.ID]+commitments[e.Rec.ID] > 0:
					followed = append(followed, e)
				case e.Rec.Type == record.TypeAttack:
					others = append(others, e)
				}
			}
			if len(found) < attacksAtOnce {
				break
			}
			last := found[len(found)-1].Rec
			after = &store.EventCursor{Day: store.DayUnknown, ID: string(last.ID)}
			if first, ok := last.When.Date.Earliest(); ok {
				after.Day = int64(first)
			}
		}
		all := slices.Concat(followed, others)
		more = more || len(all) > limit
		lines, err := casework.EventLinesIn(ctx, r, v, page(all, 0, limit))
		if err != nil {
			return err
		}
		for _, l := range lines {
			out = append(out, AttackChoice{EventLine: l, Demands: demands[l.Event.ID], Commitments: commitments[l.Event.ID]})
		}
		return nil
	})
	return out, more, err
}

// onAccountOf counts by event what is followed on account of it.
func (s *state) onAccountOf() (demands, commitments map[record.EventID]int) {
	demands, commitments = map[record.EventID]int{}, map[record.EventID]int{}
	for _, l := range s.demands {
		m := l.Demand
		if m.Attack != "" {
			demands[m.Attack]++
		}
		if m.Of.Kind == record.KindEvent && m.Of.ID != string(m.Attack) {
			demands[record.EventID(m.Of.ID)]++
		}
	}
	for _, l := range s.commitments {
		m := l.Commitment
		if m.Attack != "" {
			commitments[m.Attack]++
		}
		if m.In != "" && m.In != m.Attack {
			commitments[m.In]++
		}
	}
	return demands, commitments
}
