package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
)

func check(c *call) error {
	if len(c.args) > 0 {
		return usagef("check takes no arguments, but got %q", c.args[0])
	}
	h, err := c.open(nil)
	if err != nil {
		return err
	}
	defer h.Close()
	if c.config.Refigure {
		// Before the check, which would report what this puts right.
		r, err := h.RefigureAll(c.ctx, access.House())
		if err != nil {
			return err
		}
		if !c.config.JSON {
			fmt.Fprintf(c.Out, "worked out the figures of %d events again: %d were kept otherwise\n", r.Events, r.Changed)
		}
	}
	report, err := h.Check(c.ctx, func(step string) {
		if !c.config.JSON {
			fmt.Fprintf(c.Err, "checking %s\n", step)
		}
	})
	if err != nil {
		return err
	}
	if c.config.JSON {
		enc := json.NewEncoder(c.Out)
		enc.SetIndent("", "  ")
		if err := enc.Encode(report); err != nil {
			return err
		}
	} else {
		for _, name := range slices.Sorted(maps.Keys(report.Checked)) {
			fmt.Fprintf(c.Out, "%-24s %10d\n", name, report.Checked[name])
		}
		for _, f := range report.Faults {
			fmt.Fprintln(c.Out, "fault:", f)
		}
	}
	if n := len(report.Faults); n > 0 {
		return fmt.Errorf("%d faults found", n)
	}
	if !c.config.JSON {
		fmt.Fprintln(c.Out, "everything holds")
	}
	return nil
}

func version(c *call) error {
	fmt.Fprintln(c.Out, buildVersion())
	return nil
}

// buildVersion is the module's version and, in a checkout, the commit.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && (v == "" || v == "(devel)") {
			v = s.Value[:min(12, len(s.Value))]
		}
	}
	if v == "" {
		v = "(devel)"
	}
	return v
}
