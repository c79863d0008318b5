package figure

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
)

// Rule names one version of one way to make a figure out of claims, such as
// "gawah/1". A published figure carries its rule, and a rule's meaning MUST NOT
// change once it was published: a better rule is a new version, and the old one
// stays computable.
type Rule string

// The rules. Gawah is the house's own; the others read the same claims the way
// a well-known dataset would, as far as its published method can be followed
// without its editors.
const (
	Gawah1 Rule = "gawah/1"
	UCDP1  Rule = "ucdp/1"
	ACLED1 Rule = "acled/1"
	GTD1   Rule = "gtd/1"
	IBC1   Rule = "ibc/1"
)

// Default is the rule a page shows when nobody asked for another.
const Default = Gawah1

// definition is what makes one rule differ from the next.
type definition struct {
	rule  Rule
	words *WordTable // nil: words state no number
	// reliableOnly leaves out claims marked as unlikely to be true (HURIDOCS MT42
	// codes 04 and 05).
	reliableOnly bool
	// covers says whether the rule has a number for the measure and scope at all.
	covers func(record.Measure, record.Scope) bool
	// decide fills the figure from the current reports of every origin.
	decide func(*work)
	// compiled fills the figure from compilers' numbers when there is no report.
	compiled func(*work)
}

// definitions is in the order in which a switch between rules shows them; of one
// name the newest version comes last.
var definitions = []definition{
	{rule: Gawah1, words: &gawahWords1, covers: coversAll, decide: (*work).gawah1, compiled: (*work).compiledRange},
	{rule: UCDP1, reliableOnly: true, covers: ucdpCovers, decide: (*work).ucdp1, compiled: (*work).compiledRange},
	{rule: ACLED1, words: &acledWords1, covers: acledCovers, decide: (*work).acled1, compiled: (*work).compiledLowest},
	{rule: GTD1, reliableOnly: true, covers: gtdCovers, decide: (*work).gtd1, compiled: (*work).compiledMajority},
	{rule: IBC1, covers: ibcCovers, decide: (*work).ibc1, compiled: (*work).compiledMinMax},
}

func coversAll(record.Measure, record.Scope) bool { return true }

func lookup(r Rule) *definition {
	for i := range definitions {
		if definitions[i].rule == r {
			return &definitions[i]
		}
	}
	return nil
}

// Rules lists every rule that can be computed, in the order in which pages offer
// them.
func Rules() []Rule {
	rules := make([]Rule, len(definitions))
	for i := range definitions {
		rules[i] = definitions[i].rule
	}
	return rules
}

// Parse reads the name of a rule: with a version ("gawah/1") that version,
// without one ("gawah") the newest. The empty text is [Default]. The error names
// the rules that exist.
func Parse(s string) (Rule, error) {
	if s == "" {
		return Default, nil
	}
	for _, d := range slices.Backward(definitions) {
		if string(d.rule) == s || d.rule.Name() == s {
			return d.rule, nil
		}
	}
	names := make([]string, len(definitions))
	for i, d := range definitions {
		names[i] = string(d.rule)
	}
	return "", fmt.Errorf("no figure rule is called %q; the rules are %s", s, strings.Join(names, ", "))
}

// Name returns the rule's name without its version: "gawah" of "gawah/1".
func (r Rule) Name() string {
	name, _, _ := strings.Cut(string(r), "/")
	return name
}

// Covers reports whether the rule has a number at all for the measure and scope:
// acled has none for the injured, gtd none for a scope without the attackers.
func (r Rule) Covers(measure record.Measure, scope record.Scope) bool {
	d := lookup(r)
	return d != nil && d.covers(measure, scope)
}
