package testdb

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"
)

func TestSQLiteIsFresh(t *testing.T) {
	path := SQLite(t)
	if other := SQLite(t); other == path {
		t.Fatalf("two databases at one path %s", path)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Fatalf("stat before use: %v, want not exist", err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`create table leaf (n integer)`); err != nil {
		t.Fatal(err)
	}
}

func TestEmptyPostgresIsDropped(t *testing.T) {
	var dropped string
	t.Run("use", func(t *testing.T) {
		dsn := EmptyPostgres(t)
		u, err := url.Parse(dsn)
		if err != nil {
			t.Fatal(err)
		}
		dropped = strings.TrimPrefix(u.Path, "/")
		db, err := sql.Open("pgx", dsn)
		if err != nil {
			t.Fatal(err)
		}
		// Deliberately left open: clean-up must not depend on the test's manners.
		t.Cleanup(func() { db.Close() })
		var name string
		if err := db.QueryRow(`select current_database()`).Scan(&name); err != nil {
			t.Fatal(err)
		}
		if name != dropped {
			t.Fatalf("connected to %q, want %q", name, dropped)
		}
		var tables int
		if err := db.QueryRow(`select count(*) from pg_tables where schemaname = 'public'`).Scan(&tables); err != nil {
			t.Fatal(err)
		}
		if tables != 0 {
			t.Errorf("a fresh database has %d tables", tables)
		}
	})
	if dropped == "" {
		t.Skip("no server to look at")
	}
	db, err := sql.Open("pgx", os.Getenv(PostgresEnv))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var left int
	if err := db.QueryRow(`select count(*) from pg_database where datname = $1`, dropped).Scan(&left); err != nil {
		t.Fatal(err)
	}
	if left != 0 {
		t.Errorf("database %s is still there after its test", dropped)
	}
}

func TestPostgresParallel(t *testing.T) {
	for i := range 6 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			db, err := sql.Open("pgx", Postgres(t))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec(`create table leaf (n bigint)`); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestWithDatabase(t *testing.T) {
	for _, tt := range []struct{ server, want string }{
		{"postgres://me@localhost/postgres", "postgres://me@localhost/x"},
		{"postgresql://me:pw@localhost:5433/a?sslmode=disable", "postgresql://me:pw@localhost:5433/x?sslmode=disable"},
		{"postgres://me@/postgres?host=/run/pg&port=5433", "postgres://me@/x?host=%2Frun%2Fpg&port=5433"},
		{"postgres://me@/?dbname=b&host=/run/pg", "postgres://me@/x?host=%2Frun%2Fpg"},
		{"host=localhost password=secret", ""},
		{"postgres://me:secret@local host:x/", ""},
	} {
		got, err := withDatabase(tt.server, "x")
		if tt.want == "" {
			if err == nil || strings.Contains(err.Error(), "secret") {
				t.Errorf("withDatabase(%q) = %q, %v; want an error without the password", tt.server, got, err)
			}
			continue
		}
		if err != nil || got != tt.want {
			t.Errorf("withDatabase(%q) = %q, %v; want %q", tt.server, got, err, tt.want)
		}
	}
}
