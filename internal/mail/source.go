package mail

import (
	"context"
	"time"
)

// Source has messages that are due as a state of its own rows. All methods may
// be called from several goroutines.
type Source interface {
	// Due leases at most limit messages of lanes up to maxLane that are due at now,
	// the most urgent first: none of them is returned again, to this process or
	// another, before the instant until, unless Settle says so. Several processes
	// never get the same one. It costs next to nothing when nothing is due.
	Due(ctx context.Context, now, until time.Time, maxLane Lane, limit int) ([]Pending, error)
	// Wanted reports whether a leased message may still leave: what it is about may have
	// ended since Due returned it. One that may not is not settled, and MUST NOT be
	// returned by Due again. It is asked before each message.
	Wanted(ctx context.Context, id string) (bool, error)
	// Settle notes what became of a leased message. A message that is Sent MUST NOT
	// be returned by Due again, whoever holds its lease by now.
	Settle(ctx context.Context, id string, o Outcome) error
	// Bounced notes that a message that was sent could not be delivered, and
	// reports whether the key and part are those of a message of this source. code
	// is an enhanced status code such as "5.1.1".
	Bounced(ctx context.Context, key string, part int, code string) (bool, error)
	// Preview returns what waits, as Due would without a lease, with what never
	// leaves (Keep).
	Preview(ctx context.Context, limit int) ([]Pending, error)
}

// Pending is a source's message that is due.
type Pending struct {
	// ID names it between Due and Settle; it never leaves the house.
	ID string
	// Key and Part are public: they make the Message-ID and a bounce's address.
	// Key is at most 20 bytes as [EncodeKey] writes them, cannot be guessed, says
	// nothing of order, and is the same each time the message is sent. Part
	// tells messages to one key apart: 0 the confirmation, then the number of the
	// update.
	Key   string
	Part  int
	Kind  string
	Lane  Lane
	Tries int       // before this one
	Made  time.Time // since when it is due, zero if that is not known
	Keep  bool      // only from Preview: it never leaves
	// Due is when it is to be sent, or given back, and Shared that its address has had
	// its share of mails until then: only from Preview.
	Due    time.Time
	Shared bool
	// Message is what is sent. It is the same, byte for byte, each time.
	Message Message
}

// Result is what became of a message.
type Result int

// Sent: a server has taken it. Later: it is to be tried again at Outcome.Due.
// Failed: it cannot be delivered. Untried: it was not tried and is due as before.
const (
	Sent Result = iota + 1
	Later
	Failed
	Untried
	// ended: nobody wants it any more. A source is not told, because it said so.
	ended
)

// Outcome is what became of a message, at the instant At.
type Outcome struct {
	Result Result
	At     time.Time
	Due    time.Time // of Later; of Untried, if not zero, when it is worth another try
	// Lease is the until of the Due that returned the message. A lease that has run
	// out may be another process's by now: then anything but Sent is ignored.
	Lease time.Time
	Code  string // of Later and Failed: "450 4.2.1", "timeout", without personal data
}

// Feeder tells something to very many people, a piece at a time, so that the
// outbox never holds much of it.
type Feeder interface {
	// Feed puts the next messages of [LaneUpdate], at most limit, into the outbox in
	// the transactions that note whom they reach, and returns how many people that
	// was. 0 means that there is nothing more to tell. A process that is killed
	// meanwhile leaves each person either told or not.
	Feed(ctx context.Context, limit int) (int, error)
}
