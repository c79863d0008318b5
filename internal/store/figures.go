package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// FigureRow is a figure as lists show it: the default rule's answer for the
// default scope, kept so that a page of events needs no working out.
type FigureRow struct {
	Subject         string
	Measure         record.Measure
	Unit            string // the currency of money
	Audience        int    // 0 the public, 1 the desk
	Low, Best, High *int64
	Open, Approx    bool
	Origins         int
	Status          string
	Rule            string
	Claims          int
}

var figureColumns = []string{
	"subject", "measure", "unit", "audience", "low", "best", "high", "open", "approx", "origins", "status", "rule", "claims",
}

// PutFigures replaces what is kept about a subject. fresh says that nothing is
// kept yet, as for an event made in this transaction.
func (t *Tx) PutFigures(ctx context.Context, subject string, rows []FigureRow, fresh bool) error {
	if !fresh {
		if err := t.exec(ctx, "delete from figure where subject = $1", subject); err != nil {
			return fmt.Errorf("replace figures: %w", err)
		}
	}
	for _, f := range rows {
		err := t.put(ctx, "figure", figureColumns, subject, string(f.Measure), f.Unit, f.Audience, number(f.Low), number(f.Best), number(f.High),
			flag(f.Open), flag(f.Approx), f.Origins, f.Status, f.Rule, f.Claims)
		if err != nil {
			return fmt.Errorf("write figures: %w", err)
		}
	}
	return nil
}

func number(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Figures returns the kept figures of the subjects for the viewer's audience.
func (r *Reader) Figures(ctx context.Context, v access.Viewer, subjects ...string) (map[string][]FigureRow, error) {
	out := make(map[string][]FigureRow, len(subjects))
	for len(subjects) > 0 {
		n := min(len(subjects), chunk)
		in, args := list([]any{audience(v)}, subjects[:n])
		seen, args := r.seesSubject(v, args)
		rows, err := r.query(ctx, "select subject, measure, unit, audience, low, best, high, open, approx, origins, status, rule, claims from figure f where audience = $1 and subject in ("+in+") and "+seen+" order by subject, measure", args...)
		if err != nil {
			return nil, fmt.Errorf("read figures: %w", err)
		}
		err = scan(rows, func() error {
			var f FigureRow
			var open, approx int
			if err := rows.Scan(&f.Subject, &f.Measure, &f.Unit, &f.Audience, &f.Low, &f.Best, &f.High, &open, &approx, &f.Origins, &f.Status, &f.Rule, &f.Claims); err != nil {
				return err
			}
			f.Open, f.Approx = open != 0, approx != 0
			out[f.Subject] = append(out[f.Subject], f)
			return nil
		})
		if err != nil {
			return nil, r.dialect.fault(err)
		}
		subjects = subjects[n:]
	}
	return out, nil
}

// seesSubject writes the condition under which a viewer sees the subject of a
// figure. Most subjects are events, so these are looked at first. It is a value
// and not "exists", which PostgreSQL would answer for all events at once.
func (r *Reader) seesSubject(v access.Viewer, args []any) (string, []any) {
	if v.Sees() >= access.LevelDraft {
		return "1 = 1", args
	}
	var or []string
	for _, kind := range []record.Kind{record.KindEvent, record.KindTotal, record.KindParty, record.KindPerson, record.KindSource, record.KindTie} {
		var seen string
		seen, args = r.sees(v, "s", "author", args)
		or = append(or, "(select 1 from "+tables[kind].name+" s where s.id = f.subject and "+seen+" limit 1)")
	}
	return "coalesce(" + strings.Join(or, ", ") + ") = 1", args
}

// Voices returns what figures need of the sources: who published each and when.
func (r *Reader) Voices(ctx context.Context, sources []record.SourceID) (map[record.SourceID]Voice, error) {
	out := make(map[record.SourceID]Voice, len(sources))
	for len(sources) > 0 {
		n := min(len(sources), chunk)
		in, args := list(nil, sources[:n])
		rows, err := r.query(ctx, "select id, outlet, published, body from source where id in ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		err = scan(rows, func() error {
			var id record.SourceID
			var v Voice
			var day int64
			var body []byte
			if err := rows.Scan(&id, &v.Outlet, &day, &body); err != nil {
				return err
			}
			s, err := decode[*record.Source](record.KindSource, body)
			if err != nil {
				return err
			}
			v.Source = s
			out[id] = v
			return nil
		})
		if err != nil {
			return nil, r.dialect.fault(err)
		}
		sources = sources[n:]
	}
	return out, nil
}

// Voice is a source as figures need it.
type Voice struct {
	Outlet string
	Source *record.Source
}
