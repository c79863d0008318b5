package cli

import (
	"fmt"
	"io"
	"os"

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
	if err := writeFile(c.args[0], func(w io.Writer) error { return h.Backup(c.ctx, w) }); err != nil {
		return err
	}
	return h.NoteBackup(c.ctx)
}

func restore(c *call) error {
	if len(c.args) != 1 {
		return usagef("restore takes the backup to read")
	}
	b, err := casework.OpenBackup(c.args[0])
	if err != nil {
		return err
	}
	defer b.Close()
	h, err := c.open(nil)
	if err != nil {
		return err
	}
	defer h.Close()
	if err := h.Restore(c.ctx, b); err != nil {
		return err
	}
	if err := h.FinishErasing(c.ctx); err != nil {
		return err
	}
	fmt.Fprintln(c.Out, "restored; gawah check verifies it")
	return nil
}
