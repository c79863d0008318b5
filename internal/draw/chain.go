package draw

import "math"

// ChainData is a case from complaint to sentence, each step on a line of its own.
type ChainData struct {
	Steps  []ChainStep
	Labels ChainLabels
}

// ChainLabels are the heads of the table's columns, the words for a step of
// which nothing is known, and the legend's for the marks.
type ChainLabels struct {
	Step, When, What                  string
	NotKnown, Paper, Reported, WayOut string
}

// ChainKnown says how a step is known.
type ChainKnown int

// A step stands in a court's or the police's paper, is reported, or is not known.
// A way out (an escape, a release) leaves the line.
const (
	ChainUnknown ChainKnown = iota
	ChainPaper
	ChainReported
	ChainWayOut
)

// ChainStep is one step. When and Detail are empty where they are not known.
type ChainStep struct {
	Label, When, Detail string
	Known               ChainKnown
	Href                string
}

// Chain draws the steps from top to bottom. Where one of two neighbours is not
// known the line between them is broken.
func Chain(d ChainData, o Options) Drawing {
	t := Table{Caption: o.Title, Head: []string{d.Labels.Step, d.Labels.When, d.Labels.What}}
	for _, s := range d.Steps {
		what := s.Detail
		switch {
		case s.Known == ChainUnknown:
			what = d.Labels.NotKnown
		case s.Known == ChainReported && what == "":
			what = d.Labels.Reported
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: s.Label, Href: s.Href}, {Text: s.When}, {Text: what}}})
	}
	return both(o, t, func(c *canvas) { paintChain(c, d) })
}

func paintChain(c *canvas, d ChainData) {
	at := 190.0 // the line, from the side where text begins
	if c.narrow() {
		at = 9
	}
	room := c.w - at - 22
	y := c.text
	type knot struct {
		y     float64
		known ChainKnown
	}
	var knots []knot
	for _, s := range d.Steps {
		knots = append(knots, knot{y - c.text*0.34, s.Known})
		if !c.narrow() && s.When != "" {
			when, cut := elide(clean(s.When), c.small, false, at-24)
			c.put(c.across(at-20), y, c.end(), when, ink{kind: "when", class: "d-soft", full: keepIf(cut, s.When)})
		}
		lines, cut := wrap(clean(s.Label), c.text, room, 2)
		for i, l := range lines {
			k := ink{kind: "label", size: c.text, href: s.Href, full: keepIf(cut, s.Label)}
			if s.Known == ChainUnknown {
				k.class = "d-soft"
			}
			c.put(c.across(at+20), y+float64(i)*c.text*1.3, c.begin(), l, k)
		}
		y += math.Max(1, float64(len(lines))) * c.text * 1.3
		small := func(text string, n int) {
			lines, cut := wrap(clean(text), c.small, room, n)
			for _, l := range lines {
				c.put(c.across(at+20), y, c.begin(), l, ink{kind: "detail", class: "d-soft", full: keepIf(cut, text)})
				y += c.small * 1.4
			}
		}
		if c.narrow() {
			small(s.When, 1)
		}
		if s.Known == ChainUnknown {
			small(d.Labels.NotKnown, 1)
		} else {
			small(s.Detail, 2)
		}
		y += c.text * 0.75
	}
	for i := 1; i < len(knots); i++ {
		a, b := knots[i-1], knots[i]
		dash := ""
		if a.known == ChainUnknown || b.known == ChainUnknown {
			dash = ` stroke-dasharray="2 4"`
		}
		c.line("d-axis", c.across(at), a.y+7, c.across(at), b.y-7, 1.4, dash)
	}
	for _, k := range knots {
		c.chainMark(k.known, c.across(at), k.y)
	}
	has := func(k ChainKnown) bool {
		for _, s := range d.Steps {
			if s.Known == k {
				return true
			}
		}
		return false
	}
	var legend []entry
	for _, e := range []struct {
		known ChainKnown
		text  string
	}{{ChainPaper, d.Labels.Paper}, {ChainReported, d.Labels.Reported}, {ChainWayOut, d.Labels.WayOut}, {ChainUnknown, d.Labels.NotKnown}} {
		if e.text != "" && has(e.known) {
			legend = append(legend, entry{text: e.text, width: 14, paint: func(x, y float64) { c.chainMark(e.known, x, y) }})
		}
	}
	c.h = c.flow(y-c.text*0.6, legend) + 4
}

func (c *canvas) chainMark(k ChainKnown, x, y float64) {
	switch k {
	case ChainPaper:
		c.circle("d-fill", x, y, 5)
	case ChainReported:
		c.circle("d-hollow", x, y, 5)
	case ChainWayOut:
		c.diamond("d-hollow", x, y, 6)
	default:
		c.paint(patterned(Unknown, x-6, y-6, 12, 12))
	}
}
