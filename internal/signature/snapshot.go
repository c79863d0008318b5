package signature

import "time"

// Snapshot is what the public sees of a petition's numbers. Everything in it is
// exact as of one instant.
type Snapshot struct {
	Petition int `json:"petition"`
	// At is the instant as of which all of it is exact, in microseconds UTC.
	At int64 `json:"at"`
	// Change grows with every new snapshot; with Petition it names this one.
	Change int64 `json:"change"`
	// Live says that the next one follows within a second of a change; otherwise
	// it follows in a step.
	Live bool `json:"live"`

	// Count is the people who signed online, confirmed and not taken out.
	Count         int64 `json:"count"`
	Paper         int64 `json:"paper"`
	Codes         int64 `json:"codes"`
	Organisations int64 `json:"organisations"`

	// Both are of Count, Paper and Codes together; days are those of confirmation.
	Countries Cells     `json:"countries"`
	Days      Cells     `json:"days"`
	Integrity Integrity `json:"integrity"`
	// Since is the first edition to which a signature counted then.
	Since int `json:"since,omitempty"`
	// Moves is [Tally.Moves] at that instant, Gone [Tally.Gone].
	Moves int64 `json:"moves"`
	Gone  int64 `json:"gone,omitempty"`
	// Next is when the next step is at the earliest, microseconds UTC; 0 live.
	Next int64 `json:"next,omitempty"`
}

// People is everybody counted: online, on paper and by code.
func (s *Snapshot) People() int64 { return s.Count + s.Paper + s.Codes }

// When returns the instant as of which the snapshot is exact.
func (s *Snapshot) When() time.Time { return time.UnixMicro(s.At).UTC() }

// Take makes the snapshot of a tally at an instant.
func Take(petition int, t Tally, at time.Time, live bool, since int, organisations int64, reason func(string) string) Snapshot {
	i := t.Sum(since, organisations, reason)
	s := Snapshot{
		Petition: petition, At: at.UnixMicro(), Live: live,
		Count: i.Online, Paper: i.Paper, Codes: i.Codes, Organisations: organisations,
		Countries: Suppress(t.Countries(since)), Days: SuppressDays(t.ByDay(since)),
		Integrity: i, Since: since, Moves: t.Moves(), Gone: t.Gone(),
	}
	if !live {
		s.Next = at.Add(StepTime).UnixMicro()
	}
	return s
}

// A step is taken when both have passed since the one before.
const (
	StepTime  = time.Hour
	StepMoves = 20
)

// StepDue reports whether next is to be shown: an hour after the snapshot before
// or after twenty changes of the count, whichever is later, so that
// nobody can match a change to a visit. When collection is over the last few
// are shown after the hour alone, since nothing else will ever hide them.
// A clock that was set back makes the wait longer, never shorter. A text that
// needs everybody's consent again is public, and what it does to the count is
// shown at once.
func StepDue(shown, next *Snapshot, over bool) bool {
	if shown == nil || shown.Since != next.Since {
		return true
	}
	if next.When().Before(shown.When().Add(StepTime)) {
		return false
	}
	d := changes(shown, next)
	return d >= StepMoves || over && d > 0
}

// changes is how many signatures have changed at least between two snapshots: who
// agrees again to a text moves from the earlier ones to the confirmed ones, and
// no [Tally.Moves].
func changes(a, b *Snapshot) int64 {
	var most int64
	for _, d := range []int64{b.Moves - a.Moves, b.Integrity.Confirmed - a.Integrity.Confirmed, b.Integrity.Earlier - a.Integrity.Earlier} {
		most = max(most, d, -d)
	}
	return most
}
