package casework_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

func TestMappingThereAndBack(t *testing.T) {
	head := casework.MappingHead{
		Dataset: "test", Title: "A table", Terms: record.TermsCredit, Credit: "Example", Type: record.TypeAttack, DateFormat: "d/m/y",
		CountryCode: "PK", Missing: "-99\nunknown",
	}
	columns := []casework.ColumnUse{
		{Column: "id", Use: casework.UseKey},
		{Column: "what", Use: casework.UseTitle},
		{Column: "day", Use: casework.UseDate},
		{Column: "town", Use: casework.UseTown},
		{Column: "low", Use: casework.UseLow, What: "killed"},
		{Column: "best", Use: casework.UseBest, What: "killed"},
		{Column: "high", Use: casework.UseHigh, What: "killed"},
		{Column: "hurt", Use: casework.UseNumber, What: "injured"},
		{Column: "by", Use: casework.UseAttribute, What: "responsibility"},
		{Column: "notes", Use: casework.UseStatement, What: "notes"},
		{Column: "rest"},
	}
	text, err := casework.MakeMapping("", head, columns)
	if err != nil {
		t.Fatal(err)
	}
	var header []string
	for _, c := range columns {
		header = append(header, c.Column)
	}
	got, err := casework.ReadMapping(text, header)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(casework.TableMapping{Head: head, Columns: columns}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestMappingProblems makes mappings that are wrong: the field of the form that has to
// be changed is marked, in words.
func TestMappingProblems(t *testing.T) {
	key := casework.ColumnUse{Column: "a", Use: casework.UseKey}
	for name, test := range map[string]struct {
		columns []casework.ColumnUse
		want    string
	}{
		"two keys":          {[]casework.ColumnUse{key, {Column: "b", Use: casework.UseKey}}, "use.1 mapping.use_taken"},
		"a low alone":       {[]casework.ColumnUse{key, {Column: "b", Use: casework.UseLow, What: "killed"}}, "use.1 mapping.range"},
		"two lows":          {[]casework.ColumnUse{key, {Column: "b", Use: casework.UseLow, What: "killed"}, {Column: "c", Use: casework.UseHigh, What: "killed"}, {Column: "d", Use: casework.UseLow, What: "killed"}}, "use.3 mapping.use_taken"},
		"no measure":        {[]casework.ColumnUse{key, {Column: "b", Use: casework.UseNumber}}, "what.1 mapping.no_measure"},
		"no such measure":   {[]casework.ColumnUse{key, {Column: "b", Use: casework.UseNumber, What: "luck"}}, "what.1 mapping.measure"},
		"no attribute":      {[]casework.ColumnUse{key, {Column: "b", Use: casework.UseAttribute}}, "what.1 mapping.no_attribute"},
		"no such use":       {[]casework.ColumnUse{key, {Column: "b", Use: "x"}}, "use.1 invalid.choice"},
		"columns of a name": {[]casework.ColumnUse{key, {Column: " A ", Use: casework.UseTitle}}, "use.1 mapping.column_twice"},
		"second of a name":  {[]casework.ColumnUse{key, {Column: "b"}, {Column: "B", Use: casework.UseTitle}}, "use.2 mapping.column_twice"},
		"no name":           {[]casework.ColumnUse{key, {Use: casework.UseTitle}}, "use.1 mapping.unnamed"},
		"no key":            {[]casework.ColumnUse{{Column: "a", Use: casework.UseTitle}}, "columns mapping.key"},
		"no format":         {[]casework.ColumnUse{key, {Column: "b", Use: casework.UseDate}}, "date_format mapping.date_format"},
		"an end alone":      {[]casework.ColumnUse{key, {Column: "b", Use: casework.UseDateEnd}}, "use.1 mapping.end_alone"},
		"half a point":      {[]casework.ColumnUse{key, {Column: "b", Use: casework.UseLon}}, "use.1 mapping.point"},
		"no currency":       {[]casework.ColumnUse{key, {Column: "b", Use: casework.UseNumber, What: "money"}}, "currency.1 mapping.currency"},
		"currency of two":   {[]casework.ColumnUse{key, {Column: "b", Use: casework.UseNumber, What: "money", Currency: "Rs"}}, "currency.1 mapping.currency"},
		"two currencies":    {[]casework.ColumnUse{key, {Column: "b", Use: casework.UseLow, What: "money", Currency: "PKR"}, {Column: "c", Use: casework.UseHigh, What: "money", Currency: "usd"}}, "currency.2 mapping.currencies"},
	} {
		_, err := casework.MakeMapping("", casework.MappingHead{Dataset: "test", Terms: record.TermsFree}, test.columns)
		if got := faults(t, err); !slices.Contains(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	_, err := casework.MakeMapping("", casework.MappingHead{Dataset: "No Name", Terms: "x", Type: "attak", CountryCode: "Pakistan"}, []casework.ColumnUse{key})
	want := []string{"country_code mapping.country_code", "dataset mapping.dataset", "terms mapping.terms", "type mapping.type"}
	if diff := cmp.Diff(want, faults(t, err)); diff != "" {
		t.Errorf("head (-want +got)\n%s", diff)
	}
}

// faults lists what is wrong as fields and keys, all of which have words.
func faults(t *testing.T, err error) []string {
	t.Helper()
	bad, ok := errors.AsType[*record.Invalid](err)
	if !ok {
		t.Fatalf("no field is marked: %v", err)
	}
	var out []string
	for _, f := range bad.Fields {
		if !lang.English().Has(f.Key) {
			t.Errorf("the catalogue has no %s", f.Key)
		}
		out = append(out, f.Field+" "+f.Key)
	}
	slices.Sort(out)
	return out
}

// fullMapping says everything that a mapping can say.
const fullMapping = `{
	"dataset": "testfall", "title": "Testfall list", "publisher": "Example House", "url": "https://example.org/list", "credit": "Example House",
	"terms": "credit", "language": "en", "sheet": "Toll", "delimiter": ";", "no_header": true, "key": "1", "event_title": "2",
	"type": "attack", "type_column": "3", "types": {"march": "protest", "blast": "attack"},
	"date": {"column": "4", "end": "5", "format": "d/m/y"},
	"place": {"town": "6", "country_code": "PK", "precision": "district"},
	"measures": [
		{"column": "7", "measure": "killed", "operator": "at_least", "role": "reported", "form": "component",
			"scope": {"area": "city", "place": "Example Town", "period": "2031", "counted": "forces", "attackers": "excluded"},
			"scope_printed": "police only", "part": "police"},
		{"low": "8", "best": "9", "high": "10", "measure": "injured", "operator": "about", "part": "hurt"},
		{"column": "11", "measure": "money", "unit": "PKR", "part": "relief"}
	],
	"attributes": [{"column": "12", "attribute": "responsibility", "part": "by"}, {"column": "3", "attribute": "method", "part": "how"}],
	"statements": [{"column": "13", "topic": "demands", "stance": "demands", "part": "asked"}],
	"missing": ["n/k"], "ignore": ["14", "21"], "optional": ["13"]
}`

func numbers(n int) []string {
	var out []string
	for i := range n {
		out = append(out, strconv.Itoa(i+1))
	}
	return out
}

// TestMappingKeepsWhatNoFormShows changes one column's use of a mapping: all else is
// as it was, and what the form does not show is told.
func TestMappingKeepsWhatNoFormShows(t *testing.T) {
	got, err := casework.ReadMapping(fullMapping, numbers(14))
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, n := range got.Also {
		told[n.Key] = true
		for _, key := range []string{n.Key, n.What} {
			if key != "" && !lang.English().Has(key) {
				t.Errorf("the catalogue has no %s", key)
			}
		}
		args := []any{"what", "<what>"}
		for name, value := range n.Args {
			args = append(args, name, value)
		}
		if text := lang.English().T(n.Key, args...); strings.ContainsAny(text, "{}") || (n.What != "") != strings.Contains(text, "<what>") {
			t.Errorf("%s reads %q", n.Key, text)
		}
	}
	for _, key := range []string{
		"sheet", "delimiter", "no_header", "types", "precision", "use", "operator", "role", "form", "area", "place", "period", "counted", "attackers",
		"scope_printed", "part", "stance", "ignore", "optional",
	} {
		if !told["import.also."+key] {
			t.Errorf("%s is not told", key)
		}
	}

	same, err := casework.MakeMapping(fullMapping, got.Head, got.Columns)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(decoded(t, fullMapping), decoded(t, same)); diff != "" {
		t.Errorf("nothing changed (-was +is)\n%s", diff)
	}

	got.Columns[6].What = "injured"                                                                 // another number, meant and counted as before
	got.Columns[12] = casework.ColumnUse{Column: "13", Use: casework.UseAttribute, What: "method"}  // another kind of claim
	got.Columns[7].What, got.Columns[8].What, got.Columns[9].What = "missing", "missing", "missing" // a whole range
	got.Columns[10].Currency = "usd"
	changed, err := casework.MakeMapping(fullMapping, got.Head, got.Columns)
	if err != nil {
		t.Fatal(err)
	}
	want := decoded(t, fullMapping)
	want.Measures[0].Measure, want.Measures[1].Measure, want.Measures[2].Unit = record.Injured, record.Missing, "USD"
	want.Attributes = append(want.Attributes, exchange.AttributeColumn{Column: "13", Attribute: record.AttrMethod})
	want.Statements = nil
	if diff := cmp.Diff(want, decoded(t, changed), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("changed (-want +is)\n%s", diff)
	}
}

func decoded(t *testing.T, text string) *exchange.Mapping {
	t.Helper()
	m, err := exchange.DecodeMapping(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestMappingOfAnotherVersion reads a mapping for a table whose columns are spelled
// otherwise and of which some are gone: they are found as the importer finds them,
// and those gone are listed and kept.
func TestMappingOfAnotherVersion(t *testing.T) {
	const text = `{"dataset": "testfall", "terms": "free", "key": "Ref", "event_title": "What  happened",
		"measures": [{"column": "Dead", "measure": "killed", "operator": "at_least"}, {"low": "Hurt min", "high": "Hurt max", "measure": "injured", "part": "hurt"}]}`
	got, err := casework.ReadMapping(text, []string{"REF", "what happened", "Hurt Min", "new", "ref"})
	if err != nil {
		t.Fatal(err)
	}
	want := []casework.ColumnUse{
		{Column: "REF", Use: casework.UseKey},
		{Column: "what happened", Use: casework.UseTitle},
		{Column: "Hurt Min", Use: casework.UseLow, What: "injured"},
		{Column: "new"},
		{Column: "ref"},
		{Column: "Dead", Use: casework.UseNumber, What: "killed", Absent: true},
		{Column: "Hurt max", Use: casework.UseHigh, What: "injured", Absent: true},
	}
	if diff := cmp.Diff(want, got.Columns); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}
	kept, err := casework.MakeMapping(text, got.Head, got.Columns)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(decoded(t, text), decoded(t, kept)); diff != "" {
		t.Errorf("(-was +is)\n%s", diff)
	}
	got.Head.Without = true
	if kept, err = casework.MakeMapping(text, got.Head, got.Columns); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Dead", "Hurt max"}, decoded(t, kept).Optional); diff != "" {
		t.Errorf("may be missing (-want +is)\n%s", diff)
	}
	// What is left out on purpose is forgotten.
	got.Columns[5].Use = ""
	if kept, err = casework.MakeMapping(text, got.Head, got.Columns); err != nil || strings.Contains(kept, "Dead") {
		t.Errorf("%v %s", err, kept)
	}
}
