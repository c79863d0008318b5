package draw

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

// TimelineData is the record's events over the years.
type TimelineData struct {
	Events []TimelineEvent
	Labels TimelineLabels
	// Name is how many of the largest events are named in the drawing, as
	// far as there is room.
	Name int
}

// TimelineLabels are the heads of the table's columns, the word for an event
// without a figure, and the remark that heights grow with the square root.
type TimelineLabels struct{ Event, When, Figure, NoFigure, Root string }

// TimelineEvent is one event. Year is decimal: 2013.03 is 10 January 2013.
type TimelineEvent struct {
	Year        float64
	Label, When string
	// Low, Best and High are the figure; all nil where there is none. The
	// stem reaches Best, or High, or Low.
	Low, Best, High *int64
	Href            string
}

func (e TimelineEvent) height() (int64, bool) {
	for _, p := range []*int64{e.Best, e.High, e.Low} {
		if p != nil {
			return *p, true
		}
	}
	return 0, false
}

// Timeline draws a stem for each event, as high as its figure, with a
// whisker for the range.
func Timeline(d TimelineData, o Options) Drawing {
	c := newCanvas(wide, o)
	t := Table{Caption: o.Title, Head: []string{d.Labels.When, d.Labels.Event, d.Labels.Figure}}
	for _, e := range chronological(d.Events) {
		text := d.Labels.NoFigure
		if s := c.bandLabel(Band{Low: e.Low, Best: e.Best, High: e.High}); s != "" {
			text = s
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: e.When}, {Text: e.Label, Href: e.Href}, {Text: text, Numeric: true}}})
	}
	return both(o, t, func(c *canvas) { paintTimeline(c, d) })
}

// chronological returns the events in order, without those whose year is
// not a number.
func chronological(es []TimelineEvent) []TimelineEvent {
	es = slices.DeleteFunc(slices.Clone(es), func(e TimelineEvent) bool { return math.IsNaN(e.Year) || math.Abs(e.Year) > 1e6 })
	slices.SortStableFunc(es, func(a, b TimelineEvent) int { return cmp.Compare(a.Year, b.Year) })
	return es
}

func paintTimeline(c *canvas, d TimelineData) {
	events := chronological(d.Events)
	plot := 190.0
	if c.narrow() {
		plot = 170
	}
	top := 16 + c.small*1.5
	bottom := top + plot
	largest, least := 1.0, math.Inf(1)
	for _, e := range events {
		for _, p := range []*int64{e.Low, e.Best, e.High} {
			if p != nil {
				largest = math.Max(largest, float64(*p))
				if *p > 0 {
					least = math.Min(least, float64(*p))
				}
			}
		}
	}
	root := largest/least > extreme
	up := func(n int64) float64 {
		f := math.Max(0, float64(n)) / largest
		if root {
			f = math.Sqrt(f)
		}
		return bottom - f*plot
	}
	lin := scale{left: 0, right: plot, lo: 0, hi: largest}
	ticks := lin.ticks(func(int64) float64 { return c.small * 1.6 }, 4)
	if root {
		ticks = rootTicks(largest)
	}
	tickW := 0.0
	for _, n := range ticks {
		tickW = math.Max(tickW, textWidth(c.o.Number(n), c.small, false))
	}
	left, right := tickW+10, c.w
	lastY := math.Inf(1)
	for _, n := range ticks {
		y := up(n)
		if lastY-y < c.small*1.2 {
			continue
		}
		lastY = y
		c.line("d-grid", left, y, right, y, 1, "")
		c.put(left-8, y+c.small*0.34, atRight, c.o.Number(n), ink{kind: "tick", class: "d-soft", digits: true})
	}
	c.line("d-axis", left, bottom, right, bottom, 1.2, "")
	c.h = bottom + c.small + 22
	if len(events) == 0 {
		return
	}
	from, to := math.Floor(events[0].Year), math.Floor(events[len(events)-1].Year)+1
	x := func(year float64) float64 { return left + 4 + (year-from)/(to-from)*(right-left-8) }
	c.years(from, to, x, bottom)

	stem := 2.2
	if n := float64(len(events)); n > 60 {
		stem = math.Max(0.8, 2.2-n/250)
	}
	// One path for all stems, one for all whiskers: five hundred events in
	// elements of their own would weigh as much as the page.
	var stems, whiskers, heads strings.Builder
	for _, e := range events {
		at := x(e.Year)
		n, ok := e.height()
		if !ok {
			c.circle("d-hollow", at, bottom, 2.6)
			continue
		}
		y := up(n)
		stems.WriteString("M" + num(at) + " " + num(bottom) + "V" + num(y))
		if e.Low != nil && e.High != nil && *e.Low != *e.High {
			whiskers.WriteString("M" + num(at-2.5) + " " + num(up(*e.Low)) + "h5M" + num(at-2.5) + " " + num(up(*e.High)) + "h5m-2.5 0V" + num(y))
		}
		if len(events) <= 120 {
			heads.WriteString("M" + num(at-2.6) + " " + num(y) + "a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0 -5.2 0")
		}
	}
	c.add(`<path class="d-line" fill="none" stroke="`, hues[0], `" stroke-width="`, num(stem), `" d="`, stems.String(), `"/>`)
	c.add(`<path class="d-edge" fill="none" stroke="#857c6e" stroke-width="1" d="`, whiskers.String(), `"/>`)
	if heads.Len() > 0 {
		c.shape("d-fill", heads.String())
	}
	c.nameLargest(events, d.Name, x, up, left)
	if root && d.Labels.Root != "" {
		lines, _ := wrap(clean(d.Labels.Root), c.small, c.w, 2)
		for _, l := range lines {
			c.put(c.across(0), c.h+c.small*0.6, c.begin(), l, ink{kind: "remark", class: "d-soft"})
			c.h += c.small * 1.4
		}
	}
	c.h += 4
}

// rootTicks are round numbers spread for a square-root scale.
func rootTicks(largest float64) []int64 {
	out := []int64{0}
	for e := 0; e <= 18; e++ {
		for _, m := range []float64{1, 2.5, 5} {
			v := m * math.Pow(10, float64(e))
			if v != math.Trunc(v) || v > largest || v < largest/60 {
				continue
			}
			out = append(out, int64(v))
		}
	}
	return out
}

// years labels the axis at every year, or every second, fifth and so on.
func (c *canvas) years(from, to float64, x func(float64) float64, bottom float64) {
	w := textWidth("2000", c.small, false)
	for _, every := range []float64{1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 10000, 100000} {
		if (x(from+every) - x(from)) < w+12 {
			continue
		}
		last := math.Inf(-1)
		for year := math.Ceil(from/every) * every; year <= to; year += every {
			s := strconv.Itoa(int(year))
			half := textWidth(s, c.small, false) / 2
			at := math.Max(half, math.Min(c.w-half, x(year)))
			if at-half < last+6 {
				continue
			}
			last = at + half
			c.line("d-axis", x(year), bottom, x(year), bottom+5, 1, "")
			c.put(at, bottom+c.small+8, atMiddle, s, ink{kind: "tick", class: "d-soft", digits: true})
		}
		return
	}
}

// nameLargest sets the names of the largest events over their stems where
// they meet no other name and no higher stem.
func (c *canvas) nameLargest(events []TimelineEvent, count int, x func(float64) float64, up func(int64) float64, left float64) {
	ranked := slices.Clone(events)
	slices.SortStableFunc(ranked, func(a, b TimelineEvent) int {
		m, _ := a.height()
		n, _ := b.height()
		return cmp.Compare(n, m)
	})
	var placed []Box
	for _, e := range ranked[:min(count, len(ranked))] {
		if _, ok := e.height(); !ok {
			continue
		}
		n := *cmp.Or(e.High, e.Best, e.Low)
		text, cut := elide(clean(e.Label), c.small, false, math.Min(c.w*0.6, 260))
		w := textWidth(text, c.small, false)
		y := up(n) - 7
		at := math.Max(left+w/2, math.Min(c.w-w/2, x(e.Year)))
		box := Box{X0: at - w/2 - 4, X1: at + w/2 + 4, Y0: y - c.small, Y1: y + 4}
		clear := !slices.ContainsFunc(placed, box.Overlaps)
		for _, other := range events {
			m, ok := other.height()
			if ox := x(other.Year); ok && other != e && ox > box.X0 && ox < box.X1 && up(m) < box.Y1 {
				clear = false
			}
		}
		if !clear {
			continue
		}
		placed = append(placed, box)
		c.put(at, y, atMiddle, text, ink{kind: "label", class: "d-halo", href: e.Href, full: keepIf(cut, e.Label)})
	}
}
