package exchange

import (
	"math"
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
)

// A file that puts a town at one place in many rows and at another, far away, in
// one, is likely to be wrong there. What is compared is the file with itself: no
// gazetteer says where a town lies. The bounds are wide, because a large city and
// the villages around it go by one name.
const (
	townTogether = 50.0  // km from their middle within which points agree
	townFar      = 100.0 // km from it beyond which a row is listed
	townRows     = 3     // rows that have to agree
	townKept     = 9     // rows of a town that its middle is worked out from
	// townsMost bounds the memory, to about 30 MB; towns that first appear after so
	// many others are not looked at.
	townsMost = 50_000
)

// townName is a town as a file names it. Towns in two provinces may share a name.
type townName struct{ country, province, town string }

// townPoint is where one row puts a town.
type townPoint struct {
	lat, lon float64
	line     int
}

// townSeen is where the rows so far put a town.
type townSeen struct {
	rows   []townPoint // the first townKept
	middle townPoint
	agree  int // rows within townTogether of the middle; 0 while too few agree
	far    int // rows beyond townFar of it
}

type towns map[townName]*townSeen

// farRow is a row that puts a town far from where others do.
type farRow struct {
	line, km, others int
}

// see takes a row's point and returns the rows that are now known to be far from
// where the others put the town: this one, and those before it in whose time too
// few agreed.
func (t towns) see(name townName, p townPoint) []farRow {
	s := t[name]
	if s == nil {
		if len(t) >= townsMost {
			return nil
		}
		s = &townSeen{}
		t[townName{strings.Clone(name.country), strings.Clone(name.province), strings.Clone(name.town)}] = s
	}
	if s.agree > 0 {
		km := s.middle.distance(p)
		if km <= townTogether {
			s.agree++
		}
		if km > townFar {
			if s.far++; most(s.agree, s.agree+s.far) {
				return []farRow{{p.line, int(math.Round(km)), s.agree}}
			}
		}
		return nil
	}
	if len(s.rows) >= townKept {
		return nil // this file is of many minds about the town
	}
	s.rows = append(s.rows, p)
	if s.agree = s.settle(); s.agree == 0 {
		return nil
	}
	var far []farRow
	for _, r := range s.rows {
		if km := s.middle.distance(r); km > townFar {
			far = append(far, farRow{r.line, int(math.Round(km)), s.agree})
		}
	}
	s.rows, s.far = nil, len(far)
	return far
}

// most reports whether some rows are three of four of all, or more: else the file
// is of several minds, and nobody can say which of them is wrong.
func most(some, all int) bool { return 4*some >= 3*all }

// settle works the middle out of the rows, the median of each coordinate, and
// returns how many agree on it: 0 while they are fewer than townRows or not most.
func (s *townSeen) settle() int {
	if len(s.rows) < townRows {
		return 0
	}
	var lats, lons [townKept]float64
	for i, r := range s.rows {
		lats[i], lons[i] = r.lat, r.lon
	}
	n := len(s.rows)
	slices.Sort(lats[:n])
	slices.Sort(lons[:n])
	s.middle = townPoint{lat: lats[n/2], lon: lons[n/2]}
	agree := 0
	for _, r := range s.rows {
		if s.middle.distance(r) <= townTogether {
			agree++
		}
	}
	if agree < townRows || !most(agree, n) {
		return 0
	}
	return agree
}

// distance is in kilometres, on a sphere.
func (p townPoint) distance(q townPoint) float64 {
	const radius = 6371.0
	lat1, lat2 := p.lat*math.Pi/180, q.lat*math.Pi/180
	h := math.Pow(math.Sin((lat2-lat1)/2), 2) + math.Cos(lat1)*math.Cos(lat2)*math.Pow(math.Sin((q.lon-p.lon)*math.Pi/360), 2)
	return 2 * radius * math.Asin(math.Min(1, math.Sqrt(h)))
}

// compareTown lists rows whose point lies far from where other rows of the file
// put the same town.
func (b *builder) compareTown(where record.Place) {
	if where.Point == nil || where.Town == "" {
		return
	}
	switch where.Precision {
	case "", record.PreciseSite, record.PreciseTown, record.PreciseNear:
	default:
		return // the point is not of the town
	}
	t := b.sheet.towns
	if t == nil {
		t = towns{}
		b.sheet.towns = t
	}
	name := townName{where.Country, where.Province, where.Town}
	for _, far := range t.see(name, townPoint{where.Point.Lat, where.Point.Lon, b.row.Line}) {
		b.row.Problems = append(b.row.Problems, problemOf(say("town_far", "km", far.km, "town", where.Town, "n", far.others), far.line, b.pointColumn.name))
	}
}
