package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// figured is what working out the figures of a register took.
type figured struct {
	size
	memory time.Duration // claims held in memory already
	stored time.Duration // read from the store and written back
	all    casework.Refigured
	// change is one changed claim with everything that depends on it, which was
	// so many events.
	change  time.Duration
	touched int64
}

func runFigures(ctx context.Context, args []string) error {
	fs, s := flags("figures")
	z := sizeFlags(fs)
	_ = fs.Parse(args) // exits on errors
	f, err := s.measureFigures(ctx, *z)
	if err != nil {
		return err
	}
	fmt.Printf("%d events × %d claims: %.2f s in memory, %.2f s from the store (%d events, %d figures written)\n",
		f.events, f.claims/f.events, f.memory.Seconds(), f.stored.Seconds(), f.all.Events, f.all.Changed)
	fmt.Printf("one changed claim: %.1f ms with its journal entry, %d event worked out again\n", float64(f.change.Microseconds())/1000, f.touched)
	return nil
}

func (s *shared) measureFigures(ctx context.Context, z size) (f figured, err error) {
	dir, err := s.registerDir(ctx, z)
	if err != nil {
		return f, err
	}
	f.size = z
	h, err := openHouse(ctx, dir, true)
	if err != nil {
		return f, err
	}
	defer joinClose(&err, h.close)
	if f.memory, err = h.inMemory(ctx, z); err != nil {
		return f, err
	}
	if err := forgetFigures(ctx, filepath.Join(dir, "gawah.db")); err != nil {
		return f, err
	}
	start := time.Now()
	if f.all, err = h.RefigureAll(ctx, access.House()); err != nil {
		return f, err
	}
	f.stored = time.Since(start)
	f.change, f.touched, err = h.changeClaim(ctx)
	return f, err
}

// inMemory works out the figures of all events from claims in memory: those of a
// tenth of the events, gone through ten times, so that the benchmark itself
// stays small.
func (h *house) inMemory(ctx context.Context, z size) (time.Duration, error) {
	const part = 10
	var events [][]figure.Said
	err := h.store.View(ctx, func(r *store.Reader) error {
		ids, err := h.eventIDs(ctx, z.events/part)
		if err != nil {
			return err
		}
		for _, id := range ids {
			claims, err := r.MeasuresAbout(ctx, access.House(), string(id))
			if err != nil {
				return err
			}
			said := make([]figure.Said, len(claims))
			for i, c := range claims {
				voices, err := r.Voices(ctx, []record.SourceID{c.Rec.Source})
				if err != nil {
					return err
				}
				v := voices[c.Rec.Source]
				said[i] = figure.Said{Claim: c.Rec, Outlet: v.Outlet, Published: v.Source.Published.Date, From: v.Source.DerivedFrom}
			}
			events = append(events, said)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	start := time.Now()
	known := 0
	for range part {
		for _, said := range events {
			for _, m := range figure.Measures(said) {
				f := figure.Compute(figure.Default, m, record.Scope{}, said)
				if f.Known() {
					known++
				}
			}
		}
	}
	took := time.Since(start)
	if known < z.events {
		return 0, fmt.Errorf("only %d figures for %d events: the register is not as it should be", known, z.events)
	}
	return took, nil
}

// forgetFigures takes the kept figures away, so that all have to be written.
func forgetFigures(ctx context.Context, path string) (err error) {
	db, err := openBare(path)
	if err != nil {
		return err
	}
	defer joinClose(&err, db.Close)
	_, err = db.ExecContext(ctx, "delete from figure")
	return err
}

// changeClaim changes the number of one claim as an editor would, and counts the
// events that were worked out again.
func (h *house) changeClaim(ctx context.Context) (took time.Duration, events int64, err error) {
	ids, err := h.eventIDs(ctx, 1)
	if err != nil {
		return 0, 0, err
	}
	var old store.Item[*record.Claim]
	err = h.store.View(ctx, func(r *store.Reader) error {
		claims, err := r.MeasuresAbout(ctx, access.House(), string(ids[0]))
		if err == nil {
			old = claims[0]
		}
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	c := *old.Rec
	c.Bounds(record.Exact, *c.Low+1, *c.Low+1)
	before := h.EventsRefigured()
	start := time.Now()
	if err := h.Save(ctx, access.House(), &c, old.Rev, "benchmark"); err != nil {
		return 0, 0, fmt.Errorf("change a claim: %w", err)
	}
	return time.Since(start), h.EventsRefigured() - before, nil
}
