package draw

import (
	"cmp"
	"math"
	"slices"
)

// CourseData is what came before an attack and what followed, in lanes by kind.
type CourseData struct {
	Lanes []CourseLane
	// Ticks are distances from the attack in days, negative before it.
	Ticks  []CourseTick
	Attack string // what stands over the line of the attack
	Labels CourseLabels
}

// CourseLabels are the heads of the table's columns and the remark that time is
// drawn together the further it is away.
type CourseLabels struct{ When, What, Kind, Scale string }

// CourseTick is a distance with its words: "a week later".
type CourseTick struct {
	Days float64
	Text string
}

// CourseLane is one kind of thing.
type CourseLane struct {
	Name  string
	Items []CourseItem
}

// CourseItem is one thing. From and To are days after the attack, negative
// before it; To is From for what took a day or is not known to have taken more.
type CourseItem struct {
	From, To    float64
	When, Label string
	Href        string
}

// nearer draws time together: a day beside the attack takes as much room as a
// year a few years away.
func nearer(days float64) float64 {
	return math.Copysign(math.Log1p(math.Abs(days)), days)
}

func (i CourseItem) drawn() bool {
	return !math.IsNaN(i.From) && !math.IsInf(i.From, 0) && math.Abs(i.From) < 1e6
}

// Course draws each lane as a line with a mark for each thing, and the attack as
// a line across all lanes.
func Course(d CourseData, o Options) Drawing {
	t := Table{Caption: o.Title, Head: []string{d.Labels.When, d.Labels.What, d.Labels.Kind}}
	type line struct {
		CourseItem
		lane string
	}
	var lines []line
	for _, l := range d.Lanes {
		for _, i := range l.Items {
			lines = append(lines, line{i, l.Name})
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int { return cmp.Compare(a.From, b.From) })
	for _, l := range lines {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: l.When}, {Text: l.Label, Href: l.Href}, {Text: l.lane}}})
	}
	return both(o, t, func(c *canvas) { paintCourse(c, d) })
}

// How high a lane is, and how far below its words its line runs, in sizes of small text.
const laneHeight, laneWords = 3.05, 1.15

func paintCourse(c *canvas, d CourseData) {
	lo, hi := -1.0, 1.0 // a day either side at least
	for _, l := range d.Lanes {
		for _, i := range l.Items {
			if i.drawn() {
				lo, hi = math.Min(lo, i.From), math.Max(hi, math.Max(i.From, i.To))
			}
		}
	}
	from, to := nearer(lo), nearer(hi)
	left, right := 10.0, c.w-10
	x := func(days float64) float64 { return left + (nearer(days)-from)/(to-from)*(right-left) }
	zero := x(0)
	y := c.small * 1.1
	attack, cut := elide(clean(d.Attack), c.small, false, c.w*0.7)
	half := textWidth(attack, c.small, false) / 2
	c.put(math.Max(half, math.Min(c.w-half, zero)), y, atMiddle, attack, ink{kind: "attack", class: "d-accent", full: keepIf(cut, d.Attack)})
	top := y + 6
	y += c.small * 1.9
	// Below the words of the lanes, whose halo keeps it out of them.
	c.line("d-best", zero, top, zero, y+float64(len(d.Lanes))*laneHeight*c.small-c.small*0.6, 1.6, "")
	for _, l := range d.Lanes {
		name, cut := elide(clean(l.Name), c.small, false, c.w-4)
		c.put(c.across(0), y, c.begin(), name, ink{kind: "lane", class: "d-halo", full: keepIf(cut, l.Name)})
		y += c.small * laneWords
		c.line("d-grid", left, y, right, y, 1, "")
		for _, i := range l.Items {
			if !i.drawn() {
				continue
			}
			a, b := x(i.From), x(math.Max(i.From, i.To))
			if b-a > 3 {
				c.shape("d-line", "M"+num(a)+" "+num(y-4)+"v8M"+num(b)+" "+num(y-4)+"v8M"+num(a)+" "+num(y)+"H"+num(b))
				continue
			}
			c.circle("d-hollow", a, y, 4.2)
		}
		y += c.small * (laneHeight - laneWords)
	}
	y -= c.small * 0.6
	c.line("d-axis", left, y, right, y, 1.2, "")
	// Ticks nearest the attack matter most.
	ticks := slices.Clone(d.Ticks)
	slices.SortStableFunc(ticks, func(a, b CourseTick) int { return cmp.Compare(math.Abs(a.Days), math.Abs(b.Days)) })
	var taken []Box
	for _, t := range ticks {
		if t.Days < lo || t.Days > hi {
			continue
		}
		text, _ := elide(clean(t.Text), c.small, false, c.w*0.4)
		half := textWidth(text, c.small, false) / 2
		at := math.Max(half, math.Min(c.w-half, x(t.Days)))
		b := Box{X0: at - half - 5, X1: at + half + 5, Y0: 0, Y1: 1}
		if text == "" || slices.ContainsFunc(taken, b.Overlaps) {
			continue
		}
		taken = append(taken, b)
		c.line("d-axis", x(t.Days), y, x(t.Days), y+5, 1, "")
		c.put(at, y+c.small+8, atMiddle, text, ink{kind: "tick", class: "d-soft"})
	}
	c.h = y + c.small + 18
	lines, _ := wrap(clean(d.Labels.Scale), c.small, c.w, 2)
	for _, l := range lines {
		c.put(c.across(0), c.h+c.small*0.6, c.begin(), l, ink{kind: "remark", class: "d-soft"})
		c.h += c.small * 1.4
	}
	c.h += 4
}
