package draw

import (
	"math"
	"slices"
	"strings"
)

// RateData is how many there were in each stretch of time, the mean rate of each
// period, and the range in which a change of rate may lie.
type RateData struct {
	Bins    []RateBin
	Periods []RatePeriod
	// ChangeFrom and ChangeTo, decimal years, bound the change; equal zeros mean
	// that there is none to show.
	ChangeFrom, ChangeTo float64
	// Boundary is the decimal year that divides the periods, 0 for none.
	Boundary float64
	Labels   RateLabels
}

// RateLabels are the heads of the table's columns and the words of the legend.
type RateLabels struct{ When, Count, Bar, Mean, Boundary, Change string }

// RateBin is a stretch of time with its number. From and To are decimal years,
// To exclusive.
type RateBin struct {
	From, To float64
	When     string
	Count    int64
}

// RatePeriod is the mean of a period per bin, with its words.
type RatePeriod struct {
	From, To float64
	Mean     float64
	Text     string
}

// Rate draws an upright bar for each stretch of time from zero, and a line for
// each period's mean.
func Rate(d RateData, o Options) Drawing {
	c := newCanvas(wide, o)
	t := Table{Caption: o.Title, Head: []string{d.Labels.When, d.Labels.Count}}
	for _, b := range d.Bins {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: b.When}, {Text: c.o.Number(b.Count), Numeric: true}}})
	}
	return both(o, t, func(c *canvas) { paintRate(c, d) })
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func paintRate(c *canvas, d RateData) {
	bins := slices.DeleteFunc(slices.Clone(d.Bins), func(b RateBin) bool { return !finite(b.From) || !finite(b.To) || b.To <= b.From })
	plot := 170.0
	if c.narrow() {
		plot = 150
	}
	top := c.small * 1.5
	bottom := top + plot
	largest := 1.0
	for _, b := range bins {
		largest = math.Max(largest, float64(b.Count))
	}
	for _, p := range d.Periods {
		if finite(p.Mean) {
			largest = math.Max(largest, p.Mean)
		}
	}
	lin := scale{left: 0, right: plot, lo: 0, hi: largest * 1.08}
	up := func(v float64) float64 { return bottom - math.Max(0, v)/(largest*1.08)*plot }
	ticks := lin.ticks(func(int64) float64 { return c.small * 1.6 }, 4)
	tickW := 0.0
	for _, n := range ticks {
		tickW = math.Max(tickW, textWidth(c.o.Number(n), c.small, false))
	}
	left, right := tickW+10, c.w
	c.h = bottom + c.small + 22
	var from, to float64
	if len(bins) > 0 {
		from, to = bins[0].From, bins[0].To
		for _, b := range bins {
			from, to = math.Min(from, b.From), math.Max(to, b.To)
		}
	}
	x := func(year float64) float64 {
		if to <= from {
			return left
		}
		return left + 2 + math.Max(0, math.Min(1, (year-from)/(to-from)))*(right-left-4)
	}
	change := d.ChangeTo > d.ChangeFrom && len(bins) > 0
	if change {
		a, b := x(d.ChangeFrom), x(d.ChangeTo)
		c.rect("d-band", a, top, math.Max(2, b-a), plot)
		c.raw(`<path class="d-edge" stroke="#857c6e" stroke-width="1" fill="none" d="M%s %sv%sM%s %sv%s"/>`, num(a), num(top), num(plot), num(math.Max(a+2, b)), num(top), num(plot))
	}
	for _, n := range ticks {
		y := up(float64(n))
		c.line("d-grid", left, y, right, y, 1, "")
		c.put(left-8, y+c.small*0.34, atRight, c.o.Number(n), ink{kind: "tick", class: "d-soft", digits: true})
	}
	var bars strings.Builder
	for _, b := range bins {
		if b.Count <= 0 {
			continue
		}
		a, e := x(b.From), x(b.To)
		w := math.Max(0.6, (e-a)*0.8)
		bars.WriteString("M" + num(a) + " " + num(bottom) + "h" + num(w) + "V" + num(up(float64(b.Count))) + "h" + num(-w) + "z")
	}
	if bars.Len() > 0 {
		c.raw(`<path class="d-edge-fill" fill="#857c6e" stroke="none" d="%s"/>`, bars.String())
	}
	c.line("d-axis", left, bottom, right, bottom, 1.2, "")
	if len(bins) == 0 {
		return
	}
	for _, p := range d.Periods {
		if finite(p.Mean) && finite(p.From) && finite(p.To) {
			c.line("d-best", x(p.From), up(p.Mean), x(p.To), up(p.Mean), 2.2, "")
		}
	}
	if d.Boundary > from && d.Boundary < to {
		c.line("d-line", x(d.Boundary), top-4, x(d.Boundary), bottom, 1.2, ` stroke-dasharray="5 3"`)
	}
	if to-from >= 1.5 {
		c.years(math.Ceil(from), math.Floor(to), x, bottom)
	} else {
		first, _ := elide(clean(bins[0].When), c.small, false, c.w*0.4)
		last, _ := elide(clean(bins[len(bins)-1].When), c.small, false, c.w*0.4)
		c.put(left, bottom+c.small+8, atLeft, first, ink{kind: "tick", class: "d-soft"})
		if len(bins) > 1 {
			c.put(right, bottom+c.small+8, atRight, last, ink{kind: "tick", class: "d-soft"})
		}
	}
	var legend []entry
	add := func(when bool, text string, width float64, paint func(x, y float64)) {
		if when && text != "" {
			legend = append(legend, entry{text: text, width: width, paint: paint})
		}
	}
	add(bars.Len() > 0, d.Labels.Bar, 8, func(x, y float64) {
		c.raw(`<path class="d-edge-fill" fill="#857c6e" stroke="none" d="%s"/>`, outline(x-3, y-6, 6, 12))
	})
	for _, p := range d.Periods {
		text := p.Text
		if text == "" {
			text = d.Labels.Mean
		}
		add(finite(p.Mean), text, 22, func(x, y float64) { c.line("d-best", x-11, y, x+11, y, 2.2, "") })
	}
	add(d.Boundary > from && d.Boundary < to, d.Labels.Boundary, 8, func(x, y float64) {
		c.line("d-line", x, y-7, x, y+7, 1.2, ` stroke-dasharray="5 3"`)
	})
	add(change, d.Labels.Change, 16, func(x, y float64) {
		c.rect("d-band", x-8, y-6, 16, 12)
		c.raw(`<path class="d-edge" stroke="#857c6e" stroke-width="1" fill="none" d="M%s %sv12M%s %sv12"/>`, num(x-8), num(y-6), num(x+8), num(y-6))
	})
	c.h = c.flow(c.h, legend) + 4
}
