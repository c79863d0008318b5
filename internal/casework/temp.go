package casework

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// TempFile opens a file for what is on its way in or out. It lies in the data
// directory, like everything else, and has no name there from the beginning, so
// that it is gone when it is closed or the process ends, however that happens.
// Where a file in use cannot be removed, the caller removes it after closing it.
// It fails with [ErrFull] when the disk is full.
func (h *House) TempFile() (*os.File, error) {
	dir := filepath.Join(h.dir, "tmp")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make room for a file: %w", fullDisk(err))
	}
	f, err := os.CreateTemp(dir, "file-*")
	if err != nil {
		return nil, fmt.Errorf("make room for a file: %w", fullDisk(err))
	}
	_ = os.Remove(f.Name()) // see above
	return f, nil
}

func fullDisk(err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}
