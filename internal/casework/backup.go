package casework

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/record"
)

// The members of a backup, a ZIP archive. The database comes first and the last
// member says that the backup is complete.
const (
	backupDatabase = "database"
	backupOriginal = "originals/"
	backupErased   = "erased"
	backupEnd      = "complete"
)

// erasedName is the file beside the database that lists what was erased, by kind
// and identifier only.
const erasedName = "erased.list"

// Backup writes the whole house as of one instant: the database in a form that
// either engine takes, every original, and the list of erasures. It reads one
// snapshot, so people may go on working. Originals are written once and never
// changed, so those present after the snapshot are a superset of what it names.
func (h *House) Backup(ctx context.Context, w io.Writer) error {
	z := zip.NewWriter(w)
	member := func(name string, method uint16) (io.Writer, error) {
		return z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: h.Now().Truncate(time.Second)})
	}
	db, err := member(backupDatabase, zip.Deflate)
	if err != nil {
		return err
	}
	if err := h.store.Dump(ctx, db); err != nil {
		return fmt.Errorf("back up the database: %w", err)
	}
	err = h.blobs.Each(func(hash string, _ int64) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		f, _, err := h.blobs.Get(hash)
		if errors.Is(err, record.ErrNotFound) {
			return nil // erased meanwhile
		}
		if err != nil {
			return err
		}
		defer f.Close()
		m, err := member(backupOriginal+hash, zip.Deflate)
		if err != nil {
			return err
		}
		_, err = io.Copy(m, f)
		return err
	})
	if err != nil {
		return fmt.Errorf("back up the originals: %w", err)
	}
	erased, err := os.ReadFile(filepath.Join(h.dir, erasedName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("back up the list of erasures: %w", err)
	}
	for _, m := range []struct{ name, text string }{{backupErased, string(erased)}, {backupEnd, "gawah-backup/1\n"}} {
		f, err := member(m.name, zip.Deflate)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, m.text); err != nil {
			return err
		}
	}
	return z.Close()
}

// BackupFile is an opened backup.
type BackupFile struct {
	zip *zip.ReadCloser
}

// OpenBackup opens a backup and makes sure that it is one and complete.
func OpenBackup(path string) (*BackupFile, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, fmt.Errorf("%s is not a backup, or was cut off: %w", path, err)
	}
	b := &BackupFile{zip: z}
	f, err := z.Open(backupEnd)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s is not a complete backup made by gawah", path), z.Close())
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 100))
	if err != nil || string(text) != "gawah-backup/1\n" {
		return nil, errors.Join(fmt.Errorf("%s was made by another version of gawah", path), z.Close())
	}
	return b, nil
}

// Close closes the file.
func (b *BackupFile) Close() error { return b.zip.Close() }

// Restore fills an empty house from a backup. What was erased, there or here,
// before the backup or after it, does not come back: the list of erasures in the
// data directory counts too, so restore an old backup beside the newest list.
func (h *House) Restore(ctx context.Context, b *BackupFile) error {
	erased := map[record.Ref]bool{}
	if err := b.erased(erased); err != nil {
		return err
	}
	if err := readErased(filepath.Join(h.dir, erasedName), erased); err != nil {
		return err
	}
	if err := h.restoreOriginals(ctx, b); err != nil {
		return err
	}
	db, err := b.zip.Open(backupDatabase)
	if err != nil {
		return fmt.Errorf("the backup has no database: %w", err)
	}
	defer db.Close()
	// An erased person comes in for a moment, because other records of the backup
	// may still hold their names, which only the person's record tells.
	if err := h.store.Restore(ctx, db, func(r record.Ref) bool { return erased[r] && r.Kind != record.KindPerson }); err != nil {
		return fmt.Errorf("restore the database: %w", err)
	}
	for ref := range erased {
		if err := h.noteErased(ref); err != nil {
			return err
		}
	}
	if err := h.FinishErasing(ctx); err != nil {
		return err
	}
	return h.sweepOriginals(ctx)
}

func (h *House) restoreOriginals(ctx context.Context, b *BackupFile) error {
	for _, f := range b.zip.File {
		hash, ok := strings.CutPrefix(f.Name, backupOriginal)
		if !ok {
			continue
		}
		if err := func() error {
			r, err := f.Open()
			if err != nil {
				return err
			}
			defer r.Close()
			got, _, err := h.blobs.Put(ctx, r, -1)
			if err == nil && got != hash {
				err = errors.Join(fmt.Errorf("its bytes hash to %.12s…", got), h.blobs.Remove(got))
			}
			return err
		}(); err != nil {
			return fmt.Errorf("restore original %.12s…: %w", hash, err)
		}
	}
	return nil
}

func (b *BackupFile) erased(into map[record.Ref]bool) error {
	f, err := b.zip.Open(backupErased)
	if err != nil {
		return fmt.Errorf("the backup has no list of erasures: %w", err)
	}
	defer f.Close()
	return scanErased(f, into)
}

func readErased(path string, into map[record.Ref]bool) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the list of erasures: %w", err)
	}
	defer f.Close()
	return scanErased(f, into)
}

func scanErased(r io.Reader, into map[record.Ref]bool) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		kind, id, ok := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		if !ok {
			continue
		}
		into[record.Ref{Kind: record.Kind(kind), ID: id}] = true
	}
	return lines.Err()
}

// noteErased adds a line to the list of erasures and returns when it is on the
// disk.
func (h *House) noteErased(ref record.Ref) (err error) {
	known := map[record.Ref]bool{}
	path := filepath.Join(h.dir, erasedName)
	if err := readErased(path, known); err != nil || known[ref] {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write the list of erasures: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := fmt.Fprintf(f, "%s %s\n", ref.Kind, ref.ID); err != nil {
		return fmt.Errorf("write the list of erasures: %w", err)
	}
	return f.Sync()
}
