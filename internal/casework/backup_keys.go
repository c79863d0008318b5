package casework

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/store"
)

// keysName is the directory of keys in the data directory.
const keysName = "keys"

// maxKeyFile bounds a file of keys, in bytes.
const maxKeyFile = 1 << 20

// eachKey calls fn for every file of keys, by its slash-separated path below the
// directory of keys.
func (h *House) eachKey(fn func(name string, text []byte) error) error {
	root := filepath.Join(h.dir, keysName)
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // no petition has keys yet, or this one's were destroyed meanwhile
		case err != nil:
			return err
		case !d.Type().IsRegular():
			return nil
		}
		if ext := filepath.Ext(path); ext != ".key" && ext != ".destroyed" {
			return nil // one that is just being made, or was set aside
		}
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		return fn(filepath.ToSlash(name), text)
	})
}

// restoreKeys writes the backup's keys, but none of a petition whose key was
// destroyed since. It is called while the restored database can still be taken
// back, and only into an empty one, whose keys open nothing; one that differs is
// set aside all the same.
func (h *House) restoreKeys(b *BackupFile) (n int, err error) {
	root := filepath.Join(h.dir, keysName)
	destroyed := map[string]bool{}
	if _, err := departed.Open(h.dir).Each(0, func(l departed.Line) error {
		if l.What == departed.Destroyed {
			destroyed[keyFile(l.Petition)] = true
		}
		return nil
	}); err != nil {
		return 0, err
	}
	for _, f := range b.zip.File {
		name, ok := strings.CutPrefix(f.Name, backupKey)
		if !ok || destroyed[name] {
			continue
		}
		if !filepath.IsLocal(name) || f.UncompressedSize64 > maxKeyFile {
			return n, errors.New("restore the keys: the backup has an unusable name or size for one")
		}
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return n, fmt.Errorf("restore the keys: %w", fullDisk(err))
		}
		if err := restoreKey(f.Open, path); err != nil {
			return n, fmt.Errorf("restore the keys: %w", fullDisk(err))
		}
		n++
	}
	return n, nil
}

// keyFile names the file of a petition's key, as internal/seal does.
func keyFile(petition int) string { return fmt.Sprintf("petition-%d.key", petition) }

func restoreKey(open func() (io.ReadCloser, error), path string) error {
	from, err := open()
	if err != nil {
		return err
	}
	defer from.Close()
	text, err := io.ReadAll(io.LimitReader(from, maxKeyFile))
	if err != nil {
		return err
	}
	defer clear(text)
	switch there, err := os.ReadFile(path); {
	case err == nil && bytes.Equal(there, text):
		return nil
	case err == nil:
		if err := os.Rename(path, path+".replaced"); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	to, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = to.Write(text)
	if err == nil {
		err = to.Sync()
	}
	if err = errors.Join(err, to.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// settingRecipients lists the age recipients of the house's backups, a line
// each.
const settingRecipients = "backup.recipients"

// BackupRecipients returns the age recipients to which every backup of the house
// is encrypted.
func (h *House) BackupRecipients(ctx context.Context) (out []string, err error) {
	err = h.view(ctx, func(r *store.Reader) error {
		text, err := r.Setting(ctx, settingRecipients)
		out = strings.Fields(string(text))
		return err
	})
	return out, err
}

// SetBackupRecipients sets the age recipients of the house's backups; none ends
// their encryption. Only an admin may, and an invalid one is refused.
func (h *House) SetBackupRecipients(ctx context.Context, v access.Viewer, recipients []string) error {
	if err := require(v, access.ActAccounts); err != nil {
		return err
	}
	var lines []string
	for _, r := range recipients {
		if r = strings.TrimSpace(r); r != "" {
			lines = append(lines, r)
		}
	}
	if _, err := parseRecipients(lines); err != nil {
		return invalid("recipients", "recipient")
	}
	return h.store.Write(ctx, func(tx *store.Tx) error {
		return tx.PutSetting(ctx, settingRecipients, []byte(strings.Join(lines, "\n")))
	})
}

func parseRecipients(texts []string) ([]age.Recipient, error) {
	var out []age.Recipient
	seen := map[string]bool{}
	for _, t := range texts {
		if t = strings.TrimSpace(t); t == "" || seen[t] {
			continue
		}
		seen[t] = true
		got, err := age.ParseRecipients(strings.NewReader(t))
		if err != nil || len(got) != 1 {
			return nil, fmt.Errorf("%q is not an age recipient; one starts with age1", t)
		}
		out = append(out, got[0])
	}
	return out, nil
}

// ReadIdentities reads a file of age identities, as age-keygen writes it.
func ReadIdentities(path string) ([]age.Identity, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the file of identities: %w", err)
	}
	defer f.Close()
	out, err := age.ParseIdentities(f)
	if err != nil {
		// The error of the library quotes the line, which is a secret.
		return nil, fmt.Errorf("%s holds no age identities (lines that start with AGE-SECRET-KEY-1)", path)
	}
	return out, nil
}
