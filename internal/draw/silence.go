package draw

import (
	"cmp"
	"math"
	"slices"
)

// SilenceData is the time since somebody should have answered.
type SilenceData struct {
	// From is the day on which the clock began and Today the present one, as days
	// on any one scale; Looked is when somebody last searched for an answer, and
	// less than From if nobody has.
	From, Today, Looked       float64
	Marks                     []SilenceMark
	FromText, TodayText, Days string
	Labels                    SilenceLabels
}

// SilenceLabels are the heads of the table's columns, and the legend's words for
// the time for which somebody looked and for that since.
type SilenceLabels struct{ When, What, Known, Unknown string }

// SilenceMark is something on the way: a delivery, a reminder, a search.
type SilenceMark struct {
	At         float64
	When, What string
	Href       string
}

// Silence draws a thin line that grows to the right: whole as far as somebody
// looked, hatched where nobody knows.
func Silence(d SilenceData, o Options) Drawing {
	t := Table{Caption: o.Title, Head: []string{d.Labels.When, d.Labels.What}}
	for _, m := range d.marks() {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: m.When}, {Text: m.What, Href: m.Href}}})
	}
	return both(o, t, func(c *canvas) { paintSilence(c, d) })
}

func (d SilenceData) marks() []SilenceMark {
	out := slices.DeleteFunc(slices.Clone(d.Marks), func(m SilenceMark) bool { return math.IsNaN(m.At) || math.IsInf(m.At, 0) })
	slices.SortStableFunc(out, func(a, b SilenceMark) int { return cmp.Compare(a.At, b.At) })
	return out
}

func paintSilence(c *canvas, d SilenceData) {
	y := c.text * 2
	span := d.Today - d.From
	x := func(at float64) float64 {
		if !(span > 0) {
			return 8
		}
		return 8 + math.Max(0, math.Min(1, (at-d.From)/span))*(c.w-16)
	}
	days, cut := elide(clean(d.Days), c.text, false, c.w-16)
	c.put(c.w/2, y-c.text*0.9, atMiddle, days, ink{kind: "days", size: c.text, full: keepIf(cut, d.Days)})
	looked := math.Max(d.From, math.Min(d.Looked, d.Today))
	if math.IsNaN(looked) {
		looked = d.From
	}
	if x(looked) > 8 {
		c.line("d-line", 8, y, x(looked), y, 2.2, "")
	}
	if rest := c.w - 8 - x(looked); rest > 1 {
		c.paint("", diagonals(x(looked), y-5, rest, 10, 5))
		c.line("d-axis", x(looked), y, c.w-8, y, 1, "")
	}
	for _, m := range d.marks() {
		if m.At >= d.From && m.At <= d.Today {
			c.circle("d-hollow", x(m.At), y, 4.2)
		}
	}
	c.circle("d-fill", 8, y, 4.6)
	from, _ := elide(clean(d.FromText), c.small, false, c.w*0.47)
	today, _ := elide(clean(d.TodayText), c.small, false, c.w*0.47)
	c.put(0, y+c.small*1.9, atLeft, from, ink{kind: "time", class: "d-soft"})
	c.put(c.w, y+c.small*1.9, atRight, today, ink{kind: "time", class: "d-soft"})
	var legend []entry
	if d.Labels.Known != "" && x(looked) > 8 {
		legend = append(legend, entry{text: d.Labels.Known, width: 24, paint: func(x, y float64) { c.line("d-line", x-12, y, x+12, y, 2.2, "") }})
	}
	if d.Labels.Unknown != "" && x(looked) < c.w-9 {
		legend = append(legend, entry{text: d.Labels.Unknown, width: 24, paint: func(x, y float64) { c.paint("", diagonals(x-12, y-5, 24, 10, 5)) }})
	}
	c.h = c.flow(y+c.small*2.9, legend) + 4
}
