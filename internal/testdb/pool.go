package testdb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
)

// spare holds the PostgreSQL databases that no test uses at the moment. Making one
// with the schema takes half a second of a processor, emptying one a hundredth.
var spare pool

// pool is safe for use by several goroutines.
type pool struct {
	mu   sync.Mutex
	free []database
}

// take returns a database with the schema.
func (p *pool) take(server string) (database, error) {
	p.mu.Lock()
	if n := len(p.free); n > 0 {
		d := p.free[n-1]
		p.free = p.free[:n-1]
		p.mu.Unlock()
		return d, nil
	}
	p.mu.Unlock()

	d, err := create(server)
	if err != nil {
		return d, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), adminTimeout)
	defer cancel()
	if err := migrate(ctx, d.dsn); err != nil {
		return d, errors.Join(fmt.Errorf("make the schema: %w", err), drop(d))
	}
	// Of each, since the server numbers its tables otherwise in each.
	if d.was, err = stateOf(ctx, d.dsn); err != nil {
		return d, errors.Join(err, drop(d))
	}
	return d, nil
}

// giveBack empties a database and keeps it, under another name so that nobody who
// still has its address reaches it again. One that is not as it was after that, for
// whatever reason, is dropped.
func (p *pool) giveBack(d database) error {
	ctx, cancel := context.WithTimeout(context.Background(), adminTimeout)
	defer cancel()
	if err := d.was.restore(ctx, d.dsn); err != nil {
		return drop(d)
	}
	next, err := named(d.server)
	if err != nil {
		return err
	}
	if err := admin(d.server, `alter database `+d.name+` rename to `+next.name); err != nil {
		return drop(d)
	}
	next.was = d.was
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, next)
	return nil
}

// drop drops what is free.
func (p *pool) drop() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, d := range p.free {
		errs = append(errs, drop(d))
	}
	p.free = nil
	return errors.Join(errs...)
}

// state is what a database is brought back to, and compared with.
type state struct {
	shape string   // what shapeOf answers
	full  []string // tables that have rows
	// rows puts back what a table had, by its name.
	rows map[string]string
}

// usedOf asks for the tables that have ever had rows since they were last truncated,
// a "+" before those that have grown. It reads no rows, unlike [withRows]: to plan a
// look into every table of a schema takes longer than to empty those that were used.
var usedOf = fmt.Sprintf(`select coalesce(array_agg(case when size > %d then '+' else '' end || name order by name), '{}')
	from (select quote_ident(relname) as name, pg_relation_size(oid) as size from pg_class
		where relkind = 'r' and relnamespace = 'public'::regnamespace) t where size > 0`, grown)

// grown is the size in bytes from which a table is truncated. Below, deleting its
// rows is the quicker: truncating makes new files for the table and each index.
const grown = 256 << 10

// shapeOf sums up what a test may have changed besides rows. A table that was
// vacuumed or analysed counts as changed, since the planner's choices hang on it.
const shapeOf = `select concat_ws(' ',
	(select md5(string_agg(concat_ws(' ', oid, relname, relkind, relpersistence, reltuples, reloptions::text), ',' order by oid))
		from pg_class where relnamespace = 'public'::regnamespace and relkind <> 'i'),
	(select md5(string_agg(concat_ws(' ', indexrelid, indrelid, indisvalid), ',' order by indexrelid)) from pg_index),
	(select md5(string_agg(concat_ws(' ', attrelid, attnum, attname, atttypid, attnotnull, atthasdef), ',' order by attrelid, attnum))
		from pg_attribute where attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)),
	(select md5(string_agg(concat_ws(' ', sequencename, last_value), ',' order by sequencename)) from pg_sequences),
	(select count(*) from pg_constraint), (select count(*) from pg_trigger), (select count(*) from pg_rewrite),
	(select count(*) from pg_proc), (select count(*) from pg_namespace), (select count(*) from pg_extension),
	(select count(*) from pg_largeobject_metadata), (select count(*) from pg_db_role_setting))`

// stateOf reads how a database is right after its schema was made.
func stateOf(ctx context.Context, dsn string) (s *state, err error) {
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.Close(ctx)) }()

	s = &state{rows: map[string]string{}}
	if err := c.QueryRow(ctx, shapeOf).Scan(&s.shape); err != nil {
		return nil, err
	}
	had, err := used(ctx, c)
	if err != nil {
		return nil, err
	}
	if s.full, err = withRows(ctx, c, had); err != nil {
		return nil, err
	}
	for _, t := range s.full {
		var insert string
		if err := c.QueryRow(ctx, fmt.Sprintf(
			`select format('insert into %s select * from jsonb_populate_recordset(null::%[1]s, %%L);', jsonb_agg(x)) from %[1]s x`, t)).Scan(&insert); err != nil {
			return nil, err
		}
		s.rows[t] = insert
	}
	return s, nil
}

// used answers usedOf.
func used(ctx context.Context, c *pgx.Conn) (tables []string, err error) {
	err = c.QueryRow(ctx, usedOf).Scan(&tables)
	return tables, err
}

// withRows returns those of the tables that have rows, without a "+".
func withRows(ctx context.Context, c *pgx.Conn, tables []string) (full []string, err error) {
	if len(tables) == 0 {
		return nil, nil
	}
	cases := make([]string, len(tables))
	for i, t := range tables {
		cases[i] = fmt.Sprintf(`case when exists (select from %s) then '%[1]s' end`, strings.TrimPrefix(t, "+"))
	}
	err = c.QueryRow(ctx, `select array_remove(array[`+strings.Join(cases, ", ")+`]::text[], null)`).Scan(&full)
	return full, err
}

// errChanged means that emptying the tables does not make a database what it was.
var errChanged = errors.New("the database is not as it was")

// restore brings a database back to s. On any error it is not to be used again.
func (s *state) restore(ctx context.Context, dsn string) (err error) {
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close(ctx)) }()

	// A server process outlives its client by moments, and by the statement that
	// it is running when the client was killed.
	var ended bool
	if err := c.QueryRow(ctx, `select coalesce(bool_and(pg_terminate_backend(pid, 5000)), true) from pg_stat_activity
		where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`).Scan(&ended); err != nil {
		return err
	}
	if !ended {
		return errChanged
	}
	var shape string
	if err := c.QueryRow(ctx, shapeOf).Scan(&shape); err != nil {
		return err
	}
	if shape != s.shape {
		return errChanged
	}
	tables, err := used(ctx, c)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, t := range tables {
		name, large := strings.CutPrefix(t, "+")
		if large {
			b.WriteString("truncate " + name + ";")
		} else {
			b.WriteString("delete from " + name + ";")
		}
	}
	for _, t := range s.full {
		b.WriteString(s.rows[t])
	}
	// Several statements at once are one transaction.
	if _, err := c.PgConn().Exec(ctx, b.String()).ReadAll(); err != nil {
		return err
	}
	left, err := withRows(ctx, c, tables)
	if err != nil {
		return err
	}
	if !slices.Equal(left, s.full) {
		return errChanged
	}
	return nil
}
