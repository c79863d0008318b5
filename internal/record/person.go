package record

// NameKind says which sort of name a spelling is.
type NameKind string

// The sorts of name.
const (
	NamePrimary NameKind = "primary"
	NameVariant NameKind = "variant"
	NameAlias   NameKind = "alias"
	NameFormer  NameKind = "former"
	NameShort   NameKind = "short" // initials, an abbreviation
)

// Name is one spelling in one language and script.
type Name struct {
	Text string   `json:"text"`
	Lang string   `json:"lang,omitempty"`
	Kind NameKind `json:"kind"`
}

// Display returns the name to print in a language: a primary name in that
// language, else any in it, else the first primary, else the first.
func Display(names []Name, lang string) string {
	best, rank := "", -1
	for _, n := range names {
		r := 0
		if n.Kind == NamePrimary {
			r++
		}
		if n.Lang == lang {
			r += 2
		}
		if n.Kind == NameShort {
			r = 0
		}
		if r > rank {
			best, rank = n.Text, r
		}
	}
	return best
}

func (c *checks) names(field string, names []Name) {
	if len(names) == 0 {
		c.add(field, "required")
	}
	for _, n := range names {
		c.required(field, n.Text)
		c.clean(field, n.Text, MaxLine)
		if !validTag(n.Lang) {
			c.add(field, "language", "tag", n.Lang)
		}
		oneOf(c, field, n.Kind, NamePrimary, NameVariant, NameAlias, NameFormer, NameShort)
	}
}

// Purpose is one use of a person's data that needs its own consent.
type Purpose string

// The purposes.
const (
	ToStore    Purpose = "store"
	ToPublish  Purpose = "publish"
	ToAdvocate Purpose = "advocate"
	ToCourt    Purpose = "court"
)

// Purposes lists the purposes in the order in which forms show them.
func Purposes() []Purpose { return []Purpose{ToStore, ToPublish, ToAdvocate, ToCourt} }

// Basis says why the house may use the data.
type Basis string

// BasisKin and BasisSelf are consent proper; the other two rest on what is
// public already: a public role, or a name that the family or the person made
// public.
const (
	BasisSelf          Basis = "self"
	BasisKin           Basis = "kin"
	BasisPublicRole    Basis = "public_role"
	BasisAlreadyPublic Basis = "already_public"
)

// Consent is one answer about one purpose. Given false is a refusal, and one
// refusal by a relative outweighs any number of consents.
type Consent struct {
	Purpose  Purpose `json:"purpose"`
	Given    bool    `json:"given"`
	By       string  `json:"by,omitempty"`       // who gave it; internal, erasable
	Relation string  `json:"relation,omitempty"` // to the person
	Basis    Basis   `json:"basis"`
	On       When    `json:"on,omitzero"`
	Note     string  `json:"note,omitempty"`
	// Withdrawn is when a consent was taken back.
	Withdrawn When `json:"withdrawn,omitzero"`
}

// Vital says whether a person is alive.
type Vital string

// A person not known to be dead is treated as living.
const (
	Living      Vital = "living"
	Dead        Vital = "dead"
	VitalNotSet Vital = "unknown"
)

// Person is a victim or another person the record has to name.
type Person struct {
	ID    PersonID `json:"id"`
	Slug  string   `json:"slug"`
	Names []Name   `json:"names"`
	Vital Vital    `json:"vital"`
	Born  When     `json:"born,omitzero"`
	Died  When     `json:"died,omitzero"`
	// Age is at the time of the event, as a source gives it ("17", "in his 30s").
	Age string `json:"age,omitempty"`
	Sex string `json:"sex,omitempty"`
	// About says who they were, in our own words; it stands before how they died.
	About Text `json:"about,omitempty"`
	// PublicRole is the office or public work by which a person is known.
	PublicRole Text      `json:"public_role,omitempty"`
	Consents   []Consent `json:"consents,omitempty"`
	// Hidden is set at once by a relative's request and cleared only by a
	// decision about that request.
	Hidden     bool       `json:"hidden,omitempty"`
	Note       string     `json:"note,omitempty"`
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (p *Person) Ref() Ref { return Ref{KindPerson, string(p.ID)} }

// Seen implements [Record]. A hidden person is internal whatever else is set.
func (p *Person) Seen() Visibility {
	if p.Hidden && p.Visibility == Public {
		return Internal
	}
	return p.Visibility
}

// May reports whether the consents on record allow a purpose: at least one
// given and not withdrawn, and no refusal. Absence of consent is not consent.
func (p *Person) May(purpose Purpose) bool {
	given := false
	for _, c := range p.Consents {
		if c.Purpose != purpose {
			continue
		}
		if !c.Given {
			return false
		}
		if c.Withdrawn.IsZero() {
			given = true
		}
	}
	return given
}

// Validate implements [Record].
func (p *Person) Validate() error {
	var c checks
	c.id("id", string(p.ID))
	c.slug("slug", p.Slug)
	c.names("names", p.Names)
	oneOf(&c, "vital", p.Vital, Living, Dead, VitalNotSet)
	c.when("born", p.Born)
	c.when("died", p.Died)
	if b, ok := p.Born.Date.Earliest(); ok {
		if d, ok := p.Died.Date.Latest(); ok && d < b {
			c.add("died", "before_birth")
		}
	}
	c.clean("age", p.Age, MaxLine)
	c.clean("sex", p.Sex, MaxLine)
	c.text("about", p.About, MaxText)
	c.text("public_role", p.PublicRole, MaxLine)
	for _, k := range p.Consents {
		oneOf(&c, "consents", k.Purpose, Purposes()...)
		oneOf(&c, "consents", k.Basis, BasisSelf, BasisKin, BasisPublicRole, BasisAlreadyPublic)
		c.clean("consents", k.By, MaxLine)
		c.clean("consents", k.Relation, MaxLine)
		c.clean("consents", k.Note, MaxText)
		if k.Basis == BasisKin && k.Relation == "" {
			c.add("consents", "relation")
		}
		if k.Basis == BasisPublicRole && p.PublicRole.IsZero() {
			c.add("public_role", "required")
		}
	}
	c.clean("note", p.Note, MaxText)
	c.visibility(p.Visibility)
	if p.Visibility == Public && !p.May(ToPublish) {
		c.add("visibility", "consent")
	}
	return c.err()
}
