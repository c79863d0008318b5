package exchange

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// ucdpRow returns the cells of an invented event with some of them changed.
func ucdpRow(changes ...string) []string {
	values := map[string]string{
		"id": "900001", "relid": "XXX-2013-3-1-1", "year": "2013", "active_year": "1", "code_status": "Clear", "type_of_violence": "3",
		"conflict_dset_id": "1", "conflict_new_id": "1", "conflict_name": "Testfall Front - Civilians", "dyad_dset_id": "1", "dyad_new_id": "1",
		"dyad_name": "Testfall Front - Civilians", "side_a_dset_id": "1", "side_a_new_id": "1", "side_a": "Testfall Front",
		"side_b_dset_id": "9999", "side_b_new_id": "1", "side_b": "Civilians", "number_of_sources": "2",
		"source_article": `"Example Wire,2013-01-11,Blast in Example Town, many dead";"Sample Post,2013-01-12,Toll rises"`,
		"source_office":  "Example Wire;Sample Post", "source_date": "2013-01-11;2013-01-12", "source_headline": "Blast in Example Town, many dead;Toll rises",
		"source_original": "police", "where_prec": "1", "where_coordinates": "Example Town town", "where_description": "market in the old town",
		"adm_1": "Sample province", "adm_2": "Example district", "latitude": "30.183333", "longitude": "67.000000",
		"geom_wkt": "POINT (67 30.183333)", "priogrid_gid": "1", "country": "Pakistan", "country_id": "770", "region": "Asia",
		"event_clarity": "1", "date_prec": "1", "date_start": "2013-01-10 00:00:00.000", "date_end": "2013-01-10 00:00:00.000",
		"deaths_a": "0", "deaths_b": "0", "deaths_civilians": "90", "deaths_unknown": "6", "best": "96", "high": "105", "low": "90",
		"gwnoa": "", "gwnob": "",
	}
	for i := 0; i+1 < len(changes); i += 2 {
		values[changes[i]] = changes[i+1]
	}
	cells := make([]string, len(ucdpColumns))
	for i, n := range ucdpColumns {
		cells[i] = values[n]
	}
	return cells
}

func csvText(rows ...[]string) string {
	var b strings.Builder
	for _, row := range rows {
		for i, c := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			if strings.ContainsAny(c, ",\"\n\r") {
				c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
			}
			b.WriteString(c)
		}
		b.WriteString("\r\n")
	}
	return b.String()
}

func TestUCDPRow(t *testing.T) {
	row := readAll(t, "ucdp", write(t, "ged.csv", csvText(ucdpColumns, ucdpRow())), Options{})[0]
	if row.Refused || len(row.Problems) > 0 {
		t.Fatalf("problems: %v", row.Problems)
	}
	if row.Key != "900001" || row.Number != 2 || row.Line != 2 || row.Length == 0 {
		t.Errorf("key %s, number %d, line %d, length %d", row.Key, row.Number, row.Line, row.Length)
	}
	e := row.Event
	if e.Type != record.TypeAttack || e.Slug != "ucdp-ged-900001" || e.Title[0].Text != "UCDP GED 900001: Example Town town" || e.Dataset != "UCDP GED" {
		t.Errorf("event %+v", e)
	}
	if e.When.Date.String() != "2013-01-10" {
		t.Errorf("date %v", e.When)
	}
	want := record.Place{
		Town: "Example Town", District: "Example", Province: "Sample", Country: "PK",
		Point: &record.Point{Lat: 30.183333, Lon: 67}, Precision: record.PreciseTown, Printed: "Example Town town",
	}
	if diff := cmp.Diff(want, e.Where); diff != "" {
		t.Error(diff)
	}
	total := mustClaim(t, row, "total")
	if got := numbers(total); got != "range 90..105 best 96" {
		t.Errorf("total %s", got)
	}
	if total.Role != record.CompiledRange || total.AttributedTo.Text != "police" || total.Passage.Quote() != "90 … 96 … 105" ||
		total.Passage.Locator != "columns low, best, high" {
		t.Errorf("total %+v", total)
	}
	civ := mustClaim(t, row, "deaths_civilians")
	if civ.Form != record.Component || civ.Scope.Counted != record.CountedCivilians || numbers(civ) != "exact 90" {
		t.Errorf("civilians %+v", civ)
	}
	if claimOf(row, "deaths_a") != nil {
		t.Error("a component of 0 became a claim")
	}
	if a := mustClaim(t, row, "side_a"); a.Attribute != record.AttrPerpetrator || a.Value.Text != "Testfall Front" {
		t.Errorf("side_a %+v", a)
	}
	if b := mustClaim(t, row, "side_b"); b.Attribute != record.AttrTargeted {
		t.Errorf("side_b %+v", b)
	}
	if s := mustClaim(t, row, "sources"); s.Topic != "listed sources" || !strings.HasPrefix(s.Passage.Quote(), `"Example Wire,`) {
		t.Errorf("sources %+v", s)
	}
}

func TestUCDPNumbers(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes []string
		want    map[string]string
		problem string
	}{
		{
			"order broken",
			[]string{"low", "5", "best", "3", "high", "4", "deaths_civilians", "3", "deaths_unknown", "0"},
			map[string]string{"low": "exact 5", "best": "exact 3", "high": "exact 4", "total": ""},
			"order low ≤ best ≤ high is broken",
		},
		{
			"unconfirmed",
			[]string{"low", "0", "best", "0", "high", "11", "deaths_civilians", "0", "deaths_unknown", "0"},
			map[string]string{"total": "range 0..11", "deaths_civilians": ""},
			"",
		},
		{"parts differ", []string{"deaths_civilians", "1"}, map[string]string{"total": "range 90..105 best 96"}, "do not add up"},
		{
			"nobody",
			[]string{"low", "0", "best", "0", "high", "0", "deaths_civilians", "0", "deaths_unknown", "0"},
			map[string]string{"total": "range 0..0 best 0"},
			"counts no dead",
		},
	} {
		row := readAll(t, "ucdp", write(t, "ged.csv", csvText(ucdpColumns, ucdpRow(c.changes...))), Options{})[0]
		for part, want := range c.want {
			got := ""
			if m := claimOf(row, part); m != nil {
				got = numbers(m)
			}
			if got != want {
				t.Errorf("%s: %s is %q, want %q", c.name, part, got, want)
			}
		}
		if c.problem == "" && len(row.Problems) > 0 || c.problem != "" && !hasProblem(row, c.problem) {
			t.Errorf("%s: problems %v", c.name, row.Problems)
		}
	}
}

func TestUCDPDates(t *testing.T) {
	for _, c := range []struct{ start, end, prec, want string }{
		{"2013-01-10 00:00:00.000", "2013-01-10", "1", "2013-01-10"},
		{"2013-01-10", "2013-01-13", "2", "2013-01-10/2013-01-13"},
		{"2013-02-01", "2013-02-28", "4", "2013-02"},
		{"2013-01-01", "2013-12-31", "5", "2013"},
		{"2013-01-01", "2013-12-30", "5", "2013-01-01/2013-12-30"},
		{"2013-01-10", "", "1", "2013-01-10"},
	} {
		row := readAll(t, "ucdp", write(t, "ged.csv", csvText(ucdpColumns, ucdpRow("date_start", c.start, "date_end", c.end, "date_prec", c.prec))), Options{})[0]
		if row.Refused || row.Event.When.Date.String() != c.want {
			t.Errorf("%s to %s: got %+v, want %s", c.start, c.end, row, c.want)
		}
	}
}

func TestUCDPRefusals(t *testing.T) {
	rows := [][]string{
		ucdpColumns,
		ucdpRow("id", "1"),
		ucdpRow("id", "2", "date_start", "2013-02-31", "date_end", "2013-02-31"),
		ucdpRow("id", "3", "date_start", "2013-14-02", "date_end", "2013-14-02"),
		ucdpRow("id", "4", "best", "some"),
		ucdpRow("id", "5", "latitude", "130.5", "longitude", "67"),
		ucdpRow("id", "6", "latitude", "130.5", "longitude", "30"),
		ucdpRow("id", "7", "low", ""),
		ucdpRow("id", ""),
		ucdpRow("id", "1"),
		ucdpRow("id", "9", "date_start", "2013-01-12"),
		ucdpRow("id", "10")[:30],
		ucdpRow("id", "11"),
		append(ucdpRow("id", "12"), "left over"),
		append(ucdpRow("id", "13"), ""),
	}
	got := readAll(t, "ucdp", write(t, "ged.csv", csvText(rows...)), Options{})
	want := []string{
		"", "31 February 2013 does not exist", "day and month look swapped", "“some” is not a whole number", "latitude 130.5 is outside",
		"latitude and longitude look swapped", "blank", "not an identifier", "stands already on line 2", "ends before it starts", "30 cells",
		"", "50 cells", "",
	}
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	for i, w := range want {
		if got[i].Refused != (w != "") || w != "" && !hasProblem(got[i], w) {
			t.Errorf("line %d: refused %v, problems %v, want %q", got[i].Line, got[i].Refused, got[i].Problems, w)
		}
	}
}

func TestZeroByteRefusesItsRowOnly(t *testing.T) {
	rows := [][]string{ucdpColumns}
	for i := range 600 {
		rows = append(rows, ucdpRow("id", fmt.Sprint(i+1)))
	}
	rows = append(rows, ucdpRow("id", "700", "side_a", "a\x00b"), ucdpRow("id", "701"))
	got := readAll(t, "ucdp", write(t, "ged.csv", csvText(rows...)), Options{})
	if len(got) != 602 || !got[600].Refused || got[600].Problems[0].Column != "side_a" || got[601].Refused {
		t.Errorf("%d rows, %+v", len(got), got[len(got)-2:])
	}
}

func TestUCDPSwappedPoint(t *testing.T) {
	path := write(t, "ged.csv", csvText(ucdpColumns, ucdpRow("latitude", "67", "longitude", "30.183333", "geom_wkt", "")))
	row := readAll(t, "ucdp", path, Options{})[0]
	if row.Refused || !hasProblem(row, "latitude and longitude swapped") {
		t.Errorf("problems %v", row.Problems)
	}
	path = write(t, "ged.csv", csvText(ucdpColumns, ucdpRow("latitude", "67", "longitude", "30.183333")))
	if row := readAll(t, "ucdp", path, Options{})[0]; !hasProblem(row, "swapped against geom_wkt") {
		t.Errorf("problems %v", row.Problems)
	}
}

// A point far outside of the country named is kept as printed and listed; one at
// sea before the coast, beyond a border or in disputed land is not.
func TestPointOutsideOfCountry(t *testing.T) {
	for point, want := range map[[2]string]string{
		{"20.5", "64.25"}:  " km outside of PK",
		{"51.5", "0.1"}:    " km outside of PK",
		{"24.7", "66.9"}:   "",
		{"31.0", "66.4"}:   "",
		{"34.08", "74.8"}:  "",
		{"30.18", "67.00"}: "",
	} {
		path := write(t, "ged.csv", csvText(ucdpColumns, ucdpRow("latitude", point[0], "longitude", point[1], "geom_wkt", "")))
		row := readAll(t, "ucdp", path, Options{})[0]
		if row.Refused || row.Event.Where.Point == nil || hasProblem(row, " km outside of") != (want != "") || !hasProblem(row, want) && want != "" {
			t.Errorf("%v: problems %v", point, row.Problems)
		}
	}
	if km := Outside("NA", record.Point{Lat: 50, Lon: 10}); km < 5000 {
		t.Errorf("a point in Europe is %d km outside of Namibia", km)
	}
}

// Releases order and name the same columns differently, and some files carry
// tags or no header at all; the claims must be the same.
func TestUCDPLayouts(t *testing.T) {
	claims := func(content string) []Claim {
		t.Helper()
		rows := readAll(t, "ucdp", write(t, "ged.csv", content), Options{})
		if len(rows) != 1 || rows[0].Refused {
			t.Fatalf("rows %+v", rows)
		}
		return rows[0].Claims
	}
	want := claims(csvText(ucdpColumns, ucdpRow()))
	swap := func(cells []string, a, b int) []string {
		out := append([]string(nil), cells...)
		out[a], out[b] = out[b], out[a]
		return out
	}
	const best, low = 44, 46
	if ucdpColumns[best] != "best" || ucdpColumns[low] != "low" {
		t.Fatal("the columns have moved")
	}
	with := func(cells []string, at int, cell string) []string {
		return append(append(append([]string(nil), cells[:at]...), cell), cells[at:]...)
	}
	tags := make([]string, len(ucdpColumns)+1)
	tags[2], tags[45] = "#date+year", "#affected+killed"
	for name, content := range map[string]string{
		"low, best, high": csvText(swap(ucdpColumns, best, low), swap(ucdpRow(), best, low)),
		"headerless":      csvText(ucdpRow()),
		"iso3 and tags":   csvText(with(ucdpColumns, 34, "iso3"), tags, with(ucdpRow(), 34, "PAK")),
		"byte order mark": "\ufeff" + csvText(ucdpColumns, ucdpRow()),
		"upper case":      csvText(strings.Split(strings.ToUpper(strings.Join(ucdpColumns, " ,")), ","), ucdpRow()),
	} {
		got := claims(content)
		ignore := cmp.FilterPath(func(p cmp.Path) bool { return strings.HasSuffix(p.String(), "Passage.Locator") }, cmp.Ignore())
		if name != "upper case" {
			ignore = nil
		}
		opts := cmp.Options{cmp.Comparer(func(a, b edtf.Date) bool { return a == b })}
		if ignore != nil {
			opts = append(opts, ignore)
		}
		if diff := cmp.Diff(want, got, opts); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	aliases := strings.NewReplacer("best", "best_est", "high", "high_est", "low", "low_est").Replace(strings.Join(ucdpColumns, ","))
	if got := numbers(&claims(csvText(strings.Split(aliases, ","), ucdpRow()))[5]); got == "" {
		t.Error("aliases are not read")
	}
}

func TestUCDPUnknownColumnsAreListedOnce(t *testing.T) {
	content := csvText(append(ucdpColumns[:len(ucdpColumns):len(ucdpColumns)], "predicted"), append(ucdpRow(), "x"), append(ucdpRow("id", "2"), "y"))
	rows := readAll(t, "ucdp", write(t, "ged.csv", content), Options{})
	if p := rows[0].Problems; len(p) != 1 || p[0].Line != 0 || p[0].Column != "predicted" {
		t.Errorf("problems %v", p)
	}
	if len(rows[1].Problems) > 0 {
		t.Errorf("problems %v", rows[1].Problems)
	}
}

func TestUCDPKeepsUnknownApartFromNone(t *testing.T) {
	row := readAll(t, "ucdp", write(t, "ged.csv", csvText(ucdpColumns, ucdpRow("number_of_sources", "-1", "source_office", "", "source_date", "", "source_headline", "", "source_article", ""))), Options{})[0]
	if claimOf(row, "sources") != nil || len(row.Problems) > 0 {
		t.Errorf("claims %v, problems %v", row.Claims, row.Problems)
	}
}

func benchmarkFile(b *testing.B, rows int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "ged.csv")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	io.WriteString(f, csvText(ucdpColumns))
	for i := range rows {
		io.WriteString(f, csvText(ucdpRow("id", fmt.Sprint(900001+i))))
	}
	return path
}

func BenchmarkUCDP(b *testing.B) {
	const rows = 20_000
	path := benchmarkFile(b, rows)
	b.ReportAllocs()
	for b.Loop() {
		r, err := Open("ucdp", path, Options{})
		if err != nil {
			b.Fatal(err)
		}
		n, claims := 0, 0
		for {
			row, err := r.Next()
			if err != nil {
				break
			}
			if row.Refused {
				b.Fatal(row.Problems)
			}
			n++
			claims += len(row.Claims)
		}
		r.Close()
		if n != rows {
			b.Fatalf("%d rows", n)
		}
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
}

// TestUCDPNumberTooLarge tells apart what is no number and what is one that nobody can
// mean.
func TestUCDPNumberTooLarge(t *testing.T) {
	rows := readAll(t, "ucdp", write(t, "ged.csv", csvText(ucdpColumns, ucdpRow("best", strings.Repeat("9", 40)))), Options{})
	if len(rows) != 1 || !rows[0].Refused || len(rows[0].Problems) != 1 || rows[0].Problems[0].Key != "problem.too_large" {
		t.Errorf("%+v", rows)
	}
}
