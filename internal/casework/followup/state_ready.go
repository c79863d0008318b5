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
	// readyIdle is for how long what an account sees is kept up to date after somebody asked: a
	// register's takes tens of megabytes, and a second to work out again.
	readyIdle = 15 * time.Minute
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

// forget drops what is kept where nobody has asked for it for a while, and reports whether
// there is nothing.
func (l *leveled) forget(at time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if at.Sub(l.asked) > readyIdle {
		l.now, l.next = nil, nil
	}
	return l.now == nil
}

// foresee brings what is kept up to date, the public's always, and makes the next day's
// where a day is about to end.
func (d *Desk) foresee(ctx context.Context) error {
	d.states.of(access.LevelPublic)
	for _, level := range d.states.kept() {
		v, l := viewerAt(level), d.states.of(level)
		if level != access.LevelPublic && l.forget(d.now()) {
			continue
		}
		err := d.view(ctx, func(r *store.Reader) error {
			l.mu.Lock()
			now, err := d.present(ctx, r, v, l)
			if err != nil {
				l.mu.Unlock()
				return err
			}
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
	return d.foreseeSettled(ctx)
}

// foreseeSettled works out what pages of the public take longest for, where anything has
// moved since.
func (d *Desk) foreseeSettled(ctx context.Context) error {
	err := d.view(ctx, func(r *store.Reader) error {
		_, err := d.trendsAsSeen(ctx, r, access.Anyone())
		return err
	})
	if err != nil {
		return err
	}
	_, err = d.Accountability(ctx, access.Anyone(), AccountabilityFilter{})
	return err
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
