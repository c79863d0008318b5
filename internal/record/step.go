package record

import "fmt"

// StepKind is what a step is, where it is one that many demands share.
type StepKind string

// The steps of ready-made lists. Own is a step in words of its own.
const (
	StepComplaint     StepKind = "complaint"
	StepInquiry       StepKind = "inquiry"
	StepNamed         StepKind = "suspects_named"
	StepArrest        StepKind = "arrest"
	StepCharge        StepKind = "charge"
	StepTrial         StepKind = "trial"
	StepTransfer      StepKind = "transfer"
	StepVerdict       StepKind = "verdict"
	StepSentence      StepKind = "sentence"
	StepAppeal        StepKind = "appeal"
	StepAppealDecided StepKind = "appeal_decided"
	StepEscape        StepKind = "escape"
	StepRecapture     StepKind = "recapture"
	StepRelease       StepKind = "release"
	StepKilledBefore  StepKind = "killed_before_trial"
	StepWithdrawn     StepKind = "case_withdrawn"
	StepRecordMissing StepKind = "record_missing"

	StepAnnounced    StepKind = "announced"
	StepSanctioned   StepKind = "sanctioned"
	StepPaid         StepKind = "paid"
	StepAllPaid      StepKind = "paid_to_all"
	StepPlan         StepKind = "plan"
	StepDeployed     StepKind = "deployed"
	StepKept         StepKind = "kept_up"
	StepProscribed   StepKind = "proscribed"
	StepFunds        StepKind = "funds_stopped"
	StepDisarmed     StepKind = "disarmed"
	StepLeaders      StepKind = "leaders_tried"
	StepFormed       StepKind = "formed"
	StepTerms        StepKind = "terms"
	StepSubmitted    StepKind = "submitted"
	StepPublished    StepKind = "published"
	StepAdopted      StepKind = "adopted"
	StepBill         StepKind = "bill"
	StepAssented     StepKind = "assented"
	StepRules        StepKind = "rules"
	StepBudget       StepKind = "budget"
	StepApologyMade  StepKind = "apology_made"
	StepApologyHeard StepKind = "apology_heard"
	StepVisit        StepKind = "visit"
	StepOwn          StepKind = "own"
)

// StepKinds lists the kinds of step in the order in which forms offer them.
func StepKinds() []StepKind {
	return append(ChainKinds(),
		StepAnnounced, StepSanctioned, StepPaid, StepAllPaid, StepPlan, StepDeployed, StepKept,
		StepProscribed, StepFunds, StepDisarmed, StepLeaders, StepFormed, StepTerms, StepSubmitted, StepPublished, StepAdopted,
		StepBill, StepAssented, StepRules, StepBudget, StepApologyMade, StepApologyHeard, StepVisit, StepOwn,
	)
}

// ChainKinds lists the steps from a complaint to the end of a case, in the order
// in which they come, the ways out of it last.
func ChainKinds() []StepKind {
	return []StepKind{
		StepComplaint, StepInquiry, StepNamed, StepArrest, StepCharge, StepTrial, StepTransfer, StepVerdict, StepSentence,
		StepAppeal, StepAppealDecided, StepEscape, StepRecapture, StepRelease, StepKilledBefore, StepWithdrawn, StepRecordMissing,
	}
}

// Step is one checkable part of a demand or a commitment.
type Step struct {
	Key  string   `json:"key"` // short and stable within its demand
	Kind StepKind `json:"kind"`
	Text Text     `json:"text,omitempty"` // what closes it; a step of its own needs one
	// Essential steps have to be met before the whole is; the others are ways it may also go.
	Essential bool    `json:"essential,omitempty"`
	Owner     PartyID `json:"owner,omitempty"`
	Due       Due     `json:"due,omitzero"`
	// Want is how many it is about (families to be paid, suspects), 0 where it is not a number.
	Want int64 `json:"want,omitempty"`
	// After lists the keys of steps that come before this one.
	After []string `json:"after,omitempty"`
}

// MaxSteps bounds the steps of one demand or commitment.
const MaxSteps = 100

func (c *checks) steps(field string, steps []Step) {
	if len(steps) > MaxSteps {
		c.add(field, "many", "limit", fmt.Sprint(MaxSteps))
		return
	}
	keys := map[string]bool{}
	for i, s := range steps {
		at := fmt.Sprintf("%s.%d", field, i)
		c.key(at+".key", s.Key, keys)
		oneOf(c, at+".kind", s.Kind, StepKinds()...)
		if s.Kind == StepOwn && s.Text.IsZero() {
			c.add(at+".text", "required")
		}
		c.text(at+".text", s.Text, MaxText)
		c.optionalID(at+".owner", string(s.Owner))
		c.due(at+".due", s.Due)
		if s.Want < 0 || s.Want > MaxNumber {
			c.add(at+".want", "number")
		}
	}
	for i, s := range steps {
		for _, k := range s.After {
			if !keys[k] {
				c.add(fmt.Sprintf("%s.%d.after", field, i), "unknown")
			}
		}
	}
	if i := circle(steps); i >= 0 {
		c.add(fmt.Sprintf("%s.%d.after", field, i), "circle")
	}
}

// circle returns the place of a step that has to come after itself, or -1.
func circle(steps []Step) int {
	at := map[string]int{}
	for i, s := range steps {
		at[s.Key] = i
	}
	state := make([]int, len(steps)) // 0 unseen, 1 on the way, 2 done
	var walk func(i int) bool
	walk = func(i int) bool {
		state[i] = 1
		for _, k := range steps[i].After {
			j, ok := at[k]
			if !ok {
				continue
			}
			if state[j] == 1 || state[j] == 0 && walk(j) {
				return true
			}
		}
		state[i] = 2
		return false
	}
	for i := range steps {
		if state[i] == 0 && walk(i) {
			return i
		}
	}
	return -1
}
