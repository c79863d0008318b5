package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
)

func testID(n int) string { return fmt.Sprintf("018f2b6e-0000-7000-8000-%012d", n) }

func n64(n int64) *int64 { return &n }

// testClaim is a number that a source of the test's own states.
func testClaim(n int, source record.Source, measure record.Measure, op record.Operator, low int64) ClaimWithSource {
	c := record.Claim{
		ID: record.ClaimID(testID(n)), Source: source.ID, Subject: record.Ref{Kind: record.KindEvent, ID: testID(1)}, Kind: record.KindMeasure,
		Measure: measure, Form: record.Incident, Role: record.Reported, Note: "internal note", MadeBy: "secret maker",
		Passage: record.Passage{Capture: record.CaptureID(testID(90)), Locator: "paragraph 3", Segments: []record.Segment{{Exact: "=cmd|' /C calc'!A0"}}},
		Review:  record.Review{State: record.Accepted, By: "secret-reviewer", Reason: "secret reason"}, Visibility: record.Public,
	}
	c.Bounds(op, low, low)
	return ClaimWithSource{c, source}
}

func testSource(n int, publisher string, terms record.Terms) record.Source {
	return record.Source{
		ID: record.SourceID(testID(n)), Type: record.TypeArticle, Title: record.Text{{Lang: "en", Text: "Blast; many dead"}, {Lang: "ur", Text: "دھماکا"}}, Publisher: publisher,
		Published: record.On("2013-01-11"), URL: "https://example.org/" + publisher, Sensitivity: record.Open, Terms: terms, Note: "secret note", Visibility: record.Public,
	}
}

func testEvents() []*ExportEvent {
	wire, post, closed := testSource(80, "Example Wire", record.TermsFree), testSource(81, "Sample Post", record.TermsCredit), testSource(82, "Closed Data", record.TermsInternal)
	post.Credit = "Sample Post <must> be named"
	attack := record.Event{
		ID: record.EventID(testID(1)), Slug: "example-town-2013", Title: record.Text{{Lang: "en", Text: "=Attack in Example Town"}, {Lang: "ur", Text: "حملہ"}},
		Type: record.TypeAttack, Status: record.Held, When: record.On("2013-01-10"), Note: "secret event note", Visibility: record.Public,
		Where: record.Place{Town: "Example Town", Province: "Sample", Country: "AR", Point: &record.Point{Lat: -30.25, Lon: -67.5}, Precision: record.PreciseTown},
	}
	e1 := &ExportEvent{Event: attack, Claims: []ClaimWithSource{
		testClaim(11, wire, record.Killed, record.Exact, 81), testClaim(12, post, record.Killed, record.MoreThan, 80),
		testClaim(13, closed, record.Killed, record.Exact, 777777), testClaim(14, wire, record.Injured, record.About, 120),
	}}
	e1.Claims = append(e1.Claims, ClaimWithSource{record.Claim{
		ID: record.ClaimID(testID(15)), Source: wire.ID, Kind: record.KindAttribute, Attribute: record.AttrPerpetrator, Value: record.Value{Text: "Testfall Front"},
		Review: record.Review{State: record.Accepted}, Visibility: record.Public,
	}, wire})
	e1.Figures = []figure.Figure{
		{Low: n64(81), Best: n64(81), High: n64(81), Open: true, Origins: 2, Status: figure.Corroborated, Rule: figure.Gawah1, Measure: record.Killed, Claims: []figure.Use{{Claim: record.ClaimID(testID(11)), Used: true}, {Claim: record.ClaimID(testID(13)), Used: true}}},
		{Low: n64(120), High: n64(120), Approx: true, Origins: 1, Status: figure.Provisional, Rule: figure.Gawah1, Measure: record.Injured},
		{Low: n64(3), High: n64(3), Best: n64(3), Origins: 1, Status: figure.Provisional, Rule: figure.Gawah1, Measure: record.Killed, Scope: record.Scope{Counted: record.CountedForces}},
	}
	second := attack
	second.ID, second.Slug, second.When, second.Where.Point = record.EventID(testID(2)), "example-town-2014", record.On("2014-02"), nil
	e2 := &ExportEvent{Event: second, Figures: []figure.Figure{{Low: n64(0), High: n64(11), Status: figure.CompiledOnly, Rule: figure.Gawah1, Measure: record.Killed}}}
	sitIn := attack
	sitIn.ID, sitIn.Slug, sitIn.Type, sitIn.When = record.EventID(testID(3)), "sit-in", record.TypeSitIn, record.On("2013-01-11/2013-01-14")
	sitIn.Title = record.Plain("en", "Sit-in")
	e3 := &ExportEvent{Event: sitIn, Figures: []figure.Figure{{Low: n64(8000), Best: n64(8000), High: n64(8000), Origins: 1, Status: figure.Provisional, Rule: figure.Gawah1, Measure: record.Participants}}}
	return []*ExportEvent{e1, e2, e3}
}

func testExport(events []*ExportEvent) Export {
	return Export{
		Title: "Test record", Publisher: "Example House", Address: "https://example.org", Made: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Events: iter.Seq2[*ExportEvent, error](func(yield func(*ExportEvent, error) bool) {
			for _, e := range events {
				if !yield(e, nil) {
					return
				}
			}
		}),
	}
}

func hasLoss(l *LossReport, slug, part string) bool {
	for _, i := range l.Items {
		if i.Record == slug && (strings.Contains(i.Field, part) || strings.Contains(i.What, part)) {
			return true
		}
	}
	return false
}

// unpacked returns what a reader of the export sees: the archive's files joined.
func unpacked(t *testing.T, b []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return string(b)
	}
	var out strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(&out, r)
		r.Close()
	}
	return out.String()
}

func TestExportsKeepTheHousesSecrets(t *testing.T) {
	for _, f := range ExportFormats() {
		var b bytes.Buffer
		loss, err := f.Write(&b, testExport(testEvents()))
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		text := unpacked(t, b.Bytes())
		for _, secret := range []string{"secret", "internal note", "777777", "Closed Data"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %q", f.Name, secret)
			}
		}
		if loss.Format != f.Name || !hasLoss(loss, "example-town-2013", "1 claims of sources whose terms") {
			t.Errorf("%s: losses %+v", f.Name, loss)
		}
		for _, want := range []string{"gawah/1", "corroborated"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %s", f.Name, want)
			}
		}
		var again bytes.Buffer
		if _, err := f.Write(&again, testExport(testEvents())); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Errorf("%s: the same record gives other bytes", f.Name)
		}
	}
}

func TestExportsReportErrors(t *testing.T) {
	broken := errors.New("disk on fire")
	for _, f := range ExportFormats() {
		x := testExport(nil)
		x.Events = func(yield func(*ExportEvent, error) bool) { yield(nil, broken) }
		if _, err := f.Write(io.Discard, x); !errors.Is(err, broken) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

func TestExportUCDP(t *testing.T) {
	var b bytes.Buffer
	loss, err := ExportUCDP(&b, testExport(testEvents()))
	if err != nil {
		t.Fatal(err)
	}
	if !hasLoss(loss, "sit-in", "nobody is recorded as killed") || !hasLoss(loss, "example-town-2013", "injured") || !hasLoss(loss, "example-town-2013", "no upper bound") ||
		!hasLoss(loss, "example-town-2014", "no single number") {
		t.Errorf("losses %+v", loss.Items)
	}
	cells, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	// Nobody here has said that these events can be taken apart, which a 1 would state.
	clarity := slices.Index(cells[0], "event_clarity")
	if clarity < 0 || cells[1][clarity] != "" || !slices.ContainsFunc(loss.Items, func(l Loss) bool { return l.Field == "event_clarity" }) {
		t.Errorf("event_clarity in column %d is %q", clarity, cells[1])
	}
	path := write(t, "out.csv", b.String())
	rows := readAll(t, "ucdp", path, Options{})
	if len(rows) != 2 {
		t.Fatalf("%d rows", len(rows))
	}
	if r := rows[0]; r.Refused || numbers(mustClaim(t, r, "total")) != "range 81..81 best 81" || r.Event.When.Date.String() != "2013-01-10" || r.Event.Where.Town != "Example Town" ||
		mustClaim(t, r, "side_a").Value.Text != "Testfall Front" {
		t.Errorf("%+v", r)
	}
	if r := rows[1]; r.Refused || numbers(mustClaim(t, r, "total")) != "range 0..11" || r.Event.When.Date.String() != "2014-02" {
		t.Errorf("%+v", r)
	}
	if format, _, err := Guess(path); format != "ucdp" || err != nil {
		t.Errorf("guess: %s %v", format, err)
	}
}

func TestExportUwaziComesBack(t *testing.T) {
	var b bytes.Buffer
	loss, err := ExportUwazi(&b, testExport(testEvents()))
	if err != nil {
		t.Fatal(err)
	}
	if !hasLoss(loss, "example-town-2014", "date") {
		t.Errorf("losses %+v", loss.Items)
	}
	table, err := csv.NewReader(bytes.NewReader(b.Bytes())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	titles := map[string]bool{}
	for i, row := range table {
		if i > 0 && (titles[row[0]] || TextCell(row[0]) != row[0]) {
			t.Errorf("title %q stands twice or begins a formula", row[0])
		}
		titles[row[0]] = true
	}
	if table[2][4] != "" || table[1][4] != "2013-01-10" || table[3][5] != "2013-01-11:2013-01-14" {
		t.Errorf("dates %q %q %q", table[1][4], table[2][4], table[3][5])
	}
	rows := readAll(t, "uwazi", write(t, "out.csv", b.String()), Options{})
	for i, e := range testEvents() {
		r := rows[i]
		if r.Refused || len(r.Problems) > 0 {
			t.Fatalf("%+v", r.Problems)
		}
		if r.Key != e.Event.Slug || r.Event.Type != e.Event.Type || r.Event.When.Date != e.Event.When.Date {
			t.Errorf("%s: %+v", r.Key, r.Event)
		}
		if diff := cmp.Diff(e.Event.Where.Point, r.Event.Where.Point); diff != "" {
			t.Error(diff)
		}
		if i != 1 && r.Event.Title[0].Text != e.Event.Title[0].Text {
			t.Errorf("title %q", r.Event.Title[0].Text)
		}
		for _, f := range e.Figures {
			if !f.Scope.IsZero() {
				continue
			}
			c := mustClaim(t, r, string(f.Measure))
			if *c.Low != *f.Low || *c.High != *f.High || (c.Best == nil) != (f.Best == nil) {
				t.Errorf("%s: %s", f.Measure, numbers(c))
			}
		}
	}
}

func TestExportGeoJSON(t *testing.T) {
	var b bytes.Buffer
	loss, err := ExportGeoJSON(&b, testExport(testEvents()))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Type     string
		Features []struct {
			Geometry   *geoPoint
			Properties map[string]any
		}
	}
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Type != "FeatureCollection" || len(doc.Features) != 3 || doc.Features[0].Geometry.Coordinates != [2]float64{-67.5, -30.25} || doc.Features[1].Geometry != nil {
		t.Errorf("%+v", doc)
	}
	if p := doc.Features[0].Properties; p["killed_status"] != "corroborated" || p["killed_rule"] != "gawah/1" || p["killed_low"] != 81.0 {
		t.Errorf("%v", p)
	}
	if !hasLoss(loss, "example-town-2014", "no point") {
		t.Errorf("%+v", loss)
	}
}

func TestExportFlat(t *testing.T) {
	var b bytes.Buffer
	if _, err := ExportFlat(&b, testExport(testEvents())); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	files := map[string][][]string{}
	for _, f := range z.File {
		names = append(names, f.Name)
		r, _ := f.Open()
		content, _ := io.ReadAll(r)
		r.Close()
		if strings.HasSuffix(f.Name, ".csv") {
			if files[f.Name], err = csv.NewReader(bytes.NewReader(content)).ReadAll(); err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		} else if !strings.Contains(string(content), "Sample Post ‹must› be named") {
			t.Errorf("the credit is missing:\n%s", content)
		}
	}
	if want := []string{"events.csv", "figures.csv", "claims.csv", "codebook.csv", "codebook.md", "losses.csv"}; !slices.Equal(names, want) {
		t.Errorf("files %v", names)
	}
	if len(files["events.csv"]) != 4 || len(files["claims.csv"]) != 5 || len(files["figures.csv"]) != 6 {
		t.Errorf("%d events, %d claims, %d figures", len(files["events.csv"]), len(files["claims.csv"]), len(files["figures.csv"]))
	}
	for name, rows := range files {
		for _, row := range rows {
			if len(row) != len(rows[0]) {
				t.Errorf("%s: a row has %d cells, the header %d", name, len(row), len(rows[0]))
			}
			for i, cell := range row {
				numeric := strings.HasSuffix(rows[0][i], "itude")
				if TextCell(cell) != cell && !numeric {
					t.Errorf("%s, %s: %q begins a formula", name, rows[0][i], cell)
				}
			}
		}
	}
	if lon := files["events.csv"][1][18]; lon != "-67.5" {
		t.Errorf("a number was guarded: %s", lon)
	}
	for _, line := range files["codebook.csv"][1:] {
		if !slices.Contains(files[line[0]][0], line[1]) || line[3] == "" {
			t.Errorf("codebook: %v", line)
		}
	}
}

// The published schema must accept what is written, and its lists must be the
// record's.
func TestExportJSONFitsItsSchema(t *testing.T) {
	text, err := os.ReadFile("../../docs/schema/export.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	x := testExport(testEvents())
	x.Release = 3
	if _, err := ExportJSON(&b, x); err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	s := schemaCheck{schema["$defs"].(map[string]any), nil}
	s.check("", schema, doc)
	for _, e := range s.errors {
		t.Error(e)
	}
	doc.(map[string]any)["events"].([]any)[0].(map[string]any)["note"] = "x"
	if s.check("", schema, doc); len(s.errors) == 0 {
		t.Error("the schema accepts a field that does not exist")
	}
	list := func(path ...string) []string {
		var at any = schema["$defs"]
		for _, p := range path {
			at = at.(map[string]any)[p]
		}
		var out []string
		for _, v := range at.([]any) {
			out = append(out, v.(string))
		}
		return out
	}
	compare := func(got, want []string) {
		t.Helper()
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("the schema lists %v, the record %v", got, want)
		}
	}
	compare(list("measure", "enum"), texts(record.Measures()))
	compare(list("event", "properties", "type", "enum"), texts(record.EventTypes()))
	compare(list("claim", "properties", "operator", "enum"), texts(record.Operators()))
	compare(list("claim", "properties", "attribute", "enum"), texts(record.Attributes()))
	compare(list("claim", "properties", "stance", "enum"), texts(record.Stances()))
	compare(list("source", "properties", "type", "enum"), texts(record.SourceTypes()))
	compare(list("figure", "properties", "status", "enum"), texts(figure.Statuses()))
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// schemaCheck knows as much of JSON Schema as the published file uses.
type schemaCheck struct {
	defs   map[string]any
	errors []string
}

func (s *schemaCheck) fail(at, format string, args ...any) {
	s.errors = append(s.errors, at+": "+fmt.Sprintf(format, args...))
}

func (s *schemaCheck) check(at string, schema map[string]any, v any) {
	for key, rule := range schema {
		switch key {
		case "$ref":
			s.check(at, s.defs[strings.TrimPrefix(rule.(string), "#/$defs/")].(map[string]any), v)
		case "const":
			if v != rule {
				s.fail(at, "%v is not %v", v, rule)
			}
		case "enum":
			if !slices.Contains(rule.([]any), v) {
				s.fail(at, "%v is not in the list", v)
			}
		case "type":
			s.checkType(at, rule, v)
		case "pattern":
			if text, ok := v.(string); ok && !regexp.MustCompile(rule.(string)).MatchString(text) {
				s.fail(at, "%q does not match %s", text, rule)
			}
		case "minimum":
			if n, ok := v.(float64); ok && n < rule.(float64) {
				s.fail(at, "%v is below %v", n, rule)
			}
		case "maximum":
			if n, ok := v.(float64); ok && n > rule.(float64) {
				s.fail(at, "%v is above %v", n, rule)
			}
		case "required":
			for _, name := range rule.([]any) {
				if object, ok := v.(map[string]any); ok && object[name.(string)] == nil {
					if _, there := object[name.(string)]; !there {
						s.fail(at, "%s is missing", name)
					}
				}
			}
		case "properties":
			object, _ := v.(map[string]any)
			for name, value := range object {
				if sub, ok := rule.(map[string]any)[name]; ok {
					s.check(at+"."+name, sub.(map[string]any), value)
				} else if schema["additionalProperties"] == false {
					s.fail(at, "%s is not in the schema", name)
				}
			}
		case "items":
			list, _ := v.([]any)
			for i, value := range list {
				s.check(fmt.Sprintf("%s[%d]", at, i), rule.(map[string]any), value)
			}
		case "$schema", "$defs", "title", "description", "additionalProperties":
		default:
			s.fail(at, "the schema uses %s, which this test does not know", key)
		}
	}
}

func (s *schemaCheck) checkType(at string, rule, v any) {
	names, ok := rule.([]any)
	if !ok {
		names = []any{rule}
	}
	for _, name := range names {
		good := false
		switch name {
		case "string":
			_, good = v.(string)
		case "boolean":
			_, good = v.(bool)
		case "array":
			_, good = v.([]any)
		case "object":
			_, good = v.(map[string]any)
		case "null":
			good = v == nil
		case "number":
			_, good = v.(float64)
		case "integer":
			n, isNumber := v.(float64)
			good = isNumber && n == float64(int64(n))
		}
		if good {
			return
		}
	}
	s.fail(at, "%v is not of the type %v", v, rule)
}
