package record

// Channel is how something was handed over or received.
type Channel string

// The channels.
const (
	ByHand   Channel = "hand"
	ByPost   Channel = "post"
	ByMail   Channel = "mail" // e-mail
	ByPortal Channel = "portal"
	ByLink   Channel = "link" // the reply link of a delivery
	ByPublic Channel = "public"
)

// Channels lists the channels in the order in which forms show them.
func Channels() []Channel { return []Channel{ByHand, ByPost, ByMail, ByPortal, ByPublic} }

// Audience is for whom a pack of documents is made.
type Audience string

// The audiences.
const (
	ForAddressee Audience = "addressee"
	ForPress     Audience = "press"
	ForArchive   Audience = "archive"
)

// Delivery is one handing over of a petition to one addressee. It starts the
// clock of the answer.
type Delivery struct {
	ID        DeliveryID `json:"id"`
	Petition  PetitionID `json:"petition"`
	Edition   int        `json:"edition"`
	Addressee string     `json:"addressee"` // the addressee's key
	To        Text       `json:"to"`        // who took it, as they may be named in public
	On        When       `json:"on"`
	Channel   Channel    `json:"channel"`
	// Reference is ours, to be quoted in an answer; Receipt what they gave.
	Reference   string `json:"reference"`
	Receipt     string `json:"receipt,omitempty"`
	ReceiptHash string `json:"receipt_hash,omitempty"` // a scan in the blob store
	// Manifest is the SHA-256 of the manifest of the pack that was handed over,
	// PackHash that of the whole pack in the blob store: one that named people is kept
	// nowhere and has none.
	Manifest string `json:"manifest,omitempty"`
	PackHash string `json:"pack_hash,omitempty"`
	Count    int64  `json:"count"` // people, as the pack says
	Bodies   int64  `json:"organisations"`
	// AsOf is the instant as of which both are exact, microseconds UTC, and Gone how
	// many people had counted by then and withdrawn: whether fewer stand by now is
	// told from numbers, because no row knows a time finer than an hour.
	AsOf int64 `json:"as_of,omitempty"`
	Gone int64 `json:"gone,omitempty"`
	// Due is when an answer is due, by law or by the petition's own words.
	Due When `json:"due,omitzero"`
	// CodeHash is the SHA-256 of the secret of the one-time reply link; empty once used.
	CodeHash   string     `json:"code_hash,omitempty"`
	Words      Text       `json:"words,omitempty"`
	Note       string     `json:"note,omitempty"`
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (d *Delivery) Ref() Ref { return Ref{KindDelivery, string(d.ID)} }

// Seen implements [Record].
func (d *Delivery) Seen() Visibility { return d.Visibility }

// Validate implements [Record].
func (d *Delivery) Validate() error {
	var c checks
	c.id("id", string(d.ID))
	c.id("petition", string(d.Petition))
	if d.Edition < 1 {
		c.add("edition", "number")
	}
	c.required("addressee", d.Addressee)
	c.text("to", d.To, MaxLine)
	c.when("on", d.On)
	c.when("due", d.Due)
	oneOf(&c, "channel", d.Channel, Channels()...)
	c.required("reference", d.Reference)
	c.clean("reference", d.Reference, MaxLine)
	c.clean("receipt", d.Receipt, MaxLine)
	for field, h := range map[string]string{"receipt_hash": d.ReceiptHash, "manifest": d.Manifest, "pack_hash": d.PackHash, "code_hash": d.CodeHash} {
		if h != "" {
			c.hash(field, h)
		}
	}
	if d.Count < 0 || d.Bodies < 0 || d.AsOf < 0 || d.Gone < 0 {
		c.add("count", "number")
	}
	c.text("words", d.Words, MaxText)
	c.clean("note", d.Note, MaxText)
	c.visibility(d.Visibility)
	return c.err()
}

// Reply is what an addressee answered, unedited.
type Reply struct {
	ID        ReplyID    `json:"id"`
	Petition  PetitionID `json:"petition"`
	Delivery  DeliveryID `json:"delivery,omitempty"`
	Addressee string     `json:"addressee"`
	Received  int64      `json:"received"` // microseconds UTC
	Dated     When       `json:"dated,omitzero"`
	Channel   Channel    `json:"channel"`
	From      string     `json:"from,omitempty"` // as they signed it
	Words     Text       `json:"words"`
	Files     []string   `json:"files,omitempty"`   // SHA-256 in the blob store
	Demands   []string   `json:"demands,omitempty"` // keys it speaks to
	Source    SourceID   `json:"source,omitempty"`
	// Verified says by whom the house made sure that it comes from the addressee.
	Verified   string     `json:"verified,omitempty"`
	Note       string     `json:"note,omitempty"`
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (r *Reply) Ref() Ref { return Ref{KindReply, string(r.ID)} }

// Seen implements [Record].
func (r *Reply) Seen() Visibility { return r.Visibility }

// Validate implements [Record].
func (r *Reply) Validate() error {
	var c checks
	c.id("id", string(r.ID))
	c.id("petition", string(r.Petition))
	c.optionalID("delivery", string(r.Delivery))
	c.required("addressee", r.Addressee)
	c.when("dated", r.Dated)
	oneOf(&c, "channel", r.Channel, append(Channels(), ByLink)...)
	c.clean("from", r.From, MaxLine)
	if r.Words.IsZero() && len(r.Files) == 0 {
		c.add("words", "required")
	}
	c.text("words", r.Words, MaxText)
	for _, f := range r.Files {
		c.hash("files", f)
	}
	c.optionalID("source", string(r.Source))
	c.clean("verified", r.Verified, MaxLine)
	c.clean("note", r.Note, MaxText)
	c.visibility(r.Visibility)
	return c.err()
}
