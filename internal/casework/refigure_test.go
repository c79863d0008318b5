package casework_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// keptOf lists what is kept of events for the desk, one line for each figure.
func (g *register) keptOf(events ...string) []string {
	g.t.Helper()
	var out []string
	g.view(func(ctx context.Context, r *store.Reader) error {
		kept, err := r.Figures(ctx, access.House(), events...)
		for event, figures := range kept {
			for _, f := range figures {
				out = append(out, fmt.Sprint(event, f.Measure, *f.Low, *f.High, f.Status, f.Rule, f.Claims))
			}
		}
		return err
	})
	slices.Sort(out)
	return out
}

func (g *register) forget(events ...string) {
	g.t.Helper()
	ctx := context.Background()
	err := g.store.Write(ctx, func(tx *store.Tx) error {
		for _, e := range events {
			if err := tx.PutFigures(ctx, e, nil, false); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		g.t.Fatal(err)
	}
}

func (g *register) refigureAll(want casework.Refigured) {
	g.t.Helper()
	got, err := g.h.RefigureAll(context.Background(), access.House())
	if err != nil {
		g.t.Fatal(err)
	}
	if got != want {
		g.t.Errorf("worked out %+v, want %+v", got, want)
	}
}

// TestRefigureAll takes kept figures away and has them worked out again, those
// of an event that is the sum of its parts among them.
func TestRefigureAll(t *testing.T) {
	onBothRegisters(t, func(t *testing.T, g *register) {
		ctx := context.Background()
		const n = 600
		g.mustImport(manyRows(n))
		var events []string
		for _, s := range g.rows(keysUpTo(n)...) {
			events = append(events, string(s.Event))
		}
		slices.Sort(events)
		id, err := g.h.NewID()
		if err != nil {
			t.Fatal(err)
		}
		whole := &record.Event{
			ID: record.EventID(id), Slug: "testfall-whole", Title: record.Plain("en", "Testfall"), Type: record.TypeAttack, Status: record.Held,
			Visibility: record.Internal,
		}
		if err := g.h.Save(ctx, access.House(), whole, 0, "a test"); err != nil {
			t.Fatal(err)
		}
		for _, e := range events[:2] {
			g.view(func(ctx context.Context, r *store.Reader) error {
				part, err := store.One[*record.Event](ctx, r, access.House(), e)
				if err != nil {
					return err
				}
				changed := *part.Rec
				changed.PartOf = whole.ID
				return g.h.Save(ctx, access.House(), &changed, part.Rev, "a test")
			})
		}
		events = append(events, id)
		want := g.keptOf(events...)
		if len(want) != n+1 {
			t.Fatalf("%d figures are kept, want %d", len(want), n+1)
		}
		// The whole is worked out once by itself, in vain, or set aside as a sum, and
		// then after its parts.
		g.refigureAll(casework.Refigured{Events: n + 1})
		gone := slices.Concat(events[:50], events[n:])
		g.forget(gone...)
		g.refigureAll(casework.Refigured{Events: n + 2, Changed: 51})
		if got := g.keptOf(events...); !slices.Equal(got, want) {
			t.Errorf("other figures than before:\n%v\n%v", got, want)
		}
	})
}

func TestRefigureAllTakesTheRight(t *testing.T) {
	g := openRegister(t, "")
	if _, err := g.h.RefigureAll(t.Context(), access.Viewer{User: "x", Role: access.Contributor}); !errors.Is(err, record.ErrForbidden) {
		t.Errorf("%v, want forbidden", err)
	}
}
