package draw

import (
	_ "embed"
	"encoding/binary"
	"math"
	"strings"
	"sync"
)

//go:embed outline/countries.bin
var countries []byte

// BordersPolicy is the note that belongs beside a map, in English; catalogues
// carry its translations under the key "map.borders".
const BordersPolicy = "Outlines of countries are a backdrop, from the public-domain data set Natural Earth. Their use states no position on any border or on any country’s status."

type lonLat struct{ lon, lat float64 }

// ring is the outline of one area, with the rectangle it lies in.
type ring struct {
	points                 []lonLat
	west, south, east, top float64
}

// outlines returns the countries' rings. The embedded file is made and
// tested with the package, so a fault in it is a fault of the program.
var outlines = sync.OnceValue(func() []ring {
	data := countries
	next := func() int {
		v, n := binary.Varint(data)
		if n <= 0 {
			panic("draw: the embedded outlines are cut short")
		}
		data = data[n:]
		return int(v)
	}
	arcs := make([][]lonLat, next())
	for i := range arcs {
		arcs[i] = make([]lonLat, next())
		var x, y int
		for j := range arcs[i] {
			x, y = x+next(), y+next()
			arcs[i][j] = lonLat{float64(x) / 50, float64(y) / 50}
		}
	}
	rings := make([]ring, next())
	for i := range rings {
		r := ring{west: 999, south: 999, east: -999, top: -999}
		for range next() {
			n := next()
			arc, back := n, n < 0
			if back {
				arc = ^n
			}
			for j := range arcs[arc] {
				p := arcs[arc][j]
				if back {
					p = arcs[arc][len(arcs[arc])-1-j]
				}
				if n := len(r.points); n > 0 && r.points[n-1] == p {
					continue
				}
				r.points = append(r.points, p)
				r.west, r.east = math.Min(r.west, p.lon), math.Max(r.east, p.lon)
				r.south, r.top = math.Min(r.south, p.lat), math.Max(r.top, p.lat)
			}
		}
		rings[i] = r
	}
	return rings
})

// view is the rectangle of the world a map shows and its projection:
// equirectangular, true in scale along its middle latitude.
type view struct {
	west, north    float64
	perLon, perLat float64
	w, h           float64
}

// newView fits the points into a map w wide and between low and high tall.
func newView(ps []lonLat, w, low, high float64) view {
	if len(ps) == 0 {
		ps = []lonLat{{-170, -55}, {180, 75}}
	}
	west, east, south, north := 180.0, -180.0, 90.0, -90.0
	for _, p := range ps {
		west, east = math.Min(west, p.lon), math.Max(east, p.lon)
		south, north = math.Min(south, p.lat), math.Max(north, p.lat)
	}
	// At least four degrees, so that a single town has a country around it,
	// and a margin for circles and names.
	grow := func(a, b, least, share float64) (float64, float64) {
		if b-a < least {
			a, b = (a+b-least)/2, (a+b+least)/2
		}
		return a - (b-a)*share, b + (b-a)*share
	}
	west, east = grow(west, east, 6, 0.14)
	south, north = grow(south, north, 4, 0.16)
	squeeze := math.Max(0.2, math.Cos((south+north)/2*math.Pi/180))
	h := (north - south) / ((east - west) * squeeze) * w
	switch {
	case h < low:
		extra := (low/h - 1) * (north - south) / 2
		south, north, h = south-extra, north+extra, low
	case h > high:
		extra := (h/high - 1) * (east - west) / 2
		west, east, h = west-extra, east+extra, high
	}
	return view{west: west, north: north, perLon: w / (east - west), perLat: h / (north - south), w: w, h: h}
}

func (v view) at(p lonLat) (x, y float64) {
	return (p.lon - v.west) * v.perLon, (v.north - p.lat) * v.perLat
}

// land returns the path of all outlines that touch the view, cut off a
// little outside it.
func (v view) land() string {
	const over = 12
	// The smaller the scale, the coarser the line that still looks the same.
	step, smallest := 1.0, 4.0
	if v.perLon < 8 {
		step, smallest = 2, 9
	}
	var b strings.Builder
	var pts, spare [][2]float64
	for _, r := range outlines() {
		x0, y0 := v.at(lonLat{r.west, r.top})
		x1, y1 := v.at(lonLat{r.east, r.south})
		if x1 < 0 || y1 < 0 || x0 > v.w || y0 > v.h || (x1-x0)*(y1-y0) < smallest {
			continue
		}
		pts = pts[:0]
		for _, p := range r.points {
			x, y := v.at(p)
			pts = append(pts, [2]float64{x, y})
		}
		if x0 < -over || y0 < -over || x1 > v.w+over || y1 > v.h+over {
			for axis, limit := range [4]float64{-over, -over, v.w + over, v.h + over} {
				pts, spare = clip(spare[:0], pts, axis%2, limit, axis < 2), pts
			}
		}
		var lx, ly float64
		wrote := 0
		for i, p := range pts {
			// A point this close to the last drawn one is invisible.
			if i > 0 && math.Hypot(p[0]-lx, p[1]-ly) < step {
				continue
			}
			switch wrote {
			case 0:
				b.WriteByte('M')
				b.WriteString(num(p[0]))
				b.WriteByte(' ')
				b.WriteString(num(p[1]))
				lx, ly = round1(p[0]), round1(p[1])
			default:
				if wrote == 1 {
					b.WriteByte('l')
				} else {
					b.WriteByte(' ')
				}
				dx, dy := round1(p[0]-lx), round1(p[1]-ly)
				b.WriteString(num(dx))
				b.WriteByte(' ')
				b.WriteString(num(dy))
				lx, ly = lx+dx, ly+dy
			}
			wrote++
		}
		if wrote > 0 {
			b.WriteByte('z')
		}
	}
	return b.String()
}

func round1(v float64) float64 { return math.Round(v*10) / 10 }

// clip appends to out the part of a polygon on one side of an upright or level
// line (one step of Sutherland and Hodgman's method).
func clip(out, p [][2]float64, axis int, limit float64, above bool) [][2]float64 {
	inside := func(q [2]float64) bool { return (q[axis] >= limit) == above || q[axis] == limit }
	if len(p) == 0 {
		return out
	}
	before := p[len(p)-1]
	was := inside(before)
	for _, q := range p {
		is := inside(q)
		if is != was {
			t := (limit - before[axis]) / (q[axis] - before[axis])
			out = append(out, [2]float64{before[0] + t*(q[0]-before[0]), before[1] + t*(q[1]-before[1])})
		}
		if is {
			out = append(out, q)
		}
		before, was = q, is
	}
	return out
}
