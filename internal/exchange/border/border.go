// Package border tells how far a point lies outside of a country, to notice
// coordinates that cannot be meant. It takes no position on where borders run: it
// says nothing near them, nothing in disputed land, and refuses nothing.
package border

import (
	_ "embed"
	"encoding/binary"
	"math"
	"strconv"
	"sync"
)

// countries is described in README.txt.
//
//go:embed countries.bin
var countries []byte

// perDegree is how many units of the file are a degree.
const perDegree = 200

// Tolerance is the distance in kilometres up to which a point counts as inside:
// twelve nautical miles of sea, and what the outlines' scale leaves uncertain.
const Tolerance = 25

const kmPerDegree = 111.2 // of latitude

type point struct{ lon, lat float64 }

// box is a rectangle of degrees.
type box struct{ south, west, north, east float64 }

func (b box) holds(p point) bool {
	return p.lat >= b.south && p.lat <= b.north && p.lon >= b.west && p.lon <= b.east
}

// beyond returns how far the point is from the box, in degrees of latitude.
func (b box) beyond(p point, squeeze float64) float64 {
	return math.Hypot(max(b.west-p.lon, p.lon-b.east, 0)*squeeze, max(b.south-p.lat, p.lat-b.north, 0))
}

// ring is a closed line without its first point repeated.
type ring struct {
	points []point
	box
}

// disputed are areas that more than one country claims, or that changed hands
// without everybody's agreement. No point in them is called outside of anything.
// The boxes are generous: too large a one only leaves a point unremarked.
var disputed = []box{
	{32.2, 73.3, 35.2, 80.4},   // Jammu and Kashmir
	{35.0, 72.4, 37.1, 80.4},   // Gilgit, Ladakh, Aksai Chin
	{26.6, 91.5, 29.5, 97.5},   // Arunachal Pradesh, South Tibet
	{31.2, 34.2, 33.4, 36.0},   // West Bank, Gaza, Golan
	{44.3, 32.4, 46.3, 36.7},   // Crimea
	{46.5, 35.0, 50.1, 40.2},   // eastern Ukraine
	{41.5, 39.9, 43.7, 45.0},   // Abkhazia, South Ossetia
	{38.8, 45.7, 40.5, 47.5},   // Nagorno-Karabakh
	{20.7, -17.2, 27.7, -8.6},  // Western Sahara
	{9.0, 27.5, 10.5, 29.7},    // Abyei
	{21.8, 33.0, 23.3, 37.1},   // Hala'ib
	{21.8, 118.0, 26.0, 122.2}, // Taiwan
}

// once lists, by numeric code, whose land was part of a country within the time
// that datasets cover: a row of 1990 that names Yugoslavia, Ethiopia or Sudan may
// mean a point in what is another country now.
var once = map[int][]int{
	688: {191, 705, 70, 807, 499},                                             // Serbia: Yugoslavia
	643: {51, 31, 112, 233, 268, 398, 417, 428, 440, 498, 762, 795, 804, 860}, // Russia: Soviet Union
	729: {728},                                                                // Sudan
	231: {232},                                                                // Ethiopia
	360: {626},                                                                // Indonesia
	203: {703},                                                                // Czechia: Czechoslovakia
	710: {516},                                                                // South Africa
}

// outlines returns the rings of each country by its numeric code, 0 for those of
// none. The embedded file is made and tested with the package, so a fault in it is
// a fault of the program.
var outlines = sync.OnceValue(func() map[int][]ring {
	data := countries
	next := func() int {
		v, n := binary.Varint(data)
		if n <= 0 {
			panic("border: the embedded outlines are cut short")
		}
		data = data[n:]
		return int(v)
	}
	arcs := make([][]point, next())
	for i := range arcs {
		arcs[i] = make([]point, next())
		var x, y int
		for j := range arcs[i] {
			x, y = x+next(), y+next()
			arcs[i][j] = point{float64(x) / perDegree, float64(y) / perDegree}
		}
	}
	out := map[int][]ring{}
	for range next() {
		code := next()
		for range next() {
			var r ring
			for range next() {
				n := next()
				arc := n
				if n < 0 {
					arc = ^n
				}
				for j := range arcs[arc] {
					p := arcs[arc][j]
					if n < 0 {
						p = arcs[arc][len(arcs[arc])-1-j]
					}
					if len(r.points) == 0 || r.points[len(r.points)-1] != p {
						r.points = append(r.points, p)
					}
				}
			}
			r.unwrap()
			r.fit()
			out[code] = append(out[code], r)
		}
	}
	return out
})

// unwrap makes a ring that crosses the line between the days run on beyond 180
// degrees instead of round the globe, and closes one that goes round a pole there.
func (r *ring) unwrap() {
	for i := 1; i < len(r.points); i++ {
		r.points[i].lon += 360 * math.Round((r.points[i-1].lon-r.points[i].lon)/360)
	}
	first, last := r.points[0], r.points[len(r.points)-1]
	switch {
	case first == last:
		r.points = r.points[:len(r.points)-1]
	case math.Abs(last.lon-first.lon) > 180:
		pole := math.Copysign(90, first.lat)
		r.points = append(r.points, point{last.lon, pole}, point{first.lon, pole})
	}
}

// fit makes the box that of the points.
func (r *ring) fit() {
	r.box = box{south: math.Inf(1), west: math.Inf(1), north: math.Inf(-1), east: math.Inf(-1)}
	for _, p := range r.points {
		r.west, r.east = math.Min(r.west, p.lon), math.Max(r.east, p.lon)
		r.south, r.north = math.Min(r.south, p.lat), math.Max(r.north, p.lat)
	}
}

// turns are the ways to write a longitude that a ring may have.
var turns = []float64{-360, 0, 360}

// Outside returns how many kilometres, to the nearest whole one, a point of
// decimal degrees lies outside of the country with an ISO 3166-1 numeric code. It
// is 0 for a point that is inside or within [Tolerance], that lies where borders
// are disputed or in land of no code, and for a country without an outline.
func Outside(numeric string, lat, lon float64) int {
	code, err := strconv.Atoi(numeric)
	if err != nil || code == 0 {
		return 0
	}
	own := outlines()[code]
	p := point{lon, lat}
	if len(own) == 0 || inside(own, p) {
		return 0
	}
	for _, b := range disputed {
		if b.holds(p) {
			return 0
		}
	}
	if inside(outlines()[0], p) {
		return 0
	}
	km := distance(own, p)
	for _, other := range once[code] {
		if km <= Tolerance {
			return 0
		}
		land := outlines()[other]
		if inside(land, p) {
			return 0
		}
		km = math.Min(km, distance(land, p))
	}
	if km <= Tolerance {
		return 0
	}
	return int(math.Round(km))
}

// inside reports whether an odd number of the rings goes round the point: islands
// do not overlap, and a hole goes round once more than its land.
func inside(rings []ring, p point) bool {
	odd := false
	for i := range rings {
		for _, turn := range turns {
			if q := (point{p.lon + turn, p.lat}); rings[i].holds(q) && rings[i].around(q) {
				odd = !odd
			}
		}
	}
	return odd
}

// around counts how often a line from the point to the east crosses the ring.
func (r *ring) around(p point) bool {
	odd := false
	for i, a := range r.points {
		b := r.points[(i+1)%len(r.points)]
		if (a.lat > p.lat) != (b.lat > p.lat) && p.lon < a.lon+(p.lat-a.lat)/(b.lat-a.lat)*(b.lon-a.lon) {
			odd = !odd
		}
	}
	return odd
}

// distance returns the kilometres from a point to the nearest of the rings' lines,
// on a plane that touches the globe at the point's latitude: close enough as far
// as a few hundred kilometres, and beyond that no more than an order of size.
func distance(rings []ring, p point) float64 {
	squeeze := math.Cos(p.lat * math.Pi / 180)
	best := math.Inf(1)
	for _, turn := range turns {
		for i := range rings {
			r := &rings[i]
			if r.beyond(point{p.lon - turn, p.lat}, squeeze) >= best {
				continue
			}
			for j, a := range r.points {
				b := r.points[(j+1)%len(r.points)]
				d := toSegment((a.lon+turn-p.lon)*squeeze, a.lat-p.lat, (b.lon+turn-p.lon)*squeeze, b.lat-p.lat)
				best = math.Min(best, d)
			}
		}
	}
	return best * kmPerDegree
}

// toSegment returns the distance of the origin to the line between two points.
func toSegment(ax, ay, bx, by float64) float64 {
	dx, dy := bx-ax, by-ay
	if dx == 0 && dy == 0 {
		return math.Hypot(ax, ay)
	}
	t := math.Max(0, math.Min(1, -(ax*dx+ay*dy)/(dx*dx+dy*dy)))
	return math.Hypot(ax+t*dx, ay+t*dy)
}
