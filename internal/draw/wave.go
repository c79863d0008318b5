package draw

import (
	"cmp"
	"math"
	"slices"
)

// WaveData is the gatherings that answered an attack: when each was held, and how
// many were said to be there.
type WaveData struct {
	Rows []WaveRow
	// Named is how many rows the drawing shows at most; the table has all. 0 is 40.
	Named  int
	Labels WaveLabels
}

// WaveLabels are the heads of the table's columns, the heads over the two parts
// of the drawing, the word for a number nobody gave, and the remark that the
// scale of numbers is logarithmic. From and To name the first and the last day, Vague what is drawn
// hollow.
type WaveLabels struct{ Place, When, Crowd, Held, NoCrowd, Log, From, To, Vague string }

// WaveRow is one gathering. Days count from 1970-01-01; Last is First for one
// that is not known to have lasted. Vague says that it was on a day between them that is not known. Low and High are what sources say of how many
// took part, nil where they say nothing; there is no middle of them.
type WaveRow struct {
	Place, When string
	First, Last int64
	Vague       bool
	Low, High   *int64
	Open        bool
	Crowd       string // as text
	Href        string
}

func (d WaveData) rows() []WaveRow {
	out := slices.Clone(d.Rows)
	slices.SortStableFunc(out, func(a, b WaveRow) int { return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Place, b.Place)) })
	return out
}

// Wave draws a line for each gathering over its days, and a bar from the lowest
// to the highest number.
func Wave(d WaveData, o Options) Drawing {
	t := Table{Caption: o.Title, Head: []string{d.Labels.Place, d.Labels.When, d.Labels.Crowd}}
	for _, r := range d.rows() {
		crowd := r.Crowd
		if r.Low == nil && r.High == nil {
			crowd = d.Labels.NoCrowd
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: r.Place, Href: r.Href}, {Text: r.When}, {Text: crowd, Numeric: true}}})
	}
	return both(o, t, func(c *canvas) { paintWave(c, d) })
}

func paintWave(c *canvas, d WaveData) {
	rows := d.rows()
	limit := d.Named
	if limit == 0 {
		limit = 40
	}
	rows = rows[:min(limit, len(rows))]
	if len(rows) == 0 {
		c.h = 8
		return
	}
	first, last := rows[0].First, rows[0].Last
	most, fewest := int64(1), int64(math.MaxInt64)
	known := false
	for _, r := range rows {
		last = max(last, r.First, r.Last)
		for _, n := range []*int64{r.Low, r.High} {
			if n != nil && *n > 0 {
				most, fewest, known = max(most, *n), min(fewest, *n), true
			}
		}
	}
	largest, least := float64(most), float64(min(most, fewest))
	span := math.Max(1, float64(last-first)+1)
	label := 0.0
	left, mid := 8.0, c.w*0.56 // days left of mid, numbers right of it
	if !c.narrow() {
		label = 170
		left, mid = label+10, label+10+(c.w-label)*0.52
	}
	gap := 22.0
	day := func(n float64) float64 { return left + (n-float64(first))/span*(mid-left) }
	logarithmic := largest/least > extreme
	crowd := func(n int64) float64 {
		f := float64(max(n, 0)) / largest
		if logarithmic {
			low := math.Log10(math.Max(1, least/2))
			f = (math.Log10(math.Max(1, float64(n))) - low) / math.Max(0.1, math.Log10(largest)-low)
		}
		return mid + gap + math.Max(0, math.Min(1, f))*(c.w-mid-gap-12)
	}
	y := c.small
	held, _ := elide(clean(d.Labels.Held), c.small, false, mid-left)
	people, _ := elide(clean(d.Labels.Crowd), c.small, false, c.w-mid-gap)
	c.put(left, y, atLeft, held, ink{kind: "head", class: "d-soft"})
	c.put(mid+gap, y, atLeft, people, ink{kind: "head", class: "d-soft"})
	y += c.small * 1.2
	top := y - c.small*0.5
	for _, r := range rows {
		if c.narrow() {
			name, cut := elide(clean(r.Place), c.text, false, c.w)
			c.put(c.across(0), y+c.text*0.9, c.begin(), name, ink{kind: "label", size: c.text, class: "d-halo", href: r.Href, full: keepIf(cut, r.Place)})
			y += c.text * 1.3
		} else {
			name, cut := elide(clean(r.Place), c.text, false, label-4)
			// The place stands left in every language: beside its line.
			c.put(0, y+c.text*0.9, atLeft, name, ink{kind: "label", size: c.text, href: r.Href, full: keepIf(cut, r.Place)})
		}
		mark := y + c.text*0.55
		a, b := day(float64(r.First)), day(float64(max(r.First, r.Last))+1)
		if r.Vague {
			c.shape("d-line", outline(a+0.5, mark-2.5, math.Max(3, b-a-2), 5))
		} else {
			c.raw(`<path class="d-fill" fill="%s" stroke="none" d="%s"/>`, hues[0], outline(a, mark-3, math.Max(3, b-a-1), 6))
		}
		switch {
		case r.Low == nil && r.High == nil:
			c.paint(patterned(Unknown, mid+gap, mark-5, 26, 10))
		default:
			lo, hi := cmp.Or(r.Low, r.High), cmp.Or(r.High, r.Low)
			p, q := crowd(*lo), crowd(*hi)
			end := "v8"
			if r.Open {
				end = "l5 4l-5 4"
			}
			c.shape("d-line", "M"+num(p)+" "+num(mark-4)+"v8M"+num(p)+" "+num(mark)+"H"+num(math.Max(q, p+2))+"m0 -4"+end)
		}
		y += c.text * 1.55
	}
	bottom := y - 2
	if !c.narrow() { // there the names of places stand across it
		c.line("d-grid", left, top, left, bottom, 1, "")
	}
	c.line("d-grid", mid+gap, top, mid+gap, bottom, 1, "")
	from, _ := elide(clean(d.Labels.From), c.small, false, mid-left)
	to, _ := elide(clean(d.Labels.To), c.small, false, mid-left)
	c.put(left, bottom+c.small, atLeft, from, ink{kind: "tick", class: "d-soft"})
	under := 0.0 // the last day stands a line lower where both do not fit beside each other
	if last > first {
		if textWidth(from, c.small, false)+textWidth(to, c.small, false)+c.small > mid-left {
			under = c.small * 1.3
		}
		c.put(mid, bottom+c.small+under, atRight, to, ink{kind: "tick", class: "d-soft"})
	}
	if known {
		right, _ := elide(c.o.Number(most), c.small, false, (c.w-mid-gap)*0.6)
		left := c.o.Number(fewest)
		if x := crowd(fewest); most > fewest && x+textWidth(left, c.small, false)+8 < c.w-12-textWidth(right, c.small, false) {
			c.put(x, bottom+c.small, atLeft, left, ink{kind: "tick", class: "d-soft", digits: true})
		}
		c.put(c.w-4, bottom+c.small, atRight, right, ink{kind: "tick", class: "d-soft", digits: true})
	}
	c.h = bottom + c.small*1.8 + under
	var legend []entry
	if slices.ContainsFunc(rows, func(r WaveRow) bool { return r.Vague }) && d.Labels.Vague != "" {
		legend = append(legend, entry{text: d.Labels.Vague, width: 26, paint: func(x, y float64) { c.shape("d-line", outline(x-13, y-2.5, 26, 5)) }})
	}
	if slices.ContainsFunc(rows, func(r WaveRow) bool { return r.Low == nil && r.High == nil }) && d.Labels.NoCrowd != "" {
		legend = append(legend, entry{text: d.Labels.NoCrowd, width: 26, paint: func(x, y float64) { c.paint(patterned(Unknown, x-13, y-5, 26, 10)) }})
	}
	if logarithmic && d.Labels.Log != "" {
		legend = append(legend, entry{text: d.Labels.Log, paint: func(x, y float64) {}})
	}
	c.h = c.flow(c.h, legend) + 4
}
