package record

// Area is the kind of place a claim counts over.
type Area string

// The event's own extent is the empty Area.
const (
	AreaSite     Area = "site"
	AreaCity     Area = "city"
	AreaDistrict Area = "district"
	AreaProvince Area = "province"
	AreaCountry  Area = "country"
	AreaWorld    Area = "world"
)

// Counted says whom a claim counts.
type Counted string

// The empty Counted is everybody harmed, as the source defines it.
const (
	CountedAll       Counted = "all"
	CountedCivilians Counted = "civilians"
	CountedGroup     Counted = "group" // members of the community struck
	CountedWomen     Counted = "women"
	CountedChildren  Counted = "children"
	CountedForces    Counted = "forces" // police, army, guards
	CountedForeign   Counted = "foreign"
	CountedSideA     Counted = "side_a"
	CountedSideB     Counted = "side_b"
	CountedUnknown   Counted = "status_unknown"
)

// Attackers says whether dead or injured attackers are in the number.
type Attackers string

// The empty Attackers is "not stated".
const (
	AttackersIncluded Attackers = "included"
	AttackersExcluded Attackers = "excluded"
)

// Scope is what a number is a number of. It is comparable: two claims may be
// put in one range only when their scopes are equal. The zero Scope is the
// default, the event as its source defines it.
type Scope struct {
	Area Area `json:"area,omitempty"`
	// Place is the folded name of the place counted over ("quetta").
	Place string `json:"place,omitempty"`
	// Period is EDTF text, empty for the event's own time.
	Period    string    `json:"period,omitempty"`
	Counted   Counted   `json:"counted,omitempty"`
	Attackers Attackers `json:"attackers,omitempty"`
}

// IsZero reports whether the scope is the default one.
func (s Scope) IsZero() bool { return s == Scope{} }

func (c *checks) scope(s Scope) {
	if s.Area != "" {
		oneOf(c, "scope", s.Area, AreaSite, AreaCity, AreaDistrict, AreaProvince, AreaCountry, AreaWorld)
	}
	if s.Counted != "" {
		oneOf(c, "scope", s.Counted, CountedAll, CountedCivilians, CountedGroup, CountedWomen, CountedChildren,
			CountedForces, CountedForeign, CountedSideA, CountedSideB, CountedUnknown)
	}
	if s.Attackers != "" {
		oneOf(c, "scope", s.Attackers, AttackersIncluded, AttackersExcluded)
	}
	c.clean("scope", s.Place, MaxLine)
	c.edtf("scope", s.Period)
}
