// Package blob keeps originals under the SHA-256 of their bytes in a directory.
// A blob is never changed: it is there whole and durable, or it is not there.
//
// Layout, for whoever has to look with other tools: the blob with the hash
// ab12… is the file ab/12/ab12…; files in the directory "new" are writes in
// progress or, when no process runs, leftovers that the next [Open] removes.
//
// The methods of [Store] are all that the program needs of a place for blobs, so
// that one on another machine can take its place.
package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/gawah-project/gawah/internal/record"
)

// ErrTooLarge means that there was more to keep than allowed; nothing was kept.
var ErrTooLarge = errors.New("larger than allowed")

// ErrDamaged means that a blob's bytes no longer have its hash.
var ErrDamaged = errors.New("the bytes do not have the hash they are kept under")

// ErrFull means that the disk has no room; nothing was kept.
var ErrFull = errors.New("no space left for originals; free some and try again")

// Store is a directory of blobs. It is safe for use by several goroutines, and
// several processes may have one directory open.
type Store struct {
	dir string
}

// newDir is where blobs are written before they get their name.
const newDir = "new"

// Open opens the directory, makes it if need be, and removes what killed writes
// have left behind.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(filepath.Join(dir, newDir), 0o700); err != nil {
		return nil, fmt.Errorf("make the directory for originals: %w", full(err))
	}
	s := &Store{dir: dir}
	if err := s.clean(); err != nil {
		return nil, fmt.Errorf("clean up after killed writes: %w", err)
	}
	return s, nil
}

// clean removes the writes in progress that no process is working on.
func (s *Store) clean() error {
	files, err := os.ReadDir(filepath.Join(s.dir, newDir))
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := removeAbandoned(filepath.Join(s.dir, newDir, f.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// create makes an empty file of our own among the writes in progress.
func (s *Store) create() (*os.File, error) {
	for {
		f, err := os.OpenFile(filepath.Join(s.dir, newDir, rand.Text()), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, err
		}
		if err := claim(f); err != nil {
			return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
		// Until it was claimed, another process's Open may have removed it.
		mine, err := f.Stat()
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		if there, err := os.Stat(f.Name()); err == nil && os.SameFile(mine, there) {
			return f, nil
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
}

// Put keeps what r holds, at most max bytes (a negative max sets no bound), and
// returns its SHA-256 in lower-case hexadecimal and its size. When it returns,
// the blob is on the disk. Keeping the same bytes again is no error.
func (s *Store) Put(ctx context.Context, r io.Reader, max int64) (hash string, size int64, err error) {
	f, err := s.create()
	if err != nil {
		return "", 0, fmt.Errorf("keep an original: %w", full(err))
	}
	kept := false
	defer func() {
		err = errors.Join(err, f.Close())
		if !kept {
			if e := os.Remove(f.Name()); e != nil && !errors.Is(e, fs.ErrNotExist) {
				err = errors.Join(err, e)
			}
		}
	}()
	sum := sha256.New()
	r = &stoppable{ctx, r}
	if max >= 0 {
		r = io.LimitReader(r, max+1)
	}
	if size, err = io.Copy(io.MultiWriter(f, sum), r); err != nil {
		return "", 0, fmt.Errorf("keep an original: %w", full(err))
	}
	if max >= 0 && size > max {
		return "", 0, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, max)
	}
	if err := f.Sync(); err != nil {
		return "", 0, fmt.Errorf("keep an original: %w", full(err))
	}
	hash = hex.EncodeToString(sum.Sum(nil))
	if kept, err = s.name(f.Name(), hash, size); err != nil {
		return "", 0, fmt.Errorf("keep the original %s: %w", hash, full(err))
	}
	return hash, size, nil
}

// name gives a written file its place and reports whether it took it: it does
// not when the blob is there already.
func (s *Store) name(file, hash string, size int64) (bool, error) {
	path := s.path(hash)
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return false, err
	}
	moved := false
	if there, err := os.Stat(path); err != nil || there.Size() != size {
		if err := os.Rename(file, path); err != nil {
			return false, err
		}
		moved = true
	}
	// The directories too, and also when another process made the file: it may
	// not have come to this yet.
	for _, d := range []string{dir, filepath.Dir(dir), s.dir} {
		if err := syncDir(d); err != nil {
			return moved, err
		}
	}
	return moved, nil
}

// stoppable ends reading with its context.
type stoppable struct {
	ctx context.Context // of the one Put it reads for
	r   io.Reader
}

func (s *stoppable) Read(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(b)
}

// path returns the place of a valid hash.
func (s *Store) path(hash string) string {
	return filepath.Join(s.dir, hash[:2], hash[2:4], hash)
}

// ValidHash reports whether a text is a SHA-256 in lower-case hexadecimal.
// Nothing else ever becomes part of a path.
func ValidHash(hash string) bool {
	if len(hash) != 2*sha256.Size {
		return false
	}
	for i := range len(hash) {
		if c := hash[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func missing(hash string) error {
	if !ValidHash(hash) {
		hash = "with that name" // which may be anything
	}
	return fmt.Errorf("original %s: %w", hash, record.ErrNotFound)
}

// Get opens a blob and returns its size. It fails with [record.ErrNotFound] when
// there is none, also for what is no hash at all. The caller closes it.
func (s *Store) Get(hash string) (io.ReadSeekCloser, int64, error) {
	if !ValidHash(hash) {
		return nil, 0, missing(hash)
	}
	f, err := os.Open(s.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, missing(hash)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("open the original %s: %w", hash, err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a file")
	}
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("open the original %s: %w", hash, err), f.Close())
	}
	return f, info.Size(), nil
}

// Remove removes a blob for good. Removing one that is not there is no error, so
// that an interrupted erasure can be run again.
func (s *Store) Remove(hash string) error {
	if !ValidHash(hash) {
		return missing(hash)
	}
	err := os.Remove(s.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = syncDir(filepath.Dir(s.path(hash)))
	}
	if err != nil {
		return fmt.Errorf("remove the original %s: %w", hash, err)
	}
	return nil
}

// Each calls fn for every blob in the order of hashes. What else lies in the
// directory is passed over.
func (s *Store) Each(fn func(hash string, size int64) error) error {
	return s.each(s.dir, 2, fn)
}

func (s *Store) each(dir string, depth int, fn func(string, int64) error) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list the originals: %w", err)
	}
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		switch {
		case depth > 0 && e.IsDir() && len(e.Name()) == 2:
			if err := s.each(name, depth-1, fn); err != nil {
				return err
			}
		case depth == 0 && e.Type().IsRegular() && ValidHash(e.Name()) && s.path(e.Name()) == name:
			info, err := e.Info()
			if errors.Is(err, fs.ErrNotExist) {
				continue // removed meanwhile
			}
			if err != nil {
				return fmt.Errorf("list the originals: %w", err)
			}
			if err := fn(e.Name(), info.Size()); err != nil {
				return err
			}
		}
	}
	return nil
}

// Verify reads a blob and fails with [ErrDamaged] when its bytes do not have its
// hash any more.
func (s *Store) Verify(hash string) error {
	r, _, err := s.Get(hash)
	if err != nil {
		return err
	}
	defer r.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		return fmt.Errorf("read the original %s: %w", hash, err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != hash {
		return fmt.Errorf("original %s: %w", hash, ErrDamaged)
	}
	return nil
}

// full names the lack of room, which the user can do something about.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w (%w)", ErrFull, err)
	}
	return err
}
