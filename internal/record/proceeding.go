package record

import "fmt"

// VerdictValue is how a court decided.
type VerdictValue string

// The verdicts.
const (
	VerdictConvicted VerdictValue = "convicted"
	VerdictAcquitted VerdictValue = "acquitted"
	VerdictMixed     VerdictValue = "mixed" // several accused
	VerdictUpheld    VerdictValue = "upheld"
	VerdictReversed  VerdictValue = "reversed"
)

// VerdictValues lists the verdicts in the order in which forms offer them.
func VerdictValues() []VerdictValue {
	return []VerdictValue{VerdictConvicted, VerdictAcquitted, VerdictMixed, VerdictUpheld, VerdictReversed}
}

// ChainStep is one thing that happened in a case.
type ChainStep struct {
	Kind    StepKind     `json:"kind"` // one of ChainKinds
	On      When         `json:"on,omitzero"`
	Verdict VerdictValue `json:"verdict,omitempty"` // of a verdict or an appeal decided
	By      PartyID      `json:"by,omitempty"`      // the police station, the court
	// Low and High bound how many it was about, nil where it is not said.
	Low     *int64    `json:"low,omitempty"`
	High    *int64    `json:"high,omitempty"`
	Detail  Text      `json:"detail,omitempty"` // number, section, sentence
	Event   EventID   `json:"event,omitempty"`
	Claims  []ClaimID `json:"claims"`
	Reports bool      `json:"report_only,omitempty"` // reported, without the court's or the police's paper
}

// Proceeding is the chain from complaint to sentence for one accused, or for an
// attack as a whole. The accused is a person, a party, a number of people nobody
// named, or left open.
type Proceeding struct {
	ID     ProceedingID `json:"id"`
	Slug   string       `json:"slug"`
	Events []EventID    `json:"events,omitempty"` // the attacks it is about
	Person PersonID     `json:"person,omitempty"`
	Party  PartyID      `json:"party,omitempty"`
	Group  Group        `json:"group,omitzero"`
	// Of is the party the accused are said to belong to, by claim.
	Of PartyID `json:"of,omitempty"`
	// Official marks that an official or court source stands behind an accusation.
	Official     bool        `json:"official,omitempty"`
	Reply        Text        `json:"reply,omitempty"` // what the accused says to it
	Title        Text        `json:"title"`
	Jurisdiction Text        `json:"jurisdiction,omitempty"` // who has to try it, and why
	Court        PartyID     `json:"court,omitempty"`
	Country      string      `json:"country,omitempty"`
	Number       string      `json:"number,omitempty"` // of the complaint or the case
	Steps        []ChainStep `json:"steps,omitempty"`
	// Looked says where and when somebody searched for an outcome. Without it nothing known is
	// nothing looked for.
	Looked     []Looked   `json:"looked,omitempty"`
	Claims     []ClaimID  `json:"claims,omitempty"`
	Note       string     `json:"note,omitempty"`
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (p *Proceeding) Ref() Ref { return Ref{KindProceeding, string(p.ID)} }

// Seen implements [Record].
func (p *Proceeding) Seen() Visibility { return p.Visibility }

// Validate implements [Record]. Whether a named accused has the ground it needs
// to be public depends on claims and is decided where those are at hand; contradictions in the order
// of steps are kept, as sources have them, and listed.
func (p *Proceeding) Validate() error {
	var c checks
	c.id("id", string(p.ID))
	c.slug("slug", p.Slug)
	if p.Title.IsZero() {
		c.add("title", "required")
	}
	c.text("title", p.Title, MaxLine)
	if len(p.Events) == 0 && p.Person == "" && p.Party == "" && p.Group.IsZero() {
		c.add("events", "required")
	}
	for field, n := range map[string]int{"events": len(p.Events), "steps": len(p.Steps), "looked": len(p.Looked), "claims": len(p.Claims)} {
		if n > MaxFollowed {
			c.add(field, "many", "limit", fmt.Sprint(MaxFollowed))
			return c.err()
		}
	}
	for _, e := range p.Events {
		c.id("events", string(e))
	}
	set := 0
	for field, id := range map[string]string{"person": string(p.Person), "party": string(p.Party)} {
		c.optionalID(field, id)
		if id != "" {
			set++
		}
	}
	if !p.Group.IsZero() {
		set++
		if p.Group.Name.IsZero() {
			c.add("group", "required")
		}
		c.text("group", p.Group.Name, MaxLine)
		c.span("group", p.Group.Low, p.Group.High)
	}
	if set > 1 {
		c.add("who", "exactly_one")
	}
	c.optionalID("of", string(p.Of))
	c.text("reply", p.Reply, MaxText)
	c.text("jurisdiction", p.Jurisdiction, MaxText)
	c.optionalID("court", string(p.Court))
	c.place("country", Place{Country: p.Country})
	c.clean("number", p.Number, MaxLine)
	for i, s := range p.Steps {
		at := fmt.Sprintf("steps.%d", i)
		oneOf(&c, at+".kind", s.Kind, ChainKinds()...)
		c.when(at+".on", s.On)
		switch {
		case s.Verdict != "":
			oneOf(&c, at+".verdict", s.Verdict, VerdictValues()...)
			if s.Kind != StepVerdict && s.Kind != StepAppealDecided {
				c.add(at+".verdict", "unexpected")
			}
		case s.Kind == StepVerdict:
			c.add(at+".verdict", "required")
		}
		c.optionalID(at+".by", string(s.By))
		c.span(at, s.Low, s.High)
		c.text(at+".detail", s.Detail, MaxText)
		c.optionalID(at+".event", string(s.Event))
		if len(s.Claims) == 0 {
			c.add(at+".claims", "required")
		}
		c.claimIDs(at+".claims", s.Claims)
	}
	c.looked("looked", p.Looked)
	c.claimIDs("claims", p.Claims)
	c.clean("note", p.Note, MaxText)
	c.visibility(p.Visibility)
	return c.err()
}

// span checks two bounds of a count.
func (c *checks) span(field string, low, high *int64) {
	for _, n := range []*int64{low, high} {
		if n != nil && (*n < 0 || *n > MaxNumber) {
			c.add(field, "number")
		}
	}
	if low != nil && high != nil && *low > *high {
		c.add(field, "below_low")
	}
}
