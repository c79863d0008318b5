package exchange

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
)

// asEvents does with rows what the register does: it gives the records their
// identifiers and works out the figures.
func asEvents(rows []*Row) []*ExportEvent {
	var out []*ExportEvent
	for i, r := range rows {
		if r.Refused || r.Event == nil {
			continue
		}
		e := &ExportEvent{Event: *r.Event}
		e.Event.ID = record.EventID(testID(i + 1))
		source := r.Source
		source.ID = record.SourceID(testID(i + 1))
		var said []figure.Said
		for n := range r.Claims {
			c := r.Claims[n].Claim
			c.ID = record.ClaimID(testID(i*100 + n))
			c.Source, c.Subject = source.ID, record.Ref{Kind: record.KindEvent, ID: string(e.Event.ID)}
			c.Review.State, c.Visibility = record.Compiled, record.Public
			e.Claims = append(e.Claims, ClaimWithSource{c, source})
		}
		for n := range e.Claims {
			said = append(said, figure.Said{Claim: &e.Claims[n].Claim})
		}
		for _, m := range []record.Measure{record.Killed, record.Injured} {
			if f := figure.Compute(figure.UCDP1, m, record.Scope{}, said); f.Known() {
				e.Figures = append(e.Figures, f)
			}
		}
		out = append(out, e)
	}
	return out
}

// comesBack exports what was imported in UCDP's shape and imports that again: an
// event whose numbers are in order must come back with the same numbers, dates,
// sides and point.
func comesBack(t *testing.T, rows []*Row) {
	t.Helper()
	var b bytes.Buffer
	if _, err := ExportUCDP(&b, testExport(asEvents(rows))); err != nil {
		t.Fatal(err)
	}
	again := map[string]*Row{}
	for _, r := range readAll(t, "ucdp", write(t, "again.csv", b.String()), Options{}) {
		again[r.Key] = r
	}
	compared := 0
	for _, r := range rows {
		total := claimOf(r, "total")
		if r.Refused || total == nil || *total.High == 0 {
			continue
		}
		got := again[r.Key]
		if got == nil {
			t.Errorf("%s did not come back", r.Key)
			continue
		}
		compared++
		if got.Refused {
			t.Errorf("%s: %v", r.Key, got.Problems)
			continue
		}
		for _, part := range []string{"total", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "side_a", "side_b", "type"} {
			was, is := claimOf(r, part), claimOf(got, part)
			if (was == nil) != (is == nil) || was != nil && (numbers(was) != numbers(is) || was.Value.Text != is.Value.Text) {
				t.Errorf("%s: %s changed from %s to %s", r.Key, part, shown(was), shown(is))
			}
		}
		if r.Event.When.Date != got.Event.When.Date {
			t.Errorf("%s: date changed from %s to %s", r.Key, r.Event.When.Date, got.Event.When.Date)
		}
		if was, is := r.Event.Where.Point, got.Event.Where.Point; was != nil && (is == nil || *was != *is) {
			t.Errorf("%s: point changed from %v to %v", r.Key, was, is)
		}
	}
	if compared == 0 {
		t.Error("nothing was compared")
	}
	t.Logf("%d events came back", compared)
}

func shown(c *Claim) string {
	if c == nil {
		return "none"
	}
	return fmt.Sprint(numbers(c), " ", c.Value.Text)
}

func TestUCDPComesBack(t *testing.T) {
	content := csvText(
		ucdpColumns, ucdpRow("id", "1"),
		ucdpRow("id", "2", "low", "0", "best", "0", "high", "11", "deaths_civilians", "0", "deaths_unknown", "0"),
		ucdpRow("id", "3", "type_of_violence", "1", "side_b", "Sample Army", "deaths_a", "4", "deaths_b", "2", "deaths_civilians", "90", "deaths_unknown", "0"),
		ucdpRow("id", "4", "date_prec", "4", "date_start", "2013-02-01", "date_end", "2013-02-28", "where_prec", "4"),
		ucdpRow("id", "5", "date_prec", "2", "date_end", "2013-01-12"),
	)
	comesBack(t, readAll(t, "ucdp", write(t, "ged.csv", content), Options{}))
}

func TestRealUCDPComesBack(t *testing.T) {
	comesBack(t, readAll(t, "ucdp", realFile(t, "ucdp-ged-pakistan", "conflict_data_pak.csv.gz"), Options{}))
}
