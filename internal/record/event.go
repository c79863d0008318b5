package record

// EventType says what happened, broadly; Subtype says more in a word or two.
type EventType string

// The types of event.
const (
	TypeAttack       EventType = "attack"
	TypeThreat       EventType = "threat"
	TypeProtest      EventType = "protest"
	TypeSitIn        EventType = "sit_in"
	TypeNegotiation  EventType = "negotiation"
	TypeAnnouncement EventType = "announcement"
	TypeVisit        EventType = "visit"
	TypeCourtStep    EventType = "court_step"
	TypeEscape       EventType = "escape"
	TypeBurial       EventType = "burial"
	TypeClash        EventType = "clash" // armed sides, as conflict datasets have it
	TypeOtherEvent   EventType = "other"
)

// EventTypes lists the types in the order in which forms and filters show them.
func EventTypes() []EventType {
	return []EventType{
		TypeAttack, TypeThreat, TypeProtest, TypeSitIn, TypeNegotiation, TypeAnnouncement, TypeVisit,
		TypeCourtStep, TypeEscape, TypeBurial, TypeClash, TypeOtherEvent,
	}
}

// EventStatus says whether it took place.
type EventStatus string

// A planned gathering is a target: it stays internal until it is over.
const (
	Planned   EventStatus = "planned"
	Held      EventStatus = "held"
	Cancelled EventStatus = "cancelled"
)

// Struck is a community an event is recorded as having targeted, with the
// claims the editor rests that on.
type Struck struct {
	Party  PartyID   `json:"party"`
	Claims []ClaimID `json:"claims,omitempty"`
}

// Warning says that a threat or another event announced a later attack, by claim.
type Warning struct {
	Attack EventID   `json:"attack"`
	Claims []ClaimID `json:"claims"`
}

// Event is an attack, a threat, a protest or another thing that happened. Its
// date, place and parties are an editor's choices, each citing the claims it
// rests on.
type Event struct {
	ID      EventID     `json:"id"`
	Slug    string      `json:"slug"`
	Title   Text        `json:"title"`
	Summary Text        `json:"summary,omitempty"` // in our own words
	Type    EventType   `json:"type"`
	Subtype string      `json:"subtype,omitempty"`
	Status  EventStatus `json:"status"`

	When        When      `json:"when,omitzero"`
	WhenClaims  []ClaimID `json:"when_claims,omitempty"`
	Where       Place     `json:"where,omitzero"`
	WhereClaims []ClaimID `json:"where_claims,omitempty"`
	Struck      []Struck  `json:"struck,omitempty"`

	PartOf     EventID   `json:"part_of,omitempty"`
	ResponseTo []EventID `json:"response_to,omitempty"`
	Warnings   []Warning `json:"warnings,omitempty"`
	// Dataset names the compiler when the event is a dataset's row; such an event
	// is joined with the house's own by a Same, never by rewriting either.
	Dataset    string     `json:"dataset,omitempty"`
	Import     ImportID   `json:"import,omitempty"`
	Note       string     `json:"note,omitempty"`
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (e *Event) Ref() Ref { return Ref{KindEvent, string(e.ID)} }

// Seen implements [Record].
func (e *Event) Seen() Visibility { return e.Visibility }

// Validate implements [Record].
func (e *Event) Validate() error {
	var c checks
	c.id("id", string(e.ID))
	c.slug("slug", e.Slug)
	if e.Title.IsZero() {
		c.add("title", "required")
	}
	c.text("title", e.Title, MaxLine)
	c.text("summary", e.Summary, MaxText)
	oneOf(&c, "type", e.Type, EventTypes()...)
	c.clean("subtype", e.Subtype, MaxLine)
	oneOf(&c, "status", e.Status, Planned, Held, Cancelled)
	c.when("when", e.When)
	c.place("where", e.Where)
	for _, s := range e.Struck {
		c.id("struck", string(s.Party))
	}
	c.optionalID("part_of", string(e.PartOf))
	if e.PartOf != "" && e.PartOf == e.ID {
		c.add("part_of", "itself")
	}
	for _, r := range e.ResponseTo {
		c.id("response_to", string(r))
		if r == e.ID {
			c.add("response_to", "itself")
		}
	}
	for _, w := range e.Warnings {
		c.id("warnings", string(w.Attack))
		if w.Attack == e.ID {
			c.add("warnings", "itself")
		}
		if len(w.Claims) == 0 {
			c.add("warnings", "required")
		}
		c.claimIDs("warnings", w.Claims)
	}
	c.clean("dataset", e.Dataset, MaxLine)
	c.clean("note", e.Note, MaxText)
	c.visibility(e.Visibility)
	if e.Status == Planned && e.Visibility == Public {
		c.add("visibility", "planned")
	}
	return c.err()
}

// SameState is where a proposal that two events are one stands.
type SameState string

// Only Accepted joins their claims; Undone was accepted once and is kept apart
// again.
const (
	SameProposed SameState = "proposed"
	SameAccepted SameState = "accepted"
	SameRefused  SameState = "refused"
	SameUndone   SameState = "undone"
)

// Same says that two events may be, are or are not one and the same. Neither
// event is changed by it.
type Same struct {
	ID    SameID    `json:"id"`
	A     EventID   `json:"a"` // the one whose page shows both
	B     EventID   `json:"b"`
	State SameState `json:"state"`
	// Days and Km are how far apart the two are, Score (0–100) what the matcher
	// made of it.
	Days       int        `json:"days"`
	Km         float64    `json:"km"`
	Score      int        `json:"score"`
	Proposer   string     `json:"proposer"` // matcher and version, or "editor"
	Review     Review     `json:"review,omitzero"`
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (s *Same) Ref() Ref { return Ref{KindSame, string(s.ID)} }

// Seen implements [Record].
func (s *Same) Seen() Visibility { return s.Visibility }

// Validate implements [Record].
func (s *Same) Validate() error {
	var c checks
	c.id("id", string(s.ID))
	c.id("a", string(s.A))
	c.id("b", string(s.B))
	if s.A == s.B {
		c.add("b", "itself")
	}
	oneOf(&c, "state", s.State, SameProposed, SameAccepted, SameRefused, SameUndone)
	if s.State == SameRefused || s.State == SameUndone {
		c.required("reason", s.Review.Reason)
	}
	c.clean("reason", s.Review.Reason, MaxText)
	c.visibility(s.Visibility)
	return c.err()
}
