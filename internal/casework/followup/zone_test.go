package followup

import (
	"testing"

	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/record"
)

// TestZoneOf ends an addressee's days where it was entered, else where the country is
// governed from, by the one table that forms offer too.
func TestZoneOf(t *testing.T) {
	for _, test := range []struct {
		of   record.DemandAddressee
		due  string
		want string
	}{
		{record.DemandAddressee{Zone: "Asia/Tokyo", Country: "AU"}, "Asia/Karachi", "Asia/Tokyo"},
		{record.DemandAddressee{Country: "AU"}, "Asia/Karachi", "Australia/Sydney"},
		{record.DemandAddressee{Country: "AF"}, "", "Asia/Kabul"},
		{record.DemandAddressee{Country: "QQ"}, "Asia/Karachi", "Asia/Karachi"},
		{record.DemandAddressee{}, "", ""},
	} {
		if got := zoneOf(test.of, record.Due{Zone: test.due}); got != test.want {
			t.Errorf("%+v with a due date in %q: %q, want %q", test.of, test.due, got, test.want)
		}
		if test.of.Zone == "" && calendar.ZoneOf(test.of.Country) != "" && test.want != calendar.ZoneOf(test.of.Country) {
			t.Errorf("%s has two zones", test.of.Country)
		}
	}
}
