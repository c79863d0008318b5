package web

import (
	"html/template"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// bounds is any low–best–high, however it came about.
type bounds struct {
	low, best, high     *int64
	open, below, approx bool
}

func boundsOf(f *figure.Figure) bounds {
	return bounds{f.Low, f.Best, f.High, f.Open, f.Below, f.Approx}
}

func boundsKept(k *casework.Kept) bounds {
	return bounds{low: k.Low, best: k.Best, high: k.High, open: k.Open, approx: k.Approx}
}

func boundsSum(b figure.Bounds) bounds {
	return bounds{low: b.Low, best: b.Best, high: b.High, open: b.Open, approx: b.Approx}
}

// main writes the number a reader sees first: the best value, or, where the
// claims support none, the range.
func (b bounds) main(l *lang.Printer) string {
	if b.best == nil {
		if b.open && b.low != nil && b.high != nil && *b.low != *b.high && !b.below {
			return l.Range(*b.low, *b.high)
		}
		return b.span(l)
	}
	if b.approx {
		return l.T("value.about", "low", l.Number(*b.best))
	}
	return l.Number(*b.best)
}

// rest writes the range beside the best value, and nothing where there is no
// more to say.
func (b bounds) rest(l *lang.Printer) string {
	if b.best == nil && b.open && b.low != nil && b.high != nil && *b.low != *b.high && !b.below {
		return l.T("figure.open")
	}
	if b.best == nil || b.low == nil || *b.low == *b.best && b.high != nil && *b.high == *b.best && !b.open {
		return ""
	}
	return b.span(l)
}

// line writes the whole figure as running text.
func (b bounds) line(l *lang.Printer) string {
	if rest := b.rest(l); b.best != nil && rest != "" {
		return l.T("figure.with_range", "best", b.main(l), "range", rest)
	}
	if b.best == nil {
		return b.span(l)
	}
	return b.main(l)
}

// span writes low to high, with "or more" where a source says so.
func (b bounds) span(l *lang.Printer) string {
	switch {
	case b.low == nil && b.high == nil:
		return l.T("value.none")
	case b.high == nil:
		return l.T("value.at_least", "low", l.Number(*b.low))
	case b.below || b.low == nil:
		return l.T("value.at_most", "high", l.Number(*b.high))
	case b.open && *b.low == *b.high:
		return l.T("value.at_least", "low", l.Number(*b.low))
	case b.open:
		return l.T("value.range_open", "range", l.Range(*b.low, *b.high))
	}
	return l.Range(*b.low, *b.high)
}

// FigureView is a figure as a page sets it.
type FigureView struct {
	Measure string
	Best    string // the large number
	Range   string // beside it, or empty
	Line    string // both in running text
	What    string // "killed"
	Origins string // "5 independent origins"; the status says so where it is one
	Status  string // "disputed"
	Class   string // of the status word
	Known   bool
	Cite    string // address of the figure fixed to what it rests on now
	Credits []string
}

// statusClass is the style of a status word; a word without one is set plain.
func statusClass(s figure.Status) string {
	switch s {
	case figure.Disputed:
		return "is-disputed"
	case figure.Corroborated:
		return "is-agreed"
	}
	return "is-open"
}

func figureView(l *lang.Printer, f *figure.Figure) FigureView {
	b := boundsOf(f)
	v := FigureView{
		Measure: string(f.Measure), Best: b.main(l), Range: b.rest(l), What: l.T("measure." + string(f.Measure)),
		Line: b.line(l), Status: l.T("figure.status." + string(f.Status)), Class: statusClass(f.Status), Known: f.Known(),
	}
	if f.Unit != "" {
		v.What = l.T("figure.money", "unit", f.Unit)
	}
	if f.Origins > 1 && f.Status != figure.CompiledOnly {
		v.Origins = l.T("figure.origins", "n", f.Origins)
	}
	return v
}

// keptView is figureView for a kept figure. byParts is not a status of the rules.
func keptView(l *lang.Printer, k *casework.Kept) FigureView {
	b := boundsKept(k)
	v := FigureView{
		Measure: string(k.Measure), Best: b.main(l), Range: b.rest(l), Line: b.line(l), What: l.T("measure." + string(k.Measure)), Known: true,
		Status: l.T("figure.status." + k.Status), Class: statusClass(figure.Status(k.Status)),
	}
	if k.Unit != "" {
		v.What = l.T("figure.money", "unit", k.Unit)
	}
	if k.Origins > 1 && k.Status != string(figure.CompiledOnly) {
		v.Origins = l.T("figure.origins", "n", k.Origins)
	}
	return v
}

// TollView is a figure in a list, a few words wide.
type TollView struct {
	Best, Range string
	Word        string // what is counted: "killed"
	None        bool
}

func tollView(l *lang.Printer, k *casework.Kept) TollView {
	if k == nil {
		return TollView{None: true}
	}
	b := boundsKept(k)
	return TollView{Best: b.main(l), Range: b.rest(l), Word: l.T("measure.killed")}
}

// said writes a claim's number as its source put it. More-than and fewer-than
// were read as bounds one off; the printed number is shown.
func said(l *lang.Printer, c *record.Claim) string {
	n := func(p *int64, by int64) string {
		if p == nil {
			return ""
		}
		return l.Number(*p + by)
	}
	s := ""
	switch {
	case c.Operator == record.InWords || c.Operator == record.Superlative || c.Operator == record.Trend || c.Operator == record.Proportion:
		if c.Words != "" {
			return l.T("value.quoted", "words", c.Words)
		}
		return l.T("operator." + string(c.Operator))
	case c.Operator == record.MoreThan && c.Low != nil:
		s = l.T("value.more_than", "low", n(c.Low, -1))
	case c.Operator == record.LessThan && c.High != nil:
		s = l.T("value.less_than", "high", n(c.High, 1))
	case c.Operator == record.About && c.Low != nil:
		s = l.T("value.about", "low", n(c.Low, 0))
	case c.Operator == record.AtLeast && c.Low != nil:
		s = l.T("value.at_least", "low", n(c.Low, 0))
	case c.Operator == record.AtMost && c.High != nil:
		s = l.T("value.at_most", "high", n(c.High, 0))
	case c.Low != nil && c.High != nil && c.Best != nil:
		s = l.T("value.best_of", "best", n(c.Best, 0), "range", l.Range(*c.Low, *c.High))
	case c.Low != nil && c.High != nil:
		s = l.Range(*c.Low, *c.High)
	case c.Low != nil:
		s = l.T("value.at_least", "low", n(c.Low, 0))
	case c.High != nil:
		s = l.T("value.at_most", "high", n(c.High, 0))
	default:
		return l.T("value.none")
	}
	if c.Unit != "" {
		s = l.T("value.money", "amount", s, "unit", c.Unit)
	}
	return s
}

// scopeText says what a number is a number of.
func scopeText(l *lang.Printer, s record.Scope) string {
	var parts []string
	if s.Counted != "" {
		parts = append(parts, l.T("scope.counted."+string(s.Counted)))
	}
	switch {
	case s.Area != "" && s.Place != "":
		parts = append(parts, l.T("scope.in", "area", l.T("scope.area."+string(s.Area)), "place", titled(s.Place)))
	case s.Area != "":
		parts = append(parts, l.T("scope.area."+string(s.Area)))
	case s.Place != "":
		parts = append(parts, titled(s.Place))
	}
	if s.Period != "" {
		parts = append(parts, l.Date(s.Period))
	}
	if s.Attackers != "" {
		parts = append(parts, l.T("scope.attackers."+string(s.Attackers)))
	}
	if len(parts) == 0 {
		return l.T("scope.whole")
	}
	return l.List(parts)
}

// link is an anchor; without an address only its words.
func link(href string, words template.HTML) template.HTML {
	if href == "" {
		return words
	}
	return template.HTML(`<a href="` + template.HTMLEscapeString(href) + `">` + string(words) + `</a>`)
}
