package store

import (
	"context"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// TestRegisterStandsStill holds that writing what is followed up leaves the register's state
// alone, and that everything else moves it, alone or beside it.
func TestRegisterStandsStill(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		state := func() int64 {
			t.Helper()
			m, err := f.Now(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			return m.Register
		}
		event := &record.Event{
			ID: record.EventID(f.id()), Slug: "attack", Title: record.Plain("en", "Attack"), Type: record.TypeAttack, Status: record.Held, Visibility: record.Public,
			When: record.On("2025-01-10"),
		}
		asked := &record.Demand{ID: record.DemandID(f.id()), Slug: "asked", Of: event.Ref(), Visibility: record.Public}
		judged := &record.Assessment{
			ID: record.AssessmentID(f.id()), Of: asked.Ref(), Axis: record.AxisProgress, By: record.ByOrganisation, Progress: record.Met, On: "2025-05-01",
			Review: record.Review{State: record.Accepted}, Visibility: record.Public,
		}
		before := state()
		f.add(event)
		if state() == before {
			t.Error("an event moved nothing")
		}
		before = state()
		f.add(asked, judged)
		f.write(func(ctx context.Context, tx *Tx) error {
			if err := tx.SetLevel(ctx, judged.Ref(), access.LevelInternal); err != nil {
				return err
			}
			return journal(ctx, tx, "hide", judged.Ref(), "reason")
		})
		if state() != before {
			t.Error("a demand and an assessment moved the register")
		}
		for what, fn := range map[string]func(context.Context, *Tx) error{
			"a hidden event":       func(ctx context.Context, tx *Tx) error { return tx.SetLevel(ctx, event.Ref(), access.LevelInternal) },
			"an erased assessment": func(ctx context.Context, tx *Tx) error { return tx.Erase(ctx, judged.Ref(), 1, 1) },
			"a setting":            func(ctx context.Context, tx *Tx) error { return tx.PutSetting(ctx, "test", []byte("1")) },
			"a joined event, beside a level": func(ctx context.Context, tx *Tx) error {
				if err := tx.SetLevel(ctx, asked.Ref(), access.LevelInternal); err != nil {
					return err
				}
				return tx.SetJoined(ctx, event.ID, "")
			},
		} {
			before = state()
			f.write(func(ctx context.Context, tx *Tx) error {
				if err := fn(ctx, tx); err != nil {
					return err
				}
				return journal(ctx, tx, "change", event.Ref(), "")
			})
			if state() == before {
				t.Errorf("%s moved nothing", what)
			}
		}
	})
}
