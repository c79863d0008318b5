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
package testdb

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver that the store uses too

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

// SQLite returns the path of a database file that does not exist yet, in a
// directory that is removed when t ends.
func SQLite(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "gawah.db")
}

// Postgres returns the address of a fresh, empty PostgreSQL database that is
// dropped when t ends, even if connections to it are still open. Parallel tests
// get different databases. Without a server in PostgresEnv the test is skipped,
// or fails where testneed.RequireEnv lists "postgres".
func Postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv(PostgresEnv)
	if server == "" {
		testneed.Missing(t, "postgres", "set "+PostgresEnv+" to the postgres:// URL of a server on which databases may be created")
	}
	name := Prefix + strings.ToLower(rand.Text())
	dsn, err := withDatabase(server, name)
	if err != nil {
		t.Fatal(err)
	}
	// template0 rather than the default template1: copying fails while anyone
	// is connected to the template, and nobody can connect to template0.
	if err := admin(server, `create database `+name+` template template0 encoding 'UTF8'`); err != nil {
		t.Fatalf("create test database on the server of %s: %v", PostgresEnv, err)
	}
	t.Cleanup(func() {
		if err := admin(server, `drop database if exists `+name+` with (force)`); err != nil {
			t.Errorf("drop test database %s: %v", name, err)
		}
	})
	return dsn
}

// admin runs one statement outside of any transaction on the server's own
// database. It does not use the test's context, which has ended at clean-up.
func admin(server, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), adminTimeout)
	defer cancel()
	db, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, statement)
	return err
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
