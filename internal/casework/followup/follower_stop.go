package followup

import (
	"context"
	"errors"

	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// SubscriptionName is the name under which followers join the outbox.
const SubscriptionName = "follower"

// Followers are what is followed by mail, as the outbox asks of it. They are a
// [mail.Subscriptions].
type Followers struct{ desk *Desk }

// Followers are those of a desk.
func (d *Desk) Followers() Followers { return Followers{d} }

// Holds implements [mail.Subscriptions].
func (f Followers) Holds(ctx context.Context, id string) (held bool, err error) {
	err = f.desk.store.View(ctx, func(r *store.Reader) error {
		_, err := r.FollowerOf(ctx, id)
		if held = err == nil; errors.Is(err, record.ErrNotFound) {
			return nil
		}
		return err
	})
	return held, err
}

// End implements [mail.Subscriptions]. An address that takes no mail, or whose
// holder complained of it, is forgotten with everything that it follows.
func (f Followers) End(ctx context.Context, id string) error {
	err := f.desk.stop(ctx, true, func(r *store.Reader) (store.Follower, error) { return r.FollowerOf(ctx, id) })
	if errors.Is(err, record.ErrNotFound) {
		return nil
	}
	return err
}

// StopFollowing forgets a follower and their address, and drops what waits to be sent to
// them; all forgets the address whatever else it follows. A link that is nothing is
// [record.ErrNotFound].
func (d *Desk) StopFollowing(ctx context.Context, token string, all bool) error {
	return d.stop(ctx, all, func(r *store.Reader) (store.Follower, error) { return r.FollowerByCode(ctx, codeHash(token)) })
}

func (d *Desk) stop(ctx context.Context, all bool, find func(*store.Reader) (store.Follower, error)) error {
	return d.store.Write(ctx, func(tx *store.Tx) error {
		f, err := find(&tx.Reader)
		if err != nil {
			return err
		}
		stop := []store.Follower{f}
		if all {
			if stop, err = tx.FollowersOf(ctx, f.Addr); err != nil {
				return err
			}
		}
		// On the disk before the commit: a restored backup brings nobody back.
		if d.departed != nil {
			lines := make([]departed.Line, len(stop))
			for i, f := range stop {
				lines[i] = departed.Line{What: departed.Unfollowed, By: f.ID}
			}
			if err := d.departed.Add(lines...); err != nil {
				return err
			}
		}
		for _, f := range stop {
			if _, err := tx.DropFollower(ctx, f.ID); err != nil {
				return err
			}
			if d.outbox == nil {
				continue
			}
			if _, err := d.outbox.DropFor(ctx, tx, subscription(f)); err != nil {
				return err
			}
		}
		return nil
	})
}

// subscription names a follower to the outbox.
func subscription(f store.Follower) mail.Subscription {
	return mail.Subscription{Kind: SubscriptionName, Key: f.ID}
}
