package exchange

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/html"
)

// plainTitle turns a title into one line of plain text. RSS does not say whether
// a title is text or markup, and its titles are often both; kind is Atom's
// "text", "html" or "xhtml", whose markup has become text already.
func plainTitle(s, kind string) string { return plainText(s, kind, maxFeedTitle) }

// plainText does so with any text, of which so many characters are kept.
func plainText(s, kind string, limit int) string {
	if kind != "text" && kind != "xhtml" && strings.ContainsAny(s, "<&") {
		s = withoutMarkup(s)
	}
	var b strings.Builder
	n, space := 0, false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			space = b.Len() > 0
			continue
		case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x200E, r == 0x200F, r == 0xFEFF:
			// Marks that turn the direction of what stands beside the title.
			continue
		}
		if n >= limit {
			return b.String() + "…"
		}
		if space {
			b.WriteByte(' ')
			space = false
			n++
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// withoutMarkup returns the text of a fragment of HTML.
func withoutMarkup(s string) string {
	z := html.NewTokenizer(strings.NewReader(s))
	z.SetMaxBuf(2 * maxFeedText)
	var b strings.Builder
	skip := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if skip == "" {
				b.Write(z.Text())
			}
		case html.StartTagToken:
			if name, _ := z.TagName(); skip == "" && (string(name) == "script" || string(name) == "style") {
				skip = string(name)
			}
			b.WriteByte(' ')
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == skip {
				skip = ""
			}
			b.WriteByte(' ')
		case html.SelfClosingTagToken:
			b.WriteByte(' ')
		}
	}
}

// zones are the abbreviations that feeds use; others are read as UTC.
var zones = map[string]time.Duration{
	"UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "EST": -5 * time.Hour, "EDT": -4 * time.Hour, "CST": -6 * time.Hour, "CDT": -5 * time.Hour,
	"MST": -7 * time.Hour, "MDT": -6 * time.Hour, "PST": -8 * time.Hour, "PDT": -7 * time.Hour, "CET": time.Hour, "CEST": 2 * time.Hour,
	"BST": time.Hour, "EET": 2 * time.Hour, "EEST": 3 * time.Hour, "MSK": 3 * time.Hour, "PKT": 5 * time.Hour, "AFT": 4*time.Hour + 30*time.Minute,
	"IRST": 3*time.Hour + 30*time.Minute, "AEST": 10 * time.Hour, "AEDT": 11 * time.Hour,
}

// layouts of dates with the zone as digits, and without.
var (
	zonedLayouts = []string{
		time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05-0700",
		"2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04 -0700", "2 Jan 06 15:04:05 -0700", "2 January 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -07:00",
	}
	bareLayouts = []string{
		"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "2 Jan 2006 15:04:05", "2 Jan 2006 15:04", "2 Jan 06 15:04:05",
		"2 January 2006 15:04:05", "2 Jan 2006", "2 January 2006", "Jan 2, 2006", "January 2, 2006",
	}
)

// feedTime reads a date as feeds write it and returns it in UTC. zoned says
// whether it named its zone.
func feedTime(s string) (t time.Time, zoned, ok bool) {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" || len(s) > 80 {
		return time.Time{}, false, false
	}
	// The weekday says nothing that the date does not, and is often wrong.
	if day, rest, cut := strings.Cut(s, ","); cut && len(day) <= 12 && !strings.ContainsAny(day, "0123456789") {
		s = strings.TrimSpace(rest)
	}
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		if offset, known := zones[strings.ToUpper(s[i+1:])]; known {
			if t, ok := parseAny(bareLayouts, s[:i]); ok {
				return t.Add(-offset), true, true
			}
		}
	}
	if t, ok := parseAny(zonedLayouts, s); ok {
		return t.UTC(), true, true
	}
	if t, ok := parseAny(bareLayouts, s); ok {
		return t, false, true
	}
	// An abbreviation that nobody can be sure of.
	if i := strings.LastIndexByte(s, ' '); i > 0 && !strings.ContainsAny(s[i+1:], "0123456789") {
		if t, ok := parseAny(bareLayouts, s[:i]); ok {
			return t, false, true
		}
	}
	return time.Time{}, false, false
}

func parseAny(layouts []string, s string) (time.Time, bool) {
	for _, l := range layouts {
		if t, err := time.Parse(l, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
