package casework_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
)

// No export for the public holds the identifier of a record that the public may
// not know of, wherever a public record names it.
func TestExportNamesNothingHidden(t *testing.T) {
	w := newWorld(t)
	inner := w.source("Inner Paper")
	open := w.source("Open Paper", func(s *record.Source) {
		s.ReproducedIn, s.DerivedFrom = inner.ID, []record.SourceID{inner.ID}
	})
	whole := w.event("inner-whole")
	hidden := w.killed(inner, whole, 3)
	e := w.event("example-town", func(e *record.Event) { e.PartOf, e.ResponseTo = whole.ID, []record.EventID{whole.ID} })
	w.killed(open, e, 4321, func(c *record.Claim) {
		c.DerivedFrom, c.Supersedes = []record.Ref{inner.Ref(), hidden.Ref()}, []record.ClaimID{hidden.ID}
	})
	w.must(w.h.Publish(w.ctx, w.editor, refs(e), ""))
	w.must(w.h.Unpublish(w.ctx, w.editor, refs(inner), "test"))
	for _, f := range exchange.ExportFormats() {
		var b bytes.Buffer
		_, err := w.h.Export(w.ctx, access.Anyone(), f.Name, &b)
		w.must(err)
		got := unpacked(t, b.Bytes())
		if !strings.Contains(got, "4321") {
			t.Errorf("%s does not hold the public number", f.Name)
		}
		for _, id := range []string{string(inner.ID), string(whole.ID), string(hidden.ID)} {
			if strings.Contains(got, id) {
				t.Errorf("%s names the hidden %s", f.Name, id)
			}
		}
	}
	var b bytes.Buffer
	_, err := w.h.Export(w.ctx, access.House(), "json", &b)
	w.must(err)
	if !strings.Contains(b.String(), `"part_of":"`+string(whole.ID)) {
		t.Error("the house's own export lost what the event is part of")
	}
}
