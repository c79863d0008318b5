package followup

import (
	"context"
	"fmt"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// SaveCalendar makes (rev 0) or changes a country's calendar. Due dates in working
// days there are worked out again in the same transaction, each as a version of
// its demand or commitment under the same journal entry, and returned. A country has
// one calendar.
func (d *Desk) SaveCalendar(ctx context.Context, v access.Viewer, rec *record.HolidayCalendar, rev int, reason string) ([]Recalculated, error) {
	next := *rec
	if rev == 0 {
		id, err := d.house.NewID()
		if err != nil {
			return nil, err
		}
		next.ID = record.HolidayCalendarID(id)
	}
	var moved []Recalculated
	err := d.do(ctx, v, access.ActEdit, "change calendar", reason, func(w *casework.Work) error {
		moved = nil
		if err := next.Validate(); err != nil {
			return err
		}
		all, err := w.Tx().HolidayCalendars(ctx, access.House())
		if err != nil {
			return err
		}
		if slices.ContainsFunc(all, func(c CalendarItem) bool { return c.Rec.Country == next.Country && c.Rec.ID != next.ID }) {
			return wrong("country", "taken")
		}
		if rev == 0 {
			err = w.Create(&next)
		} else {
			err = w.Change(&next, rev)
		}
		if err != nil {
			return err
		}
		moved, err = recount(ctx, w, &next)
		return err
	})
	return moved, err
}

// recount works out again every due date in working days of a country.
func recount(ctx context.Context, w *casework.Work, c *record.HolidayCalendar) ([]Recalculated, error) {
	offices, err := calendar.NewOffices(c)
	if err != nil {
		return nil, err
	}
	refs, err := w.Tx().DueIn(ctx, c.Country)
	if err != nil {
		return nil, err
	}
	var moved []Recalculated
	for _, ref := range refs {
		item, err := store.AnyOne(ctx, &w.Tx().Reader, access.House(), ref)
		if err != nil {
			return nil, err
		}
		next, due, list := copyDues(item.Rec)
		before := len(moved)
		err = dues(due, list, func(field string, u *record.Due) error {
			if u.Working == 0 || u.Country != c.Country {
				return nil
			}
			again, changed, err := offices.Recount(*u)
			if err != nil {
				return fmt.Errorf("%s of %s: %w", field, ref, err)
			}
			if changed {
				moved = append(moved, Recalculated{Of: ref, Step: stepOf(list, u), Was: u.Day, Now: again.Day})
				*u = again
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if len(moved) == before {
			continue
		}
		if err := w.Change(next, item.Rev); err != nil {
			return nil, err
		}
	}
	return moved, nil
}

// copyDues copies a demand or commitment so that its due dates can be changed.
func copyDues(rec record.Record) (record.Record, *record.Due, []record.Step) {
	switch r := rec.(type) {
	case *record.Demand:
		next := *r
		next.Steps = slices.Clone(r.Steps)
		return &next, &next.Due, next.Steps
	case *record.Commitment:
		next := *r
		next.Steps = slices.Clone(r.Steps)
		return &next, &next.Due, next.Steps
	}
	return rec, &record.Due{}, nil
}

// stepOf is the key of the step whose due date it is, "" for the whole.
func stepOf(list []record.Step, u *record.Due) string {
	for i := range list {
		if &list[i].Due == u {
			return list[i].Key
		}
	}
	return ""
}

// Calendars lists the calendars by country.
func (d *Desk) Calendars(ctx context.Context, v access.Viewer) (out []CalendarItem, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		out, err = r.HolidayCalendars(ctx, v)
		return err
	})
	return out, err
}
