package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestTextCell(t *testing.T) {
	for _, s := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "\u202e=1", "＝1", "＠x", "−1", "\x01=1"} {
		if got := TextCell(s); got != "'"+s {
			t.Errorf("%q becomes %q", s, got)
		}
	}
	for _, s := range []string{"", "a", "1", "a=1", "'=1", "احمد", "«=»"} {
		if got := TextCell(s); got != s {
			t.Errorf("%q becomes %q", s, got)
		}
	}
}

// formed are fields whose form a record checks, so that no formula fits them.
var formed = []string{"Slug", "URL", "Lang", "Language", "Unit", "Period", "Country", "Hash", "TextHash"}

// armed puts a formula in front of every free text in a value.
func armed(v reflect.Value, with string) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			armed(v.Elem(), with)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() && !slices.Contains(formed, v.Type().Field(i).Name) {
				armed(v.Field(i), with)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			armed(v.Index(i), with)
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() && v.String() != "" {
			v.SetString(with + v.String())
		}
	}
}

// TestExportsAreHarmless writes every table with a formula before every free text
// there is, also behind what a reader does not see.
func TestExportsAreHarmless(t *testing.T) {
	tables := func(b []byte) map[string][][]string {
		t.Helper()
		out := map[string][][]string{}
		read := func(name string, r io.Reader) {
			rows, err := csv.NewReader(r).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			out[name] = rows
		}
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			read("", bytes.NewReader(b))
			return out
		}
		for _, f := range z.File {
			if !strings.HasSuffix(f.Name, ".csv") {
				continue
			}
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			read(f.Name, r)
		}
		return out
	}
	for _, with := range []string{"=", "\u202e=", " @", "\uff1d"} {
		for _, format := range ExportFormats() {
			if format.Media == "application/json" || format.Name == "geojson" {
				continue
			}
			events := testEvents()
			for _, e := range events {
				armed(reflect.ValueOf(e).Elem(), with)
			}
			var b bytes.Buffer
			if _, err := format.Write(&b, testExport(events)); err != nil {
				t.Fatal(err)
			}
			for name, rows := range tables(b.Bytes()) {
				for _, row := range rows {
					for i, cell := range row {
						if strings.HasPrefix(cell, with) {
							t.Errorf("%s %s, %s: %q", format.Name, name, rows[0][i], cell)
						}
					}
				}
			}
		}
	}
}
