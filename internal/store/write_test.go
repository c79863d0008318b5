package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/testdb"
)

func TestInsertUpdateConflict(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		e := f.event("Attack on Testfall", record.Public)
		f.insert(e)
		first := e.Slug

		changed := *e
		changed.Title = record.Text{{Lang: "en", Text: "Attack on the market of Testfall"}}
		changed.Slug = "market"
		if err := f.update(&changed, 2); err != nil {
			t.Fatal(err)
		}
		if err := f.update(&changed, 2); !errors.Is(err, record.ErrConflict) {
			t.Errorf("second writer of revision 2: %v, want a conflict", err)
		}
		again := *e
		again.ID, again.Slug = record.EventID(f.id()), "market"
		if err := f.Write(t.Context(), func(tx *Tx) error { return tx.Insert(t.Context(), version(tx, &again, 1, "")) }); !errors.Is(err, record.ErrConflict) {
			t.Errorf("a slug twice: %v, want a conflict", err)
		}

		f.view(func(ctx context.Context, r *Reader) error {
			for _, slug := range []string{first, "market"} {
				got, err := BySlug[*record.Event](ctx, r, access.Anyone(), slug)
				if err != nil {
					t.Fatalf("%s: %v", slug, err)
				}
				if got.Rev != 2 || got.Rec.Slug != "market" || got.Rec.Title[0].Text != changed.Title[0].Text {
					t.Errorf("%s: %+v", slug, got)
				}
			}
			if _, err := BySlug[*record.Event](ctx, r, access.Anyone(), "never"); !errors.Is(err, record.ErrNotFound) {
				t.Errorf("an unknown slug: %v", err)
			}
			past, err := r.History(ctx, editor, e.Ref())
			if err != nil {
				return err
			}
			var revs []int
			for _, p := range past {
				revs = append(revs, p.Rev)
			}
			if !slices.Equal(revs, []int{2, 1}) {
				t.Errorf("history %v, want the newest first", revs)
			}
			if past[1].Note != "entered "+string(e.ID) || past[1].Actor != testUser || past[1].Action != "enter" {
				t.Errorf("history lacks who, what and why: %+v", past[1])
			}
			return nil
		})

		// A slug that is taken back leaves the list of old ones.
		changed.Slug = first
		if err := f.update(&changed, 3); err != nil {
			t.Fatal(err)
		}
		f.view(func(ctx context.Context, r *Reader) error {
			got, err := BySlug[*record.Event](ctx, r, access.Anyone(), "market")
			if err == nil && got.Rec.Slug != first {
				t.Errorf("the old slug leads to %s", got.Rec.Slug)
			}
			return err
		})
	})
}

func TestNothingStaysOfAFailedWrite(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		refused := errors.New("refused")
		e := f.event("Never", record.Public)
		err := f.Write(t.Context(), func(tx *Tx) error {
			if err := tx.Insert(t.Context(), version(tx, e, 1, "")); err != nil {
				return err
			}
			if err := journal(t.Context(), tx, "enter", e.Ref(), "a note"); err != nil {
				return err
			}
			if _, err := One[*record.Event](t.Context(), &tx.Reader, access.House(), e.ID); err != nil {
				t.Errorf("a transaction does not see its own write: %v", err)
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		f.view(func(ctx context.Context, r *Reader) error {
			if _, err := One[*record.Event](ctx, r, access.House(), e.ID); !errors.Is(err, record.ErrNotFound) {
				t.Errorf("the event stayed: %v", err)
			}
			h, err := r.HeadOf(ctx)
			if h.Size != 0 || h.Docs != 0 {
				t.Errorf("the head moved to %+v", h)
			}
			return err
		})
	})
}

// TestConcurrentWriters has eight goroutines, half of them on a second Store,
// add journal entries: none may be lost, and each finds the head as the one
// before left it.
func TestConcurrentWriters(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		second := open(t, f.target)
		const writers, each = 8, 20
		var wg sync.WaitGroup
		errs := make(chan error, writers)
		for w := range writers {
			s := f.Store
			if w%2 == 1 {
				s = second.Store
			}
			wg.Go(func() {
				for n := range each {
					err := s.Write(t.Context(), func(tx *Tx) error {
						e := (&fixture{next: 10_000 + w*1000 + n}).event(fmt.Sprintf("Event %d of %d", n, w), record.Public)
						if err := tx.Insert(t.Context(), version(tx, e, 1, "")); err != nil {
							return err
						}
						tx.Head.Frontier = append(tx.Head.Frontier, byte(w))
						return journal(t.Context(), tx, "enter", e.Ref(), "")
					})
					if err != nil {
						errs <- err
						return
					}
				}
			})
		}
		wg.Wait()
		close(errs)
		for err := range errs {
			t.Error(err)
		}
		f.view(func(ctx context.Context, r *Reader) error {
			h, err := r.HeadOf(ctx)
			if err != nil {
				return err
			}
			if h.Size != writers*each || h.Docs != writers*each || len(h.Frontier) != writers*each {
				t.Errorf("head %d entries, %d documents, frontier of %d after %d writes", h.Size, h.Docs, len(h.Frontier), writers*each)
			}
			n := int64(0)
			err = r.Entries(ctx, 0, func(e Entry) error {
				if e.Seq != n {
					t.Errorf("entry %d where %d was due", e.Seq, n)
				}
				n++
				return nil
			})
			if n != h.Size {
				t.Errorf("%d entries, the head says %d", n, h.Size)
			}
			return err
		})
	})
}

// TestReadersDuringAWrite checks that readers go on while somebody writes, and
// see nothing of it before it is committed.
func TestReadersDuringAWrite(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		before, during := f.event("Before", record.Public), f.event("During", record.Public)
		f.insert(before)
		err := f.Write(t.Context(), func(tx *Tx) error {
			if err := tx.Insert(t.Context(), version(tx, during, 1, "")); err != nil {
				return err
			}
			if err := tx.flush(t.Context()); err != nil {
				return err
			}
			var wg sync.WaitGroup
			for range 2 * readSessions {
				wg.Go(func() {
					f.view(func(ctx context.Context, r *Reader) error {
						n, err := r.Count(ctx, access.House(), record.KindEvent, 10)
						if n != 1 {
							t.Errorf("a reader counts %d events during the write", n)
						}
						return err
					})
				})
			}
			wg.Wait()
			return f.Ping(t.Context())
		})
		if err != nil {
			t.Fatal(err)
		}
		f.view(func(ctx context.Context, r *Reader) error {
			n, err := r.Count(ctx, access.House(), record.KindEvent, 10)
			if n != 2 {
				t.Errorf("%d events after the write", n)
			}
			return err
		})
	})
}

// TestSnapshot checks that a view does not change under its reader.
func TestSnapshot(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		f.insert(f.event("One", record.Public))
		f.view(func(ctx context.Context, r *Reader) error {
			for i := range 2 {
				n, err := r.Count(ctx, access.Anyone(), record.KindEvent, 10)
				if err != nil {
					return err
				}
				if n != 1 {
					t.Errorf("count %d: %d", i, n)
				}
				if i == 0 {
					f.insert(f.event("Two", record.Public))
				}
			}
			return nil
		})
	})
}

// Every commit moves the state on; one that only adds leaves its first number.
func TestMomentMovesOn(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		now := func() Moment {
			t.Helper()
			m, err := f.Now(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		a := now()
		f.insert(f.event("One", record.Public))
		b := now()
		if b.Change <= a.Change || b.Size <= a.Size {
			t.Errorf("%v, then %v", a, b)
		}
		f.add(f.event("Two", record.Public))
		c := now()
		if c.Change != b.Change || c.Size <= b.Size {
			t.Errorf("%v, then %v after an addition", b, c)
		}
	})
}

func TestCancelledTransaction(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		for round := range 5 {
			ctx, cancel := context.WithCancel(t.Context())
			e := f.event("Cancelled", record.Public)
			err := f.Write(ctx, func(tx *Tx) error {
				if err := tx.Insert(ctx, version(tx, e, 1, "")); err != nil {
					return err
				}
				if err := tx.flush(ctx); err != nil {
					return err
				}
				cancel()
				return tx.exec(ctx, "update head set change = change + 1 where one = 1")
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("round %d: %v, want that it was cancelled", round, err)
			}
			ctx, cancel = context.WithCancel(t.Context())
			err = f.View(ctx, func(r *Reader) error {
				cancel()
				_, err := r.Count(ctx, access.House(), record.KindEvent, 10)
				return err
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("round %d: view: %v", round, err)
			}
			f.insert(f.event("Kept", record.Public))
		}
		f.view(func(ctx context.Context, r *Reader) error {
			n, err := r.Count(ctx, access.House(), record.KindEvent, 100)
			if n != 5 {
				t.Errorf("%d events, want the 5 that were not cancelled", n)
			}
			return err
		})
	})
}

// TestInterruptedStatement ends a statement in its middle, which SQLite answers
// by rolling the transaction back itself.
func TestInterruptedStatement(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		err := f.Write(ctx, func(tx *Tx) error {
			return tx.exec(ctx, "insert into setting (name, value) with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000000) "+
				"select cast(i as text), $1 from n", []byte("x"))
		})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v, want that time was up", err)
		}
		f.insert(f.event("Kept", record.Public))
		f.view(func(ctx context.Context, r *Reader) error {
			v, err := r.Setting(ctx, "1")
			if v != nil {
				t.Error("part of the interrupted statement stayed")
			}
			return err
		})
	})
}

func TestRows(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		row := RowState{
			Dataset: "testfall", Key: "7", Run: record.ImportID(f.id()), Hash: []byte{1, 2}, Offset: 10, Length: 20, Line: 3,
			Source: record.SourceID(f.id()), Event: record.EventID(f.id()),
			Claims: map[string]record.ClaimID{"best": record.ClaimID(f.id()), "low": record.ClaimID(f.id())},
		}
		put := func(known bool) {
			f.write(func(ctx context.Context, tx *Tx) error { return tx.PutRow(ctx, &row, []string{"low", "best"}, known) })
		}
		put(false)
		row.Line, row.Hash = 4, []byte{3}
		put(true)
		keys := []string{"7"}
		for i := range 3 * chunk {
			keys = append(keys, fmt.Sprintf("no %d", i))
		}
		f.view(func(ctx context.Context, r *Reader) error {
			got, err := r.Rows(ctx, "testfall", keys)
			if err != nil {
				return err
			}
			if d := cmp.Diff(map[string]RowState{"7": row}, got); d != "" {
				t.Errorf("rows (-put +got):\n%s", d)
			}
			of, ok, err := r.RowOf(ctx, row.Source)
			if d := cmp.Diff(row, of); !ok || d != "" {
				t.Errorf("row of its source (-put +got):\n%s", d)
			}
			if _, ok, _ := r.RowOf(ctx, "nothing"); ok {
				t.Error("a row of no source")
			}
			return err
		})
		f.write(func(ctx context.Context, tx *Tx) error {
			for i := range 5 {
				if err := tx.PutProblem(ctx, row.Run, i, RowProblem{Line: i, Field: "best", Key: "problem.order", Args: map[string]string{"low": "4", "high": "\"2\""}, Refused: i == 3}); err != nil {
					return err
				}
			}
			return nil
		})
		f.view(func(ctx context.Context, r *Reader) error {
			got, err := r.Problems(ctx, row.Run, 2, 2)
			if len(got) != 2 || got[0].Line != 2 || got[0].Refused || !got[1].Refused {
				t.Errorf("problems %+v", got)
			}
			return err
		})
	})
}

func TestAccountsAndSessions(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		a := Account{ID: testUser, Email: "testfall@example.org", Name: "Testfall", Role: "editor", Setup: "hash", SetupBy: 5, Made: 1}
		other := Account{ID: otherUser, Email: "testfall@example.org", Name: "Another", Role: "reader"}
		put := func(a Account) error {
			return f.Write(t.Context(), func(tx *Tx) error { return tx.PutAccount(t.Context(), a) })
		}
		if err := put(a); err != nil {
			t.Fatal(err)
		}
		a.Password, a.Setup, a.Closed, a.Failed, a.Locked = "argon", "", true, 3, 99
		if err := put(a); err != nil {
			t.Fatal(err)
		}
		if err := put(other); !errors.Is(err, record.ErrConflict) {
			t.Errorf("an address twice: %v", err)
		}
		f.view(func(ctx context.Context, r *Reader) error {
			for _, by := range [][2]string{{"id", string(a.ID)}, {"email", a.Email}} {
				got, err := r.AccountBy(ctx, by[0], by[1])
				if d := cmp.Diff(a, got); err != nil || d != "" {
					t.Errorf("by %s: %v\n%s", by[0], err, d)
				}
			}
			for _, by := range [][2]string{{"setup", "hash"}, {"setup", ""}, {"email", "nobody"}} {
				if _, err := r.AccountBy(ctx, by[0], by[1]); !errors.Is(err, record.ErrNotFound) {
					t.Errorf("by %q: %v", by, err)
				}
			}
			if _, err := r.AccountBy(ctx, "name", "Testfall"); err == nil || errors.Is(err, record.ErrNotFound) {
				t.Errorf("by a column that is no key: %v", err)
			}
			got, err := r.Accounts(ctx)
			if len(got) != 1 {
				t.Errorf("accounts %v", got)
			}
			return err
		})

		f.write(func(ctx context.Context, tx *Tx) error {
			for i, token := range []string{"one", "two", "old"} {
				ends := int64(100)
				if token == "old" {
					ends = 10
				}
				if err := tx.PutSession(ctx, Session{Token: token, Account: a.ID, Made: int64(i), Used: 1, Ends: ends}); err != nil {
					return err
				}
			}
			return tx.PutSession(ctx, Session{Token: "one", Account: a.ID, Used: 7, Ends: 200})
		})
		f.view(func(ctx context.Context, r *Reader) error {
			s, ok, err := r.SessionBy(ctx, "one", 150)
			if !ok || s.Used != 7 || err != nil {
				t.Errorf("session %+v %v %v", s, ok, err)
			}
			if _, ok, _ := r.SessionBy(ctx, "old", 10); ok {
				t.Error("a session lives on at its end")
			}
			got, err := r.Sessions(ctx, a.ID, 50)
			if len(got) != 2 {
				t.Errorf("sessions %v", got)
			}
			return err
		})
		f.write(func(ctx context.Context, tx *Tx) error { return tx.EndSessions(ctx, a.ID, "two", 50) })
		f.view(func(ctx context.Context, r *Reader) error {
			got, err := r.Sessions(ctx, a.ID, 0)
			if len(got) != 1 || got[0].Token != "two" {
				t.Errorf("sessions after signing out elsewhere: %v", got)
			}
			return err
		})
		f.write(func(ctx context.Context, tx *Tx) error { return tx.EndSession(ctx, "two") })
		f.write(func(ctx context.Context, tx *Tx) error { return tx.PutSetting(ctx, "name", nil) })
		f.write(func(ctx context.Context, tx *Tx) error { return tx.PutSetting(ctx, "name", []byte("value")) })
		f.view(func(ctx context.Context, r *Reader) error {
			if _, ok, _ := r.SessionBy(ctx, "two", 0); ok {
				t.Error("an ended session lives on")
			}
			v, err := r.Setting(ctx, "name")
			if string(v) != "value" {
				t.Errorf("setting %q", v)
			}
			return err
		})
	})
}

func TestNewerAndChangedSchemas(t *testing.T) {
	for _, tt := range []struct {
		name, query string
		want        func(error) bool
	}{
		{"newer", "insert into migration (name, sum) values ('9999_later.sql', 'x')", func(err error) bool { return errors.Is(err, ErrNewer) }},
		{"changed", "update migration set sum = 'x'", func(err error) bool { return err != nil && !errors.Is(err, ErrNewer) }},
		{"as it is", "update migration set sum = sum", func(err error) bool { return err == nil }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, target := range []func(testing.TB) string{testdb.SQLite, testdb.Postgres} {
				t.Run("", func(t *testing.T) {
					f := open(t, target(t))
					f.write(func(ctx context.Context, tx *Tx) error { return tx.exec(ctx, tt.query) })
					s, err := Open(t.Context(), f.target)
					if err == nil {
						defer s.Close()
					}
					if !tt.want(err) {
						t.Errorf("open: %v", err)
					}
				})
			}
		})
	}
}

func TestMigrateFurther(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		e := f.event("From before", record.Public)
		f.insert(e)
		first, err := f.dialect.migrations()
		if err != nil {
			t.Fatal(err)
		}
		broken := append(slices.Clone(first), migration{"0002_more.sql", "create table more (a text);\ncreate table more (a text);", "b"})
		if err := f.migrate(t.Context(), broken); err == nil {
			t.Error("a broken migration was applied")
		}
		if err := f.migrate(t.Context(), first); err != nil {
			t.Errorf("after a migration that failed: %v", err)
		}
		all := append(slices.Clone(first), migration{"0002_more.sql", "create table more (a text); -- words\ncreate table less (\n\ta text\n);", "c"},
			migration{"0003_last.sql", "insert into more (a) values ('x');", "d"})
		for range 2 {
			if err := f.migrate(t.Context(), all); err != nil {
				t.Fatal(err)
			}
		}
		f.view(func(ctx context.Context, r *Reader) error {
			n := 0
			_, err := r.one(ctx, []any{&n}, "select (select count(*) from more) + (select count(*) from less)")
			if n != 1 {
				t.Errorf("the last migration ran %d times", n)
			}
			return err
		})
		if err := f.migrate(t.Context(), first); !errors.Is(err, ErrNewer) {
			t.Errorf("an older program: %v", err)
		}
		if f.dialect == postgres {
			return
		}
		old, err := connect(f.target + ".before-0002_more")
		if err != nil {
			t.Fatal(err)
		}
		defer old.Close()
		if err := old.migrate(t.Context(), first); err != nil {
			t.Errorf("the copy from before: %v", err)
		}
		err = old.View(t.Context(), func(r *Reader) error {
			_, err := One[*record.Event](t.Context(), r, access.Anyone(), e.ID)
			return err
		})
		if err != nil {
			t.Errorf("the copy from before: %v", err)
		}
	})
}

// TestOpenDuringAWrite checks that a process can start while another one writes.
func TestOpenDuringAWrite(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		f.write(func(ctx context.Context, tx *Tx) error {
			s, err := Open(ctx, f.target)
			if err != nil {
				return err
			}
			return s.Close()
		})
	})
}

func TestMigrationsOfSeveralProcessesAtOnce(t *testing.T) {
	for _, target := range []func(testing.TB) string{testdb.SQLite, testdb.Postgres} {
		t.Run("", func(t *testing.T) {
			target := target(t)
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					s, err := Open(t.Context(), target)
					if err != nil {
						t.Errorf("open: %v", err)
						return
					}
					if err := s.Close(); err != nil {
						t.Errorf("close: %v", err)
					}
				})
			}
			wg.Wait()
		})
	}
}

// TestSameSchema compares tables and columns of the two dialects.
func TestSameSchema(t *testing.T) {
	lite, pg := open(t, testdb.SQLite(t)), open(t, testdb.Postgres(t))
	columns := func(f *fixture, query string) (out []string) {
		f.view(func(ctx context.Context, r *Reader) error {
			rows, err := r.query(ctx, query)
			if err != nil {
				return err
			}
			return scan(rows, func() error {
				var table, column string
				err := rows.Scan(&table, &column)
				out = append(out, table+"."+column)
				return err
			})
		})
		slices.Sort(out)
		return out
	}
	a := columns(lite, "select m.name, c.name from sqlite_schema m join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'doc_tokens%' and m.name not like 'sqlite_%'")
	b := columns(pg, "select table_name, column_name from information_schema.columns where table_schema = current_schema()")
	if d := cmp.Diff(a, b); d != "" {
		t.Errorf("columns (-SQLite +PostgreSQL):\n%s", d)
	}
	if len(a) < 100 {
		t.Errorf("only %d columns were compared", len(a))
	}
	// Only SQLite would read the words of a document along with who sees it.
	a = columns(lite, "select tbl_name, name from sqlite_schema where type = 'index' and name not like 'sqlite_%' and name <> 'doc_seen'")
	b = columns(pg, "select tablename, indexname from pg_indexes where schemaname = current_schema() and indexname not like '%_pkey' and indexname <> 'doc_tokens'")
	if d := cmp.Diff(a, b); d != "" {
		t.Errorf("indexes (-SQLite +PostgreSQL):\n%s", d)
	}
}
