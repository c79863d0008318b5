package draw

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// MapData is places with the counts that belong to them.
type MapData struct {
	Places []Place
	Labels MapLabels
}

// MapLabels are the heads of the table's columns and the legend's words for
// a circle, the ring around it, a place without a figure and a cluster.
type MapLabels struct{ Place, Figure, Events, Circle, Ring, NoFigure, Cluster string }

// Place is a point on the map. Latitude and longitude are degrees; a place
// outside the world or at neither is listed in the table and not drawn.
type Place struct {
	Name     string
	Lat, Lon float64
	// Low, Best and High are the figure, all nil where there is none.
	Low, Best, High *int64
	// Events is how many events are summed up here, 0 if that is not told.
	Events int
	Href   string
}

func (p Place) size() float64 {
	for _, n := range []*int64{p.Best, p.Low, p.High} {
		if n != nil {
			return math.Max(0, float64(*n))
		}
	}
	return -1
}

func (p Place) onMap() bool {
	return math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180 && (p.Lat != 0 || p.Lon != 0)
}

// clusterAbove is the number of places from which near ones are summed up.
const clusterAbove = 200

// Map draws circles whose areas are the places' figures, each with a ring as
// large as its highest number, over outlines of countries.
func Map(d MapData, o Options) Drawing {
	c := newCanvas(wide, o)
	t := Table{Caption: o.Title, Head: []string{d.Labels.Place, d.Labels.Figure, d.Labels.Events}}
	places := slices.Clone(d.Places)
	slices.SortStableFunc(places, func(a, b Place) int { return cmp.Compare(b.size(), a.size()) })
	for _, p := range places {
		figure := c.bandLabel(Band{Low: p.Low, Best: p.Best, High: p.High})
		if figure == "" {
			figure = d.Labels.NoFigure
		}
		row := Row{Cells: []Cell{{Text: p.Name, Href: p.Href}, {Text: figure, Numeric: true}, {Numeric: true}}}
		if p.Events > 0 {
			row.Cells[2].Text = c.o.Number(int64(p.Events))
		}
		t.Rows = append(t.Rows, row)
	}
	return both(o, t, func(c *canvas) { paintMap(c, d) })
}

// spot is a place, or several near ones, where it stands on the page.
type spot struct {
	x, y, r, ring float64
	place         Place
	count         int
}

func paintMap(c *canvas, d MapData) {
	var at []lonLat
	var shown []Place
	for _, p := range d.Places {
		if p.onMap() {
			at = append(at, lonLat{p.Lon, p.Lat})
			shown = append(shown, p)
		}
	}
	low, high := c.w*0.45, c.w*0.8
	biggest := 30.0
	if c.narrow() {
		low, high, biggest = c.w*0.75, c.w*1.25, 24
	}
	v := newView(at, c.w, low, high)
	id := c.o.ID + "-clip" + c.class
	c.defs = fmt.Sprintf(`<clipPath id="%s"><path d="M0 0h%sv%sh%sz"/></clipPath>`, id, num(v.w), num(v.h), num(-v.w))
	c.add(`<path class="d-land" `, fallback["d-land"], ` stroke-width="0.7" stroke-linejoin="round" clip-path="url(#`, id, `)" d="`, v.land(), `"/>`)
	c.add(`<path class="d-axis" stroke="#857c6e" stroke-width="0.6" fill="none" d="M0 0h`, num(v.w), "v", num(v.h), "h", num(-v.w), `z"/>`)

	spots := make([]spot, 0, len(shown))
	for _, p := range shown {
		x, y := v.at(lonLat{p.Lon, p.Lat})
		spots = append(spots, spot{x: x, y: y, place: p, count: 1})
	}
	clustered := len(spots) > clusterAbove
	if clustered {
		spots = cluster(spots, 26)
	}
	largest := 1.0
	for _, s := range spots {
		largest = math.Max(largest, s.place.size())
		if s.place.High != nil {
			largest = math.Max(largest, float64(*s.place.High))
		}
	}
	radius := func(n float64) float64 { return math.Max(2.4, biggest*math.Sqrt(math.Max(0, n)/largest)) }
	for i := range spots {
		s := &spots[i]
		n := s.place.size()
		s.r = 2.4
		if n >= 0 {
			s.r = radius(n)
		}
		if h := s.place.High; h != nil && radius(float64(*h)) > s.r+1.6 {
			s.ring = radius(float64(*h))
		}
	}
	// Small over large, so that nothing is hidden.
	slices.SortStableFunc(spots, func(a, b spot) int { return cmp.Compare(b.r, a.r) })
	for _, s := range spots {
		if s.place.size() < 0 {
			c.circle("d-hollow", s.x, s.y, s.r)
			continue
		}
		if s.ring > 0 {
			c.add(`<circle class="d-line" fill="none" stroke="`, hues[0], `" stroke-width="0.9" cx="`, num(s.x), `" cy="`, num(s.y), `" r="`, num(s.ring), `"/>`)
		}
		c.add(`<circle class="d-veil" fill="`, hues[0], `" fill-opacity=".22" stroke="`, hues[0], `" stroke-width="1.3" cx="`, num(s.x), `" cy="`, num(s.y), `" r="`, num(s.r), `"/>`)
	}
	c.nameSpots(spots, v, clustered)
	c.h = v.h
	c.mapLegend(d, spots, largest, radius, clustered)
}

// cluster sums up the spots in each square of a grid, placed at their mean.
func cluster(spots []spot, cell float64) []spot {
	type key struct{ x, y int }
	index := map[key]int{}
	var out []spot
	sum := func(a, b *int64) *int64 {
		if a == nil || b == nil {
			return cmp.Or(a, b)
		}
		n := *a + *b
		if n < *a {
			n = math.MaxInt64
		}
		return &n
	}
	for _, s := range spots {
		k := key{int(s.x / cell), int(s.y / cell)}
		i, ok := index[k]
		if !ok {
			index[k] = len(out)
			out = append(out, s)
			continue
		}
		o := &out[i]
		n := float64(o.count)
		o.x, o.y = (o.x*n+s.x)/(n+1), (o.y*n+s.y)/(n+1)
		o.count++
		// Where only some of the places have a bound, those without one
		// count with what they have.
		a, b := o.place, s.place
		o.place.Low = sum(cmp.Or(a.Low, a.Best), cmp.Or(b.Low, b.Best))
		o.place.High = sum(cmp.Or(a.High, a.Best), cmp.Or(b.High, b.Best))
		o.place.Best = sum(cmp.Or(a.Best, a.Low), cmp.Or(b.Best, b.Low))
		if b.size() > a.size() {
			o.place.Name, o.place.Href = b.Name, b.Href
		}
	}
	return out
}

// nameSpots names the largest places where the name meets no other name and
// no circle larger than a dot.
func (c *canvas) nameSpots(spots []spot, v view, clustered bool) {
	size := c.small
	var taken []Box
	for _, s := range spots {
		if s.r > 4 {
			d := s.r * 0.9
			taken = append(taken, Box{X0: s.x - d, X1: s.x + d, Y0: s.y - d, Y1: s.y + d})
		}
	}
	limit := 14
	if c.narrow() {
		limit = 8
	}
	named := 0
	var counts []Box
	for _, s := range spots {
		if named == limit {
			return
		}
		text, cut := elide(clean(s.place.Name), size, false, v.w*0.4)
		if s.count > 1 {
			text = "" // a square's sum has no one name; its number is in the circle
			n := c.o.Number(int64(s.count))
			w := textWidth(n, size, false)
			box := Box{X0: s.x - w/2, X1: s.x + w/2, Y0: s.y - size, Y1: s.y + size}
			inside := box.X0 > 0 && box.X1 < v.w && box.Y0 > 0 && box.Y1 < v.h
			if w < s.r*1.8 && size < s.r*1.8 && inside && !slices.ContainsFunc(counts, box.Overlaps) {
				counts = append(counts, box)
				c.put(s.x, s.y+size*0.34, atMiddle, n, ink{kind: "count", digits: true})
			}
		}
		w := textWidth(text, size, false)
		if w == 0 {
			continue
		}
		r := math.Max(s.r, s.ring) + 4
		for _, spotAt := range [][2]float64{{s.x + r, s.y + size*0.34}, {s.x - r - w, s.y + size*0.34}, {s.x - w/2, s.y - r - 1}, {s.x - w/2, s.y + r + size*0.8}} {
			b := Box{X0: spotAt[0] - 2, X1: spotAt[0] + w + 2, Y0: spotAt[1] - size*0.8, Y1: spotAt[1] + size*0.28}
			if b.X0 < 2 || b.X1 > v.w-2 || b.Y0 < 2 || b.Y1 > v.h-2 || slices.ContainsFunc(taken, b.Overlaps) {
				continue
			}
			taken = append(taken, b)
			at, x := atLeft, spotAt[0]
			c.put(x, spotAt[1], at, text, ink{kind: "label", class: "d-halo", href: s.place.Href, full: keepIf(cut, s.place.Name)})
			named++
			break
		}
	}
}

func (c *canvas) mapLegend(d MapData, spots []spot, largest float64, radius func(float64) float64, clustered bool) {
	var entries []entry
	has := func(f func(spot) bool) bool { return slices.ContainsFunc(spots, f) }
	if has(func(s spot) bool { return s.place.size() > 0 }) {
		for _, share := range []float64{0.05, 0.5} {
			n := math.Max(1, roundDown(largest*share))
			r := radius(n)
			text := c.o.Number(int64(n))
			if len(entries) > 0 && d.Labels.Circle != "" {
				text += " " + d.Labels.Circle
			}
			if len(entries) > 0 && entries[0].text == text {
				continue
			}
			entries = append(entries, entry{text: text, width: 2*r + 2, paint: func(x, y float64) {
				c.add(`<circle class="d-veil" fill="`, hues[0], `" fill-opacity=".22" stroke="`, hues[0], `" stroke-width="1.3" cx="`, num(x), `" cy="`, num(y), `" r="`, num(r), `"/>`)
			}})
		}
	}
	if d.Labels.Ring != "" && has(func(s spot) bool { return s.ring > 0 }) {
		entries = append(entries, entry{text: d.Labels.Ring, width: 18, paint: func(x, y float64) {
			c.add(`<circle class="d-line" fill="none" stroke="`, hues[0], `" stroke-width="0.9" cx="`, num(x), `" cy="`, num(y), `" r="8"/>`)
		}})
	}
	if d.Labels.NoFigure != "" && has(func(s spot) bool { return s.place.size() < 0 }) {
		entries = append(entries, entry{text: d.Labels.NoFigure, width: 8, paint: func(x, y float64) { c.circle("d-hollow", x, y, 2.4) }})
	}
	if clustered && d.Labels.Cluster != "" {
		entries = append(entries, entry{text: d.Labels.Cluster, width: 0, paint: func(x, y float64) {}})
	}
	// The tallest legend circle decides how far below the map the line stands.
	y := c.h + 12
	if len(entries) > 0 {
		y = c.h + math.Max(10, radius(math.Max(1, roundDown(largest*0.5)))-2)
	}
	c.h = c.flow(y, entries) + radius(math.Max(1, roundDown(largest*0.5)))*0.4
}

// roundDown returns the largest of 1, 2 or 5 times a power of ten not above v.
func roundDown(v float64) float64 {
	if v < 1 {
		return 0
	}
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{5, 2, 1} {
		if m*p <= v {
			return m * p
		}
	}
	return p
}
