package web

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

func calendarKind() followKind {
	return followKind{
		kind: record.KindHolidayCalendar, plural: "calendars", need: access.ActEdit,
		parts: func() []followPart { return []followPart{countryPart(), weekendsPart(), holidaysPart()} },
		first: func() followPart { return onePage("new", countryPart(), weekendsPart()) },
		fresh: func(id string) record.Record {
			return &record.HolidayCalendar{ID: record.HolidayCalendarID(id), Visibility: record.Internal}
		},
	}
}

func countryPart() followPart {
	return followPart{
		name: "calendar",
		specs: func(c followForm) []spec {
			return []spec{
				{Name: "country", Word: "country", Input: inLine, Short: true},
				{Name: "visibility", Word: "visibility", Input: inChoice, Options: optionsOf("visibility.", false, record.Internal, record.Public), Short: true},
				{Name: "note", Word: "note", Input: inArea},
			}
		},
		fill: func(b blank, rec record.Record) {
			h := rec.(*record.HolidayCalendar)
			b.Set("country", h.Country)
			b.Set("visibility", string(h.Visibility))
			b.Set("note", h.Note)
		},
		apply: func(t typed, rec record.Record) {
			h := rec.(*record.HolidayCalendar)
			h.Country, h.Visibility, h.Note = upper(t.line("country")), record.Visibility(t.line("visibility")), t.words("note")
		},
	}
}

// onWeekdays offers the days of the week, from Monday.
func onWeekdays(l *lang.Printer) []option {
	var out []option
	for i := range 7 {
		day := strconv.Itoa((i + 1) % 7)
		out = append(out, option{day, l.T("desk.follow.weekday." + day)})
	}
	return out
}

func weekendsPart() followPart {
	return followPart{
		name: "weekends",
		rows: &followRows{
			field: "weekends", word: "follow.weekend", words: func(f Form, row string) string { return f.Get(rowField(row, "from")) }, lone: "days",
			specs: func(followForm) []spec {
				return []spec{
					{Name: "days", Word: "follow.weekend_days", Input: inChecks, Options: onWeekdays},
					{Name: "from", Word: "follow.weekend_from", Input: inLine, Short: true},
				}
			},
		},
		fill: func(b blank, rec record.Record) {
			for _, x := range rec.(*record.HolidayCalendar).Weekends {
				in := b.row("", 0)
				b.Set(in("from"), x.From)
				for _, d := range x.Days {
					b.Add(in("days"), strconv.Itoa(d))
				}
			}
		},
		apply: func(t typed, rec record.Record) {
			h := rec.(*record.HolidayCalendar)
			h.Weekends = nil
			for _, row := range rowsOf(*t.f) {
				x := record.Weekend{From: t.gregorian(rowField(row, "from"))}
				for _, s := range t.f.Values[rowField(row, "days")] {
					if d, err := strconv.Atoi(s); err == nil {
						x.Days = append(x.Days, d)
					}
				}
				slices.Sort(x.Days)
				h.Weekends = append(h.Weekends, x)
			}
		},
	}
}

func holidaysPart() followPart {
	return followPart{
		name: "holidays",
		rows: &followRows{
			field: "holidays", word: "follow.holiday", words: wordsIn("name"), lone: "day",
			specs: func(followForm) []spec {
				return []spec{
					{Name: "day", Word: "follow.day", Input: inLine, Short: true},
					{Name: "name", Word: "follow.holiday_name", Input: inTexts},
					{Fold: true, Name: "source", Word: "follow.source", Input: inPick, Kinds: ofSource},
				}
			},
		},
		fill: func(b blank, rec record.Record) {
			for _, x := range rec.(*record.HolidayCalendar).Holidays {
				in := b.row("", 0)
				b.Set(in("day"), x.Day)
				b.texts(in("name"), x.Name)
				addIDs(b, in("source"), record.KindSource, []record.SourceID{x.Source})
			}
		},
		apply: func(t typed, rec record.Record) {
			h := rec.(*record.HolidayCalendar)
			h.Holidays = nil
			type line struct {
				row string
				record.Holiday
			}
			var list []line
			for _, row := range rowsOf(*t.f) {
				in := func(name string) string { return rowField(row, name) }
				list = append(list, line{row, record.Holiday{Day: t.gregorian(in("day")), Name: t.texts(in("name")), Source: record.SourceID(t.ref(in("source")).ID)}})
			}
			// They are kept in the order of the days, whatever the order in which they were
			// typed, and shown in that order when the form comes back.
			slices.SortStableFunc(list, func(a, b line) int { return cmp.Compare(a.Day, b.Day) })
			var rows []string
			for _, x := range list {
				h.Holidays = append(h.Holidays, x.Holiday)
				rows = append(rows, x.row)
			}
			t.f.Values["row"] = rows
		},
	}
}
