package store

import (
	"context"
	"fmt"
	"strings"
)

// scrubPostgres forgets the dead rows of every table, renews the statistics,
// which hold samples of the text, and rebuilds the search index, which keeps
// words of which no document is left. It fails with [ErrBusy] while somebody else
// still reads a snapshot from before, because of which dead rows are kept.
func (s *Store) scrubPostgres(ctx context.Context) error {
	var horizon string
	if err := s.db.QueryRowContext(ctx, "select pg_current_xact_id()::text").Scan(&horizon); err != nil {
		return fmt.Errorf("take a transaction's number: %w", s.dialect.fault(err))
	}
	// Other vacuums hold nothing back.
	var readers int
	err := s.db.QueryRowContext(ctx, "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() "+
		"and backend_type = 'client backend' and backend_xmin is not null and age(backend_xmin) > age(($1::text)::xid8::xid) "+
		"and query !~* '^ *(vacuum|reindex)'", horizon).Scan(&readers)
	if err != nil {
		return fmt.Errorf("look for readers of old rows: %w", s.dialect.fault(err))
	}
	if readers > 0 {
		return fmt.Errorf("forget the dead rows: %w", ErrBusy)
	}
	tables, err := s.ownTables(ctx)
	if err != nil {
		return err
	}
	statements := []string{"reindex index concurrently doc_tokens"}
	for _, t := range tables {
		statements = append(statements, "vacuum (analyze) "+t)
	}
	for _, q := range statements {
		if _, err := s.db.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q, s.dialect.fault(err))
		}
	}
	return s.dropStatistics(ctx, tables)
}

// dropStatistics removes the samples that are kept of tables without rows:
// renewing statistics leaves those as they were. Giving a column the type that it
// has is the way to drop them that takes no rights beyond the table's.
func (s *Store) dropStatistics(ctx context.Context, tables []string) error {
	for _, t := range tables {
		var any bool
		if err := s.db.QueryRowContext(ctx, "select exists (select 1 from "+t+")").Scan(&any); err != nil {
			return fmt.Errorf("look whether %s is empty: %w", t, s.dialect.fault(err))
		}
		if any {
			continue
		}
		rows, err := s.db.QueryContext(ctx, "select 'alter column ' || quote_ident(a.attname) || ' type ' || format_type(a.atttypid, a.atttypmod) || "+
			"coalesce(' collate ' || quote_ident(c.collname), '') from pg_stats s "+
			"join pg_attribute a on a.attrelid = (quote_ident(s.schemaname) || '.' || quote_ident(s.tablename))::regclass and a.attname = s.attname "+
			"left join pg_collation c on c.oid = a.attcollation and c.collname <> 'default' "+
			"where s.schemaname = current_schema() and quote_ident(s.tablename) = $1", t)
		if err != nil {
			return fmt.Errorf("look for statistics of %s: %w", t, s.dialect.fault(err))
		}
		var changes []string
		err = scan(rows, func() error {
			changes = append(changes, "")
			return rows.Scan(&changes[len(changes)-1])
		})
		if err != nil {
			return s.dialect.fault(err)
		}
		if len(changes) == 0 {
			continue
		}
		if _, err := s.db.ExecContext(ctx, "alter table "+t+" "+strings.Join(changes, ", ")); err != nil {
			return fmt.Errorf("drop the statistics of %s: %w", t, s.dialect.fault(err))
		}
	}
	return nil
}

// ownTables lists the tables of the database, quoted.
func (s *Store) ownTables(ctx context.Context) ([]string, error) {
	rows, err := s.db.QueryContext(ctx, "select quote_ident(relname) from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace order by relname")
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", s.dialect.fault(err))
	}
	var out []string
	err = scan(rows, func() error {
		out = append(out, "")
		return rows.Scan(&out[len(out)-1])
	})
	return out, s.dialect.fault(err)
}
