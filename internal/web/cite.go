package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
)

// citePath is the address of a figure as it stands at a journal entry. The check
// at its end tells a later reader whether it can still be worked out.
func citePath(slug string, f *figure.Figure, rule figure.Rule, entry int64) string {
	q := citation{f.Measure, rule, entry, casework.FigureCheck(f)}
	return "/events/" + slug + "/figure/" + string(f.Measure) + q.query()
}

// citation is what the address of a fixed figure says.
type citation struct {
	measure record.Measure
	rule    figure.Rule
	entry   int64
	check   string
}

// query is the part of the address that fixes the figure, with its question mark.
func (q citation) query() string {
	return "?rule=" + url.QueryEscape(string(q.rule)) + "&entry=" + strconv.FormatInt(q.entry, 10) + "&check=" + url.QueryEscape(q.check)
}

func citeOf(r *http.Request) (citation, error) {
	q := citation{measure: record.Measure(r.PathValue("measure")), check: r.URL.Query().Get("check")}
	if !slices.Contains(record.Measures(), q.measure) {
		return q, record.ErrNotFound
	}
	var err error
	if q.rule, err = ruleOf(r); err != nil {
		return q, err
	}
	if q.entry, err = strconv.ParseInt(r.URL.Query().Get("entry"), 10, 64); err != nil || q.entry < 0 {
		return q, record.ErrNotFound
	}
	return q, nil
}
