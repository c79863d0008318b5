package casework_test

import (
	"errors"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// TestErasedDraftsLeaveNoAddress tells nobody that there was a record which was never public.
func TestErasedDraftsLeaveNoAddress(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		for slug, test := range map[string]struct {
			levels []record.Visibility
			want   error
		}{
			"never-public": {[]record.Visibility{record.Internal}, record.ErrNotFound},
			"public":       {[]record.Visibility{record.Public}, record.ErrGone},
			"once-public":  {[]record.Visibility{record.Public, record.Internal}, record.ErrGone},
		} {
			e := w.event(slug, func(e *record.Event) { e.Visibility = test.levels[0] })
			if len(test.levels) > 1 {
				w.must(w.h.Unpublish(w.ctx, w.editor, []record.Ref{e.Ref()}, "back"))
			}
			w.must(w.h.Erase(w.ctx, w.editor, e.Ref(), "test"))
			err := w.store.View(w.ctx, func(r *store.Reader) error {
				_, err := store.BySlug[*record.Event](w.ctx, r, access.Anyone(), slug)
				return err
			})
			if !errors.Is(err, test.want) {
				t.Errorf("%s: %v, want %v", slug, err, test.want)
			}
		}
	})
}

// TestFollowedGoesBackByItsOwnWay brings no earlier judgement or accusation back past review.
func TestFollowedGoesBackByItsOwnWay(t *testing.T) {
	w := newWorld(t)
	f := w.follow("Zzplanted Restored", record.Public)
	for _, ref := range []record.Ref{f.demand.Ref(), f.promise.Ref(), f.judgement.Ref(), f.proceeding.Ref()} {
		if err := w.h.RestoreVersion(w.ctx, w.editor, ref, 1, 2, "back"); !errors.Is(err, record.ErrForbidden) {
			t.Errorf("restoring a %s: %v", ref.Kind, err)
		}
	}
}
