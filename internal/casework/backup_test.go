package casework_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

func identity(t *testing.T) *age.X25519Identity {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (w *world) plantKey(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.dir, "keys", name)
	w.must(os.MkdirAll(filepath.Dir(path), 0o700))
	w.must(os.WriteFile(path, []byte(text), 0o600))
}

func (w *world) backup(recipients ...string) (string, casework.BackupSummary) {
	w.t.Helper()
	var b bytes.Buffer
	done, err := w.h.Backup(w.ctx, &b, recipients...)
	w.must(err)
	file := filepath.Join(w.t.TempDir(), "backup")
	w.must(os.WriteFile(file, b.Bytes(), 0o600))
	return file, done
}

// TestBackupEncrypted goes the whole way with a recipient, from one engine to
// the other: keys come with it, nothing of it can be read without the identity.
func TestBackupEncrypted(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s := w.source("Testfall Daily")
		w.plantKey("petition-2.key", "planted key")
		w.plantKey(".new-1234", "half a key")
		first, second := identity(t), identity(t)
		w.must(w.h.SetBackupRecipients(w.ctx, w.admin, []string{first.Recipient().String()}))
		file, done := w.backup(second.Recipient().String())
		if !done.Encrypted || done.Keys != 1 || done.KeysLeft != 0 {
			t.Errorf("%+v", done)
		}
		raw, err := os.ReadFile(file)
		w.must(err)
		if bytes.Contains(raw, []byte("planted")) || bytes.Contains(raw, []byte("PK\x03\x04")) {
			t.Error("the backup can be read without an identity")
		}
		if _, err := casework.OpenBackup(file); !errors.Is(err, casework.ErrNeedsIdentity) {
			t.Errorf("without an identity: %v", err)
		}
		if _, err := casework.OpenBackup(file, identity(t)); !errors.Is(err, casework.ErrNeedsIdentity) {
			t.Errorf("with another's identity: %v", err)
		}
		w.must(os.WriteFile(file+".cut", raw[:len(raw)-100], 0o600))
		if _, err := casework.OpenBackup(file+".cut", first); err == nil {
			t.Error("a cut-off backup was opened")
		}
		for i, id := range []age.Identity{first, second} {
			target := ""
			if i == 1 {
				target = testdb.Postgres(t)
			}
			b, err := casework.OpenBackup(file, id)
			w.must(err)
			to := bareWorldOn(t, target)
			to.plantKey("petition-2.key", "a key of nothing")
			back, err := to.h.Restore(to.ctx, b)
			to.must(err)
			to.must(b.Close())
			if got := standing[*record.Source](to, s.ID); got.Rec.Publisher != "Testfall Daily" || back.Keys != 1 {
				t.Errorf("restored %+v with %+v", got.Rec, back)
			}
			key, err := os.ReadFile(filepath.Join(to.dir, "keys", "petition-2.key"))
			to.must(err)
			if string(key) != "planted key" {
				t.Errorf("the key became %q", key)
			}
			// Nothing decrypted is left over.
			if found := to.grep("planted key"); len(found) != 1 {
				t.Errorf("the key is in %q", found)
			}
			to.sound()
		}
	})
}

func TestBackupInPlain(t *testing.T) {
	w := newWorld(t)
	w.plantKey("petition-2.key", "planted key")
	file, done := w.backup()
	if done.Encrypted || done.Keys != 0 || done.KeysLeft != 1 {
		t.Errorf("%+v", done)
	}
	b, err := casework.OpenBackup(file)
	w.must(err)
	defer b.Close()
	to := bareWorldOn(t, "")
	_, err = to.h.Restore(to.ctx, b)
	to.must(err)
	if found := to.grep("planted key"); len(found) != 0 {
		t.Errorf("the key is in %q", found)
	}
}

func TestBackupRecipients(t *testing.T) {
	w := newWorld(t)
	good := identity(t)
	for _, v := range []access.Viewer{access.Anyone(), w.reader, w.contributor, w.organiser, w.moderator, w.editor} {
		w.wants(w.h.SetBackupRecipients(w.ctx, v, nil), record.ErrForbidden, string(v.Role))
	}
	w.invalid(w.h.SetBackupRecipients(w.ctx, w.admin, []string{"age1nonsense"}), "recipients", "nonsense")
	w.invalid(w.h.SetBackupRecipients(w.ctx, w.admin, []string{good.String()}), "recipients", "an identity")
	w.must(w.h.SetBackupRecipients(w.ctx, w.admin, []string{" " + good.Recipient().String() + "\n", ""}))
	got, err := w.h.BackupRecipients(w.ctx)
	w.must(err)
	if len(got) != 1 || got[0] != good.Recipient().String() {
		t.Errorf("%q", got)
	}
	if _, err := w.h.Backup(w.ctx, &bytes.Buffer{}, "age1nonsense"); err == nil || !strings.Contains(err.Error(), "age1") {
		t.Errorf("a backup to nobody: %v", err)
	}
}

func TestReadIdentitiesKeepsSecrets(t *testing.T) {
	file := filepath.Join(t.TempDir(), "identity")
	secret := "AGE-SECRET-KEY-1PLANTED"
	if err := os.WriteFile(file, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := casework.ReadIdentities(file); err == nil || strings.Contains(err.Error(), "PLANTED") {
		t.Errorf("%v", err)
	}
}

// TestRestoreLeavesDestroyedKeys restores a backup from before a petition's key
// was destroyed.
func TestRestoreLeavesDestroyedKeys(t *testing.T) {
	w := newWorld(t)
	w.plantKey("petition-2.key", "planted key")
	w.plantKey("petition-12.key", "another key")
	id := identity(t)
	file, _ := w.backup(id.Recipient().String())
	b, err := casework.OpenBackup(file, id)
	w.must(err)
	defer b.Close()
	to := bareWorldOn(t, "")
	to.must(departed.Open(to.dir).Add(departed.Line{What: departed.Destroyed, Petition: 2}))
	back, err := to.h.Restore(to.ctx, b)
	to.must(err)
	if found := to.grep("planted key"); len(found) != 0 || back.Keys != 1 {
		t.Errorf("%d keys came back; the destroyed one is in %q", back.Keys, found)
	}
	if found := to.grep("another key"); len(found) != 1 {
		t.Errorf("the other key is in %q", found)
	}
}

// TestRestoreHoldsMail restores a house: its list of departures is that of the
// backup and of the directory, all of it to be applied, and mail is held.
func TestRestoreHoldsMail(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.must(departed.Open(w.dir).Add(departed.Line{What: departed.Withdrawn, Petition: 1, Rows: []int64{1}}))
		w.must(w.store.Write(w.ctx, func(tx *store.Tx) error { return tx.PutSetting(w.ctx, "departed.applied", []byte("14")) }))
		file, _ := w.backup()
		b, err := casework.OpenBackup(file)
		w.must(err)
		defer b.Close()
		to := bareWorldOn(t, "")
		to.must(departed.Open(to.dir).Add(departed.Line{What: departed.Withdrawn, Petition: 1, Rows: []int64{2}}))
		_, err = to.h.Restore(to.ctx, b)
		to.must(err)
		var rows []int64
		_, err = departed.Open(to.dir).Each(0, func(l departed.Line) error { rows = append(rows, l.Rows...); return nil })
		to.must(err)
		if len(rows) != 2 {
			t.Errorf("the list has %v", rows)
		}
		to.must(to.store.View(to.ctx, func(r *store.Reader) error {
			applied, err := r.Setting(to.ctx, "departed.applied")
			if string(applied) != "0" {
				t.Errorf("applied up to %q", applied)
			}
			if err != nil {
				return err
			}
			held, err := r.MailHeld(to.ctx)
			if held == "" {
				t.Error("mail is not held")
			}
			return err
		}))
	})
}
