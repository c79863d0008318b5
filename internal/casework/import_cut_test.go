package casework_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
)

// TestImportOfCutFile imports a compressed file that is cut short, then the whole.
func TestImportOfCutFile(t *testing.T) {
	g := openRegister(t, "")
	text := manyRows(300)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "events.csv.gz")
	if err := os.WriteFile(path, b.Bytes()[:b.Len()/2], 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dry := range []bool{true, false} {
		r, err := exchange.Open("ucdp", path, exchange.Options{})
		if err != nil {
			t.Fatal(err)
		}
		o := casework.ImportOptions{Name: "events.csv.gz", Hash: strings.Repeat("0", 64), Reason: "a test", DryRun: dry}
		report, err := g.h.Import(t.Context(), access.House(), r, o)
		if err == nil || report.Stopped == nil || report.Stopped.Key != "problem.file_cut" || report.Created == 0 {
			t.Fatalf("%+v, %v", report, err)
		}
		if said := err.Error(); strings.Count(said, "cut short") != 1 || !strings.Contains(said, "get the whole file") || strings.Contains(said, "which are kept") == dry || strings.Contains(said, "EOF") {
			t.Errorf("dry %v: it says %q", dry, said)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if known := len(g.rows(keysUpTo(300)...)); dry && known > 0 || !dry && known != report.Created {
			t.Errorf("dry %v: %d rows are there, the report says %d", dry, known, report.Created)
		}
	}
	had := len(g.rows(keysUpTo(300)...))
	wantCounts(t, g.mustImport(text), 300, 300-had, 0, had, 0)
}
