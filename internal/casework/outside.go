package casework

import (
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
)

// Outside returns about how many kilometres a place's point lies outside of the
// country that the place names: 0 for one inside or near it, and where nobody can
// tell. It is a reason to look again and none to refuse.
func Outside(p record.Place) int {
	if p.Point == nil {
		return 0
	}
	return exchange.Outside(p.Country, *p.Point)
}
