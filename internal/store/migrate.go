package store

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
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
// first and the others find its work done.
func (s *Store) migrate(ctx context.Context) error {
	all, err := s.dialect.migrations()
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	for i := range all {
		if err := s.transact(ctx, true, func(c conn) error { return s.step(ctx, c, all, i) }); err != nil {
			return err
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
	applied := map[string]string{}
	rows, err := c.QueryContext(ctx, "select name, sum from migration")
	if err != nil {
		return fmt.Errorf("read the table of migrations: %w", s.dialect.fault(err))
	}
	defer rows.Close()
	for rows.Next() {
		var name, sum string
		if err := rows.Scan(&name, &sum); err != nil {
			return s.dialect.fault(err)
		}
		applied[name] = sum
	}
	if err := rows.Err(); err != nil {
		return s.dialect.fault(err)
	}
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
