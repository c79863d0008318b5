package record

import "strconv"

// PlacePrecision says how exact a point or a name is. It belongs to the claim:
// the centre of a town is not the site of an attack.
type PlacePrecision string

// From a building or street corner down to "nothing known".
const (
	PreciseSite     PlacePrecision = "site"
	PreciseTown     PlacePrecision = "town"
	PreciseNear     PlacePrecision = "near" // within about 25 km
	PreciseDistrict PlacePrecision = "district"
	PreciseProvince PlacePrecision = "province"
	PreciseCountry  PlacePrecision = "country"
	PreciseFuzzy    PlacePrecision = "fuzzy" // a line, an area, at sea
	PreciseUnknown  PlacePrecision = "unknown"
)

// Point is a position in decimal degrees, WGS 84.
type Point struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// Place is where something happened, as exactly as the claim says. Names are as
// printed; Country is an ISO 3166-1 alpha-2 code.
type Place struct {
	Site      string         `json:"site,omitempty"`
	Town      string         `json:"town,omitempty"`
	District  string         `json:"district,omitempty"`
	Province  string         `json:"province,omitempty"`
	Country   string         `json:"country,omitempty"`
	Point     *Point         `json:"point,omitempty"`
	Precision PlacePrecision `json:"precision,omitempty"`
	Printed   string         `json:"printed,omitempty"`
}

// IsZero reports whether nothing is known of the place.
func (p Place) IsZero() bool { return p == Place{} }

// Parts returns the names from the finest to the coarsest, without blanks; the
// country is left out because it is a code and pages name it in the reader's
// language.
func (p Place) Parts() []string {
	var parts []string
	for _, s := range []string{p.Site, p.Town, p.District, p.Province} {
		if s != "" && (len(parts) == 0 || parts[len(parts)-1] != s) {
			parts = append(parts, s)
		}
	}
	return parts
}

func (c *checks) place(field string, p Place) {
	for _, s := range []string{p.Site, p.Town, p.District, p.Province, p.Printed} {
		c.clean(field, s, MaxLine)
	}
	if p.Country != "" && (len(p.Country) != 2 || p.Country[0] < 'A' || p.Country[0] > 'Z' || p.Country[1] < 'A' || p.Country[1] > 'Z') {
		c.add(field, "country", "code", p.Country)
	}
	if p.Precision != "" {
		oneOf(c, field, p.Precision, PreciseSite, PreciseTown, PreciseNear, PreciseDistrict, PreciseProvince, PreciseCountry, PreciseFuzzy, PreciseUnknown)
	}
	if p.Point != nil {
		// The comparisons are written so that NaN fails them.
		if !(p.Point.Lat >= -90 && p.Point.Lat <= 90) {
			c.add(field, "latitude", "value", strconv.FormatFloat(p.Point.Lat, 'g', -1, 64))
		}
		if !(p.Point.Lon >= -180 && p.Point.Lon <= 180) {
			c.add(field, "longitude", "value", strconv.FormatFloat(p.Point.Lon, 'g', -1, 64))
		}
	}
}
