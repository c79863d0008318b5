package border

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestOutside(t *testing.T) {
	for _, test := range []struct {
		name      string
		code      string
		lat, lon  float64
		low, high int
	}{
		{"Quetta in Pakistan", "586", 30.19, 67.01, 0, 0},
		{"Kabul in Afghanistan", "004", 34.53, 69.17, 0, 0},
		{"Kabul in Pakistan", "586", 34.53, 69.17, 60, 130},
		{"Karachi's harbour", "586", 24.79, 66.97, 0, 0},
		{"at sea before Karachi", "586", 24.65, 66.9, 0, 0},
		{"far at sea", "586", 22.0, 65.0, 230, 420},
		{"a border town on the other side, Spin Boldak in Pakistan", "586", 31.0, 66.4, 0, 0},
		{"Quetta's numbers swapped", "586", 67.01, 30.19, 3000, 8000},
		{"null island in Afghanistan", "4", 0, 0, 5000, 9000},
		{"Srinagar in Pakistan is disputed", "586", 34.08, 74.8, 0, 0},
		{"Gilgit in India is disputed", "356", 35.92, 74.31, 0, 0},
		{"Simferopol in Ukraine is disputed", "804", 44.95, 34.1, 0, 0},
		{"Hargeisa in Somalia lies in land of no code", "706", 9.56, 44.06, 0, 0},
		{"Juba in the Sudan of then", "729", 4.85, 31.6, 0, 0},
		{"Sarajevo in the Yugoslavia of then", "688", 43.86, 18.41, 0, 0},
		{"Tashkent in the Soviet Union of then", "643", 41.3, 69.25, 0, 0},
		{"Maseru in South Africa is a hole", "710", -29.31, 27.48, 0, 0},
		{"the middle of Lesotho in South Africa", "710", -29.6, 28.3, 60, 110},
		{"Fiji, close beyond the line between the days", "242", -16.9, -179.9, 0, 0},
		{"a country without an outline", "798", -8.5, 0, 0, 0},
		{"no country", "", 30, 67, 0, 0},
		{"no number", "PK", 30, 67, 0, 0},
	} {
		if km := Outside(test.code, test.lat, test.lon); km < test.low || km > test.high {
			t.Errorf("%s: %d km outside, want %d to %d", test.name, km, test.low, test.high)
		}
	}
}

// TestNoPointInTwoCountries holds for areas that do not overlap, and fails when
// rings are read wrongly or turned inside out.
func TestNoPointInTwoCountries(t *testing.T) {
	land := 0
	const n = 4000
	for i := range n {
		// Evenly over the globe, by the golden angle.
		p := point{math.Mod(float64(i)*137.50776, 360) - 180, math.Asin(2*(float64(i)+0.5)/n-1) * 180 / math.Pi}
		in := 0
		for _, rings := range outlines() {
			if inside(rings, p) {
				in++
			}
		}
		if in > 1 {
			t.Errorf("%v lies in %d countries", p, in)
		}
		land += in
	}
	// Land is 29 % of the globe.
	if share := float64(land) / n; share < 0.27 || share > 0.31 {
		t.Errorf("%.1f %% of the globe is land", 100*share)
	}
}

// TestInsideIsWinding compares counting crossings with adding up angles, on stars
// of any shape.
func TestInsideIsWinding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 12).Draw(t, "corners")
		var points []point
		for i := range n {
			angle := 2 * math.Pi * (float64(i) + rapid.Float64Range(0, 0.9).Draw(t, "turn")) / float64(n)
			reach := rapid.Float64Range(0.5, 5).Draw(t, "reach")
			points = append(points, point{60 + reach*math.Cos(angle), 30 + reach*math.Sin(angle)})
		}
		r := ringOf(points)
		p := point{rapid.Float64Range(54, 66).Draw(t, "lon"), rapid.Float64Range(24, 36).Draw(t, "lat")}
		if distance([]ring{r}, p) < 0.001 {
			return // on the line
		}
		turned := 0.0
		for i, a := range r.points {
			b := r.points[(i+1)%n]
			d := math.Atan2(b.lat-p.lat, b.lon-p.lon) - math.Atan2(a.lat-p.lat, a.lon-p.lon)
			turned += math.Remainder(d, 2*math.Pi)
		}
		if want, got := math.Abs(turned) > math.Pi, inside([]ring{r}, p); got != want {
			t.Errorf("inside is %v, the ring winds %.2f round the point", got, turned)
		}
	})
}

// TestDistance compares with the distance on the globe to points along the line.
func TestDistance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		near := func(name string) point {
			return point{rapid.Float64Range(66, 69).Draw(t, name+" lon"), rapid.Float64Range(29, 31).Draw(t, name+" lat")}
		}
		p, a, b, c := near("p"), near("a"), near("b"), near("c")
		points := []point{a, b, c}
		want := math.Inf(1)
		for i := range points {
			from, to := points[i], points[(i+1)%3]
			for k := range 501 {
				s := float64(k) / 500
				want = math.Min(want, onGlobe(p, point{from.lon + s*(to.lon-from.lon), from.lat + s*(to.lat-from.lat)}))
			}
		}
		if got := distance([]ring{ringOf(points)}, p); math.Abs(got-want) > 1.5+want/40 {
			t.Errorf("%.2f km, on the globe %.2f", got, want)
		}
	})
}

func ringOf(points []point) ring {
	r := ring{points: points}
	r.fit()
	return r
}

func onGlobe(a, b point) float64 {
	rad := math.Pi / 180
	h := math.Pow(math.Sin((b.lat-a.lat)*rad/2), 2) + math.Cos(a.lat*rad)*math.Cos(b.lat*rad)*math.Pow(math.Sin((b.lon-a.lon)*rad/2), 2)
	return 2 * 6371 * math.Asin(math.Sqrt(h))
}

func BenchmarkOutside(b *testing.B) {
	for _, test := range []struct {
		name     string
		lat, lon float64
	}{{"inside", 30.19, 67.01}, {"outside", 34.53, 69.17}} {
		b.Run(test.name, func(b *testing.B) {
			for b.Loop() {
				Outside("586", test.lat, test.lon)
			}
		})
	}
}
