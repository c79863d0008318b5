package record

import "strings"

// Publication is where a petition's text stands with the house.
type Publication string

// A petition is written, looked over, and then published or refused with public
// reasons. A stopped one was taken back after it had been published; its page
// stays and says why.
const (
	PetitionDraft     Publication = "draft"
	PetitionReview    Publication = "review"
	PetitionPublished Publication = "published"
	PetitionRejected  Publication = "rejected"
	PetitionStopped   Publication = "stopped"
)

// Collection is whether signatures are taken, by decision; whether the clock
// agrees is worked out from Opens and Closes.
type Collection string

// The states of collection. Paused is a stop by the house that moves the
// deadline on; closed is for good.
const (
	CollectNotOpen Collection = "not_open"
	CollectOpen    Collection = "open"
	CollectPaused  Collection = "paused"
	CollectClosed  Collection = "closed"
)

// Signers is who may sign.
type Signers string

// Who may sign a petition.
const (
	SignPeople        Signers = "people"
	SignOrganisations Signers = "organisations"
	SignBoth          Signers = "both"
)

// Pace is how the public count moves.
type Pace string

// PaceSteps moves every hour or every twenty confirmations, whichever is later,
// so that no change can be matched to a visit; PaceLive at most a second behind.
const (
	PaceSteps Pace = "steps"
	PaceLive  Pace = "live"
)

// RejectionCode is a public reason why a petition was not published.
type RejectionCode string

// The reasons. The last four endanger somebody or name no one; a petition refused for
// one of those is not listed by its title.
const (
	RejectDuplicate  RejectionCode = "duplicate"
	RejectUnclear    RejectionCode = "unclear"
	RejectNoAction   RejectionCode = "no-action"
	RejectAddressee  RejectionCode = "wrong-addressee"
	RejectUnsourced  RejectionCode = "unsourced"
	RejectAlready    RejectionCode = "already-happening"
	RejectAdvert     RejectionCode = "advert"
	RejectLibellous  RejectionCode = "libellous"
	RejectOffensive  RejectionCode = "offensive"
	RejectEndangers  RejectionCode = "endangers"
	RejectPersonal   RejectionCode = "personal"
	rejectCodesShown               = 7
)

// RejectionCodes lists the reasons in the order in which forms show them.
func RejectionCodes() []RejectionCode {
	return []RejectionCode{
		RejectDuplicate, RejectUnclear, RejectNoAction, RejectAddressee, RejectUnsourced, RejectAlready, RejectAdvert,
		RejectLibellous, RejectOffensive, RejectEndangers, RejectPersonal,
	}
}

// Hides reports whether a petition refused for this reason is left out of lists.
func (c RejectionCode) Hides() bool {
	for _, shown := range RejectionCodes()[:rejectCodesShown] {
		if c == shown {
			return false
		}
	}
	return true
}

// Rejection says why a petition was not published, or was stopped.
type Rejection struct {
	Code    RejectionCode `json:"code"`
	Details Text          `json:"details"`
	Appeal  Text          `json:"appeal,omitempty"` // what its authors replied
}

// Addressee is whom a petition asks: an office and who held it on that day.
type Addressee struct {
	Key    string  `json:"key"` // short and stable within the petition: "pm"
	Party  PartyID `json:"party,omitempty"`
	Office Text    `json:"office"`
	// Holder held the office on HeldOn; the institution stays the addressee when
	// the holder leaves.
	Holder   Text      `json:"holder,omitempty"`
	HeldOn   When      `json:"held_on,omitzero"`
	Claims   []ClaimID `json:"claims,omitempty"`
	Lang     string    `json:"lang,omitempty"` // language of the letter
	Country  string    `json:"country,omitempty"`
	HowReply Text      `json:"how_reply,omitempty"`
}

// LegalBasis is a duty a petition rests on. It may name no article.
type LegalBasis struct {
	Key        string     `json:"key"`
	Instrument Text       `json:"instrument"`
	Article    string     `json:"article,omitempty"`
	Duty       Text       `json:"duty,omitempty"`
	State      string     `json:"state,omitempty"`    // ISO 3166 alpha-2
	InForce    When       `json:"in_force,omitzero"`  // for that state since
	Reserved   Text       `json:"reserved,omitempty"` // reservations made
	Sources    []SourceID `json:"sources,omitempty"`
	Demands    []string   `json:"demands,omitempty"` // keys of demands it bears on
}

// PetitionDemand is one thing asked. Parts are asked with it.
type PetitionDemand struct {
	Key       string           `json:"key"`
	Text      Text             `json:"text"`
	Addressee []string         `json:"addressee,omitempty"` // keys; none means all
	Deadline  When             `json:"deadline,omitzero"`
	Personal  bool             `json:"personal,omitempty"` // asked of the holder, not of the office
	Claims    []ClaimID        `json:"claims,omitempty"`
	Parts     []PetitionDemand `json:"parts,omitempty"`
}

// Initiator is an organisation or a person who stands behind the petition in
// public from the start, and has to agree with a version before it opens.
type Initiator struct {
	Key      string  `json:"key"`
	Name     Text    `json:"name"`
	Party    PartyID `json:"party,omitempty"`
	Capacity Text    `json:"capacity,omitempty"`
	// Account is the initiator's account in the house; without one an owner
	// records the agreement with its proof.
	Account  UserID `json:"account,omitempty"`
	Original bool   `json:"original,omitempty"` // signatory of an original text that this one re-creates
}

// Approval is an initiator's agreement with one draft, by the hash of its text.
type Approval struct {
	Initiator string `json:"initiator"`
	Hash      string `json:"hash"`
	At        int64  `json:"at"` // microseconds UTC
	// By is the account that agreed for itself; without one an owner recorded the
	// agreement with its proof. It counts only while it is the initiator's account.
	By    UserID `json:"by,omitempty"`
	Proof string `json:"proof,omitempty"`
}

// PetitionText is the draft in one language.
type PetitionText struct {
	Lang    string `json:"lang"`
	Title   string `json:"title"`
	Summary string `json:"summary,omitempty"`
	Body    string `json:"body"` // Markdown with citations
	// Of is the hash of the text that this one translates, "" for the original: a
	// translation lags when the original has another hash now.
	Of         string `json:"of,omitempty"`
	Unreviewed bool   `json:"unreviewed,omitempty"` // no speaker has checked it
}

// Pause is a time in which collection was switched off.
type Pause struct {
	From int64 `json:"from"` // microseconds UTC
	To   int64 `json:"to"`   // 0 while it lasts
	// House marks a pause of every petition of the house at once.
	House bool `json:"house,omitempty"`
}

// Petition is a petition as its organisers work on it. What the public reads is
// its latest [Edition].
type Petition struct {
	ID     PetitionID `json:"id"`
	Number int        `json:"number"` // public, from 1
	Slug   string     `json:"slug"`
	// Title is the current title in every language, for lists.
	Title   Text           `json:"title"`
	Tags    []string       `json:"tags,omitempty"` // "#ExampleTag"
	Texts   []PetitionText `json:"texts"`          // the first is the original
	Subject []Ref          `json:"subject,omitempty"`

	Addressees []Addressee      `json:"addressees"`
	Bases      []LegalBasis     `json:"bases,omitempty"`
	Demands    []PetitionDemand `json:"demands"`
	Initiators []Initiator      `json:"initiators,omitempty"`
	Approvals  []Approval       `json:"approvals,omitempty"`

	Publication Publication `json:"publication"`
	Rejection   *Rejection  `json:"rejection,omitempty"`
	Collection  Collection  `json:"collection"`
	Opens       int64       `json:"opens,omitempty"`  // microseconds UTC, 0 at once
	Closes      int64       `json:"closes,omitempty"` // 0 without a deadline
	Pauses      []Pause     `json:"pauses,omitempty"`
	Goals       []int       `json:"goals,omitempty"` // ascending
	Signers     Signers     `json:"signers"`
	Pace        Pace        `json:"pace"`
	Household   bool        `json:"household,omitempty"` // an address may be used under a second name
	// Edition is the number of the one in force, 0 before publication. Reconsent
	// is the first edition to which a signature still counts when the text changed in substance.
	Edition   int `json:"edition"`
	Reconsent int `json:"reconsent,omitempty"`

	Owners []UserID `json:"owners,omitempty"` // accounts; a second one is asked for
	// Recipients are age public keys; names at the sealed level are encrypted to them.
	Recipients []string `json:"recipients,omitempty"`
	// KeepDays is how long after delivery names and addresses are kept.
	KeepDays  int   `json:"keep_days"`
	Destroyed int64 `json:"destroyed,omitempty"` // microseconds UTC

	// Original links the text that this petition re-creates, if it does.
	Original SourceID `json:"original,omitempty"`
	// Practice marks a private copy for trying out: open on the loopback only,
	// its mail never leaves the outbox.
	Practice bool `json:"practice,omitempty"`
	// Foreign marks a petition imported from another site to be read, never signed here.
	Foreign    *ForeignPetition `json:"foreign,omitempty"`
	Note       string           `json:"note,omitempty"`
	Visibility Visibility       `json:"visibility"`
}

// ForeignPetition is what another site published about a petition of its own,
// kept as it came.
type ForeignPetition struct {
	Site  string `json:"site"`
	URL   string `json:"url"`
	State string `json:"state"`
	Count int64  `json:"count"`
	Hash  string `json:"hash"` // of the file in the blob store
	// Unaccounted is the total less the sum of the site's own parts by country.
	Unaccounted int64 `json:"unaccounted,omitempty"`
	// Asked are the offices that the site says it was put to.
	Asked []ForeignOffice `json:"asked,omitempty"`
	// Response is what the government answered, Debate what parliament made of it; nil
	// where there is none.
	Response *ForeignResponse `json:"response,omitempty"`
	Debate   *ForeignDebate   `json:"debate,omitempty"`
}

// ForeignOffice is an office as another site names it.
type ForeignOffice struct {
	Acronym string `json:"acronym,omitempty"`
	Name    string `json:"name"`
	URL     string `json:"url,omitempty"`
}

// ForeignResponse is the answer of whom a petition of another site asked, unedited.
type ForeignResponse struct {
	On      When   `json:"on,omitzero"`
	Summary string `json:"summary,omitempty"`
	Details string `json:"details,omitempty"`
	Made    int64  `json:"made,omitempty"`    // when the site published it, microseconds UTC
	Changed int64  `json:"changed,omitempty"` // when it last changed it
}

// ForeignDebate is a debate on a petition of another site.
type ForeignDebate struct {
	On         When   `json:"on,omitzero"`
	Overview   string `json:"overview,omitempty"`
	Transcript string `json:"transcript,omitempty"` // addresses
	Video      string `json:"video,omitempty"`
	Pack       string `json:"pack,omitempty"`
	Summary    string `json:"summary,omitempty"`
	Engagement string `json:"engagement,omitempty"`
}

func (c *checks) foreign(f *ForeignPetition) {
	for _, o := range f.Asked {
		c.required("departments", o.Name)
		c.clean("departments", o.Acronym, MaxLine)
		c.clean("departments", o.Name, MaxLine)
		c.address("departments", o.URL)
	}
	if r := f.Response; r != nil {
		c.when("government_response", r.On)
		c.clean("government_response", r.Summary, MaxText)
		c.clean("government_response", r.Details, MaxText)
	}
	if d := f.Debate; d != nil {
		c.when("debate", d.On)
		c.clean("debate", d.Overview, MaxText)
		for _, a := range []string{d.Transcript, d.Video, d.Pack, d.Summary, d.Engagement} {
			c.address("debate", a)
		}
	}
}

// Deadline is when signing ends, in microseconds UTC, moved on by every pause
// that is over; 0 means never.
func (p *Petition) Deadline() int64 {
	end := p.Closes
	if end == 0 {
		return 0
	}
	for _, x := range p.Pauses {
		if x.To > x.From {
			end += x.To - x.From
		}
	}
	return end
}

// Paused returns the pause that lasts, nil when there is none.
func (p *Petition) Paused() *Pause {
	for i := range p.Pauses {
		if p.Pauses[i].To == 0 {
			return &p.Pauses[i]
		}
	}
	return nil
}

// Ref implements [Record].
func (p *Petition) Ref() Ref { return Ref{KindPetition, string(p.ID)} }

// Seen implements [Record].
func (p *Petition) Seen() Visibility { return p.Visibility }

// MaxKeepDays bounds how long signers' data may be kept after delivery.
const MaxKeepDays = 730

// Validate implements [Record].
func (p *Petition) Validate() error {
	var c checks
	c.id("id", string(p.ID))
	if p.Number < 1 {
		c.add("number", "number")
	}
	c.slug("slug", p.Slug)
	if p.Title.IsZero() {
		c.add("title", "required")
	}
	c.text("title", p.Title, MaxLine)
	for _, t := range p.Tags {
		c.clean("tags", t, 200)
		if strings.ContainsAny(t, " \t\n") {
			c.add("tags", "tag")
		}
	}
	c.petitionTexts(p.Texts)
	keys := map[string]bool{}
	for _, a := range p.Addressees {
		c.key("addressees", a.Key, keys)
		if a.Office.IsZero() {
			c.add("addressees", "required")
		}
		c.text("addressees", a.Office, MaxLine)
		c.text("addressees", a.Holder, MaxLine)
		c.text("addressees", a.HowReply, MaxText)
		c.when("addressees", a.HeldOn)
		c.optionalID("addressees", string(a.Party))
	}
	bases := map[string]bool{}
	demands := map[string]bool{}
	c.demands("demands", p.Demands, keys, demands, 0)
	for _, b := range p.Bases {
		c.key("bases", b.Key, bases)
		if b.Instrument.IsZero() {
			c.add("bases", "required")
		}
		c.text("bases", b.Instrument, MaxLine)
		c.text("bases", b.Duty, MaxText)
		c.text("bases", b.Reserved, MaxText)
		c.clean("bases", b.Article, MaxLine)
		c.when("bases", b.InForce)
		for _, d := range b.Demands {
			if !demands[d] {
				c.add("bases", "demand", "key", d)
			}
		}
		for _, s := range b.Sources {
			c.id("bases", string(s))
		}
	}
	initiators := map[string]bool{}
	for _, i := range p.Initiators {
		c.key("initiators", i.Key, initiators)
		if i.Name.IsZero() {
			c.add("initiators", "required")
		}
		c.text("initiators", i.Name, MaxLine)
		c.text("initiators", i.Capacity, MaxLine)
		c.optionalID("initiators", string(i.Party))
	}
	for _, a := range p.Approvals {
		if !initiators[a.Initiator] {
			c.add("approvals", "choice")
		}
		c.hash("approvals", a.Hash)
		c.clean("approvals", a.Proof, MaxText)
	}
	oneOf(&c, "publication", p.Publication, PetitionDraft, PetitionReview, PetitionPublished, PetitionRejected, PetitionStopped)
	if p.Publication == PetitionRejected || p.Publication == PetitionStopped {
		if p.Rejection == nil {
			c.add("rejection", "required")
		} else {
			oneOf(&c, "rejection", p.Rejection.Code, RejectionCodes()...)
			if p.Rejection.Details.IsZero() {
				c.add("rejection", "required")
			}
			c.text("rejection", p.Rejection.Details, MaxText)
			c.text("rejection", p.Rejection.Appeal, MaxText)
		}
	}
	oneOf(&c, "collection", p.Collection, CollectNotOpen, CollectOpen, CollectPaused, CollectClosed)
	if p.Opens < 0 || p.Closes < 0 || p.Closes != 0 && p.Closes <= p.Opens {
		c.add("closes", "order")
	}
	for i, g := range p.Goals {
		if g < 1 || i > 0 && g <= p.Goals[i-1] {
			c.add("goals", "order")
		}
	}
	oneOf(&c, "signers", p.Signers, SignPeople, SignOrganisations, SignBoth)
	oneOf(&c, "pace", p.Pace, PaceSteps, PaceLive)
	if p.Edition < 0 || p.Reconsent > p.Edition {
		c.add("edition", "number")
	}
	for _, r := range p.Recipients {
		c.clean("recipients", r, MaxLine)
		if !strings.HasPrefix(r, "age1") {
			c.add("recipients", "recipient")
		}
	}
	if p.KeepDays < 0 || p.KeepDays > MaxKeepDays {
		c.add("keep_days", "number")
	}
	if p.Publication == PetitionPublished && p.Foreign == nil {
		if p.Edition == 0 {
			c.add("edition", "required")
		}
		if len(p.Addressees) == 0 {
			c.add("addressees", "required")
		}
		if len(p.Demands) == 0 {
			c.add("demands", "required")
		}
	}
	if p.Foreign != nil {
		c.foreign(p.Foreign)
	}
	c.optionalID("original", string(p.Original))
	c.clean("note", p.Note, MaxText)
	c.visibility(p.Visibility)
	return c.err()
}

func (c *checks) petitionTexts(texts []PetitionText) {
	if len(texts) == 0 {
		c.add("texts", "required")
	}
	langs := map[string]bool{}
	for _, t := range texts {
		if !validTag(t.Lang) || t.Lang == "" {
			c.add("texts", "language", "tag", t.Lang)
		}
		if langs[t.Lang] {
			c.add("texts", "language_twice", "tag", t.Lang)
		}
		langs[t.Lang] = true
		c.required("texts", t.Title)
		c.clean("texts", t.Title, MaxLine)
		c.clean("texts", t.Summary, MaxText)
		c.clean("texts", t.Body, MaxText)
	}
}

// key checks a short name that is to be unique among its like.
func (c *checks) key(field, key string, seen map[string]bool) {
	switch {
	case !validSlug(key) || len(key) > 40:
		c.add(field, "key")
	case seen[key]:
		c.add(field, "twice", "key", key)
	}
	seen[key] = true
}

// MaxDemandDepth is how deep demands may be nested.
const MaxDemandDepth = 4

func (c *checks) demands(field string, ds []PetitionDemand, addressees, seen map[string]bool, depth int) {
	if depth >= MaxDemandDepth && len(ds) > 0 {
		c.add(field, "deep")
		return
	}
	for _, d := range ds {
		c.key(field, d.Key, seen)
		if d.Text.IsZero() {
			c.add(field, "required")
		}
		c.text(field, d.Text, MaxText)
		c.when(field, d.Deadline)
		for _, a := range d.Addressee {
			if !addressees[a] {
				c.add(field, "addressee", "key", a)
			}
		}
		for _, id := range d.Claims {
			c.id(field, string(id))
		}
		c.demands(field, d.Parts, addressees, seen, depth+1)
	}
}
