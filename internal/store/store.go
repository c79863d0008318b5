package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib" // the PostgreSQL driver
	_ "modernc.org/sqlite"           // the SQLite driver
)

// Store is an open database. It is safe for use by several goroutines.
type Store struct {
	dialect dialect
	dsn     string
	// db is PostgreSQL's pool, or the handle behind SQLite's sessions.
	db *sql.DB

	// SQLite only. Holding writer is being the one writer; pulse reads nothing but
	// the head. A session is used by whoever took it, alone.
	writer  chan *session
	commits int // by whoever holds writer
	pulse   chan *session
	readers *readers

	frequent frequent
}

// Open opens the database that target names, a postgres:// address or the path
// of an SQLite file, and brings its schema up to date. A database newer than
// this program is refused.
func Open(ctx context.Context, target string) (*Store, error) {
	s, err := connect(target)
	if err != nil {
		return nil, err
	}
	all, err := s.dialect.migrations()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read the migrations: %w", err), s.Close())
	}
	if err := s.migrate(ctx, all); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// IsPostgres reports whether target names a PostgreSQL database.
func IsPostgres(target string) bool {
	return strings.HasPrefix(target, "postgres://") || strings.HasPrefix(target, "postgresql://")
}

func connect(target string) (*Store, error) {
	s := &Store{dsn: target}
	if IsPostgres(target) {
		s.dialect = postgres
		config, err := pgx.ParseConfig(target)
		if err != nil {
			return nil, fmt.Errorf("open the PostgreSQL database: %w", redact(err, target))
		}
		// Compiling a query takes PostgreSQL several times as long as running ours.
		db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
			_, err := c.Exec(ctx, "set jit = off")
			return err
		}))
		db.SetMaxOpenConns(16)
		db.SetMaxIdleConns(16)
		s.db = db
		return s, nil
	}
	s.dialect = sqlite
	if err := PoolPages(); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(target)
	if err != nil {
		return nil, fmt.Errorf("resolve the path of the database: %w", err)
	}
	// busy_timeout comes first so that the pragmas after it wait for a lock too.
	// secure_delete overwrites what is deleted, which erasure relies on.
	s.db, err = sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)"+
		"&_pragma=secure_delete(1)&_pragma=temp_store(2)&_pragma=wal_autocheckpoint(4000)")
	if err != nil {
		return nil, fmt.Errorf("open the database %s: %w", path, err)
	}
	s.db.SetMaxOpenConns(readSessions + 2)
	s.db.SetMaxIdleConns(readSessions + 2)
	s.writer = make(chan *session, 1)
	s.pulse = make(chan *session, 1)
	s.writer <- &session{setup: keepPages(writerPages)}
	s.pulse <- &session{setup: keepPages(pulsePages)}
	s.readers = newReaders(readSessions, keepPages(readerPages))
	return s, nil
}

// readSessions is how many readers SQLite serves at once; more only wait for a
// processor.
const readSessions = 8

// redact keeps a password in the address out of an error's text.
func redact(err error, target string) error {
	u, parseErr := url.Parse(target)
	if parseErr != nil || u.User == nil {
		return err
	}
	if p, ok := u.User.Password(); ok && p != "" {
		return errors.New(strings.ReplaceAll(err.Error(), p, "…"))
	}
	return err
}

// Close waits for running transactions and closes the connections.
func (s *Store) Close() error {
	if s.dialect == sqlite {
		s.readers.close()
		(<-s.pulse).close()
		(<-s.writer).close()
	}
	return s.db.Close()
}

// Engine names the database for people ("SQLite", "PostgreSQL").
func (s *Store) Engine() string { return s.dialect.name() }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return s.View(ctx, func(r *Reader) error {
		var one int
		_, err := r.one(ctx, []any{&one}, "select one from head")
		return err
	})
}

// Head is the end of the journal as a writing transaction found it.
type Head struct {
	Size     int64  // entries
	Frontier []byte // roots of the complete subtrees, 32 bytes each, largest first
	Docs     int64
}

// Tx is a writing transaction. It is used by one goroutine.
type Tx struct {
	Reader
	Head  Head
	slabs map[string]*slab
	order []string // of slabs, by first use
	texts []docText
	// levels are the search documents whose level changes when the transaction
	// ends: with secure-delete each change costs FTS5 milliseconds, which a
	// transaction that is taken back is spared, and one made several times pays once.
	levels map[string]docLevel
	// adding is set by [Tx.Adding], changed by any statement that does not only
	// insert.
	adding, changed bool
	reach           reach
	moved           map[string]record.Kind // of what is followed, see moveFollowed
	// inside counts the calls under way whose writing belongs to what is followed up;
	// beyond says that something else was written: see within.
	inside int
	beyond bool
}

// Write runs fn in a transaction that is the only writer until it ends and
// commits it when fn returns nil. On any error nothing stays.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
	return s.transact(ctx, true, func(c conn) error {
		t := &Tx{slabs: map[string]*slab{}}
		t.Reader = Reader{conn: c, dialect: s.dialect, before: t.flush}
		row := c.QueryRowContext(ctx, "update head set change = change + 1, register = register + 1 where one = 1 returning size, frontier, docs")
		if err := row.Scan(&t.Head.Size, &t.Head.Frontier, &t.Head.Docs); err != nil {
			return fmt.Errorf("take the end of the journal: %w", s.dialect.fault(err))
		}
		before := t.Head
		if err := fn(t); err != nil {
			return err
		}
		if err := t.settle(ctx); err != nil {
			return err
		}
		if err := t.writeMoves(ctx); err != nil {
			return err
		}
		if t.Head.Size != before.Size || t.Head.Docs != before.Docs {
			// Nobody else has seen the change that is taken back here.
			adding := t.adding && !t.changed
			return t.exec(ctx, "update head set size = $1, frontier = $2, docs = $3, change = change - $4, reach = reach + $5, register = register - $6 where one = 1",
				t.Head.Size, blob(t.Head.Frontier), t.Head.Docs, flag(adding), flag(!adding || t.reach.out), flag(!t.beyond))
		}
		return t.flush(ctx)
	})
}

// View runs fn on a snapshot of the database: everything it reads belongs
// together, whatever is committed meanwhile.
func (s *Store) View(ctx context.Context, fn func(*Reader) error) error {
	return s.transact(ctx, false, func(c conn) error {
		return fn(&Reader{conn: c, dialect: s.dialect, frequent: &s.frequent})
	})
}

// exec runs a statement after everything buffered before it.
func (t *Tx) exec(ctx context.Context, query string, args ...any) error {
	_, err := t.execCount(ctx, query, args...)
	return err
}

func (t *Tx) execCount(ctx context.Context, query string, args ...any) (int64, error) {
	if err := t.flush(ctx); err != nil {
		return 0, err
	}
	t.changed = true
	t.beyond = t.beyond || t.inside == 0
	return t.run(ctx, query, args)
}

// run executes without flushing.
func (t *Tx) run(ctx context.Context, query string, args []any) (int64, error) {
	res, err := t.conn.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, t.dialect.fault(err)
	}
	n, err := res.RowsAffected()
	return n, t.dialect.fault(err)
}

// Reader reads in one snapshot, or within a writing transaction.
type Reader struct {
	conn    conn
	dialect dialect
	// before flushes what a writing transaction has buffered; nil when reading.
	before func(context.Context) error
	// plans and listed are what one page asks for twice; frequent is remembered
	// between pages, nil in a writing transaction.
	plans    map[string]wordPlan
	listed   map[string][]EventCursor
	frequent *frequent
}

func (r *Reader) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if r.before != nil {
		if err := r.before(ctx); err != nil {
			return nil, err
		}
	}
	rows, err := r.conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, r.dialect.fault(err)
	}
	return rows, nil
}

// one scans a single row and reports whether there was one.
func (r *Reader) one(ctx context.Context, dest []any, query string, args ...any) (bool, error) {
	if r.before != nil {
		if err := r.before(ctx); err != nil {
			return false, err
		}
	}
	err := r.conn.QueryRowContext(ctx, query, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, r.dialect.fault(err)
}
