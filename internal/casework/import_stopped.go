package casework

import (
	"errors"
	"fmt"
	"io"

	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/store"
)

// full reports whether an error is that the disk has no room.
func full(err error) bool { return errors.Is(err, store.ErrFull) || errors.Is(err, blob.ErrFull) }

// fullError ends an import that finds no more room. Its words are for people; it
// wraps [store.ErrFull] or what the originals have for it.
type fullError struct {
	told  exchange.Problem
	cause error
}

func (e *fullError) Error() string { return e.told.Reason }
func (e *fullError) Unwrap() error { return e.cause }

// ended is the error with which an import ends. That the disk is full, or the file
// breaks off, is told once, with what was kept and how to go on, here and in the
// report.
func (r *ImportReport) ended(err error) error {
	if unread, ok := errors.AsType[*unreadError](err); ok {
		p := exchange.FileUnread(r.Rows, errors.Is(unread, io.ErrUnexpectedEOF))
		p.Reason = p.In(lang.English().T)
		r.Stopped = &p
		unread.then = fmt.Sprintf("; rows read before that: %d", r.Rows)
		if !r.DryRun {
			unread.then += ", which are kept"
		}
		unread.then += "; get the whole file and import it again"
		return err
	}
	if !full(err) {
		return err
	}
	p := exchange.DiskFull(r.Created + r.Updated)
	p.Reason = p.In(lang.English().T)
	r.Stopped = &p
	return &fullError{p, err}
}

// Stopped is why the run ended before its file did, nil where that did not happen.
func (r *ImportRun) Stopped() *exchange.Problem {
	if r.Report == nil {
		return nil
	}
	return r.Report.Stopped
}

// NoRoom is the report on a file for which there is no room to begin with, and the
// error to go with it; the error as it is when it is another.
func NoRoom(err error) (*ImportReport, error) {
	if !full(err) {
		return nil, err
	}
	r := &ImportReport{Problems: []exchange.Problem{}}
	return r, r.ended(err)
}
