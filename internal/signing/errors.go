package signing

import (
	"errors"
	"time"

	"github.com/gawah-project/gawah/internal/seal"
)

var (
	// ErrClosed means that the petition takes no signatures now.
	ErrClosed = errors.New("this petition takes no signatures now")
	// ErrEdition means that the text changed since the form was shown.
	ErrEdition = errors.New("the text has changed since this page was opened; read it again before signing")
	// ErrLine means that a line of paper was taken before, by where it stands.
	ErrLine = errors.New("this line of the sheet was taken before")
	// ErrGone means that a signature was withdrawn, or its data destroyed.
	ErrGone = errors.New("this signature was withdrawn or its data deleted; there is nothing left to change")
	// ErrToken means that a link is not one of ours, or not for this.
	ErrToken = seal.ErrToken
	// ErrDestroyed means that the petition's key is gone, and all that was
	// encrypted under it.
	ErrDestroyed = seal.ErrDestroyed
	// ErrFull means that the disk is full; nothing was taken.
	ErrFull = errors.New("the server has no room left; nothing was taken, try again later")
)

// Busy means that nothing was taken and that it is worth trying again after a
// while.
type Busy struct {
	// RetryAfter is how long to wait.
	RetryAfter time.Duration
	// Cause is for the log; it holds nothing personal. nil when the queue is full.
	Cause error
}

func (b *Busy) Error() string { return "the server is busy; nothing was taken, try again shortly" }

// Unwrap returns the cause.
func (b *Busy) Unwrap() error { return b.Cause }
