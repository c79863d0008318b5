// Package blob keeps originals by the SHA-256 of their bytes. A blob is written
// once and never changed; it can only be removed.
package blob

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
)

// ErrTooLarge means that more bytes came than were allowed; nothing was kept.
var ErrTooLarge = errors.New("the file is larger than allowed")

// Store is a directory of blobs. It is safe for use by several goroutines and
// processes: a blob appears under its name only when it is complete and synced.
type Store struct {
	dir string
}

// partPrefix marks files that are still being written.
const partPrefix = ".part-"

// Open makes the directory if need be and removes what killed writers left.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of originals: %w", err)
	}
	parts, err := filepath.Glob(filepath.Join(dir, partPrefix+"*"))
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("remove an unfinished original: %w", err)
		}
	}
	return &Store{dir: dir}, nil
}

func validHash(hash string) bool {
	return len(hash) == 2*sha256.Size && strings.Trim(hash, "0123456789abcdef") == ""
}

func (s *Store) path(hash string) (string, error) {
	if !validHash(hash) {
		return "", fmt.Errorf("%.80q is not the name of an original: %w", hash, record.ErrNotFound)
	}
	return filepath.Join(s.dir, hash[:2], hash), nil
}

// Put keeps what r yields, at most limit bytes (0 for no limit), and returns its
// hash and size. It returns only when the bytes are on the disk.
func (s *Store) Put(r io.Reader, limit int64) (hash string, size int64, err error) {
	f, err := os.CreateTemp(s.dir, partPrefix+"*")
	if err != nil {
		return "", 0, fmt.Errorf("keep an original: %w", err)
	}
	defer func() {
		_ = f.Close()
		_ = os.Remove(f.Name()) // gone already when it was renamed
	}()
	sum := sha256.New()
	if limit > 0 {
		r = io.LimitReader(r, limit+1)
	}
	if size, err = io.Copy(io.MultiWriter(f, sum), r); err != nil {
		return "", 0, fmt.Errorf("keep an original: %w", err)
	}
	if limit > 0 && size > limit {
		return "", 0, fmt.Errorf("%w (%d bytes)", ErrTooLarge, limit)
	}
	if err := f.Sync(); err != nil {
		return "", 0, fmt.Errorf("keep an original: %w", err)
	}
	hash = hex.EncodeToString(sum.Sum(nil))
	path, err := s.path(hash)
	if err != nil {
		return "", 0, err
	}
	if _, err := os.Stat(path); err == nil {
		return hash, size, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", 0, fmt.Errorf("keep an original: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return "", 0, fmt.Errorf("keep an original: %w", err)
	}
	for _, dir := range []string{filepath.Dir(path), s.dir} {
		if err := syncDir(dir); err != nil {
			return "", 0, err
		}
	}
	return hash, size, nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync the folder of originals: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync the folder of originals: %w", err)
	}
	return nil
}

// Get opens a blob. The caller closes it.
func (s *Store) Get(hash string) (*os.File, error) {
	path, err := s.path(hash)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("original %.12s…: %w", hash, record.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("open an original: %w", err)
	}
	return f, nil
}

// Remove removes a blob; removing one that is not there is no error.
func (s *Store) Remove(hash string) error {
	path, err := s.path(hash)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove an original: %w", err)
	}
	return nil
}

// Verify reads a blob and reports whether its bytes are still those of its name.
func (s *Store) Verify(hash string) error {
	f, err := s.Get(hash)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return fmt.Errorf("read original %.12s…: %w", hash, err)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != hash {
		return fmt.Errorf("original %.12s… has been changed: its bytes now hash to %.12s…", hash, got)
	}
	return nil
}

// Each calls fn for every blob with its size.
func (s *Store) Each(fn func(hash string, size int64) error) error {
	return filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() || !validHash(d.Name()) {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		return fn(d.Name(), info.Size())
	})
}
