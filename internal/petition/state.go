package petition

import (
	"slices"

	"github.com/gawah-project/gawah/internal/record"
)

// PublicState is the one word that other software expects of a petition, in the
// terms of the UK Parliament's petitions site. It is worked out and stored nowhere.
type PublicState string

// The states. Only open, closed and rejected are ever given to the public there;
// a stopped petition's page stays here and says why.
const (
	StatePending  PublicState = "pending"  // being written
	StateFlagged  PublicState = "flagged"  // being looked over
	StateDormant  PublicState = "dormant"  // published, not open yet
	StateOpen     PublicState = "open"     // open, or paused for a while
	StateClosed   PublicState = "closed"   // by decision or by its deadline
	StateRejected PublicState = "rejected" // not published, for a reason that is public
	StateHidden   PublicState = "hidden"   // refused for a reason that hides its title
	StateStopped  PublicState = "stopped"  // taken back
	StateRemoved  PublicState = "removed"  // taken back for a reason that hides its title
)

// Listed reports whether a petition in this state may be listed by its title.
func (s PublicState) Listed() bool {
	return slices.Contains([]PublicState{StateDormant, StateOpen, StateClosed, StateRejected, StateStopped}, s)
}

// State returns the state of a petition at an instant (microseconds UTC).
func State(p *record.Petition, now int64) PublicState {
	hides := p.Rejection != nil && p.Rejection.Code.Hides()
	switch p.Publication {
	case record.PetitionReview:
		return StateFlagged
	case record.PetitionRejected:
		if hides {
			return StateHidden
		}
		return StateRejected
	case record.PetitionStopped:
		if hides {
			return StateRemoved
		}
		return StateStopped
	case record.PetitionPublished:
		if p.Foreign != nil {
			return foreignState(p.Foreign.State)
		}
		switch _, why := CollectsAt(p, now, true); why {
		case WhyNotOpen, WhyScheduled:
			return StateDormant
		case WhyClosed, WhyDeadline, WhyDestroyed:
			return StateClosed
		}
		return StateOpen
	}
	return StatePending
}

// foreignState keeps the word another site used, where it is one of ours.
func foreignState(s string) PublicState {
	switch state := PublicState(s); state {
	case StateOpen, StateRejected:
		return state
	}
	return StateClosed
}

// AnswerState is the other word: whether an answer is due or there.
type AnswerState string

// The states of the answer, as the UK Parliament's site words them.
const (
	AnswerPending   AnswerState = "pending"   // not handed over yet
	AnswerAwaiting  AnswerState = "awaiting"  // handed over to somebody
	AnswerResponded AnswerState = "responded" // somebody answered
)

// Answers returns where the answer stands, from the existence of deliveries and
// replies.
func Answers(delivered, replied bool) AnswerState {
	switch {
	case replied:
		return AnswerResponded
	case delivered:
		return AnswerAwaiting
	}
	return AnswerPending
}

// Why is a reason for which signatures are not taken.
type Why string

// The reasons. WhyOpen is none.
const (
	WhyOpen      Why = ""
	WhyDraft     Why = "draft"     // not published
	WhyRejected  Why = "rejected"  // not published, for a public reason
	WhyStopped   Why = "stopped"   // taken back
	WhyForeign   Why = "foreign"   // signed on another site
	WhyPractice  Why = "practice"  // a private copy, reached from elsewhere
	WhyNotOpen   Why = "not_open"  // nobody has opened it yet
	WhyScheduled Why = "scheduled" // its hour of opening has not come
	WhyPaused    Why = "paused"    // for a while; the deadline moves on
	WhyDeadline  Why = "deadline"  // its last day is over
	WhyClosed    Why = "closed"    // by decision
	WhyDestroyed Why = "destroyed" // its signers' data are gone, keys included
)

// CollectsAt reports whether signatures are taken at an instant (microseconds
// UTC), and why not. Loopback says that the visitor is on this very machine, where
// alone a practice copy is open.
func CollectsAt(p *record.Petition, now int64, loopback bool) (bool, Why) {
	why := WhyOpen
	switch {
	case p.Foreign != nil:
		why = WhyForeign
	case p.Publication == record.PetitionRejected:
		why = WhyRejected
	case p.Publication == record.PetitionStopped:
		why = WhyStopped
	case p.Publication != record.PetitionPublished:
		why = WhyDraft
	case p.Destroyed > 0:
		why = WhyDestroyed
	case p.Collection == record.CollectClosed:
		why = WhyClosed
	case p.Practice && !loopback:
		why = WhyPractice
	case p.Collection == record.CollectNotOpen:
		why = WhyNotOpen
	case p.Closes > 0 && now >= ExtendedClose(p, now):
		why = WhyDeadline
	case p.Collection == record.CollectPaused:
		why = WhyPaused
	case p.Collection != record.CollectOpen:
		why = WhyNotOpen
	case now < p.Opens:
		why = WhyScheduled
	}
	return why == WhyOpen, why
}

// ExtendedClose returns the instant at which collection ends, 0 without a
// deadline: the one that was set, later by as long as collection was paused
// while it could have run. During a pause it moves with the clock.
func ExtendedClose(p *record.Petition, now int64) int64 {
	if p.Closes == 0 {
		return 0
	}
	closes := p.Closes
	pauses := slices.Clone(p.Pauses)
	slices.SortStableFunc(pauses, func(a, b record.Pause) int {
		switch {
		case a.From < b.From:
			return -1
		case a.From > b.From:
			return 1
		}
		return 0
	})
	counted := p.Opens // up to here every instant is accounted for
	for _, pause := range pauses {
		from, to := max(pause.From, counted), pause.To
		if to == 0 {
			to = now
		}
		if from >= closes {
			break
		}
		if to > from { // a clock that was set back makes no pause
			closes += to - from
			counted = to
		}
	}
	return closes
}

// Reached returns the goals that a count has reached, and the next one, 0 when
// there is none.
func Reached(goals []int, count int64) (reached []int, next int) {
	for _, g := range goals {
		if int64(g) > count {
			return reached, g
		}
		reached = append(reached, g)
	}
	return reached, 0
}
