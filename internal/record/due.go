package record

import (
	"fmt"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/record/edtf"
)

// DateSystem is the calendar in which a date was given.
type DateSystem string

// The calendars that are read and shown. Whatever a date was given in, it is
// kept as a Gregorian one beside the words.
const (
	Gregorian  DateSystem = "gregorian"
	SolarHijri DateSystem = "solar_hijri"
	Islamic    DateSystem = "islamic"          // as reckoned by a rule
	UmmAlQura  DateSystem = "islamic_umalqura" // as Saudi Arabia publishes it
)

// DateSystems lists the calendars in the order in which forms offer them.
func DateSystems() []DateSystem { return []DateSystem{Gregorian, SolarHijri, Islamic, UmmAlQura} }

// DueOrigin is where a due date comes from.
type DueOrigin string

// A due date was stated by whoever promised or asked, follows from law, or from a
// rule of the house; the page says which.
const (
	DueStated DueOrigin = "stated"
	DueLegal  DueOrigin = "legal"
	DueHouse  DueOrigin = "house_rule"
)

// Due is until when something is to be done. With Day it ends when that day ends
// in Zone; words that name no day ("within days") are kept and give no deadline.
type Due struct {
	Day     string     `json:"day,omitempty"`  // Gregorian, YYYY-MM-DD
	Zone    string     `json:"zone,omitempty"` // IANA name; where the addressee is
	System  DateSystem `json:"system,omitempty"`
	Printed string     `json:"printed,omitempty"` // as it was given, in that calendar or in words
	Origin  DueOrigin  `json:"origin,omitempty"`
	// Working, if it is not 0, is how many working days after From the day is; Day was
	// worked out from it and is worked out again when the calendar of the country changes.
	Working int    `json:"working,omitempty"`
	From    string `json:"from,omitempty"` // YYYY-MM-DD
	Country string `json:"country,omitempty"`
	// Long is how many days after Day it counts as long overdue; 0 means the house's rule.
	Long   int       `json:"long,omitempty"`
	Claims []ClaimID `json:"claims,omitempty"`
}

// IsZero reports whether nothing is said about when.
func (d Due) IsZero() bool {
	return d.Day == "" && d.Printed == "" && d.Working == 0
}

// ValidDay reports whether s is a day as YYYY-MM-DD, of the years 1700 to 2400:
// what is followed happens in them, and a year before is one of another calendar that was
// taken for a Gregorian one.
func ValidDay(s string) bool {
	t, err := time.Parse(time.DateOnly, s)
	return err == nil && t.Year() >= 1700 && t.Year() <= 2400
}

// dayText writes a day as YYYY-MM-DD. Years before 1 and after 9999 are cut to these, as
// no day of a record can be compared with them otherwise.
func dayText(d edtf.Day) string {
	y, m, n := d.Civil()
	switch {
	case y < 1:
		return "0001-01-01"
	case y > 9999:
		return "9999-12-31"
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, n)
}

func (c *checks) day(field, s string) {
	if s != "" && !ValidDay(s) {
		c.add(field, "date")
	}
}

// zone accepts the shape of an IANA name; whether the zone is known is for those
// who have the table of zones.
func (c *checks) zone(field, s string) {
	if len(s) > 64 || strings.HasPrefix(s, "/") || strings.Contains(s, "..") || strings.EqualFold(s, "local") {
		c.add(field, "zone")
		return
	}
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("/_+-", r) {
			c.add(field, "zone")
			return
		}
	}
}

func (c *checks) due(field string, d Due) {
	c.day(field+".day", d.Day)
	c.day(field+".from", d.From)
	c.zone(field+".zone", d.Zone)
	if d.Day != "" {
		c.required(field+".zone", d.Zone)
		oneOf(c, field+".origin", d.Origin, DueStated, DueLegal, DueHouse)
	}
	if d.System != "" {
		oneOf(c, field+".system", d.System, DateSystems()...)
	}
	c.clean(field+".printed", d.Printed, MaxLine)
	if d.Working < 0 || d.Working > 10_000 {
		c.add(field+".working", "number")
	}
	if d.Working > 0 {
		c.required(field+".from", d.From)
		c.required(field+".country", d.Country)
	}
	c.place(field+".country", Place{Country: d.Country})
	if d.Long < 0 || d.Long > 10_000 {
		c.add(field+".long", "number")
	}
	for _, id := range d.Claims {
		c.id(field+".claims", string(id))
	}
}
