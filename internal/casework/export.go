package casework

import (
	"context"
	"fmt"
	"io"
	"iter"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Export writes the register in one of the formats of [exchange.ExportFormats]
// and returns what that format could not hold. To the public it holds what is
// public; somebody who may export gets what they see. What a source's terms keep
// in the house, and confidential sources, leave for nobody: the report counts
// them.
//
// Everything is read from one snapshot and written as it is read.
func (h *House) Export(ctx context.Context, v access.Viewer, format string, w io.Writer) (exchange.LossReport, error) {
	if v.SignedIn() && !v.AsPublic && !v.May(access.ActExport) {
		v = access.Anyone() // may read more than may be carried away
	}
	return h.export(ctx, v, format, 0, w)
}

func exportFormat(name string) (exchange.ExportFormat, error) {
	for _, f := range exchange.ExportFormats() {
		if f.Name == name {
			return f, nil
		}
	}
	return exchange.ExportFormat{}, fmt.Errorf("export format %q: %w", name, record.ErrNotFound)
}

func (h *House) export(ctx context.Context, v access.Viewer, format string, release int, w io.Writer) (exchange.LossReport, error) {
	var report exchange.LossReport
	err := h.view(ctx, func(r *store.Reader) (err error) {
		report, err = h.exportFrom(ctx, r, v, format, release, w)
		return err
	})
	return report, err
}

// exportFrom is export from a snapshot that is open already.
func (h *House) exportFrom(ctx context.Context, r *store.Reader, v access.Viewer, format string, release int, w io.Writer) (exchange.LossReport, error) {
	f, err := exportFormat(format)
	if err != nil {
		return exchange.LossReport{}, err
	}
	withheld := &withheld{}
	report, err := f.Write(w, exchange.Export{
		Title: "Gawah", Made: h.Now(), Release: release, Events: exported(ctx, r, v, withheld), Temp: h.TempFile,
	})
	if err != nil {
		return exchange.LossReport{}, err
	}
	report.Items = append(report.Items, withheld.losses()...)
	return *report, nil
}

// withheld counts what stays in the house.
type withheld struct{ events, terms, confidential int }

func (n *withheld) losses() []exchange.Loss {
	var out []exchange.Loss
	add := func(count int, field, what string) {
		if count > 0 {
			out = append(out, exchange.Loss{Field: field, What: fmt.Sprintf(what, count)})
		}
	}
	add(n.terms, "claims", "%d claims stay in the house: the terms of their sources forbid passing them on")
	add(n.confidential, "claims", "%d claims of confidential sources stay in the house")
	add(n.events, "events", "%d events stay in the house: nothing but such claims is known of them")
	return out
}

// exportPage is how many events are in memory together.
const exportPage = 200

// exported yields every event the viewer sees, newest first, with the claims and
// figures that may leave.
func exported(ctx context.Context, r *store.Reader, v access.Viewer, n *withheld) iter.Seq2[*exchange.ExportEvent, error] {
	return func(yield func(*exchange.ExportEvent, error) bool) {
		var after *store.EventCursor
		for {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			page, err := r.Events(ctx, v, store.EventFilter{Parts: true}, after, exportPage)
			if err != nil {
				yield(nil, err)
				return
			}
			events, err := exportEvents(ctx, r, v, page, n)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, e := range events {
				if !yield(e, nil) {
					return
				}
			}
			if len(page) < exportPage {
				return
			}
			last := page[len(page)-1].Rec
			after = &store.EventCursor{Day: firstDay(last), ID: string(last.ID)}
		}
	}
}

func firstDay(e *record.Event) int64 {
	if d, ok := e.When.Date.Earliest(); ok {
		return int64(d)
	}
	return store.DayUnknown
}

// exportEvents gathers one page's claims and figures.
func exportEvents(ctx context.Context, r *store.Reader, v access.Viewer, page []store.Item[*record.Event], n *withheld) ([]*exchange.ExportEvent, error) {
	var roots []record.EventID
	for _, e := range page {
		roots = append(roots, e.Rec.ID)
	}
	joined, err := r.JoinedTo(ctx, access.House(), roots...)
	if err != nil {
		return nil, err
	}
	// rootOf maps every event of a cluster to the one whose page shows it.
	rootOf := map[string]record.EventID{}
	ids := make([]string, 0, len(roots)+len(joined))
	for _, id := range roots {
		rootOf[string(id)] = id
		ids = append(ids, string(id))
	}
	for _, j := range joined {
		root, err := r.Root(ctx, j.Rec.ID)
		if err != nil {
			return nil, err
		}
		rootOf[string(j.Rec.ID)] = root
		ids = append(ids, string(j.Rec.ID))
	}
	claims, err := r.ClaimsAbout(ctx, v, ids...)
	if err != nil {
		return nil, err
	}
	var sources []record.SourceID
	for _, c := range claims {
		sources = append(sources, c.Rec.Source)
	}
	voices, err := r.Voices(ctx, sources)
	if err != nil {
		return nil, err
	}
	type event struct {
		claims []exchange.ClaimWithSource
		said   []figure.Said
		held   int
	}
	found := map[record.EventID]*event{}
	for _, id := range roots {
		found[id] = &event{}
	}
	for _, c := range claims {
		e := found[rootOf[c.Rec.Subject.ID]]
		if e == nil {
			continue
		}
		voice := voices[c.Rec.Source]
		switch {
		case voice.Source == nil:
			continue
		case voice.Source.Terms == record.TermsInternal:
			n.terms++
			e.held++
			continue
		case voice.Source.Sensitivity == record.Confidential:
			n.confidential++
			e.held++
			continue
		}
		e.claims = append(e.claims, exchange.ClaimWithSource{Claim: forOthers(c.Rec), Source: sourceForOthers(voice.Source)})
		if c.Rec.Kind == record.KindMeasure && c.Level <= access.LevelInternal {
			e.said = append(e.said, saidBy(c.Rec, voice))
		}
	}
	out := make([]*exchange.ExportEvent, 0, len(page))
	for _, item := range page {
		e := found[item.Rec.ID]
		if item.Rec.Dataset != "" && len(e.claims) == 0 && e.held > 0 {
			n.events++
			continue
		}
		x := &exchange.ExportEvent{Event: *item.Rec, Claims: e.claims}
		x.Event.Note = ""
		for _, m := range figure.Measures(e.said) {
			for _, s := range figure.Scopes(m, e.said) {
				if f := figure.Compute(figure.Default, m, s, e.said); f.Known() {
					x.Figures = append(x.Figures, f)
				}
			}
		}
		out = append(out, x)
	}
	return out, cutReferences(ctx, r, v, out)
}

// forOthers is a claim without what is meant for the house.
func forOthers(c *record.Claim) record.Claim {
	out := *c
	out.Note, out.ScopeReadBy = "", ""
	out.Review.By, out.Review.Reason, out.Review.At = "", "", 0
	return out
}

func sourceForOthers(s *record.Source) record.Source {
	out := *s
	out.Note = ""
	return out
}

// ExportOriginal writes the file of an import again, byte for byte as it was
// taken in, unless rows of it were blanked out because somebody was erased.
// Files whose terms forbid passing on do not leave.
func (h *House) ExportOriginal(ctx context.Context, v access.Viewer, id record.ImportID, w io.Writer) error {
	if err := require(v, access.ActExport); err != nil {
		return err
	}
	var run *record.Import
	err := h.view(ctx, func(r *store.Reader) error {
		item, err := store.One[*record.Import](ctx, r, v, id)
		if err == nil {
			run = item.Rec
		}
		return err
	})
	if err != nil {
		return err
	}
	if run.Terms == record.TermsInternal {
		return fmt.Errorf("the terms of %s forbid passing it on: %w", run.Dataset, record.ErrForbidden)
	}
	f, _, err := h.blobs.Get(run.Hash)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.Copy(w, f); err != nil {
		return fmt.Errorf("write the original of an import: %w", err)
	}
	return nil
}
