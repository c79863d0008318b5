package cli

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/petitions"
)

// unseal opens no house: it runs where the offline key is.
func unseal(c *call) (err error) {
	if len(c.args) != 1 || c.config.Identity == "" {
		return usagef("unseal takes the file of sealed names and --identity FILE")
	}
	identities, err := casework.ReadIdentities(c.config.Identity)
	if err != nil {
		return err
	}
	in, err := os.Open(c.args[0])
	if err != nil {
		return fmt.Errorf("open the sealed names: %w", err)
	}
	defer in.Close()
	out := io.Writer(c.Out)
	if c.config.Output != "" {
		// Names are for nobody else on this computer, and no file is overwritten.
		f, err := os.OpenFile(c.config.Output, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return fmt.Errorf("write the names: %w", err)
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		out = f
	}
	n, err := petitions.Unseal(in, out, identities)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.Err, "%d names\n", n)
	return nil
}
