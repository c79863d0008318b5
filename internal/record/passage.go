package record

import (
	"strings"
	"unicode/utf8"
)

// Segment is an unbroken run of words in a capture's text, anchored twice as in
// the W3C Web Annotation model: by its words with what stands before and after
// (TextQuoteSelector) and by position (TextPositionSelector). Positions count
// Unicode code points of the NFC text; End is exclusive.
type Segment struct {
	Exact  string `json:"exact"`
	Prefix string `json:"prefix,omitempty"`
	Suffix string `json:"suffix,omitempty"`
	Start  int    `json:"start,omitempty"`
	End    int    `json:"end,omitempty"`
	// Inserted marks words that the citing text added ("[2003–2017]") and that
	// stand in no capture.
	Inserted bool `json:"inserted,omitempty"`
}

// Passage is the exact words a claim rests on: in a capture, or, when the house
// holds no copy, a locator and at most [MaxUnheldWords] words.
type Passage struct {
	Capture CaptureID `json:"capture,omitempty"`
	// Locator is the page, paragraph, column or timestamp as one would cite it.
	Locator  string    `json:"locator,omitempty"`
	Segments []Segment `json:"segments,omitempty"`
}

// MaxUnheldWords is how many words may be quoted from a source of which no copy
// is held: enough to find the place, too few to stand in for the source.
const MaxUnheldWords = 15

// Held reports whether the words can be checked against a preserved copy.
func (p Passage) Held() bool { return p.Capture != "" }

// Quote joins the segments as a citing text would print them: elisions as "…",
// insertions in square brackets.
func (p Passage) Quote() string {
	var b strings.Builder
	for i, s := range p.Segments {
		if i > 0 {
			if s.Inserted || p.Segments[i-1].Inserted {
				b.WriteByte(' ')
			} else {
				b.WriteString(" … ")
			}
		}
		if s.Inserted {
			b.WriteString("[" + s.Exact + "]")
		} else {
			b.WriteString(s.Exact)
		}
	}
	return b.String()
}

func (c *checks) passage(p Passage) {
	c.optionalID("passage", string(p.Capture))
	c.clean("passage", p.Locator, MaxLine)
	words := 0
	for _, s := range p.Segments {
		c.clean("passage", s.Exact, MaxText)
		c.clean("passage", s.Prefix, MaxLine)
		c.clean("passage", s.Suffix, MaxLine)
		if s.Exact == "" {
			c.add("passage", "required")
		}
		words += len(strings.Fields(s.Exact))
		if s.Inserted || !p.Held() || s.End == 0 {
			continue
		}
		if s.Start < 0 || s.End-s.Start != utf8.RuneCountInString(s.Exact) {
			c.add("passage", "position")
		}
	}
	if !p.Held() && words > MaxUnheldWords {
		c.add("passage", "unheld_words")
	}
	if !p.Held() && len(p.Segments) > 0 && p.Locator == "" {
		c.add("passage", "locator")
	}
}
