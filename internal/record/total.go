package record

// Frame is the extent of a total: any of its parts may be empty, which leaves
// that side open.
type Frame struct {
	Communities  []PartyID `json:"communities,omitempty"`
	Perpetrators []PartyID `json:"perpetrators,omitempty"`
	Authority    PartyID   `json:"authority,omitempty"`
	// Area and Place restrict to a place by its folded name; Country by code.
	Area    Area   `json:"area,omitempty"`
	Place   string `json:"place,omitempty"`
	Country string `json:"country,omitempty"`
	// Period is EDTF text, usually an interval.
	Period string      `json:"period,omitempty"`
	Types  []EventType `json:"types,omitempty"`
}

// Total is a frame for claims such as "more than 2,000 killed, 2003–2017",
// shown beside what the register itself documents for the same frame.
type Total struct {
	ID         TotalID    `json:"id"`
	Slug       string     `json:"slug"`
	Title      Text       `json:"title"`
	Summary    Text       `json:"summary,omitempty"`
	Frame      Frame      `json:"frame"`
	Note       string     `json:"note,omitempty"`
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (t *Total) Ref() Ref { return Ref{KindTotal, string(t.ID)} }

// Seen implements [Record].
func (t *Total) Seen() Visibility { return t.Visibility }

// Validate implements [Record].
func (t *Total) Validate() error {
	var c checks
	c.id("id", string(t.ID))
	c.slug("slug", t.Slug)
	if t.Title.IsZero() {
		c.add("title", "required")
	}
	c.text("title", t.Title, MaxLine)
	c.text("summary", t.Summary, MaxText)
	c.frame("frame", t.Frame)
	c.clean("note", t.Note, MaxText)
	c.visibility(t.Visibility)
	return c.err()
}

func (c *checks) frame(field string, f Frame) {
	for _, p := range append(append([]PartyID{}, f.Communities...), f.Perpetrators...) {
		c.id(field, string(p))
	}
	c.optionalID(field, string(f.Authority))
	c.scope(Scope{Area: f.Area, Place: f.Place, Period: f.Period})
	c.place(field, Place{Country: f.Country})
	for _, k := range f.Types {
		oneOf(c, field, k, EventTypes()...)
	}
}
