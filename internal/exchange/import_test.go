package exchange

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

const someID = "018f2b6e-0000-7000-8000-000000000001"

// write puts a file of the test's own into its directory.
func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// readAll reads a file and checks that every row that was not refused can be
// kept: complete as the register wants records, each part once.
func readAll(t testing.TB, format, path string, opts Options) []*Row {
	t.Helper()
	r, err := Open(format, path, opts)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer r.Close()
	var rows []*Row
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			t.Fatalf("next: %v", err)
		}
		checkRow(t, row)
		rows = append(rows, row)
	}
}

func checkRow(t testing.TB, row *Row) {
	t.Helper()
	if row.Refused {
		if len(row.Problems) == 0 {
			t.Errorf("line %d is refused without a reason", row.Line)
		}
		if row.Event != nil || len(row.Claims) > 0 {
			t.Errorf("line %d is refused and half entered", row.Line)
		}
		return
	}
	source := row.Source
	source.ID, source.Visibility = someID, record.Internal
	if err := source.Validate(); err != nil {
		t.Errorf("line %d, source: %v", row.Line, err)
	}
	if row.Event != nil {
		e := *row.Event
		e.ID, e.Visibility = someID, record.Internal
		if err := e.Validate(); err != nil {
			t.Errorf("line %d, event: %v", row.Line, err)
		}
	}
	parts := map[string]bool{}
	for _, c := range row.Claims {
		if c.Part == "" || parts[c.Part] {
			t.Errorf("line %d: the part %q is blank or stands twice", row.Line, c.Part)
		}
		parts[c.Part] = true
		m := c.Claim
		m.ID, m.Source, m.Subject = someID, someID, record.Ref{Kind: record.KindEvent, ID: someID}
		m.Passage.Capture = someID
		m.Review.State, m.Visibility = record.Compiled, record.Internal
		if err := m.Validate(); err != nil {
			t.Errorf("line %d, claim %s: %v", row.Line, c.Part, err)
		}
		if m.MadeBy == "" {
			t.Errorf("line %d, claim %s: nobody made it", row.Line, c.Part)
		}
	}
}

// claimOf returns the claim with the part, nil if there is none.
func claimOf(row *Row, part string) *Claim {
	for i := range row.Claims {
		if row.Claims[i].Part == part {
			return &row.Claims[i]
		}
	}
	return nil
}

func mustClaim(t testing.TB, row *Row, part string) *Claim {
	t.Helper()
	c := claimOf(row, part)
	if c == nil {
		var parts []string
		for _, c := range row.Claims {
			parts = append(parts, c.Part)
		}
		t.Fatalf("line %d has no claim %q, only %s; problems %v", row.Line, part, strings.Join(parts, ", "), row.Problems)
	}
	return c
}

// numbers writes a claim's operator and numbers shortly: "range 3..7 best 5".
func numbers(c *Claim) string {
	s := string(c.Operator)
	switch {
	case c.Low != nil && c.High != nil && *c.Low == *c.High && c.Operator != record.Between:
		s += " " + itoa(*c.Low)
	case c.Low != nil || c.High != nil:
		s += " "
		if c.Low != nil {
			s += itoa(*c.Low)
		}
		s += ".."
		if c.High != nil {
			s += itoa(*c.High)
		}
	}
	if c.Best != nil {
		s += " best " + itoa(*c.Best)
	}
	return s
}

// inEnglish is a problem as people read it.
func inEnglish(p Problem) string { return p.In(lang.English().T) }

func hasProblem(row *Row, part string) bool {
	for _, p := range row.Problems {
		if strings.Contains(inEnglish(p), part) {
			return true
		}
	}
	return false
}

// realFile names a file of the folder in GAWAH_TESTDATA and skips the test where
// it is not there.
func realFile(t testing.TB, parts ...string) string {
	t.Helper()
	dir := os.Getenv("GAWAH_TESTDATA")
	if dir == "" {
		t.Skip("GAWAH_TESTDATA is not set; this test reads real datasets, which are not part of the repository")
	}
	path := filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no such file: %v", err)
	}
	return path
}

func TestRealUCDP(t *testing.T) {
	rows := readAll(t, "ucdp", realFile(t, "ucdp-ged-pakistan", "conflict_data_pak.csv.gz"), Options{})
	var events, broken, unconfirmed, refused int
	for _, r := range rows {
		if r.Refused {
			refused++
			t.Log(r.Line, r.Problems)
			continue
		}
		events++
		if hasProblem(r, "order low ≤ best ≤ high is broken") {
			broken++
		}
		if c := claimOf(r, "total"); c != nil && c.Best == nil {
			unconfirmed++
		}
	}
	t.Logf("events %d, broken %d, unconfirmed %d, refused %d", events, broken, unconfirmed, refused)
	if events != 4549 || broken != 176 || refused != 0 {
		t.Errorf("events %d, broken order %d, refused %d; want 4549, 176, 0", events, broken, refused)
	}
	if unconfirmed != 471 {
		t.Errorf("%d rows are 0 to high, want 471", unconfirmed)
	}
}

func TestRealPakistanBodyCount(t *testing.T) {
	for _, c := range []struct {
		file     string
		rows     int
		reversed int
	}{{"PakistanSuicideAttacks.csv", 408, 2}, {"PakistanDroneAttacks.csv", 351, 1}} {
		rows := readAll(t, "pbc", realFile(t, "pakistan-body-count", c.file), Options{})
		var refused, reversed int
		problems := map[string]int{}
		for _, r := range rows {
			if r.Refused {
				refused++
				t.Log(r.Line, r.Problems)
			}
			if hasProblem(r, "is above the highest") {
				reversed++
			}
			for _, p := range r.Problems {
				problems[p.Column+": "+inEnglish(p)]++
			}
		}
		if len(rows) != c.rows || refused != 0 || reversed != c.reversed {
			t.Errorf("%s: %d rows, %d refused, %d reversed; want %d, 0, %d", c.file, len(rows), refused, reversed, c.rows, c.reversed)
		}
		for p, n := range problems {
			t.Log(n, p)
		}
	}
}

func TestRealMassMobilization(t *testing.T) {
	rows := readAll(t, "massmob", realFile(t, "mass-mobilization", "mm_pakistan.csv"), Options{})
	words := 0
	for _, r := range rows {
		if r.Refused {
			t.Error(r.Line, r.Problems)
			continue
		}
		c := mustClaim(t, r, "participants")
		if c.Words != "" {
			words++
			t.Log(c.Words, numbers(c))
		}
	}
	if len(rows) != 177 || words != 54 {
		t.Errorf("%d rows, %d with words; want 177, 54", len(rows), words)
	}
}
