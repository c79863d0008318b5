package record

// Batch is signatures that were collected on paper. What is written on the
// sheets is in the signatures made from them and in the scans, never here.
type Batch struct {
	ID       BatchID    `json:"id"`
	Petition PetitionID `json:"petition"`
	Edition  int        `json:"edition"`
	Lang     string     `json:"lang,omitempty"`
	Number   int        `json:"number"` // within the petition, from 1
	Place    Place      `json:"place,omitzero"`
	// Collector is a name or a code for who is trusted with the sheets; internal.
	Collector string   `json:"collector"`
	Scans     []string `json:"scans,omitempty"` // SHA-256 in the blob store
	// Lines were filled in; of these Legible could be read, Repeated were found
	// to have signed already, Counted are counted.
	Lines    int `json:"lines"`
	Legible  int `json:"legible"`
	Repeated int `json:"repeated"`
	Counted  int `json:"counted"`
	// Withheld says that Repeated and Counted are 0 because they are small, or
	// because lines can still be added: else one line would tell of one person.
	Withheld bool `json:"withheld,omitempty"`
	// Suspected are lines without an address of which a signer with the same name in
	// the same country has signed as well.
	Suspected int `json:"suspected,omitempty"`
	// Sample are the lines that were drawn, once, to be checked against the sheets
	// or with the signer; Sampled of them were checked.
	Sample     []int      `json:"sample,omitempty"`
	Sampled    int        `json:"sampled"`
	Valid      int        `json:"valid"`
	Closed     bool       `json:"closed"`
	Received   When       `json:"received,omitzero"`
	Note       string     `json:"note,omitempty"`
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (b *Batch) Ref() Ref { return Ref{KindBatch, string(b.ID)} }

// Seen implements [Record].
func (b *Batch) Seen() Visibility { return b.Visibility }

// Validate implements [Record].
func (b *Batch) Validate() error {
	var c checks
	c.id("id", string(b.ID))
	c.id("petition", string(b.Petition))
	if b.Number < 1 || b.Edition < 1 {
		c.add("number", "number")
	}
	c.place("place", b.Place)
	c.required("collector", b.Collector)
	c.clean("collector", b.Collector, MaxLine)
	for _, s := range b.Scans {
		c.hash("scans", s)
	}
	if b.Lines < 0 || b.Legible < 0 || b.Legible > b.Lines || b.Counted < 0 || b.Repeated < 0 || b.Counted+b.Repeated > b.Legible || b.Suspected < 0 || b.Suspected > b.Legible {
		c.add("lines", "sum")
	}
	for i, n := range b.Sample {
		if n < 1 || n > b.Lines || i > 0 && n <= b.Sample[i-1] {
			c.add("sample", "order")
			break
		}
	}
	if b.Valid < 0 || b.Valid > b.Sampled || b.Sampled > len(b.Sample) {
		c.add("sampled", "sum")
	}
	c.when("received", b.Received)
	c.clean("note", b.Note, MaxText)
	// Who collects where is for the house alone.
	oneOf(&c, "visibility", b.Visibility, Internal)
	return c.err()
}

// VoidReason is a public reason for which signatures are not counted.
type VoidReason string

// The reasons.
const (
	VoidAutomated VoidReason = "automated"
	VoidFakeNames VoidReason = "fake_names"
	VoidRepeated  VoidReason = "repeated"
	VoidDomain    VoidReason = "throwaway_mail"
	VoidOther     VoidReason = "other"
)

// VoidReasons lists the reasons.
func VoidReasons() []VoidReason {
	return []VoidReason{VoidAutomated, VoidFakeNames, VoidRepeated, VoidDomain, VoidOther}
}

// InvalidationState is how far a bulk invalidation has come.
type InvalidationState string

// The states. It was proposed by one person and needs a second one to agree, after
// which it is carried out; likewise it is undone.
const (
	VoidProposed InvalidationState = "proposed"
	VoidAgreed   InvalidationState = "agreed"
	VoidDone     InvalidationState = "done"
	VoidUndoing  InvalidationState = "undoing"
	VoidUndone   InvalidationState = "undone"
	VoidRefused  InvalidationState = "refused"
)

// VoidWhere is which signatures an invalidation is about. All given conditions
// have to hold; at least one is given.
type VoidWhere struct {
	Country string `json:"country,omitempty"`
	// Domain of the mail address; it is looked for by keyed hash.
	Domain string `json:"domain,omitempty"`
	// From and To bound the hour of receipt, in hours since 1970, both included; 0 leaves open.
	From  int64   `json:"from,omitempty"`
	To    int64   `json:"to,omitempty"`
	Batch BatchID `json:"batch,omitempty"`
	// Network is a network's keyed hash of one day, in hexadecimal digits, as trends show it.
	Network string `json:"network,omitempty"`
}

// Invalidation takes signatures out of the count, or puts them back.
type Invalidation struct {
	ID       InvalidationID    `json:"id"`
	Petition PetitionID        `json:"petition"`
	Reason   VoidReason        `json:"reason"`
	Summary  Text              `json:"summary"` // public
	Where    VoidWhere         `json:"where"`
	State    InvalidationState `json:"state"`
	Matching int64             `json:"matching"` // at the preview, rounded down to tens
	Voided   int64             `json:"voided"`   // rounded down to tens
	Proposed UserID            `json:"proposed"`
	Second   UserID            `json:"second,omitempty"`
	// OneReviewer marks that the house has nobody else who could agree.
	OneReviewer bool       `json:"one_reviewer,omitempty"`
	Made        int64      `json:"made"`
	Visibility  Visibility `json:"visibility"`
}

// Ref implements [Record].
func (i *Invalidation) Ref() Ref { return Ref{KindInvalidation, string(i.ID)} }

// Seen implements [Record].
func (i *Invalidation) Seen() Visibility { return i.Visibility }

// Validate implements [Record].
func (i *Invalidation) Validate() error {
	var c checks
	c.id("id", string(i.ID))
	c.id("petition", string(i.Petition))
	oneOf(&c, "reason", i.Reason, VoidReasons()...)
	if i.Summary.IsZero() {
		c.add("summary", "required")
	}
	c.text("summary", i.Summary, MaxLine)
	if i.Where == (VoidWhere{}) {
		c.add("where", "required")
	}
	oneOf(&c, "state", i.State, VoidProposed, VoidAgreed, VoidDone, VoidUndoing, VoidUndone, VoidRefused)
	oneOf(&c, "visibility", i.Visibility, Internal)
	return c.err()
}

// Remark is a note of the house about a record, for the house only: the
// moderator's log.
type Remark struct {
	ID         RemarkID   `json:"id"`
	About      Ref        `json:"about"`
	Words      string     `json:"words"`
	By         UserID     `json:"by"`
	Made       int64      `json:"made"`
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (r *Remark) Ref() Ref { return Ref{KindRemark, string(r.ID)} }

// Seen implements [Record].
func (r *Remark) Seen() Visibility { return r.Visibility }

// Validate implements [Record].
func (r *Remark) Validate() error {
	var c checks
	c.id("id", string(r.ID))
	if r.About.IsZero() {
		c.add("about", "required")
	}
	c.required("words", r.Words)
	c.clean("words", r.Words, MaxText)
	oneOf(&c, "visibility", r.Visibility, Internal)
	return c.err()
}
