package cli

import (
	"encoding/json"
	"fmt"

	"github.com/gawah-project/gawah/internal/access"
)

// checkedTrend is what the check of a statement says in JSON.
type checkedTrend struct {
	Slug   string `json:"slug"`
	Input  string `json:"input_sha256"`
	Same   bool   `json:"same"`
	Reason string `json:"reason,omitempty"`
}

// whyNot explains why a statement did not come out the same.
var whyNot = map[string]string{
	"input_missing": "what it was computed from is missing from the house's files",
	"input_changed": "what it was computed from is not what it was",
	"version_gone":  "this program cannot compute with the version of the method that it names",
	"differs":       "the result is another one",
}

func trendCommand(c *call) error {
	if len(c.args) != 2 || c.args[0] != "check" {
		return usagef("trend takes check and one statement: the last part of its address, or its identifier")
	}
	h, err := c.open(nil)
	if err != nil {
		return err
	}
	defer h.Close()
	t, err := h.following.Trend(c.ctx, access.House(), c.args[1])
	if err != nil {
		return err
	}
	rec := t.Item.Rec
	got, err := h.following.RecomputeTrend(c.ctx, access.House(), rec.ID)
	if err != nil {
		return err
	}
	if c.config.JSON {
		enc := json.NewEncoder(c.Out)
		enc.SetIndent("", "  ")
		if err := enc.Encode(checkedTrend{rec.Slug, rec.Input, got.OK, got.Reason}); err != nil {
			return err
		}
	} else if got.OK {
		fmt.Fprintf(c.Out, "%s computed again with %s from %d events, input %s: the same\n", rec.Slug, rec.Version, got.Events, rec.Input)
	}
	if !got.OK {
		return fmt.Errorf("the statement %s cannot be computed again as it was published: %s", rec.Slug, whyNot[got.Reason])
	}
	return nil
}
