package casework

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// openHouse opens a house on a database for tests that look inside.
func openHouse(t *testing.T, target string) *House {
	t.Helper()
	dir := t.TempDir()
	s, err := store.Open(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	blobs, err := blob.Open(filepath.Join(dir, "originals"))
	if err != nil {
		t.Fatal(err)
	}
	return New(Config{Store: s, Blobs: blobs, Dir: dir})
}

// onBothHouses runs a test that looks inside on SQLite and, beside it, on
// PostgreSQL: fn is called twice at once.
func onBothHouses(t *testing.T, fn func(*testing.T, *House)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, openHouse(t, testdb.SQLite(t)))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, openHouse(t, testdb.Postgres(t)))
	})
}

// enterEvent enters a public event with one claim, in a title of its own.
func enterEvent(t *testing.T, h *House, slug, title string) *record.Event {
	t.Helper()
	id := func() string {
		s, err := h.NewID()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	e := &record.Event{ID: record.EventID(id()), Slug: slug, Title: record.Plain("en", title), Type: record.TypeAttack, Status: record.Held, When: record.On("2013-01-10"), Visibility: record.Public}
	s := &record.Source{
		ID: record.SourceID(id()), Type: record.TypeArticle, Title: record.Plain("en", "Example Daily"), Publisher: "Example Daily", Sensitivity: record.Open,
		Terms: record.TermsFree, Visibility: record.Public,
	}
	c := &record.Claim{
		ID: record.ClaimID(id()), Source: s.ID, Subject: e.Ref(), Kind: record.KindMeasure, Measure: record.Killed, Form: record.Incident, Role: record.Reported,
		Words: "two", Review: record.Review{State: record.Accepted}, Visibility: record.Public,
	}
	c.Bounds(record.Exact, 2, 0)
	for _, rec := range []record.Record{e, s, c} {
		if err := h.Save(t.Context(), access.House(), rec, 0, "test"); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// TestReleaseIsOfOneState changes the register between the writing of an archive
// and its entry: what was hidden or erased meanwhile is in no release, and what
// was added is in the next one.
func TestReleaseIsOfOneState(t *testing.T) {
	onBothHouses(t, func(t *testing.T, h *House) {
		ctx := t.Context()
		stays, goes := enterEvent(t, h, "stays", "Staysqq"), enterEvent(t, h, "goes", "Goesqq")
		planned := func() *releasing {
			p := &releasing{house: h}
			if err := h.view(ctx, func(r *store.Reader) error { return p.plan(ctx, r) }); err != nil {
				t.Fatal(err)
			}
			return p
		}
		added, changed, again := planned(), planned(), planned()
		enterEvent(t, h, "added", "Addedqq")
		first, err := added.enter(ctx, access.House(), nil)
		if err != nil || first.Entries != added.entries {
			t.Fatalf("what was only added is in the way: %+v, %v", first, err)
		}
		if _, err := again.enter(ctx, access.House(), nil); !errors.Is(err, errMoved) {
			t.Errorf("two releases of one number: %v", err)
		}
		if err := h.Erase(ctx, access.House(), goes.Ref(), "test"); err != nil {
			t.Fatal(err)
		}
		if _, err := changed.enter(ctx, access.House(), nil); !errors.Is(err, errMoved) {
			t.Errorf("a release of what was erased meanwhile: %v", err)
		}
		second, err := h.MakeRelease(ctx, access.House(), nil)
		if err != nil {
			t.Fatal(err)
		}
		text := archived(t, h, second.Hash)
		if second.Number <= first.Number || !strings.Contains(text, "Staysqq") || !strings.Contains(text, "Addedqq") || strings.Contains(text, "Goesqq") {
			t.Errorf("release %d does not hold what the register held", second.Number)
		}
		if err := h.Unpublish(ctx, access.House(), []record.Ref{stays.Ref()}, "test"); err != nil {
			t.Fatal(err)
		}
		staged := map[string]int64{}
		if err := h.view(ctx, func(r *store.Reader) (err error) {
			staged, err = stagedFiles(ctx, r)
			return err
		}); err != nil || len(staged) > 0 {
			t.Errorf("released files are still on their way: %v, %v", staged, err)
		}
	})
}

// TestReleaseWhileNothingStandsStill changes a record during every try: the
// release comes about all the same and is of one state.
func TestReleaseWhileNothingStandsStill(t *testing.T) {
	onBothHouses(t, func(t *testing.T, h *House) {
		e := enterEvent(t, h, "one", "Oneqq")
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			for rev := 1; ; rev++ {
				next := *e
				next.Summary = record.Plain("en", strings.Repeat("changed ", rev%50+1))
				if err := h.Save(ctx, access.House(), &next, rev, "test"); err != nil {
					if ctx.Err() != nil {
						err = nil
					}
					ended <- err
					return
				}
			}
		}()
		rel, err := h.MakeRelease(t.Context(), access.House(), nil)
		cancel()
		if e := <-ended; e != nil || err != nil {
			t.Fatal(e, err)
		}
		if !strings.Contains(archived(t, h, rel.Hash), "Oneqq") {
			t.Error("the release does not hold the event")
		}
		n := 0
		if err := h.blobs.Each(func(string, int64) error { n++; return nil }); err != nil || n != 1 {
			t.Errorf("%d files are left of one release (%v)", n, err)
		}
	})
}

// archived is everything in a release, unpacked.
func archived(t *testing.T, h *House, hash string) string {
	t.Helper()
	f, size, err := h.blobs.Get(hash)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := make([]byte, size)
	if _, err := io.ReadFull(f, b); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	var unpack func(b []byte)
	unpack = func(b []byte) {
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			out.Write(b)
			return
		}
		for _, m := range z.File {
			r, err := m.Open()
			if err != nil {
				t.Fatal(err)
			}
			inner, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			unpack(inner)
		}
	}
	unpack(b)
	return out.String()
}
