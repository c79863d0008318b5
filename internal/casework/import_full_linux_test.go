package casework_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/gawah-project/gawah/internal/store"
)

// TestImportDiskFull fills a small disk with an import, makes the disk larger,
// and runs the import again.
func TestImportDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("gawah-test", dir, "tmpfs", 0, "size=6m"); err != nil {
		t.Skipf("skipped, needs the right to mount a small disk (root on Linux): %v", err)
	}
	// The directory is removed after the database is closed and the disk taken away.
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	g := openRegister(t, filepath.Join(dir, "gawah.db"))
	const n = 1500
	text := manyRows(n)
	r, err := g.importText(context.Background(), text, nil)
	if !errors.Is(err, store.ErrFull) {
		t.Fatalf("after %d rows the error is %v, want that the disk is full", r.Rows, err)
	}
	if !strings.Contains(err.Error(), "no space left") || strings.Contains(err.Error(), dir) {
		t.Errorf("the error does not say in plain words what is wrong: %v", err)
	}
	if strings.Count(err.Error(), "no space left") != 1 {
		t.Errorf("the error does not say it once: %v", err)
	}
	if r.Stopped == nil || r.Stopped.Reason != err.Error() || !strings.Contains(err.Error(), fmt.Sprintf("kept: %d;", r.Created)) || !strings.Contains(err.Error(), "import the same file again") {
		t.Errorf("neither the error nor the report, %+v, say what is kept and how to go on: %v", r.Stopped, err)
	}
	if r.Created == 0 || r.Created >= n {
		t.Fatalf("%d of %d rows were written before the disk was full", r.Created, n)
	}
	had := len(g.rows(keysUpTo(n)...))
	if had != r.Created {
		t.Errorf("%d rows are there, and the report says %d", had, r.Created)
	}
	if err := syscall.Mount("gawah-test", dir, "tmpfs", syscall.MS_REMOUNT, "size=200m"); err != nil {
		t.Fatal(err)
	}
	wantCounts(t, g.mustImport(text), n, n-had, 0, had, 0)
	alone := openRegister(t, "")
	alone.mustImport(text)
	sameContents(t, g.contents(keysUpTo(n)), alone.contents(keysUpTo(n)))
}
