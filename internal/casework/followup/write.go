package followup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// require refuses a viewer who may not do an action.
func require(v access.Viewer, a access.Action) error {
	if !v.May(a) {
		return fmt.Errorf("%s: %w", a, record.ErrForbidden)
	}
	return nil
}

// enters reports whether the viewer may write records of following up that are
// more than drafts: editors may, and organisers, whose petitions they come from.
func enters(v access.Viewer) bool { return v.May(access.ActEdit) || v.May(access.ActPetition) }

// wrong is an error about one field, with the message key of the catalogue.
func wrong(field, key string, args ...string) error {
	f := record.FieldError{Field: field, Key: "invalid." + key}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = map[string]string{}
		}
		f.Args[args[i]] = args[i+1]
	}
	return &record.Invalid{Fields: []record.FieldError{f}}
}

// put writes a record of following up: new with rev 0, else the next version of the
// one that stands. A contributor writes drafts and changes their own; an editor or an organiser
// writes any; making one public takes the right to publish. check sees the version
// that stands, nil for a new one, and may change the record.
func (d *Desk) put(ctx context.Context, v access.Viewer, rec record.Record, rev int, reason string, check func(w *casework.Work, old record.Record) error) error {
	action := "make"
	if rev > 0 {
		action = "change"
	}
	return d.do(ctx, v, access.ActEnter, action+" "+string(rec.Ref().Kind), reason, func(w *casework.Work) error {
		var old record.Record
		if rev > 0 {
			item, err := store.AnyOne(ctx, &w.Tx().Reader, v, rec.Ref())
			if err != nil {
				return err
			}
			old = item.Rec
			if old.Seen() == record.Draft && item.Author != v.User && !enters(v) {
				return fmt.Errorf("change what somebody else drafted: %w", record.ErrForbidden)
			}
		}
		if err := mayWrite(v, rec, old); err != nil {
			return err
		}
		if old != nil && old.Seen() == record.Public {
			if err := mayRewrite(ctx, &w.Tx().Reader, v, old, rec); err != nil {
				return err
			}
		}
		if check != nil {
			if err := check(w, old); err != nil {
				return err
			}
		}
		if rev == 0 {
			return w.Create(rec)
		}
		return w.Change(rec, rev)
	})
}

// mayWrite decides by who may see a record, as it stands and as it is to stand.
func mayWrite(v access.Viewer, rec, old record.Record) error {
	draft := rec.Seen() == record.Draft && (old == nil || old.Seen() == record.Draft)
	if !draft && !enters(v) {
		return fmt.Errorf("enter a %s: %w", rec.Ref().Kind, record.ErrForbidden)
	}
	was := old != nil && old.Seen() == record.Public
	if rec.Seen() == record.Public != was {
		return require(v, access.ActPublish)
	}
	return nil
}

// mayRewrite decides about the words of what is public: they are changed by who may edit
// the record, and those of a demand by the owners of its petition too.
func mayRewrite(ctx context.Context, r *store.Reader, v access.Viewer, old, rec record.Record) error {
	if v.May(access.ActEdit) {
		return nil
	}
	was, ok := old.(*record.Demand)
	if next, same := rec.(*record.Demand); ok && same && next.Of == was.Of {
		if err := ownsPetition(ctx, r, v, was.Of); err == nil || !errors.Is(err, record.ErrForbidden) {
			return err
		}
	}
	return fmt.Errorf("change a %s that is public: %w", rec.Ref().Kind, record.ErrForbidden)
}

// ownsPetition refuses whoever may not act for a petition: its owners may, and editors
// for all.
func ownsPetition(ctx context.Context, r *store.Reader, v access.Viewer, of record.Ref) error {
	if of.Kind == record.KindPetition {
		if v.May(access.ActEdit) {
			return nil
		}
		p, err := store.One[*record.Petition](ctx, r, v, of.ID)
		if err != nil {
			return err
		}
		if v.May(access.ActPetition) && slices.Contains(p.Rec.Owners, v.User) {
			return nil
		}
	}
	return fmt.Errorf("act for a petition of others: %w", record.ErrForbidden)
}

// zone refuses the name of a time zone that nobody knows.
func zone(field, name string) error {
	if name == "" {
		return nil
	}
	if _, err := time.LoadLocation(name); err != nil {
		return wrong(field, "zone", "zone", name)
	}
	return nil
}

// dues calls fn for every due date of a demand or commitment with its field.
func dues(due *record.Due, list []record.Step, fn func(field string, due *record.Due) error) error {
	if err := fn("due", due); err != nil {
		return err
	}
	for i := range list {
		if err := fn(fmt.Sprintf("steps.%d.due", i), &list[i].Due); err != nil {
			return err
		}
	}
	return nil
}

// settle checks the zones of due dates and works out those that count working days.
func settle(ctx context.Context, w *casework.Work, due *record.Due, list []record.Step) error {
	offices := map[string]*calendar.Offices{}
	return dues(due, list, func(field string, u *record.Due) error {
		if err := zone(field+".zone", u.Zone); err != nil {
			return err
		}
		if u.Working == 0 {
			return nil
		}
		o, ok := offices[u.Country]
		if !ok {
			all, err := w.Tx().HolidayCalendars(ctx, access.House())
			if err != nil {
				return err
			}
			i := slices.IndexFunc(all, func(c CalendarItem) bool { return c.Rec.Country == u.Country })
			if i < 0 {
				return wrong(field+".country", "calendar", "country", u.Country)
			}
			if o, err = calendar.NewOffices(all[i].Rec); err != nil {
				return err
			}
			offices[u.Country] = o
		}
		again, _, err := o.Recount(*u)
		if err != nil {
			return wrong(field+".from", "date")
		}
		*u = again
		return nil
	})
}

// keepsSteps refuses to drop a step that somebody has judged: the judgement would
// be of nothing.
func keepsSteps(ctx context.Context, w *casework.Work, id string, list []record.Step) error {
	all, err := w.Tx().AssessmentsOf(ctx, access.House(), id)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Rec.Step != "" && !slices.ContainsFunc(list, func(s record.Step) bool { return s.Key == a.Rec.Step }) {
			return wrong("steps", "assessed_step", "key", a.Rec.Step)
		}
	}
	return nil
}

// exists reports whether a record that another one names is there for the viewer.
func exists(ctx context.Context, w *casework.Work, v access.Viewer, field string, ref record.Ref) error {
	if ref.ID == "" {
		return nil
	}
	_, err := store.AnyOne(ctx, &w.Tx().Reader, v, ref)
	if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) {
		return wrong(field, "unknown")
	}
	return err
}

// cited refuses claims that are not there for whoever cites them.
func cited(ctx context.Context, w *casework.Work, v access.Viewer, rec record.Record) error {
	for _, ref := range casework.References(rec) {
		if err := exists(ctx, w, v, string(ref.Kind), ref); err != nil {
			return err
		}
	}
	return nil
}
