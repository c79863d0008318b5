package casework

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestNameInAnyCellsIsFound puts the words of a name into neighbouring cells of a
// table in every way people do: the row is found, however its name is spelled.
func TestNameInAnyCellsIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"Ali Testfall", "Zubaydaqq bint Testfall", "Zubaydaqq Bano Example Testfall", "علی ٹیسٹفال", "زہرا رضا"}).Draw(t, "name")
		words := strings.Fields(name)
		var cells []string
		for from := 0; from < len(words); {
			to := rapid.IntRange(from+1, len(words)).Draw(t, "to")
			if from == 0 && to == len(words) {
				to-- // in several cells
			}
			cells = append(cells, spelledOut(t, strings.Join(words[from:to], " ")))
			from = to
		}
		if rapid.Bool().Draw(t, "family name first") {
			cells = slices.Concat(cells[len(cells)-1:], cells[:len(cells)-1])
		}
		if rapid.Bool().Draw(t, "a title") {
			cells[0] = rapid.SampledFrom([]string{"44 ", "(44) ", "44. "}).Draw(t, "title") + cells[0]
		}
		if rapid.Bool().Draw(t, "a blank cell") {
			cells = slices.Insert(cells, 1, rapid.SampledFrom([]string{"", " ", "-", "–"}).Draw(t, "blank"))
		}
		row := slices.Concat([]string{"17", "2031-02-03"}, cells, []string{"Example Town", "4"})
		var file bytes.Buffer
		w := csv.NewWriter(&file)
		w.Comma = rapid.SampledFrom([]rune{',', ';', '\t', '|'}).Draw(t, "separator")
		for _, r := range [][]string{make([]string, len(row)), row, make([]string, len(row))} {
			for i := range r {
				if r[i] == "" && len(r) > 0 && &r[0] != &row[0] {
					r[i] = "x"
				}
			}
			if err := w.Write(r); err != nil {
				t.Fatal(err)
			}
		}
		w.Flush()
		n := newNaming([]string{name})
		var found []namedRow
		if err := n.tableRows(bytes.NewReader(file.Bytes()), int64(file.Len()), func(r namedRow) { found = append(found, r) }); err != nil {
			t.Fatal(err)
		}
		if len(found) != 1 || found[0].line != 2 {
			t.Fatalf("found %+v in %q", found, file.String())
		}
		if got := string(file.Bytes()[found[0].start:found[0].end]); strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, "17") {
			t.Errorf("the row is given as %q", got)
		}
	})
}

// TestNoNameInCells leaves alone rows in which the words stand by chance.
func TestNoNameInCells(t *testing.T) {
	n := newNaming([]string{"Ali Testfall", "Zubaydaqq bint Testfall"})
	for _, row := range [][]string{
		{"Ali", "Example Town", "Testfall"},
		{"Ali"},
		{"Testfall", "Testfall"},
		{"Balida Ali", "Testfallen"},
		{"Vali", "Testfall"},
		{"They said that they had heard it from Ali", "Testfall"},
		{"Zubaydaqq", "Testfall"},
		{"bint", "Zubaydaqq", "Testfall"},
	} {
		if got := n.inCells(row); got != nil {
			t.Errorf("%q: found in %q", row, got)
		}
	}
	for _, row := range [][]string{{"Ali", "Testfall"}, {"TESTFALL", "", "Ali"}, {"Mr Ali", "Testfall (late)"}, {"Testfall", "Zubaydaqq bint"}, {"Zubaydaqq", "bint", "Testfall"}} {
		if n.inCells(row) == nil {
			t.Errorf("%q: not found", row)
		}
	}
}
