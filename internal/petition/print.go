package petition

import (
	"strings"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
)

// Printer writes numbers, dates and messages in one language, as lang.Printer
// does.
type Printer interface {
	Number(n int64) string
	Range(low, high int64) string
	// Date writes an EDTF text.
	Date(text string) string
	// T returns a message with its named arguments filled in.
	T(key string, args ...any) string
}

// amount writes a number with its currency, where it has one.
func amount(p Printer, n int64, unit string) string {
	if unit == "" {
		return p.Number(n)
	}
	return p.T("petition.value.money", "amount", p.Number(n), "unit", unit)
}

func printFigure(p Printer, f figure.Figure, form Form) (string, bool) {
	if f.Low == nil && f.Best == nil && f.High == nil {
		return "", false
	}
	switch form {
	case FormUsual:
		if f.Best == nil {
			return figureRange(p, f, false)
		}
		n := amount(p, *f.Best, f.Unit)
		if f.Approx {
			return p.T("petition.value.about", "number", n), true
		}
		return n, true
	case FormLow:
		if f.Low == nil || f.Below {
			return "", false
		}
		return amount(p, *f.Low, f.Unit), true
	case FormBest:
		if f.Best == nil {
			return "", false
		}
		return amount(p, *f.Best, f.Unit), true
	case FormRange:
		return figureRange(p, f, false)
	case FormWords:
		return figureRange(p, f, true)
	}
	return "", false
}

func figureRange(p Printer, f figure.Figure, words bool) (string, bool) {
	if f.Low == nil || f.High == nil {
		return "", false
	}
	low, high := *f.Low, *f.High
	switch {
	case f.Below:
		return p.T("petition.value.at_most", "number", amount(p, high, f.Unit)), true
	case low == high && f.Open:
		return p.T("petition.value.at_least", "number", amount(p, low, f.Unit)), true
	case low == high && f.Approx:
		return p.T("petition.value.about", "number", amount(p, low, f.Unit)), true
	case low == high:
		return amount(p, low, f.Unit), true
	case f.Open && words:
		return p.T("petition.value.between_or_more", "low", amount(p, low, f.Unit), "high", amount(p, high, f.Unit)), true
	case f.Open:
		return p.T("petition.value.range_or_more", "range", span(p, low, high, f.Unit)), true
	case words:
		return p.T("petition.value.between", "low", amount(p, low, f.Unit), "high", amount(p, high, f.Unit)), true
	}
	return span(p, low, high, f.Unit), true
}

func span(p Printer, low, high int64, unit string) string {
	if unit == "" {
		return p.Range(low, high)
	}
	return p.T("petition.value.money", "amount", p.Range(low, high), "unit", unit)
}

// printClaim prints what a claim states. Words are printed only in the language
// in which they were said: nothing is translated by putting pieces together.
func printClaim(p Printer, s *Stated, form Form, lang string) (string, bool) {
	c := s.Claim
	said := c.Language
	if said == "" && s.Source.Source != nil {
		said = s.Source.Source.Language
	}
	switch c.Kind {
	case record.KindAttribute:
		return c.Value.Text, form == FormUsual && c.Value.Text != "" && sameLanguage(said, lang)
	case record.KindStatement:
		w := c.Statement.In(lang)
		return w.Text, form == FormUsual && w.Text != "" && sameLanguage(w.Lang, lang)
	}
	number := func(n *int64, add int64) (string, bool) {
		if n == nil {
			return "", false
		}
		return amount(p, *n+add, c.Unit), true
	}
	phrase := func(key string, n *int64, add int64) (string, bool) {
		words, ok := number(n, add)
		if !ok {
			return "", false
		}
		return p.T(key, "number", words), true
	}
	switch form {
	case FormLow:
		return number(c.Low, 0)
	case FormBest:
		if c.Best == nil && (c.Operator == record.Exact || c.Operator == record.About) {
			return number(c.Low, 0)
		}
		return number(c.Best, 0)
	case FormRange:
		if c.Low != nil && c.High != nil {
			return span(p, *c.Low, *c.High, c.Unit), true
		}
	}
	switch c.Operator {
	case record.Exact:
		return number(c.Low, 0)
	case record.AtLeast:
		return phrase("petition.value.at_least", c.Low, 0)
	case record.MoreThan:
		return phrase("petition.value.more_than", c.Low, -1)
	case record.AtMost:
		return phrase("petition.value.at_most", c.High, 0)
	case record.LessThan:
		return phrase("petition.value.less_than", c.High, 1)
	case record.About:
		return phrase("petition.value.about", c.Low, 0)
	case record.Between:
		if c.Low == nil || c.High == nil {
			return "", false
		}
		if form == FormWords {
			return p.T("petition.value.between", "low", amount(p, *c.Low, c.Unit), "high", amount(p, *c.High, c.Unit)), true
		}
		return span(p, *c.Low, *c.High, c.Unit), true
	}
	return c.Words, c.Words != "" && sameLanguage(said, lang)
}

// sameLanguage compares the primary languages of two tags.
func sameLanguage(a, b string) bool {
	a, _, _ = strings.Cut(a, "-")
	b, _, _ = strings.Cut(b, "-")
	return a != "" && strings.EqualFold(a, b)
}
