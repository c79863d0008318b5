package record

// PartyKind says what sort of body a party is.
type PartyKind string

// The sorts of party.
const (
	ArmedGroup   PartyKind = "armed_group"
	Office       PartyKind = "office" // a post: Prime Minister, governor
	Institution  PartyKind = "institution"
	Police       PartyKind = "police"
	Court        PartyKind = "court"
	Outlet       PartyKind = "outlet"
	Organisation PartyKind = "organisation"
	Political    PartyKind = "political_party"
	Community    PartyKind = "community"
	Compiler     PartyKind = "compiler" // publishes a dataset
	OtherParty   PartyKind = "other"
)

// PartyKinds lists the sorts in the order in which forms offer them.
func PartyKinds() []PartyKind {
	return []PartyKind{
		ArmedGroup, Office, Institution, Police, Court, Outlet, Organisation, Political, Community, Compiler, OtherParty,
	}
}

// Party is an armed group, an office, a court, an outlet, an organisation or a
// community. What it is said to be tied to or to have done are ties and claims.
type Party struct {
	ID    PartyID   `json:"id"`
	Slug  string    `json:"slug"`
	Names []Name    `json:"names"`
	Kind  PartyKind `json:"kind"`
	// Open marks a set without a list of members ("and affiliates").
	Open    bool   `json:"open,omitempty"`
	Country string `json:"country,omitempty"`
	About   Text   `json:"about,omitempty"`
	// Successor is the party that took over when this one was abolished or
	// renamed.
	Successor PartyID `json:"successor,omitempty"`
	// Abolished is when an office ceased to be; what was asked of it passes to the
	// successor, or waits.
	Abolished       When       `json:"abolished,omitzero"`
	AbolishedClaims []ClaimID  `json:"abolished_claims,omitempty"`
	URL             string     `json:"url,omitempty"`
	Note            string     `json:"note,omitempty"`
	Visibility      Visibility `json:"visibility"`
}

// Ref implements [Record].
func (p *Party) Ref() Ref { return Ref{KindParty, string(p.ID)} }

// Seen implements [Record].
func (p *Party) Seen() Visibility { return p.Visibility }

// Validate implements [Record].
func (p *Party) Validate() error {
	var c checks
	c.id("id", string(p.ID))
	c.slug("slug", p.Slug)
	c.names("names", p.Names)
	oneOf(&c, "kind", p.Kind, PartyKinds()...)
	c.place("country", Place{Country: p.Country})
	c.text("about", p.About, MaxText)
	c.optionalID("successor", string(p.Successor))
	if p.Successor != "" && p.Successor == p.ID {
		c.add("successor", "itself")
	}
	c.when("abolished", p.Abolished)
	c.claimIDs("abolished", p.AbolishedClaims)
	c.address("url", p.URL)
	c.clean("note", p.Note, MaxText)
	c.visibility(p.Visibility)
	return c.err()
}

// TieKind says how two persons or parties are tied.
type TieKind string

// The kinds of tie.
const (
	TieKin         TieKind = "kin"
	TieAffiliate   TieKind = "affiliate"
	TieMember      TieKind = "member"
	TieLeader      TieKind = "leader"
	TiePartOf      TieKind = "part_of"
	TieSuccessor   TieKind = "successor"
	TieHoldsOffice TieKind = "holds_office"
	TieSupports    TieKind = "supports"
	TieOtherTie    TieKind = "other"
)

// TieKinds lists the kinds in the order in which forms offer them.
func TieKinds() []TieKind {
	return []TieKind{
		TieKin, TieAffiliate, TieMember, TieLeader, TiePartOf, TieSuccessor, TieHoldsOffice, TieSupports, TieOtherTie,
	}
}

// Tie joins two persons or parties, by claim.
type Tie struct {
	ID     TieID     `json:"id"`
	From   Ref       `json:"from"`
	To     Ref       `json:"to"`
	Kind   TieKind   `json:"kind"`
	Label  Text      `json:"label,omitempty"` // "brother", "banned wing"
	When   When      `json:"when,omitzero"`
	Claims []ClaimID `json:"claims,omitempty"`
	Note   string    `json:"note,omitempty"`
	// KinPublic is the deliberate act that lets a kinship be public; without it a
	// public kinship is invalid.
	KinPublic  bool       `json:"kin_public,omitempty"`
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (t *Tie) Ref() Ref { return Ref{KindTie, string(t.ID)} }

// Seen implements [Record].
func (t *Tie) Seen() Visibility { return t.Visibility }

// Validate implements [Record].
func (t *Tie) Validate() error {
	var c checks
	c.id("id", string(t.ID))
	for _, end := range []struct {
		field string
		ref   Ref
	}{{"from", t.From}, {"to", t.To}} {
		if end.ref.Kind != KindPerson && end.ref.Kind != KindParty {
			c.add(end.field, "required")
			continue
		}
		c.id(end.field, end.ref.ID)
	}
	if t.From == t.To {
		c.add("to", "itself")
	}
	oneOf(&c, "kind", t.Kind, TieKinds()...)
	if t.Kind == TieKin && (t.From.Kind != KindPerson || t.To.Kind != KindPerson) {
		c.add("kind", "kin_persons")
	}
	c.text("label", t.Label, MaxLine)
	c.when("when", t.When)
	for _, id := range t.Claims {
		c.id("claims", string(id))
	}
	c.clean("note", t.Note, MaxText)
	c.visibility(t.Visibility)
	if t.Kind == TieKin && t.Visibility == Public && !t.KinPublic {
		c.add("visibility", "kinship")
	}
	if t.Visibility == Public && len(t.Claims) == 0 {
		c.add("claims", "required")
	}
	return c.err()
}
