package record

// InvolvementRole says what part someone had in an event.
type InvolvementRole string

// The roles.
const (
	RoleKilled       InvolvementRole = "killed"
	RoleInjured      InvolvementRole = "injured"
	RoleMissing      InvolvementRole = "missing"
	RoleTarget       InvolvementRole = "target"
	RoleBereaved     InvolvementRole = "bereaved"
	RoleWitness      InvolvementRole = "witness"
	RoleRescuer      InvolvementRole = "rescuer"
	RolePerpetrator  InvolvementRole = "perpetrator"
	RoleClaimant     InvolvementRole = "claimed_responsibility"
	RoleAccused      InvolvementRole = "accused"
	RoleThreatened   InvolvementRole = "threatened_by"
	RoleOrganiser    InvolvementRole = "organiser"
	RoleParticipant  InvolvementRole = "participant"
	RoleNegotiator   InvolvementRole = "negotiator"
	RoleOfficial     InvolvementRole = "official"
	RoleAddressee    InvolvementRole = "addressee"
	RoleInvolvedSide InvolvementRole = "side"
)

// InvolvementRoles lists the roles in the order in which forms offer them.
func InvolvementRoles() []InvolvementRole {
	return []InvolvementRole{
		RoleKilled, RoleInjured, RoleMissing, RoleTarget, RoleBereaved, RoleWitness, RoleRescuer, RolePerpetrator,
		RoleClaimant, RoleAccused, RoleThreatened, RoleOrganiser, RoleParticipant, RoleNegotiator, RoleOfficial,
		RoleAddressee, RoleInvolvedSide,
	}
}

// Accuses reports whether the role says that someone did wrong.
func (r InvolvementRole) Accuses() bool {
	switch r {
	case RolePerpetrator, RoleAccused, RoleThreatened:
		return true
	}
	return false
}

// AccusedStatus is where a case against somebody stands.
type AccusedStatus string

// The stages; Alleged is what a source says and no authority has acted on.
const (
	Alleged   AccusedStatus = "alleged"
	Suspected AccusedStatus = "suspected"
	Charged   AccusedStatus = "charged"
	Convicted AccusedStatus = "convicted"
	Acquitted AccusedStatus = "acquitted"
)

// Group is people nobody named: "two masterminds", "poets", "families who lost
// two". Low and High bound how many, nil where it is not said.
type Group struct {
	Name Text   `json:"name"`
	Low  *int64 `json:"low,omitempty"`
	High *int64 `json:"high,omitempty"`
}

// IsZero reports whether there is no group.
func (g Group) IsZero() bool { return g.Name.IsZero() && g.Low == nil && g.High == nil }

// Involvement says that a person, a party or an unnamed group had a part in an
// event, by claim. Exactly one of the three is set.
type Involvement struct {
	ID     InvolvementID   `json:"id"`
	Event  EventID         `json:"event"`
	Person PersonID        `json:"person,omitempty"`
	Party  PartyID         `json:"party,omitempty"`
	Group  Group           `json:"group,omitzero"`
	Role   InvolvementRole `json:"role"`
	// Status is for roles that accuse; Reply is what the accused says to it.
	Status AccusedStatus `json:"status,omitempty"`
	Reply  Text          `json:"reply,omitempty"`
	// Official marks that an official or court source stands behind an accusation.
	Official   bool       `json:"official,omitempty"`
	Detail     Text       `json:"detail,omitempty"`
	Claims     []ClaimID  `json:"claims,omitempty"`
	Note       string     `json:"note,omitempty"`
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (v *Involvement) Ref() Ref { return Ref{KindInvolvement, string(v.ID)} }

// Seen implements [Record].
func (v *Involvement) Seen() Visibility { return v.Visibility }

// Validate implements [Record]. Whether an accusation has the ground it needs
// to be public depends on its claims and is decided where those are at hand.
func (v *Involvement) Validate() error {
	var c checks
	c.id("id", string(v.ID))
	c.id("event", string(v.Event))
	set := 0
	if v.Person != "" {
		c.id("person", string(v.Person))
		set++
	}
	if v.Party != "" {
		c.id("party", string(v.Party))
		set++
	}
	if !v.Group.IsZero() {
		if v.Group.Name.IsZero() {
			c.add("group", "required")
		}
		c.text("group", v.Group.Name, MaxLine)
		set++
	}
	if v.Group.Low != nil && v.Group.High != nil && *v.Group.Low > *v.Group.High {
		c.add("group", "below_low")
	}
	if set != 1 {
		c.add("who", "exactly_one")
	}
	oneOf(&c, "role", v.Role, InvolvementRoles()...)
	if v.Status != "" {
		oneOf(&c, "status", v.Status, Alleged, Suspected, Charged, Convicted, Acquitted)
	}
	if v.Role.Accuses() && v.Person != "" && v.Status == "" {
		c.add("status", "required")
	}
	c.text("reply", v.Reply, MaxText)
	c.text("detail", v.Detail, MaxText)
	for _, id := range v.Claims {
		c.id("claims", string(id))
	}
	c.clean("note", v.Note, MaxText)
	c.visibility(v.Visibility)
	if v.Visibility == Public && len(v.Claims) == 0 {
		c.add("claims", "required")
	}
	return c.err()
}
