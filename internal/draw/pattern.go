package draw

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// State is how far something has come, as a pattern: what is unknown is hatched
// and never looks like nothing.
type State string

// The states. Unknown was not looked at, Nothing was looked for and not found.
const (
	Unknown State = "unknown"
	Nothing State = "nothing"
	Begun   State = "begun"
	Halted  State = "halted"
	Part    State = "part"
	Whole   State = "whole"
	Undone  State = "undone"
	Moot    State = "moot"
)

// outline is the path of a rectangle.
func outline(x, y, w, h float64) string {
	return "M" + num(x) + " " + num(y) + "h" + num(w) + "v" + num(h) + "h" + num(-w) + "z"
}

// diagonals are the strokes of a hatching that rises to the right, cut to a
// rectangle, gap units apart along its edge.
func diagonals(x, y, w, h, gap float64) string {
	var b strings.Builder
	for c := gap / 2; c < w+h && b.Len() < 8<<10; c += gap {
		x0, y0 := math.Max(0, c-h), math.Min(c, h)
		x1, y1 := math.Min(c, w), math.Max(0, c-w)
		b.WriteString("M" + num(x+x0) + " " + num(y+y0) + "L" + num(x+x1) + " " + num(y+y1))
	}
	return b.String()
}

// upright are vertical strokes across a rectangle.
func upright(x, y, w, h, gap float64) string {
	var b strings.Builder
	for c := gap / 2; c < w && b.Len() < 8<<10; c += gap {
		b.WriteString("M" + num(x+c) + " " + num(y) + "v" + num(h))
	}
	return b.String()
}

// level are horizontal strokes across a rectangle.
func level(x, y, w, h, gap float64) string {
	var b strings.Builder
	for c := gap / 2; c < h && b.Len() < 8<<10; c += gap {
		b.WriteString("M" + num(x) + " " + num(y+c) + "h" + num(w))
	}
	return b.String()
}

// patterned returns a state's rectangle as one or two paths: what is filled, and
// what is stroked.
func patterned(s State, x, y, w, h float64) (fill, stroke string) {
	box := outline(x, y, w, h)
	switch s {
	case Whole:
		return box, ""
	case Part:
		return "M" + num(x) + " " + num(y+h) + "h" + num(w) + "v" + num(-h) + "z", box
	case Begun:
		return outline(x, y+h*0.68, w, h*0.32), box
	case Halted:
		return outline(x+w*0.22, y+h*0.22, w*0.18, h*0.56) + outline(x+w*0.6, y+h*0.22, w*0.18, h*0.56), box
	case Undone:
		return "", box + fmt.Sprintf("M%s %sl%s %sM%s %sl%s %s", num(x), num(y), num(w), num(h), num(x+w), num(y), num(-w), num(h))
	case Moot:
		return "", box + "M" + num(x+w*0.2) + " " + num(y+h/2) + "h" + num(w*0.6)
	case Nothing:
		return "", box
	}
	return "", box + diagonals(x, y, w, h, 4)
}

// stretched is patterned for a part of a bar, however long.
func stretched(s State, x, y, w, h float64) (fill, stroke string) {
	box := outline(x, y, w, h)
	switch s {
	case Whole:
		return box, ""
	case Part:
		return "", box + upright(x, y, w, h, 3)
	case Begun:
		return outline(x, y+h*0.68, w, h*0.32), box
	case Halted:
		return "", box + upright(x, y+h*0.2, w, h*0.6, 8)
	case Undone:
		return "", box + diagonals(x, y, w, h, 6) + mirrored(x, y, w, h, 6)
	case Moot:
		return "", box + level(x, y, w, h, 5)
	case Nothing:
		return "", box
	}
	return "", box + diagonals(x, y, w, h, 5)
}

// mirrored is diagonals the other way.
func mirrored(x, y, w, h, gap float64) string {
	var b strings.Builder
	for c := gap / 2; c < w+h && b.Len() < 8<<10; c += gap {
		x0, y0 := math.Max(0, c-h), math.Min(c, h)
		x1, y1 := math.Min(c, w), math.Max(0, c-w)
		b.WriteString("M" + num(x+w-x0) + " " + num(y+y0) + "L" + num(x+w-x1) + " " + num(y+y1))
	}
	return b.String()
}

// paint sets the two paths of a pattern.
func (c *canvas) paint(fill, stroke string) {
	if fill != "" {
		c.raw(`<path class="d-fill" fill="%s" stroke="none" d="%s"/>`, hues[c.hue], fill)
	}
	if stroke != "" {
		c.raw(`<path class="d-line" fill="none" stroke="%s" stroke-width="1.1" d="%s"/>`, hues[c.hue], stroke)
	}
}

// Glyph is a small square in a state's pattern, to stand beside the word for it.
// It says nothing by itself and is hidden from screen readers.
func Glyph(s State) template.HTML {
	fill, stroke := patterned(s, 1.5, 1.5, 13, 13)
	svg := `<svg xmlns="http://www.w3.org/2000/svg" class="d-glyph" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">`
	if fill != "" {
		svg += `<path class="d-fill" fill="` + hues[0] + `" stroke="none" d="` + fill + `"/>`
	}
	if stroke != "" {
		svg += `<path class="d-line" fill="none" stroke="` + hues[0] + `" stroke-width="1.2" d="` + stroke + `"/>`
	}
	return template.HTML(svg + `</svg>`)
}
