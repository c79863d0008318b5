package record

// ClaimKind says what sort of statement a claim is.
type ClaimKind string

// A Measure states a number or something about one, an Attribute a property of
// the subject, a Statement anything else that was said.
const (
	KindMeasure   ClaimKind = "measure"
	KindAttribute ClaimKind = "attribute"
	KindStatement ClaimKind = "statement"
)

// Measure is what was counted.
type Measure string

// The measures. Bodies at a place are not people killed in an attack, and no
// rule reads them as such.
const (
	Killed           Measure = "killed"
	Injured          Measure = "injured"
	Missing          Measure = "missing"
	Detained         Measure = "detained"
	Abducted         Measure = "abducted"
	Displaced        Measure = "displaced"
	Bodies           Measure = "bodies"
	Hostages         Measure = "hostages"
	Attackers_       Measure = "attackers"
	AttackersKilled  Measure = "attackers_killed"
	AttackersInjured Measure = "attackers_injured"
	Explosions       Measure = "explosions"
	Participants     Measure = "participants"
	Attacks          Measure = "attacks"
	Prosecutions     Measure = "prosecutions"
	Articles         Measure = "articles"
	FamilyMembers    Measure = "family_members_lost"
	Escaped          Measure = "escaped"
	Duration         Measure = "duration_days"
	Money            Measure = "money"
)

// Measures lists the measures in the order in which forms and pages show them.
func Measures() []Measure {
	return []Measure{
		Killed, Injured, Missing, Abducted, Detained, Displaced, Bodies, Hostages, Attackers_, AttackersKilled,
		AttackersInjured, Explosions, Participants, Attacks, Prosecutions, Articles, FamilyMembers, Escaped, Duration, Money,
	}
}

// Form says how a number relates to its subject.
type Form string

// An Incident number is of the whole subject, a Component of a part of it
// ("another 13"), an Aggregate of many subjects over a period ("1,000 since
// 1999"), a NamedList the length of a list of names. They are never added to or
// compared with each other.
const (
	Incident  Form = "incident"
	Component Form = "component"
	Aggregate Form = "aggregate"
	NamedList Form = "named_list"
)

// Operator says how the number was stated.
type Operator string

// "More than 100" is low 101 and open above, "at least 100" low 100 and open;
// "up to 80" is high 80; "about 80" is the point 80 without bounds. InWords
// keeps "dozens" as words, for a named conversion rule to read. The last three
// say something about a number without stating one.
const (
	Exact       Operator = "exact"
	AtLeast     Operator = "at_least"
	MoreThan    Operator = "more_than"
	AtMost      Operator = "at_most"
	LessThan    Operator = "less_than"
	About       Operator = "about"
	Between     Operator = "range"
	InWords     Operator = "words"
	Superlative Operator = "superlative" // "by far the heaviest toll"
	Trend       Operator = "trend"       // "only increasing"
	Proportion  Operator = "proportion"  // "virtually all", "virtually none"
)

// Operators lists the operators in the order in which forms offer them.
func Operators() []Operator {
	return []Operator{Exact, AtLeast, MoreThan, AtMost, LessThan, About, Between, InWords, Superlative, Trend, Proportion}
}

// Role says whether the source reports a number or edited it together from
// others' reports.
type Role string

// A compiled number is a dataset editor's judgement: it is shown and never
// corroborates the reports it was made from.
const (
	Reported       Role = "reported"
	CompiledLow    Role = "compiled_low"
	CompiledBest   Role = "compiled_best"
	CompiledHigh   Role = "compiled_high"
	CompiledSingle Role = "compiled_single"
	CompiledRange  Role = "compiled_range" // low, best and high in one claim
)

// Compiled reports whether the number is a compiler's.
func (r Role) Compiled() bool { return r != Reported && r != "" }

// Attribute is the property an attribute claim states.
type Attribute string

// The attributes.
const (
	AttrDate           Attribute = "date"
	AttrPlace          Attribute = "place"
	AttrType           Attribute = "type"
	AttrTargeted       Attribute = "targeted"       // whom it struck
	AttrPerpetrator    Attribute = "perpetrator"    // who did it, says the source
	AttrResponsibility Attribute = "responsibility" // who claimed it
	AttrActor          Attribute = "actor"          // a side, without saying which did what
	AttrMethod         Attribute = "method"
	AttrLegalStatus    Attribute = "legal_status"
	AttrTie            Attribute = "tie"
	AttrName           Attribute = "name"
	AttrAge            Attribute = "age"
	AttrSex            Attribute = "sex"
	AttrOccupation     Attribute = "occupation"
	AttrOutcome        Attribute = "outcome"
	AttrCustody        Attribute = "custody" // arrest, trial, escape, release
	AttrParticipant    Attribute = "participant"
	AttrCondition      Attribute = "condition" // weather, circumstances
	AttrAttention      Attribute = "attention" // what trended, where
	AttrOther          Attribute = "other"
)

// Attributes lists the attributes in the order in which forms offer them.
func Attributes() []Attribute {
	return []Attribute{
		AttrDate, AttrPlace, AttrType, AttrTargeted, AttrPerpetrator, AttrResponsibility, AttrActor, AttrMethod,
		AttrLegalStatus, AttrTie, AttrName, AttrAge, AttrSex, AttrOccupation, AttrOutcome, AttrCustody,
		AttrParticipant, AttrCondition, AttrAttention, AttrOther,
	}
}

// Stance says how the source puts a statement.
type Stance string

// The stances a statement can have.
const (
	Asserts  Stance = "asserts"
	Alleges  Stance = "alleges"
	Denies   Stance = "denies"
	Opinion  Stance = "opinion"
	Demands  Stance = "demands"
	Promises Stance = "promises"
	Foresees Stance = "foresees"
	Threat   Stance = "threatens"
)

// Stances lists the stances in the order in which forms offer them.
func Stances() []Stance {
	return []Stance{Asserts, Alleges, Denies, Opinion, Demands, Promises, Foresees, Threat}
}

// Value is what an attribute claim says: some text as printed, and, where it
// was read as something the record knows, that.
type Value struct {
	Text  string `json:"text,omitempty"`
	Ref   Ref    `json:"ref,omitzero"`
	When  When   `json:"when,omitzero"`
	Place Place  `json:"place,omitzero"`
}

// Attribution is whom the source quotes. All empty means that the source speaks
// for itself; Unattributed that it hides behind "reportedly".
type Attribution struct {
	Text         string   `json:"text,omitempty"`
	Party        PartyID  `json:"party,omitempty"`
	Person       PersonID `json:"person,omitempty"`
	Unattributed bool     `json:"unattributed,omitempty"`
}

// IsZero reports whether the source speaks for itself.
func (a Attribution) IsZero() bool { return a == Attribution{} }

// Claim is one statement by one source about one subject. Low and High are the
// bounds the operator gives (inclusive; a nil High is open above), Best the
// point the source stands by when it gives a range.
type Claim struct {
	ID      ClaimID   `json:"id"`
	Source  SourceID  `json:"source"`
	Passage Passage   `json:"passage,omitzero"`
	Subject Ref       `json:"subject"`
	Kind    ClaimKind `json:"kind"`

	Measure      Measure  `json:"measure,omitempty"`
	Form         Form     `json:"form,omitempty"`
	Operator     Operator `json:"operator,omitempty"`
	Low          *int64   `json:"low,omitempty"`
	High         *int64   `json:"high,omitempty"`
	Best         *int64   `json:"best,omitempty"`
	Unit         string   `json:"unit,omitempty"`  // a currency code for money
	Words        string   `json:"words,omitempty"` // the number as printed
	Scope        Scope    `json:"scope,omitzero"`
	ScopePrinted string   `json:"scope_printed,omitempty"`
	ScopeReadBy  UserID   `json:"scope_read_by,omitempty"`

	Attribute Attribute `json:"attribute,omitempty"`
	Value     Value     `json:"value,omitzero"`

	Topic     string `json:"topic,omitempty"`
	Statement Text   `json:"statement,omitempty"` // in our own words
	Stance    Stance `json:"stance,omitempty"`

	// AsOf is the time the statement holds for, apart from when it was published
	// and when it was entered: tolls rise, injured fall as the wounded die.
	AsOf         When        `json:"as_of,omitzero"`
	AttributedTo Attribution `json:"attributed_to,omitzero"`
	// DerivedFrom lists claims or sources that this one repeats.
	DerivedFrom []Ref `json:"derived_from,omitempty"`
	// Supersedes lists earlier claims of the same source that this one replaces.
	Supersedes  []ClaimID `json:"supersedes,omitempty"`
	Role        Role      `json:"role,omitempty"`
	Reliability string    `json:"reliability,omitempty"`
	// Language is that of the words quoted, when it is not the source's.
	Language   string     `json:"language,omitempty"`
	MadeBy     string     `json:"made_by,omitempty"` // a person's role, a rule or an importer
	Note       string     `json:"note,omitempty"`    // internal
	Review     Review     `json:"review"`
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (m *Claim) Ref() Ref { return Ref{KindClaim, string(m.ID)} }

// Seen implements [Record].
func (m *Claim) Seen() Visibility { return m.Visibility }

// Validate implements [Record].
func (m *Claim) Validate() error {
	var c checks
	c.id("id", string(m.ID))
	c.id("source", string(m.Source))
	c.passage(m.Passage)
	switch m.Subject.Kind {
	case KindEvent, KindPerson, KindParty, KindTotal, KindSource, KindTie:
		c.id("subject", m.Subject.ID)
	default:
		c.add("subject", "required")
	}
	oneOf(&c, "kind", m.Kind, KindMeasure, KindAttribute, KindStatement)
	switch m.Kind {
	case KindMeasure:
		m.checkMeasure(&c)
	case KindAttribute:
		m.checkAttribute(&c)
	case KindStatement:
		m.checkStatement(&c)
	}
	c.when("as_of", m.AsOf)
	c.clean("attributed_to", m.AttributedTo.Text, MaxLine)
	c.optionalID("attributed_to", string(m.AttributedTo.Party))
	c.optionalID("attributed_to", string(m.AttributedTo.Person))
	if m.AttributedTo.Unattributed && (m.AttributedTo.Party != "" || m.AttributedTo.Person != "") {
		c.add("attributed_to", "contradiction")
	}
	for _, d := range m.DerivedFrom {
		if d.Kind != KindClaim && d.Kind != KindSource {
			c.add("derived_from", "choice")
		}
		c.id("derived_from", d.ID)
		if d.ID == string(m.ID) {
			c.add("derived_from", "itself")
		}
	}
	for _, s := range m.Supersedes {
		c.id("supersedes", string(s))
		if s == m.ID {
			c.add("supersedes", "itself")
		}
	}
	c.reliability("reliability", m.Reliability)
	if !validTag(m.Language) {
		c.add("language", "language", "tag", m.Language)
	}
	c.clean("note", m.Note, MaxText)
	c.clean("reason", m.Review.Reason, MaxText)
	oneOf(&c, "review", m.Review.State, Suggested, Compiled, Accepted, Rejected, Retracted)
	switch m.Review.State {
	case Rejected, Retracted:
		c.required("reason", m.Review.Reason)
	}
	c.visibility(m.Visibility)
	return c.err()
}

func (m *Claim) checkMeasure(c *checks) {
	oneOf(c, "measure", m.Measure, Measures()...)
	oneOf(c, "form", m.Form, Incident, Component, Aggregate, NamedList)
	oneOf(c, "operator", m.Operator, Operators()...)
	oneOf(c, "role", m.Role, Reported, CompiledLow, CompiledBest, CompiledHigh, CompiledSingle, CompiledRange)
	c.clean("words", m.Words, MaxLine)
	c.clean("scope", m.ScopePrinted, MaxLine)
	c.scope(m.Scope)
	for _, n := range []struct {
		field string
		value *int64
	}{{"low", m.Low}, {"high", m.High}, {"best", m.Best}} {
		if n.value != nil && (*n.value < 0 || *n.value > MaxNumber) {
			c.add(n.field, "number")
		}
	}
	need := func(field string, v *int64, wanted bool) {
		switch {
		case wanted && v == nil:
			c.add(field, "required")
		case !wanted && v != nil:
			c.add(field, "unexpected")
		}
	}
	switch m.Operator {
	case Exact, About:
		need("low", m.Low, true)
		need("high", m.High, true)
		if m.Low != nil && m.High != nil && *m.Low != *m.High {
			c.add("high", "differs")
		}
	case AtLeast, MoreThan:
		need("low", m.Low, true)
		need("high", m.High, false)
	case AtMost, LessThan:
		need("high", m.High, true)
	case Between:
		// A dataset whose low is above its high is kept as printed; a person who
		// types such a range has made a slip.
		need("low", m.Low, true)
		need("high", m.High, true)
		if m.Role == Reported && m.Low != nil && m.High != nil && *m.Low > *m.High {
			c.add("high", "below_low")
		}
	case InWords, Superlative, Trend, Proportion:
		c.required("words", m.Words)
	}
	if m.Measure == Money {
		if len(m.Unit) != 3 {
			c.add("unit", "currency")
		}
	} else if m.Unit != "" {
		c.add("unit", "unexpected")
	}
}

// MaxNumber bounds every count and amount, far above anything that can be
// counted and far below where sums of a register could overflow.
const MaxNumber = 1_000_000_000_000

func (m *Claim) checkAttribute(c *checks) {
	oneOf(c, "attribute", m.Attribute, Attributes()...)
	v := m.Value
	c.clean("value", v.Text, MaxText)
	c.when("value", v.When)
	c.place("value", v.Place)
	if !v.Ref.IsZero() {
		c.id("value", v.Ref.ID)
	}
	if v.Text == "" && v.Ref.IsZero() && v.When.IsZero() && v.Place.IsZero() {
		c.add("value", "required")
	}
}

func (m *Claim) checkStatement(c *checks) {
	c.required("topic", m.Topic)
	c.clean("topic", m.Topic, MaxLine)
	oneOf(c, "stance", m.Stance, Stances()...)
	c.text("statement", m.Statement, MaxText)
	if m.Statement.IsZero() && len(m.Passage.Segments) == 0 {
		c.add("statement", "required")
	}
}

// Bounds sets Low, High and Operator from a number and the way it was printed,
// by the table of operators: "more than 80" is 81 and open above, "fewer than
// 80" is at most 79.
func (m *Claim) Bounds(op Operator, n, upper int64) {
	m.Operator, m.Low, m.High = op, nil, nil
	switch op {
	case Exact, About:
		m.Low, m.High = &n, &n
	case AtLeast:
		m.Low = &n
	case MoreThan:
		n++
		m.Low = &n
	case AtMost:
		m.High = &n
	case LessThan:
		n = max(n-1, 0)
		m.High = &n
	case Between:
		m.Low, m.High = &n, &upper
	}
}
