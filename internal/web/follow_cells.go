package web

import "github.com/gawah-project/gawah/internal/lang"

// What parts of templates are given where their page's own data does not fit.

type axesCell struct {
	L    *lang.Printer
	Axes []AxesRow
}

type judgedCell struct {
	L    *lang.Printer
	List []AssessmentView
}

type courseCell struct {
	L    *lang.Printer
	List []CourseRow
}

type casesCell struct {
	L     *lang.Printer
	Cases []ProceedingRow
}

func withCases(l *lang.Printer, list []ProceedingRow) casesCell { return casesCell{l, list} }

func withAxes(l *lang.Printer, rows []AxesRow) axesCell          { return axesCell{l, rows} }
func withList(l *lang.Printer, list []AssessmentView) judgedCell { return judgedCell{l, list} }
func withCourse(l *lang.Printer, list []CourseRow) courseCell    { return courseCell{l, list} }
func oneLine(line FollowLine) []FollowLine                       { return []FollowLine{line} }

// FollowNav leads to the parts of following up.
func (p *Page) FollowNav() []NavLink {
	var out []NavLink
	for _, k := range []struct{ path, key string }{
		{"/follow-up", "follow.nav.overview"},
		{"/follow-up/accountability", "accountability.title"},
		{"/follow-up/silence", "follow.silence.page"},
		{"/trends", "trend.title"},
		{"/follow-up/anniversaries", "anniversary.title"},
	} {
		out = append(out, NavLink{Href: p.To(k.path), Label: p.L.T(k.key), Current: p.Path == k.path})
	}
	return out
}
