package draw

import (
	"cmp"
	"math"
	"slices"
)

// TollData is how the number each origin gave moved with time.
type TollData struct {
	Series []Series
	Labels TollLabels
}

// TollLabels are the heads of the table's columns.
type TollLabels struct{ Origin, When, Count string }

// Series is one origin's numbers. Points need not be in order.
type Series struct {
	Name   string
	Points []Point
}

// Point is one number at one time.
type Point struct {
	// At is the time as seconds since 1970 UTC; When how the reader reads it.
	At    int64
	When  string
	Count int64
	// Open means "at least" or "more than".
	Open bool
	Href string
}

// Toll draws a step line for each origin: a number holds until the same
// origin gives another.
func Toll(d TollData, o Options) Drawing {
	c := newCanvas(wide, o)
	t := Table{Caption: o.Title, Head: []string{d.Labels.Origin, d.Labels.When, d.Labels.Count}}
	for i, s := range d.Series {
		for _, p := range ordered(s.Points) {
			n := c.o.Number(p.Count)
			if p.Open {
				n += "+"
			}
			t.Rows = append(t.Rows, Row{Cells: []Cell{
				{Text: s.Name, Key: OriginLetter(i), Hue: i%8 + 1},
				{Text: p.When},
				{Text: n, Href: p.Href, Numeric: true},
			}})
		}
	}
	return both(o, t, func(c *canvas) { paintToll(c, d) })
}

func ordered(ps []Point) []Point {
	ps = slices.Clone(ps)
	slices.SortStableFunc(ps, func(a, b Point) int { return cmp.Compare(a.At, b.At) })
	return ps
}

func paintToll(c *canvas, d TollData) {
	var values []float64
	var all []Point
	for _, s := range d.Series {
		for _, p := range s.Points {
			values = append(values, float64(p.Count))
			all = append(all, p)
		}
	}
	height := 250.0
	if c.narrow() {
		height = 210
	}
	top, bottom := 14.0, height
	y := newScale(append(values, 0), 0, bottom-top)
	if y.log {
		// Steps need a common foot: zero is part of the scale here.
		y = newScale(nil, 0, bottom-top)
		y.hi = slices.Max(values) * 1.08
	}
	up := func(n int64) float64 { return bottom - y.at(float64(n)) }
	ticks := y.ticks(func(int64) float64 { return c.small * 1.6 }, 6)
	tickW := 0.0
	for _, n := range ticks {
		tickW = math.Max(tickW, textWidth(c.o.Number(n), c.small, false))
	}
	letterW := 26.0
	left, right := tickW+10, c.w-letterW
	for _, n := range ticks {
		c.line("d-grid", left, up(n), right, up(n), 1, "")
		c.put(left-8, up(n)+c.small*0.34, atRight, c.o.Number(n), ink{kind: "tick", class: "d-soft", digits: true})
	}
	c.line("d-axis", left, bottom, right, bottom, 1, "")
	if len(all) == 0 {
		c.h = height + 8
		return
	}
	all = ordered(all)
	from, to := float64(all[0].At), float64(all[len(all)-1].At)
	x := func(at int64) float64 {
		if to == from {
			return left + (right-left)*0.08
		}
		return left + 6 + (float64(at)-from)/(to-from)*(right-left-12)
	}
	c.timeLabels(all, x, left, right, bottom+c.small+6)

	type end struct {
		y   float64
		hue int
		s   string
	}
	var ends []end
	for i, s := range d.Series {
		ps := ordered(s.Points)
		if len(ps) == 0 {
			continue
		}
		hue := i%8 + 1
		c.within(hue, func() {
			path := "M" + num(x(ps[0].At)) + " " + num(up(ps[0].Count))
			for _, p := range ps[1:] {
				path += "H" + num(x(p.At)) + "V" + num(up(p.Count))
			}
			c.shape("d-line", path+"H"+num(right))
			for _, p := range ps {
				class, r := "d-fill", 3.6
				if p.Open {
					class = "d-hollow"
				}
				c.circle(class, x(p.At), up(p.Count), r)
			}
		})
		ends = append(ends, end{up(ps[len(ps)-1].Count), hue, OriginLetter(i)})
	}
	// Letters at the ends of lines that meet move apart.
	slices.SortStableFunc(ends, func(a, b end) int { return cmp.Compare(a.y, b.y) })
	step := c.small * 1.12
	for i := 1; i < len(ends); i++ {
		ends[i].y = math.Max(ends[i].y, ends[i-1].y+step)
	}
	if n := len(ends); n > 0 {
		ends[n-1].y = math.Min(ends[n-1].y, math.Max(bottom, top+step*float64(n)))
		for i := n - 2; i >= 0; i-- {
			ends[i].y = math.Min(ends[i].y, ends[i+1].y-step)
		}
	}
	for _, e := range ends {
		c.within(e.hue, func() {
			c.put(right+6, e.y+c.small*0.34, atLeft, e.s, ink{kind: "letter", class: "d-key", bold: true, digits: true})
		})
	}
	foot := bottom + c.small*2 + 8
	if n := len(ends); n > 0 {
		foot = math.Max(foot, ends[n-1].y+c.small)
	}
	var names []entry
	for i, s := range d.Series {
		letter := OriginLetter(i)
		names = append(names, entry{text: clean(s.Name), width: textWidth(letter, c.small, true), hue: i%8 + 1, paint: func(x, y float64) {
			c.put(x, y+c.small*0.32, atMiddle, letter, ink{kind: "legend", class: "d-key", bold: true})
		}})
	}
	c.h = c.flow(foot, names) + 4
}

// timeLabels sets the points' own times under the axis, first and last
// first, then whichever fit between.
func (c *canvas) timeLabels(all []Point, x func(int64) float64, left, right, y float64) {
	type span struct{ a, b float64 }
	var taken []span
	seen := map[string]bool{}
	try := func(p Point) {
		when, _ := elide(clean(p.When), c.small, false, (right-left)*0.46)
		if when == "" || seen[when] {
			return
		}
		half := textWidth(when, c.small, false) / 2
		at := math.Max(half, math.Min(c.w-half, x(p.At)))
		for _, t := range taken {
			if at-half < t.b+12 && at+half > t.a-12 {
				return
			}
		}
		taken = append(taken, span{at - half, at + half})
		seen[when] = true
		c.line("d-axis", x(p.At), y-c.small-6, x(p.At), y-c.small-1, 1, "")
		c.put(at, y, atMiddle, when, ink{kind: "time", class: "d-soft"})
	}
	try(all[0])
	try(all[len(all)-1])
	for _, p := range all {
		try(p)
	}
}
