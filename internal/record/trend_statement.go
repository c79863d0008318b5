package record

import "encoding/json"

// TrendStatement is a published test of whether something is rising. What it was
// computed from is a file of the blob store, so that it can be computed again.
type TrendStatement struct {
	ID    TrendStatementID `json:"id"`
	Slug  string           `json:"slug"`
	Title Text             `json:"title"`
	Frame Frame            `json:"frame"`
	// Params and Result are those of package trend under Version, as JSON.
	Params     json.RawMessage `json:"params"`
	Input      string          `json:"input"`  // SHA-256 of the canonical input
	Events     int             `json:"events"` // how many events the input has
	Version    string          `json:"version"`
	Result     json.RawMessage `json:"result"`
	Statement  Text            `json:"statement,omitempty"` // who said it is rising, in our words
	Claims     []ClaimID       `json:"claims,omitempty"`    // the claims it tests
	Made       int64           `json:"made"`                // microseconds UTC
	Note       string          `json:"note,omitempty"`
	Visibility Visibility      `json:"visibility"`
}

// Ref implements [Record].
func (t *TrendStatement) Ref() Ref { return Ref{KindTrendStatement, string(t.ID)} }

// Seen implements [Record].
func (t *TrendStatement) Seen() Visibility { return t.Visibility }

// Validate implements [Record].
func (t *TrendStatement) Validate() error {
	var c checks
	c.id("id", string(t.ID))
	c.slug("slug", t.Slug)
	if t.Title.IsZero() {
		c.add("title", "required")
	}
	c.text("title", t.Title, MaxLine)
	c.frame("frame", t.Frame)
	c.hash("input", t.Input)
	c.required("version", t.Version)
	c.clean("version", t.Version, 40)
	for field, raw := range map[string]json.RawMessage{"params": t.Params, "result": t.Result} {
		switch {
		case len(raw) > MaxText:
			c.add(field, "long", "limit", "200000")
		case !json.Valid(raw):
			c.add(field, "text")
		}
	}
	if t.Events < 0 {
		c.add("events", "number")
	}
	c.text("statement", t.Statement, MaxText)
	c.claimIDs("claims", t.Claims)
	c.clean("note", t.Note, MaxText)
	c.visibility(t.Visibility)
	return c.err()
}
