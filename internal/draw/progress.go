package draw

import "math"

// ProgressData is, for each addressee or kind, how many of a number of things
// stand in which state.
type ProgressData struct {
	Rows []ProgressRow
	// States are those that occur, in the order in which they stand in a bar, with
	// their words. Unknown belongs at the end.
	States []ProgressState
	Labels ProgressLabels
}

// ProgressLabels are the head of the table's first column and of the last, with
// the number of all.
type ProgressLabels struct{ Name, All string }

// ProgressState is a state with its word.
type ProgressState struct {
	State State
	Word  string
}

// ProgressRow is one bar. Counts are in the order of the data's States.
type ProgressRow struct {
	Name   string
	Counts []int64
	Href   string
}

func (r ProgressRow) all() int64 {
	var n int64
	for _, k := range r.Counts {
		n += max(k, 0)
	}
	return n
}

// Progress draws a bar for each row, all on one scale of counts, so that a long
// bar is much that was asked and not much that was done.
func Progress(d ProgressData, o Options) Drawing {
	c := newCanvas(wide, o)
	t := Table{Caption: o.Title, Head: []string{d.Labels.Name}}
	for _, s := range d.States {
		t.Head = append(t.Head, s.Word)
	}
	t.Head = append(t.Head, d.Labels.All)
	for _, r := range d.Rows {
		row := Row{Cells: []Cell{{Text: r.Name, Href: r.Href}}}
		for i := range d.States {
			n := int64(0)
			if i < len(r.Counts) {
				n = r.Counts[i]
			}
			row.Cells = append(row.Cells, Cell{Text: c.o.Number(n), Numeric: true})
		}
		row.Cells = append(row.Cells, Cell{Text: c.o.Number(r.all()), Numeric: true})
		t.Rows = append(t.Rows, row)
	}
	return both(o, t, func(c *canvas) { paintProgress(c, d) })
}

func paintProgress(c *canvas, d ProgressData) {
	largest := int64(1)
	for _, r := range d.Rows {
		largest = max(largest, r.all())
	}
	countW := textWidth(c.o.Number(largest), c.small, false) + 10
	left, right, inline := 0.0, c.w-countW, true
	if c.narrow() {
		inline = false
	} else {
		for _, r := range d.Rows {
			left = math.Max(left, math.Min(260, textWidth(clean(r.Name), c.text, false)+16))
		}
	}
	const bar = 15
	y := 6.0
	for _, r := range d.Rows {
		if inline {
			name, cut := elide(clean(r.Name), c.text, false, left-14)
			c.put(c.across(0), y+bar*0.82, c.begin(), name, ink{kind: "label", size: c.text, href: r.Href, full: keepIf(cut, r.Name)})
		} else {
			name, cut := elide(clean(r.Name), c.text, false, c.w)
			c.put(c.across(0), y+c.text*0.8, c.begin(), name, ink{kind: "label", size: c.text, href: r.Href, full: keepIf(cut, r.Name)})
			y += c.text * 1.35
		}
		x := left
		for i, s := range d.States {
			if i >= len(r.Counts) || r.Counts[i] <= 0 {
				continue
			}
			w := float64(r.Counts[i]) / float64(largest) * (right - left)
			x0 := x
			if c.o.RTL {
				x0 = c.w - x - w
			}
			c.paint(stretched(s.State, x0, y, w, bar))
			x += w
		}
		c.put(c.across(x+8), y+bar*0.82, c.begin(), c.o.Number(r.all()), ink{kind: "count", class: "d-soft", digits: true})
		y += bar + 15
	}
	var legend []entry
	for i, s := range d.States {
		used := false
		for _, r := range d.Rows {
			used = used || i < len(r.Counts) && r.Counts[i] > 0
		}
		if used {
			legend = append(legend, entry{text: s.Word, width: 22, paint: func(x, y float64) { c.paint(stretched(s.State, x-11, y-5.5, 22, 11)) }})
		}
	}
	c.h = c.flow(y, legend) + 4
}
