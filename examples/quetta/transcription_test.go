package quetta

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/record"
)

var digits = regexp.MustCompile(`\d+`)

// Where the transcribed figures are at hand, every number in them must stand in
// the example, of the same measure and scope.
func TestEveryTranscribedFigureIsThere(t *testing.T) {
	dir := os.Getenv("GAWAH_TESTDATA")
	if dir == "" {
		t.Skip("GAWAH_TESTDATA is not set: the transcription is not part of the repository")
	}
	f, err := os.Open(filepath.Join(dir, "claims", "claims.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	c, _ := load(t)
	type figure struct {
		measure record.Measure
		scope   string
		day     string
		n       int64
	}
	have := map[figure]bool{}
	for _, r := range c.Records {
		m, ok := r.(*record.Claim)
		if !ok || m.Kind != record.KindMeasure {
			continue
		}
		for _, n := range []*int64{m.Low, m.High, m.Best} {
			if n == nil {
				continue
			}
			printed := *n
			if m.Operator == record.MoreThan {
				printed--
			}
			have[figure{m.Measure, m.ScopePrinted, m.AsOf.Date.String(), printed}] = true
		}
	}
	if len(rows) != 36 {
		t.Errorf("%d rows, want 35 and the header", len(rows))
	}
	for i, row := range rows[1:] {
		for _, measure := range []record.Measure{record.Killed, record.Injured} {
			for _, text := range digits.FindAllString(row[column[string(measure)]], -1) {
				n, err := strconv.ParseInt(text, 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				found := false
				for f := range have {
					found = found || f.measure == measure && f.n == n && f.day == row[column["reported_date_as_stated"]] && strings.HasPrefix(f.scope, row[column["scope"]])
				}
				if !found {
					t.Errorf("row %d: %d %s (%s) is nowhere in the example", i+2, n, measure, row[column["scope"]])
				}
			}
		}
	}
}
