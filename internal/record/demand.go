package record

import "fmt"

// DemandAddressee is whom a demand asks. An institutional demand passes to the
// office's next holder, a personal one (an apology) stays with the person.
type DemandAddressee struct {
	Key      string   `json:"key"` // short and stable within the demand
	Party    PartyID  `json:"party,omitempty"`
	Office   Text     `json:"office,omitempty"`
	Person   PersonID `json:"person,omitempty"`
	Holder   Text     `json:"holder,omitempty"` // who held the office when it was asked
	HeldOn   When     `json:"held_on,omitzero"`
	Personal bool     `json:"personal,omitempty"`
	Country  string   `json:"country,omitempty"`
	Zone     string   `json:"zone,omitempty"` // IANA name
	Lang     string   `json:"lang,omitempty"` // language of letters
}

// PositionStance is what somebody else thinks of a demand.
type PositionStance string

// The positions.
const (
	PositionSupports PositionStance = "supports"
	PositionOpposes  PositionStance = "opposes"
	PositionInPart   PositionStance = "in_part"
)

// PositionStances lists the positions in the order in which forms offer them.
func PositionStances() []PositionStance {
	return []PositionStance{PositionSupports, PositionOpposes, PositionInPart}
}

// Position is where somebody who was not asked stands on a demand, by claim.
type Position struct {
	Party  PartyID        `json:"party,omitempty"`
	Name   Text           `json:"name,omitempty"` // without a record
	Stance PositionStance `json:"stance"`
	On     When           `json:"on,omitzero"`
	Claims []ClaimID      `json:"claims"`
}

// LinkHow is how a demand stands to a commitment that was made already.
type LinkHow string

// A demand goes beyond a commitment ("in addition to the compensation already
// promised"), replaces it, or repeats it because it was not kept.
const (
	LinkBeyond   LinkHow = "beyond"
	LinkReplaces LinkHow = "replaces"
	LinkRepeats  LinkHow = "repeats"
	LinkAnswered LinkHow = "answered_by"
)

// LinkHows lists the ways in the order in which forms offer them.
func LinkHows() []LinkHow { return []LinkHow{LinkBeyond, LinkReplaces, LinkRepeats, LinkAnswered} }

// CommitmentLink ties a demand to a commitment; answered_by says that the
// commitment was made in answer to it.
type CommitmentLink struct {
	Commitment CommitmentID `json:"commitment"`
	How        LinkHow      `json:"how"`
	Claims     []ClaimID    `json:"claims,omitempty"`
}

// ClockPause is a time in which no answer can be expected, by entry: an office
// that was abolished and has no successor yet.
type ClockPause struct {
	Addressee string    `json:"addressee,omitempty"` // its key; "" all
	From      string    `json:"from"`                // YYYY-MM-DD, counted
	To        string    `json:"to,omitempty"`        // the last day counted; "" while it lasts
	Reason    Text      `json:"reason"`
	Claims    []ClaimID `json:"claims,omitempty"`
}

// SentLetter is a letter that a person sent to ask or to ask again, as they logged it. It
// hands the demand over as a delivery does: from its day on, silence counts.
type SentLetter struct {
	Addressee string  `json:"addressee"` // its key
	On        string  `json:"on"`        // YYYY-MM-DD
	Channel   Channel `json:"channel"`
	Subject   string  `json:"subject"`
	Lang      string  `json:"lang,omitempty"`
	Receipt   string  `json:"receipt,omitempty"` // what they gave for it
}

// Plan names the ready-made list of steps that a demand or commitment began with.
type Plan string

// The plans; what their steps are is in package follow.
const (
	PlanProsecute  Plan = "prosecute"
	PlanCompensate Plan = "compensate"
	PlanProtect    Plan = "protect"
	PlanDismantle  Plan = "dismantle"
	PlanApologise  Plan = "apologise"
	PlanInquire    Plan = "inquire"
	PlanLegislate  Plan = "legislate"
	PlanOwn        Plan = "own"
)

// Plans lists the plans in the order in which forms offer them.
func Plans() []Plan {
	return []Plan{PlanProsecute, PlanCompensate, PlanProtect, PlanDismantle, PlanApologise, PlanInquire, PlanLegislate, PlanOwn}
}

// Demand is one thing asked of somebody, as it is followed until it is answered.
type Demand struct {
	ID   DemandID `json:"id"`
	Slug string   `json:"slug"`
	Text Text     `json:"text"`
	// Of is what it belongs to: a petition, with Key the key of its demand there; an event (a
	// protest, a negotiation); or a source (a family's statement).
	Of  Ref    `json:"of"`
	Key string `json:"key,omitempty"`
	// Attack is the event on account of which it is asked, if it is one.
	Attack EventID   `json:"attack,omitempty"`
	By     []PartyID `json:"by,omitempty"`      // who asks
	ByText Text      `json:"by_text,omitempty"` // who asks, without a record: "the families"
	Made   When      `json:"made,omitzero"`

	Addressees  []DemandAddressee `json:"addressees"`
	Bases       []LegalBasis      `json:"bases,omitempty"`
	Due         Due               `json:"due,omitzero"`
	Plan        Plan              `json:"plan,omitempty"`
	Steps       []Step            `json:"steps,omitempty"`
	Positions   []Position        `json:"positions,omitempty"`
	Commitments []CommitmentLink  `json:"commitments,omitempty"`
	Pauses      []ClockPause      `json:"pauses,omitempty"`
	Letters     []SentLetter      `json:"letters,omitempty"`
	Claims      []ClaimID         `json:"claims,omitempty"`
	Note        string            `json:"note,omitempty"`
	Visibility  Visibility        `json:"visibility"`
}

// MaxFollowed bounds each list of a demand or commitment.
const MaxFollowed = 100

// Ref implements [Record].
func (d *Demand) Ref() Ref { return Ref{KindDemand, string(d.ID)} }

// Seen implements [Record].
func (d *Demand) Seen() Visibility { return d.Visibility }

// Validate implements [Record].
func (d *Demand) Validate() error {
	var c checks
	c.id("id", string(d.ID))
	c.slug("slug", d.Slug)
	if d.Text.IsZero() {
		c.add("text", "required")
	}
	c.text("text", d.Text, MaxText)
	switch d.Of.Kind {
	case KindPetition:
		if d.Key == "" {
			c.add("key", "required")
		} else {
			c.key("key", d.Key, map[string]bool{})
		}
	case KindEvent, KindSource:
		if d.Key != "" {
			c.add("key", "unexpected")
		}
	default:
		c.add("of", "choice")
	}
	c.id("of", d.Of.ID)
	c.optionalID("attack", string(d.Attack))
	for _, p := range d.By {
		c.id("by", string(p))
	}
	c.text("by", d.ByText, MaxLine)
	c.when("made", d.Made)
	for field, n := range map[string]int{
		"addressees": len(d.Addressees), "bases": len(d.Bases), "positions": len(d.Positions),
		"commitments": len(d.Commitments), "pauses": len(d.Pauses), "letters": len(d.Letters), "claims": len(d.Claims),
	} {
		if n > MaxFollowed {
			c.add(field, "many", "limit", fmt.Sprint(MaxFollowed))
			return c.err()
		}
	}
	keys := c.demandAddressees(d.Addressees)
	for i, b := range d.Bases {
		at := fmt.Sprintf("bases.%d", i)
		if b.Instrument.IsZero() {
			c.add(at+".instrument", "required")
		}
		c.text(at+".instrument", b.Instrument, MaxLine)
		c.clean(at+".article", b.Article, MaxLine)
		c.text(at+".duty", b.Duty, MaxText)
		c.text(at+".reserved", b.Reserved, MaxText)
		c.place(at+".state", Place{Country: b.State})
		c.when(at+".in_force", b.InForce)
		for _, s := range b.Sources {
			c.id(at+".sources", string(s))
		}
	}
	c.due("due", d.Due)
	if d.Plan != "" {
		oneOf(&c, "plan", d.Plan, Plans()...)
	}
	c.steps("steps", d.Steps)
	for i, p := range d.Positions {
		at := fmt.Sprintf("positions.%d", i)
		c.optionalID(at+".party", string(p.Party))
		if p.Party == "" && p.Name.IsZero() {
			c.add(at+".name", "required")
		}
		c.text(at+".name", p.Name, MaxLine)
		oneOf(&c, at+".stance", p.Stance, PositionStances()...)
		c.when(at+".on", p.On)
		if len(p.Claims) == 0 {
			c.add(at+".claims", "required")
		}
		c.claimIDs(at+".claims", p.Claims)
	}
	for i, l := range d.Commitments {
		at := fmt.Sprintf("commitments.%d", i)
		c.id(at+".commitment", string(l.Commitment))
		oneOf(&c, at+".how", l.How, LinkHows()...)
		c.claimIDs(at+".claims", l.Claims)
	}
	for i, p := range d.Pauses {
		at := fmt.Sprintf("pauses.%d", i)
		if p.Addressee != "" && !keys[p.Addressee] {
			c.add(at+".addressee", "unknown")
		}
		c.required(at+".from", p.From)
		c.day(at+".from", p.From)
		c.day(at+".to", p.To)
		if p.To != "" && p.To < p.From {
			c.add(at+".to", "order")
		}
		if p.Reason.IsZero() {
			c.add(at+".reason", "required")
		}
		c.text(at+".reason", p.Reason, MaxText)
		c.claimIDs(at+".claims", p.Claims)
	}
	for i, l := range d.Letters {
		at := fmt.Sprintf("letters.%d", i)
		if !keys[l.Addressee] {
			c.add(at+".addressee", "unknown")
		}
		c.required(at+".on", l.On)
		c.day(at+".on", l.On)
		oneOf(&c, at+".channel", l.Channel, Channels()...)
		c.required(at+".subject", l.Subject)
		c.clean(at+".subject", l.Subject, MaxLine)
		if !validTag(l.Lang) {
			c.add(at+".lang", "language", "tag", l.Lang)
		}
		c.clean(at+".receipt", l.Receipt, MaxLine)
	}
	c.claimIDs("claims", d.Claims)
	c.clean("note", d.Note, MaxText)
	c.visibility(d.Visibility)
	return c.err()
}

func (c *checks) demandAddressees(as []DemandAddressee) map[string]bool {
	keys := map[string]bool{}
	if len(as) == 0 {
		c.add("addressees", "required")
	}
	for i, a := range as {
		at := fmt.Sprintf("addressees.%d", i)
		c.key(at+".key", a.Key, keys)
		c.optionalID(at+".party", string(a.Party))
		c.optionalID(at+".person", string(a.Person))
		if a.Party == "" && a.Person == "" && a.Office.IsZero() {
			c.add(at+".office", "required")
		}
		if a.Personal && a.Person == "" && a.Holder.IsZero() {
			c.add(at+".holder", "required")
		}
		c.text(at+".office", a.Office, MaxLine)
		c.text(at+".holder", a.Holder, MaxLine)
		c.when(at+".held_on", a.HeldOn)
		c.place(at+".country", Place{Country: a.Country})
		c.zone(at+".zone", a.Zone)
		if !validTag(a.Lang) {
			c.add(at+".lang", "language", "tag", a.Lang)
		}
	}
	return keys
}

func (c *checks) claimIDs(field string, ids []ClaimID) {
	for _, id := range ids {
		c.id(field, string(id))
	}
}
