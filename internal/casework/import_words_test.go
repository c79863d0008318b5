package casework_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
)

// TestProblemsHaveKeys makes sure that a report names each problem by its key and
// parameters, for programs, and in English, for people.
func TestProblemsHaveKeys(t *testing.T) {
	g := openRegister(t, "")
	report := g.mustImport(ucdpFile(ucdpLine(1, 1, 1), strings.Replace(ucdpLine(2, 1, 1), "Pakistan", "Nowhereland", 1), "x"+ucdpLine(3, 1, 1)))
	b, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Problems []struct {
			Line        int
			Key, Reason string
			Args        map[string]string
		}
	}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, p := range got.Problems {
		found[p.Key] = true
		switch p.Key {
		case "":
			t.Errorf("line %d has no key: %s", p.Line, p.Reason)
		case "problem.country":
			if p.Args["cell"] != "Nowhereland" || !strings.HasPrefix(p.Reason, "“Nowhereland” is not a country") || p.Line != 3 {
				t.Errorf("%+v", p)
			}
		case "problem.number_identifier":
			if p.Args["cell"] != "x3" || p.Reason != "“x3” is not an identifier, which is a whole number" || p.Line != 4 {
				t.Errorf("%+v", p)
			}
		}
	}
	if !found["problem.country"] || !found["problem.number_identifier"] || report.Refused != 1 {
		t.Errorf("%s", b)
	}
	// What is kept is the key, for each to read in their own language.
	_, kept, err := g.h.ImportReportOf(context.Background(), access.House(), report.Import, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range kept {
		if p.Reason != "" || p.Key != report.Problems[i].Key || !maps.Equal(p.Args, report.Problems[i].Args) {
			t.Errorf("kept of problem %d is %+v", i+1, p)
		}
	}
	if len(kept) != len(report.Problems) {
		t.Errorf("%d problems are kept of %d", len(kept), len(report.Problems))
	}
}

// TestProblemsOfErasedAreStruck makes sure that the parameters of a kept problem
// do not keep somebody's name.
func TestProblemsOfErasedAreStruck(t *testing.T) {
	w := newWorld(t)
	who := w.person("zubaydaqq", plantedName)
	file := filepath.Join(t.TempDir(), "table.csv")
	w.must(os.WriteFile(file, []byte("id,date,place,killed,words\n1,2013-02-01,Example Town,"+plantedName+",none\n2,2013-02-02,Example Town,5,none\n"), 0o600))
	report, err := w.importAgain(file)
	w.must(err)
	if report.Refused != 1 || report.Problems[0].Args["cell"] != plantedName {
		t.Fatalf("%+v", report)
	}
	w.must(w.h.Erase(w.ctx, w.editor, who.Ref(), "asked by the family"))
	_, kept, err := w.h.ImportReportOf(w.ctx, w.editor, report.Import, 0, 10)
	w.must(err)
	if len(kept) != 1 || kept[0].Key != report.Problems[0].Key || strings.Contains(fmt.Sprint(kept[0]), "Zubayda") {
		t.Errorf("%+v", kept)
	}
	if files := w.grep(plantedName); len(files) > 0 {
		t.Errorf("the name is still in %v", files)
	}
}
