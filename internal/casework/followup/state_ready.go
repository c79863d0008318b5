package followup

import (
	"context"
	"errors"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/store"
)

const (
	// readyEvery is how often [Desk.Ready] looks, and readyAhead how long before a day ends
	// it works out where everything stands on the next.
	readyEvery = 20 * time.Second
	readyAhead = 3 * time.Minute
)

// Ready keeps the readers from waiting, until ctx ends: it works out where everything
// stands as soon as it is called, and before a day ends anywhere that counts, where it
// will stand on the next. Without it the first reader does.
func (d *Desk) Ready(ctx context.Context) error {
	every := time.NewTicker(readyEvery)
	defer every.Stop()
	for {
		if err := d.foresee(ctx); err != nil && !errors.Is(err, context.Canceled) {
			d.log.Warn("where the demands stand was not worked out ahead", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-every.C:
		}
	}
}

// foresee brings what is kept up to date, the public's always, and makes the next day's
// where a day is about to end.
func (d *Desk) foresee(ctx context.Context) error {
	d.states.of(access.LevelPublic)
	for _, level := range d.states.kept() {
		v := viewerAt(level)
		err := d.view(ctx, func(r *store.Reader) error {
			now, err := d.state(ctx, r, v)
			if err != nil {
				return err
			}
			l := d.states.of(level)
			l.mu.Lock()
			if now.until.Sub(d.now()) > readyAhead {
				l.next = nil
				l.mu.Unlock()
				return nil
			}
			next := l.next
			l.mu.Unlock()
			if next != nil && !next.covers(now.until) {
				next = nil
			}
			// Made beside the readers, who go on with the present one meanwhile.
			if next, err = d.upToDate(ctx, r, v, next, now.until); err != nil {
				return err
			}
			l.mu.Lock()
			l.next = next
			l.mu.Unlock()
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// viewerAt is a viewer who sees what everybody at a level sees.
func viewerAt(level access.Level) access.Viewer {
	switch level {
	case access.LevelPublic:
		return access.Anyone()
	case access.LevelInternal:
		return access.Viewer{Role: access.Reader}
	}
	return access.House()
}
