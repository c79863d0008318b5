package casework_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// TestHideVersion hides a version in the middle of a public history: nobody below
// an admin reads it, in no comparison either, or restores it.
func TestHideVersion(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		e := w.event("one")
		w.must(w.h.Publish(w.ctx, w.editor, refs(e), ""))
		said := func(rev int, words string) {
			next := *standing[*record.Event](w, e.ID).Rec
			next.Summary = record.Plain("en", words)
			w.must(w.h.Save(w.ctx, w.editor, &next, rev, ""))
		}
		said(2, "At first.")
		said(3, "Slanderqq was written here.")
		said(4, "At last.")
		everybody := []access.Viewer{access.Anyone(), w.reader, w.contributor, w.organiser, w.moderator, w.editor, w.editor2}
		read := func(v access.Viewer) (words string, hidden int) {
			t.Helper()
			list, err := w.h.History(w.ctx, v, e.Ref())
			w.must(err)
			var b strings.Builder
			for _, k := range list {
				if k.Hidden {
					hidden++
				}
				for _, c := range k.Changes {
					b.WriteString(c.Field + "|" + c.Old + "|" + c.New + "\n")
				}
			}
			return b.String(), hidden
		}
		if words, _ := read(access.Anyone()); !strings.Contains(words, "Slanderqq") {
			t.Fatal("the public did not read the version before")
		}

		for _, v := range []access.Viewer{access.Anyone(), w.reader, w.contributor, w.organiser, w.moderator, {User: w.editor.User, Role: access.Editor, AsPublic: true}} {
			w.wants(w.h.HideVersion(w.ctx, v, e.Ref(), 4, "test"), record.ErrForbidden, "hiding as "+string(v.Role))
		}
		w.invalid(w.h.HideVersion(w.ctx, w.editor, e.Ref(), 4, "  "), "reason", "hiding without a reason")
		w.wants(w.h.HideVersion(w.ctx, w.editor, e.Ref(), 5, "test"), record.ErrNotFound, "hiding what stands now")
		w.wants(w.h.HideVersion(w.ctx, w.editor, e.Ref(), 9, "test"), record.ErrNotFound, "hiding what never was")
		before := w.lastEntry()
		w.must(w.h.HideVersion(w.ctx, w.editor, e.Ref(), 4, "it slanders somebody"))
		w.wants(w.h.HideVersion(w.ctx, w.editor, e.Ref(), 4, "test"), record.ErrConflict, "hiding twice")
		if after := w.lastEntry(); after != before+1 {
			t.Errorf("%d journal entries for one hiding", after-before)
		}
		for _, v := range everybody {
			words, hidden := read(v)
			if strings.Contains(words, "Slanderqq") || hidden != 1 || !strings.Contains(words, "At first.|At last.") {
				t.Errorf("as %q: %d hidden, %q", v.Role, hidden, words)
			}
		}
		if words, hidden := read(w.admin); !strings.Contains(words, "Slanderqq") || hidden != 1 {
			t.Errorf("an admin reads %q", words)
		}
		if words, _ := read(access.Viewer{User: w.admin.User, Role: access.Admin, AsPublic: true}); strings.Contains(words, "Slanderqq") {
			t.Error("an admin who looks as the public reads it")
		}
		w.must(w.store.View(w.ctx, func(r *store.Reader) error {
			for _, v := range everybody {
				past, err := r.History(w.ctx, v, e.Ref())
				if err != nil {
					return err
				}
				for _, p := range past {
					if p.Rev == 4 && (p.Body != nil || p.Salt != nil) {
						t.Errorf("the store gives it to %q", v.Role)
					}
				}
			}
			return nil
		}))
		w.wants(w.h.RestoreVersion(w.ctx, w.editor, e.Ref(), 4, 5, "test"), record.ErrForbidden, "restoring a hidden version")
		w.wants(w.h.RestoreVersion(w.ctx, w.admin, e.Ref(), 4, 5, "test"), record.ErrForbidden, "an admin restoring a hidden version before showing it")
		w.sound()

		// A backup brings it back as hidden as it was.
		var backup bytes.Buffer
		_, err := w.h.Backup(w.ctx, &backup)
		w.must(err)
		file := filepath.Join(t.TempDir(), "backup.zip")
		w.must(os.WriteFile(file, backup.Bytes(), 0o600))
		b, err := casework.OpenBackup(file)
		w.must(err)
		defer b.Close()
		again := bareWorldOn(t, testdb.SQLite(t))
		_, err = again.h.Restore(again.ctx, b)
		w.must(err)
		list, err := again.h.History(again.ctx, w.editor, e.Ref())
		w.must(err)
		if !list[1].Hidden || list[1].Erased {
			t.Errorf("restored as %+v", list[1])
		}
		again.sound()

		for _, v := range everybody {
			w.wants(w.h.ShowVersion(w.ctx, v, e.Ref(), 4, "test"), record.ErrForbidden, "showing as "+string(v.Role))
		}
		w.must(w.h.ShowVersion(w.ctx, w.admin, e.Ref(), 4, "it does not"))
		if words, hidden := read(access.Anyone()); !strings.Contains(words, "Slanderqq") || hidden != 0 {
			t.Errorf("shown again: %q", words)
		}
		w.sound()

		// What is erased is not shown again.
		w.must(w.h.HideVersion(w.ctx, w.editor, e.Ref(), 4, "it slanders somebody"))
		w.must(w.h.Erase(w.ctx, w.editor, e.Ref(), "test"))
		w.wants(w.h.ShowVersion(w.ctx, w.admin, e.Ref(), 4, "test"), record.ErrGone, "showing what was erased")
		w.sound()
	})
}

// TestHiddenVersionIsInNoCitedFigure asks for a figure as of an entry at which a
// claim stood as it was hidden since.
func TestHiddenVersionIsInNoCitedFigure(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		e := w.event("one")
		c := w.killed(w.source("Example Daily"), e, 7)
		w.must(w.h.Publish(w.ctx, w.editor, refs(e), ""))
		entry := w.lastEntry()
		if n := len(w.citedAt(e.Slug, entry, "x").Claims); n != 1 {
			t.Fatalf("the figure rested on %d claims", n)
		}
		w.change(c, func(c *record.Claim) { c.Bounds(record.Exact, 8, 0); c.Words = "eight" })
		rev := standing[*record.Claim](w, c.ID).Rev - 1
		w.must(w.h.HideVersion(w.ctx, w.editor, c.Ref(), rev, "test"))
		if n := len(w.citedAt(e.Slug, entry, "x").Claims); n != 0 {
			t.Errorf("the figure of then still shows %d claims", n)
		}
		w.sound()
	})
}

// TestCheckFindsHidingUnspoken finds a version that was hidden, or shown, past the
// journal.
func TestCheckFindsHidingUnspoken(t *testing.T) {
	w := newWorld(t)
	e := w.event("one")
	next := *e
	next.Summary = record.Plain("en", "Changed.")
	w.must(w.h.Save(w.ctx, w.editor, &next, 1, ""))
	for _, hidden := range []bool{true, false} {
		w.must(w.store.Write(w.ctx, func(tx *store.Tx) error {
			_, err := tx.SetHidden(w.ctx, e.Ref(), 1, hidden)
			return err
		}))
		report, err := w.h.Check(w.ctx, nil)
		w.must(err)
		if len(report.Faults) != 1 {
			t.Errorf("hidden %v: %v", hidden, report.Faults)
		}
		if hidden {
			w.must(w.store.Write(w.ctx, func(tx *store.Tx) error {
				_, err := tx.SetHidden(w.ctx, e.Ref(), 1, false)
				return err
			}))
			w.must(w.h.HideVersion(w.ctx, w.editor, e.Ref(), 1, "test"))
		}
	}
}
