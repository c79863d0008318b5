package draw

import (
	"math"
	"slices"
	"strings"
)

// StripData is what a claim strip shows: the claims of one scope and measure
// on one scale, and the figure they give.
type StripData struct {
	// Marks are in order of time. They are grouped by origin when drawn.
	Marks  []Mark
	Band   Band
	Labels StripLabels
}

// Mark is one claim.
type Mark struct {
	// Label is who says it (the outlet), When the time as the reader reads it.
	Label, When string
	// Low and High are the bounds as printed, nil where the source gives
	// none. Best is a number the source itself prefers within its range.
	Low, High, Best *int64
	// Open means "at least" or "more than" Low; Below "at most" High.
	Open, Below bool
	// Approx means "about"; Words a number given in words ("dozens").
	Approx, Words bool
	// Compiled marks a dataset, which is shown and corroborates nothing.
	Compiled bool
	// Origin identifies whom the source had it from, empty if unknown or
	// if a dataset. OriginName is what the legend calls it.
	Origin, OriginName string
	// Used is whether the rule used the claim; Reason says why not, or why.
	Used   bool
	Reason string
	// Value is the number in words, such as "more than 80". Without it the
	// mark's bounds are written in signs.
	Value string
	// Href leads to the claim.
	Href string
}

// Band is the figure. A nil bound is not drawn; Best may be absent.
type Band struct {
	Low, Best, High *int64
	// Open means that the true number may be higher than High.
	Open bool
	// Label stands above the band. Without it the bounds are written.
	Label string
}

// StripLabels are the words of a strip in the reader's language. An empty
// label leaves its entry out of the legend.
type StripLabels struct {
	// Heads of the table's columns.
	Outlet, When, Claim, Origin, Note string
	// The legend's words for the kinds of mark.
	Exact, About, AtLeast, AtMost, Range, InWords, Compiled, LeftOut string
	// Band and Best name the figure in the legend.
	Band, Best string
	// Log is the remark under a logarithmic scale.
	Log string
}

// group is the marks of one origin, in order of time.
type group struct {
	letter string
	name   string
	hue    int
	marks  []Mark
}

// groups puts marks with one origin together, in the order of each origin's
// first mark. Marks without an origin stand alone and have no letter.
func groups(marks []Mark) []group {
	var out []group
	index := map[string]int{}
	letters := 0
	for _, m := range marks {
		if m.Origin == "" {
			out = append(out, group{marks: []Mark{m}})
			continue
		}
		if i, ok := index[m.Origin]; ok {
			out[i].marks = append(out[i].marks, m)
			continue
		}
		index[m.Origin] = len(out)
		name := m.OriginName
		out = append(out, group{letter: OriginLetter(letters), name: name, hue: letters%8 + 1, marks: []Mark{m}})
		letters++
	}
	return out
}

// OriginLetter returns the letter of the i-th origin from 0: A to Z, then AA.
func OriginLetter(i int) string {
	if i < 0 {
		return ""
	}
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}

// Strip draws the claims of one figure.
func Strip(d StripData, o Options) Drawing {
	return both(o, stripTable(d, o), func(c *canvas) { paintStrip(c, d) })
}

func stripTable(d StripData, o Options) Table {
	c := newCanvas(wide, o)
	l := d.Labels
	t := Table{Caption: o.Title, Head: []string{l.Outlet, l.When, l.Claim, l.Origin, l.Note}}
	for _, g := range groups(d.Marks) {
		for _, m := range g.marks {
			t.Rows = append(t.Rows, Row{LeftOut: !m.Used, Cells: []Cell{
				{Text: m.Label, Href: m.Href},
				{Text: m.When},
				{Text: c.value(m), Numeric: true},
				{Text: g.name, Key: g.letter, Hue: g.hue},
				{Text: m.Reason},
			}})
		}
	}
	return t
}

// value writes what a mark says.
func (c *canvas) value(m Mark) string {
	if m.Value != "" {
		return m.Value
	}
	lo, hi := m.Low, m.High
	var s string
	switch {
	case lo == nil && hi == nil && m.Best != nil:
		s = c.o.Number(*m.Best)
	case lo == nil && hi == nil:
		return "—"
	case lo == nil || m.Below && hi != nil:
		s = "≤ " + c.o.Number(*hi)
	case hi == nil || m.Open && *lo == *hi:
		s = c.o.Number(*lo)
		if m.Open {
			s += "+"
		}
	case *lo == *hi:
		s = c.o.Number(*lo)
	default:
		s = c.o.Number(*lo) + "–" + c.o.Number(*hi)
		if m.Open {
			s += "+"
		}
	}
	if m.Approx {
		s = "~" + s
	}
	return s
}

// bandLabel writes low – best – high, once each.
func (c *canvas) bandLabel(b Band) string {
	if b.Label != "" {
		return b.Label
	}
	var parts []string
	var last *int64
	for _, v := range []*int64{b.Low, b.Best, b.High} {
		if v != nil && (last == nil || *v != *last) {
			parts = append(parts, c.o.Number(*v))
			last = v
		}
	}
	s := strings.Join(parts, " – ")
	if b.Open && s != "" {
		s += "+"
	}
	return s
}

func (d StripData) values() []float64 {
	var v []float64
	add := func(ps ...*int64) {
		for _, p := range ps {
			if p != nil {
				v = append(v, float64(*p))
			}
		}
	}
	add(d.Band.Low, d.Band.Best, d.Band.High)
	for _, m := range d.Marks {
		add(m.Low, m.High, m.Best)
	}
	return v
}

func paintStrip(c *canvas, d StripData) {
	if c.narrow() {
		paintNarrowStrip(c, d)
	} else {
		paintWideStrip(c, d)
	}
	paintStripLegend(c, d)
}

// paintWideStrip sets the strip like a table: bracket, letter, label, time,
// marks, number.
func paintWideStrip(c *canvas, d StripData) {
	const letterAt, labelAt, gutter = 9, 30, 14
	gs := groups(d.Marks)
	labelW, whenW, valueW := 80.0, 0.0, 0.0
	for _, g := range gs {
		for _, m := range g.marks {
			labelW = math.Max(labelW, textWidth(clean(m.Label), c.text, false))
			whenW = math.Max(whenW, textWidth(clean(m.When), c.small, false))
			valueW = math.Max(valueW, textWidth(clean(c.value(m)), c.small, false))
		}
	}
	labelW, whenW, valueW = math.Min(labelW, 186), math.Min(whenW, 118), math.Min(valueW, 200)
	whenAt := labelAt + labelW + gutter
	plotAt := whenAt + whenW + gutter
	if whenW == 0 {
		plotAt = whenAt
	}
	plotEnd := c.w - valueW - gutter
	left, right := plotAt, plotEnd
	if c.o.RTL {
		left, right = c.w-plotEnd, c.w-plotAt
	}
	s := newScale(d.values(), left+7, right-7)

	type placed struct {
		m       Mark
		y       float64
		reasons []string
		cut     bool
	}
	y := c.paintScaleTop(s, d, left, right)
	top := y
	y += 8
	var rows [][]placed
	for i, g := range gs {
		if i > 0 && (len(g.marks) > 1 || len(gs[i-1].marks) > 1) {
			y += 7
		}
		var line []placed
		for _, m := range g.marks {
			p := placed{m: m, y: y + 12}
			if !m.Used {
				p.reasons, p.cut = wrap(clean(m.Reason), c.small, plotAt-labelAt-gutter, 2)
			}
			y += 25 + 16.5*float64(len(p.reasons))
			if len(p.reasons) > 0 {
				y += 3
			}
			line = append(line, p)
		}
		rows = append(rows, line)
	}
	y += 5
	c.paintBackdrop(s, d, top, y, left, right)
	for i, g := range gs {
		hue := g.hue
		if len(g.marks) > 1 && g.letter != "" {
			a, b := rows[i][0].y-9, rows[i][len(rows[i])-1].y+9
			c.within(hue, func() {
				x, turn := c.across(1), 5.0
				if c.o.RTL {
					turn = -turn
				}
				c.add(`<path class="d-line" fill="none" stroke="`, hues[hue], `" stroke-width="1.4" d="M`, num(x+turn), " ", num(a), "h", num(-turn), "V", num(b), "h", num(turn), `"/>`)
			})
		}
		for j, p := range rows[i] {
			h := hue
			if !p.m.Used {
				h = leftOutHue
			}
			base := p.y + c.text*0.34
			if j == 0 {
				c.within(hue, func() {
					c.put(c.across(letterAt), base, c.begin(), g.letter, ink{kind: "letter", class: "d-key", size: c.small, bold: true})
				})
			}
			c.label(p.m, c.across(labelAt), base, labelW)
			when, cut := elide(clean(p.m.When), c.small, false, whenW)
			c.put(c.across(whenAt), base, c.begin(), when, ink{kind: "when", class: "d-soft", full: keepIf(cut, p.m.When)})
			value, cut := elide(clean(c.value(p.m)), c.small, false, valueW)
			k := ink{kind: "value", full: keepIf(cut, c.value(p.m)), digits: p.m.Value == ""}
			if !p.m.Used {
				k.class = "d-soft"
			}
			c.put(c.across(c.w), base, c.end(), value, k)
			for n, line := range p.reasons {
				c.put(c.across(labelAt), base+17+16.5*float64(n), c.begin(), line, ink{kind: "reason", class: "d-soft", full: keepIf(p.cut && n == len(p.reasons)-1, p.m.Reason)})
			}
			c.mark(s, p.m, p.y, h, left, right)
		}
	}
	c.h = y + 6
	if len(d.Marks) > 14 {
		c.paintTicks(s, y+c.small+4, left, right)
		c.h = y + c.small + 14
	}
}

// paintNarrowStrip sets each claim as a line of words and, under it, its
// mark across the full width.
func paintNarrowStrip(c *canvas, d StripData) {
	const gutter = 10
	gs := groups(d.Marks)
	indent := 0.0
	for _, g := range gs {
		if len(g.marks) > 1 && g.letter != "" {
			indent = 12
		}
	}
	left, right := indent, c.w
	if c.o.RTL {
		left, right = 0, c.w-indent
	}
	s := newScale(d.values(), left+7, right-7)
	y := c.paintScaleTop(s, d, left, right) + 4
	for i, g := range gs {
		hue := g.hue
		if i > 0 {
			y += 5
		}
		from := y + 3
		for j, m := range g.marks {
			h := hue
			if !m.Used {
				h = leftOutHue
			}
			base := y + c.text
			x := indent
			if g.letter != "" && j == 0 {
				c.within(hue, func() {
					c.put(c.across(x), base, c.begin(), g.letter, ink{kind: "letter", class: "d-key", bold: true})
				})
			}
			if g.letter != "" {
				x += textWidth(g.letter, c.small, true) + 7
			}
			value, cut := elide(clean(c.value(m)), c.small, false, c.w*0.62)
			k := ink{kind: "value", full: keepIf(cut, c.value(m)), digits: m.Value == ""}
			if !m.Used {
				k.class = "d-soft"
			}
			c.put(c.across(c.w), base, c.end(), value, k)
			room := c.w - x - textWidth(value, c.small, false) - gutter
			labelW := math.Min(textWidth(clean(m.Label), c.text, false), room)
			c.label(m, c.across(x), base, room)
			when := clean(m.When)
			if whenW := textWidth(when, c.small, false); whenW > 0 && labelW+gutter+whenW <= room {
				c.put(c.across(x+labelW+gutter), base, c.begin(), when, ink{kind: "when", class: "d-soft"})
			} else if whenW > 0 {
				base += 18
				when, cut := elide(when, c.small, false, c.w-x)
				c.put(c.across(x), base, c.begin(), when, ink{kind: "when", class: "d-soft", full: keepIf(cut, m.When)})
			}
			if !m.Used {
				lines, cut := wrap(clean(m.Reason), c.small, c.w-x, 2)
				for n, line := range lines {
					base += 18
					c.put(c.across(x), base, c.begin(), line, ink{kind: "reason", class: "d-soft", full: keepIf(cut && n == len(lines)-1, m.Reason)})
				}
			}
			lane := base + 7
			c.paintBackdrop(s, d, lane, lane+20, left, right)
			c.mark(s, m, lane+10, h, left, right)
			y = lane + 27
		}
		if len(g.marks) > 1 && g.letter != "" {
			c.within(hue, func() {
				x, turn := c.across(1), 5.0
				if c.o.RTL {
					turn = -turn
				}
				c.add(`<path class="d-line" fill="none" stroke="`, hues[hue], `" stroke-width="1.4" d="M`, num(x+turn), " ", num(from), "h", num(-turn), "V", num(y-8), "h", num(turn), `"/>`)
			})
		}
	}
	if len(gs) > 5 {
		c.paintTicks(s, y+c.small, left, right)
		y += c.small + 6
	}
	c.h = y + 4
}

func keepIf(cut bool, s string) string {
	if cut {
		return s
	}
	return ""
}

func (c *canvas) label(m Mark, x, y, room float64) {
	text, cut := elide(clean(m.Label), c.text, false, room)
	k := ink{kind: "label", size: c.text, href: m.Href, full: keepIf(cut, m.Label)}
	if !m.Used {
		k.class = "d-soft"
	}
	c.put(x, y, c.begin(), text, k)
}

// paintScaleTop sets the figure's bounds and the ticks' numbers above the
// first row and returns where the rows may begin.
func (c *canvas) paintScaleTop(s scale, d StripData, left, right float64) float64 {
	y := 4.0
	if label := c.bandLabel(d.Band); label != "" {
		lo, hi := d.Band.Low, d.Band.High
		at := (left + right) / 2
		switch {
		case lo != nil && hi != nil:
			at = (s.at(float64(*lo)) + s.at(float64(*hi))) / 2
		case d.Band.Best != nil:
			at = s.at(float64(*d.Band.Best))
		case lo != nil:
			at = s.at(float64(*lo))
		case hi != nil:
			at = s.at(float64(*hi))
		}
		text, _ := elide(clean(label), c.text, true, c.w)
		half := textWidth(text, c.text, true) / 2
		at = math.Max(half, math.Min(c.w-half, at))
		y += c.text
		c.put(at, y, atMiddle, text, ink{kind: "figure", class: "d-accent", size: c.text, bold: true, digits: d.Band.Label == ""})
		y += 8
	}
	if len(d.values()) > 0 {
		y += c.small
		c.paintTicks(s, y, left, right)
		y += 7
	}
	return y
}

// ticksOf returns the strip's ticks, which every row of the narrow form needs
// again, from the first reckoning.
func (c *canvas) ticksOf(s scale) []int64 {
	if !c.ticked {
		c.ticks = s.ticks(func(n int64) float64 { return textWidth(c.o.Number(n), c.small, false) }, 16)
		c.ticked = true
	}
	return c.ticks
}

func (c *canvas) paintTicks(s scale, y, left, right float64) {
	width := func(n int64) float64 { return textWidth(c.o.Number(n), c.small, false) }
	last := math.Inf(-1)
	for _, n := range c.ticksOf(s) {
		x, half := s.at(float64(n)), width(n)/2
		// A long number at the edge moves in rather than off the drawing,
		// unless it would meet its neighbour.
		x = math.Max(half, math.Min(c.w-half, x))
		if x-half < last+4 {
			continue
		}
		last = x + half
		c.put(x, y, atMiddle, c.o.Number(n), ink{kind: "tick", class: "d-soft", digits: true})
	}
	if s.zero {
		x := (s.zeroAt + s.left) / 2
		c.add(`<path class="d-axis" stroke="#857c6e" stroke-width="1.2" fill="none" d="M`, num(x-4), " ", num(y), "l4 -9M", num(x), " ", num(y), `l4 -9"/>`)
	}
}

// paintBackdrop draws grid lines, band and best line between two heights.
func (c *canvas) paintBackdrop(s scale, d StripData, top, bottom, left, right float64) {
	b := d.Band
	if len(d.values()) == 0 {
		return
	}
	if b.Low != nil || b.High != nil {
		x1, x2 := left, right
		if b.Low != nil {
			x1 = s.at(float64(*b.Low))
		}
		if b.High != nil {
			x2 = s.at(float64(*b.High))
		}
		if x2 > x1 {
			c.rect("d-band", x1, top, x2-x1, bottom-top)
		}
		if b.Open && x2 < right {
			c.add(`<path class="d-band" fill="#efe4d3" fill-opacity=".4" d="M`, num(x2), " ", num(top), "H", num(right), "V", num(bottom), "H", num(x2), `z"/>`)
		}
		defer func() {
			if b.Low != nil {
				c.line("d-edge", x1, top, x1, bottom, 1, "")
			}
			if b.High != nil {
				dash := ""
				if b.Open {
					dash = ` stroke-dasharray="3 3"`
				}
				x := s.at(float64(*b.High))
				c.line("d-edge", x, top, x, bottom, 1, dash)
			}
		}()
	}
	for _, n := range c.ticksOf(s) {
		x := s.at(float64(n))
		c.line("d-grid", x, top, x, bottom, 1, "")
	}
	if c.narrow() {
		c.line("d-grid", left, (top+bottom)/2, right, (top+bottom)/2, 1, "")
	}
	if b.Best != nil {
		x := s.at(float64(*b.Best))
		c.line("d-best", x, top, x, bottom, 1.8, "")
	}
}

// mark draws one claim at height y.
func (c *canvas) mark(s scale, m Mark, y float64, hue int, left, right float64) {
	lo, hi := m.Low, m.High
	if lo == nil && hi == nil {
		lo, hi = m.Best, m.Best
	}
	if lo == nil && hi == nil {
		return
	}
	if m.Open && hi != nil && lo != nil && *lo == *hi {
		hi = nil
	}
	if m.Below && lo != nil && hi != nil && *lo == *hi {
		lo = nil
	}
	if lo == nil && !m.Below {
		m.Below = true
	}
	if hi == nil && !m.Open {
		hi = lo
	}
	c.within(hue, func() {
		switch {
		case m.Below && hi != nil:
			x := s.at(float64(*hi))
			to := math.Max(left, x-34)
			if lo != nil {
				to = s.at(float64(*lo))
			}
			c.arrow(x, to, y)
			c.point(m, x, y, true)
		case m.Open && hi == nil:
			x := s.at(float64(*lo))
			c.arrow(x, math.Min(right, x+34), y)
			c.point(m, x, y, true)
		case *lo == *hi:
			x := s.at(float64(*lo))
			if m.Approx {
				c.shape("d-line", "M"+num(x-13)+" "+num(y)+"h5m16 0h5")
			}
			c.point(m, x, y, false)
		default:
			a, b := s.at(float64(min(*lo, *hi))), s.at(float64(max(*lo, *hi)))
			if b-a < 2 {
				c.point(m, (a+b)/2, y, false)
				break
			}
			if m.Words {
				c.add(`<path class="d-line" fill="none" stroke="`, hues[hue], `" stroke-width="1.8" stroke-dasharray="4 3" d="M`, num(a), " ", num(y), "H", num(b), `"/>`)
				c.shape("d-line", "M"+num(a)+" "+num(y-5)+"v10M"+num(b)+" "+num(y-5)+"v10")
			} else {
				c.shape("d-line", "M"+num(a)+" "+num(y-5)+"v10M"+num(a)+" "+num(y)+"H"+num(b)+"m0 -5v10")
			}
			if m.Open {
				c.arrow(b, math.Min(right, b+20), y)
			}
			switch {
			case m.Best != nil:
				c.point(m, s.at(float64(*m.Best)), y, false)
			case m.Compiled:
				c.point(m, (a+b)/2, y, false)
			}
			c.boxes = append(c.boxes, Box{Kind: "mark", X0: a, X1: b, Y0: y - 5, Y1: y + 5})
		}
	})
}

// point draws the mark for one number: full, hollow, or a dataset's diamond.
func (c *canvas) point(m Mark, x, y float64, hollow bool) {
	switch {
	case m.Compiled:
		c.diamond("d-hollow", x, y, 6)
	case hollow:
		c.circle("d-hollow", x, y, 4.8)
	default:
		c.circle("d-fill", x, y, 5)
	}
	c.boxes = append(c.boxes, Box{Kind: "mark", X0: x - 6, X1: x + 6, Y0: y - 6, Y1: y + 6})
}

// arrow draws a line from x to to with a head at to.
func (c *canvas) arrow(x, to, y float64) {
	head := 6.0
	if to < x {
		head = -head
	}
	c.shape("d-line", "M"+num(x)+" "+num(y)+"H"+num(to)+"m"+num(-head)+" -4.5l"+num(head)+" 4.5l"+num(-head)+" 4.5")
}

// paintStripLegend explains the shapes that occur, then the letters.
func paintStripLegend(c *canvas, d StripData) {
	l := d.Labels
	y := c.h + 4
	if l.Log != "" && newScale(d.values(), 0, c.w).log {
		lines, _ := wrap(clean(l.Log), c.small, c.w, 3)
		for _, line := range lines {
			y += c.small * 1.4
			c.put(c.across(0), y, c.begin(), line, ink{kind: "remark", class: "d-soft"})
		}
		y += 8
	}
	var kinds []entry
	seen := map[string]bool{}
	add := func(text string, width float64, hue int, paint func(x, y float64)) {
		if text == "" || seen[text] {
			return
		}
		seen[text] = true
		kinds = append(kinds, entry{text: clean(text), width: width, hue: hue, paint: paint})
	}
	any := func(f func(Mark) bool) bool { return slices.ContainsFunc(d.Marks, f) }
	same := func(m Mark) bool { return m.High == nil || m.Low == nil || *m.Low == *m.High }
	if any(func(m Mark) bool { return same(m) && !m.Open && !m.Below && !m.Approx && !m.Compiled && m.Low != nil }) {
		add(l.Exact, 12, 0, func(x, y float64) { c.circle("d-fill", x, y, 5) })
	}
	if any(func(m Mark) bool { return m.Approx && same(m) && !m.Open && !m.Below }) {
		add(l.About, 28, 0, func(x, y float64) {
			c.shape("d-line", "M"+num(x-13)+" "+num(y)+"h5m16 0h5")
			c.circle("d-fill", x, y, 5)
		})
	}
	if any(func(m Mark) bool { return m.Open && m.Low != nil }) {
		add(l.AtLeast, 30, 0, func(x, y float64) {
			c.arrow(x-9, x+15, y)
			c.circle("d-hollow", x-9, y, 4.8)
		})
	}
	if any(func(m Mark) bool { return m.Below || m.Low == nil && m.High != nil }) {
		add(l.AtMost, 30, 0, func(x, y float64) {
			c.arrow(x+9, x-15, y)
			c.circle("d-hollow", x+9, y, 4.8)
		})
	}
	if any(func(m Mark) bool { return !same(m) && !m.Words }) {
		add(l.Range, 30, 0, func(x, y float64) {
			c.shape("d-line", "M"+num(x-14)+" "+num(y-5)+"v10m0 -5h28m0 -5v10")
		})
	}
	if any(func(m Mark) bool { return !same(m) && m.Words }) {
		add(l.InWords, 30, 0, func(x, y float64) {
			c.add(`<path class="d-line" fill="none" stroke="`, hues[0], `" stroke-width="1.8" stroke-dasharray="4 3" d="M`, num(x-14), " ", num(y), `h28"/>`)
			c.shape("d-line", "M"+num(x-14)+" "+num(y-5)+"v10m28 -10v10")
		})
	}
	if any(func(m Mark) bool { return m.Compiled }) {
		add(l.Compiled, 14, 0, func(x, y float64) { c.diamond("d-hollow", x, y, 6) })
	}
	if any(func(m Mark) bool { return !m.Used }) {
		add(l.LeftOut, 12, leftOutHue, func(x, y float64) { c.circle("d-fill", x, y, 5) })
	}
	if b := d.Band; (b.Low != nil || b.High != nil) && (b.Low == nil || b.High == nil || *b.Low != *b.High) {
		add(l.Band, 22, 0, func(x, y float64) {
			c.rect("d-band", x-11, y-7, 22, 14)
			c.line("d-edge", x-11, y-7, x-11, y+7, 1, "")
			c.line("d-edge", x+11, y-7, x+11, y+7, 1, "")
		})
	}
	if d.Band.Best != nil {
		add(l.Best, 8, 0, func(x, y float64) { c.line("d-best", x, y-7, x, y+7, 1.8, "") })
	}
	if len(kinds) > 0 {
		y += 6
	}
	y = c.flow(y, kinds)
	var names []entry
	for _, g := range groups(d.Marks) {
		if g.letter == "" || g.name == "" {
			continue
		}
		w := textWidth(g.letter, c.small, true)
		names = append(names, entry{text: clean(g.name), width: w, hue: g.hue, paint: func(x, y float64) {
			c.put(x, y+c.small*0.32, atMiddle, g.letter, ink{kind: "legend", class: "d-key", bold: true})
		}})
	}
	if len(names) > 0 {
		y += 4
	}
	c.h = math.Max(c.flow(y, names), c.h) + 4
}
