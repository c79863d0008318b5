package web

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/access"
)

// bareTable has no row of names, another separator than most and a comma in each row.
const bareTable = "1;Testfall one, at noon;blast;10/01/2031;12;96\n2;Testfall two;march;14/01/2031;0;3\n"

// bareMapping says of bareTable much that the form does not ask for.
const bareMapping = `{
	"dataset": "testfall", "terms": "free", "delimiter": ";", "no_header": true, "key": "1", "event_title": "2", "type": "attack",
	"type_column": "3", "types": {"march": "protest"},
	"date": {"column": "4", "format": "d/m/y"}, "place": {"country_code": "PK", "precision": "district"},
	"measures": [
		{"column": "5", "measure": "killed", "operator": "at_least", "form": "component", "scope": {"counted": "forces"}, "scope_printed": "police", "part": "police"},
		{"column": "6", "measure": "injured", "part": "hurt"}
	]
}`

// previewed uploads a file and goes to the form that asks what its columns mean.
func (v *visitor) previewed(name string, content []byte) (path string, page *answer) {
	v.t.Helper()
	preview := v.upload("/desk/import", nil, name, content).status(303).Header.Get("Location")
	path, _, _ = strings.Cut(preview, "?")
	return path, v.post(path, filled(v.get(preview).status(200).form(path), "format", "csv", "do", "format")).status(200).whole()
}

// markedInputs lists the inputs that a page marks as wrong, each of which its list of
// faults leads to.
func markedInputs(a *answer) []string {
	var out []string
	for _, kind := range []string{"input", "select", "textarea"} {
		for _, n := range a.find(kind) {
			if attr(n, "aria-invalid") != "true" {
				continue
			}
			out = append(out, attr(n, "name"))
			if !strings.Contains(a.body, `href="#f-`+attr(n, "name")+`"`) || attr(n, "id") != "f-"+attr(n, "name") {
				a.t.Errorf("%s: nothing leads to %s", a.Request.URL, attr(n, "name"))
			}
		}
	}
	return out
}

func asJSON(t *testing.T, text string) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestLoadedMappingIsKept loads a mapping, changes one use in the form, and finds all
// that the form does not show in the mapping file, after the trial and in the import.
func TestLoadedMappingIsKept(t *testing.T) {
	s := emptySite(t)
	s.working()
	v := s.signedIn(access.Editor)
	path, page := v.previewed("bare.csv", []byte(bareTable))
	page = v.post(path, filled(page.form(path), "do", "load", "mapping_file", bareMapping)).status(200).whole()
	page.has(
		word("import.also"), word("import.also.no_header"), "separated by “;”", "“march” is read as: protest", "to the district", "5: a plain number is meant as: at least",
		"police, army and guards", "“hurt”", "Testfall one, at noon",
	)
	form := page.form(path)
	if form.Get("use.5") != "number" || form.Get("use.6") != "" || form.Has("use.6") {
		t.Fatalf("the columns are not those of the mapping's separator: %v", form)
	}
	filled(form, "what.5", "missing", "rows", "internal", "reason", "test")
	want := asJSON(t, bareMapping)
	want["measures"].([]any)[1].(map[string]any)["measure"] = "missing"
	saved := v.post(path, filled(form, "do", "mapping")).status(200).body
	if diff := cmp.Diff(want, asJSON(t, saved)); diff != "" {
		t.Errorf("the saved mapping (-want +got)\n%s", diff)
	}
	trial := v.finished(v.post(path, filled(form, "do", "try")).status(303).Header.Get("Location")).has(word("import.tried"))
	form = v.get(leadsTo(t, trial, word("import.go_on"))).status(200).whole().has(word("import.also.no_header")).form(path)
	done := v.finished(v.post(path, filled(form, "do", "import")).status(303).Header.Get("Location")).has(word("import.done"))
	for _, n := range done.find("a") {
		if at := attr(n, "href"); strings.HasPrefix(at, "/desk/imports/") {
			if diff := cmp.Diff(want, asJSON(t, v.get(at+"/mapping").status(200).body)); diff != "" {
				t.Errorf("the import's mapping (-want +got)\n%s", diff)
			}
		}
	}
	if got := done.texts("ul.counts"); !strings.Contains(got[0], "2 created") && !strings.Contains(got[0], "2 rows") {
		t.Errorf("the import: %v", got)
	}

	// The next file of the same kind takes the mapping from the import before it.
	again, page := v.previewed("next.csv", []byte(strings.ReplaceAll(bareTable, "Testfall one", "Testfall later")))
	form = page.has(word("import.mapping_run"), "bare.csv").form(again)
	if form.Get("mapping_run") == "" {
		t.Fatal("no earlier mapping is offered")
	}
	form = v.post(again, filled(form, "do", "load_run")).status(200).whole().has(word("import.also.no_header")).form(again)
	if diff := cmp.Diff(want, asJSON(t, v.post(again, filled(form, "do", "mapping")).status(200).body)); diff != "" {
		t.Errorf("the mapping taken again (-want +got)\n%s", diff)
	}
	v.post(again, filled(form, "do", "load_run", "mapping_run", "nothing")).status(404)
	s.signedIn(access.Contributor).post(again, filled(form, "do", "load_run")).status(403)
}

// TestMappingNamesColumnsThatAreGone loads a mapping for a file that lacks columns of
// it and spells others otherwise: those gone are listed, kept when it is saved, and
// the import asks before it goes on without them.
func TestMappingNamesColumnsThatAreGone(t *testing.T) {
	s := emptySite(t)
	s.working()
	v := s.signedIn(access.Editor)
	const mapping = `{"dataset": "testfall", "terms": "free", "key": "Ref", "event_title": "What  happened", "type": "attack",
		"measures": [{"column": "Dead", "measure": "killed"}, {"column": "Hurt or ill", "measure": "injured", "operator": "at_least"}]}`
	path, page := v.previewed("second.csv", []byte("REF,what happened,dead\n1,Testfall one,4\n"))
	page = v.post(path, filled(page.form(path), "do", "load", "mapping_file", mapping)).status(200).whole().has("Hurt or ill", word("import.absent_cell"))
	form := page.form(path)
	for name, want := range map[string]string{"use.0": "key", "use.1": "title", "use.2": "number", "what.2": "killed", "use.3": "number", "what.3": "injured"} {
		if form.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, form.Get(name), want)
		}
	}
	filled(form, "reason", "test")
	if diff := cmp.Diff(asJSON(t, mapping), asJSON(t, v.post(path, filled(form, "do", "mapping")).status(200).body)); diff != "" {
		t.Errorf("the saved mapping (-loaded +saved)\n%s", diff)
	}
	refusal := v.post(path, filled(form, "do", "try")).status(400).whole().has("Hurt or ill")
	if diff := cmp.Diff([]string{"without"}, markedInputs(refusal)); diff != "" {
		t.Errorf("marked (-want +got)\n%s", diff)
	}
	run := v.post(path, filled(form, "do", "import", "without", "1")).status(303).Header.Get("Location")
	if got := v.finished(run).has(word("import.done")).texts("ul.counts"); !strings.Contains(got[0], "1 rows") && !strings.Contains(got[0], "1 row") {
		t.Errorf("the import: %v", got)
	}
	saved := asJSON(t, v.post(path, filled(form, "do", "mapping")).status(200).body)
	if diff := cmp.Diff([]any{"Hurt or ill"}, saved["optional"]); diff != "" || len(saved["measures"].([]any)) != 2 {
		t.Errorf("the mapping saved with the import: %v", saved)
	}
}

// TestMappingFaultsMarkFields makes every fault of the form that a mapping can have.
func TestMappingFaultsMarkFields(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Editor)
	path, page := v.previewed("list.csv", []byte("id,what,paid,day\n1,Testfall one,4000,2031-05-03\n2,Testfall two,5000,2031-05-04\n"))
	good := []string{
		"dataset", "testfall", "terms", "free", "date_format", "iso", "use.0", "key", "use.1", "title", "use.2", "number", "what.2", "killed", "use.3", "date",
		"reason", "test", "do", "mapping",
	}
	v.post(path, filled(page.form(path), good...)).status(200)
	for name, test := range map[string]struct{ set, want []string }{
		"short name":  {[]string{"dataset", "No Name"}, []string{"dataset"}},
		"credit":      {[]string{"terms", "credit", "credit", ""}, []string{"credit"}},
		"dates":       {[]string{"date_format", ""}, []string{"date_format"}},
		"country":     {[]string{"country_code", "Pakistan"}, []string{"country_code"}},
		"two titles":  {[]string{"use.2", "title"}, []string{"use.2"}},
		"no measure":  {[]string{"what.2", ""}, []string{"what.2"}},
		"low alone":   {[]string{"use.2", "low"}, []string{"use.2"}},
		"currency":    {[]string{"what.2", "money"}, []string{"currency.2"}},
		"in rupees":   {[]string{"what.2", "money", "currency.2", "Rs."}, []string{"currency.2"}},
		"no property": {[]string{"use.2", "attribute", "what.2", ""}, []string{"what.2"}},
	} {
		a := v.post(path, filled(filled(page.form(path), good...), test.set...)).status(400).whole().hasNot("measures[", "date.format", "place.")
		if diff := cmp.Diff(test.want, markedInputs(a)); diff != "" {
			t.Errorf("%s: marked (-want +got)\n%s", name, diff)
		}
	}
	none := v.post(path, filled(filled(page.form(path), good...), "use.0", "")).status(400).whole().has(`href="#f-columns"`, word("mapping.key"))
	if !strings.Contains(none.body, `id="f-columns"`) {
		t.Error("the list of faults leads nowhere")
	}
	paid := v.post(path, filled(filled(page.form(path), good...), "what.2", "money", "currency.2", "pkr")).status(200).body
	if !strings.Contains(paid, `"unit": "PKR"`) {
		t.Errorf("the currency is lost: %s", paid)
	}
}

// TestPastedMappingFaultsHavePlaces pastes texts that are no good mapping: the field
// is marked and the line and column named, and the form stays as it was.
func TestPastedMappingFaultsHavePlaces(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Editor)
	path, page := v.previewed("list.csv", []byte("id,what\n1,Testfall one\n"))
	form := filled(page.form(path), "use.1", "title", "do", "load")
	for text, want := range map[string]string{
		"":                             word("mapping.empty"),
		"{\n\t\"dataset\": \"a\",,\n}": "Line 2, column 17: “,” cannot stand here",
		"{\n  \"dataset\": \"a\", \"terms\": \"free\",\n  \"kee\": \"id\"}":                                                               "Line 3, column 3: There is no field “kee” here",
		"{\"dataset\": \"a\", \"terms\": \"free\", \"key\": \"id\",\n \"measures\": [{\"column\": \"what\",\n  \"measure\": \"kiled\"}]}": "Line 3, column 14: Choose which number this is: there is none called “kiled”",
	} {
		a := v.post(path, filled(form, "mapping_file", text)).status(400).whole().has(want)
		if diff := cmp.Diff([]string{"mapping_file"}, markedInputs(a)); diff != "" {
			t.Errorf("%q: marked (-want +got)\n%s", text, diff)
		}
		if got := a.form(path); got.Get("use.1") != "title" || got.Get("use.0") != "key" {
			t.Errorf("%q: the form was changed: %v", text, got)
		}
	}
}

// TestMappingOfAnotherSheet loads a mapping for the second sheet of a workbook, and
// then one for a sheet that the workbook lacks.
func TestMappingOfAnotherSheet(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Editor)
	book := workbookOf(t, "Notes", [][]string{{"id", "what"}, {"1", "Testfall"}}, "Toll", [][]string{{"Ref", "Dead"}, {"1", "4"}})
	path, page := v.previewed("book.xlsx", book)
	const mapping = `{"dataset": "testfall", "terms": "free", "sheet": "toll", "key": "ref", "measures": [{"column": "dead", "measure": "killed", "part": "toll"}]}`
	form := v.post(path, filled(page.form(path), "do", "load", "mapping_file", mapping)).status(200).whole().hasNot(word("import.absent_cell")).form(path)
	if form.Get("sheet") != "Toll" || form.Get("sheet_was") != "Toll" || form.Get("use.0") != "key" || form.Get("what.1") != "killed" {
		t.Errorf("the form is %v", form)
	}
	// On the other sheet the mapping's columns are missing, and it is kept all the same.
	form = v.post(path, filled(form, "sheet", "Notes", "do", "format")).status(200).whole().has(word("import.absent_cell")).form(path)
	form = v.post(path, filled(form, "sheet", "Toll", "do", "format")).status(200).whole().hasNot(word("import.absent_cell")).form(path)
	v.post(path, filled(form, "do", "mapping")).status(200).has(`"part": "toll"`, `"sheet": "Toll"`)

	gone := v.post(path, filled(form, "do", "load", "mapping_file", strings.Replace(mapping, "toll", "2030", 1))).status(200).has("2030")
	if diff := cmp.Diff([]string{"sheet"}, markedInputs(gone)); diff != "" {
		t.Errorf("marked (-want +got)\n%s", diff)
	}
}
