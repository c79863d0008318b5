package record

// RequestKind says what somebody outside the house asked for.
type RequestKind string

// The kinds of request anyone may make on any page.
const (
	AskCorrect RequestKind = "correct"
	AskHide    RequestKind = "hide"
)

// RequestState is where a request stands.
type RequestState string

// The states of a request.
const (
	RequestOpen     RequestState = "open"
	RequestAccepted RequestState = "accepted"
	RequestPart     RequestState = "part"
	RequestDeclined RequestState = "declined"
)

// Request is a correction or a wish to hide, sent without an account. It is
// internal; the public log shows what was decided, never who asked.
type Request struct {
	ID   RequestID   `json:"id"`
	Kind RequestKind `json:"kind"`
	// About is the record; Page the address it was sent from.
	About Ref    `json:"about,omitzero"`
	Page  string `json:"page,omitempty"`
	Words string `json:"words"`
	// Relative marks that the sender says they are kin of the person concerned.
	Relative bool `json:"relative,omitempty"`
	// TakenBack are the claims that were taken back with a person who was hidden at
	// once, because their words name them.
	TakenBack []Ref `json:"taken_back,omitempty"`
	// CodeHash is the SHA-256 of the reply code by which the sender follows the
	// request; the code itself is shown once and not kept.
	CodeHash string       `json:"code_hash"`
	Received int64        `json:"received"` // microseconds UTC
	State    RequestState `json:"state"`
	Review   Review       `json:"review,omitzero"`
	// Reply is for the sender; Logged is the line of the public log.
	Reply      string     `json:"reply,omitempty"`
	Logged     Text       `json:"logged,omitempty"`
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (r *Request) Ref() Ref { return Ref{KindRequest, string(r.ID)} }

// Seen implements [Record].
func (r *Request) Seen() Visibility { return r.Visibility }

// Validate implements [Record].
func (r *Request) Validate() error {
	var c checks
	c.id("id", string(r.ID))
	oneOf(&c, "kind", r.Kind, AskCorrect, AskHide)
	if !r.About.IsZero() {
		c.id("about", r.About.ID)
	}
	c.required("words", r.Words)
	c.clean("words", r.Words, MaxText)
	c.clean("page", r.Page, MaxLine)
	c.hash("code", r.CodeHash)
	oneOf(&c, "state", r.State, RequestOpen, RequestAccepted, RequestPart, RequestDeclined)
	if r.State != RequestOpen {
		c.required("reply", r.Reply)
	}
	c.clean("reply", r.Reply, MaxText)
	c.text("logged", r.Logged, MaxLine)
	oneOf(&c, "visibility", r.Visibility, Internal)
	return c.err()
}

// Import is one run of an importer over one file.
type Import struct {
	ID     ImportID `json:"id"`
	Format string   `json:"format"`
	Name   string   `json:"name"` // the file's name as given
	// Dataset keys the rows: two imports of one dataset share it, and a row is
	// known again by dataset and key.
	Dataset string `json:"dataset"`
	// Hash names the whole file in the blob store; Size is in bytes.
	Hash       string      `json:"hash"`
	Size       int64       `json:"size"`
	Encoding   string      `json:"encoding,omitempty"`
	Terms      Terms       `json:"terms"`
	Credit     string      `json:"credit,omitempty"`
	State      ReviewState `json:"state"`    // that its claims got
	Rows       Visibility  `json:"rows"`     // that its records got
	Reason     string      `json:"reason"`   // for accepting in bulk
	Source     SourceID    `json:"source"`   // the dataset as a source
	Started    int64       `json:"started"`  // microseconds UTC
	Finished   int64       `json:"finished"` // 0 while running or interrupted
	Counts     ImportCount `json:"counts"`   // rows by what became of them
	Mapping    string      `json:"mapping"`  // the mapping file's text, for csv
	Visibility Visibility  `json:"visibility"`
}

// ImportCount is how many rows became what.
type ImportCount struct {
	Rows      int `json:"rows"`
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Refused   int `json:"refused"`
	Problems  int `json:"problems"`
}

// Ref implements [Record].
func (i *Import) Ref() Ref { return Ref{KindImport, string(i.ID)} }

// Seen implements [Record].
func (i *Import) Seen() Visibility { return i.Visibility }

// Validate implements [Record].
func (i *Import) Validate() error {
	var c checks
	c.id("id", string(i.ID))
	c.required("format", i.Format)
	c.required("dataset", i.Dataset)
	c.clean("name", i.Name, MaxLine)
	c.clean("mapping", i.Mapping, MaxText)
	oneOf(&c, "terms", i.Terms, TermsFree, TermsCredit, TermsInternal)
	oneOf(&c, "state", i.State, Suggested, Compiled, Accepted)
	oneOf(&c, "rows", i.Rows, Draft, Internal, Public)
	if i.Rows == Public && i.Terms == TermsInternal {
		c.add("rows", "terms")
	}
	c.required("reason", i.Reason)
	c.clean("reason", i.Reason, MaxText)
	oneOf(&c, "visibility", i.Visibility, Internal)
	return c.err()
}

// Release is a frozen, numbered export of the public record.
type Release struct {
	ID     ReleaseID `json:"id"`
	Number int       `json:"number"`
	// Hash names the archive in the blob store; Size is in bytes.
	Hash       string     `json:"hash"`
	Size       int64      `json:"size"`
	Made       int64      `json:"made"` // microseconds UTC
	Entries    int64      `json:"entries"`
	Note       Text       `json:"note,omitempty"`
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (r *Release) Ref() Ref { return Ref{KindRelease, string(r.ID)} }

// Seen implements [Record].
func (r *Release) Seen() Visibility { return r.Visibility }

// Validate implements [Record].
func (r *Release) Validate() error {
	var c checks
	c.id("id", string(r.ID))
	if r.Number < 1 {
		c.add("number", "number")
	}
	c.hash("hash", r.Hash)
	c.text("note", r.Note, MaxText)
	c.visibility(r.Visibility)
	return c.err()
}
