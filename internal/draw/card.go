package draw

import (
	"fmt"
	"math"
	"strings"
)

// CardData is a small picture of its own, for other sites: a title, a few lines,
// and at most one bar. It is complete without style sheet, script or font.
type CardData struct {
	Kicker, Title string
	// Lines are set in ink, one below the other, each over two lines at most.
	Lines []string
	// States and Counts are those of a bar as [Progress] draws it.
	States []ProgressState
	Counts []int64
	// Foot names the record and the day of the numbers.
	Foot string
	Lang string // for aria and fonts, such as "ur"
}

// CardWidth is the width of every card in pixels.
const CardWidth = 480

var cardForm = form{class: "d-card", w: CardWidth, text: 17, small: 14}

// cardText bounds each text of a card, in letters, before it is set: what does not
// fit the lines would otherwise still be read aloud whole.
const cardText = 220

func briefly(s string) string {
	if r := []rune(clean(s)); len(r) > cardText {
		return strings.TrimSpace(string(r[:cardText])) + "…"
	}
	return clean(s)
}

// Card returns a whole SVG document.
func Card(d CardData, o Options) string {
	d.Kicker, d.Title, d.Foot = briefly(d.Kicker), briefly(d.Title), briefly(d.Foot)
	all := d.Lines[:min(len(d.Lines), 5)]
	d.Lines = nil
	for _, l := range all {
		d.Lines = append(d.Lines, briefly(l))
	}
	c := newCanvas(cardForm, o)
	const pad = 20
	room := float64(CardWidth - 2*pad)
	y := pad + c.small*0.6
	lines := func(s string, size, lead float64, n int, k ink) {
		parts, _ := wrap(s, size, room, n)
		for _, l := range parts {
			k.size = size
			c.put(c.across(pad), y, c.begin(), l, k)
			y += size * lead
		}
	}
	lead := 1.32
	if o.RTL {
		lead = 1.7
	}
	lines(d.Kicker, c.small, lead, 1, ink{kind: "kicker", class: "d-soft"})
	y += 6
	lines(d.Title, 21, lead, 3, ink{kind: "title", bold: true})
	y += 6
	for _, l := range d.Lines {
		lines(l, c.text, lead, 2, ink{kind: "line"})
		y += 3
	}
	sum := int64(0)
	for _, n := range d.Counts {
		sum += max(n, 0)
	}
	if sum > 0 {
		x := float64(pad)
		var legend []entry
		inner := newCanvas(form{class: "d-card", w: room, text: c.text, small: c.small}, o)
		for i, s := range d.States {
			if i >= len(d.Counts) || d.Counts[i] <= 0 {
				continue
			}
			w := float64(d.Counts[i]) / float64(sum) * room
			x0 := x
			if o.RTL {
				x0 = CardWidth - x - w
			}
			c.paint(stretched(s.State, x0, y, w, 16))
			x += w
			legend = append(legend, entry{text: s.Word + " " + c.o.Number(d.Counts[i]), width: 20, paint: func(x, y float64) { inner.paint(stretched(s.State, x-10, y-5.5, 20, 11)) }})
		}
		y += 26
		bottom := inner.flow(0, legend)
		c.raw(`<g transform="translate(%s %s)">%s</g>`, num(pad), num(y), inner.b.String())
		y += bottom + 14
	}
	y = math.Max(y, 120)
	c.line("d-grid", pad, y-4, CardWidth-pad, y-4, 1, "")
	y += c.small * 1.2
	lines(d.Foot, c.small, lead, 2, ink{kind: "foot", class: "d-soft"})
	h := y + 2
	dir, face := "ltr", "'Source Serif 4',Georgia,'Noto Serif',serif"
	if o.RTL {
		dir, face = "rtl", "'Noto Naskh Arabic',Vazirmatn,Tahoma,serif"
	}
	label := esc(strings.Join(append([]string{d.Kicker, d.Title}, d.Lines...), ". "))
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%s" viewBox="0 0 %d %s" role="img" aria-label="%s" xml:lang="%s" direction="%s" font-family="%s" fill="#1d1b18"><title>%s</title><rect x=".5" y=".5" width="%d" height="%s" fill="#fbf9f5" stroke="#857c6e"/>%s</svg>`,
		CardWidth, num(h), CardWidth, num(h), label, esc(d.Lang), dir, face, esc(d.Title), CardWidth-1, num(h-1), c.b.String())
}
