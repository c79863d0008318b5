package casework_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/store"
)

// openHouse opens a house over a fresh database.
func openHouse(t testing.TB, target string) *casework.House {
	t.Helper()
	dir := t.TempDir()
	if target == "" {
		target = filepath.Join(dir, "gawah.db")
	}
	s, err := store.Open(context.Background(), target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	b, err := blob.Open(filepath.Join(dir, "originals"))
	if err != nil {
		t.Fatal(err)
	}
	return casework.New(casework.Config{Store: s, Blobs: b, Dir: dir})
}

func TestImportUCDP(t *testing.T) {
	data := os.Getenv("GAWAH_TESTDATA")
	if data == "" {
		t.Skip("GAWAH_TESTDATA does not name a folder with the UCDP extract")
	}
	file := filepath.Join(data, "ucdp-ged-pakistan", "conflict_data_pak.csv.gz")
	h := openHouse(t, os.Getenv("GAWAH_TEST_DB"))
	for range 2 {
		r, err := exchange.Open("ucdp", file, exchange.Options{})
		if err != nil {
			t.Fatal(err)
		}
		report, err := h.Import(context.Background(), access.House(), r, casework.ImportOptions{Name: "ged.csv.gz", Hash: "0000000000000000000000000000000000000000000000000000000000000000", Reason: "test"})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("rows %d created %d unchanged %d refused %d problems %d in %.2fs = %.0f rows/s", report.Rows, report.Created, report.Unchanged, report.Refused, len(report.Problems), report.Seconds, float64(report.Rows)/report.Seconds)
		if report.Refused > 0 {
			t.Log(report.Problems[:min(5, len(report.Problems))])
		}
	}
}
