package casework_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// world is a house with people in every role, a clock that stands still until it
// is moved, and short ways to enter invented records.
type world struct {
	t     testing.TB
	ctx   context.Context
	h     *casework.House
	house casework.Config // of h
	store *store.Store
	blobs *blob.Store
	dir   string
	clock *time.Time

	admin, editor, editor2, organiser, moderator, contributor, reader access.Viewer
}

// newWorld opens a house on SQLite; newWorldOn on the database named.
func newWorld(t testing.TB) *world { return newWorldOn(t, "") }

func newWorldOn(t testing.TB, target string) *world {
	t.Helper()
	w := bareWorldOn(t, target)
	w.people()
	return w
}

// bareWorldOn opens a house that nobody has an account in.
func bareWorldOn(t testing.TB, target string) *world {
	t.Helper()
	w := &world{t: t, ctx: context.Background(), dir: t.TempDir()}
	if target == "" {
		target = testdb.SQLiteIn(t, w.dir)
	}
	var err error
	if w.store, err = store.Open(w.ctx, target); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	if w.blobs, err = blob.Open(filepath.Join(w.dir, "originals")); err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	w.clock = &start
	var clock sync.Mutex
	w.house = casework.Config{Store: w.store, Blobs: w.blobs, Dir: w.dir, Hash: casework.HashCost{Memory: 64, Passes: 1}, Now: func() time.Time {
		clock.Lock()
		defer clock.Unlock()
		*w.clock = w.clock.Add(time.Millisecond)
		return *w.clock
	}}
	w.h = casework.New(w.house)
	return w
}

func (w *world) people() {
	w.t.Helper()
	for _, p := range []struct {
		v    *access.Viewer
		role access.Role
		name string
	}{
		{&w.admin, access.Admin, "admin"},
		{&w.editor, access.Editor, "editor"},
		{&w.editor2, access.Editor, "editor2"},
		{&w.organiser, access.Organiser, "organiser"},
		{&w.moderator, access.Moderator, "moderator"},
		{&w.contributor, access.Contributor, "contributor"},
		{&w.reader, access.Reader, "reader"},
	} {
		*p.v = access.Viewer{User: record.UserID(w.id()), Role: p.role}
		// Written past the set-up so that not every test pays for hashing passwords.
		w.must(w.store.Write(w.ctx, func(tx *store.Tx) error {
			return tx.PutAccount(w.ctx, store.Account{
				ID: p.v.User, Email: p.name + "@example.org", Name: p.name, Role: string(p.role), Password: "not a hash", Made: 1,
			})
		}))
	}
}

// onBoth runs a test on SQLite and, beside it, on PostgreSQL: fn is called twice at once.
func onBoth(t *testing.T, fn func(*testing.T, *world)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, newWorld(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, newWorldOn(t, testdb.Postgres(t)))
	})
}

// grep returns the files of the data directory in which a text stands, also in
// what is compressed.
func (w *world) grep(text string) []string {
	w.t.Helper()
	var found []string
	err := filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		parts := [][]byte{b}
		if z, err := gzip.NewReader(bytes.NewReader(b)); err == nil {
			if plain, err := io.ReadAll(z); err == nil {
				parts = append(parts, plain)
			}
		}
		if z, err := zip.NewReader(bytes.NewReader(b), int64(len(b))); err == nil {
			for _, m := range z.File {
				r, err := m.Open()
				if err != nil {
					return err
				}
				plain, err := io.ReadAll(r)
				if err != nil {
					return err
				}
				parts = append(parts, plain)
			}
		}
		for _, p := range parts {
			if bytes.Contains(bytes.ToLower(p), []byte(strings.ToLower(text))) {
				rel, _ := filepath.Rel(w.dir, path)
				found = append(found, rel)
				break
			}
		}
		return nil
	})
	w.must(err)
	return found
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) wants(err, want error, what string) {
	w.t.Helper()
	if !errors.Is(err, want) {
		w.t.Errorf("%s: error %v, want %v", what, err, want)
	}
}

// invalid fails unless err names the field.
func (w *world) invalid(err error, field, what string) {
	w.t.Helper()
	e, ok := errors.AsType[*record.Invalid](err)
	if !ok || !e.Has(field) {
		w.t.Errorf("%s: error %v, want one about the field %q", what, err, field)
	}
}

func (w *world) id() string {
	w.t.Helper()
	id, err := w.h.NewID()
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) wait(d time.Duration) { *w.clock = w.clock.Add(d) }

func (w *world) save(v access.Viewer, rec record.Record) {
	if c, ok := rec.(*record.Claim); ok && c.Review.State != record.Suggested {
		// Reviewed claims come from elsewhere: nobody reviews what they enter.
		v = access.House()
	}
	if rec.Seen() == record.Public {
		v = access.House() // a person publishes in a second step, after the check
	}
	w.t.Helper()
	if err := w.h.Save(w.ctx, v, rec, 0, "test"); err != nil {
		w.t.Fatalf("save %s: %v", rec.Ref(), err)
	}
}

func (w *world) source(title string, change ...func(*record.Source)) *record.Source {
	w.t.Helper()
	s := &record.Source{
		ID: record.SourceID(w.id()), Type: record.TypeArticle, Title: record.Plain("en", title), Publisher: title, Sensitivity: record.Open,
		Terms: record.TermsFree, Visibility: record.Internal, Published: record.On("2013-01-11"),
	}
	for _, c := range change {
		c(s)
	}
	w.save(w.editor, s)
	return s
}

func (w *world) event(slug string, change ...func(*record.Event)) *record.Event {
	w.t.Helper()
	e := &record.Event{
		ID: record.EventID(w.id()), Slug: slug, Title: record.Plain("en", "Attack at Example Town"), Type: record.TypeAttack,
		Status: record.Held, When: record.On("2013-01-10"), Visibility: record.Internal,
	}
	for _, c := range change {
		c(e)
	}
	w.save(w.editor, e)
	return e
}

// killed enters an accepted claim that n people were killed.
func (w *world) killed(s *record.Source, e *record.Event, n int64, change ...func(*record.Claim)) *record.Claim {
	w.t.Helper()
	c := &record.Claim{
		ID: record.ClaimID(w.id()), Source: s.ID, Subject: e.Ref(), Kind: record.KindMeasure, Measure: record.Killed, Form: record.Incident,
		Role: record.Reported, Words: "some", Review: record.Review{State: record.Accepted}, Visibility: record.Internal,
		AsOf: record.On("2013-01-10"),
	}
	c.Bounds(record.Exact, n, 0)
	for _, f := range change {
		f(c)
	}
	w.save(w.editor, c)
	return c
}

func (w *world) person(slug string, names ...string) *record.Person {
	w.t.Helper()
	p := &record.Person{ID: record.PersonID(w.id()), Slug: slug, Vital: record.VitalNotSet, Visibility: record.Internal}
	for i, n := range names {
		kind := record.NamePrimary
		if i > 0 {
			kind = record.NameVariant
		}
		p.Names = append(p.Names, record.Name{Text: n, Lang: "en", Kind: kind})
	}
	p.Consents = []record.Consent{{Purpose: record.ToPublish, Given: true, Basis: record.BasisKin, Relation: "sister"}}
	w.save(w.editor, p)
	return p
}

// standing returns a record as it is now.
func standing[T record.Record, ID ~string](w *world, id ID) store.Item[T] {
	w.t.Helper()
	var item store.Item[T]
	w.must(w.store.View(w.ctx, func(r *store.Reader) error {
		var err error
		item, err = store.One[T](w.ctx, r, access.House(), id)
		return err
	}))
	return item
}

// sees reports whether a viewer finds a record.
func (w *world) sees(v access.Viewer, ref record.Ref) bool {
	w.t.Helper()
	err := w.store.View(w.ctx, func(r *store.Reader) error {
		_, err := store.AnyOne(w.ctx, r, v, ref)
		return err
	})
	if err != nil && !errors.Is(err, record.ErrNotFound) && !errors.Is(err, record.ErrGone) {
		w.t.Fatal(err)
	}
	return err == nil
}

// best is the kept best figure of an event, -1 where there is none.
func (w *world) best(v access.Viewer, e record.EventID) int64 {
	w.t.Helper()
	out := int64(-1)
	w.must(w.store.View(w.ctx, func(r *store.Reader) error {
		rows, err := r.Figures(w.ctx, v, string(e))
		for _, f := range rows[string(e)] {
			if f.Measure == record.Killed && f.Best != nil {
				out = *f.Best
			}
		}
		return err
	}))
	return out
}

// sound fails the test when any invariant of the house does not hold.
func (w *world) sound() {
	w.t.Helper()
	report, err := w.h.Check(w.ctx, nil)
	w.must(err)
	for _, f := range report.Faults {
		w.t.Errorf("check: %s", f)
	}
}
