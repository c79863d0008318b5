package casework_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
)

// openHouse opens a house over a fresh database.
func openHouse(t testing.TB, target string) *casework.House {
	t.Helper()
	return openRegister(t, target).h
}

// TestImportUCDP takes in the whole UCDP extract twice: every row enters, the
// rows whose bounds contradict each other are listed, and the second time
// nothing changes.
func TestImportUCDP(t *testing.T) {
	data := os.Getenv("GAWAH_TESTDATA")
	if data == "" {
		t.Skip("GAWAH_TESTDATA does not name a folder with the UCDP extract")
	}
	file := filepath.Join(data, "ucdp-ged-pakistan", "conflict_data_pak.csv.gz")
	h := openHouse(t, "")
	const rows, contradicting = 4549, 176
	for _, want := range []struct{ created, unchanged, problems int }{{rows, 0, contradicting}, {0, rows, contradicting}} {
		r, err := exchange.Open("ucdp", file, exchange.Options{})
		if err != nil {
			t.Fatal(err)
		}
		report, err := h.Import(context.Background(), access.House(), r, casework.ImportOptions{
			Name: "ged.csv.gz", Hash: strings.Repeat("0", 64), Reason: "a test",
		})
		if err != nil {
			t.Fatal(err)
		}
		if report.Rows != rows || report.Created != want.created || report.Unchanged != want.unchanged || report.Refused != 0 || len(report.Problems) != want.problems {
			t.Errorf("rows %d created %d unchanged %d refused %d problems %d, want %+v", report.Rows, report.Created, report.Unchanged, report.Refused, len(report.Problems), want)
		}
	}
}
