package casework_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
)

// A file on its way is in the data directory and has no name there.
func TestTempFileHasNoName(t *testing.T) {
	w := newWorld(t)
	f, err := w.h.TempFile()
	w.must(err)
	defer f.Close()
	if dir := filepath.Join(w.dir, "tmp"); filepath.Dir(f.Name()) != dir {
		t.Errorf("it is in %s, not in %s", filepath.Dir(f.Name()), dir)
	}
	info, err := f.Stat()
	w.must(err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v", info.Mode())
	}
	if _, err := os.Stat(f.Name()); !os.IsNotExist(err) {
		t.Errorf("it has a name: %v", err)
	}
	_, err = io.WriteString(f, "test")
	w.must(err)
	_, err = f.Seek(0, io.SeekStart)
	w.must(err)
	if b, err := io.ReadAll(f); err != nil || string(b) != "test" {
		t.Errorf("read %q, %v", b, err)
	}
}

// An export spools where the house keeps everything, and leaves nothing.
func TestExportLeavesNoFile(t *testing.T) {
	w := newWorld(t)
	t.Setenv("TMPDIR", filepath.Join(w.dir, "no-such-directory"))
	_, err := w.h.Export(w.ctx, access.Anyone(), "csv", io.Discard)
	w.must(err)
	left, err := os.ReadDir(filepath.Join(w.dir, "tmp"))
	w.must(err)
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
