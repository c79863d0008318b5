package cli

import "fmt"

// mailCommand takes in what mail servers say of our mail.
func mailCommand(c *call) error {
	if len(c.args) != 1 || c.args[0] != "bounce" {
		return usagef("mail takes bounce, and a delivery report on standard input")
	}
	h, err := c.open(nil)
	if err != nil {
		return err
	}
	defer h.Close()
	known, err := c.bounce(h, c.In)
	if err != nil {
		return err
	}
	if !known {
		// Not a failure: a mail server that pipes its mail here would send it back to
		// whoever wrote it.
		fmt.Fprintln(c.Err, "gawah mail: not a report about a mail from here; nothing was changed")
	}
	return nil
}
