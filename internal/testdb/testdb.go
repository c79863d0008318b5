// Package testdb gives each test a database of its own, in the two kinds that
// Gawah runs on. Only tests import it.
//
// SQLite is always there. PostgreSQL is used when GAWAH_TEST_POSTGRES holds the
// address of a server on which the tests may create and drop databases:
//
//	GAWAH_TEST_POSTGRES='postgres://me@/postgres?host=/run/postgresql' go test ./...
//
// No server is ever started from here, even where its programs are installed:
// a test run must not leave a daemon behind.
//
// Most tests want the schema and nothing in it, and making that anew costs more
// than many of them. A package whose TestMain calls [Main] gets copies of one
// SQLite file instead, and PostgreSQL databases that were emptied after the test
// before: see pool.go.
package testdb

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/gawah-project/gawah/internal/testneed"
)

// PostgresEnv names the environment variable with the address of the server,
// as a postgres:// URL. Its database is only connected to, never changed.
const PostgresEnv = "GAWAH_TEST_POSTGRES"

// Prefix starts the name of every database that Postgres creates, so that those
// of a test run that was killed can be told from others and dropped by hand.
const Prefix = "gawah_test_"

// adminTimeout bounds one create or drop; a server under a whole test suite on
// two cores has taken several seconds.
const adminTimeout = time.Minute

// migrate is what Main was given; nil makes every database an empty one.
var migrate func(ctx context.Context, target string) error

// Main runs the tests of a package and returns the code to exit with. schema
// brings the empty database that target names (a path or a postgres:// address)
// to the state in which each test is to find its own, and closes it again.
func Main(m *testing.M, schema func(ctx context.Context, target string) error) int {
	migrate = schema
	code := m.Run()
	if err := spare.drop(); err != nil {
		fmt.Fprintf(os.Stderr, "drop the test databases on the server of %s: %v\n", PostgresEnv, err)
		code = max(code, 1)
	}
	return code
}

// SQLite returns the path of a database file of t's own, in a directory that is
// removed when t ends. Without [Main] the file does not exist yet.
func SQLite(t testing.TB) string {
	t.Helper()
	return SQLiteIn(t, t.TempDir())
}

// SQLiteIn is SQLite for a file in dir, which is the caller's.
func SQLiteIn(t testing.TB, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "gawah.db")
	if migrate == nil {
		return path
	}
	b, err := migrated()
	if err != nil {
		t.Fatalf("make the SQLite database that is copied for each test: %v", err)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// migrated returns the bytes of an SQLite file as [Main]'s schema leaves it.
var migrated = sync.OnceValues(func() (b []byte, err error) {
	dir, err := os.MkdirTemp("", "gawah-testdb-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "gawah.db")
	if err := migrate(context.Background(), path); err != nil {
		return nil, err
	}
	// What is still in a log beside the file would be missing in the copies.
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s-wal is still there: the schema has to close what it opened", path)
	}
	return os.ReadFile(path)
})

// Engine is a database that everything has to work on.
type Engine struct {
	Name string
	// New returns the address of a database that nobody else uses until the test ends.
	New func(testing.TB) string
}

// Engines lists them: what runs on one of them only is not tested.
func Engines() []Engine { return []Engine{{"SQLite", SQLite}, {"PostgreSQL", Postgres}} }

// Postgres returns the address of a PostgreSQL database that nobody else uses
// until t ends, even if connections to it are still open then. It has what
// [Main]'s schema makes and nothing else; without Main it is empty. Whatever a
// test does to it, the next one does not find: what cannot be emptied is dropped.
// Without a server in PostgresEnv the test is skipped, or fails where
// testneed.RequireEnv lists "postgres".
func Postgres(t testing.TB) string {
	t.Helper()
	if migrate == nil {
		return EmptyPostgres(t)
	}
	server := serverOf(t)
	d, err := spare.take(server)
	if err != nil {
		t.Fatalf("make a test database on the server of %s: %v", PostgresEnv, err)
	}
	t.Cleanup(func() {
		if err := spare.giveBack(d); err != nil {
			t.Errorf("drop test database %s: %v", d.name, err)
		}
	})
	return d.dsn
}

// EmptyPostgres is Postgres for a database without any table, which is dropped
// when t ends.
func EmptyPostgres(t testing.TB) string {
	t.Helper()
	server := serverOf(t)
	d, err := create(server)
	if err != nil {
		t.Fatalf("make a test database on the server of %s: %v", PostgresEnv, err)
	}
	t.Cleanup(func() {
		if err := drop(d); err != nil {
			t.Errorf("drop test database %s: %v", d.name, err)
		}
	})
	return d.dsn
}

func serverOf(t testing.TB) string {
	t.Helper()
	server := os.Getenv(PostgresEnv)
	if server == "" {
		testneed.Missing(t, "postgres", "set "+PostgresEnv+" to the postgres:// URL of a server on which databases may be created")
	}
	return server
}

// database is one that was created here.
type database struct {
	server    string // its address
	name, dsn string
	was       *state // how it was with its schema and before any test; nil without a schema
}

func create(server string) (database, error) {
	d, err := named(server)
	if err != nil {
		return d, err
	}
	// template0 rather than the default template1: copying fails while anyone
	// is connected to the template, and nobody can connect to template0. Copying
	// a database with the schema takes as long as making the schema.
	return d, admin(server, `create database `+d.name+` template template0 encoding 'UTF8'`)
}

// named returns a database with a name that no other has.
func named(server string) (database, error) {
	name := Prefix + strings.ToLower(rand.Text())
	dsn, err := withDatabase(server, name)
	return database{server: server, name: name, dsn: dsn}, err
}

func drop(d database) error {
	return admin(d.server, `drop database if exists `+d.name+` with (force)`)
}

// admin runs one statement outside of any transaction on the server's own
// database. It does not use the test's context, which has ended at clean-up.
func admin(server, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), adminTimeout)
	defer cancel()
	c, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, statement)
	return errors.Join(err, c.Close(ctx))
}

// withDatabase returns the address of another database on the same server.
func withDatabase(server, name string) (string, error) {
	u, err := url.Parse(server)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		// The parse error would repeat the address, and with it a password.
		return "", fmt.Errorf("%s is not a postgres:// URL", PostgresEnv)
	}
	u.Path = "/" + name
	q := u.Query()
	q.Del("dbname") // would win over the path
	q.Del("database")
	u.RawQuery = q.Encode()
	return u.String(), nil
}
