package record

// EndorsementRole is in which role an organisation stands under a petition.
type EndorsementRole string

// The roles. Original marks a signatory of an original text that the petition
// re-creates: it has not signed here and is not counted.
const (
	RoleInitiator   EndorsementRole = "initiator"
	RoleCoSignatory EndorsementRole = "co_signatory"
	RoleEndorser    EndorsementRole = "endorser"
	RoleOriginal    EndorsementRole = "original"
)

// EndorsementState is where an organisation's signature stands.
type EndorsementState string

// Only confirmed ones are listed and counted.
const (
	EndorsementPending   EndorsementState = "pending"
	EndorsementConfirmed EndorsementState = "confirmed"
	EndorsementWithdrawn EndorsementState = "withdrawn"
	EndorsementVoided    EndorsementState = "voided"
)

// ProofKind is how it was shown that the representative speaks for the
// organisation.
type ProofKind string

// A mail to an address under the organisation's own domain was answered, a DNS
// record of that domain holds the code, or a moderator checked and wrote down how.
const (
	ProofMail  ProofKind = "mail"
	ProofDNS   ProofKind = "dns"
	ProofCheck ProofKind = "check"
)

// Proof of authority.
type Proof struct {
	Kind   ProofKind `json:"kind"`
	Domain string    `json:"domain,omitempty"`
	// Words say what a moderator checked; public.
	Words Text   `json:"words,omitempty"`
	At    int64  `json:"at"`           // microseconds UTC
	By    UserID `json:"by,omitempty"` // who checked
}

// Endorsement is an organisation's signature. It is a public act of an
// organisation: listed by name and counted apart from people. Who represented it
// is not in this record; the address lies encrypted beside it.
type Endorsement struct {
	ID       EndorsementID `json:"id"`
	Petition PetitionID    `json:"petition"`
	Edition  int           `json:"edition"`
	Lang     string        `json:"lang,omitempty"`
	// Names is the legal name in its scripts.
	Names    []Name           `json:"names"`
	Party    PartyID          `json:"party,omitempty"`
	Country  string           `json:"country"`
	Site     string           `json:"site,omitempty"` // https address
	Capacity Text             `json:"capacity,omitempty"`
	Role     EndorsementRole  `json:"role"`
	State    EndorsementState `json:"state"`
	Proof    *Proof           `json:"proof,omitempty"`
	Made     int64            `json:"made"`
	Note     string           `json:"note,omitempty"`
	Source   SourceID         `json:"source,omitempty"` // of an original signatory

	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (e *Endorsement) Ref() Ref { return Ref{KindEndorsement, string(e.ID)} }

// Seen implements [Record].
func (e *Endorsement) Seen() Visibility { return e.Visibility }

// Validate implements [Record].
func (e *Endorsement) Validate() error {
	var c checks
	c.id("id", string(e.ID))
	c.id("petition", string(e.Petition))
	if len(e.Names) == 0 {
		c.add("names", "required")
	}
	c.names("names", e.Names)
	c.place("country", Place{Country: e.Country})
	c.clean("site", e.Site, MaxLine)
	c.text("capacity", e.Capacity, MaxLine)
	oneOf(&c, "role", e.Role, RoleInitiator, RoleCoSignatory, RoleEndorser, RoleOriginal)
	oneOf(&c, "state", e.State, EndorsementPending, EndorsementConfirmed, EndorsementWithdrawn, EndorsementVoided)
	switch {
	case e.Role == RoleOriginal:
		if e.State == EndorsementConfirmed || e.Source == "" {
			c.add("role", "original")
		}
	case e.State == EndorsementConfirmed && e.Proof == nil:
		c.add("proof", "required")
	}
	if e.Proof != nil {
		oneOf(&c, "proof", e.Proof.Kind, ProofMail, ProofDNS, ProofCheck)
		c.clean("proof", e.Proof.Domain, 255)
		c.text("proof", e.Proof.Words, MaxText)
		if e.Proof.Kind == ProofCheck && e.Proof.Words.IsZero() {
			c.add("proof", "required")
		}
	}
	c.clean("note", e.Note, MaxText)
	c.visibility(e.Visibility)
	return c.err()
}
