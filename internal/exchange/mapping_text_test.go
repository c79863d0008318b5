package exchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// TestMappingFaultsHavePlaces decodes texts that are no good mapping: each fault is
// told with its line and its column in characters, and its words.
func TestMappingFaultsHavePlaces(t *testing.T) {
	const start = "{\"dataset\": \"a\", \"terms\": \"free\", \"key\": \"id\",\n"
	for text, want := range map[string]string{
		"":                                "1:1 mapping.empty",
		"\ufeff \n":                       "1:1 mapping.empty",
		"{\"dataset\": \"a\"":             "1:16 mapping.cut",
		"{\"dataset\": \"a\"\n\"terms\"}": "2:1 mapping.sign",
		"{} {}":                           "1:4 mapping.more",
		"{\"title\": \"گواہ\nx\"}":        "1:16 mapping.string",
		"{\"title\": \"گواہ\",, }":        "1:18 mapping.sign",
		"\xff{}":                          "1:1 mapping.not_utf8",
		start + "\"mesures\": []}":        "2:1 mapping.unknown",
		start + "\"place\": {\"country_code\": \"PK\",\n\t\"towns\": \"x\"}}":              "3:2 mapping.unknown",
		start + "\"measures\": [\n {\"column\": \"x\", \"scope\": {\"count\": \"all\"}}]}": "3:28 mapping.unknown",
		start + "\"key\": \"no\"}":                   "2:1 mapping.twice",
		start + "\"no_event\": \"yes\"}":             "2:13 mapping.kind",
		start + "\"measures\": {\"column\": \"x\"}}": "2:13 mapping.kind",
		start + "\"ignore\": [\"a\",\n 7]}":          "3:2 mapping.kind",
		start + "\"type\": \"attak\"}":               "2:9 mapping.type",
		start + "\"type_column\": \"k\", \"types\": {\"a.b\": \"attack\",\n\"blast\": \"x\"}}":                                  "3:10 mapping.type",
		start + "\"date\": {\"column\": \"day\"}}":                                                                              "2:9 mapping.date_format",
		start + "\"measures\": [{\"column\": \"x\", \"measure\": \"killed\"},\n  {\"column\": \"y\", \"measure\": \"money\"}]}": "3:3 mapping.currency",
		"{\"dataset\": \"a\",\n\"key\": \"id\"}":                                                                                "1:1 mapping.terms",
		start + "\"optional\": [\"ID\"]}":                                                                                       "2:13 mapping.optional_key",
		strings.Repeat(" ", mostMapping) + "{}":                                                                                 "0:0 mapping.large",
	} {
		_, err := DecodeMapping(strings.NewReader(text))
		wrong, ok := errors.AsType[*MappingError](err)
		if !ok || len(wrong.Problems) != 1 {
			t.Errorf("%.60q: %v", text, err)
			continue
		}
		p := wrong.Problems[0]
		if got := fmt.Sprintf("%d:%d %s", p.TextLine, p.TextColumn, p.Key); got != want {
			t.Errorf("%.120q: %s, want %s", text, got, want)
		}
		if said := p.At(lang.English().T); strings.ContainsAny(strings.ReplaceAll(said, "“,”", ""), "{}[]") {
			t.Errorf("%.60q: said as %q", text, said)
		}
	}
	if m, err := DecodeMapping(strings.NewReader("\ufeff" + start + "\"Type\": \"attack\"}")); err != nil || m.Type != record.TypeAttack {
		t.Errorf("a text with a mark of its encoding: %v", err)
	}
	// What is wrong with the table is told at its place in the text too.
	text := start + "\"measures\": [{\"column\": \"x\", \"measure\": \"killed\"},\n  {\"column\": \"Dead\", \"measure\": \"killed\"}]}"
	m, err := DecodeMapping(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open("csv", write(t, "own.csv", "id,x\n1,2\n"), Options{Mapping: m})
	wrong, ok := errors.AsType[*MappingError](InText(err, text))
	if !ok || wrong.In(lang.English().T) != "Line 3, column 14: The file has no column “Dead”." {
		t.Errorf("%v", err)
	}
}

// TestMappingWordsAreInTheCatalogue looks up every message that is said of a mapping.
func TestMappingWordsAreInTheCatalogue(t *testing.T) {
	said := 0
	for _, name := range []string{"mapping.go", "mapping_text.go", "mapping_error.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if l, ok := n.(ast.Expr); ok {
				if key, ok := literal(l); ok && strings.HasPrefix(key, "mapping.") {
					said++
					if !lang.English().Has(key) {
						t.Errorf("the catalogue has no %s", key)
					}
				}
			}
			return true
		})
	}
	if said < 30 {
		t.Errorf("only %d messages were found", said)
	}
}

// TestOptionalColumns reads a table that lacks columns which a mapping says it may
// lack: the rest is read as ever, and a column that it may not lack is still missed.
func TestOptionalColumns(t *testing.T) {
	m := ownMapping()
	whole := readAll(t, "csv", write(t, "own.csv", ownTable), Options{Mapping: m})
	m.Measures = append(m.Measures, MeasureColumn{Column: "Gone", Measure: record.Missing}, MeasureColumn{Low: "Gone min", High: "Gone max", Measure: record.Detained})
	m.Attributes = append(m.Attributes, AttributeColumn{Column: "Gone who", Attribute: record.AttrActor})
	m.Statements = append(m.Statements, StatementColumn{Column: "Gone why", Topic: "why"})
	m.Place.Site = "Gone where"
	m.Optional = []string{"gone", "Gone  min", "Gone max", "Gone who", "Gone why", "gone where"}
	if err := m.Validate(); err != nil {
		t.Fatal(err)
	}
	rows := readAll(t, "csv", write(t, "own.csv", ownTable), Options{Mapping: m})
	asText := func(rows []*Row) string {
		b, err := json.MarshalIndent(rows, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if diff := cmp.Diff(asText(whole), asText(rows)); diff != "" {
		t.Errorf("(-with all +without)\n%s", diff)
	}
	m.Optional = m.Optional[1:]
	_, err := Open("csv", write(t, "own.csv", ownTable), Options{Mapping: m})
	if wrong, ok := errors.AsType[*MappingError](err); !ok || len(wrong.Problems) != 1 || wrong.Problems[0].Args["column"] != "Gone" {
		t.Errorf("%v", err)
	}
}

// TestDistinctParts makes mappings in which claims of a row would share a part: those
// that were made before keep theirs.
func TestDistinctParts(t *testing.T) {
	before := &Mapping{Attributes: []AttributeColumn{{Column: "Who", Attribute: record.AttrActor}}}
	m := &Mapping{
		Dataset: "a", Terms: record.TermsFree, Key: "id",
		Measures:   []MeasureColumn{{Column: "x", Measure: record.Killed, Part: "who"}, {Column: "Place", Measure: record.Killed}},
		Attributes: []AttributeColumn{{Column: "Who", Attribute: record.AttrActor}, {Column: "Type", Attribute: record.AttrType}},
	}
	m.DistinctParts(before)
	if err := m.Validate(); err != nil {
		t.Error(err)
	}
	if m.Attributes[0].Part != "" || m.Measures[0].Part != "who_2" || m.Measures[1].Part != "place_2" || m.Attributes[1].Part != "type_2" {
		t.Errorf("%+v %+v", m.Measures, m.Attributes)
	}
}
