package record

import (
	"net/url"
	"strings"

	"github.com/gawah-project/gawah/internal/record/edtf"
)

// SourceType says what sort of thing was said or published.
type SourceType string

// The sorts of source. A dataset's rows are sources of their own, reproduced
// in the dataset.
const (
	TypeArticle   SourceType = "article"
	TypeReport    SourceType = "report"
	TypeStatement SourceType = "statement"
	TypePetition  SourceType = "petition"
	TypeVideo     SourceType = "video"
	TypePhoto     SourceType = "photo"
	TypePost      SourceType = "post"
	TypeTestimony SourceType = "testimony"
	TypeDocument  SourceType = "document"
	TypeDataset   SourceType = "dataset"
	TypeRow       SourceType = "dataset_row"
	TypeOther     SourceType = "other"
)

// SourceTypes lists the types in the order in which forms offer them.
func SourceTypes() []SourceType {
	return []SourceType{
		TypeArticle, TypeReport, TypeStatement, TypePetition, TypeVideo, TypePhoto, TypePost,
		TypeTestimony, TypeDocument, TypeDataset, TypeRow, TypeOther,
	}
}

// Sensitivity says how a source must be handled inside the house.
type Sensitivity string

// An Open source may be shown; a Restricted one is for the house; a
// Confidential one (a witness) is for editors and leaves through no export.
const (
	Open         Sensitivity = "open"
	Restricted   Sensitivity = "restricted"
	Confidential Sensitivity = "confidential"
)

// Terms says what a dataset's or publisher's licence allows with its content.
type Terms string

// TermsFree needs nothing; TermsCredit needs Credit shown wherever its figures
// are; TermsInternal forbids passing on: nothing taken from the source may be
// public or exported.
const (
	TermsFree     Terms = "free"
	TermsCredit   Terms = "credit"
	TermsInternal Terms = "internal"
)

// Source is something said or published.
type Source struct {
	ID   SourceID   `json:"id"`
	Type SourceType `json:"type"`
	// Title is as published, in its own language and, where someone translated
	// it, in others.
	Title     Text    `json:"title"`
	Publisher string  `json:"publisher,omitempty"`
	Outlet    PartyID `json:"outlet,omitempty"` // the publisher, when it has a record
	Author    string  `json:"author,omitempty"`
	Language  string  `json:"language,omitempty"`
	// Translator is named when the words kept are not the original ones.
	Translator string `json:"translator,omitempty"`
	Published  When   `json:"published,omitzero"`
	URL        string `json:"url,omitempty"`
	// Locator finds the source where an address does not: a page, a row number,
	// an article number, a post's identifier.
	Locator  string    `json:"locator,omitempty"`
	Accessed edtf.Date `json:"accessed,omitzero"`
	// ReproducedIn is the source in which this one is printed: a threat inside a
	// report, a mirrored article, a row in a dataset.
	ReproducedIn SourceID `json:"reproduced_in,omitempty"`
	// DerivedFrom lists the sources that this one says it took its facts from.
	DerivedFrom []SourceID `json:"derived_from,omitempty"`
	// Summary is in our own words and marked as such wherever it is shown.
	Summary     Text        `json:"summary,omitempty"`
	Sensitivity Sensitivity `json:"sensitivity"`
	Terms       Terms       `json:"terms"`
	Credit      string      `json:"credit,omitempty"`
	Reliability string      `json:"reliability,omitempty"`
	// Note is internal: how the house came by it, what to be careful about.
	Note       string     `json:"note,omitempty"`
	Import     ImportID   `json:"import,omitempty"`
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (s *Source) Ref() Ref { return Ref{KindSource, string(s.ID)} }

// Seen implements [Record].
func (s *Source) Seen() Visibility { return s.Visibility }

// Validate implements [Record].
func (s *Source) Validate() error {
	var c checks
	c.id("id", string(s.ID))
	oneOf(&c, "type", s.Type, SourceTypes()...)
	if s.Title.IsZero() {
		c.add("title", "required")
	}
	c.text("title", s.Title, MaxLine)
	c.text("summary", s.Summary, MaxText)
	c.clean("publisher", s.Publisher, MaxLine)
	c.clean("author", s.Author, MaxLine)
	c.clean("translator", s.Translator, MaxLine)
	c.clean("locator", s.Locator, MaxLine)
	c.clean("credit", s.Credit, MaxLine)
	c.clean("note", s.Note, MaxText)
	if !validTag(s.Language) {
		c.add("language", "language", "tag", s.Language)
	}
	c.when("published", s.Published)
	c.address("url", s.URL)
	c.optionalID("outlet", string(s.Outlet))
	c.optionalID("reproduced_in", string(s.ReproducedIn))
	if s.ReproducedIn != "" && s.ReproducedIn == s.ID {
		c.add("reproduced_in", "itself")
	}
	for _, d := range s.DerivedFrom {
		c.id("derived_from", string(d))
		if d == s.ID {
			c.add("derived_from", "itself")
		}
	}
	c.reliability("reliability", s.Reliability)
	oneOf(&c, "sensitivity", s.Sensitivity, Open, Restricted, Confidential)
	oneOf(&c, "terms", s.Terms, TermsFree, TermsCredit, TermsInternal)
	c.visibility(s.Visibility)
	if s.Visibility == Public && s.Sensitivity != Open {
		c.add("visibility", "sensitive")
	}
	if s.Visibility == Public && s.Terms == TermsInternal {
		c.add("visibility", "terms")
	}
	return c.err()
}

// address accepts http and https addresses only: an address of any other
// scheme behind a link would be a way to run a script in a reader's browser.
func (c *checks) address(field, s string) {
	if s == "" {
		return
	}
	c.clean(field, s, MaxLine)
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.ContainsAny(s, " \t\r\n<>\"") {
		c.add(field, "url")
	}
}

// reliability accepts the HURIDOCS MT42 codes 01–05 and 99, and blank.
func (c *checks) reliability(field, s string) {
	switch s {
	case "", "01", "02", "03", "04", "05", "99":
	default:
		c.add(field, "choice")
	}
}

func (c *checks) edtf(field, s string) {
	if s == "" {
		return
	}
	if _, err := edtf.Parse(s); err != nil {
		c.add(field, "date", "value", s)
	}
}

// CaptureMethod says how a copy came to the house.
type CaptureMethod string

// The ways in which a copy is taken.
const (
	CaptureUpload CaptureMethod = "upload"
	CaptureImport CaptureMethod = "import"
	CaptureTyped  CaptureMethod = "typed" // words typed from paper or by ear
	CaptureFetch  CaptureMethod = "fetch"
)

// Capture is one preserved copy of a source. It is never changed: a newer copy
// is another capture.
type Capture struct {
	ID     CaptureID `json:"id"`
	Source SourceID  `json:"source"`
	// Hash is the SHA-256 of the bytes, 64 lower-case hexadecimal digits, and
	// the name under which the blob store keeps them. Empty once erased.
	Hash  string `json:"hash"`
	Size  int64  `json:"size"` // bytes
	Media string `json:"media,omitempty"`
	Name  string `json:"name,omitempty"` // file name as received
	// TextHash names the extracted text (UTF-8, NFC), the one that passages
	// count their positions in; empty when there is no text.
	TextHash string        `json:"text_hash,omitempty"`
	Taken    int64         `json:"taken"` // microseconds UTC
	Method   CaptureMethod `json:"method"`
	URL      string        `json:"url,omitempty"`
	By       UserID        `json:"by,omitempty"`
	Tool     string        `json:"tool,omitempty"`
	// Visibility is separate from the source's: a public source may have a copy
	// that the house must not republish.
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (p *Capture) Ref() Ref { return Ref{KindCapture, string(p.ID)} }

// Seen implements [Record].
func (p *Capture) Seen() Visibility { return p.Visibility }

// Validate implements [Record].
func (p *Capture) Validate() error {
	var c checks
	c.id("id", string(p.ID))
	c.id("source", string(p.Source))
	c.hash("hash", p.Hash)
	if p.TextHash != "" {
		c.hash("text_hash", p.TextHash)
	}
	if p.Size < 0 {
		c.add("size", "negative")
	}
	c.clean("media", p.Media, MaxLine)
	c.clean("name", p.Name, MaxLine)
	c.clean("tool", p.Tool, MaxLine)
	c.address("url", p.URL)
	if p.Taken <= 0 {
		c.add("taken", "required")
	}
	oneOf(&c, "method", p.Method, CaptureUpload, CaptureImport, CaptureTyped, CaptureFetch)
	c.visibility(p.Visibility)
	return c.err()
}

func (c *checks) hash(field, s string) {
	if len(s) != 64 || strings.Trim(s, "0123456789abcdef") != "" {
		c.add(field, "hash")
	}
}
