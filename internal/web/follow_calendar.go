package web

import (
	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// otherCalendars writes a day in the calendars that stand beside the Gregorian
// one. A month that begins with the sighting of the moon is a day out either way,
// which is said.
func otherCalendars(l *lang.Printer, day string) []string {
	at, err := calendar.ParseDay(day)
	if err != nil {
		return nil
	}
	var out []string
	for _, system := range []record.DateSystem{record.SolarHijri, record.Islamic, record.UmmAlQura} {
		d, err := calendar.FromDay(system, at)
		if err != nil {
			continue // outside of the years that the calendar is known for
		}
		out = append(out, l.T("follow.calendar."+string(system), "date", d.Text(l.Tag())))
	}
	return out
}
