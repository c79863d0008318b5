package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
)

// conn is what statements run on: a PostgreSQL transaction, or an SQLite session
// inside one.
type conn interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

// session is one SQLite connection with the statements prepared on it so far.
// On SQLite preparing costs as much as running, and database/sql forgets a
// statement prepared in a transaction when the transaction ends.
type session struct {
	setup      string // pragmas of this session alone
	conn       *sql.Conn
	statements map[string]*sql.Stmt
	snapshot   *snapshot // of a reading session, nil where no transaction was left open
}

// maxStatements bounds the kept statements. Texts vary with the length of their
// lists and the filters in use; beyond the bound the session starts afresh.
const maxStatements = 400

func (s *session) open(ctx context.Context, db *sql.DB) error {
	if s.conn != nil {
		return nil
	}
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	if _, err := c.ExecContext(ctx, s.setup); err != nil {
		return errors.Join(err, c.Close())
	}
	s.conn, s.statements = c, map[string]*sql.Stmt{}
	return nil
}

func (s *session) close() { s.end(false) }

// discard ends the connection itself: closing a session only gives it back to
// database/sql, which would hand it on as it is, a half-done transaction
// included.
func (s *session) discard() { s.end(true) }

func (s *session) end(broken bool) {
	// Statements MUST be closed before their connection.
	for _, st := range s.statements {
		_ = st.Close()
	}
	if s.conn != nil {
		if broken {
			_ = s.conn.Raw(func(any) error { return driver.ErrBadConn })
		}
		_ = s.conn.Close()
	}
	s.conn, s.statements, s.snapshot = nil, nil, nil
}

func (s *session) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if st := s.statements[query]; st != nil {
		return st, nil
	}
	if len(s.statements) >= maxStatements {
		for _, st := range s.statements {
			_ = st.Close()
		}
		clear(s.statements)
	}
	st, err := s.conn.PrepareContext(ctx, countedMarks(query))
	if err != nil {
		return nil, err
	}
	s.statements[query] = st
	return st, nil
}

func (s *session) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	st, err := s.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(ctx, args...)
}

func (s *session) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	ctx = s.patient(ctx)
	st, err := s.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

func (s *session) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	ctx = s.patient(ctx)
	st, err := s.prepare(ctx, query)
	if err != nil {
		// A Row can only carry the error of a query of its own.
		return s.conn.QueryRowContext(ctx, query, args...)
	}
	return st.QueryRowContext(ctx, args...)
}

// patient lets go on what is read for an answer that is kept, though its reader may
// have left: the next one is given it. What must be able to stop costs two
// goroutines for each statement, a tenth of what the page of an event takes to read.
func (s *session) patient(ctx context.Context) context.Context {
	if s.snapshot == nil {
		return ctx
	}
	return context.WithoutCancel(ctx)
}

// transact runs fn in a transaction, which it commits when fn returns nil and
// was to write.
func (s *Store) transact(ctx context.Context, write bool, fn func(conn) error) (err error) {
	if s.dialect == postgres {
		opts := &sql.TxOptions{}
		if !write {
			opts.ReadOnly, opts.Isolation = true, sql.LevelRepeatableRead
		}
		tx, err := s.db.BeginTx(ctx, opts)
		if err != nil {
			return fmt.Errorf("begin a transaction: %w", s.dialect.fault(err))
		}
		defer func() { _ = tx.Rollback() }()
		if err := fn(tx); err != nil || !write {
			return err
		}
		if err := tx.Commit(); err != nil {
			return fmt.Errorf("commit: %w", s.dialect.fault(err))
		}
		return nil
	}

	if !write {
		l, _ := ctx.Value(laggingKey{}).(*lagging)
		return s.view(ctx, l, fn)
	}
	var ses *session
	select {
	case ses = <-s.writer:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { s.writer <- ses }()
	if err := ses.open(ctx, s.db); err != nil {
		return fmt.Errorf("open a connection: %w", s.dialect.fault(err))
	}
	if _, err := ses.ExecContext(ctx, "begin immediate"); err != nil {
		ses.discard()
		return fmt.Errorf("begin a transaction: %w", s.dialect.fault(err))
	}
	done := false
	defer func() {
		if done {
			return
		}
		// The caller's context may be what ended the transaction, so the way back
		// must not depend on it. A connection that cannot roll back is given up.
		if _, err := ses.ExecContext(context.WithoutCancel(ctx), "rollback"); err != nil {
			ses.discard()
		}
	}()
	if err := fn(ses); err != nil {
		return err
	}
	if _, err := ses.ExecContext(ctx, "commit"); err != nil {
		return fmt.Errorf("commit: %w", s.dialect.fault(err))
	}
	done = true
	s.fold(ctx, ses)
	return nil
}

// foldPages is how long the write-ahead log may grow, 256 MB, and foldEvery after
// how many commits its length is looked at.
const (
	foldPages = 1 << 16
	foldEvery = 256
)

// fold starts the write-ahead log again from its beginning when it has grown long.
// SQLite does so by itself only in a moment in which nobody reads, and under a
// steady load there is none while another process imports. Readers go on
// meanwhile; writers wait until the readers of older snapshots are through, about
// as long as [Lag]. That it was not possible is no fault of the commit before it.
func (s *Store) fold(ctx context.Context, ses *session) {
	if s.commits++; s.commits%foldEvery != 0 {
		return
	}
	var busy, log, moved int
	err := ses.QueryRowContext(ctx, "pragma wal_checkpoint(passive)").Scan(&busy, &log, &moved)
	if err == nil && log > foldPages {
		s.readers.letGo()
		_ = ses.QueryRowContext(ctx, "pragma wal_checkpoint(restart)").Scan(&busy, &log, &moved)
	}
}
