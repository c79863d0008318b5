package casework_test

import (
	"encoding/json"
	"strings"
	"testing"
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
}
