package web

import (
	"html"
	"html/template"
	"regexp"
	"time"

	"github.com/gawah-project/gawah/internal/lang"
)

// quarter is the step at which days change somewhere: zones differ by quarters of
// an hour.
const quarter = 15 * time.Minute

// nextDay is the next moment at which a day may end somewhere. What is worked out
// for today is good until then.
func nextDay(now time.Time) time.Time { return now.Truncate(quarter).Add(quarter) }

var angled = regexp.MustCompile(`<[^>]*>`)

// plainHTML is the text of our own mark-up, for places that take none.
func plainHTML(h template.HTML) string {
	return html.UnescapeString(angled.ReplaceAllString(string(h), ""))
}

// dayWord writes a day counted from 1970-01-01.
func dayWord(l *lang.Printer, n int64) string {
	return l.Date(time.Unix(n*86400, 0).UTC().Format(time.DateOnly))
}
