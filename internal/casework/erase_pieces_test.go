package casework_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// TestEraseCutNames erases somebody whose name is cut by the border of segments,
// in a claim as it stands, in an earlier version of another, in a copy, in a
// casefile that was uploaded and in a release.
func TestEraseCutNames(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		p := w.person("a-victim", "Zubaydaqq Testfallqq")
		s := w.source("Example Daily")
		e := w.event("attack")
		cut := func(words ...string) record.Passage {
			out := record.Passage{Locator: "p. 1"}
			for _, x := range words {
				out.Segments = append(out.Segments, record.Segment{Exact: x})
			}
			return out
		}
		now := w.killed(s, e, 2, func(c *record.Claim) { c.Passage = cut("two, among them Zubay\u200bdaqq", "Testf\u0640allqq, said") })
		before := w.killed(s, e, 3, func(c *record.Claim) { c.Passage = cut("three: Zubaydaqq Test", "fallqq") })
		other := w.killed(s, e, 4, func(c *record.Claim) { c.Passage = cut("four, Zubaydaqq among them", "a Testfallqq too") })
		w.change(before, func(c *record.Claim) { c.Passage = cut("three") })
		_, err := w.h.AddCapture(w.ctx, w.editor, s.ID, "page.html", "text/html", strings.NewReader("<p>We mourn Zubay&shy;daqq&nbsp;<b>Testfallqq</b>.</p>"))
		w.must(err)
		w.must(w.h.Publish(w.ctx, w.editor, refs(e, s, now), "test"))
		_, err = w.h.MakeRelease(w.ctx, w.editor, record.Plain("en", "one"))
		w.must(err)
		var casefile bytes.Buffer
		err = w.h.ExportCasefile(w.ctx, w.editor, "test", &casefile)
		w.must(err)
		_, _, err = w.h.StageImport(w.ctx, w.editor, bytes.NewReader(casefile.Bytes()), 1<<22)
		w.must(err)
		found, err := w.h.MentionsOf(w.ctx, w.editor, p.ID)
		w.must(err)
		full := map[record.Ref]bool{}
		for _, m := range found {
			full[m.Ref] = m.Full
			if m.Full && m.Ref == now.Ref() && !strings.Contains(m.Words, "among them") {
				t.Errorf("shown as %q", m.Words)
			}
		}
		if !full[now.Ref()] || !full[before.Ref()] || full[other.Ref()] {
			t.Errorf("found %v", full)
		}
		w.must(w.h.Erase(w.ctx, w.editor, other.Ref(), "holds the same words for this test"))
		w.must(w.h.Erase(w.ctx, w.editor, p.Ref(), "asked by the family"))
		for _, part := range []string{"Zubay", "daqq", "Testf", "allqq"} {
			if files := w.grep(part); len(files) > 0 {
				t.Errorf("%q is still in %v", part, files)
			}
			w.must(w.store.View(w.ctx, func(r *store.Reader) error {
				return r.EachBody(w.ctx, func(b store.StoredBody) error {
					if strings.Contains(strings.ToLower(string(b.Body)), strings.ToLower(part)) {
						t.Errorf("%q is still in %s: %s", part, b.Ref, b.Body)
					}
					return nil
				})
			}))
		}
		got := standing[*record.Claim](w, now.ID).Rec.Passage
		if q := got.Quote(); q != "two, among them […] … […], said" {
			t.Errorf("the passage became %q", q)
		}
		if !w.sees(access.House(), before.Ref()) {
			t.Error("a claim went with the name")
		}
		w.sound()
	})
}

// TestEraseShowsCopies erases somebody where one copy of a source names them and
// another one somebody else of the same name: both are shown beforehand, and the one
// that an editor keeps is left alone.
func TestEraseShowsCopies(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		const name = "Zubaydaqq Testfallqq"
		p := w.person("a-victim", name)
		copyOf := func(title, text string) record.Ref {
			s := w.source(title)
			id, err := w.h.AddCapture(w.ctx, w.editor, s.ID, name+".html", "text/html", strings.NewReader("<p>"+text+"</p>"))
			w.must(err)
			return record.Ref{Kind: record.KindCapture, ID: string(id)}
		}
		theirs, others, clean := copyOf("Example Daily", "We mourn "+name+"."), copyOf("Example Sports", name+" scored twice."), copyOf("Example Weekly", "Nobody.")
		found, err := w.h.MentionsOf(w.ctx, w.editor, p.ID)
		w.must(err)
		whole := map[record.Ref]string{}
		for _, m := range found {
			if m.Whole {
				whole[m.Ref] = m.Words
			} else if m.Ref == theirs || m.Ref == others {
				t.Errorf("a copy is shown as %+v", m)
			}
		}
		if len(whole) != 2 || whole[theirs] != "Example Daily" || whole[others] != "Example Sports" {
			t.Errorf("the copies shown are %v", whole)
		}
		w.must(w.h.Erase(w.ctx, w.editor, p.Ref(), "asked by the family", others))
		if w.sees(access.House(), theirs) || !w.sees(access.House(), others) || !w.sees(access.House(), clean) {
			t.Error("not the copies that were shown and not kept are gone")
		}
		if text, err := w.h.CaptureText(w.ctx, w.editor, record.CaptureID(others.ID)); err != nil || !strings.Contains(text.Text, "scored twice") {
			t.Errorf("the text of the copy that was kept: %q, %v", text.Text, err)
		}
		w.sound()
	})
}
