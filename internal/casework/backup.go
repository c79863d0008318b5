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
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// The members of a backup, a ZIP archive, which as a whole is an age file where
// the house has recipients. The database comes first and the last member says
// that the backup is complete.
const (
	backupDatabase = "database"
	backupOriginal = "originals/"
	backupErased   = "erased"
	backupDeparted = "departed"
	backupKey      = "keys/"
	backupEnd      = "complete"
)

// erasedName is the file beside the database that lists what was erased, by kind
// and identifier only.
const erasedName = "erased.list"

// BackupSummary says what a backup is.
type BackupSummary struct {
	// Encrypted says that only the holders of the recipients' identities read it.
	Encrypted bool
	// Keys are the files of keys it holds, KeysLeft those it leaves out because it
	// is not encrypted: without them nobody reads what signers gave.
	Keys, KeysLeft int
}

// Backup writes the whole house as of one instant: the database in a form that
// either engine takes, every original, and the lists of erasures and of who left
// the count. It reads one snapshot, so people may go on working. Originals are
// written once and never changed, so those present after the snapshot are a
// superset of what it names.
//
// It is encrypted to the age recipients given and to those of the house
// ([House.BackupRecipients]), and then holds the keys too. Without any recipient
// the keys stay out: a copy that anybody can read must not open what signers were
// promised.
func (h *House) Backup(ctx context.Context, w io.Writer, recipients ...string) (done BackupSummary, err error) {
	kept, err := h.BackupRecipients(ctx)
	if err != nil {
		return done, err
	}
	to, err := parseRecipients(append(kept, recipients...))
	if err != nil {
		return done, err
	}
	var sealed io.WriteCloser
	if done.Encrypted = len(to) > 0; done.Encrypted {
		if sealed, err = age.Encrypt(w, to...); err != nil {
			return done, fmt.Errorf("encrypt the backup: %w", err)
		}
		w = sealed
	}
	z := zip.NewWriter(w)
	member := func(name string, method uint16) (io.Writer, error) {
		return z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: h.Now().Truncate(time.Second)})
	}
	db, err := member(backupDatabase, zip.Deflate)
	if err != nil {
		return done, err
	}
	if err := h.store.Dump(ctx, db); err != nil {
		return done, fmt.Errorf("back up the database: %w", err)
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
		return done, fmt.Errorf("back up the originals: %w", err)
	}
	// After the snapshot, so that the key of everything in it is there.
	err = h.eachKey(func(name string, text []byte) error {
		if !done.Encrypted {
			done.KeysLeft++
			return nil
		}
		done.Keys++
		m, err := member(backupKey+name, zip.Store)
		if err == nil {
			_, err = m.Write(text)
		}
		return err
	})
	if err != nil {
		return done, fmt.Errorf("back up the keys: %w", err)
	}
	for _, list := range []struct{ name, file string }{{backupErased, erasedName}, {backupDeparted, departed.Name}} {
		text, err := os.ReadFile(filepath.Join(h.dir, list.file))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return done, fmt.Errorf("back up %s: %w", list.file, err)
		}
		m, err := member(list.name, zip.Deflate)
		if err == nil {
			_, err = m.Write(text)
		}
		if err != nil {
			return done, err
		}
	}
	end, err := member(backupEnd, zip.Deflate)
	if err == nil {
		_, err = io.WriteString(end, "gawah-backup/1\n")
	}
	if err == nil {
		err = z.Close()
	}
	if err == nil && sealed != nil {
		err = sealed.Close()
	}
	return done, err
}

// BackupFile is an opened backup.
type BackupFile struct {
	file *os.File
	zip  *zip.Reader
}

// ErrNeedsIdentity means that a backup is encrypted and was opened without an
// identity that decrypts it.
var ErrNeedsIdentity = errors.New("the backup is encrypted; name the file with the age identity of one of its recipients (--identity FILE)")

// ageIntro begins every age file.
const ageIntro = "age-encryption.org/v1\n"

// OpenBackup opens a backup, with the identities if it is encrypted, and makes
// sure that it is complete. Nothing decrypted is written to a disk.
func OpenBackup(path string, identities ...age.Identity) (_ *BackupFile, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the backup: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close())
		}
	}()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open the backup: %w", err)
	}
	var from io.ReaderAt = f
	size := info.Size()
	intro := make([]byte, len(ageIntro))
	if _, err := f.ReadAt(intro, 0); err == nil && string(intro) == ageIntro {
		if len(identities) == 0 {
			return nil, ErrNeedsIdentity
		}
		if from, size, err = age.DecryptReaderAt(f, size, identities...); err != nil {
			if _, wrong := errors.AsType[*age.NoIdentityMatchError](err); wrong {
				return nil, fmt.Errorf("none of the identities given is that of a recipient: %w", ErrNeedsIdentity)
			}
			return nil, fmt.Errorf("decrypt %s, which was changed or cut off: %w", path, err)
		}
	}
	z, err := zip.NewReader(from, size)
	if err != nil {
		return nil, fmt.Errorf("%s is not a backup, or was cut off: %w", path, err)
	}
	end, err := z.Open(backupEnd)
	if err != nil {
		return nil, fmt.Errorf("%s is not a complete backup made by gawah", path)
	}
	defer end.Close()
	text, err := io.ReadAll(io.LimitReader(end, 100))
	if err != nil || string(text) != "gawah-backup/1\n" {
		return nil, fmt.Errorf("%s was made by another version of gawah", path)
	}
	return &BackupFile{file: f, zip: z}, nil
}

// Close closes the file.
func (b *BackupFile) Close() error { return b.file.Close() }

// Restored says what a restore brought back.
type Restored struct {
	// Keys counts the files of keys that came with the backup.
	Keys int
}

// DepartedSetting names the setting that says how far the list of who left the
// count has been applied to this database, in bytes.
const DepartedSetting = "departed.applied"

// Restore fills an empty house from a backup. What was erased, there or here,
// before the backup or after it, does not come back: the list of erasures in the
// data directory counts too, so restore an old backup beside the newest lists.
//
// The list of who left the count is taken in as well; whoever serves applies it
// first. Mail is held until an admin releases it, because what the backup has as
// due may long have been sent.
func (h *House) Restore(ctx context.Context, b *BackupFile) (Restored, error) {
	var done Restored
	erased := map[record.Ref]bool{}
	if err := b.erased(erased); err != nil {
		return done, err
	}
	if err := readErased(filepath.Join(h.dir, erasedName), erased); err != nil {
		return done, err
	}
	if err := h.mergeDeparted(b); err != nil {
		return done, err
	}
	if err := h.restoreOriginals(ctx, b); err != nil {
		return done, err
	}
	db, err := b.zip.Open(backupDatabase)
	if err != nil {
		return done, fmt.Errorf("the backup has no database: %w", err)
	}
	defer db.Close()
	// An erased person comes in for a moment, because other records of the backup
	// may still hold their names, which only the person's record tells.
	err = h.store.Restore(ctx, db, func(r record.Ref) bool { return erased[r] && r.Kind != record.KindPerson },
		func(ctx context.Context, tx *store.Tx) (err error) {
			if done.Keys, err = h.restoreKeys(b); err != nil {
				return err
			}
			return restoredHere(ctx, tx)
		})
	if err != nil {
		return done, fmt.Errorf("restore the database: %w", err)
	}
	for ref := range erased {
		if err := h.noteErased(ref); err != nil {
			return done, err
		}
	}
	if err := h.FinishErasing(ctx); err != nil {
		return done, err
	}
	return done, h.sweepOriginals(ctx)
}

// skippedNumbers is more than any house takes between a backup and a restore.
const skippedNumbers = 1 << 32

// restoredHere notes, in the transaction that restores, that this database is
// not the one that was backed up: all of the list of departures is to be applied,
// no number of a signature made since is given again, and no mail goes out.
func restoredHere(ctx context.Context, tx *store.Tx) error {
	if err := tx.PutSetting(ctx, DepartedSetting, []byte("0")); err != nil {
		return err
	}
	if err := tx.SkipNumbers(ctx, skippedNumbers); err != nil {
		return err
	}
	return tx.HoldMail(ctx, "restored")
}

// mergeDeparted adds the backup's list of departures to the one here.
func (h *House) mergeDeparted(b *BackupFile) error {
	f, err := b.zip.Open(backupDeparted)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // of an older version
	}
	if err != nil {
		return fmt.Errorf("read the backup's list of withdrawals: %w", err)
	}
	defer f.Close()
	return departed.Open(h.dir).Merge(f)
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

// noteErased adds lines to the list of erasures and returns when they are on the
// disk.
func (h *House) noteErased(refs ...record.Ref) (err error) {
	known := map[record.Ref]bool{}
	path := filepath.Join(h.dir, erasedName)
	if err := readErased(path, known); err != nil {
		return err
	}
	refs = slices.DeleteFunc(slices.Clone(refs), func(ref record.Ref) bool { return known[ref] })
	if len(refs) == 0 {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write the list of erasures: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriter(f)
	for _, ref := range refs {
		_, _ = fmt.Fprintf(w, "%s %s\n", ref.Kind, ref.ID) // Flush returns the error
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the list of erasures: %w", err)
	}
	return f.Sync()
}
