package cli

import (
	"fmt"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
)

func user(c *call) error {
	if len(c.args) != 2 {
		return usagef("user takes add or reset, and an e-mail address")
	}
	email := c.args[1]
	if !strings.Contains(email, "@") {
		return usagef("%q is not an e-mail address", email)
	}
	h, err := c.open(nil)
	if err != nil {
		return err
	}
	defer h.Close()
	var secret string
	switch c.args[0] {
	case "add":
		role, ok := access.ParseRole(c.config.Role)
		if !ok {
			return usagef("there is no role %q; roles are reader, contributor, editor, organiser, moderator and admin", c.config.Role)
		}
		secret, err = h.AddAccount(c.ctx, access.House(), email, c.config.Name, role)
	case "reset":
		secret, err = h.ResetAccount(c.ctx, access.House(), email)
	default:
		return usagef("user takes add or reset, not %q", c.args[0])
	}
	if err != nil {
		return err
	}
	base := c.config.URL
	if base == "" {
		base = "http://127.0.0.1:8080"
	}
	fmt.Fprintf(c.Out, "%s/desk/setup?code=%s\n", base, secret)
	fmt.Fprintln(c.Err, "Hand this link over in person or by a safe channel: it works once, within seven days, and lets whoever has it set the password.")
	return nil
}
