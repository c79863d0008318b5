package web

import (
	"errors"
	"strconv"
	"time"

	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// dueSpecs lists the fields of a due date. prefix is how they begin, group the
// heading before them, if there is one.
func dueSpecs(prefix, group string, fold bool) []spec {
	return []spec{
		{Name: prefix + ".day", Word: "follow.due_day", Input: inLine, Short: true, Group: group, Fold: fold},
		{Name: prefix + ".system", Word: "follow.system", Input: inChoice, Options: optionsOf("desk.follow.system.", false, record.DateSystems()...), Short: true, Fold: fold},
		{Name: prefix + ".zone", Word: "follow.zone", Input: inLine, Short: true, Fold: fold},
		{Name: prefix + ".origin", Word: "follow.origin", Input: inChoice, Options: optionsOf("follow.origin.", false, record.DueStated, record.DueLegal, record.DueHouse), Short: true, Fold: fold},
		{Name: prefix + ".printed", Word: "follow.due_words", Input: inLine, Fold: fold},
		{Name: prefix + ".working", Word: "follow.working", Input: inLine, Short: true, Fold: fold},
		{Name: prefix + ".from", Word: "follow.working_from", Input: inLine, Short: true, Fold: fold},
		{Name: prefix + ".country", Word: "follow.working_country", Input: inLine, Short: true, Fold: fold},
		{Name: prefix + ".long", Word: "follow.long", Input: inLine, Short: true, Fold: fold},
		{Name: prefix + ".claims", Word: "rests_on", Input: inPicks, Kinds: ofClaim, Fold: fold},
	}
}

// due writes a due date into a form: its day in the calendar in which it was
// given.
func (b blank) due(name string, d record.Due) {
	system := d.System
	if system == "" {
		system = record.Gregorian
	}
	b.Set(name+".day", d.Day)
	if d.Working == 0 {
		b.Set(name+".day", writeDay(system, d.Day))
	}
	b.Set(name+".system", string(system))
	b.Set(name+".zone", d.Zone)
	b.Set(name+".origin", string(d.Origin))
	b.Set(name+".printed", d.Printed)
	if d.Working > 0 {
		// The day is worked out from these and not typed.
		b.Set(name+".day", "")
		b.Set(name+".working", strconv.Itoa(d.Working))
	}
	b.Set(name+".from", d.From)
	b.Set(name+".country", d.Country)
	if d.Long > 0 {
		b.Set(name+".long", strconv.Itoa(d.Long))
	}
	addIDs(b, name+".claims", record.KindClaim, d.Claims)
}

// zoned is where somebody sits: a country, and the zone if one was given.
type zoned struct{ country, zone string }

// due reads a due date. Where no zone is typed it is that of the country, of the
// due date itself or of those who are to do it.
func (t typed) due(name string, had record.Due, who ...zoned) record.Due {
	d := record.Due{
		Printed: t.line(name + ".printed"), Country: upper(t.line(name + ".country")), Claims: idsOf[record.ClaimID](t.refs(name + ".claims")),
	}
	day, system := t.line(name+".day"), record.DateSystem(t.line(name+".system"))
	working := t.number(name + ".working")
	from := t.gregorian(name + ".from")
	if long := t.number(name + ".long"); long != nil {
		d.Long = int(min(max(*long, -1), 100_000))
	}
	counts := working != nil && *working > 0
	if day == "" && d.Printed == "" && !counts {
		if from != "" {
			t.f.Add(t.l, name+".working", "invalid.required")
		}
		d.Country, d.Long = "", 0
		return record.Due{}
	}
	if day != "" && counts {
		t.f.Add(t.l, name+".day", "invalid.day_or_working")
		return had
	}
	d.System = system
	if system == "" {
		d.System = record.Gregorian
	}
	if day != "" {
		d.Day = t.dayIn(name+".day", d.System)
		if d.System != record.Gregorian && d.Printed == "" {
			d.Printed = day
		}
	}
	if counts {
		d.Working, d.From = int(min(*working, 100_000)), from
		for _, w := range who {
			d.Country = cmpOr(d.Country, w.country)
		}
		if d.From == had.From && d.Working == had.Working && d.Country == had.Country {
			d.Day = had.Day // until it is worked out again
		}
	}
	zone := t.line(name + ".zone")
	if zone == "" && (day != "" || counts) {
		zone = calendar.ZoneOf(d.Country)
		for _, w := range who {
			zone = cmpOr(zone, cmpOr(w.zone, calendar.ZoneOf(w.country)))
		}
	}
	d.Zone = t.knownZone(name+".zone", zone)
	if d.Day != "" || counts {
		d.Origin = record.DueOrigin(t.line(name + ".origin"))
	}
	return d
}

// zone reads the zone in which somebody sits; a blank one is that of the
// country.
func (t typed) zone(name, country string) string {
	return t.knownZone(name, cmpOr(t.line(name), calendar.ZoneOf(country)))
}

// knownZone notes a zone that the table of zones does not have.
func (t typed) knownZone(name, zone string) string {
	if zone == "" {
		return ""
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		t.f.Add(t.l, name, "invalid.zone", "value", zone)
	}
	return zone
}

// gregorian reads a day, in whatever calendar its words or its year show, as
// records keep it.
func (t typed) gregorian(name string) string { return t.dayIn(name, "") }

// dayIn reads a day that was given in a calendar, or in the one that shows, as
// records keep it. A day that cannot be read is kept as it was typed, so that nothing is lost.
func (t typed) dayIn(name string, system record.DateSystem) string {
	s := t.line(name)
	if s == "" || system == "" && record.ValidDay(s) {
		return s
	}
	d, err := calendar.Parse(s, system)
	if err == nil {
		return calendar.DayText(d.Gregorian())
	}
	code := calendar.CodeSyntax
	var e *calendar.Error
	if errors.As(err, &e) {
		code = e.Code
	}
	t.f.Add(t.l, name, "invalid.calendar."+string(code), "value", s)
	return ""
}

// writeDay writes a day in a calendar with its year first, for a form to read
// again.
func writeDay(system record.DateSystem, day string) string {
	d, err := calendar.ParseDay(day)
	if err != nil {
		return day
	}
	at, err := calendar.FromDay(system, d)
	if err != nil {
		return day
	}
	return at.String()
}

// inCalendars writes a day in all calendars, the Gregorian first.
func inCalendars(l *lang.Printer, day string) string {
	out := l.Date(day)
	for _, other := range otherCalendars(l, day) {
		out = joinParts(out, other)
	}
	return out
}

// dueText says until when, in all calendars, and where that comes from.
func dueText(l *lang.Printer, d record.Due) string {
	if d.IsZero() {
		return l.T("desk.follow.no_due")
	}
	out := ""
	if d.Day != "" {
		out = l.T("desk.follow.due_at", "date", inCalendars(l, d.Day), "zone", d.Zone)
	}
	if d.Working > 0 {
		out = joinParts(out, l.T("desk.follow.due_working", "n", d.Working, "date", l.Date(d.From), "country", d.Country))
	}
	if d.Printed != "" {
		out = joinParts(out, l.T("desk.follow.due_printed", "words", d.Printed))
	}
	if d.Origin != "" {
		out = joinParts(out, l.T("follow.origin."+string(d.Origin)))
	}
	return out
}

func joinParts(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}
