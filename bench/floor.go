package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/store"
	_ "github.com/jackc/pgx/v5/stdlib" // the store's PostgreSQL driver
	_ "modernc.org/sqlite"             // the store's SQLite driver
)

// shape is everything an import left in a database: the very rows, in the order
// in which it wrote them, and in how many transactions.
type shape struct {
	tables  []written
	rows    int
	commits int
}

type written struct {
	insert string // one row, with parameters
	rows   [][]any
}

// parts are what an import writes: a table, its columns, and a query that gives
// its rows in the order of writing. Search documents are three parts because
// their numbers begin with the rank of their kind.
var parts = []struct{ table, query string }{
	{"source", "select * from source order by entry, id"},
	{"capture", "select * from capture order by entry, id"},
	{"import", "select * from import order by entry, id"},
	{"event", "select * from event order by entry, id"},
	{"claim", "select * from claim order by entry, id"},
	{"entry", "select * from entry order by seq"},
	{"entry_note", "select * from entry_note order by seq"},
	{"version", "select * from version order by entry"},
	{"import_row", "select * from import_row order by start"},
	{"import_problem", "select * from import_problem order by number"},
	{"figure", "select f.* from figure f join event e on e.id = f.subject order by e.entry, f.measure, f.audience"},
	{"doc", "select * from doc where kind = 'event' order by number"},
	{"doc", "select * from doc where kind = 'source' order by number"},
	{"doc", "select * from doc where kind = 'claim' order by number"},
	{"doc_tokens", "select number as rowid, tokens from doc where kind = 'event' order by number"},
	{"doc_tokens", "select number as rowid, tokens from doc where kind = 'source' order by number"},
	{"doc_tokens", "select number as rowid, tokens from doc where kind = 'claim' order by number"},
}

// readShape reads back what an import wrote.
func readShape(ctx context.Context, target string) (s shape, err error) {
	db, err := openBare(target)
	if err != nil {
		return s, err
	}
	defer joinClose(&err, db.Close)
	if err := db.QueryRowContext(ctx, "select change from head").Scan(&s.commits); err != nil {
		return s, fmt.Errorf("count the transactions: %w", err)
	}
	for _, p := range parts {
		if p.table == "doc_tokens" && store.IsPostgres(target) {
			continue
		}
		w, err := readTable(ctx, db, p.table, p.query, store.IsPostgres(target))
		if err != nil {
			return s, fmt.Errorf("read back %s: %w", p.table, err)
		}
		s.rows += len(w.rows)
		s.tables = append(s.tables, w)
	}
	return s, nil
}

func readTable(ctx context.Context, db *sql.DB, table, query string, postgres bool) (w written, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return w, err
	}
	defer joinClose(&err, rows.Close)
	columns, err := rows.Columns()
	if err != nil {
		return w, err
	}
	marks := make([]string, len(columns))
	for i := range marks {
		marks[i] = "?"
		if postgres {
			marks[i] = fmt.Sprintf("$%d", i+1)
		}
	}
	w.insert = "insert into " + table + " (" + strings.Join(columns, ", ") + ") values (" + strings.Join(marks, ", ") + ")"
	for rows.Next() {
		row := make([]any, len(columns))
		to := make([]any, len(columns))
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			return w, err
		}
		w.rows = append(w.rows, row)
	}
	return w, rows.Err()
}

// write writes the rows into a fresh database with the same schema: one
// goroutine, one prepared statement for each table, one row at a time, and as
// many transactions as the import took.
func (s shape) write(ctx context.Context, target string) (took time.Duration, err error) {
	st, err := store.Open(ctx, target) // makes the schema
	if err != nil {
		return 0, err
	}
	if err := st.Close(); err != nil {
		return 0, err
	}
	db, err := openBare(target)
	if err != nil {
		return 0, err
	}
	defer joinClose(&err, db.Close)
	conn, err := db.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer joinClose(&err, conn.Close)
	statements := make([]*sql.Stmt, len(s.tables))
	for i, w := range s.tables {
		if statements[i], err = conn.PrepareContext(ctx, w.insert); err != nil {
			return 0, fmt.Errorf("prepare %q: %w", w.insert, err)
		}
		defer joinClose(&err, statements[i].Close)
	}
	start := time.Now()
	for n := range s.commits {
		if err := s.share(ctx, conn, statements, n); err != nil {
			return 0, err
		}
	}
	return time.Since(start), nil
}

// share writes the nth part of every table in one transaction.
func (s shape) share(ctx context.Context, conn *sql.Conn, statements []*sql.Stmt, n int) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for i, w := range s.tables {
		st := tx.StmtContext(ctx, statements[i])
		for _, row := range w.rows[len(w.rows)*n/s.commits : len(w.rows)*(n+1)/s.commits] {
			if _, err := st.ExecContext(ctx, row...); err != nil {
				return errors.Join(fmt.Errorf("%s: %w", w.insert, err), tx.Rollback())
			}
		}
	}
	return tx.Commit()
}

// openBare opens a database without the store, with the pragmas and the memory that
// the store uses for its writer.
func openBare(target string) (*sql.DB, error) {
	if store.IsPostgres(target) {
		return sql.Open("pgx", target)
	}
	if err := store.PoolPages(); err != nil {
		return nil, err
	}
	return sql.Open("sqlite", "file:"+(&url.URL{Path: target}).EscapedPath()+
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)"+
		"&_pragma=secure_delete(1)&_pragma=temp_store(2)&_pragma=wal_autocheckpoint(4000)&_pragma=cache_size(-32768)")
}

func removeSQLite(path string) error {
	var err error
	for _, end := range []string{"", "-wal", "-shm"} {
		if e := os.Remove(path + end); e != nil && !errors.Is(e, os.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// freshDatabase makes a database on a PostgreSQL server.
func freshDatabase(ctx context.Context, server string) (address string, drop func() error, err error) {
	u, err := url.Parse(server)
	if err != nil || !store.IsPostgres(server) {
		return "", nil, errors.New("-db takes a postgres:// address of a server on which a database may be made")
	}
	name := "gawah_bench_" + strings.ToLower(rand.Text())
	if err := admin(ctx, server, "create database "+name+" template template0 encoding 'UTF8'"); err != nil {
		return "", nil, fmt.Errorf("make a database to measure in: %w", err)
	}
	u.Path = "/" + name
	return u.String(), func() error {
		// An interrupted run takes its database away too.
		return admin(context.WithoutCancel(ctx), server, "drop database if exists "+name+" with (force)")
	}, nil
}

func admin(ctx context.Context, server, statement string) (err error) {
	db, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer joinClose(&err, db.Close)
	_, err = db.ExecContext(ctx, statement)
	return err
}
