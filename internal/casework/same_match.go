package casework

import (
	"cmp"
	"math"
	"slices"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// matcher names the rule by which pairs are proposed, with its version.
const matcher = "matcher/1"

// The bounds of the matcher. Beyond maxDays or, for events in different towns,
// maxKm nothing is proposed; an event whose date spans more than maxSpan days
// says too little about when it was. minScore is where a pair is worth an
// editor's time, and a pair is left out when one of its events has a likelier
// partner by more than margin points.
const (
	maxDays  = 2
	maxKm    = 40
	maxSpan  = 31
	minScore = 55
	margin   = 15
)

// matchable is an event as the matcher sees it.
type matchable struct {
	id       record.EventID
	kind     record.EventType
	from, to int64 // days
	country  string
	province string // folded
	town     string // folded
	lat, lon float64
	point    bool
	dataset  string
	whole    record.EventID // stands for all that is of one whole or on one page with it
}

func matchableOf(e store.NearEvent) matchable {
	return matchable{
		id: e.ID, kind: e.Type, from: e.Earliest, to: e.Latest, country: e.Country, province: e.Province, town: townKey(e.Town),
		lat: e.Lat, lon: e.Lon, point: e.HasPoint, dataset: e.Dataset,
	}
}

// dated reports whether the event's date says enough.
func (m matchable) dated() bool {
	return m.from > store.DayUnknown && m.to >= m.from && m.to-m.from <= maxSpan
}

// townKey drops what compilers put around a town's name: blanks within initials
// and words such as "town" and "city".
func townKey(folded string) string {
	var b []byte
	start := 0
	word := func(w string) {
		switch w {
		case "town", "city", "village", "area", "district", "":
			return
		}
		b = append(b, w...)
	}
	for i := 0; i <= len(folded); i++ {
		if i == len(folded) || folded[i] == ' ' {
			word(folded[start:i])
			start = i + 1
		}
	}
	return string(b)
}

// candidate is a pair of events that may be one, and why.
type candidate struct {
	a, b    record.EventID // a gives the page
	days    int
	km      float64
	score   int
	reasons []string
}

// match compares two events and reports whether the pair is within the bounds.
// The score is not final: figures are compared afterwards.
func match(a, b matchable) (candidate, bool) {
	switch {
	case a.dataset != "" && a.dataset == b.dataset:
		return candidate{}, false // its compiler tells them apart
	case a.whole != "" && a.whole == b.whole:
		return candidate{}, false // told apart, or on one page, already
	case a.country != "" && b.country != "" && a.country != b.country:
		return candidate{}, false
	case !compatible(a.kind, b.kind):
		return candidate{}, false
	case gap(a, b) > maxDays:
		return candidate{}, false
	}
	sameTown := a.town != "" && a.town == b.town
	near := a.point && b.point && kilometres(a, b) <= maxKm
	if !sameTown && !near {
		return candidate{}, false
	}
	c := compare(a, b)
	return c, true
}

// compare scores a pair, from 0 to 100: the date counts most, then the place,
// then the toll.
func compare(a, b matchable) candidate {
	first, second := a, b
	if cmp.Or(later(a.dataset != "", b.dataset != ""), cmp.Compare(a.id, b.id)) > 0 {
		first, second = b, a
	}
	c := candidate{a: first.id, b: second.id, days: int(gap(a, b))}
	add := func(points int, reason string) {
		c.score += points
		c.reasons = append(c.reasons, reason)
	}
	exact := a.from == a.to && b.from == b.to
	switch {
	case c.days == 0 && exact:
		add(45, "same.day_same")
	case c.days == 0:
		add(30, "same.day_within")
	case c.days == 1:
		add(20, "same.day_next")
	default:
		add(8, "same.day_near")
	}
	if a.town != "" && a.town == b.town {
		add(25, "same.town")
	}
	if a.point && b.point {
		c.km = math.Round(kilometres(a, b)*10) / 10
		switch {
		case c.km <= 5:
			add(15, "same.km_close")
		case c.km <= 15:
			add(10, "same.km_near")
		case c.km <= maxKm:
			add(5, "same.km_within")
		default:
			add(-10, "same.km_far")
		}
	}
	if a.kind == b.kind {
		add(5, "same.type")
	}
	return c
}

// compareKilled adds what two figures say, each as its lowest and highest.
func (c *candidate) compareKilled(a, b [2]int64) {
	add := func(points int, reason string) {
		c.score = min(100, max(0, c.score+points))
		c.reasons = append(c.reasons, reason)
	}
	switch low, high := max(a[0], b[0]), min(a[1], b[1]); {
	case low <= high && high > 0:
		add(15, "same.killed_overlap")
	case low <= high:
		add(0, "same.killed_none")
	case float64(low) <= 1.5*float64(high)+2:
		add(5, "same.killed_close")
	default:
		add(-15, "same.killed_apart")
	}
}

// gap is how many days lie between two spans, 0 when they touch.
func gap(a, b matchable) int64 {
	switch {
	case a.to < b.from:
		return b.from - a.to
	case b.to < a.from:
		return a.from - b.to
	}
	return 0
}

// compatible reports whether two types can be two readings of one event: what
// one compiler calls a clash is an attack to another, a sit-in a protest.
func compatible(a, b record.EventType) bool {
	family := func(t record.EventType) int {
		switch t {
		case record.TypeAttack, record.TypeClash:
			return 1
		case record.TypeProtest, record.TypeSitIn:
			return 2
		}
		return 0
	}
	if a == b || a == record.TypeOtherEvent || b == record.TypeOtherEvent {
		return true
	}
	return family(a) != 0 && family(a) == family(b)
}

// earthRadius is the mean radius R1 of the Earth in kilometres (IUGG).
const earthRadius = 6371.0088

// kilometres is the distance of two points along a great circle, by the
// haversine formula, which stays exact for points close together.
func kilometres(a, b matchable) float64 {
	const rad = math.Pi / 180
	dLat, dLon := (b.lat-a.lat)*rad, (b.lon-a.lon)*rad
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(a.lat*rad)*math.Cos(b.lat*rad)*math.Pow(math.Sin(dLon/2), 2)
	return 2 * earthRadius * math.Asin(math.Sqrt(min(1, h)))
}

// best keeps the pairs that are likely by themselves and beside the other pairs
// of the same events, the likeliest first.
func best(found []candidate) []candidate {
	top := map[record.EventID]int{}
	for _, c := range found {
		top[c.a] = max(top[c.a], c.score)
		top[c.b] = max(top[c.b], c.score)
	}
	out := slices.DeleteFunc(found, func(c candidate) bool {
		return c.score < minScore || c.score+margin < max(top[c.a], top[c.b])
	})
	slices.SortFunc(out, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	return out
}
