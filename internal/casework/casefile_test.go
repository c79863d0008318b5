package casework_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/gawah-project/gawah/examples/quetta"
	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/testdb"
)

func loadQuetta(t testing.TB, h *casework.House, o casework.CasefileOptions) *casework.ImportReport {
	t.Helper()
	cf, problems, err := exchange.ReadCasefile(quetta.Files)
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) > 0 {
		t.Fatalf("the example has %d problems, the first: %+v", len(problems), problems[0])
	}
	report, err := h.ImportCasefile(context.Background(), access.House(), cf, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// houses opens a house on each database there is.
func houses(t *testing.T, fn func(t *testing.T, h *casework.House)) {
	t.Run("SQLite", func(t *testing.T) { fn(t, openHouse(t, "")) })
	t.Run("PostgreSQL", func(t *testing.T) { fn(t, openHouse(t, testdb.Postgres(t))) })
}

// TestExample loads the bundled example through the door of any casefile, twice,
// and reads figures from it.
func TestExample(t *testing.T) {
	houses(t, func(t *testing.T, h *casework.House) {
		ctx := context.Background()
		if dry := loadQuetta(t, h, casework.CasefileOptions{DryRun: true}); dry.Created != dry.Rows || dry.Refused != 0 {
			t.Errorf("dry run: %+v", dry)
		}
		if empty, err := h.Empty(ctx); err != nil || !empty {
			t.Fatalf("a dry run left something behind: %v, %v", empty, err)
		}
		first := loadQuetta(t, h, casework.CasefileOptions{})
		if first.Created != first.Rows || first.Rows < 300 {
			t.Errorf("first time: %+v", first)
		}
		second := loadQuetta(t, h, casework.CasefileOptions{})
		if second.Unchanged != first.Rows || second.Created+second.Updated+second.Refused != 0 {
			t.Errorf("second time: %+v", second)
		}

		id, err := h.FindEvent(ctx, access.Anyone(), "alamdar-road-2013-01-10")
		if err != nil {
			t.Fatal(err)
		}
		f, err := h.Figure(ctx, access.Anyone(), id, figure.Gawah1)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range f.Figures {
			if g.Measure != record.Killed {
				continue
			}
			if !g.Known() || g.Origins < 3 || g.Best == nil || *g.Best != 81 {
				t.Errorf("killed at Alamdar Road: %+v", g)
			}
			return
		}
		t.Error("nobody says how many were killed at Alamdar Road")
	})
}

// TestCasefileTravels takes a casefile out of one house and into another.
func TestCasefileTravels(t *testing.T) {
	ctx := context.Background()
	from, to := openHouse(t, ""), openHouse(t, "")
	loadQuetta(t, from, casework.CasefileOptions{})
	var out bytes.Buffer
	if err := from.ExportCasefile(ctx, access.House(), "quetta", &out); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "casefile.zip")
	if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cf, problems, err := exchange.OpenCasefile(name)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	defer cf.Close()
	report, err := to.ImportCasefile(ctx, access.House(), cf, casework.CasefileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if report.Created != report.Rows || report.Rows == 0 {
		t.Errorf("taking in another house's casefile: %+v", report)
	}
	// Sources whose terms keep them in the house have stayed there.
	for _, r := range cf.Records {
		if s, ok := r.(*record.Source); ok && s.Terms == record.TermsInternal {
			t.Errorf("source %s travelled although its terms forbid it", s.ID)
		}
	}
	var again bytes.Buffer
	if err := to.ExportCasefile(ctx, access.House(), "quetta", &again); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Error("the casefile that came out of the second house differs from the one that went in")
	}
}

// TestCasefileConflict changes a record here and takes the casefile in again:
// nothing may be overwritten unasked.
func TestCasefileConflict(t *testing.T) {
	ctx := context.Background()
	h := openHouse(t, "")
	loadQuetta(t, h, casework.CasefileOptions{})
	id, err := h.FindEvent(ctx, access.House(), "alamdar-road-2013-01-10")
	if err != nil {
		t.Fatal(err)
	}
	ours := record.Event{}
	cf, _, err := exchange.ReadCasefile(quetta.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range cf.Records {
		if e, ok := r.(*record.Event); ok && e.ID == id {
			ours = *e
		}
	}
	ours.Note = "changed here"
	if err := h.Save(ctx, access.House(), &ours, 1, "a test"); err != nil {
		t.Fatal(err)
	}
	report := loadQuetta(t, h, casework.CasefileOptions{})
	if report.Refused != 1 || report.Updated != 0 {
		t.Errorf("without replacing: %+v", report)
	}
	report = loadQuetta(t, h, casework.CasefileOptions{Replace: true})
	if report.Updated != 1 || report.Refused != 0 {
		t.Errorf("replacing: %+v", report)
	}
}

// TestCasefileKeepsDecisions hides somebody at a relative's wish; no casefile
// shows them again, not even one whose version of records is preferred.
func TestCasefileKeepsDecisions(t *testing.T) {
	ctx := context.Background()
	h := openHouse(t, "")
	loadQuetta(t, h, casework.CasefileOptions{})
	cf, _, err := exchange.ReadCasefile(quetta.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range cf.Records {
		p, ok := r.(*record.Person)
		if !ok || p.Visibility != record.Public {
			continue
		}
		if _, err := h.Ask(ctx, record.AskHide, p.Ref(), "", "please hide", true); err != nil {
			t.Fatal(err)
		}
		loadQuetta(t, h, casework.CasefileOptions{Replace: true})
		if _, err := h.History(ctx, access.Anyone(), p.Ref()); err == nil {
			t.Error("a casefile shows somebody whom a relative had hidden")
		}
		return
	}
	t.Fatal("the example has no public person")
}
