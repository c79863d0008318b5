package record

import "fmt"

// Weekend says which days of the week are off, from a day on. Days count from 0
// for Sunday.
type Weekend struct {
	From string `json:"from,omitempty"` // YYYY-MM-DD; "" always
	Days []int  `json:"days"`
}

// Holiday is one day off. Holidays of a lunar calendar are entered when they are
// announced.
type Holiday struct {
	Day    string   `json:"day"` // YYYY-MM-DD
	Name   Text     `json:"name"`
	Source SourceID `json:"source,omitempty"`
}

// HolidayCalendar is on which days offices of a country are closed.
type HolidayCalendar struct {
	ID         HolidayCalendarID `json:"id"`
	Country    string            `json:"country"` // ISO 3166 alpha-2
	Weekends   []Weekend         `json:"weekends"`
	Holidays   []Holiday         `json:"holidays,omitempty"` // ascending
	Note       string            `json:"note,omitempty"`
	Visibility Visibility        `json:"visibility"`
}

// MaxHolidays bounds a calendar.
const MaxHolidays = 5_000

// Ref implements [Record].
func (h *HolidayCalendar) Ref() Ref { return Ref{KindHolidayCalendar, string(h.ID)} }

// Seen implements [Record].
func (h *HolidayCalendar) Seen() Visibility { return h.Visibility }

// Validate implements [Record].
func (h *HolidayCalendar) Validate() error {
	var c checks
	c.id("id", string(h.ID))
	c.required("country", h.Country)
	c.place("country", Place{Country: h.Country})
	if len(h.Holidays) > MaxHolidays || len(h.Weekends) > MaxFollowed {
		c.add("holidays", "many", "limit", fmt.Sprint(MaxHolidays))
		return c.err()
	}
	for i, w := range h.Weekends {
		at := fmt.Sprintf("weekends.%d", i)
		c.day(at+".from", w.From)
		if i > 0 && w.From <= h.Weekends[i-1].From {
			c.add(at+".from", "order")
		}
		if len(w.Days) > 6 {
			c.add(at+".days", "many", "limit", "6")
		}
		for _, d := range w.Days {
			if d < 0 || d > 6 {
				c.add(at+".days", "number")
			}
		}
	}
	for i, d := range h.Holidays {
		at := fmt.Sprintf("holidays.%d", i)
		c.required(at+".day", d.Day)
		c.day(at+".day", d.Day)
		if i > 0 && d.Day < h.Holidays[i-1].Day {
			c.add(at+".day", "order")
		}
		c.text(at+".name", d.Name, MaxLine)
		c.optionalID(at+".source", string(d.Source))
	}
	c.clean("note", h.Note, MaxText)
	c.visibility(h.Visibility)
	return c.err()
}
