package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/record"
)

// fuzzFormat reads arbitrary bytes as a format: nothing may panic, every record
// of the table must come out as one row, and every row must be whole or refused.
func fuzzFormat(f *testing.F, format string, header []string, rows ...[]string) {
	f.Helper()
	f.Add([]byte(csvText(append([][]string{header}, rows...)...)))
	f.Add([]byte(csvText(header)))
	for _, row := range rows {
		short := append([]string(nil), row...)
		for i := range short {
			if i%3 == 0 {
				short[i] = "31/2/2013"
			}
		}
		f.Add([]byte(csvText(header, short, row[:len(row)/2])))
	}
	// One directory for all inputs: making one for each would take most of the time.
	path := filepath.Join(f.TempDir(), "f.csv")
	f.Fuzz(func(t *testing.T, content []byte) {
		var opts Options
		if format == "csv" {
			opts.Mapping = ownMapping()
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := Open(format, path, opts)
		if err != nil {
			return
		}
		defer r.Close()
		got := 0
		for {
			row, err := r.Next()
			if err != nil {
				if !errors.Is(err, io.EOF) {
					return
				}
				break
			}
			got++
			checkRow(t, row)
		}
		if want := dataRows(t, path, r.(*sheet)); got != want {
			t.Errorf("%d rows from %d records", got, want)
		}
	})
}

// dataRows counts the records below the header.
func dataRows(t *testing.T, path string, s *sheet) int {
	t.Helper()
	headerless := s.info.Format == "ucdp" && headerlessFile(path)
	rows, err := table.Open(path, table.Options{NoHeader: headerless})
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for row, err := range rows.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		if row.Role == table.RoleData {
			n++
		}
	}
	return n
}

func headerlessFile(path string) bool {
	rows, err := table.Open(path, table.Options{})
	if err != nil {
		return false
	}
	defer rows.Close()
	h, err := rows.Header()
	return err == nil && h != nil && headerlessUCDP(h.Names)
}

func FuzzUCDP(f *testing.F) {
	fuzzFormat(f, "ucdp", ucdpColumns, ucdpRow(), ucdpRow("id", "2", "low", "9", "high", "3"), ucdpRow("id", "3", "latitude", "67", "longitude", "30"))
}

func FuzzGTD(f *testing.F) { fuzzFormat(f, "gtd", gtdHeader, gtdRow(), gtdRow("nkill", "2.5")) }

func FuzzACLED(f *testing.F) {
	fuzzFormat(f, "acled", []string{"event_id_cnty", "event_date", "fatalities", "inter1", "tags", "iso", "latitude", "longitude", "location", "time_precision"},
		[]string{"PAK1", "16 May 2025", "12", "Rebel groups", "crowd size=about 200", "586", "30", "67", "Example Town", "2"})
}

func FuzzPakistanBodyCount(f *testing.F) {
	fuzzFormat(f, "pbc", []string{"S#", "Date", "City", "Latitude", "Longitude", "Killed Min", "Killed Max", "Injured Min", "Injured Max", "Targeted Sect if any", "No. of Suicide Blasts"},
		[]string{"1", "Thursday-January 10-2013", "Example Town", "30", "67", "11", "10", "", "40+", "None", "N/A"})
}

func FuzzMassMobilization(f *testing.F) {
	fuzzFormat(f, "massmob", []string{"id", "country", "protest", "protestnumber", "protesteridentity", "participants", "participants_category", "location", "start_date", "end_date", "arrests", "ignore"},
		[]string{"1", "Pakistan", "1", "1", "families", "164 arrested", "100-999", "nationwide", "2013-01-10", "2013-01-11", "1", "1.0"})
}

func FuzzUwazi(f *testing.F) {
	fuzzFormat(f, "uwazi", []string{"Title", "Date", "Place_geolocation", "Killed low", "Killed best", "Killed high", "واقعہ"},
		[]string{"First", "2013/01/10", "30.2|67", "3", "4", "5", "الف"}, []string{"First", "2013:", "95|67", "5", "4", "3", ""})
}

func FuzzCSV(f *testing.F) {
	fuzzFormat(f, "csv", []string{"Ref", "When", "City", "Land", "Lat", "Long", "Dead", "Hurt", "Who", "Notes"},
		[]string{"A-1", "10/1/2013", "Example Town", "Pakistan", "30.2", "67", "96", "120+", "Testfall Front", "first"})
}

func FuzzMapping(f *testing.F) {
	f.Add([]byte(`{"dataset":"a","terms":"free","key":"id","measures":[{"column":"x","measure":"killed"}]}`), "id,x,date\n1,2,3\n")
	f.Fuzz(func(t *testing.T, mapping []byte, content string) {
		if m, err := DecodeMapping(bytes.NewReader(mapping)); err == nil {
			if err := m.Validate(); err != nil {
				t.Errorf("decoded and not valid: %v", err)
			}
		}
		rows, _ := csv.NewReader(bytes.NewReader([]byte(content))).ReadAll()
		if len(rows) == 0 {
			return
		}
		m := SuggestMapping(rows[0], rows[1:])
		if m.Key == "" || m.Date.Column != "" && m.Date.Format == "" {
			return
		}
		if err := m.Validate(); err != nil {
			t.Errorf("the suggestion is not valid: %v", err)
		}
	})
}

func FuzzCell(f *testing.F) {
	for _, s := range []string{"40+", "100-250", "Thursday-January 10-2013", "1,00,000", "about 2.5 million", "31/2/2013"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		n, kind := readCount(cell)
		if kind == readNumber && (n.n < 0 || n.n > record.MaxNumber || n.op == record.Between && n.upper < n.n) {
			t.Errorf("%q gives %+v", cell, n)
		}
		for _, format := range DateFormats() {
			if d, _, err := readDate(cell, format); err == nil && d.IsZero() {
				t.Errorf("%q as %s gives no date and no error", cell, format)
			}
		}
	})
}
