package testdb

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
)

// withSchema makes the tests' databases as Main would for a package with this schema.
func withSchema(t *testing.T, statements string) {
	t.Helper()
	migrate = func(ctx context.Context, target string) (err error) {
		c, err := pgx.Connect(ctx, target)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, c.Close(ctx)) }()
		_, err = c.PgConn().Exec(ctx, statements).ReadAll()
		return err
	}
	t.Cleanup(func() {
		if err := spare.drop(); err != nil {
			t.Error(err)
		}
		migrate = nil
	})
}

// The server's own vacuum may come at any time, and what it has been to is not kept.
const trees = `create table tree (name text primary key, height integer not null default 1) with (autovacuum_enabled = false);
	create table leaf (n serial, wide text) with (autovacuum_enabled = false);
	create table "Root" (tree text) with (autovacuum_enabled = false); insert into tree values ('oak', 2), ('it''s a {"beech"}', 3)`

// contents are all rows of a database with the tables of trees.
func contents(t *testing.T, dsn string) (rows []string) {
	t.Helper()
	c := connect(t, dsn)
	defer func() {
		if err := c.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	got, err := c.Query(t.Context(), `select 'tree ' || x::text from tree x union all select 'leaf' from leaf union all select 'root' from "Root" order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	if rows, err = pgx.CollectRows(got, pgx.RowTo[string]); err != nil {
		t.Fatal(err)
	}
	return rows
}

// connect opens a connection that nobody has to close.
func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestReused(t *testing.T) {
	if os.Getenv(PostgresEnv) == "" {
		EmptyPostgres(t) // skips, or fails
	}
	withSchema(t, trees)
	for _, tt := range []struct {
		name, do string
		kept     bool
	}{
		{"nothing", ``, true},
		{"rows", `insert into "Root" select 'oak' from generate_series(1, 50); insert into tree values ('elm')`, true},
		{"rows there were", `update tree set height = 9; delete from tree where name = 'oak'`, true},
		{"no rows at all", `delete from tree`, true},
		{"more than is deleted", `insert into "Root" select repeat('oak', 200) from generate_series(1, 2000)`, true},
		{"a large table emptied", `insert into "Root" select repeat('oak', 200) from generate_series(1, 2000); delete from "Root"`, true},
		{"a transaction left open", `insert into "Root" values ('oak'); begin; insert into "Root" values ('elm'); lock table tree`, true},
		{"a setting of the session", `set search_path = pg_catalog`, true},
		{"a column", `alter table tree add column age integer`, false},
		{"a default", `alter table tree alter height drop default`, false},
		{"a column's type", `alter table tree alter height type bigint`, false},
		{"a table", `create table twig (n integer)`, false},
		{"a table gone", `drop table "Root"`, false},
		{"another table of the name", `drop table "Root"; create table "Root" (tree text)`, false},
		{"an index", `create index on leaf (wide)`, false},
		{"an index gone", `alter table tree drop constraint tree_pkey`, false},
		{"a constraint", `alter table tree add check (height > 0)`, false},
		{"a function", `create function one() returns integer language sql as 'select 1'`, false},
		{"a schema", `create schema wood`, false},
		{"a sequence", `insert into leaf (wide) values ('x')`, false},
		{"statistics", `insert into "Root" values ('oak'); analyze "Root"`, false},
		{"a read-only database", `do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$`, false},
		{"rows in one that came later", `insert into "Root" values ('oak')`, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var before string
			var was []string
			t.Run("first", func(t *testing.T) {
				before = Postgres(t)
				was = contents(t, before)
				if _, err := connect(t, before).PgConn().Exec(t.Context(), tt.do).ReadAll(); err != nil {
					t.Fatal(err)
				}
			})
			if kept := len(spare.free) == 1; kept != tt.kept {
				t.Errorf("the database was kept: %v, want %v", kept, tt.kept)
			}
			if c, err := pgx.Connect(t.Context(), before); err == nil {
				t.Error("whoever still has the address reaches the next test's database", c.Close(t.Context()))
			}
			if now := contents(t, Postgres(t)); len(was) != 2 || len(now) != 2 || was[0] != now[0] || was[1] != now[1] {
				t.Errorf("the next test finds %q, the first found %q", now, was)
			}
		})
	}
}

func TestReusedParallel(t *testing.T) {
	withSchema(t, trees)
	t.Run("all", func(t *testing.T) {
		for range 12 {
			t.Run("one", func(t *testing.T) {
				t.Parallel()
				dsn := Postgres(t)
				if _, err := connect(t, dsn).Exec(t.Context(), `insert into "Root" values ('oak')`); err != nil {
					t.Fatal(err)
				}
				if got := contents(t, dsn); len(got) != 3 {
					t.Errorf("rows of several tests in one database: %q", got)
				}
			})
		}
	})
}

// TestSchemaThatFails would find the next test on a database with half a schema.
func TestSchemaThatFails(t *testing.T) {
	if os.Getenv(PostgresEnv) == "" {
		EmptyPostgres(t)
	}
	withSchema(t, `create table tree (name text); create table tree (name text)`)
	if d, err := spare.take(os.Getenv(PostgresEnv)); err == nil {
		t.Errorf("a database %s without its schema was given out", d.name)
	}
	if len(spare.free) != 0 {
		t.Error("it was kept")
	}
}

func TestSQLiteCopies(t *testing.T) {
	made := 0
	migrate = func(_ context.Context, target string) error {
		made++
		return os.WriteFile(target, []byte("the schema"), 0o600)
	}
	t.Cleanup(func() { migrate = nil })
	first, second := SQLite(t), SQLiteIn(t, t.TempDir())
	if err := os.WriteFile(first, []byte("changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(second); string(b) != "the schema" || err != nil || made != 1 {
		t.Errorf("the second database holds %q (%v); the schema was made %d times, want once", b, err, made)
	}
}
