package petitions

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/gawah-project/gawah/internal/store"
)

// tendedSetting is the latest instant at which petitions were tended, in
// microseconds UTC.
const tendedSetting = "petitions.tended"

const (
	// clockLeap is how far the clock may be ahead of the last tending, when nothing
	// ran, before it is doubted: a machine that starts with a wrong date would else
	// destroy everything.
	clockLeap = 48 * time.Hour
	// clockProof is how long a process has to run on before a doubted clock is
	// believed.
	clockProof = 24 * time.Hour
)

// doubt is since when the clock is ahead of what it should be, by the monotonic
// clock; the zero value is no doubt.
type doubt struct {
	since time.Time
}

// clockSure reports whether what cannot be undone may be done by the clock now.
// After a leap ahead it waits until somebody had a day to set the clock right; a
// clock that was set right ends the doubt at once.
func (d *Desk) clockSure(ctx context.Context) (bool, error) {
	d.clock.Lock()
	defer d.clock.Unlock()
	var last int64
	err := d.view(ctx, func(r *store.Reader) error {
		text, err := r.Setting(ctx, tendedSetting)
		if err == nil && len(text) > 0 {
			last, err = strconv.ParseInt(string(text), 10, 64)
		}
		return err
	})
	if err != nil {
		return false, fmt.Errorf("read when petitions were last tended: %w", err)
	}
	now := d.micros()
	if last != 0 && now-last > clockLeap.Microseconds() {
		if d.doubted.since.IsZero() {
			d.doubted.since = d.steady()
			d.log.Warn("the clock is far ahead of when petitions were last tended: nothing is destroyed or expired until this process has run for a day; set the clock right if it is wrong",
				"last", time.UnixMicro(last).UTC(), "now", time.UnixMicro(now).UTC())
		}
		if d.steady().Sub(d.doubted.since) < clockProof {
			return false, nil
		}
	}
	d.doubted.since = time.Time{}
	if now < last {
		return true, nil // by an earlier clock less is due
	}
	err = d.store.Aside(ctx, func(tx *store.Tx) error {
		return tx.PutSetting(ctx, tendedSetting, strconv.AppendInt(nil, now, 10))
	})
	if err != nil {
		return false, fmt.Errorf("note when petitions were tended: %w", err)
	}
	return true, nil
}
