package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/record"
)

func readPetitions(t *testing.T, name string) ([]ForeignPetition, []byte, []Problem) {
	t.Helper()
	got, kept, problems, err := ReadUKPetitions(filepath.Join("testdata", "ukpetitions", name))
	if err != nil {
		t.Fatal(err)
	}
	return got, kept, problems
}

func micros(t *testing.T, s string) int64 {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixMicro()
}

// TestUKPetitions reads each shape in which these petitions have been published.
func TestUKPetitions(t *testing.T) {
	t.Run("2016", func(t *testing.T) {
		got, kept, problems := readPetitions(t, "shape-2016.json")
		want := []ForeignPetition{{
			Line: 1, Site: "petition.parliament.uk", ID: 900001, URL: "https://petition.parliament.uk/petitions/900001", Title: "Keep the Testfall library open",
			Text: "Invented for a test.", State: "open", Count: 120, Opened: micros(t, "2016-05-25T11:19:56.925Z"), Accounted: 115, HasParts: true,
		}}
		if diff := cmp.Diff(want, got); diff != "" || len(problems) > 0 {
			t.Errorf("%s %v", diff, problems)
		}
		if n := got[0].Unaccounted(); n != 5 {
			t.Errorf("the parts lack %d of the total, want 5", n)
		}
		if bytes.Contains(kept, []byte("Madeup")) || !bytes.Contains(kept, []byte(`"signatures_by_constituency"`)) {
			t.Errorf("kept: %s", kept)
		}
	})
	t.Run("2026", func(t *testing.T) {
		got, kept, problems := readPetitions(t, "shape-2026.json")
		if len(got) != 1 || len(problems) > 0 || got[0].Opened != micros(t, "2026-01-05T00:00:00Z") || got[0].Closed != micros(t, "2026-07-05T22:59:59.999Z") || got[0].HasParts || got[0].Unaccounted() != 0 {
			t.Errorf("%+v %v", got, problems)
		}
		// Nothing names anybody, so the file is kept as it came, unknown keys and all.
		raw, err := os.ReadFile(filepath.Join("testdata", "ukpetitions", "shape-2026.json"))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(raw, kept) {
			t.Error("the kept file differs from the original")
		}
	})
	t.Run("linked data", func(t *testing.T) {
		got, kept, problems := readPetitions(t, "linked.json")
		var ids []int
		for _, p := range got {
			ids = append(ids, p.ID)
		}
		if diff := cmp.Diff([]int{900003, 900006}, ids); diff != "" {
			t.Error(diff)
		}
		want := map[int]string{2: "action", 3: "created", 5: "id", 6: "numberOfSignatures", 7: "state"}
		for _, p := range problems {
			if want[p.Line] != p.Column {
				t.Errorf("line %d: %s %s, want %s", p.Line, p.Column, inEnglish(p), want[p.Line])
			}
			delete(want, p.Line)
		}
		if len(want) > 0 {
			t.Errorf("no problem on lines %v", want)
		}
		if bytes.Contains(kept, []byte("Madeup")) || bytes.Contains(kept, []byte("sponsorPrinted")) {
			t.Error("a sponsor's name is kept")
		}
		var before, after []map[string]any
		raw, _ := os.ReadFile(filepath.Join("testdata", "ukpetitions", "linked.json"))
		if err := errors.Join(json.Unmarshal(raw, &before), json.Unmarshal(kept, &after)); err != nil {
			t.Fatal(err)
		}
		for _, row := range before {
			delete(row, "sponsorPrinted")
		}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("more than the names is lost:\n%s", diff)
		}
	})
}

func TestUKPetitionsRefuses(t *testing.T) {
	for name, data := range map[string]string{
		"empty": "", "a table": "id,title\n1,Testfall\n", "other JSON": `{"a":1}`, "no petitions": `{"links":{},"data":null}`, "cut": `[{"_about":"x"`,
		"a number": "12", "a key twice": `{"data":{"id":1,"id":2}}`,
	} {
		if got, _, problems, err := parseUKPetitions([]byte(data)); err == nil && (len(got) > 0 || len(problems) == 0) {
			t.Errorf("%s: read as %d petitions", name, len(got))
		}
	}
}

// TestUKPetitionsReal reads what the site and its data service really published,
// where that is at hand.
func TestUKPetitionsReal(t *testing.T) {
	dir := os.Getenv("GAWAH_TESTDATA")
	if dir == "" {
		t.Skip("GAWAH_TESTDATA names no folder of real data")
	}
	got, _, problems, err := ReadUKPetitions(filepath.Join(dir, "petitions", "uk-euref-2016", "petition-131215.json"))
	if err != nil || len(got) != 1 || len(problems) > 0 || got[0].Count != 3555721 || got[0].Accounted != 3555684 || got[0].Unaccounted() != 37 {
		t.Errorf("petition 131215: %+v, %v, %v", got, problems, err)
	}
	got, kept, problems, err := ReadUKPetitions(filepath.Join(dir, "petitions", "uk-2015-2017", "petitions.json.gz"))
	if err != nil || len(got)+len(problems) != 8489 {
		t.Fatalf("the dump: %d petitions, %d problems, %v", len(got), len(problems), err)
	}
	states := map[string]int{}
	for _, p := range got {
		states[p.State]++
	}
	t.Logf("%d petitions (%v), %d problems, %d bytes kept", len(got), states, len(problems), len(kept))
	if bytes.Contains(kept, []byte("sponsorPrinted")) {
		t.Error("sponsors' names are kept")
	}
}

// TestUKPetitionsFollowed reads what became of a petition: the answer, the debate, and whom
// it was put to.
func TestUKPetitionsFollowed(t *testing.T) {
	got, _, problems := readPetitions(t, "answered.json")
	if len(got) != 1 || len(problems) > 0 {
		t.Fatalf("%+v %v", got, problems)
	}
	p := got[0]
	if diff := cmp.Diff([]record.ForeignOffice{{Acronym: "DX", Name: "Department of Examples", URL: "https://example.org/dx"}}, p.Asked); diff != "" {
		t.Error(diff)
	}
	r, d := p.Response, p.Debate
	if r == nil || r.On.Date.String() != "2026-03-04" || r.Summary != "The bridge will be looked at." || r.Details != "First paragraph.\n\nSecond paragraph." ||
		r.Made != micros(t, "2026-03-04T10:00:00Z") || r.Changed != micros(t, "2026-03-05T10:00:00Z") {
		t.Errorf("the answer: %+v", r)
	}
	if d == nil || d.On.Date.String() != "2026-05-05" || d.Transcript != "https://example.org/transcript" || d.Summary != "https://example.org/summary" || d.Overview != "Members spoke of the bridge." || d.Video != "" {
		t.Errorf("the debate: %+v", d)
	}
	raw, err := os.ReadFile(filepath.Join("testdata", "ukpetitions", "answered.json"))
	if err != nil {
		t.Fatal(err)
	}
	for from, column := range map[string]string{`"responded_on":"2026-03-04"`: "government_response", `"debated_on":"2026-05-05"`: "debate", `"updated_at":"2026-03-05T10:00:00.000Z"`: "government_response"} {
		key, _, _ := strings.Cut(from, ":")
		_, _, problems, err := parseUKPetitions(bytes.Replace(raw, []byte(from), []byte(key+`:"soon"`), 1))
		if err != nil || len(problems) != 1 || problems[0].Column != column {
			t.Errorf("%s: %v %v", from, problems, err)
		}
	}
}
