package record

// BlockKind is the form of a block of text.
type BlockKind string

// The forms.
const (
	BlockHeading   BlockKind = "heading"
	BlockParagraph BlockKind = "paragraph"
	BlockQuote     BlockKind = "quote"
	BlockList      BlockKind = "list"
	BlockNumbered  BlockKind = "numbered"
	BlockItem      BlockKind = "item"
	BlockRule      BlockKind = "rule"
)

// Block is a piece of a frozen text. Headings, paragraphs and items hold spans;
// quotes, lists and items hold blocks.
type Block struct {
	Kind   BlockKind `json:"kind"`
	Level  int       `json:"level,omitempty"` // of a heading, 1 to 4
	Spans  []Span    `json:"spans,omitempty"`
	Blocks []Block   `json:"blocks,omitempty"`
}

// Span is a run of text in one style. A span with a Note ends with the mark of
// that footnote; one with a Value was printed from the register.
type Span struct {
	Text   string `json:"text,omitempty"`
	Em     bool   `json:"em,omitempty"`
	Strong bool   `json:"strong,omitempty"`
	Href   string `json:"href,omitempty"`
	Note   int    `json:"note,omitempty"`
	Value  string `json:"value,omitempty"` // key of a [Cited]
	Break  bool   `json:"break,omitempty"`
}

// Cited is one thing a text rests on, as it stood when the text was frozen.
type Cited struct {
	// Key is the citation as written: "figure:SLUG/killed", "claim:ID", "source:ID".
	Key string `json:"key"`
	// Claims are the claims behind it, each with the revision that was read.
	Claims []CitedClaim `json:"claims,omitempty"`
	Source SourceID     `json:"source,omitempty"`
	Event  EventID      `json:"event,omitempty"`
	// What a figure said, under which rule.
	Measure Measure `json:"measure,omitempty"`
	Low     *int64  `json:"low,omitempty"`
	Best    *int64  `json:"best,omitempty"`
	High    *int64  `json:"high,omitempty"`
	Open    bool    `json:"open,omitempty"`
	Origins int     `json:"origins,omitempty"`
	Status  string  `json:"status,omitempty"`
	Rule    string  `json:"rule,omitempty"` // "gawah/1"
}

// CitedClaim is a claim as it stood.
type CitedClaim struct {
	ID      ClaimID     `json:"id"`
	Rev     int         `json:"rev"`
	State   ReviewState `json:"state"`
	Source  SourceID    `json:"source"`
	Value   string      `json:"value"` // in English words, for the appendix: "more than 100 killed"
	Capture string      `json:"capture,omitempty"`
	Locator string      `json:"locator,omitempty"`
	Used    bool        `json:"used"`
	WhyNot  string      `json:"why_not,omitempty"`
}

// Footnote is one note under a frozen text, written from the source it names, or
// from the figure with the origins that it rests on. Texts that were frozen before
// figures had one note have one for each origin, and stay so.
type Footnote struct {
	Number    int      `json:"number"`
	Cited     []string `json:"cited"` // keys of [Cited]
	Source    SourceID `json:"source,omitempty"`
	Publisher string   `json:"publisher,omitempty"`
	Author    string   `json:"author,omitempty"`
	Title     string   `json:"title,omitempty"`
	Locator   string   `json:"locator,omitempty"`
	Published string   `json:"published,omitempty"` // EDTF
	URL       string   `json:"url,omitempty"`
	Held      string   `json:"held,omitempty"` // SHA-256 of the preserved copy
	Accessed  string   `json:"accessed,omitempty"`
	Words     string   `json:"words,omitempty"` // a note of the author's own
	// Value is what the figure is, or what an origin of it states, as printed in the
	// language of the text.
	Value string `json:"value,omitempty"`
	// Origins are the notes of what a figure rests on, one for each origin, without
	// numbers.
	Origins []Footnote `json:"origins,omitempty"`
}

// EditionText is the frozen text in one language.
type EditionText struct {
	Lang       string     `json:"lang"`
	Title      string     `json:"title"`
	Summary    string     `json:"summary,omitempty"`
	Source     string     `json:"source"` // the Markdown it was made from
	Blocks     []Block    `json:"blocks"`
	Notes      []Footnote `json:"notes,omitempty"`
	Lags       bool       `json:"lags,omitempty"` // translates an earlier text
	Unreviewed bool       `json:"unreviewed,omitempty"`
}

// FindingKind is what a check before publication found.
type FindingKind string

// The kinds of finding.
const (
	FoundNumber    FindingKind = "number"     // a number without a citation
	FoundQuotation FindingKind = "quotation"  // a quotation without a citation
	FoundSentence  FindingKind = "sentence"   // a factual sentence without a citation
	FoundAccused   FindingKind = "accused"    // a named accused
	FoundWaiting   FindingKind = "unreviewed" // a cited claim nobody has reviewed
	FoundRetracted FindingKind = "retracted"  // a cited claim that was rejected or taken back
	FoundChanged   FindingKind = "changed"    // a cited claim that changed since the last edition
	FoundUnheld    FindingKind = "unheld"     // a cited source without a preserved copy
	FoundMissing   FindingKind = "missing"    // a citation of nothing, or of nothing public
	FoundLags      FindingKind = "lags"       // a translation of an earlier text
	FoundUnagreed  FindingKind = "unagreed"   // an initiator who has not agreed with this text
)

// PetitionFinding is one thing the check found: where, and in which words.
type PetitionFinding struct {
	Kind  FindingKind `json:"kind"`
	Lang  string      `json:"lang,omitempty"`
	Line  int         `json:"line,omitempty"` // of the Markdown, from 1
	Words string      `json:"words,omitempty"`
	About string      `json:"about,omitempty"` // a citation key, an initiator's key
}

// Edition is a published version of a petition: every language, every number as
// it was printed, and what it rested on. It is never changed.
type Edition struct {
	ID       EditionID     `json:"id"`
	Petition PetitionID    `json:"petition"`
	Number   int           `json:"number"` // from 1
	Made     int64         `json:"made"`   // microseconds UTC
	Texts    []EditionText `json:"texts"`
	Cited    []Cited       `json:"cited,omitempty"`

	Addressees []Addressee      `json:"addressees"`
	Bases      []LegalBasis     `json:"bases,omitempty"`
	Demands    []PetitionDemand `json:"demands"`
	Initiators []Initiator      `json:"initiators,omitempty"`
	Tags       []string         `json:"tags,omitempty"`

	// Findings were open when it was published; Reason says why it was published
	// with them.
	Findings []PetitionFinding `json:"findings,omitempty"`
	Reason   Text              `json:"reason,omitempty"`
	// Substance says that the change from the edition before is one of substance.
	Substance bool `json:"substance,omitempty"`
	Changes   Text `json:"changes,omitempty"` // in words, for those who have signed
	// Draft is the hash of the draft that this was frozen from: what initiators
	// agree with.
	Draft string `json:"draft,omitempty"`
	// Struck says that somebody was erased from the text after publication: the
	// hash is that of the text as it was published.
	Struck bool `json:"struck,omitempty"`
	// Hash is the SHA-256, as 64 hexadecimal digits, of the RFC 8785 bytes of this record with
	// Hash and Visibility empty.
	Hash       string     `json:"hash"`
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (e *Edition) Ref() Ref { return Ref{KindEdition, string(e.ID)} }

// Seen implements [Record].
func (e *Edition) Seen() Visibility { return e.Visibility }

// Validate implements [Record].
func (e *Edition) Validate() error {
	var c checks
	c.id("id", string(e.ID))
	c.id("petition", string(e.Petition))
	if e.Number < 1 {
		c.add("number", "number")
	}
	if len(e.Texts) == 0 {
		c.add("texts", "required")
	}
	for _, t := range e.Texts {
		c.required("texts", t.Title)
		c.clean("texts", t.Source, MaxText)
	}
	if len(e.Findings) > 0 && e.Reason.IsZero() {
		c.add("reason", "required")
	}
	c.text("reason", e.Reason, MaxText)
	c.text("changes", e.Changes, MaxText)
	if e.Draft != "" {
		c.hash("draft", e.Draft)
	}
	c.hash("hash", e.Hash)
	c.visibility(e.Visibility)
	return c.err()
}
