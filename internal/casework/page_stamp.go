package casework

import (
	"encoding/base64"
	"fmt"
	"hash"
	"maps"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// stamp sums up what a page was made from. A version of a record is known by the
// journal entry that wrote it; its level may move without one, when that of what
// it depends on does.
type stamp struct{ h hash.Hash }

func (s *stamp) item(ref record.Ref, entry int64, level access.Level) {
	_, _ = fmt.Fprintf(s.h, "%s %s %d %d\n", ref.Kind, ref.ID, entry, level) // a hash does not fail
}

func (s *stamp) number(n int64) { _, _ = fmt.Fprintln(s.h, n) }

func (s *stamp) line(e EventLine) {
	s.item(e.Event.Ref(), e.Entry, e.Level)
	s.kept(e.Killed)
	s.kept(e.Injured)
}

func (s *stamp) kept(k *Kept) {
	if k == nil {
		_, _ = fmt.Fprintln(s.h, "-")
		return
	}
	number := func(n *int64) any {
		if n == nil {
			return "-"
		}
		return *n
	}
	_, _ = fmt.Fprintln(s.h, k.Measure, number(k.Low), number(k.Best), number(k.High), k.Open, k.Approx, k.Origins, k.Status, k.Rule)
}

// links sums up names by their text: a person may be hidden, and a party renamed,
// without anything else changing.
func (s *stamp) links(all Links) {
	refs := slices.SortedFunc(maps.Keys(all), func(a, b record.Ref) int {
		if a.ID < b.ID {
			return -1
		}
		if a.ID > b.ID {
			return 1
		}
		return 0
	})
	for _, ref := range refs {
		l := all[ref]
		_, _ = fmt.Fprintf(s.h, "%s %s %q %q\n", ref.Kind, ref.ID, l.Slug, l.Title)
	}
}

func (s *stamp) String() string { return base64.RawURLEncoding.EncodeToString(s.h.Sum(nil)) }
