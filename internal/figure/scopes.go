package figure

import (
	"cmp"
	"slices"

	"github.com/gawah-project/gawah/internal/record"
)

// areaOrder lists the areas from the smallest; the event's own extent is first.
var areaOrder = []record.Area{
	"", record.AreaSite, record.AreaCity, record.AreaDistrict, record.AreaProvince, record.AreaCountry, record.AreaWorld,
}

// Scopes returns the distinct scopes for which counted claims give the measure
// of their whole subject, the default scope first, then by area from site to
// world, place, period and who is counted.
func Scopes(measure record.Measure, said []Said) []record.Scope {
	var scopes []record.Scope
	for i := range said {
		c := said[i].Claim
		if c == nil || c.Kind != record.KindMeasure || c.Measure != measure || c.Form != record.Incident ||
			!c.Review.State.Counts() || slices.Contains(scopes, c.Scope) {
			continue
		}
		scopes = append(scopes, c.Scope)
	}
	slices.SortFunc(scopes, compareScopes)
	return scopes
}

func compareScopes(a, b record.Scope) int {
	if a.IsZero() || b.IsZero() {
		switch {
		case a == b:
			return 0
		case a.IsZero():
			return -1
		}
		return 1
	}
	return cmp.Or(
		cmp.Compare(slices.Index(areaOrder, a.Area), slices.Index(areaOrder, b.Area)),
		cmp.Compare(a.Area, b.Area),
		cmp.Compare(a.Place, b.Place),
		cmp.Compare(a.Period, b.Period),
		cmp.Compare(a.Counted, b.Counted),
		cmp.Compare(a.Attackers, b.Attackers),
	)
}

// Measures returns the measures for which counted claims give a number of their
// whole subject, in the order of [record.Measures].
func Measures(said []Said) []record.Measure {
	var found []record.Measure
	for _, m := range record.Measures() {
		if slices.ContainsFunc(said, func(s Said) bool {
			c := s.Claim
			return c != nil && c.Kind == record.KindMeasure && c.Measure == m && c.Form == record.Incident &&
				c.Review.State.Counts()
		}) {
			found = append(found, m)
		}
	}
	return found
}
