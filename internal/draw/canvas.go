package draw

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
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
	if at := tenths + written; at >= 0 && at < int64(len(coordinates())) {
		return coordinates()[at]
	}
	return decimal(tenths)
}

// coordinates holds the tenths from -written to a drawing's width in writing: a
// page has thousands of them.
var coordinates = sync.OnceValue(func() []string {
	known := make([]string, int(wide.w)*10+written+1)
	for i := range known {
		known[i] = decimal(int64(i - written))
	}
	return known
})

const written = 1000

func decimal(tenths int64) string {
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

// raw writes markup by a format; add takes less time where there is much of it.
func (c *canvas) raw(format string, args ...any) { fmt.Fprintf(&c.b, format, args...) }

// add writes markup: its parts follow one another.
func (c *canvas) add(parts ...string) {
	for _, p := range parts {
		c.b.WriteString(p)
	}
}

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
	if k.href != "" {
		// The table beside the drawing has the same links, so the keyboard need
		// not stop at each here.
		c.add(`<a href="`, esc(safeHref(k.href)), `" tabindex="-1">`)
	}
	c.add(`<text x="`, num(x), `" y="`, num(y), `" font-size="`, num(k.size), `"`)
	rtl := c.o.RTL && !k.digits
	switch {
	case at == atMiddle:
		c.add(` text-anchor="middle"`)
	case (at == atRight) != rtl:
		c.add(` text-anchor="end"`)
	}
	if k.digits && c.o.RTL {
		c.add(` direction="ltr"`)
	}
	if k.class == "d-key" {
		c.add(` class="d-key" fill="`, hues[c.hue], `"`)
	} else if k.class != "" {
		c.add(` class="`, k.class, `"`)
		if f := fallback[k.class]; f != "" {
			c.add(" ", f)
		}
	}
	if k.bold {
		c.add(` font-weight="600"`)
	}
	c.add(">")
	if k.full != "" {
		c.add("<title>", esc(k.full), "</title>")
	}
	c.add(html.EscapeString(s), c.afterEllipsis(s), "</text>")
	if k.href != "" {
		c.add("</a>")
	}
}

// afterEllipsis is a sign without width that keeps the ellipsis of shortened words at their end
// where they run against the language of the drawing; empty elsewhere.
func (c *canvas) afterEllipsis(s string) string {
	if !strings.HasSuffix(s, "…") {
		return ""
	}
	i := strings.LastIndexFunc(s, unicode.IsLetter)
	if i < 0 {
		return ""
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	switch against := unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana); {
	case c.o.RTL && !against:
		return "\u200e"
	case !c.o.RTL && against:
		return "\u200f"
	}
	return ""
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
	c.add(`<path class="`, class, `" `, attrs, ` stroke-width="`, num(width), `" fill="none" d="M`, num(x1), " ", num(y1), "L", num(x2), " ", num(y2), `"`, extra, "/>")
}

func (c *canvas) rect(class string, x, y, w, h float64) {
	c.add(`<path class="`, class, `" `, fallback[class], ` d="M`, num(x), " ", num(y), "h", num(w), "v", num(h), "h", num(-w), `z"/>`)
}

// shape writes a closed or open path in the current hue: "d-fill",
// "d-hollow" (paper inside) or "d-line".
func (c *canvas) shape(class, path string) {
	col := hues[c.hue]
	switch class {
	case "d-fill":
		c.add(`<path class="d-fill" fill="`, col, `" stroke="`, col, `" stroke-width="1" d="`, path, `"/>`)
	case "d-hollow":
		c.add(`<path class="d-hollow" fill="#fbf9f5" stroke="`, col, `" stroke-width="1.8" d="`, path, `"/>`)
	default:
		c.add(`<path class="d-line" fill="none" stroke="`, col, `" stroke-width="1.8" d="`, path, `"/>`)
	}
}

func (c *canvas) circle(class string, x, y, r float64) {
	d, a := num(2*r), num(r)
	c.shape(class, "M"+num(x-r)+" "+num(y)+"a"+a+" "+a+" 0 1 0 "+d+" 0a"+a+" "+a+" 0 1 0 -"+d+" 0z")
}

func (c *canvas) diamond(class string, x, y, r float64) {
	a := num(r)
	c.shape(class, "M"+num(x-r)+" "+num(y)+"l"+a+" -"+a+"l"+a+" "+a+"l-"+a+" "+a+"z")
}

// within draws in one origin's hue.
func (c *canvas) within(hue int, paint func()) {
	old := c.hue
	c.hue = hue
	c.add(`<g class="o`, strconv.Itoa(hue), `">`)
	paint()
	c.add("</g>")
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
	var b strings.Builder
	body := c.b.String()
	// To a screen reader an image is one thing, and must not hold links.
	role := "img"
	if strings.Contains(body, "<a href=") {
		role = "group"
	}
	b.Grow(len(body) + len(c.defs) + len(desc) + 512)
	for _, p := range []string{
		`<svg xmlns="http://www.w3.org/2000/svg" class="d `, c.class, `" viewBox="0 0 `, num(c.w), " ", num(c.h), `" width="`, num(c.w), `" height="`, num(c.h),
		`" role="`, role, `" aria-labelledby="`, id, `-t `, id, `-d" direction="`, dir, `" font-family="'Source Serif 4',Georgia,serif" fill="#1d1b18"><title id="`, id, `-t">`,
		esc(c.o.Title), `</title><desc id="`, id, `-d">`, esc(desc), `</desc>`, c.defs, body, `</svg>`,
	} {
		b.WriteString(p)
	}
	return b.String()
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
		// A tab has no width until it is made a space.
		text, cut := elide(clean(e.text), c.small, false, c.w-e.width-pad)
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
