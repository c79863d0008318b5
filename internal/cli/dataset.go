package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// shownDataset is what the preview of a dataset says in JSON.
type shownDataset struct {
	Dataset     string              `json:"dataset"`
	Rows        int                 `json:"rows"`
	Sources     int                 `json:"sources"`
	Events      int                 `json:"events"`
	Claims      int                 `json:"claims"`
	Public      int                 `json:"public"`
	StaySources int                 `json:"stay_sources"`
	StayEvents  int                 `json:"stay_events"`
	LostClaims  int                 `json:"lost_claims"`
	CitedBy     map[record.Kind]int `json:"cited_by"`
	Files       int                 `json:"files"`
	Releases    int                 `json:"releases"`
	Withdrawn   bool                `json:"withdrawn"`
	UnderWay    string              `json:"under_way,omitempty"`
}

func datasetCommand(c *call) error {
	if len(c.args) != 2 {
		return usagef("dataset takes show, withdraw, return or erase, and the name of a dataset as its imports give it")
	}
	act, name := c.args[0], c.args[1]
	do, known := casework.ParseDatasetAct(act)
	if !known && act != "show" {
		return usagef("dataset takes show, withdraw, return or erase, not %q", act)
	}
	if known && c.config.Reason == "" {
		return usagef("dataset %s needs --reason WHY, which is journalled", act)
	}
	h, err := c.open(nil)
	if err != nil {
		return err
	}
	defer h.Close()
	if !known {
		return c.showDataset(h, name)
	}
	if err := h.BeginDataset(c.ctx, access.House(), name, do, c.config.Reason); err != nil {
		return err
	}
	// Killed from here on, the work is gone on with by a server, or by the same
	// command again.
	rows := 0
	err = h.FinishDataset(c.ctx, name, func(n int) { rows = n })
	if err != nil {
		return fmt.Errorf("%w; the same command goes on where this stopped", err)
	}
	fmt.Fprintln(c.Out, doneTo(name, do, rows))
	return nil
}

// doneTo says what was done to a dataset. A server that runs beside may have passed all its rows
// before this process met one, and then nothing is said of their number.
func doneTo(dataset string, act casework.DatasetAct, rows int) string {
	done := dataset + ": " + map[casework.DatasetAct]string{
		casework.WithdrawDataset: "withdrawn", casework.ReturnDataset: "returned", casework.EraseDataset: "erased",
	}[act]
	if rows == 0 {
		return done
	}
	return fmt.Sprintf("%s, %d rows", done, rows)
}

func (c *call) showDataset(h *opened, name string) error {
	p, err := h.PlanDataset(c.ctx, access.House(), name)
	if err != nil {
		return err
	}
	if c.config.JSON {
		enc := json.NewEncoder(c.Out)
		enc.SetIndent("", "  ")
		return enc.Encode(shownDataset{
			p.Dataset, p.Rows, p.Sources, p.Events, p.Claims, p.Public, p.StaySources, p.StayEvents, p.LostClaims, p.CitedBy, p.Files, p.Releases,
			p.Withdrawn, string(p.Act),
		})
	}
	fmt.Fprintf(c.Out, "%s: %d rows, of which there are %d sources, %d events and %d claims; %d of them are public\n", p.Dataset, p.Rows, p.Sources, p.Events, p.Claims, p.Public)
	fmt.Fprintf(c.Out, "cited by people's work, and staying when it is erased: %d events, %d sources; claims named and lost: %d\n", p.StayEvents, p.StaySources, p.LostClaims)
	for _, kind := range slices.Sorted(maps.Keys(p.CitedBy)) {
		fmt.Fprintf(c.Out, "  cited by %d of kind %s\n", p.CitedBy[kind], kind)
	}
	fmt.Fprintf(c.Out, "originals that go with it: %d; releases, which stay as they are: %d\n", p.Files, p.Releases)
	switch {
	case p.Act != "":
		fmt.Fprintf(c.Out, "under way: %s\n", p.Act)
	case p.Withdrawn:
		fmt.Fprintln(c.Out, "it is withdrawn")
	}
	return nil
}
