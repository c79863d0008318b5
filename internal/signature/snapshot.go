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
	// Moves is [Tally.Moves] at that instant.
	Moves int64 `json:"moves"`
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
		Integrity: i, Moves: t.Moves(),
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

// StepDue reports whether a new snapshot is to be shown: an hour after the one
// before or after twenty changes of the count, whichever is later, so that
// nobody can match a change to a visit. When collection is over the last few
// are shown after the hour alone, since nothing else will ever hide them.
// A clock that was set back makes the wait longer, never shorter.
func StepDue(shown *Snapshot, moves int64, now time.Time, over bool) bool {
	if shown == nil {
		return true
	}
	if now.Before(shown.When().Add(StepTime)) {
		return false
	}
	d := moves - shown.Moves
	if d < 0 {
		d = -d
	}
	return d >= StepMoves || over && d > 0
}
