package casework_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// pdfSaying is a PDF of one page with one line of text.
func pdfSaying(line string) string {
	var b strings.Builder
	b.WriteString("%PDF-1.4\n")
	var at []int
	content := "BT /F1 12 Tf 72 720 Td (" + line + ") Tj ET"
	for i, o := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, p := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", p)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.String()
}

// docxSaying is a Word document of one paragraph.
func docxSaying(t *testing.T, line string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range []struct{ name, content string }{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`},
		{"word/document.xml", `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>` +
			line + `</w:t></w:r></w:p></w:body></w:document>`},
	} {
		f, err := z.Create(part.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(part.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestSingleDocument takes in one file of each format, from where it lies and as
// background work: tried, then imported, then once more.
func TestSingleDocument(t *testing.T) {
	const line = "In Example Town, twelve were killed, said Testfall."
	for name, content := range map[string]string{
		"report.pdf": pdfSaying(line), "letter.docx": docxSaying(t, line), "page.html": "<!doctype html><html lang=en><p>" + line,
		"note.txt": line + "\n\nSeven, eight, nine, ten.\n\nEleven, it is said.\n",
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			path := filepath.Join(t.TempDir(), name)
			w.must(os.WriteFile(path, []byte(content), 0o600))
			h := casework.New(casework.Config{Store: w.store, Blobs: w.blobs, Dir: w.dir})
			hash, size, err := h.StageImport(w.ctx, w.editor, strings.NewReader(content), 1<<20)
			w.must(err)
			preview, err := h.PreviewImport(w.ctx, w.editor, hash, name, casework.Layout{})
			w.must(err)
			if preview.Format != casework.FormatDocuments {
				t.Errorf("the preview takes it for %q", preview.Format)
			}
			ctx, stop := context.WithCancel(w.ctx)
			worked := make(chan error, 1)
			go func() { worked <- h.Work(ctx) }()
			defer func() {
				stop()
				w.must(<-worked)
			}()
			plan := casework.ImportPlan{Hash: hash, Name: name, Size: size, Format: casework.FormatDocuments, Reason: "test"}
			for i, want := range []casework.ImportReport{{Rows: 1, Created: 1}, {Rows: 1, Created: 1}, {Rows: 1, Unchanged: 1}} {
				plan.DryRun = i == 0
				id, err := h.StartImport(w.ctx, w.editor, plan)
				w.must(err)
				run := w.over(h, id)
				if run.Failed || run.Report == nil {
					t.Fatalf("time %d: %+v", i, run)
				}
				if r := run.Report; r.Rows != want.Rows || r.Created != want.Created || r.Unchanged != want.Unchanged || len(r.Problems) > 0 {
					t.Errorf("time %d: %+v", i, r)
				}
				found, err := w.h.Look(w.ctx, w.editor, "en", []record.Kind{record.KindSource}, strings.TrimSuffix(name, filepath.Ext(name)), 5)
				w.must(err)
				if len(found) != min(i, 1) {
					t.Fatalf("time %d: %v", i, found)
				}
				if i == 0 {
					continue
				}
				s := standing[*record.Source](w, record.SourceID(found[0].Ref.ID)).Rec
				if s.Visibility != record.Draft || s.Locator != name || s.Title.In("en").Text != strings.TrimSuffix(name, filepath.Ext(name)) {
					t.Errorf("the source is %+v", s)
				}
				page, err := w.h.SourcePage(w.ctx, w.editor, s.ID)
				w.must(err)
				if len(page.Captures) != 1 {
					t.Fatalf("%d copies", len(page.Captures))
				}
				got, err := w.h.CaptureText(w.ctx, w.editor, page.Captures[0].ID)
				w.must(err)
				if !strings.HasPrefix(got.Text, line) {
					t.Errorf("its text is %q", got.Text)
				}
			}
			// The same file from where it lies is known.
			r, err := w.h.ImportDocuments(w.ctx, w.editor, path, casework.DocumentOptions{})
			w.must(err)
			if r.Rows != 1 || r.Unchanged != 1 {
				t.Errorf("once more: %+v", r)
			}
			w.must(os.WriteFile(path, []byte(strings.ReplaceAll(content, "</html>", "")+"\n"), 0o600))
			if r, err = w.h.ImportDocuments(w.ctx, w.editor, path, casework.DocumentOptions{}); err != nil || r.Created != 1 {
				t.Errorf("another file of this name: %+v, %v", r, err)
			}
		})
	}
}

// TestSingleArchive tells an archive that cannot be opened from a document.
func TestSingleArchive(t *testing.T) {
	w := newWorld(t)
	path := filepath.Join(t.TempDir(), "papers.zip")
	w.must(os.WriteFile(path, []byte("no archive"), 0o600))
	r, err := w.h.ImportDocuments(w.ctx, w.editor, path, casework.DocumentOptions{})
	w.must(err)
	if r.Refused != 1 || len(r.Problems) != 1 || r.Problems[0].Column != "papers.zip" || r.Problems[0].Key != "problem.document_damaged" {
		t.Errorf("a damaged archive: %+v", r)
	}
	cut := filepath.Join(t.TempDir(), "letter.docx")
	w.must(os.WriteFile(cut, []byte(docxSaying(t, "x")[:100]), 0o600))
	r, err = w.h.ImportDocuments(w.ctx, w.editor, cut, casework.DocumentOptions{})
	w.must(err)
	if r.Refused != 1 || len(r.Problems) != 1 || r.Problems[0].Column != "letter.docx" {
		t.Errorf("a damaged document: %+v", r)
	}
}
