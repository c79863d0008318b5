package record

import "fmt"

// AmountPer says for whom or what an amount of money is.
type AmountPer string

// What an amount can be for.
const (
	PerFamily  AmountPer = "family"
	PerHeir    AmountPer = "heir"
	PerInjured AmountPer = "injured"
	PerKilled  AmountPer = "killed"
	PerPerson  AmountPer = "person"
	InAll      AmountPer = "in_all"
)

// AmountPers lists what an amount can be for in the order in which forms offer it.
func AmountPers() []AmountPer {
	return []AmountPer{PerFamily, PerHeir, PerKilled, PerInjured, PerPerson, InAll}
}

// Amount is a sum of money as some claims have it. Several that differ stand
// beside each other; none is chosen.
type Amount struct {
	Value    int64     `json:"value"` // whole units of Currency
	Currency string    `json:"currency"`
	Per      AmountPer `json:"per"`
	// Part says which share of a whole it is ("federal share"), empty for the whole.
	Part    Text      `json:"part,omitempty"`
	Printed string    `json:"printed,omitempty"` // "Rs 2.5 million"
	Claims  []ClaimID `json:"claims"`
}

// OfferAnswer is how those to whom something was offered answered.
type OfferAnswer string

// The answers to an offer.
const (
	OfferUnknown  OfferAnswer = "not_known"
	OfferAccepted OfferAnswer = "accepted"
	OfferInPart   OfferAnswer = "accepted_in_part"
	OfferRefused  OfferAnswer = "refused"
)

// OfferAnswers lists the answers in the order in which forms offer them.
func OfferAnswers() []OfferAnswer {
	return []OfferAnswer{OfferUnknown, OfferAccepted, OfferInPart, OfferRefused}
}

// Offer marks a commitment that was made for something in return, and how it was
// answered.
type Offer struct {
	Answer OfferAnswer `json:"answer"`
	By     Text        `json:"by,omitempty"` // who answered
	On     When        `json:"on,omitzero"`
	Claims []ClaimID   `json:"claims,omitempty"`
}

// Promiser is who made a commitment: an office with its holder then, a person, or both.
type Promiser struct {
	Party   PartyID  `json:"party,omitempty"`
	Person  PersonID `json:"person,omitempty"`
	Office  Text     `json:"office,omitempty"`
	Holder  Text     `json:"holder,omitempty"`
	Country string   `json:"country,omitempty"`
}

// Commitment is something promised, agreed or offered.
type Commitment struct {
	ID   CommitmentID `json:"id"`
	Slug string       `json:"slug"`
	Text Text         `json:"text"`
	By   []Promiser   `json:"by,omitempty"`
	// Unidentified marks a commitment that a source speaks of ("earlier promises")
	// without saying who made it.
	Unidentified bool      `json:"unidentified,omitempty"`
	To           []PartyID `json:"to,omitempty"`
	ToText       Text      `json:"to_text,omitempty"` // "families of the dead"
	// Attack is the event on account of which it was made, In the negotiation,
	// announcement or agreement in which it was.
	Attack     EventID      `json:"attack,omitempty"`
	In         EventID      `json:"in,omitempty"`
	Made       When         `json:"made,omitzero"`
	Written    bool         `json:"written,omitempty"` // agreed in writing
	Due        Due          `json:"due,omitzero"`
	Conditions Text         `json:"conditions,omitempty"`
	Amounts    []Amount     `json:"amounts,omitempty"`
	Offer      *Offer       `json:"offer,omitempty"`
	Plan       Plan         `json:"plan,omitempty"`
	Steps      []Step       `json:"steps,omitempty"`
	Replaces   CommitmentID `json:"replaces,omitempty"`
	Claims     []ClaimID    `json:"claims,omitempty"`
	Note       string       `json:"note,omitempty"`
	Visibility Visibility   `json:"visibility"`
}

// Ref implements [Record].
func (m *Commitment) Ref() Ref { return Ref{KindCommitment, string(m.ID)} }

// Seen implements [Record].
func (m *Commitment) Seen() Visibility { return m.Visibility }

// Validate implements [Record].
func (m *Commitment) Validate() error {
	var c checks
	c.id("id", string(m.ID))
	c.slug("slug", m.Slug)
	if m.Text.IsZero() {
		c.add("text", "required")
	}
	c.text("text", m.Text, MaxText)
	if m.Unidentified == (len(m.By) > 0) {
		c.add("by", "exactly_one")
	}
	for field, n := range map[string]int{"by": len(m.By), "to": len(m.To), "amounts": len(m.Amounts), "claims": len(m.Claims)} {
		if n > MaxFollowed {
			c.add(field, "many", "limit", fmt.Sprint(MaxFollowed))
			return c.err()
		}
	}
	for i, p := range m.By {
		at := fmt.Sprintf("by.%d", i)
		c.optionalID(at+".party", string(p.Party))
		c.optionalID(at+".person", string(p.Person))
		if p.Party == "" && p.Person == "" && p.Office.IsZero() {
			c.add(at+".office", "required")
		}
		c.text(at+".office", p.Office, MaxLine)
		c.text(at+".holder", p.Holder, MaxLine)
		c.place(at+".country", Place{Country: p.Country})
	}
	for _, p := range m.To {
		c.id("to", string(p))
	}
	c.text("to", m.ToText, MaxLine)
	c.optionalID("attack", string(m.Attack))
	c.optionalID("in", string(m.In))
	c.when("made", m.Made)
	c.due("due", m.Due)
	c.text("conditions", m.Conditions, MaxText)
	for i, a := range m.Amounts {
		at := fmt.Sprintf("amounts.%d", i)
		if a.Value < 0 || a.Value > MaxNumber {
			c.add(at+".value", "number")
		}
		if !validCurrency(a.Currency) {
			c.add(at+".currency", "currency")
		}
		oneOf(&c, at+".per", a.Per, AmountPers()...)
		c.text(at+".part", a.Part, MaxLine)
		c.clean(at+".printed", a.Printed, MaxLine)
		if len(a.Claims) == 0 {
			c.add(at+".claims", "required")
		}
		c.claimIDs(at+".claims", a.Claims)
	}
	if o := m.Offer; o != nil {
		oneOf(&c, "offer.answer", o.Answer, OfferAnswers()...)
		c.text("offer.by", o.By, MaxLine)
		c.when("offer.on", o.On)
		c.claimIDs("offer.claims", o.Claims)
	}
	if m.Plan != "" {
		oneOf(&c, "plan", m.Plan, Plans()...)
	}
	c.steps("steps", m.Steps)
	c.optionalID("replaces", string(m.Replaces))
	if m.Replaces != "" && m.Replaces == m.ID {
		c.add("replaces", "itself")
	}
	c.claimIDs("claims", m.Claims)
	if m.Visibility == Public && len(m.Claims) == 0 {
		c.add("claims", "required")
	}
	c.clean("note", m.Note, MaxText)
	c.visibility(m.Visibility)
	return c.err()
}

func validCurrency(s string) bool {
	if len(s) != 3 {
		return false
	}
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}
