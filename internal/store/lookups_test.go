package store

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// TestLookups covers the reading functions that answer the program itself.
func TestLookups(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		own, row := f.source("Own", record.Public), f.source("Row", record.Draft)
		row.Publisher = "Testfall—POST"
		c := &record.Capture{ID: record.CaptureID(f.id()), Source: own.ID, Hash: "aa", TextHash: "bb", Visibility: record.Public}
		older := &record.Import{ID: record.ImportID(f.id()), Dataset: "testset", Hash: "aa", Visibility: record.Internal}
		newer := &record.Import{ID: record.ImportID(f.id()), Dataset: "testset", Hash: "cc", Visibility: record.Internal}
		asked := &record.Request{ID: record.RequestID(f.id()), CodeHash: "code", State: record.RequestState("open"), Visibility: record.Internal}
		decided := &record.Request{ID: record.RequestID(f.id()), CodeHash: "another", State: record.RequestState("done"), Visibility: record.Internal}
		a, b := f.event("A", record.Public), f.event("B", record.Internal)
		same := &record.Same{ID: record.SameID(f.id()), A: a.ID, B: b.ID, State: record.SameProposed, Visibility: record.Internal}
		f.insert(own, row, c, older, newer, asked, decided, a, b, same)
		f.view(func(ctx context.Context, r *Reader) error {
			ids := []record.SourceID{own.ID, row.ID}
			for i := range 2 * chunk {
				ids = append(ids, record.SourceID(fmt.Sprint("none ", i)))
			}
			voices, err := r.Voices(ctx, ids)
			if err != nil || len(voices) != 2 || voices[own.ID].Outlet != "the testfall post" || voices[row.ID].Outlet != "testfall post" || voices[row.ID].Source.ID != row.ID {
				t.Errorf("voices %+v %v", voices, err)
			}
			levels, err := r.Levels(ctx, []record.Ref{own.Ref(), row.Ref(), b.Ref(), {Kind: record.KindEvent, ID: "none"}, {Kind: "strange", ID: "x"}})
			if err != nil || len(levels) != 3 || levels[own.Ref()] != access.LevelPublic || levels[row.Ref()] != access.LevelDraft || levels[b.Ref()] != access.LevelInternal {
				t.Errorf("levels %v %v", levels, err)
			}
			last, ok, err := r.LastImport(ctx, "testset")
			if err != nil || !ok || last.Rec.ID != newer.ID {
				t.Errorf("last import %v %v %v", last.Rec, ok, err)
			}
			if _, ok, err := r.LastImport(ctx, "never"); ok || err != nil {
				t.Errorf("an import of nothing: %v", err)
			}
			runs, err := r.ImportOf(ctx, "testset", "aa")
			if err != nil || len(runs) != 1 || runs[0].Rec.ID != older.ID {
				t.Errorf("imports of a file: %v %v", runs, err)
			}
			req, err := r.RequestByCode(ctx, "code")
			if err != nil || req.Rec.ID != asked.ID {
				t.Errorf("request by code: %v", err)
			}
			if _, err := r.RequestByCode(ctx, "guess"); !errors.Is(err, record.ErrNotFound) {
				t.Errorf("request by another code: %v", err)
			}
			done, err := r.Decided(ctx, 10)
			if err != nil || len(done) != 1 || done[0].Rec.ID != decided.ID {
				t.Errorf("decided %v %v", done, err)
			}
			for hash, want := range map[string]int{"aa": 2, "bb": 1, "cc": 1, "dd": 0} {
				if n, err := r.BlobUses(ctx, hash); n != want || err != nil {
					t.Errorf("%d uses of %s, want %d (%v)", n, hash, want, err)
				}
			}
			e, ok, err := r.EntryOf(ctx, 3)
			if err != nil || !ok || e.Seq != 3 || e.Subject != older.Ref() || string(e.Leaf) != "leaf" {
				t.Errorf("entry %+v %v %v", e, ok, err)
			}
			if _, ok, err := r.EntryOf(ctx, 99); ok || err != nil {
				t.Errorf("an entry that is not there: %v", err)
			}
			lines, err := r.Journal(ctx, 5, 3)
			if err != nil || len(lines) != 3 || lines[0].Seq != 4 || lines[0].Note == "" || lines[2].Seq != 2 {
				t.Errorf("journal %+v %v", lines, err)
			}
			for _, pair := range [][2]record.EventID{{a.ID, b.ID}, {b.ID, a.ID}} {
				got, err := r.SamePair(ctx, reader, pair[0], pair[1])
				if err != nil || len(got) != 1 {
					t.Errorf("pair %v %v", got, err)
				}
			}
			if got, err := Get[*record.Event](ctx, r, editor, []record.EventID{}...); len(got) != 0 || err != nil {
				t.Errorf("nothing asked: %v %v", got, err)
			}
			if _, err := AnyOne(ctx, r, editor, record.Ref{Kind: "strange", ID: "x"}); !errors.Is(err, record.ErrNotFound) {
				t.Errorf("a strange kind: %v", err)
			}
			return nil
		})
	})
}

// TestLongListsOfIdentifiers asks for more than one statement may hold.
func TestLongListsOfIdentifiers(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		var recs []record.Record
		var events []record.EventID
		var subjects []string
		for range 3*chunk + 1 {
			e := f.event("Many", record.Public)
			recs, events, subjects = append(recs, e), append(events, e.ID), append(subjects, string(e.ID))
		}
		f.insert(recs...)
		f.write(func(ctx context.Context, tx *Tx) error {
			for _, s := range subjects {
				if err := tx.PutFigures(ctx, s, []FigureRow{{Subject: s, Measure: record.Killed}}, true); err != nil {
					return err
				}
			}
			return nil
		})
		f.view(func(ctx context.Context, r *Reader) error {
			got, err := Get[*record.Event](ctx, r, access.Anyone(), events...)
			if len(got) != len(events) || err != nil {
				t.Errorf("%d of %d, %v", len(got), len(events), err)
			}
			for _, v := range []access.Viewer{access.Anyone(), contributor} {
				figs, err := r.Figures(ctx, v, subjects...)
				want := len(events)
				if audience(v) == 1 {
					want = 0
				}
				if len(figs) != want || err != nil {
					t.Errorf("figures of %d, want %d (%v)", len(figs), want, err)
				}
			}
			n := 0
			err = Each(ctx, r, access.Anyone(), func(i Item[*record.Event]) error {
				if i.Rec.ID != events[n] {
					t.Errorf("event %d out of order", n)
				}
				n++
				return nil
			})
			if n != len(events) {
				t.Errorf("walked %d", n)
			}
			return err
		})
	})
}
