package casework_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

func publicRows(o *casework.ImportOptions) { o.Rows = record.Public }

func (g *register) mustImportPublic(text string) *casework.ImportReport {
	g.t.Helper()
	r, err := g.importText(context.Background(), text, publicRows)
	if err != nil {
		g.t.Fatal(err)
	}
	return r
}

// publicClaims counts the claims about an event that the public reads.
func (g *register) publicClaims(e record.EventID) (n int) {
	g.t.Helper()
	g.view(func(ctx context.Context, r *store.Reader) error {
		claims, err := r.ClaimsAbout(ctx, access.Anyone(), string(e))
		n = len(claims)
		return err
	})
	return n
}

func (g *register) sound() {
	g.t.Helper()
	report, err := g.h.Check(context.Background(), nil)
	if err != nil {
		g.t.Fatal(err)
	}
	for _, f := range report.Faults {
		if strings.HasPrefix(f, "original ") {
			continue // importText keeps no copy of the file
		}
		g.t.Errorf("check: %s", f)
	}
}

// TestImportKeepsBack imports a newer version of a dataset of which an event and
// then a source were taken back.
func TestImportKeepsBack(t *testing.T) {
	onBothRegisters(t, func(t *testing.T, g *register) {
		ctx := context.Background()
		g.mustImportPublic(ucdpFile(ucdpLine(1, 3, 2)))
		row := g.rows("1")["1"]
		event := []record.Ref{{Kind: record.KindEvent, ID: string(row.Event)}}
		source := []record.Ref{{Kind: record.KindSource, ID: string(row.Source)}}
		if g.publicClaims(row.Event) == 0 {
			t.Fatal("nothing was public to begin with")
		}
		if err := g.h.Unpublish(ctx, access.House(), event, "taken back"); err != nil {
			t.Fatal(err)
		}
		wantCounts(t, g.mustImportPublic(ucdpFile(ucdpLine(1, 4, 2))), 1, 0, 1, 0, 0)
		if n := g.publicClaims(row.Event); n != 0 {
			t.Errorf("a newer file made %d claims about an event that was taken back public", n)
		}
		if err := g.h.Publish(ctx, access.House(), event, "out again"); err != nil {
			t.Fatal(err)
		}
		if g.publicClaims(row.Event) == 0 {
			t.Error("the event was published again without its claims")
		}
		var was store.Item[*record.Source]
		g.view(func(ctx context.Context, r *store.Reader) (err error) {
			was, err = store.One[*record.Source](ctx, r, access.House(), row.Source)
			return err
		})
		src := *was.Rec
		src.Visibility, src.Sensitivity, src.Summary = record.Internal, record.Confidential, record.Plain("en", "What the desk wrote.")
		if err := g.h.Save(ctx, access.House(), &src, was.Rev, "in danger"); err != nil {
			t.Fatal(err)
		}
		g.mustImportPublic(ucdpFile(ucdpLine(1, 5, 0)))
		g.view(func(ctx context.Context, r *store.Reader) error {
			if _, err := store.AnyOne(ctx, r, access.Anyone(), source[0]); !errors.Is(err, record.ErrNotFound) {
				t.Errorf("the confidential source after a newer file: %v, want not found", err)
			}
			item, err := store.One[*record.Source](ctx, r, access.House(), row.Source)
			if err != nil {
				return err
			}
			if s := item.Rec; s.Sensitivity != record.Confidential || s.Summary.IsZero() {
				t.Errorf("the newer file undid what the desk decided: %+v", s)
			}
			return nil
		})
		if n := g.publicClaims(row.Event); n != 0 {
			t.Errorf("%d claims of a confidential source are public", n)
		}
		g.sound()
	})
}

// TestImportLeavesErased imports a newer version of a dataset of which an event
// and, in another row, a source were erased.
func TestImportLeavesErased(t *testing.T) {
	onBothRegisters(t, func(t *testing.T, g *register) {
		ctx := context.Background()
		g.mustImportPublic(ucdpFile(ucdpLine(1, 3, 0), ucdpLine(2, 3, 0), ucdpLine(3, 3, 0)))
		rows := g.rows("1", "2", "3")
		for _, ref := range []record.Ref{
			{Kind: record.KindEvent, ID: string(rows["1"].Event)}, {Kind: record.KindSource, ID: string(rows["2"].Source)},
		} {
			if err := g.h.Erase(ctx, access.House(), ref, "asked"); err != nil {
				t.Fatal(err)
			}
		}
		wantCounts(t, g.mustImportPublic(ucdpFile(ucdpLine(1, 3, 2), ucdpLine(2, 3, 2), ucdpLine(3, 3, 2))), 3, 0, 1, 2, 0)
		g.sound()
	})
}
