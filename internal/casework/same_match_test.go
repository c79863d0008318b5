package casework

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/gawah-project/gawah/internal/record"
)

func near(id string, dataset string, from, to int64, town string, lat, lon float64) matchable {
	return matchable{
		id: record.EventID(id), kind: record.TypeAttack, from: from, to: to, country: "XX", town: townKey(town), lat: lat, lon: lon,
		point: lat != 0, dataset: dataset,
	}
}

func TestMatch(t *testing.T) {
	base := near("a", "one", 100, 100, "example town", 30, 67)
	for _, test := range []struct {
		name  string
		other matchable
		want  bool
		score int
	}{
		{"the same day and place", near("b", "two", 100, 100, "example", 30, 67), true, 45 + 25 + 15 + 5},
		{"the next day", near("b", "two", 101, 101, "example", 30, 67), true, 20 + 25 + 15 + 5},
		{"a span around it", near("b", "two", 98, 103, "example", 30, 67), true, 30 + 25 + 15 + 5},
		{"three days later", near("b", "two", 103, 103, "example", 30, 67), false, 0},
		{"another town, 30 km off", near("b", "two", 100, 100, "other", 30.27, 67), true, 45 + 5 + 5},
		{"another town, 50 km off", near("b", "two", 100, 100, "other", 30.45, 67), false, 0},
		{"the same town without points", near("b", "two", 100, 100, "example", 0, 0), true, 45 + 25 + 5},
		{"the same dataset", near("b", "one", 100, 100, "example", 30, 67), false, 0},
	} {
		c, ok := match(base, test.other)
		if ok != test.want || (ok && c.score != test.score) {
			t.Errorf("%s: %v with %d points (%v), want %v with %d", test.name, ok, c.score, c.reasons, test.want, test.score)
		}
	}
	protest := near("b", "two", 100, 100, "example", 30, 67)
	protest.kind = record.TypeProtest
	if _, ok := match(base, protest); ok {
		t.Error("an attack is matched with a protest")
	}
	abroad := near("b", "two", 100, 100, "example", 30, 67)
	abroad.country = "YY"
	if _, ok := match(base, abroad); ok {
		t.Error("two countries are matched")
	}
	whole, part := base, near("b", "two", 100, 100, "example", 30, 67)
	whole.whole, part.whole = "a", "a"
	if _, ok := match(whole, part); ok {
		t.Error("a whole is matched with its part")
	}
}

// TestWholes uses invented events: whatever depth, nothing of one whole is apart,
// nothing of two is together, and a circle in bad data ends.
func TestWholes(t *testing.T) {
	w := wholes{}
	for _, l := range [][2]record.EventID{
		{"part", "whole"},
		{"grandpart", "part"},
		{"other part", "whole"},
		{"cousin", "other part"},
		{"row", "cousin"},
		{"whole", ""},
		{"x", "y"},
		{"y", "z"},
		{"z", "x"},
		{"under x", "x"},
		{"itself", "itself"},
		{"alone", ""},
		{"of the erased", "gone"},
	} {
		w.put(l[0], l[1])
	}
	groups := [][]record.EventID{
		{"whole", "part", "grandpart", "other part", "cousin", "row"}, {"x", "y", "z", "under x"}, {"itself"}, {"alone"}, {"of the erased", "gone"},
	}
	for i, g := range groups {
		for _, id := range g {
			for j, other := range groups {
				if same := w.of(id) == w.of(other[0]); same != (i == j) {
					t.Errorf("%s and %s of one whole: %v", id, other[0], same)
				}
			}
		}
	}
	// A hundred thousand events in one chain, from the bottom up and from the top down.
	id := func(n int) record.EventID { return record.EventID(strconv.Itoa(n)) }
	for _, up := range []bool{false, true} {
		const n = 100_000
		w := wholes{}
		for i := range n {
			if up {
				w.put(id(n-i-1), id(n-i))
			} else {
				w.put(id(i), id(i+1))
			}
		}
		for i := range n {
			if w.of(id(i)) != w.of(id(n)) {
				t.Fatalf("%d is apart", i)
			}
		}
	}
}

func TestCompareKilled(t *testing.T) {
	for _, test := range []struct {
		a, b [2]int64
		want int
	}{
		{[2]int64{80, 96}, [2]int64{92, 105}, 65},
		{[2]int64{0, 0}, [2]int64{0, 0}, 50},
		{[2]int64{10, 10}, [2]int64{12, 12}, 55},
		{[2]int64{1, 1}, [2]int64{80, 80}, 35},
	} {
		c := candidate{score: 50}
		c.compareKilled(test.a, test.b)
		if c.score != test.want {
			t.Errorf("%v and %v: %d, want %d", test.a, test.b, c.score, test.want)
		}
	}
}

// TestKilometres uses distances that follow from the radius alone.
func TestKilometres(t *testing.T) {
	quarter := math.Pi / 2 * earthRadius
	for _, test := range []struct {
		a, b [2]float64
		want float64
	}{
		{[2]float64{0, 0}, [2]float64{0, 0}, 0},
		{[2]float64{0, 0}, [2]float64{90, 0}, quarter},
		{[2]float64{0, 0}, [2]float64{0, 180}, 2 * quarter},
		{[2]float64{0, 179.5}, [2]float64{0, -179.5}, quarter / 90},
	} {
		got := kilometres(matchable{lat: test.a[0], lon: test.a[1]}, matchable{lat: test.b[0], lon: test.b[1]})
		if math.Abs(got-test.want) > 1e-6 {
			t.Errorf("%v to %v: %f, want %f", test.a, test.b, got, test.want)
		}
	}
}

// TestMatchProperties: the answer does not depend on which event comes first, and
// no score leaves its bounds.
func TestMatchProperties(t *testing.T) {
	event := func(id string) *rapid.Generator[matchable] {
		return rapid.Custom(func(t *rapid.T) matchable {
			from := rapid.Int64Range(0, 6).Draw(t, "from")
			m := near(id, rapid.SampledFrom([]string{"", "one", "two"}).Draw(t, "dataset"), from, from+rapid.Int64Range(0, 3).Draw(t, "span"),
				rapid.SampledFrom([]string{"", "example", "other town"}).Draw(t, "town"), rapid.Float64Range(29, 31).Draw(t, "lat"), rapid.Float64Range(66, 68).Draw(t, "lon"))
			m.kind = rapid.SampledFrom(record.EventTypes()).Draw(t, "type")
			return m
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := event("a").Draw(t, "a"), event("b").Draw(t, "b")
		x, okx := match(a, b)
		y, oky := match(b, a)
		if okx != oky || x.a != y.a || x.score != y.score || x.km != y.km || x.days != y.days {
			t.Fatalf("%+v against %+v", x, y)
		}
		k := [2]int64{rapid.Int64Range(0, 200).Draw(t, "low"), 0}
		k[1] = k[0] + rapid.Int64Range(0, 50).Draw(t, "more")
		x.compareKilled(k, [2]int64{5, 9})
		if x.score < 0 || x.score > 100 {
			t.Fatalf("score %d", x.score)
		}
		if okx && (x.days > maxDays || x.a == x.b) {
			t.Fatalf("out of bounds: %+v", x)
		}
	})
}
