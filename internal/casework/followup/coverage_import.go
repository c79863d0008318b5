package followup

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// CoverageOptions is what an export does not say of itself.
type CoverageOptions struct {
	// Event is a slug or an identifier.
	Event string
	// Title is made from the collection when it is empty.
	Title      record.Text
	Collection string
	// Query is what matched; empty takes what the export says.
	Query    string
	Language string
	// Tool overrides what the export looks like, for tables of an unnamed tool.
	Tool       record.CoverageTool
	Source     record.SourceID
	Visibility record.Visibility // [record.Internal] when empty
	Note       string
	Reason     string
	DryRun     bool
}

// coverageSpace is where the identifiers of series come from.
const coverageSpace = "coverage"

// ImportCoverage takes in a series, or adds to the one about the same event,
// collection, query, language and tool: days that are there already and differ
// are updated, days that the new export does not have stay. Its file stays in the
// house as it came; kept is its bytes. The report counts days; Created and
// Updated are 0 when the same file comes again.
func (d *Desk) ImportCoverage(ctx context.Context, v access.Viewer, file *exchange.CoverageFile, kept []byte, o CoverageOptions) (*casework.ImportReport, record.CoverageID, error) {
	if !v.May(access.ActImport) {
		return nil, "", fmt.Errorf("%s: %w", access.ActImport, record.ErrForbidden)
	}
	began := d.now()
	report := &casework.ImportReport{Rows: file.Rows, Refused: file.Refused, DryRun: o.DryRun, Problems: []exchange.Problem{}}
	for _, p := range file.Problems {
		report.List(p)
	}
	hash := ""
	if len(kept) > 0 && !o.DryRun {
		var err error
		if hash, _, err = d.blobs.Put(ctx, bytes.NewReader(kept), -1); err != nil {
			return report, "", fmt.Errorf("keep the file of coverage: %w", err)
		}
	}
	id, err := d.takeSeries(ctx, v, access.ActImport, "import coverage", file, hash, o, report)
	report.Seconds = d.now().Sub(began).Seconds()
	return report, id, err
}

// errTried ends the transaction of a trial.
var errTried = errors.New("tried")

// takeSeries writes a series as one use case.
func (d *Desk) takeSeries(ctx context.Context, v access.Viewer, need access.Action, action string, file *exchange.CoverageFile, hash string, o CoverageOptions, report *casework.ImportReport) (record.CoverageID, error) {
	var id record.CoverageID
	err := d.do(ctx, v, need, action, o.Reason, func(w *casework.Work) error {
		r := &w.Tx().Reader
		e, err := eventNamed(ctx, r, v, strings.TrimSpace(o.Event))
		if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) {
			return wrongField("event", "no_event")
		}
		if err != nil {
			return err
		}
		next, err := d.series(file, e.Rec.ID, hash, o)
		if err != nil {
			return err
		}
		id = next.ID
		if next.Source != "" {
			if _, err := store.One[*record.Source](ctx, r, v, next.Source); err != nil {
				return wrongField("source", "no_source")
			}
		}
		old, err := store.One[*record.Coverage](ctx, r, access.House(), next.ID)
		switch {
		case errors.Is(err, record.ErrNotFound):
			report.Created = len(next.Days)
			if len(next.Days) == 0 {
				return wrongField("days", "no_days")
			}
			if err := w.Create(next); err != nil {
				return err
			}
		case err != nil:
			return err
		default:
			if changed := merge(next, old.Rec, report); changed {
				if err := w.Change(next, old.Rev); err != nil {
					return err
				}
			}
		}
		if o.DryRun {
			return errTried
		}
		return nil
	})
	if errors.Is(err, errTried) {
		return "", nil
	}
	return id, err
}

func wrongField(field, key string) error {
	return &record.Invalid{Fields: []record.FieldError{{Field: field, Key: "invalid." + key}}}
}

// series makes the record that a file would be on its own.
func (d *Desk) series(file *exchange.CoverageFile, event record.EventID, hash string, o CoverageOptions) (*record.Coverage, error) {
	s := &record.Coverage{
		Event: event, Title: o.Title, Collection: strings.Join(strings.Fields(o.Collection), " "), Query: strings.TrimSpace(o.Query), Language: o.Language,
		Tool: o.Tool, Source: o.Source, File: hash, Days: file.Days, Note: o.Note, Visibility: o.Visibility,
	}
	if s.Query == "" {
		s.Query = file.Query
	}
	if s.Tool == "" {
		s.Tool = cmp.Or(file.Tool, record.ToolOther)
	}
	if s.Title.IsZero() && s.Collection != "" {
		s.Title = record.Plain("en", s.Collection)
	}
	if s.Visibility == "" {
		s.Visibility = record.Internal
	}
	s.Made = record.On(d.now().UTC().Format(time.DateOnly))
	var missing record.Invalid
	for field, value := range map[string]string{"collection": s.Collection, "query": s.Query} {
		if value == "" {
			missing.Fields = append(missing.Fields, record.FieldError{Field: field, Key: "invalid.required"})
		}
	}
	if len(missing.Fields) > 0 {
		return nil, &missing
	}
	s.ID = record.CoverageID(exchange.CasefileID(coverageSpace, record.KindCoverage,
		strings.Join([]string{string(event), string(s.Tool), s.Collection, s.Query, s.Language}, "\n")))
	return s, nil
}

// merge lays a series over the one that is there and reports whether anything
// changed. What people said of it (its title, note, source and who sees it) stays
// where the new one says nothing.
func merge(next, old *record.Coverage, report *casework.ImportReport) bool {
	known := map[string]record.DayCount{}
	for _, d := range old.Days {
		known[d.Day] = d
	}
	for _, d := range next.Days {
		was, ok := known[d.Day]
		switch {
		case !ok:
			report.Created++
		case was != d:
			report.Updated++
		default:
			report.Unchanged++
		}
		known[d.Day] = d
	}
	changed := report.Created+report.Updated > 0
	days := make([]record.DayCount, 0, len(known))
	for _, d := range known {
		days = append(days, d)
	}
	slices.SortFunc(days, func(a, b record.DayCount) int { return cmp.Compare(a.Day, b.Day) })
	next.Days = days
	next.Visibility, next.Title = old.Visibility, old.Title
	if next.Note == "" {
		next.Note = old.Note
	}
	if next.Source == "" {
		next.Source = old.Source
	}
	if next.File == "" {
		next.File = old.File
	}
	return changed || next.Note != old.Note || next.Source != old.Source
}

// SaveCoverage changes what people said of a series: its title, source, note and
// language as printed. Its days change by import, and who sees it by publishing.
func (d *Desk) SaveCoverage(ctx context.Context, v access.Viewer, rec *record.Coverage, rev int, reason string) error {
	return d.do(ctx, v, access.ActEdit, "change coverage", reason, func(w *casework.Work) error {
		old, err := store.One[*record.Coverage](ctx, &w.Tx().Reader, v, rec.ID)
		if err != nil {
			return err
		}
		next := *old.Rec
		next.Title, next.Source, next.Note = rec.Title, rec.Source, rec.Note
		if next.Source != "" {
			if _, err := store.One[*record.Source](ctx, &w.Tx().Reader, v, next.Source); err != nil {
				return wrongField("source", "no_source")
			}
		}
		return w.Change(&next, rev)
	})
}

// UnreadableError says why a file is no series; its text is for people.
type UnreadableError struct{ err error }

func (e *UnreadableError) Error() string { return e.err.Error() }
func (e *UnreadableError) Unwrap() error { return e.err }

// ReadCoverage reads an export of any format and takes it in, as
// [Desk.ImportCoverage] does. What cannot be read as a series gives an
// [*UnreadableError].
func (d *Desk) ReadCoverage(ctx context.Context, v access.Viewer, data []byte, o CoverageOptions) (*casework.ImportReport, record.CoverageID, error) {
	if !v.May(access.ActImport) {
		return nil, "", fmt.Errorf("%s: %w", access.ActImport, record.ErrForbidden)
	}
	file, err := exchange.ReadCoverage(exchange.AnyCoverage, data)
	if err != nil {
		return nil, "", &UnreadableError{err}
	}
	return d.ImportCoverage(ctx, v, file, data, o)
}
