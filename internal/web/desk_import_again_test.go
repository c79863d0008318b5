package web

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/access"
)

// TestImportWhatWasTried goes on from a trial to the import: everything that was
// chosen for the trial is chosen still, and the import does what the trial said.
func TestImportWhatWasTried(t *testing.T) {
	s := emptySite(t)
	s.working()
	v := s.signedIn(access.Editor)
	preview := v.upload("/desk/import", nil, "attacks.csv", []byte(testTable)).status(303).Header.Get("Location")
	path, _, _ := strings.Cut(preview, "?")
	tried := filled(
		v.get(preview).status(200).form(path), "dataset", "testfall", "title", "Testfall table", "publisher", "Example Press", "terms", "credit",
		"credit", "Example Press 2031", "language", "en", "date_format", "iso", "type", "threat", "country_code", "PK", "missing", "-99\nunknown",
		"no_event", "1", "use.0", "key", "use.1", "statement", "topic.1", "what happened", "what.1", "", "use.2", "date", "what.2", "", "use.3", "number",
		"what.3", "injured", "use.4", "", "what.4", "", "state", "suggested", "rows", "draft", "reason", "as agreed",
	)
	trial := v.finished(v.post(path, filled(tried, "do", "try")).status(303).Header.Get("Location")).has(word("import.tried"))
	form := v.get(leadsTo(t, trial, word("import.go_on"))).status(200).whole().form(path)
	for _, name := range []string{"do", "mapping", "loaded"} { // what was chosen before the trial is in the mapping after it
		tried.Del(name)
		form.Del(name)
	}
	if diff := cmp.Diff(tried, form); diff != "" {
		t.Errorf("the form after the trial (-tried +asked)\n%s", diff)
	}
	done := v.finished(v.post(path, filled(form, "do", "import")).status(303).Header.Get("Location")).has(word("import.done"))
	if diff := cmp.Diff(trial.texts("ul.counts"), done.texts("ul.counts")); diff != "" {
		t.Errorf("the import's counts (-tried +done)\n%s", diff)
	}

	// A run is not the answer to questions about another file.
	other := v.upload("/desk/import", nil, "other.csv", []byte("id\n1\n")).status(303).Header.Get("Location")
	at, err := url.Parse(leadsTo(t, trial, word("import.go_on")))
	if err != nil {
		t.Fatal(err)
	}
	v.get(other + "&run=" + at.Query().Get("run")).status(404)
}

// TestRefusedImportKeepsName asks for a refused preview's address again: it is of
// the same file, with the name and the ending it came with.
func TestRefusedImportKeepsName(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Editor)
	preview := v.upload("/desk/import", nil, "tolls & towns.tsv", []byte("id\tday\n1\t2031-05-23\n")).status(303).Header.Get("Location")
	path, _, _ := strings.Cut(preview, "?")
	refusal := v.post(path, filled(v.get(preview).status(200).form(path), "format", "csv", "do", "try", "dataset", "No Name")).status(400)
	at := ""
	for _, f := range refusal.find("form") {
		if p, _, _ := strings.Cut(attr(f, "action"), "?"); p == path {
			at = attr(f, "action")
		}
	}
	again := v.get(at).status(200).whole()
	if title := again.texts("h1"); len(title) != 1 || !strings.HasSuffix(title[0], "tolls & towns.tsv") {
		t.Errorf("%s is titled %q", at, title)
	}
	if form := again.form(path); form.Get("name") != "tolls & towns.tsv" {
		t.Errorf("%s is of %q", at, form.Get("name"))
	}
}

// leadsTo returns where the link with a text leads.
func leadsTo(t *testing.T, a *answer, text string) string {
	t.Helper()
	for _, n := range a.find("a") {
		if strings.TrimSpace(textOf(n)) == text {
			return attr(n, "href")
		}
	}
	t.Fatalf("%s: no link %q", a.Request.URL, text)
	return ""
}

// TestImportOtherSheet chooses the second sheet of a workbook, whose dates are
// written in a way that the first's are not.
func TestImportOtherSheet(t *testing.T) {
	s := emptySite(t)
	s.working()
	v := s.signedIn(access.Editor)
	book := workbookOf(t, "Notes", [][]string{{"id", "what"}, {"1", "Testfall"}}, "Toll", [][]string{{"id", "date", "killed"}, {"1", "2031-05-23", "4"}, {"2", "2031-05-24", "5"}})
	preview := v.upload("/desk/import", nil, "book.xlsx", book).status(303).Header.Get("Location")
	path, _, _ := strings.Cut(preview, "?")
	form := filled(v.get(preview).status(200).whole().form(path), "format", "csv", "do", "format")
	form = v.post(path, form).status(200).form(path)
	form = v.post(path, filled(form, "sheet", "Toll", "do", "format")).status(200).whole().form(path)
	for name, want := range map[string]string{"sheet": "Toll", "use.1": "date", "use.2": "number", "what.2": "killed", "date_format": "iso"} {
		if form.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, form.Get(name), want)
		}
	}
	trial := v.finished(v.post(path, filled(form, "do", "try", "reason", "test")).status(303).Header.Get("Location")).has(word("import.tried"))
	if form = v.get(leadsTo(t, trial, word("import.go_on"))).status(200).form(path); form.Get("sheet") != "Toll" || form.Get("sheet_was") != "Toll" || form.Get("use.2") != "number" {
		t.Errorf("after the trial: %v", form)
	}
}

// workbookOf makes an XLSX file of two sheets with their cells as inline text.
func workbookOf(t *testing.T, first string, firstRows [][]string, second string, secondRows [][]string) []byte {
	t.Helper()
	const (
		office   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
		packaged = "http://schemas.openxmlformats.org/package/2006/relationships"
		main     = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	)
	sheet := func(rows [][]string) string {
		var b strings.Builder
		fmt.Fprintf(&b, `<worksheet xmlns="%s"><sheetData>`, main)
		for i, row := range rows {
			fmt.Fprintf(&b, `<row r="%d">`, i+1)
			for j, cell := range row {
				fmt.Fprintf(&b, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+j, i+1, cell)
			}
			b.WriteString(`</row>`)
		}
		return b.String() + `</sheetData></worksheet>`
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`},
		{"_rels/.rels", fmt.Sprintf(`<Relationships xmlns="%s"><Relationship Id="rId1" Type="%s/officeDocument" Target="xl/workbook.xml"/></Relationships>`, packaged, office)},
		{"xl/workbook.xml", fmt.Sprintf(`<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet name="%s" sheetId="1" r:id="rId1"/><sheet name="%s" sheetId="2" r:id="rId2"/></sheets></workbook>`, main, office, first, second)},
		{"xl/_rels/workbook.xml.rels", fmt.Sprintf(`<Relationships xmlns="%s"><Relationship Id="rId1" Type="%s/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="%s/worksheet" Target="worksheets/sheet2.xml"/></Relationships>`, packaged, office, office)},
		{"xl/worksheets/sheet1.xml", sheet(firstRows)},
		{"xl/worksheets/sheet2.xml", sheet(secondRows)},
	} {
		w, err := z.Create(part[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(part[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
