package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
)

const (
	claim  = "01900000-0000-7000-8000-00000000000a"
	source = "01900000-0000-7000-8000-0000000000a1"
)

func document(t testing.TB, lang, src string) Document {
	t.Helper()
	text, err := petition.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	return Document{
		Lang: lang, Title: "An open letter", Summary: "In a few words.", Text: text,
		Describe: func(c petition.Citation) string { return "The Example Gazette, “A report” <1>, " + c.Locator },
		Print:    func(petition.Citation) string { return "11" },
	}
}

func write(t testing.TB, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(t testing.TB, file []byte) (Document, []Problem) {
	t.Helper()
	d, problems, err := Read(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	return d, problems
}

const letter = `# findings

We, *the undersigned*, write about **Example Town**, see [the page](https://gazette.example/a?b=1&c=2).\
A second line.

{@figure:example-town/killed, range} weavers were killed.[@claim:` + claim + `; @source:` + source + `, p. 4]

> They came at night.[^ Our own translation; 3 < 4 & so on. ]
>
> - quoted item

1. Find out who did it:

   With every means.

   - open the files
   - hear the witnesses
2. Help the families

---

گواہ says so. \[@claim:no\]
`

func TestRoundTrip(t *testing.T) {
	for _, lang := range []string{"en", "ur", "fa-AF"} {
		d := document(t, lang, letter)
		file := write(t, d)
		if !bytes.Equal(file, write(t, d)) {
			t.Error("the same document gives other bytes")
		}
		got, problems := read(t, file)
		if len(problems) > 0 {
			t.Errorf("%s: %v", lang, problems)
		}
		if got.Lang != lang || got.Title != d.Title || got.Summary != d.Summary {
			t.Errorf("%s: got %q, %q, %q", lang, got.Lang, got.Title, got.Summary)
		}
		if diff := cmp.Diff(d.Text.Markdown(), got.Text.Markdown()); diff != "" {
			t.Errorf("%s: %s", lang, diff)
		}
		if len(got.Printed) != 1 || got.Printed[0].Words != "11" || got.Printed[0].Cite.Key() != "figure:example-town/killed" {
			t.Errorf("%s: printed %+v", lang, got.Printed)
		}
	}
}

// TestRoundTripOfAnyText holds for texts of any words, styles and citations that
// nothing is lost and nothing is made up.
func TestRoundTripOfAnyText(t *testing.T) {
	piece := rapid.SampledFrom([]string{
		"word ", "*em* ", "**strong** ", "[link](https://a.example/x) ", "[@claim:" + claim + "] ", "[@source:" + source + ", p. 4; @claim:" + claim + "]", "{@figure:a-b/killed, low} ",
		"{@claim:" + claim + "}", "[^ a note ]", "گواہ ", "& < > ", `\* `, "2,000 ", "“q” ", "\\\n", "1\\. ", "a_b ",
	})
	rapid.Check(t, func(t *rapid.T) {
		var src strings.Builder
		for range rapid.IntRange(0, 6).Draw(t, "blocks") {
			src.WriteString("\n\n" + rapid.SampledFrom([]string{"", "", "# ", "#### ", "> ", "- ", "1. ", "  - ", "> > ", "> 1. "}).Draw(t, "mark"))
			src.WriteString("x" + strings.Join(rapid.SliceOfN(piece, 0, 6).Draw(t, "words"), "") + "x")
		}
		text, err := petition.Parse(src.String())
		if err != nil {
			t.Fatal(err)
		}
		d := Document{Lang: "en", Title: "T", Text: text, Print: func(petition.Citation) string { return "11" }}
		var b bytes.Buffer
		if err := Write(&b, d); err != nil {
			t.Fatal(err)
		}
		got, problems, err := Read(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		once, err := petition.Parse(d.Text.Markdown())
		if err != nil {
			t.Fatal(err)
		}
		once.Blocks = joined(once.Blocks)
		if diff := cmp.Diff(once.Markdown(), got.Text.Markdown()); diff != "" {
			t.Fatal(diff)
		}
	})
}

// joined makes one of quotes, and of lists of a kind, that follow each other:
// paragraphs of one style do not say where one quotation ends.
func joined(bs []petition.Block) []petition.Block {
	var out []petition.Block
	for _, b := range bs {
		if n := len(out) - 1; n >= 0 && b.Kind == out[n].Kind && (b.Kind == record.BlockQuote || b.Kind == record.BlockList || b.Kind == record.BlockNumbered) {
			out[n].Blocks = append(out[n].Blocks, b.Blocks...)
			continue
		}
		out = append(out, b)
	}
	for i := range out {
		out[i].Blocks = joined(out[i].Blocks)
	}
	return out
}

// parts unpacks a file.
func parts(t testing.TB, file []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(b)
	}
	return out
}

// pack packs parts into a file.
func packed(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range parts {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, body); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestStructure holds what a word processor needs in order to open the file:
// every part is XML of a declared type, every relation leads to a part, every
// style, list, footnote and link that is used is there.
func TestStructure(t *testing.T) {
	files := parts(t, write(t, document(t, "ur", letter)))
	for name, body := range files {
		d := xml.NewDecoder(strings.NewReader(body))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if name != "[Content_Types].xml" && !strings.HasSuffix(name, ".rels") && !strings.Contains(files["[Content_Types].xml"], `PartName="/`+name+`"`) {
			t.Errorf("%s has no content type", name)
		}
	}
	for _, m := range regexp.MustCompile(`PartName="/([^"]+)"`).FindAllStringSubmatch(files["[Content_Types].xml"], -1) {
		if files[m[1]] == "" {
			t.Errorf("%s is declared and not there", m[1])
		}
	}
	rels := files["word/_rels/document.xml.rels"]
	for _, m := range regexp.MustCompile(`Target="([^"]+)"/>`).FindAllStringSubmatch(rels, -1) {
		if files["word/"+m[1]] == "" {
			t.Errorf("a relation leads to %s", m[1])
		}
	}
	doc, notes := files["word/document.xml"], files["word/footnotes.xml"]
	for what, use := range map[string]struct{ used, defined, in string }{
		"style":    {`<w:(?:p|r)Style w:val="([^"]+)"`, `w:styleId="%s"`, files["word/styles.xml"]},
		"list":     {`<w:numId w:val="([^"]+)"`, `<w:num w:numId="%s"`, files["word/numbering.xml"]},
		"footnote": {`<w:footnoteReference w:id="([^"]+)"`, `<w:footnote w:id="%s"`, notes},
		"relation": {`r:id="([^"]+)"`, `Id="%s"`, rels},
	} {
		used := regexp.MustCompile(use.used).FindAllStringSubmatch(doc+notes, -1)
		if len(used) == 0 {
			t.Errorf("no %s is used", what)
		}
		for _, m := range used {
			if !strings.Contains(use.in, fmt.Sprintf(use.defined, m[1])) {
				t.Errorf("%s %s is used and not there", what, m[1])
			}
		}
	}
	for _, want := range []string{"<w:bidi/>", "<w:rtl/>", `<w:footnoteReference w:id="2"/>`, "<w:b/>", "<w:i/>"} {
		if !strings.Contains(doc, want) {
			t.Errorf("document.xml has no %s", want)
		}
	}
	if !strings.Contains(files["word/styles.xml"], `<w:lang w:bidi="ur"/>`) || !strings.Contains(notes, "The Example Gazette, “A report” &lt;1&gt;, p. 4 ") {
		t.Error("language or the words of a citation are not there")
	}
}

// TestOpens has LibreOffice open the file, where there is one.
func TestOpens(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "letter.docx")
	if err := os.WriteFile(name, write(t, document(t, "en", letter)), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(office, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "docx:MS Word 2007 XML", "--outdir", filepath.Join(dir, "out"), name).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	file, err := os.ReadFile(filepath.Join(dir, "out", "letter.docx"))
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	d, problems := read(t, file)
	if diff := cmp.Diff(document(t, "en", letter).Text.Markdown(), d.Text.Markdown()); diff != "" {
		t.Error(diff, problems)
	}
}

// foreign is a document as another program could have written it.
func foreign(t testing.TB, body string, more map[string]string) []byte {
	t.Helper()
	files := map[string]string{
		"_rels/.rels":         packageRels,
		"[Content_Types].xml": contentTypes,
		"word/document.xml": xmlHead + `<w:document xmlns:w="` + wordNS + `" xmlns:r="` + officeNS + `" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>` +
			body + `</w:body></w:document>`,
		"word/_rels/document.xml.rels": xmlHead + `<Relationships xmlns="` + packNS + `/relationships">` +
			`<Relationship Id="rId1" Type="` + officeNS + `/styles" Target="styles.xml"/><Relationship Id="rId2" Type="` + officeNS + `/numbering" Target="/word/numbering.xml"/>` +
			`<Relationship Id="rId3" Type="` + officeNS + `/footnotes" Target="footnotes.xml"/><Relationship Id="rId4" Type="` + officeNS + `/endnotes" Target="endnotes.xml"/>` +
			`<Relationship Id="a" Type="` + officeNS + `/hyperlink" Target="https://a.example/" TargetMode="External"/>` +
			`<Relationship Id="b" Type="` + officeNS + `/hyperlink" Target="javascript:alert(1)" TargetMode="External"/></Relationships>`,
		"word/styles.xml": xmlHead + `<w:styles xmlns:w="` + wordNS + `"><w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-GB" w:bidi="ur-PK"/></w:rPr></w:rPrDefault></w:docDefaults>` +
			`<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>` +
			`<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="My own"/><w:basedOn w:val="berschrift2"/></w:style>` +
			`<w:style w:type="paragraph" w:styleId="Bul"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>` +
			`<w:style w:type="character" w:styleId="S"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style></w:styles>`,
		"word/numbering.xml": xmlHead + `<w:numbering xmlns:w="` + wordNS + `"><w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/></w:lvl></w:abstractNum>` +
			`<w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num></w:numbering>`,
		"word/footnotes.xml": xmlHead + `<w:footnotes xmlns:w="` + wordNS + `"><w:footnote w:id="5"><w:p><w:r><w:t xml:space="preserve"> A foreign note, p. 3 </w:t></w:r></w:p><w:p><w:r><w:t>in two parts.</w:t></w:r></w:p></w:footnote>` +
			`<w:footnote w:id="6"><w:p><w:r><w:t>Words that were there [@sou</w:t></w:r><w:r><w:t>rce:` + source + `, p. 9] and mine</w:t></w:r></w:p></w:footnote>` +
			`<w:footnote w:id="7"><w:p><w:r><w:t>{@figure:a-b/killed, low}</w:t></w:r></w:p></w:footnote></w:footnotes>`,
		"word/endnotes.xml": xmlHead + `<w:endnotes xmlns:w="` + wordNS + `"><w:endnote w:id="5"><w:p><w:r><w:t>An endnote.</w:t></w:r></w:p></w:endnote></w:endnotes>`,
	}
	for k, v := range more {
		files[k] = v
	}
	return packed(t, files)
}

func TestReadForeign(t *testing.T) {
	p := func(style, runs string) string {
		return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>` + runs + `</w:p>`
	}
	r := func(text string) string { return `<w:r><w:t xml:space="preserve">` + text + `</w:t></w:r>` }
	for _, tt := range []struct {
		name, body, want string
		problems         []ProblemKind
	}{
		{"styles of another language", p("berschrift2", r("Head")) + p("Own", r("Own")), "## Head\n\n## Own\n", nil},
		{"list by style, split runs", p("Bul", r("o")+r("ne")) + `<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="7"/></w:numPr></w:pPr>` + r("a") + `</w:p>` + p("Bul", r("two")), "- one\n  1. a\n- two\n", nil},
		{"bold by style, off again", p("", `<w:r><w:rPr><w:rStyle w:val="S"/></w:rPr><w:t>bold</w:t></w:r><w:r><w:rPr><w:rStyle w:val="S"/><w:b w:val="0"/></w:rPr><w:t xml:space="preserve"> not</w:t></w:r>`), "**bold** not\n", nil},
		{
			"links", p("", `<w:hyperlink r:id="a">`+r("good")+`</w:hyperlink>`+r(" ")+`<w:hyperlink r:id="b">`+r("bad")+`</w:hyperlink>`+
				`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://f.example" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>`+r("field")+`<w:r><w:fldChar w:fldCharType="end"/></w:r>`),
			"[good](https://a.example/) bad[field](https://f.example)\n",
			[]ProblemKind{ProblemLink},
		},
		{
			"notes", p("", r("a")+`<w:r><w:footnoteReference w:id="5"/></w:r>`+r("b")+`<w:r><w:footnoteReference w:id="6"/></w:r>`+r("c")+`<w:r><w:endnoteReference w:id="5"/></w:r><w:r><w:footnoteReference w:id="99"/></w:r>`),
			"a[^ A foreign note, p. 3 in two parts. ]b[@source:" + source + ", p. 9][^ and mine ]c[^ An endnote. ]\n",
			[]ProblemKind{ProblemNote},
		},
		{"printed number gone", p("", r("about 12")+`<w:r><w:footnoteReference w:id="7"/></w:r>`), "about 12[@figure:a-b/killed]\n", []ProblemKind{ProblemValue}},
		{"typed citation", p("", r("x [@claim:")+r(claim+"] [@nobody] {@figure:a-b/killed}")), "x [@claim:" + claim + "] \\[@nobody\\] {@figure:a-b/killed}\n", nil},
		{
			"tracked changes and comments", p("", `<w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:commentRangeStart w:id="1"/>`+`<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>`),
			"new\n",
			[]ProblemKind{ProblemTracked, ProblemComment, ProblemHidden},
		},
		{
			"table and drawing", `<w:tbl><w:tr><w:tc><w:p>` + r("cell") + `</w:p></w:tc></w:tr></w:tbl>` + p("", r("x")+`<w:r><w:drawing><w:t>no</w:t></w:drawing></w:r><mc:AlternateContent><w:r><w:t>twice</w:t></w:r></mc:AlternateContent>`),
			"cell\n\nx\n",
			[]ProblemKind{ProblemTable, ProblemDrawing, ProblemDrawing},
		},
		{"marks are words", p("", r("# *a* [b](c) 1. &lt;x&gt;")), "# \\*a\\* \\[b\\](c) 1. <x>\n", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, problems := read(t, foreign(t, tt.body, nil))
			got := d.Text.Markdown()
			if tt.name == "marks are words" {
				got = strings.TrimPrefix(got, `\`)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			var kinds []ProblemKind
			for _, p := range problems {
				kinds = append(kinds, p.Kind)
			}
			if diff := cmp.Diff(tt.problems, kinds); diff != "" {
				t.Error(diff)
			}
			if d.Lang != "en-GB" {
				t.Errorf("language %q", d.Lang)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	bomb := func(n int) string { return strings.Repeat("<w:p/>", n) }
	deep := strings.Repeat("<w:sdt><w:sdtContent>", 200) + strings.Repeat("</w:sdtContent></w:sdt>", 200)
	for _, tt := range []struct {
		name string
		file []byte
		want error
	}{
		{"no archive", []byte("hello"), ErrNotDocument},
		{"no parts", packed(t, nil), ErrNotDocument},
		{"no body", packed(t, map[string]string{"word/document.xml": "<a/>"}), ErrNotDocument},
		{"cut off", packed(t, map[string]string{"word/document.xml": "<a>"}), ErrNotDocument},
		{"document type definition", packed(t, map[string]string{"word/document.xml": `<!DOCTYPE a [<!ENTITY b "` + strings.Repeat("x", 100) + `">]><a>&b;</a>`}), ErrNotDocument},
		{"many elements", foreign(t, bomb(maxElements+1), nil), ErrTooLarge},
		{"deep", foreign(t, deep, nil), ErrTooLarge},
		{"unpacks to much", foreign(t, "<w:p><w:r><w:t>"+strings.Repeat("a", maxPart)+"</w:t></w:r></w:p>", nil), ErrTooLarge},
		{"long text", foreign(t, strings.Repeat("<w:p><w:r><w:t>"+strings.Repeat("a", 1000)+"</w:t></w:r></w:p>", 250), nil), ErrTooLarge},
		{"relation out of the archive", foreign(t, "", map[string]string{"_rels/.rels": strings.ReplaceAll(packageRels, "word/document.xml", "../../etc/passwd")}), ErrNotDocument},
	} {
		_, _, err := Read(bytes.NewReader(tt.file), int64(len(tt.file)))
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	if _, _, err := Read(bytes.NewReader(nil), MaxFile+1); !errors.Is(err, ErrTooLarge) {
		t.Error("a large file was read")
	}
	many := map[string]string{}
	for i := range maxParts + 1 {
		many[fmt.Sprint(i)] = ""
	}
	file := packed(t, many)
	if _, _, err := Read(bytes.NewReader(file), int64(len(file))); !errors.Is(err, ErrTooLarge) {
		t.Errorf("many parts: %v", err)
	}
}

// TestReadHostile bounds the time of documents that are made to be slow.
func TestReadHostile(t *testing.T) {
	for name, body := range map[string]string{
		"text in pieces":          "<w:p><w:r><w:t>" + strings.Repeat("a<!---->", 1<<20) + "</w:t></w:r></w:p>",
		"runs of one letter":      "<w:p>" + strings.Repeat("<w:r><w:t>a</w:t></w:r>", 100_000) + "</w:p>",
		"styles in turn":          "<w:p>" + strings.Repeat(`<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve"> </w:t></w:r><w:r><w:t xml:space="preserve"> </w:t></w:r>`, 50_000) + "</w:p>",
		"one footnote for all":    "<w:p>" + strings.Repeat(`<w:r><w:footnoteReference w:id="5"/></w:r>`, 150_000) + "</w:p>",
		"empty paragraphs":        strings.Repeat("<w:p/>", maxElements-10),
		"lists that have lost it": strings.Repeat(`<w:p><w:pPr><w:pStyle w:val="ListContinue9"/></w:pPr><w:r><w:t>a</w:t></w:r></w:p>`, 50_000),
		"fields in fields":        "<w:p>" + strings.Repeat(`<w:r><w:fldChar w:fldCharType="begin"/></w:r>`, 150_000) + "</w:p>",
	} {
		file := foreign(t, body, map[string]string{"word/footnotes.xml": xmlHead + `<w:footnotes xmlns:w="` + wordNS + `"><w:footnote w:id="5"><w:p><w:r><w:t>` + strings.Repeat("long ", 10_000) + `</w:t></w:r></w:p></w:footnote></w:footnotes>`})
		start := time.Now()
		if _, _, err := Read(bytes.NewReader(file), int64(len(file))); err != nil && !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s: %v", name, took)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(write(f, document(f, "en", letter)))
	f.Add(foreign(f, `<w:p><w:r><w:t>a</w:t><w:footnoteReference w:id="6"/></w:r></w:p>`, nil))
	f.Add([]byte("PK"))
	f.Fuzz(func(t *testing.T, file []byte) {
		d, _, err := Read(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			if !errors.Is(err, ErrNotDocument) && !errors.Is(err, ErrTooLarge) {
				t.Fatal(err)
			}
			return
		}
		if err := Write(io.Discard, d); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzReadBody changes the part that people edit.
func FuzzReadBody(f *testing.F) {
	for _, s := range []string{
		`<w:p><w:pPr><w:numPr><w:ilvl w:val="3"/><w:numId w:val="7"/></w:numPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>`,
		`<w:p><w:pPr><w:pStyle w:val="Quote9"/></w:pPr><w:r><w:br/><w:t>a</w:t><w:footnoteReference w:id="7"/></w:r></w:p>`,
		`<w:tbl><w:tr><w:tc><w:p><w:hyperlink r:id="a"><w:r><w:t>x</w:t></w:r></w:hyperlink></w:p></w:tc></w:tr></w:tbl>`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		file := foreign(t, body, nil)
		d, _, err := Read(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			return
		}
		for _, c := range d.Text.Citations() {
			_ = c.Key()
		}
		var walk func([]petition.Block)
		walk = func(bs []petition.Block) {
			for _, b := range bs {
				for _, in := range b.Inlines {
					if in.Href != "" && !petition.SafeHref(in.Href) {
						t.Fatal(in.Href)
					}
				}
				walk(b.Blocks)
			}
		}
		walk(d.Text.Blocks)
	})
}
