package signing

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// Again does to signatures what a line of the list of departures says was done to
// them, where it was not: after a backup from before it was restored, or when the
// process ended between the list and the commit. Rows that are not there, because
// they are younger than the backup, are passed over. It returns how many rows it
// changed. Lines have to be given in their order.
func (e *Engine) Again(ctx context.Context, l departed.Line) (int64, error) {
	var act func(context.Context, int64) error
	var needed func(*store.Signature) bool
	switch l.What {
	case departed.Withdrawn:
		needed = func(s *store.Signature) bool { return s.State != signature.Withdrawn && s.State != signature.Expired }
		act = func(ctx context.Context, n int64) error { return e.WithdrawRow(ctx, l.Petition, n) }
	case departed.Unsubscribed:
		needed = func(s *store.Signature) bool { return s.Updates }
		act = func(ctx context.Context, n int64) error { return e.UnsubscribeRow(ctx, l.Petition, n) }
	case departed.Voided:
		needed = func(s *store.Signature) bool { return s.State == signature.Pending || s.State == signature.Confirmed }
		act = func(ctx context.Context, n int64) error {
			return e.insist(ctx, &request{n: n, petition: l.Petition, change: func(g *group, s *store.Signature) error {
				if !needed(s) {
					return nil
				}
				if s.State == signature.Confirmed {
					g.leave(s)
				}
				s.Was, s.State, s.Voided, s.Due = s.State, signature.Voided, l.By, 0
				g.void = note(g.void, l.By, s.N)
				return nil
			}})
		}
	case departed.Counted:
		terms, err := e.registry.Terms(ctx, l.Petition)
		if err != nil {
			return 0, err
		}
		needed = func(s *store.Signature) bool { return s.State == signature.Voided && s.Voided == l.By }
		act = func(ctx context.Context, n int64) error {
			return e.insist(ctx, &request{n: n, petition: l.Petition, change: func(g *group, s *store.Signature) error {
				if !needed(s) {
					return nil
				}
				s.State, s.Was, s.Voided = s.Was, signature.Pending, ""
				if s.State == signature.Confirmed && g.judge(s, terms.Household || s.Second) == signature.Repeats {
					s.State, s.Done = signature.Repeated, g.hour
					blank(s)
					g.repeat = append(g.repeat, s.N)
					return nil
				}
				g.unvoid = append(g.unvoid, s.N)
				return nil
			}})
		}
	default:
		return 0, nil // not about signatures
	}
	var done int64
	for part := range slices.Chunk(l.Rows, bulk) {
		var rows map[int64]store.Signature
		err := e.store.View(ctx, func(r *store.Reader) (err error) {
			rows, err = r.Signatures(ctx, part...)
			return err
		})
		if err != nil {
			return done, fmt.Errorf("apply the list of departures: %w", err)
		}
		var asked int
		errs := make(chan error, len(part))
		for _, n := range part {
			if s, ok := rows[n]; ok && s.Petition == l.Petition && needed(&s) {
				asked++
				go func() { errs <- act(ctx, n) }()
			}
		}
		for range asked {
			switch e := <-errs; {
			case e == nil:
				done++
			case !errors.Is(e, seal.ErrToken):
				err = errors.Join(err, e)
			}
		}
		if err != nil {
			return done, fmt.Errorf("apply the list of departures: %w", err)
		}
	}
	return done, nil
}
