package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// desk is somebody at the desk of a served house, with a browser without scripts.
type desk struct {
	t      *testing.T
	at     string
	client *http.Client
}

// page is an answer at the end of its redirects.
type page struct {
	*http.Response
	body string
}

func (d *desk) answer(res *http.Response, err error) page {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		d.t.Fatalf("%s answers %s\n%s", res.Request.URL, res.Status, body)
	}
	return page{res, string(body)}
}

func (d *desk) post(path string, form url.Values) page {
	d.t.Helper()
	return d.answer(d.client.PostForm(d.at+path, form))
}

// upload sends a file and returns the form that asks what is to become of it.
func (d *desk) upload(name string, content []byte) (path string, form url.Values) {
	d.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	w, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = w.Write(content)
	}
	if err != nil || m.Close() != nil {
		d.t.Fatal(err)
	}
	p := d.answer(d.client.Post(d.at+"/desk/import", m.FormDataContentType(), &b))
	path = p.Request.URL.Path
	return path, p.form(d.t, path)
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// form reads what the form that posts to a path would send as it stands.
func (p page) form(t *testing.T, path string) url.Values {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(p.body))
	if err != nil {
		t.Fatal(err)
	}
	values := url.Values{}
	for f := range doc.Descendants() {
		action, _ := attribute(f, "action")
		if at, _, _ := strings.Cut(action, "?"); f.Data != "form" || at != path {
			continue
		}
		for n := range f.Descendants() {
			name, _ := attribute(n, "name")
			value, _ := attribute(n, "value")
			kind, _ := attribute(n, "type")
			_, checked := attribute(n, "checked")
			switch {
			case name == "":
			case n.Data == "input" && (kind != "checkbox" || checked):
				values.Add(name, value)
			case n.Data == "textarea" && n.FirstChild != nil:
				values.Add(name, n.FirstChild.Data)
			case n.Data == "select":
				first := true
				for o := range n.Descendants() {
					if _, chosen := attribute(o, "selected"); o.Data == "option" && (first || chosen) {
						value, _ = attribute(o, "value")
						values.Set(name, value)
						first = false
					}
				}
			}
		}
	}
	if len(values) == 0 {
		t.Fatalf("no form posts to %s\n%s", path, p.body)
	}
	return values
}

// counted matches the numbers of an import's page.
var counted = regexp.MustCompile(`<li><b>(\d+)</b> (\w+)</li>`)

// over asks for an import's page until the work is done, and returns its counts.
func (d *desk) over(p page) map[string]string {
	d.t.Helper()
	for deadline := time.Now().Add(time.Minute); p.Header.Get("Refresh") != ""; {
		if time.Now().After(deadline) {
			d.t.Fatalf("the import is not over\n%s", p.body)
		}
		p = d.answer(d.client.Get(p.Request.URL.String()))
	}
	counts := map[string]string{}
	for _, m := range counted.FindAllStringSubmatch(p.body, -1) {
		counts[m[2]] = m[1]
	}
	return counts
}

func with(form url.Values, pairs ...string) url.Values {
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// workbook makes an XLSX file of a sheet of notes and one of rows.
func workbook(t *testing.T, rows ...string) []byte {
	t.Helper()
	const (
		office   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
		packaged = "http://schemas.openxmlformats.org/package/2006/relationships"
		main     = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
		prefix   = `<?xml version="1.0" encoding="UTF-8"?>`
	)
	sheet := func(rows ...string) string {
		var b strings.Builder
		for i, row := range rows {
			fmt.Fprintf(&b, `<row r="%d">`, i+1)
			for j, cell := range strings.Split(row, "|") {
				fmt.Fprintf(&b, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+j, i+1, cell)
			}
			b.WriteString(`</row>`)
		}
		return prefix + `<worksheet xmlns="` + main + `"><sheetData>` + b.String() + `</sheetData></worksheet>`
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range [][2]string{
		{"[Content_Types].xml", prefix + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`},
		{"_rels/.rels", prefix + `<Relationships xmlns="` + packaged + `"><Relationship Id="r1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", prefix + `<workbook xmlns="` + main + `" xmlns:r="` + office + `"><sheets><sheet name="Notes" sheetId="1" r:id="r1"/><sheet name="Toll" sheetId="2" r:id="r2"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", prefix + `<Relationships xmlns="` + packaged + `"><Relationship Id="r1" Type="` + office + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="` + office + `/worksheet" Target="worksheets/sheet2.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", sheet("Made for testing|invented", "1|2")},
		{"xl/worksheets/sheet2.xml", sheet(rows...)},
	} {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = io.WriteString(w, part[1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestMappingAtTheDeskAndOnTheCommandLine maps the columns of a workbook's second
// sheet at the desk, saves the mapping, imports the next version of the workbook with
// it, and gets what the command line gets with the same mapping and workbook.
func TestMappingAtTheDeskAndOnTheCommandLine(t *testing.T) {
	program, dir := binary(t), t.TempDir()
	run := func(args ...string) string {
		t.Helper()
		var out, said bytes.Buffer
		cmd := exec.Command(program, args...)
		cmd.Stdout, cmd.Stderr = &out, &said
		if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != 3 {
			t.Fatalf("gawah %s: %v\n%s", strings.Join(args, " "), err, said.String())
		}
		return out.String()
	}
	atDesk, onLine := filepath.Join(dir, "desk"), filepath.Join(dir, "line")
	link, err := url.Parse(strings.TrimSpace(run("user", "add", "editor@example.org", "--role", "editor", "--data", atDesk)))
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	const password = "a sentence nobody guesses"
	d := &desk{t, start(t, program, "--data", atDesk).address, &http.Client{Jar: jar, Timeout: time.Minute}}
	d.post("/desk/setup", url.Values{"code": {link.Query().Get("code")}, "email": {"editor@example.org"}, "name": {"Test editor"}, "password": {password}, "again": {password}})

	path, form := d.upload("first.xlsx", workbook(t, "Ref|What|Day|Last day|Town|Dead|Hurt min|Hurt max|Paid|By|Remarks", "A1|Testfall one|03/05/2031||Example Town|4|5|9|4000|nobody|none"))
	form = d.post(path, with(form, "format", "csv", "do", "format")).form(t, path)
	form = d.post(path, with(form, "sheet", "Toll", "do", "format")).form(t, path)
	with(
		form, "dataset", "testfall", "title", "Testfall list", "terms", "free", "date_format", "d/m/y", "type", "attack", "country_code", "PK", "missing", "n/k",
		"use.0", "key", "use.1", "title", "use.2", "date", "use.3", "date_end", "use.4", "town", "use.5", "number", "what.5", "killed", "use.6", "low", "what.6", "injured",
		"use.7", "high", "what.7", "injured", "use.8", "number", "what.8", "money", "currency.8", "pkr", "use.9", "attribute", "what.9", "responsibility",
		"use.10", "statement", "topic.10", "remarks",
	)
	mapping := d.post(path, with(form, "do", "mapping")).body
	// A hand adds what the desk does not ask for.
	mapping = strings.Replace(mapping, `"measure": "killed"`, `"measure": "killed", "operator": "at_least", "scope": {"attackers": "excluded"}`, 1)

	second := workbook(
		t, "REF|what|Day|Last  Day|Town|Dead|Hurt min|Hurt max|Paid|By|Remarks|New", "A1|Testfall one|03/05/2031|05/05/2031|Example Town|6|5|9|4000|nobody|none|x",
		"A2|Testfall two|14/05/2031||Example Village|about 20|n/k|3|n/k||more words|y", "A3|Testfall three|31/31/2031||Example Town|7|1|2||nobody||z",
	)
	path, form = d.upload("second.xlsx", second)
	loaded := d.post(path, with(form, "format", "csv", "do", "load", "mapping_file", mapping))
	form = loaded.form(t, path)
	if form.Get("sheet") != "Toll" || form.Get("use.0") != "key" || form.Get("currency.8") != "PKR" || !strings.Contains(loaded.body, "at least") {
		t.Fatalf("the mapping was not loaded: %v", form)
	}
	exported := d.post(path, with(form, "do", "mapping")).body
	counts := d.over(d.post(path, with(form, "do", "import", "reason", "test", "rows", "internal", "state", "compiled")))

	files := map[string][]byte{"second.xlsx": second, "mapping.json": []byte(exported)}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var report struct{ Rows, Created, Updated, Unchanged, Refused int }
	said := run(
		"import", "csv", filepath.Join(dir, "second.xlsx"), "--mapping", filepath.Join(dir, "mapping.json"), "--reason", "test", "--visibility", "internal", "--json", "--data", onLine,
	)
	if err := json.Unmarshal([]byte(said), &report); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"rows": fmt.Sprint(report.Rows), "created": fmt.Sprint(report.Created), "updated": fmt.Sprint(report.Updated), "unchanged": fmt.Sprint(report.Unchanged),
		"refused": fmt.Sprint(report.Refused),
	}
	if diff := cmp.Diff(want, counts); diff != "" || report.Rows != 3 || report.Created != 2 {
		t.Errorf("counts (-command line +desk)\n%s\n%s", diff, said)
	}
	changing := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|"\d{4}-\d\d-\d\dT[0-9:.]+Z"`)
	everything := func(data string) string {
		return changing.ReplaceAllString(run("export", "json", "--internal", "--data", data), "#")
	}
	desk, line := everything(atDesk), everything(onLine)
	if diff := cmp.Diff(strings.Split(line, "\n"), strings.Split(desk, "\n")); diff != "" {
		t.Errorf("the record (-command line +desk)\n%s", diff)
	}
	for _, words := range []string{"Testfall two", `"at_least"`, `"PKR"`, "excluded", "more words"} {
		if !strings.Contains(desk, words) {
			t.Errorf("the record says nothing of %s", words)
		}
	}
}
