package casework

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// What is entered between the planning of an erasure and its transaction goes or
// is struck too.
func TestEraseFindsWhatWasEnteredMeanwhile(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s, err := store.Open(ctx, testdb.SQLiteIn(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	blobs, err := blob.Open(filepath.Join(dir, "originals"))
	if err != nil {
		t.Fatal(err)
	}
	h := New(Config{Store: s, Blobs: blobs, Dir: dir})
	save := func(rec record.Record) {
		t.Helper()
		if err := h.Save(ctx, access.House(), rec, 0, "test"); err != nil {
			t.Fatal(err)
		}
	}
	id := func() string {
		t.Helper()
		id, err := h.NewID()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	const name = "Zubaydaqq Testfallqq"
	person := &record.Person{
		ID: record.PersonID(id()), Slug: "zubaydaqq", Names: []record.Name{{Text: name, Lang: "en", Kind: record.NamePrimary}}, Vital: record.Dead, Visibility: record.Internal,
	}
	save(person)
	e := &erasure{house: h, ref: person.Ref(), keep: map[record.Ref]bool{}}
	if err := s.View(ctx, func(r *store.Reader) error { return e.prepare(ctx, r, "asked for") }); err != nil {
		t.Fatal(err)
	}
	event := &record.Event{
		ID: record.EventID(id()), Slug: "entered-meanwhile", Title: record.Plain("en", "Attack on "+name), Type: record.TypeAttack, Status: record.Held,
		Visibility: record.Internal,
	}
	save(event)
	in := &record.Involvement{ID: record.InvolvementID(id()), Event: event.ID, Person: person.ID, Role: record.RoleKilled, Visibility: record.Internal}
	save(in)
	if err := e.perform(ctx, access.House(), "asked for"); err != nil {
		t.Fatal(err)
	}
	err = s.View(ctx, func(r *store.Reader) error {
		return r.EachBody(ctx, func(b store.StoredBody) error {
			if strings.Contains(string(b.Body), "Zubaydaqq") || b.Ref == in.Ref() {
				t.Errorf("%s is left as it was entered", b.Ref)
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}
