package casework_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
)

// unpacked is what a file holds, with the members of an archive in it, however
// deep.
func unpacked(t *testing.T, b []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return string(b)
	}
	var out strings.Builder
	for _, m := range z.File {
		r, err := m.Open()
		if err != nil {
			t.Fatal(err)
		}
		inner, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out.WriteString(m.Name + "\n" + unpacked(t, inner) + "\n")
	}
	return out.String()
}

// TestExportKeepsTerms exports in every format, for everybody, and looks for what
// must not leave.
func TestExportKeepsTerms(t *testing.T) {
	w := newWorld(t)
	open := w.source("Openpaperqq", func(s *record.Source) { s.Note = "housenoteqq" })
	closed := w.source("Closedsetqq", func(s *record.Source) { s.Terms = record.TermsInternal })
	witness := w.source("Witnessqq", func(s *record.Source) { s.Sensitivity = record.Confidential })
	e := w.event("example-town", func(e *record.Event) { e.Note = "housenoteqq" })
	internal := w.event("internal-eventqq", func(e *record.Event) { e.Title = record.Plain("en", "Internaleventqq") })
	row := w.event("row-eventqq", func(e *record.Event) { e.Title, e.Dataset = record.Plain("en", "Roweventqq"), "closed" })
	w.killed(open, e, 4321, func(c *record.Claim) { c.Note = "housenoteqq"; c.Review.Reason = "housenoteqq" })
	w.killed(open, internal, 5432)
	w.killed(closed, e, 98765)
	w.killed(closed, row, 98765)
	w.killed(witness, e, 87654)
	w.must(w.h.Publish(w.ctx, w.editor, refs(e), ""))
	for _, f := range exchange.ExportFormats() {
		for _, test := range []struct {
			name string
			v    access.Viewer
			deep bool
		}{
			{"public", access.Anyone(), false},
			{"reader", w.reader, false},
			{"editor", w.editor, true},
			{"house", access.House(), true},
			{"editor as the public", access.Viewer{User: w.editor.User, Role: access.Editor, AsPublic: true}, false},
		} {
			var b bytes.Buffer
			report, err := w.h.Export(w.ctx, test.v, f.Name, &b)
			w.must(err)
			got := unpacked(t, b.Bytes())
			if !strings.Contains(got, "4321") {
				t.Errorf("%s for %s does not hold the public number", f.Name, test.name)
			}
			for _, secret := range []string{"98765", "87654", "Closedsetqq", "Witnessqq", "housenoteqq", "Roweventqq"} {
				if strings.Contains(got, secret) {
					t.Errorf("%s for %s holds %s", f.Name, test.name, secret)
				}
			}
			if strings.Contains(got, "5432") != test.deep {
				t.Errorf("%s for %s: internal events %v", f.Name, test.name, !test.deep)
			}
			if test.deep {
				var said string
				for _, l := range report.Items {
					said += l.What + "\n"
				}
				if !strings.Contains(said, "2 claims stay in the house: the terms") || !strings.Contains(said, "1 claims of confidential") {
					t.Errorf("%s for %s reports %q", f.Name, test.name, said)
				}
			}
		}
	}
	_, err := w.h.Export(w.ctx, access.Anyone(), "nonsense", io.Discard)
	w.wants(err, record.ErrNotFound, "another format")
}

func TestRelease(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s, e := w.source("Openpaperqq"), w.event("example-town")
		w.killed(s, e, 4321)
		w.killed(s, w.event("internal-eventqq"), 4)
		w.must(w.h.Publish(w.ctx, w.editor, refs(e), ""))
		one, err := w.h.MakeRelease(w.ctx, w.editor, record.Plain("en", "the first"))
		w.must(err)
		two, err := w.h.MakeRelease(w.ctx, w.editor, nil)
		w.must(err)
		if one.Number != 1 || two.Number != 2 {
			t.Errorf("releases %d and %d", one.Number, two.Number)
		}
		f, _, err := w.blobs.Get(one.Hash)
		w.must(err)
		b, err := io.ReadAll(f)
		w.must(err)
		w.must(f.Close())
		got := unpacked(t, b)
		if !strings.Contains(got, "4321") || !strings.Contains(got, "codebook") || strings.Contains(got, "internal-eventqq") {
			t.Errorf("the release holds %.2000q", got)
		}
		w.sound()
	})
}

// TestOriginalByteForByte takes a file in and gives it out again.
func TestOriginalByteForByte(t *testing.T) {
	w := newWorld(t)
	id := w.importTable(plantedTable)
	var b bytes.Buffer
	w.must(w.h.ExportOriginal(w.ctx, w.editor, id, &b))
	if b.String() != plantedTable {
		t.Errorf("%q came back as %q", plantedTable, b.String())
	}
	w.wants(w.h.ExportOriginal(w.ctx, w.reader, id, io.Discard), record.ErrForbidden, "a reader")
}
