package draw

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
)

// side says which end of a text stands at its x, as seen on the page.
type side int

const (
	atLeft side = iota
	atMiddle
	atRight
)

// fallback gives each class the colour it has where no style sheet applies.
var fallback = map[string]string{
	"d-soft": `fill="#5d574e"`, "d-accent": `fill="#8a1c1c"`, "d-grid": `stroke="#d9d2c5"`,
	"d-axis": `stroke="#857c6e"`, "d-edge": `stroke="#857c6e"`, "d-band": `fill="#efe4d3"`,
	"d-best": `stroke="#8a1c1c"`, "d-land": `fill="#f5efe4" stroke="#857c6e"`,
	"d-paper": `fill="#fbf9f5"`,
}

// hues are the light palette's colours for origins 0 (none) to 8, and 9 for
// what a rule left out.
var hues = [...]string{"#1d1b18", "#2f5f8a", "#7a5a12", "#3f6b3a", "#7a3f6b", "#8a4a2b", "#2f6b6b", "#5a5391", "#66602e", "#857c6e"}

const leftOutHue = 9

// canvas collects the markup of one form of a drawing, and where things are.
type canvas struct {
	form
	o     Options
	b     strings.Builder
	defs  string
	h     float64
	boxes []Box
	hue   int
	// ticks are a strip's, once ticked says they were found.
	ticks  []int64
	ticked bool
}

func newCanvas(f form, o Options) *canvas {
	o.ID = ident(o.ID)
	if o.Number == nil {
		o.Number = groupDigits
	}
	c := &canvas{form: f, o: o}
	c.b.Grow(16 << 10)
	return c
}

// ident reduces s to what is safe in an id.
func ident(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return -1
	}, s)
	if s == "" {
		return "d"
	}
	return s
}

func groupDigits(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// num writes a coordinate to a tenth. What is not finite would make the
// drawing invalid and is written as 0.
func num(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	if math.Abs(v) > 1e15 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	tenths := int64(math.Round(v * 10))
	whole := strconv.FormatInt(tenths/10, 10)
	rest := tenths % 10
	switch {
	case rest == 0:
		return whole
	case rest < 0:
		if tenths > -10 {
			whole = "-0"
		}
		rest = -rest
	}
	return whole + "." + string(rune('0'+rest))
}

func esc(s string) string { return html.EscapeString(clean(s)) }

func (c *canvas) raw(format string, args ...any) { fmt.Fprintf(&c.b, format, args...) }

// across turns a distance from the side where lines of text begin into an x.
func (c *canvas) across(x float64) float64 {
	if c.o.RTL {
		return c.w - x
	}
	return x
}

// begin is the side where lines of text begin, end the other.
func (c *canvas) begin() side {
	if c.o.RTL {
		return atRight
	}
	return atLeft
}

func (c *canvas) end() side { return atRight - c.begin() }

// type of text for put.
type ink struct {
	kind  string // for the layout
	class string
	size  float64
	bold  bool
	// digits runs left to right whatever the language.
	digits bool
	href   string
	full   string // tooltip, when the text was shortened
}

// put sets a line of text with its baseline at y and records its box.
func (c *canvas) put(x, y float64, at side, s string, k ink) {
	s = clean(s)
	if strings.TrimSpace(s) == "" {
		return
	}
	if k.size == 0 {
		k.size = c.small
	}
	w := textWidth(s, k.size, k.bold)
	x0 := x
	switch at {
	case atMiddle:
		x0 = x - w/2
	case atRight:
		x0 = x - w
	}
	c.boxes = append(c.boxes, Box{Kind: k.kind, Text: s, X0: x0, X1: x0 + w, Y0: y - 0.76*k.size, Y1: y + 0.24*k.size})
	rtl := c.o.RTL && !k.digits
	anchor := ""
	switch {
	case at == atMiddle:
		anchor = ` text-anchor="middle"`
	case (at == atRight) != rtl:
		anchor = ` text-anchor="end"`
	}
	if k.digits && c.o.RTL {
		anchor += ` direction="ltr"`
	}
	if k.class == "d-key" {
		anchor += ` class="d-key" fill="` + hues[c.hue] + `"`
	} else if k.class != "" {
		anchor += strings.TrimRight(` class="`+k.class+`" `+fallback[k.class], " ")
	}
	if k.bold {
		anchor += ` font-weight="600"`
	}
	if k.href != "" {
		// The table beside the drawing has the same links, so the keyboard need
		// not stop at each here.
		c.raw(`<a href="%s" tabindex="-1">`, esc(safeHref(k.href)))
	}
	c.raw(`<text x="%s" y="%s" font-size="%s"%s>`, num(x), num(y), num(k.size), anchor)
	if k.full != "" {
		c.raw(`<title>%s</title>`, esc(k.full))
	}
	c.raw(`%s</text>`, html.EscapeString(s))
	if k.href != "" {
		c.raw(`</a>`)
	}
}

// safeHref refuses addresses that would run something.
func safeHref(s string) string {
	s = strings.TrimSpace(clean(s))
	if strings.HasPrefix(s, "#") || strings.HasPrefix(s, "/") || strings.HasPrefix(s, "?") ||
		strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") {
		return s
	}
	return "#"
}

func (c *canvas) line(class string, x1, y1, x2, y2, width float64, extra string) {
	attrs := fallback[class]
	if class == "d-line" {
		attrs = `stroke="` + hues[c.hue] + `"`
	}
	c.raw(`<path class="%s" %s stroke-width="%s" fill="none" d="M%s %sL%s %s"%s/>`, class, attrs, num(width), num(x1), num(y1), num(x2), num(y2), extra)
}

func (c *canvas) rect(class string, x, y, w, h float64) {
	c.raw(`<path class="%s" %s d="M%s %sh%sv%sh%sz"/>`, class, fallback[class], num(x), num(y), num(w), num(h), num(-w))
}

// shape writes a closed or open path in the current hue: "d-fill",
// "d-hollow" (paper inside) or "d-line".
func (c *canvas) shape(class, path string) {
	col := hues[c.hue]
	switch class {
	case "d-fill":
		c.raw(`<path class="d-fill" fill="%s" stroke="%s" stroke-width="1" d="%s"/>`, col, col, path)
	case "d-hollow":
		c.raw(`<path class="d-hollow" fill="#fbf9f5" stroke="%s" stroke-width="1.8" d="%s"/>`, col, path)
	default:
		c.raw(`<path class="d-line" fill="none" stroke="%s" stroke-width="1.8" d="%s"/>`, col, path)
	}
}

func (c *canvas) circle(class string, x, y, r float64) {
	c.shape(class, fmt.Sprintf("M%s %sa%s %s 0 1 0 %s 0a%s %s 0 1 0 %s 0z", num(x-r), num(y), num(r), num(r), num(2*r), num(r), num(r), num(-2*r)))
}

func (c *canvas) diamond(class string, x, y, r float64) {
	c.shape(class, fmt.Sprintf("M%s %sl%s %sl%s %sl%s %sz", num(x-r), num(y), num(r), num(-r), num(r), num(r), num(-r), num(r)))
}

// within draws in one origin's hue.
func (c *canvas) within(hue int, paint func()) {
	old := c.hue
	c.hue = hue
	c.raw(`<g class="o%d">`, hue)
	paint()
	c.raw(`</g>`)
	c.hue = old
}

// svg closes the form into markup.
func (c *canvas) svg(t Table) string {
	id := c.o.ID + "-" + strings.TrimPrefix(c.class, "d-")
	desc := c.o.Desc
	if desc == "" && len(t.Rows) <= 24 {
		var rows []string
		for _, r := range t.Rows {
			var cells []string
			for _, cell := range r.Cells {
				if cell.Text != "" {
					cells = append(cells, strings.TrimSpace(cell.Key+" "+cell.Text))
				}
			}
			rows = append(rows, strings.Join(cells, ", "))
		}
		desc = strings.Join(rows, "; ")
	}
	dir := "ltr"
	if c.o.RTL {
		dir = "rtl"
	}
	// To a screen reader an image is one thing, and must not hold links.
	role := "img"
	if strings.Contains(c.b.String(), "<a href=") {
		role = "group"
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" class="d %s" viewBox="0 0 %s %s" width="%s" height="%s" role="%s" aria-labelledby="%s-t %s-d" direction="%s" font-family="'Source Serif 4',Georgia,serif" fill="#1d1b18"><title id="%s-t">%s</title><desc id="%s-d">%s</desc>%s%s</svg>`,
		c.class, num(c.w), num(c.h), num(c.w), num(c.h), role, id, id, dir, id, esc(c.o.Title), id, esc(desc), c.defs, c.b.String())
}

// entry is one item of a legend: a mark of the given width, then words.
type entry struct {
	text  string
	width float64
	hue   int
	paint func(x, y float64) // x is the middle of the mark
}

// flow sets entries in lines from y on and returns the y below them.
func (c *canvas) flow(y float64, entries []entry) float64 {
	const gap, pad = 18, 7
	lineHeight := c.small * 1.65
	x, any := 0.0, false
	for _, e := range entries {
		text, cut := elide(e.text, c.small, false, c.w-e.width-pad)
		full := ""
		if cut {
			full = e.text
		}
		w := e.width + pad + textWidth(text, c.small, false)
		if x > 0 && x+w > c.w {
			x, y = 0, y+lineHeight
		}
		base := y + c.small
		c.within(e.hue, func() { e.paint(c.across(x+e.width/2), base-c.small*0.32) })
		c.put(c.across(x+e.width+pad), base, c.begin(), text, ink{kind: "legend", class: "d-soft", full: full})
		x += w + gap
		any = true
	}
	if any {
		y += lineHeight
	}
	return y
}
