package draw

import (
	"math"
	"slices"
	"strings"
)

// CoverageData is how much was reported per day, one line for each series.
type CoverageData struct {
	Series []CoverageSeries
	// Marks are the days of the events themselves.
	Marks  []CoverageMark
	Labels CoverageLabels
	// Tick writes a value of the scale, such as a share in percent.
	Tick func(float64) string
}

// CoverageLabels are the head of the table's first column and the words for a
// day of which nothing is known.
type CoverageLabels struct{ Day, Unknown string }

// CoverageSeries is one line. Days that are missing between its first and its
// last are unknown: the line breaks there, and the strip below is hatched.
type CoverageSeries struct {
	Name string
	Days []CoverageDay
}

// CoverageDay is one day. Day counts from 1970; Text is the value as the table
// has it. Known false keeps a day without a value in the table.
type CoverageDay struct {
	Day   int
	When  string
	Value float64
	Text  string
	Known bool
}

// CoverageMark is the day of an event; Series is the line it belongs to, from 0.
type CoverageMark struct {
	Day    int
	Label  string
	Series int
}

// maxCoverageDays bounds what is drawn of a series: longer ones end there.
const maxCoverageDays = 12_000

// Coverage draws a line for each series over the same days, from zero.
func Coverage(d CoverageData, o Options) Drawing {
	return both(o, d.table(o), func(c *canvas) { paintCoverage(c, d) })
}

// CoverageFile returns the drawing as a whole SVG document that needs no style
// sheet, under its title.
func CoverageFile(d CoverageData, title, foot string, o Options) string {
	c := newCanvas(form{class: "d-card", w: wide.w, text: wide.text, small: wide.small}, o)
	const pad = 16
	inner := newCanvas(form{class: "d-card", w: wide.w - 2*pad, text: wide.text, small: wide.small}, o)
	paintCoverage(inner, d)
	y := pad + 8.0
	lead := 1.35
	if o.RTL {
		lead = 1.7
	}
	parts, _ := wrap(briefly(title), 18, wide.w-2*pad, 2)
	for _, l := range parts {
		c.put(c.across(pad), y+10, c.begin(), l, ink{kind: "title", bold: true, size: 18})
		y += 18 * lead
	}
	y += 6
	c.raw(`<g transform="translate(%s %s)">%s</g>`, num(pad), num(y), inner.b.String())
	y += inner.h + c.small
	parts, _ = wrap(briefly(foot), c.small, wide.w-2*pad, 2)
	for _, l := range parts {
		c.put(c.across(pad), y, c.begin(), l, ink{kind: "foot", class: "d-soft"})
		y += c.small * lead
	}
	c.h = y + 4
	svg := c.svg(d.table(o))
	// The drawing stands on paper of its own.
	at := strings.Index(svg, "</desc>") + len("</desc>")
	return svg[:at] + `<rect x="0" y="0" width="` + num(c.w) + `" height="` + num(c.h) + `" fill="#fbf9f5"/>` + svg[at:]
}

// table has a row for each day that any series has.
func (d CoverageData) table(o Options) Table {
	t := Table{Caption: o.Title, Head: []string{d.Labels.Day}}
	cells := map[int][]Cell{}
	var days []int
	for i, s := range d.Series {
		t.Head = append(t.Head, s.Name)
		for _, day := range s.Days {
			row := cells[day.Day]
			if row == nil {
				row = make([]Cell, len(d.Series)+1)
				row[0] = Cell{Text: day.When}
				for k := range d.Series {
					row[k+1] = Cell{Text: d.Labels.Unknown, Numeric: true}
				}
				days = append(days, day.Day)
			}
			row[i+1].Text = day.Text
			cells[day.Day] = row
		}
	}
	slices.Sort(days)
	for _, day := range days {
		t.Rows = append(t.Rows, Row{Cells: cells[day]})
	}
	return t
}

// niceStep is the step of a scale from 0 to top with about n ticks.
func niceStep(top float64, n int) float64 {
	if !(top > 0) || math.IsInf(top, 0) {
		return 1
	}
	raw := top / float64(max(n, 1))
	mag := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5} {
		if m*mag >= raw {
			return m * mag
		}
	}
	return 10 * mag
}

func paintCoverage(c *canvas, d CoverageData) {
	tick := d.Tick
	if tick == nil {
		tick = func(v float64) string { return c.o.Number(int64(math.Round(v))) }
	}
	plot := 190.0
	if c.narrow() {
		plot = 160
	}
	top := c.small * 1.6
	bottom := top + plot
	most := 0.0
	from, to := math.MaxInt, math.MinInt
	var first, last string
	for i := range d.Series {
		s := &d.Series[i]
		s.Days = s.Days[:min(len(s.Days), maxCoverageDays)]
		for _, day := range s.Days {
			if day.Known && finite(day.Value) {
				most = math.Max(most, day.Value)
			}
			if day.Day < from {
				from, first = day.Day, day.When
			}
			if day.Day > to {
				to, last = day.Day, day.When
			}
		}
	}
	for _, m := range d.Marks {
		// An event far outside of its series would press it against an edge.
		if m.Day >= from-60 && m.Day < from {
			from, first = m.Day, ""
		}
	}
	// A scale beyond these bounds has no round numbers.
	if most < 1e-9 {
		most = 1
	}
	most = math.Min(most, 1e15)
	step := niceStep(most, 4)
	ticks := int(math.Max(math.Ceil(most/step), 1))
	hi := float64(ticks) * step
	up := func(v float64) float64 { return bottom - math.Max(0, math.Min(v, hi))/hi*plot }
	tickW := 0.0
	for i := range ticks + 1 {
		tickW = math.Max(tickW, textWidth(tick(float64(i)*step), c.small, false))
	}
	left, right := tickW+10, c.w-4
	for i := range ticks + 1 {
		v := float64(i) * step
		c.line("d-grid", left, up(v), right, up(v), 1, "")
		c.put(left-8, up(v)+c.small*0.34, atRight, tick(v), ink{kind: "tick", class: "d-soft", digits: true})
	}
	c.line("d-axis", left, bottom, right, bottom, 1.2, "")
	c.h = bottom + 10
	if from > to {
		return
	}
	x := func(day int) float64 {
		if to == from {
			return (left + right) / 2
		}
		return left + 6 + float64(day-from)/float64(to-from)*(right-left-12)
	}
	for _, m := range d.Marks {
		if m.Day < from || m.Day > to {
			continue
		}
		c.within(m.Series%8+1, func() {
			c.line("d-line", x(m.Day), top-4, x(m.Day), bottom, 1.2, ` stroke-dasharray="5 3"`)
		})
	}
	unknown := false
	lane := bottom + 4
	for i, s := range d.Series {
		c.within(i%8+1, func() {
			var path, dots strings.Builder
			dot := func(px, py float64) {
				dots.WriteString("M" + num(px-2.2) + " " + num(py) + "a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0-4.4 0z")
			}
			prev, alone := math.MinInt, false
			var px, py float64
			gap := func(a, b int) { // unknown from day a to day b, both in
				unknown = true
				x0, x1 := x(a)-2, x(b)+2
				c.paint("", outline(x0, lane, math.Max(x1-x0, 3), 6)+diagonals(x0, lane, math.Max(x1-x0, 3), 6, 4))
			}
			for _, day := range s.Days {
				if !day.Known || !finite(day.Value) {
					continue
				}
				if prev != math.MinInt && day.Day > prev+1 {
					gap(prev+1, day.Day-1)
				}
				nx, ny := x(day.Day), up(day.Value)
				if prev != math.MinInt && day.Day == prev+1 {
					path.WriteString("L" + num(nx) + " " + num(ny))
					alone = false
				} else {
					if alone {
						dot(px, py)
					}
					path.WriteString("M" + num(nx) + " " + num(ny))
					alone = true
				}
				px, py, prev = nx, ny, day.Day
			}
			if alone {
				dot(px, py)
			}
			dash := ""
			// Lines differ by more than their colour.
			if i%3 == 1 {
				dash = ` stroke-dasharray="7 3"`
			} else if i%3 == 2 {
				dash = ` stroke-dasharray="2 3"`
			}
			if path.Len() > 0 {
				c.raw(`<path class="d-line" fill="none" stroke="%s" stroke-width="1.8" stroke-linejoin="round"%s d="%s"/>`, hues[c.hue], dash, path.String())
			}
			if dots.Len() > 0 {
				c.shape("d-fill", dots.String())
			}
		})
		lane += 8
	}
	foot := lane + c.small + 2
	firstText, _ := elide(clean(first), c.small, false, c.w*0.4)
	lastText, _ := elide(clean(last), c.small, false, c.w*0.4)
	c.put(left, foot, atLeft, firstText, ink{kind: "time", class: "d-soft"})
	if to > from {
		c.put(right, foot, atRight, lastText, ink{kind: "time", class: "d-soft"})
	}
	var legend []entry
	for i, s := range d.Series {
		dash := ""
		if i%3 == 1 {
			dash = ` stroke-dasharray="7 3"`
		} else if i%3 == 2 {
			dash = ` stroke-dasharray="2 3"`
		}
		legend = append(legend, entry{text: clean(s.Name), width: 24, hue: i%8 + 1, paint: func(x, y float64) {
			c.line("d-line", x-12, y, x+12, y, 1.8, dash)
		}})
	}
	for _, m := range d.Marks {
		if m.Day < from || m.Day > to || clean(m.Label) == "" {
			continue
		}
		legend = append(legend, entry{text: clean(m.Label), width: 8, hue: m.Series%8 + 1, paint: func(x, y float64) {
			c.line("d-line", x, y-7, x, y+7, 1.2, ` stroke-dasharray="5 3"`)
		}})
	}
	if unknown {
		legend = append(legend, entry{text: clean(d.Labels.Unknown), width: 20, paint: func(x, y float64) {
			c.paint("", outline(x-10, y-3, 20, 6)+diagonals(x-10, y-3, 20, 6, 4))
		}})
	}
	c.h = c.flow(foot+8, legend) + 4
}
