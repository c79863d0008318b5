package draw

import "math"

// BarsData is a small series of counts, such as signatures by day.
type BarsData struct {
	Bars   []Bar
	Labels BarsLabels
}

// BarsLabels are the heads of the table's columns.
type BarsLabels struct{ Name, Count string }

// Bar is one count. Hidden marks one too small to be told; it is drawn as a
// gap with a tick and Text says so.
type Bar struct {
	Name   string
	Count  int64
	Hidden bool
	// Text replaces the number where it is not simply the count.
	Text string
}

// Bars draws upright bars from zero, with as many names as fit.
func Bars(d BarsData, o Options) Drawing {
	c := newCanvas(wide, o)
	t := Table{Caption: o.Title, Head: []string{d.Labels.Name, d.Labels.Count}}
	for _, b := range d.Bars {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: b.Name}, {Text: b.text(c), Numeric: true}}})
	}
	return both(o, t, func(c *canvas) { paintBars(c, d) })
}

func (b Bar) text(c *canvas) string {
	switch {
	case b.Text != "":
		return b.Text
	case b.Hidden:
		return "—"
	}
	return c.o.Number(b.Count)
}

func paintBars(c *canvas, d BarsData) {
	const plot = 110
	top := c.small * 1.6
	bottom := top + plot
	largest := 1.0
	for _, b := range d.Bars {
		if !b.Hidden {
			largest = math.Max(largest, float64(b.Count))
		}
	}
	c.line("d-axis", 0, bottom, c.w, bottom, 1.2, "")
	c.h = bottom + c.small*1.6 + 4
	n := len(d.Bars)
	if n == 0 {
		return
	}
	step := c.w / float64(n)
	width := math.Max(0.6, math.Min(step*0.62, 30))
	lastName, lastCount := math.Inf(-1), math.Inf(-1)
	for i, b := range d.Bars {
		at := step * (float64(i) + 0.5)
		h := 0.0
		if b.Hidden {
			c.line("d-axis", at-width/2, bottom-3, at+width/2, bottom-3, 1, ` stroke-dasharray="2 2"`)
		} else {
			h = math.Max(0, float64(b.Count)) / largest * plot
			c.add(`<path class="d-fill" fill="`, hues[0], `" stroke="none" d="M`, num(at-width/2), " ", num(bottom), "h", num(width), "v", num(-h), "h", num(-width), `z"/>`)
		}
		if s := clean(b.text(c)); n <= 31 {
			half := textWidth(s, c.small, false) / 2
			if at-half > lastCount+4 && at-half >= 0 && at+half <= c.w {
				c.put(at, bottom-h-5, atMiddle, s, ink{kind: "value", digits: true})
				lastCount = at + half
			}
		}
		name, _ := elide(clean(b.Name), c.small, false, math.Min(c.w, math.Max(step*3, c.w/3)))
		half := textWidth(name, c.small, false) / 2
		x := math.Max(half, math.Min(c.w-half, at))
		if x-half > lastName+10 || math.IsInf(lastName, -1) {
			c.put(x, bottom+c.small+5, atMiddle, name, ink{kind: "tick", class: "d-soft"})
			lastName = x + half
		}
	}
}
