package trend

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Spell is the time from one step to what ended the wait for the next.
type Spell struct {
	Days int64 // 0 or more
	// Outcome names what ended it: the step, or something that makes it
	// impossible, such as a killing before trial. Empty while the wait goes on.
	Outcome string
}

// SurvivalStep is the state just after a day on which a wait ended.
type SurvivalStep struct {
	Days    int64  `json:"days"`
	AtRisk  int    `json:"at_risk"` // still waiting just before
	Ended   int    `json:"ended"`   // on that day
	Waiting Number `json:"waiting"` // estimated share that waits longer
}

// Survival is the Kaplan–Meier estimate of how long a wait lasts.
type Survival struct {
	Spells int            `json:"spells"`
	Ended  int            `json:"ended"`
	Steps  []SurvivalStep `json:"steps"`
	// Median is the first day by which half have ended; absent when not reached.
	Median *int64 `json:"median,omitempty"`
}

// half is 0.5 with room for the rounding of a product of fractions.
const half = 0.5 + 1e-12

// KaplanMeier estimates how long a wait lasts that can end in one way only. With
// two outcomes it returns an error: taking the other one as "still waiting"
// would overstate the first, and CumulativeIncidence is there for it. Source:
// Kaplan and Meier (1958).
func KaplanMeier(spells []Spell) (Survival, error) {
	in, err := CumulativeIncidence(spells)
	if err != nil {
		return Survival{}, err
	}
	if len(in.Outcomes) > 1 {
		return Survival{}, errors.New("trend: a wait that ends in several ways has no Kaplan–Meier estimate; use cumulative incidence")
	}
	s := Survival{Spells: in.Spells}
	waiting := 1.0
	for _, st := range in.steps {
		s.Ended += st.ended
		waiting *= 1 - float64(st.ended)/float64(st.atRisk)
		s.Steps = append(s.Steps, SurvivalStep{Days: st.days, AtRisk: st.atRisk, Ended: st.ended, Waiting: Number(waiting)})
		if s.Median == nil && waiting <= half {
			s.Median = &st.days
		}
	}
	return s, nil
}

// IncidenceStep is the estimated share that has come to an outcome by a day.
type IncidenceStep struct {
	Days  int64  `json:"days"`
	Ended int    `json:"ended"` // in this outcome on that day
	Share Number `json:"share"`
}

// OutcomeIncidence is how one outcome grew among competing ones.
type OutcomeIncidence struct {
	Outcome string          `json:"outcome"`
	Ended   int             `json:"ended"`
	Steps   []IncidenceStep `json:"steps"`
	// Median is the first day by which half of all have come to this outcome;
	// absent when not reached.
	Median *int64 `json:"median,omitempty"`
}

// Incidence is the Aalen–Johansen estimate for competing outcomes.
type Incidence struct {
	Spells   int                `json:"spells"`
	Waiting  int                `json:"waiting"`  // without an outcome yet
	Outcomes []OutcomeIncidence `json:"outcomes"` // by name

	steps []risk
}

// risk is a day on which some wait ended.
type risk struct {
	days          int64
	atRisk, ended int
}

// maxSpells bounds what one estimate takes.
const maxSpells = 1_000_000

// CumulativeIncidence estimates the share of all that come to each outcome by
// each day; waits without an outcome are taken out when they were last looked
// at, after what ended on the same day. Source: Aalen and Johansen (1978).
func CumulativeIncidence(spells []Spell) (Incidence, error) {
	if len(spells) == 0 || len(spells) > maxSpells {
		return Incidence{}, fmt.Errorf("trend: an estimate of waits takes 1 to %d of them", maxSpells)
	}
	sorted := slices.Clone(spells)
	slices.SortFunc(sorted, func(a, b Spell) int {
		return cmp.Or(cmp.Compare(a.Days, b.Days), cmp.Compare(a.Outcome, b.Outcome))
	})
	if sorted[0].Days < 0 {
		return Incidence{}, errors.New("trend: a wait lasts 0 days or more; a step is dated before the one it follows")
	}
	in := Incidence{Spells: len(sorted)}
	shares := make(map[string]float64)
	byName := make(map[string]*OutcomeIncidence)
	waiting := 1.0 // just before the day
	for i := 0; i < len(sorted); {
		days, atRisk, ended := sorted[i].Days, len(sorted)-i, 0
		for i < len(sorted) && sorted[i].Days == days {
			outcome, n := sorted[i].Outcome, 0
			for ; i < len(sorted) && sorted[i].Days == days && sorted[i].Outcome == outcome; i++ {
				n++
			}
			if outcome == "" {
				in.Waiting += n
				continue
			}
			ended += n
			o := byName[outcome]
			if o == nil {
				o = &OutcomeIncidence{Outcome: outcome}
				byName[outcome] = o
			}
			shares[outcome] += waiting * float64(n) / float64(atRisk)
			o.Ended += n
			o.Steps = append(o.Steps, IncidenceStep{Days: days, Ended: n, Share: Number(shares[outcome])})
			if o.Median == nil && shares[outcome] >= 1-half {
				o.Median = &days
			}
		}
		if ended > 0 {
			in.steps = append(in.steps, risk{days, atRisk, ended})
			waiting *= 1 - float64(ended)/float64(atRisk)
		}
	}
	for _, o := range byName {
		in.Outcomes = append(in.Outcomes, *o)
	}
	slices.SortFunc(in.Outcomes, func(a, b OutcomeIncidence) int { return cmp.Compare(a.Outcome, b.Outcome) })
	return in, nil
}
