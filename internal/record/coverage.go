package record

import (
	"fmt"
	"strconv"
)

// CoverageTool is what counted.
type CoverageTool string

// The tools whose exports are read.
const (
	ToolGDELT      CoverageTool = "gdelt"
	ToolMediaCloud CoverageTool = "media_cloud"
	ToolFeeds      CoverageTool = "feeds" // our own kept list
	ToolOther      CoverageTool = "other"
)

// CoverageTools lists the tools in the order in which forms offer them.
func CoverageTools() []CoverageTool {
	return []CoverageTool{ToolGDELT, ToolMediaCloud, ToolFeeds, ToolOther}
}

// DayCount is one day of a series: of All items of the collection, Matched spoke
// of the event. All is -1 where the export does not say it. An export that prints
// shares and no counts gives Share, in percent as printed, and -1 for both.
type DayCount struct {
	Day     string `json:"day"` // YYYY-MM-DD, UTC
	Matched int64  `json:"matched"`
	All     int64  `json:"all"`
	Share   string `json:"share,omitempty"`
}

// printedShare reports whether s is a percentage as exports print it.
func printedShare(s string) bool {
	p, err := strconv.ParseFloat(s, 64)
	return err == nil && len(s) <= 32 && p >= 0 && p <= 100
}

// Coverage is how much of a stated collection spoke of an event, per day.
type Coverage struct {
	ID         CoverageID   `json:"id"`
	Event      EventID      `json:"event"`
	Title      Text         `json:"title"`
	Collection string       `json:"collection"` // as it names itself; comparable only within one
	Query      string       `json:"query"`      // what matched
	Language   string       `json:"language,omitempty"`
	Tool       CoverageTool `json:"tool"`
	Source     SourceID     `json:"source,omitempty"`
	File       string       `json:"file,omitempty"` // SHA-256 of the export in the blob store
	Made       When         `json:"made,omitzero"`  // when it was counted
	Days       []DayCount   `json:"days"`           // ascending, each once; days that are missing are unknown, not 0
	Note       string       `json:"note,omitempty"`
	Visibility Visibility   `json:"visibility"`
}

// MaxCoverageDays bounds a series: thirty years.
const MaxCoverageDays = 11_000

// Ref implements [Record].
func (s *Coverage) Ref() Ref { return Ref{KindCoverage, string(s.ID)} }

// Seen implements [Record].
func (s *Coverage) Seen() Visibility { return s.Visibility }

// Validate implements [Record]. A day on which the collection had nothing has no
// share and is kept.
func (s *Coverage) Validate() error {
	var c checks
	c.id("id", string(s.ID))
	c.id("event", string(s.Event))
	if s.Title.IsZero() {
		c.add("title", "required")
	}
	c.text("title", s.Title, MaxLine)
	c.required("collection", s.Collection)
	c.clean("collection", s.Collection, MaxLine)
	c.required("query", s.Query)
	c.clean("query", s.Query, MaxLine)
	if !validTag(s.Language) {
		c.add("language", "language", "tag", s.Language)
	}
	oneOf(&c, "tool", s.Tool, CoverageTools()...)
	c.optionalID("source", string(s.Source))
	if s.File != "" {
		c.hash("file", s.File)
	}
	c.when("made", s.Made)
	if len(s.Days) > MaxCoverageDays {
		c.add("days", "many", "limit", fmt.Sprint(MaxCoverageDays))
		return c.err()
	}
	for i, d := range s.Days {
		at := fmt.Sprintf("days.%d", i)
		if !ValidDay(d.Day) {
			c.add(at, "date", "value", d.Day)
		}
		if i > 0 && d.Day <= s.Days[i-1].Day {
			c.add(at, "order")
		}
		switch {
		case d.Share != "":
			if d.Matched != -1 || d.All != -1 || !printedShare(d.Share) {
				c.add(at, "number")
			}
		case d.Matched < 0 || d.Matched > MaxNumber || d.All < -1 || d.All > MaxNumber:
			c.add(at, "number")
		case d.All >= 0 && d.Matched > d.All:
			c.add(at, "sum")
		}
	}
	c.clean("note", s.Note, MaxText)
	c.visibility(s.Visibility)
	return c.err()
}

// Feed is an address that is polled for a collection. It is never public.
type Feed struct {
	ID         FeedID     `json:"id"`
	Title      string     `json:"title"`
	URL        string     `json:"url"`
	Collection string     `json:"collection"`
	Outlet     PartyID    `json:"outlet,omitempty"`
	Language   string     `json:"language,omitempty"`
	Minutes    int        `json:"minutes"` // between two polls, at least 15
	Paused     bool       `json:"paused,omitempty"`
	Note       string     `json:"note,omitempty"`
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (f *Feed) Ref() Ref { return Ref{KindFeed, string(f.ID)} }

// Seen implements [Record].
func (f *Feed) Seen() Visibility { return f.Visibility }

// Validate implements [Record].
func (f *Feed) Validate() error {
	var c checks
	c.id("id", string(f.ID))
	c.required("title", f.Title)
	c.clean("title", f.Title, MaxLine)
	c.required("url", f.URL)
	c.address("url", f.URL)
	c.required("collection", f.Collection)
	c.clean("collection", f.Collection, MaxLine)
	c.optionalID("outlet", string(f.Outlet))
	if !validTag(f.Language) {
		c.add("language", "language", "tag", f.Language)
	}
	if f.Minutes < 15 || f.Minutes > 7*24*60 {
		c.add("minutes", "number")
	}
	c.clean("note", f.Note, MaxText)
	c.visibility(f.Visibility)
	if f.Visibility == Public {
		c.add("visibility", "choice")
	}
	return c.err()
}
