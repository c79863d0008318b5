package signing

import (
	"errors"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestDiskFull fills a small disk with signatures, makes the disk larger, and
// goes on.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("gawah-test", dir, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("skipped, needs the right to mount a small disk (root on Linux): %v", err)
	}
	// The directory is removed after the database is closed and the disk taken away.
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	h := open(t, filepath.Join(dir, "gawah.db"))
	ctx := t.Context()
	acknowledged := map[int64]string{}
	refused := 0
	for i := 0; refused < 20; i++ {
		taken, err := h.Accept(ctx, form(i))
		switch {
		case err == nil:
			if refused > 0 {
				t.Errorf("taken after the disk was full")
			}
			acknowledged[taken.N] = "s"
		case errors.Is(err, ErrFull) && !strings.Contains(err.Error(), dir):
			refused++
		default:
			t.Fatalf("number %d: %v", i, err)
		}
		if i > 200_000 {
			t.Fatal("the disk does not become full")
		}
	}
	h.allThere(acknowledged)
	if err := syscall.Mount("gawah-test", dir, "tmpfs", syscall.MS_REMOUNT, "size=200m"); err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		n := h.take(form(1_000_000 + i)).N
		acknowledged[n] = "s"
		h.confirm(n)
	}
	h.allThere(acknowledged)
}
