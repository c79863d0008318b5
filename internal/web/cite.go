package web

import (
	"net/url"
	"strconv"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/figure"
)

// citePath is the address of a figure as it stands at a journal entry. The check
// at its end tells a later reader whether it can still be worked out.
func citePath(slug string, f *figure.Figure, rule figure.Rule, entry int64) string {
	return "/events/" + slug + "/figure/" + string(f.Measure) + "?rule=" + url.QueryEscape(string(rule)) +
		"&entry=" + strconv.FormatInt(entry, 10) + "&check=" + casework.FigureCheck(f)
}
