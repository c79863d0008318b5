package followup

import (
	"slices"
	"strings"
	"sync"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/names"
)

// folded are the words that stand in a record, in any script and spelling that folds to the
// same. They are worked out once, by whoever first looks for words in all of them, and stay as
// long as the record does.
type folded struct{ words func() []string }

func foldLater(texts func() []record.Text) *folded {
	return &folded{sync.OnceValue(func() []string {
		var all strings.Builder
		for _, t := range texts() {
			for _, l := range t {
				all.WriteString(l.Text)
				all.WriteByte(' ')
			}
		}
		return names.TokenSet(all.String())
	})}
}

// wording narrows what is let through to what holds every word asked for.
func wording[T any](words string, through func(*T) bool, of func(*T) *folded) func(*T) bool {
	asked := names.TokenSet(words)
	if len(asked) == 0 {
		return through
	}
	return func(l *T) bool {
		if !through(l) {
			return false
		}
		there := of(l).words()
		return !slices.ContainsFunc(asked, func(w string) bool { return !slices.Contains(there, w) })
	}
}
