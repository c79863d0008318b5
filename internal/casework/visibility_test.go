package casework

import (
	"errors"
	"slices"
	"testing"

	"github.com/gawah-project/gawah/internal/record"
)

// TestWithVisibility changes who sees a copy of a record, of every kind, and publishes only the
// kinds that can be published by themselves.
func TestWithVisibility(t *testing.T) {
	for _, kind := range record.Kinds() {
		rec, ok := record.New(kind)
		if !ok {
			t.Fatalf("no record of kind %s", kind)
		}
		was := rec.Seen()
		if got := seenAs(rec, record.Public); got.Seen() != record.Public || rec.Seen() != was {
			t.Errorf("%s: the copy is seen as %q, the record itself as %q", kind, got.Seen(), rec.Seen())
		}
		_, err := withVisibility(rec, record.Public)
		if alone := slices.Contains(publishOrder, kind); alone != (err == nil) || !alone && !errors.Is(err, record.ErrForbidden) {
			t.Errorf("publishing a %s: %v", kind, err)
		}
	}
}
