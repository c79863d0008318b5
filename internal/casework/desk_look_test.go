package casework_test

import (
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// TestLookFindsOwnDrafts lets a contributor choose the draft they have just entered,
// which nobody else of their role finds.
func TestLookFindsOwnDrafts(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		draft := &record.Event{
			ID: record.EventID(w.id()), Slug: "own", Title: record.Plain("en", "Testfall at the market"), Type: record.TypeAttack, Status: record.Held,
			When: record.On("2031-05-03"), Visibility: record.Draft,
		}
		w.must(w.h.Save(w.ctx, w.contributor, draft, 0, ""))
		theirs := *draft
		theirs.ID, theirs.Slug = record.EventID(w.id()), "theirs"
		w.must(w.h.Save(w.ctx, w.editor, &theirs, 0, ""))
		for _, test := range []struct {
			who   access.Viewer
			query string
			want  int
		}{
			{w.contributor, "market testfall", 1},
			{w.contributor, "market elsewhere", 0},
			{w.contributor, "own", 1},
			{w.editor, "market testfall", 2},
			{w.reader, "market testfall", 0},
			{w.organiser, "market testfall", 0},
			{access.Anyone(), "market testfall", 0},
		} {
			got, err := w.h.Look(w.ctx, test.who, "en", []record.Kind{record.KindEvent, record.KindPerson}, test.query, 8)
			w.must(err)
			if len(got) != test.want {
				t.Errorf("a %s finds %d with %q, want %d", test.who.Role, len(got), test.query, test.want)
			}
		}
	})
}
