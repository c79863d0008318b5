package signing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

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
	case departed.Shown:
		packed, err := strconv.Atoi(l.By)
		if err != nil {
			return 0, fmt.Errorf("apply the list of departures: %w", err)
		}
		want := signature.Unpack(packed)
		needed = func(s *store.Signature) bool { return least(s.Show, want) != s.Show }
		act = func(ctx context.Context, n int64) error { return e.showLess(ctx, l.Petition, n, want) }
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
				g.restore(s, terms)
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
			case !errors.Is(e, seal.ErrToken) && !errors.Is(e, seal.ErrDestroyed):
				err = errors.Join(err, e)
			}
		}
		if err != nil {
			return done, fmt.Errorf("apply the list of departures: %w", err)
		}
	}
	return done, nil
}

// least is what both let each audience see.
func least(a, b signature.Disclosure) signature.Disclosure {
	return signature.Disclosure{
		Public: min(a.Public, b.Public), Organiser: min(a.Organiser, b.Organiser), Addressee: min(a.Addressee, b.Addressee),
	}
}

// showLess lets nobody see more of a signer than both the row and their last wish
// allow, and keeps no more of the name than that takes.
func (e *Engine) showLess(ctx context.Context, petition int, n int64, want signature.Disclosure) error {
	terms, err := e.registry.Terms(ctx, petition)
	if err != nil {
		return err
	}
	for range rewriteTries {
		var row store.Signature
		err = e.store.View(ctx, func(r *store.Reader) error {
			rows, err := r.Signatures(ctx, n)
			row = rows[n]
			return err
		})
		if err != nil {
			return err
		}
		if row.State != signature.Pending && row.State != signature.Confirmed && row.State != signature.Voided {
			return nil
		}
		show := least(row.Show, want)
		fresh, err := e.rewrite(&row, terms, Change{Show: &show})
		if err != nil {
			return err
		}
		err = e.insist(ctx, &request{n: n, petition: petition, short: fresh.short, change: func(g *group, s *store.Signature) error {
			if fresh.stale(s) {
				return errMoved
			}
			fresh.apply(s)
			g.rewrite = append(g.rewrite, *s)
			return nil
		}})
		if !errors.Is(err, errMoved) {
			return err
		}
	}
	return errMoved
}
