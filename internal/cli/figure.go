package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
)

func showFigure(c *call) error {
	if len(c.args) != 1 {
		return usagef("figure takes one event: the last part of its address, or its identifier")
	}
	rule, err := figure.Parse(c.config.Rule)
	if err != nil {
		return usagef("%v", err)
	}
	h, err := c.open(nil)
	if err != nil {
		return err
	}
	defer h.Close()
	id, err := h.FindEvent(c.ctx, access.House(), c.args[0])
	if err != nil {
		return err
	}
	f, err := h.Figure(c.ctx, access.House(), id, rule)
	if err != nil {
		return err
	}
	all := append(f.Figures, f.Other...)
	var wanted []figure.Figure
	for _, g := range all {
		if c.config.Measure == "" || string(g.Measure) == c.config.Measure {
			wanted = append(wanted, g)
		}
	}
	if c.config.JSON {
		return c.figureJSON(wanted, rule)
	}
	if len(wanted) == 0 {
		fmt.Fprintln(c.Out, "no accepted claim gives such a number")
		return nil
	}
	for _, g := range wanted {
		printFigure(c.Out, g, f)
	}
	return nil
}

// figureJSON prints the one figure of a measure in the default scope as an
// object, and a list of all when no measure was asked for.
func (c *call) figureJSON(all []figure.Figure, rule figure.Rule) error {
	enc := json.NewEncoder(c.Out)
	enc.SetIndent("", "  ")
	if c.config.Measure == "" {
		if all == nil {
			all = []figure.Figure{}
		}
		return enc.Encode(all)
	}
	for _, g := range all {
		if g.Scope.IsZero() {
			return enc.Encode(g)
		}
	}
	return enc.Encode(figure.Compute(rule, record.Measure(c.config.Measure), record.Scope{}, nil))
}

func number(n *int64) string {
	if n == nil {
		return "–"
	}
	return strconv.FormatInt(*n, 10)
}

func printFigure(w io.Writer, g figure.Figure, f casework.EventFigures) {
	fmt.Fprintf(w, "%s, rule %s", g.Measure, g.Rule)
	if !g.Scope.IsZero() {
		fmt.Fprintf(w, ", scope %s %s %s %s", g.Scope.Area, g.Scope.Place, g.Scope.Period, g.Scope.Counted)
	}
	fmt.Fprintf(w, "\n  low %s, best %s, high %s", number(g.Low), number(g.Best), number(g.High))
	if g.Open {
		fmt.Fprint(w, ", open above")
	}
	fmt.Fprintf(w, "; %d independent origins; %s\n", g.Origins, g.Status)
	claims := map[record.ClaimID]*record.Claim{}
	for _, k := range f.Claims {
		claims[k.Rec.ID] = k.Rec
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, u := range g.Claims {
		k := claims[u.Claim]
		if k == nil || k.Kind != record.KindMeasure || k.Measure != g.Measure || k.Scope != g.Scope {
			continue
		}
		mark := " "
		if u.Used {
			mark = "*"
		}
		outlet := ""
		if s := f.Sources[k.Source]; s != nil {
			outlet = s.Publisher
		}
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s\n", mark, u.Claim, outlet, printed(k), u.Reason)
	}
	_ = t.Flush()
}

// printed is a claim's number as its source put it.
func printed(k *record.Claim) string {
	if k.Words != "" {
		return strconv.Quote(k.Words)
	}
	switch {
	case k.Low != nil && k.High != nil && *k.Low != *k.High:
		return number(k.Low) + "–" + number(k.High)
	case k.Low != nil && k.Operator == record.Between:
		return number(k.Low)
	case k.Low != nil:
		return string(k.Operator) + " " + number(k.Low)
	}
	return string(k.Operator) + " " + number(k.High)
}
