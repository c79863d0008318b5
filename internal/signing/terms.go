package signing

import (
	"context"
	"time"

	"github.com/gawah-project/gawah/internal/record"
)

// Terms are what signing has to know of a petition. They are not changed once
// handed over.
type Terms struct {
	Number int
	// Edition is the one in force; Reconsent the first to which a signature still
	// counts.
	Edition   int
	Reconsent int
	// Collecting says that signatures of people are taken, by decision; whether the
	// clock agrees is worked out from Opens and Closes, microseconds UTC, 0 for
	// none.
	Collecting bool
	Opens      int64
	Closes     int64
	// Ended says that collection is over for good.
	Ended bool
	// Live shows the count at most a second behind; otherwise it moves in steps.
	Live      bool
	Household bool
	// Recipients are age public keys to which sealed names are encrypted; without
	// any, no sealed name is kept.
	Recipients []string
	// Practice keeps all its mail in the house.
	Practice bool
	// Organisations is how many have signed.
	Organisations int64
	// Reasons are the public reasons of invalidations, by identifier.
	Reasons map[string]string
}

// Open reports whether a signature is taken at an instant.
func (t *Terms) Open(now time.Time) bool {
	at := now.UnixMicro()
	return t.Collecting && at >= t.Opens && (t.Closes == 0 || at < t.Closes)
}

// Over reports whether no signature will be taken any more.
func (t *Terms) Over(now time.Time) bool {
	return t.Ended || t.Closes != 0 && now.UnixMicro() >= t.Closes
}

func (t *Terms) reason(invalidation string) string {
	if r := t.Reasons[invalidation]; r != "" {
		return r
	}
	return string(record.VoidOther)
}

// Registry knows the petitions. It is asked for every signature and MUST answer
// from memory; whoever changes a petition refreshes it, in every process.
type Registry interface {
	// Terms returns what is known of a petition, or record.ErrNotFound.
	Terms(ctx context.Context, number int) (*Terms, error)
	// Numbers lists the petitions whose numbers are shown, in order.
	Numbers(ctx context.Context) ([]int, error)
}
