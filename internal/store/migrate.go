package store

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
)

//go:embed migrations
var migrations embed.FS

// ErrNewer means that the database was written by a newer program.
var ErrNewer = errors.New("the database was written by a newer version of gawah; use that version or restore a backup")

type migration struct {
	name, text, sum string
}

func (d dialect) migrations() ([]migration, error) {
	dir := "migrations/sqlite"
	if d == postgres {
		dir = "migrations/postgres"
	}
	names, err := fs.Glob(migrations, path.Join(dir, "*.sql"))
	if err != nil {
		return nil, err
	}
	var all []migration
	for _, n := range names {
		b, err := migrations.ReadFile(n)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(b)
		all = append(all, migration{path.Base(n), string(b), hex.EncodeToString(sum[:])})
	}
	return all, nil
}

// migrate brings the schema up to date, each migration in its own transaction.
// Several processes may start at once on one PostgreSQL; the lock lets one go
// first and the others find its work done. A database that is up to date is only
// read, so that a process can start while another one writes.
func (s *Store) migrate(ctx context.Context, all []migration) error {
	var had map[string]string
	// Fails on a new database, which has no table of migrations.
	_ = s.transact(ctx, false, func(c conn) (err error) {
		had, err = s.applied(ctx, c)
		return err
	})
	if len(had) > 0 {
		if err := compare(had, all); err != nil {
			return err
		}
		if len(had) == len(all) {
			return nil
		}
		if err := s.copyBefore(ctx, all[len(had)].name); err != nil {
			return err
		}
	}
	for i := range all {
		if err := s.transact(ctx, true, func(c conn) error { return s.step(ctx, c, all, i) }); err != nil {
			return err
		}
	}
	return nil
}

// copyBefore copies an SQLite database to a file beside it before a migration
// changes it. A PostgreSQL database is backed up by whoever runs it.
func (s *Store) copyBefore(ctx context.Context, name string) error {
	if s.dialect == postgres {
		return nil
	}
	target := s.dsn + ".before-" + strings.TrimSuffix(name, ".sql")
	unfinished := target + ".unfinished"
	if err := os.Remove(unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("copy the database before migrating it: %w", err)
	}
	if _, err := s.db.ExecContext(ctx, "vacuum into $1", unfinished); err != nil {
		return fmt.Errorf("copy the database before migrating it: %w", s.dialect.fault(err))
	}
	if err := os.Rename(unfinished, target); err != nil {
		return fmt.Errorf("copy the database before migrating it: %w", err)
	}
	return nil
}

// applied returns the sums of the migrations that the database has.
func (s *Store) applied(ctx context.Context, c conn) (map[string]string, error) {
	rows, err := c.QueryContext(ctx, "select name, sum from migration")
	if err != nil {
		return nil, s.dialect.fault(err)
	}
	sums := map[string]string{}
	err = scan(rows, func() error {
		var name, sum string
		err := rows.Scan(&name, &sum)
		sums[name] = sum
		return err
	})
	return sums, s.dialect.fault(err)
}

// compare refuses a database whose migrations are not the beginning of ours.
func compare(applied map[string]string, all []migration) error {
	known := map[string]bool{}
	for _, k := range all {
		known[k.name] = true
		if sum, ok := applied[k.name]; ok && sum != k.sum {
			return fmt.Errorf("migration %s was changed after it had been applied; this program does not belong to this database", k.name)
		}
	}
	for name := range applied {
		if !known[name] {
			return fmt.Errorf("%w (it has %s)", ErrNewer, name)
		}
	}
	for _, k := range all[:len(applied)] {
		if _, ok := applied[k.name]; !ok {
			return fmt.Errorf("migration %s was left out; this program does not belong to this database", k.name)
		}
	}
	return nil
}

// step applies migration i unless it has been applied.
func (s *Store) step(ctx context.Context, c conn, all []migration, i int) error {
	m := all[i]
	if s.dialect == postgres {
		// The number is arbitrary and only has to be the same in every process.
		if _, err := c.ExecContext(ctx, "select pg_advisory_xact_lock(7283419)"); err != nil {
			return fmt.Errorf("lock for migrating: %w", s.dialect.fault(err))
		}
	}
	if _, err := c.ExecContext(ctx, "create table if not exists migration (name text primary key, sum text not null)"); err != nil {
		return fmt.Errorf("make the table of migrations: %w", s.dialect.fault(err))
	}
	applied, err := s.applied(ctx, c)
	if err != nil {
		return fmt.Errorf("read the table of migrations: %w", err)
	}
	if err := compare(applied, all); err != nil {
		return err
	}
	if _, ok := applied[m.name]; ok {
		return nil
	}
	for _, statement := range statements(m.text) {
		if _, err := c.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("migration %s: %w (in: %.60s)", m.name, s.dialect.fault(err), statement)
		}
	}
	if _, err := c.ExecContext(ctx, "insert into migration (name, sum) values ($1, $2)", m.name, m.sum); err != nil {
		return fmt.Errorf("note migration %s: %w", m.name, s.dialect.fault(err))
	}
	return nil
}

// statements cuts a migration at the semicolons that end lines and drops
// comments. Migrations hold no semicolon elsewhere at a line's end.
func statements(text string) []string {
	var out []string
	var b strings.Builder
	for line := range strings.Lines(text) {
		if i := strings.Index(line, "--"); i >= 0 {
			line = line[:i] + "\n"
		}
		b.WriteString(line)
		if strings.HasSuffix(strings.TrimSpace(line), ";") {
			out = append(out, strings.TrimSuffix(strings.TrimSpace(b.String()), ";"))
			b.Reset()
		}
	}
	return out
}
