package casework_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// TestCheckFinds does to a sound house what should never happen to one and asks
// for the fault by name.
func TestCheckFinds(t *testing.T) {
	type house struct {
		*world
		source  *record.Source
		event   *record.Event
		claim   *record.Claim
		capture *record.Capture
	}
	write := func(h *house, fn func(*store.Tx) error) { h.t.Helper(); h.must(h.store.Write(h.ctx, fn)) }
	for _, test := range []struct {
		name, want string
		harm       func(*house)
	}{
		{"a level", "is seen at level", func(h *house) {
			write(h, func(tx *store.Tx) error { return tx.SetLevel(h.ctx, h.claim.Ref(), access.LevelPublic) })
		}},
		{"a search document's level", "search document of", func(h *house) {
			write(h, func(tx *store.Tx) error {
				return tx.Reindex(h.ctx, h.source.Ref(), access.LevelPublic, []string{"testfall"})
			})
		}},
		{"no search document", "has no search document", func(h *house) {
			write(h, func(tx *store.Tx) error { return tx.Reindex(h.ctx, h.source.Ref(), access.LevelInternal, nil) })
		}},
		{"a figure", "kept figures of event", func(h *house) {
			write(h, func(tx *store.Tx) error { return tx.PutFigures(h.ctx, string(h.event.ID), nil, false) })
		}},
		{"an event on another's page", "nobody accepted that", func(h *house) {
			other := h.world.event("other")
			write(h, func(tx *store.Tx) error { return tx.SetJoined(h.ctx, other.ID, h.event.ID) })
		}},
		{"a version the journal does not know", "the journal speaks of", func(h *house) {
			now := standing[*record.Source](h.world, h.source.ID)
			write(h, func(tx *store.Tx) error {
				return tx.Update(h.ctx, &store.Version{Record: now.Rec, Rev: now.Rev + 1, Level: now.Level, Salt: now.Salt, Body: now.Body, Entry: now.Entry, Tokens: []string{"testfall"}})
			})
		}},
		{"changed bytes", "was changed: its bytes", func(h *house) {
			now := standing[*record.Source](h.world, h.source.ID)
			body := []byte(strings.Replace(string(now.Body), "Testfall Daily", "Testfall Dairy", 1))
			write(h, func(tx *store.Tx) error {
				// As revision 1 again: erased and written anew behind the journal's back.
				if err := tx.Erase(h.ctx, now.Rec.Ref(), 0, 1); err != nil {
					return err
				}
				return tx.Insert(h.ctx, &store.Version{Record: now.Rec, Rev: 1, Level: now.Level, Salt: now.Salt, Body: body, Entry: now.Entry, Tokens: []string{"testfall"}})
			})
		}},
		{"an entry that does not fit", "does not fit the tree", func(h *house) {
			write(h, func(tx *store.Tx) error {
				err := tx.Append(h.ctx, &store.Entry{Seq: tx.Head.Size, Leaf: []byte(`{"action":"","role":"","at":0}`), Hashes: make([]byte, 32)})
				tx.Head.Size++
				return err
			})
		}},
		{"a shorter journal", "the journal's end is not that of its entries", func(h *house) {
			write(h, func(tx *store.Tx) error { tx.Head.Size--; return nil })
		}},
		{"a changed original", "was changed or damaged", func(h *house) {
			path := filepath.Join(h.dir, "originals", h.capture.Hash[:2], h.capture.Hash[2:4], h.capture.Hash)
			h.must(os.Chmod(path, 0o600))
			h.must(os.WriteFile(path, []byte("something else"), 0o600))
		}},
		{"a missing original", "is missing", func(h *house) { h.must(h.blobs.Remove(h.capture.Hash)) }},
		{"a claim whose source is gone", "claims of sources that do not exist", func(h *house) {
			write(h, func(tx *store.Tx) error { return tx.Erase(h.ctx, h.source.Ref(), 0, 1) })
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			h := &house{world: w, source: w.source("Testfall Daily"), event: w.event("example-town")}
			h.claim = w.killed(h.source, h.event, 4)
			id, err := w.h.AddCapture(w.ctx, w.editor, h.source.ID, "a.txt", "", strings.NewReader("words on a page"))
			w.must(err)
			h.capture = standing[*record.Capture](w, id).Rec
			w.sound()
			if t.Failed() {
				return
			}
			test.harm(h)
			report, err := w.h.Check(w.ctx, nil)
			w.must(err)
			for _, f := range report.Faults {
				if strings.Contains(f, test.want) {
					return
				}
			}
			t.Errorf("check finds %q instead of %q", report.Faults, test.want)
		})
	}
}

func TestCheckCounts(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s, e := w.source("Testfall Daily"), w.event("example-town")
		c := w.killed(s, e, 4)
		change := *c
		change.Words = "four"
		w.must(w.h.Save(w.ctx, access.House(), &change, 1, "as printed"))
		_, _, err := w.blobs.Put(w.ctx, strings.NewReader("nobody's"), -1)
		w.must(err)
		var steps []string
		report, err := w.h.Check(w.ctx, func(s string) { steps = append(steps, s) })
		w.must(err)
		if len(report.Faults) > 0 || report.Checked["entries"] != 4 || report.Checked["versions"] != 4 || report.Checked["records"] != 3 ||
			report.Checked["reasons"] != 4 || report.Checked["figures"] != 1 || report.Unnamed != 1 || len(steps) < 5 {
			t.Errorf("%+v after %q", report, steps)
		}
	})
}
