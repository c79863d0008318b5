package casework_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// killedEnv holds the database in which this test program, started by itself,
// imports until it is killed.
const killedEnv = "GAWAH_TEST_IMPORT_INTO"

const killedRows = 1500

// TestImportChild is the process that TestImportKilled kills.
func TestImportChild(t *testing.T) {
	target := os.Getenv(killedEnv)
	if target == "" {
		t.Skip("only runs as a child of TestImportKilled")
	}
	g := openRegister(t, target)
	_, err := g.importText(context.Background(), manyRows(killedRows), func(o *casework.ImportOptions) {
		o.Progress = func(rows int, _ int64) { fmt.Printf("rows %d\n", rows) }
	})
	t.Fatalf("the import ended before it was killed: %v", err)
}

// TestImportKilled kills an import in the middle, twice, and runs it again. What
// is there then is what an import that nobody disturbed leaves.
func TestImportKilled(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		importKilled(t, filepath.Join(t.TempDir(), "gawah.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		importKilled(t, testdb.Postgres(t))
	})
}

func importKilled(t *testing.T, target string) {
	killAfter(t, target, 100)
	killAfter(t, target, 600)
	g := openRegister(t, target)
	keys := keysUpTo(killedRows)
	had := len(g.rows(keys...))
	if had == 0 || had >= killedRows {
		t.Fatalf("%d of %d rows were there when the import was killed", had, killedRows)
	}
	wantCounts(t, g.mustImport(manyRows(killedRows)), killedRows, killedRows-had, 0, had, 0)
	g.view(func(ctx context.Context, r *store.Reader) error {
		runs, err := r.Imports(ctx, access.House(), 10)
		if err == nil && (len(runs) != 1 || runs[0].Rec.Finished == 0) {
			t.Errorf("there are %d runs, want one that is finished", len(runs))
		}
		return err
	})
	alone := openRegister(t, "")
	alone.mustImport(manyRows(killedRows))
	sameContents(t, g.contents(keys), alone.contents(keys))
}

// killAfter imports in a child process and kills it when it has come to a row.
func killAfter(t *testing.T, target string, row int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, "-test.run", "^TestImportChild$")
	c.Env = append(os.Environ(), killedEnv+"="+target, "TMPDIR="+t.TempDir()) // what it leaves behind goes with the test
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	lines := bufio.NewScanner(io.TeeReader(out, &said))
	at := 0
	for at < row && lines.Scan() {
		_, _ = fmt.Sscanf(lines.Text(), "rows %d", &at) // other lines are not for us
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatalf("kill the import: %v; it said %s", err, said.String())
	}
	_ = c.Wait() // says that it was killed
	if at < row {
		t.Fatalf("the import ended by itself: %s", said.String())
	}
}
