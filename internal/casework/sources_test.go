package casework_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

func TestCapture(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s := w.source("Testfall Daily")
		page := "<html lang=en><title>T</title><p>First paragraph.<p>Second paragraph."
		id, err := w.h.AddCapture(w.ctx, w.contributor, s.ID, `C:\evil\..\page "1".html`, "text/html; charset=utf-8", strings.NewReader(page))
		w.must(err)
		again, err := w.h.AddCapture(w.ctx, w.contributor, s.ID, "same.html", "", strings.NewReader(page))
		w.must(err)
		if again != id {
			t.Error("the same bytes of one source are two copies")
		}
		got, err := w.h.CaptureText(w.ctx, w.reader, id)
		w.must(err)
		if got.Text != "First paragraph.\n\nSecond paragraph." || got.Capture.Rec.Name != "page 1.html" || got.Capture.Rec.Media != "text/html" {
			t.Errorf("text %q of %+v", got.Text, got.Capture.Rec)
		}
		_, err = w.h.CaptureText(w.ctx, access.Anyone(), id)
		w.wants(err, record.ErrNotFound, "an internal copy for the public")
		o, err := w.h.OpenOriginal(w.ctx, w.reader, got.Capture.Rec.Hash)
		w.must(err)
		b, err := io.ReadAll(o.File)
		w.must(err)
		w.must(o.File.Close())
		if string(b) != page || o.Size != int64(len(page)) {
			t.Errorf("the original is %q", b)
		}
		for _, v := range []access.Viewer{access.Anyone(), w.reader} {
			for _, hash := range []string{strings.Repeat("0", 64), "../../etc/passwd", got.Capture.Rec.TextHash} {
				_, err = w.h.OpenOriginal(w.ctx, v, hash)
				w.wants(err, record.ErrNotFound, "another hash")
			}
		}
		_, err = w.h.OpenOriginal(w.ctx, access.Anyone(), got.Capture.Rec.Hash)
		w.wants(err, record.ErrNotFound, "an internal original for the public")

		// What cannot be read is kept without text.
		odd, err := w.h.AddCapture(w.ctx, w.contributor, s.ID, "p.bin", "not a type", bytes.NewReader([]byte{0, 1, 2, 0xff, 0xfe, 0, 9}))
		w.must(err)
		if c := standing[*record.Capture](w, odd).Rec; c.TextHash != "" || c.Media != "application/octet-stream" {
			t.Errorf("an unreadable file: %+v", c)
		}
		secret := w.source("Witness", func(s *record.Source) { s.Sensitivity = record.Confidential })
		_, err = w.h.AddCapture(w.ctx, w.contributor, secret.ID, "x.txt", "", strings.NewReader("a secret that is nowhere else"))
		w.wants(err, record.ErrNotFound, "a copy of a source one may not know of")
		if files := w.grep("a secret that is nowhere else"); len(files) > 0 {
			t.Errorf("refused bytes were kept in %v", files)
		}
		w.sound()
	})
}

func TestImportDocuments(t *testing.T) {
	w := newWorld(t)
	folder := t.TempDir()
	for name, text := range map[string]string{
		"a report.txt":   "The first report.\n\nIt has two paragraphs.",
		"sub/page.html":  "<html lang=ur><title>ایک صفحہ</title><p>متن",
		"sub/copy.html":  "<html lang=ur><title>ایک صفحہ</title><p>متن",
		"photo.jpg":      "\xff\xd8\xff\xe0 not read",
		"broken.docx":    "PK\x03\x04 cut off",
		".hidden":        "never",
		"sub/.git/thing": "never",
	} {
		w.must(os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o700))
		w.must(os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	report, err := w.h.ImportDocuments(w.ctx, w.editor, folder, casework.DocumentOptions{})
	w.must(err)
	if report.Created != 2 || report.Unchanged != 1 || report.Refused != 2 || len(report.Problems) < 2 {
		t.Errorf("%+v", report)
	}
	for _, p := range report.Problems {
		english := p.In(lang.English().T)
		if p.Key == "" || english == "" || english != p.Reason || strings.ContainsAny(english, "{}") {
			t.Errorf("%s: %+v", p.Column, p)
		}
		for _, tag := range []string{"ur", "fa-AF"} {
			if l := lang.For(tag); p.In(l.T) == english || l.FellBack() {
				t.Errorf("in %s: %q", tag, p.In(l.T))
			}
		}
	}
	again, err := w.h.ImportDocuments(w.ctx, w.editor, folder, casework.DocumentOptions{})
	w.must(err)
	if again.Created != 0 || again.Unchanged != 3 || again.Refused != 2 {
		t.Errorf("again: %+v", again)
	}
	// The same from an archive, and a dry run that keeps nothing.
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	m, err := z.Create("new.txt")
	w.must(err)
	_, err = m.Write([]byte("A third report."))
	w.must(err)
	w.must(z.Close())
	archive := filepath.Join(t.TempDir(), "a.zip")
	w.must(os.WriteFile(archive, b.Bytes(), 0o600))
	dry, err := w.h.ImportDocuments(w.ctx, w.editor, archive, casework.DocumentOptions{DryRun: true})
	w.must(err)
	if dry.Created != 1 || len(w.grep("A third report.")) > 0 {
		t.Errorf("a dry run: %+v, kept in %v", dry, w.grep("A third report."))
	}
	full, err := w.h.ImportDocuments(w.ctx, w.editor, archive, casework.DocumentOptions{})
	w.must(err)
	if full.Created != 1 {
		t.Errorf("from an archive: %+v", full)
	}
	w.sound()
}
