package store

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/jackc/pgx/v5/pgconn"
	sqlitedriver "modernc.org/sqlite"
)

// dialect is which of the two databases this is. Everything that asks is a
// difference between them that cannot be written away.
type dialect int

const (
	sqlite dialect = iota
	postgres
)

func (d dialect) name() string {
	if d == postgres {
		return "PostgreSQL"
	}
	return "SQLite"
}

// ErrFull means that the disk or the database has no room; nothing was written.
var ErrFull = errors.New("no space left for the database; free some and try again")

// ErrBusy means that another process held the database for too long.
var ErrBusy = errors.New("the database is busy; try again")

// fault maps a driver's error by its code. What is not known stays as it is, an
// internal fault.
func (d dialect) fault(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*sqlitedriver.Error](err); ok {
		switch code := e.Code(); {
		case code == 1555 || code == 2067: // primary key, unique index
			return fmt.Errorf("%w: %w", record.ErrConflict, err)
		case code&0xff == 13: // SQLITE_FULL
			return fmt.Errorf("%w (%w)", ErrFull, err)
		case code&0xff == 5 || code&0xff == 6: // SQLITE_BUSY, SQLITE_LOCKED
			return fmt.Errorf("%w (%w)", ErrBusy, err)
		}
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code {
		case "23505":
			return fmt.Errorf("%w: %w", record.ErrConflict, err)
		case "53100":
			return fmt.Errorf("%w (%w)", ErrFull, err)
		case "40001", "40P01", "55P03":
			return fmt.Errorf("%w (%w)", ErrBusy, err)
		}
	}
	return err
}

// blob returns b as a parameter for a column that is never null: both drivers
// send a nil slice as null, and SQLite's reads an empty value back as nil.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// chunk is how many values one list in a statement may hold. Lists are filled up
// to few distinct lengths so that few distinct texts are prepared.
const chunk = 256

// list writes "$n, $n+1, …" for the values and appends them to args. A short
// list is padded to the next power of two by repeating its last value, which
// changes no membership test.
func list[T ~string](args []any, values []T) (string, []any) {
	n := 1
	for n < len(values) {
		n *= 2
	}
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(len(args) + 1))
		args = append(args, string(values[min(i, len(values)-1)]))
	}
	return b.String(), args
}
