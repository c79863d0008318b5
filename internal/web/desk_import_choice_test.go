package web

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
)

// TestImportKnownTableWithMapping chooses the mapper for a table that looks like a known
// format, as the message about a changed copy says to do.
func TestImportKnownTableWithMapping(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Editor)
	const table = "id,type_of_violence,date_start,best\n1,3,2031-05-03,4\n2,3,2031-05-04,5\n"
	preview := v.upload("/desk/import", nil, "copy.csv", []byte(table)).status(303).Header.Get("Location")
	path, _, _ := strings.Cut(preview, "?")
	form := v.get(preview).status(200).whole().form(path)
	if form.Get("format") != "ucdp" || form.Has("use.0") {
		t.Fatalf("%v", form)
	}
	form = v.post(path, filled(form, "format", "csv", "do", "format")).status(200).whole().form(path)
	for name, want := range map[string]string{"use.0": "key", "use.2": "date"} {
		if form.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, form.Get(name), want)
		}
	}
	// What was chosen is kept when another format is looked at.
	form.Set("use.3", "number")
	if form = v.post(path, filled(form, "do", "format")).status(200).form(path); form.Get("use.3") != "number" {
		t.Errorf("use.3 is %q", form.Get("use.3"))
	}
}

// TestImportedCasefileIsNotPublic takes a casefile with public records in, with the
// choices as the form offers them.
func TestImportedCasefileIsNotPublic(t *testing.T) {
	from := exampleSite(t)
	casefile := from.signedIn(access.Editor).get("/desk/export?format=casefile").status(200).body
	s := emptySite(t)
	s.working()
	v := s.signedIn(access.Editor)
	preview := v.upload("/desk/import", nil, "example.zip", []byte(casefile)).status(303).Header.Get("Location")
	path, _, _ := strings.Cut(preview, "?")
	form := v.get(preview).status(200).whole().form(path)
	if form.Get("rows") != "internal" || form.Has("state") {
		t.Errorf("asked for %v", form)
	}
	v.finished(v.post(path, filled(form, "do", "import", "reason", "test")).status(303).Header.Get("Location")).has(word("import.done"))
	v.get("/desk/events").status(200).has("Alamdar")
	for _, path := range []string{"/", "/events", "/people", "/parties", "/petitions", "/sources", "/search?q=Alamdar", "/api/v1/events", "/feeds/events.atom", "/sitemap.xml"} {
		if a := s.get(path); strings.Contains(strings.ReplaceAll(a.body, "q=Alamdar", ""), "lamdar-") || strings.Contains(a.body, "Alamdar Road") {
			t.Errorf("%s shows what is internal", path)
		}
	}
}

// TestPreviewOfDamagedFiles looks at files that are cut off, damaged or made to do harm:
// the desk says what is wrong with them and nothing fails on our side.
func TestPreviewOfDamagedFiles(t *testing.T) {
	s := emptySite(t)
	s.working()
	v := s.signedIn(access.Editor)
	pack := func(files ...string) string {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for i := 0; i+1 < len(files); i += 2 {
			f, err := z.Create(files[i])
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.Write([]byte(files[i+1])); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	var packed bytes.Buffer
	g := gzip.NewWriter(&packed)
	if _, err := g.Write([]byte(strings.Repeat("id,date,killed\n1,2031-05-03,4\n", 1000))); err != nil || g.Close() != nil {
		t.Fatal(err)
	}
	const workbook = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets><sheet name="a" sheetId="1"/></sheets></workbook>`
	for name, content := range map[string]string{
		"entities.xlsx": pack("[Content_Types].xml", "<x/>", "xl/workbook.xml", `<!DOCTYPE a [<!ENTITY b "cc">]><workbook>&b;</workbook>`),
		"no-sheet.xlsx": pack("[Content_Types].xml", "<x/>", "xl/workbook.xml", workbook),
		"empty.xlsx":    pack("[Content_Types].xml", "<x/>"),
		"cut.xlsx":      pack("[Content_Types].xml", "<x/>", "xl/workbook.xml", workbook)[:150],
		"cut.csv.gz":    packed.String()[:packed.Len()/2],
		"head.csv.gz":   "\x1f\x8b\xff\xff",
		"bom.csv":       "\xff\xfe\x00",
		"nul.csv":       "a\x00b,c\n1,2\n",
		"open.csv":      `id,date` + "\n" + `1,"never closed`,
		"outside.zip":   pack("casefile.json", `{"format":"gawah-casefile/1","name":"a"}`, "../../x.json", "[]"),
	} {
		preview := v.upload("/desk/import", nil, name, []byte(content)).status(303).Header.Get("Location")
		path, _, _ := strings.Cut(preview, "?")
		form := v.get(preview).status(200).whole().form(path)
		for _, format := range []string{"ucdp", "uwazi", "casefile", "documents"} {
			a := v.post(path, filled(form, "format", format, "do", "try", "reason", "test"))
			if a.StatusCode == 400 {
				continue
			}
			run := v.finished(a.status(303).Header.Get("Location"))
			for _, internal := range []string{"unpacked-", "goroutine", "runtime error"} {
				if strings.Contains(run.body, internal) {
					t.Errorf("%s as %s: the page holds %q", name, format, internal)
				}
			}
		}
	}
}
