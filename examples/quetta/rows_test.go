package quetta

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
)

var (
	rowLine  = regexp.MustCompile(`(?m)^\| ([PR][0-9]+) \| [^|]+ \| ([^|]+) \|$`)
	rowPart  = regexp.MustCompile("^([a-z]+) (.+)$")
	rowNames = regexp.MustCompile("`([^`]+)`")
)

// TestRowsOfThePetition checks the table of docs/method.md: each row of the
// original is held by what it names.
func TestRowsOfThePetition(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "method.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(doc), "### The petition of 2021, re-created\n")
	if !ok {
		t.Fatal("docs/method.md has no section on the petition that is re-created")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	p, all := thePetition(t)
	text, err := petition.Parse(p.Texts[0].Body)
	if err != nil {
		t.Fatal(err)
	}
	var cited []string
	for _, c := range text.Citations() {
		cited = append(cited, c.Key())
	}
	id := func(kind record.Kind, name string) string { return exchange.CasefileID("quetta", kind, name) }
	has := map[string]func(name string) bool{
		"addressee": func(n string) bool {
			return slices.ContainsFunc(p.Addressees, func(a record.Addressee) bool { return a.Key == n && !a.Office.IsZero() })
		},
		"tag":    func(n string) bool { return slices.Contains(p.Tags, n) },
		"figure": func(n string) bool { return slices.Contains(cited, "figure:"+n) },
		"claim":  func(n string) bool { return slices.Contains(cited, "claim:"+id(record.KindClaim, n)) },
		"source": func(n string) bool { return slices.Contains(cited, "source:"+id(record.KindSource, n)) },
		"basis": func(n string) bool {
			return slices.ContainsFunc(p.Bases, func(b record.LegalBasis) bool { return b.Key == n && len(b.Sources) > 0 })
		},
		"demand": func(n string) bool {
			return slices.ContainsFunc(petition.Flatten(p.Demands), func(d petition.NumberedDemand) bool {
				return d.Demand.Key == n && len(d.Addressees) > 0
			})
		},
		"initiator": func(n string) bool {
			return slices.ContainsFunc(p.Initiators, func(i record.Initiator) bool { return i.Key == n && i.Original })
		},
		"endorsement": func(n string) bool {
			return all[record.Ref{Kind: record.KindEndorsement, ID: id(record.KindEndorsement, n)}] != nil
		},
	}
	rows := rowLine.FindAllStringSubmatch(section, -1)
	if len(rows) != 10 {
		t.Fatalf("%d rows, want P1 to P10", len(rows))
	}
	for _, row := range rows {
		for part := range strings.SplitSeq(row[2], "; ") {
			m := rowPart.FindStringSubmatch(strings.TrimSpace(part))
			if m == nil || has[m[1]] == nil {
				t.Errorf("%s: %q names no kind of thing", row[1], part)
				continue
			}
			for _, name := range rowNames.FindAllStringSubmatch(m[2], -1) {
				if !has[m[1]](name[1]) {
					t.Errorf("%s: the example has no %s %s", row[1], m[1], name[1])
				}
			}
		}
	}
}
