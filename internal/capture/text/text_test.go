package text

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/testneed"
)

// TestMain lets this test binary serve as the child process of the extractor; see
// inChild.
func TestMain(m *testing.M) {
	ServeIfChild()
	child = ""
	os.Exit(m.Run())
}

// inChild runs the rest of the test with extraction in child processes.
func inChild(t *testing.T) {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child = path
	t.Cleanup(func() { child = "" })
}

func extractBytes(name string, data []byte, l Limits) (Document, error) {
	return Extract(name, bytes.NewReader(data), int64(len(data)), l)
}

// buildZip makes an archive of the given names and contents, in pairs.
func buildZip(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		f, err := w.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// buildPDF makes a PDF with the given objects, numbered from 1; object 1 is the
// catalogue.
func buildPDF(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, p := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", p)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R /Info 2 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

func stream(content string) string {
	return fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content)
}

func deflated(content []byte) string {
	var b bytes.Buffer
	z, err := zlib.NewWriterLevel(&b, zlib.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant of the package
	}
	z.Write(content)
	z.Close()
	return fmt.Sprintf("<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", b.Len(), b.String())
}

const pdfFontObject = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"

// twoPages is a PDF whose resources are inherited from the page tree.
func twoPages(first, second string) []byte {
	return buildPDF(
		"<< /Type /Catalog /Pages 3 0 R /Lang (en-GB) >>",
		"<< /Title (Report on Example Town) >>",
		"<< /Type /Pages /Kids [4 0 R 5 0 R] /Count 2 /Resources << /Font << /F1 6 0 R >> >> >>",
		"<< /Type /Page /Parent 3 0 R /Contents 7 0 R >>",
		"<< /Type /Page /Parent 3 0 R /Contents [8 0 R] >>",
		pdfFontObject,
		stream(first),
		deflated([]byte(second)),
	)
}

func TestPDF(t *testing.T) {
	data := twoPages(
		"BT /F1 12 Tf 72 700 Td 14 TL (First line of a) Tj T* (para) Tj [(gra)-20(ph.)] TJ 0 -40 Td (Caf\\351 next.) Tj ET",
		"BT /F1 12 Tf 72 700 Td (Second) Tj 60 0 Td (page) Tj ET",
	)
	// The same, with a comment in front that the positions count.
	counted := append([]byte("%abcdefg\n"), data...)
	counted = regexp.MustCompile(`\d{10} 00000 n|startxref\n\d+`).ReplaceAllFunc(counted, func(m []byte) []byte {
		return regexp.MustCompile(`^\d{10}|\d+$`).ReplaceAllFunc(m, func(n []byte) []byte {
			v, _ := strconv.Atoi(string(n))
			return fmt.Appendf(nil, "%0*d", len(n), v+9)
		})
	})
	want := Document{
		Kind: PDF, Title: "Report on Example Town", Language: "en-GB",
		Text:  "First line of a\nparagraph.\n\nCafé next.\n\nSecond page",
		Pages: []int{0, 40},
	}
	for _, mode := range []string{"here", "child"} {
		if mode == "child" {
			inChild(t)
		}
		for name, in := range map[string][]byte{
			"plain":       data,
			"surrounded":  append(append([]byte("\n\n"), data...), strings.Repeat("\x00", 300)...),
			"from start":  counted,
			"version 2.0": bytes.Replace(data, []byte("%PDF-1.4"), []byte("%PDF-2.0"), 1),
		} {
			got, err := extractBytes("report.pdf", in, Limits{})
			if err != nil {
				t.Fatalf("%s, %s: %v", mode, name, err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s, %s: %s", mode, name, d)
			}
		}
	}
	if rest := string([]rune(want.Text)[want.Pages[1]:]); rest != "Second page" {
		t.Errorf("page 2 starts with %q", rest)
	}
}

func TestPDFForms(t *testing.T) {
	data := buildPDF(
		"<< /Type /Catalog /Pages 3 0 R >>", "<< >>",
		"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
		"<< /Type /Page /Contents 6 0 R /Resources << /XObject << /X 7 0 R >> >> >>",
		pdfFontObject,
		stream("q 1 0 0 1 0 0 cm /X Do Q"),
		strings.Replace(stream("BT /F1 12 Tf 72 700 Td (Within) Tj ET /X Do"), "<<",
			"<< /Type /XObject /Subtype /Form /Resources << /Font << /F1 5 0 R >> /XObject << /X 7 0 R >> >>", 1),
	)
	doc, err := extractBytes("form.pdf", data, Limits{})
	if err != nil || !strings.HasPrefix(doc.Text, "Within") {
		t.Errorf("%q, %v", doc.Text, err)
	}
}

// TestPDFBreaksOff reads pages that end inside a string, in their own content or in
// the table of characters of their font: such a page is lost, the others are not.
func TestPDFBreaksOff(t *testing.T) {
	const first = "BT /F1 12 Tf 72 700 Td (First) Tj ET "
	for _, end := range []string{"<", "< 4A 4", "(x < y) Tj <", "[(a) <41", "<X", "<4AX ", "<<<4", "(<"} {
		doc, err := extractBytes("report.pdf", twoPages(first+end, "BT /F1 12 Tf 72 700 Td (Second) Tj ET"), fuzzLimits)
		if err != nil || doc.Text != "Second" || len(doc.Problems) != 1 || doc.Problems[0].Key != "problem.document_page" {
			t.Errorf("%q: text %q, problems %v, %v", end, doc.Text, doc.Problems, err)
		}
		font := buildPDF("<< /Type /Catalog /Pages 3 0 R >>", "<< >>", "<< /Kids [4 0 R] >>",
			"<< /Contents [6 0 R] /Resources << /Font << /F1 5 0 R >> >> >>",
			"<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /ToUnicode 7 0 R >>", stream(first), stream("1 beginbfchar "+end))
		doc, err = extractBytes("font.pdf", font, fuzzLimits)
		if err != nil || doc.Text != "" || len(doc.Problems) == 0 || doc.Problems[0].Key != "problem.document_page" {
			t.Errorf("font, %q: text %q, problems %v, %v", end, doc.Text, doc.Problems, err)
		}
	}
	for _, end := range []string{"(x < y) Tj", "<41> Tj", "<< /A 1 >> pop", "<4G", "<XX", "<4X", "(x <4A) Tj", "(<)Tj"} {
		doc, err := extractBytes("report.pdf", twoPages(first+end, "BT /F1 12 Tf 72 700 Td (Second) Tj ET"), fuzzLimits)
		if err != nil || !strings.HasPrefix(doc.Text, "First") {
			t.Errorf("%q: text %q, problems %v, %v", end, doc.Text, doc.Problems, err)
		}
	}
}

func TestHostilePDFs(t *testing.T) { hostilePDFs(t, 1) }

func TestHostilePDFsLong(t *testing.T) {
	testneed.Long(t, "reads bombs up to the limits that the house has")
	hostilePDFs(t, 4)
}

// hostilePDFs reads PDFs made to break their reader. A quarter of the size meets a
// quarter of the limits in a quarter of the time.
func hostilePDFs(t *testing.T, size int) {
	inChild(t)
	good := twoPages("BT /F1 12 Tf (a) Tj ET", "BT /F1 12 Tf (b) Tj ET")
	catalog, info, pages := "<< /Type /Catalog /Pages 3 0 R >>", "<< >>", "<< /Type /Pages /Kids [4 0 R] /Count 1 >>"
	page := "<< /Type /Page /Contents 5 0 R >>"
	for name, c := range map[string]struct {
		in   []byte
		want error // nil: may succeed or fail, but must end
	}{
		"empty":             {[]byte("%PDF-1.4\n"), ErrDamaged},
		"cut":               {good[:len(good)/2], ErrDamaged},
		"huge table":        {bytes.Replace(good, []byte("/Size 9"), []byte("/Size 99999999999"), 1), ErrTooLarge},
		"huge object id":    {bytes.Replace(good, []byte("xref\n0 9"), []byte("xref\n9999999999 9"), 1), ErrTooLarge},
		"page tree circle":  {buildPDF(catalog, info, "<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>"), ErrDamaged},
		"deep nesting":      {buildPDF(catalog, info, pages, page, stream(strings.Repeat("[", size*3<<18))), nil},
		"deep dictionaries": {buildPDF(strings.Repeat("<</A ", size<<18)), ErrDamaged},
		"stream bomb":       {buildPDF(catalog, info, pages, page, deflated(bytes.Repeat([]byte("("), size*50<<20))), nil},
		"text bomb":         {buildPDF(catalog, info, pages, page, deflated(bytes.Repeat([]byte("(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj "), size<<20))), ErrTooLarge},
		"previous circle":   {previousCircle(), ErrTooLarge},
		"stream in itself":  {selfContained(), ErrDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			doc, err := extractBytes(name+".pdf", c.in, Limits{Timeout: 8 * time.Second, MaxMemory: int64(size) * 128 << 20, MaxInflate: int64(size) * 16 << 20, MaxText: int64(size) * 8 << 20})
			// On a machine that is slow today the time is up before the limit is reached.
			if c.want != nil && !errors.Is(err, c.want) && !errors.Is(err, ErrTimeout) {
				t.Errorf("error %v, want %v (text %.40q)", err, c.want, doc.Text)
			}
			t.Logf("%.1f s: %v %v", time.Since(start).Seconds(), err, doc.Problems)
		})
	}
}

// previousCircle is a PDF whose cross-reference table names itself as its own
// predecessor.
func previousCircle() []byte {
	b := twoPages("", "")
	at := bytes.LastIndex(b, []byte("xref\n0"))
	return bytes.Replace(b, []byte("/Root 1 0 R"), fmt.Appendf(nil, "/Prev %d /Root 1 0 R", at), 1)
}

// selfContained is a PDF whose catalogue stands in an object stream that is said to
// stand in itself, which drives naive readers into endless recursion.
func selfContained() []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n" + strings.Repeat("% filler\n", 20))
	start := b.Len()
	// Entries of type 2: object 1 is in object stream 2, which is in object stream 2.
	table := []byte{0, 0, 0, 2, 2, 0, 2, 2, 0, 1, byte(start), 0}
	fmt.Fprintf(&b, "3 0 obj\n<< /Type /XRef /Size 4 /W [1 1 1] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream\nendobj\n", len(table), table)
	fmt.Fprintf(&b, "startxref\n%d\n%%%%EOF\n", start)
	return b.Bytes()
}

const wordNamespace = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`

func wordBody(paras ...string) string {
	return `<?xml version="1.0"?><w:document ` + wordNamespace + `><w:body>` + strings.Join(paras, "") + `</w:body></w:document>`
}

func para(s string) string { return `<w:p><w:r><w:t>` + s + `</w:t></w:r></w:p>` }

func TestDOCX(t *testing.T) {
	data := buildZip(t,
		"[Content_Types].xml", `<Types/>`,
		"word/document.xml", wordBody(
			para("Statement of 1 May"),
			`<w:p><w:r><w:t xml:space="preserve">We ask </w:t></w:r><w:r><w:t>for an inquiry.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:br/><w:t>Second line.</w:t></w:r></w:p>`,
			`<w:p><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>`,
			`<w:tbl><w:tr><w:tc>`+para("Cafe\u0301")+`</w:tc><w:tc>`+para("دو")+`</w:tc></w:tr></w:tbl>`),
		"word/footnotes.xml", `<w:footnotes `+wordNamespace+`><w:footnote w:type="separator" w:id="-1">`+para("x")+`</w:footnote><w:footnote w:id="2">`+para("Testfall Gazette, page 3.")+`</w:footnote></w:footnotes>`,
		"word/styles.xml", `<w:styles `+wordNamespace+`><w:docDefaults><w:lang w:val="en-GB"/></w:docDefaults></w:styles>`,
		"docProps/core.xml", `<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>An open  letter</dc:title></cp:coreProperties>`,
	)
	want := Document{
		Kind: DOCX, Title: "An open letter", Language: "en-GB",
		Text: "Statement of 1 May\n\nWe ask for an inquiry.[1]\nSecond line.\n\nCafé\n\nدو\n\n[1] Testfall Gazette, page 3.",
	}
	for _, mode := range []string{"here", "child"} {
		if mode == "child" {
			inChild(t)
		}
		got, err := extractBytes("letter.docx", data, Limits{})
		if err != nil {
			t.Fatal(mode, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(mode, d)
		}
	}
}

func TestHostileDOCX(t *testing.T) {
	for name, c := range map[string]struct {
		in   []byte
		want error
	}{
		"bomb":       {buildZip(t, "word/document.xml", strings.Repeat(" ", 100<<20)), ErrTooLarge},
		"many parts": {buildZip(t, append([]string{"word/document.xml", wordBody()}, make([]string, 40000)...)...), ErrTooLarge},
		"deep":       {buildZip(t, "word/document.xml", strings.Repeat("<a>", 100000)), ErrTooLarge},
		"other zip":  {buildZip(t, "a.txt", "x"), ErrUnsupported},
		"not xml":    {buildZip(t, "word/document.xml", "<w:p"), ErrDamaged},
		"cut":        {buildZip(t, "word/document.xml", wordBody(para("x")))[:60], ErrDamaged},
		"entities": {buildZip(t, "word/document.xml",
			`<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>`+wordBody(para("&b;"))), ErrDamaged},
	} {
		if _, err := extractBytes(name+".docx", c.in, Limits{}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	doc, err := extractBytes("half.docx", buildZip(t, "word/document.xml", strings.TrimSuffix(wordBody(para("kept")), "</w:body></w:document>")+"<w:p><"), Limits{})
	if err != nil || doc.Text != "kept" || len(doc.Problems) != 1 {
		t.Errorf("half a document: %+v, %v", doc, err)
	}
}

func TestHTML(t *testing.T) {
	page := `<!doctype html><html lang="en"><head><meta charset="windows-1252"><title> Example
	Town </title><style>p{}</style></head><body><nav><a>Menu</a></nav><h1>Heading</h1>
	<p>One   <b>bold</b> word,<br>then a caf` + "\xE9" + `.</p><script>alert(1)</script><div>Outer<p>Inner</p>tail</div>
	<ul><li>First<li>Second</ul><table><tr><td>a</td><td>b</td></tr></table><pre>x
  y</pre></body></html>`
	want := Document{
		Kind: HTML, Title: "Example Town", Language: "en", Encoding: "windows-1252",
		Text: "Heading\n\nOne bold word,\nthen a café.\n\nOuter\n\nInner\n\ntail\n\nFirst\n\nSecond\n\na b\n\nx\ny",
	}
	for _, mode := range []string{"here", "child"} {
		if mode == "child" {
			inChild(t)
		}
		got, err := extractBytes("page.html", []byte(page), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(mode, d)
		}
	}
	late := "<html><body>" + strings.Repeat("<p>ascii</p>", 500) + "<p>کوئٹہ</p>"
	if doc, err := extractBytes("late.html", []byte(late), Limits{}); err != nil || !strings.HasSuffix(doc.Text, "کوئٹہ") || doc.Encoding != "utf-8" {
		t.Errorf("late UTF-8: %v %s", err, doc.Encoding)
	}
	if _, err := extractBytes("deep.html", []byte("<html>"+strings.Repeat("<div>", 100000)+"x"), Limits{}); err != nil && !errors.Is(err, ErrDamaged) {
		t.Errorf("deep: %v", err)
	}
}

func TestPlain(t *testing.T) {
	for name, c := range map[string]struct{ in, text, enc string }{
		"lines":        {"Title\r\nFirst.\r\nSecond.", "Title\n\nFirst.\n\nSecond.", "utf-8"},
		"blank lines":  {"a\nb\n\n\nc\n", "a\nb\n\nc", "utf-8"},
		"mark":         {"\xEF\xBB\xBFکوئٹہ", "کوئٹہ", "utf-8"},
		"composed":     {"Cafe\u0301", "Café", "utf-8"},
		"windows":      {"\x93caf\xE9\x94 in the evening", "“café” in the evening", "windows-1252"},
		"utf-16":       {"\xFF\xFEa\x00\n\x00b\x00", "a\n\nb", "utf-16"},
		"undeclared":   {"it\x90s told in Example Town", "it\u0090s told in Example Town", "windows-1252"},
		"nothing else": {"\n \n", "", "utf-8"},
	} {
		doc, err := extractBytes("note.txt", []byte(c.in), Limits{})
		if err != nil || doc.Text != c.text || doc.Encoding != c.enc {
			t.Errorf("%s: %q in %s, %v", name, doc.Text, doc.Encoding, err)
		}
		if (name == "undeclared") != (len(doc.Problems) == 1) {
			t.Errorf("%s: problems %v", name, doc.Problems)
		}
	}
}

func TestTimeout(t *testing.T) {
	slow := blocked{make(chan struct{})}
	defer close(slow.until)
	_, err := Extract("slow.txt", slow, 100, Limits{Timeout: time.Millisecond})
	if !errors.Is(err, ErrTimeout) {
		t.Error(err)
	}
}

// blocked is a disk that does not answer.
type blocked struct{ until chan struct{} }

func (b blocked) ReadAt([]byte, int64) (int, error) {
	<-b.until
	return 0, io.EOF
}

func TestRealTexts(t *testing.T) {
	dir := os.Getenv("GAWAH_TESTDATA")
	if dir == "" {
		t.Skip("GAWAH_TESTDATA is not set")
	}
	for name, paras := range map[string]int{"sources/petition-2021.txt": 18, "sources/article-2013.txt": 21} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Skip(err)
		}
		doc, err := extractBytes(name, data, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(strings.Split(doc.Text, "\n\n")); n != paras || len(doc.Problems) > 0 {
			t.Errorf("%s: %d paragraphs, want %d; %v", name, n, paras, doc.Problems)
		}
	}
}

func TestUnsupported(t *testing.T) {
	for in, words := range map[string]string{
		"\x89PNG\r\n\x1a\n":                       "picture",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":        "old format",
		"{\\rtf1 x}":                              "rich-text",
		"\x1f\x8b\x08":                            "gzip",
		"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00": "binary",
	} {
		_, err := extractBytes("file", []byte(in), Limits{})
		if !errors.Is(err, ErrUnsupported) || !strings.Contains(err.Error(), words) {
			t.Errorf("%q: %v", in, err)
		}
	}
	if _, err := extractBytes("big.txt", make([]byte, 100), Limits{MaxBytes: 10}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("big: %v", err)
	}
}

func collect(t *testing.T, location string, l Limits) (good, bad []string) {
	t.Helper()
	for e, err := range Walk(location, "", l) {
		if err != nil {
			bad = append(bad, e.Path+": "+err.Error())
			continue
		}
		doc, raw, err := ExtractEntry(e, l)
		if err != nil || int64(len(raw)) != e.Size {
			t.Errorf("%s: %v", e.Path, err)
		}
		good = append(good, e.Path+"="+doc.Text)
	}
	return good, bad
}

func TestWalkFolder(t *testing.T) {
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret.txt"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, content := range map[string]string{"b.txt": "B", "sub/a.html": "<html><p>A", ".hidden": "h", "sub/.git/x": "x"} {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(outside, "secret.txt"), filepath.Join(dir, "link.txt")); err != nil {
		t.Fatal(err)
	}
	good, bad := collect(t, dir, Limits{})
	if d := cmp.Diff([]string{"b.txt=B", "sub/a.html=A"}, good); d != "" {
		t.Error(d)
	}
	if len(bad) != 1 || !strings.Contains(bad[0], "link.txt") {
		t.Errorf("refused: %v", bad)
	}
	if _, bad := collect(t, dir, Limits{MaxEntries: 1}); len(bad) == 0 {
		t.Error("the number of files is not bounded")
	}
}

func TestWalkZip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "docs.zip")
	data := buildZip(t, "a.txt", "A", "../up.txt", "x", "/abs.txt", "x", `c:\x.txt`, "x", "sub/b.txt", "B", "sub/b.txt", "twice",
		"__MACOSX/._a.txt", "x", "dir/", "", "sub/../c.txt", "x")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	good, bad := collect(t, path, Limits{})
	if d := cmp.Diff([]string{"a.txt=A", "sub/b.txt=B"}, good); d != "" {
		t.Error(d)
	}
	if len(bad) != 5 {
		t.Errorf("refused: %q", bad)
	}
	bomb := filepath.Join(t.TempDir(), "bomb.zip")
	if err := os.WriteFile(bomb, buildZip(t, "a.txt", strings.Repeat("a", 100<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
	for e, err := range Walk(path, "", Limits{}) {
		if strings.Contains(e.Path, "..") || strings.HasPrefix(e.Path, "/") || strings.Contains(e.Path, `\`) {
			t.Errorf("path %q, %v", e.Path, err)
		}
	}
	for _, err := range Walk(bomb, "", Limits{}) {
		if !errors.Is(err, ErrTooLarge) {
			t.Errorf("bomb: %v", err)
		}
	}
}

var fuzzLimits = Limits{MaxBytes: 1 << 20, MaxInflate: 4 << 20, MaxText: 1 << 20, Timeout: 5 * time.Second}

func fuzzExtract(t *testing.T, name string, data []byte) {
	doc, err := extractBytes(name, data, fuzzLimits)
	if err != nil {
		if errors.Is(err, ErrTimeout) {
			t.Fatal(err)
		}
		return
	}
	last := 0
	for _, p := range doc.Pages {
		if p < last || p > len([]rune(doc.Text)) {
			t.Fatalf("page offsets %v in a text of %d", doc.Pages, len([]rune(doc.Text)))
		}
		last = p
	}
	if strings.Contains(doc.Text, "\n\n\n") {
		t.Fatalf("empty paragraph in %q", doc.Text)
	}
}

func FuzzHTML(f *testing.F) {
	f.Add([]byte("<html><p>a<table><tr><td>b"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzExtract(t, "x.html", append([]byte("<html>"), data...)) })
}

func FuzzPlain(f *testing.F) {
	f.Add([]byte("a\n\nb\r\xFF"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzExtract(t, "x.txt", data) })
}

func FuzzDOCX(f *testing.F) {
	f.Add([]byte(wordBody(para("x"))), []byte(`<w:footnotes `+wordNamespace+`/>`))
	f.Fuzz(func(t *testing.T, body, notes []byte) {
		fuzzExtract(t, "x.docx", buildZip(t, "word/document.xml", string(body), "word/footnotes.xml", string(notes)))
	})
}

func FuzzPDF(f *testing.F) {
	f.Add(twoPages("BT /F1 12 Tf (a) Tj ET", "BT (b) Tj ET"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzExtract(t, "x.pdf", append([]byte("%PDF-1.4\n"), data...)) })
}

func FuzzPDFContent(f *testing.F) {
	f.Add("BT /F1 12 Tf 1 0 0 1 5 5 Tm [(a) -20 (b)] TJ T* (c) ' ET q Q Q cm")
	f.Add("BT (a < b) Tj <41> Tj ET <")
	f.Fuzz(func(t *testing.T, content string) {
		fuzzExtract(t, "x.pdf", buildPDF("<< /Type /Catalog /Pages 3 0 R >>", "<< >>", "<< /Kids [4 0 R] >>",
			"<< /Contents 6 0 R /Resources << /Font << /F1 5 0 R >> >> >>", pdfFontObject, stream(content)))
	})
}
