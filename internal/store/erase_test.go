package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/testdb"
)

// grep returns the files below dir that hold the words.
func grep(t *testing.T, dir, words string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if n := bytes.Count(bytes.ToLower(b), []byte(words)); n > 0 {
			found = append(found, fmt.Sprintf("%s (%d times)", filepath.Base(path), n))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestErase(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		p := f.person("Zzplanted Testfall", record.Internal)
		other := f.person("Other Person", record.Internal)
		f.insert(p, other)
		p.Slug = "zzplanted"
		if err := f.update(p, 2); err != nil {
			t.Fatal(err)
		}
		e := f.event("Zzplanted event", record.Public)
		e.Struck = []record.Struck{{Party: record.PartyID(f.id())}}
		f.insert(e)
		f.write(func(ctx context.Context, tx *Tx) error {
			if err := tx.PutFigures(ctx, string(e.ID), []FigureRow{{Subject: string(e.ID), Measure: record.Killed}}, true); err != nil {
				return err
			}
			for _, ref := range []record.Ref{p.Ref(), e.Ref()} {
				if err := tx.Erase(ctx, ref, tx.Head.Size, 7); err != nil {
					return err
				}
				if err := journal(ctx, tx, "erase", ref, ""); err != nil {
					return err
				}
			}
			return nil
		})
		f.view(func(ctx context.Context, r *Reader) error {
			for _, ref := range []record.Ref{p.Ref(), e.Ref()} {
				if _, err := AnyOne(ctx, r, access.House(), ref); !errors.Is(err, record.ErrGone) {
					t.Errorf("read: %v, want gone", err)
				}
				if _, err := r.History(ctx, access.House(), ref); !errors.Is(err, record.ErrGone) {
					t.Errorf("history: %v, want gone", err)
				}
				if gone, err := r.IsGone(ctx, ref); !gone || err != nil {
					t.Errorf("is gone: %v %v", gone, err)
				}
			}
			if gone, err := r.IsGone(ctx, other.Ref()); gone || err != nil {
				t.Errorf("the other person is gone: %v %v", gone, err)
			}
			if _, err := BySlug[*record.Event](ctx, r, access.Anyone(), e.Slug); !errors.Is(err, record.ErrGone) {
				t.Errorf("by address: %v, want gone", err)
			}
			// A person's address says who it was, so nothing remembers it.
			if _, err := BySlug[*record.Person](ctx, r, access.House(), "zzplanted"); !errors.Is(err, record.ErrNotFound) {
				t.Errorf("person by address: %v, want not found", err)
			}
			figs, err := r.Figures(ctx, access.House(), string(e.ID))
			if len(figs) != 0 || err != nil {
				t.Errorf("figures stayed: %v %v", figs, err)
			}
			if _, n, err := r.Search(ctx, access.House(), []string{"zzplanted"}, nil, 0, 10); n != 0 || err != nil {
				t.Errorf("search still finds %d (%v)", n, err)
			}
			var refs []record.Ref
			err = r.Gone(ctx, func(ref record.Ref) error {
				refs = append(refs, ref)
				_, err := r.IsGone(ctx, ref) // asking from within must work
				return err
			})
			if len(refs) != 2 {
				t.Errorf("gone: %v", refs)
			}
			n := 0
			if _, err := r.one(ctx, []any{&n}, "select count(*) from version where body is not null or salt is not null"); n != 0 || err != nil {
				t.Errorf("%d versions kept their bodies (%v)", n, err)
			}
			if _, err := r.one(ctx, []any{&n}, "select count(*) from entry_note"); n != 1 || err != nil {
				t.Errorf("%d notes, want the other person's (%v)", n, err)
			}
			return err
		})
		if err := f.Scrub(t.Context()); err != nil {
			t.Errorf("scrub: %v", err)
		}
	})
}

func TestEraseVersions(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		p := f.person("Zzformer", record.Internal)
		f.insert(p)
		p.Names[0].Text = "Now"
		if err := f.update(p, 2); err != nil {
			t.Fatal(err)
		}
		f.write(func(ctx context.Context, tx *Tx) error { return tx.EraseVersions(ctx, p.Ref()) })
		f.view(func(ctx context.Context, r *Reader) error {
			past, err := r.History(ctx, editor, p.Ref())
			if err != nil {
				return err
			}
			if len(past) != 2 || past[0].Body == nil || past[1].Body != nil || past[1].Note != "" {
				t.Errorf("history %+v", past)
			}
			return nil
		})
	})
}

// TestErasureReachesTheFiles plants a word in records, their earlier versions,
// search documents, notes and addresses, among enough others that pages split
// and merge, erases them, and looks for the word in every file.
func TestErasureReachesTheFiles(t *testing.T) {
	dir := t.TempDir()
	f := open(t, filepath.Join(dir, "gawah.db"))
	random := rand.New(rand.NewPCG(3, 4))
	var planted []record.Ref
	for round := range 8 {
		f.write(func(ctx context.Context, tx *Tx) error {
			for i := range 150 {
				// Identifiers in no order, so that rows are put between others.
				f.next = random.IntN(1 << 30)
				p := f.person(fmt.Sprintf("Ordinary %d %d", round, i), record.Public)
				if i%3 == 0 {
					p.Names[0].Text = fmt.Sprintf("Zzplanted %d", random.IntN(1000))
					p.Slug = fmt.Sprintf("zzplanted-%d-%d", round, i)
					p.Note = "About zzplanted and more of zzplanted."
					planted = append(planted, p.Ref())
				}
				v := version(tx, p, 1, "")
				if err := tx.Insert(ctx, v); err != nil {
					return err
				}
				if err := journal(ctx, tx, "enter", p.Ref(), "because of "+p.Names[0].Text); err != nil {
					return err
				}
				if i%2 == 0 {
					p.Note += " And again zzplanted."
					p.Slug += "-b"
					if i%3 != 0 {
						p.Note, p.Slug = "Nothing", p.Slug+"c"
					}
					if err := tx.Update(ctx, version(tx, p, 2, "")); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	if err := f.copyBefore(t.Context(), "0002_more.sql"); err != nil {
		t.Fatal(err)
	}
	if len(grep(t, dir, "zzplanted")) < 2 {
		t.Fatal("the word was not planted in database and copy")
	}
	f.write(func(ctx context.Context, tx *Tx) error {
		for _, ref := range planted {
			if err := tx.Erase(ctx, ref, tx.Head.Size, 1); err != nil {
				return err
			}
		}
		return nil
	})
	if err := f.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found := grep(t, dir, "zzplanted"); len(found) > 0 {
		t.Errorf("the word is still in %v", found)
	}
	f.view(func(ctx context.Context, r *Reader) error {
		var ok string
		_, err := r.one(ctx, []any{&ok}, "pragma integrity_check")
		if ok != "ok" {
			t.Errorf("integrity: %s", ok)
		}
		_, n, err2 := r.Search(ctx, access.Anyone(), []string{"ordinary"}, nil, 0, 10)
		if n != 8*100 {
			t.Errorf("%d of the others are found", n)
		}
		return errors.Join(err, err2)
	})
	f.write(func(ctx context.Context, tx *Tx) error {
		return tx.exec(ctx, "insert into doc_tokens (doc_tokens, rank) values ('integrity-check', 1)")
	})
}

// TestScrubWaitsForReaders checks that a reader in the middle of its view ends
// in a clear answer, not in a log that was not folded.
func TestScrubWaitsForReaders(t *testing.T) {
	f := open(t, testdb.SQLite(t))
	f.insert(f.event("One", record.Public))
	reading, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		f.view(func(ctx context.Context, r *Reader) error {
			_, err := r.Count(ctx, access.House(), record.KindEvent, 10)
			close(reading)
			<-afterSecond(ctx, f)
			return err
		})
	}()
	<-reading
	f.insert(f.event("Two", record.Public))
	if err := f.Scrub(t.Context()); err != nil {
		t.Errorf("scrub with a reader that ends: %v", err)
	}
	<-done
}

// afterSecond is closed once a second event is committed.
func afterSecond(ctx context.Context, f *fixture) <-chan struct{} {
	ch := make(chan struct{})
	go func() {
		defer close(ch)
		for n := 0; n < 2; {
			if err := f.View(ctx, func(r *Reader) (err error) {
				n, err = r.Count(ctx, access.House(), record.KindEvent, 10)
				return err
			}); err != nil {
				return
			}
		}
	}()
	return ch
}
