package followup

import (
	"context"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/gawah-project/gawah/internal/store"
)

// MakeProceeding enters a proceeding; its identifier and address are given here.
func (d *Desk) MakeProceeding(ctx context.Context, v access.Viewer, rec *record.Proceeding, reason string) (record.ProceedingID, error) {
	id, err := d.house.NewID()
	if err != nil {
		return "", err
	}
	next := *rec
	next.ID = record.ProceedingID(id)
	if next.Slug == "" {
		// The address of a named accused would name them for ever.
		words := next.Title.In("en").Text
		if next.Person != "" {
			words = "case"
		}
		if next.Slug, err = d.house.FreeSlug(ctx, record.KindProceeding, words); err != nil {
			return "", err
		}
	}
	if err := d.put(ctx, v, &next, 0, reason, d.checkProceeding(ctx, v, &next)); err != nil {
		return "", err
	}
	return next.ID, nil
}

// SaveProceeding changes a proceeding; rev is the revision the change was made on.
func (d *Desk) SaveProceeding(ctx context.Context, v access.Viewer, rec *record.Proceeding, rev int, reason string) error {
	next := *rec
	return d.put(ctx, v, &next, max(rev, 1), reason, d.checkProceeding(ctx, v, &next))
}

func (d *Desk) checkProceeding(ctx context.Context, v access.Viewer, rec *record.Proceeding) func(*casework.Work, record.Record) error {
	return func(w *casework.Work, old record.Record) error {
		if old == nil {
			if err := cited(ctx, w, v, rec); err != nil {
				return err
			}
		}
		if err := exists(ctx, w, v, "person", record.Ref{Kind: record.KindPerson, ID: string(rec.Person)}); err != nil {
			return err
		}
		if rec.Visibility != record.Public {
			return nil
		}
		ok, err := w.GroundedProceeding(rec)
		if err == nil && !ok {
			err = wrong("visibility", "accused")
		}
		return err
	}
}

// line reads how far a case came; before are the dates of its attacks.
func proceedingLine(it ProceedingItem, before []edtf.Date) ProceedingLine {
	c := follow.ReadChain(it.Rec)
	l := ProceedingLine{
		Proceeding: it.Rec, Rev: it.Rev, Level: it.Level, Reached: c.Stage, Chain: c,
		Contradictions: follow.Contradictions(it.Rec, before),
	}
	for _, x := range l.Contradictions {
		l.Order = append(l.Order, x.Step)
	}
	if n := len(c.Exits); n > 0 {
		l.Exit = it.Rec.Steps[c.Exits[n-1]].Kind
	}
	switch {
	case c.Verdict != "":
		l.Outcome = string(c.Verdict)
	case c.Checked:
		l.Outcome = "none_known"
	default:
		l.Outcome = "not_checked"
	}
	return l
}

// proceedingLines reads proceedings with the dates of their attacks.
func proceedingLines(ctx context.Context, r *store.Reader, v access.Viewer, items []ProceedingItem) ([]ProceedingLine, error) {
	var ids []record.EventID
	for _, it := range items {
		ids = append(ids, it.Rec.Events...)
	}
	events, err := store.Get[*record.Event](ctx, r, v, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]ProceedingLine, len(items))
	for i, it := range items {
		var dates []edtf.Date
		for _, id := range it.Rec.Events {
			if e, ok := events[id]; ok {
				dates = append(dates, e.Rec.When.Date)
			}
		}
		out[i] = proceedingLine(it, dates)
	}
	return out, nil
}

// Proceeding reads a proceeding's page by its slug, an old slug or its identifier.
func (d *Desk) Proceeding(ctx context.Context, v access.Viewer, slug string) (*ProceedingPage, error) {
	p := &ProceedingPage{}
	err := d.view(ctx, func(r *store.Reader) (err error) {
		if p.Item, err = bySlug[*record.Proceeding](ctx, r, v, slug); err != nil {
			return err
		}
		rec := p.Item.Rec
		lines, err := proceedingLines(ctx, r, v, []ProceedingItem{p.Item})
		if err != nil {
			return err
		}
		p.ProceedingLine = lines[0]
		events, err := store.Get[*record.Event](ctx, r, v, rec.Events...)
		if err != nil {
			return err
		}
		var items []store.Item[*record.Event]
		for _, id := range rec.Events {
			if e, ok := events[id]; ok {
				items = append(items, e)
			}
		}
		if p.Events, err = casework.EventLinesIn(ctx, r, v, items); err != nil {
			return err
		}
		p.Said, p.Links, err = mentionedBy(ctx, r, v, []record.Record{rec})
		return err
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Proceedings lists proceedings and how many there are: those about a record
// (an event, a person, a party as accused, as court or as whose member), or all with a zero Ref.
func (d *Desk) Proceedings(ctx context.Context, v access.Viewer, about record.Ref, offset, limit int) (out []ProceedingLine, n int, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		items, total, err := r.ProceedingsOf(ctx, v, about.ID, offset, limit)
		if err != nil {
			return err
		}
		n = total
		out, err = proceedingLines(ctx, r, v, items)
		return err
	})
	return out, n, err
}
