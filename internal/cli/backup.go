package cli

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"github.com/gawah-project/gawah/internal/casework"
)

func backup(c *call) error {
	if len(c.args) != 1 {
		return usagef("backup takes the file to write")
	}
	if _, err := os.Stat(c.args[0]); err == nil {
		return fmt.Errorf("%s exists already; choose another name", c.args[0])
	}
	h, err := c.open(nil)
	if err != nil {
		return err
	}
	defer h.Close()
	var done casework.BackupSummary
	err = writeFile(c.args[0], func(w io.Writer) error {
		done, err = h.Backup(c.ctx, w, strings.FieldsFunc(c.config.Recipient, func(r rune) bool { return r == ',' || r == ' ' })...)
		return err
	})
	if err != nil {
		return err
	}
	switch {
	case done.Encrypted:
		fmt.Fprintf(c.Out, "encrypted; it holds everything, with %d files of keys\n", done.Keys)
	case done.KeysLeft > 0:
		fmt.Fprintf(c.Err, "This backup is not encrypted and therefore leaves out the %d files of keys in %s. Without them nobody can read the names and\n"+
			"addresses of signers in it, the links in their mails do not work and waiting mail cannot be sent. Copy that directory to a safe place of\n"+
			"its own, or have everything in one encrypted file: gawah backup FILE --recipient age1…\n", done.KeysLeft, filepath.Join(c.config.Data, "keys"))
	}
	return h.NoteBackup(c.ctx)
}

func restore(c *call) error {
	if len(c.args) != 1 {
		return usagef("restore takes the backup to read")
	}
	var identities []age.Identity
	if c.config.Identity != "" {
		var err error
		if identities, err = casework.ReadIdentities(c.config.Identity); err != nil {
			return err
		}
	}
	b, err := casework.OpenBackup(c.args[0], identities...)
	if err != nil {
		return err
	}
	defer b.Close()
	h, err := c.open(nil)
	if err != nil {
		return err
	}
	done, err := h.Restore(c.ctx, b)
	if err := errors.Join(err, h.Close()); err != nil {
		return err
	}
	// Opened again with the keys that came back. Who left since the backup was made
	// leaves again before anybody is served; serve would do it too.
	if h, err = c.open(nil); err != nil {
		return err
	}
	defer h.Close()
	if err := h.FinishErasing(c.ctx); err != nil {
		return err
	}
	if err := c.startSigning(h, strings.TrimRight(c.config.URL, "/"), slog.New(slog.DiscardHandler)); err != nil {
		return err
	}
	if err := h.petitions.Settle(c.ctx); err != nil {
		return err
	}
	fmt.Fprintln(c.Out, "restored; gawah check verifies it")
	if done.Keys > 0 {
		fmt.Fprintf(c.Out, "%d files of keys came with it\n", done.Keys)
	}
	fmt.Fprintln(c.Out, "mail is held until an admin releases it on the desk's outbox page: what was due when the backup was made may have been sent since")
	return nil
}
